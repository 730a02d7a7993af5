"""Hostile and mutated workbooks, csv and JSON into every command that reads a file from outside."""

import json
import random
import shutil
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

from ledger12315.rules.measures import ATTACHMENT3
from tests.faults import Row
from tests.faults.bombs import HEADING, PARTS, bombs, packed
from tests.faults.clerks import ROOT, Clerk, Done, clerk, dice
from tests.faults.stations import ACTS, BACKUP, LEDGER, Station, unsound

_EXAMPLES = ROOT / "examples"
_MUTATED = 2_000
_SECONDS, _MEGABYTES = 10, 1024
# The file in question is {file}; what it is read with is sound.
READERS = (
    "complaint import {file} --point P001",
    "complaint import {file} --point P001 --dry-run --annotate {folder}/copy.xlsx",
    "complaint import {folder}/good.csv --point P001 --map {file}",
    "returns receive P001 2026Q2 --file {file}",
    "returns receive P001 2026Q2 --totals {file}",
    "county consolidate {file} -o {folder}/sum.xlsx",
    "county consolidate {folder}/6.xlsx -o {folder}/sum.xlsx --expect {file}",
    "template check {file} --map {folder}/bureau.json",
    "template check {folder}/bureau.xlsx --map {file}",
    "calendar load {file}",
    "ledger restore {file}",
)
_CSV = f'{",".join(HEADING)}\nA-1,2026-09-01,张三,电饭锅,13900001234,299,未结,\nA-2,2026.9.2,李四,鞋,,"1,299",和解,2026/9/3\n'
_TOTALS = json.dumps({measure.code: 0 for measure in ATTACHMENT3})
_NOTICE = '{"year": 2027, "papers": [], "days": [{"name": "元旦", "date": "2027-01-01", "isOffDay": true}]}'
_TOKENS = (
    b"\0",
    b"<",
    b">",
    b"&",
    b'"',
    b"99999999999",
    b"-1",
    b"<!DOCTYPE x>",
    b"\xff\xfe",
    b"]]>",
    b"{",
    b",",
    b"\n",
    "长".encode(),
)


def seeds(warm: Clerk, folder: Path, ledger: Path) -> Iterator[bytes]:
    """Sound files of every kind that is read."""
    for words in ("2 2026Q3 --point P001", "3 2026Q2 --point P001", "6 2026Q3"):
        path = folder / f"{words[0]}.xlsx"
        assert warm(["--db", str(ledger), "export", *words.split(), "-o", str(path)]).code == 0
        yield path.read_bytes()
    yield packed(PARTS)
    for text in (_CSV, _TOTALS, _NOTICE, '{"投诉者": "complainant"}'):
        yield text.encode()
    yield _CSV.encode("gb18030")
    yield from ((_EXAMPLES / name).read_bytes() for name in ("bureau.xlsx", "bureau.json"))


def mutated(seed: bytes, chance: random.Random) -> bytes:
    """A file of which bytes were changed; of a workbook mostly within one of its parts, which is packed anew."""
    if not seed.startswith(b"PK") or chance.random() < 0.3:
        return _changed(seed, chance)
    with ZipFile(BytesIO(seed)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    name = chance.choice([name for name in parts if parts[name]])
    return packed({**parts, name: _changed(parts[name], chance)})


def _changed(content: bytes, chance: random.Random) -> bytes:
    for _ in range(chance.choice((1, 1, 2, 5, 20))):
        first, last = sorted(chance.randrange(len(content) + 1) for _ in range(2))
        last = min(last, first + chance.choice((1, 8, 64, 1024)))
        how = chance.randrange(6)
        if how == 0:
            piece = bytes(byte ^ 1 << chance.randrange(8) for byte in content[first:last][:1])
            content = content[:first] + piece + content[first + 1 :]
        elif how == 1:
            content = content[:first] + content[last:]
        elif how == 2:
            content = (
                content[:last] + content[first:last] * chance.choice((1, 3, 1000)) + content[last:]
            )
        elif how == 3:
            content = content[:first] + chance.choice(_TOKENS) + content[first:]
        elif how == 4:
            other = chance.randrange(len(content) + 1)
            content = content[:first] + content[other : other + last - first] + content[last:]
        else:
            content = (
                content[:first]
                + bytes(chance.randrange(256) for _ in range(min(8, last - first)))
                + content[last:]
            )
        content = content or b"\0"
    return content


class Hostile:
    """One file after another into each reader, over a ledger that is laid anew where it was changed."""

    def __init__(self, warm: Clerk, folder: Path) -> None:
        self._warm, self._place = warm, folder / "place"
        (templates := folder / "templates").mkdir()
        Station(warm, templates).lay(ACTS["ledger backup"], self._place)
        self._ledger = self._place / LEDGER
        (self._place / BACKUP).unlink()
        self._sound = self._ledger.read_bytes()
        self.seeds = [*seeds(warm, self._place, self._ledger)]
        (self._place / "good.csv").write_text(_CSV, "utf-8")
        for name in ("bureau.xlsx", "bureau.json"):
            shutil.copy(_EXAMPLES / name, self._place)
        self.times = 0
        self.slowest, self.largest = (0.0, ""), (0.0, "")
        self.faults: list[str] = []
        self.changed: list[str] = []

    def put(self, content: bytes, reader: str) -> Done:
        """One file into one reader."""
        # Some go by the name.
        file = self._place / ("file.json" if content[:1] in (b"{", b"[") else "file.xlsx")
        file.write_bytes(content)
        return self._warm(
            ["--db", str(self._ledger), *reader.format(file=file, folder=self._place).split()]
        )

    def take(self, name: str, content: bytes) -> None:
        """One file into every reader."""
        for reader in READERS:
            done = self.put(content, reader)
            self.times += 1
            what = reader.replace("{folder}/", "") + f", {name}"
            self.slowest, self.largest = (
                max(self.slowest, (done.seconds, what)),
                max(self.largest, (done.peak, what)),
            )
            self.faults += [
                f"{what}: {each}" for each in _wrong(done, reader.startswith("complaint import"))
            ]
            if self._ledger.read_bytes() != self._sound:
                wrong = (
                    [f"changed, though exit code {done.code}"]
                    if done.code
                    else [*unsound(self._ledger)]
                )
                self.changed += [f"{what}: {each}" for each in wrong]
                self._ledger.write_bytes(self._sound)
            for left in self._place.glob(".*"):
                self.faults.append(f"{what}: {left.name} left behind")
                left.unlink()


def _wrong(done: Done, importing: bool) -> Iterator[str]:
    """What the program may not do, whatever is in the file."""
    if done.code not in ((0, 5) if importing else (0, 3, 4, 5)):
        yield f"exit code {done.code}: {done.err[-500:]}"
    elif "Traceback" in done.err or "fault of the program" in done.err:
        yield done.err[-500:]
    elif done.code and sum(line.startswith("Error:") for line in done.err.splitlines()) != 1:
        yield f"not one message: {done.err[-300:]}"
    if done.seconds > _SECONDS:
        yield f"{done.seconds:.1f} s"
    if done.peak > _MEGABYTES:
        yield f"{done.peak:.0f} MB"


def rows(folder: Path, part: float, seed: int) -> Iterator[Row]:
    """All that was made by hand, and 2,000 mutations with `part` 1."""
    chance = dice("hostile", seed)
    with clerk() as warm:
        hostile = Hostile(warm, folder)
        for name, content in bombs():
            if chance.random() < part:
                hostile.take(name, content)
        for number in range(round(_MUTATED * part)):
            hostile.take(f"mutation {number}", mutated(chance.choice(hostile.seeds), chance))
        note = "slowest {:.1f} s ({}), largest {:.0f} MB ({})".format(
            *hostile.slowest, *hostile.largest
        )
        yield Row(
            f"hostile file into one of {len(READERS)} readers: fault, hang, over 1 GiB",
            hostile.times,
            "0",
            hostile.faults,
            note,
        )
        yield Row(
            "hostile file: ledger's bytes changed, or unsound", hostile.times, "0", hostile.changed
        )
