"""Typed days, amounts and fixed words, read or refused."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from ledger12315.boxes import Box
from ledger12315.boxes.forms import COMPLAINT, POINT
from ledger12315.boxes.reading import Misread, read_day
from ledger12315.errors import Unclear
from tests.cli.conftest import Cli
from tests.rows import for_all, table


@for_all("""
    box      | typed            | stored
    received | 2026-09-28       | 2026-09-28
    received | 2026-9-8         | 2026-09-08
    received | 20260928         | 2026-09-28
    received | 2026/9/28        | 2026-09-28
    received | 2026年9月28日    | 2026-09-28
    received | ２０２６－９－２８ | 2026-09-28
    received | 9-28             | 2026-09-28
    received | 9月28号          | 2026-09-28
    received | 9.8              | 2026-09-08
    received | ９。８           | 2026-09-08
    received | 9——8             | 2026-09-08
    received | 2026.9.8         | 2026-09-08
    received | 4-1              | 2026-04-01
    received | 3-31             | refused
    received | 9-29             | refused
    received | 2-29             | refused
    received | today            | 2026-09-28
    received | 今天             | 2026-09-28
    received | yesterday        | 2026-09-27
    received | 昨天             | 2026-09-27
    received | -3d              | 2026-09-25
    received | 2026-09-29       | refused
    received | 2026-02-31       | refused
    received | 2-30             | refused
    received | 20261301         | refused
    received | 9/10             | refused
    received | 28/9             | refused
    received | 28-9             | refused
    received | 9-10-2026        | refused
    received | 10/9/2026        | refused
    received | 260928           | refused
    received | 2026-09/28       | refused
    received | 2026-09          | refused
    received | tomorrow         | refused
    received | 3d               | refused
    received | Sep 28           | refused
    promised | 9-28             | 2026-09-28
    promised | 10-8             | 2026-10-08
    promised | 1-5              | 2027-01-05
    promised | 2-29             | 2028-02-29
    disputed | 299              | 299.00
    disputed | 299.5            | 299.50
    disputed | 299.00           | 299.00
    disputed | 0                | 0.00
    disputed | 50万             | 500000.00
    disputed | 1.5万            | 15000.00
    disputed | 0.123456万       | 1234.56
    disputed | 1,299.00         | 1299.00
    disputed | ¥299元           | 299.00
    disputed | ２９９           | 299.00
    disputed | ２９９。５       | 299.50
    disputed | 50 万元          | 500000.00
    disputed | 100000000000     | 100000000000.00
    disputed | 299.999          | refused
    disputed | 0.1234567万      | refused
    disputed | -5               | refused
    disputed | 1,29             | refused
    disputed | 1e3              | refused
    disputed | nan              | refused
    disputed | inf              | refused
    disputed | 五十             | 50.00
    disputed | 299块            | 299.00
    disputed | .5               | refused
    disputed | ٣                | refused
    disputed | 100000000000.01  | refused
""")
def test_days_and_amounts(box: str, typed: str, stored: str) -> None:
    try:
        read = COMPLAINT[box].parse(typed, date(2026, 9, 28))
    except Unclear:
        read = "refused"
    assert (f"{read / 100:.2f}" if isinstance(read, int) else str(read)) == stored


@table(r"""
    line                                                                               | code
    log P001 --complainant 张三 --item 锅 --facts 坏 --kind goods --received            | 2
    log P001 --complainant 张三 --item 锅 --facts 坏 --kind goods --bought              | 2
    log P001 --complainant 张三 --item 锅 --facts 坏 --kind goods --source 分流 --referral-no 1 \
        --referred | 2
    log P001 --complainant 张三 --item 锅 --facts 坏 --kind goods --promised            | 0
    close 2026-1 --outcome settled --closed                                             | 2
    close 2026-1 --outcome advised --told                                               | 2
    close 2026-1 --outcome settled --approved                                           | 2
    close 2026-1 --outcome settled --performed                                          | 2
    close 2026-1 --outcome settled --answered                                           | 2
    close 2026-1 --outcome settled --perform-by                                         | 0
    complaint escalate 2026-1 --reason 要鉴定 --on                                      | 2
    record inquiry P001 --on                                                            | 2
    register 新店 --type other --judgement 纠纷多 --since                               | 2
    rollup 3 2026Q3 --as-of                                                             | 2
    export 6 2026Q3 --as-of                                                             | 2
    overdue --as-of                                                                     | 0
""")
def test_a_day_lies_ahead_only_where_that_makes_sense(line: str, code: str, cli: Cli) -> None:
    cli.given("log P001 --complainant 张三 --item 锅 --facts 坏 --kind goods")
    result = cli(f"{line} 2026-10-08")
    assert (
        str(result.code),
        "2026-10-08 is in the future (today is 2026-09-28)" in result.err,
    ) == (code, code == "2")


_WITH_WORDS = [box for box in (*COMPLAINT.values(), *POINT.values()) if box.kind.words]


@for_all("box", _WITH_WORDS)
def test_fixed_words_are_read_in_either_language_whatever_their_case(box: Box) -> None:
    for word in (box.kind.words or {}).values():
        for text in (word.code, word.zh, word.en, word.en.upper(), f" {word.zh} "):
            assert box.parse(text, date.min) == word.code


_DAYS = st.dates(date(2020, 1, 1), date(2040, 12, 31))


@given(_DAYS, _DAYS, st.sampled_from(["{0}-{1}", "{0}.{1}", "{0}月{1}日", "{0}月{1}号"]))
def test_a_day_without_its_year_is_at_most_180_days_back(day: date, today: date, how: str) -> None:
    text = how.format(day.month, day.day)
    try:
        assert 0 <= (today - read_day(text, today)).days <= 180
    except Misread as misread:
        latest, following = (misread.message.values[each] for each in ("latest", "following"))
        assert isinstance(latest, date) and isinstance(following, date)
        assert (today - latest).days > 180 and latest < today < following
    assert read_day(text, today, ahead=True) >= today


def test_words_of_an_option_are_told_as_they_are_read(cli: Cli) -> None:
    cli.plays("""
        $ log P001 --complainant 张三 --item 锅 --facts 坏 --category 食品 --received 上周五 \\
            --disputed 三百五
        2026-0001 is due by 2026-10-09 Fri; working days left: 4
        ! Read as: received 2026-09-25 Fri, disputed 350.00.
        ! Not stated, …
        @ zh
        $ 投诉 更正 1 --争议金额 两千 --约定答复时间 今天
        2026-0001 已更正：争议金额、约定答复时间。
        ! 读作：争议金额 2000.00。
        ! 锅 2000.00 元，…
    """)
