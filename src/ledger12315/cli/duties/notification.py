"""The message of `today` and `overdue` to the addresses of --notify."""

import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import NamedTuple

from ledger12315.boxes import Filled
from ledger12315.cli.face.configuration import configuration_file
from ledger12315.cli.face.shells import hints_elsewhere
from ledger12315.errors import LedgerError, Message, Unclear, Unusable, first_few, message
from ledger12315.ledger.complaints.overdue import Pending
from ledger12315.ledger.duties import Duty
from ledger12315.ledger.store.upkeep import note_done
from ledger12315.locale import day_words, render
from ledger12315.locale.hints import hints_shown
from ledger12315.words import OWED

_CONFIGURED = "configured", "配置"
_NOTHING_OVERDUE = message("Nothing is overdue.")
_NAMED = 20
"""The most numbers of a kind in a message; chats cut long ones."""


class Notification(NamedTuple):
    """The message of a command to the addresses in its options.

    `always` sends it on a day without duties, too. That one arrived is noted beside the ledger.
    """

    addresses: Sequence[str]
    day: date
    always: bool
    ledger: Path

    @classmethod
    def of(cls, filled: Filled, day: date, ledger: Path) -> "Notification":
        """Return a command's message of this day. Raises Unclear."""
        given = filled.lines("notify")
        addresses = [each for word in given for each in _addresses_of(word)]
        return cls(addresses, day, "always" in filled, ledger)

    def send(self, station: str, owed: Sequence[Duty], nothing: Message) -> LedgerError | None:
        """Send a station's duties; return an error if that failed. Raises Unclear, Unusable."""
        lines = [*_owed_lines(owed)] or [render(nothing)] * self.always
        return self.deliver(self.title(station), lines)

    def send_overdue(self, station: str, found: Sequence[Pending]) -> LedgerError | None:
        """Send these complaints, as `send` does with all duties."""
        late = [each.due < self.day for each in found]
        owed = [
            Duty("late" if over else "due", each.due, number=each.number)
            for over, each in zip(late, found, strict=True)
        ]
        return self.send(station, owed, _NOTHING_OVERDUE)

    def title(self, station: str) -> Message:
        """Return the message's title."""
        day = day_words(self.day)
        return message("12315 ledger of {station}, {day}", station=station, day=day)

    @contextmanager
    def telling_failures(self) -> Iterator[None]:
        """Deliver also why a ledger cannot be read: silence means that nothing is owed."""
        try:
            yield
        except Unusable as failed:
            day = day_words(self.day)
            title = message("12315 ledger {path}, {day}", path=self.ledger, day=day)
            with hints_shown(hints_elsewhere(self.ledger)):
                said = render(failed.message)
            undelivered = self.deliver(title, [said])
            failed.notes = (*failed.notes, *([undelivered.message] if undelivered else []))
            raise

    def deliver(self, title: Message, lines: Sequence[str]) -> LedgerError | None:
        """Send lines, if there are any; return an error if that failed."""
        if not self.addresses:
            return None
        from ledger12315.cli.duties.delivery import send_message  # loads logging and sockets

        failed = send_message(self.addresses, render(title), "\n".join(lines))
        if not failed:
            if lines:
                note_done(self.ledger, "notice")
            return None
        return Unusable("The message was not delivered to every address.", *failed)


def _addresses_of(word: str) -> Sequence[str]:
    """Return the configured addresses for the word that stands for them, else the word itself."""
    if word not in _CONFIGURED:
        return [word]
    if configured := os.environ.get("LEDGER12315_NOTIFY", "").split():
        return configured
    raise Unclear(
        "No address is configured. Write in {file}: {example}",
        file=configuration_file(),
        example="notify = 'wecombot://KEY'",
    )


def _owed_lines(owed: Sequence[Duty]) -> Iterable[str]:
    for kind, word in OWED.items():
        of_kind = [each for each in owed if each.kind == kind]
        if count := sum(each.many for each in of_kind):
            numbers = [each.number for each in of_kind if each.number]
            line = message("{kind}: {count}", kind=word, count=count)
            yield f"{render(line)}  {render(first_few(numbers, _NAMED))}".rstrip()
