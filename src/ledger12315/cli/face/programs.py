"""Other programs: the system's own for a file, and LibreOffice, which makes PDFs."""

import os
import subprocess
import sys
from pathlib import Path
from shutil import which
from tempfile import TemporaryDirectory

from ledger12315.errors import Unusable

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
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
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
    with TemporaryDirectory() as place:  # only its owner may read it
        source, made = Path(place, "form.xlsx"), Path(place, "form.pdf")
        source.write_bytes(workbook)
        # With a profile of its own, as an open window of LibreOffice would take the command over.
        profile = f"-env:UserInstallation={Path(place, 'profile').as_uri()}"
        line = [office, profile, "--headless", "--convert-to", "pdf", "--outdir", place]
        try:
            subprocess.run(  # noqa: S603 the program that was found, and no text of anybody's
                [*line, str(source)], capture_output=True, timeout=_LONGEST, check=False
            )
            return made.read_bytes()
        except (OSError, subprocess.TimeoutExpired):
            raise Unusable(
                "LibreOffice made no PDF. Leave out --pdf and print the workbook."
            ) from None


def _office_elsewhere() -> str | None:
    """Return LibreOffice where it is not on the path, as on Windows."""
    return next((place for place in _OFFICE_ELSEWHERE if Path(place).is_file()), None)
