"""Rates, targets and clocks as settings: two stations that are configured without code."""

import pytest
from python_calamine import CalamineWorkbook

from ledger12315.rules.settings import SETTING_NAMES, SETTINGS
from tests.cli.conftest import Cli, scenes
from tests.rows import for_all
from tests.states import undrawn

_LOG = "log P001 --complainant 张三 --item 锅 --facts 坏 --kind goods --received"
# Closed in the third quarter: settled 9 times, mediated once.
TEN = "".join(
    f"{_LOG} 2026-07-{number:02}\n"
    f"close 2026-{number} --outcome {outcome} --closed 2026-07-{number:02}\n"
    for number, outcome in enumerate(["settled"] * 9 + ["mediated"], 1)
)


@pytest.fixture
def ten(cli: Cli) -> Cli:
    cli.given(TEN, today="2026-10-12")
    return cli


@scenes(r"""
# a province whose rate is settled / closed, with a target of 95 %
@ 2026-10-12
$ rollup 3 2026Q3 --json
{… "rates": [{"key": "settled_rate", "target": 90, "numerator": 10, "denominator": 10, …
+ settings set rate.settled_rate "settled / closed"
$ settings set target.settled_rate 95
target.settled_rate: 90 -> 95
$ rollup 3 2026Q3 --json
{… "rates": [{"key": "settled_rate", "target": 95, "numerator": 9, "denominator": 10, "percent": \
    "90.00", "met": false, "small_sample": true}, …
% 80 rollup 6 2026Q3
…
settled rate = settled/closed = 9/10 = 90.00% target 95%: missed*
…
$ rollup 3 2026Q3 --cases settled_rate --type mall
…
denominator | 2026-0010 | complaint | P001 | 2026-07-10 | 2026-07-10 | 1
$ rollup assessment 2026Q3 --point P001 --json
[{… "settled_rate": {"numerator": 9, "denominator": 10, "percent": "90.00", "target": 95, …
# an order that holds from a day leaves what was before
@ 2026-10-12
$ settings set rate.settled_rate "和解(含当场解决) / 10" --from 2026-10-01
rate.settled_rate: (settled + mediated + withdrawn) / closed -> settled / closed, \
    from 2026-10-01 on
$ rollup 3 2026Q3 --json
{… "rates": [{"key": "settled_rate", "target": 90, "numerator": 10, "denominator": 10, …
$ rollup 3 2026Q4 --json
{… "rates": [{"key": "settled_rate", "target": 90, "numerator": 0, "denominator": 0, …
! The period is not over: every figure is as of 2026-10-12.
$ settings
…
rate.settled_rate | (settled + mediated + withdrawn) / closed |  | \
    (settled + mediated + withdrawn) / closed | \
    the rate's formula: a sum of measures of Attachment 3, a slash, one measure |
rate.settled_rate | settled / closed | 2026-10-01 | (settled + mediated + withdrawn) / closed | \
    the rate's formula: a sum of measures of Attachment 3, a slash, one measure |
…
# a submitted return keeps its formula
@ 2026-10-12
+ returns submit 2026Q3
+ settings set rate.settled_rate "settled / closed"
$ rollup 3 2026Q3 --json
{… "rates": [{"key": "settled_rate", "target": 90, "numerator": 10, "denominator": 10, …
! 2026Q3 as submitted on 2026-10-12; --live shows today's figures.
$ rollup 3 2026Q3 --live --json
{… "rates": [{"key": "settled_rate", "target": 90, "numerator": 9, "denominator": 10, …
# a return that was submitted is looked into, and goes on into the next, after any setting changed
@ 2026-10-12
+ returns submit 2026Q3
+ settings set major_amount 60000
+ settings set target.settled_rate 无
+ settings set target.settled_rate 70 --from 2026-12-01
+ complaint amend 2026-10 --outcome settled
$ rollup 3 2026Q3 --cases settled_rate --type mall
…
denominator | 2026-0010 | complaint | P001 | 2026-07-10 | 2026-07-10 | 1
! 2026Q3 as submitted on 2026-10-12; --live shows today's figures.
$ returns corrections 2026Q3 --json
[… {"period": "2026Q3", "code": "14", "key": "mediated", "type": "mall", "told": 1, \
    "now": 0, "difference": -1, "numbers": ["2026-0010"], "causes": [{"number": "2026-0010", …
@ 2027-01-08
+ returns submit 2026Q4
""")
def test_rates_are_settings(script: str, ten: Cli) -> None:
    ten.plays(script)


@for_all("""
    key                 | value                   | why
    rate.settled_rate   | settled + foo / closed  | foo is not a measure of Attachment 3
    rate.settled_rate   | settled                 | a sum, a slash and one measure
    rate.settled_rate   | settled / closed / 2    | a sum, a slash and one measure
    rate.settled_rate   | settled / closed + open_end | a sum, a slash and one measure
    rate.settled_rate   | closed / closed         | is divided by itself
    rate.settled_rate   | settled + closed / closed | is divided by itself
    rate.settled_rate   | settled + settled / closed | a measure appears twice in it
    rate.settled_rate   | recovered / closed      | yuan and cases cannot be added or divided
    rate.settled_rate   | / closed                | … is not a measure
    rate.settled_rate   | visits / closed         | visits is not a measure of Attachment 3
    target.settled_rate | 0                       | give 1 to 100, in percent, or none
    target.settled_rate | 101                     | give 1 to 100, in percent, or none
    clock.mediation     | 0 days                  | give 60 days, 45 working days or none
    clock.mediation     | 60                      | give 60 days, 45 working days or none
    clock.mediation     | 60 moons                | give 60 days, 45 working days or none
    clock.point         | 6 working days          | clock.point is not one of:
    rate.foo            | settled / closed        | rate.foo is not one of:
    notice_from         | 0                       | give 1 to 1000
    publicity_from      | 1001                    | give 1 to 1000
    publicity_days      | 0                       | give 1 to 1000
    point_lead          | 21                      | give 0 to 20
    point_lead          | two                     | give 0 to 20
    station_lead        | 21                      | give 0 to 20
    retention_years     | 2                       | give 3 to 100
    demo_base_municipal | 10001                   | give 0 to 10000
    demo_base_provincial | 10001                  | give 0 to 10000
    return_day_off      | never                   | give one of
    colour              | red                     | colour is not one of:
    notice_from         | 4 --from 2026-10-01     | notice_from always applies: leave out --from
    station             | 西门所 --from 2026-10-01 | station always applies: leave out --from
""")
def test_nonsense_is_refused_and_changes_nothing(key: str, value: str, why: str, cli: Cli) -> None:
    before = cli.path.read_bytes()
    value, _, since = value.partition(" --from ")
    result = cli(f"settings set {key} '{value}' {since and '--from ' + since}")
    assert (result.code, why in result.err, result.out) == (2, True, "")
    assert cli.path.read_bytes() == before


@scenes(r"""
# a station and a county that are renamed, as often as they are
@ 2026-10-12
$ settings set station 东门（开发区）市场监督管理所
station: 东门所 -> 东门（开发区）市场监督管理所
$ settings set county 榕溪县市场监督管理局
county: 榕溪县 -> 榕溪县市场监督管理局
@ zh
$ settings set 市场监管所 东门市场监督管理所
市场监管所：东门（开发区）市场监督管理所 -> 东门市场监督管理所
$ ledger history
…
…设置 | 市场监管所 1 | 名称 | 东门（开发区）市场监督管理所 | 东门市场监督管理所
@ en
$ export 6 2026Q3
Attachment 6 for 2026Q3 is written: 附件6_2026Q3_东门市场监督管理所.xlsx
+ ledger check
# what is so already is no act
$ ledger info --json
…"acts": 4…
$ settings set station 东门所
station is 东门所 already.
$ settings set target.settled_rate 90 --from 2026-07-01
target.settled_rate is 90 already.
$ ledger info --json
…"acts": 4…
# a day before that of another value is one
+ settings set target.settled_rate 95 --from 2026-07-01
$ settings set target.settled_rate 95 --from 2026-08-01
target.settled_rate is 95 already.
$ settings set target.settled_rate 90 --from 2026-03-01
target.settled_rate: 90 -> 90, from 2026-03-01 on
""")
def test_offices_that_are_renamed_and_what_stays(script: str, cli: Cli) -> None:
    cli.plays(script)


def test_what_was_submitted_keeps_the_old_name(cli: Cli) -> None:
    with undrawn(6):
        cli.all(
            """returns submit 2026Q3 --yes
            settings set station 西门所
            export 6 2026Q3 -o submitted.xlsx
            export assessment 2026Q3 -o assessed.xlsx
            export 6 2026Q3 --live -o live.xlsx""",
            "2026-10-12",
        )
    assert cli("returns corrections 2026Q3", today="2026-10-12").err == (
        "Nothing has changed since 2026Q3 was told.\n"
    )
    for name, unit in (("submitted", "东门所"), ("assessed", "东门所"), ("live", "西门所")):
        rows = CalamineWorkbook.from_path(f"{name}.xlsx").get_sheet_by_index(0).to_python()
        assert f"填报单位：{unit}" in [cell for row in rows for cell in row]


# Escalated and accepted before and after 令第121号 came into force on 2026-04-15.
@scenes(r"""
# mediation follows 令第20号 before 2026-04-15 and 令第121号 from then on
@ 2026-07-01
+ log P001 --complainant 甲 --item 锅 --facts 坏 --kind goods --received 2026-04-01
+ complaint escalate 2026-1 --reason 疑难 --on 2026-04-02
+ complaint amend 2026-1 --accepted 2026-04-14
+ log P001 --complainant 乙 --item 锅 --facts 坏 --kind goods --received 2026-04-02
+ complaint escalate 2026-2 --reason 疑难 --on 2026-04-03
+ complaint amend 2026-2 --accepted 2026-04-15
$ today --json
[{"kind": "mediation", "due": "2026-06-15", "number": "2026-0002", … \
    {"kind": "mediation", "due": "2026-06-18", "number": "2026-0001", …
$ complaint show 2026-1
…
2026-04-02 Thu | escalated | 1 |
2026-04-09 Thu | due | 5 |
2026-04-14 Tue | accepted by the station | 8 |
2026-04-14 Tue | station to accept by | 8 |
2026-06-18 Thu | mediation to end by | 53 |
# another order of the administration is one line, and old cases keep their clock
@ 2026-07-01
+ settings set clock.mediation "30 working days" --from 2026-06-01
+ settings set clock.acceptance 无 --from 2027-01-01
+ log P001 --complainant 甲 --item 锅 --facts 坏 --kind goods --received 2026-05-25
+ complaint escalate 2026-1 --reason 疑难 --on 2026-05-25
+ complaint amend 2026-1 --accepted 2026-05-29
+ log P001 --complainant 乙 --item 锅 --facts 坏 --kind goods --received 2026-05-26
+ complaint escalate 2026-2 --reason 疑难 --on 2026-05-26
+ complaint amend 2026-2 --accepted 2026-06-01
$ complaint show 2026-1
…
2026-07-28 Tue | mediation to end by | 45 | not yet due
$ complaint show 2026-2
…
2026-07-14 Tue | mediation to end by | 34 | not yet due
# the referral's answer and the follow-up call stand in the timeline
@ 2026-09-28
+ log P001 --complainant 甲 --item 锅 --facts 坏 --kind goods --received 2026-09-21 --source 分流 \
    --referral-no 榕1 --reply-by 2026-10-08
+ close 2026-1 --outcome settled --closed 2026-09-22 --answered 2026-09-22 --archive-no 1 \
    --followed-up 2026-09-25 --followed-up-how 电话 --followed-up-by 王五
$ complaint show 2026-1
…
2026-09-25 Fri | follow-up call | 3 |
2026-09-29 Tue | due | 5 |
2026-10-08 Thu | referral's answer due | 7 | not yet due
 | archived |  | 1
$ complaint amend 2026-1 --replied 2026-09-28
2026-0001 is amended: replied.
""")
def test_clocks_are_settings(script: str, cli: Cli) -> None:
    cli.plays(script)


def test_the_forms_print_the_formula_that_was_set(ten: Cli) -> None:
    ten.all(
        """
        settings set rate.settled_rate "settled / closed"
        settings set target.settled_rate 95
        export 3 2026Q3 -o 3.xlsx
        export 6 2026Q3 -o 6.xlsx
        export assessment 2026Q3 -o assessment.xlsx
        """,
        today="2026-10-12",
    )
    for name in ("3", "6"):
        assert "和解息诉率=和解/办结=9/10=90.00%；目标95%，未达标" in text(f"{name}.xlsx")
    assert "和解息诉率=和解/办结；目标95%，不足20例为样本过小。" in text("assessment.xlsx")


def text(path: str) -> str:
    rows = CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()
    return "\n".join(str(value) for row in rows for value in row)


def test_a_setting_is_named_by_its_key_or_in_chinese() -> None:
    named = [(key, each.name) for key, each in SETTINGS.items()]
    assert [(SETTING_NAMES.find(key), SETTING_NAMES.find(name)) for key, name in named] == [
        (SETTING_NAMES[key], SETTING_NAMES[key]) for key in SETTINGS
    ]
