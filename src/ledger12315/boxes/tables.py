"""The ledger's tables as boxes: each column's name, and whose data it holds.

Masking, the history, erasing and the search follow from here.
"""

from collections.abc import Mapping
from typing import Any

from ledger12315 import words
from ledger12315.boxes import Box, by_key
from ledger12315.boxes.forms import (
    AMENDED_COMPLAINT,
    AMENDED_POINT,
    COMPLAINT,
    COMPLAINT_COLUMNS,
    LATER,
    POINT,
    RECORD_BOXES,
)
from ledger12315.boxes.kinds import DAY, LINE, NARRATIVE, Kind, NamesPeople
from ledger12315.boxes.people import (
    NAME,
    PHONE,
    STAFF_NAME,
    STAFF_PHONE,
)
from ledger12315.boxes.worded import YES_OR_NO, OneWord, SeveralWords, read_local_words

TABLES: Mapping[str, Mapping[str, Box]] = {
    "complaint": COMPLAINT_COLUMNS,
    "point": {**POINT, **by_key(*AMENDED_POINT)},
    "record": {**RECORD_BOXES, "void_reason": LATER["void_reason"]},
    "contact": by_key(Box("name", "姓名", STAFF_NAME), Box("phone", "电话", STAFF_PHONE)),
    "inspection": by_key(Box("inspector", "检查人", STAFF_NAME)),
    "informant": by_key(Box("name", "姓名", NAME), Box("phone", "电话", PHONE)),
}


class _LocalWords(Kind):
    """The local words of a complaint, as its column holds them: box -> word, as JSON."""

    def shown(self, value: str) -> object:
        said = ((COMPLAINT[box].name, word) for box, word in read_local_words(value).items())
        return [
            words.Word(name.code, f"{name.zh}：{word}", f"{name.en}: {word}")
            for name, word in said
        ]


_TYPE = Box("type", "类型", OneWord(words.TYPES))
_SINCE, _UNTIL = Box("since", "起始日期", DAY), Box("until", "截止日期", DAY)
# Columns of no form, as the history shows them.
_COLUMNS_BESIDES: Mapping[str, Mapping[str, Box]] = {
    "complaint": by_key(
        _TYPE._replace(heading="经营者类型"),
        AMENDED_COMPLAINT["point"],
        Box("local_words", "用语", _LocalWords()),
    ),
    "station": by_key(Box("name", "名称", LINE), Box("county", "县局", LINE)),
    "point": by_key(Box("eligibility", "设置依据", OneWord(words.ELIGIBILITY))),
    "point_type": by_key(_TYPE, _SINCE, _UNTIL),
    "demonstration": by_key(
        Box("level", "示范级别", OneWord(words.DEMONSTRATION)), _SINCE, _UNTIL
    ),
    "former_host": by_key(Box("name", "原依托经营者", LINE), _UNTIL),
    "contact": by_key(
        Box("role", "人员", OneWord(words.ROLES)),
        Box("badge", "胸卡号", LINE),
        Box("terms", "专兼职", OneWord(words.TERMS)),
        _SINCE,
        _UNTIL,
    ),
    "inspection": by_key(
        Box("item", "设置条件", OneWord(words.CONDITIONS)),
        Box("met", "是否达标", YES_OR_NO),
        Box("lacking", "欠缺", SeveralWords(words.EVERY_PARTICULAR)),
        Box("remark", "备注", LINE),
        Box("updated", "宣传栏更新日期", DAY),
    ),
    "point_return": by_key(
        Box("period", "报告期", LINE),
        Box("day", "收到日期", DAY),
        Box("state", "报送情况", OneWord(words.RETURN_STATES)),
        Box("totals", "上报数", LINE),
    ),
    "record": by_key(
        Box("kind", "事项", OneWord(words.RECORD_KINDS)), _TYPE, Box("voided", "作废日期", DAY)
    ),
    "local_word": by_key(
        Box("box", "栏目", LINE),
        Box("word", "用语", LINE),
        Box("standard", "标准用语", LINE),
        Box("retired", "停用日期", DAY),
    ),
    "heading": by_key(Box("name", "列名", LINE), Box("box", "栏目", LINE)),
    "setting": by_key(Box("key", "设置", LINE), Box("value", "值", LINE), _SINCE),
    "special_day": by_key(
        Box("day", "日期", DAY),
        Box("working", "是否上班", YES_OR_NO),
        Box("why", "原因", LINE),
        Box("notice", "来自通知", YES_OR_NO),
    ),
    "submission": by_key(
        Box("withdrawn", "退回日期", DAY), Box("withdraw_reason", "退回理由", NARRATIVE)
    ),
}
PERSONAL: Mapping[str, tuple[str, ...]] = {
    name: erased
    for name, boxes in TABLES.items()
    if (erased := tuple(key for key, box in boxes.items() if box.kind.erased))
}
"""The columns of each table that are emptied when personal data are erased."""
_ABOUT_PEOPLE = ("complaint", "record")
TEXTS: Mapping[str, tuple[str, ...]] = {
    name: tuple(key for key, box in TABLES[name].items() if box.kind.free and not box.kind.erased)
    for name in _ABOUT_PEOPLE
}
"""The other texts about people, from which their names and phones are taken out by erasing."""
NARRATIVES = tuple(
    key for key, box in TABLES["complaint"].items() if isinstance(box.kind, NamesPeople)
)
"""The texts of a complaint that say what happened; erasing removes them."""
APART: Mapping[str, tuple[str, ...]] = {
    name: (*erased, *TEXTS.get(name, ())) for name, erased in PERSONAL.items()
}
"""The columns that the history keeps apart, so that erasing breaks no seal."""
SEARCHED = tuple(key for key, box in TABLES["complaint"].items() if box.searched)
"""The columns of a complaint that a search for a text reads."""


def column_box(name: str, column: str) -> Box:
    """Return the box of a table's column; a column of no form gets a line named like it."""
    known = TABLES.get(name, {}).get(column) or _COLUMNS_BESIDES.get(name, {}).get(column)
    return known or Box(column, column, LINE)


def row_with_dates(name: str, row: Any) -> dict[str, Any]:
    """Return a table's row with its days as dates; a column without a box stays as it is."""
    boxes = TABLES[name]
    return {
        key: boxes[key].kind.stored(value) if key in boxes else value
        for key, value in dict(row).items()
    }


VOCABULARIES = {
    box.key: box.kind.words
    for box in (*COMPLAINT.values(), *POINT.values(), *AMENDED_POINT)
    if box.kind.words
} | {"state": words.STATES}
"""The words that a box's option takes, by its key."""
