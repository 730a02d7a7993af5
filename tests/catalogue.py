"""The sentences that the program shows, read from its sources.

As a program, it prints stubs of the sentences without Chinese.
"""

import ast
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from string import Formatter

from babel.messages import Catalog
from babel.messages.pofile import read_po, write_po

from ledger12315.cli.table import COMMANDS, GROUPS
from tests.sources import trees

ROOT = Path(__file__).parent.parent
SRC = ROOT / "src" / "ledger12315"
PO = SRC / "locale" / "zh" / "LC_MESSAGES" / "ledger12315.po"

# What takes a sentence first, and the values of its braces by name.
ERRORS = (
    *("LedgerError", "Unclear", "Refused", "Unusable", "NoLedger", "Unacceptable"),
    *(
        "ChangesSubmitted",
        "Misread",
        "Misdated",
        "Newer",
        "EarlierBuild",
        "UnknownWord",
        "Damaged",
    ),
)
FILLED = ("message", *ERRORS)
# What is called -> which argument is a sentence, by its place or its keyword.
SHOWN: dict[str, int | str] = {
    **dict.fromkeys((*FILLED, "Message", "_", "N_"), 0),
    **dict.fromkeys(("Typer", "_replace"), "help"),
    **dict.fromkeys(("Box", "Option", "_word", "Setting"), 3),
    "hundredths": 1,
}


def sentences() -> dict[str, str]:
    """Return each sentence, and the first `file:line` with it."""
    found: dict[str, str] = {}
    for place, node, _ in shown():
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value:
            found.setdefault(node.value, place)
    for row in (*COMMANDS, *GROUPS):
        found.setdefault(row.help, "src/ledger12315/cli/table.py:1")
    return found


def assembled() -> list[str]:
    """Return the `file:line` of f-strings and sums, which a catalogue cannot hold."""
    return [place for place, node, _ in shown() if isinstance(node, ast.JoinedStr | ast.BinOp)]


def unfilled() -> list[str]:
    """Return the `file:line` of messages without the value of a brace."""
    found = []
    for place, node, call in shown():
        if name_of(call) in FILLED and isinstance(node, ast.Constant):
            values = {keyword.arg for keyword in call.keywords}  # None stands for **values
            if None not in values and not placeholders(str(node.value)) <= values:
                found.append(place)
    return found


def placeholders(text: str) -> set[str | None]:
    """Return the names in braces. Raises ValueError where the braces do not match."""
    return {name for _, name, _, _ in Formatter().parse(text)} - {None}


def missing() -> dict[str, str]:
    """Return the sentences without a translation, as `sentences`."""
    done = {message.id for message in read_catalogue() if message.string}
    return {text: place for text, place in sentences().items() if text not in done}


@cache
def read_catalogue() -> Catalog:
    """Return the Chinese catalogue, from its source."""
    with PO.open("rb") as file:
        return read_po(file, "zh", abort_invalid=True)


@cache
def shown() -> tuple[tuple[str, ast.expr, ast.Call], ...]:
    """Return the `file:line` of each sentence, the sentence, and its call."""
    found = []
    for file, tree in trees().items():
        calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
        for call in sorted(calls, key=lambda call: call.lineno):
            for node in _sentences_of(call):
                found.append((f"src/{file}:{node.lineno}", node, call))
    return tuple(found)


def name_of(call: ast.Call) -> str:
    """Return the last part of a called function's name, empty for what has none."""
    called = call.func
    return called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")


def _sentences_of(call: ast.Call) -> Iterator[ast.expr]:
    which = SHOWN.get(name_of(call), "")
    given = [] if isinstance(which, str) else call.args[which : which + 1]
    given += [keyword.value for keyword in call.keywords if keyword.arg == which]
    for node in given:
        yield from _branches(node)


def _branches(node: ast.expr) -> list[ast.expr]:
    """Return both sentences of `one if ... else other`."""
    if isinstance(node, ast.IfExp):
        return [*_branches(node.body), *_branches(node.orelse)]
    return [node]


def main() -> None:
    """Print stubs of the missing sentences, to be moved to the catalogue."""
    stubs = Catalog()
    for text in missing():
        stubs.add(text)
    write_po(sys.stdout.buffer, stubs, width=0, omit_header=True)


if __name__ == "__main__":
    main()
