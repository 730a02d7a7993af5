"""One question: how a box is asked for, until an answer is accepted."""

from collections.abc import Callable, Iterable, Sequence
from shutil import get_terminal_size

from ledger12315.boxes import Box
from ledger12315.cli.asking.menu import EMPTY, Answer, Asks, Menu, read_answer
from ledger12315.cli.asking.questions import SHARED, Asked, Asking, Doubt, Questions
from ledger12315.cli.face.desk import Desk, tell
from ledger12315.cli.face.lines import BACK, can_edit_lines, read_decision, read_line
from ledger12315.cli.face.prompts import Offer, Prompt
from ledger12315.cli.face.terminals import (
    on_lines,
    on_screen,
    safe,
    terminal_columns,
    terminal_width,
)
from ledger12315.errors import LedgerError, Left, Message, Unclear, message
from ledger12315.ledger.complaints.recent import REMEMBERED
from ledger12315.locale import _, render

_BESIDE_OFFER, _WIDEST_OFFER = 5, 58
"""The columns of a menu that no offer fills, and those of an offer that it does not cut.

The menu of prompt_toolkit makes columns of 60 and more half as wide.
"""


class Question:
    """A question at the terminal for one box.

    `key` names the `box`. `before` is the earlier answer. If the question `may_end` the
    conversation, an empty answer ends it. The `unchecked` answer is always accepted.
    """

    def __init__(
        self,
        table: Questions,
        asking: Asking,
        key: str,
        before: str = "",
        may_end: bool = False,
        unchecked: str = "",
    ) -> None:
        self.key, self.box = key, asking.boxes[key]
        self._table, self._asking, self._row = table, asking, table.row(key)
        self._keeps, self._may_end, self._unchecked = table.keeps(key), may_end, unchecked
        self.required = self._row.must_be_filled(asking) and not self._keeps
        self.instead: str | None = None
        self._offer(self._row.offered(asking))
        self._found: dict[str, str | LedgerError] = {}
        self._proposal = before or ("" if self._keeps else self._row.proposed(asking))
        # A short answer is typed again; a text is edited.
        self._text = before if self.box.kind.mended else ""
        self._tell_offers()

    def _offer(self, offers: Sequence[Offer]) -> None:
        """Make the menu, and behind it the digits of other boxes."""
        self._menu = Menu(offers, fixed=bool(self.box.kind.offered and offers))
        known = [each for each in self._row.leads if self._asking.known.get(each)]
        places = enumerate(known, len(self._menu.every) + 1)
        self._leads = {str(place): each for place, each in places}

    def _tell_offers(self) -> None:
        """Print what can be answered but is not listed, or not in full, below the line."""
        leads = ((place, self._table.row(key)) for place, key in self._leads.items())
        tell_parts(f"{place} {row.named_and_seen(self._asking)}" for place, row in leads)
        listed = self._menu.listed()
        most = min(terminal_columns() - _BESIDE_OFFER, _WIDEST_OFFER)
        if can_edit_lines():
            listed = [each for each in listed if terminal_width(each.listed) > most]
        tell_parts(each.listed for each in listed)
        if self._row.names and (more := self._menu.unlisted):
            tell(message("Not listed: {count} more. Type a part of one to find it.", count=more))

    def answer(self, typed: str = "") -> str | None:
        """Return an accepted answer, or BACK; None if another box is to be asked for.

        The first may be `typed` already. What is wrong is asked again, and what is typed at a
        doubt replaces the doubted answer. Raises EOFError if the terminal is closed.
        """
        decision = typed or "n"
        while decision != "y":
            if decision == BACK:
                return BACK
            said = self.read(self._ask_line() if decision == "n" else decision)
            self.instead = self._leads.get(said.text)
            if self.instead or (self._keeps and not (said.refused or said.text)):
                return None
            answer = "" if self._leaves_empty(said.text) else said.text
            if not said.refused and self._is_final(answer):
                break
            decision = self._decision_on(said)
        return answer

    def _decision_on(self, said: Answer) -> str:
        """Return y for a right answer, n for a wrong one, else what is typed at its doubt."""
        try:
            why = self._doubt_about(said)
            return decide(self._asking, Doubt(why, self.key)) if why else "y"
        except LedgerError as error:
            tell(error.message)
            if error.readings:
                self._proposal = ""
                self._offer([*map(Offer, error.readings)])
                self._tell_offers()
            return "n"

    def read(self, typed: str) -> Answer:
        """Return how a typed text is read."""
        asks = Asks(
            self.box,
            self._menu,
            leads={*self._leads, *filter(None, [self._unchecked])},
            offering=bool(self._menu.every or self._leads) or self.key in REMEMBERED,
            line=self._text if can_edit_lines() else "",
            enter=self._proposal,
            looked_up=bool(self._row.names),
            empty=not self.required,
        )
        return read_answer(typed, asks)

    def _ask_line(self) -> str:
        offers, shown = self._menu.listed, self._shown
        return read_line(Prompt(self._label(), self._text, offers, shown, self._enter_value))

    def _leaves_empty(self, text: str) -> bool:
        return not self.required and self.box.emptied(text)

    def _is_final(self, answer: str) -> bool:
        """Return whether an answer needs no check: it goes back, or is empty and may be."""
        may_be_empty = self._may_end or not self.required
        return answer == BACK or (answer in ("", self._unchecked) and bool(answer or may_be_empty))

    def _doubt_about(self, said: Answer) -> Message | None:
        """Return the doubt about an answer, if any; one that is wrong stays to be edited.

        Raises Unclear and Refused.
        """
        mended, label = self.box.kind.mended, self.box.label
        if said.refused:
            raise Unclear(said.refused.id, **said.refused.values)
        seen = None if self._says_nothing(said.text) else self._find(said.text)
        if not isinstance(seen, str):
            self._text = said.text if mended else ""
        if seen is None:
            raise Unclear("{box}: an answer is needed; ? explains it.", box=label)
        if isinstance(seen, LedgerError):
            raise seen
        value = self.box.parse(said.text, self._asking.today)
        return self._asking.doubt(self.key, value) or said.doubt

    def _says_nothing(self, answer: str) -> bool:
        return self.box.emptied(answer) or (answer == EMPTY and not self._row.names)

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

    def _shown(self, typed: str) -> str:
        """Return the text that stands on the line after Enter."""
        said = self.read(typed)
        return typed.strip() if said.refused else self._seen(said.text)

    def _seen(self, answer: str) -> str:
        seen = self._find(answer) if answer not in ("", BACK) else answer
        return answer if isinstance(seen, LedgerError) else seen

    def _enter_value(self, typed: str) -> str:
        """Return the value that Enter gives for a typed text, if it reads otherwise.

        A value that has to be looked up is shown only after Enter.
        """
        said = self.read(typed) if typed.strip() else Answer("")
        if said.refused or said.text in ("", BACK, EMPTY, *self._leads):
            return ""
        offers = (each.shown for each in self._menu.every if each.text == said.text)
        looked_up = self._row.names or self.box.kind.mended
        meant = next(offers, "") or ("" if looked_up else self._seen(said.text))
        return "" if meant == typed.strip() else meant

    def _find(self, answer: str) -> str | LedgerError:
        if answer not in self._found:
            try:
                self._found[answer] = self._row.seen(self._asking, answer)
            except LedgerError as error:
                self._found[answer] = error
        return self._found[answer]


def decide(asking: Asking, doubt: Doubt) -> str:
    """Return y, n, BACK, or the text that was typed to replace the answer of the doubted box.

    A doubt that somebody has answered with y is not raised again.
    """
    why = render(doubt.why)
    if why in asking.certain:
        return "y"
    tell(why)
    while not (decision := read_decision(_(doubt.question))) or not (
        doubt.box or decision in ("y", "n", BACK)
    ):
        pass
    if decision == "y":
        asking.certain.add(why)
    return decision


def ask(
    desk: Desk,
    box: Box,
    find: Callable[[Desk, str], str | None] | None = None,
    before: str = "",
    unchecked: str = "",
    typed: str = "",
) -> str:
    """Return the answer to one question, or BACK; Enter keeps the earlier one, `before`.

    The `unchecked` answer is returned as it is; the first may be `typed` already. Raises Left.
    """
    row = SHARED.get(box.key, Asked(box.key))
    table = Questions((row._replace(names=find or row.names),))
    try:
        asking = Asking(desk, [box], {})
        question = Question(table, asking, box.key, before, unchecked=unchecked)
        return question.answer(typed) or ""
    except (EOFError, KeyboardInterrupt):
        raise Left from None


def tell_lines(lines: Sequence[str]) -> None:
    """Print lines so that all of them are visible above the next question."""
    rows = get_terminal_size().lines - 2
    tell(*on_screen([safe(line) for line in lines], terminal_columns(), rows))


def tell_parts(parts: Iterable[str]) -> None:
    """Print short parts, as many on each line as fit."""
    tell(*on_lines((f"{part}  " for part in parts), terminal_columns()))
