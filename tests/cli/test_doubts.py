"""Days that cannot be meant: asked at a terminal, elsewhere written and named, on every way in."""

from tests.cli.conftest import Cli, scenes
from tests.rows import table

# A register of November, with a slip in the year and one of month and day.
REGISTER = r"""登记编号,受理日期,投诉人,商品/服务名称,处理结果,办结日期\n\
    1,2026-11-02,张三,锅,,\n2,2025-11-05,李四,锅,和解,2025-11-06\n3,2026-08-11,王五,鞋,,\n\
    4,2026-11-12,赵六,茶,和解,2026-12-01\n5,2026-11-20,钱七,衣,,"""


@scenes(r"""
# by options
@ 2026-12-01
$ log P001 --complainant 张三 --item 锅 --facts 坏 --kind goods --received 2016-11-30 --json
{"number": "2016-0001", "point": "P001", "received": "2016-11-30", "due": "2016-12-07", \
    "provisional": false, "alike": [], "doubts": [{"column": "received", "value": "2016-11-30", \
    "doubt": "2016-11-30: 3653 days back, before 东门商场 was set up on 2026-01-05; probably \
    2026-11-30"}]}
! received: 2016-11-30: 3653 days back, before 东门商场 was set up on 2026-01-05; probably 2026-11-30
! Not stated, so recorded: source as direct, channel as visit, problem as other.
$ record inquiry P001 --on 2016-9-20
Recorded for 东门商场 on 2016-09-20; inquiry: 1 (record 1)
! on: 2016-09-20: 3724 days back, before 东门商场 was set up on 2026-01-05
$ complaint escalate 2016-1 --reason 拒绝 --on 2016-12-01
2016-0001 has been with the station since 2016-12-01.
! on: 2016-12-01: 3652 days back; probably 2026-12-01
@ zh
$ 办结 2016-1 --outcome 和解 --closed 2016-12-01
2016-0001 已办结（和解）：按时，用时 1 个工作日，应办结 2016-12-07 周三
! 办结日期：2016-12-01 距今已 3652 天，可能是 2026-12-01
# a day of today is not doubted, nor one of 60 days back
@ 2026-11-30
+ returns submit 2026Q3
$ log P001 --complainant 张三 --item 锅 --facts 坏 --kind goods --received 2026-10-01
2026-0001 was due by 2026-10-13 Tue; working days overdue: 34
! Not stated, so recorded: source as direct, channel as visit, problem as other.
$ complaint amend 1 --received 2026-09-30
2026-0001 is amended: received.
! This changes submitted figures of 2026Q3; the next return includes the correction. See: \
    ledger12315 returns corrections 2026Q3
! received: 2026-09-30: 61 days back, in 2026Q3, which was submitted
""")
def test_by_options(script: str, cli: Cli) -> None:
    cli.plays(script)


@table("""
    line                                                     | answer | code | kept
    log P001 --complainant 张 --item 锅 --facts 坏 --kind goods --received 2016-11-30 | n | 130 | 0
    log P001 --complainant 张 --item 锅 --facts 坏 --kind goods --received 2016-11-30 | y | 0   | 1
    record inquiry P001 --on 2016-9-20                       | n      | 130  | 0
    record inquiry P001 --on 2016-9-20                       | y      | 0    | 1
""")
def test_options_at_a_terminal(line: str, answer: str, code: str, kept: str, cli: Cli) -> None:
    found, seen = cli.talk(line, f"days back>{answer}")
    assert found == int(code), seen
    assert cli.sql("SELECT (SELECT count(*) FROM complaint) + (SELECT count(*) FROM record)") == [
        (int(kept),)
    ]


def test_a_day_is_doubted_where_it_is_typed(cli: Cli) -> None:
    """It is not asked about again, also for the next one of a sitting."""
    case = "problem>1;request>;purchase>;facts>坏;outcome>;Write it?>y"
    code, seen = cli.talk(
        "log",
        "received>2016-9-20;probably 2026-09-20>n;received>2026-7-1;89 days back>y;point>P001"
        f";source>1;channel>1;complainant>张三;phone>;item>锅;category>1;{case}"
        f";complainant>李四;phone>;item>锅;{case}"
        ";complainant>",
    )
    assert (code, seen.count("days back")) == (0, 2), seen
    days = cli.sql("SELECT DISTINCT received FROM complaint")
    assert days == [("2026-07-01",)]


@scenes(rf"""
# a file's name states the month
@ 2026-12-01
> 甲店2026年11月登记簿.csv {REGISTER}
$ complaint import 甲店2026年11月登记簿.csv --point P001 --exit-code
Rows: 5; 5 imported, 0 filled in, 0 known already or void.
! B3: 2025-11-05: not in 2026-11, before 东门商场 was set up on 2026-01-05; probably 2026-11-05
! F3: 2025-11-06: not in 2026-11; probably 2026-11-06
! B4: 2026-08-11: not in 2026-11; probably 2026-11-08
! Not stated, so recorded: …
[1]
$ complaint import 甲店2026年11月登记簿.csv --point P001 --exit-code
Rows: 5; 0 imported, 0 filled in, 5 known already or void.
# most rows state it, and a dry run tells it too
@ 2026-12-01
> a.csv {REGISTER}
$ complaint import a.csv --point P001 --dry-run --exit-code --json
{{"read": 5, "imported": 5, "updated": 0, "skipped": 0, "problems": [], "doubts": [{{"sheet": \
    null, "row": 3, "column": "受理日期", "value": "2025-11-05", "doubt": "2025-11-05: not in \
    2026-11, before 东门商场 was set up on 2026-01-05; probably 2026-11-05"}}, {{"sheet": null, \
    "row": 3, "column": "办结日期", …}}, {{"sheet": null, "row": 4, "column": "受理日期", "value": \
    "2026-08-11", "doubt": "2026-08-11: not in 2026-11; probably 2026-11-08"}}]}}
! B3: …
! F3: …
! B4: …
! Not stated, so recorded: …
[1]
# what a first import brings of the time before the ledger is one line
@ 2026-12-01
> a.csv 登记编号,受理日期,投诉人,商品/服务名称\n1,2024-03-01,张三,锅\n2,2025-05-01,李四,锅\n3,2026-11-20,王五,锅
$ complaint import a.csv --point P001 --exit-code
Rows: 3; 3 imported, 0 filled in, 0 known already or void.
! Before the ledger begins on 2026-07-01: 2, of 2024-03-01 to 2025-05-01, such as B2, B3
! Not stated, so recorded: …
[1]
# an open complaint that is closed by the register
@ 2026-09-22
+ log P001 --complainant 张三 --item 锅 --facts 坏 --kind goods --received 2026-09-21
@ 2026-12-01
> a.csv 登记编号,受理日期,投诉人,商品/服务名称,处理结果,办结日期\n2026-0001,2026-09-21,张三,锅,和解,2026-09-22
$ complaint import a.csv --point P001 --exit-code
Rows: 1; 0 imported, 1 filled in, 0 known already or void.
! F2: 2026-09-22: 70 days back
[1]
""")
def test_by_a_register(script: str, cli: Cli) -> None:
    cli.plays(script)


@table("""
    answer | code | kept
    n      | 130  | 0
    y      | 0    | 5
""")
def test_a_register_at_a_terminal_is_asked_about_once(
    answer: str, code: str, kept: str, cli: Cli
) -> None:
    cli.plays(f"> a.csv {REGISTER}")
    question = "Import them anyway?"
    found, seen = cli.talk(
        "complaint import a.csv --point P001", f"{question}>{answer}", today="2026-12-01"
    )
    assert (found, seen.count(question)) == (int(code), 1), seen
    assert "B4: 2026-08-11: not in 2026-11; probably 2026-11-08\n" in seen
    assert cli.sql("SELECT count(*) FROM complaint") == [(int(kept),)]


def test_the_sheet_is_named(cli: Cli) -> None:
    from openpyxl import Workbook

    book = Workbook()
    for titles, month in enumerate(("10月", "11月"), 1):
        page = book.create_sheet(month)
        for line in (
            *[["2026年登记簿"]] * titles,
            ["登记编号", "受理日期", "投诉人", "商品/服务名称"],
            [f"{month}-1", "2026-11-05", "张三", "锅"],
        ):
            page.append(line)
    book.save("a.xlsx")
    told = cli("complaint import a.xlsx --point P001 --dry-run", today="2026-12-01").err
    assert "10月!B3: 2026-11-05: not in 2026-10\n" in told and "11月!" not in told, told
