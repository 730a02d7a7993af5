"""The row of a spreadsheet that names its columns: found below titles, in one row or two, each heading known for its box."""

import re
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

from ledger12315.rules import reading
from ledger12315.rules.cells import Cell, shown
from ledger12315.rules.fields import COMPLAINT, ESCALATE, POINT, POINT_WORD, Field
from ledger12315.rules.reading import folded
from ledger12315.words import Vocabulary, Word

IGNORED = "ignored"
YES_OR_NO = Vocabulary(Word("yes", "是", "yes", ("按时", "是(暂定)")), Word("no", "否", "no", ("超期", "否(暂定)")))
# What a register holds besides the boxes of Attachment 1.
_OTHERS = (
    POINT_WORD,
    Field("external_no", "登记编号", reading.short_text, "the point's own number of the complaint"),
    ESCALATE[1]._replace(key="escalated"),
    ESCALATE[0]._replace(key="escalation_reason"),
    POINT["type"],
    Field("working_days", "用时", reading.stalls, "working days after the day of receipt up to the closing day"),
    Field("on_time", "是否按时", reading.word(YES_OR_NO), "whether it was closed by its due date", vocabulary=YES_OR_NO),
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
    """With which of the rows it ends; for each column its text, and its box, empty where none is known; all that stands there."""

    rows: int
    texts: Sequence[str]
    boxes: Sequence[str]
    words: frozenset[str]

    @property
    def known(self) -> int:
        return len(self.boxes) - self.boxes.count("")


def plain(text: str) -> str:
    """A heading without what people vary: width, case, blanks, stars, colons, and the unit that it has anyway."""
    return re.sub(r"[\s_*:-]", "", folded(text).casefold()).removesuffix("(元)").removesuffix("(工作日)")


_NAMES = {plain(name): key for key, field in BOXES.items() for name in (key, field.heading)} | _ALSO


def find_heading(rows: Sequence[Sequence[Cell]], own: Mapping[str, str]) -> Heading | None:
    """The heading among a sheet's first rows, by the forms' names and one's `own`; it takes two known columns."""
    names = _NAMES | {plain(name): box for name, box in own.items()}
    texts = [[shown(cell).strip() for cell in row] for row in rows]
    found = [_of_one(number, row, names) for number, row in enumerate(texts, 1)]
    # A second row belongs to the heading where it holds nothing else. Of equals the first is taken, and that is of one row.
    for number, (upper, lower) in enumerate(pairwise(texts), 2):
        both = _of_two(number, upper, lower, names)
        if all(box for box, text in zip(both.boxes, lower, strict=False) if text):
            found.append(both)
    best = max(found, key=lambda each: each.known, default=None)
    return best if best and best.known > 1 else None


def _of_one(number: int, row: Sequence[str], names: Mapping[str, str]) -> Heading:
    return Heading(number, row, [names.get(plain(text), "") for text in row], frozenset(map(plain, row)))


def _of_two(number: int, upper: Sequence[str], lower: Sequence[str], names: Mapping[str, str]) -> Heading:
    """Each column by the lower text, with the merged one above it if that is known; else by the upper."""
    texts, group = [], ""
    for column in range(max(len(upper), len(lower))):
        above, below = (row[column] if column < len(row) else "" for row in (upper, lower))
        group = above or group
        whole = group + below
        texts.append(above if not below else whole if plain(whole) in names else below)
    return _of_one(number, texts, names)._replace(words=frozenset(map(plain, (*upper, *lower))))
