"""Files that a command writes besides the ledger, as they are put in place, opened or printed.

The system's own program opens one; LibreOffice makes PDFs.
"""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import which
from subprocess import DEVNULL
from tempfile import TemporaryDirectory

from ledger12315.errors import Message, Refused, Unclear, Unusable, message
from ledger12315.ledger.store.atomic import Readers, new_file_beside, put
from ledger12315.ledger.store.files import database_of, header_of

_KINDS = {".csv", ".doc", ".docx", ".html", ".json", ".pdf", ".txt", ".xls", ".xlsx"}


def readers_of(name: str) -> Readers:
    """Return who may read a form, by the name that its file has from the program."""
    return "owner" if "附件5" in name or "系统录入" in name else "anybody"


def demand_suffix(target: Path | None, suffix: str) -> None:
    """Raise Unclear for a file whose name says that it is of another kind than `suffix`."""
    if target and target.suffix.lower() in _KINDS - {suffix}:
        raise Unclear("{path} does not end in {suffix}.", path=target, suffix=suffix)


def write_whole(
    target: Path, content: bytes, *inputs: Path, readers: Readers = "anybody"
) -> list[Message]:
    """Put a file in place as a whole, or keep the old one; return the messages.

    Raises Refused if a ledger, a backup or one of the command's inputs is in its place, Unusable
    if it cannot be written.
    """
    with write_beside(target, content, *inputs, readers=readers) as place:
        return place()


@contextmanager
def write_beside(
    target: Path, content: bytes, *inputs: Path, readers: Readers = "anybody"
) -> Iterator[Callable[[], list[Message]]]:
    """Write a file next to its target, and yield a function that puts it in place.

    The function returns the messages. Raises as `write_whole`.
    """
    replaced = target.exists()
    if replaced and not target.is_file():
        raise Unusable("{path} cannot be overwritten; choose another name.", path=target)
    with new_file_beside(target, readers=readers) as fresh:
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


_OFFICE_ELSEWHERE = (
    "C:/Program Files/LibreOffice/program/soffice.exe",
    "/Applications/LibreOffice.app/Contents/MacOS/soffice",
)
_OPENING, _LONGEST = 5, 180
"""The seconds in which an opener says that it failed, and that LibreOffice may take."""


def open_file(path: Path) -> None:
    """Open a file or folder with the system's program for it. Raises Unusable."""
    try:
        if sys.platform == "win32":
            os.startfile(path.absolute())  # noqa: S606 this command has written it
            return
        opener = "open" if sys.platform == "darwin" else "xdg-open"
        started = subprocess.Popen(  # noqa: S603 as above
            [opener, str(path.absolute())],
            stdout=DEVNULL,
            stderr=DEVNULL,
            start_new_session=True,
        )
        failed = started.wait(_OPENING)
    except subprocess.TimeoutExpired:  # some openers stay as long as the file is open
        return
    except OSError:
        failed = 1
    if failed:
        raise Unusable("No program of this computer opens {path}; open it by hand.", path=path)


def as_pdf(workbook: bytes) -> bytes:
    """Return a workbook as PDF, as LibreOffice prints it. Raises Unusable."""
    office = which("soffice") or which("libreoffice") or _office_elsewhere()
    if not office:
        raise Unusable(
            "LibreOffice is not installed, so no PDF can be made. Install it, or leave out --pdf "
            "and print the workbook."
        )
    # Only its owner may read it. Windows may keep files of what was just ended, but no others.
    with TemporaryDirectory(ignore_cleanup_errors=True) as place:
        source, made = Path(place, "form.xlsx"), Path(place, "form.pdf")
        source.write_bytes(workbook)
        # With a profile of its own, as an open window of LibreOffice would take the command over.
        profile = f"-env:UserInstallation={Path(place, 'profile').as_uri()}"
        line = [office, profile, "--headless", "--convert-to", "pdf", "--outdir", place]
        try:
            _run_to_its_end([*line, str(source)])
            return made.read_bytes()
        except (OSError, subprocess.TimeoutExpired):
            raise Unusable(
                "LibreOffice made no PDF. Leave out --pdf and print the workbook."
            ) from None


def _run_to_its_end(line: list[str]) -> None:
    """Run a program; what it started ends with it. Raises OSError, TimeoutExpired."""
    started = subprocess.Popen(  # noqa: S603 the program that was found, and no text of anybody's
        line, stdin=DEVNULL, stdout=DEVNULL, stderr=DEVNULL, start_new_session=True
    )
    try:
        started.wait(_LONGEST)
    finally:
        if started.poll() is None:
            _end_with_children(started)


def _end_with_children(started: "subprocess.Popen[bytes]") -> None:
    """End a program that leads its session, since what runs may be a child of it."""
    if sys.platform == "win32":
        line = ["taskkill", "/T", "/F", "/PID", str(started.pid)]
        subprocess.run(line, stdout=DEVNULL, stderr=DEVNULL, check=False)  # noqa: S603
    else:
        os.killpg(started.pid, signal.SIGKILL)
    started.wait()


def _office_elsewhere() -> str | None:
    """Return LibreOffice where it is not on the path, as on Windows."""
    return next((place for place in _OFFICE_ELSEWHERE if Path(place).is_file()), None)
