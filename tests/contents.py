"""Headings of the documents, and the contents at the top of long ones.

`python -m tests.contents` writes the contents anew.
"""

import re
from collections import Counter
from collections.abc import Iterator

from tests.catalogue import ROOT

_LISTED = re.compile(r"(?<=^<!-- contents -->\n).*?(?=^<!-- /contents -->$)", re.M | re.S)
PAGES = [
    page
    for page in sorted((ROOT / "docs").glob("*.md"))
    if _LISTED.search(page.read_text("utf-8"))
]


def headings(text: str) -> Iterator[tuple[int, str, str]]:
    """Yield level and title of each heading, and its anchor on a code host."""
    seen = Counter[str]()
    for marks, title in re.findall("^(#+) (.*)$", _without_blocks(text), re.M):
        place = re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-")
        yield len(marks), title, f"{place}-{seen[place]}" if seen[place] else place
        seen[place] += 1


def _without_blocks(text: str) -> str:
    return re.sub(r"^```.*?^```$", "", text, flags=re.M | re.S)


def with_contents(text: str) -> str:
    """Return a page with its contents: a line for each chapter, its sections in one paragraph."""
    lines = []
    for level, title, place in headings(text):
        if level in (2, 3):
            lines.append(f"{'* ' if level == 2 else '  · '}[{title}](#{place})")
    return _LISTED.sub(lambda _: "\n".join(["", *lines, "", ""]), text)


def main() -> None:
    """Write the contents of all pages."""
    for page in PAGES:
        page.write_text(with_contents(page.read_text("utf-8")), "utf-8")


if __name__ == "__main__":
    main()
