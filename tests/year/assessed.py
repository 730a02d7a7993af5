"""Rates, the assessment of 三(五)6 and the candidates of 三(五)8, reckoned another way."""

from collections.abc import Iterable
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from ledger12315.rules.assessment import LACKING
from ledger12315.words import CONDITIONS, DEMONSTRATION
from tests.oracle import ROWS, Figures, counted, held, level_on, stands, stood
from tests.year.pages import Cells
from tests.year.station import PERIODS, RETURNS, Station

# Numerator, denominator, target, enough cases.
RATES = {
    "和解息诉率": (("settled", "withdrawn"), "closed", 90, 10),
    "调解成功率": (("mediated",), "mediation_closed", 90, 10),
    "消费者满意率": (("satisfied",), "rated", 98, 50),
    "按时办结率": (("closed_on_time",), "closed", 0, 0),
}
_LACKING = dict(
    zip(RATES, ("settled_rate", "mediation_success_rate", "satisfaction_rate"), strict=False)
)
Judged = dict[str, Any]


def rate(figures: Figures, column: str, name: str) -> tuple[int, int]:
    """(numerator, denominator)"""
    numerator, denominator, _, _ = RATES[name]
    return sum(figures[key][column] for key in numerator), figures[denominator][column]


def percent(numerator: int, denominator: int) -> str:
    if not denominator:
        return "—"
    return f"{(Decimal(100 * numerator) / denominator).quantize(Decimal('0.01'), ROUND_HALF_UP)}%"


def assessment(station: Station, period: str) -> list[Cells]:
    """Points by rank, those without one after them; officers by their points at the end; all."""
    last = PERIODS[period][1]
    there = [code for code, point in station.points.items() if stood(point, *PERIODS[period])]
    judged = {code: _judged(station, period, [code]) for code in there}
    merits = {code: _merit(each) for code, each in judged.items()}
    ranked = sorted((merit for merit in merits.values() if merit), reverse=True)
    ranks = {code: ranked.index(merit) + 1 if merit else None for code, merit in merits.items()}
    lines, officers = [], dict[str, list[str]]()
    for code in sorted(there, key=lambda each: (ranks[each] is None, ranks[each] or 0, each)):
        point, level = station.points[code], level_on(station.points[code], last)
        lacks = ["rank"] * (ranks[code] is None) + list(_lacking(judged[code]))
        lacks += ["provincial"] * (level == "provincial") + ["retired"] * (not stands(point, last))
        why = "、".join(LACKING[each].zh for each in lacks) or "候选"
        head = [ranks[code], "服务点", code, point["name"]]
        lines.append([*head, *_shown(judged[code]), DEMONSTRATION[level].zh, why])
    for code in there:
        for officer in held(station.points[code], "officer", last)[:1]:
            officers.setdefault(officer["name"], []).append(code)
    groups = [("联系人", name, codes) for name, codes in sorted(officers.items())]
    for what, who, codes in (*groups, ("全所", None, list(station.points))):
        found = _shown(_judged(station, period, codes))
        lines.append([None, what, None, who, *found, None, None])
    return lines


def _judged(station: Station, period: str, codes: list[str]) -> Judged:
    """Each rate's (numerator, denominator), and (done, owed), summed over the points."""
    first, last = PERIODS[period]
    each = [counted(station.only(code), period, first, last) for code in codes]
    figures: Figures = {key: {"total": sum(one[key]["total"] for one in each)} for key in ROWS}
    points = [(code, station.points[code]) for code in codes]
    begun, length = date.fromisoformat(first), date.fromisoformat(last) - date.fromisoformat(first)
    days = [str(begun + timedelta(days=n)) for n in range(length.days + 1)]
    owed = {(code, day[:7]) for code, point in points for day in days if stands(point, day)}
    visits = [row for row in station.records if row["kind"] == "visit" and not row["voided"]]
    made = {(row["point"], row["on"][:7]) for row in visits}
    ended = [each for each in RETURNS if first <= PERIODS[each][1] <= last]
    due = [(code, one) for code, point in points for one in ended if stood(point, *PERIODS[one])]
    there = [point for _, point in points if stood(point, first, last)]
    looks = [text for point in there for text in _found(point["found"], last)]
    return {
        **{name: rate(figures, "total", name) for name in RATES},
        "closed": figures["closed"]["total"],
        "overdue": figures["overdue_end"]["total"],
        "visits": (len(owed & made), len(owed)),
        "returns": (sum(one in station.returned for one in due), len(due)),
        "conditions": (looks.count("yes"), len(looks)),
    }


def _found(looks: Iterable[tuple[str, ...]], last: str) -> list[str]:
    """Return what was found last of each condition."""
    return list({item: text for item, day, text, _ in looks if day <= last}.values())


def _shown(judged: Judged) -> Cells:
    rates = []
    for name, (_, _, target, enough) in RATES.items():
        numerator, denominator = judged[name]
        missed = "×" if numerator * 100 < target * denominator else ""
        marks = missed + "*" * (0 < denominator < enough)
        share = f"{percent(numerator, denominator)}{marks}"
        rates.append(f"{share}\n({numerator}/{denominator})" if denominator else "—")
    done = ["/".join(map(str, judged[key])) for key in ("visits", "returns", "conditions")]
    return [judged["closed"], *rates, judged["overdue"], *done]


def _merit(judged: Judged) -> tuple[float, ...] | None:
    """Targets met, then each rate, -1 for too few cases; None where none with a target has enough."""
    there = {name: judged[name][1] >= max(enough, 1) for name, (*_, enough) in RATES.items()}
    targets = {name: target for name, (*_, target, _) in RATES.items() if target and there[name]}
    met = [judged[name][0] * 100 >= each * judged[name][1] for name, each in targets.items()]
    fractions = [judged[name][0] / judged[name][1] if there[name] else -1.0 for name in RATES]
    return (sum(met), *fractions) if targets else None


def _lacking(judged: Judged) -> Iterable[str]:
    """In the order of the words."""
    for name, key in _LACKING.items():
        if judged[name][0] * 100 < RATES[name][2] * judged[name][1]:
            yield key
    if judged["overdue"] or judged["按时办结率"][0] < judged["按时办结率"][1]:
        yield "on_time_rate"
    for key in ("visits", "returns"):
        if judged[key][0] < judged[key][1]:
            yield key
    if judged["conditions"][0] < len(CONDITIONS):
        yield "conditions"
