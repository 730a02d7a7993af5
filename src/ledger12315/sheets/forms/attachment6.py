"""附件6: a station's points and their work, by type; on a second sheet the figures in 分.

Source: 三(五)7.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal

from ledger12315.boxes.kinds import DAY
from ledger12315.boxes.reading import FEN_PER_WAN
from ledger12315.renamed import in_year_words
from ledger12315.rules.measures import (
    ATTACHMENT6,
    COLUMNS,
    HEADINGS_OF_6,
    MEASURES,
    STATION_FORM,
    TOTAL,
    Figures,
)
from ledger12315.rules.rates import RATES, Rate, rates
from ledger12315.rules.reported import Carried, Stamp
from ledger12315.sheets.forms import corrections, notes
from ledger12315.sheets.forms.spec import (
    SIGNED,
    Cell,
    CellValue,
    FormColumn,
    FormRow,
    FormSheet,
    Head,
    declared_columns,
    figure_cells,
    join_parts,
    title_and_head,
    type_columns,
)
from ledger12315.words import TYPES

_TITLE_OF_6 = "12315“五进”工作情况统计表"
_RATES_BY_KEY = {rate.key: rate for rate in RATES}
ROWS = {
    **{code: word.zh if code == "other" else f"进{word.zh}" for code, word in TYPES.items()},
    TOTAL: "合计",
}
_BASIS = """
    代码        9  code
    标识        19 key left
    指标        20 name left
    计量单位    5  unit
"""
# The facts in 计算依据 besides figures.
_BASIS_LABELS = {
    "station": "填报单位",
    "key": "填报单位标识",
    "period": "报告期",
    "first": "起始日期",
    "last": "截至日期",
    "schema": "台账版本",
    "county": "县局",
    "moment": "报送时刻",
    "act": "操作序号",
    "head": "制表时校验值",
    "before": "上期报表校验值",
    "replaces": "所代替报表校验值",
    "provisional": "暂定数",
}


def attachment6(head: Head, figures: Figures) -> tuple[FormSheet, ...]:
    """Return the form, 计算依据 and the corrections.

    Defined names are `A6_<key>_<type>` and `basis_<key>_<column>`.
    """
    sheet = FormSheet(
        **title_and_head("附件6", head.unit, f"报告期：{head.period.title}"),
        title=_TITLE_OF_6,
        columns=(FormColumn("类型", 7), *map(_figure_column, ATTACHMENT6)),
        rows=tuple(line_of_type(column, figures, head.rates) for column in ROWS),
        signatures=((*SIGNED[0][:-1], f"{SIGNED[0][-1]}{join_parts(head.made)}"),),
        notes=tuple(_attachment6_notes(head, figures)),
        about=tuple(notes.about_the_ledger(head)),
        landscape=True,
        row_height=26,
    )
    return sheet, _basis(head, figures), *corrections.correction_sheets(head, sheet, STATION_FORM)


def _figure_column(key: str) -> FormColumn:
    if key in _RATES_BY_KEY:
        name = _RATES_BY_KEY[key].name
        return FormColumn(name, max(10, 2 * len(name)))
    measure = MEASURES[key]
    heading = HEADINGS_OF_6.get(key, measure.name)
    return FormColumn(f"{heading}（万元）", 8) if measure.money else FormColumn(heading, 5)


def line_of_type(
    column: str, figures: Figures, by: Sequence[Rate], keys: Sequence[str] = ATTACHMENT6
) -> tuple[Cell, ...]:
    """Return the line of one type, or of 合计, with these columns of the form."""
    shown: dict[str, CellValue] = {
        each.rate.key: notes.percent(each) for each in rates(figures, column, by)
    }
    shown |= {key: in_form_unit(key, figures[key][column]) for key in keys if key in MEASURES}
    bold = column == TOTAL
    cells = (Cell(shown[key], f"A6_{key}_{column}", bold) for key in keys)
    return Cell(ROWS[column], bold=bold), *cells


def in_form_unit(key: str, figure: int) -> int | Decimal:
    """Return a measure's figure in the form's unit: money in 万元."""
    return Decimal(figure) / FEN_PER_WAN if MEASURES[key].money else figure


def _attachment6_notes(head: Head, figures: Figures) -> Iterator[str]:
    if head.made and head.withdrawn:
        day, back = map(DAY.printed, head.withdrawn[-1])
        yield f"重报：代替{day}报送、{back}退回的附件6。"
    yield from notes.rate_notes(figures, rates_of(head))
    if head.dates is not None:
        yield notes.due_dates_note(head.dates, of_points=not head.period.is_annual)
        if head.period.is_annual:
            yield in_year_words("年报由工商所报送，应报、实报服务点为年内各季度之和。")
        if head.missing is None:
            yield "台账中尚未登记各服务点的报表，实报服务点按0填报。"
        else:
            yield notes.missing_note("未报服务点", head.missing)
    elif head.period.is_year:
        yield "应报、实报服务点为年内各季度之和。"
    else:
        yield "本期不是报送期，应报、实报服务点两栏不作报送依据。"
    if head.late:
        yield notes.missing_note("逾期报送服务点", head.late)
    yield from notes.type_change_note(figures)
    yield from notes.unstated_note(figures["recovered_unstated"][TOTAL])
    yield from notes.basis_notes(head)
    yield from corrections.carried_notes(head, STATION_FORM)
    parts = ("received", "closed", "settled", "disputed", "recovered")
    yield from corrections.part_notes(head, figures, parts)
    yield from notes.ground_notes(head, ATTACHMENT6)


def _basis(head: Head, figures: Figures) -> FormSheet:
    return FormSheet(
        **title_and_head("附件6", head.unit, f"报告期：{head.period.title}")
        | {"name": "计算依据"},
        title=f"{_TITLE_OF_6}计算依据",
        columns=tuple(
            column._replace(hidden=column.key == "key")
            for column in (*declared_columns(_BASIS), *type_columns(9, 7))
        ),
        rows=(
            *(basis_row(key, map(figures[key].__getitem__, COLUMNS)) for key in MEASURES),
            *_basis_head(head),
            *_basis_corrections(head.carried),
        ),
        notes=(
            "金额单位为分。上级汇总以本表相加，不以百分率或万元数相加。",
            "合计的本期新设、本期撤销不含类型变更。",
            "标识以报告期起头的各行为上期更正数。",
            *notes.about_the_ledger(head),
        ),
        landscape=True,
        row_height=16,
        hidden=True,
    )


def basis_row(key: str, values: Iterable[int], corrects: str = "") -> FormRow:
    """Return the row of 计算依据 for a measure, or for its correction in an earlier period."""
    measure, of = MEASURES[key], f"{corrects} " * bool(corrects)
    unit = "分" if measure.money else measure.unit
    name = "_".join(filter(None, ("basis", corrects, key)))
    return (
        measure.code,
        f"{of}{key}",
        f"{of}{in_year_words(measure.name)}",
        unit,
        *figure_cells(name, values),
    )


def _basis_head(head: Head) -> Iterator[FormRow]:
    """Yield the rows with the station and the days, unless the figures are a point's."""
    if head.of_point:
        return
    values = {
        "station": head.unit,
        "period": head.period.code,
        "first": head.period.first.isoformat(),
        "last": min(head.last, head.period.last).isoformat(),
        "schema": str(head.schema),
        "key": head.key,
        "county": head.county,
        **_basis_stamp(head.stamp),
        "provisional": "是" * head.provisional,
        **{f"rate_{rate.key}": rate.formula for rate in rates_of(head)},
    }
    for key, value in values.items():
        if value:
            yield county_basis_row(key, value)


def _basis_stamp(stamp: Stamp | None) -> Mapping[str, str]:
    """Return what a submitted return states of itself, as text."""
    if not stamp:
        return {}
    return {key: str(value) for key, value in stamp._asdict().items()} | {
        "moment": stamp.moment.isoformat()
    }


def _basis_corrections(carried: Carried | None) -> Iterator[FormRow]:
    """Yield the correction of each measure of an earlier period, for the county's sum."""
    differences: dict[tuple[str, str], dict[str, int]] = {}
    for each in carried.corrections if carried else ():
        if each.key in MEASURES and each.difference:
            row_ = differences.setdefault((each.period, each.key), dict.fromkeys(COLUMNS, 0))
            row_[each.type] = each.difference
    for (period, key), by_column in differences.items():
        yield basis_row(key, by_column.values(), period)


def rates_of(head: Head) -> list[Rate]:
    """Return the rates on the form."""
    return [rate for rate in head.rates if rate.key in ATTACHMENT6]


def county_basis_row(key: str, value: str) -> FormRow:
    """Return a row of 计算依据 with one fact for the county."""
    label = _BASIS_LABELS.get(key) or f"{_RATES_BY_KEY[key.removeprefix('rate_')].name}公式"
    return label, key, Cell(value, f"basis_{key}"), *[None] * (1 + len(COLUMNS))
