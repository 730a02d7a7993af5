"""`complaint list` and `show`, `settings`, `calendar show`."""

import pytest

from ledger12315.ledger.calendar import known_calendar
from ledger12315.rules.fields import COMPLAINT
from tests.cli.conftest import Cli, table

LAST = known_calendar().known[-1]
_FOUR = """
    log P001 --complainant 张三 --item 锅 --facts 不加热 --kind goods --received 2026-06-30
    log P001 --complainant 张三 --item 锅 --facts 屏幕不亮 --kind goods --received 2026-09-21 --disputed 300
    log P002 --complainant 李四 --item 鱼 --facts 短秤要求退款 --category 食品 --received 2026-09-22 --respondent 陈记水产
    log P002 --complainant 李四 --item 虾 --facts 短秤50% --category 食品 --received 2026-09-22 --disputed 5000
    complaint escalate 2026-2 --reason 要鉴定
    close 2026-3 --outcome 和解 --handling 已退
    complaint amend 2026-4 --remark 补记
"""


@pytest.fixture
def four(cli: Cli) -> Cli:
    """One complaint of each state."""
    cli.given(_FOUR)
    cli.sql(
        "UPDATE complaint SET voided = '2026-09-23', void_reason = '重复' WHERE number = '2026-0004'"
    )
    return cli


@table("""
    options                                                 | listed
                                                            | 1 2 3 4
    --state open                                            | 1
    --state 未结                                            | 1
    --state 工商所处理中                                    | 2
    --state 已办结                                          | 3
    --state void                                            | 4
    --point 南门                                            | 3 4
    --period 2026Q3                                         | 2 3 4
    --period 2026-06                                        | 1
    --outcome 和解                                          | 3
    --outcome advised                                       |
    --category 食品                                         | 3 4
    --respondent 水产                                       | 3
    --at-least 300                                          | 2 4
    --at-least 300 --at-most 4999.99                        | 2
    --at-most 0                                             | 1 3
    --text 屏幕                                             | 2
    --text 退款                                             | 3
    --text 鱼                                               | 3
    --text 陈记                                             | 3
    --text 已退                                             | 3
    --text 补记                                             | 4
    --text 2026-0001                                        | 1
    --text 50%                                              | 4
    --text 5_%                                              |
    --text 短秤 --point P002 --state closed --period 2026   | 3
    --text 没有                                             |
""")
def test_complaints_are_listed_by_what_is_sought(options: str, listed: str, four: Cli) -> None:
    assert (
        " ".join(
            str(int(row["number"][5:])) for row in four(f"complaint list {options} --json").json
        )
        == listed
    )


@table("""
    options           | said
    --state lost      | state: lost is not one of its words
    --at-least viel   | at_least: viel is not an amount in yuan
    --category 空气   | category: 空气 is not one of its words
""")
def test_what_cannot_be_sought_is_said(options: str, said: str, four: Cli) -> None:
    result = four(f"complaint list {options}")
    assert (result.code, result.out) == (2, "") and said in result.err


def test_the_keys_of_a_complaint(four: Cli) -> None:
    first, *others = four("complaint list --json").json
    assert all(list(other) == list(first) for other in others)
    assert [
        key for key in ("number", "point", "due", "state", *COMPLAINT) if key not in first
    ] == []
    shown = four("complaint show 2026-1 --json").json
    assert list(shown) == [*first, "timeline"] and first.items() <= shown.items()
    assert [row["state"] for row in (first, *others)] == ["open", "escalated", "closed", "void"]


def test_a_complaint_in_words(four: Cli) -> None:
    assert (
        four("complaint list --state void").out
        == "2026-0004\tP002\t2026-09-30\tno\tvoid\t2026-09-22\t李*\t虾\tother\t5000.00\t\t\n"
    )
    shown = four("投诉 查看 2026-3", lang="zh").out.replace("\t", "：").splitlines()
    assert shown[:5] == [
        "编号：2026-0003",
        "服务点：P002",
        "应办结：2026-09-30",
        "暂定：否",
        "状态：已办结",
    ]
    assert {
        "经营者类型：市场",
        "投诉人：李*",
        "性质：商品类",
        "类别：食品",
        "处理结果：和解",
        "办结日期：2026-09-28",
    } <= set(shown)


@table("""
    key            | value    | code
    station_limit  | 1        | 0
    station_limit  | 365      | 0
    station_limit  | 0        | 2
    station_limit  | 366      | 2
    return_day_off | before   | 0
    return_day_off | never    | 2
    annual_period  | calendar | 0
    point_lead     | 0        | 0
    station_lead   | -1       | 2
    colour         | red      | 2
""")
def test_a_setting_takes_what_it_may_hold(key: str, value: str, code: str, cli: Cli) -> None:
    before = {row["key"]: row["value"] for row in cli("settings list --json").json}
    result = cli(f"settings set {key} -- {value}")
    assert (str(result.code), result.out) == (
        code,
        f"{key}: {before[key]} -> {value}\n" if code == "0" else "",
    )
    after = {row["key"]: row["value"] for row in cli("设置 列表 --json").json}
    assert after == (before | {key: value} if code == "0" else before)


def test_settings_alone_lists_them_with_their_defaults(cli: Cli) -> None:
    cli("settings set station_limit 30")
    lines = cli("settings").out.splitlines()
    assert lines == cli("settings list").out.splitlines()
    assert {line.rpartition("\t")[0].expandtabs(1) for line in lines} >= {
        "station_limit 30 60",
        "return_day_off after after",
        "station_lead 1 1",
        "point_lead 2 2",
        "annual_period statistical statistical",
    }


def test_a_setting_is_used(cli: Cli) -> None:
    cli.log()
    cli.all(
        "settings set annual_period calendar\nsettings set station_limit 30\ncomplaint escalate 2026-1 --reason 要鉴定"
    )
    found = cli("rollup 6 2026A --json").json
    assert (found["from"], found["to"]) == ("2026-01-01", "2026-11-30")
    assert "2026-10-28 Wed\tthe station's limit\t18\tahead\n" in cli("complaint show 2026-1").out


def test_a_years_days(cli: Cli) -> None:
    shown = cli("calendar show 2020")
    assert (
        "2020-01-31 Fri\tno\tholiday (Spring Festival)\tState Council notice 2020\tno\n"
        in shown.out
    )
    assert (
        "2020-09-27 Sun\tyes\tmake-up working day (National Day)\tState Council notice 2020\tno\n"
        in shown.out
    )
    assert shown.err == "Working days in 2020: 249\n"
    assert cli("日历 查看 2005 --json").line.endswith(
        '{"date": "2005-12-31", "working": true, "why": "make-up working day (New Year\'s Day)",'
        ' "source": "State Council notice 2006", "provisional": false}]'
    )


def test_a_year_without_a_notice_is_provisional(cli: Cli) -> None:
    shown = cli(f"calendar show {LAST + 1} --json")
    assert [day["date"][5:] for day in shown.json] == [
        "01-01",
        "05-01",
        "05-02",
        "10-01",
        "10-02",
        "10-03",
    ]
    assert (
        all(day["provisional"] for day in shown.json)
        and f"The notice for {LAST + 1} is not known" in shown.err
    )
