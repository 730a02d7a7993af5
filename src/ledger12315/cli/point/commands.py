"""`register` 设点 and `point` 服务点: amend, inspect and retire."""

from collections.abc import Mapping

from ledger12315.boxes import Filled
from ledger12315.boxes.arguments import POINT_WORD
from ledger12315.boxes.kinds import Checked, Value
from ledger12315.boxes.point import AMENDED_POINT, INSPECT, POINT, RETIRE, unmet_in_words
from ledger12315.cli.asking.case import Case
from ledger12315.cli.asking.questions import POINT_ROW, Asked, Questions, never
from ledger12315.cli.command import amending_command, command
from ledger12315.cli.face.answers import Result, answer_of_change, changes_in_words, filled_form
from ledger12315.cli.face.desk import Desk
from ledger12315.cli.point.questions import INSPECT_QUESTIONS, REGISTER_QUESTIONS
from ledger12315.cli.point.show import POINT_BOXES, contact_line
from ledger12315.errors import Unclear, message
from ledger12315.ledger.points import LATEST, find_point
from ledger12315.ledger.points.acts import change_point, inspect, retire
from ledger12315.ledger.points.dated import DATED_BOXES
from ledger12315.ledger.points.profile import profile
from ledger12315.ledger.points.setting_up import set_up
from ledger12315.words import ELIGIBILITY


def _point_form(desk: Desk, word: str) -> Mapping[str, str]:
    """Return the boxes of a point as text. Raises Refused."""
    with desk.read() as ledger:
        known = profile(ledger, find_point(ledger, word), LATEST)
    people = {
        "liaison": "; ".join(map(contact_line, known.liaisons)),
        "officer": contact_line(known.officer) if known.officer else "",
    }
    return filled_form(desk, known._asdict() | people, AMENDED_POINT)


def _day_of_change(case: Case) -> str:
    """Return today as the day of the change, if a box is changed that has a day of its own."""
    return str(case.today) if case.known.keys() & {*DATED_BOXES} else ""


@amending_command(
    POINT_WORD,
    *AMENDED_POINT,
    takes="json from_stdin",
    asks=Questions((POINT_ROW, Asked("on", when=never, stands=_day_of_change)), form=_point_form),
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
    if not_met := [unmet_in_words(key, each) for key, each in found.items() if not each.met]:
        sentence = message(
            "{point} on {day}, not met: {conditions}.",
            point=point.code,
            day=on,
            conditions=not_met,
        )
    conditions = {key: each._asdict() for key, each in found.items()}
    return answer_of_change(sentence, {"point": point.code, "on": on, "conditions": conditions})


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
    return answer_of_change(sentence, document, notes=(still,) if left else ())


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
    return answer_of_change(sentence, document, before=document.pop("notes"))
