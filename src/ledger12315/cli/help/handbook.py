"""`help` 帮助: the handbook, a page for each topic."""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from importlib import resources
from typing import Any

import typer

from ledger12315.boxes import Box, Filled
from ledger12315.boxes.kinds import Several
from ledger12315.boxes.worded import LineOrWord
from ledger12315.cli.command import command
from ledger12315.cli.face.answers import Result
from ledger12315.cli.face.desk import Desk
from ledger12315.cli.face.help import Group
from ledger12315.cli.help.search import HelpPlace, search_help
from ledger12315.errors import LedgerError, Message, Unclear, message
from ledger12315.renamed import in_year_words
from ledger12315.words import Vocabulary, Word

_FILES = (resources.files("ledger12315") / "handbook").iterdir()
PAGES = {
    file.name[3:].removesuffix(".md"): file.read_text("utf-8")
    for file in sorted(_FILES, key=lambda file: file.name)
    if file.name != "README.md"  # the index for readers in a browser
}
TOPICS = Vocabulary(
    *(Word(name, page.partition("\n")[0].removeprefix("# "), name) for name, page in PAGES.items())
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
    """Read the handbook, or search it and all help for WORDS; alone, list the topics."""
    topic = filled.lines("topic")
    if not topic:
        listed = (f"{word.zh}  {name}" for name, word in TOPICS.items())
        return Result((*listed, message("Read one, or look for words: ledger12315 help WORDS")))
    words = " ".join(topic)
    root: Any = desk.ctx.find_root()
    word = TOPICS.find(words)
    if not word:
        _show_command(root, topic)
    with suppress(LedgerError), desk.read():
        pass  # pages are in the words of the ledger, where there is one
    pages = {name: in_year_words(page) for name, page in PAGES.items()}
    if word:
        return Result(tuple(pages[word.code].splitlines()))
    places = search_help(in_year_words(words), pages, root)
    if not places:
        raise Unclear(
            "Nothing was found for {words}. The topics: {topics}", words=words, topics=TOPICS
        )
    return Result([part for place in places for part in _place_lines(place)])


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
    page = message("{said} (ledger12315 help {page})", said=place.said, page=place.page)
    yield page if place.page else place.said
    yield from (f"    {line}" for line in place.typed())
    yield ""
