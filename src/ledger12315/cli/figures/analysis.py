"""The assessment of points and the analyses of a quarter, as `rollup` shows them."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any

from ledger12315.boxes.kinds import DAY
from ledger12315.boxes.masks import mask_numbers
from ledger12315.boxes.reading import yuan
from ledger12315.boxes.worded import OneWord, SeveralWords
from ledger12315.cli.face.answers import Aside, Column, Part, Result, Table, answer_of_list
from ledger12315.cli.face.desk import Desk
from ledger12315.cli.face.figures import (
    NOTHING,
    formula_of,
    judged_rate_for_json,
    percentage,
    rate_for_json,
    rate_with_parts,
    verdict,
)
from ledger12315.errors import Message, message
from ledger12315.ledger.figures import Scope
from ledger12315.ledger.figures.analysis import SHARE, Analysis, AnalysisPart
from ledger12315.ledger.figures.assessment import assess
from ledger12315.ledger.store import Ledger
from ledger12315.locale import render
from ledger12315.rules.assessment import LACKING, Assessed
from ledger12315.rules.measures import COLUMNS, TOTAL
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


def answer_of_assessment(desk: Desk, ledger: Ledger, scope: Scope) -> Result:
    """Return points, officers and the station, judged over a period."""
    found = assess(ledger, scope)
    if desk.format == "json":
        return Result(document=[_assessed_row(each, judged_rate_for_json) for each in found])
    if desk.format == "table":
        return Result((Table(map(assessment_on_screen, found), ASSESSED), *notes_on_rates(found)))
    return answer_of_list((_assessed_row(each, _rate_with_notes) for each in found), ASSESSED)


def _assessed_row(found: Assessed, show_rate: Callable[[RateValue], object]) -> dict[str, Any]:
    """Return a row of the assessment, each rate by its key as it is shown."""
    rates = {each.rate.key: show_rate(each) for each in found.rates}
    row: dict[str, Any] = {}
    for key, value in found._asdict().items():
        row |= rates if key == "rates" else {key: value}
    return row


def notes_on_rates(found: Sequence[Assessed]) -> Iterator[Part]:
    """Yield the notes below the table."""
    for value in found[-1].rates:
        yield Aside(formula_of(value.rate))
    day = found[0].rates_from
    yield message("Rates and ranks of points cover one year, from {day}.", day=day)
    yield message("× target missed, * small sample, + also open and overdue")
    if any(each.returns_late for each in found):
        yield message("! returns that came late")
    if len(found) == 1 and found[0].why:
        lacking = [LACKING[code] for code in found[0].why.split(",")]
        yield message("Not a candidate for demonstration: {lacking}", lacking=lacking)
    else:
        points = [mask_numbers(f"{each.code} {each.name}") for each in found if each.candidate]
        yield message(
            "Candidates for demonstration (三(五)8): {points}", points=points or [NOTHING]
        )


def _rate_with_notes(value: RateValue) -> str:
    """Return a rate with its parts and its notes."""
    return f"{rate_with_parts(value)} {render(_SAID.get(verdict(value), ''))}".rstrip()


def assessment_on_screen(found: Assessed) -> dict[str, Any]:
    """Return a row for 80 columns: marks instead of words, two figures in one column."""
    shown = _assessed_row(found, _short_rate)
    if found.overdue_end:
        shown["settled_rate"] += f" +{found.overdue_end}"
    late = f" !{found.returns_late}" if found.returns_late else ""
    return shown | {
        "name": _name_on_screen(found),
        "visits": f"{found.visits}/{found.visits_owed}",
        "returns_made": f"{found.returns_made}/{found.returns_due}{late}",
        "conditions_met": f"{found.conditions_met}/{found.conditions_inspected}",
    }


def _name_on_screen(found: Assessed) -> str:
    if found.level == "officer" and not found.name:
        return render(OWED["officer"])
    return f"{found.code or render(_LEVELS[found.level])} {found.name or ''}"


def _short_rate(value: RateValue) -> str:
    if not value.denominator:
        return NOTHING
    mark = _MARKS.get(verdict(value), "")
    return f"{value.percent}{mark} {value.numerator}/{value.denominator}"


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
_FIRST = 20
"""The most rows of a table on a terminal; the others are summed."""
_CHANGES = ("change", "change_last_year")
_EARLIER = ("before", "change", "last_year", "change_last_year")


def answer_of_analysis(desk: Desk, report: Word, found: Analysis) -> Result:
    """Return the complaints received, counted by one of their boxes."""
    if desk.format == "json":
        named = name_parts(found, _in_english)
        return Result(document=[_part_row(part, rate_for_json) for part in named])
    parts = name_parts(found)
    key, name, *others = PARTS
    columns = [name._replace(zh=report.zh, en=report.en), *others]
    if report.code != "respondent":  # its key only repeats the name
        columns = [key, *columns]
    notes = totals_note(found)
    if desk.format != "table":
        rows = [_part_row(part) for part in (*parts, _sum_of_parts(parts, render(COLUMNS[TOTAL])))]
        return answer_of_list(rows, columns, notes=notes)
    # For a year both stretches are the same.
    stretches = {found.before: _EARLIER[:2], found.last_year: _EARLIER[2:]}
    risen = [
        each for days, keys in stretches.items() for each in _largest_rises(parts, days, *keys)
    ]
    return Result((Table(list_parts(parts), columns), *risen), notes=notes)


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
        compared = figures and figures[0] is not None
        earlier.append(sum(figures) if compared else None)
    return AnalysisPart(None, name, count, share, disputed, *earlier)


def _signed_change(key: str, number: int | None) -> str:
    if number is None:
        return NOTHING
    return f"{number:+}" if number and key in _CHANGES else str(number)


def _largest_rises(
    parts: Sequence[AnalysisPart], stretch: tuple[date, date], than: str, change: str
) -> Iterator[Message]:
    """Yield the largest rises compared with an earlier period."""
    most = max((getattr(part, change) or 0 for part in parts), default=0)
    risen = [
        f"{mask_numbers(str(part.name))} {getattr(part, than)} → {part.count}"
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
