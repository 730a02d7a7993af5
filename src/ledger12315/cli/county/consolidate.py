"""`county` 县局: stations' Attachment 6 workbooks added into the county's; it needs no ledger."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from ledger12315.boxes import Box, Filled, Option
from ledger12315.boxes.kinds import LINE, PATH, PATHS
from ledger12315.cli.command import command
from ledger12315.cli.county.files import read_by_period, read_sent_workbooks, workbook_files
from ledger12315.cli.county.store import county_settings, expected_names, station_due_dates
from ledger12315.cli.face.answers import Result
from ledger12315.cli.face.desk import Desk
from ledger12315.cli.face.figures import ShownForm, correction_in_units, unstated_amounts
from ledger12315.cli.face.files import write_whole
from ledger12315.cli.face.options import OUTPUT, TEMPLATE
from ledger12315.errors import Message, message
from ledger12315.locale import render
from ledger12315.renamed import call_as, year_of_names
from ledger12315.rules.county import (
    PointList,
    StationReturn,
    absent_names,
    below_base,
    county_sum,
    late_stations,
    unlike_formulas,
    with_stated_formulas,
)
from ledger12315.rules.county_reported import corrections_of_county
from ledger12315.rules.periods import ReturnDates, quarter_before
from ledger12315.rules.rates import rates_by
from ledger12315.rules.reported import Carried
from ledger12315.sheets import as_practice, with_year_headings, workbook
from ledger12315.words import PRACTICE

_FILES = Box(
    "file",
    "工作簿",
    PATHS,
    "stations' Attachments 5 and 6, or folders of them",
    required=True,
)
_DESK = "县局12315服务台"
_WORKBOOKS = _FILES._replace(
    help="Attachments 6 of stations or of the county, of one quarter or several, or folders"
)
_EXPECTED = Option(
    "expect",
    "应报",
    PATH,
    "a file with the names of all stations, one per line; missing ones are listed",
)
_COUNTY = Option(
    "county", "县", LINE, "the county that the form is for", default=_DESK, metavar="NAME"
)


@command(*(_FILES, OUTPUT, _EXPECTED, _COUNTY, TEMPLATE), arguments=1, flags="json")
def consolidate(desk: Desk, filled: Filled) -> Result:
    """Add the stations' Attachments 5 and 6 up into the county's."""
    county, output = filled.text("county"), filled.given("output", Path)
    _use_words(county)
    own, books = filled.given("template", Path), workbook_files(filled.paths("file"))
    returns, lists, earlier = read_sent_workbooks(books, desk.practises)
    form = own and _form_of_template(own, ["6"] * bool(returns) + ["5"] * bool(lists))
    expected = expected_names(filled.path("expect")) if "expect" in filled else None
    inputs = [desk.path, *books, *filter(None, [filled.given("expect", Path), own])]
    _use_words(county, lists)
    unit = f"{PRACTICE} {county}" if desk.practises else county
    own_list = own if form == "5" else None
    listed, replaced = _write_points(desk, inputs, lists, unit, expected, output, own_list)
    if not returns:
        return Result(listed, before=replaced)
    period, names = returns[0].period, [each.station for each in returns]
    missing = None if expected is None else absent_names(expected, names)
    chosen = with_stated_formulas(county_settings(desk, period.last), returns)
    dates = station_due_dates(desk, period, chosen) if period.owes_return else None
    _use_words(county, returns)
    before = corrections_of_county(returns, earlier)
    target = output or Path(desk.name_of_file(f"附件6_{period.code}_县局.xlsx"))
    if own and form == "6":
        content = _fill_figures(own, unit, returns, chosen, desk.today)
    else:
        facts = unit, returns, before, dates, missing, chosen
        content = workbook("county", *facts, practice=desk.practises)
    replaced += write_whole(target, content, *inputs)
    figures = county_sum(returns)
    form6 = ShownForm("6", figures, rates_by(chosen))
    added = message(
        "Stations added up: {count}; Attachment 6 is written: {path}",
        count=len(names),
        path=target,
    )
    remarks = _county_remarks(returns, expected, before, dates, chosen)
    notes = [added, *remarks, *unstated_amounts(figures), *listed]
    head = {"period": period.code, "stations": names, "missing": missing, "file": target}
    document = {**head, **form6.document(), "corrections": _correction_documents(before)}
    return Result((form6.table(desk),), document, before=replaced, notes=notes)


@command(_WORKBOOKS, OUTPUT, _COUNTY, arguments=1)
def report_county(desk: Desk, filled: Filled) -> Result:
    """Write a report of the county's quarter as one page, from stations' workbooks."""
    county = filled.text("county")
    _use_words(county)
    from ledger12315.cli.figures import sections

    books = workbook_files(filled.paths("file"))
    groups = read_by_period(books, desk.practises)
    periods = [group[0].period for group in groups]
    used = [
        with_stated_formulas(county_settings(desk, period.last), group)
        for period, group in zip(periods, groups, strict=True)
    ]
    stretches = [
        sections.PeriodFigures(period.code, county_sum(group), rates_by(settings))
        for period, group, settings in zip(periods, groups, used, strict=True)
    ]
    latest, period, stations = stretches[-1], periods[-1], groups[-1]
    _use_words(county, stations)
    before = stretches[-2] if quarter_before(period) in periods[-2:-1] else None
    parts = [sections.against_targets(latest, before), sections.balance(latest, before)]
    quarters = [each for each, of in zip(stretches, periods, strict=True) if of.is_quarter]
    if period.is_quarter and len(quarters) > 1:
        parts.append(sections.trend(quarters[-sections.QUARTERS :]))
    if not stations[0].summed:
        parts.append(sections.station_passage(stations, used[-1]))
    name = desk.name_of_file(f"季报_{period.code}_县局.html")
    target = filled.given("output", Path) or Path(name)
    added = [f"{group[0].period.code} {len(group)}" for group in groups if not group[0].summed]
    about = [county, *map(render, [sections.PRACTICE_NOTE] * desk.practises)]
    about.append(render(sections.days_line(period.first, stations[0].last)))
    about += [render(message("Stations added: {counts}", counts=added))] * bool(added)
    if unlike := unlike_formulas(used[-1], stations):
        about.append(render(_other_formulas(unlike)))
    shown = [each.section(desk) for each in parts]
    return sections.write_report(period, about, shown, target, desk.path, *books)


def _use_words(county: str, sent: Sequence[StationReturn | PointList] = ()) -> None:
    """Use the words of the offices from now on; those of the county's own ledger may differ."""
    call_as(year_of_names(county, *(each.station for each in sent)))


def _write_points(
    desk: Desk,
    inputs: list[Path],
    lists: list[PointList],
    county: str,
    expected: list[str] | None,
    output: Path | None,
    own: Path | None,
) -> tuple[list[Message], list[Message]]:
    """Write Attachment 5 next to the county's Attachment 6; return notes and replaced files."""
    from ledger12315.sheets.forms.attachment5 import county_points, days_in_name, last_day_listed
    from ledger12315.sheets.paper.draw import draw

    if not lists:
        return [], []
    name = desk.name_of_file(f"附件5_{days_in_name(lists[0].days)}_县局.xlsx")
    target = (output.parent if output else Path()) / name
    points = [point for each in lists for point in each.points]
    names = [each.station for each in lists]
    missing = absent_names(expected or names, names)
    sheets = county_points(county, lists[0].days, points, missing)
    form, directory = map(with_year_headings, sheets)
    if own:
        from ledger12315.sheets.paper.contents import BoxContent, head_texts
        from ledger12315.sheets.paper.fill import fill_template

        texts = head_texts(county, lists[0].days, last_day_listed(lists[0].days), desk.today)
        content = fill_template(own, "5", BoxContent([form], texts))
    else:
        drawn = [form, directory]
        content = draw(map(as_practice, drawn) if desk.practises else drawn)
    replaced = write_whole(target, content, *inputs, private=True)
    said = message(
        "Stations whose points are listed: {count}; Attachment 5 is written: {path}",
        count=len(lists),
        path=target,
    )
    lacking = [message("Missing in Attachment 5: {stations}", stations=missing)] if missing else []
    return [said, *lacking], replaced


def _form_of_template(template: Path, forms: list[str]) -> str:
    """Return the first of these forms that the workbook's words fit. Raises Unacceptable."""
    from ledger12315.sheets.paper.fill import fitting_forms

    fitting, _ = fitting_forms(template, forms)
    return fitting[0]


def _fill_figures(
    own: Path,
    county: str,
    returns: list[StationReturn],
    chosen: Mapping[str, str],
    today: date,
) -> bytes:
    from ledger12315.sheets.forms.county import county_head
    from ledger12315.sheets.paper.contents import FigureContent, head_texts
    from ledger12315.sheets.paper.fill import fill_template

    head = county_head(county, returns, chosen)
    texts = head_texts(county, head.period.title, head.last, today)
    return fill_template(own, "6", FigureContent(county_sum(returns), texts, head.rates))


def _county_remarks(
    returns: Sequence[StationReturn],
    expected: list[str] | None,
    before: Carried | None,
    dates: ReturnDates | None,
    chosen: Mapping[str, str],
) -> Iterator[Message]:
    """Yield missing, unknown and late stations, and levels with too few demonstration points."""
    names = [each.station for each in returns]
    if expected is None:
        yield message(
            "Without --expect it is not known which stations are missing, or whether "
            "demonstration points are too few."
        )
        if before and before.absent:
            yield message(
                "In the county's last sum and missing now: {stations}", stations=before.absent
            )
    elif missing := absent_names(expected, names):
        yield message("Missing: {stations}", stations=missing)
    if unknown := absent_names(names, names if expected is None else expected):
        yield message("Not among the expected: {stations}", stations=unknown)
    if unlike := unlike_formulas(chosen, returns):
        yield _other_formulas(unlike)
    for station, day in late_stations(returns, dates.station) if dates else ():
        yield message("{station} submitted late, on {day}.", station=station, day=day)
    # Points of a missing station still exist.
    if expected is None or absent_names(expected, names):
        return
    for name, count, base in below_base(county_sum(returns), chosen):
        yield message(
            "{name}: {count}, but at least {base} must be kept (三(五)8).",
            name=name,
            count=count,
            base=base,
        )


def _other_formulas(stations: Sequence[str]) -> Message:
    return message(
        "These stations state other formulas for the rates than the county's: {stations}",
        stations=stations,
    )


def _correction_documents(before: Carried | None) -> list[dict[str, Any]]:
    """Return the county's corrections for JSON; they name no cases."""
    rows = map(correction_in_units, before.corrections if before else ())
    return [{key: row[key] for key in row if key not in ("numbers", "causes")} for row in rows]
