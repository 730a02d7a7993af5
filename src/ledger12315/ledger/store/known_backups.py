"""The paths of a ledger's backups, kept in a file next to it, for when the ledger is damaged."""

from contextlib import suppress
from pathlib import Path

from ledger12315.errors import Message, message


def note_backup(ledger: Path, target: Path) -> None:
    """Write a backup's path, as the newest, into the list beside the ledger. Raises Unusable."""
    from ledger12315.ledger.store.atomic import (  # every command reads, few write
        new_file_beside,
        put,
    )

    newest = str(target.resolve())
    older = [path for path in _noted_paths(ledger) if path != newest]
    with new_file_beside(_list_of(ledger)) as fresh:
        fresh.write_text("\n".join([*older, newest, ""]), "utf-8")
        put(fresh, _list_of(ledger))


def newest_backup(ledger: Path) -> list[Message]:
    """Return a note that names the newest backup still in its place, if any."""
    lying = [path for path in _noted_paths(ledger) if Path(path).exists()]
    return [message("The newest backup: {path}", path=path) for path in lying[-1:]]


def _noted_paths(ledger: Path) -> list[str]:
    noted = _list_of(ledger)
    with suppress(OSError, UnicodeDecodeError):
        if noted.is_file():  # and not, for example, a pipe
            return noted.read_text("utf-8").splitlines()
    return []


def _list_of(ledger: Path) -> Path:
    return ledger.with_name(f"{ledger.name}.backups")
