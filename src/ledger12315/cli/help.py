"""`help` 帮助: the handbook, a page for each topic, and the search in it."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from functools import partial
from importlib import resources
from typing import Any, NamedTuple

import typer

from ledger12315.boxes import Box, Filled
from ledger12315.boxes.kinds import Several
from ledger12315.boxes.names import comparable_name
from ledger12315.boxes.worded import LineOrWord
from ledger12315.cli.command import command
from ledger12315.cli.face.answers import Result, Toned
from ledger12315.cli.face.desk import Desk
from ledger12315.cli.face.help import Group, example_line, help_text, rare_help
from ledger12315.cli.face.terminals import terminal_columns, terminal_width, wrap_lines
from ledger12315.cli.table import COMMANDS, CommandRow, chinese_name
from ledger12315.errors import LedgerError, Message, Unclear, message
from ledger12315.locale import _, by_language
from ledger12315.renamed import in_year_words
from ledger12315.words import Vocabulary, Word

# The mark on a page before other words for its subject, each with its command.
_OTHER_WORDS, _WORDS_FOR = "别的说法：", "([^；（]+)（([^）]+)）"
_BLOCKS = r"^(\S.*(?:\n\S.*)*)\n\n((?: {4}.*(?:\n|$))+)"
# The ends of lines that stand for a blank: there is one between Chinese and other words.
_BETWEEN_WORDS = r"(?<=[!-~])\n(?=[!-~\u4e00-\u9fff])|(?<=[\u4e00-\u9fff])\n(?=[!-~])"
# The weights of a word that is the whole text, or a part of it.
_WHOLE, _NAME, _TEXT, _HELP, _LINES = 8, 4, 2, 1, 0.5
_MOST = 5
# The words of a question that name nothing: "how" would be found in each "show".
_OF_A_QUESTION = (
    r"(?i)\b(?:how|what|where|do|does|is|are|can|to|i|my|an?|the)\b|怎么|怎样|如何|[吗?？]"
)


class HelpPlace(NamedTuple):
    """A place in the help: its text, the lines to type, and its page, if it is one.

    `texts` are searched, each with its weight.
    """

    said: str
    typed: Callable[[], Sequence[str]]
    page: str
    texts: tuple[tuple[str, float], ...]

    def weight(self, word: str) -> float:
        """Return the weight of a matching word, highest for a whole name; 0 if none matches."""
        texts = (text for text, weight in self.texts if weight != _LINES)
        parts = (part for text in texts for part in re.split("[、 ]", text))
        if word in map(comparable_name, parts):
            return _WHOLE
        return max(
            (weight for text, weight in self.texts if word in comparable_name(text)), default=0
        )


def search_help(words: str, pages: Mapping[str, str], root: Any) -> list[HelpPlace]:
    """Return the best places with all the words."""
    wanted = [comparable_name(word) for word in words.split()]
    known = [*_places_in_pages(pages, root), *_commands_by_name(root)]
    return _best(known, wanted) or _best(_commands_by_help(root, wanted), wanted)


def _best(places: Iterable[HelpPlace], wanted: Sequence[str]) -> list[HelpPlace]:
    """Return the places with all the wanted words, the best first."""
    weights = [(min(map(place.weight, wanted)), place) for place in places]
    weights.sort(key=lambda each: -each[0])
    found: dict[str, HelpPlace] = {}
    for weight, place in weights:
        if weight:
            found.setdefault(place.said, place)
    return [*found.values()][:_MOST]


def commands_by_other_word(word: str) -> list[str]:
    """Return the commands for which a page has this other word, each as it is typed.

    For the title of a page it is the help on it.
    """
    wanted = comparable_name(word)
    titled = [
        f"{by_language(chinese_name('help'), 'help')} {by_language(title, name)}"
        for name, page in PAGES.items()
        if wanted in map(comparable_name, (name, *(title := _title_of_page(page)).split("、")))
    ]
    found = [
        by_language(chinese_name(row.name), row.name)
        for page in PAGES.values()
        for words, row in _other_words(page)
        if wanted in map(comparable_name, words.split("、"))
    ]
    return [*dict.fromkeys(found + titled)]


def _title_of_page(page: str) -> str:
    return page.partition("\n")[0].removeprefix("# ")


def _other_words(page: str) -> Iterator[tuple[str, CommandRow]]:
    """Yield the other words of a page, each list with its command."""
    commands = {comparable_name(chinese_name(row.name)): row for row in COMMANDS}
    other = page.partition(_OTHER_WORDS)[2].replace("\n", "")
    for words, name in re.findall(_WORDS_FOR, other):
        yield words, commands[comparable_name(name)]


def _places_in_pages(pages: Mapping[str, str], root: Any) -> Iterator[HelpPlace]:
    """Yield each page's text before lines to type, and other words for commands."""
    for page in pages.values():
        title = _title_of_page(page)
        for said, lines in re.findall(_BLOCKS, page, re.M):
            typed = [line.strip() for line in lines.splitlines()]
            text = said.replace("\n", "").rstrip("：")
            # A command's name in a line to type is that of many lines.
            options = " ".join(line.partition(" --")[2] for line in typed)
            texts = (text, _TEXT), (title, _NAME), (options, _HELP), (lines, _LINES)
            yield HelpPlace(text, typed.copy, title, texts)
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


def _example(root: Any, row: CommandRow) -> list[str]:
    return [example_line(_context(root, row))]


def _context(root: Any, row: CommandRow) -> Any:
    """Return the context of a called command."""
    *groups, name = row.name.split()
    above = root
    for group in groups:
        above = typer.Context(above.command.commands[group], parent=above)
    return typer.Context(above.command.commands[name].load(), parent=above)


_FILES = (resources.files("ledger12315") / "handbook").iterdir()
PAGES = {
    file.name[3:].removesuffix(".md"): file.read_text("utf-8")
    for file in sorted(_FILES, key=lambda file: file.name)
    if file.name != "README.md"  # the index for readers in a browser
}
_RARE = Word("options", "选项", "options")
TOPICS = Vocabulary(
    *(Word(name, _title_of_page(page), name) for name, page in PAGES.items()), _RARE
)
_TOPIC = Box(
    "topic",
    "主题",
    Several(LineOrWord(TOPICS)),
    "a topic, a command, or words to look for",
    metavar="[WORDS]...",
)


@command(_TOPIC, arguments=1)
def show_help(desk: Desk, filled: Filled) -> Result:
    """Read the handbook, or search all help for WORDS."""
    topic = filled.lines("topic")
    if not topic:
        listed = (f"{word.zh}  {name}" for name, word in TOPICS.items())
        return Result((*listed, message("Read one, or look for words: `help WORDS`")))
    topic = re.sub(_OF_A_QUESTION, " ", " ".join(topic)).split() or topic
    words = " ".join(topic)
    root: Any = desk.ctx.find_root()
    word = TOPICS.find(words)
    if not word:
        _show_command(root, topic)
    with suppress(LedgerError), desk.read():
        pass  # pages are in the words of the ledger, where there is one
    pages = {name: in_year_words(page) for name, page in PAGES.items()}
    if word is _RARE:
        return Result(rare_help(root))
    if word:
        lines = pages[word.code].splitlines()
        return Result([*_drawn_page(lines)] if desk.format == "table" else lines)
    places = search_help(in_year_words(words), pages, root)
    if not places:
        raise Unclear(
            "Nothing was found for {words}. The topics: {topics}", words=words, topics=TOPICS
        )
    return Result([part for place in places for part in _place_lines(place)])


def _drawn_page(lines: Sequence[str]) -> Iterator[str]:
    """Yield a page as a terminal shows it: its title drawn, its paragraphs as wide as that is."""
    columns = terminal_columns()
    title = lines[0].removeprefix("# ")
    yield from (Toned(title, "title"), "=" * terminal_width(title))
    for paragraph in re.split(r"\n(?=\n| {4}|- )", "\n".join(lines[1:])):
        if paragraph.startswith("    "):
            yield from paragraph.split("\n")
            continue
        hanging = 2 * paragraph.lstrip("\n").startswith("- ")
        joined = re.sub(_BETWEEN_WORDS, " ", paragraph.lstrip("\n")).replace("\n", "")
        first, *others = wrap_lines(joined, 0, columns - hanging) or [""]
        yield from [""] * paragraph.startswith("\n")
        yield from (first, *(" " * hanging + line for line in others))


def _show_command(root: Any, names: Sequence[str]) -> None:
    """Show the help of a command if one is named, and leave."""
    above, command = root, root.command
    for name in names:
        above = typer.Context(command, parent=above) if command is not root.command else root
        command = command.get_command(above, name) if isinstance(command, Group) else None
        if not command:
            return
    command.make_context(command.name, ["--help"], parent=above)


def _place_lines(place: HelpPlace) -> Iterator[Message | str]:
    """Yield the text of a place, its page, and the lines to type."""
    page = message("{said} (`help {page}`)", said=place.said, page=place.page)
    yield page if place.page else place.said
    yield from (f"    {line}" for line in place.typed())
    yield ""
