"""The county's Attachment 6: by type, by station, 计算依据, and national entries.

Source: 三(五)7, 三(五)8.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from itertools import product

from ledger12315.boxes.kinds import DAY
from ledger12315.boxes.reading import yuan
from ledger12315.renamed import in_year_words
from ledger12315.rules.county import CountyForm, CountyReturn, below_base, unlike_formulas
from ledger12315.rules.hand_ins import NOTHING_TOLD, cell_differences, reporting_of
from ledger12315.rules.measures import (
    ATTACHMENT6,
    COLUMNS,
    MEASURES,
    STATION_FORM,
    TOTAL,
    Figures,
)
from ledger12315.rules.rates import Rate, rates_by
from ledger12315.rules.reported import NO_STAMP, Correction
from ledger12315.sheets.forms import attachment6, notes
from ledger12315.sheets.forms.attachment6 import ROWS, in_form_unit
from ledger12315.sheets.forms.corrections import carried_notes
from ledger12315.sheets.forms.spec import (
    DASH,
    Cell,
    CellValue,
    FormColumn,
    FormRow,
    FormSheet,
    Head,
    cell_of,
    declared_columns,
    type_columns,
)

_HUNDREDTH = Decimal("0.01")
"""Forms print amounts to 0.01 万元."""
TOLD_BY_STATION = "分所依据"
"""The hidden sheet with what a form tells of each station."""
_TOLD = """
    报告期 9  period
    标识   34 key left
    单位   30 name left
    指标   20 measure left
"""
_ENTRIES = """
    序号        4  place
    项目        28 name left
    计量单位    5  unit
"""


def county(own: CountyReturn) -> Iterator[FormSheet]:
    """Yield the county's sheets, one of them with corrections of earlier returns, if any."""
    head, figures = county_head(own), own.total
    sheet, basis, *corrected = attachment6.attachment6(head, figures)
    yield replace(sheet, notes=tuple(_county_notes(head, own)))
    yield _columns_by_station(sheet, own)
    yield from corrected
    yield basis
    yield _told_sheet(basis, own.form)
    yield entry_sheet(own)


def county_head(own: CountyReturn) -> Head:
    """Return the head of a county's form."""
    form = own.form
    annual = "calendar" if form.period.first.month == 1 else "statistical"
    sent = [each.hand_in.sent for each in own.counted if each.hand_in]
    return Head(
        form.county,
        form.period,
        None,
        None,
        {**form.settings, "annual_period": annual},
        carried=own.carried,
        stamp=None if form.stamp == NO_STAMP else form.stamp,
        key=own.key,
        schema=min((each.schema for each in sent), default=1),
        provisional=any(each.provisional for each in sent),
    )


def _county_notes(head: Head, own: CountyReturn) -> Iterator[str]:
    figures, counted = own.total, own.counted
    yield from notes.rate_notes(figures, attachment6.rates_of(head))
    sent = [each.hand_in.sent for each in counted if each.hand_in]
    for rate, stations in unlike_formulas(head.settings, sent).items():
        other = f"分单位表按{rate.name}={rate.formula}计算、与上列公式不同的单位"
        yield notes.missing_note(other, stations)
    yield from _reporting_notes(own)
    yield from carried_notes(head, STATION_FORM)
    yield from notes.type_change_note(figures)
    yield from notes.unstated_note(figures["recovered_unstated"][TOTAL])
    # While a station is missing, its demonstration points are not known.
    whole = own.expected is not None and not own.missing
    for name, kept, base in below_base(figures, head.settings) if whole else ():
        yield f"{name}服务点{kept}个，少于方案三(五)8要求保留的{base}个。"
    yield from notes.ground_notes(head, ATTACHMENT6)


def _reporting_notes(own: CountyReturn) -> Iterator[str]:
    """Yield who reported, late or of fewer days, and who did not."""
    came = [(each, each.hand_in) for each in own.counted if each.hand_in]
    if own.dates:
        yield notes.due_dates_note(own.dates, of_points=False)
    late = {each.name: one.stamp.moment.date() for each, one in came if each.state == "late"}
    if late:
        yield notes.missing_note("逾期报送单位", _dated(late))
    last = own.form.period.last
    if earlier := {each.name: one.last for each, one in came if one.last != last}:
        yield notes.missing_note("数据截止较早的单位", _dated(earlier))
    yield f"由{len(came)}个单位报送的计算依据相加而成，各单位见第二张表；百分率按合计重新计算。"
    if own.expected is None:
        yield "没有载入单位名录，未列未报单位，示范服务点数未与方案三(五)8的要求比较。"
        return
    reporting = reporting_of(own.members, own.expected)
    share, timely = reporting.shares
    yield (
        f"应报单位{own.expected}个，实报{reporting.counted}个，上报率{share}%；"
        f"按时{reporting.counted - reporting.late}个，按时率{timely}%。"
    )
    yield notes.missing_note("未报单位", own.missing)


def _dated(days: Mapping[str, date]) -> list[str]:
    return [f"{name}（{DAY.printed(day)}）" for name, day in days.items()]


def _columns_by_station(sheet: FormSheet, own: CountyReturn) -> FormSheet:
    settings, counted = own.form.settings, {each.key: each for each in own.counted}
    stations = []
    for key, figures in own.form.figures.items():
        member = counted.get(key)
        stated = member.hand_in.sent.settings if member and member.hand_in else {}
        name = own.form.names[key] if member else f"{own.form.names[key]}（已撤销）"
        stations.append(_station_line(name, figures, rates_by({**settings, **stated})))
    stations += [[name, "未报", *[None] * (len(ATTACHMENT6) - 1)] for name in own.missing]
    return replace(
        sheet,
        name="附件6分所",
        title=f"{sheet.title}（分单位）",
        columns=(FormColumn("单位", 30, "left"), *sheet.columns[1:]),
        rows=(*stations, _station_line("合计", own.total, rates_by(settings), bold=True)),
        notes=(),
        row_height=18,
    )


def _station_line(name: str, figures: Figures, by: Sequence[Rate], bold: bool = False) -> FormRow:
    _, *cells = attachment6.line_of_type(TOTAL, figures, by)
    return [Cell(value, bold=bold) for value in (name, *(cell.value for cell in cells))]


def _told_sheet(basis: FormSheet, form: CountyForm) -> FormSheet:
    """Return what the form tells of each station, by which a lost store is made again.

    A station without any figure has a row of 0.
    """
    cells = {
        form.period.code: {
            key: cell_differences(NOTHING_TOLD, each) for key, each in form.figures.items()
        },
        **form.carried,
    }
    rows: list[FormRow] = [
        [code, key, form.names.get(key, key), measure]
        + [told.get((measure, column), 0) for column in COLUMNS]
        for code, stations in cells.items()
        for key, told in stations.items()
        for measure in dict.fromkeys([measure for measure, _ in told] or ["received"])
    ]
    rows += [
        [form.period.code, key, form.names.get(key, key), digest, *[None] * len(COLUMNS)]
        for key, digest in form.lists.items()
    ]
    columns = (*declared_columns(_TOLD), *type_columns(10, 10))
    return replace(
        basis,
        name=TOLD_BY_STATION,
        title="分单位计算依据",
        columns=columns,
        rows=tuple(rows),
        notes=(
            "金额单位为分。报告期早于本表的各行为上期更正数。没有数的各行是附件5所依据的材料。",
        ),
    )


def entry_sheet(own: CountyReturn) -> FormSheet:
    """Return the columns of Attachment 6 as rows, for typing them in type by type.

    Below them are the corrections of entries for earlier periods.
    """
    sheet, *_ = attachment6.attachment6(county_head(own), own.total)
    missing = own.missing
    lacking = notes.missing_note("本表未含以下单位，其数以后作为更正录入", missing)
    rows = [[cell_of(cell).value for cell in row] for row in sheet.rows]
    _, *lines = zip(*rows, strict=True)
    headings = [in_year_words(column.heading) for column in sheet.columns[1:]]
    asked = [
        (heading, _unit_of_measure(key), *line)
        for key, heading, line in zip(ATTACHMENT6, headings, lines, strict=True)
    ]
    changed = [*_entries_to_change(dict(zip(ATTACHMENT6, headings, strict=True)), own.lines)]
    return FormSheet(
        name="系统录入",
        title=f"12315“五进”名录管理系统录入表{'（未齐）' if missing else ''}",
        left=sheet.left,
        right=sheet.right,
        columns=(
            *declared_columns(_ENTRIES),
            *(FormColumn(name, 9, "right") for name in ROWS.values()),
            FormColumn("已录入", 8),
        ),
        rows=tuple((number, *row, None) for number, row in enumerate([*asked, *changed], 1)),
        signatures=(("录入人：", "复核人：", "录入日期："),),
        notes=(
            *([lacking] if missing else ()),
            "方案三(五)7规定由县局12315服务台将附件6录入"
            "《全国“一会两站”和12315五进名录管理系统》，未列明系统的栏目。",
            "录入顺序按附件6：逐类自左至右，每类自上而下；"
            "系统自行合计、自行计算百分率的，用于核对。",
            *([_HOW_TO_CHANGE] if changed else ()),
        ),
        fits="width" if changed else "page",
        row_height=18 if changed else 22,
    )


_HOW_TO_CHANGE = "更正各行改系统中以前各期的已录入数：前为已录入数，后为应录入数。"


def _entries_to_change(
    headings: Mapping[str, str], corrections: Sequence[Correction]
) -> Iterator[Sequence[CellValue]]:
    """Yield a row for each corrected column of an earlier Attachment 6."""
    cells = {(each.period, each.key, each.type): each for each in corrections}
    periods = dict.fromkeys(each.period for each in corrections)
    for period, key in product(periods, ATTACHMENT6):
        changed = [_entry_change(cells.get((period, key, column))) for column in ROWS]
        if any(changed):
            yield f"更正{period}：{headings[key]}", _unit_of_measure(key), *changed


_SHORT_CHANGE = 6
"""The most figures of a change in one line."""


def _entry_change(each: Correction | None) -> str | None:
    """Return the typed value and the one to type.

    None means no change, for example if an amount is the same after rounding.
    """
    if each is None:
        return None
    was, is_ = (_entry_figure(each.key, figure) for figure in (each.told, each.now))
    parted = "\n" * (len(was + is_) > _SHORT_CHANGE)
    return f"{was}{parted}改为{is_}" if was != is_ else None


def _entry_figure(key: str, figure: int | None) -> str:
    """Return a figure of Attachment 6 for the directory, as the form prints it."""
    if figure is None:
        return DASH
    if key not in MEASURES:
        return yuan(figure)
    shown = in_form_unit(key, figure)
    return str(shown.quantize(_HUNDREDTH, ROUND_HALF_UP) if isinstance(shown, Decimal) else shown)


def _unit_of_measure(key: str) -> str:
    if key not in MEASURES:
        return "%"
    return "万元" if MEASURES[key].money else MEASURES[key].unit
