"""The page's HTML: sections of pictures and tables."""

from collections.abc import Sequence
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from ledger12315.sheets.web.pictures import drawn
from ledger12315.sheets.web.spec import Section


def page(language: str, title: str, about: Sequence[str], sections: Sequence[Section]) -> bytes:
    """Return an HTML file in a language (zh or en); equal input gives equal bytes."""
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    told = {"language": language, "title": title, "about": about, "sections": sections}
    return environment.get_template("page.html").render(told, drawn=drawn).encode()
