"""Files that a command writes besides the ledger."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from ledger12315.errors import Message, Refused, Unclear, Unusable, message
from ledger12315.ledger.store.atomic import new_file_beside, put
from ledger12315.ledger.store.files import database_of, header_of

_KINDS = {".csv", ".doc", ".docx", ".html", ".json", ".pdf", ".txt", ".xls", ".xlsx"}


def names_people(name: str) -> bool:
    """Return whether a form names people, by the name that its file has from the program."""
    return "附件5" in name or "系统录入" in name


def demand_suffix(target: Path | None, suffix: str) -> None:
    """Raise Unclear for a file whose name says that it is of another kind than `suffix`."""
    if target and target.suffix.lower() in _KINDS - {suffix}:
        raise Unclear("{path} does not end in {suffix}.", path=target, suffix=suffix)


def write_whole(
    target: Path, content: bytes, *inputs: Path, private: bool = False
) -> list[Message]:
    """Put a file in place as a whole, or keep the old one; return the messages.

    Raises Refused if a ledger, a backup or one of the command's inputs is in its place, Unusable
    if it cannot be written.
    """
    with write_beside(target, content, *inputs, private=private) as place:
        return place()


@contextmanager
def write_beside(
    target: Path, content: bytes, *inputs: Path, private: bool = False
) -> Iterator[Callable[[], list[Message]]]:
    """Write a file next to its target, and yield a function that puts it in place.

    The function returns the messages. Raises as `write_whole`.
    """
    replaced = target.exists()
    if replaced and not target.is_file():
        raise Unusable("{path} cannot be overwritten; choose another name.", path=target)
    with new_file_beside(target, private=private) as fresh:
        is_input = replaced and any(each.exists() and target.samefile(each) for each in inputs)
        # Nor in the place of a journal: SQLite would read it as a part of the ledger.
        if is_input or _sqlite(target) or _sqlite(database_of(target)):
            raise Refused(
                "{path} is the ledger, a backup or an input file; choose another file.",
                path=target,
            )
        fresh.write_bytes(content)

        def place() -> list[Message]:
            put(fresh, target)
            if replaced:
                return [message("{path} already existed and was replaced.", path=target)]
            return []

        yield place


def _sqlite(path: Path) -> bool:
    return path.is_file() and header_of(path).sqlite
