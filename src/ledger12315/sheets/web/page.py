"""The page's HTML: sections of tables, and of pictures as SVG without script, style or font."""

import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from pygal import Bar, HorizontalBar, Line
from pygal.style import Style

from ledger12315.sheets.web.spec import Picture, Section

# pygal adds a finder for maps, about which every later import of Python 3.11 would warn. jinja2,
# which tries to import optional modules, is therefore loaded before it.
sys.meta_path[:] = [each for each in sys.meta_path if type(each).__module__ != "pygal"]

_TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parent),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_CHART_WIDTH, _CHART_HEIGHT = 560, 300
_ROWS_ON_PAPER = 12
_LETTER = 14
_TEXT_LINE, _FRAME = 17, 70
"""A bar's height, and the space around the bars."""
# pygal assumes that every character is as wide as a letter.
_CHINESE_WIDER = 0.45
_STYLE = Style(
    label_font_size=_LETTER,
    major_label_font_size=_LETTER,
    legend_font_size=_LETTER,
    value_font_size=_LETTER - 2,
)
_KINDS = {"bars": HorizontalBar, "columns": Bar, "lines": Line}
# The dashes that distinguish lines, as the page's style draws them.
_DASHES = ("───", "╌╌╌", "·····", "─ · ─")
_LEFT_OUT = ("script", "style", "defs", "desc")


def html_page(
    language: str,
    title: str,
    about: Sequence[str],
    sections: Sequence[Section],
    others: Callable[[int], str],
) -> bytes:
    """Return an HTML file in a language (zh or en); equal input gives equal bytes.

    On paper it is one page: of each table it has the first rows, and what `others` says of so many
    more.
    """
    values = {"language": language, "title": title, "about": about, "sections": sections}
    more = {"drawn": picture_as_svg, "most": _ROWS_ON_PAPER, "others": others}
    return _TEMPLATES.get_template("page.html").render(values | more).encode()


def picture_as_svg(picture: Picture, heading: str) -> str:
    """Return the picture as SVG, named by its heading and series, with texts escaped."""
    title = " · ".join((heading, *picture.series))
    horizontal, lines = picture.kind == "bars", picture.kind == "lines"
    # pygal draws the first bar at the bottom.
    order = slice(None, None, -1) if horizontal else slice(None)
    widest = max((sum(letter > "\u2e80" for letter in each) for each in picture.labels), default=0)
    rows = len(picture.labels) * (len(picture.series) * _TEXT_LINE + _TEXT_LINE / 2)
    chart = _KINDS[picture.kind](
        style=_STYLE,
        width=_CHART_WIDTH,
        height=round(rows) + _FRAME if horizontal else _CHART_HEIGHT,
        legend_at_bottom=True,
        legend_at_bottom_columns=2 if lines else len(picture.series),
        truncate_label=-1,
        truncate_legend=-1,
        disable_xml_declaration=True,
        print_values=horizontal,
        max_scale=6,
        order_min=0,  # cases are whole
        print_values_position="top",
        value_formatter=lambda value: f"{value:g}",
        margin_left=10 + round(horizontal * widest * _LETTER * _CHINESE_WIDER),
        margin_right=30,
        spacing=6,
        range=(0, 100) if lines else None,
        include_x_axis=True,
        y_labels=range(0, 101, 20) if lines else None,
    )
    chart.x_labels = list(picture.labels)[order]
    for name, values, dash in zip(picture.series, picture.series.values(), _DASHES, strict=False):
        chart.add(f"{dash} {name}" if lines else name, list(values)[order])
    chart.add_xml_filter(lambda root: _bare_svg(root, title))
    return str(chart.render(is_unicode=True))


def _bare_svg(root: Any, title: str) -> Any:
    """Return the SVG without scripts, styles and parts that differ each time."""
    for element in [*root.iter()]:
        for child in [*element]:
            tag = child.tag.rpartition("}")[2] if isinstance(child.tag, str) else ""
            hovers = tag == "title" and element is not root
            if (
                not tag
                or tag in _LEFT_OUT
                or hovers
                or "tooltip" in child.get("class", "").split()
            ):
                element.remove(child)
            elif tag == "title":
                child.text = title
        element.attrib.pop("id", None)
    root.set("role", "img")
    return root
