"""Where a ledger's backups lie, kept beside it: a damaged ledger cannot tell."""

from contextlib import suppress
from pathlib import Path

from ledger12315.errors import Message, message
from ledger12315.ledger.store.atomic import beside, put


def _list_of(ledger: Path) -> Path:
    return ledger.with_name(f"{ledger.name}.backups")


def remember(ledger: Path, target: Path) -> None:
    """Keep the backups' paths beside the ledger, the newest last: a damaged ledger cannot tell them."""
    known = [line for line in _known(ledger) if line != str(target.resolve())]
    with beside(_list_of(ledger)) as fresh:
        fresh.write_text("\n".join([*known, str(target.resolve()), ""]), "utf-8")
        put(fresh, _list_of(ledger))


def _known(ledger: Path) -> list[str]:
    with suppress(OSError):
        return _list_of(ledger).read_text("utf-8").splitlines()
    return []


def newest_backup(ledger: Path) -> list[Message]:
    """The newest backup that still lies where it was made, as a note to an error; none where there is none."""
    lying = [path for path in _known(ledger) if Path(path).exists()]
    return [message("The newest backup: {path}", path=path) for path in lying[-1:]]
