"""上期更正 on paper: the sheet with each corrected cell, and the notes on it."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from itertools import groupby

from ledger12315.boxes.kinds import DAY
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
from ledger12315.rules.rates import FIGURE_WORDS
from ledger12315.rules.reported import (
    CELLS,
    OPENINGS,
    Cause,
    Correction,
    StationPart,
    Tie,
    chain_of,
    in_unit,
)
from ledger12315.sheets.forms.spec import (
    DASH,
    Cell,
    CellValue,
    FormSheet,
    Head,
    decimal_yuan,
    declared_columns,
    join_parts,
    table_rows,
)
from ledger12315.words import CASES, CAUSES

_COLUMNS = declared_columns("""
    报告期      9  period
    指标        26 name left
    类型        6  type
    单位        5  unit
    已报数      12 told
    更正数      16 difference
    更正后      12 now
    更正日期    15 day
    更正方式    10 how
    涉及登记    34 cases left
""")
_OF_COUNTY = (
    *_COLUMNS[:-3],
    _COLUMNS[-1]._replace(heading="涉及单位（收到日期，材料）", width=59),
)


def carried_notes(head: Head, number: int) -> Iterator[str]:
    """Yield each opening on the form = the end told + correction, and how much is corrected."""
    if head.carried is None:
        return
    keys, carried = CELLS[number], head.carried
    for opening, by_column in carried.ties.items():
        if opening in keys:
            end = MEASURES[OPENINGS[opening]].name
            sums = _opening_sum(by_column)
            yield f"{MEASURES[opening].name}={carried.previous}已报{end}+上期更正：{sums}。"
    if carried.joined:
        yield f"上列期初另有上期未汇总的单位：{_named_totals(carried.joined)}。"
    if carried.absent:
        yield f"上列期末另有本期未汇总的单位：{_named_totals(carried.absent)}。"
    if lines := [line for line in carried.corrections if line.key in keys]:
        yield f"上期更正{len(lines)}项，见上期更正表。"


def _named_totals(of: Iterable[tuple[str, Mapping[str, int]]]) -> str:
    """Return units with the totals of some measures."""
    each = (
        f"{name}（{'、'.join(f'{MEASURES[key].name}{total}' for key, total in totals.items())}）"
        for name, totals in of
    )
    return "、".join(each)


def _opening_sum(by_column: Tie) -> str:
    """Return an opening's sum, for 合计 and corrected columns."""
    return "、".join(
        f"{COLUMNS[column].zh}{told}{correction:+}={opening}"
        for column, (told, correction, opening) in by_column.items()
        if correction or column == TOTAL
    )


def correction_sheets(head: Head, sheet: FormSheet, number: int) -> Iterator[FormSheet]:
    """Yield a form's sheet 上期更正, with each corrected cell, if any."""
    corrections = head.carried.corrections if head.carried else ()
    lines = [line for line in corrections if line.key in CELLS[number]]
    if not lines:
        return
    columns = _OF_COUNTY if any(line.stations for line in lines) else _COLUMNS
    rows = (row for line in lines for row in _rows_of_correction(line, number))
    yield replace(
        sheet,
        name="上期更正",
        title="上期更正表",
        columns=columns,
        rows=tuple(table_rows(columns, rows)),
        notes=tuple(_notes_on_sheet(head, lines)),
        landscape=True,
        row_height=16,
    )


def _notes_on_sheet(head: Head, lines: Sequence[Correction]) -> Iterator[str]:
    own = chain_of(head.period.code)
    if others := dict.fromkeys(each.period for each in lines if chain_of(each.period) != own):
        yield (
            f"{'、'.join(others)}各行是年内季度的更正，由下一份季报上报，以季报登记为准，"
            "不得据本表重复登记。"
        )
    if any(each.difference == 0 for each in lines):
        yield "更正数为0的各行，增减相抵，所列各笔都是更正。"


def _rows_of_correction(each: Correction, number: int) -> Iterator[Mapping[str, Cell | CellValue]]:
    """Yield a row of the cell for each day and way of correcting; the first has the figures."""
    first: dict[str, Cell | CellValue] = {
        "period": each.period,
        "name": _name_on_form(each.key, number),
        "type": COLUMNS[each.type].zh,
        "unit": MEASURES[each.key].unit if each.key in MEASURES else "%",
        "told": _figure(each.key, each.told),
        "difference": _difference(each),
        "now": _figure(each.key, each.now),
    }
    if not each.causes:
        names = (_part_on_paper(each.key, one) for one in each.stations)
        lines = _in_lines(names, _OF_COUNTY[-1].width)
        yield first | {"how": CAUSES["calendar"].zh, "cases": lines}
    alike = groupby(sorted(each.causes, key=_day_and_way), key=_day_and_way)
    for (day, how), causes in alike:
        cases = _in_lines(_cause_on_paper(cause, each) for cause in causes)
        on = date.fromisoformat(day) if day else None
        yield first | {"day": on, "how": CAUSES[how].zh, "cases": cases}
        first = {}


def _day_and_way(cause: Cause) -> tuple[str, str]:
    return str(cause.day or ""), cause.how


def _part_on_paper(key: str, part: StationPart) -> str:
    """Return a station's part in a correction, the day it came and the hand-in."""
    shown = f"{part.station} {signed_figure(key, part.difference)}"
    return f"{shown}（{DAY.printed(part.day)}，{part.brought_by}）" if part.day else shown


def _in_lines(names: Iterable[str], width: int = _COLUMNS[-1].width) -> str:
    """Return names in lines of the column's width; none is broken between two."""
    lines = [""]
    for name in names:
        more = f"{lines[-1]}、{name}" if lines[-1] else name
        if lines[-1] and _width(more) > width - 2:
            lines[-1] += "、"
            lines.append(name)
        else:
            lines[-1] = more
    return "\n".join(lines)


def _width(text: str) -> int:
    return len(text) + sum(not each.isascii() for each in text)


def _cause_on_paper(cause: Cause, of: Correction) -> str:
    """Return a case, with what it adds if the cell has several."""
    name = cause.number or join_parts(
        cause.point, f"{join_parts(cause.date)}{CASES[cause.kind].zh}"
    )
    several = len(of.causes) > 1 and cause.value
    return f"{name} {signed_figure(of.key, cause.value)}" if several else name


def _name_on_form(key: str, number: int) -> str:
    """Return the name of a measure or rate; with both names if the two forms differ."""
    name = in_year_words(FIGURE_WORDS[key].zh)
    heading = HEADINGS_OF_6.get(key)
    if number != STATION_FORM or not heading or key not in ATTACHMENT6 or not MEASURES[key].code:
        return name
    return f"{in_year_words(heading.removeprefix('其中'))}（附件3：{name}）"


def _figure(key: str, figure: int | None) -> CellValue:
    """Return a measure's figure, or a rate in %, as a number."""
    if figure is None:
        return "" if key in MEASURES else DASH
    is_count = key in MEASURES and not MEASURES[key].money
    return figure if is_count else decimal_yuan(figure)


def _difference(each: Correction) -> Cell:
    """Return a cell's difference with its sign; of a rate in 个百分点."""
    if each.difference is None:
        return Cell(DASH)
    look = "signed" if each.key in MEASURES else "points"
    money = each.key in MEASURES and MEASURES[each.key].money
    return Cell(_figure(each.key, each.difference), look=f"{look} money" if money else look)


def part_notes(head: Head, figures: Figures, keys: Collection[str]) -> Iterator[str]:
    """Yield the sum of an annual return's parts, each quarter with its correction."""
    if not head.parts:
        return
    lines = head.carried.corrections if head.carried else ()
    own = chain_of(head.period.code)
    within = [each for each in lines if chain_of(each.period) != own]
    changed = {(each.period, each.key): each for each in within if each.type == TOTAL}
    sums = []
    for key in keys:
        parts = "+".join(
            printed_figure(key, part[key][TOTAL]) + _as_told(changed.get((period.code, key)))
            for period, part in head.parts
        )
        whole = printed_figure(key, figures[key][TOTAL])
        sums.append(f"{in_year_words(MEASURES[key].name)}{parts}={whole}")
    names = "+".join(period.title for period, _ in head.parts)
    yield f"全年构成：{names}=全年；{'；'.join(sums)}。"
    if within:
        quarters = "、".join(dict.fromkeys(each.period for each in within))
        yield f"{quarters}与已报数不同的各项见上期更正表，未注明的与已报数相同。"


def _as_told(each: Correction | None) -> str:
    """Return a part's told figure and its correction, if there is one."""
    if each is None or not each.difference:
        return ""
    told = printed_figure(each.key, each.told)
    return f"（已报数{told}，更正数{signed_figure(each.key, each.difference)}）"


def printed_figure(key: str, figure: int | None) -> str:
    """Return a measure's figure, or a rate, as text."""
    if figure is None:
        return "" if key in MEASURES else DASH
    return f"{in_unit(key, figure)}{'' if key in MEASURES else '%'}"


def signed_figure(key: str, figure: int) -> str:
    """Return a difference as text with its sign."""
    return f"{'+' * (figure > 0)}{printed_figure(key, figure)}"
