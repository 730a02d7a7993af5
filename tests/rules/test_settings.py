"""The settings on each day, from what was said of them."""

from datetime import date

from ledger12315.rules.settings import SETTINGS, SettingEntry, SettingHistory


def test_the_values_of_a_setting_come_in_the_order_of_their_days() -> None:
    days = [date(2026, month, 1) for month in range(4, 10)]
    said = [SettingEntry("notice_from", str(day.month), day) for day in days]
    assert [*SettingHistory(said).stretches("notice_from")] == [
        ("3", None),
        *((str(day.month), day) for day in days),
    ]


def test_on_a_day_the_last_said_by_then_holds_and_no_key_that_is_no_setting() -> None:
    """A ledger keeps there too that it is one for practice."""
    said = [
        SettingEntry("practice", "1", None),
        SettingEntry("notice_from", "5", date(2026, 4, 1)),
        SettingEntry("notice_from", "4", None),
        SettingEntry("notice_from", "9", date(2026, 7, 1)),
    ]
    found = [SettingHistory(said).on(date(2026, month, 1)) for month in (3, 5, 7)]
    assert [each["notice_from"] for each in found] == ["4", "4", "9"]
    assert [*found[0]] == [*SETTINGS]
