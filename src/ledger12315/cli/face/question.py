"""One question: how a box is asked for, and what an answer to it stands for."""

from collections.abc import Callable, Iterable

from ledger12315.boxes import Box
from ledger12315.boxes.reading import folded
from ledger12315.cli.face.desk import Desk, tell
from ledger12315.cli.face.lines import Prompt, edits
from ledger12315.cli.face.offers import MOST, Offer, chosen, in_letters, listed, matching
from ledger12315.cli.face.safety import on_lines
from ledger12315.cli.face.subject import Known, Subject
from ledger12315.cli.face.terminals import terminal_columns
from ledger12315.errors import LedgerError, Unclear, message
from ledger12315.locale import _, render

BACK = "<"
_EMPTY = "-"
_WORDS = {"yes": "y", "是": "y", "no": "n", "否": "n"}
_KEYS = ("y", "n", BACK, "+")


class Question:
    """A box that is asked for; `before` is what was answered there already."""

    def __init__(self, subject: Subject, box: Box, known: Known, before: str) -> None:
        self._subject, self._box, self._known = subject, box, known
        self.required = subject.required(box, known)
        self.instead: str | None = None
        self._offers = list(subject.offers(box, known))
        leads = [key for key in subject.leads.get(box.key, ()) if known.get(key)]
        first = len(box.kind.offered or ()) + 1
        self._leads = {str(place): key for place, key in enumerate(leads, first)}
        self._proposal = before or subject.proposed(box, known)
        self._named: dict[str, str | LedgerError] = {}
        # A day or a word is soon typed anew; a text is mended.
        mended = box.kind.entry == "text" and not self._offers
        self._text = before if mended else ""
        self._introduce()

    def _introduce(self) -> None:
        parts = []
        for place, key in self._leads.items():
            box = self._subject.by_key[key]
            named = self._subject.named(box, self._known[key])
            parts.append(f"{place} {render(box.name)} {named}")
        tell_parts(parts)
        if not edits():
            tell_parts(listed(self._offered("")))

    def ask(self) -> str | None:
        """Return the answer as it was meant; None where another box is to be asked for.

        Raises EOFError if there is nobody any more.
        """
        meant, seen, at_once = self._meant, self._seen, self._at_once
        answer = Prompt(self._label(), self._text, self._offered, meant, seen, at_once).read()
        self.instead = self._leads.get(folded(answer))
        if self.instead or (not answer and self._subject.keeps):
            return None
        return "" if answer == _EMPTY and not self.required else answer

    def final(self, answer: str) -> bool:
        """Return whether an answer needs no check: it goes back, or nothing has to be there."""
        may_end = not self.required or self._subject.ends(self._box)
        return answer == BACK or (not answer and may_end)

    def check(self, answer: str) -> None:
        """Raise Unclear or Refused if an answer cannot be taken; it is put there to be mended."""
        empty = Unclear("{box}: {problem}.", box=self._box.label, problem=message("it is empty"))
        named = self._name(answer) if answer else empty
        if isinstance(named, LedgerError):
            self._text = "" if self._offers else answer
            raise named

    def _label(self) -> str:
        asked = render(self._box.name)
        if unit := self._box.kind.unit:
            asked += _(" ({unit})").format(unit=render(unit))
        if self._proposal and not self._mended():
            return f"{asked} [{self._seen(self._proposal)}]"
        if not self.required or self._subject.ends(self._box):
            asked += render(self._subject.nothing(self._box, self._known))
        return asked

    def _mended(self) -> bool:
        """Return whether an answer stands on the line to be mended."""
        return bool(self._text) and edits()

    def _offered(self, typed: str) -> list[Offer]:
        found = matching(self._offers, typed) if folded(typed) else self._offers
        return found if self._box.kind.offered else found[:MOST]

    def _half(self, typed: str) -> str:
        """Return in half width what was typed; BACK also behind an answer that stood there."""
        half = folded(typed)
        return BACK if half == folded(self._text) + BACK else half

    def _meant(self, typed: str) -> str:
        half = self._half(typed)
        if half in (BACK, "") or half in self._leads:
            return half or ("" if self._mended() else self._proposal)
        if half == _EMPTY and not self.required:
            return _EMPTY
        if self._box.kind.offered:
            return ",".join(map(self._word, self._box.kind.parts(half)))
        offer = None if self._box.kind.digits else chosen(self._offers[:MOST], half)
        if not offer and in_letters(half):
            offer = next(iter(self._offered(half)), None)
        return offer.text if offer else typed.strip()

    def _word(self, typed: str) -> str:
        """Return the word that is named, else listed, else the first that is offered."""
        words = self._box.kind.offered
        if words and (word := words.find(typed)):
            return render(word)
        found = chosen(self._offers, typed) or next(iter(self._offered(typed)), None)
        return found.text if found else typed

    def _at_once(self, typed: str) -> bool:
        half = self._half(typed)
        if half == BACK or half in self._leads:
            return True
        several = len(self._box.kind.parts("12")) > 1
        # Of more than ten some have two digits, and the first may be the whole of another.
        few = self._box.kind.offered and not several and len(self._offers) <= 10
        return bool(few and chosen(self._offers, half))

    def _seen(self, answer: str) -> str:
        named = self._name(answer) if answer not in ("", BACK) else answer
        return answer if isinstance(named, LedgerError) else named

    def _name(self, answer: str) -> str | LedgerError:
        if answer not in self._named:
            try:
                self._named[answer] = self._subject.named(self._box, answer)
            except LedgerError as error:
                self._named[answer] = error
        return self._named[answer]


def ask(
    desk: Desk, box: Box, find: Callable[[str], str | None] | None = None, before: str = ""
) -> str:
    """Return the answer to one question, or BACK; Enter takes what was there `before`.

    Raises KeyboardInterrupt if there is nobody any more.
    """
    question = Question(Subject(desk, (box,), find, writes=False), box, {}, before)
    while True:
        try:
            answer = question.ask() or ""
            if not question.final(answer):
                question.check(answer)
        except LedgerError as error:
            tell(error.message)
        except EOFError:
            raise KeyboardInterrupt from None
        else:
            return answer


def agreed(question: str) -> bool:
    """Return whether a question is answered with yes; Enter is no answer."""
    while (answer := decided(question)) not in ("y", "n"):
        pass
    return answer == "y"


def decided(question: str) -> str:
    """Return `y` or `n`, in whichever way it was typed, else what was typed in half width."""
    prompt = Prompt(question, meant=_decision, at_once=lambda typed: _decision(typed) in _KEYS)
    return prompt.read()


def _decision(typed: str) -> str:
    half = folded(typed).casefold()
    return _WORDS.get(half, half)


def tell_parts(parts: Iterable[str]) -> None:
    """Print short parts beside each other, as many as a line takes."""
    tell(*on_lines((f"{part}  " for part in parts), terminal_columns()))
