"""Personal data as canaries: where they appear, and what is left after erasing."""

import ctypes
import json
import os
import re
import sqlite3
import stat
import unicodedata
import zipfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import chdir, closing, suppress
from functools import cache
from importlib import import_module
from itertools import product
from math import ceil
from pathlib import Path
from pkgutil import walk_packages
from random import Random
from tempfile import TemporaryDirectory
from typing import Any, ClassVar
from unittest.mock import patch

import duckdb

from ledger12315 import cli
from ledger12315.boxes import Box
from ledger12315.cli.face import answers
from ledger12315.cli.table import GROUPS
from ledger12315.county import loading
from ledger12315.ledger import people
from ledger12315.ledger.complaints import views as docket
from ledger12315.ledger.store import opening as file
from tests.faults import Done, Tried, share, words
from tests.faults.edits import run_unguarded
from tests.faults.inprocess import command, done, workplace
from tests.faults.lines import (
    ACTS,
    BACKUP,
    BOXES,
    CONSUMER,
    LATER,
    LEDGER,
    LIFE,
    LOG,
    NAME,
    OFFICES,
    PHONE,
    TEXT,
    TEXTS,
    Act,
    act,
    acts,
)
from tests.faults.stations import lay, program, station

# What shows somebody in full because it is asked for.
_REVEALS = tuple(each for each in ACTS if re.search("--reveal|informant ", each.words))
_SAYS = tuple(each for each in ACTS if each not in _REVEALS and each.state != "hot")
# Lines with a slip in a personal box, or where nothing may be done.
SLIPS = (
    *(
        Act("log --from-stdin", json.dumps(LOG | {box: odd}))
        for box, odd in product(BOXES, (TEXT * 100, f"{TEXT}\x07", [TEXT], f"{NAME}\n{PHONE}"))
        if box not in TEXTS or odd != f"{NAME}\n{PHONE}"
    ),
    *acts("""
        log --from-stdin < {$LOG, "source": "referred"}
        log --from-stdin < {$LOG, "received": "2027-01-01"}
        log --from-stdin < ["$TEXT"]
        log --from-stdin < "$TEXT"
        close 2026-2 --from-stdin < {$CLOSE}
        close 2026-1 --from-stdin < {$CLOSE, "recovered": "x"}
        complaint amend 2026-4 --from-stdin < {"facts": "$TEXT。", "remark": "$TEXT。"}
        complaint escalate 2026-3 --from-stdin < {"reason": "$TEXT"}
        complaint void 2026-4 --from-stdin < {"reason": "$TEXT"}
        complaint reopen 2026-1 --from-stdin < {"reason": "$TEXT"}
        record void 9 --from-stdin < {"reason": "$TEXT"}
        log P001 --item 锅 --facts 坏 --kind goods --complainant x --received 139.8765.4321
        log P001 --item 锅 --facts 坏 --kind goods --complainant x --channel +8613987654321
        log 139-8765-4321 --item 锅 --facts 坏 --kind goods --complainant x
        log --from-stdin < {$LOG, "$PHONE": "x"}
        close 13987654321 --outcome settled
        rollup 3 13987654321
        settings set 13987654321 1
        record list １３９８７６５４３２１
        complaint import slips.csv --point P001
        complaint import register.csv
        template check register.csv
        register 西门商场 --type mall --liaison '端木云雀 13976543210'
        register 西门商场 --type mall --liaison '端木云雀⏎13976543210'
        register 西门商场 --type mall --officer '慕容夜莺 13965432109x'
    """),
)
# Where the program is made to fail with a canary in its hands.
# Loaded before anything is patched: what is loaded meanwhile would keep the patch.
for _each in walk_packages(cli.__path__, f"{cli.__name__}."):
    import_module(_each.name)
_PLACES = (
    (file, "connect"),
    (file, "seal"),
    (docket, "timeline"),
    (answers, "masked_rows"),
    (people, "all_names"),
    (Box, "parse"),
)
# Bytes that are no text, in what shows names and in what keeps them.
_UNDECODABLE = [
    "UPDATE {0} SET {1} = CAST(CAST({1} AS BLOB) || x'ff' AS TEXT)".format(*each.split("."))
    for each in words("complaint.complainant complaint.facts contact.name change.personal")
]
_PLACE = Path("station")
_CREATED, _MOVED_HERE = 0x100, 0x80
# Forms about people, made for the file.
_FILED = ("附件1_", "附件2_", "和解协议_")


def tries(place: Path, part: float, chance: Random) -> Iterator[Tried]:
    """Run lines in every way that could show a canary, and erase some."""
    with workplace(place / "said"):
        station()  # made while nothing is made to fail
        kinds: dict[str, tuple[Callable[..., Iterator[str]], Iterable[Any]]] = {
            "every command in every form": (
                form_of,
                product(_SAYS, ("", "--json", "--csv"), (False, True), ("en", "zh")),
            ),
            "slips in personal boxes": (slip, product(SLIPS)),
            "text that SQLite cannot decode": (undecodable, product(_SAYS, _UNDECODABLE)),
            "faults of the program and their reports": (fault, product(_SAYS, _PLACES)),
            "shown with --reveal, and not recorded": (revealed, product(ACTS)),
        }
        tried = ([(name, look, each) for each in every] for name, (look, every) in kinds.items())
        for name, look, each in share(chance, part, tried):
            yield Tried(f"canaries: {name}", [*look(*each)])
    with workplace(place / "erased"):
        times = ceil(75 * part)
        what = "canaries: complaints erased, something left of them, or a figure changed"
        yield Tried(what, [*erased(times)], times=4 * times)


@cache
def _watch(folder: str) -> int:
    """Return the kernel's notes of new files in a folder."""
    libc = ctypes.CDLL(None)
    notes = libc.inotify_init1(os.O_NONBLOCK | os.O_CLOEXEC)
    libc.inotify_add_watch(notes, os.fsencode(folder), _CREATED | _MOVED_HERE)
    return int(notes)


def _appeared(folder: str) -> Iterator[str]:
    """Yield names that appeared since the last call, also of removed files."""
    events = b""
    with suppress(BlockingIOError):
        events = os.read(_watch(folder), 65536)
    while events:
        end = 16 + int.from_bytes(events[12:16], "little")
        yield os.fsdecode(events[16:end].rstrip(b"\0"))
        events = events[end:]


class _Stage(TemporaryDirectory[str]):
    """The folder in which a load lays out facts; its files are looked through before they go."""

    held: ClassVar[dict[str, list[str]]] = {}
    """What each folder held that it must not."""

    def cleanup(self) -> None:
        files = filter(Path.is_file, Path(self.name).rglob("*"))
        self.held[Path(self.name).name] = [
            f"{each} {path.name}" for path in files for each in _in_file(path, "")
        ]
        super().cleanup()


def _run(act: Act, form: str = "", terminal: bool = False, ledger: bytes = b"") -> Done:
    """Run a line with a fresh copy of the station."""
    lay(act, _PLACE)
    _watch(os.environ["TMPDIR"])
    staged = patch.object(loading, "TemporaryDirectory", _Stage)
    with chdir(_PLACE), program(act.state), staged:
        if ledger:
            Path(LEDGER).write_bytes(ledger)
        return command(f"{act.words} {form}", act.stdin, terminal)


def form_of(act: Act, form: str, terminal: bool, language: str) -> Iterator[str]:
    """Run a line through a pipe or on a terminal, as text, JSON or csv if it can."""
    # Of the forms that are exported one can be printed as csv.
    printed = not act.words.startswith("export ") or "publicity" in act.words
    if form in help_of(act.words) and (printed or form != "--csv"):
        with patch.dict(os.environ, LEDGER12315_LANG=language):
            result = _run(act, form, terminal)
        yield from leaks(f"{act.words} {form}", result, 0)


def slip(act: Act) -> Iterator[str]:
    yield from leaks(act.words, _run(act), 2, 3, 5)


def undecodable(act: Act, script: str) -> Iterator[str]:
    yield from leaks(f"{act.words} after {script}", _run(act, ledger=_spoilt(script)))


def fault(act: Act, where: tuple[object, str]) -> Iterator[str]:
    """Make the program fail; its report names the place, but no values."""
    fault = ValueError(TEXT)
    fault.__cause__ = KeyError(PHONE, NAME)
    with patch.object(*where, side_effect=fault):
        result = _run(act)
    yield from leaks(f"{act.words} failing in {where[1]}", result, 0, 4)


def revealed(act: Act) -> Iterator[str]:
    """Ask for names in full, and check that this is recorded."""
    bare = act = act._replace(words=act.words.removesuffix(" --reveal"))
    flag = "--reveal"
    if "informant" in act.words:
        bare, flag = Act("record list"), ""
    elif flag not in help_of(act.words):
        return
    masked = "*" in _run(bare).out
    result = _run(act, flag)
    with closing(sqlite3.connect(_PLACE / LEDGER)) as ledger:
        recorded = ledger.execute("SELECT count(*) FROM disclosure").fetchone()[0] - 1
    shown = seen(result.out, CONSUMER)
    if result.code or recorded != masked or bool(shown) != masked:
        yield f"{act.words}: recorded {recorded} times, {result}"


def leaks(line: str, result: Done, *codes: int) -> Iterator[str]:
    """Yield each canary that was printed, or is in a new file."""
    if codes and result.code not in codes:
        yield f"{line}: {result.code} {result.err}"
    # Who handles complaints is on the wall of the point; an error names nobody.
    for text, canaries in (
        (result.out, CONSUMER),
        (result.err, (*CONSUMER, *OFFICES)),
        (f"{os.environ}", (*CONSUMER, *OFFICES)),
    ):
        if found := seen(text, canaries):
            yield f"{line}: {found} in {text}"
    temporary = os.environ["TMPDIR"]
    for name in _appeared(temporary):
        held = [] if name.startswith("ledger12315-fault-") else ["temporary file"]
        yield from (f"{line}: {each} {name}" for each in _Stage.held.pop(name, held))
    reports = [*Path(temporary).iterdir()]
    for path in filter(Path.is_file, (*_PLACE.rglob("*"), *reports)):
        yield from (f"{line}: {each} {path.name}" for each in _in_file(path, line))
    for report in reports:
        report.unlink()


def _in_file(path: Path, line: str) -> Iterator[str]:
    """Yield forbidden canaries in a file; ledgers and registers may have them."""
    content = path.read_bytes()
    if path.suffix == ".csv" or content.startswith(b"SQLite format 3"):
        return
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as parts:
            content = b"".join(parts.read(name) for name in parts.namelist())
    if path.suffix == ".parquet":
        content = str(duckdb.execute(f"FROM read_parquet('{path}')").fetchall()).encode()
    private = path.name.startswith((*_FILED, "ledger12315-fault-"))
    if private and stat.S_IMODE(path.stat().st_mode) != 0o600:
        yield "others may read"
    # A return is signed by the point's liaison.
    signed = path.suffix == ".xlsx" and "--public" not in line
    found = seen(content.decode(errors="replace"), CONSUMER if signed else (*CONSUMER, *OFFICES))
    if found and not path.name.startswith(_FILED):
        yield f"{found} in"


@cache
def _spoilt(script: str) -> bytes:
    Path("spoilt").write_bytes(station()[LEDGER])
    run_unguarded(script, Path("spoilt"))
    return Path("spoilt").read_bytes()


@cache
def help_of(line: str) -> str:
    """Return the help of a line's command."""
    group = any(line.startswith(f"{row.name} ") for row in GROUPS)
    return command(f"{' '.join(line.split()[: 2 if group else 1])} --help").out


def seen(text: str, canaries: tuple[str, ...]) -> list[str]:
    """Return the canaries in a text, in any form.

    They may be escaped as in JSON, in any width, with anything between a number's digits.
    """
    plain = re.sub(r"\\u([0-9a-f]{4})", lambda found: chr(int(found[1], 16)), text)
    bare = re.sub(r"(?<=\d)[\s().\u2010-\u2015-]+(?=\d)", "", unicodedata.normalize("NFKC", plain))
    return [canary for canary in canaries if canary in bare]


# Four complaints; N is the number of the last.
_LIVES = """
    log --from-stdin < {$LOG, $LONGER}
    complaint amend 2026-N --from-stdin < {"facts": "$TEXT。", "remark": "$TEXT。"}
    complaint escalate 2026-N --from-stdin < {"reason": "$TEXT"}
    close 2026-N --from-stdin < {$CLOSE}
    log --from-stdin < {$LOG}
    complaint amend 2026-N --from-stdin < {$LONGER}
    close 2026-N --from-stdin < {$CLOSE}
    complaint reopen 2026-N --from-stdin < {"reason": "$TEXT"}
    close 2026-N --from-stdin < {$CLOSE}
    complaint void 2026-N --from-stdin < {"reason": "$TEXT"}
    log --from-stdin < {$LOG, $LONGER}
    close 2026-N --from-stdin < {$CLOSE}
    log --from-stdin < {$LOG}
    complaint amend 2026-N --from-stdin < {$LONGER}
    complaint void 2026-N --from-stdin < {"reason": "$TEXT"}
"""


def erased(times: int) -> Iterator[str]:
    """Erase years later all that is past its retention: no byte of it stays, every figure does."""
    for each in LIFE[:2]:
        done(each)
    logged = 0
    for each in [*acts(_LIVES)] * times:
        logged += each.words.startswith("log")
        done(each._replace(words=each.words.replace("N", str(logged))))
    for line in ("record inquiry", "record lead", "record visit", "record amend"):
        done(act(line))
    os.environ["LEDGER12315_TODAY"] = LATER
    periods = words("2026 2026Q3 2026Q4")
    questions = [f"rollup {form} {period} --json" for form in "36" for period in periods]
    figures = [command(question).out for question in questions]
    done(Act("--clock-is-right complaint erase --all"))
    done(Act(f"ledger backup {BACKUP}"))
    if [command(question).out for question in questions] != figures:
        yield "a figure changed"
    yield from (*_left(LEDGER), *_left(BACKUP))


def _left(name: str) -> Iterator[str]:
    """Yield remains in a ledger after everything was erased."""
    content = Path(name).read_bytes()
    for canary in (*CONSUMER, PHONE):
        if (at := content.find(canary.encode())) >= 0:
            yield f"{canary} in {name}: {content[max(at - 60, 0) : at + 60]!r}"
    if (checked := command(f"--db {name} ledger check")).code:
        yield f"{name}: {checked.err}"
