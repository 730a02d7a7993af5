"""`county submit`, `withdraw`, `export` and `report`: what the county tells. 三(五)7"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from ledger12315.boxes import Box, Filled, Option
from ledger12315.boxes.forms import REASON
from ledger12315.boxes.kinds import LINE
from ledger12315.boxes.worded import OneWord
from ledger12315.cli.command import command, given_or_asked
from ledger12315.cli.county.store import (
    INTERNAL,
    STATED_PERIOD,
    STORE,
    County,
    due_dates,
    expected_of,
    notes_on_cases,
    open_county,
    stations_line,
)
from ledger12315.cli.face.answers import Result, answer_of_change
from ledger12315.cli.face.desk import Desk
from ledger12315.cli.face.figures import formula_of
from ledger12315.cli.face.files import demand_suffix, readers_of, write_beside, write_whole
from ledger12315.cli.face.options import OUTPUT, TEMPLATE, YES
from ledger12315.county.doubts import doubts_of
from ledger12315.county.facts import export_facts
from ledger12315.county.records import form_document
from ledger12315.county.store import Kept, files_of, keep, transaction
from ledger12315.errors import Message, Refused, made_folder, message
from ledger12315.ledger.returns.received import main_figures
from ledger12315.locale import _, render
from ledger12315.renamed import call_as, year_of_names
from ledger12315.rules.county import (
    CountyBook,
    CountyForm,
    CountyReturn,
    unlike_formulas,
)
from ledger12315.rules.hand_ins import Member, sum_figures
from ledger12315.rules.periods import Period
from ledger12315.rules.rates import Rate, rates_by
from ledger12315.rules.reported import (
    NO_STAMP,
    Stamp,
    chain_of,
    demand_submittable,
    demand_withdrawable,
)
from ledger12315.sheets import with_year_headings, workbook, workbook_of
from ledger12315.sheets.forms.spec import FormSheet
from ledger12315.words import COUNTY_FORMS, PRACTICE

if TYPE_CHECKING:
    from ledger12315.cli.figures.sections import PeriodFigures

_FOLDER = OUTPUT._replace(metavar="FOLDER", help="the folder for the forms [the current folder]")
_COUNTY = Option("county", "县", LINE, "the county [the one the hand-ins state]", metavar="NAME")
_WHAT = Box("what", "表", OneWord(COUNTY_FORMS), "the form", required=True, metavar="FORM")
_TARGET = Box(
    "target", "报告期", LINE, "a period; for facts a folder", required=True, metavar="PERIOD"
)


@command(STATED_PERIOD, _FOLDER, _COUNTY, YES, STORE, arguments=1, flags="json")
def submit_county(desk: Desk, filled: Filled) -> Result:
    """Submit a period: freeze the county's figures and forms."""
    folder = filled.given("output", Path) or Path()
    with open_county(desk, filled, writes=True) as county:
        days = county.period(filled.text("period"))
        standing = county.book.standing(days.code)
        days_of = {code: form.stamp.moment.date() for code, form in standing.items()}
        demand_submittable(days, desk.today, days_of, county.book.gap_before(days))
        own = return_now(county, days, filled.given("county", str))
        stamp = _new_stamp(county, days)
        own = own._replace(form=own.form._replace(stamp=stamp))
        line = stations_line(county, own.members)
        changed = message("Corrections: {count}", count=len(own.lines))
        notes = [line, *[changed] * bool(own.lines)]
        if desk.asks and "yes" not in filled:
            doubts = doubts_of(county.duck, county.book, days)
            desk.demand(_goes_out(own), *notes, *doubts, question=_("Submit it? [y/n]"))
        files = _files_to_submit(county, own)
        digest, replaced = _keep_and_write(county, own, folder, files)
    name = own.form.county
    said = message(
        "{period} of {county} is submitted as of {day}: {path}",
        period=days.code,
        county=name,
        day=desk.today,
        path=folder / next(iter(files)),
    )
    answer = {
        "period": days.code,
        "county": name,
        "submitted": desk.today,
        "sha256": digest,
        "stations": len(own.counted),
        "expected": own.expected,
        "missing": own.missing,
        "corrections": len(own.lines),
        "files": [folder / each for each in files],
    }
    return answer_of_change(said, answer, before=[county.line, *replaced], notes=notes)


def _goes_out(own: CountyReturn) -> Message:
    """Return the sentence on the form that is going to be submitted."""
    return message(
        "{period} of {county} goes out: {figures}",
        period=own.form.period.code,
        county=own.form.county,
        figures=main_figures(own.total),
    )


def _files_to_submit(county: County, own: CountyReturn) -> dict[str, bytes]:
    """Return Attachment 6 and, where stations handed theirs in, Attachment 5, by their names."""
    desk, code, name = county.desk, own.form.period.code, own.form.county
    files = {
        desk.name_of_file(f"附件6_{code}_{name}.xlsx"): workbook(
            "county", own, practice=desk.practises
        )
    }
    if points := _drawn_points(county, own):
        files[desk.name_of_file(f"附件5_{code}_{name}.xlsx")] = points
    return files


def _keep_and_write(
    county: County, own: CountyReturn, folder: Path, files: Mapping[str, bytes]
) -> tuple[str, list[Message]]:
    """Freeze a form in the store, and put its files in place; return its SHA-256 and messages."""
    digest, document = sha256(next(iter(files.values()))).hexdigest(), form_document(own.form)
    row = Kept("form", county.key, own.form.period.code, digest, document, files)
    with made_folder(folder), ExitStack() as beside:
        places = [
            beside.enter_context(
                write_beside(folder / each, data, county.place, readers=readers_of(each))
            )
            for each, data in files.items()
        ]
        with transaction(county.duck):
            keep(county.duck, [row], county.desk.today, county.desk.clock.rehearsed)
        return digest, [said for place in places for said in place()]


def return_now(county: County, days: Period, name: str | None) -> CountyReturn:
    """Return the county's form of a period as it would be told now. Raises Refused."""
    members, figures = county.unaltered_members(days), county.figures(days)
    stated = {each.county: None for each in members if each.counts and each.county}
    if not name and len(stated) != 1:
        raise Refused(
            "The hand-ins are of {counties}. Say which county the form is for: --county NAME",
            counties=[*stated],
        )
    unit = name or next(iter(stated))
    carried = county.book.carried(days)
    form = CountyForm(
        days,
        f"{PRACTICE} {unit}" if county.desk.practises else unit,
        NO_STAMP,
        figures,
        county.book.carried_cells(days),
        {key: county.book.name_of(key, days.last) for key in _keys_of(county.book, figures)},
        county.settings(days),
        lists=county.book.lists(days),
    )
    expected = expected_of(county, members)
    dates = due_dates(county.desk, days)
    # The ledger on the county's desk may be of another year.
    call_as(year_of_names(unit, *(each.name for each in members if each.counts)))
    return CountyReturn(form, county.key, tuple(members), carried, expected, dates)


def _keys_of(book: CountyBook, figures: Mapping[str, object]) -> Iterator[str]:
    yield from figures
    for form in book.forms:
        yield from form.figures


def _new_stamp(county: County, days: Period) -> Stamp:
    """Return what a new form states of itself: its head, that before it, and the withdrawn one."""
    book, moment = county.book, county.desk.moment
    standing = [*book.standing(days.code).values()]
    before = standing[-1].stamp.head if standing else ""
    back = [each for each in book.forms if each.period.code == days.code]
    replaces = back[-1].stamp.head if back else ""
    parts = (county.key, days.code, moment.isoformat(), str(len(book.forms)), before)
    head = sha256("|".join(parts).encode()).hexdigest()
    return Stamp(moment, len(book.forms) + 1, head, before, replaces)


def _points_of(county: County, own: CountyReturn) -> Sequence[FormSheet]:
    """Return the county's list of points and the entries for the directory."""
    from ledger12315.sheets.forms.attachment5 import county_points

    form, listed = own.form, _with_points(county, own)
    now, told = map(county.book.points_of, (form.lists, county.book.lists_before(form)))
    points = [point for each in listed for point in now[each.key]]
    owing = [each for each in own.members if each.counts or each.name in own.missing]
    missing = [each.name for each in owing if each not in listed]
    sheets = county_points(form.county, form.period, points, missing, now, told)
    return [*map(with_year_headings, sheets)]


def _with_points(county: County, own: CountyReturn) -> list[Member]:
    """Return the stations whose own list of the period is among those of a form."""
    code, hand_ins = own.form.period.code, county.book.hand_ins
    listed = [each for each in hand_ins if each.points is not None]
    lists = {each.sha256 for each in listed if each.sent.period.code == code}
    return [each for each in own.counted if own.form.lists.get(each.key) in lists]


def _drawn_points(county: County, own: CountyReturn) -> bytes | None:
    if not _with_points(county, own):
        return None
    return workbook_of(_points_of(county, own), county.desk.practises)


@command(STATED_PERIOD, REASON, STORE, arguments=1)
def withdraw_county(desk: Desk, filled: Filled) -> Result:
    """Withdraw the county's last form of a kind, which the province sent back."""
    with open_county(desk, filled, writes=True) as county:
        days = county.period(filled.text("period"))
        standing = county.book.standing(days.code)
        demand_withdrawable(days.code, standing)
        document = {"day": desk.today.isoformat(), "reason": filled.text("reason")}
        row = Kept("withdrawal", county.key, days.code, standing[days.code].sha256, document, {})
        with transaction(county.duck):
            keep(county.duck, [row], desk.today, desk.clock.rehearsed)
    said = message("{period} is withdrawn; what was submitted stays recorded.", period=days.code)
    return answer_of_change(said, before=[county.line])


@command(_WHAT, _TARGET, OUTPUT, TEMPLATE, _COUNTY, STORE, arguments=2)
def export_county(desk: Desk, filled: Filled) -> Result:
    """Write the county's Attachment 5 or 6, the entries for the directory, or the facts."""
    what, target = filled.text("what"), filled.text("target")
    demand_suffix(filled.given("output", Path), ".xlsx")
    with open_county(desk, filled) as county:
        if what == "facts":
            return _answer_of_facts(county, Path(target))
        days = county.period(given_or_asked(desk, STATED_PERIOD, target))
        form = county.book.form_of(days.code)
        kept = files_of(county.duck, form.sha256) if form else {}
        content = next(
            (data for name, data in kept.items() if name.startswith(f"附件{what}")), b""
        )
        template = filled.given("template", Path)
        own = None if content and not template else _return_of(county, days, form, filled)
        if own:
            content = _workbook_of_form(county, own, what, template)
        county_name = form.county if form else own.form.county if own else ""
        name = "系统录入" if what == "entry" else f"附件{what}"
        file = desk.name_of_file(f"{name}_{days.code}_{county_name}.xlsx")
        place = filled.given("output", Path) or Path(file)
        replaced = write_whole(place, content, county.place, readers=readers_of(file))
    return answer_of_change(
        message("{path} is written.", path=place), before=[county.line, *replaced]
    )


def _workbook_of_form(
    county: County, own: CountyReturn, what: str, template: Path | None
) -> bytes:
    """Return a form's workbook. Raises Refused for an Attachment 5 that nobody handed in."""
    if template:
        return _filled_template(county, template, what, own)
    if what == "6":
        return workbook("county", own, practice=county.desk.practises)
    if what == "entry":
        return _drawn_entries(county, own)
    content = _drawn_points(county, own)
    if not content:
        raise Refused("No Attachment 5 of {period} was handed in.", period=own.form.period.code)
    return content


def _filled_template(county: County, template: Path, what: str, own: CountyReturn) -> bytes:
    """Return the bureau's own workbook with the county's figures or points, by station too."""
    from ledger12315.sheets.forms.county import county_head
    from ledger12315.sheets.paper.contents import (
        COUNTY_FORM,
        BoxContent,
        FigureContent,
        head_texts,
    )
    from ledger12315.sheets.paper.fill import fill_template

    form, head = own.form, county_head(own)
    texts = head_texts(form.county, form.period.title, head.last, county.desk.today)
    if what == "5":
        return fill_template(template, what, BoxContent([_points_of(county, own)[0]], texts))
    stations = [(form.names[key], figures) for key, figures in form.figures.items()]
    content = FigureContent(own.total, texts, head.rates, stations)
    return fill_template(template, COUNTY_FORM, content)


def _return_of(
    county: County, days: Period, form: CountyForm | None, filled: Filled
) -> CountyReturn:
    """Return the form as it was told, or as it would be."""
    if form is None:
        return return_now(county, days, filled.given("county", str))
    members = tuple(county.book.members_told(form, county.unaltered_members(days)))
    carried = county.book.carried_by(form)
    return CountyReturn(form, county.key, members, carried, expected_of(county, members))


def _drawn_entries(county: County, own: CountyReturn) -> bytes:
    from ledger12315.sheets.forms.county import entry_sheet

    sheets = [with_year_headings(entry_sheet(own)), *_points_of(county, own)[1:]]
    return workbook_of(sheets, county.desk.practises)


def _answer_of_facts(county: County, folder: Path) -> Result:
    codes = sorted({each.sent.period.code for each in county.book.hand_ins if each.facts})
    periods = [county.period(code) for code in codes]
    members = [(days, county.unaltered_members(days)) for days in periods]
    # A store that never had cases is not the one of this folder, where nothing is removed.
    if not (codes and any(done := export_facts(county.duck, folder, members))):
        raise Refused("{path} has no cases of any period.", path=county.place)
    said = message("Periods written: {count}, into {path}", count=len(done.written), path=folder)
    unchanged = message("Unchanged: {periods}", periods=done.unchanged)
    removed = message("Removed, as no cases of it count any more: {periods}", periods=done.removed)
    notes = [*[unchanged] * bool(done.unchanged), *[removed] * bool(done.removed)]
    for days, each in members:
        if days.code not in done.removed:
            notes += notes_on_cases(county, days, each)
    return Result([said], before=[county.line], notes=notes)


@command(STATED_PERIOD, OUTPUT, _COUNTY, STORE, arguments=1)
def report_county(desk: Desk, filled: Filled) -> Result:
    """Write a report of the county's quarter as one page."""
    from ledger12315.cli.figures import sections

    with open_county(desk, filled) as county:
        days = county.period(filled.text("period"))
        own = return_now(county, days, filled.given("county", str))
        line, stretches = stations_line(county, own.members), _figures_up_to(county, days)
    sent = [
        each.hand_in.sent._replace(station=each.name, figures=own.form.figures[each.key])
        for each in own.counted
        if each.hand_in
    ]
    latest = stretches[-1][1]
    meets = len(stretches) > 1 and chain_meets(stretches[-2][0], days)
    before = stretches[-2][1] if meets else None
    parts = [sections.against_targets(latest, before), sections.balance(latest, before)]
    if days.is_quarter and len(stretches) > 1:
        parts.append(sections.trend([each for _, each in stretches[-sections.QUARTERS :]]))
    parts.append(sections.station_passage(sent, own.form.settings))
    about = [own.form.county, *map(render, [sections.PRACTICE_NOTE] * desk.practises)]
    about += map(render, [sections.days_line(days.first, days.last), line, INTERNAL])
    for rate, stations in unlike_formulas(own.form.settings, sent).items():
        about.append(render(_other_formula(rate, stations)))
    target = filled.given("output", Path) or Path(desk.name_of_file(f"季报_{days.code}_县局.html"))
    shown = [each.section(desk) for each in parts]
    written = sections.write_report(days, about, shown, target, desk.path, county.place)
    return written._replace(before=[county.line, *written.before])


def _figures_up_to(county: County, days: Period) -> "list[tuple[Period, PeriodFigures]]":
    """Return the county's figures of each period of a kind, up to this one."""
    from ledger12315.cli.figures.sections import PeriodFigures

    codes = {each.sent.period.code for each in county.book.hand_ins}
    same = [each for each in codes if chain_of(each) == chain_of(days.code) and each <= days.code]
    found = []
    for period in map(county.period, sorted(same)):
        figures = sum_figures(county.book.figures(period).values())
        by = rates_by(county.settings(period))
        found.append((period, PeriodFigures(period.code, figures, by)))
    return found


def chain_meets(earlier: Period, later: Period) -> bool:
    """Return whether a period ends on the day before another begins."""
    return (later.first - earlier.last).days == 1


def _other_formula(rate: Rate, stations: Sequence[str]) -> Message:
    return message(
        "These stations state a formula other than the county's, {formula}: {stations}",
        formula=formula_of(rate),
        stations=stations,
    )
