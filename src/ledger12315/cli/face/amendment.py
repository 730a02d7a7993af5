"""What stands in the ledger, to be amended: the filled form is shown, and boxes are chosen."""

from collections.abc import Callable, Iterator, Mapping, Sequence

from ledger12315.boxes import Box
from ledger12315.cli.face.desk import Desk
from ledger12315.cli.face.subject import Known, Subject
from ledger12315.errors import Message, message


class Amendment(Subject):
    """A row to be amended: its first box names it, and `form` returns what stands in its boxes."""

    keeps = True

    def __init__(
        self, desk: Desk, boxes: Sequence[Box], form: Callable[[str], Mapping[str, str]]
    ) -> None:
        super().__init__(desk, boxes, find=self._found)
        self._form, self.fixed = form, (boxes[0].key,)
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

    def stored(self, known: Known) -> Known:
        word = str(self.value(known, self.boxes[0].key))
        if self._stored[0] != word:
            self._stored = word, self._form(word)
        return self._stored[1]
