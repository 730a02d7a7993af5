"""The sections of a report made from figures alone: rates, balance, earlier periods."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import zip_longest
from pathlib import Path
from typing import Any, NamedTuple

from ledger12315.boxes.kinds import LINE
from ledger12315.boxes.worded import OneWord
from ledger12315.cli.face.answers import (
    Column,
    Result,
    Row,
    answer_of_change,
    cells_of,
    masked_rows,
)
from ledger12315.cli.face.desk import Desk
from ledger12315.cli.face.figures import (
    NOTHING,
    formula_of,
    percentage,
    rate_with_parts,
    unstated_amounts,
    verdict,
)
from ledger12315.cli.face.files import demand_suffix, write_whole
from ledger12315.cli.face.terminals import safe
from ledger12315.errors import Message, message
from ledger12315.locale import by_language, language, render
from ledger12315.rules.hand_ins import StationReturn
from ledger12315.rules.measures import MEASURES, TOTAL, Figures
from ledger12315.rules.periods import Period
from ledger12315.rules.rates import (
    FIGURE_WORDS,
    RATES,
    Rate,
    RateValue,
    rates,
    rates_by,
    short_key,
)
from ledger12315.sheets.web.spec import Picture, Section
from ledger12315.words import Vocabulary, Word


class PeriodFigures(NamedTuple):
    """The figures of a period or of days as `rollup` gives them, and the rates of that time."""

    name: str
    figures: Figures
    rates: tuple[Rate, ...]

    def of(self, key: str) -> int:
        """Return a measure's total."""
        return self.figures[key][TOTAL]

    @property
    def values(self) -> tuple[RateValue, ...]:
        """The rates of the total."""
        return rates(self.figures, TOTAL, self.rates)

    @property
    def empty(self) -> bool:
        """Whether there was no complaint."""
        return not any(map(self.of, ("received", "closed", "open_end")))


PRACTICE_NOTE = message("Practice ledger: this is not to be sent.")
QUARTERS = 8
"""The most quarters side by side, the current one among them."""
MOST_LINES, MOST_BARS = 60, 15
"""The most points or stations listed, and drawn."""
NOW, BEFORE = Word("now", "本期", "now"), Word("before", "上期", "before")
_BALANCE = ("open_start", "received", "closed", "open_end", "overdue_end")
_OF_A_DAY = ("open_start", "open_end", "overdue_end")
_SHOWN = (*_BALANCE, "closed_on_time", "escalated", "inquiries", "disputed", "recovered")
_VERDICTS = Vocabulary(
    Word("met", "✓ 达标", "✓ met"),
    Word("missed", "✗ 未达标", "✗ missed"),
    Word("small", "样本过小", "small sample"),
)
_TARGET = Word("target", "目标", "target")
_RATES = (
    Column("rate", "比率"),
    Column("now", "本期%", "now %"),
    Column("sums", "分子/分母", "made of"),
    Column("target", "目标%", "target %"),
    Column("verdict", "结果", "result", OneWord(_VERDICTS)),
    Column("before", "上期"),
)
_FIGURES = (
    Column("name", "指标", "measure"),
    Column("now", NOW.zh, NOW.en),
    Column("before", BEFORE.zh, BEFORE.en),
    Column("change", "增减"),
)


def write_report(
    period: Period, about: Sequence[str], sections: Sequence[Section], target: Path, *inputs: Path
) -> Result:
    """Write a report on a period, and return the messages.

    Raises Unclear for another suffix than .html, and as `write_whole`.
    """
    demand_suffix(target, ".html")
    from ledger12315.sheets.web.page import html_page

    name = by_language(period.title, period.code)
    title = render(message("12315 service points, {period}", period=name))
    page = html_page(language(), title, about, sections, _others_in_file)
    replaced = write_whole(target, page, *inputs)
    said = message("The report of {period} is written: {path}", period=period.code, path=target)
    return answer_of_change(said, before=replaced)


def _others_in_file(count: int) -> str:
    """Return the sentence below a table's first rows on paper."""
    return render(message("others, in the file: {count}", count=count))


def days_line(first: date, last: date) -> Message:
    """Return the sentence with the days of the figures."""
    return message("Figures from {first} to {last}.", first=first, last=last)


def name_of_figure(key: str) -> str:
    """Return a measure's or rate's name in the reader's language."""
    return by_language(FIGURE_WORDS[key].zh, short_key(key))


_COUNTED = ("received", "closed", "open_end", "overdue_end")
_ACROSS = [
    Column(key, FIGURE_WORDS[key].zh, short_key(key))
    for key in (*_COUNTED, *(rate.key for rate in RATES))
]


class Passage(NamedTuple):
    """The parts of a section, not masked yet."""

    heading: Message
    rows: Iterable[Row]
    columns: Sequence[Column]
    says: Iterable[object] = ()
    pictures: Sequence[Picture] = ()
    more: Iterable[object] = ()
    summed: bool = False

    def section(self, desk: Desk) -> Section:
        """Return the section in the reader's language, masked like every answer."""
        cells = cells_of(masked_rows(desk, self.rows, self.columns), self.columns)
        headings = [each.heading for each in self.columns]

        def rendered(texts: Iterable[object]) -> list[str]:
            return [safe(desk.mask(LINE, render(each))) for each in texts]

        shown = [each._replace(labels=rendered(each.labels)) for each in self.pictures]
        says, more = rendered(self.says), rendered(self.more)
        return Section(render(self.heading), headings, list(cells), says, shown, more, self.summed)


Series = dict[str, Sequence[float | None]]
"""Values for a picture, by their names."""


def beside_before(now: Sequence[float | None], before: Sequence[float | None]) -> Series:
    """Return values with those of the period before, if any."""
    series = {NOW: now, BEFORE: before}
    return {render(name): values for name, values in series.items() if values}


def against_targets(now: PeriodFigures, before: PeriodFigures | None) -> Passage:
    """Return the rates, each with its parts and its target. 三(五)6"""
    was = before.values if before else ()
    rows = [
        {
            "rate": name_of_figure(value.rate.key),
            "now": percentage(value),
            "sums": f"{value.numerator}/{value.denominator}",
            "target": value.rate.target or NOTHING,
            "verdict": verdict(value),
            "before": rate_with_parts(earlier) if earlier else NOTHING,
        }
        for value, earlier in zip_longest(now.values, was)
    ]
    series = beside_before([*map(_number, now.values)], [*map(_number, was)])
    series[render(_TARGET)] = [rate.target for rate in now.rates]
    picture = Picture("bars", [name_of_figure(rate.key) for rate in now.rates], series)
    overdue = now.of("overdue_end")
    besides = [message("also open and overdue: {count}", count=overdue)] * bool(overdue)
    if before:
        besides.append(message("The previous period is {days}.", days=before.name))
    formulas = [*map(formula_of, now.rates), *_earlier_formulas(now, [before] if before else [])]
    heading = message("Rates against their targets")
    return Passage(heading, rows, _RATES, besides, [picture], formulas)


def _earlier_formulas(now: PeriodFigures, earlier: Iterable[PeriodFigures]) -> Iterator[Message]:
    """Yield the formulas of earlier rates that are not calculated as now, with their periods."""
    known, periods = {*map(formula_of, now.rates)}, dict[str, list[str]]()
    for each in earlier:
        for formula in map(formula_of, each.rates):
            if formula not in known:
                periods.setdefault(formula, []).append(each.name)
    for formula, names in periods.items():
        yield message("{periods}: {formula}", periods=names, formula=formula)


def _number(value: RateValue) -> float | None:
    return float(value.percent) if value.percent else None


def balance(
    now: PeriodFigures,
    before: PeriodFigures | None,
    meets: bool = False,
    cut_off: bool = False,
) -> Passage:
    """Return open, received and closed complaints, with the period before.

    If that one `meets` this one, its end and this opening differ only by corrections. If it is
    `cut_off`, what was open on its last day is not shown: this one does not begin with it.
    """
    beside = {key: None if cut_off and key in _OF_A_DAY else before for key in _SHOWN}
    rows = [_measure_row_beside(key, now, beside[key]) for key in _SHOWN]
    was = [each.of(key) if (each := beside[key]) else None for key in _BALANCE if before]
    series = beside_before([now.of(key) for key in _BALANCE], was)
    picture = Picture("bars", [name_of_figure(key) for key in _BALANCE], series)
    balanced = message(
        "Open at the start {start} + received {received} - closed {closed} = open at end {end}",
        start=now.of("open_start"),
        received=now.of("received"),
        closed=now.of("closed"),
        end=now.of("open_end"),
    )
    says = [balanced]
    if meets and before and (corrected := now.of("open_start") - before.of("open_end")):
        ended = message(
            "Open at the end of the period before {end}; corrected since: {difference}",
            end=before.of("open_end"),
            difference=f"{corrected:+}",
        )
        says.append(ended)
    says += unstated_amounts(now.figures)
    return Passage(message("Balance of complaints"), rows, _FIGURES, says, [picture])


def _measure_row_beside(
    key: str, now: PeriodFigures, before: PeriodFigures | None
) -> dict[str, Any]:
    measure, figure = MEASURES[key], now.of(key)
    unit = by_language(f"（{measure.unit}）", "")
    row = {"name": f"{name_of_figure(key)}{unit}", "now": measure.in_unit(figure)}
    if not before:
        return row | {"before": NOTHING, "change": NOTHING}
    was = before.of(key)
    return row | {"before": measure.in_unit(was), "change": measure.in_unit(figure - was)}


def trend(stretches: Sequence[PeriodFigures]) -> Passage:
    """Return stretches one after another; the last is the subject of the report."""
    names, rated = [each.name for each in stretches], [each.values for each in stretches]
    of_rates = {
        name_of_figure(rate.key): [_number(values[place]) for values in rated]
        for place, rate in enumerate(RATES)
    }
    pictures = [
        Picture("columns", names, _flow_bars(stretches)),
        Picture("lines", names, of_rates),
    ]
    columns = [Column("name", "报告期", "period"), *_ACROSS]
    heading = message("The last {count} quarters", count=len(stretches))
    more = _earlier_formulas(stretches[-1], stretches[:-1])
    return Passage(heading, map(_stretch_row, stretches), columns, pictures=pictures, more=more)


def station_passage(returns: Sequence[StationReturn], settings: Mapping[str, str]) -> Passage:
    """Return received and closed complaints of each station, most first.

    The rates have the station's formulas, and the targets of these settings.
    """
    found = [
        PeriodFigures(each.station, each.figures, rates_by({**settings, **each.settings}))
        for each in returns
    ]
    found.sort(key=lambda each: -each.of("received"))
    rows = [
        _stretch_row(each) | {"returns": f"{each.of('returns_made')}/{each.of('returns_due')}"}
        for each in found
    ]
    columns = [Column("name", "单位", "station"), *_ACROSS, Column("returns", "报表")]
    shown = found[:MOST_BARS]
    picture = Picture("bars", [each.name for each in shown], _flow_bars(shown))
    heading, more = message("Stations"), others_note(rows, MOST_LINES)
    return Passage(heading, rows[:MOST_LINES], columns, (), [picture], more)


def _stretch_row(stretch: PeriodFigures) -> dict[str, Any]:
    row: dict[str, Any] = {"name": stretch.name, **{key: stretch.of(key) for key in _COUNTED}}
    return row | {value.rate.key: rate_with_parts(value) for value in stretch.values}


def _flow_bars(stretches: Iterable[PeriodFigures]) -> Series:
    """Return the bars of received and closed complaints."""
    return {
        name_of_figure(key): [each.of(key) for each in stretches] for key in ("received", "closed")
    }


def others_note(found: Sequence[object], most: int) -> list[Message]:
    """Return a note on the number of those that are not listed."""
    left = len(found) - most
    return [message("others: {count}", count=left)] * (left > 0)
