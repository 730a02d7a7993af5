"""The lines of crontabs in the documents, run as cron runs them: with its PATH, no language, no terminal."""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.catalogue import ROOT
from tests.states import LEDGER, ledger_bytes

pytestmark = pytest.mark.slow  # draws workbooks or starts processes

_TIMES = r"(?:[\d*/,-]+ +){5}"


def lines() -> Iterator[tuple[str, str]]:
    """Yield each line with its page."""
    for page in (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))):
        for block in re.findall(r"^```crontab\n(.*?)^```$", page.read_text("utf-8"), re.M | re.S):
            for line in re.findall(f"^{_TIMES}(.*)", block, re.M):
                yield page.name, line


@pytest.mark.parametrize(("page", "line"), [*lines()])
def test_cron_finds_the_program_and_mails_what_is_read(
    page: str, line: str, tmp_path: Path
) -> None:
    """README's installation lies in a folder of the home; here it is this interpreter's."""
    program = tmp_path / "ledger12315" / ".venv" / "bin" / "ledger12315"
    program.parent.mkdir(parents=True)
    src = ROOT / "src"
    program.write_text(f'#!/bin/sh\nPYTHONPATH={src} exec {sys.executable} -m ledger12315 "$@"\n')
    program.chmod(0o700)
    (tmp_path / LEDGER).write_bytes(ledger_bytes())
    line = re.sub("/(data|backup)/", f"{tmp_path}/", line).replace(
        f"backup {tmp_path}/", f"backup {tmp_path}/copy-of-"
    )
    env = {"HOME": str(tmp_path), "LOGNAME": "li", "SHELL": "/bin/sh", "PATH": "/usr/bin:/bin"}
    env |= {"LEDGER12315_TODAY": "2026-10-12"}
    done = subprocess.run(["/bin/sh", "-c", line], env=env, capture_output=True, encoding="utf-8")
    assert done.returncode == 0, done.stderr
    expected = {
        "--mail": "东门所, 2026-10-12 Mon: ",
        "check": "is sound",
        "backup": "the copy checked",
    }
    assert any(word in line and said in done.stdout for word, said in expected.items())
