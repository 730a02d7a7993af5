import re
import subprocess
from pathlib import Path
from shutil import which

import pytest

from tests.catalogue import ROOT
from tests.rows import for_all
from tests.served import served
from tests.states import undrawn
from tests.transcripts import PAGES, demonstration, replayed

pytestmark = pytest.mark.slow  # draws workbooks or starts processes


READ_BY_A_COUNTY = (5, 6)
# In Chinese the other way round: each before and after each other one.
TOGETHER = (
    ("docs/tutorial.md", "docs/daily.md", "docs/quarter.md"),
    ("docs/quarter.zh.md", "docs/daily.zh.md", "docs/tutorial.zh.md"),
)
ALONE = [(page,) for page in PAGES if not any(page in pages for pages in TOGETHER)]


@pytest.mark.parametrize("pages", [*TOGETHER, *ALONE], ids=lambda pages: pages[0])
def test_sessions_print_what_the_page_shows(pages: tuple[str, ...], tmp_path: Path) -> None:
    """Pages that people read on one day are typed one after another in one home."""
    for page in pages:
        text = (ROOT / page).read_text("utf-8")
        if "\nsqlite3 " in text and not which("sqlite3"):
            pytest.skip("SQLite's own shell is not installed")
        with undrawn(*READ_BY_A_COUNTY):
            assert replayed(page, tmp_path) == text


@for_all("""
    page         | language
    README.md    | en
    README.zh.md | zh
""")
def test_a_readme_shows_what_the_demo_prints(page: str, language: str) -> None:
    demo = iter(demonstration(language)[0].splitlines())
    (shown,) = re.findall(
        "^<!-- demo -->\n```text\n(.*?)^```$", (ROOT / page).read_text("utf-8"), re.M | re.S
    )
    assert [line for line in shown.splitlines() if line not in demo] == []


def test_the_examples_print_what_they_say(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LEDGER12315_LANG", "zh")
    monkeypatch.setenv("PATH", str(served().parent), prepend=":")
    done = subprocess.run(
        ["sh", str(ROOT / "examples/quarter.sh"), "q"],
        cwd=tmp_path,
        capture_output=True,
        check=True,
        encoding="utf-8",
    )
    assert done.stdout == (ROOT / "examples/quarter.txt").read_text("utf-8")
    assert sorted(file.name for file in (tmp_path / "q").iterdir()) == [
        "station.sqlite",
        "附件3_2026Q3_榕溪县东门市场监督管理所_P001.xlsx",
        "附件6_2026Q3_榕溪县东门市场监督管理所.xlsx",
    ]
