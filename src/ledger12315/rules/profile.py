"""Attachments 4 and 5: a point on a day, its people, conditions and changes.

Source: 三(一), 三(二), 三(五)1, 7 and 8.
"""

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple


class Contact(NamedTuple):
    """A liaison or point officer in office."""

    name: str
    phone: str | None
    terms: str | None
    badge: str | None
    since: date


class Change(NamedTuple):
    """A change of a dated box on a day, from one value (a code or name) to another."""

    day: date
    box: str
    was: str | None
    becomes: str | None


class Finding(NamedTuple):
    """The latest inspection's result for one condition of 三(二) or 三(三)1.

    Missing parts are codes with commas; the notice board has the day of its update.
    """

    met: bool
    lacking: str | None
    day: date
    inspector: str | None
    remark: str | None
    updated: date | None


class LateChange(NamedTuple):
    """A point's event in an earlier quarter: a box of a Change, `since` or `retired`.

    It was entered after that quarter's return; if `undone`, it was reported but is not true.
    """

    day: date
    box: str
    undone: bool


class Profile(NamedTuple):
    """Attachment 4 on a day; areas in 0.01 m², money in 分.

    Boxes without dates have today's values. `status` is active or retired, `conditions` has a
    key for each of CONDITIONS, `changes` are those up to the day. In the list of a period, `late`
    has the changes that earlier lists omitted or reported otherwise.
    """

    code: str
    name: str
    type: str
    host: str | None
    address: str | None
    phone: str | None
    credit_code: str | None
    principal: str | None
    area: int | None
    capital: int | None
    turnover: int | None
    stalls: int | None
    grade: int | None
    sector: str | None
    eligibility: str
    judgement: str | None
    since: date
    retired: date | None
    filed: date | None
    filing_no: str | None
    status: str
    demonstration: str
    demonstration_since: date | None
    liaisons: tuple[Contact, ...]
    officer: Contact | None
    conditions: Mapping[str, Finding | None]
    changes: tuple[Change, ...]
    late: tuple[LateChange, ...] = ()
