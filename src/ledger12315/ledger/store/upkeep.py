"""What was done for a ledger, in a file beside it: backups, the last checks, the last message.

It is never in the ledger: it is read where that is damaged, and what it holds is no act.
"""

import json
import os
from contextlib import suppress
from datetime import date
from glob import escape
from itertools import chain
from pathlib import Path
from typing import Any, Literal, NamedTuple

from ledger12315.errors import Message, Refused, Unusable, message
from ledger12315.ledger.store import now

LONGEST_WITHOUT_BACKUP = 14  # days
Upkeep = Literal["check", "unsound", "notice"]
"""A check that found the ledger sound, one that did not, a message that arrived."""


class KnownBackup(NamedTuple):
    """A backup's path and the day it was made; its disk may be elsewhere now."""

    path: Path
    day: date


def note_backup(ledger: Path, target: Path) -> None:
    """Write a backup's path, as the newest, into the file beside the ledger, if it can be."""
    path, noted = str(target.resolve()), _noted(ledger)
    others = [each for each in _listed_backups(noted) if each[0] != path]
    folder, elsewhere = str(target.resolve().parent), _folders_elsewhere(noted)
    if folder not in elsewhere and not _on_disk_of(ledger, folder):
        elsewhere.append(folder)
    with suppress(Refused):  # the clock is not set
        backups = [*others, [path, now()]]
        _write_upkeep(ledger, {**noted, "backups": backups, "elsewhere": elsewhere})


def backup_strayed(ledger: Path, backup: Path) -> bool:
    """Return whether a backup lies on the ledger's disk, and its folder lay on another before.

    So it is where a stick or a share is not mounted.
    """
    folder = str(backup.resolve().parent)
    return folder in _folders_elsewhere(_noted(ledger)) and _on_disk_of(ledger, folder)


def _folders_elsewhere(noted: dict[str, Any]) -> list[str]:
    """Return the folders of backups that lay on another disk than the ledger."""
    folders = noted.get("elsewhere")
    return [*map(str, folders)] if isinstance(folders, list) else []


def _on_disk_of(ledger: Path, folder: str) -> bool:
    with suppress(OSError):  # it is not there now
        return os.stat(folder).st_dev == ledger.resolve().parent.stat().st_dev  # noqa: PTH116
    return False


def note_done(ledger: Path, done: Upkeep) -> None:
    """Write that this was done now, if it can be written; a sound check ends an unsound one."""
    with suppress(Refused):  # the clock is not set
        if ledger.exists():
            noted = {**_noted(ledger), done: now()}
            if done == "check":
                noted.pop("unsound", None)
            _write_upkeep(ledger, noted)


def day_of(ledger: Path, done: Upkeep) -> date | None:
    """Return the day on which this was noted last."""
    return _day_part(_noted(ledger).get(done))


def newest_backup(ledger: Path) -> list[Message]:
    """Return a note that names the newest backup still in its place, if any."""
    lying = [path for path, _ in _listed_backups(_noted(ledger)) if _lies_there(Path(path))]
    return [message("The newest backup: {path}", path=path) for path in lying[-1:]]


def known_copies(ledger: Path) -> list[Path]:
    """Return the known backups still in their place, and the copies kept beside the ledger."""
    backups = (Path(path) for path, _ in _listed_backups(_noted(ledger)))
    kept = (ledger.parent.glob(f"{escape(ledger.name)}.{why}-*") for why in ("schema", "replaced"))
    return [*filter(_lies_there, backups), *sorted(chain.from_iterable(kept))]


def _lies_there(path: Path) -> bool:
    with suppress(OSError):  # its folder may be closed to this user
        return path.exists()
    return False


def last_backup(ledger: Path) -> KnownBackup | None:
    """Return the backup that was made last, also where its disk is not there now."""
    for path, at in reversed(_listed_backups(_noted(ledger))):
        if day := _day_part(at):
            return KnownBackup(Path(path), day)
    return None


def backup_due(ledger: Path, began: date | None, today: date) -> Message | None:
    """Return a sentence if the last backup is too old; `began` is the ledger's first day."""
    last = last_backup(ledger)
    since = last.day if last else began
    if not since or (today - since).days <= LONGEST_WITHOUT_BACKUP:
        return None
    if not last:
        return message("No backup is known. Make one: `ledger backup FILE`")
    return message("The last backup is of {day}. Make one: `ledger backup FILE`", day=last.day)


def _day_part(at: object) -> date | None:
    with suppress(ValueError):
        return date.fromisoformat(str(at)[:10])
    return None


def _listed_backups(noted: dict[str, Any]) -> list[list[str]]:
    """Return path and time of each backup, the newest last; nothing of a spoilt file."""
    listed = noted.get("backups")
    pairs = listed if isinstance(listed, list) else []
    return [each for each in pairs if isinstance(each, list) and [*map(type, each)] == [str, str]]


def _noted(ledger: Path) -> dict[str, Any]:
    file = _file_of(ledger)
    with suppress(OSError, ValueError):
        found = json.loads(file.read_bytes()) if file.is_file() else {}  # and no pipe
        return found if isinstance(found, dict) else {}
    return {}


def _write_upkeep(ledger: Path, noted: dict[str, Any]) -> None:
    from ledger12315.ledger.store.atomic import (  # every command reads, few write
        new_file_beside,
        put,
    )

    file = _file_of(ledger)
    with suppress(Unusable), new_file_beside(file, like=ledger) as fresh:
        fresh.write_text(json.dumps(noted, ensure_ascii=False, indent=1), "utf-8")
        put(fresh, file)


def _file_of(ledger: Path) -> Path:
    return ledger.with_name(f"{ledger.name}.upkeep.json")
