"""A spreadsheet's cell read as the value of a box: what spreadsheets do to days and phones is undone where that is certain."""

import re
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from decimal import Decimal

from ledger12315.rules import reading
from ledger12315.rules.fields import Field
from ledger12315.rules.reading import Misread, Reader, Value, folded

Cell = str | float | date | Misread | None
"""A text, a number, a number that is shown as a day, what cannot be read (and why), or nothing."""
Clean = Callable[[Cell], Value | None]
"""Gives a box's value, None where the cell says that there is none. Raises Misread."""

# What people write into a cell that stays empty; and words of a register for what is no outcome and no rating.
_NOTHING: Mapping[str, Value | None] = dict.fromkeys(("", "-", "—", "——", "/", "\\", "无"))
_SPECIAL: Mapping[str, Mapping[str, Value | None]] = {
    "outcome": {"未结": None, "未办结": None, "open": None, "作废": "void", "void": "void"},
    "rating": {"未评价": None},
}
_DAY_ZERO, _SERIALS = date(1899, 12, 30), range(32_874, 109_575)  # the days of 1990 to 2199
_SERIAL = re.compile(r"(\d{5})(?:\.\d+)?", re.A)
_TIME = re.compile(r"[ T]\s*\d{1,2}:\d\d(?::\d\d(?:\.\d+)?)?$", re.A)
# Landlines whose area code lacks its 0, and that are no number of another kind; and what is a phone without any 0.
_LACKS_ZERO = re.compile(r"(?:(?:10|2[0-57-9])[2-8]\d{7}|(?:[3-9][1-9]\d|701|90\d)[2-8]\d{6,7})", re.A)
_WHOLE = re.compile(r"1[3-9]\d{9}|[48]00\d{7}|[2-8]\d{6,7}|12\d{3}|9[56]\d{3}", re.A)
_MOST_DIGITS, MOST_CHARACTERS = 15, 5000


def cleaner(field: Field, today: date) -> Clean:
    """How cells are read for a box; an outcome may be `void` too."""
    prepare, read = _PREPARED.get(field.read, _line), field.read
    special = {**_NOTHING, **_SPECIAL.get(field.key, {})}

    def clean(cell: Cell) -> Value | None:
        if isinstance(cell, Misread):
            raise cell
        if isinstance(cell, str) and len(cell) > MOST_CHARACTERS:
            raise Misread("{length} characters are too many; at most {most} fit", length=len(cell), most=MOST_CHARACTERS)
        text = prepare(cell)
        return special[text] if text in special else read(text, today)

    return clean


def shown(cell: Cell) -> str:
    """The cell's text; numbers as a spreadsheet shows them."""
    if isinstance(cell, float):
        return format(Decimal(f"{cell:.15g}"), "f")
    if isinstance(cell, Misread):
        return str(cell.message.values.get("text", ""))
    return "" if cell is None else str(cell)


def _line(cell: Cell) -> str:
    text = _text(cell)
    return " ".join(filter(None, map(str.strip, text.splitlines()))) if "\n" in text or "\r" in text else text


def _text(cell: Cell) -> str:
    if isinstance(cell, date):
        raise Misread("{text} was made a day by the spreadsheet program; format the cell as text and write it again", text=cell)
    if isinstance(cell, float) and abs(cell) >= 10**_MOST_DIGITS:
        raise Misread("{text} has more than 15 digits, of which spreadsheets lose the last; write it as text", text=shown(cell))
    return shown(cell).strip()


def _amount(cell: Cell) -> str:
    return "".join(folded(_text(cell)).split())


def _day(cell: Cell) -> str:
    """ISO text, or whatever is no day for the reader to say so; one without its year could be of any year."""
    text = _TIME.sub("", folded(shown(cell)))
    if (serial := _SERIAL.fullmatch(text)) and int(serial[1]) in _SERIALS:
        return (_DAY_ZERO + timedelta(days=int(serial[1]))).isoformat()
    if text not in _NOTHING and not re.match(r"\d{4}", text):
        raise Misread("{text} is no day with its year; write it as 2026-09-28", text=text)
    return text


def _phone(cell: Cell) -> str:
    text = folded(_text(cell))
    if _LACKS_ZERO.fullmatch(text):
        return f"0{text}"
    if isinstance(cell, float) and not _WHOLE.fullmatch(text):
        raise Misread("it is a number that may lack zeros in front; write the phone as text")
    return text


_PREPARED: Mapping[Reader, Callable[[Cell], str]] = {
    reading.past_day: _day,
    reading.any_day: _day,
    reading.money: _amount,
    reading.phone: _phone,
    reading.long_text: _text,
}
