"""The page of JSON: each section types a command in the ledger of states.py, and shows its JSON.

A command with --json needs a section with its `$` line in docs/json.md; `nox -s docs` writes the
output. A longer list is cut after two.
"""

import contextlib
import io
import json
import os
import re
import shlex
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from shutil import rmtree
from typing import Any, NamedTuple
from unittest.mock import patch

from ledger12315.boxes import Box
from ledger12315.boxes.tables import TABLES
from ledger12315.cli.app import run
from ledger12315.cli.face import showing
from ledger12315.cli.face.answers import Table
from ledger12315.rules.measures import MEASURES
from ledger12315.rules.rates import RATES
from tests.catalogue import ROOT
from tests.kept import write_kept
from tests.states import LEDGER, ledger_bytes, undrawn, workplace

PAGE = ROOT / "docs" / "json.md"
_SECTION = re.compile(
    r"^## ([a-z].*)\n\n((?:(?!```).*\n)*)```json\n((?:\$ .*\n)+)(?s:.*?)^```\n", re.M
)
_TYPED = re.compile(r"\$ (?:LEDGER12315_TODAY=(\S+) )?ledger12315 (.*)")
_SHOWN = 2
_FILES = {
    "points.csv": """\
名称,类型,设置依据,依托经营者,地址,设立日期
甲店,超市,达标,宏达,一路,2026-01-05
乙店,超市,达标,宏达,一路,2026-01-05
""".encode(),
    "east.csv": """\
登记编号,受理日期,投诉人,商品/服务名称
A-1,2026-09-21,张三,电饭锅
A-2,三月,李四,电饭锅
""".encode(),
    "stations.csv": f"key,name,county\n{1:032x},东门所,榕溪县\n".encode(),
}
_OTHERWISE = {
    r'"[0-9a-f]{64}"': '"…64 digits"',
    r'[0-9a-f]{32}(?=["/])': "…32 digits",
    r'"[^"]*/ledger\.sqlite"': '"/data/ledger.sqlite"',
    r'("user": )"[^"]*"': r'\1"li"',
    r'("program": )"[^"]*"': r'\1"2026.11.29.93015"',
    r'"[\d.]+(?:\+edited)?([,，] ?Python )[\d.]+"': r'"2026.11.29.93015\g<1>3.13.5"',
    r'("found": )"3\.\d+\.\d+"': r'\1"3.50.4"',
    r'("commit": )"[^"]*"': r'\1"6db35b0512f2"',
    r'("committed": )"[^"]*"': r'\1"2026-11-29"',
}


class Section(NamedTuple):
    """A command, the text on its keys, and the line to type."""

    command: str
    told: str
    typed: str

    @property
    def known(self) -> set[str]:
        """The keys that the section explains, itself or by reference."""
        others = [each.told for each in sections() if f"`{each.command}`" in self.told]
        return set[str]().union(*map(_told, (self.told, *others)))


def _told(text: str) -> set[str]:
    known = set(re.findall(r"`(\w+)`", text))
    for noun, boxes in TABLES.items():
        known |= boxes.keys() if f"#boxes-of-a-{noun}" in text else set()
    return known | ({*MEASURES, *(rate.key for rate in RATES)} if "figures.md" in text else set())


def sections() -> list[Section]:
    """Return the sections of the page in their order."""
    return [Section(*found) for found in _SECTION.findall(PAGE.read_text("utf-8"))]


@cache
def printed() -> Mapping[str, tuple[str, str, Mapping[str, bool]]]:
    """Return what each section prints in English and Chinese, and its columns in a pipe.

    Of each column's key whether a screen has it too. All is typed in one folder, laid anew each
    time.
    """
    with workplace("en"):
        return {
            each.typed: (
                _done("en", *lines)[0],
                _done("zh", *lines)[0],
                _columns_in_a_pipe(*lines),
            )
            for each in sections()
            for lines in [_lines_to_type(each.typed)]
        }


def _columns_in_a_pipe(*lines: tuple[str, str]) -> Mapping[str, bool]:
    found = dict[str, bool]()

    def note(table: Table) -> None:
        found.update((column.key, column.screen) for column in table.columns)

    *before, (today, line) = lines
    # What has no row in JSON has no table.
    if re.search(r"^(\[|    \{)", _done("en", *lines)[0], re.M):
        with patch.object(showing, "_print_tabs", note):
            _done.__wrapped__("en", *before, (today, line.replace(" --json", "")))
    return found


def _lines_to_type(typed: str) -> list[tuple[str, str]]:
    """Return a section's lines; with --json too those that are another section's last line."""
    lines = _TYPED.findall(typed)
    known = ((today, f"{line} --json") for today, line in lines)
    pairs = zip(lines, known, strict=True)
    return [json if json in _last_lines() else line for line, json in pairs]


@cache
def _done(language: str, *lines: tuple[str, str]) -> tuple[str, Mapping[str, bytes]]:
    """Return the output of the last of some lines, and the files after it.

    Those before it were typed in Chinese.
    """
    if not lines:
        return "", {str(LEDGER): ledger_bytes(), **_FILES}
    *before, (today, line) = lines
    _lay(_done("zh", *before)[1])
    told = {"LEDGER12315_TODAY": today, "LEDGER12315_LANG": language}
    with (
        patch.dict(os.environ, told),
        # A county loads the workbooks that are named.
        contextlib.nullcontext() if " -o " in line else undrawn(),
        contextlib.redirect_stdout(io.StringIO()) as stdout,
        contextlib.redirect_stderr(io.StringIO()) as said,
    ):
        assert run(shlex.split(line)) in (0, 5), said.getvalue()
    files = filter(Path.is_file, Path().rglob("*"))
    return stdout.getvalue(), {str(file): file.read_bytes() for file in files}


@cache
def _last_lines() -> set[tuple[str, str]]:
    return {_TYPED.findall(each.typed)[-1] for each in sections()}


def _lay(files: Mapping[str, bytes]) -> None:
    """Leave just these files in the folder; one that is there stays untouched."""
    for there in Path().iterdir():
        if there.is_dir():
            rmtree(there)
        elif there.name not in files:
            there.unlink()
    for name, content in files.items():
        if not (file := Path(name)).exists() or file.read_bytes() != content:
            file.parent.mkdir(parents=True, exist_ok=True)
            write_kept(file, content)


def page() -> str:
    """Return docs/json.md with the program's present output."""
    shown = iter(
        f"## {each.command}\n\n{each.told}```json\n{each.typed}"
        f"{example(json.loads(printed()[each.typed][0]))}\n```\n"
        for each in sections()
    )
    text = _SECTION.sub(lambda _: next(shown), PAGE.read_text("utf-8"))
    for noun, boxes in TABLES.items():
        text = re.sub(
            rf"(^## Boxes of a {noun}\n\n)(?:[|].*\n)*\n?", "\\1" + _boxes(boxes), text, flags=re.M
        )
    text = re.sub(
        r"(^## Columns\n\n(?:.+\n)+\n)(?:[|].*\n)*\n?", lambda m: m[1] + _piped(), text, flags=re.M
    )
    return text.rstrip("\n") + "\n"


def _piped() -> str:
    """Return a table of the columns that each command prints into a pipe."""
    rows = ["| command | columns of a pipe, in order |\n|---|---|\n"]
    for each in sections():
        if columns := printed()[each.typed][2]:
            keys = (f"`{key}`" if shown else f"*`{key}`*" for key, shown in columns.items())
            rows.append(f"| {each.command} | {' '.join(keys)} |\n")
    return "".join((*rows, "\n"))


def _boxes(boxes: Mapping[str, Box]) -> str:
    rows = [f"| `{key}` | {box.heading} | {_values(box)} |\n" for key, box in boxes.items()]
    return "".join(("| key | box | values |\n|---|---|---|\n", *rows, "\n"))


def _values(box: Box) -> str:
    if box.kind.words:
        return " ".join(f"`{code}`" for code in box.kind.words)
    return box.kind.metavar.lower()


def example(document: Any) -> str:
    """Return a document's text on the page, a line for each key of an object and each row."""
    return steady("\n".join(_lines(document)))


def steady(text: str) -> str:
    """Return the output without values that differ by machine or time."""
    for pattern, instead in _OTHERWISE.items():
        text = re.sub(pattern, instead, text)
    return text


def _lines(document: Any) -> Iterator[str]:
    if isinstance(document, dict):
        yield "{"
        for place, (key, value) in enumerate(document.items(), 1):
            comma = "," * (place < len(document))
            first, *others = _lines(value) if _rows(value) else [_flat(value)]
            yield f'  "{key}": {first}{comma * (not others)}'
            yield from (f"  {line}" for line in others[:-1])
            yield from (f"  {line}{comma}" for line in others[-1:])
        yield "}"
    elif _rows(document):
        rows = [_flat(row) for row in document[:_SHOWN]] + ["…"] * (len(document) > _SHOWN)
        yield from ("[", *(f"  {row}," for row in rows[:-1]), f"  {rows[-1]}", "]")
    else:
        yield _flat(document)


def _rows(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and isinstance(value[0], dict)


def _flat(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def keys_of(document: Any) -> set[str]:
    """Return every key in a document."""
    if isinstance(document, dict):
        return set(document).union(*map(keys_of, document.values()))
    if isinstance(document, list):
        return set[str]().union(*map(keys_of, document))
    return set()
