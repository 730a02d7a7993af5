"""One answer of a conversation: typed or pasted, accepted, and its doubt decided."""

from contextlib import suppress

from ledger12315.boxes.reading import to_half_width
from ledger12315.cli.asking.case import Case
from ledger12315.cli.asking.question import Question
from ledger12315.cli.asking.questions import Doubt, Questions
from ledger12315.cli.face.desk import tell
from ledger12315.cli.face.lines import ask_yes_or_no, read_decision
from ledger12315.errors import LedgerError, message
from ledger12315.locale import _, render

_LEAST_SAID = 2
"""The fewest characters of an answer other than a decision's key."""


class Answering:
    """Gets answers one at a time.

    `certain` are the doubts that somebody has said to be right; `words` were typed in place of a
    decision, and are in no box yet.
    """

    def __init__(self, table: Questions, case: Case) -> None:
        self._table, self._case = table, case
        self._boxes = case.boxes
        self._cells: list[str] = []
        self.certain: set[str] = set()
        self.words = ""

    def final_answer(self, question: Question) -> str | None:
        """Return an accepted answer, BACK, or None if another box is to be asked for first."""
        answer = self._answer(question)
        while answer is not None and not question.final(answer):
            if "\t" in answer and self._ask_for_cells(answer):
                answer = self._answer(question)
            elif accepted := self._accepted(question, answer):
                return accepted
            else:
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
            self.keep_words(answer)
        if answer == "y":
            self.certain.add(why)
        return answer

    def keep_words(self, answer: str) -> bool:
        """Keep words typed in place of a decision; return whether there are enough."""
        half = to_half_width(answer)
        if len(half) < _LEAST_SAID or half.isdecimal():
            return False
        self.words = "；".join(filter(None, (self.words, answer)))
        if box := self._table.words:
            name = self._boxes[box].name
            tell(message("{words} is kept for this box: {box}.", words=answer, box=name))
        else:
            tell(message("{words}: type a number to say which box it belongs to.", words=answer))
        return True

    def may_drop_words(self) -> bool:
        """Return whether words that are in no box may be dropped."""
        question = _("Write it without {words}? [y/n]").format(words=self.words)
        return not self.words or ask_yes_or_no(question)

    def _answer(self, question: Question) -> str | None:
        """Return the next answer: a cell of a pasted row, if any is left, or a typed one."""
        if not self._cells:
            return question.ask()
        cell = self._cells.pop(0)
        if not cell and question.required:
            return question.ask()
        return question.take(cell)

    def _ask_for_cells(self, answer: str) -> bool:
        """Ask whether a pasted text is a row of a table, with one cell for each question."""
        cells = [each.strip() for each in answer.strip("\r\n").split("\t")]
        tell(message("It looks like a row pasted from a table; cells: {count}.", count=len(cells)))
        if taken := ask_yes_or_no(_("Take the cells in the order of the questions? [y/n]")):
            self._cells = cells
        return taken

    def _accepted(self, question: Question, answer: str) -> str | None:
        """Return an answer if it is accepted, or the one typed at its doubt; print why not."""
        try:
            question.check(answer)
        except LedgerError as error:
            tell(error.message)
            return None
        box, today = question.box, self._case.today
        why = box.kind.doubt(box.parse(answer, today), today)
        decision = self.decide(Doubt(why, question.key)) if why else "y"
        if decision == "n":
            return None
        return answer if decision == "y" else question.take(decision)

    def _answers_better(self, key: str, text: str) -> bool:
        """Return whether a text is clearly another answer for a box, and not doubtful."""
        if not key or not self._boxes[key].kind.distinct or len(to_half_width(text)) < _LEAST_SAID:
            return False
        box, today = self._boxes[key], self._case.today
        with suppress(LedgerError):
            return box.kind.doubt(box.parse(text, today), today) is None
        return False
