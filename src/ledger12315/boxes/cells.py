"""Cells of a spreadsheet as the text that a person would have typed.

Changes that spreadsheet programs make to days and phones are undone where that is certain.
"""

import re
from datetime import date, timedelta

from ledger12315.boxes.reading import YEARS, Misread, lacks_year, to_half_width
from ledger12315.boxes.spoken import in_figures

ReadCell = str | float | date | Misread | None
"""A text, a number, a number shown as a day, an error of reading, or nothing."""

LINE_BREAK_MARK = "\u200b"
"""An invisible mark at the end of a row whose text continues in the next row."""
CONTINUED = "续"
"""The first cell of a row that continues the texts of the row above."""
# Texts that people write into an empty cell.
NOTHING_WRITTEN = ("", "-", "—", "——", "/", "\\", "无")
_MOST_DIGITS = 15
DAY_ZERO = date(1899, 12, 30)
_DAY_NUMBERS = range(*((date(year, 1, 1) - DAY_ZERO).days for year in (YEARS.start, YEARS.stop)))
# Patterns are compiled on first use: most commands read no spreadsheet.
_DAY_NUMBER = r"(?a)(\d{5})(?:\.\d+)?"
_TIME = r"(?a)[ T]\s*\d{1,2}:\d\d(?::\d\d(?:\.\d+)?)?$"
# Landlines whose area code lacks its 0 and that are no number of another kind.
_LACKS_ZERO = r"(?a)(?:(?:10|2[0-57-9])[2-8]\d{7}|(?:[3-9][1-9]\d|701|90\d)[2-8]\d{6,7})"
# Phones that have no 0 in front.
_PHONE_ALONE = r"(?a)1[3-9]\d{9}|[48]00\d{7}|[2-8]\d{6,7}|1[0-2]\d{3}|9[56]\d{3}"


def join_marked_lines(text: str) -> str:
    """Return a text joined where a form broke it into rows: at each mark with its line break."""
    return text.replace(f"{LINE_BREAK_MARK}\n", "")


def cell_text(cell: ReadCell) -> str:
    """Return the cell's text; a number as a spreadsheet shows it."""
    if isinstance(cell, float):
        from decimal import Decimal  # slow to load, and most commands read no spreadsheet

        return format(Decimal(f"{cell:.15g}"), "f")
    if isinstance(cell, Misread):
        return str(cell.message.values.get("text", ""))
    return "" if cell is None else str(cell)


def cell_name(row: int, place: int) -> str:
    """Return the name of the cell in a row, from 1, and a column, from 0: 4 and 1 are B4."""
    letters, number = "", place + 1
    while number:
        number, letter = divmod(number - 1, 26)
        letters = chr(ord("A") + letter) + letters
    return f"{letters}{row}"


def typed_text(cell: ReadCell) -> str:
    """Return the text of a cell that holds neither a day nor a number that lost digits."""
    if isinstance(cell, date):
        raise Misread(
            "the spreadsheet program turned {text} into a date; format the cell as text and "
            "write it again",
            text=cell,
        )
    if isinstance(cell, float) and abs(cell) >= 10**_MOST_DIGITS:
        raise Misread(
            "{text} has more than 15 digits, and spreadsheets lose the last ones; write it as "
            "text",
            text=cell_text(cell),
        )
    return cell_text(cell).strip()


def typed_line(cell: ReadCell) -> str:
    """Return the text of a cell on one line."""
    text = typed_text(cell)
    if "\n" in text or "\r" in text:
        return " ".join(filter(None, map(str.strip, text.splitlines())))
    return text


def typed_amount(cell: ReadCell) -> str:
    """Return an amount without blanks, but for those inside 12 50, which may mean 12.50."""
    return re.sub(r"(?<!\d)\s+|\s+(?!\d\d?(?!\d))", "", to_half_width(typed_text(cell)).strip())


def typed_day(cell: ReadCell) -> str:
    """Return a day as it would be typed, without a time.

    Raises Misread for words such as `today`, and for a number such as 9.1, which may be 9.10.
    """
    written = re.sub(_TIME, "", to_half_width(cell_text(cell)))
    text = in_figures(written)
    if (serial := re.fullmatch(_DAY_NUMBER, text)) and int(serial[1]) in _DAY_NUMBERS:
        return (DAY_ZERO + timedelta(days=int(serial[1]))).isoformat()
    dated = re.match(r"\d{4}", text) or (lacks_year(text) and not isinstance(cell, float))
    if text not in NOTHING_WRITTEN and not dated:
        raise Misread("{text} is not a date with a year; write it as 2026-09-28", text=written)
    return text


def typed_phone(cell: ReadCell) -> str:
    """Return a phone; a leading 0 that a spreadsheet removed is put back."""
    text = to_half_width(typed_text(cell))
    if re.fullmatch(_LACKS_ZERO, text):
        return f"0{text}"
    if isinstance(cell, float) and not re.fullmatch(_PHONE_ALONE, text):
        raise Misread("it is a number that may have lost leading zeros; write the phone as text")
    return text
