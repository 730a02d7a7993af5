"""`rollup`, its cases, `export` and `record inquiry`: figures of a small quarter, and what they are made of."""

from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from ledger12315.rules.measures import ATTACHMENT6
from ledger12315.words import TYPES
from tests.cli.conftest import Cli, table
from tests.terminal import on_terminal

LATER = "2026-10-12"
# P001 is a mall, P002 a market; the fixture makes 2026-0005 void.
_LIVED = """
    log P001 --complainant 甲 --item 鞋 --facts 坏 --category 服装鞋帽 --received 2026-06-29 --disputed 50
    log P001 --complainant 乙 --item 游 --facts 坏 --category 旅游 --source 分流 --referral-no 1 --received 7-1 --purchase 99.90
    log P002 --complainant 丙 --item 肉 --facts 坏 --category 食品 --source 转办 --received 2026-08-03
    log P001 --complainant 丁 --item 表 --facts 坏 --category 食品 --received 2026-09-01
    log P002 --complainant 戊 --item 菜 --facts 坏 --category 食品 --received 2026-09-02 --disputed 7777
    log P001 --complainant 己 --item 灯 --facts 坏 --category 日用商品 --received 2026-09-01
    log P002 --complainant 庚 --item 鱼 --facts 坏 --category 食品 --received 2026-09-30 --disputed 1000
    close 2026-1 --outcome 和解 --closed 2026-07-01 --recovered 50 --rating 满意
    close 2026-2 --outcome 调解成功 --closed 2026-07-02 --recovered 10.50 --rating 不满意
    close 2026-3 --outcome 和解不成 --told 2026-08-20
    complaint escalate 2026-4 --reason 要鉴定 --on 2026-09-03
    close 2026-7 --outcome 撤回 --closed 2026-10-10
    record inquiry P001 --on 2026-07-01 --count 5 --text 三包
    record inquiry P002 --on 2026-09-30 --count 3
    record inquiry P001 --on 2026-10-01 --count 9
"""
# Code, key, then total, mall and market of 2026Q3; the other types have nothing.
QUARTER = """
    01 inquiries 8 5 3
    02 open_start 1 1 0
    03 received 5 3 2
    04 received_direct 3 2 1
    05 received_referred 1 1 0
    06 received_other 1 0 1
    07 received_goods 4 2 2
    08 received_service 1 1 0
    09 received_other_kind 0 0 0
    10 closed 3 2 1
    11 settled 1 1 0
    12 advised 1 0 1
    13 mediation_closed 1 1 0
    14 mediated 1 1 0
    15 closed_other 0 0 0
    16 withdrawn 0 0 0
    17 open_end 3 2 1
    18 overdue_end 1 1 0
    19 closed_on_time 2 2 0
    20 escalated 1 1 0
    21 disputed '1099.90' '99.90' '1000.00'
    22 recovered '60.50' '60.50' '0.00'
    23 rated 2 2 0
    24 satisfied 1 1 0
    25 leads 0 0 0
    26 major_matters 0 0 0
"""
HEAD = "form period from to as_of point".split()  # noqa: SIM905 as the contract lists them
# Beyond the contract: whether a notice to come may move the figures.
MORE = {"provisional"}


@pytest.fixture
def lived(cli: Cli) -> Cli:
    cli.all(_LIVED, today=LATER)
    cli.sql(
        "UPDATE complaint SET voided = '2026-09-03', void_reason = '错录' WHERE number = '2026-0005'"
    )
    return cli


def rollup(cli: Cli, line: str) -> Any:
    result = cli(f"rollup {line} --json", today=LATER)
    assert result.code == 0, result
    return result.json


def test_attachment_3(lived: Cli) -> None:
    document = rollup(lived, "3 2026Q3")
    assert [key for key in document if key not in MORE] == [*HEAD, "rows", "rates"]
    assert [document[key] for key in HEAD] == [3, "2026Q3", "2026-07-01", "2026-09-30", None, None]
    assert {" ".join(row) for row in document["rows"]} == {
        f"code key name unit total {' '.join(TYPES)}"
    }
    shown = [
        f"{row['code']} {row['key']} {row['total']!r} {row['mall']!r} {row['market']!r}"
        for row in document["rows"]
    ]
    assert shown == [line.strip() for line in QUARTER.strip().splitlines()]
    assert {
        row[type_]
        for row in document["rows"]
        for type_ in ("supermarket", "enterprise", "scenic", "other")
    } == {0, "0.00"}
    assert {" ".join(rate) for rate in document["rates"]} == {
        "key target numerator denominator percent met small_sample"
    }
    assert [" ".join(map(repr, rate.values())) for rate in document["rates"]] == [
        "'settled_rate' 90 1 3 '33.33' False True",
        "'mediation_success_rate' 90 1 1 '100.00' True True",
        "'satisfaction_rate' 98 1 2 '50.00' False True",
        "'on_time_rate' None 2 3 '66.67' None False",
    ]


def test_attachment_6(lived: Cli) -> None:
    document = rollup(lived, "6 2026Q3 --as-of 2026-10-01 --point P001")
    assert [key for key in document if key not in MORE] == [*HEAD, "rows"]
    assert [document[key] for key in HEAD] == [
        6,
        "2026Q3",
        "2026-07-01",
        "2026-09-30",
        "2026-10-01",
        "P001",
    ]
    assert {" ".join(row) for row in document["rows"]} == {f"type {' '.join(ATTACHMENT6)}"}
    assert [row["type"] for row in document["rows"]] == [*TYPES, "total"]
    rates = {row["type"]: row["settled_rate"] for row in document["rows"]}
    assert (
        rates["total"] == rates["mall"] == {"numerator": 1, "denominator": 2, "percent": "50.00"}
    )
    assert rates["market"] == {"numerator": 0, "denominator": 0, "percent": None}
    total = " ".join(
        f"{key}={value}"
        for key, value in document["rows"][-1].items()
        if value != 0 and "rate" not in key
    )
    assert total == (
        "type=total points_start=1 points_end=1 liaisons=1 inquiries=5 received=3 received_referred=1 closed=2 settled=1"
        " disputed=99.90 recovered=60.50 returns_due=1"
    )


@table("""
    scope                     | figures
    2026Q3 --as-of 2026-08-31 | inquiries=5 received=2 closed=3 open_end=0 disputed=99.90 escalated=0
    2026Q3 --as-of 2026-09-08 | open_end=2 overdue_end=0 escalated=1
    2026Q3 --as-of 2026-09-09 | open_end=2 overdue_end=1
    2026Q3 --as-of 2026-09-30 | open_end=3 overdue_end=1 closed=3 disputed=1099.90
    2026Q3 --point 南门       | received=2 closed=1 open_start=0 open_end=1 disputed=1000.00
    2026Q2                    | received=1 closed=0 open_start=0 open_end=1 disputed=50.00 recovered=0.00
    2026Q4 --as-of 2026-10-12 | open_start=3 received=0 closed=1 withdrawn=1 open_end=2 inquiries=9
    2026-07                   | received=1 closed=2 inquiries=5
    2026                      | received=6 closed=4 open_end=2 inquiries=17 disputed=1149.90
    2026年报                  | received=6 closed=4 open_end=2
    2025                      | received=0 open_end=0 recovered=0.00
""")
def test_figures_of_a_scope(scope: str, figures: str, lived: Cli) -> None:
    found = {row["key"]: row["total"] for row in rollup(lived, f"3 {scope}")["rows"]}
    assert (
        " ".join(
            f"{key}={found[key]}" for key in (pair.partition("=")[0] for pair in figures.split())
        )
        == figures
    )


@table("""
    as_of      | made | lacking
    2026-10-07 | 0    | 未报服务点（2个）：东门商场、南门市场。
    2026-10-08 | 1    | 未报服务点（1个）：南门市场。
    2026-10-09 | 2    | 未报服务点：无。
               | 2    | 未报服务点：无。
""")
def test_a_return_counts_from_the_day_it_was_received(
    as_of: str, made: str, lacking: str, lived: Cli
) -> None:
    lived.all(
        "returns receive P001 2026Q3 --on 10-08\nreturns receive P002 2026Q3 --on 10-09",
        today=LATER,
    )
    option = f"--as-of {as_of}" if as_of else ""
    row = rollup(lived, f"6 2026Q3 {option}")["rows"][-1]
    assessed = rollup(lived, f"assessment 2026Q3 {option}")[-1]
    assert [(each["returns_due"], each["returns_made"]) for each in (row, assessed)] == [
        (2, int(made))
    ] * 2
    assert len(rollup(lived, f"6 2026Q3 {option} --cases returns_made")) == int(made)
    lived.all(f"export 6 2026Q3 {option} -o 6.xlsx", today=LATER)
    assert any(
        lacking in str(cell)
        for row in load_workbook("6.xlsx").worksheets[0].values
        for cell in row
    )


def test_the_values_of_the_cases_add_up_to_the_figure(lived: Cli) -> None:
    scope = "2026 --as-of 2026-09-15"
    figures = {row["key"]: row for row in rollup(lived, f"3 {scope}")["rows"]}
    for row in rollup(lived, f"6 {scope}")["rows"]:
        for key in ATTACHMENT6:
            figures.setdefault(key, {})[row["type"]] = row[key]
    for key in (key for key in figures if not key.endswith("_rate")):
        for column, option in (
            ("total", ""),
            ("mall", "--type 商场"),
            ("market", "--type market"),
        ):
            cases = rollup(lived, f"3 {scope} --cases {key} {option}")
            assert sum(float(case["value"]) for case in cases) == float(figures[key][column]), (
                key,
                column,
            )


@table("""
    measure              | cases
    settled              | '2026-0001' 'complaint' 'P001' '2026-06-29' '2026-07-01' 1
    11                   | '2026-0001' 'complaint' 'P001' '2026-06-29' '2026-07-01' 1
    escalated            | '2026-0004' 'complaint' 'P001' '2026-09-01' None 1
    recovered            | '2026-0001' 'complaint' 'P001' '2026-06-29' '2026-07-01' '50.00'
    inquiries            | None 'inquiry' 'P001' '2026-07-01' None 5
    disputed --type 市场 | '2026-0003' 'complaint' 'P002' '2026-08-03' '2026-08-20' '0.00'
    withdrawn            |
""")
def test_the_first_case_of_a_figure(measure: str, cases: str, lived: Cli) -> None:
    found = rollup(lived, f"3 2026Q3 --cases {measure}")
    assert {" ".join(case) for case in found} <= {"number kind point received closed value"}
    assert [" ".join(map(repr, case.values())) for case in found[:1]] == ([cases] if cases else [])


@table("""
    measure          | kind   | english
    received         | 投诉   | complaint
    inquiries        | 咨询   | inquiry
    leads            | 案件线索 | enforcement lead
    points_end       | 服务点 | point
    liaisons         | 联络员 | liaison
    demo_municipal   | 示范   | demonstration
    settled_rate     | 投诉   | complaint
""")
def test_the_kind_of_a_case_in_words(measure: str, kind: str, english: str, lived: Cli) -> None:
    lived.all(
        "record lead P001 --text 假酒 --on 2026-09-10\npoint amend P001 --demonstration 市级 --on 2026-09-10",
        today=LATER,
    )
    for lang, word in (("zh", kind), ("en", english)):
        table_, csv = (
            lived(f"rollup 6 2026Q3 --cases {measure} {form}", today=LATER, lang=lang).out
            for form in ("", "--csv")
        )
        place = 2 if measure.endswith("_rate") else 1
        assert (
            table_.splitlines()[0].split("\t")[place],
            csv.splitlines()[1].split(",")[place],
        ) == (word, word)


def test_a_line_for_each_measure_and_rate_in_a_pipe(lived: Cli) -> None:
    lines = lived("汇总 3 2026-3季度", today=LATER, lang="zh").out.splitlines()
    assert (len(lines), lines[2]) == (30, "03\treceived\t受理投诉\t件\t5\t3\t0\t2\t0\t0\t0")
    assert (
        lines[20] == "21\tdisputed\t争议金额\t元\t1099.90\t99.90\t0.00\t1000.00\t0.00\t0.00\t0.00"
    )
    assert lines[26].startswith("\tsettled_rate\t和解息诉率\t%\t33.33")
    assert lived("rollup 6 2026Q3 --csv", today=LATER).out.splitlines()[0] == "\ufeff" + ",".join(
        ["type", *ATTACHMENT6]
    )


def test_a_rate_on_a_terminal_names_its_denominator_and_what_limits_it(lived: Cli) -> None:
    seen = on_terminal(["--db", str(lived.path), "rollup", "3", "2026Q3", "--as-of", "2026-09-28"])
    assert "settled_rate = (settled + withdrawn)/closed = 1/3 = 33.33%" in seen
    assert "target 90%, missed, small sample, besides open and overdue: 1\n" in seen


@table("""
    line                           | file
    export 3 2026Q3                | 附件3_2026Q3.xlsx
    导出 6 2026-3季度              | 附件6_2026Q3.xlsx
    export 3 2026Q3 --point 南门   | 附件3_2026Q3_P002.xlsx
    export 6 2026年报              | 附件6_2026A.xlsx
    export 6 2026-09               | 附件6_2026-09.xlsx
    export 3 2026Q3 -o 报表.xlsx   | 报表.xlsx
""")
def test_export_says_which_file_it_writes_and_that_it_replaces_one(
    line: str, file: str, lived: Cli
) -> None:
    first = lived(line, today="2026-12-31")
    assert (first.code, first.err) == (0, "") and first.out.endswith(f" is written: {file}\n")
    written = Path(file).read_bytes()
    assert lived(line, today="2026-12-31", lang="zh").err.startswith(file)
    assert Path(file).read_bytes() == written, (
        "forms are always Chinese, and equal ledgers give equal bytes"
    )


def test_export_says_that_the_period_is_not_over(lived: Cli) -> None:
    notice = "The period is not over; what still happens in it is not in these figures.\n"
    assert lived("export 3 2026Q4", today=LATER).err == notice
    assert lived("export 3 2026Q4 --as-of 2026-10-11 -o 2.xlsx", today=LATER).err == ""
