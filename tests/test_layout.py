"""Imports and names of the program, read from the sources without running them."""

import ast
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cache
from graphlib import CycleError, TopologicalSorter
from importlib.util import resolve_name
from pathlib import Path

from tests.rows import cells, for_all
from tests.sources import trees

ROOT = Path(__file__).parent.parent

# A room -> the rooms it may import from; a room is a folder or a single module of the package.
ROOMS = dict(
    cells("""
    __init__ |
    __main__ | cli build
    cli      | build ledger county facts sheets register rules boxes locale words renamed errors
    county   | facts sheets rules boxes words errors
    ledger   | register rules boxes words renamed errors
    facts    | sheets rules words errors
    sheets   | register rules boxes words renamed errors
    register | rules boxes words renamed errors
    rules    | boxes words renamed errors
    boxes    | words renamed errors
    locale   | words renamed errors
    words    | renamed
    renamed  |
    errors   |
    build    |
    """)
)
# The same within cli: `nouns` are the rooms that no line names.
ROOMS_OF_CLI = dict(
    cells("""
    face      |
    asking    | face
    command   | asking face
    forms     | command asking face
    figures   | forms command asking face
    shell     | asking face
    table     |
    app       | window help shell face table
    window    | asking shell face
    demo      | app shell command face
    doctor    | shell command face
    importing | command asking face
    nouns     | importing figures forms command asking face table
    """)
)
# A library -> the only rooms that import it; Typer carries its own click, whose exceptions would
# not be caught.
LIBRARIES = dict(
    cells("""
    click        |
    jinja2       | sheets
    duckdb       | facts county
    openpyxl     | sheets
    pygal        | sheets
    rich         | cli
    sqlite3      | ledger
    sqlite_utils | ledger
    typer        | cli
    xlsxwriter   | sheets
    """)
)
IMPURE_MODULES = ["os", "pathlib", "sys", "time"]
IMPURE_CALLS = [
    "date.today",
    "datetime.now",
    "datetime.today",
    "datetime.utcnow",
    "input",
    "open",
    "print",
]


def statements(node: ast.AST) -> Iterator[ast.AST]:
    """Yield what may be an import, or hold one: no expression does."""
    for each in ast.iter_child_nodes(node):
        if not isinstance(each, ast.expr):
            yield each
            yield from statements(each)


@cache
def imports(tree: ast.AST, package: str) -> list[tuple[int, str]]:
    """Return line and module of every import, those in functions and under TYPE_CHECKING too."""
    found = []
    for node in statements(tree):
        if isinstance(node, ast.Import):
            found += [(node.lineno, alias.name) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            module = resolve_name("." * node.level + (node.module or ""), package)
            # `from ledger12315 import words` names the room last.
            found += [(node.lineno, f"{module}.{alias.name}") for alias in node.names]
    return found


def wrong_import(room: str, name: str) -> str:
    """Return the fault of an import, if any."""
    top, _, rest = name.partition(".")
    target = rest.partition(".")[0]
    if top == "ledger12315" and target in ROOMS and target not in (room, *ROOMS[room].split()):
        return f"{room} may not import {target}"
    if top in LIBRARIES and room not in LIBRARIES[top].split():
        return f"{top} belongs to {LIBRARIES[top] or 'no room'}"
    pure = room == "rules" and top in IMPURE_MODULES
    return f"rules are pure and may not import {top}" if pure else ""


def impure_calls(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Yield line and fault of every impure call."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = ".".join(ast.unparse(node.func).split(".")[-2:])
            if name in IMPURE_CALLS:
                yield node.lineno, f"rules are pure and may not call {name}"


def faults(file: str, tree: ast.Module) -> list[str]:
    """Return the faults of the module `file` (relative to src/), as `file:line: sentence`."""
    path = Path(file)
    room = path.with_suffix("").parts[1]
    if room not in ROOMS:
        return [f"src/{file}:1: the room {room} is not in the table of rooms"]
    named = imports(tree, ".".join(path.parent.parts))
    found = [(line, wrong_import(room, name)) for line, name in named]
    if room == "rules":
        found += impure_calls(tree)
    return list(dict.fromkeys(f"src/{file}:{line}: {said}" for line, said in found if said))


def test_every_module_stays_within_its_walls() -> None:
    found: list[str] = []
    for file, tree in trees().items():
        found += faults(file, tree)
    assert not found, "\n" + "\n".join(found)


def test_no_noun_of_the_command_line_imports_another() -> None:
    found = []
    for name, tree in sources().items():
        room = name.split(".")[2:3] if name.startswith("ledger12315.cli.") else []
        for line, imported in imports(tree, name.rpartition(".")[0]) if room else ():
            target = imported.split(".")[2] if imported.startswith("ledger12315.cli.") else room[0]
            if target not in (*room, *ROOMS_OF_CLI.get(room[0], ROOMS_OF_CLI["nouns"]).split()):
                found.append(f"{name}:{line}: {room[0]} may not import {target}")
    assert not found, "\n" + "\n".join(found)


def sources() -> dict[str, ast.Module]:
    """Return the tree of each module of the program by its dotted name."""
    names = {file.removesuffix(".py").replace("/", "."): tree for file, tree in trees().items()}
    return {name.removesuffix(".__init__"): tree for name, tree in names.items()}


def circle(modules: Mapping[str, ast.Module]) -> list[str]:
    """Return modules that import each other in a circle, if any; imports in functions count."""
    graph = {}
    for name, tree in modules.items():
        imported = {each for _, each in imports(tree, name.rpartition(".")[0])}
        # What is no module is a name in one.
        known = {each if each in modules else each.rpartition(".")[0] for each in imported}
        graph[name] = known & modules.keys() - {name}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        return list(error.args[1])
    return []


def test_no_modules_import_each_other() -> None:
    assert circle(sources()) == []


def test_a_circle_within_functions_is_found() -> None:
    one, other = "def run():\n    from house.b import go", "from house import a"
    found = circle({"house.a": ast.parse(one), "house.b": ast.parse(other)})
    assert sorted(set(found)) == ["house.a", "house.b"]


def defined(tree: ast.Module) -> Iterator[tuple[str, bool]]:
    """Yield the names that a module gives, aliases too; whether each is a function or class."""
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            yield node.name, True
        elif isinstance(node, ast.Import | ast.ImportFrom):
            yield from ((each.asname, False) for each in node.names if each.asname)
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            names = [each for target in targets for each in ast.walk(target)]
            yield from ((each.id, False) for each in names if isinstance(each, ast.Name))


def several(modules: Mapping[str, ast.Module]) -> dict[str, list[str]]:
    """Return the names with two meanings, and their places; `_` alone makes no other name.

    Private constants of commands and forms may have them: each is read with its own module alone.
    """
    own = ("ledger12315.cli", "ledger12315.sheets.forms")
    places = defaultdict[str, list[str]](list)
    for module, tree in modules.items():
        for name, made in defined(tree):
            if name != "main" and (made or not (name[0] == "_" and module.startswith(own))):
                places[name.lstrip("_") if made else name].append(module)
    return {name: where for name, where in places.items() if len({*where}) > 1}


def test_no_two_modules_define_the_same_name() -> None:
    """A name, private or not, a type or a constant, means one thing; `main` is a script's."""
    assert several(sources()) == {}


def test_a_name_with_two_meanings_is_found() -> None:
    modules = {
        "ledger12315.rules.a": "_SHORT, LONG = 1, 2",
        "ledger12315.rules.b": "_SHORT: int = 3",
        "ledger12315.cli.c": "from a import Row as Rows\nLONG, _OWN = 4, 5",
        "ledger12315.cli.d": "class Rows: ...\n_OWN: int = 6\ndef said(): ...",
        "ledger12315.sheets.forms.e": "_OWN = 7\ndef _said(): ...",
    }
    assert several({name: ast.parse(text) for name, text in modules.items()}) == {
        "_SHORT": ["ledger12315.rules.a", "ledger12315.rules.b"],
        "LONG": ["ledger12315.rules.a", "ledger12315.cli.c"],
        "Rows": ["ledger12315.cli.c", "ledger12315.cli.d"],
        "said": ["ledger12315.cli.d", "ledger12315.sheets.forms.e"],
    }


def test_no_line_is_wider_than_99_characters() -> None:
    """Ruff counts the columns of a terminal: the Chinese of a test's tables has more of them."""
    wide = [
        f"{module.relative_to(ROOT)}:{number}"
        for folder in ("src", "tests", "benchmarks", "release")
        for module in sorted((ROOT / folder).rglob("*.py"))
        for number, line in enumerate(module.read_text("utf-8").splitlines(), 1)
        if len(line) > 99
    ]
    assert not wide, "\n" + "\n".join(wide)


# A line of a room, and its fault.
LINES = r"""
cli: from ledger12315.ledger import points
cli: from ledger12315.build import VERSION
ledger: from ledger12315.build import VERSION -> ledger may not import build
cli: x = date.today()
rules: from ledger12315.rules import periods
ledger: from ledger12315.sheets import spec -> ledger may not import sheets
sheets: from ledger12315 import ledger -> sheets may not import ledger
sheets: from ..ledger import points -> sheets may not import ledger
rules: import ledger12315.locale -> rules may not import locale
rules: def today():\n    from ledger12315 import cli -> rules may not import cli
rules: import sqlite3 -> sqlite3 belongs to ledger
cli: from click.exceptions import Abort -> click belongs to no room
ledger: from rich import box, table -> rich belongs to cli
rules: from pathlib import Path -> rules are pure and may not import pathlib
rules: x = datetime.date.today() -> rules are pure and may not call date.today
rules: print('x') -> rules are pure and may not call print
attic: x = 1 -> the room attic is not in the table of rooms
"""


@for_all("row", LINES.strip().splitlines())
def test_a_wrong_import_is_told_with_its_place(row: str) -> None:
    room, _, rest = row.partition(": ")
    line, _, fault = rest.replace(r"\n", "\n").partition(" -> ")
    place = f"src/ledger12315/{room}/module.py:{line.count(chr(10)) + 1}"
    found = faults(f"ledger12315/{room}/module.py", ast.parse(line))
    assert found == ([f"{place}: {fault}"] if fault else [])
