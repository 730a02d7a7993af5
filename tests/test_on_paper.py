"""The forms on paper: tests/on_paper has a folder for each station, with its story and pages.

A page begins with the line that exports it. Below are its rows as `printed` returns them, and
… for further ones.
"""

from pathlib import Path

from tests.printing import ON_PAPER, opened, printed, story_of
from tests.rows import for_all

PAGES = [page for page in sorted(ON_PAPER.glob("*/*.txt")) if page.stem != "story"]


@for_all("page", PAGES)
def test_what_is_printed(page: Path) -> None:
    line, _, expected = page.read_text("utf-8").partition("\n\n")
    sheet = opened(story_of(page.parent.name), line.removeprefix("$ export ")).worksheets[0]
    seen, whole = printed(sheet), expected.removesuffix("…\n")
    assert seen[: len(whole) if whole != expected else None] == whole
    inches = sheet.page_margins
    assert (inches.left, inches.right, inches.top, inches.bottom) == (0.25, 0.25, 0.55, 0.55)
