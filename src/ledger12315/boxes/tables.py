"""The ledger's tables as boxes: what a column is called, and whom it is about.

Masking, the history, erasing and the search follow from here.
"""

from collections.abc import Mapping

from ledger12315.boxes import Box, by_key, stored_row
from ledger12315.boxes.complaint import COLUMNS, COMPLAINT, LATER
from ledger12315.boxes.kinds import LINE, NARRATIVE
from ledger12315.boxes.people import NAME, PHONE, STAFF_NAME, STAFF_PHONE
from ledger12315.boxes.point import AMENDED, POINT
from ledger12315.boxes.record import RECORD_BOXES
from ledger12315.words import STATES

TABLES: Mapping[str, Mapping[str, Box]] = {
    "complaint": COLUMNS,
    "point": {**POINT, **by_key(*AMENDED)},
    "record": {**RECORD_BOXES, "void_reason": LATER["void_reason"]},
    "contact": by_key(Box("name", "name", STAFF_NAME), Box("phone", "phone", STAFF_PHONE)),
    "inspection": by_key(Box("inspector", "inspector", STAFF_NAME)),
    "informant": by_key(Box("name", "name", NAME), Box("phone", "phone", PHONE)),
}
# What columns that several tables have are called.
_HEADINGS = {
    "retired": "撤销日期",
    "withdrawn": "退回日期",
    "voided": "作废日期",
    "until": "截止日期",
    "day": "日期",
    "type": "类型",
    "state": "状态",
    "totals": "上报数",
    "value": "值",
    "local_words": "用语",
    "word": "用语",
    "standard": "标准用语",
}
_SHARED = by_key(
    Box("withdraw_reason", "退回理由", NARRATIVE),
    *(Box(key, heading, LINE) for key, heading in _HEADINGS.items()),
)
PERSONAL: Mapping[str, tuple[str, ...]] = {
    name: erased
    for name, boxes in TABLES.items()
    if (erased := tuple(key for key, box in boxes.items() if box.kind.erased))
}
"""The columns of each table that are emptied when personal data are erased."""
SEARCHED = tuple(key for key, box in TABLES["complaint"].items() if box.searched)
"""The columns of a complaint that are looked through for a text."""


def column_box(name: str, column: str) -> Box:
    """Return the box of a table's column; one that no form asks for is a line of its name."""
    return TABLES.get(name, {}).get(column) or _SHARED.get(column) or Box(column, column, LINE)


def typed_row(name: str, row: Mapping[str, object]) -> dict[str, object]:
    """Return a table's row with its days as dates."""
    return stored_row(TABLES[name], row)


VOCABULARIES = {
    box.key: box.kind.words
    for box in (*COMPLAINT.values(), *POINT.values(), *AMENDED)
    if box.kind.words
} | {"state": STATES}
"""The words that a box's option takes, by its key."""
