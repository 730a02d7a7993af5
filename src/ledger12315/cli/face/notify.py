"""A message to a chat or mailbox of what is owed: counts and numbers, never a name."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

from ledger12315.errors import LedgerError, Unclear, Unusable, message
from ledger12315.locale import day_words, render
from ledger12315.words import OWED

_NAMED = 20
"""So many numbers of a kind stand in a message; chats cut long ones."""


class Duty(NamedTuple):
    """What a message says of one that is owed: its kind, its number, how many it stands for."""

    kind: str
    number: str | None = None
    many: int = 1


def send(addresses: Sequence[str] | None, day: date, owed: Sequence[Duty]) -> LedgerError | None:
    """Send what is owed, if anything is, to the addresses, and return why it did not arrive.

    No address is shown: most hold a key. Raises Unclear for what is none, Unusable where what
    sends is not installed.
    """
    if not addresses:
        return None
    try:
        from apprise import Apprise
    except ImportError:
        raise Unusable('To send messages install: pip install "ledger12315[notify]"') from None
    import logging

    logging.getLogger("apprise").addHandler(logging.NullHandler())  # it would tell addresses
    sender = Apprise()
    if not all(map(sender.add, addresses)):
        raise Unclear(
            "--notify takes an address that messages can be sent to, such as {example}.",
            example="mailto://NAME@HOST",
        )
    title = render(message("12315 ledger, {day}", day=day_words(day)))
    if owed and not sender.notify(title=title, body="\n".join(_lines(owed))):
        return Unusable("The message did not arrive: is the address right, and the network there?")
    return None


def _lines(owed: Sequence[Duty]) -> Iterable[str]:
    for kind, word in OWED.items():
        of_kind = [each for each in owed if each.kind == kind]
        if count := sum(each.many for each in of_kind):
            numbers = [each.number for each in of_kind if each.number]
            more = ["…"] if numbers[_NAMED:] else []
            line = message("{kind}: {count}", kind=word, count=count)
            yield f"{render(line)}  {render(numbers[:_NAMED] + more)}".rstrip()
