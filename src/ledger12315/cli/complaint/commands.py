"""`complaint` 投诉: list, find and show; amend, escalate, reopen and void."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import partial
from typing import Any

from ledger12315.boxes import Box, Filled, Option
from ledger12315.boxes.amounts import MONEY
from ledger12315.boxes.arguments import (
    COMPLAINT_NUMBER,
    COMPLAINT_NUMBERS,
    IMPORT_ACT,
    REASON,
    WORDS,
)
from ledger12315.boxes.complaint import AMENDED_COMPLAINT, COMPLAINT, ESCALATE, LATER
from ledger12315.boxes.kinds import DAY, LINE, Value
from ledger12315.boxes.worded import OneWord
from ledger12315.cli.command import amending, command
from ledger12315.cli.complaint.questions import AMEND_QUESTIONS, VOID_QUESTIONS, reasoned
from ledger12315.cli.face.answers import (
    Column,
    Record,
    Result,
    Row,
    Table,
    aligned,
    cells_of,
    done,
    filled_form,
    listing,
)
from ledger12315.cli.face.desk import Desk
from ledger12315.cli.face.lookups import of_each, period_named
from ledger12315.cli.face.options import DRY_RUN, ONE_POINT, given_one
from ledger12315.errors import Message, message
from ledger12315.ledger.complaints import acts, views
from ledger12315.ledger.complaints.amending import correct_complaint
from ledger12315.ledger.complaints.finding import allowed
from ledger12315.ledger.complaints.imports import import_of
from ledger12315.ledger.points import only_point
from ledger12315.ledger.store import Ledger
from ledger12315.ledger.store.derived import DERIVED
from ledger12315.locale import _, day_words, render
from ledger12315.words import LIFE, STATES, TYPES

_HEAD = (
    Column("number", "编号"),
    Column("point", "服务点"),
    Column("due", "应办结", kind=DAY),
    Column("provisional", "暂定"),
    Column("state", "状态", kind=OneWord(STATES), narrow=True),
)
_ON_SCREEN = ("received", "complainant", "item")
_BOXES = tuple(
    Column.of(box, narrow=key == "item", screen=key in _ON_SCREEN)
    for key, box in COMPLAINT.items()
)
_ALL = (
    *_HEAD,
    Column("point_name", "服务点名称"),
    Column("type", "经营者类型", "operator type", OneWord(TYPES)),
    *_BOXES,
    *(Column.of(box) for box in LATER.values()),
)
_SHORT_KEYS = (*_ON_SCREEN, "problem", "disputed", "outcome", "closed")
_SHORT = (*_HEAD, *(each for each in _BOXES if each.key in _SHORT_KEYS))
_EACH_TOLD = 20
"""More void complaints than this are reported in one sentence."""
_TIMELINE = (
    Column("day", "日期"),
    Column("event", "经过", kind=OneWord(LIFE)),
    Column("working_days", "工作日"),
    Column("note", "说明"),
)
_FILTERS = (
    Box("state", "状态", OneWord(STATES), "its state"),
    *(COMPLAINT[key].optional() for key in ("outcome", "category")),
    Box(
        "respondent",
        "被投诉经营者",
        LINE,
        "the respondent's name (the host's where none is given) contains this text",
    ),
    Box("at_least", "争议金额下限", MONEY, "minimum disputed amount, yuan"),
    Box("at_most", "争议金额上限", MONEY, "maximum disputed amount, yuan"),
    Box(
        "text",
        "内容",
        LINE,
        "names, goods, facts, handling, reasons, remark or a number contain this text",
    ),
)
_TO_VOID = COMPLAINT_NUMBERS._replace(unless=IMPORT_ACT.key)
_RECEIVED = Option("period", "报告期", LINE, "received in this period", metavar="PERIOD")


def _listed_columns(desk: Desk) -> tuple[Sequence[Column], list[str]]:
    """Return the columns of a list, and the keys that the ledger is asked for."""
    columns = _ALL if desk.form in ("json", "csv") else _SHORT
    keys = [column.key for column in columns if column.key not in ("due", "provisional")]
    return columns, [*keys, "local_words"]


@command(*_FILTERS, ONE_POINT, _RECEIVED, takes="json csv reveal")
def list_complaints(desk: Desk, filled: Filled) -> Result:
    """List complaints."""
    columns, keys = _listed_columns(desk)

    def rows(ledger: Ledger) -> Iterator[Row]:
        only = only_point(ledger, filled)
        within = period_named(ledger, filled.text("period")) if "period" in filled else None
        # A pager may stay open for long; the ledger is free for others meanwhile.
        sought = {box.key: filled[box.key] for box in _FILTERS if box.key in filled}
        found = views.complaints_listed(ledger, only, within, sought, keys, copy_and_unlock=True)
        return _complaints_in_words(desk, found)

    return listing(desk.stream(rows), columns)


def _complaints_in_words(desk: Desk, rows: Iterator[dict[str, Any]]) -> Iterator[Row]:
    """Return complaints in local words; JSON has the fixed ones."""
    return rows if desk.form == "json" else map(views.in_local_words, rows)


@command(WORDS, arguments=1, takes="json csv reveal")
def find_complaints(desk: Desk, filled: Filled) -> Result:
    """Find complaints by phone, name, goods, respondent or number, newest first."""
    columns, keys = _listed_columns(desk)
    words = " ".join(filled.take_lines("words"))
    with desk.read() as ledger:
        rows = list(_complaints_in_words(desk, views.complaints_found(ledger, words, keys)))
    notes = () if rows else (message("Nothing is found."),)
    return Result((Table(rows, columns),), notes=notes)


@command(COMPLAINT_NUMBER, arguments=1, takes="json reveal")
def show_complaint(desk: Desk, filled: Filled) -> Result:
    """Show one complaint with all its boxes and its timeline."""
    with desk.read() as ledger:
        row = views.complaint_shown(ledger, filled.text("number"))
        moments = views.timeline(ledger, row)
    if desk.form == "json":
        told = [
            {"date": each.day, "event": each.event, "working_days": each.working_days}
            for each in moments
        ]
        columns = (*_ALL, Column("timeline", "经过"))
        return Result((Record(row | {"timeline": told}, columns),), about=row["number"])
    said = views.in_local_words(row)
    lines = [_timeline_row(each, said, desk.today) for each in moments]
    parts = (Record(said, _ALL), Table(lines, _TIMELINE, drawn=_aligned))
    return Result(parts, about=row["number"])


def _timeline_row(moment: views.Moment, row: Mapping[str, Any], today: date) -> dict[str, object]:
    """Return a line of the timeline; an event still to come is marked."""
    notes: dict[str, object] = {
        "closed": row["outcome"] and COMPLAINT["outcome"].kind.shown(row["outcome"]),
        "archived": row["archive_no"],
    }
    note = message("not yet due") if moment.day and moment.day > today else notes.get(moment.event)
    return {
        "day": moment.day and day_words(moment.day),
        "event": moment.event,
        "working_days": moment.working_days,
        "note": note and render(note),
    }


def _aligned(rows: Sequence[Row]) -> Iterator[str]:
    headings = [column.heading for column in _TIMELINE]
    return aligned([headings, *cells_of(rows, _TIMELINE)])


@command(
    *(COMPLAINT_NUMBER, *ESCALATE),
    arguments=1,
    takes="json from_stdin",
    asks=reasoned("escalate"),
)
def escalate_complaint(desk: Desk, filled: Filled) -> Result:
    """Escalate a complaint to the station."""
    words, on = filled.text("number"), filled.day("on")
    with desk.write() as ledger:
        number = acts.escalate(ledger, words, filled.text("reason"), on)
    sentence = message("{number} has been with the station since {day}.", number=number, day=on)
    return done(sentence, {"number": number, "escalated": on})


def _complaint_form(desk: Desk, words: str) -> Mapping[str, str]:
    """Return the shown boxes of a complaint, or nothing for several complaints.

    Raises Refused.
    """
    with desk.read() as ledger:
        known = [allowed(ledger, each, "amend") for each in words.splitlines()]
        if len(known) > 1:
            return {}
        [said] = known
        row = {**views.complaint_shown(ledger, said["number"])}
    # Derived values would still follow from the old ones.
    row |= {key: said[key] for key in DERIVED}
    row["point"] += f" {row['point_name']}"
    return filled_form(desk, row, AMENDED_COMPLAINT.values())


@amending(
    COMPLAINT_NUMBERS,
    *AMENDED_COMPLAINT.values(),
    asks=AMEND_QUESTIONS._replace(form=_complaint_form),
)
def amend_complaint(desk: Desk, words: str, changes: Mapping[str, Value | None]) -> Result:
    """Correct or fill boxes; an empty text clears a box."""
    with desk.write() as ledger:
        made = [*of_each(words.splitlines(), partial(correct_complaint, ledger, boxes=changes))]
    labels = [AMENDED_COMPLAINT[key].label for key in changes]
    sentences = [
        message("{number} is amended: {boxes}.", number=each.number, boxes=labels) for each in made
    ]
    return Result(sentences, before=[note for each in made for note in each.notes])


@command(COMPLAINT_NUMBER, REASON, arguments=1, takes="from_stdin", asks=reasoned("reopen"))
def reopen_complaint(desk: Desk, filled: Filled) -> Result:
    """Undo a wrong closing or escalation."""
    with desk.write() as ledger:
        number = acts.reopen(ledger, filled.text("number"), filled.text("reason"))
    return done(
        message("{number} is open again; its history keeps what was undone.", number=number)
    )


@command(
    *(_TO_VOID, REASON, IMPORT_ACT, DRY_RUN),
    arguments=1,
    takes="json from_stdin",
    asks=VOID_QUESTIONS,
)
def void_complaints(desk: Desk, filled: Filled) -> Result:
    """Void complaints entered by mistake: some, or all of one import."""
    with desk.read() as ledger:
        numbers, notes = _to_void(ledger, filled)
    if "dry_run" in filled:
        return _voided(numbers, None, notes)
    if IMPORT_ACT.key in filled and desk.asks:
        desk.demand(*notes, question=_("Void them all? [y/N]"))
        notes = []
    with desk.write() as ledger:
        numbers, _notes = _to_void(ledger, filled)
        acts.void_all(ledger, numbers, filled.text("reason"), desk.today)
    return _voided(numbers, desk.today, notes)


def _to_void(ledger: Ledger, filled: Filled) -> tuple[list[str], list[Message]]:
    """Return the complaints to void, and remarks. Raises Refused if a state does not allow it."""
    if IMPORT_ACT.key not in filled:
        words = filled.text("number").splitlines()
        named = of_each(words, lambda each: str(allowed(ledger, each, "void")["number"]))
        return [*dict.fromkeys(named)], []
    given_one(filled, _TO_VOID, Option(*IMPORT_ACT))
    brought = filled.text(IMPORT_ACT.key).splitlines()
    found = [import_of(ledger, int(act)) for act in dict.fromkeys(brought)]
    notes = [message("To be voided: {what}", what=each.words) for each in found]
    if changed := [number for each in found for number in each.changed]:
        notes.append(message("Changed since the import: {numbers}", numbers=changed))
    return [number for each in found for number in each.numbers], notes


def _voided(numbers: Sequence[str], day: date | None, notes: Sequence[Message]) -> Result:
    """Return the answer: the complaints that were voided on a day, or would be (None)."""
    sentences = [
        message("{number} is void: it keeps its number and counts nowhere.", number=number)
        for number in numbers
    ]
    if len(numbers) > _EACH_TOLD:
        sentences = [
            message(
                "Complaints voided: {count}, from {first} to {last}. They keep their numbers "
                "and count nowhere.",
                count=len(numbers),
                first=numbers[0],
                last=numbers[-1],
            )
        ]
    if not day:
        sentences = [
            message("Dry run, nothing was changed. {done}", done=each) for each in sentences
        ]
    return Result(sentences, {"numbers": numbers, "voided": day}, before=notes)
