"""`help` 帮助: the handbook, a page for each topic."""

from importlib import resources
from typing import Annotated, Any

import typer

from ledger12315.cli.face.answers import Result
from ledger12315.cli.face.command import command
from ledger12315.cli.face.desk import Desk
from ledger12315.errors import Unclear, message
from ledger12315.words import Vocabulary, Word

_FILES = (resources.files("ledger12315") / "handbook").iterdir()
PAGES = {
    file.name[3:].removesuffix(".md"): file.read_text("utf-8")
    for file in sorted(_FILES, key=lambda file: file.name)
    if file.name != "README.md"  # the index, for whoever reads them in a browser
}
TOPICS = Vocabulary(
    *(Word(name, page.partition("\n")[0].removeprefix("# "), name) for name, page in PAGES.items())
)


@command(words={"topic": TOPICS})
def show_help(
    desk: Desk,
    topic: Annotated[
        str | None, typer.Argument(metavar="[TOPIC]", help="one of these, or a command")
    ] = None,
) -> Result:
    """Read the handbook, which is in Chinese; alone, list its topics."""
    if topic is None:
        listed = (f"{word.zh}  {name}" for name, word in TOPICS.items())
        return Result((*listed, message("Read one with: ledger12315 help TOPIC")))
    root: Any = desk.ctx.find_root()
    word = TOPICS.find(topic)
    if not word and (command := root.command.get_command(root, topic)):
        command.make_context(command.name, ["--help"], parent=root)  # shows it, and leaves
    if not word:
        raise Unclear("{topic} is no topic. The topics: {topics}", topic=topic, topics=TOPICS)
    return Result(tuple(PAGES[word.code].splitlines()))
