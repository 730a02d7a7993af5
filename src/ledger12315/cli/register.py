"""`register` 设点."""

from collections.abc import Container

from ledger12315.boxes import Filled
from ledger12315.boxes.point import POINT
from ledger12315.cli.face.answers import Result, done
from ledger12315.cli.face.asking import Raw
from ledger12315.cli.face.command import command
from ledger12315.cli.face.desk import Desk
from ledger12315.errors import message
from ledger12315.ledger.points.setting_up import set_up
from ledger12315.rules.eligibility import judge
from ledger12315.words import ELIGIBILITY


def _needed(desk: Desk, given: Raw) -> Container[str]:
    """Return what the type's rule needs to know, once the type is known."""
    texts = {key: text for key, text in given.items() if text and text.strip()}
    known = Filled({key: POINT[key].parse(text, desk.today) for key, text in texts.items()})
    return judge(known.text("type"), known).missing if "type" in known else ()


@command(*POINT.values(), arguments=1, takes="json from_stdin", more=_needed)
def register(desk: Desk, filled: Filled) -> Result:
    """Register a service point."""
    with desk.write() as ledger:
        made = set_up(ledger, filled, desk.today)
    sentence = message(
        "{code} {name} is registered: {answer}.",
        code=made.code,
        name=made.name,
        answer=ELIGIBILITY[made.eligibility],
    )
    document = {
        "code": made.code,
        "name": made.name,
        "type": made.type,
        "eligibility": made.eligibility,
        "since": made.since,
    }
    return done(sentence, document, before=made.notes)
