"""`overdue` and `explain`: what is late on which day, how late, and why."""

import pytest

from tests.cli.conftest import Cli, table

# Due on 24, 23, 28 and 29 September and 10 October, then two that ended on 25 September, due on the 24th.
_BUSY = """
    log P001 --complainant 张三 --item 锅 --facts 坏 --kind goods --received 2026-09-18
    log P001 --complainant 张三 --item 锅 --facts 坏 --kind goods --received 2026-09-17
    log P001 --complainant 张三 --item 锅 --facts 坏 --kind goods --received 2026-09-20
    log P001 --complainant 张三 --item 锅 --facts 坏 --kind goods --received 2026-09-21
    log P001 --complainant 张三 --item 锅 --facts 坏 --kind goods --received 2026-09-28
    log P002 --complainant 张三 --item 刀 --facts 坏 --kind goods --received 2026-09-18
    log P002 --complainant 张三 --item 刀 --facts 坏 --kind goods --received 2026-09-18
    close 2026-6 --outcome settled --closed 2026-09-25
    complaint escalate 2026-7 --reason 商家不到场 --on 2026-09-25
"""


@pytest.fixture
def busy(cli: Cli) -> Cli:
    cli.given(_BUSY)
    return cli


def listed(cli: Cli, options: str, **how: str) -> str:
    """Serial:working days over, of each line."""
    rows = [line.split("\t") for line in cli(f"overdue {options}", **how).out.splitlines()]
    return " ".join(f"{int(row[0][5:])}:{row[5]}" for row in rows)


@table("""
    options                                     | lines
                                                | 2:2 1:1
    --within 0                                  | 2:2 1:1 3:0
    --within 1                                  | 2:2 1:1 3:0 4:0
    --within 4                                  | 2:2 1:1 3:0 4:0
    --within 5                                  | 2:2 1:1 3:0 4:0 5:0
    --as-of yesterday                           | 2:1 1:0
    --as-of 2026-09-23                          |
    --as-of 2026-09-24                          | 2:1
    --as-of 2026-09-24 --within 0               | 2:1 1:0 6:0 7:0
    --as-of 2026-09-25 --within 1               | 2:1 1:0 3:0
    --as-of 2026-09-17 --within 5               | 2:0
    --as-of 2026-10-10                          | 2:7 1:6 3:5 4:4
    --as-of 2026-10-11                          | 2:7 1:6 3:5 4:4 5:0
    --as-of 2026-10-12                          | 2:8 1:7 3:6 4:5 5:1
    --point 东门                                | 2:2 1:1
    --point P002                                |
    --point P002 --as-of 2026-09-24 --within 0  | 6:0 7:0
""")
def test_what_is_overdue_earliest_due_first(options: str, lines: str, busy: Cli) -> None:
    assert listed(busy, options) == lines


def test_a_day_is_the_same_ahead_and_behind(busy: Cli) -> None:
    assert (
        listed(busy, "--as-of 2026-10-12")
        == listed(busy, "", today="2026-10-12")
        == listed(busy, "--as-of -1d", today="2026-10-13")
    )


def test_void_complaints_are_never_overdue(busy: Cli) -> None:
    busy.sql(
        "UPDATE complaint SET voided = '2026-09-28', void_reason = '重复' WHERE number = '2026-0002'"
    )
    assert listed(busy, "") == "1:1"


def test_silent_where_there_is_nothing_else_a_line_each(busy: Cli) -> None:
    line = "2026-0002\tP001\t东门商场\t2026-09-17\t2026-09-23\t1\tno\t锅\t陈**\n"
    assert (
        busy("overdue --as-of 2026-09-23 --exit-code")
        == busy("overdue --as-of 2026-09-23")
        == (0, "", "")
    )
    assert busy("overdue --as-of 2026-09-23 --json --exit-code") == (0, "[]\n", "")
    assert busy("overdue --as-of 2026-09-24") == (0, line, "")
    assert busy("overdue --as-of 2026-09-24 --exit-code") == (1, line, "")


def test_json(busy: Cli) -> None:
    assert busy("超期 --as-of 2026-09-24 --json").line == (
        '[{"number": "2026-0002", "point": "P001", "point_name": "东门商场", "received": "2026-09-17", "due": "2026-09-23",'
        ' "working_days_over": 1, "provisional": false, "item": "锅", "officer": "陈**"}]'
    )
    assert [
        row["officer"]
        for row in busy("overdue --point P002 --as-of 2026-09-24 --within 0 --json").json
    ] == [None, None]


def test_as_of_yesterday_is_not_a_year_ahead(busy: Cli) -> None:
    assert listed(busy, "--as-of 9-27") == listed(busy, "--as-of 2026-09-27")


def test_explain(cli: Cli) -> None:
    cli.log("--received 2026-09-18")
    assert cli("explain 2026-1").out.splitlines() == [
        "2026-0001 received 2026-09-18, due 2026-09-24 Thu:",
        "2026-09-18 Fri\t\tday of receipt, not counted\tthe week\tno",
        "2026-09-19 Sat\t\tweekend\tthe week\tno",
        "2026-09-20 Sun\t1\tmake-up working day (National Day)\tState Council notice 2026\tno",
        "2026-09-21 Mon\t2\tworking day\tthe week\tno",
        "2026-09-22 Tue\t3\tworking day\tthe week\tno",
        "2026-09-23 Wed\t4\tworking day\tthe week\tno",
        "2026-09-24 Thu\t5\tworking day\tthe week\tno",
    ]
    chinese = cli("说明 2026-1", lang="zh").out
    assert (
        "2026-09-20 周日\t1\t调休上班（国庆节）\t国务院办公厅2026年节假日安排通知\t否\n" in chinese
    )
    assert cli("explain 2026-2").code == 3


def test_explain_as_json(cli: Cli) -> None:
    cli.log("--received 2026-09-24")
    found = cli("explain 2026-1 --json")
    assert found.line.startswith(
        '{"number": "2026-0001", "received": "2026-09-24", "due": "2026-10-09", "provisional": false, "days": ['
        '{"date": "2026-09-24", "counted": false, "why": "day of receipt, not counted", "source": "the week", '
        '"provisional": false}, '
    )
    assert [day["date"][5:] for day in found.json["days"] if day["counted"]] == [
        "09-28",
        "09-29",
        "09-30",
        "10-08",
        "10-09",
    ]
    assert len(found.json["days"]) == 16
