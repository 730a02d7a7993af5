"""附件6: a station's points and their work, by type; on a second sheet the figures in 分. Source: 三(五)7, domain 6.6, 6.7."""

from collections.abc import Iterator
from decimal import Decimal

from ledger12315.rules.measures import COLUMNS, MEASURES, TOTAL, Figures, Measure
from ledger12315.rules.rates import rates
from ledger12315.sheets.forms.notes import (
    carried_notes,
    chinese_day,
    ground_notes,
    nominal,
    part_notes,
    percent,
    rate_notes,
)
from ledger12315.sheets.forms.spec import (
    SIGNED,
    Cell,
    FormColumn,
    FormSheet,
    Head,
    Row,
    Value,
    across,
    framed,
)
from ledger12315.words import TYPES

_TITLE = "12315“五进”工作情况统计表"
ATTACHMENT6 = {
    "points_start": FormColumn("期初服务点数", 5),
    "points_new": FormColumn("本期新设", 5),
    "points_retired": FormColumn("本期撤销", 5),
    "points_end": FormColumn("期末服务点数", 5),
    "demo_provincial": FormColumn("其中省级示范", 5),
    "demo_municipal": FormColumn("市级示范", 5),
    "liaisons": FormColumn("联络员", 5),
    "inquiries": FormColumn("接受咨询", 5),
    "received": FormColumn("受理投诉", 5),
    "received_referred": FormColumn("其中工商分流", 5),
    "closed": FormColumn("办结", 5),
    "settled": FormColumn("促成和解", 5),
    "disputed": FormColumn("争议金额（万元）", 8),
    "recovered": FormColumn("挽回经济损失（万元）", 8),
    "settled_rate": FormColumn("和解息诉率", 10),
    "mediation_success_rate": FormColumn("调解成功率", 10),
    "satisfaction_rate": FormColumn("消费者满意率", 12),
    "returns_due": FormColumn("应报服务点", 5),
    "returns_made": FormColumn("实报服务点", 5),
    "visits": FormColumn("走访", 5),
    "meetings": FormColumn("会议", 5),
    "trainings": FormColumn("培训", 5),
    "notices": FormColumn("抄告", 5),
    "interviews": FormColumn("约谈", 5),
}
"""Key -> its column, in the order of domain 6.7."""
ROWS = {
    **{code: word.zh if code == "other" else f"进{word.zh}" for code, word in TYPES.items()},
    TOTAL: "合计",
}
_FEN_PER_WAN = 1_000_000


def attachment6(head: Head, figures: Figures) -> tuple[FormSheet, ...]:
    """The form with defined names `A6_<key>_<type>`, and 计算依据 with `basis_<key>_<column>`."""
    return _form(head, figures), _basis(head, figures)


def _form(head: Head, figures: Figures) -> FormSheet:
    return FormSheet(
        **framed("附件6", head.unit, f"报告期：{head.period.title}"),
        title=_TITLE,
        columns=(FormColumn("类型", 7), *ATTACHMENT6.values()),
        rows=tuple(row(column, figures) for column in ROWS),
        signatures=SIGNED,
        notes=tuple(_notes(head, figures)),
        landscape=True,
        row_height=30,
    )


def row(column: str, figures: Figures) -> tuple[Cell, ...]:
    """A line of the form, of one type or 合计."""
    shown = {value.rate.key: percent(value) for value in rates(figures, column)}

    def value(key: str) -> Value:
        if key in shown:
            return shown[key]
        figure = figures[key][column]
        return Decimal(figure) / _FEN_PER_WAN if MEASURES[key].money else figure

    bold = column == TOTAL
    return Cell(ROWS[column], bold=bold), *(
        Cell(value(key), f"A6_{key}_{column}", bold) for key in ATTACHMENT6
    )


def _notes(head: Head, figures: Figures) -> Iterator[str]:
    yield from rate_notes(figures, ATTACHMENT6)
    if head.dates is not None:
        station, point = chinese_day(head.dates.station), chinese_day(head.dates.point)
        yield f"报送期限：{nominal(head.dates)}报县局；工商所{station}前；服务点{point}前。"
    if head.dates is None:
        yield "本期不是报送期，应报、实报服务点两栏不作报送依据。"
    elif head.missing is None:
        yield "本账尚未登记各服务点的报表，应报、实报服务点和未报服务点名单请核对后手工填写。"
    else:
        yield (
            f"未报服务点（{len(head.missing)}个）：{'、'.join(head.missing)}。"
            if head.missing
            else "未报服务点：无。"
        )
    if changes := figures["type_changes"][TOTAL]:
        yield f"类型变更{changes}个：原类型计入撤销，新类型计入新设，合计均不计入。"
    yield from carried_notes(head)
    yield from part_notes(head, figures, ("received", "closed", "settled", "disputed", "recovered"))
    yield from ground_notes(head, ATTACHMENT6)


def _basis(head: Head, figures: Figures) -> FormSheet:
    return FormSheet(
        **framed("附件6", head.unit, f"报告期：{head.period.title}") | {"name": "计算依据"},
        title=f"{_TITLE}计算依据",
        columns=(
            FormColumn("代码", 5),
            FormColumn("标识", 22, "left"),
            FormColumn("指标", 22, "left"),
            FormColumn("计量单位", 5),
            FormColumn("合计", 9, "right"),
            *(FormColumn(word.zh, 8, "right") for word in TYPES.values()),
        ),
        rows=(*(_basis_row(measure, figures) for measure in MEASURES.values()), *_basis_head(head)),
        notes=(
            "金额单位为分。上级汇总以本表相加，不以百分率或万元数相加。",
            "合计的本期新设、本期撤销不含类型变更。",
        ),
        fits="page",
        row_height=16,
    )


def _basis_row(measure: Measure, figures: Figures) -> Row:
    row = (figures[measure.key][column] for column in COLUMNS)
    unit = "分" if measure.money else measure.unit
    return measure.code, measure.key, measure.name, unit, *across(f"basis_{measure.key}", row)


def _basis_head(head: Head) -> Iterator[Row]:
    """Whose figures these are, and of which days: what the county knows a station's workbook by; a point's has none."""
    if head.of_point:
        return
    last = min(head.as_of or head.period.last, head.period.last)
    told = {
        "station": head.unit,
        "period": head.period.code,
        "first": head.period.first.isoformat(),
        "last": last.isoformat(),
    }
    for key, value in told.items():
        yield None, key, Cell(value, f"basis_{key}"), *[None] * (1 + len(COLUMNS))
