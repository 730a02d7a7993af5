"""A ledger damaged in every way a disk, a copy or a database browser can.

Two readers read a damaged file: this one, which takes all that SQLite still returns, and the
program.
"""

import random
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import chdir, closing, contextmanager
from functools import lru_cache, partial
from pathlib import Path
from typing import NamedTuple

from tests.faults import Done, Tried, edits, misdone, pages, share
from tests.faults.edits import Harm
from tests.faults.inprocess import command, done, workplace
from tests.faults.lines import BACKUP, LEDGER, Act
from tests.faults.stations import lay

_FACTS = "锅盖漏气" * 1250
_LONG = f"log P001 --complainant 张三 --item 电饭锅 --kind goods --facts {_FACTS}"
_LIFE = (
    "complaint import {}/500.csv --point P001",
    _LONG,
    f"{_LONG} --received 2022-03-15",
    "complaint amend 2022-2 --facts 已更正",
    "close 2022-2 --outcome settled --closed 2022-03-16 --handling 当场换新",
    "--clock-is-right complaint erase 2022-2",
    "ledger backup {}/backup.sqlite",
)
_LAST = "log P002 --complainant 王五 --phone 13900000004 --item 羽绒服 --kind goods --facts 跑绒"
_CLOSE = "close 2026-1 --outcome settled"


class Sound(NamedTuple):
    """A ledger with every kind of page and act, and its file before the last act."""

    path: Path
    content: bytes
    earlier: bytes


@contextmanager
def sound(place: Path) -> Iterator[Sound]:
    """Go into a folder with that ledger and a backup of it."""
    with workplace(place):
        lay(Act("{}/500.csv"), Path("station"))
        with chdir("station"):
            for line in _LIFE:
                done(Act(line))
            path = Path(LEDGER).resolve()
            earlier = path.read_bytes()
            done(Act(_LAST))
            yield Sound(path, path.read_bytes(), earlier)


@lru_cache(maxsize=4)
def all_rows(content: bytes) -> object:
    """Return every row of every table and of the schema, as far as SQLite returns them."""
    try:
        with closing(sqlite3.connect(":memory:")) as ledger:
            ledger.deserialize(content)
            tables = edits.tables(ledger)
            ledger.text_factory = bytes
            # A file is known by its checksum, whichever row it is.
            queries = [
                f"SELECT {'' if table == 'file' else 'rowid, '}* FROM {table} NOT INDEXED"
                for table in tables
            ]
            queries.append("SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY 1, 2")
            rows = [ledger.execute(query).fetchall() for query in queries]
            # As text: 1 and 1.0 are equal, but not the same.
            return repr(rows)
    except (sqlite3.Error, UnicodeError):  # the second of a column name
        return None


def tries(place: Path, part: float, chance: random.Random) -> Iterator[Tried]:
    """Do each damage to bytes and pages, and each edit, to a fresh copy."""
    with sound(place) as ledger:
        sheets, known = pages.split(ledger.content), pages.kinds(ledger.path)
        makers: dict[Callable[..., pages.Made], int] = {
            **{partial(pages.flipped, numbers=numbers): 150 for numbers in known.values()},
            **dict.fromkeys((pages.cut, pages.blank), 80),
            partial(pages.swapped, alike=[*known.values()]): 80,
            partial(pages.stale, earlier=pages.split(ledger.earlier)): 60,
        }
        damages: list[list[Harm]] = [
            [partial(_write, partial(make, sheets, chance))] * times
            for make, times in makers.items()
        ]
        for harm in share(chance, part, (*damages, [*edits.damages(ledger.path)])):
            yield from _damage(harm, ledger)
        yield from _kept_heads(ledger)


def _write(make: Callable[[], pages.Made], path: Path) -> str:
    name, content = make()
    path.write_bytes(content)
    return name


def _damage(harm: Harm, ledger: Sound) -> Iterator[Tried]:
    """Do one damage, and run check, log, close and restore."""
    path = ledger.path
    _fresh(path, ledger.content)
    name = harm(path)
    damaged = path.read_bytes()
    checked = command("ledger check")
    passed = checked.code == 0 and "mine" not in checked.err  # a view of others is named
    missed = passed and all_rows(path.read_bytes()) != all_rows(ledger.content)
    what = "damaged ledger: `ledger check` passes while data differs"
    yield Tried(what, [name] * missed, "seen" if checked.code else "")
    found = [*_unclear(checked)]
    if path.read_bytes() != damaged:
        found.append("changed by ledger check")
    for line in (_LAST, _CLOSE):
        _fresh(path, damaged)
        written = command(line)
        found += _unclear(written, 2, 3)
        if written.code and path.read_bytes() != damaged:
            found.append(f"changed by a refused {line[:5]}")
    what = "damaged ledger: check, log or close answers unclearly, or writes what it refuses"
    yield Tried(what, [f"{name}: {each}" for each in found])
    _fresh(path, damaged)
    what = "damaged ledger: not restored, or what it was not kept as it was"
    yield Tried(what, [f"{name}: {each}" for each in _not_restored(path, damaged)])


def _unclear(done: Done, *refusals: int) -> Iterator[str]:
    yield from misdone(done, 0, 4, *refusals)
    if done.code == 4 and "The newest backup: " not in done.err:
        yield f"no backup named: {done.err}"


def _not_restored(path: Path, damaged: bytes) -> Iterator[str]:
    """Yield a fault if a restore fails, or does not keep the damaged file to the byte."""
    restored = command(f"ledger restore {BACKUP}")
    backup = path.with_name(BACKUP).read_bytes()
    if restored.code or all_rows(path.read_bytes()) != all_rows(backup):
        yield f"{restored.code} {restored.err}"
    for kept in path.parent.glob(f"{LEDGER}.replaced-*"):
        if kept.read_bytes() != damaged:
            yield "kept otherwise"
        kept.unlink()


def _fresh(path: Path, content: bytes) -> None:
    for left in path.parent.glob(f"{path.name}-*"):
        left.unlink()
    path.write_bytes(content)


def _kept_heads(ledger: Sound) -> Iterator[Tried]:
    """Check that after a consistent rewrite the last printed head is gone from the chain."""
    for harm in (edits.rewritten, edits.rewound):
        _fresh(ledger.path, ledger.content)
        head = command("ledger check").out
        harm(ledger.path)
        now = command("ledger check")
        # Where something was submitted, the head on its forms tells already without the forms.
        found = [harm.__name__] if now.code == 0 and now.out == head else []
        yield Tried("rewritten as a whole: the head printed on forms still stands", found)
