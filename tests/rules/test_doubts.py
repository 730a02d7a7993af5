"""Days that can hardly be meant, and the periods that titles, names and rows state."""

from collections import Counter
from datetime import date

from ledger12315.locale import render
from ledger12315.rules.doubts import DayLimits, Stretch, doubted_days, stated_periods
from tests.rows import for_all

TODAY = date(2026, 12, 1)
Q3 = Stretch("2026Q3", date(2026, 7, 1), date(2026, 9, 30))


@for_all("""
    texts                                        | stated
    甲店 2026年11月登记簿                        | 2026-11
    二〇二六年十一月                             | 2026-11
    2026.11                                      | 2026-11
    202611登记簿                                 | 2026-11
    11月份 + 2026年投诉登记簿                    | 2026-11
    报告期：2026年第三季度                       | 2026Q3
    附件2_2026Q3_东门百货                        | 2026Q3
    2026年1季度 + 2026年第二季度                 | 2026Q1、2026Q2
    2026年上半年                                 | 2026-01 - 2026-06
    2026年下半年                                 | 2026-07 - 2026-12
    2026年9-11月                                 | 2026-09 - 2026-11
    2026年10-12月                                | 2026Q4
    2026年1-12月                                 | 2026
    2026年12月                                   | 2026-12
    2026年1-11月                                 | 2026-01 - 2026-11
    2026年度 + 第四季度                          | 2026Q4
    2026年度 + 第一季度                          | 2026Q1
    东门百货消费维权点 2026年报(2025年12月1日至2026年11月30日) | 2026A
    2026年10月 + 2026年11月                      | 2026-10、2026-11
    填报日期：2026年12月1日 + 登记簿_20261130    |
    截至2026-11-30 + 12315消费维权服务点登记簿   |
    注：2026年3月起，凡分流来的投诉一律先登记再转交，并在备注栏写明单号、联系人 | 2026-03
    注：2026年3月起，凡分流来的投诉一律先登记再转交，并在备注栏写明单号、联系人。 |
""")
def test_a_period_in_a_title_or_name(texts: str, stated: str) -> None:
    found, titled = stated_periods(texts.split(" + "), {})
    assert "、".join(each.name for each in found) == stated
    assert titled == bool(stated)


@for_all("""
    rows                                  | stated
    2026-11 * 3, 2026-08 * 1, 2025-11 * 1 | 2026-11
    2026-11 * 6, 2026-07 * 1, 2026-08 * 1 | 2026-11
    2026-11 * 3, 2026-10 * 2              | 2026Q4
    2026-11 * 18, 2026-10 * 2             | 2026-11
    2026-11 * 17, 2026-10 * 3             | 2026Q4
    2026-10 * 1, 2026-11 * 1, 2026-12 * 1 | 2026Q4
    2026-11 * 2, 2026-08 * 1              |
    2026-02 * 6, 2026-05 * 6, 2025-05 * 1 | 2026
    2026-02 * 5, 2025-05 * 5              |
                                          |
""")
def test_a_period_that_most_rows_state(rows: str, stated: str) -> None:
    months = Counter[date]()
    for month, count in (each.split(" * ") for each in filter(None, rows.split(", "))):
        months[date.fromisoformat(f"{month}-01")] = int(count)
    assert [each.name for each in stated_periods(["登记簿"], months)[0]] == stated.split()


@for_all(r"""
    stated  | days                                  | doubts
            | received 2026-12-01                   |
            | received 2026-10-02                   |
            | received 2026-10-01                   | received 2026-10-01: 61 days back
            | received 2016-11-30 | received 2016-11-30: 3653 days back, before 东门商场 was \
        set up on \
        2026-01-05; probably 2026-11-30
            | received 2026-09-30 closed 2026-10-02 | received 2026-09-30: 62 days back, \
        in 2026Q3, \
        which was submitted
            | on 2026-01-04 | on 2026-01-04: 331 days back, before 东门商场 was set up on 2026-01-05
            | received 2026-01-05                   | received 2026-01-05: 330 days back
            | received 2026-07-01                   | received 2026-07-01: 153 days back, in \
        2026Q3, which was submitted
    2026-11 | received 2026-11-30 closed 2026-12-01 |
    2026-11 | received 2026-10-31 closed 2026-11-01 | received 2026-10-31: not in 2026-11
    2026-11 | received 2026-08-11 | received 2026-08-11: not in 2026-11, in 2026Q3, which was \
        submitted; probably 2026-11-08
    2025    | received 2026-02-11                   | received 2026-02-11: not in 2025
    2026-11 | received 2026-10-05 closed 2026-10-06 | received 2026-10-05: not in 2026-11 \
        + closed \
        2026-10-06: not in 2026-11
    2026-11 | received 2026-10-11 closed 2026-11-12 | received 2026-10-11: not in \
        2026-11; probably \
        2026-11-10
    2026-11 | received 2026-10-11 closed 2026-11-09 | received 2026-10-11: not in 2026-11
    2026-11 | received 2026-11-05 closed 2026-10-30 | closed 2026-10-30: not in 2026-11
""")
def test_a_day_that_can_hardly_be_meant(stated: str, days: str, doubts: str) -> None:
    """The month and day were exchanged, or it is of the year beside, where that fits."""
    words = days.split()
    given = dict(zip(words[::2], map(date.fromisoformat, words[1::2]), strict=True))
    periods, titled = stated_periods([f"{stated}年登记簿"], {})
    limits = DayLimits(TODAY, [Q3], "东门商场", date(2026, 1, 5), periods, titled)
    found = [f"{each.box} {render(each.why)}" for each in doubted_days(given, limits)]
    assert " + ".join(found) == doubts


@for_all("""
    stated  | titled | day        | found
            |        | 2026-09-30 | True None
            |        | 2026-10-01 | False None
            |        | 2025-12-20 | True 2026-12-20
    2026-11 | 1      | 2025-11-05 | False 2026-11-05
    2025    | 1      | 2025-11-05 | True None
    2025    | 1      | 2016-11-05 | False None
    2025    |        | 2016-11-05 | False None
    2026-06 |        | 2025-06-05 | False None
    2026-06 |        | 2026-05-06 | True None
""")
def test_what_is_of_a_first_import(stated: str, titled: str, day: str, found: str) -> None:
    """The ledger begins on 1 October; a slip in what a title states is named by itself."""
    periods, _ = stated_periods([f"{stated}年登记簿"], {})
    limits = DayLimits(date(2027, 2, 1), [], "东门", date(2026, 10, 1), periods, bool(titled))
    days = {"received": date.fromisoformat(day)}
    [doubted] = doubted_days(days, limits, date(2026, 10, 1))
    assert f"{doubted.early} {doubted.probably}" == found
