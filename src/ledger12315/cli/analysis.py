"""`rollup` of assessment and analysis: points, officers and the station judged; what came in by category, problem and so on."""

import sys
from collections.abc import Mapping, Sequence
from datetime import date
from shutil import get_terminal_size
from typing import Any

from ledger12315.boxes.masking import mask_name
from ledger12315.boxes.reading import yuan
from ledger12315.cli.face.options import say, tell
from ledger12315.cli.face.output import Column, Row, heading, masked, show, show_json
from ledger12315.cli.face.safety import wide
from ledger12315.errors import message
from ledger12315.ledger.figures import Scope
from ledger12315.ledger.figures.analysis import SHARE, Analysis, analyse
from ledger12315.ledger.figures.assessment import assess
from ledger12315.ledger.store import Ledger
from ledger12315.locale import render
from ledger12315.rules.assessment import LACKING
from ledger12315.rules.rates import RATES, Value
from ledger12315.words import DEMONSTRATION, Vocabulary, Word

REPORTS = Vocabulary(
    Word("assessment", "考核", "assessment", ("考核评价",)),
    Word("category", "类别", "category"),
    Word("problem", "问题类别", "problem", ("问题",)),
    Word("respondent", "被投诉经营者", "respondent", ("经营者",)),
    Word("channel", "受理方式", "channel", ("方式",)),
)
_LEVELS = Vocabulary(
    Word("point", "服务点", "point"),
    Word("officer", "联系人", "officer"),
    Word("station", "全所", "station"),
)
_IN_ENGLISH = ("settled", "mediated", "satisfied", "on time")
_ASSESSED = (
    Column("rank", "名次", "rank", right=True),
    Column("level", "层级", "level", _LEVELS, screen=False),
    Column("code", "编号", "code", screen=False),
    Column("name", "名称", "name", narrow=True),
    Column("closed", "办结", "closed", screen=False),
    *(
        Column(rate.key, rate.name, en, narrow=True, right=True)
        for rate, en in zip(RATES, _IN_ENGLISH, strict=True)
    ),
    Column("overdue_end", "超期未结", "overdue", screen=False),
    Column("visits", "走访", "visits", right=True),
    Column("visits_owed", "应走访", "visits owed", screen=False),
    Column("returns_made", "报表", "returns", right=True),
    Column("returns_due", "应报表", "returns due", screen=False),
    Column("conditions_met", "条件", "checks", right=True),
    Column("conditions_inspected", "检查条件", "checked", screen=False),
    Column("demonstration", "示范级别", "demonstration", DEMONSTRATION, screen=False),
    Column("candidate", "示范候选", "candidate", screen=False),
    Column("why", "欠缺", "lacking", LACKING, screen=False),
)
_PARTS = (
    Column("key", "标识", "key", screen=False),
    Column("name", "名称", "name", narrow=True),
    Column("count", "件数", "count", right=True),
    Column("share", "占比%", "share %", right=True),
    Column("disputed", "争议金额", "disputed", right=True),
    Column("before", "上期", "before", right=True),
    Column("change", "较上期", "change", right=True),
    Column("last_year", "上年同期", "year ago", right=True),
    Column("change_last_year", "较上年", "change", right=True),
)
_BAR = Column("bar", "", "")
_FULL = "\u2588"  # seven eighths are the next character, one eighth the seventh
_LEAST_BAR = 4
_FIRST = 20
"""So many rows of a table on a terminal; the others are summed."""
_TOTAL = Word("total", "合计", "total")
_NOTHING = "—"
_EARLIER = ("before", "change", "last_year", "change_last_year")


def show_report(
    ledger: Ledger,
    report: str,
    scope: Scope,
    type_: str | None,
    as_json: bool,
    as_csv: bool,
    reveal: bool,
) -> None:
    """Show one of REPORTS."""
    if report == "assessment":
        _show_assessment(assess(ledger, scope), as_json, as_csv, reveal)
    else:
        _show_analysis(report, analyse(ledger, scope, report, type_), as_json, as_csv)


def _show_assessment(rows: list[dict[str, Any]], as_json: bool, as_csv: bool, reveal: bool) -> None:
    if not reveal:
        rows = [
            row | {"name": mask_name(row["name"])} if row["level"] == "officer" else row
            for row in masked(rows, ())
        ]
    if as_json:
        show_json(
            [
                {
                    key: judged(value) if isinstance(value, Value) else value
                    for key, value in row.items()
                }
                for row in rows
            ]
        )
    elif as_csv or not sys.stdout.isatty():
        show(
            [row | {rate.key: _rate(row[rate.key]) for rate in RATES} for row in rows],
            _ASSESSED,
            as_csv=as_csv,
        )
    else:
        show([_on_screen(row) for row in rows], _ASSESSED)
        say(message("× target missed, * small sample, + besides open and overdue"))
        if len(rows) == 1 and rows[0]["why"]:
            lacking = [LACKING[code] for code in rows[0]["why"].split(",")]
            say(message("No candidate for demonstration: {lacking}", lacking=lacking))
        else:
            points = [f"{row['code']} {row['name']}" for row in rows if row["candidate"]]
            say(
                message(
                    "Candidates for demonstration (三(五)8): {points}", points=points or [_NOTHING]
                )
            )


def fraction(value: Value) -> dict[str, Any]:
    """A rate as JSON holds it."""
    return {
        "numerator": value.numerator,
        "denominator": value.denominator,
        "percent": value.percent,
    }


def judged(value: Value) -> dict[str, Any]:
    """The same, with its target and what is to be said of it."""
    return fraction(value) | {
        "target": value.rate.target,
        "met": value.met,
        "small_sample": value.small_sample,
    }


def _rate(value: Value) -> str:
    """A rate with what it is made of, and what is to be said of it."""
    mark = (
        message("small sample")
        if value.small_sample
        else message("missed")
        if value.met is False
        else ""
    )
    return f"{value.percent or _NOTHING} ({value.numerator}/{value.denominator}) {render(mark)}".rstrip()


def _on_screen(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row for 80 columns: marks for words, what is owed beside what was done."""
    marks = {
        rate.key: "*" if row[rate.key].small_sample else "×" if row[rate.key].met is False else ""
        for rate in RATES
    }
    rates = {
        key: f"{row[key].percent}{mark} {row[key].numerator}/{row[key].denominator}"
        if row[key].denominator
        else _NOTHING
        for key, mark in marks.items()
    }
    if row["overdue_end"]:
        rates["settled_rate"] += f" +{row['overdue_end']}"
    return {
        **row,
        **rates,
        "name": f"{row['code'] or render(_LEVELS[row['level']])} {row['name'] or ''}",
        "visits": f"{row['visits']}/{row['visits_owed']}",
        "returns_made": f"{row['returns_made']}/{row['returns_due']}",
        "conditions_met": f"{row['conditions_met']}/{row['conditions_inspected']}",
    }


def _show_analysis(report: str, found: Analysis, as_json: bool, as_csv: bool) -> None:
    named = list(masked(({**part, "name": render(part["name"])} for part in found.parts), ()))
    if as_json:
        show_json(
            [
                part | {"share": fraction(part["share"]), "disputed": yuan(part["disputed"])}
                for part in named
            ]
        )
        return
    on_screen = sys.stdout.isatty() and not as_csv
    parts = named[:_FIRST] if on_screen else named
    if rest := named[len(parts) :]:
        parts = [*parts, _sum(rest, render(message("{count} others", count=len(rest))))]
    word = REPORTS[report]
    columns = [
        each._replace(zh=word.zh, en=word.en) if each.key == "name" else each for each in _PARTS
    ]
    parts = [*parts, _sum(parts, render(_TOTAL))]
    rows = [
        part | {"share": part["share"].percent or _NOTHING, "disputed": yuan(part["disputed"])}
        for part in parts
    ]
    if on_screen:
        rows = [row | {key: _signed(key, row[key]) for key in _EARLIER} for row in rows]
        _add_bars(rows, columns, [part["count"] for part in named[:_FIRST]])
        columns.append(_BAR)
    show(rows, columns, as_csv=as_csv)
    if found.sent:
        tell(message("Not told apart here, being sent as totals: {points}", points=found.sent))
    for stretch, keys in (
        {found.before: _EARLIER[:2], found.last_year: _EARLIER[2:]}.items() if on_screen else ()
    ):
        _say_risen(named, stretch, *keys)


def _sum(parts: Sequence[Row], name: str) -> dict[str, Any]:
    unknown = [key for key in _EARLIER if not parts or parts[0][key] is None]
    sums = {
        key: sum(part[key] for part in parts)
        for key in ("count", "disputed", *_EARLIER)
        if key not in unknown
    }
    share = Value(SHARE, sums["count"], parts[0]["share"].denominator if parts else 0)
    return {"key": None, "name": name, "share": share, **sums, **dict.fromkeys(unknown)}


def _signed(key: str, number: int | None) -> str:
    return (
        _NOTHING
        if number is None
        else f"{number:+}"
        if number and key in _EARLIER[1::2]
        else str(number)
    )


def _add_bars(
    rows: Sequence[dict[str, Any]], columns: Sequence[Column], counts: Sequence[int]
) -> None:
    """Give each row a bar, in eighths of a character, for its part of the longest in the room that the table leaves."""
    seen = [each for each in columns if each.screen]
    taken = sum(
        2 + max(wide(str(cell)) for cell in (heading(each), *(row[each.key] for row in rows)))
        for each in seen
    )
    room = max(get_terminal_size().columns - taken, _LEAST_BAR)
    for row, count in zip(
        rows, [*counts, 0, 0], strict=False
    ):  # neither for the others nor for the total
        eighths = 8 * room * count // max([1, *counts])
        row["bar"] = _FULL * (eighths // 8) + (
            chr(ord(_FULL) + 8 - eighths % 8) if eighths % 8 else ""
        )


def _say_risen(parts: Sequence[Row], stretch: tuple[date, date], than: str, change: str) -> None:
    most = max((part[change] or 0 for part in parts), default=0)
    risen = [
        f"{part['name']} {part[than]} → {part['count']}" for part in parts if part[change] == most
    ]
    first, last = stretch
    if most > 0:
        say(
            message(
                "Rose most (+{most}) against {first} to {last}: {risen}",
                most=most,
                first=first,
                last=last,
                risen=risen,
            )
        )
