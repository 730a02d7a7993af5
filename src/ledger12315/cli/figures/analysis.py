"""`rollup` of an analysis: complaints received by category, problem and so on. 三(三)6"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any

from ledger12315.boxes.masking import mask_phones
from ledger12315.boxes.reading import yuan
from ledger12315.cli.face.answers import Column, Result, Table, answer_of_list
from ledger12315.cli.face.desk import Desk
from ledger12315.cli.face.figures import NOTHING, percentage, rate_for_json
from ledger12315.cli.face.safety import draws_double_width, terminal_width
from ledger12315.cli.face.terminals import terminal_columns
from ledger12315.errors import Message, message
from ledger12315.ledger.figures.analysis import SHARE, Analysis, AnalysisPart
from ledger12315.locale import render
from ledger12315.rules.measures import COLUMNS, TOTAL
from ledger12315.rules.rates import RateValue
from ledger12315.words import Word

_figure = partial(Column, right=True)
_beside = partial(Column, screen=False)
"""A column for which a terminal has no room."""
PARTS = (
    _beside("key", "标识"),
    Column("name", "名称", narrow=True),
    _figure("count", "件数"),
    _figure("share", "占比%", "share %"),
    _figure("disputed", "争议金额"),
    _figure("before", "上期"),
    _figure("change", "较上期"),
    _figure("last_year", "上年同期", "year ago"),
    _figure("change_last_year", "较上年", "change"),
)
_BAR = Column("bar", "", "")
_FULL = "\u2588"  # seven eighths are the next character, one eighth the seventh
_LEAST_BAR = 4
_FIRST = 20
"""The most rows of a table on a terminal; the others are summed."""
_CHANGES = ("change", "change_last_year")
_EARLIER = ("before", "change", "last_year", "change_last_year")


def answer_of_analysis(desk: Desk, report: Word, found: Analysis) -> Result:
    """Return the complaints received, counted by one of their boxes."""
    if desk.form == "json":
        named = name_parts(found, _in_english)
        return Result(document=[_part_row(part, rate_for_json) for part in named])
    parts = name_parts(found)
    key, name, *others = PARTS
    columns = [name._replace(zh=report.zh, en=report.en), *others]
    if report.code != "respondent":  # its key only repeats the name
        columns = [key, *columns]
    notes = totals_note(found)
    if desk.form != "table":
        rows = [_part_row(part) for part in (*parts, _sum_of_parts(parts, render(COLUMNS[TOTAL])))]
        return answer_of_list(rows, columns, notes=notes)
    # For a year both stretches are the same.
    stretches = {found.before: _EARLIER[:2], found.last_year: _EARLIER[2:]}
    risen = [
        each for days, keys in stretches.items() for each in _largest_rises(parts, days, *keys)
    ]
    rows = list_parts(parts)
    _add_bars(rows, columns, [part.count for part in parts[:_FIRST]])
    return Result((Table(rows, [*columns, _BAR]), *risen), notes=notes)


def name_parts(found: Analysis, name: Callable[[Word | str], str] = render) -> list[AnalysisPart]:
    """Return the parts with their names in the reader's language."""
    return [replace(part, name=name(part.name)) for part in found.parts]


def totals_note(found: Analysis) -> list[Message]:
    """Return a note on points whose totals belong to no part."""
    said = message(
        "Not included, because these points sent totals only: {points}",
        points=found.points_with_totals,
    )
    return [said] if found.points_with_totals else []


def _in_english(name: Word | str) -> str:
    return name.en if isinstance(name, Word) else name


def list_parts(parts: Sequence[AnalysisPart]) -> list[dict[str, Any]]:
    """Return the rows of the first parts, of all others together, and of the total."""
    shown = list(parts[:_FIRST])
    if rest := parts[_FIRST:]:
        shown.append(_sum_of_parts(rest, render(message("others: {count}", count=len(rest)))))
    shown.append(_sum_of_parts(shown, render(COLUMNS[TOTAL])))
    return [
        _part_row(part) | {key: _signed_change(key, getattr(part, key)) for key in _EARLIER}
        for part in shown
    ]


def _part_row(
    part: AnalysisPart, show_rate: Callable[[RateValue], object] = percentage
) -> dict[str, Any]:
    return {**vars(part), "share": show_rate(part.share), "disputed": yuan(part.disputed)}


def _sum_of_parts(parts: Sequence[AnalysisPart], name: str) -> AnalysisPart:
    count, disputed = (sum(getattr(part, key) for part in parts) for key in ("count", "disputed"))
    share = RateValue(SHARE, count, parts[0].share.denominator if parts else 0)
    earlier: list[int | None] = []
    for key in _EARLIER:
        figures = [getattr(part, key) for part in parts]
        known = figures and figures[0] is not None
        earlier.append(sum(figures) if known else None)
    return AnalysisPart(None, name, count, share, disputed, *earlier)


def _signed_change(key: str, number: int | None) -> str:
    if number is None:
        return NOTHING
    return f"{number:+}" if number and key in _CHANGES else str(number)


def _add_bars(
    rows: Sequence[dict[str, Any]], columns: Sequence[Column], counts: Sequence[int]
) -> None:
    """Add to each row a bar relative to the longest, in the space beside the table.

    Bars are drawn in eighths of a character. The others and the total have none.
    """
    taken = 0
    for each in columns:
        if each.screen:
            taken += 2 + max(
                terminal_width(str(cell)) for cell in (each.heading, *(r[each.key] for r in rows))
            )
    room = max(terminal_columns() - taken, _LEAST_BAR)
    for row, count in zip(rows, [*counts, 0, 0], strict=False):
        whole, eighths = divmod(8 * room * count // max([1, *counts]), 8)
        row["bar"] = _FULL * whole + (chr(ord(_FULL) + 8 - eighths) if eighths else "")
        if draws_double_width():
            row["bar"] = "#" * whole


def _largest_rises(
    parts: Sequence[AnalysisPart], stretch: tuple[date, date], than: str, change: str
) -> Iterator[Message]:
    """Yield the largest rises compared with an earlier period."""
    most = max((getattr(part, change) or 0 for part in parts), default=0)
    risen = [
        f"{mask_phones(str(part.name))} {getattr(part, than)} → {part.count}"
        for part in parts
        if getattr(part, change) == most
    ]
    first, last = stretch
    if most > 0:
        yield message(
            "Largest rise (+{most}) compared with {first} to {last}: {risen}",
            most=most,
            first=first,
            last=last,
            risen=risen,
        )
