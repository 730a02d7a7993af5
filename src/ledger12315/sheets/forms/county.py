"""The county's Attachment 6: by type, by station, 计算依据, and national entries.

Source: 三(五)7, 三(五)8, domain 6.6.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal
from itertools import product

from ledger12315.boxes.kinds import DAY
from ledger12315.boxes.reading import yuan
from ledger12315.renamed import in_year_words
from ledger12315.rules.county import (
    StationReturn,
    below_base,
    county_sum,
    late_stations,
    unlike_formulas,
)
from ledger12315.rules.measures import ATTACHMENT6, MEASURES, TOTAL, Figures
from ledger12315.rules.periods import ReturnDates
from ledger12315.rules.rates import Rate, rates_by
from ledger12315.rules.reported import STATION_FORM, Carried, Correction
from ledger12315.sheets.forms import attachment6, notes
from ledger12315.sheets.forms.attachment6 import ROWS, SEPARATOR, in_form_unit
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
)

_HUNDREDTH = Decimal("0.01")
"""Forms print amounts to 0.01 万元."""
_ENTRIES = """
    序号        4  place
    项目        28 name left
    计量单位    5  unit
"""


def county(
    unit: str,
    returns: Sequence[StationReturn],
    carried: Carried | None,
    dates: ReturnDates | None,
    missing: list[str] | None,
    settings: Mapping[str, str],
) -> Iterator[FormSheet]:
    """Yield the county's sheets, one of them with corrections of earlier returns, if any.

    `missing` names the stations without a workbook; None if the stations are not known.
    """
    head, figures = county_head(unit, returns, settings, carried), county_sum(returns)
    form, basis, *corrected = attachment6.attachment6(head, figures)
    yield replace(form, notes=tuple(_county_notes(head, figures, returns, dates, missing)))
    yield _columns_by_station(form, returns, figures, head.settings, missing or ())
    yield from corrected
    added = {
        "stations": str(len(returns)),
        "names": SEPARATOR.join(each.station for each in returns),
        "keys": SEPARATOR.join(each.key for each in returns),
    }
    rows = (attachment6.county_basis_row(*fact) for fact in added.items())
    yield replace(basis, rows=(*basis.rows, *rows))
    yield _entry_sheet(form, missing or (), carried.of_chain(head.period.code) if carried else ())


def county_head(
    unit: str,
    returns: Sequence[StationReturn],
    settings: Mapping[str, str],
    carried: Carried | None = None,
) -> Head:
    """Return the head of a county's form: its name, its period and its figures' last day."""
    lead = max(returns, key=lambda each: each.last)
    annual = "calendar" if lead.period.first.month == 1 else "statistical"
    return Head(
        unit,
        lead.period,
        min(lead.last, lead.period.last),
        None,
        {**settings, "annual_period": annual},
        carried=carried,
        schema=min(each.schema for each in returns),
        provisional=any(each.provisional for each in returns),
    )


def _county_notes(
    head: Head,
    figures: Figures,
    returns: Sequence[StationReturn],
    dates: ReturnDates | None,
    missing: list[str] | None,
) -> Iterator[str]:
    yield from notes.rate_notes(figures, attachment6.rates_of(head))
    if unlike := unlike_formulas(head.settings, returns):
        yield notes.missing_note("比率公式与上列不同，分单位表仍按其公式计算的单位", unlike)
    if dates is not None:
        yield notes.due_dates_note(dates, of_points=False)
        if late := late_stations(returns, dates.station):
            names = [f"{name}（{DAY.printed(day)}）" for name, day in late]
            yield notes.missing_note("逾期报送单位", names)
    yield (
        f"由{len(returns)}份附件6的计算依据相加而成，各份见第二张表；"
        "百分率按合计重新计算，未报服务点见各份，上期更正为各份之和。"
    )
    yield from notes.basis_notes(head)
    yield from carried_notes(head, STATION_FORM)
    if missing is None:
        yield "未提供应报名单，未列未报单位，示范服务点数未与方案三(五)8的要求比较。"
    else:
        yield notes.missing_note("未报单位", missing)
    yield from notes.type_change_note(figures)
    yield from notes.unstated_note(figures["recovered_unstated"][TOTAL])
    # While a station is missing, its demonstration points are not known.
    for name, kept, base in below_base(figures, head.settings) if missing == [] else ():
        yield f"{name}服务点{kept}个，少于方案三(五)8要求保留的{base}个。"
    yield from notes.ground_notes(head, ATTACHMENT6)


def _columns_by_station(
    form: FormSheet,
    returns: Sequence[StationReturn],
    figures: Figures,
    settings: Mapping[str, str],
    missing: Sequence[str],
) -> FormSheet:
    stations = [
        _station_line(each.station, each.figures, rates_by({**settings, **each.settings}))
        for each in returns
    ]
    stations += [[name, "未报", *[None] * (len(ATTACHMENT6) - 1)] for name in missing]
    return replace(
        form,
        name="附件6分所",
        title=f"{form.title}（分单位）",
        columns=(FormColumn("单位", 20), *form.columns[1:]),
        rows=(*stations, _station_line("合计", figures, rates_by(settings), bold=True)),
        notes=(),
    )


def _station_line(name: str, figures: Figures, by: Sequence[Rate], bold: bool = False) -> FormRow:
    _, *cells = attachment6.line_of_type(TOTAL, figures, by)
    return [Cell(value, bold=bold) for value in (name, *(cell.value for cell in cells))]


def _entry_sheet(
    form: FormSheet, missing: Sequence[str], corrections: Sequence[Correction]
) -> FormSheet:
    """Return the columns of Attachment 6 as rows, for typing them in type by type.

    Below them are the corrections of entries for earlier periods.
    """
    lacking = notes.missing_note("本表未含以下单位，补齐后再录入", missing)
    rows = [[cell_of(cell).value for cell in row] for row in form.rows]
    _, *lines = zip(*rows, strict=True)
    headings = [in_year_words(column.heading) for column in form.columns[1:]]
    asked = [
        (heading, _unit_of_measure(key), *line)
        for key, heading, line in zip(ATTACHMENT6, headings, lines, strict=True)
    ]
    changed = [*_entries_to_change(dict(zip(ATTACHMENT6, headings, strict=True)), corrections)]
    return FormSheet(
        name="系统录入",
        title=f"12315“五进”名录管理系统录入表{'（未齐）' if missing else ''}",
        left=form.left,
        right=form.right,
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


_HOW_TO_CHANGE = (
    "更正各行改系统中以前各期的已录入数：有“改为”的，前为已录入数，后为应录入数；"
    "只有增减数的，在已录入数上加减，百分率随之重新计算。"
)


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
    """Return the new value to type, or the difference if the old value is unknown.

    None means no change, for example if an amount is the same after rounding.
    """
    if each is None:
        return None
    if each.told is None and each.now is None:
        return f"{in_form_unit(each.key, each.difference or 0):+}"
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
