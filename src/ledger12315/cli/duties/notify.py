"""A message to a chat or mailbox about work to do: counts and numbers, never a name."""

import logging
import re
import socket
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from typing import NamedTuple

from ledger12315.errors import LedgerError, Message, Unclear, Unusable, message
from ledger12315.locale import day_words, render
from ledger12315.words import OWED

_NAMED = 20
"""The most numbers of a kind in a message; chats cut long ones."""


class Duty(NamedTuple):
    """One entry of a message: its kind, its number, and how many it counts for."""

    kind: str
    number: str | None = None
    many: int = 1


def send(
    addresses: Sequence[str], station: str, day: date, owed: Sequence[Duty]
) -> LedgerError | None:
    """Send a station's duties, if any, to the addresses; return an error if that failed.

    Raises Unclear, Unusable.
    """
    if not addresses:
        return None

    title = message("12315 ledger of {station}, {day}", station=station, day=day_words(day))
    failed = undelivered(addresses, render(title), "\n".join(_owed_lines(owed)))
    return Unusable("The message was not delivered to every address.", *failed) if failed else None


def _owed_lines(owed: Sequence[Duty]) -> Iterable[str]:
    for kind, word in OWED.items():
        of_kind = [each for each in owed if each.kind == kind]
        if count := sum(each.many for each in of_kind):
            numbers = [each.number for each in of_kind if each.number]
            more = ["…"] if numbers[_NAMED:] else []
            line = message("{kind}: {count}", kind=word, count=count)
            yield f"{render(line)}  {render(numbers[:_NAMED] + more)}".rstrip()


_WHY: Mapping[type[BaseException], Message] = {
    TimeoutError: message("there was no answer in time"),
    ConnectionRefusedError: message("the connection was refused"),
    socket.gaierror: message("no computer of this name was found, or there is no network"),
}


def undelivered(addresses: Sequence[str], title: str, body: str) -> list[Message]:
    """Send a message, unless its body is empty; return the addresses it did not reach.

    They are named by their position, since most contain a key. Raises Unclear for a text that is
    not an address, Unusable if apprise is not installed.
    """
    try:
        from apprise import Apprise
    except ImportError:
        raise Unusable('To send messages install: pip install "apprise<3"') from None
    with _listening() as heard:
        senders = {address: Apprise() for address in addresses}
        if not all(sender.add(address) for address, sender in senders.items()):
            raise Unclear(
                "--notify takes an address that messages can be sent to, such as {example}.",
                example="mailto://NAME@HOST",
            )
        failed = []
        for place, (address, sender) in enumerate(senders.items() if body else (), 1):
            heard.why = message("it was not accepted there")
            if not sender.notify(title=title, body=body):
                kind, _, _ = address.partition(":")
                failed.append(
                    message(
                        "address {place} ({kind}): {why}", place=place, kind=kind, why=heard.why
                    )
                )
    return failed


class _Heard(logging.Handler):
    """Keeps the reason of a failure, since apprise's own text may contain the key."""

    why: Message

    def emit(self, record: logging.LogRecord) -> None:
        """Keep the logged answer or the error being handled."""
        if answered := re.search(r"\berror=(\d{3})\b", record.getMessage()):
            self.why = message("the answer was {status}", status=answered[1])
        error = sys.exc_info()[1]
        while error is not None:
            for kind, why in _WHY.items():
                if isinstance(error, kind):
                    self.why = why
            error = error.__cause__ or error.__context__


@contextmanager
def _listening() -> Iterator[_Heard]:
    logger, heard = logging.getLogger("apprise"), _Heard()
    logger.addHandler(heard)
    try:
        yield heard
    finally:
        logger.removeHandler(heard)
