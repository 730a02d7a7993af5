"""How the values of boxes read on paper: fixed words in Chinese, money in yuan, what is missing as an empty box."""

from collections.abc import Callable, Mapping
from typing import Any

from ledger12315.boxes import reading
from ledger12315.boxes.fields import COMPLAINT, POINT, Field
from ledger12315.boxes.reading import Reader
from ledger12315.sheets.forms.spec import Box
from ledger12315.words import DEMONSTRATION, TYPES

_FIELDS: Mapping[str, Field] = {**POINT, **COMPLAINT}
_WRITTEN: Mapping[Reader, Callable[[Any], str]] = {
    reading.money: lambda fen: f"{reading.yuan(fen)}元",
    reading.area: lambda hundredths: f"{reading.yuan(hundredths)}m²",
    reading.grade: lambda grade: "A" * int(grade),
}


def on_paper(row: Mapping[str, Any], key: str) -> str:
    """A box of Attachment 1 or 4, by its key."""
    value, field = row[key], _FIELDS.get(key)
    if value is None or field is None:
        return "" if value is None else str(value)
    return field.vocabulary[value].zh if field.vocabulary else _WRITTEN.get(field.read, str)(value)


def boxed(row: Mapping[str, Any], label: str, key: str, span: int, lines: int = 1) -> Box:
    """The box of a form that shows this key."""
    return Box(label, on_paper(row, key), span, lines)


def joined(*parts: str | None) -> str:
    """The parts that there are."""
    return " ".join(part for part in parts if part)


# What of a point changes on a day, and where the values are fixed words.
CHANGED = {
    "type": "类型",
    "host": "依托经营者",
    "liaison": "联络员",
    "officer": "联系人",
    "demonstration": "示范级别",
}
_CODED = {"type": TYPES, "demonstration": DEMONSTRATION}


def change(box: str, was: str | None, becomes: str | None) -> str:
    """One of the directory's changes as a sentence."""
    before, after = (
        _CODED[box][each].zh if each and box in _CODED else each or "无" for each in (was, becomes)
    )
    return f"{CHANGED[box]}由{before}变更为{after}"


def status(point: Mapping[str, Any]) -> str:
    """Whether a point of the directory stands."""
    return f"{point['retired']}撤销" if point["status"] == "retired" else "在册"
