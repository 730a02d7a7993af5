"""Random ledgers as lines for `tests.building`: a year of a station, and acts of any kind."""

import os
import re
from collections.abc import Iterable
from datetime import date, timedelta
from shlex import quote

from hypothesis import strategies as st

from ledger12315.words import KINDS, OUTCOMES, RATINGS, RECORD_KINDS, SOURCES, TYPES
from tests.oracle import CATEGORIES

Lines = list[str]
OFTEN = 4 if os.environ.get("CI") else 1
"""How many times as often laws of whole ledgers are tried after a push as by `pytest`."""
QUARTERS = [f"2026Q{number}" for number in range(1, 5)]
MONTHS = [f"2026-{number:02}" for number in range(1, 13)]
PERIODS = ["2025-12", *MONTHS, "2025Q4", *QUARTERS, "2026", "2026A"]
# Mistakes are made around the ends of periods. No notice to come moves a due date so early in
# December.
_ENDS = "2025-11-30 2025-12-31 2026-01-31 2026-03-31 2026-06-30 2026-09-30 2026-10-31 2026-11-30"


def _around(*days: int) -> list[str]:
    ends = [date.fromisoformat(end) for end in _ENDS.split()]
    return sorted({str(end + timedelta(days=n)) for end in ends for n in days})


DAYS = _around(-9, -8, -7, -6, -1, 0, 1, 2, 9)
_turn = st.sampled_from(_around(0, 1))
_wait = st.sampled_from((0, 1, 5, 6, 7, 8, 9, 12, 40, 100))


def _one_of(*words: Iterable[str]) -> st.SearchStrategy[str]:
    return st.sampled_from([word for each in words for word in each])


@st.composite
def _point(draw: st.DrawFn, code: str) -> Lines:
    """Draw up to three types, each with its first day; a further day is that of retirement."""
    days = sorted(draw(st.lists(_turn, min_size=1, max_size=3, unique=True)))
    types = draw(st.lists(st.sampled_from(list(TYPES)), min_size=1, max_size=3))
    lines = [f"register 点{code} --type {types[0]} --since {days[0]} --liaison 李四"]
    for type_, day in zip(types[1:], days[1:], strict=False):
        lines.append(f"point amend {code} --type {type_} --on {day}")
    if draw(st.booleans()):
        lines.append(f"point amend {code} --liaison '' --on {draw(_turn)}")
    level, days_of = draw(_one_of(("municipal", "provincial"))), draw(st.lists(_turn, max_size=2))
    for named, day in zip((level, "none"), sorted(days_of), strict=False):
        lines.append(f"point amend {code} --demonstration {named} --on {day}")
    return lines + [f"point retire {code} --on {day}" for day in days[len(types) :]]


def _each(box: str, words: Iterable[str]) -> Lines:
    return [f"--{box} {word}" for word in words]


@st.composite
def _amount(draw: st.DrawFn, box: str) -> str:
    """Draw an amount, or none."""
    fen = draw(st.none() | st.integers(0, 10**6))
    return "" if fen is None else f" --{box} {fen / 100:.2f}"


@st.composite
def _complaint(draw: st.DrawFn, code: str) -> Lines:
    day, source = date.fromisoformat(draw(st.sampled_from(DAYS))), draw(_one_of(SOURCES))
    referral = "--referral-no 1" if source == "referred" else ""
    about = draw(st.sampled_from([*_each("kind", KINDS), *_each("category", CATEGORIES)]))
    lines = [
        f"log {code} --received {day} --source {source} {referral} {about}"
        f"{draw(_amount('purchase'))}{draw(_amount('disputed'))}"
    ]
    if draw(st.booleans()):
        day += timedelta(days=draw(_wait))
        lines.append(f"complaint escalate _ --reason 疑难 --on {day}")
    if outcome := draw(_one_of(OUTCOMES, ("",))):
        day += timedelta(days=draw(_wait))
        rating = draw(_one_of(RATINGS, ("''",)))
        lines.append(
            f"close _ --outcome {outcome} --closed {day} --told {day} --remark 注"
            f"{draw(_amount('recovered'))} --rating {rating}"
        )
    if not draw(st.integers(0, 3)):
        lines.append("complaint void _ --reason 重复 --on 2026-12-11")
    return lines


@st.composite
def _record(draw: st.DrawFn, code: str) -> Lines:
    kind, count = draw(_one_of(RECORD_KINDS)), draw(st.integers(1, 9))
    place = "-" if kind in ("meeting", "training", "publicity") and draw(st.booleans()) else code
    text = "--text 请整改 --respondent 3号摊" if kind in ("notice", "interview") else ""
    return [f"record {kind} {place} --on {draw(st.sampled_from(DAYS))} --count {count} {text}"]


@st.composite
def lives(draw: st.DrawFn) -> Lines:
    """Draw up to three points with their events; refused ones are left out."""
    codes = [f"P{number:03}" for number in range(1, draw(st.integers(1, 3)) + 1)]
    lines = [line for code in codes for line in draw(_point(code))]
    for each, most in ((_complaint, 8), (_record, 4)):
        for _ in range(draw(st.integers(most // 2, most))):
            lines += draw(each(draw(st.sampled_from(codes))))
    for code in codes:
        sent = draw(st.lists(st.sampled_from(QUARTERS), max_size=3, unique=True))
        lines += [f"returns receive {code} {quarter} --on 2027-01-05" for quarter in sent]
    return lines


def together(one: Lines, other: Lines) -> Lines:
    """Return one station with the points and events of both."""
    count = sum(line.startswith("register") for line in one)
    moved = [re.sub(r"P00(\d)", lambda code: f"P00{int(code[1]) + count}", line) for line in other]
    points = [line for line in (*one, *moved) if line.startswith(("register", "point"))]
    return points + [line for line in (*one, *moved) if line not in points]


# What a clerk types: what JSON must quote, what SQL must, and a character beyond the basic plane.
TEXTS = ("不加热", 'says "no"', "it's 100 %\\", "a\nb", "\N{GRINNING FACE}", "{}", "null", "*")
_ACTS = """
    log P001 --complainant {word} --facts {text} --received {day} --phone 13900001111
    close {number} --outcome {outcome} --closed {day} --told {day} --remark {text} --recovered 1
    complaint escalate {number} --reason {text} --on {day}
    complaint amend {number} --consumer-address {word} --brand '' --received {day}
    complaint reopen {number} --reason {text}
    complaint void {number} --reason {text} --on {day}
    record inquiry P001 --on {day} --text {text}
    settings set notice_from {limit}
    complaint list --reveal {text}
    register {word} --type other --since {day}
    point amend P001 --demonstration municipal --on {day}
    returns receive P001 2022Q1 --on {day}
    desk {text} {day}
    settings set notice_from 3"""


@st.composite
def acts(draw: st.DrawFn, most: int, desk: bool = True) -> Lines:
    """Draw up to this many acts at P001; `desk` adds rows that no command makes."""
    templates = [line for line in map(str.strip, _ACTS.splitlines()) if line]
    lines = []
    for _ in range(draw(st.integers(0, most))):
        text, day = draw(st.sampled_from(TEXTS)), draw(st.sampled_from(_ACT_DAYS.split()))
        values = {"text": quote(text), "word": quote(text.replace("\n", " ")), "day": day}
        values["number"] = draw(st.sampled_from(_NUMBERS.split()))
        values["outcome"] = draw(st.sampled_from(("settled", "advised", "other", "withdrawn")))
        chosen = draw(st.sampled_from(templates[: None if desk else -2]))
        lines.append(chosen.format(limit=int(day[-2:]), **values))
    return ["register 点 --type other --since 2022-01-01 --liaison 林秀珍", *lines]


_NUMBERS = "2022-0001 2022-0002 2026-0001 2026-0002"
_ACT_DAYS = "2022-03-01 2022-03-02 2026-09-01 2026-09-02"
