"""A message to a chat or mailbox about work to do: counts and numbers, never a name."""

from collections.abc import Iterable, Sequence
from datetime import date

from ledger12315.errors import LedgerError, Unusable, message
from ledger12315.ledger.duties import Duty
from ledger12315.locale import day_words, render
from ledger12315.words import OWED

_NAMED = 20
"""The most numbers of a kind in a message; chats cut long ones."""


def send_duties(
    addresses: Sequence[str], station: str, day: date, owed: Sequence[Duty]
) -> LedgerError | None:
    """Send a station's duties, if any, to the addresses; return an error if that failed.

    Raises Unclear, Unusable.
    """
    if not addresses:
        return None
    from ledger12315.cli.duties.delivery import send_message  # loads logging and sockets

    title = message("12315 ledger of {station}, {day}", station=station, day=day_words(day))
    failed = send_message(addresses, render(title), "\n".join(_owed_lines(owed)))
    return Unusable("The message was not delivered to every address.", *failed) if failed else None


def _owed_lines(owed: Sequence[Duty]) -> Iterable[str]:
    for kind, word in OWED.items():
        of_kind = [each for each in owed if each.kind == kind]
        if count := sum(each.many for each in of_kind):
            numbers = [each.number for each in of_kind if each.number]
            more = ["…"] if numbers[_NAMED:] else []
            line = message("{kind}: {count}", kind=word, count=count)
            yield f"{render(line)}  {render(numbers[:_NAMED] + more)}".rstrip()
