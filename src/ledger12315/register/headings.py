"""The columns of a register, recognised by headings of one row or two."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import date
from itertools import pairwise, zip_longest
from operator import attrgetter
from typing import NamedTuple

from ledger12315.boxes import Box, by_key
from ledger12315.boxes.amounts import COUNT_OR_ZERO, Money, amount_under
from ledger12315.boxes.forms import COMPLAINT, LATER, NUMBER_BOXES, POINT, POINT_WORD
from ledger12315.boxes.kinds import LINE, Day, DayAhead, Text, Value
from ledger12315.boxes.reading import (
    LONGEST_LINE,
    LONGEST_TEXT,
    Misread,
    ReadCell,
    cell_text,
    lacks_year,
    to_half_width,
    too_long,
)
from ledger12315.boxes.spoken import in_figures
from ledger12315.boxes.worded import OneWord
from ledger12315.register.learned import (
    MEANINGS,
    MEANS_EMPTY,
    USUAL_HEADINGS,
    Learned,
    bare_heading,
    without_unit,
)
from ledger12315.words import Vocabulary, vocabulary

Clean = Callable[[ReadCell, date | None], Value | None]
"""A function from a cell and its row's day of receipt to a box's value, None for an empty one.

A day that may be ahead is read from the day of receipt on. Raises Misread.
"""

IGNORED = "ignored"
NUMBERINGS = frozenset({"external_no", "monthly_no"})
"""Boxes of the numbers by which a register identifies its complaints."""
YES_OR_NO_WORDS = vocabulary("""
    yes | 是 | yes | 按时 | 是(暂定)
    no  | 否 | no | 超期 | 否(暂定)
""")
# The boxes of a register.
BOXES: Mapping[str, Box] = {
    **COMPLAINT,
    **by_key(
        POINT_WORD,
        NUMBER_BOXES["external_no"],
        Box("monthly_no", "每月序号", LINE),
        LATER["escalated"],
        LATER["escalation_reason"],
        POINT["type"]._replace(heading="经营者类型"),
        Box("working_days", "用时", COUNT_OR_ZERO),
        Box("on_time", "是否按时", OneWord(YES_OR_NO_WORDS)),
    ),
}
# Headings of the forms that differ from their box's name; those of two rows are joined.
_ALSO = {
    "序号": IGNORED,
    "编号": "external_no",
    "类型": "type",
    "投诉人姓名": "complainant",
    "投诉人联系电话": "phone",
    "投诉人联系地址": "consumer_address",
    "被投诉人": "respondent",
    "被投诉人名称": "respondent",
    "被投诉人联系人": "respondent_contact",
    "被投诉人经营地址": "respondent_address",
    "被投诉人联系电话": "respondent_phone",
    **{f"{box.heading}(万元)": key for key, box in BOXES.items() if isinstance(box.kind, Money)},
}


class Heading(NamedTuple):
    """A heading: the numbers of its first and last row, each column's text and box.

    The box of an unknown text is empty. `words` are all texts in the heading.
    """

    top: int
    rows: int
    texts: Sequence[str]
    boxes: Sequence[str]
    words: frozenset[str]

    @property
    def known(self) -> int:
        return len(self.boxes) - self.boxes.count("")


def heading_text(cell: ReadCell) -> str:
    """Return the beginning of a cell's text, which is enough to recognize a heading."""
    return cell_text(cell).strip()[:LONGEST_LINE]


def is_running_number(heading: str) -> bool:
    """Return whether a column has a point's running number."""
    return bare_heading(heading) == "序号"


class Subject:
    """What the rows of a file are: complaints or points, with their boxes.

    * `names`: boxes by their key and their heading in the forms, as `bare_heading` has them;
      `also`: headings that differ from the box's name.
    * `meanings`: the words that a box's cells may mean, by box; `usual`: boxes by the usual
      headings of such files, which are only guesses.
    * `required`: the boxes that each row must have; a row without any of those in `marks` may
      stand below the table.
    * `ambiguous`: a heading of the forms -> other boxes that may bear it.
    """

    def __init__(
        self,
        boxes: Mapping[str, Box],
        also: Mapping[str, str],
        meanings: Mapping[str, Vocabulary],
        usual: Mapping[str, str],
        required: Sequence[str],
        marks: Sequence[str],
        ambiguous: Mapping[str, Sequence[str]] = {},
    ) -> None:
        self.boxes, self.meanings, self.usual = boxes, meanings, usual
        self.required, self.marks, self.ambiguous = required, marks, ambiguous
        named = {key: (key, box.heading) for key, box in boxes.items()}
        self.names = {bare_heading(name): key for key, both in named.items() for name in both}
        self.known = self.names | {bare_heading(name): key for name, key in also.items()}


REQUIRED = ("point", "external_no", "received", "complainant", "item")
COMPLAINT_ROWS = Subject(
    BOXES,
    _ALSO,
    MEANINGS,
    USUAL_HEADINGS,
    required=REQUIRED,
    marks=("received", "item"),
    ambiguous={"type": ("category", "problem", "kind")},
)


def find_heading(
    subject: Subject,
    rows: Sequence[Sequence[ReadCell]],
    own: Mapping[str, str],
    guesses: bool,
) -> Heading | None:
    """Return the heading among a sheet's first rows, with two known columns at least.

    The forms' names and those in `own` are known. If no row has two of them, the row with most
    usual ones is returned, if it `guesses` and the row has two.
    """
    names = subject.known | {bare_heading(name): box for name, box in own.items()}
    found = [*_candidates(rows, names)]

    def count_likely(each: Heading) -> int:
        return guesses and sum(without_unit(text) in subject.usual for text in each.texts)

    for count in (attrgetter("known"), count_likely):
        best = max(found, key=count, default=None)  # of equals the first: one row before two
        if best and count(best) > 1:
            return best
    return None


def _candidates(rows: Sequence[Sequence[ReadCell]], names: Mapping[str, str]) -> Iterator[Heading]:
    """Yield possible headings: each row, and two where the lower one has only known texts."""
    texts = [[*map(heading_text, row)] for row in rows]
    for number, row in enumerate(texts, 1):
        yield _heading_of_row(number, row, names)
    for number, (upper, lower) in enumerate(pairwise(texts), 2):
        both = _heading_of_two_rows(number, upper, lower, names)
        if all(box for box, text in zip(both.boxes, lower, strict=False) if text):
            yield both


def _heading_of_row(number: int, row: Sequence[str], names: Mapping[str, str]) -> Heading:
    words = [*map(bare_heading, row)]
    return Heading(number, number, row, [names.get(word, "") for word in words], frozenset(words))


def _heading_of_two_rows(
    number: int, upper: Sequence[str], lower: Sequence[str], names: Mapping[str, str]
) -> Heading:
    """Return a heading of two rows.

    A column's text is the lower one, joined with the merged one above if that is known; without a
    lower one it is the upper.
    """
    texts, group = [], ""
    for above, below in zip_longest(upper, lower, fillvalue=""):
        group = above or group
        whole = group + below
        known = whole if bare_heading(whole) in names else below
        texts.append(known if below else above)
    return _heading_of_row(number, texts, names)._replace(
        top=number - 1, words=frozenset(map(bare_heading, (*upper, *lower)))
    )


# Attachment 2 puts the number of the referral and the reason of the escalation into the remark.
_MOST_JOINED = 11_000
_MONTH_AND_DAY = r"(?a)(\d{1,2})\D(\d{1,2})[日号]?(.*)"


class Years:
    """The year of days written without one, as 8月3日, and the years that were `used`.

    It is the titles' year, if they name one; else that of the latest such day. A day that may be
    ahead is the first such day from the day of receipt on.
    """

    def __init__(self, titles: Iterable[str]) -> None:
        found = {year for text in titles for year in re.findall(r"(?a)(?<!\d)20\d\d(?!\d)", text)}
        self._of_title = int(found.pop()) if len(found) == 1 else None
        self.used: set[int] = set()

    def read(self, text: str, kind: Day, today: date, received: date | None) -> Value:
        """Return a text's day with its year. Raises Misread."""
        if isinstance(kind, DayAhead):
            value = kind.read(kind.typed(text), received or today)
        else:
            value = kind.read(kind.typed(self._dated(text)), today)
        if isinstance(value, date):
            self.used.add(value.year)
        return value

    def _dated(self, text: str) -> str:
        found = re.fullmatch(_MONTH_AND_DAY, text)
        if found and self._of_title:
            month, day, weekday = found.groups()
            with suppress(ValueError):  # no day of that year
                return f"{date(self._of_title, int(month), int(day))}{weekday}"
        return text


def names_filled_in(titles: Iterable[str]) -> Iterator[str]:
    """Yield the names after 填报单位 in texts above a table, in the same cell or the next."""
    texts = [to_half_width(title) for title in titles if title]
    for text, following in pairwise([*texts, ""]):
        if found := re.fullmatch(r"填报单位\s*:?\s*(.*)", text):
            name = found[1] or ("" if ":" in following else following)
            yield re.sub(r"\(.*\)$", "", name).strip()


def unit_of_column(heading: str, titles: Iterable[str]) -> str:
    """Return a heading with its unit, or 万元 if only a title such as 单位：万元 has one."""
    if "元" not in heading and any("单位万元" in bare_heading(title) for title in titles):
        return "万元"
    return bare_heading(heading)


def cell_reader(
    box: Box,
    heading: str,
    words: Vocabulary | None,
    today: date,
    learned: Learned,
    years: Years,
    titles: Iterable[str],
) -> Clean:
    """Return the function that reads the cells below a heading for a box, in these `words`.

    An outcome may be `void` too. Amounts are in the unit of the heading, or else of the titles.
    """
    kind, most = box.kind, LONGEST_TEXT
    if isinstance(kind, OneWord):
        kind = learned.kind(kind.among(words or kind.words), box.key)
    if box.key == "remark":
        kind, most = Text(_MOST_JOINED), _MOST_JOINED
    empty = MEANS_EMPTY if words else ()
    unit = unit_of_column(heading, titles) if isinstance(kind, Money) else ""

    def clean(cell: ReadCell, received: date | None) -> Value | None:
        if isinstance(cell, Misread):
            raise cell
        if isinstance(cell, str):
            if len(cell) > most:
                raise too_long(cell, most)
            if isinstance(kind, Day) and lacks_year(figures := in_figures(to_half_width(cell))):
                return years.read(figures, kind, today, received)
        text = kind.typed(cell)
        if kind.says_nothing(text):
            return None
        value = kind.read(amount_under(unit, text), today)
        return None if value in empty else value

    return clean
