"""Putting files in place: written under a name beside the target, on the disk as a whole, then renamed."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from ledger12315.errors import Unusable, reason
from ledger12315.ledger.rows import new_key


@contextmanager
def beside(target: Path) -> Iterator[Path]:
    """A new file in the target's folder, read by its owner only; gone afterwards unless it was renamed. Raises Unusable."""
    # Resolved: SQLite would take a relative path that begins with file: for a URI.
    fresh = target.parent.resolve() / f".{target.name}.{new_key()[:8]}"
    try:
        os.close(os.open(fresh, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        yield fresh
    except OSError as error:
        raise Unusable("{path} cannot be written: {reason}.", path=target, reason=reason(error)) from error
    finally:
        for left in (fresh, Path(f"{fresh}-journal")):
            with suppress(OSError):
                left.unlink(missing_ok=True)


def put(fresh: Path, target: Path) -> None:
    """Rename a finished file to its target, durably."""
    descriptor = os.open(fresh, os.O_RDWR)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    fresh.replace(target)
    sync_folder(target)


def sync_folder(file: Path) -> None:
    """Make a renaming itself durable; Windows has no such call and needs none."""
    with suppress(PermissionError):
        descriptor = os.open(file.resolve().parent, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def link(source: Path, target: Path) -> None:
    """Give a file a second name, or where the filesystem has no links, copy it. Raises FileExistsError."""
    try:
        os.link(source, target)
    except FileExistsError:
        raise
    except OSError:
        with source.open("rb") as whole, target.open("xb") as copy:
            while piece := whole.read(1 << 20):
                copy.write(piece)
            copy.flush()
            os.fsync(copy.fileno())
