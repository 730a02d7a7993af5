"""The settings on each day, from what was said of them."""

from datetime import date

from ledger12315.rules.settings import SettingEntry, SettingHistory


def test_the_values_of_a_setting_come_in_the_order_of_their_days() -> None:
    days = [date(2026, month, 1) for month in range(4, 10)]
    said = [SettingEntry("notice_from", str(day.month), day) for day in days]
    assert [*SettingHistory(said).stretches("notice_from")] == [
        ("3", None),
        *((str(day.month), day) for day in days),
    ]
