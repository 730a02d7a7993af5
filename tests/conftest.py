"""Each test runs in English, in its own home folder, without the user's settings."""

import gc
import os
import sqlite3
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from functools import cache, wraps
from pathlib import Path
from shutil import disk_usage
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from ledger12315.cli import app
from ledger12315.cli.face import configuration
from ledger12315.cli.face.help import Command, Group
from ledger12315.ledger.store import making, migrating, now, user
from ledger12315.ledger.store import opening as file
from ledger12315.ledger.store.migrating import ledger_of_version
from ledger12315.ledger.store.versions import STEPS
from tests import printing
from tests.kept import close_kept, empty, kept_open, kept_place

# A busy machine is no failure: neither an example that takes long nor examples made slowly.
settings.register_profile("unhurried", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("unhurried")
# The program collects no garbage in its short run.
gc.set_threshold(8_000_000, 50, 100)

_LOCALE_AND_TERMINAL = ["LANG", "LANGUAGE", "COLUMNS", "FORCE_COLOR", "NO_COLOR"]
_HOMES = [
    "HOME",
    "USERPROFILE",
    "APPDATA",
    "LOCALAPPDATA",
    "XDG_CACHE_HOME",
    "XDG_CONFIG_HOME",
    "XDG_DATA_HOME",
    "XDG_STATE_HOME",
]
_own_folder = configuration.own_folder
REAL_FOLDERS = _own_folder("data"), _own_folder("config")
_HOME = "LOCALAPPDATA" if sys.platform == "win32" else "HOME"
_REAL_HOME = os.environ.get(_HOME)
_PRAGMAS = file.PRAGMAS
_HASTY = tuple(each.replace("EXTRA", "OFF") for each in _PRAGMAS)
_NEWEST = max(STEPS)


# Where there is a RAM disk the tests' files stand on it: none of them waits for a real disk.
_RAM = Path("/dev/shm")  # noqa: S108  pytest makes a folder of its own in it
if os.access(_RAM, os.W_OK) and disk_usage(_RAM).free > 2 << 30:
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(_RAM))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    # Whole files go to one process: those with the most slow tests first, as they take long.
    slow = Counter(item.path for item in items if item.get_closest_marker("slow"))
    items.sort(key=lambda item: -slow[item.path])


def pytest_sessionfinish() -> None:
    """Collect garbage in CI alone, and once: pytest does it ten times, with all that is loaded."""
    if "CI" in os.environ:
        gc.collect()
    gc.freeze()


@pytest.fixture(autouse=True, scope="session")
def unhindered(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep the program's temporary files with those of the tests, and do not wait for disks."""
    folder, own = str(tmp_path_factory.mktemp("temporary")), tmp_path_factory.getbasetemp()
    printing.RUN[:] = [own.parent if "PYTEST_XDIST_WORKER" in os.environ else own]
    with pytest.MonkeyPatch.context() as monkeypatch, kept_open():
        monkeypatch.setenv("TMPDIR", folder)
        monkeypatch.setattr("tempfile.tempdir", folder)
        monkeypatch.setattr("os.fsync", lambda _: None)
        for name in ("replace", "rename", "unlink", "remove"):
            monkeypatch.setattr(os, name, _as_on_windows(getattr(os, name)))
        monkeypatch.setattr(file, "PRAGMAS", _HASTY)
        # The program builds its command line once in its run, and so does a run of the tests.
        monkeypatch.setattr(app, "program", cache(app.program))
        monkeypatch.setattr(app.Deferred, "load", cache(app.Deferred.load))
        for each in (Command, Group):
            monkeypatch.setattr(each, "make_parser", _made_once(each.make_parser))
        monkeypatch.setattr(migrating, "ledger_of_version", _copied_pattern)
        monkeypatch.setattr(making, "connect", _connect_to_new)
        yield


def _made_once(make: Callable[..., Any]) -> Callable[..., Any]:
    """Return a function that makes the parser of each command once."""
    parsers: dict[Any, Any] = {}

    def made(command: Any, context: Any) -> Any:
        if command not in parsers:
            parsers[command] = make(command, context)
        parsers[command].ctx = context
        return parsers[command]

    return made


def _copied_pattern(version: int) -> sqlite3.Connection:
    """Return an empty ledger of this version, whose steps run once per run of the tests."""
    ledger = sqlite3.connect(":memory:", isolation_level=None)
    ledger.deserialize(_pattern(version, "", ""))
    return ledger


def _connect_to_new(path: Path, mode: str) -> sqlite3.Connection:
    """Return a connection to a file whose steps ran before; none of them runs again."""
    if max(STEPS) == _NEWEST:
        path.write_bytes(_pattern(_NEWEST, now(), user()))
    return file.connect(path, mode)


@cache
def _pattern(version: int, _moment: str, _user: str) -> bytes:
    # The first act of a ledger is of its moment and user.
    with closing(ledger_of_version(version)) as made:
        return made.serialize()


@pytest.fixture(autouse=True, scope="session")
def away_from_home(_folder: Path) -> Iterator[None]:
    """Have the user's folders in that of the test; fail one that would use the real ones."""

    def own_folder(of: Any) -> Path:
        found = _own_folder(of)
        assert found not in REAL_FOLDERS, f"a test would reach {found}"
        return found

    class Process(subprocess.Popen[Any]):
        def __init__(self, *arguments: Any, **more: Any) -> None:
            home = (os.environ if more.get("env") is None else more["env"]).get(_HOME)
            assert home and home != _REAL_HOME, f"a process of a test would reach {_REAL_HOME}"
            super().__init__(*arguments, **more)

    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setenv("LOGNAME", "li")  # whoever runs the tests
        for name in _HOMES:
            monkeypatch.setenv(name, f"{_folder}{os.sep}{name.lower()}")
        monkeypatch.setattr(configuration, "own_folder", own_folder)
        monkeypatch.setattr(subprocess, "Popen", Process)
        yield


@pytest.fixture(scope="session")
def _folder() -> Iterator[Path]:
    """The folder that each test makes anew."""
    with kept_place("ledger.sqlite", _RAM if _RAM.is_dir() else None) as folder:
        yield folder


@pytest.fixture
def tmp_path(_folder: Path) -> Iterator[Path]:
    """A folder for one test, in memory if the system has a RAM disk."""
    folder, here = _folder, Path.cwd()
    folder.mkdir(exist_ok=True)
    empty(folder)  # a test that asks for no folder may have used a home in it
    yield folder
    os.chdir(here)
    empty(folder)
    folder.rmdir()


@pytest.fixture(autouse=True)
def isolated(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in os.environ:
        if name.startswith(("LEDGER12315_", "LC_")) or name in _LOCALE_AND_TERMINAL:
            monkeypatch.delenv(name)
    monkeypatch.setenv("LEDGER12315_LANG", "en")
    if request.node.get_closest_marker("durable"):
        monkeypatch.setattr(file, "PRAGMAS", _PRAGMAS)


def _as_on_windows(act: Callable[..., object]) -> Callable[..., object]:
    """Return a function that replaces or deletes files, but fails for one that is still open."""

    @wraps(act)
    def acted(*paths: Any, **how: Any) -> object:
        for path in () if how else paths:
            with suppress(FileNotFoundError):
                known = _identity(path)
                # Windows tells nobody what is open, and refuses by itself.
                if sys.platform == "win32":
                    close_kept()
                elif known in _held_open():
                    close_kept(known[1])
                    if known in _held_open():
                        raise PermissionError(13, "Another program has it open", str(path))
        return act(*paths, **how)

    return acted


def _identity(path: str | Path) -> tuple[int, int]:
    known = os.lstat(path)
    return known.st_dev, known.st_ino


def _held_open() -> Iterator[tuple[int, int]]:
    # By names, since each file that is replaced asks: pathlib would take a second of the tests.
    for descriptor in os.listdir("/proc/self/fd"):  # noqa: PTH208
        with suppress(OSError):  # that of the list itself
            known = os.fstat(int(descriptor))
            yield known.st_dev, known.st_ino
