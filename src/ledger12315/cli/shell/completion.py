"""Completions of a command line, for the scripts in ledger12315/completion.

The ledger is only read: nothing is repaired, upgraded, waited for or printed.
"""

import re
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import (
    contextmanager,
    redirect_stderr,
    suppress,
)
from functools import partial
from io import StringIO
from typing import Any, NamedTuple, TypeVar

from typer import completion as typers

from ledger12315.boxes.forms import REFINED
from ledger12315.cli.asking.questions import PLAIN, SHARED, Asking
from ledger12315.cli.face.desk import Desk
from ledger12315.cli.face.help import Command, Group, fixed_words_of, names_of, options_of
from ledger12315.ledger.store.opening import glancing
from ledger12315.locale import _, by_language, render
from ledger12315.renamed import in_year_words
from ledger12315.words import Word

_MOST = 50
_WANTS_FILES = 9  # the exit code by which the shell is asked to offer names of files
_FILE_METAVARS = {"FILE", "PATH", "DIR", "FOLDER"}
_Read = TypeVar("_Read")


class Item(NamedTuple):
    """A completion as Typer prints it."""

    value: str
    help: str | None = None
    type: str = "plain"


class FileWanted(Exception):
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
        except FileWanted:
            return _WANTS_FILES
    return 1


def items_for(root: Group, before: list[str], typed: str) -> list[Item]:
    """Return the items for a text typed after these words. Raises FileWanted."""
    from typer._completion_classes import BashComplete

    asked = BashComplete(root, {}, root.name or "", "")
    found: list[Any] = asked.get_completions(before, typed)
    return [Item(each.value, each.help) for each in found]


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

    Raises FileWanted.
    """
    if (parameter.metavar or "").strip("[].") in _FILE_METAVARS:
        raise FileWanted
    known: list[Item] = []
    with suppress(Exception):  # fixed words are known without a ledger
        for item in _offer_words(parameter, ctx, typed):
            known.append(item)
    begun = [item for item in known if item.value.startswith(typed)]
    return (_items_with(known, typed) if known and not begun else begun)[:_MOST]


def _items_with(known: list[Item], typed: str) -> list[Item]:
    """Return the items that contain the typed text, or whose pinyin begins with it."""
    from ledger12315.cli.asking.menu import matching_offers  # loads pinyin
    from ledger12315.cli.face.prompts import Offer

    found = {Offer(item.value, f"{item.value} {item.help or item.value}"): item for item in known}
    return [found[offer] for offer in matching_offers(found, typed)]


def _offer_words(parameter: Any, ctx: Any, typed: str) -> Iterator[Item]:
    if words := fixed_words_of(ctx, parameter):
        for word in words.values():
            yield from _word_as_typed(word, typed)
    if parameter.name in REFINED:
        from ledger12315.ledger.words import refinements

        with glancing(_named_desk(ctx).path) as ledger:
            for local, standard in refinements(ledger)[parameter.name].items():
                yield from _of_ledger(local, render(words[standard]) if words else "")
    for name in (parameter.metavar or "", parameter.name):
        if (row := SHARED.get(name.strip("[].").lower())) and row.completes:
            for offer in row.completes(_Glance(_named_desk(ctx), [], {}), typed):
                own = _of_ledger(offer.text, offer.shown)
                yield from own if row.offers else [Item(offer.text, offer.shown)]
            return


def _of_ledger(value: str, seen: str) -> Iterator[Item]:
    """Yield a word of the ledger, if it contains no character special to a shell.

    The * of a masked name is special only outside quotes, and each shell's script quotes it.
    """
    if re.fullmatch(PLAIN, value):
        yield Item(value, re.sub(r"[^\w .*·（）-]", "", seen) or None)


def _word_as_typed(word: Word, typed: str) -> Iterator[Item]:
    """Yield a word without blanks in the reader's language, or in that of the typed text."""
    names = _own_language_first([word.code], [in_year_words(word.zh)])
    name = next((each for each in names if each.startswith(typed)), names[0])
    yield Item(name, render(word) if name != render(word) else None)


class _Glance(Asking):
    """What is known for a line, from a ledger that stays as it is, even while others use it."""

    def read(self, of: Callable[..., _Read], *about: str) -> _Read:
        """Return the result of `of`, called with the ledger and `about`."""
        with glancing(self.desk.path) as ledger:
            return of(ledger, *about)


def _named_desk(ctx: Any) -> Desk:
    """Return the desk of the ledger that a line names."""
    root = ctx.find_root()
    root.obj = root.params["db"]
    root.meta["practice"] = root.params["practice"]
    return Desk(root)
