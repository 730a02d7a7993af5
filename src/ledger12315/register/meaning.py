"""The complaint in a register's row: boxes that follow from others, and contradictions."""

import re
from collections.abc import Iterator, Mapping
from datetime import date

from ledger12315.boxes import Box
from ledger12315.boxes.kinds import Value
from ledger12315.boxes.reading import Misread
from ledger12315.errors import Message, message
from ledger12315.register.headings import BOXES
from ledger12315.renamed import in_newest_words
from ledger12315.rules.checks import DEFAULTS, complaint_problems, fill_defaults
from ledger12315.words import ENDINGS, STATES

WrongBoxes = Iterator[tuple[str, Message]]
"""Boxes of a row and their problems."""
# A box -> the box that it requires.
_TOGETHER = {
    "closed": "outcome",
    "outcome": "closed",
    "escalation_reason": "escalated",
    "escalated": "escalation_reason",
}
_BY_CLOSING = ("recovered", "multiple_damages", "rating")
_ESCALATED = "报请工商所"
_IN_REMARK = (
    (
        re.compile(
            r"(?:(.*) )?(\d{4}(?:-\d\d-\d\d|年\d\d?月\d\d?日))"
            rf"(?:{_ESCALATED}|{in_newest_words(_ESCALATED)})[:\uff1a](.+)",
            re.S,
        ),
        ("remark", "escalated", "escalation_reason"),
    ),
    (re.compile(r"分流单号[:\uff1a](\S+)(?: (.*))?", re.S), ("referral_no", "remark")),
    (re.compile(r"涉及(\d+)人(?: (.*))?", re.S), ("headcount", "remark")),
)

IN_REMARK = tuple(box for _, boxes in _IN_REMARK for box in boxes if box != "remark")
"""The boxes that Attachment 2 prints inside its remark."""


def number_monthly(given: dict[str, Value]) -> None:
    """Make a number that restarts each month unique: 2026-09-1."""
    if monthly := given.pop("monthly_no", None):
        received = given.get("received")
        month = f"{received:%Y-%m}-" if isinstance(received, date) else ""
        given["external_no"] = f"{month}{monthly}"


def split_remark(given: dict[str, Value], today: date) -> WrongBoxes:
    """Fill the boxes that Attachment 2 prints inside its remark; yield those it misreads."""
    taken = ["remark"]
    for pattern, boxes in _IN_REMARK:
        found = pattern.fullmatch(str(given.get("remark", "")))
        if not found or any(box in given for box in boxes if box != "remark"):
            continue
        del given["remark"]
        given |= {box: text for box, text in zip(boxes, found.groups(), strict=True) if text}
        taken += boxes
    for box in [box for box in dict.fromkeys(taken) if box in given]:
        try:
            given[box] = BOXES[box].kind.read(str(given[box]), today)
        except Misread as misread:
            yield box, misread.message


def inconsistencies(boxes: Mapping[str, object]) -> WrongBoxes:
    """Yield the reasons why these boxes are not a valid complaint."""
    for box, other in _TOGETHER.items():
        if boxes.get(box) is not None and boxes.get(other) is None:
            yield other, message("{box} is given, so this is required too", box=BOXES[box].label)
    if boxes.get("closed") is None:
        for box in _BY_CLOSING:
            if boxes.get(box):
                yield box, message("only a closed complaint can have it")
    for error in complaint_problems(boxes):
        yield (error.box if error.box in BOXES else ""), error.message


def with_defaults(boxes: Mapping[str, Value]) -> dict[str, object]:
    """Return a row's boxes, completed with defaults where the register has no value."""
    return {"facts": "", **defaults_of(boxes), **fill_defaults(boxes, date.min)}


def defaults_of(boxes: Mapping[str, Value]) -> Mapping[str, Value]:
    """Return the defaults of boxes that a register leaves out.

    A category decides the kind, and the day of closing that of telling.
    """
    kind = {} if "category" in boxes else {"kind": "other"}
    return {**DEFAULTS, **kind, **told_on_closing(boxes)}


def told_on_closing(boxes: Mapping[str, Value]) -> dict[str, Value]:
    """Return the day of closing as the day of the telling, for 和解不成. 三(三)4"""
    ending = ENDINGS.get(str(boxes.get("outcome")))
    if ending and ending.needs == "told" and "closed" in boxes:
        return {"told": boxes["closed"]}
    return {}


def printed_in_register(box: Box, value: Value) -> str:
    """Return a value as written in a register; the outcome of a void row is 作废."""
    if value == "void":
        return STATES["void"].zh
    kind = box.kind
    return kind.printed(value) if kind.words else str(kind.plain(value))
