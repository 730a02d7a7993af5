"""`record` 登记: records other than complaints."""

from collections.abc import Callable, Iterator, Mapping
from functools import partial

from ledger12315.boxes import Box, Filled
from ledger12315.boxes.forms import (
    INFORMANT,
    PERIOD,
    POINT_WORD,
    POINT_WORDS,
    REASON,
    RECORD_BOXES,
    RECORD_ID,
    RECORDS,
)
from ledger12315.boxes.kinds import DAY, LINE, Value
from ledger12315.boxes.masks import mask_name
from ledger12315.boxes.people import NAME, PHONE
from ledger12315.boxes.spoken import spoken_period
from ledger12315.boxes.tables import TABLES
from ledger12315.boxes.worded import LineOrWord, OneWord
from ledger12315.cli.asking.questions import (
    POINT_ROW,
    SHARED,
    Asked,
    Asking,
    Doubt,
    Questions,
    never,
    nothing_given,
    point_of_last_entry,
)
from ledger12315.cli.command import amending_command, command, given_or_asked
from ledger12315.cli.face.answers import (
    Column,
    Record,
    Result,
    answer_of_change,
    answer_of_list,
    shown_texts,
)
from ledger12315.cli.face.desk import Desk
from ledger12315.cli.face.lookups import act_on_each, read_own_period
from ledger12315.cli.face.options import ONE_POINT
from ledger12315.errors import Message, message
from ledger12315.ledger import records
from ledger12315.ledger.notices import demand_cases
from ledger12315.ledger.points import Point, find_point, given_point
from ledger12315.ledger.store import Ledger, LedgerRow
from ledger12315.words import FOR_ALL, RECORD_KINDS

_KIND = Box("kind", "种类", OneWord(RECORD_KINDS), "only this kind", metavar="[KIND]")
_KIND_OR_PERIOD = _KIND._replace(kind=LineOrWord(RECORD_KINDS))
_WITHIN = PERIOD._replace(required=False, metavar="[PERIOD]", help="only this period")
_NEVER_BROKEN = ("on", "reported", "number")
# Most counts are 1, so they are aligned left like text.
_BOXES = RECORD_BOXES | {"count": RECORD_BOXES["count"]._replace(kind=LINE)}
_COLUMNS = (
    Column("id", "登记号", right=True),
    Column("kind", "种类", kind=OneWord(RECORD_KINDS)),
    Column("point", "服务点"),
    *(Column.of(box, narrow=key not in _NEVER_BROKEN) for key, box in _BOXES.items()),
    Column("voided", "作废日期", kind=DAY),
    Column.of(TABLES["record"]["void_reason"], screen=False),
)
_HEAD = ("id", "kind", "point", "voided")
_INFORMANT = (
    Column("id", "登记号"),
    Column("name", "举报人", kind=NAME),
    Column("phone", "联系电话", kind=PHONE),
)


_AT_LAST_POINT = POINT_ROW._replace(enter=point_of_last_entry)
_AT_ALL = POINT_ROW._replace(needed=never, empty=message(" (Enter: all)"))
_TEXT = Asked("text")


def _at_point(*rows: Asked) -> Questions:
    return Questions((_AT_LAST_POINT, *rows))


def _for_all(*rows: Asked) -> Questions:
    """Return the questions of a record that may be for all points; asked if nothing is given."""
    return Questions((_AT_ALL, *rows), begins=nothing_given)


_QUESTIONS = {
    "inquiry": _at_point(Asked("count"), _TEXT),
    "lead": _at_point(_TEXT, Asked("agency")),
    "major": _at_point(_TEXT),
    "visit": _at_point(_TEXT, Asked("raised"), Asked("result")),
    "meeting": _for_all(_TEXT, *map(Asked, ("place", "host", "attended", "decided"))),
    "training": _for_all(
        _TEXT, Asked("attended", when=lambda asking: asking.known.get("point") == "")
    ),
    "publicity": _for_all(_TEXT),
    "notice": _at_point(_TEXT, Asked("respondent")),
    "interview": _at_point(
        _TEXT,
        *map(Asked, ("respondent", "interviewed", "complaints", "promised")),
        Asked("promised_by", when=lambda asking: bool(asking.known.get("promised"))),
    ),
}
"""The table of each kind of record."""


def _recorder(kind: str, where: Box = POINT_WORD) -> Callable[..., None]:
    """Return the command that records one kind, at the point or points of a box."""
    boxes = (where._replace(required=kind not in FOR_ALL), *RECORDS[kind])
    asks = _QUESTIONS[kind]._replace(doubts=partial(_doubts_of_repetition, kind))
    make = command(*boxes, arguments=1, flags="json from_stdin", asks=asks)
    return make(lambda desk, filled: _record_at_points(desk, kind, filled))


def _doubts_of_repetition(kind: str, asking: Asking) -> Iterator[Doubt]:
    """Yield a doubt if the same was recorded already."""
    row: LedgerRow = {"id": None, "kind": kind, "point_id": asking.point and asking.point.id}
    row |= {"text": None, "respondent": None, **asking.values()}
    with asking.desk.read() as ledger:
        yield from (Doubt(each, "text") for each in [*_same(ledger, row)])


def _same(ledger: Ledger, row: LedgerRow) -> Iterator[Message]:
    if same := records.same_records(ledger, row):
        yield message("Is it the same as record {ids}? Same point, day and text.", ids=same)


def _record_at_points(desk: Desk, kind: str, filled: Filled) -> Result:
    """Record it at each named point, or once for all points. Raises Refused."""
    words = filled.take_lines("point") if "point" in filled else [""]
    with desk.write() as ledger:

        def find(word: str) -> Point | None:
            return find_point(ledger, word) if word else None

        def one(point: Point | None) -> tuple[records.Recorded, Message]:
            made = records.write_record(ledger, kind, point, filled)
            demand_cases(ledger, made.id)
            return made, _record_sentence(made, point)

        made, sentences = zip(*act_on_each(words, find, one), strict=True)
        notes = [note for each in made for note in _notes_on(ledger, each.id, new=True)]
    documents = [each._asdict() for each in made]
    document = documents if len(documents) > 1 else documents[0]
    return Result(sentences, document, before=notes)


def _record_sentence(made: records.Recorded, point: Point | None) -> Message:
    """Return a new record in words."""
    return message(
        "Recorded for {point} on {day}; {kind}: {count} (record {id})",
        point=point.name if point else message("all points"),
        kind=RECORD_KINDS[made.kind],
        day=made.on,
        count=made.count,
        id=made.id,
    )


record_inquiry = _recorder("inquiry")
record_lead = _recorder("lead")
record_major = _recorder("major")
record_visit = _recorder("visit", POINT_WORDS)
record_meeting = _recorder("meeting")
record_training = _recorder("training")
record_publicity = _recorder("publicity")
record_notice = _recorder("notice")
record_interview = _recorder("interview")


def _notes_on(ledger: Ledger, record_id: int, new: bool = False) -> Iterator[Message]:
    """Yield what is unlikely about a record that was just written, or amended."""
    row = records.valid_record(ledger, record_id)
    if names := [mask_name(name) for name in records.unknown_trainees(ledger, row)]:
        yield message("Not liaisons of the point on that day: {names}.", names=names)
    if new:
        yield from _same(ledger, row)


def _texts_of_record(desk: Desk, text: str) -> Mapping[str, str]:
    """Return the boxes of a record as text. Raises Refused."""
    with desk.read() as ledger:
        row = records.valid_record(ledger, int(text))
    return shown_texts(desk, row, (box for box in RECORDS[row["kind"]] if box != INFORMANT))


def _demand_record(desk: Desk, text: str) -> None:
    """Raise Refused unless the record exists."""
    _texts_of_record(desk, text)


@amending_command(
    RECORD_ID,
    *RECORD_BOXES.values(),
    asks=Questions((SHARED["id"]._replace(names=_demand_record),), current=_texts_of_record),
)
def amend_record(desk: Desk, text: str, changes: dict[str, Value | None]) -> Result:
    """Correct or fill boxes of a record; an empty text clears a box."""
    record_id = int(text)
    with desk.write() as ledger:
        records.correct_record(ledger, record_id, changes)
        demand_cases(ledger, record_id)
        notes = [*_notes_on(ledger, record_id)]
    labels = [RECORD_BOXES[key].label for key in changes]
    sentence = message("Record {id} is amended: {boxes}.", id=record_id, boxes=labels)
    return answer_of_change(sentence, before=notes)


@command(RECORD_ID, REASON, arguments=1, flags="from_stdin")
def void_record(desk: Desk, filled: Filled) -> Result:
    """Void a record made by mistake."""
    record_id = filled.number("id")
    with desk.write() as ledger:
        records.void_record_row(ledger, record_id, filled.text("reason"), desk.today)
    return answer_of_change(message("Record {id} is void: it counts nowhere.", id=record_id))


@command(RECORD_ID, arguments=1, flags="json")
def show_informant(desk: Desk, filled: Filled) -> Result:
    """Show the informant of a lead; this is recorded."""
    with desk.read() as ledger:
        found = records.informant(ledger, filled.number("id"))
    desk.reveal = True
    return Result((Record(found._asdict(), _INFORMANT),), about=str(found.id))


@command(_KIND_OR_PERIOD, _WITHIN, ONE_POINT, arguments=2, flags="json csv reveal")
def list_records(desk: Desk, filled: Filled) -> Result:
    """List records; informants are never shown."""
    kind, text = filled.given("kind", str), filled.given("period", str)
    if kind and not text and (kind[:1].isdigit() or spoken_period(kind, desk.today) != kind):
        kind, text = None, given_or_asked(desk, PERIOD, kind)
    code = str(_KIND.parse(kind, desk.today)) if kind else None
    with desk.read() as ledger:
        only = given_point(ledger, filled)
        within = read_own_period(ledger, text) if text else None
        rows = records.select_records(ledger, code, within, only)
    return answer_of_list(rows, _kind_columns(code or "publicity"))


def _kind_columns(kind: str) -> list[Column]:
    """Return the columns; 80 columns of a terminal hold the boxes of only one kind."""
    shown = {*_HEAD, *(box.key for box in RECORDS[kind])}
    return [each._replace(screen=each.screen and each.key in shown) for each in _COLUMNS]
