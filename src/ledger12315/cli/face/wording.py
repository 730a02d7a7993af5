"""Sentences that several commands say."""

from ledger12315.errors import Message, message


def provisional_mark(provisional: bool) -> Message | str:
    """Return what stands behind a date that a notice not known yet could move."""
    if provisional:
        return message(" (provisional: the holiday notice it depends on is not known)")
    return ""
