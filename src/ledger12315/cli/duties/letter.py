"""The command for each kind of duty, and the first line of the morning's mail."""

from datetime import date

from ledger12315.errors import Message, message
from ledger12315.ledger.station import unit_name
from ledger12315.ledger.store import Ledger
from ledger12315.locale import day_words

_CLOSE = message("ledger12315 close NUMBER --outcome OUTCOME")
_ANSWERED = message("ledger12315 complaint amend NUMBER... --answered today")
_REPORTED = message("ledger12315 record amend ID --reported today")
TO_DO = {
    "late": _CLOSE,
    "due": _CLOSE,
    "promised": _ANSWERED,
    "reply_by": message("ledger12315 complaint amend NUMBER... --replied today"),
    "acceptance": message("ledger12315 complaint amend NUMBER... --accepted today"),
    "mediation": _CLOSE,
    "perform": message("ledger12315 complaint amend NUMBER... --performed today"),
    "tell": _ANSWERED,
    "archive": message("ledger12315 complaint amend NUMBER... --archive-no TEXT"),
    "return": message("ledger12315 returns status"),
    "visit": message("ledger12315 record visit POINT..."),
    "mend": message("ledger12315 point inspect POINT"),
    "lead": _REPORTED,
    "major": _REPORTED,
    "undertaking": message("ledger12315 record amend ID --fulfilled today"),
    "propose_major": message("ledger12315 record major POINT --text TEXT"),
    "propose_notice": message("ledger12315 record notice POINT --respondent NAME"),
    "untrained": message("ledger12315 record training POINT"),
    "officer": message('ledger12315 point amend POINT --officer "NAME PHONE"'),
    "file": message("ledger12315 point amend POINT --filed today"),
}
"""Kind of OWED -> the command for it; changes of the calendar need none."""
AT_ONCE = {"tell", "archive", "visit"}
"""The kinds of which a station has many, with a command that takes several."""


def first_line(ledger: Ledger, day: date, owed: Message) -> Message:
    """Return a mail's first line."""
    name = unit_name(ledger)
    return message("{station}, {day}: {owed}", station=name, day=day_words(day), owed=owed)


def to_do(kind: str) -> Message:
    """Return the instruction for a kind of OWED."""
    return message("to do: {command}", command=TO_DO[kind])
