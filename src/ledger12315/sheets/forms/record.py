"""工作记录: work other than complaints, as a list or a page each. Source: 三(二)8."""

from collections.abc import Iterable, Iterator, Mapping

from ledger12315.boxes.forms import INFORMANT, RECORDS
from ledger12315.boxes.kinds import DAY
from ledger12315.sheets.forms.spec import (
    SIGNED,
    CellValue,
    Fields,
    FormBox,
    FormSheet,
    Line,
    declared_columns,
    table_rows,
    title_and_head,
)
from ledger12315.words import RECORD_KINDS

_RECORD_COLUMNS = declared_columns("""
    序号      4  place
    登记号    6  id
    日期      15 on
    事项      9  kind
    服务点    18 point_name left
    次数      5  count
    内容      42 text left
    其他      40 more left
""")


# How many lines high a box is at least.
_LINES = {"内容": 5, "参加人员": 3, "议定事项": 6, "承诺事项": 5}
_USUAL_SIGNATURES = (("记录人（签名）：", "参加人或当事人（签名）："), ("日期：", "日期："))
_SIGNATURES = {
    "meeting": (
        ("主持人（签名）：", "记录人（签名）："),
        ("参加人员（签名）：", ""),
        ("", "日期："),
    ),
    "interview": (
        ("被约谈人（签名）：", "约谈人（签名）：", "记录人（签名）："),
        ("日期：", "日期：", "日期："),
    ),
}


def record(unit: str, when: str, records: Iterable[Fields], single: bool) -> Iterator[FormSheet]:
    """Yield the list of a period's records or, of `single` ones, a page for each to sign."""
    if single:
        yield from (_record_page(unit, each) for each in records)
        return
    yield FormSheet(
        **title_and_head("工作记录", unit, when),
        title="12315消费维权服务点工作记录",
        columns=_RECORD_COLUMNS,
        rows=tuple(table_rows(_RECORD_COLUMNS, map(_record_row, records))),
        signatures=SIGNED,
        landscape=True,
    )


def _record_row(row: Fields) -> Mapping[str, CellValue]:
    more = (
        f"{label}：{text}" for label, text in _filled_boxes(row, "on", "count", "text") if text
    )
    kept = {key: row[key] for key in ("id", "on", "point_name", "count", "text")}
    return {**kept, "kind": RECORD_KINDS[row["kind"]].zh, "more": "；".join(more)}


def _record_page(unit: str, row: Fields) -> FormSheet:
    once = ("on", "count") if row["kind"] in _SIGNATURES and row["count"] == 1 else ("on",)
    boxes = (
        ("日期", DAY.printed(row["on"])),
        ("服务点", row["point_name"] or "全部服务点"),
        *_filled_boxes(row, *once),
    )
    return FormSheet(
        name="工作记录",
        title=f"{RECORD_KINDS[row['kind']].zh}记录",
        left=f"填报单位：{unit}",
        right=(f"登记号：{row['id']}",),
        boxes=tuple(
            Line((FormBox(label, text, 13, lines=_LINES.get(label, 1)),)) for label, text in boxes
        ),
        fits="",
        signatures=_SIGNATURES.get(row["kind"], _USUAL_SIGNATURES),
    )


def _filled_boxes(row: Fields, *but: str) -> Iterator[tuple[str, str]]:
    """Yield heading and text of a record's boxes; no form shows an informant."""
    for box in RECORDS[row["kind"]]:
        if box.key not in but and box != INFORMANT:
            value = row[box.key]
            yield box.heading, "" if value is None else box.kind.printed(value)
