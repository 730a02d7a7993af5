"""The columns of a register: known for their boxes by headings, below titles, in one row or two; and their cells, read.

What spreadsheets do to days and phones is undone where that is certain.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from functools import partial
from itertools import pairwise, zip_longest
from typing import NamedTuple

from ledger12315.boxes import reading
from ledger12315.boxes.fields import COMPLAINT, ESCALATE, POINT, POINT_WORD, Field
from ledger12315.boxes.reading import Misread, Reader, Value, folded
from ledger12315.words import Vocabulary, Word

Cell = str | float | date | Misread | None
"""A text, a number, a number that is shown as a day, what cannot be read (and why), or nothing."""
Clean = Callable[[Cell], Value | None]
"""Gives a box's value, None where the cell says that there is none. Raises Misread."""

IGNORED = "ignored"
YES_OR_NO = Vocabulary(
    Word("yes", "是", "yes", ("按时", "是(暂定)")), Word("no", "否", "no", ("超期", "否(暂定)"))
)
# What a register holds besides the boxes of Attachment 1.
_OTHERS = (
    POINT_WORD,
    Field("external_no", "登记编号", reading.short_text, "the point's own number of the complaint"),
    ESCALATE[1]._replace(key="escalated"),
    ESCALATE[0]._replace(key="escalation_reason"),
    POINT["type"],
    Field(
        "working_days",
        "用时",
        reading.stalls,
        "working days after the day of receipt up to the closing day",
    ),
    Field(
        "on_time",
        "是否按时",
        reading.word(YES_OR_NO),
        "whether it was closed by its due date",
        vocabulary=YES_OR_NO,
    ),
)
BOXES: Mapping[str, Field] = {field.key: field for field in (*COMPLAINT.values(), *_OTHERS)}
# Headings of the forms that are not called as their box is; those of two rows read as one.
_ALSO = {
    "序号": IGNORED,
    "编号": "external_no",
    "投诉人姓名": "complainant",
    "投诉人联系电话": "phone",
    "投诉人联系地址": "consumer_address",
    "被投诉人": "respondent",
    "被投诉人名称": "respondent",
    "被投诉人联系人": "respondent_contact",
    "被投诉人经营地址": "respondent_address",
    "被投诉人联系电话": "respondent_phone",
}


class Heading(NamedTuple):
    """The number of its last row; for each column its text and its box, empty where unknown; `words`, every text in it."""

    rows: int
    texts: Sequence[str]
    boxes: Sequence[str]
    words: frozenset[str]

    @property
    def known(self) -> int:
        return len(self.boxes) - self.boxes.count("")


def bare_heading(text: str) -> str:
    """A heading without what people vary: width, case, blanks, stars, colons, and the unit that it has anyway."""
    return (
        re.sub(r"[\s_*:-]", "", folded(text).casefold())
        .removesuffix("(元)")
        .removesuffix("(工作日)")
    )


NAMES = {bare_heading(name): key for key, field in BOXES.items() for name in (key, field.heading)}
"""A box by its key or its heading in the forms, either as `plain` has it."""


def find_heading(rows: Sequence[Sequence[Cell]], own: Mapping[str, str]) -> Heading | None:
    """The heading among a sheet's first rows, by the forms' names and one's `own`; it takes two known columns."""
    names = NAMES | _ALSO | {bare_heading(name): box for name, box in own.items()}
    texts = [[cell_text(cell).strip() for cell in row] for row in rows]
    found = [_of_one(number, row, names) for number, row in enumerate(texts, 1)]
    # A second row belongs to the heading where it holds nothing else. Of equals the first is taken, and that is of one row.
    for number, (upper, lower) in enumerate(pairwise(texts), 2):
        both = _of_two(number, upper, lower, names)
        if all(box for box, text in zip(both.boxes, lower, strict=False) if text):
            found.append(both)
    best = max(found, key=lambda each: each.known, default=None)
    return best if best and best.known > 1 else None


def _of_one(number: int, row: Sequence[str], names: Mapping[str, str]) -> Heading:
    return Heading(
        number,
        row,
        [names.get(bare_heading(text), "") for text in row],
        frozenset(map(bare_heading, row)),
    )


def _of_two(
    number: int, upper: Sequence[str], lower: Sequence[str], names: Mapping[str, str]
) -> Heading:
    """Each column by the lower text, with the merged one above it if that is known; else by the upper."""
    texts, group = [], ""
    for above, below in zip_longest(upper, lower, fillvalue=""):
        group = above or group
        whole = group + below
        texts.append(above if not below else whole if bare_heading(whole) in names else below)
    return _of_one(number, texts, names)._replace(
        words=frozenset(map(bare_heading, (*upper, *lower)))
    )


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
_LACKS_ZERO = re.compile(
    r"(?:(?:10|2[0-57-9])[2-8]\d{7}|(?:[3-9][1-9]\d|701|90\d)[2-8]\d{6,7})", re.A
)
_WHOLE = re.compile(r"1[3-9]\d{9}|[48]00\d{7}|[2-8]\d{6,7}|12\d{3}|9[56]\d{3}", re.A)
# Attachment 2 puts the number of the referral and the reason of the escalation into the remark.
_MOST_DIGITS, MOST_CHARACTERS, _MOST_JOINED = 15, 5000, 11_000


def cleaner(field: Field, today: date) -> Clean:
    """How cells are read for a box; an outcome may be `void` too."""
    prepare, read, most = _PREPARED.get(field.read, _line), field.read, MOST_CHARACTERS
    if field.key == "remark":
        read, most = partial(reading.long_text, most=_MOST_JOINED), _MOST_JOINED
    special = {**_NOTHING, **_SPECIAL.get(field.key, {})}

    def clean(cell: Cell) -> Value | None:
        if isinstance(cell, Misread):
            raise cell
        if isinstance(cell, str) and len(cell) > most:
            raise Misread(
                "{length} characters are too many; at most {most} fit", length=len(cell), most=most
            )
        text = prepare(cell)
        return special[text] if text in special else read(text, today)

    return clean


def cell_text(cell: Cell) -> str:
    """The cell's text; numbers as a spreadsheet shows them."""
    if isinstance(cell, float):
        return format(Decimal(f"{cell:.15g}"), "f")
    if isinstance(cell, Misread):
        return str(cell.message.values.get("text", ""))
    return "" if cell is None else str(cell)


def _line(cell: Cell) -> str:
    text = _text(cell)
    return (
        " ".join(filter(None, map(str.strip, text.splitlines())))
        if "\n" in text or "\r" in text
        else text
    )


def _text(cell: Cell) -> str:
    if isinstance(cell, date):
        raise Misread(
            "{text} was made a day by the spreadsheet program; format the cell as text and write it again",
            text=cell,
        )
    if isinstance(cell, float) and abs(cell) >= 10**_MOST_DIGITS:
        raise Misread(
            "{text} has more than 15 digits, of which spreadsheets lose the last; write it as text",
            text=cell_text(cell),
        )
    return cell_text(cell).strip()


def _amount(cell: Cell) -> str:
    return "".join(folded(_text(cell)).split())


def _day(cell: Cell) -> str:
    """ISO text, or whatever is no day for the reader to say so; one without its year could be of any year."""
    text = _TIME.sub("", folded(cell_text(cell)))
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
