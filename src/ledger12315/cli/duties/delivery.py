"""The delivery of a message by apprise, and the reason where it failed, without any key."""

import logging
import re
import socket
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

from ledger12315.errors import Message, Unclear, Unusable, message

_WHY: Mapping[type[BaseException], Message] = {
    TimeoutError: message("there was no answer in time"),
    ConnectionRefusedError: message("the connection was refused"),
    socket.gaierror: message("no computer of this name was found, or there is no network"),
}


def send_message(addresses: Sequence[str], title: str, body: str) -> list[Message]:
    """Send a message, unless its body is empty; return the addresses it did not reach.

    They are named by their position, since most contain a key. Raises Unclear for a text that is
    not an address, Unusable if apprise is not installed.
    """
    try:
        from apprise import Apprise
    except ImportError:
        raise Unusable('To send messages install: pip install "apprise<3"') from None
    with _listen_to_apprise() as heard:
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
def _listen_to_apprise() -> Iterator[_Heard]:
    logger, heard = logging.getLogger("apprise"), _Heard()
    logger.addHandler(heard)
    try:
        yield heard
    finally:
        logger.removeHandler(heard)
