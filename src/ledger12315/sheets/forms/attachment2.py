"""附件2: the register in order of receipt; void complaints are listed, but not counted.

Source: 三(四)4.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from functools import cache

from ledger12315.boxes.kinds import DAY
from ledger12315.renamed import in_year_words
from ledger12315.rules.deadlines import on_time
from ledger12315.rules.workdays import Calendar
from ledger12315.sheets.forms import notes
from ledger12315.sheets.forms.spec import (
    SIGNED,
    Cell,
    CellValue,
    Fields,
    FormSheet,
    decimal_yuan,
    declared_columns,
    join_parts,
    on_paper,
    table_rows,
    title_and_head,
    yuan_if_stated,
)
from ledger12315.words import STATES, UNCLOSED

_COLUMNS_OF_2 = declared_columns("""
    序号              4  place
    登记编号          10 number
    受理日期          14 received
    来源              6  source
    投诉人            6  complainant
    联系电话          14 phone
    被投诉经营者      8 operator left
    类型              4  type
    商品/服务名称     6  item left
    问题类别          4  problem
    争议金额（元）    8  disputed
    处理结果          6  outcome
    挽回经济损失（元） 8 recovered
    办结日期          14 closed
    用时（工作日）    4  used
    是否按时          4  on_time
    消费者评价        4  rating
    经办人            6  handler
    归档号            4  archive_no
    备注              7  remark left
    服务点            6  point_name
""")
_PRINTED = ("source", "phone", "type", "problem", "rating")
_WORKED_OUT = ("place", "used", "on_time")
KEYS = (
    *(column.key for column in _COLUMNS_OF_2 if column.key not in _WORKED_OUT),
    "local_words",
    *("referral_no", "headcount", "escalated", "escalation_reason", "voided", "void_reason"),
)
"""The values of a complaint in the register, besides `due` and `provisional`."""


def attachment2(
    unit: str,
    when: str,
    rows: Iterable[Fields],
    calendar: Calendar,
    one_point: bool,
    carried_in: int,
    closed_after: int,
) -> Iterator[FormSheet]:
    """Yield the complaints received in the period; a station's register names the point too.

    Attachment 3 counts outcomes by the day of closing. A note has the difference: complaints
    `carried_in` from before and closed in the period, and those of it that were `closed_after`.
    """
    worked = cache(calendar.count)  # of many thousands of spans most are the same
    shown = _COLUMNS_OF_2
    if one_point:
        *columns, remark, point = _COLUMNS_OF_2
        shown = (*columns, remark._replace(width=remark.width + point.width))
    yield FormSheet(
        **title_and_head("附件2", unit, when),
        title="“消费维权服务点”受理和处理消费者投诉登记簿",
        columns=shown,
        rows=table_rows(shown, _complaint_lines(rows, worked)),
        signatures=SIGNED,
        notes=(
            "用时为受理次日起至办结之日的工作日数；"
            f"按时指不晚于第5个工作日办结或{in_year_words('报请工商所')}。",
            "作废的登记不计入合计。",
            *_across_note(carried_in, closed_after),
        ),
        landscape=True,
        row_height=18,
    )


def _across_note(before: int, after: int) -> Iterator[str]:
    parts = [f"期前受理、本期办结的{before}件未列"] if before else []
    parts += [f"本期受理、期后办结的{after}件已列"] if after else []
    if parts:
        yield f"本簿按受理日期列入，附件3按办结日期计办结：{'；'.join(parts)}。"


def _complaint_lines(
    rows: Iterable[Fields], worked: Callable[[date, date], int]
) -> Iterator[Mapping[str, Cell | CellValue | date]]:
    sums = Counter[str]()
    for row in rows:
        yield _void_line(row) if row["voided"] else _complaint_line(row, worked, sums)
    totals = {
        "place": Cell("合计"),
        "number": Cell(sums["received"], "A2_received", look="受理"),
        "disputed": Cell(decimal_yuan(sums["disputed"]), "A2_disputed"),
        "recovered": Cell(decimal_yuan(sums["recovered"]), "A2_recovered"),
        "closed": Cell(sums["closed"], "A2_closed", look="办结"),
        "on_time": Cell(sums["on_time"], "A2_closed_on_time", look="按时"),
        "remark": Cell("".join(notes.unstated_note(sums["recovered_unstated"])) or None),
    }
    nothing = Cell(None)
    yield {
        column.key: totals.get(column.key, nothing)._replace(bold=True) for column in _COLUMNS_OF_2
    }


def _void_line(row: Fields) -> Mapping[str, CellValue | date]:
    kept = {key: row[key] for key in ("number", "received", "point_name")}
    remark = join_parts(row["voided"], row["void_reason"])
    return kept | {"outcome": STATES["void"].zh, "remark": remark}


def _complaint_line(
    row: Fields, worked: Callable[[date, date], int], sums: Counter[str]
) -> Mapping[str, CellValue | date]:
    closed, escalated, referral = row["closed"], row["escalated"], row["referral_no"]
    sums.update(received=1, disputed=row["disputed"] or 0)
    remarks = (
        f"分流单号：{referral}" if referral else "",
        f"涉及{row['headcount']}人" if (row["headcount"] or 1) > 1 else "",
        row["remark"],
        f"{DAY.printed(escalated)}{in_year_words('报请工商所')}：{row['escalation_reason']}"
        if escalated
        else "",
    )
    shown = {
        **row,
        **{key: on_paper(row, key) for key in _PRINTED},
        "disputed": yuan_if_stated(row["disputed"]),
        "remark": join_parts(*remarks),
    }
    if not closed:
        return shown | {"outcome": UNCLOSED, "recovered": None}
    in_time, recovered = on_time(closed, escalated, row["due"]), row["recovered"]
    sums.update(closed=1, on_time=int(in_time), recovered=recovered or 0)
    sums.update(recovered_unstated=recovered is None)
    return shown | {
        "outcome": on_paper(row, "outcome"),
        "recovered": yuan_if_stated(recovered),
        "used": worked(row["received"], closed),
        "on_time": f"{'是' if in_time else '否'}{'（暂定）' if row['provisional'] else ''}",
    }
