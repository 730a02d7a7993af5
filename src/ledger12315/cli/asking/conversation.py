"""Questions one after another, with a way back, until all can be looked over and written."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from datetime import date
from functools import cache, cached_property

import typer

from ledger12315.boxes.people import Name
from ledger12315.boxes.reading import to_half_width
from ledger12315.cli.asking.drafts import Draft, hanging_up, ignore_hanging_up
from ledger12315.cli.asking.menu import HOW_TO_ANSWER
from ledger12315.cli.asking.question import Question, decide, tell_lines, tell_parts
from ledger12315.cli.asking.questions import Asked, Asking, Doubt, Questions, default_of
from ledger12315.cli.face.desk import tell
from ledger12315.cli.face.lines import (
    BACK,
    ask_yes_or_no,
    cooked_terminal,
    raw_terminal,
    read_decision,
)
from ledger12315.cli.face.lookups import Texts
from ledger12315.errors import LedgerError, Left, Message, message
from ledger12315.locale import _, render

_NAMED, _SHORT = 3, 20  # short answers by which somebody knows an unfinished case again


class Conversation:
    """One run of a command's questions."""

    def __init__(self, table: Questions, asking: Asking) -> None:
        self._table, self._asking = table, asking
        self._boxes = asking.boxes
        self._current = table.current and cache(table.current)
        self._changeable = [key for key in asking.boxes if not table.is_fixed(key)]
        self._looks_over = table.writes and len(asking.boxes) > 1
        self._answers: dict[str, str] = {}  # in the order in which they were given
        self._taken_back: dict[str, str] = {}
        self._composed: dict[str, Callable[[Asking], str]] = {}  # not changed since
        self._repeated: Texts = {}
        self._wanted: str | None = None
        self._typed = ""  # at a doubt about the wanted box

    @cached_property
    def _draft(self) -> Draft:
        """The draft for the command and the complaint or point that was given, if any was."""
        given, desk = self._asking.given, self._asking.desk
        rows = [row for row in self._table.rows if row.names and row.key in given]
        found = [row.seen(self._asking, given[row.key]) for row in rows]
        return Draft(desk.path, desk.command, found)

    def run(self, act: Callable[[Texts], None]) -> None:
        """Ask, and pass the answers to `act`; a refused answer is asked for again."""
        self._begin()
        with hanging_up(), raw_terminal(), self._draft.held():
            try:
                self._take_up_draft()
                while self._turn(act):
                    pass
            except (EOFError, KeyboardInterrupt) as broken:
                self._break_off(isinstance(broken, KeyboardInterrupt))
                raise Left(written=bool(self._repeated)) from None
            except SystemExit:
                self._break_off(False)
                raise

    def _begin(self) -> None:
        """Raise Unusable or Refused before anything is asked, and say how to answer."""
        _ = self._asking.today  # a rehearsed day is named here, not behind the first question
        opening: list[Message | str] = [*self._table.opening(self._asking)]
        for key, text in self._asking.given.items():
            if text.strip():
                opening += self._named(key, text)
        if self._looks_over:
            tell(HOW_TO_ANSWER)
        tell(*opening)

    def _named(self, key: str, text: str) -> Iterator[str]:
        """Yield the name of the row given on the command line, to be checked before it changes."""
        row = self._table.row(key)
        seen = row.seen(self._asking, text)
        if row.names and self._looks_over and self._table.current is None:
            yield f"{render(self._boxes[key].name)}: {seen}"

    def _turn(self, act: Callable[[Texts], None]) -> bool:
        """Ask for one row and write it; return whether more is to be asked."""
        if not self._ask_all():
            return False
        known = self._know()
        try:
            if self._overtaken():
                return True
            with cooked_terminal():
                act(known)
        except LedgerError as error:
            if not self._looks_over:
                raise
            tell(error.message, *error.notes)
            self._wanted = error.box if error.box in self._boxes else None
            return True
        if self._looks_over:
            self._draft.forget()
        repeats = self._table.repeats
        days = self._asking.doubted_days({})
        lasting = {render(day.why) for day in days if day.box in repeats}
        self._asking.certain.intersection_update(lasting)
        for kept in (self._answers, self._taken_back, self._composed):
            kept.clear()
        self._asking.forget()
        self._repeated = {key: known[key] for key in repeats if key in known}
        return bool(repeats) and self._asking.given.keys() <= {*repeats}

    def _overtaken(self) -> bool:
        """Return whether somebody else has meanwhile changed an answered box, and say so."""
        shown = self._stored()
        if self._current:
            self._current.cache_clear()
        now = self._stored()
        changed = [key for key in self._answers if now.get(key) != shown.get(key)]
        for key in changed:
            value = now.get(key) or message("nothing")
            tell(
                message(
                    "{box} was meanwhile changed to: {value}",
                    box=self._boxes[key].name,
                    value=value,
                )
            )
        return bool(changed)

    def _know(self) -> Texts:
        """Fill the row with all given values and with defaults that are not asked for."""
        asking, rows = self._asking, self._table.rows
        asked = {row.key for row in rows}
        standing = {key: default_of(asking, key) for key in self._boxes if key not in asked}
        filled = {
            key: self._answers[row.key]
            for row in rows
            for key in row.fills
            if row.key in self._answers
        }
        known = {key: text for key, text in standing.items() if text}
        known |= {**self._repeated, **filled, **asking.given, **self._answers}
        asking.known = known
        for row in rows:
            if row.key not in known and (text := row.stands(asking)):
                known[row.key] = text
        return known

    def _ask_all(self) -> bool:
        """Ask until all answers are accepted; return whether there is a row at all."""
        while True:
            row = self._next()
            if row is None:
                if not self._looks_over or self._look_over():
                    return True
                continue
            may_end = row.ends and bool(self._repeated) and row.key not in self._answers
            answer = self._ask(row, may_end)
            if answer == BACK:
                self._go_back()
            elif answer == "" and may_end:
                return False
            elif answer is not None:
                self._keep(row.key, answer)
                self._keep_so_far()

    def _keep(self, key: str, answer: str) -> None:
        """Keep an answer, and write again the composed texts that nobody has changed."""
        self._taken_back.pop(key, None)
        self._answers.pop(key, None)
        self._answers[key] = answer  # the last answer is the first to go back to
        self._know()
        compose = self._table.row(key).composes
        if compose and answer == compose(self._asking):
            self._composed[key] = compose
        else:
            self._composed.pop(key, None)
        for each, text_of in self._composed.items():
            kept = self._answers if each in self._answers else self._taken_back
            kept[each] = text_of(self._asking)

    def _next(self) -> Asked | None:
        known = self._know()
        if self._wanted is not None:
            return self._table.row(self._wanted)
        wanted = (row for row in self._table.rows if row.key not in known)
        return next((row for row in wanted if row.when(self._asking)), None)

    def _go_back(self) -> None:
        if self._answers:
            self._wanted, text = self._answers.popitem()
            self._taken_back[self._wanted] = text
            self._keep_so_far()

    def _ask(self, row: Asked, may_end: bool) -> str | None:
        """Return the answer to a row, BACK, or None if another box is to be asked for first."""
        known, key = self._asking.known, row.key
        before = self._answers.get(key) or self._taken_back.get(key) or known.get(key, "")
        question = Question(self._table, self._asking, key, before, may_end)
        answer = question.answer(self._typed)
        self._wanted, self._typed = question.instead, ""
        return answer

    def _ask_doubts(self) -> bool:
        """Ask about surprising values; return whether a box is to be asked for again."""
        days = (Doubt(each.why, each.box) for each in self._asking.doubted_days({}))
        for doubt in (*days, *self._table.doubts(self._asking)):
            decision = decide(self._asking, doubt)
            if decision == BACK:
                self._go_back()
                return True
            if decision != "y" and doubt.box:
                self._wanted, self._typed = doubt.box, "" if decision == "n" else decision
                return True
        return False

    def _look_over(self) -> bool:
        """Show the answers, and return whether they may be written."""
        if self._ask_doubts():
            return False
        shown = self._sheet()
        places = sorted(self._changeable, key=lambda key: key not in shown)
        names = [render(self._boxes[key].name) for key in places]
        filled = enumerate(zip(names, shown.values(), strict=False), 1)
        tell_lines([f"{place:>3} {name}: {text}" for place, (name, text) in filled])
        while True:
            answer = read_decision(_("Write it? [y/n/<, a number to change it, + for more]"))
            if answer == "y":
                return True
            if answer == "+":
                more = enumerate(names[len(shown) :], len(shown) + 1)
                tell_parts(f"{place} {name}" for place, name in more)
            elif self._goes_back_to_a_box(answer, places):
                return False

    def _goes_back_to_a_box(self, answer: str, places: Sequence[str]) -> bool:
        """Note which box the answer to the sheet of answers goes back to, if to any."""
        if answer == "n":
            self._keep_draft()
            tell(Left(written=bool(self._repeated)).message)
            raise typer.Exit(130)
        half = to_half_width(answer)
        if answer == BACK:
            self._go_back()
            return True
        numbered = {str(place): key for place, key in enumerate(places, 1)}
        if half in numbered:
            self._wanted = numbered[half]
        elif answer:
            tell(message("{answer} is not one of these answers.", answer=answer))
        return self._wanted is not None

    def _sheet(self) -> dict[str, str]:
        """Return the shown text of each filled box."""
        known = self._know()
        shown = {**self._stored()}
        for key, text in known.items():
            shown.pop(key, None)
            if text.strip():
                shown[key] = self._seen(key, text)
        return {key: shown[key] for key in self._changeable if key in shown}

    def _stored(self) -> Texts:
        """Return the amended row's values in the ledger, masked as needed."""
        if not self._current:
            return {}
        return self._current(self._asking.desk, str(self._asking.value(self._table.rows[0].key)))

    def _seen(self, key: str, text: str) -> str:
        seen = self._table.row(key).seen(self._asking, text)
        kind = self._boxes[key].kind
        return kind.hide(seen) if kind.masked and key not in self._answers else seen

    def _take_up_draft(self) -> None:
        kept = self._draft.read() if self._looks_over else {}
        known = {key: text for key, text in kept.items() if key in self._boxes}
        if known:
            tell(
                message(
                    "One was not finished ({answers}). Answers kept: {count}.",
                    answers=[*self._recognised_by(known)],
                    count=len(known),
                )
            )
            while not ask_yes_or_no(_("Continue it? [y/n]")):
                if ask_yes_or_no(_("Throw these answers away? [y/n]")):
                    self._draft.forget()
                    return
            for key, text in known.items():
                self._keep(key, text)

    def _recognised_by(self, known: Texts) -> Iterator[str]:
        """Yield the masked names, and a few short answers, by which somebody knows a draft."""
        kinds = {key: self._boxes[key].kind for key in known}
        for key, text in known.items():
            if text and kinds[key].masked and isinstance(kinds[key], Name):
                yield kinds[key].hide(text)
        shown = {key: text for key, text in known.items() if not kinds[key].masked}
        short = [key for key, text in shown.items() if 0 < len(text) <= _SHORT]
        for key in short[:_NAMED]:
            row, seen = self._table.row(key), shown[key]
            with suppress(LedgerError):  # what it named may be gone
                seen = row.seen(self._asking, seen) if row.names else seen
            yield seen

    def _lasting_answers(self) -> dict[str, str]:
        """Return the answers as they can be read on any other day: 昨天 becomes its date."""
        lasting = {**self._repeated, **self._answers}
        for key, text in lasting.items():
            with suppress(LedgerError):
                value = self._boxes[key].parse(text, self._asking.today)
                lasting[key] = value.isoformat() if isinstance(value, date) else text
        return lasting

    def _break_off(self, somebody: bool) -> None:
        """Keep the answers for the next time, unless somebody says no to that."""
        if not self._answers or not self._looks_over:
            return
        ignore_hanging_up()
        drops = False
        with suppress(EOFError, KeyboardInterrupt, OSError):
            self._draft.keep(self._lasting_answers())
            drops = somebody and not ask_yes_or_no(_("Keep the answers for the next time? [y/n]"))
        with suppress(OSError):
            if drops:
                self._draft.forget()
            else:
                self._keep_draft()

    def _keep_so_far(self) -> None:
        """Keep the answers on the disk, so that a kill loses only the one that is being typed."""
        if self._looks_over:
            self._draft.keep(self._lasting_answers() if self._answers else {})

    def _keep_draft(self) -> None:
        if self._draft.keep(self._lasting_answers()):
            tell(message("The answers are kept: the same command continues from them."))
