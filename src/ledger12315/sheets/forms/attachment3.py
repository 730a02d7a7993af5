"""附件3: complaints that a point received and settled; also the station's sum.

Source: 三(四)4.
"""

from collections.abc import Iterator, Sequence

from ledger12315.renamed import in_year_words
from ledger12315.rules.measures import ATTACHMENT3, COLUMNS, POINT_FORM, TOTAL, Figures, Measure
from ledger12315.rules.rates import Rate, rates_by_column
from ledger12315.sheets.forms import corrections, notes
from ledger12315.sheets.forms.spec import (
    Cell,
    FormRow,
    FormSheet,
    Head,
    decimal_yuan,
    declared_columns,
    figure_cells,
    join_parts,
    title_and_head,
    type_columns,
)

_COLUMNS_OF_3 = """
    指标        22 name left
    代码        4  code
    计量单位    4  unit
"""


def attachment3(head: Head, figures: Figures) -> tuple[FormSheet, ...]:
    """Return the form and its corrections; names are `A3_<key>_<column>`."""
    liaison, phone = head.liaison
    sheet = FormSheet(
        **title_and_head("附件3", head.unit, f"报告期：{head.period.title}"),
        title="“消费维权服务点”受理和处理消费者投诉情况汇总表",
        columns=(*declared_columns(_COLUMNS_OF_3), *type_columns(12, 10)),
        rows=(
            *(_measure_row(measure, figures) for measure in ATTACHMENT3),
            *_rate_rows(figures, head.rates),
        ),
        signatures=(
            ("单位负责人（盖章）：", "审核人：", "填表人："),
            (f"联络员：{liaison}", f"联系电话：{phone}", f"填报日期：{join_parts(head.made)}"),
            (
                f"{in_year_words('工商所联系人')}：{head.officer}",
                f"收到日期：{join_parts(head.received)}",
                "",
            ),
        ),
        notes=tuple(_attachment3_notes(head, figures)),
        about=tuple(notes.about_the_ledger(head)),
        row_height=14,
    )
    return sheet, *corrections.correction_sheets(head, sheet, POINT_FORM)


def _measure_row(measure: Measure, figures: Figures) -> FormRow:
    row = (figures[measure.key][column] for column in COLUMNS)
    values = (decimal_yuan(figure) if measure.money else figure for figure in row)
    name = Cell(
        in_year_words(measure.name), look="part" if measure.name.startswith("其中") else ""
    )
    return name, measure.code, measure.unit, *figure_cells(f"A3_{measure.key}", values)


def _rate_rows(figures: Figures, by: Sequence[Rate]) -> Iterator[FormRow]:
    for row in rates_by_column(figures, by):
        rate, values = row[0].rate, map(notes.percent_and_sums, row)
        yield rate.name, None, "%", *figure_cells(f"A3_{rate.key}", values)


def _attachment3_notes(head: Head, figures: Figures) -> Iterator[str]:
    yield from notes.rate_notes(figures, head.rates)
    if head.dates is not None:
        yield notes.due_dates_note(head.dates, of_points=not head.period.is_annual)
    yield from notes.unstated_note(figures["recovered_unstated"][TOTAL])
    yield from notes.basis_notes(head)
    yield from corrections.carried_notes(head, POINT_FORM)
    yield from corrections.part_notes(head, figures, ("received", "closed"))
    yield from notes.ground_notes(head, [measure.key for measure in ATTACHMENT3])
