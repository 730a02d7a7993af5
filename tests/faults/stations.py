"""The station that harm is done to: its files, and what stands in the files after."""

import re
import shutil
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, closing, nullcontext, suppress
from functools import cache, lru_cache
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple
from zipfile import ZipFile, is_zipfile

from ledger12315.errors import LedgerError
from ledger12315.ledger.audit.check import ledger_problems
from ledger12315.locale import render
from tests.faults import Done
from tests.faults.clerks import clerk
from tests.faults.inprocess import done, workplace
from tests.faults.lines import BACKUP, FILES, LEDGER, LIFE, Act, register
from tests.newer import one_step_more


@cache
def station() -> Mapping[str, bytes]:
    """Return the station's files, made once in each process; a state stands behind an @."""
    with TemporaryDirectory() as folder, workplace(Path(folder, "made")):
        for name, content in FILES.items():
            Path(name).write_bytes(content)
        for each in LIFE:
            done(each)
        _make_hot()
        Path(f"{LEDGER}.upkeep.json").unlink()  # it names this folder
        return {path.name: path.read_bytes() for path in Path().iterdir() if path.is_file()}


def lay(act: Act, folder: Path) -> None:
    """Put the files that an act finds into a new folder."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for name, content in sorted(station().items()):
        plain, _, state = name.partition("@")
        if state in ("", act.state):
            (folder / plain).write_bytes(content)
    if act.words.startswith("init"):
        (folder / LEDGER).unlink()
    if large := re.search(r"(\d+)\.csv", act.words):
        (folder / large[0]).write_bytes(register(int(large[1])))


class Known(NamedTuple):
    """What stands in the files before and after an act that nothing happens to."""

    was: Mapping[str, str]
    becomes: Mapping[str, str]
    done: Done = Done(0, "", "", 0)
    state: str = ""

    def strange(self, now: Mapping[str, str], done: bool, may_lack: str = "") -> Iterator[str]:
        """Yield files that are neither as before nor as after; where all is done, not as after."""
        for name in sorted(now.keys() | self.was.keys() | self.becomes.keys()):
            stands, was, becomes = now.get(name), self.was.get(name), self.becomes.get(name)
            lacks = name == may_lack and not stands
            if lacks or stands == becomes or (stands == was and not done):
                continue
            if was is becomes is None:
                yield f"{name} left behind"
            elif stands == was:
                yield f"{name} not written, though acknowledged"
            else:
                yield f"{name} {'missing' if stands is None else 'half written'}"


def before(act: Act, folder: Path) -> dict[str, str]:
    """Lay what an act finds, and return what stands in it."""
    lay(act, folder)
    was = contents(folder)
    lay(act, folder)  # a journal was played back
    return was


def known(act: Act, folder: Path, **how: Any) -> Known:
    """Do an act that nothing happens to."""
    was = before(act, folder)
    done = clerk(act, folder, **how)
    assert done.code == 0, f"{act.words}: {done.err}"
    return Known(was, contents(folder), done, act.state)


def _make_hot() -> None:
    """Write ledger and journal as a crash in the midst of a large write leaves them."""
    with closing(sqlite3.connect(LEDGER, isolation_level=None)) as ledger:
        ledger.execute("PRAGMA cache_size = 1")
        ledger.execute("BEGIN")
        ledger.execute("INSERT INTO act (at, user, command) VALUES ('', '', '')")
        ledger.execute("UPDATE complaint SET facts = 'half of a write', item = ?", ("x" * 3000,))
        shutil.copy(LEDGER, f"{LEDGER}@hot")
        shutil.copy(f"{LEDGER}-journal", f"{LEDGER}-journal@hot")
        ledger.execute("ROLLBACK")


_MAGIC = b"SQLite format 3"
# Keys, salts, heads, digests, what holds one of them, and moments are never the same twice.
_MOMENT = r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:[\d.+:]+"
_VARYING = re.compile(rf"\b[0-9a-f]{{16,64}}\b|X'[0-9A-F]{{99,}}'|{_MOMENT}")
# So are the names of temporary files, and of the copy that an upgrade keeps.
_RANDOM_NAME = re.compile(
    r"[0-9a-f]{8}(?=$|-journal$|\.part)|(?<=\.schema-)(\d+)-\d{4}-\d\d-\d\d-\d{6}(-\d+)?$"
)


def contents(folder: Path) -> dict[str, str]:
    """Return every file with what stands in it, a ledger as SQL.

    A journal that was left is played back first, as SQLite does it.
    """
    for journal in folder.rglob("*-journal"):
        uri = f"file:{str(journal).removesuffix('-journal')}?mode=rw"
        with suppress(sqlite3.Error), closing(sqlite3.connect(uri, uri=True)) as ledger:
            ledger.execute("SELECT * FROM sqlite_master").fetchall()
    found: dict[str, str] = {}
    for path in filter(Path.is_file, sorted(folder.rglob("*"))):
        name, content = str(path.relative_to(folder)), _content(path.read_bytes())
        alike = _RANDOM_NAME.sub(r"*\1", name)
        # Of two of a kind neither hides what is wrong with the other.
        found[alike if found.get(alike, content) == content else name] = content
    return found


@lru_cache(maxsize=200)
def _content(content: bytes) -> str:
    if content.startswith(b"PK") and is_zipfile(BytesIO(content)):
        with ZipFile(BytesIO(content)) as book:
            parts = [book.read(name).decode("utf-8", "replace") for name in book.namelist()]
        return _VARYING.sub("*", "\n".join(parts))
    if not content.startswith(_MAGIC):
        # The list of backups holds whole paths, and an image lies in a folder of its own.
        text = re.sub("^/.*/", "{}/", content.decode("latin-1"), flags=re.M)
        return _VARYING.sub("*", text)
    try:
        with closing(sqlite3.connect(":memory:")) as ledger:
            ledger.deserialize(content)
            head = f"{content[60:64]!r}{content[68:72]!r}"  # version, and whose file it is
            return _VARYING.sub("*", "\n".join([head, *ledger.iterdump()]))
    except (sqlite3.Error, UnicodeDecodeError) as error:
        return f"damaged: {error}"


def numbers(path: Path) -> list[str]:
    """Return the complaints' numbers in their order."""
    with closing(sqlite3.connect(path)) as ledger:
        query = "SELECT number FROM complaint ORDER BY year, serial"
        return [row[0] for row in ledger.execute(query)]


def crashed(folder: Path, known: Known, done: bool) -> Iterator[str]:
    """Yield what is wrong after a crash.

    A temporary file may stay, a journal until the next write.
    """
    # The next one comes as cron does: it reads.
    if (folder / LEDGER).exists() and (
        read := clerk(Act("overdue", state=known.state), folder)
    ).code:
        yield f"cannot be read: {read.err}"
    found = contents(folder).items()
    now = {name: text for name, text in found if name[0] != "." and "-journal" not in name}
    yield from known.strange(now, done, BACKUP)
    for path in folder.glob("[!.]*"):
        if path.is_file() and path.read_bytes().startswith(_MAGIC):
            yield from unsound(path, known.state)


def program(state: str) -> AbstractContextManager[None]:
    """Inside, this process is the program that finds a ledger in this state."""
    return one_step_more() if state == "old" else nullcontext()


def unsound(path: Path, state: str = "") -> Iterator[str]:
    """Yield what keeps a ledger from passing its check."""
    try:
        with program(state):
            found = ledger_problems(path)
        yield from (f"{path.name} check: {render(each)}" for each in found)
    except LedgerError as error:
        yield f"{path.name} cannot be checked: {render(error.message)}"
