"""Search in the help: handbook, commands, options and other words."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from itertools import pairwise
from typing import Any, NamedTuple

import typer

from ledger12315.boxes.names import comparable_name
from ledger12315.cli.face.help import example_line, help_text
from ledger12315.cli.table import COMMANDS, Row, chinese_name
from ledger12315.locale import _, by_language

# The mark on a page before other words for its subject, each with its command.
_OTHER_WORDS, _WORDS_FOR = "别的说法：", "([^；（]+)（([^）]+)）"
_BLOCKS = r"^(\S.*(?:\n\S.*)*)\n\n((?: {4}.*(?:\n|$))+)"
# The weights of a word that is the whole text, or a part of it.
_WHOLE, _NAME, _TEXT, _HELP = 8, 4, 2, 1
_MOST = 5


class HelpPlace(NamedTuple):
    """A place in the help: its text, the lines to type, and its page, if it is one.

    `texts` are searched, each with its weight.
    """

    said: str
    typed: Callable[[], Sequence[str]]
    page: str
    texts: tuple[tuple[str, int], ...]

    def weight(self, word: str) -> int:
        """Return the weight of a matching word; 0 if it does not match."""
        parts = (part for text, _ in self.texts for part in re.split("[、 ]", text))
        if word in map(comparable_name, parts):
            return _WHOLE
        return max(
            (weight for text, weight in self.texts if word in comparable_name(text)), default=0
        )

    def likeness(self, word: str) -> int:
        """Return the number of a word's pairs of characters that occur here."""
        text = comparable_name("".join(text for text, _ in self.texts))
        return sum(f"{one}{other}" in text for one, other in pairwise(word))


def search_help(words: str, pages: Mapping[str, str], root: Any) -> list[HelpPlace]:
    """Return the best places with all the words, else those with most of the longest."""
    wanted = [comparable_name(word) for word in words.split()]
    known = [*_places_in_pages(pages, root), *_commands_by_name(root)]
    if found := _best(known, wanted) or _best(_commands_by_help(root, wanted), wanted):
        return found
    longest = max(wanted, key=len)
    alike = sorted(known, key=lambda place: -place.likeness(longest))
    pairs = len(longest) - 1
    return [each for each in alike[:_MOST] if 2 * each.likeness(longest) >= max(pairs, 1)]


def _best(places: Iterable[HelpPlace], wanted: Sequence[str]) -> list[HelpPlace]:
    """Return the places with all the wanted words, the best first."""
    weights = [(min(map(place.weight, wanted)), place) for place in places]
    weights.sort(key=lambda each: -each[0])
    found: dict[str, HelpPlace] = {}
    for weight, place in weights:
        if weight:
            found.setdefault(place.said, place)
    return [*found.values()][:_MOST]


def commands_by_other_word(word: str, pages: Iterable[str]) -> list[str]:
    """Return the commands for which a page has this other word, each as it is typed."""
    found = [
        by_language(chinese_name(row.name), row.name)
        for page in pages
        for words, row in _other_words(page)
        if comparable_name(word) in map(comparable_name, words.split("、"))
    ]
    return [*dict.fromkeys(found)]


def _other_words(page: str) -> Iterator[tuple[str, Row]]:
    """Yield the other words of a page, each list with its command."""
    commands = {comparable_name(chinese_name(row.name)): row for row in COMMANDS}
    other = page.partition(_OTHER_WORDS)[2].replace("\n", "")
    for words, command in re.findall(_WORDS_FOR, other):
        yield words, commands[comparable_name(command)]


def _places_in_pages(pages: Mapping[str, str], root: Any) -> Iterator[HelpPlace]:
    """Yield each page's text before lines to type, and other words for commands."""
    for page in pages.values():
        title = page.partition("\n")[0].removeprefix("# ")
        for said, lines in re.findall(_BLOCKS, page, re.M):
            typed = [line.strip() for line in lines.splitlines()]
            text = said.replace("\n", "").rstrip("：")
            yield HelpPlace(
                text, typed.copy, title, ((text, _TEXT), (title, _NAME), (lines, _HELP))
            )
        for words, row in _other_words(page):
            yield HelpPlace(_(row.help), partial(_example, root, row), title, ((words, _NAME),))


def _commands_by_name(root: Any) -> Iterator[HelpPlace]:
    """Yield each command by its names and its help line."""
    for row in COMMANDS:
        said, names = _(row.help), f"{chinese_name(row.name)} {row.name}"
        yield HelpPlace(said, partial(_example, root, row), "", ((names, _NAME), (said, _TEXT)))


def _commands_by_help(root: Any, wanted: Sequence[str]) -> Iterator[HelpPlace]:
    """Yield each command by the help lines that hold a word; this is slow."""
    for row in COMMANDS:
        ctx = _context(root, row)
        lines = map(str.strip, help_text(ctx.command, ctx).splitlines())
        held = [line for line in lines if any(word in comparable_name(line) for word in wanted)]
        held.sort(key=lambda line: not line.startswith("-"))
        said = re.sub(" +", " ", " ".join([_(row.help), *held[:1]]))
        yield HelpPlace(said, partial(_example, root, row), "", ((" ".join(held), _HELP),))


def _example(root: Any, row: Row) -> list[str]:
    return [example_line(_context(root, row))]


def _context(root: Any, row: Row) -> Any:
    """Return the context of a called command."""
    *groups, name = row.name.split()
    above = root
    for group in groups:
        above = typer.Context(above.command.commands[group], parent=above)
    return typer.Context(above.command.commands[name].load(), parent=above)
