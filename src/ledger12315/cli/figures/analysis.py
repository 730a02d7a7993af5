"""`rollup` of assessment and analysis: points judged, and complaints by category and so on."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from functools import partial
from typing import Any

from ledger12315.boxes.kinds import DAY
from ledger12315.boxes.reading import yuan
from ledger12315.boxes.worded import OneWord, SeveralWords
from ledger12315.cli.face.answers import Aside, Column, Part, Result, Row, Table, listing, seen
from ledger12315.cli.face.desk import Desk
from ledger12315.cli.face.figures import (
    NOTHING,
    formula_of,
    fraction,
    judged,
    made_up,
    percentage,
    verdict,
)
from ledger12315.cli.face.safety import doubles, wide
from ledger12315.cli.face.terminals import terminal_columns
from ledger12315.errors import Message, message
from ledger12315.ledger.figures import Scope
from ledger12315.ledger.figures.analysis import SHARE, Analysis, analyse
from ledger12315.ledger.figures.assessment import assess
from ledger12315.ledger.store import Ledger
from ledger12315.locale import render
from ledger12315.rules.assessment import LACKING
from ledger12315.rules.rates import RATES, RateValue
from ledger12315.words import DEMONSTRATION, OWED, Vocabulary, Word

_LEVELS = Vocabulary(
    Word("point", "服务点", "point"),
    Word("officer", "联系人", "officer"),
    Word("station", "全所", "station"),
)
_figure = partial(Column, right=True)
_beside = partial(Column, screen=False)
"""A column that does not fit a terminal."""
# The verdict on a rate, and its sign on a terminal.
_SAID = {"missed": message("missed"), "small": message("small sample")}
_MARKS = {"missed": "×", "small": "*"}
_IN_ENGLISH = ("settled", "mediated", "satisfied", "on time")
ASSESSED = (
    _figure("rank", "名次"),
    _beside("level", "层级", kind=OneWord(_LEVELS)),
    _beside("code", "编号"),
    Column("name", "名称", narrow=True),
    _beside("closed", "办结"),
    *(
        _figure(rate.key, rate.name, en, narrow=True)
        for rate, en in zip(RATES, _IN_ENGLISH, strict=True)
    ),
    _beside("overdue_end", "超期未结", "overdue"),
    _figure("visits", "走访"),
    _beside("visits_owed", "应走访"),
    _figure("returns_made", "报表", "returns"),
    _beside("returns_due", "应报表"),
    _beside("returns_late", "逾期报表", "late returns"),
    _figure("conditions_met", "条件", "checks"),
    _beside("conditions_inspected", "检查条件", "checked"),
    _beside("demonstration", "示范级别", kind=OneWord(DEMONSTRATION)),
    _beside("candidate", "示范候选"),
    _beside("why", "欠缺", "lacking", SeveralWords(LACKING)),
    _beside("rates_from", "比率起算", kind=DAY),
)
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
_TOTAL = Word("total", "合计", "total")
_CHANGES = ("change", "change_last_year")
_EARLIER = ("before", "change", "last_year", "change_last_year")


def assessment(desk: Desk, ledger: Ledger, scope: Scope) -> Result:
    """Return points, officers and the station, judged over a period."""
    rows = list(seen(desk, (each.row() for each in assess(ledger, scope)), ()))
    if desk.form == "json":
        return Result(document=[_with_rates(row, judged) for row in rows])
    if desk.form == "table":
        return Result((Table(map(assessment_on_screen, rows), ASSESSED), *judgement(rows)))
    return listing((_with_rates(row, _marked) for row in rows), ASSESSED)


def _with_rates(row: Row, told: Callable[[RateValue], object]) -> dict[str, Any]:
    """Return a row with each rate as it is shown."""
    return {**row, **{rate.key: told(row[rate.key]) for rate in RATES}}


def judgement(rows: Sequence[Row]) -> Iterator[Part]:
    """Yield the notes below the table."""
    for each in RATES:
        yield Aside(formula_of(rows[-1][each.key].rate))
    day = rows[0]["rates_from"]
    yield message("Rates and ranks of points cover one year, from {day}.", day=day)
    yield message("× target missed, * small sample, + also open and overdue")
    if any(row["returns_late"] for row in rows):
        yield message("! returns that came late")
    if len(rows) == 1 and rows[0]["why"]:
        lacking = [LACKING[code] for code in rows[0]["why"].split(",")]
        yield message("Not a candidate for demonstration: {lacking}", lacking=lacking)
    else:
        points = [f"{row['code']} {row['name']}" for row in rows if row["candidate"]]
        yield message(
            "Candidates for demonstration (三(五)8): {points}", points=points or [NOTHING]
        )


def _marked(value: RateValue) -> str:
    """Return a rate with its parts and its notes."""
    return f"{made_up(value)} {render(_SAID.get(verdict(value), ''))}".rstrip()


def assessment_on_screen(row: Row) -> dict[str, Any]:
    """Return a row for 80 columns: marks instead of words, two figures in one column."""
    shown = _with_rates(row, _short)
    if row["overdue_end"]:
        shown["settled_rate"] += f" +{row['overdue_end']}"
    late = f" !{row['returns_late']}" if row["returns_late"] else ""
    return shown | {
        "name": _name(row),
        "visits": f"{row['visits']}/{row['visits_owed']}",
        "returns_made": f"{row['returns_made']}/{row['returns_due']}{late}",
        "conditions_met": f"{row['conditions_met']}/{row['conditions_inspected']}",
    }


def _name(row: Row) -> str:
    if row["level"] == "officer" and not row["name"]:
        return render(OWED["officer"])
    return f"{row['code'] or render(_LEVELS[row['level']])} {row['name'] or ''}"


def _short(value: RateValue) -> str:
    if not value.denominator:
        return NOTHING
    mark = _MARKS.get(verdict(value), "")
    return f"{value.percent}{mark} {value.numerator}/{value.denominator}"


def analysis(desk: Desk, ledger: Ledger, scope: Scope, report: Word, type_: str | None) -> Result:
    """Return the complaints received, counted by one of their boxes."""
    found = analyse(ledger, scope, report.code, type_)
    if desk.form == "json":
        named = parts_named(found, _in_english)
        return Result(document=[_part_cells(part, fraction) for part in seen(desk, named, ())])
    parts = list(seen(desk, parts_named(found), ()))
    key, name, *others = PARTS
    columns = [name._replace(zh=report.zh, en=report.en), *others]
    if report.code != "respondent":  # its key only repeats the name
        columns = [key, *columns]
    notes = not_told_apart(found)
    if desk.form != "table":
        rows = [_part_cells(part) for part in (*parts, _sum_of_parts(parts, render(_TOTAL)))]
        return listing(rows, columns, notes=notes)
    # For a year both stretches are the same.
    stretches = {found.before: _EARLIER[:2], found.last_year: _EARLIER[2:]}
    risen = [each for days, keys in stretches.items() for each in _risen(parts, days, *keys)]
    rows = parts_listed(parts)
    _add_bars(rows, columns, [part["count"] for part in parts[:_FIRST]])
    return Result((Table(rows, [*columns, _BAR]), *risen), notes=notes)


def parts_named(
    found: Analysis, name: Callable[[Word | str], str] = render
) -> Iterator[dict[str, Any]]:
    """Yield the parts as rows, their names in the reader's language."""
    return ({**vars(part), "name": name(part.name)} for part in found.parts)


def not_told_apart(found: Analysis) -> list[Message]:
    """Return a note on points whose totals belong to no part."""
    said = message(
        "Not included, because these points sent totals only: {points}", points=found.sent
    )
    return [said] if found.sent else []


def _in_english(name: Word | str) -> str:
    return name.en if isinstance(name, Word) else name


def parts_listed(parts: Sequence[Row]) -> list[dict[str, Any]]:
    """Return the rows of the first parts, of all others together, and of the total."""
    shown = list(parts[:_FIRST])
    if rest := parts[_FIRST:]:
        shown.append(_sum_of_parts(rest, render(message("others: {count}", count=len(rest)))))
    shown.append(_sum_of_parts(shown, render(_TOTAL)))
    return [
        _part_cells(part) | {key: _signed_change(key, part[key]) for key in _EARLIER}
        for part in shown
    ]


def _part_cells(part: Row, told: Callable[[RateValue], object] = percentage) -> dict[str, Any]:
    return {**part, "share": told(part["share"]), "disputed": yuan(part["disputed"])}


def _sum_of_parts(parts: Sequence[Row], name: str) -> dict[str, Any]:
    sums: dict[str, Any] = {}
    for key in ("count", "disputed", *_EARLIER):
        figures = [part[key] for part in parts]
        known = key not in _EARLIER or (figures and figures[0] is not None)
        sums[key] = sum(figures) if known else None
    share = RateValue(SHARE, sums["count"], parts[0]["share"].denominator if parts else 0)
    return {"key": None, "name": name, "share": share, **sums}


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
                wide(str(cell)) for cell in (each.heading, *(r[each.key] for r in rows))
            )
    room = max(terminal_columns() - taken, _LEAST_BAR)
    for row, count in zip(rows, [*counts, 0, 0], strict=False):
        whole, eighths = divmod(8 * room * count // max([1, *counts]), 8)
        row["bar"] = _FULL * whole + (chr(ord(_FULL) + 8 - eighths) if eighths else "")
        if doubles():
            row["bar"] = "#" * whole


def _risen(
    parts: Sequence[Mapping[str, Any]], stretch: tuple[date, date], than: str, change: str
) -> Iterator[Message]:
    """Yield the largest rises compared with an earlier period."""
    most = max((part[change] or 0 for part in parts), default=0)
    risen = [
        f"{part['name']} {part[than]} → {part['count']}" for part in parts if part[change] == most
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
