"""Complaints found by number, phone, name or goods."""

import json
import re
import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import takewhile
from typing import NamedTuple

from ledger12315.boxes.masks import (
    PEOPLE_OF_CASE,
    finds_text,
    mask_name,
    mask_numbers,
    mask_text_of,
)
from ledger12315.boxes.names import area_of, only_phones, phone_keys
from ledger12315.boxes.reading import to_half_width
from ledger12315.boxes.tables import row_with_dates
from ledger12315.errors import Message, Refused, message
from ledger12315.ledger.people import phones_in_ledger
from ledger12315.ledger.store import Ledger, LedgerRow
from ledger12315.words import ACTS, ERASED

_KNOWN_BY = (
    *("number", "external_no", "referral_no", "archive_no", "complainant", "respondent"),
    *("item", "brand", "model"),
)
# A few digits are always a number, never a part of another text.
_FEW, _SERIAL_ALONE = r"(?a)\d{1,3}", r"(?a)\d{1,6}"
_WHOLE_NUMBER, _LAST_DIGITS = r"(?a)\d{4}-\d{4,6}", r"(?a)\d{4}"
_FULL_WIDTH = {code: code + 0xFEE0 for code in range(ord("!"), ord("~") + 1)}
_MOST_CANDIDATES = 10
# A number that is masked is found by this many of its digits, the last.
_FEWEST_SPELT = 4


def words_condition(ledger: Ledger, words: str) -> tuple[str, dict[str, str]]:
    """Return a condition in SQL, and its values, for complaints that hold each of the words.

    A phone, perhaps with blanks, is found however it was written, and a word in either width.
    """
    values: dict[str, str] = {}

    def named(value: str) -> str:
        values[f"sought{len(values)}"] = value
        return f":sought{len(values) - 1}"

    def of_phone(typed: str) -> list[str]:
        ids = _ids_of_phone(ledger, typed)
        return [] if ids is None else [_LISTED.format(ids=named(json.dumps(ids)))]

    several = words.split()
    whole = of_phone(words) if several[1:] else []
    conditions = []
    for word in several:
        found = [holding(ledger, _KNOWN_BY, named, _in_each_width(word))]
        parts = found if whole else found + of_phone(word)
        conditions.append(f"({' OR '.join(parts)})")
    each_word = " AND ".join(conditions)
    return " OR ".join([f"({each_word}", *whole]) + ")", values


def holding(
    ledger: Ledger, columns: Iterable[str], named: Callable[[str], str], texts: Sequence[str]
) -> str:
    """Return a condition in SQL for complaints that hold one of the texts in these columns.

    `named` keeps a value and returns its name. Of what is masked no part is found.
    """
    widths = [named(text) for text in texts]
    tests = [f"instr(complaint.{{column}}, {width})" for width in widths]
    digits = re.sub(r"\D", "", to_half_width(texts[0]), flags=re.A)
    condition = " OR ".join(tests)
    if digits:
        ledger.create_function("finds_text", 4, finds_text, deterministic=True)
        if len(digits) >= _FEWEST_SPELT:
            # A long ledger has few texts with all of these digits in this order.
            for each in _in_each_width(digits):
                spelt = named("%".join(["", *each, ""]))
                condition += f" OR complaint.{{column}} LIKE {spelt}"
        phones = ", ".join(f"complaint.{each}" for each in PEOPLE_OF_CASE[1::2])
        checks = (f"finds_text(complaint.{{column}}, {width}, {phones})" for width in widths)
        condition = f"({condition}) AND ({' OR '.join(checks)})"
    return " OR ".join(f"({condition.format(column=column)})" for column in columns)


def _in_each_width(word: str) -> Sequence[str]:
    """Return a word as it was typed, and in half and full width."""
    half = to_half_width(word)
    return list(dict.fromkeys((word, half, half.translate(_FULL_WIDTH))))


def _ids_of_phone(ledger: Ledger, typed: str) -> list[int] | None:
    """Return the ids of complaints with this phone, or that end with its last four digits.

    None if it is neither: a part could be completed, question by question.
    """
    half = to_half_width(typed)
    last, sought = re.fullmatch(_LAST_DIGITS, half), phone_keys(half)
    if not last and not (sought and only_phones(half)):
        return None
    # A number with 86 lacks the 0 of its area code. Many phones contain a part, so SQL first
    # chooses those that contain its digits.
    digits = max(sought, key=len).lstrip("0")
    query = "SELECT id, phone FROM complaint WHERE phone IS NOT NULL AND phone LIKE ?"
    found = ledger.execute(query, (f"%{'%'.join(digits)}%",))
    near = [row for row in found if digits in re.sub(r"\D", "", row["phone"])]
    return [id_ for id_, phone in near if _has_phones(phone, sought, last is not None)]


def _has_phones(phone: str, sought: frozenset[str], last: bool) -> bool:
    """Return whether a box has each of these phones, or one with these `last` digits.

    A fixed line may lack its area code.
    """
    there = phone_keys(phone)
    if last:
        return any(each.endswith(digits) for digits in sought for each in there)
    there |= {each[area_of(each) :] for each in there if each.startswith("0")}
    return sought <= there


_LISTED = "complaint.id IN (SELECT value FROM json_each({ids}))"
_SELECT_ROWS = """
    SELECT *, (SELECT number FROM complaint AS earlier WHERE earlier.id = complaint.previous_id)
        AS previous, (SELECT code FROM point WHERE id = complaint.point_id) AS point
    FROM complaint WHERE"""
_NEWEST_FIRST = "ORDER BY year DESC, serial DESC"


class _State(NamedTuple):
    """A state of a complaint: the day it began, in words, and the acts it allows."""

    since: str
    words: Message
    acts: str


# By code; the first whose day is filled is the state of a complaint.
_COMPLAINT_STATES = {
    "void": _State("voided", Message("{number} is void since {day}", {}), "reopen"),
    "closed": _State("closed", Message("{number} was closed on {day}", {}), "amend reopen void"),
    "escalated": _State(
        "escalated",
        Message("{number} was escalated on {day}", {}),
        "amend close reopen void",
    ),
    "open": _State(
        "received",
        Message("{number} has been open since {day}", {}),
        "amend escalate close void",
    ),
}
_STATE_CASES = (
    f"WHEN complaint.{since} IS NOT NULL THEN '{code}'"
    for code, (since, *_) in _COMPLAINT_STATES.items()
)
STATE = f"CASE {' '.join(_STATE_CASES)} END"
"""The state of a complaint in SQL."""


def state_condition(code: str) -> str:
    """Return the SQL condition for complaints in a state."""
    later = "".join(
        f"complaint.{_COMPLAINT_STATES[each].since} IS NULL AND "
        for each in takewhile(code.__ne__, _COMPLAINT_STATES)
    )
    return f"{later}complaint.{_COMPLAINT_STATES[code].since} IS NOT NULL"


def _state(row: sqlite3.Row | LedgerRow) -> _State:
    return next(each for each in _COMPLAINT_STATES.values() if row[each.since])


def _state_sentence(row: sqlite3.Row | LedgerRow) -> Message:
    """Return the state of a complaint in words."""
    state = _state(row)
    return Message(state.words.id, {"number": row["number"], "day": row[state.since]})


def _matching_complaints(ledger: Ledger, words: str) -> Sequence[sqlite3.Row]:
    """Return the complaint with this number, else those that match, newest first."""
    if re.fullmatch(_WHOLE_NUMBER, words):
        return ledger.execute(f"{_SELECT_ROWS} number = ?", (words,)).fetchall()
    if re.fullmatch(_SERIAL_ALONE, words):
        query = f"{_SELECT_ROWS} serial = ? {_NEWEST_FIRST} LIMIT 1"
        found = ledger.execute(query, (int(words),)).fetchall()
        if found or re.fullmatch(_FEW, words):
            return found
    condition, values = words_condition(ledger, words)
    return ledger.execute(f"{_SELECT_ROWS} {condition} {_NEWEST_FIRST}", values).fetchall()


def find_complaint(ledger: Ledger, words: str, act: str = "") -> LedgerRow:
    """Return the complaint that a number or words name.

    It has the table's columns, and `point` and `previous` by code and number. Among several it is
    the one that allows the `act`, if given. Raises Refused if there is none, or with the
    candidates if there are several.
    """
    found = _matching_complaints(ledger, words)
    if act:
        found = [row for row in found if act in _possible_acts(row)] or found
    if len(found) > 1:
        raise _several_found(ledger, words, found)
    if not found:
        raise Refused(
            "There is no complaint {number}. See: `find WORDS`",
            number=mask_numbers(words),
        )
    return row_with_dates("complaint", found[0])


def complaint_columns(ledger: Ledger, boxes: Mapping[str, object]) -> LedgerRow:
    """Return boxes as columns: the earlier complaint becomes its row's id. Raises Refused."""
    columns: LedgerRow = dict(boxes)
    if "previous" in columns:
        earlier = columns.pop("previous")
        columns["previous_id"] = earlier and find_complaint(ledger, earlier)["id"]
    return columns


def _several_found(ledger: Ledger, words: str, found: Sequence[sqlite3.Row]) -> Refused:
    phones = phones_in_ledger(ledger)
    candidates = [
        message(
            "{state}: {complainant}, {item}",
            state=_state_sentence(row),
            complainant=mask_name(row["complainant"]),
            item=mask_text_of(dict(row), known_phones=phones),
        )
        for row in found[:_MOST_CANDIDATES]
    ]
    return Refused(
        "{words} fits several complaints: {count}. Use the number. To list them: `find WORDS`",
        *candidates,
        words=mask_numbers(words),
        count=len(found),
    )


def _possible_acts(row: sqlite3.Row | LedgerRow) -> Sequence[str]:
    """Return the acts that a complaint allows; none once its personal data are erased."""
    return () if row["complainant"] == ERASED else _state(row).acts.split()


def complaint_allowing(ledger: Ledger, words: str, act: str) -> LedgerRow:
    """Return a complaint's row. Raises Refused, naming the possible acts, if it allows others."""
    row = find_complaint(ledger, words, act)
    acts = _possible_acts(row)
    if not acts:
        raise Refused(
            "The personal data of {number} are erased; it can no longer be changed.",
            number=row["number"],
        )
    if act not in acts:
        raise Refused(
            "{state}; possible now: {acts}.",
            state=_state_sentence(row),
            acts=[ACTS[each] for each in acts] or message("nothing"),
        )
    return row
