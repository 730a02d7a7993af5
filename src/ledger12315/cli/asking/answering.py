"""One answer of a conversation: typed, accepted, and its doubt decided."""

from contextlib import suppress

from ledger12315.boxes.reading import to_half_width
from ledger12315.cli.asking.question import Question
from ledger12315.cli.asking.questions import Asking, Doubt
from ledger12315.cli.face.desk import tell
from ledger12315.cli.face.lines import read_decision
from ledger12315.errors import LedgerError
from ledger12315.locale import _, render

_LEAST_SAID = 2
"""The fewest characters of an answer other than a decision's key."""


class Answering:
    """Gets answers one at a time; `certain` are the doubts that somebody said to be right."""

    def __init__(self, asking: Asking) -> None:
        self._asking, self._boxes = asking, asking.boxes
        self.certain: set[str] = set()

    def final_answer(self, question: Question) -> str | None:
        """Return an accepted answer, BACK, or None if another box is to be asked for first."""
        answer = question.ask()
        while answer is not None and not question.final(answer):
            if accepted := self._accepted(question, answer):
                return accepted
            answer = question.ask()
        return answer

    def decide(self, doubt: Doubt) -> str:
        """Return y, n, or another answer for the doubted box.

        A doubt that somebody has answered with y is not raised again.
        """
        why = render(doubt.why)
        if why in self.certain:
            return "y"
        tell(why)
        while (answer := read_decision(_(doubt.question))) not in ("y", "n"):
            if self._answers_better(doubt.box, answer):
                return answer
        if answer == "y":
            self.certain.add(why)
        return answer

    def _accepted(self, question: Question, answer: str) -> str | None:
        """Return an answer if it is accepted, or the one typed at its doubt; print why not."""
        try:
            question.check(answer)
        except LedgerError as error:
            tell(error.message)
            return None
        box, today = question.box, self._asking.today
        why = self._asking.doubt(box.key, box.parse(answer, today))
        decision = self.decide(Doubt(why, question.key)) if why else "y"
        if decision == "n":
            return None
        return answer if decision == "y" else question.take(decision)

    def _answers_better(self, key: str, text: str) -> bool:
        """Return whether a text is clearly another answer for a box, and not doubtful."""
        if not key or not self._boxes[key].kind.distinct or len(to_half_width(text)) < _LEAST_SAID:
            return False
        box, today = self._boxes[key], self._asking.today
        with suppress(LedgerError):
            return self._asking.doubt(key, box.parse(text, today)) is None
        return False
