"""Completions of a command line, for the scripts in ledger12315/completion.

The ledger is only read: nothing is repaired, upgraded, waited for or printed.
"""

import re
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import (
    AbstractContextManager,
    contextmanager,
    redirect_stderr,
    suppress,
)
from functools import partial
from io import StringIO
from typing import Any, NamedTuple

from typer import completion as typers

from ledger12315.boxes.forms import REFINED
from ledger12315.boxes.names import mask_phones
from ledger12315.cli.face.desk import Desk
from ledger12315.cli.face.help import Command, Group, fixed_words_of, names_of, options_of
from ledger12315.ledger.complaints.recent import cases_for, points_to_choose
from ledger12315.ledger.store import Ledger
from ledger12315.ledger.store.opening import glancing
from ledger12315.locale import _, by_language, render
from ledger12315.renamed import in_year_words
from ledger12315.words import Word

_MOST = 50
_WANTS_FILES = 9  # the exit code by which the shell is asked to offer names of files
_FILE_METAVARS = {"FILE", "PATH", "DIR", "FOLDER"}
_YEARS = 2
_PLAIN = r"\w[\w.·（）-]*"


class Item(NamedTuple):
    """A completion as Typer prints it."""

    value: str
    help: str | None = None
    type: str = "plain"


class _FileWanted(Exception):
    """A value is the name of a file, which the shell completes itself."""


def complete_line(root: Group) -> int:
    """Print the completions of a shell's line; return the shell's exit code.

    Errors print nothing.
    """
    with suppress(Exception), redirect_stderr(StringIO()), _without_rich():
        typers.completion_init()  # type: ignore[attr-defined]
        try:
            root.main(prog_name=root.name)
        except SystemExit as end:
            return int(end.code or 0)
        except _FileWanted:
            return _WANTS_FILES
    return 1


@contextmanager
def _without_rich() -> Iterator[None]:
    """Hide rich, which Typer loads for markup in explanations: it doubles the time."""
    known = sys.modules.setdefault("rich", None)  # type: ignore[arg-type]
    try:
        yield
    finally:
        if known is None:
            del sys.modules["rich"]


class OfferingGroup(Group):
    """A group that offers its commands and options."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Return the arguments, without the default command while a line is completed."""
        return super().parse_args(ctx, args) if args else []

    def shell_complete(self, ctx: Any, incomplete: str) -> list[Any]:
        """Return the commands that begin with a text, in the reader's language first."""
        if incomplete.startswith("-"):
            return _options(ctx, incomplete)
        named = self.commands.items()
        each = ((_own_language_first([name], [self.chinese[name]]), of.help) for name, of in named)
        return [*_names_begun(each, incomplete)]


class OfferingCommand(Command):
    """A command that offers its options and their values."""

    def __init__(self, *arguments: Any, **attributes: Any) -> None:
        super().__init__(*arguments, **attributes)
        for parameter in self.params:
            vars(parameter)["shell_complete"] = partial(_values, parameter)

    def shell_complete(self, ctx: Any, incomplete: str) -> list[Any]:
        """Return the options that begin with a text."""
        return _options(ctx, incomplete)


def _own_language_first(english: list[str], chinese: list[str]) -> list[str]:
    return by_language(chinese + english, english + chinese)


def _options(ctx: Any, typed: str) -> list[Item]:
    names = ((dict.fromkeys([*names_of(each), *each.opts]), each.help) for each in options_of(ctx))
    return [*_names_begun(names, typed)]


def _names_begun(names: Iterable[tuple[Iterable[str], str | None]], typed: str) -> Iterator[Item]:
    """Yield the first name that begins with the typed text, and its explanation."""
    for each, help_ in names:
        if name := next((name for name in each if name.startswith(typed)), None):
            yield Item(name, _(help_) if help_ else None)


def _values(parameter: Any, ctx: Any, typed: str) -> list[Item]:
    """Return the values that begin with the typed text, or else those that contain it.

    Raises _FileWanted.
    """
    if (parameter.metavar or "").strip("[].") in _FILE_METAVARS:
        raise _FileWanted
    known: list[Item] = []
    with suppress(Exception):  # fixed words are known without a ledger
        for item in _offer_words(parameter, ctx, typed):
            known.append(item)
    begun = [item for item in known if item.value.startswith(typed)]
    return (_items_with(known, typed) if known and not begun else begun)[:_MOST]


def _items_with(known: list[Item], typed: str) -> list[Item]:
    """Return the items that contain the typed text, or whose pinyin begins with it."""
    from ledger12315.cli.asking.menu import matching_offers  # loads pinyin
    from ledger12315.cli.face.terminals import Offer

    found = {Offer(item.value, f"{item.value} {item.help or item.value}"): item for item in known}
    return [found[offer] for offer in matching_offers(found, typed)]


def _offer_words(parameter: Any, ctx: Any, typed: str) -> Iterator[Item]:
    if words := fixed_words_of(ctx, parameter):
        for word in words.values():
            yield from _word_as_typed(word, typed)
    if parameter.name in REFINED:
        from ledger12315.ledger.words import refinements

        with _glance_at_ledger(ctx) as ledger:
            for local, standard in refinements(ledger)[parameter.name].items():
                yield from _of_ledger(local, render(words[standard]) if words else "")
    for name in (parameter.metavar or "", parameter.name.upper()):
        if source := _SOURCES.get(name.strip("[].")):
            yield from source(ctx, typed)
            return


def _of_ledger(value: str, seen: str) -> Iterator[Item]:
    """Yield a word of the ledger, if it contains no character special to a shell.

    The * of a masked name is special only outside quotes, and each shell's script quotes it.
    """
    if re.fullmatch(_PLAIN, value):
        yield Item(value, re.sub(r"[^\w .*·（）-]", "", seen) or None)


def _word_as_typed(word: Word, typed: str) -> Iterator[Item]:
    """Yield a word without blanks in the reader's language, or in that of the typed text."""
    names = _own_language_first([word.code], [in_year_words(word.zh)])
    name = next((each for each in names if each.startswith(typed)), names[0])
    yield Item(name, render(word) if name != render(word) else None)


def _glance_at_ledger(ctx: Any) -> AbstractContextManager[Ledger]:
    """Return the ledger that a line names, unchanged, even while others use it."""
    root = ctx.find_root()
    root.obj = root.params["db"]
    root.meta["practice"] = root.params["practice"]
    return glancing(Desk(root).path)


def _offer_points(ctx: Any, typed: str) -> Iterator[Item]:
    """Yield points by name; by code if a code is typed or a name is no plain word."""
    with _glance_at_ledger(ctx) as ledger:
        for each in points_to_choose(ledger):
            begun = typed and each.code.startswith(typed)
            by_code = begun or not re.fullmatch(_PLAIN, each.name)
            yield from _of_ledger(each.code if by_code else each.name, f"{each.code} {each.name}")


def _offer_numbers(ctx: Any, typed: str) -> Iterator[Item]:
    """Yield the complaints whose number begins with the text; without one the open ones."""
    query = """
        SELECT number, item, serial = :serial AS whole FROM complaint
        WHERE number >= :typed AND number < :typed || '~'
        UNION
        SELECT number, item, serial = :serial FROM complaint
        WHERE year = (SELECT max(year) FROM complaint)
          AND (serial = :serial OR serial BETWEEN 10 * :serial AND 10 * :serial + 9)
        ORDER BY whole DESC, number DESC LIMIT 50"""
    serial = int(typed) if re.fullmatch(r"(?a)[1-9]\d{0,4}", typed) else None
    with _glance_at_ledger(ctx) as ledger:
        found = ledger.execute(query, {"typed": typed, "serial": serial})
        for number, item, *_ in found if typed else cases_for(ledger):
            yield from _of_ledger(number, mask_phones(item))


def _offer_periods(ctx: Any, typed: str) -> Iterator[Item]:
    """Yield the periods that have begun, latest first; months if one is typed."""
    from ledger12315.rules.periods import parse_period

    today = Desk(ctx).today
    for year in range(today.year, today.year - _YEARS, -1):
        months = range(today.month if year == today.year else 12, 0, -1)
        parts = [f"-{month:02}" for month in months] if "-" in typed else []
        quarters = dict.fromkeys(f"Q{(month + 2) // 3}" for month in months)
        for part in (*quarters, *parts, "", "A"):
            yield Item(f"{year}{part}", parse_period(f"{year}{part}").title)


def _offer_measures(_ctx: Any, _typed: str) -> Iterator[Item]:
    from ledger12315.rules.rates import MEASURES_AND_RATES

    yield from (Item(key, in_year_words(each.name)) for key, each in MEASURES_AND_RATES.items())


def _offer_settings(_ctx: Any, _typed: str) -> Iterator[Item]:
    from ledger12315.boxes.forms import OFFICES
    from ledger12315.rules.settings import SETTINGS

    for key, each in SETTINGS.items():
        yield Item(by_language(each.name, key), _(each.meaning))
    for box in OFFICES:
        yield Item(render(box.name), _(box.help))


_SOURCES: dict[str, Callable[[Any, str], Iterator[Item]]] = {
    "POINT": _offer_points,
    "NUMBER": _offer_numbers,
    "PERIOD": _offer_periods,
    "MEASURE": _offer_measures,
    "KEY": _offer_settings,
}
