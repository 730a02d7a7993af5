"""`point list` and `show`: the service points, and all that is known of one."""

from collections.abc import Iterator
from typing import Any

from ledger12315.boxes import Filled, Option
from ledger12315.boxes.arguments import POINT_WORD
from ledger12315.boxes.kinds import DAY, NARRATIVE, SENTENCE
from ledger12315.boxes.people import STAFF_NAME, STAFF_PHONE
from ledger12315.boxes.tables import TABLES
from ledger12315.boxes.worded import OneWord, SeveralWords
from ledger12315.cli.command import command
from ledger12315.cli.face.answers import (
    Column,
    Record,
    Result,
    answer_of_list,
    masked_rows,
    yes_or_no,
)
from ledger12315.cli.face.desk import Desk
from ledger12315.errors import Message, message
from ledger12315.ledger.points import LATEST, find_point
from ledger12315.ledger.points.profile import profile, select_points
from ledger12315.locale import _, render
from ledger12315.rules.profile import Change, Contact, Finding, Profile
from ledger12315.words import CONDITIONS, ELIGIBILITY, PARTICULARS, TERMS, TYPES

POINT_BOXES = {key: Column.of(box) for key, box in TABLES["point"].items()}
_COLUMNS = (
    POINT_BOXES["code"]._replace(zh="编号"),
    POINT_BOXES["name"]._replace(narrow=True),
    POINT_BOXES["type"],
    Column("eligibility", "设置依据", kind=OneWord(ELIGIBILITY), narrow=True),
    POINT_BOXES["since"],
    POINT_BOXES["retired"],
    Column("liaison", "联络员", kind=STAFF_NAME),
    Column("liaison_phone", "联络员电话", kind=STAFF_PHONE, screen=False),
    Column("officer", "联系人", kind=STAFF_NAME),
    Column("officer_phone", "联系人电话", kind=STAFF_PHONE, screen=False),
)
_LISTED = (*_COLUMNS, POINT_BOXES["demonstration"], POINT_BOXES["filed"])
_ALL = (
    *_LISTED,
    POINT_BOXES["filing_no"],
    Column("demonstration_since", "示范命名日期", kind=DAY),
    *(
        POINT_BOXES[key]
        for key in ("judgement", "host", "address", "phone", "credit_code", "principal")
    ),
    POINT_BOXES["area"]._replace(zh="营业面积(m²)", en="area (m²)"),
    POINT_BOXES["capital"]._replace(zh="注册资金(元)", en="capital (yuan)"),
    POINT_BOXES["turnover"]._replace(zh="营业额(元)", en="turnover (yuan)"),
    *(POINT_BOXES[key] for key in ("stalls", "grade", "sector")),
)
# Liaisons and officers have lines of their own.
_SHOWN = [column for column in _ALL if not column.key.startswith(("liaison", "officer"))]
_REMARK = (Column("remark", "备注", kind=NARRATIVE),)
_TYPE = Option("type", "类型", OneWord(TYPES), "only points of this type", metavar="TYPE")


@command(_TYPE, takes="json csv reveal")
def list_points(desk: Desk, filled: Filled) -> Result:
    """List service points."""
    with desk.read() as ledger:
        found = select_points(ledger, type_=filled.given("type", str))
    columns = _LISTED if desk.form in ("json", "csv") else _COLUMNS
    return answer_of_list(map(_point_row, found), columns, notes=_without_officer(*found))


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
    known, notes = _masked_profile(desk, known), _without_officer(latest)
    if desk.form == "json":
        lists = _lists_of_point(known)
        columns = (*_ALL, *(Column(key, key) for key in lists))
        return Result([Record(row | lists, columns)], notes=notes, about=point.code)
    lines = (
        Record({"line": line}, [Column("line", heading, heading, SENTENCE)])
        for heading, line in _point_lines(known)
    )
    # Values that are not shown must not count as revealed.
    shown = {each.key: row[each.key] for each in _SHOWN}
    return Result([Record(shown, _SHOWN), *lines], notes=notes, about=point.code)


def _masked_profile(desk: Desk, known: Profile) -> Profile:
    """Return a point whose changes and remarks are masked, unless people are to be revealed."""
    changes = tuple(_masked_change(desk, each) for each in known.changes)
    conditions = {
        item: found and Finding(**next(masked_rows(desk, [found._asdict()], _REMARK)))
        for item, found in known.conditions.items()
    }
    return known._replace(changes=changes, conditions=conditions)


def _masked_change(desk: Desk, change: Change) -> Change:
    kind = POINT_BOXES[change.box].kind
    columns = [Column(key, key, kind=kind) for key in ("was", "becomes")]
    return Change(**next(masked_rows(desk, [change._asdict()], columns)))


def _lists_of_point(known: Profile) -> dict[str, object]:
    """Return the lists of a point, as JSON has them: contacts, changes, conditions."""
    contacts = [{"role": "liaison", **each._asdict()} for each in known.liaisons]
    if known.officer:
        contacts.append({"role": "officer", **known.officer._asdict()})
    return {
        "contacts": contacts,
        "changes": [each._asdict() for each in known.changes],
        "conditions": {
            item: found and found._asdict() for item, found in known.conditions.items()
        },
    }


def _point_lines(known: Profile) -> Iterator[tuple[str, str]]:
    """Yield contacts, changes and conditions for reading, each a heading and a line."""
    people = [("liaison", each) for each in known.liaisons]
    people += [("officer", known.officer)] if known.officer else []
    for role, each in people:
        yield POINT_BOXES[role].heading, _joined_parts(contact_line(each), each.since)
    for change in known.changes:
        box = POINT_BOXES[change.box]
        was, becomes = (box.text(each) or "-" for each in (change.was, change.becomes))
        yield str(change.day), f"{box.heading}: {was} -> {becomes}"
    for item, found in known.conditions.items():
        yield render(CONDITIONS[item]), _finding(item, found) if found else _("not inspected")


def _finding(item: str, found: Finding) -> str:
    return _joined_parts(
        yes_or_no(found.met),
        found.lacking and render(SeveralWords(PARTICULARS[item]).shown(found.lacking)),
        found.day,
        found.inspector,
        found.remark,
        found.updated and render(message("updated {day}", day=found.updated)),
    )


def contact_line(person: Contact) -> str:
    """Return a liaison or officer on a line: name, phone, terms and badge."""
    terms = render(TERMS[person.terms]) if person.terms else None
    return _joined_parts(person.name, person.phone, terms, person.badge)


def _joined_parts(*parts: object) -> str:
    return "  ".join(str(part) for part in parts if part)
