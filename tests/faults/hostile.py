"""Hostile and mutated files into every command that reads one from outside."""

import json
import re
from collections.abc import Iterator
from contextlib import chdir
from io import BytesIO
from math import ceil
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from zipfile import ZipFile

from ledger12315.rules.measures import ATTACHMENT3
from tests.faults import Done, Tried, misdone
from tests.faults.bombs import HEADING, PARTS, bombs, packed
from tests.faults.clerks import clerk
from tests.faults.inprocess import command, workplace
from tests.faults.lines import LEDGER, Act, act
from tests.faults.stations import lay, station, unsound

_MUTATED = 2000
_MEGABYTES = 1024
# FILE is the file in question; what it is read with is sound.
READERS = """
    complaint import FILE --point P001
    point import FILE
    complaint import FILE --point P001 --dry-run --annotate {}/copy.xlsx
    complaint import {}/register.csv --point P001 --map FILE
    returns receive P001 2026Q2 --file FILE
    returns receive P001 2026Q2 --totals FILE
    county load FILE
    county stations load FILE
    template check FILE
    export 6 2026Q2 --template FILE -o {}/filled.xlsx
    calendar load FILE
    ledger restore FILE
""".strip().splitlines()
_CSV = (
    f"{','.join(HEADING)}\nA-1,2026-09-01,张三,电饭锅,13900001234,299,未结,\n"
    'A-2,2026.9.2,李四,鞋,,"1,299",和解,2026/9/3\n'
)
_TOTALS = json.dumps({measure.code: 0 for measure in ATTACHMENT3})
_TOKENS = b'\0 < > & " 99999999999 -1 <!DOCTYPE> \xff\xfe ]]> { , \n \xe9\x95\xbf'.split(b" ")
_NO_SEEDS = ("ledger.sqlite", "first.csv", "slips.csv", "sheet.xlsx")
_WHAT = "hostile file: fault, hang, over 1 GiB, or the ledger's bytes changed"


def tries(place: Path, part: float, chance: Random) -> Iterator[Tried]:
    """Put what was made by hand and what was mutated into each reader."""
    sound = seeds(place)
    for name, make in bombs():
        if chance.random() < part:
            content = make()
            yield from (put(place, content, reader, name) for reader in READERS)
    for number in range(ceil(_MUTATED * part)):
        content = mutated(chance.choice(sound), chance)
        yield from (put(place, content, reader, f"mutation {number}") for reader in READERS)


def seeds(place: Path) -> list[bytes]:
    """Lay the station; return sound files of every kind that is read."""
    lay(act("log"), place)
    with TemporaryDirectory() as desk, workplace(Path(desk, "desk")), chdir(place):
        exported = command("export 2 2026Q3 --point P001 -o {}/2.xlsx")
    assert exported.code == 0, exported.err
    read_by_somebody = (path for path in place.iterdir() if path.suffix != ".txt")  # no receipts
    found = [path.read_bytes() for path in read_by_somebody if path.name not in _NO_SEEDS]
    return [*found, packed(PARTS), _CSV.encode(), _CSV.encode("gb18030"), _TOTALS.encode()]


def read(place: Path, content: bytes, reader: str) -> Done:
    """Put one file into one reader."""
    return clerk(Act(line_for(place, content, reader)), place)


def line_for(place: Path, content: bytes, reader: str) -> str:
    """Write the file, and return the line with which the reader takes it."""
    # Some go by the name.
    name = "file.json" if content[:1] in (b"{", b"[") else "file.xlsx"
    (place / name).write_bytes(content)
    return reader.replace("FILE", f"{{}}/{name}")


def put(place: Path, content: bytes, reader: str, name: str) -> Tried:
    """Return what the program did with one file that it may not do."""
    done = read(place, content, reader)
    refusals = () if reader.startswith("complaint import") else (3, 4)
    found = [*misdone(done, 0, 5, *refusals)]
    template = re.search("--template (.*) -o", reader)
    if template and done.code and not read(place, content, f"template check {template[1]}").code:
        found.append(f"refused, though `template check` passed it: {done.err}")
    if done.peak > _MEGABYTES:
        found.append(f"{done.peak:.0f} MB")
    ledger, sound = place / LEDGER, station()[LEDGER]
    if ledger.read_bytes() != sound:
        found += unsound(ledger)
        if done.code:
            found.append(f"changed, though exit code {done.code}")
        ledger.write_bytes(sound)
    for left in place.glob(".*"):
        found.append(f"{left.name} left behind")
        left.unlink()
    return Tried(_WHAT, [f"{reader}, {name}: {each}" for each in found])


def mutated(seed: bytes, chance: Random) -> bytes:
    """Return a file of which bytes were changed.

    Of a workbook this is mostly within one of its parts, which is packed anew.
    """
    if not seed.startswith(b"PK") or chance.random() < 0.3:
        return _changed(seed, chance)
    with ZipFile(BytesIO(seed)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    name = chance.choice([name for name in parts if parts[name]])
    return packed({**parts, name: _changed(parts[name], chance)})


def _changed(content: bytes, chance: Random) -> bytes:
    for _ in range(chance.choice((1, 1, 2, 5, 20))):
        first, last, other = (chance.randrange(len(content) + 1) for _ in range(3))
        first, last = min(first, last), max(first, last)
        piece = content[first : min(last, first + chance.choice((1, 8, 64, 1024)))]
        flipped = bytes(byte ^ 1 << chance.randrange(8) for byte in piece[:1])
        becomes = (
            flipped + piece[1:],
            b"",
            piece * chance.choice((2, 4, 1000)),
            chance.choice(_TOKENS) + piece,
            content[other : other + len(piece)],
            chance.randbytes(min(8, len(piece))),
        )
        content = content[:first] + chance.choice(becomes) + content[first + len(piece) :]
    return content or b"\0"
