"""`point` 服务点 and `register` 设点: the service points, their questions and their lists."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from ledger12315.boxes import Filled, Option
from ledger12315.boxes.forms import (
    AMENDED_POINT,
    INSPECT,
    POINT,
    POINT_WORD,
    RETIRE,
    unmet_in_words,
)
from ledger12315.boxes.kinds import DAY, FLAG, NARRATIVE, SENTENCE, Checked, Value
from ledger12315.boxes.people import STAFF_NAME, STAFF_PHONE
from ledger12315.boxes.tables import TABLES
from ledger12315.boxes.worded import OneWord, SeveralWords
from ledger12315.cli.asking.questions import (
    POINT_ROW,
    SHARED,
    Asked,
    Asking,
    Doubt,
    Questions,
    demand_a_ledger,
    lacks_required_box,
    never,
)
from ledger12315.cli.command import amending_command, command
from ledger12315.cli.face.answers import (
    Column,
    Record,
    Result,
    answer_of_change,
    answer_of_list,
    changes_in_words,
    masked_rows,
    shown_texts,
    yes_or_no,
)
from ledger12315.cli.face.desk import Desk
from ledger12315.errors import Message, Unclear, message
from ledger12315.ledger.points import LATEST, find_point
from ledger12315.ledger.points.acts import change_point, inspect, retire
from ledger12315.ledger.points.dated import DATED_BOXES
from ledger12315.ledger.points.profile import profile, select_points
from ledger12315.ledger.points.setting_up import (
    demand_new_name,
    named_points,
    questions_if_same_point,
    set_up,
)
from ledger12315.locale import N_, _, render
from ledger12315.rules.eligibility import RULES, judge
from ledger12315.rules.profile import Change, Contact, Finding, Profile
from ledger12315.words import CONDITIONS, ELIGIBILITY, PARTICULARS, TERMS, TYPES


def _needed_by_rule(key: str) -> Callable[[Asking], bool]:
    """Return a function that says whether the rule of the point's type needs this box."""

    def asked(asking: Asking) -> bool:
        type_ = asking.value("type")
        return type_ is not None and key in judge(str(type_), asking.values()).missing

    return asked


def _begins_registration(asking: Asking) -> bool:
    """Return whether a box is missing that the command or the type's rule needs, or in doubt."""
    missing = lacks_required_box(asking) or any(_needed_by_rule(key)(asking) for key in _BY_RULE)
    return missing or any(_similar_points(asking))


def _similar_points(asking: Asking) -> Iterator[Doubt]:
    """Yield points that may be the same as the new one, since no point is ever deleted."""
    if asking.desk.ctx.params.get("another"):
        return
    with asking.desk.read() as ledger:
        found = [*questions_if_same_point(named_points(ledger), asking.values())]
    for why in found:
        yield Doubt(why, "name", N_("Register it anyway? [y/n]"))


_BY_RULE = dict.fromkeys(
    (*(box for rule in RULES.values() for box in (*rule.standard, *rule.always)), "judgement")
)
REGISTER_QUESTIONS = Questions(
    (
        Asked("name"),
        Asked("type"),
        *(Asked(key, when=_needed_by_rule(key), needed=never, empty="") for key in _BY_RULE),
        Asked("liaison"),
        SHARED["officer"],
        Asked("since"),
    ),
    doubts=_similar_points,
    begins=_begins_registration,
    opening=demand_a_ledger,
)


def _no_condition_given(asking: Asking) -> bool:
    return not any(asking.given.get(key) for key in CONDITIONS)


def _has_a_board(asking: Asking) -> bool:
    """Return whether this inspection covers the notice board."""
    return _no_condition_given(asking) and bool(asking.known.get("board"))


def _begins_inspection(asking: Asking) -> bool:
    return lacks_required_box(asking) or _no_condition_given(asking)


def _how_to_inspect(_asking: Asking) -> Iterator[Message]:
    """Yield how to answer for conditions, and the parts of each."""
    yield message(
        "Answer each with 1 or y for yes, 2 or n for no; after no write what is lacking and a "
        "remark. Leave out what was not inspected."
    )
    for code, particulars in PARTICULARS.items():
        if particulars:
            yield message("{condition}: {words}", condition=CONDITIONS[code], words=particulars)


_LOOKED_AT = Asked("", when=_no_condition_given, empty=message(" [y/n] (Enter: not inspected)"))
INSPECT_QUESTIONS = Questions(
    (
        POINT_ROW,
        *(_LOOKED_AT._replace(key=key) for key in CONDITIONS),
        Asked("updated", when=_has_a_board),
    ),
    begins=_begins_inspection,
    opening=_how_to_inspect,
)


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


@command(_TYPE, flags="json csv reveal")
def list_points(desk: Desk, filled: Filled) -> Result:
    """List service points."""
    with desk.read() as ledger:
        found = select_points(ledger, type_=filled.given("type", str))
    columns = _LISTED if desk.format in ("json", "csv") else _COLUMNS
    return answer_of_list(map(_point_row, found), columns, notes=_without_officer(*found))


def _point_row(seen: Profile) -> dict[str, Any]:
    """Return a point's boxes, its first liaison and its officer by name and phone."""
    row = seen._asdict()
    first = next(iter(seen.liaisons), None)
    for role, person in (("liaison", first), ("officer", seen.officer)):
        row |= {role: person and person.name, f"{role}_phone": person and person.phone}
    return row


def _without_officer(*found: Profile) -> list[Message]:
    codes = [each.code for each in found if not each.officer and not each.retired]
    said = message("Without a point officer (三(五)1): {codes}.", codes=codes)
    return [said] if codes else []


@command(POINT_WORD, arguments=1, flags="json reveal")
def show_point(desk: Desk, filled: Filled) -> Result:
    """Show one service point."""
    with desk.read() as ledger:
        point = find_point(ledger, filled.text("point"))
        latest = profile(ledger, point, LATEST)
        seen = profile(ledger, point, desk.today)
    row = _point_row(latest) | {"demonstration_since": seen.demonstration_since}
    seen, notes = _masked_profile(desk, seen), _without_officer(latest)
    if desk.format == "json":
        lists = _lists_of_point(seen)
        columns = (*_ALL, *(Column(key, key) for key in lists))
        return Result([Record(row | lists, columns)], notes=notes, about=point.code)
    lines = (
        Record({"line": line}, [Column("line", heading, heading, SENTENCE)])
        for heading, line in _point_lines(seen)
    )
    # Values that are not shown must not count as revealed.
    shown = {each.key: row[each.key] for each in _SHOWN}
    return Result([Record(shown, _SHOWN), *lines], notes=notes, about=point.code)


def _masked_profile(desk: Desk, seen: Profile) -> Profile:
    """Return a point whose changes and remarks are masked, unless people are to be revealed."""
    changes = tuple(_masked_change(desk, each) for each in seen.changes)
    conditions = {
        item: found and Finding(**next(masked_rows(desk, [found._asdict()], _REMARK)))
        for item, found in seen.conditions.items()
    }
    return seen._replace(changes=changes, conditions=conditions)


def _masked_change(desk: Desk, change: Change) -> Change:
    kind = POINT_BOXES[change.box].kind
    columns = [Column(key, key, kind=kind) for key in ("was", "becomes")]
    return Change(**next(masked_rows(desk, [change._asdict()], columns)))


def _lists_of_point(seen: Profile) -> dict[str, object]:
    """Return the lists of a point, as JSON has them: contacts, changes, conditions."""
    contacts = [{"role": "liaison", **each._asdict()} for each in seen.liaisons]
    if seen.officer:
        contacts.append({"role": "officer", **seen.officer._asdict()})
    return {
        "contacts": contacts,
        "changes": [each._asdict() for each in seen.changes],
        "conditions": {item: found and found._asdict() for item, found in seen.conditions.items()},
    }


def _point_lines(seen: Profile) -> Iterator[tuple[str, str]]:
    """Yield contacts, changes and conditions for reading, each a heading and a line."""
    people = [("liaison", each) for each in seen.liaisons]
    people += [("officer", seen.officer)] if seen.officer else []
    for role, each in people:
        yield POINT_BOXES[role].heading, _joined_parts(contact_line(each), each.since)
    for change in seen.changes:
        box = POINT_BOXES[change.box]
        was, becomes = (box.text(each) or "-" for each in (change.was, change.becomes))
        yield str(change.day), f"{box.heading}: {was} -> {becomes}"
    for item, found in seen.conditions.items():
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


def _texts_of_point(desk: Desk, word: str) -> Mapping[str, str]:
    """Return the boxes of a point as text. Raises Refused."""
    with desk.read() as ledger:
        seen = profile(ledger, find_point(ledger, word), LATEST)
    people = {
        "liaison": "; ".join(map(contact_line, seen.liaisons)),
        "officer": contact_line(seen.officer) if seen.officer else "",
    }
    return shown_texts(desk, seen._asdict() | people, AMENDED_POINT)


def _day_of_change(asking: Asking) -> str:
    """Return today as the day of the change, if a box is changed that has a day of its own."""
    return str(asking.today) if asking.known.keys() & {*DATED_BOXES} else ""


@amending_command(
    POINT_WORD,
    *AMENDED_POINT,
    flags="json from_stdin",
    asks=Questions(
        (POINT_ROW, Asked("on", when=never, stands=_day_of_change)), current=_texts_of_point
    ),
)
def amend_point(desk: Desk, word: str, changes: dict[str, Value | None]) -> Result:
    """Change boxes of a point from a given day; an empty text clears a box."""
    with desk.write() as ledger:
        point = find_point(ledger, word)
        made = change_point(ledger, point, changes, desk.today)
        row = profile(ledger, point, LATEST)._asdict()
    sentence = changes_in_words(point.code, [POINT_BOXES[key].heading for key in made.boxes])
    document = {key: row[key] for key in ("code", "type", "eligibility", "filed", "filing_no")}
    return answer_of_change(sentence, document | {"amended": made.boxes}, before=made.notes)


@command(POINT_WORD, *INSPECT, arguments=1, flags="json from_stdin", asks=INSPECT_QUESTIONS)
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
    if not_met := [unmet_in_words(key, each) for key, each in found.items() if not each.met]:
        sentence = message(
            "{point} on {day}, not met: {conditions}.",
            point=point.code,
            day=on,
            conditions=not_met,
        )
    conditions = {key: each._asdict() for key, each in found.items()}
    return answer_of_change(sentence, {"point": point.code, "on": on, "conditions": conditions})


@command(POINT_WORD, RETIRE, arguments=1, flags="json")
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
    return answer_of_change(sentence, document, notes=(still,) if left else ())


_ANOTHER = Option("another", "另设", FLAG, "make it also where a point has its name already")


@command(
    *POINT.values(),
    _ANOTHER,
    arguments=1,
    flags="json from_stdin",
    asks=REGISTER_QUESTIONS,
)
def register(desk: Desk, filled: Filled) -> Result:
    """Register a service point."""
    with desk.write() as ledger:
        if not desk.asks and "another" not in filled:
            demand_new_name(ledger, filled)
        made = set_up(ledger, filled)
    sentence = message(
        "{code} {name} is registered: {answer}.",
        code=made.code,
        name=made.name,
        answer=ELIGIBILITY[made.eligibility],
    )
    document = made._asdict()
    return answer_of_change(sentence, document, before=document.pop("notes"))
