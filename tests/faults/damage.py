"""A ledger damaged in every way a disk, a copy or a database browser can: what `ledger check` sees of it, and what is written to.

Two readers say what a damaged file holds: this one, which takes whatever SQLite still gives, and the program.
"""

import contextlib
import random
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

from ledger12315.ledger.store.opening import writing
from tests.faults import Row, edits
from tests.faults.clerks import dice
from tests.faults.edits import Harm
from tests.faults.inprocess import LEDGER, Result, command, done, workplace
from tests.faults.pages import KINDS, Pages
from tests.ledger import acted

_LONG = "锅盖漏气" * 1250
_LIFE = (
    "settings set station_limit 30",
    f"log P001 --complainant 张三 --phone 13900000001 --item 电饭锅 --kind goods --facts {_LONG}",
    "complaint amend {0} --facts 已更正",
    "close {0} --outcome settled --recovered 20",
    "complaint reopen {0} --reason 误办结",
    "complaint escalate {0} --reason 商家不到场",
    "record inquiry P001 --count 3 --text 七天无理由退货",
    "complaint show {0} --reveal",
    "log P001 --complainant 赵六 --phone 13900000003 --item 电饭锅 --kind goods --facts 重复",
    "complaint void {1} --reason 重复登记",
    f"log P001 --complainant 李四 --phone 13900000002 --item 旧锅 --kind goods --facts {_LONG} --received 2022-03-15",
    "close 2022-0001 --outcome settled --closed 2022-03-16 --handling 当场换新",
    "complaint erase 2022-0001",
    "ledger backup backup.sqlite",
)
_LAST = "log P002 --complainant 王五 --phone 13900000004 --item 羽绒服 --kind goods --facts 跑绒"
_CLOSE = "close {0} --outcome settled"
_SECONDS = 10


class Sound(NamedTuple):
    """A ledger with every kind of page and act, what is in it, and the file as it was before its last act."""

    path: Path
    content: bytes
    earlier: bytes
    rows: object
    open_number: str
    """A complaint that may be closed."""


@contextlib.contextmanager
def sound(place: Path) -> Iterator[Sound]:
    """The demo's ledger, a few more acts and a backup of it; the folder is `place`, and the day the demo's."""
    with workplace(place):
        done("demo made")
        path = LEDGER.resolve()
        path.write_bytes(Path("made/ledger.sqlite").read_bytes())
        with writing(path, "desk") as desk:
            acted._fill_the_desk(desk, "退换", "2026-09-28")
        numbers: list[str] = []
        for line in _LIFE:
            printed = done(line.format(*numbers)).out
            numbers += [printed.split()[0]] if line.startswith("log") else []
        earlier = path.read_bytes()
        done(_LAST)
        yield Sound(path, path.read_bytes(), earlier, contents(path), numbers[0])


def contents(path: Path) -> object:
    """Every row of every table and of the schema, as far as SQLite gives them up; None where it does not."""
    try:
        with contextlib.closing(
            sqlite3.connect(f"{path.as_uri()}?mode=ro&immutable=1", uri=True)
        ) as connection:
            connection.text_factory = bytes
            schema = connection.execute(
                "SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY type, name"
            ).fetchall()
            plain = "SELECT name FROM pragma_table_list WHERE type = 'table' AND name NOT LIKE 'sqlite%' ORDER BY name"
            tables = [name.decode() for (name,) in connection.execute(plain)]
            # A file is known by its checksum, whichever row it is.
            queries = {
                table: f"SELECT {'' if table == 'file' else 'rowid, '}* FROM {table} NOT INDEXED"
                for table in tables
            }
            rows = {
                table: connection.execute(query).fetchall() for table, query in queries.items()
            }
            # Not how the index of words stands there, but what is found by it.
            terms = connection.execute("SELECT DISTINCT term FROM wording_at").fetchall()
            seek = "SELECT doc FROM wording_at WHERE term = CAST(? AS TEXT)"
            words = [(term, connection.execute(seek, term).fetchall()) for term in terms]
            # As text: 1 and 1.0 are equal, but not the same.
            return repr((schema, rows, words))
    except (sqlite3.Error, UnicodeError):  # the second of a column name
        return None


def harms(ledger: Sound, part: float, seed: int) -> Iterator[tuple[str, Harm]]:
    """Name and doing of each damage: `part` of the bytes', all of the edits or as many of them."""
    chance = dice(seed)
    pages = Pages(ledger.content)
    for kind in KINDS:
        for _ in range(round(150 * part)):
            yield _written(*pages.flipped(kind, chance))
    makers: tuple[Callable[[random.Random], tuple[str, bytes]], ...] = (
        pages.cut,
        pages.swapped,
        pages.blank,
    )
    for maker in makers:
        for _ in range(round(80 * part)):
            yield _written(*maker(chance))
    for _ in range(round(60 * part)):
        yield _written(*pages.stale(ledger.earlier, chance))
    all_edits = list(edits.damages(ledger.path))
    yield from all_edits if part >= 1 else chance.sample(all_edits, round(len(all_edits) * part))


def _written(name: str, content: bytes) -> tuple[str, Harm]:
    def harm(path: Path) -> None:
        path.write_bytes(content)

    return name, harm


class Tally:
    """What came of many damages."""

    def __init__(self, ledger: Sound) -> None:
        self.ledger = ledger
        self.backup = contents(ledger.path.with_name("backup.sqlite"))
        self.times = self.differing = self.accepted = 0
        self.missed: list[str] = []
        self.unclear: list[str] = []
        self.touched: list[str] = []
        self.restored: list[str] = []

    def add(self, name: str, harm: Harm) -> None:
        """Do one damage to a fresh copy, and ask check, log and close."""
        path = self.ledger.path
        path.write_bytes(self.ledger.content)
        harm(path)
        damaged = path.read_bytes()
        self.times += 1
        differs = contents(path) != self.ledger.rows or damaged[18:20] == b"\2\2"
        self.differing += differs
        checked = command("ledger check")
        if checked.code == 0 and differs and contents(path) != self.ledger.rows:
            self.missed.append(name)
        self._judge(
            name,
            "ledger check",
            checked,
            path.read_bytes() == damaged or "made anew" in checked.err,
        )
        for line in (_LAST, _CLOSE.format(self.ledger.open_number)):
            _fresh(path, damaged)
            written = command(line)
            self._judge(
                name, line.split()[0], written, written.code == 0 or path.read_bytes() == damaged
            )
            self.accepted += written.code == 0 and checked.code != 0
        _fresh(path, damaged)
        self.restored += [f"{name}: {why}" for why in _not_restored(path, self.backup)]

    def _judge(self, name: str, asked: str, result: Result, untouched: bool) -> None:
        if not untouched:
            self.touched.append(f"{asked} after {name}")
        known = result.code in (0, 4) or (asked != "ledger check" and result.code in (2, 3))
        if not known or "Traceback" in result.err or "fault of the program" in result.err:
            self.unclear.append(f"{asked} after {name}: {result.code} {result.err}")
        elif result.code == 4 and "The newest backup: " not in result.err:
            self.unclear.append(f"{asked} after {name} names no backup: {result.err}")
        elif result.seconds > _SECONDS:
            self.unclear.append(f"{asked} after {name} took {result.seconds:.1f} s")


def _not_restored(path: Path, backup: object) -> Iterator[str]:
    """What the message tells the clerk to do must work, whatever the damage, and keep the damaged file to the byte."""
    damaged = path.read_bytes()
    restored = command("ledger restore backup.sqlite")
    if restored.code or contents(path) != backup:
        yield f"{restored.code} {restored.err}"
    for kept in path.parent.glob(f"{path.name}.replaced-*"):
        if kept.read_bytes() != damaged:
            yield "kept otherwise"
        kept.unlink()


def _fresh(path: Path, content: bytes) -> None:
    for left in path.parent.glob(f"{path.name}-*"):
        left.unlink()
    path.write_bytes(content)


def rows(place: Path, part: float, seed: int) -> Iterator[Row]:
    """The harm done: 1,500 times and more with `part` 1."""
    with sound(place) as ledger:
        tally = Tally(ledger)
        for name, harm in harms(ledger, part, seed):
            tally.add(name, harm)
        note = f"{tally.differing:,} differ"
        yield Row(
            "damaged ledger: `ledger check` passes while data differs",
            tally.times,
            "0",
            tally.missed,
            note,
        )
        yield Row(
            "damaged ledger: no message that names the newest backup",
            3 * tally.times,
            "0",
            tally.unclear,
        )
        note = f"{tally.accepted:,} accepted on what only check sees"
        yield Row(
            "damaged ledger: bytes changed by check, or by a log or close refused",
            3 * tally.times,
            "0",
            tally.touched,
            note,
        )
        yield Row(
            "damaged ledger: not restored, or what it was not kept as it was",
            tally.times,
            "0",
            tally.restored,
        )
        yield Row(
            "rewritten as a whole: the head printed on forms still stands",
            2,
            "0",
            list(_kept_heads(ledger)),
        )


def _kept_heads(ledger: Sound) -> Iterator[str]:
    """What a chain can show of a consistent rewrite: the last head that left the station is in it no more."""
    for harm in (edits.rewritten, edits.rewound):
        _fresh(ledger.path, ledger.content)
        head = command("ledger check").out
        harm(ledger.path)
        if (now := command("ledger check")).code or now.out == head:
            yield f"{harm.__name__}: {now.out or now.err}"
