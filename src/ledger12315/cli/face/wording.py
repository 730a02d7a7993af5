"""Sentences that several commands say."""

from ledger12315.errors import Message, message
from ledger12315.ledger.calendar import OWN
from ledger12315.words import Word


def provisional_mark(provisional: bool) -> Message | str:
    """Return what stands behind a date that a notice not known yet could move."""
    if provisional:
        return message(" (provisional: the holiday notice it depends on is not known)")
    return ""


def day_reason(reason: str, holiday: Word | None) -> Message:
    """Return a day's place in a reckoning, in words."""
    return {
        "receipt": message("day of receipt, not counted"),
        "workday": message("working day"),
        "weekend": message("weekend"),
        "holiday": message("holiday ({name})", name=holiday),
        "make_up": message("make-up working day ({name})", name=holiday),
    }[reason]


def calendar_source(notice: int, provisional: bool, holiday: Word | None) -> Message:
    """Return by what a day is worked or not, in words."""
    if holiday and holiday.code == OWN and not notice:
        return message("set by the station")
    if notice:
        return message("State Council notice {year}", year=notice)
    if provisional:
        return message("notice not known: the week and fixed holidays")
    return message("the week")
