"""What stands in the ledger, to be amended: the filled form is shown, and boxes are chosen."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress

from ledger12315.boxes import Box
from ledger12315.boxes.kinds import Value
from ledger12315.cli.face.asking import changes_of
from ledger12315.cli.face.desk import Desk
from ledger12315.cli.face.subject import Doubt, Known, Subject
from ledger12315.errors import LedgerError, Message, message


class Amendment(Subject):
    """A row to be amended: its first box names it, and `form` returns what stands in its boxes.

    `doubts` returns what is asked once more of what is to change, and the box that would mend it.
    """

    keeps = True

    def __init__(
        self,
        desk: Desk,
        boxes: Sequence[Box],
        form: Callable[[str], Mapping[str, str]],
        doubts: Callable[[str, Mapping[str, Value | None]], Iterable[tuple[Message, str]]],
    ) -> None:
        super().__init__(desk, boxes, find=self._found)
        self._form, self._doubts, self.fixed = form, doubts, (boxes[0].key,)
        self._stored: tuple[str, Mapping[str, str]] = "", {}

    def _found(self, word: str) -> str:
        self.stored({self.boxes[0].key: word})
        return word

    def asked(self, known: Known) -> Iterator[Box]:
        if self.boxes[0].key not in known:
            yield self.boxes[0]

    def required(self, box: Box, known: Known) -> bool:
        return box is self.boxes[0]

    def nothing(self, box: Box, known: Known) -> Message | str:
        return message(" (Enter: as it is, - empties it)")

    def doubts(self, known: Known) -> Iterator[Doubt]:
        with suppress(LedgerError):  # which is told where it is written
            for why, box in self._doubts(*changes_of(self.boxes, known, self.desk)):
                yield Doubt(why, box)

    def stored(self, known: Known) -> Known:
        word = str(self.value(known, self.boxes[0].key))
        if self._stored[0] != word:
            self._stored = word, self._form(word)
        return self._stored[1]
