"""`register` 设点 and `point` 服务点: list, show, amend, inspect and retire."""

from collections.abc import Iterator, Mapping
from typing import Any

from ledger12315.boxes import Filled, Option
from ledger12315.boxes.arguments import POINT_WORD
from ledger12315.boxes.kinds import DAY, NARRATIVE, SENTENCE, Checked, Value
from ledger12315.boxes.people import STAFF_NAME, STAFF_PHONE, StaffName, StaffPhone
from ledger12315.boxes.point import AMENDED_POINT, INSPECT, POINT, RETIRE, wanting
from ledger12315.boxes.tables import TABLES
from ledger12315.boxes.worded import OneWord, SeveralWords
from ledger12315.cli.asking.asked import POINT_ROW, Questions
from ledger12315.cli.command import amending, command
from ledger12315.cli.face.answers import (
    Column,
    Record,
    Result,
    done,
    filled_form,
    listing,
    seen,
    yes_or_no,
)
from ledger12315.cli.face.desk import Desk
from ledger12315.cli.point.questions import INSPECT_QUESTIONS, REGISTER_QUESTIONS
from ledger12315.errors import Message, Unclear, message
from ledger12315.ledger.points import LATEST, find_point
from ledger12315.ledger.points.acts import change_point, inspect, retire, set_up
from ledger12315.ledger.points.profile import Profile, points_listed, profile
from ledger12315.locale import _, render
from ledger12315.words import CONDITIONS, ELIGIBILITY, PARTICULARS, TERMS, TYPES

_BOXES = {key: Column.of(box) for key, box in TABLES["point"].items()}
_COLUMNS = (
    _BOXES["code"]._replace(zh="编号"),
    _BOXES["name"]._replace(narrow=True),
    _BOXES["type"],
    Column("eligibility", "设置依据", kind=OneWord(ELIGIBILITY), narrow=True),
    _BOXES["since"],
    _BOXES["retired"],
    Column("liaison", "联络员", kind=STAFF_NAME),
    Column("liaison_phone", "联络员电话", kind=STAFF_PHONE, screen=False),
    Column("officer", "联系人", kind=STAFF_NAME),
    Column("officer_phone", "联系人电话", kind=STAFF_PHONE, screen=False),
)
_LISTED = (*_COLUMNS, _BOXES["demonstration"], _BOXES["filed"])
_ALL = (
    *_LISTED,
    _BOXES["filing_no"],
    Column("demonstration_since", "示范命名日期", kind=DAY),
    *(
        _BOXES[key]
        for key in ("judgement", "host", "address", "phone", "credit_code", "principal")
    ),
    _BOXES["area"]._replace(zh="营业面积(m²)", en="area (m²)"),
    _BOXES["capital"]._replace(zh="注册资金(元)", en="capital (yuan)"),
    _BOXES["turnover"]._replace(zh="营业额(元)", en="turnover (yuan)"),
    *(_BOXES[key] for key in ("stalls", "grade", "sector")),
)
# Liaisons and officers have lines of their own.
_SHOWN = [column for column in _ALL if not isinstance(column.kind, StaffName | StaffPhone)]
_REMARK = (Column("remark", "备注", kind=NARRATIVE),)
_TYPE = Option("type", "类型", OneWord(TYPES), "only points of this type", metavar="TYPE")


@command(_TYPE, takes="json csv reveal")
def list_points(desk: Desk, filled: Filled) -> Result:
    """List service points."""
    with desk.read() as ledger:
        found = points_listed(ledger, type_=filled.given("type", str))
    columns = _LISTED if desk.form in ("json", "csv") else _COLUMNS
    return listing(map(_point_row, found), columns, notes=_without_officer(*found))


def _point_row(known: Profile) -> dict[str, Any]:
    """Return a point's boxes, its first liaison and its officer by name and phone."""
    row = known._asdict()
    first = next(iter(known.liaisons), None)
    for role, person in (("liaison", first), ("officer", known.officer)):
        row |= {role: person and person.name, f"{role}_phone": person and person.phone}
    return row


def _without_officer(*found: Profile) -> list[Message]:
    codes = [each.code for each in found if not each.officer and not each.retired]
    said = message("Without a point officer (三(五)1): {codes}.", codes=codes)
    return [said] if codes else []


@command(POINT_WORD, arguments=1, takes="json reveal")
def show_point(desk: Desk, filled: Filled) -> Result:
    """Show one service point."""
    with desk.read() as ledger:
        point = find_point(ledger, filled.text("point"))
        latest = profile(ledger, point, LATEST)
        known = profile(ledger, point, desk.today)
    row = _point_row(latest) | {"demonstration_since": known.demonstration_since}
    row = next(seen(desk, [row], _ALL))
    several = _lists_of_point(desk, known)
    lines = (
        Record({"line": line}, [Column("line", heading, heading, SENTENCE)])
        for heading, line in _point_lines(several)
    )
    # Values that are not shown must not count as revealed.
    shown = {each.key: row[each.key] for each in _SHOWN}
    return Result(
        [Record(shown, _SHOWN), *lines],
        {column.key: column.plain(row[column.key]) for column in _ALL} | several,
        notes=_without_officer(latest),
        about=point.code,
    )


def _lists_of_point(desk: Desk, known: Profile) -> dict[str, Any]:
    """Return the lists of a point, as JSON has them: contacts, changes, conditions."""
    contacts = [{"role": "liaison", **each._asdict()} for each in known.liaisons]
    if known.officer:
        contacts.append({"role": "officer", **known.officer._asdict()})
    return {
        "contacts": contacts,
        "changes": list(seen(desk, (each._asdict() for each in known.changes), ())),
        "conditions": {
            item: next(seen(desk, [found._asdict()], _REMARK)) if found else None
            for item, found in known.conditions.items()
        },
    }


def _point_lines(several: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield contacts, changes and conditions for reading, each a heading and a line."""
    for each in several["contacts"]:
        yield _BOXES[each["role"]].heading, _joined_parts(_person(each), each["since"])
    for each in several["changes"]:
        box = _BOXES[each["box"]]
        was, becomes = (box.text(each[key]) or "-" for key in ("was", "becomes"))
        yield str(each["day"]), f"{box.heading}: {was} -> {becomes}"
    for item, found in several["conditions"].items():
        yield render(CONDITIONS[item]), _finding(item, found) if found else _("not inspected")


def _finding(item: str, found: Mapping[str, Any]) -> str:
    lacking, updated = found["lacking"], found["updated"]
    return _joined_parts(
        yes_or_no(found["met"]),
        lacking and render(SeveralWords(PARTICULARS[item]).shown(lacking)),
        found["day"],
        found["inspector"],
        found["remark"],
        updated and render(message("updated {day}", day=updated)),
    )


def _person(each: Mapping[str, Any]) -> str:
    terms = render(TERMS[each["terms"]]) if each["terms"] else None
    return _joined_parts(each["name"], each["phone"], terms, each["badge"])


def _joined_parts(*parts: object) -> str:
    return "  ".join(str(part) for part in parts if part)


def _point_form(desk: Desk, word: str) -> Mapping[str, str]:
    """Return the boxes of a point as text. Raises Refused."""
    with desk.read() as ledger:
        row = profile(ledger, find_point(ledger, word), LATEST)._asdict()
    for key, people in (("liaison", row["liaisons"]), ("officer", [row["officer"]])):
        row[key] = "; ".join(_person(each._asdict()) for each in people if each)
    return filled_form(desk, row, AMENDED_POINT)


@amending(
    POINT_WORD,
    *AMENDED_POINT,
    takes="json from_stdin",
    asks=Questions((POINT_ROW,), form=_point_form),
)
def amend_point(desk: Desk, word: str, changes: dict[str, Value | None]) -> Result:
    """Change boxes of a point from a given day; an empty text clears a box."""
    with desk.write() as ledger:
        point = find_point(ledger, word)
        made = change_point(ledger, point, changes, desk.today)
        row = profile(ledger, point, LATEST)._asdict()
    sentence = message("{point} already has these values.", point=point.code)
    if made.boxes:
        sentence = message(
            "{number} is amended: {boxes}.",
            number=point.code,
            boxes=[_BOXES[key].heading for key in made.boxes],
        )
    document = {key: row[key] for key in ("code", "type", "eligibility", "filed", "filing_no")}
    return done(sentence, document | {"amended": made.boxes}, before=made.notes)


@command(POINT_WORD, *INSPECT, arguments=1, takes="json from_stdin", asks=INSPECT_QUESTIONS)
def inspect_point(desk: Desk, filled: Filled) -> Result:
    """Record an inspection of a point's set-up conditions."""
    found = {key: value for key, value in filled.items() if isinstance(value, Checked)}
    if not found:
        raise Unclear("No result was given: name at least one condition, such as --office yes.")
    if "updated" in filled and "board" not in found:
        raise Unclear(
            "updated goes together with board: give the result for the notice board too."
        )
    on = filled.day("on")
    with desk.write() as ledger:
        point = find_point(ledger, filled.text("point"))
        inspect(ledger, point, filled, on)
    sentence = message(
        "{point} on {day}: all inspected conditions are met.", point=point.code, day=on
    )
    if not_met := [wanting(key, each) for key, each in found.items() if not each.met]:
        sentence = message(
            "{point} on {day}, not met: {conditions}.",
            point=point.code,
            day=on,
            conditions=not_met,
        )
    conditions = {key: each._asdict() for key, each in found.items()}
    return done(sentence, {"point": point.code, "on": on, "conditions": conditions})


@command(POINT_WORD, RETIRE, arguments=1, takes="json")
def retire_point(desk: Desk, filled: Filled) -> Result:
    """Retire a point from a given day; its past figures stay."""
    on = filled.day("on")
    with desk.write() as ledger:
        point = find_point(ledger, filled.text("point"))
        left = retire(ledger, point, on)
    sentence = message(
        "{code} {name} is retired from {day} on.", code=point.code, name=point.name, day=on
    )
    still = message(
        "Complaints still open there: {count}. They must be handled until they are closed.",
        count=left,
    )
    document = {"code": point.code, "retired": on, "open": left}
    return done(sentence, document, notes=(still,) if left else ())


@command(*POINT.values(), arguments=1, takes="json from_stdin", asks=REGISTER_QUESTIONS)
def register(desk: Desk, filled: Filled) -> Result:
    """Register a service point."""
    with desk.write() as ledger:
        made = set_up(ledger, filled)
    sentence = message(
        "{code} {name} is registered: {answer}.",
        code=made.code,
        name=made.name,
        answer=ELIGIBILITY[made.eligibility],
    )
    document = made._asdict()
    return done(sentence, document, before=document.pop("notes"))
