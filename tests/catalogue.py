"""The sentences that the program shows, read from its sources; run as a program, it prints those without Chinese as stubs."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

from babel.messages import Catalog
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).parent.parent
SRC = ROOT / "src" / "ledger12315"
PO = SRC / "locale" / "zh" / "LC_MESSAGES" / "ledger12315.po"

# What takes a sentence first, and the values of its braces by name.
FILLED = ("message", "LedgerError", "Unclear", "Refused", "Unusable", "Unacceptable", "Misread")
# What is called -> which argument is a sentence, by its place or its keyword.
SHOWN: dict[str, int | str] = {
    **dict.fromkeys((*FILLED, "Message", "_", "N_"), 0),
    **dict.fromkeys(("Option", "Argument", "Typer"), "help"),
    "Row": 3,
    "Field": 3,
    "_word": 3,
    "Setting": 2,
    "_hundredths": 1,
}


def sentences() -> dict[str, str]:
    """Each sentence, and the first `file:line` that shows it."""
    found: dict[str, str] = {}
    for place, node, _ in shown():
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value:
            found.setdefault(node.value, place)
    return found


def assembled() -> list[str]:
    """The `file:line` of sentences put together at run time (f-strings, sums): no catalogue can hold them."""
    return [place for place, node, _ in shown() if isinstance(node, ast.JoinedStr | ast.BinOp)]


def unfilled() -> list[str]:
    """The `file:line` of messages that lack the value of a brace."""
    found = []
    for place, node, call in shown():
        if _name(call.func) in FILLED and isinstance(node, ast.Constant):
            values = {keyword.arg for keyword in call.keywords}  # None stands for **values
            if None not in values and not placeholders(str(node.value)) <= values:
                found.append(place)
    return found


def placeholders(text: str) -> set[str | None]:
    """The names in braces. Raises ValueError where the braces do not match."""
    return {name for _, name, _, _ in Formatter().parse(text)} - {None}


def missing() -> dict[str, str]:
    """The sentences without a translation, as `sentences`."""
    chinese = read_catalogue()
    return {
        text: place
        for text, place in sentences().items()
        if text not in chinese or not chinese[text].string
    }


def read_catalogue() -> Catalog:
    """The Chinese catalogue, from its source."""
    with PO.open("rb") as file:
        return read_po(file, "zh", abort_invalid=True)


def shown() -> Iterator[tuple[str, ast.expr, ast.Call]]:
    for path in sorted(SRC.rglob("*.py")):
        file = path.relative_to(ROOT).as_posix()
        calls = (
            node
            for node in ast.walk(ast.parse(path.read_text("utf-8")))
            if isinstance(node, ast.Call)
        )
        for call in sorted(calls, key=lambda call: call.lineno):
            argument = _argument(call, SHOWN.get(_name(call.func)))
            yield from ((f"{file}:{node.lineno}", node, call) for node in _branches(argument))


def _name(called: ast.expr) -> str:
    return ast.unparse(called).rpartition(".")[2]


def _argument(call: ast.Call, which: int | str | None) -> ast.expr | None:
    if isinstance(which, int):
        return call.args[which] if which < len(call.args) else None
    return (
        next((keyword.value for keyword in call.keywords if keyword.arg == which), None)
        if which
        else None
    )


def _branches(node: ast.expr | None) -> list[ast.expr]:
    """Either sentence of `one if … else other`."""
    if isinstance(node, ast.IfExp):
        return [*_branches(node.body), *_branches(node.orelse)]
    return [node] if node else []


def main() -> None:
    """Print what is missing, to be filled in and moved to the catalogue."""
    stubs = Catalog()
    for text, place in missing().items():
        file, line = place.split(":")
        stubs.add(text, locations=[(file, int(line))])
    write_po(sys.stdout.buffer, stubs, width=0, omit_header=True)


if __name__ == "__main__":
    main()
