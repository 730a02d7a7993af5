"""One question: how a box is asked for, and how its answer is read."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property
from shutil import get_terminal_size

from ledger12315.boxes import Box
from ledger12315.boxes.reading import to_half_width
from ledger12315.cli.asking.offers import Offers
from ledger12315.cli.asking.questions import SHARED, Asked, Asking, Questions
from ledger12315.cli.face.desk import Desk, tell
from ledger12315.cli.face.lines import BACK, can_edit_lines, read_line
from ledger12315.cli.face.safety import on_lines, on_screen, safe
from ledger12315.cli.face.terminals import Prompt, terminal_columns
from ledger12315.errors import LedgerError, Left, Unclear, message
from ledger12315.locale import _, render
from ledger12315.words import Vocabulary

_EMPTY = "-"


class Question:
    """A question at the terminal for one box.

    `key` names the `box`. `before` is the earlier answer. If the question `may_end` the
    conversation, an empty answer ends it.
    """

    def __init__(
        self,
        table: Questions,
        asking: Asking,
        key: str,
        before: str = "",
        may_end: bool = False,
    ) -> None:
        self.key, self.box = key, asking.boxes[key]
        self._asking, self._row = asking, table.row(key)
        self._keeps, self._may_end = table.keeps(key), may_end
        self.required = self._row.must_be_filled(asking) and not self._keeps
        self.instead: str | None = None
        offers = self._row.offered(asking)
        self._offers = Offers(offers, fixed=bool(self.box.kind.offered and offers))
        known = [each for each in self._row.leads if asking.known.get(each)]
        places = enumerate(known, len(self._offers.every) + 1)
        self._leads = {str(place): each for place, each in places}
        self._signs = {*self._leads, *self._offers.by_sign}
        self._takes_several = self.box.kind.entry == "several"
        self._found: dict[str, str | LedgerError] = {}
        self._proposal = before or ("" if self._keeps else self._row.proposed(asking))
        # A short answer is typed again; a text is edited.
        self._text = before if self.box.kind.mended else ""
        self._tell_offers(table)

    def _tell_offers(self, table: Questions) -> None:
        """Print what can be answered but is not listed below the line."""
        leads = ((place, table.row(key)) for place, key in self._leads.items())
        tell_parts(f"{place} {row.named_and_seen(self._asking)}" for place, row in leads)
        if not can_edit_lines():
            tell_parts(each.listed for each in self._offers.listed())
        if self._row.names and (more := self._offers.unlisted):
            tell(message("Not listed: {count} more. Type a part of one to find it.", count=more))

    def ask(self) -> str | None:
        """Return the answer in full; None if another box is to be asked for.

        Raises EOFError if the terminal is closed.
        """
        prompt = Prompt(
            self._label(),
            self._text,
            self._offers.listed,
            self._meant,
            self._seen,
            self._enter_value,
            self._at_once,
        )
        answer = read_line(prompt)
        self.instead = self._leads.get(to_half_width(answer))
        if self.instead or (not answer and self._keeps):
            return None
        return self._emptied(answer)

    def take(self, typed: str) -> str:
        """Return the answer that was typed at its doubt."""
        return self._emptied(self._meant(typed))

    def _emptied(self, answer: str) -> str:
        return "" if not self.required and self.box.emptied(answer) else answer

    def final(self, answer: str) -> bool:
        """Return whether an answer needs no check: it goes back, or is empty and may be."""
        return answer == BACK or (not answer and (self._may_end or not self.required))

    def check(self, answer: str) -> None:
        """Raise Unclear or Refused for an unacceptable answer; a text stays to be edited."""
        label = self.box.label
        if not {*"\t\n"}.isdisjoint(answer) and answer != self._text:
            raise Unclear("Paste one cell at a time: a row or several lines are no answer.")
        says_nothing = self.box.emptied(answer) or (answer == _EMPTY and not self._row.names)
        seen = None if says_nothing else self._find(answer)
        if not isinstance(seen, str):
            self._text = answer if self.box.kind.mended else ""
        if seen is None:
            raise Unclear("{box}: {problem}.", box=label, problem=message("it is empty"))
        in_sight = self.box.kind.offered and self._offers.every
        if isinstance(seen, LedgerError) and in_sight:
            raise Unclear("{box}: {text} is not one of these words.", box=label, text=answer)
        if isinstance(seen, LedgerError):
            raise seen

    def _name(self) -> str:
        """Return the names of the boxes that an answer fills."""
        filled = [key for key in self._row.fills if key not in self._asking.known]
        name = render([self._asking.boxes[key].name for key in (*filled, self._row.key)])
        unit = render(self.box.kind.unit or self._row.says(self._asking))
        return name + _(" ({unit})").format(unit=unit) if unit else name

    def _label(self) -> str:
        asked = self._name()
        if self._proposal and not self._is_mended():
            return f"{asked} [{self._seen(self._proposal)}]"
        if self._keeps:
            return asked + _(" (Enter: keep it, - clears it)")
        return asked + render(self._row.empty) if self._may_end or not self.required else asked

    def _is_mended(self) -> bool:
        """Return whether an answer is on the line to be edited."""
        return bool(self._text) and can_edit_lines()

    def _meant(self, typed: str) -> str:
        """Return the typed answer as it would be given without offers."""
        half = self._half(typed)
        if half in (BACK, "") or half in self._leads:
            return half or ("" if self._is_mended() else self._proposal)
        if half == _EMPTY and not self.required:
            return _EMPTY
        if words := self.box.kind.offered:
            return ",".join(self._word(words, part) for part in self._parts(half))
        offer = self._offers.taken(half)
        return offer.text if offer else typed.strip()

    def _half(self, typed: str) -> str:
        """Return the typed text in half width; BACK typed after an earlier answer is BACK."""
        half = to_half_width(typed)
        return BACK if half == to_half_width(self._text) + BACK else half

    def _parts(self, half: str) -> Iterator[str]:
        """Yield the words that were typed; among several, each digit may be one."""
        for part in self.box.kind.parts(half):
            apart = self._takes_several and part.isdecimal() and part not in self._signs
            yield from part if apart else [part]

    def _word(self, words: Vocabulary, typed: str) -> str:
        """Return the word that is named, or chosen by its sign, or else the first that fits."""
        if word := words.find(typed):
            return render(word)
        offer = self._offers.taken(typed)
        return offer.text if offer else typed

    def _at_once(self, typed: str) -> bool:
        """Return whether an answer is complete: no longer answer begins with it."""
        half = self._half(typed)
        return half == BACK or (half in self._signs and (half == "=" or self._signs_are_whole))

    @cached_property
    def _signs_are_whole(self) -> bool:
        """Whether only signs begin with a digit: at most ten words are offered."""
        words = self.box.kind.offered
        if not words or self._takes_several or max(map(len, self._signs)) > 1:
            return False
        names = (
            to_half_width(name) for word in words.values() for name in (*word[:3], *word.also)
        )
        return not any(name[0].isdecimal() for name in names)

    def _seen(self, answer: str) -> str:
        seen = self._find(answer) if answer not in ("", BACK) else answer
        return answer if isinstance(seen, LedgerError) else seen

    def _enter_value(self, typed: str) -> str:
        """Return the value that Enter gives for a typed text, if it reads otherwise.

        A value that has to be looked up is shown only after Enter.
        """
        answer = self._meant(typed) if typed.strip() else ""
        if answer in ("", BACK, _EMPTY, *self._leads):
            return ""
        offers = (each.shown for each in self._offers.every if each.text == answer)
        looked_up = self._row.names or self.box.kind.mended
        meant = next(offers, "") or ("" if looked_up else self._seen(answer))
        return "" if meant == typed.strip() else meant

    def _find(self, answer: str) -> str | LedgerError:
        if answer not in self._found:
            try:
                self._found[answer] = self._row.seen(self._asking, answer)
            except LedgerError as error:
                self._found[answer] = error
        return self._found[answer]


def ask(
    desk: Desk,
    box: Box,
    find: Callable[[Desk, str], str | None] | None = None,
    before: str = "",
    unchecked: str = "",
) -> str:
    """Return the answer to one question, or BACK; Enter keeps the earlier one, `before`.

    The `unchecked` answer is returned as it is. Raises Left.
    """
    row = SHARED.get(box.key, Asked(box.key))
    table = Questions((row._replace(names=find or row.names),))
    question = Question(table, Asking(desk, [box], {}), box.key, before)
    while True:
        try:
            answer = question.ask() or ""
            if unchecked and to_half_width(answer) == unchecked:
                return unchecked
            if not question.final(answer):
                question.check(answer)
        except LedgerError as error:
            tell(error.message)
        except (EOFError, KeyboardInterrupt):
            raise Left from None
        else:
            return answer


def tell_lines(lines: Sequence[str]) -> None:
    """Print lines so that all of them are visible above the next question."""
    rows = get_terminal_size().lines - 2
    tell(*on_screen([safe(line) for line in lines], terminal_columns(), rows))


def tell_parts(parts: Iterable[str]) -> None:
    """Print short parts, as many on each line as fit."""
    tell(*on_lines((f"{part}  " for part in parts), terminal_columns()))
