"""Messages on a refused point: all requirements not met or missing, and the way out."""

from datetime import date

import pytest

from ledger12315.boxes import parse_all
from ledger12315.boxes.forms import POINT
from ledger12315.errors import Refused
from ledger12315.locale import render
from ledger12315.rules.eligibility import how_admitted
from tests.rows import for_all

# Each case is its boxes, and below them the message and its notes. 三(一)
CASES = """
type=market area=1000 stalls=99
Not recorded: below the rule for type market (三(一)4).
stalls is 99 stalls; the rule asks for 100 stalls or more.
If there are many disputes, register it as type other with a judgement (三(一)6).

type=market area=999
Not recorded: below the rule for type market (三(一)4).
area is 999.00 m²; the rule asks for 1000.00 m² or more.
Still missing: stalls.
Or fill in judgement, if the station judges trade or footfall large (三(一)4).

type=market judgement=客流大
Not recorded: the data for type market are incomplete (三(一)4).
Still missing: area, stalls.

type=scenic grade=AA judgement=大
Not recorded: below the rule for type scenic area (三(一)5).
grade is AA; the rule asks for AAA or more.
If there are many disputes, register it as type other with a judgement (三(一)6).

type=scenic
Not recorded: the data for type scenic area are incomplete (三(一)5).
Still missing: grade, judgement.
Fill in judgement: that the station judges the shop to be of some size (三(一)5).

type=other
Not recorded: the data for type other are incomplete (三(一)6).
Still missing: judgement.
Fill in judgement: that disputes are many and the station judges the place suitable (三(一)6).

type=enterprise sector=none
Not recorded: below the rule for type enterprise (三(一)3).
sector is none of these; the rule asks for one of the sectors of 三(一)3.
Or fill in judgement, if the station judges the enterprise large (三(一)3).
"""


@for_all("case", CASES.strip().split("\n\n"))
def test_what_is_said_of_a_point_that_is_not_recorded(case: str) -> None:
    line, *told = case.splitlines()
    raw = dict(pair.split("=") for pair in line.split())
    fields = [field.optional() for field in POINT.values()]
    with pytest.raises(Refused) as refused:
        how_admitted(raw["type"], parse_all(fields, raw, date(2026, 9, 28)))
    assert [render(each) for each in (refused.value.message, *refused.value.notes)] == told
