"""The objects that every command works with: ledger, day, and options of the answer."""

import os
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from datetime import date, datetime
from functools import cached_property
from itertools import chain, islice
from pathlib import Path
from typing import Any, TextIO, TypeVar

import typer

from ledger12315.boxes.kinds import Kind
from ledger12315.boxes.masks import NOBODY, Names
from ledger12315.boxes.reading import Misread, has_foreign_bytes, read_day
from ledger12315.cli.face import configuration
from ledger12315.cli.face.options import FLAGS, at_most_one_given
from ledger12315.cli.face.shells import hints_elsewhere
from ledger12315.cli.face.terminals import is_terminal, safe, sentence_lines, terminal_columns
from ledger12315.errors import Left, Message, Refused, Unclear, Unusable, message
from ledger12315.ledger.station import words_of
from ledger12315.ledger.store import Ledger, clock_moment
from ledger12315.ledger.store.history import Misdated, WallClock
from ledger12315.ledger.store.opening import reading, writing
from ledger12315.ledger.store.practice import practice_path, practises
from ledger12315.locale import _, render
from ledger12315.locale.hints import show_hints
from ledger12315.renamed import call_as
from ledger12315.words import PRACTICE

_Seen = TypeVar("_Seen")
_Item = TypeVar("_Item")
_HINT = "\x1e"
"""A mark before each hint in a sentence, which no line shows."""
_OF_A_FILE = r"[/\\].*[/\\]|^[A-Za-z]:\\|\.[A-Za-z]\w{1,5}$"
"""What paths, addresses and names of files have; amounts and names like 商品/服务 do not."""


class ChangesSubmitted(Refused):
    """An act would change submitted periods, and somebody is there to be asked first."""

    def __init__(self, periods: Sequence[str]) -> None:
        said = message(
            "This would change what was submitted of {periods}; nothing is written yet.",
            periods=periods,
        )
        super().__init__(said.id, **said.values)
        self.periods = periods


def path_of_ledger(given: str | None, practice: bool) -> Path:
    """Return the ledger given by `--db` or LEDGER12315_DB, else the one in the user's data folder.

    The practice ledger is a separate one in the same folder. Raises Unclear.
    """
    named = given or os.environ.get("LEDGER12315_DB")
    if not named:
        path = configuration.own_folder("data") / "ledger.sqlite"
    elif has_foreign_bytes(os.path.abspath(named)):  # noqa: PTH100 follows no link
        raise Unclear("The path of the ledger is not text in UTF-8.")
    else:
        path = Path(named)
    return practice_path(path) if practice else path


class Desk:
    """One run of one command; `format` is json, csv, mail, table (on a terminal) or tabs."""

    def __init__(self, ctx: typer.Context, **flags: Any) -> None:
        """Raise Unclear for two `flags` that exclude each other; FLAGS has all."""
        formats = at_most_one_given(flags, *(FLAGS[key] for key in ("json", "mail", "csv")))
        at_most_one_given(flags, FLAGS["from_stdin"], FLAGS["from_file"])
        self.ctx, self.reveal = ctx, flags.get("reveal", False)
        self.boxes_in = "-" if flags.get("from_stdin") else flags.get("from_file")
        """The file with the boxes; - is standard input."""
        self.revealed = False
        self._remarked: set[str] = set()
        self.agreed: set[str] = set()
        """The submitted periods that somebody agrees to change."""
        self._asked_to_practise = ctx.meta.get("practice", False)
        self.practises = False
        if self._asked_to_practise:
            self.practise()
        self.format = "table" if is_terminal(sys.stdout) else "tabs"
        if formats:
            [self.format] = formats
        if self.format == "mail":
            show_hints(hints_elsewhere(self.path))

    @cached_property
    def path(self) -> Path:
        """The ledger of this command. Raises Unclear."""
        return path_of_ledger(self.ctx.obj, self._asked_to_practise)

    @property
    def in_own_folder(self) -> bool:
        """Whether the ledger is in the user's data folder, which is made where it is missing."""
        return self.path.parent == configuration.own_folder("data")

    def practise(self) -> None:
        """Print once that the ledger is a practice ledger."""
        if not self.practises:
            self.practises = True
            tell(
                message(
                    "Practice: this is not the station's own ledger, but {path}", path=self.path
                )
            )

    def name_of_file(self, name: str) -> str:
        """Return a file's name that the program chose; no practice replaces a real file."""
        return f"{PRACTICE}_{name}" if self.practises else name

    @property
    def command(self) -> str:
        """The command's English name, also if the Chinese one was typed."""
        parent = self.ctx.parent
        group = [parent.command.name] if parent and parent.parent else []
        return " ".join(str(name) for name in (*group, self.ctx.command.name))

    @cached_property
    def today(self) -> date:
        """The date in China, or LEDGER12315_TODAY, which a note on stderr names.

        Raises Unclear, and Refused for a clock that is wrong.
        """
        rehearsed = os.environ.get("LEDGER12315_TODAY")
        real = clock_moment().date()
        if not rehearsed:
            return real
        try:
            day = read_day(rehearsed, real, ahead=True)
        except Misread as wrong:
            raise Unclear("LEDGER12315_TODAY: {problem}.", problem=wrong.message) from None
        self.remark(message("Rehearsal: {day} is used as today (LEDGER12315_TODAY).", day=day))
        return day

    @property
    def moment(self) -> datetime:
        """The time now, to the second, on the day that is used as today. Raises Unclear."""
        return datetime.combine(self.today, clock_moment().timetz().replace(microsecond=0))

    @property
    def clock(self) -> WallClock:
        """The day of an entry, and how sure it is. Raises Unclear."""
        sure = self.ctx.meta.get("clock_is_right", False)
        return WallClock(self.today, bool(os.environ.get("LEDGER12315_TODAY")), sure)

    def demand_clock(self, newest: date | None) -> None:
        """Raise Unusable if today is before the day of the newest entry that was not rehearsed.

        At a terminal that is only printed. A rehearsal's day is no clock's.
        """
        clock = self.clock
        if clock.rehearsed or clock.sure:
            return
        if newest and clock.day < newest:
            said = message(
                "The clock of this computer shows {day}, but the newest entry in the ledger is of "
                "{newest}: what is overdue today cannot be told. Correct the clock. If it is "
                "right, run: `--clock-is-right COMMAND`",
                day=clock.day,
                newest=newest,
            )
            if not self.asks:
                raise Unusable(said.id, **said.values)
            self.remark(said)

    @property
    def asks(self) -> bool:
        """Whether somebody is at the terminal to be asked."""
        return is_terminal(sys.stdin) and is_terminal(sys.stderr)

    def read(self) -> AbstractContextManager[Ledger]:
        """Open the ledger as it is at one moment. Raises Unusable."""
        return self._opened(reading(self.path, self.remark))

    def stream(self, rows: Callable[[Ledger], Iterator[_Item]]) -> Iterator[_Item]:
        """Return rows read from the ledger while they are shown; the first is read at once.

        Raises Unusable, and any error of reading the first.
        """

        def opened() -> Iterator[_Item]:
            with self.read() as ledger:
                yield from rows(ledger)

        coming = opened()
        return chain([*islice(coming, 1)], coming)

    @contextmanager
    def write(
        self, for_good: bool = False, prepare: Callable[[Ledger], object] = lambda _: None
    ) -> Iterator[Ledger]:
        """Open the ledger for one act of this command, kept in its history.

        `for_good` marks an act that cannot be undone. `prepare` does work before others have to
        wait. Raises Unusable, Misdated, ChangesSubmitted for periods that are not `agreed`, and
        Refused for an act `for_good` on the day of a rehearsal.
        """
        clock = self.clock
        if for_good and clock.rehearsed:
            raise Refused(
                "This cannot be undone, and {day} is only a rehearsal's date "
                "(LEDGER12315_TODAY). Run it without that variable.",
                day=clock.day,
            )
        with ExitStack() as opened:
            try:
                ledger = opened.enter_context(self._writing(clock, prepare))
            except Misdated as doubt:
                if not self.confirms(doubt.message):
                    raise
                ledger = opened.enter_context(self._writing(clock._replace(sure=True), prepare))
            yield ledger
            periods = self._changed(ledger)
        if periods:
            tell(
                message(
                    "This changes submitted figures of {periods}; the next return includes the "
                    "correction. See: `returns corrections {last}`",
                    periods=periods,
                    last=periods[-1],
                )
            )

    def _changed(self, ledger: Ledger) -> list[str]:
        """Return the submitted periods that the act changes. Raises ChangesSubmitted."""
        from ledger12315.ledger.returns.changed import periods_that_differ

        periods = periods_that_differ(ledger)
        if self.asks and not self.agreed.issuperset(periods):
            raise ChangesSubmitted(periods)
        return periods

    def _writing(
        self, clock: WallClock, prepare: Callable[[Ledger], object]
    ) -> AbstractContextManager[Ledger]:
        return self._opened(writing(self.path, self.command, clock, self.remark, prepare))

    @contextmanager
    def _opened(self, opening: AbstractContextManager[Ledger]) -> Iterator[Ledger]:
        """Open the ledger, and speak in its words from then on."""
        with opening as ledger:
            call_as(words_of(ledger))
            if practises(ledger):
                self.practise()
            yield ledger

    def remark(self, remark: Message) -> None:
        """Print a note on the ledger once, though a command may open it several times."""
        if (said := render(remark)) not in self._remarked:
            tell(remark)
        self._remarked.add(said)

    def agrees(self, standing: ChangesSubmitted) -> bool:
        """Return whether these submitted periods may be changed; asked once per run."""
        if agreed := self.confirms(standing.message):
            self.agreed.update(standing.periods)
        return agreed

    def demand(self, *said: Message, question: str = "", enter: str = "") -> None:
        """Show messages; raise Exit unless somebody at the terminal says yes, y or n by Enter."""
        if not self.confirms(*said, question=question, enter=enter):
            tell(message("Nothing was written."))
            raise typer.Exit(130)

    def confirms(self, *said: Message, question: str = "", enter: str = "") -> bool:
        """Show messages; return whether somebody at the terminal says yes."""
        if not self.asks:
            return False
        from ledger12315.cli.face.lines import ask_yes_or_no

        tell(*said)
        try:
            return ask_yes_or_no(question or _("Do it anyway? [y/n]"), enter)
        except (EOFError, KeyboardInterrupt):
            raise Left from None

    def mask(self, kind: Kind, text: str) -> str:
        """Return a text masked by its kind; a narrative also by all known names."""
        return kind.hide(text, self._names if kind.names_people and text else NOBODY)

    @cached_property
    def _names(self) -> Names:
        from ledger12315.ledger.people import all_names

        with self.read() as ledger:
            return Names(all_names(ledger))

    def known_phones(self, number: str) -> Sequence[str]:
        """Return the phones that the ledger knows of a complaint, former ones included."""
        return self._known_phones.get(number, ())

    @cached_property
    def _known_phones(self) -> Mapping[str, Sequence[str]]:
        from ledger12315.ledger.people import known_phones

        with self.read() as ledger:
            return known_phones(ledger)

    def visible(self, value: _Seen, hidden: _Seen) -> _Seen:
        """Return a value if names are to be revealed, else its masked form."""
        self.revealed |= self.reveal and value != hidden
        return value if self.reveal else hidden

    def disclose(self, about: str) -> None:
        """Record that names and phones are shown in full, if any are."""
        if self.revealed:
            from ledger12315.ledger.station import record_disclosure

            with self.write() as ledger:
                record_disclosure(ledger, f"{self.command} {about}".strip())


def say(*sentences: object) -> None:
    """Print answers to the clerk on stdout."""
    _print_sentences(sentences, sys.stdout)


def tell(*sentences: object) -> None:
    """Print remarks to the clerk on stderr."""
    _print_sentences(sentences, sys.stderr)


def _print_sentences(sentences: Iterable[object], stream: TextIO) -> None:
    columns = terminal_columns() if is_terminal(stream) else sys.maxsize
    for sentence in sentences:
        before, *hints = map(safe, render(sentence, _HINT).split(_HINT))
        broken = isinstance(sentence, Message) and _may_be_broken(sentence)
        lines = sentence_lines(before, columns, not broken, "".join(hints))
        print(*lines, sep="\n", file=stream)


def _may_be_broken(value: object) -> bool:
    """Return whether a sentence, or a value of it, names no file that people may copy."""
    if isinstance(value, Message):
        return all(map(_may_be_broken, value.values.values()))
    if isinstance(value, list | tuple):
        return all(map(_may_be_broken, value))
    return not (isinstance(value, Path) or re.search(_OF_A_FILE, str(value)))
