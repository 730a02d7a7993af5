"""The assessment of 三(五)6 and the candidates of 三(五)8, reckoned another way."""

from datetime import timedelta
from typing import Any

from ledger12315.rules.assessment import LACKING
from ledger12315.words import CONDITIONS, DEMONSTRATION
from tests.year.counted import (
    PERIODS,
    RATES,
    Figures,
    attachment3,
    level_on,
    percent,
    rate,
    stands,
    stood,
)
from tests.year.facts import RETURNS
from tests.year.papers import Cells
from tests.year.station import Row, Station, held

Judged = dict[str, Any]
_TARGETS = {
    "和解息诉率": "settled_rate",
    "调解成功率": "mediation_success_rate",
    "消费者满意率": "satisfaction_rate",
}


def assessment(station: Station, period: str) -> list[Cells]:
    """Points by rank, those without one after them; officers, with the points they hold at the end; the station."""
    first, last = PERIODS[period]
    there = {code: point for code, point in station.points.items() if stood(point, first, last)}
    judged = {code: _judged(station, period, [code]) for code in there}
    merits = {code: _merit(each) for code, each in judged.items()}
    ranks = {
        code: merit and 1 + sum(other > merit for other in merits.values() if other)
        for code, merit in merits.items()
    }
    lines = []
    for code in sorted(there, key=lambda each: (ranks[each] is None, ranks[each] or 0, each)):
        level, gone = level_on(there[code], str(last))[0], not stands(there[code], str(last))
        lacks = "、".join(
            LACKING[each].zh for each in _lacking(judged[code], ranks[code] is None, level, gone)
        )
        head = [ranks[code], "服务点", code, there[code]["name"]]
        lines.append([*head, *_shown(judged[code]), DEMONSTRATION[level].zh, lacks or "候选"])
    officers: dict[str, list[str]] = {}
    for code, point in there.items():
        for officer in held(point, "officer", str(last))[:1]:
            officers.setdefault(officer["name"], []).append(code)
    for name, codes in sorted(officers.items()):
        lines.append(
            [None, "联系人", None, name, *_shown(_judged(station, period, codes)), None, None]
        )
    return [
        *lines,
        [
            None,
            "全所",
            None,
            None,
            *_shown(_judged(station, period, list(station.points))),
            None,
            None,
        ],
    ]


def _judged(station: Station, period: str, codes: list[str]) -> Judged:
    """Each rate's (numerator, denominator), and (what was done, what was owed), summed over the points."""
    first, last = PERIODS[period]
    each = [attachment3(station, first, last, code) for code in codes]
    figures: Figures = {key: {"total": sum(one[key]["total"] for one in each)} for key in each[0]}
    found: Judged = {name: rate(figures, "total", name) for name in RATES}
    found |= {"closed": figures["10"]["total"], "overdue": figures["18"]["total"]}
    days = [str(first + timedelta(days=n)) for n in range((last - first).days + 1)]
    owed = {(code, day[:7]) for code in codes for day in days if stands(station.points[code], day)}
    made = {
        (row["point"], row["on"][:7])
        for row in station.records
        if row["kind"] == "visit" and not row["voided"]
    }
    ended = [each for each in RETURNS if first <= PERIODS[each][1] <= last]
    due = [
        (code, each)
        for code in codes
        for each in ended
        if stood(station.points[code], *PERIODS[each])
    ]
    there = [station.points[code] for code in codes if stood(station.points[code], first, last)]
    looks = [look for point in there for look in _latest(point, str(last))]
    met = sum(look["text"] == "yes" for look in looks)
    return found | {
        "visits": (len(owed & made), len(owed)),
        "returns": (sum(one in station.returns for one in due), len(due)),
        "conditions": (met, len(looks)),
    }


def _latest(point: Row, last: str) -> list[Row]:
    return list({look["item"]: look for look in point["found"] if look["day"] <= last}.values())


def _shown(judged: Judged) -> Cells:
    rates = []
    for name, (_, _, target, enough) in RATES.items():
        numerator, denominator = judged[name]
        missed = "×" if denominator and numerator * 100 < target * denominator else ""
        small = "*" if 0 < denominator < enough else ""
        rates.append(
            f"{percent(numerator, denominator)}{missed}{small}\n({numerator}/{denominator})"
            if denominator
            else "—"
        )
    done = ["/".join(map(str, judged[key])) for key in ("visits", "returns", "conditions")]
    return [judged["closed"], *rates, judged["overdue"], *done]


def _merit(judged: Judged) -> tuple[float, ...] | None:
    """Targets met, then each rate, one of too few cases being none; nothing where no rate with a target has enough."""
    met, counted, fractions = 0, 0, []
    for name, (*_, target, enough) in RATES.items():
        numerator, denominator = judged[name]
        there = denominator >= max(enough, 1)
        counted += bool(there and target)
        met += bool(there and target and numerator * 100 >= target * denominator)
        fractions.append(numerator / denominator if there else -1.0)
    return (met, *fractions) if counted else None


def _lacking(judged: Judged, unranked: bool, level: str, gone: bool) -> list[str]:
    """In the order of the words."""
    rates = [
        key
        for name, key in _TARGETS.items()
        if judged[name][0] * 100 < RATES[name][2] * judged[name][1]
    ]
    late = judged["按时办结率"][0] < judged["按时办结率"][1] or judged["overdue"]
    lacks = ["rank"] * unranked + rates + ["on_time_rate"] * bool(late)
    lacks += [key for key in ("visits", "returns") if judged[key][0] < judged[key][1]]
    lacks += ["conditions"] * (judged["conditions"][0] < len(CONDITIONS))
    return lacks + ["provincial"] * (level == "provincial") + ["retired"] * gone
