"""Questions one after another, with a way back, until all can be looked over and written."""

import signal
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress

import typer

from ledger12315.boxes import Box
from ledger12315.cli.face.desk import tell
from ledger12315.cli.face.drafts import Draft
from ledger12315.cli.face.lines import interrupted, undivided
from ledger12315.cli.face.offers import Offer, chosen
from ledger12315.cli.face.question import BACK, Question, agreed, decided, tell_parts
from ledger12315.cli.face.subject import Doubt, Subject
from ledger12315.errors import LedgerError, message
from ledger12315.locale import _, render

Texts = Mapping[str, str]


class Conversation:
    """One run of questions; `given` are boxes that need not be asked for."""

    def __init__(self, subject: Subject, given: Texts) -> None:
        self._subject, self._given = subject, given
        self._boxes = subject.by_key
        self._looks_over = subject.writes and len(self._boxes) > 1
        self._answers: dict[str, str] = {}  # in the order in which they were given
        self._earlier: dict[str, str] = {}
        self.certain: set[str] = set()
        self._wanted: str | None = None
        self._draft = Draft(subject.desk.path, subject.desk.command)

    def hold(self, act: Callable[[Texts], None]) -> None:
        """Ask, and hand the answers to `act`; what it refuses is asked for again."""
        self._look_at_what_was_given()
        if self._looks_over:
            tell(message("< goes back to the last answer, Ctrl-C leaves without writing."))
        with _hanging_up(), undivided():
            try:
                self._take_up_draft()
                while self._turn(act):
                    pass
            except (EOFError, KeyboardInterrupt, SystemExit) as broken:
                self._break_off(isinstance(broken, KeyboardInterrupt))
                if isinstance(broken, SystemExit):
                    raise
                raise KeyboardInterrupt from None

    def _turn(self, act: Callable[[Texts], None]) -> bool:
        """Ask for one case and write it; return whether more is to be asked."""
        if not self._answered():
            return False
        known = self._known()
        try:
            with interrupted():
                act(known)
        except LedgerError as error:
            if not self._looks_over:
                raise
            tell(error.message, *error.notes)
            self._wanted = error.box if error.box in self._boxes else None
            return True
        for kept in (self._answers, self._earlier, self.certain):
            kept.clear()
        self._subject.carried(known)
        return self._subject.goes_on(self._given)

    def _known(self) -> dict[str, str]:
        said = {**self._given, **self._answers}
        return {**self._subject.ready(said), **said}

    def _look_at_what_was_given(self) -> None:
        for key, text in self._given.items():
            if text.strip():
                self._subject.named(self._boxes[key], text)

    def _answered(self) -> bool:
        """Ask until all is looked over; return whether there is a case at all."""
        while True:
            box = self._next()
            if box is None:
                if not self._looks_over or self._looked_over():
                    return True
                continue
            answer = self._ask(box)
            if answer == BACK:
                self._go_back()
            elif answer == "" and self._subject.ends(box):
                return False
            elif answer is not None:
                self._answers.pop(box.key, None)  # what was answered last is gone back to first
                self._answers[box.key] = answer

    def _next(self) -> Box | None:
        if self._wanted is not None:
            return self._boxes[self._wanted]
        return next(self._subject.asked(self._known()), None)

    def _go_back(self) -> None:
        if self._answers:
            self._wanted, text = self._answers.popitem()
            self._earlier[self._wanted] = text

    def _ask(self, box: Box) -> str | None:
        """Return the answer to a box, BACK, or None where another is to be asked for first."""
        known = self._known()
        before = self._earlier.get(box.key) or known.get(box.key, "")
        question = Question(self._subject, box, known, before)
        while (answer := question.ask()) is not None and not question.final(answer):
            try:
                question.check(answer)
            except LedgerError as error:
                tell(error.message)
                continue
            if self._sure(box, answer):
                break
        self._wanted = question.instead
        return answer

    def _sure(self, box: Box, answer: str) -> bool:
        today = self._subject.today
        why = box.kind.doubt(box.parse(answer, today), today)
        return why is None or self._confirmed(Doubt(why))

    def _confirmed(self, doubt: Doubt) -> bool:
        """Ask once more whether it is right, unless that was said before."""
        why = render(doubt.why)
        if why in self.certain:
            return True
        tell(why)
        if certain := agreed(_(doubt.question)):
            self.certain.add(why)
        return certain

    def _doubted(self) -> bool:
        """Ask once more for what would surprise; return whether a box is to be mended."""
        for doubt in self._subject.doubts(self._known()):
            if not self._confirmed(doubt) and doubt.box:
                self._wanted = doubt.box
                return True
        return False

    def _looked_over(self) -> bool:
        """Show what is to be written, and return whether it may be."""
        if self._doubted():
            return False
        shown = self._sheet()
        for number, (key, text) in enumerate(shown.items(), 1):
            tell(f"{number:>3} {render(self._boxes[key].name)}: {text}")
        rest = [key for key in self._boxes if key not in (*shown, *self._subject.fixed)]
        while (
            answer := decided(_("Write it? [y/n/<, a number to change it, + for more]"))
        ) != "y":
            if answer == "n":
                tell(message("Nothing was written."))
                raise typer.Exit(130)
            if answer == BACK:
                self._go_back()
                return False
            if answer == "+":
                names = (render(self._boxes[key].name) for key in rest)
                tell_parts(f"{number} {name}" for number, name in enumerate(names, len(shown) + 1))
            elif place := chosen([Offer(key) for key in (*shown, *rest)], answer):
                self._wanted = place.text
                return False
        return True

    def _sheet(self) -> dict[str, str]:
        """Return what is seen of each box that is filled."""
        known = self._known()
        shown = {**self._subject.stored(known)}
        for key, text in known.items():
            shown.pop(key, None)
            if text.strip():
                shown[key] = self._seen(self._boxes[key], text)
        wanted = (key for key in self._boxes if key in shown and key not in self._subject.fixed)
        return {key: shown[key] for key in wanted}

    def _seen(self, box: Box, text: str) -> str:
        seen = self._subject.named(box, text)
        given = box.kind.masked and box.key not in self._answers
        return box.kind.hide(seen) if given else seen

    def _take_up_draft(self) -> None:
        kept = self._draft.read() if self._looks_over else {}
        known = {key: text for key, text in kept.items() if key in self._boxes}
        if known:
            tell(message("There is one that was broken off, answers: {count}.", count=len(known)))
            if agreed(_("Go on with it? [y/n]")):
                self._answers |= known
            self._draft.forget()

    def _break_off(self, somebody: bool) -> None:
        """Keep the answers for the next time; whoever is there is asked."""
        if not self._answers or not self._looks_over:
            return
        if hasattr(signal, "SIGHUP"):  # the end comes twice, and what is kept is kept whole
            signal.signal(signal.SIGHUP, signal.SIG_IGN)
        with suppress(EOFError, KeyboardInterrupt, OSError):
            if somebody and not agreed(_("Keep the answers for the next time? [y/n]")):
                return
            unwritten = self._known().items() - self._given.items()
            if self._draft.keep(dict(unwritten)):
                tell(message("The answers are kept: the same command goes on with them."))


@contextmanager
def _hanging_up() -> Iterator[None]:
    """Let the program exit, its answers kept, when its window is closed, if the system tells."""
    if not hasattr(signal, "SIGHUP"):
        yield
        return
    before = signal.signal(signal.SIGHUP, _hang_up)
    try:
        yield
    finally:
        signal.signal(signal.SIGHUP, before)


def _hang_up(number: int, _frame: object) -> None:
    sys.exit(128 + number)  # any other error a loop of events would only report
