"""`complaint import`: headings, sheets, the copy with its comments."""

import os
import re
from collections.abc import Sequence
from pathlib import Path

from openpyxl import Workbook, load_workbook

from tests.cli.conftest import Cli, table
from tests.cli.registers import HEAD, ROW, cells, counts, shown, take
from tests.terminal import start, until


@table("""
    heading | error
    a | a.csv has no row of headings that are known: at least point
    登记编号 | a.csv has no row of headings that are known: at least point
""")
def test_a_file_without_headings(heading: str, error: str, cli: Cli) -> None:
    result = take(cli, f"{heading}\n1")
    assert (result.code, result.out, result.err[: len(error) + 7]) == (5, "", f"Error: {error}")


def test_headings_of_two_rows(cli: Cli) -> None:
    result = take(
        cli,
        """
        登记簿 | | | | | | |
        登记编号 | 受理日期 | 投诉人 | | | 被投诉人 | | 商品/服务名称
        | | 姓名 | 联系电话 | 联系地址 | 名称 | 联系电话 |
        A-1 | 2026-09-01 | 张三 | 13900001234 | 一路 | 五号摊 | 13900001235 | 电饭锅
        登记编号 | 受理日期 | 投诉人 | | | 被投诉人 | | 商品/服务名称
        | | 姓名 | 联系电话 | 联系地址 | 名称 | 联系电话 |
        A-2 | 2026-09-01 | 李四 | | | | | 鞋
        """,
    )
    assert (result.code, counts(result)) == (0, "2 2 0 0")
    keys = "complainant", "phone", "consumer_address", "respondent", "respondent_phone", "item"
    assert [shown(cli)[key] for key in keys] == [
        "张三",
        "13900001234",
        "一路",
        "五号摊",
        "13900001235",
        "电饭锅",
    ]


def test_headings_of_another_program_are_mapped_once(cli: Cli) -> None:
    register = (
        "工单号 | 受理日期 | 投诉者姓名 | 商品/服务名称 | 年龄\nA-1 | 2026-09-01 | 张三 | 锅 | 40"
    )
    Path("map.json").write_text(
        '{"工单号": "external_no", "投诉者姓名": "投诉人", "年龄": null}', "utf-8"
    )
    assert take(cli, register).code == 5
    assert take(cli, register, "--point P001 --map map.json --dry-run").code == 0
    assert cli.sql("SELECT name, box FROM heading") == []
    assert counts(take(cli, register, "--point P001 --map map.json --json")) == "1 1 0 0"
    assert counts(take(cli, register.replace("A-1", "A-2"))) == "1 1 0 0"
    before = cli.path.read_bytes()
    assert counts(take(cli, register, "--point P001 --map map.json --json")) == "1 0 0 1"
    assert cli.path.read_bytes() == before
    Path("map.json").write_text('{"年龄": "remark"}', "utf-8")
    assert take(cli, register.replace("A-1", "A-3"), "--point P001 --map map.json").code == 0
    assert shown(cli, "2026-0003")["remark"] == "40"


@table("""
    content | error
    [ | map.json is not one JSON object such as {"投诉者": "complainant", "年龄": null}.
    [] | map.json is not one JSON object such as {"投诉者": "complainant", "年龄": null}.
    {"a": "b", "c": 5} | map.json: no box is given for a, c. Boxes are:
    {"": "item"} | map.json: no box is given for . Boxes are:
""")
def test_a_map_that_cannot_be_taken(content: str, error: str, cli: Cli) -> None:
    Path("map.json").write_text(content, "utf-8")
    result = take(cli, f"{HEAD}\n{ROW}", "--point P001 --map map.json")
    assert (result.code, result.err[: len(error) + 7]) == (5, f"Error: {error}")


@table("""
    file      | reason
    none.json | there is no such file
    .         | it is a folder
    long      | the name is too long
""")
def test_a_map_that_cannot_be_read(file: str, reason: str, cli: Cli) -> None:
    name = "m" * 300 if file == "long" else file
    assert take(cli, f"{HEAD}\n{ROW}", f"--map {name}") == (
        5,
        "",
        f"Error: {name} cannot be read: {reason}.\n",
    )


def _workbook(*sheets: tuple[str, str, Sequence[Sequence[object]]]) -> Path:
    book = Workbook()
    book.remove(book.worksheets[0])
    for name, state, lines in sheets:
        page = book.create_sheet(name)
        page.sheet_state = state
        for line in lines:
            page.append(line)
    book.save(path := Path("a.xlsx"))
    return path


def test_a_workbook_with_several_sheets(cli: Cli) -> None:
    head = [*cells(HEAD)[0]]
    _workbook(
        ("说明", "visible", [["先看这里"]]),
        ("七月", "visible", [head, ["A-1", 46204, "张三", "锅"]]),
        ("旧", "hidden", [head, ["A-0", "x", "", ""]]),
        (
            "八月",
            "visible",
            [["八月份"], head, ["A-2", "2026-08-03", "李四", "碗"], ["A-3", "?", "王五", "碗"]],
        ),
        ("空", "visible", []),
    )
    result = cli("complaint import a.xlsx --point P001 --json")
    assert result.err.splitlines()[:2] == [
        "Hidden sheets are left out: 旧",
        "Sheets without a row of headings are left out: 说明",
    ]
    assert (result.code, counts(result)) == (5, "3 0 0 0")
    assert result.json["problems"] == [
        {
            "sheet": "八月",
            "row": 4,
            "column": "受理日期",
            "value": "?",
            "problem": "? is no day with its year; write it as 2026-09-28",
        }
    ]


def test_the_annotated_copy_shows_each_problem_in_its_cell(cli: Cli) -> None:
    head = [*cells(HEAD)[0], "联系电话"]
    _workbook(
        (
            "登记簿",
            "visible",
            [
                ["标题"],
                head,
                ["A-1", "9-1", "张三", "锅", 591876543],
                ["A-2", 46266, "李四", None, None],
            ],
        )
    )
    result = cli("complaint import a.xlsx --point P001 --annotate out.xlsx")
    assert (result.code, result.err.splitlines()[0]) == (
        5,
        "Each problem is in its cell of out.xlsx",
    )
    page = load_workbook("out.xlsx")["登记簿"]
    assert [[cell.value for cell in row] for row in page.iter_rows(min_row=3)] == [
        ["A-1", "9-1", "张三", "锅", "591876543"],
        ["A-2", "46266", "李四", None, None],
    ]
    assert {
        cell.coordinate: cell.comment.text for row in page for cell in row if cell.comment
    } == {
        "B3": "9-1 is no day with its year; write it as 2026-09-28",
        "E3": "it is a number that may lack zeros in front; write the phone as text",
        "D4": "it is missing",
    }
    assert page["B3"].fill.fgColor.rgb == "FFFFC000"
    assert Path("out.xlsx").stat().st_mode & 0o77 == 0
    take(cli, f"{HEAD}\nA-1 | 9-1 | =张三 | 锅", "--point P001 --annotate out.xlsx")
    assert (
        load_workbook("out.xlsx")["csv"]["C2"].value,
        load_workbook("out.xlsx")["csv"]["C2"].data_type,
    ) == ("=张三", "s")
    refused = cli("complaint import a.xlsx --point P001 --annotate .")
    assert (refused.code, refused.err.splitlines()[-1]) == (
        4,
        "Error: . is no file that can be replaced; name another.",
    )
    refused = cli("complaint import a.xlsx --point P001 --annotate a.xlsx")
    assert (refused.code, refused.err.splitlines()[-1][:36]) == (
        3,
        "Error: a.xlsx is the register or the",
    )


def test_chinese(cli: Cli) -> None:
    Path("a.csv").write_bytes(f"{HEAD}\n{ROW}".replace(" | ", ",").encode("gb18030"))
    assert cli("投诉 导入 a.csv --point 东门商场", lang="zh").code == 0


def test_a_bar_shows_how_far_it_is(cli: Cli) -> None:
    Path("a.csv").write_text(f"{HEAD}\n{ROW}".replace(" | ", ","), "utf-8")
    reader, terminal = os.openpty()
    with start(
        ["--db", str(cli.path), "complaint", "import", "a.csv", "--point", "P001"], stderr=terminal
    ):
        os.close(terminal)
        seen = until(reader)
    os.close(reader)
    assert "Reading" in seen
    assert re.search("Writing .*100%", seen)
