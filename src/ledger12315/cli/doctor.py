"""`ledger doctor` 体检: each line a check of the computer or of the ledger, with what to do."""

import os
import platform
import re
import shutil
import sys
from collections.abc import Iterator, Sequence
from datetime import date
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

from ledger12315.boxes import Filled
from ledger12315.boxes.worded import OneWord
from ledger12315.build import VERSION
from ledger12315.cli.command import command
from ledger12315.cli.face.answers import Column, Result, Row, Table
from ledger12315.cli.face.configuration import configuration_file, configure, configured_values
from ledger12315.cli.face.desk import Desk
from ledger12315.cli.face.options import EXIT_CODE
from ledger12315.cli.face.shells import starting_shell
from ledger12315.cli.face.terminals import terminal_width
from ledger12315.cli.shell.installing import completes
from ledger12315.errors import LedgerError, Message, message, unplugged_disk
from ledger12315.ledger.calendar import calendar_of
from ledger12315.ledger.store import clock_moment
from ledger12315.ledger.store.explaining import SQLITE_VERSION, demand_sqlite
from ledger12315.ledger.store.files import write_obstacle
from ledger12315.ledger.store.history import first_day, newest_day
from ledger12315.ledger.store.upkeep import backup_due, backup_strayed, day_of, last_backup
from ledger12315.locale import has_chinese, language, render
from ledger12315.words import vocabulary

_CHECKS = vocabulary("""
    program       | 程序     | program
    sqlite        | SQLite   | SQLite
    extras        | 附加组件 | extras
    configuration | 配置文件 | configuration
    language      | 语言     | language
    clock         | 时钟     | clock
    calendar      | 节假日   | calendar
    place         | 存放位置 | place
    ledger        | 台账     | ledger
    entry         | 最近登记 | last entry
    backup        | 最近备份 | last backup
    check         | 最近检查 | last check
    notice        | 最近通知 | last notice
    completion    | 补全     | completion
""")
_EXTRAS = {"duckdb": "county", "apprise": "--notify"}
_LONGEST_UNCHECKED = 31  # days
_ROOM = 100_000_000
"""The least bytes that a ledger's disk should have free."""
_SYNCHRONISED = re.compile(
    "onedrive|dropbox|icloud|mobile documents|nextcloud|owncloud|syncthing|google ?drive"
    "|nutstore|坚果云|baidu|百度|weiyun|微云|wpsdrive|wps云|网盘|云盘|同步盘",
    re.IGNORECASE,
)
_SHARES = re.compile(r"nfs\d?|cifs|smb\w*|9p|davfs|fuse\.(?:sshfs|rclone|davfs\w*)")
_REMOVABLE, _REMOTE = 2, 4
"""Windows' kinds of a drive."""
_NONE, _NONE_YET = message("none"), message("none yet")


class _Examined(NamedTuple):
    """A check: its word, what was found, what to do, if anything; its file and its day."""

    check: str
    found: Message | str
    to_do: Message | None = None
    path: Path | None = None
    day: date | None = None


_COLUMNS = (
    Column("check", "项目", kind=OneWord(_CHECKS)),
    Column("sound", "正常"),
    Column("found", "情况"),
    Column("to_do", "要做的"),
    Column("path", "文件", screen=False),
    Column("day", "日期", screen=False),
    Column("age_days", "距今天数", screen=False),
)
_WANTING = EXIT_CODE._replace(help="exit with 1 when a check wants something done")


@command(_WANTING, flags="json csv")
def examine(desk: Desk, filled: Filled) -> Result:
    """Examine this computer and the ledger's place, backups and clock; say what to do."""
    today = _day_of_clock()
    rows = [
        {
            "check": examined.check,
            "sound": not examined.to_do,
            "found": render(examined.found),
            "to_do": examined.to_do and render(examined.to_do),
            "path": examined.path and str(examined.path),
            "day": examined.day and examined.day.isoformat(),
            "age_days": (today - examined.day).days if today and examined.day else None,
        }
        for examined in (
            *_computer_checks(),
            *_place_checks(desk.path),
            *_ledger_checks(desk),
            *_shell_checks(),
        )
    ]
    wanting = any(not row["sound"] for row in rows)
    code = int("exit_code" in filled and wanting)
    return Result((Table(rows, _COLUMNS, drawn=_lines),), exit_code=code)


def _lines(rows: Sequence[Row]) -> Iterator[str]:
    """Yield a line for each check, marked with ! if something is to be done, which is below it."""
    kind = OneWord(_CHECKS)
    names = [render(kind.shown(row["check"])) for row in rows]
    wide = max(map(terminal_width, names))
    for name, row in zip(names, rows, strict=True):
        mark = " " if row["sound"] else "!"
        yield f"{mark} {name}{' ' * (wide - terminal_width(name))}  {row['found']}"
        if row["to_do"]:
            yield f"  {' ' * wide}  {row['to_do']}"


def _computer_checks() -> Iterator[_Examined]:
    python = platform.python_version()
    yield _Examined(
        "program", message("{version}, Python {python}", version=VERSION, python=python)
    )
    try:
        demand_sqlite()
        yield _Examined("sqlite", SQLITE_VERSION)
    except LedgerError as error:
        yield _Examined("sqlite", SQLITE_VERSION, error.message)
    yield _extras()
    yield _configuration()
    encoding = sys.stdout.encoding or "utf-8"
    fix = message("Set a locale that has Chinese, such as LANG=zh_CN.UTF-8.")
    lacks = None if has_chinese(encoding) else fix
    yield _Examined("language", f"{language()}, {encoding}", lacks)


def _configuration() -> _Examined:
    """Return the check of the configuration, which may hold a robot's key."""
    file = configuration_file()
    found: Message | str = str(file) if file.is_file() else _NONE
    path, wrong = file if file.is_file() else None, None
    try:
        configure()
        if "notify" in configured_values() and _others_rights(file, 0o077):
            wrong = message(
                "It holds a robot's key, and others may read it: chmod 600 {path}", path=file
            )
    except LedgerError as error:
        wrong = error.message
    return _Examined("configuration", found, wrong, path)


def _others_rights(file: Path, rights: int) -> int:
    """Return which of these rights others have on a file; Windows keeps them elsewhere."""
    return 0 if sys.platform == "win32" else file.stat().st_mode & rights


def _extras() -> _Examined:
    """Return the check of the extras; apprise is wanted where an address is configured."""
    there = {name: find_spec(name) is not None for name in _EXTRAS}
    names = [f"{name} ({_EXTRAS[name]})" for name, is_there in there.items() if not is_there]
    found = message("missing: {names}", names=names) if names else message("all installed")
    wants = os.environ.get("LEDGER12315_NOTIFY") and not there["apprise"]
    install = message('To send messages install: pip install "apprise~=2.3"')
    return _Examined("extras", found, install if wants else None)


def _place_checks(path: Path) -> Iterator[_Examined]:
    whole = path.resolve()
    if disk := unplugged_disk(path):
        plug = message("Plug the disk in: {disk}", disk=disk)
        yield _Examined("place", str(whole), plug, whole)
        return
    kind = _kind_of_place(whole)
    if kind is None:
        yield _Examined("place", str(whole), path=whole)
        return
    found = message("{path} ({kind})", path=whole, kind=kind)
    move = message(
        "Move the ledger to a disk of this computer: two programs that write at once damage it."
    )
    yield _Examined("place", found, move, whole)


def _kind_of_place(path: Path) -> Message | None:
    """Return what is wrong with a ledger's place: a synchronised folder, a stick or a share."""
    if any(map(_SYNCHRONISED.search, path.parent.parts)):
        return message("a synchronised folder")
    if _is_on_drive(path, _REMOTE):
        return message("a share of the network")
    if _is_on_drive(path, _REMOVABLE):
        return message("a stick or another removable disk")
    return None


def _is_on_drive(path: Path, kind: int) -> bool:
    """Return whether a path is on this kind of drive."""
    if sys.platform == "win32":
        import ctypes

        drive = ctypes.windll.kernel32.GetDriveTypeW(path.anchor)
        return path.anchor.startswith("\\\\") if kind == _REMOTE and not drive else drive == kind
    if kind == _REMOVABLE:
        return str(path).startswith(("/media/", "/run/media/", "/Volumes/"))
    return _SHARES.fullmatch(_filesystem_of(path)) is not None


def _filesystem_of(path: Path) -> str:
    """Return the type of a path's filesystem, as Linux names it; empty where nobody says it."""
    try:
        mounts = Path("/proc/mounts").read_text("utf-8", "replace").splitlines()
    except OSError:
        return ""
    found = [line.split()[1:3] for line in mounts if len(line.split()) > 2]
    above = [(place, kind) for place, kind in found if path.is_relative_to(place)]
    return max(above, key=lambda each: len(each[0]), default=("", ""))[1]


def _ledger_checks(desk: Desk) -> Iterator[_Examined]:
    """Yield the checks of the ledger, and those that need its days; also if it cannot be read."""
    path, today = desk.path, _day_of_clock()
    newest: date | None = None
    entry = _NONE_YET
    began: date | None = None
    announced: range | Sequence[int] = ()
    try:
        with desk.read() as ledger:
            newest, began, announced = (
                newest_day(ledger),
                first_day(ledger),
                calendar_of(ledger).announced,
            )
        yield _size(path)
    except LedgerError as error:
        entry = message("unknown")
        yield _Examined("ledger", message("cannot be read"), error.message)
    yield _Examined("entry", str(newest) if newest else entry, day=newest)
    yield _clock(today, newest)
    if today and announced:
        yield _calendar(today, announced)
    # Noted in the file beside the ledger.
    yield _backup(path, began, today)
    yield _last_check(path, began, today)
    yield _last_notice(path)


def _day_of_clock() -> date | None:
    """Return today by the computer's clock, None if that cannot be."""
    try:
        return clock_moment().date()
    except LedgerError:
        return None


def _clock(today: date | None, newest: date | None) -> _Examined:
    correct = message("Correct the clock of this computer.")
    if not today:
        return _Examined("clock", message("before 1990 or after 2199"), correct)
    if newest and today < newest:
        found = message("{day}, before the newest entry of {newest}", day=today, newest=newest)
        return _Examined("clock", found, correct, day=today)
    return _Examined("clock", str(today), day=today)


def _calendar(today: date, announced: Sequence[int]) -> _Examined:
    last = message("known up to {year}", year=announced[-1])
    due = today.year + (today.month == 12)  # the notice comes in autumn
    if due <= announced[-1]:
        return _Examined("calendar", last)
    load = message("Load the notice of {year}: `calendar load FILE`", year=due)
    return _Examined("calendar", last, load)


def _size(path: Path) -> _Examined:
    free = shutil.disk_usage(path.resolve().parent).free
    found = message(
        "{size} MB; free on its disk: {free} MB", size=_size_in_mb(path), free=round(free / 1e6)
    )
    wrong = None if free > _ROOM else message("Free space on its disk.")
    if obstacle := write_obstacle(path):
        wrong = message(
            "Nothing can be entered: {reason}. Remove the protection.", reason=obstacle
        )
    elif _others_rights(path, 0o006):
        wrong = message(
            "Everybody on this computer may read it, with people's data: chmod o= {path}",
            path=path.resolve(),
        )
    return _Examined("ledger", found, wrong, path.resolve())


def _size_in_mb(path: Path) -> str:
    return f"{path.stat().st_size / 1e6:.1f}"


def _backup(path: Path, began: date | None, today: date | None) -> _Examined:
    last, late = last_backup(path), backup_due(path, began, today) if today else None
    found = message("{day}, {path}", day=last.day, path=last.path) if last else _NONE_YET
    if last and not last.path.exists():
        found = message("{day}, {path}, which is not there now", day=last.day, path=last.path)
        if not late and not unplugged_disk(last.path):
            late = message("It is gone. Make another: `ledger backup FILE`")
    elif last and backup_strayed(path, last.path):
        late = message(
            "Its folder lay on another disk before, and now lies on the ledger's own. Mount that "
            "disk and back up again: `ledger backup FILE`"
        )
    return _Examined("backup", found, late, last and last.path, last and last.day)


def _last_check(path: Path, began: date | None, today: date | None) -> _Examined:
    if failed := day_of(path, "unsound"):
        unsound = message("not sound on {day}", day=failed)
        look = message("See its problems, and restore a backup: `ledger check`")
        return _Examined("check", unsound, look, day=failed)
    checked = day_of(path, "check")
    since = checked or began
    old = since and today and (today - since).days > _LONGEST_UNCHECKED
    found = message("sound on {day}", day=checked) if checked else _NONE_YET
    wanted = message("Check it: `ledger check`") if old else None
    return _Examined("check", found, wanted, day=checked)


def _last_notice(path: Path) -> _Examined:
    """Return when a message arrived; that none did is a fault only where one is configured."""
    if arrived := day_of(path, "notice"):
        return _Examined("notice", str(arrived), day=arrived)
    test = message("Try it: `today --notify-test --notify configured`")
    return _Examined("notice", _NONE_YET, test if os.environ.get("LEDGER12315_NOTIFY") else None)


def _shell_checks() -> Iterator[_Examined]:
    shell = starting_shell()
    try:
        done = completes(shell)
    except LedgerError as error:
        yield _Examined("completion", shell, error.message)
        return
    if done is None:
        yield _Examined("completion", message("{shell} cannot complete", shell=shell))
    elif done:
        yield _Examined("completion", message("set up for {shell}", shell=shell))
    else:
        found = message("not set up for {shell}; set it up: `--install-completion`", shell=shell)
        yield _Examined("completion", found)
