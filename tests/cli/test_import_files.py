"""`complaint import`: headings, sheets, the copy with its comments."""

import re
import sys
from collections.abc import Sequence
from io import BytesIO, StringIO
from pathlib import Path

from openpyxl import Workbook, load_workbook

from ledger12315.cli.face import progress
from ledger12315.sheets.incoming import reading
from ledger12315.sheets.paper.annotated import annotated_copy
from tests.cli.conftest import Cli, scenes
from tests.cli.registers import HEAD, ROW, counts, listed, shown, take, write
from tests.rows import cells, table


@table("""
    heading | error
    a | a.csv has no row of known headings; at least point
    登记编号 | a.csv has no row of known headings; at least point
""")
def test_a_file_without_headings(heading: str, error: str, cli: Cli) -> None:
    result = take(cli, f"{heading}\n1")
    assert (result.code, result.out, result.err[: len(error) + 7]) == (5, "", f"Error: {error}")


def test_headings_of_two_rows(cli: Cli) -> None:
    head = """
        登记编号 | 受理日期 | 投诉人 | | | 被投诉人 | | 商品/服务名称
        | | 姓名 | 联系电话 | 联系地址 | 名称 | 联系电话 |"""
    result = take(
        cli,
        f"""
        登记簿 | | | | | | |{head}
        A-1 | 2026-09-01 | 张三 | 13900001234 | 一路 | 五号摊 | 13900001235 | 电饭锅{head}
        A-2 | 2026-09-01 | 李四 | | | | | 鞋
        """,
    )
    assert (result.code, counts(result)) == (0, "2 2 0 0")
    keys = "complainant phone consumer_address respondent respondent_phone item"
    told = " ".join(str(shown(cli)[key]) for key in keys.split())
    assert told == "张三 13900001234 一路 五号摊 13900001235 电饭锅"


@scenes(r"""
# headings of another program are mapped once
> map.json {"工单号": "external_no", "投诉者姓名": "投诉人", "年龄": null}
> more.json {"年龄": "remark"}
> a.csv 工单号,受理日期,投诉者姓名,商品/服务名称,年龄\nA-1,2026-09-01,张三,锅,40
> b.csv 工单号,受理日期,投诉者姓名,商品/服务名称,年龄\nA-2,2026-09-01,李四,锅,40
> c.csv 工单号,受理日期,投诉者姓名,商品/服务名称,年龄\nA-3,2026-09-01,张四,锅,40
$ complaint import a.csv --point P001
 | 1 | 工单号 | 工单号 | this heading is unknown; say what it means: --map 工单号=external_no
 | 1 | 投诉者姓名 | 投诉者姓名 | this heading is unknown; use --map to say what it means
 | 1 | 年龄 | 年龄 | this heading is unknown; use --map to say what it means
 | 1 | 登记编号 |  | there is no such column
 | 1 | 投诉人 |  | there is no such column
! Error: a.csv was not imported and nothing was changed. Problems: 5
[5]
$ complaint import a.csv --point P001 --map map.json --dry-run
Dry run, nothing was changed. Rows: 1; 1 imported, 0 filled in, 0 known already or void.
! Not stated, so recorded: source as direct: 1, channel as visit: 1, problem as other: 1, kind \
    as other: 1.
$ complaint import a.csv --point P001
 | 1 | 工单号 | 工单号 | this heading is unknown; say what it means: --map 工单号=external_no
 | 1 | 投诉者姓名 | 投诉者姓名 | this heading is unknown; use --map to say what it means
 | 1 | 年龄 | 年龄 | this heading is unknown; use --map to say what it means
 | 1 | 登记编号 |  | there is no such column
 | 1 | 投诉人 |  | there is no such column
! Error: a.csv was not imported and nothing was changed. Problems: 5
[5]
$ complaint import a.csv --point P001 --map map.json
Rows: 1; 1 imported, 0 filled in, 0 known already or void.
! Not stated, so recorded: source as direct: 1, channel as visit: 1, problem as other: 1, kind \
    as other: 1.
$ complaint import b.csv --point P001
Rows: 1; 1 imported, 0 filled in, 0 known already or void.
! Not stated, so recorded: source as direct: 1, channel as visit: 1, problem as other: 1, kind \
    as other: 1.
$ complaint import a.csv --point P001 --map map.json
Rows: 1; 0 imported, 0 filled in, 1 known already or void.
$ complaint import c.csv --point P001 --map more.json
Rows: 1; 1 imported, 0 filled in, 0 known already or void.
! Not stated, so recorded: source as direct: 1, channel as visit: 1, problem as other: 1, kind \
    as other: 1.
$ complaint show 2026-3
number | 2026-0003
point | P001
due | 2026-09-08
provisional | no
state | open
point name | 东门商场
operator type | mall
received | 2026-09-01
source | direct
channel | visit
complainant | 张*
headcount | 1
item | 锅
kind | other
problem | other
handler | 林秀珍
remark | 40
2026-09-01 Tue | received | 0 |
2026-09-08 Tue | due | 5 |
# a map that is no map
> map.json [
$ complaint import a.csv --point P001 --map map.json
! Error: map.json is not one JSON object such as {"投诉者": "complainant", "年龄": null}.
[5]
> map.json []
$ complaint import a.csv --point P001 --map map.json
! Error: map.json is not one JSON object such as {"投诉者": "complainant", "年龄": null}.
[5]
> map.json {"a": "b", "c": 5}
$ complaint import a.csv --point P001 --map map.json
! Error: map.json: a, c must mean a box, or a fixed word that only one box has, such as 满意 or \
    问题类别:其他. Boxes: received, source, referral_no, referred, reply_by, channel, \
    complainant, phone, consumer_address, headcount, respondent, respondent_contact, \
    respondent_address, respondent_phone, item, brand, model, quantity, bought, voucher, kind, \
    category, problem, purchase, disputed, facts, request, promised, handling, agreement, \
    approved, perform_by, performed, unperformed, multiple_damages, accepted, handler, told, \
    answered, answered_how, replied, followed_up, followed_up_how, followed_up_by, rating, \
    outcome, closed, recovered, archive_no, remark, previous, point, external_no, monthly_no, \
    escalated, escalation_reason, type, working_days, on_time
[5]
> map.json {"": "item"}
$ complaint import a.csv --point P001 --map map.json
! Error: map.json:  must mean a box, or a fixed word that only one box has, such as 满意 or \
    问题类别:其他. Boxes: received, source, referral_no, referred, \
    reply_by, channel, complainant, phone, consumer_address, headcount, respondent, \
    respondent_contact, respondent_address, respondent_phone, item, brand, model, quantity, \
    bought, voucher, kind, category, problem, purchase, disputed, facts, request, promised, \
    handling, agreement, approved, perform_by, performed, unperformed, multiple_damages, \
    accepted, handler, told, answered, answered_how, replied, followed_up, followed_up_how, \
    followed_up_by, rating, outcome, closed, recovered, archive_no, remark, previous, point, \
    external_no, monthly_no, escalated, escalation_reason, type, working_days, on_time
[5]
# a map that cannot be read
$ complaint import a.csv --map none.json
! Error: none.json cannot be read: there is no such file.
[5]
$ complaint import a.csv --map .
! Error: . cannot be read: it is a folder.
[5]
""")
def test_headings_are_mapped(script: str, cli: Cli) -> None:
    write(f"{HEAD}\n{ROW}")
    cli.plays(script)


AMOUNTS = cells("""
    | 争议金额（元） | 1.2 | 1.20
    | 争议金额（万元） | 1.2 | 12000.00
    | 争议金额 (万 元) | 0.01 | 100.00
    | 争议金额（万元） | 1.2万元 | 12000.00
    | 争议金额（万元） | 800元 | 800.00
    | 争议金额（万元） | 三 | 30000.00
    | 争议金额（万元） | 0 | 0.00
    | 钱，以万元计 | 1,200.5 | 12005000.00
    金额单位：万元 | 争议金额 | 0.123456 | 1234.56
    金额单位：万元 | 争议金额（元） | 1.2 | 1.20
    万元以上的投诉 | 争议金额 | 1.2 | 1.20
""")


def test_an_amount_is_in_the_unit_of_its_column(cli: Cli) -> None:
    """Each register has a title, a heading and a cell, and stands for so many yuan."""
    line = "--point P001 --map 钱，以万元计=争议金额"
    for number, (title, heading, cell, _) in enumerate(AMOUNTS):
        row = ROW.replace("A-1", f"A-{number}")
        assert take(cli, f"{title}\n{HEAD} | {heading}\n{row} | {cell}", line).code == 0
    told = [each["disputed"] for each in listed(cli).values()]
    assert told == [yuan for *_, yuan in AMOUNTS]


def test_an_own_meaning_of_a_column_in_another_unit(cli: Cli) -> None:
    head = f"{HEAD} | 争议金额（元） | 争议金额（万元）"
    result = take(cli, f"{head}\n{ROW} | 8000 | 0.8", "--point P001 --map 争议金额（万元）=-")
    assert (result.code, shown(cli)["disputed"]) == (0, "8000.00")


def test_a_map_whose_name_is_too_long(cli: Cli) -> None:
    name = "m" * 300
    why = "the name is too long"
    if sys.platform == "win32":
        why = "its path is longer than the 259 characters that Windows takes"
    said = f"Error: {name} cannot be read: {why}.\n"
    assert take(cli, f"{HEAD}\n{ROW}", f"--map {name}") == (5, "", said)


Sheet = tuple[str, str, Sequence[Sequence[object]]]


def _workbook(*sheets: Sheet) -> None:
    """Write a.xlsx of these sheets: name, state and lines."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for name, state, lines in sheets:
        page = book.create_sheet(name)
        page.sheet_state = state
        for line in lines:
            page.append(line)
    book.save("a.xlsx")


def test_a_workbook_with_several_sheets(cli: Cli) -> None:
    head = cells(HEAD)[0]
    august = [["A-2", "2026-08-03", "李四", "碗"], ["A-3", "?", "王五", "碗"]]
    _workbook(
        ("说明", "visible", [["先看这里"]]),
        ("七月", "visible", [head, ["A-1", 46204, "张三", "锅"], [], [], ["A-4"]]),
        ("旧", "hidden", [head, ["A-0", "x", "", ""]]),
        ("八月", "visible", [["八月份"], head, *august]),
        ("空", "visible", []),
    )
    cli.plays(r"""
        $ complaint import a.xlsx --point P001 --json
        {"read": 4, "imported": 0, "updated": 0, "skipped": 0, "problems": [{"sheet": "七月", \
            "row": 5, "column": "受理日期", …}, {"sheet": "八月", \
            "row": 4, "column": "受理日期", "value": "?", "problem": \
            "? is not a date with a year; write it as 2026-09-28"}], "doubts": []}
        ! Hidden sheets are left out: 旧
        ! Sheets without a row of headings are left out: 说明
        ! Rows above the headings are ignored; headings in row: 2 of 八月
        ! Error: a.xlsx was not imported and nothing was changed. Problems: 4
        [5]
    """)


def test_rows_below_merged_cells_are_named(cli: Cli) -> None:
    rows = (
        ["A-1", "2026-08-03", "张三", "锅"],
        ["A-2", "", "李四", "碗"],
        ["A-3", "8-4", "王五", "碗"],
    )
    _workbook(("八月", "visible", [["登记簿"], cells(HEAD)[0], *rows]))
    book = load_workbook("a.xlsx")
    for merged in ("A1:D1", "E1:E2", "B3:B4"):  # above the rows, and the day of two
        book["八月"].merge_cells(merged)
    book.save("a.xlsx")
    cli.plays(r"""
        $ complaint import a.xlsx --point P001
        八月 | 4 | 受理日期 |  | it is missing
        ! Only the first row of merged cells has their value, and the rows below it have none: \
        八月!B3:B4. If the value is theirs too, unmerge the cells and fill in each row.
        ! Rows above the headings are ignored; headings in row: 2 of 八月
        ! Dates without a year are read as 2026.
        ! Error: a.xlsx was not imported and nothing was changed. Problems: 1
        [5]
        """)


def test_the_annotated_copy_shows_each_problem_in_its_cell(cli: Cli) -> None:
    head = [*cells(HEAD)[0], "联系电话", "分流单号"]
    rows: list[list[object]] = [
        ["A-1", "3-1", "张三", "锅", 591876543, None],
        ["A-2", 46266, "李四", None, None, None],
        [None, 46266, "王五", "碗", None, None],
        ["A-4", 46266, "赵六", "碗", None, "F-1"],
    ]
    _workbook(("登记簿", "visible", [["标题"], head, *rows]))
    cli.plays("""
        $ complaint import a.xlsx --point P001 --annotate out.xlsx
        …
        ! Each problem is written in its cell of out.xlsx
        …
        [5]
        $ complaint import a.xlsx --point P001 --annotate .
        …
        ! Error: . cannot be overwritten; choose another name.
        [4]
        $ complaint import a.xlsx --point P001 --annotate a.xlsx
        …
        ! Error: a.xlsx is the ledger, a backup or an input file…
        [3]
    """)
    page = load_workbook("out.xlsx")["登记簿"]
    assert [[cell.value for cell in row] for row in page.iter_rows(min_row=3)] == [
        ["A-1", "3-1", "张三", "锅", "591876543", None],
        ["A-2", "46266", "李四", None, None, None],
        [None, "46266", "王五", "碗", None, None],
        ["A-4", "46266", "赵六", "碗", None, "F-1"],
    ]
    told = [
        f"{cell.coordinate}: {cell.comment.text}" for row in page for cell in row if cell.comment
    ]
    assert told == [
        "B3: 3-1 without its year could be 2026-03-01 or 2027-03-01; write the year too",
        "E3: it is a number that may have lost leading zeros; write the phone as text",
        "D4: it is missing",
        "A5: it is missing",
        "A6: A referral's number or date is given, but the source is direct. Add --source"
        " referred.",
    ]
    assert page["B3"].fill.fgColor.rgb == "FFFFC000"
    assert page["B3"].comment.author == "ledger12315"
    # Windows has lists of rights and no modes.
    assert sys.platform == "win32" or Path("out.xlsx").stat().st_mode & 0o77 == 0


def test_what_begins_like_a_formula_is_a_text_in_the_annotated_copy(cli: Cli) -> None:
    take(cli, f"{HEAD}\nA-1 | 3-1 | =张三 | 锅", "--point P001 --annotate out.xlsx")
    cell = load_workbook("out.xlsx")["csv"]["C2"]
    assert (cell.value, cell.data_type) == ("=张三", "s")


def test_a_copy_names_its_sheets_as_spreadsheet_programs_allow() -> None:
    names = (None, "八月/九月", "八月_九月", "长" * 40, "'九月'")
    sheets = [reading.Sheet(name, False, iter([(1, ["锅"])])) for name in names]
    copy = annotated_copy([*sheets, reading.Sheet("隐藏", True, iter([]))], [])
    assert load_workbook(BytesIO(copy)).sheetnames == [
        "csv",
        "八月_九月",
        "ledger12315 2",
        "长" * 31,
        "ledger12315 4",
    ]


def test_the_character_set_of_a_chinese_office(cli: Cli) -> None:
    write(f"{HEAD}\n{ROW}", encoding="gb18030")
    assert cli("投诉 导入 a.csv --point 东门商场", lang="zh").code == 0


def test_the_character_set_is_seen_however_far_down_chinese_begins(cli: Cli) -> None:
    rows = [f"A-{number},2026-09-01,Tom,pan,{'x' * 4000}" for number in range(17)]
    lines = ["external_no,received,complainant,item,remark", *rows, "B-1,2026-09-02,张三,锅,"]
    Path("a.csv").write_text("\n".join(lines), "gb18030")
    assert cli("complaint import a.csv --point P001").code == 0
    [last] = cli.sql("SELECT complainant, item FROM complaint ORDER BY id DESC LIMIT 1")
    assert tuple(last) == ("张三", "锅")


def test_a_bar_shows_how_far_it_is(cli: Cli) -> None:
    cli.set.setattr(progress, "_PATIENCE", 0)
    write(f"{HEAD}\n{ROW}")
    code, seen = cli.talk("complaint import a.csv --point P001", term="xterm", out=StringIO())
    assert code == 0 and "Reading" in seen and re.search("Writing .*100%.*\n.*\x1b\\[1A", seen)
