"""What people type and spreadsheets hold, read: texts, days, amounts and numbers."""

import re
import unicodedata
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from datetime import date, timedelta
from typing import Any

from ledger12315.boxes.spoken import in_figures, spoken_day
from ledger12315.errors import Message
from ledger12315.words import WEEKDAYS, visible_form, weekday_of

MOST_FEN, FEN_PER_WAN = 10**13, 1_000_000
YEARS = range(1990, 2200)
"""The years that a day can have, whether from a person, a file or the clock."""
LONGEST_LINE, LONGEST_TEXT = 200, 5000
"""The most characters of a line and of a text."""
_UNSEEN = ("Cc", "Cf", "Zs", "Zl", "Zp")


class Misread(ValueError):
    """The reason why a text cannot be read; the caller adds the box.

    Where it may mean one of several, they are its `readings`, as they would be typed.
    """

    def __init__(self, text: str, /, *readings: str, **values: object) -> None:
        super().__init__(text)
        self.message = Message(text, values)
        self.readings = readings


def to_half_width(text: str) -> str:
    """Return `text` in half width, dashes as hyphens, without blanks at its ends.

    Invisible characters are left out.
    """
    if text.isascii():
        return text.strip()
    half = unicodedata.normalize("NFKC", visible_form(text))
    return re.sub("[\u2010-\u2015\u2212]+", "-", half).strip()


def _half_width_figures(text: str) -> str:
    """Return a day or an amount in half width; \u3002 is read as a point."""
    return to_half_width(text).replace("\u3002", ".")


def dict_of_unique_keys(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    """Return a JSON object from its pairs. Raises Misread if a key appears twice."""
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise Misread("{key} appears twice", key=key)
        found[key] = value
    return found


def has_foreign_bytes(text: str) -> bool:
    """Return whether a text holds bytes of another character set."""
    return any("\ud800" <= character <= "\udfff" for character in text)


def decode_text(content: bytes) -> str:
    """Return a text in UTF-8, in UTF-16 if it says so, or else as a Chinese console writes it.

    Raises Misread.
    """
    marked = content.startswith((BOM_UTF16_LE, BOM_UTF16_BE))  # as PowerShell's > writes it
    for encoding in ("utf-16",) if marked else ("utf-8-sig", "gb18030"):
        with suppress(UnicodeDecodeError):
            return content.decode(encoding)
    raise Misread("it is neither UTF-8 nor GBK text")


def has_lost_chinese(text: str) -> bool:
    """Return whether Chinese was lost: a console put ? in its place, or a program \ufffd."""
    return "\ufffd" in text or ("??" in text and text.isascii())


def bounded_text(text: str, most: int, allowed: str = "") -> str:
    """Return `text` without blanks at its ends, if it has at most `most` characters.

    Control characters that are not among `allowed` raise Misread.
    """
    stripped = text.strip()
    demand_writable(stripped, allowed)
    if len(stripped) > most:
        raise too_long(stripped, most)
    if all(unicodedata.category(character) in _UNSEEN for character in stripped):
        raise Misread("it is empty")
    return stripped


def one_line(text: str) -> str:
    """Return a name or another line of up to 200 characters, without invisible ones."""
    return bounded_text(visible_form(text), LONGEST_LINE)


def too_long(text: str, most: int) -> Misread:
    """Return the error of a text that exceeds this number of characters."""
    return Misread(
        "{length} characters are too many; at most {most} are allowed", length=len(text), most=most
    )


def demand_writable(text: str, allowed: str = "") -> None:
    """Raise Misread for a character that no file can hold, or a control character not allowed."""
    if not text.isprintable():
        for place, character in enumerate(text, 1):
            _demand_character(place, character, allowed)


def _demand_character(place: int, character: str, allowed: str) -> None:
    category = unicodedata.category(character)
    if category == "Cs":
        raise Misread("character {place} is not readable; the text is not in UTF-8", place=place)
    if character in "\r\n" and not allowed:
        raise Misread("it has a line break; write one line")
    noncharacter = ord(character) & 0xFFFE == 0xFFFE
    if noncharacter or (category == "Cc" and character not in allowed):
        code = f"{ord(character):04X}"
        raise Misread(
            "character {place} is a control character (U+{code}); leave it out",
            place=place,
            code=code,
        )


_AMOUNT_WRITTEN = r"¥?(\d{1,3}(?:,\d{3})+|\d+)(?:\.(\d+))?\s*(万)?\s*元?"


def hundredths(text: str, wrong: str) -> int:
    """Return an amount with at most two decimals, or with 万, in hundredths of its unit.

    `wrong` is Misread's sentence about any other text.
    """
    found = re.fullmatch(_AMOUNT_WRITTEN, _half_width_figures(text), re.A)
    if not found:
        raise Misread(wrong, text=text)
    places, decimals = (6 if found[3] else 2), found[2] or ""
    if len(decimals) > places:
        raise Misread("{text} has more than two decimals", text=text)
    digits = (found[1].replace(",", "") + decimals.ljust(places, "0")).lstrip("0")
    # Python reads no more than 4,300 digits.
    exact = int(digits or 0) if len(digits) <= len(str(MOST_FEN)) else MOST_FEN + 1
    if exact > MOST_FEN:
        raise Misread("{text} is too large; the maximum is {most}", text=text, most=yuan(MOST_FEN))
    return exact


def yuan(fen: int) -> str:
    """Return 分 as yuan with two decimals; a difference may be negative."""
    return f"{'-' * (fen < 0)}{abs(fen) // 100}.{abs(fen) % 100:02}"


_NUMBER_WRITTEN = r"(\d{4})-(\d{1,6})"


def complaint_number(text: str) -> str:
    """Return `YYYY-NNNN`, typed with or without its leading zeros."""
    found = re.fullmatch(_NUMBER_WRITTEN, to_half_width(text), re.A)
    if not found:
        raise Misread("{text} is not a complaint's number; numbers look like 2026-0012", text=text)
    return case_number(int(found[1]), int(found[2]))


def case_number(year: int, serial: int) -> str:
    """Return the number of a year's complaint, with at least four digits."""
    return f"{year}-{serial:04}"


def in_order(numbers: Iterable[str]) -> list[str]:
    """Return complaints' numbers sorted by year and serial number."""
    return sorted(numbers, key=lambda number: (number[:4], len(number), number))


_FULL_DAY = (
    r"(\d{4})"
    r"(?:-(\d\d?)-(\d\d?)|/(\d\d?)/(\d\d?)|\.(\d\d?)\.(\d\d?)|(\d\d)(\d\d)|年(\d\d?)月(\d\d?)[日号])"
)
_SHORT_DAY = r"(\d\d?)(?:[-.](\d\d?)|月(\d\d?)[日号])"
_WITH_WEEKDAY = (
    r"(?i)(.*[\d日号])\s*[(（]?"
    r"(?:(?:周|星期|礼拜)([一二三四五六日天])|(?<=[ (（])(mon|tue|wed|thu|fri|sat|sun))[)）]?"
)
_MOST_BACK = timedelta(days=180)
"""A day without a year is at most this many days back; older ones are slips or other years."""


def lacks_year(text: str) -> bool:
    """Return whether a text is a day of the calendar without its year."""
    found = re.fullmatch(_WITH_WEEKDAY, text)
    day = found[1] if found else text
    return re.fullmatch(_SHORT_DAY, _half_width_figures(day), re.A) is not None


def read_day(text: str, today: date, ahead: bool = False) -> date:
    """Return a day; one without its year is the latest such day, or `ahead` the next.

    Raises Misread, also where the latest such day is too long ago to be certain, or where it is
    not on the day of the week beside it.
    """
    ends_with_digit = text.strip()[-1:].isdecimal()  # most do, and the pattern is slow to compile
    found = None if ends_with_digit else re.fullmatch(_WITH_WEEKDAY, text.strip())
    day = _named_day(found[1] if found else text, today, ahead)
    if found and WEEKDAYS.find(found[3] or f"周{found[2]}") != weekday_of(day):
        raise Misread("{day} is a {weekday}", day=day, weekday=weekday_of(day))
    if day.year not in YEARS:
        raise Misread("{day} is before 1990 or after 2199", day=day)
    return day


def _named_day(text: str, today: date, ahead: bool) -> date:
    half = in_figures(_half_width_figures(text).lower())
    try:
        said = spoken_day(half, today, ahead)
    except ValueError:
        raise Misread("{text} is not a day of the calendar", text=text) from None
    if said:
        return said
    found = re.fullmatch(_FULL_DAY, half, re.A) or re.fullmatch(_SHORT_DAY, half, re.A)
    if not found:
        raise Misread(
            "{text} is not clearly one day; write it as 2026-09-28 or 9-28",
            text=text,
        )
    *year, month, day = (int(part) for part in found.groups() if part)
    if not year:
        return _without_year(text, month, day, today, ahead)
    for each in _dates(year, month, day):
        return each
    raise Misread("{text} is not a day of the calendar", text=text)


def _without_year(text: str, month: int, day: int, today: date, ahead: bool) -> date:
    """Return the latest such day, or `ahead` the next. Raises Misread where it is not certain."""
    # 29 February can be 8 years away.
    near = list(_dates(range(today.year - 8, today.year + 9), month, day))
    if not near:
        raise Misread("{text} is not a day of the calendar", text=text)
    latest = max(each for each in near if each <= today)
    following = min(each for each in near if each >= today)
    if ahead:
        return following
    if today - latest > _MOST_BACK:
        raise Misread(
            "{text} without its year could be {latest} or {following}; write the year too",
            text=text,
            latest=latest,
            following=following,
        )
    return latest


def _dates(years: Iterable[int], month: int, day: int) -> Iterator[date]:
    for year in years:
        with suppress(ValueError):
            yield date(year, month, day)


def read_past_day(text: str, today: date) -> date:
    """Return a day up to today."""
    day = read_day(text, today)
    if day > today:
        raise Misread("{day} is in the future (today is {today})", day=day, today=today)
    return day


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
