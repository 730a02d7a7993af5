"""What people type: the boxes given as options or as JSON, and the rows that words name."""

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeGuard, TypeVar

from ledger12315.boxes import Box, Filled, by_key, parse_all
from ledger12315.boxes.forms import REFINED
from ledger12315.boxes.kinds import EventDay, Value
from ledger12315.boxes.masks import mask_name, mask_text_of
from ledger12315.boxes.reading import Misread, decode_text, dict_of_unique_keys
from ledger12315.boxes.worded import UnknownWord
from ledger12315.cli.face.desk import Desk
from ledger12315.cli.face.help import command_path
from ledger12315.cli.face.options import demand_no_lost_chinese
from ledger12315.errors import LedgerError, Message, Unclear, message
from ledger12315.ledger.points import find_point
from ledger12315.ledger.store import Ledger
from ledger12315.ledger.store.history import newest_day

if TYPE_CHECKING:  # slow to load, and most commands do not need them
    from ledger12315.rules.doubts import DoubtedDay
    from ledger12315.rules.periods import Period
    from ledger12315.rules.workdays import Calendar

_Found = TypeVar("_Found")
_Made = TypeVar("_Made")


Texts = Mapping[str, str]
"""Boxes as they were typed, by key; one that was left empty is an empty text."""


def given_boxes(
    boxes: Sequence[Box],
    naming: int,
    typed: Mapping[str, str],
    desk: Desk,
    emptied: bool = False,
) -> Texts:
    """Return the boxes given as options and in JSON, as typed; one left empty is an empty text.

    A typed value replaces that of the JSON, except in the first `naming` boxes, which name a row:
    there both must mean the same row. Raises Unclear.
    """
    stated = _object(desk.boxes_in, boxes, emptied) if desk.boxes_in else {}
    for box in boxes[:naming]:
        both = [each[box.key] for each in (stated, typed) if box.key in each]
        if len(both) > 1 and not is_same_row(desk, box, *both):
            raise Unclear(
                "The JSON and the command line name a different {box}. Give it once.", box=box.key
            )
    given, known = {**stated, **typed}, by_key(*boxes)
    return {key: "" if known[key].emptied(text) else text for key, text in given.items()}


def to_amend(boxes: Sequence[Box]) -> tuple[Box, ...]:
    """Return an amendment's boxes: only the first, which names the row, is required."""
    subject, *others = boxes
    return (subject, *(box.optional() for box in others))


def read_changes(
    boxes: Sequence[Box], given: Mapping[str, str], desk: Desk
) -> tuple[str, dict[str, Value | None]]:
    """Return the name of the row to be amended, and each box that was given.

    An emptied box is None. Raises Unclear.
    """
    subject = boxes[0]
    if not given.keys() - {subject.key} and subject.key in given:
        raise Unclear(
            "Nothing to amend: name at least one box. See: `{command} --help`",
            command=command_path(desk.ctx),
        )
    filled: Filled = parse_all(with_station_words(desk, boxes, given), given, desk.today)
    changes = {key: filled.get(key) for key in given if key != subject.key}
    return str(filled[subject.key]), changes


def _object(file: str, boxes: Sequence[Box], emptied: bool) -> dict[str, str]:
    """Return the boxes of one JSON object in a file, or on standard input for -.

    Raises Unclear, also for empty texts unless they empty a box.
    """
    place = message("Standard input") if file == "-" else file
    read = _json_document(file, place)
    if not _has_only_texts(read):
        raise Unclear(
            "{place} must be one JSON object whose values are texts, numbers or null.", place=place
        )
    keys = [box.key for box in boxes]
    if unknown := [key for key in read if key not in keys]:
        raise Unclear(
            "{place} has unknown boxes: {unknown}. Known boxes: {keys}.",
            place=place,
            unknown=unknown,
            keys=keys,
        )
    given = {key: value for key, value in read.items() if value is not None}
    for key, text in given.items():
        demand_no_lost_chinese(key, text)
    if empty := [key for key, text in given.items() if not text.strip() and not emptied]:
        raise Unclear("{place} has empty values: {keys}. Leave them out.", place=place, keys=empty)
    return given


def _has_only_texts(read: object) -> TypeGuard[dict[str, str | None]]:
    return isinstance(read, dict) and all(isinstance(each, str | None) for each in read.values())


def _json_document(file: str, place: Message | str) -> object:
    """Return the JSON document in a file or on standard input. Raises Unclear, Unacceptable."""
    import json

    from ledger12315.sheets.incoming.small import content_of_file

    try:
        # As bytes: a file is UTF-8 in any console.
        text = decode_text(sys.stdin.buffer.read() if file == "-" else content_of_file(Path(file)))
        return json.loads(
            text, parse_float=str, parse_int=str, object_pairs_hook=dict_of_unique_keys
        )
    except Misread as wrong:
        raise Unclear("{place}: {problem}.", place=place, problem=wrong.message) from None
    except (ValueError, RecursionError):
        raise Unclear(
            "{path} is not one JSON object such as {example}.",
            path=place,
            example='{"complainant": "…", "item": "…"}',
        ) from None


def complaint_for(act: str) -> Callable[[Desk, str], str]:
    """Return a function that finds each complaint in a line, and says what tells it apart.

    It raises Refused if a complaint's state does not allow the act.
    """
    # Most commands do not need it.
    from ledger12315.ledger.complaints.finding import complaint_allowing

    def look(desk: Desk, words: str) -> str:
        with desk.read() as ledger:
            found = [complaint_allowing(ledger, each, act) for each in words.splitlines()]
        return "、".join(case_in_words(each, desk) for each in found)

    return look


_TOLD_APART = ("number", "item", "complainant", "received", "respondent")


def case_in_words(row: Mapping[str, Any], desk: Desk) -> str:
    """Return what tells a complaint from others: number, goods, consumer, day and stall."""
    shown = {key: row[key] for key in _TOLD_APART}
    for key in ("item", "respondent"):
        shown[key] = mask_text_of(row, key, desk.known_phones)
    shown["complainant"] = mask_name(row["complainant"])
    return " ".join(str(each) for each in shown.values() if each)


def with_station_words(
    desk: Desk, boxes: Sequence[Box], given: Mapping[str, str]
) -> Sequence[Box]:
    """Return boxes that also take the station's own words.

    The ledger is read only if somebody may be asked, or if a given word is not a fixed one.
    """
    those = [box for box in boxes if box.key in REFINED and box.kind.words]
    strange = (_is_strange(desk, box, given[box.key]) for box in those if box.key in given)
    if not those or not (desk.asks or any(strange)):
        return boxes
    from ledger12315.ledger.words import refinements

    with desk.read() as ledger:
        known = refinements(ledger)
    kinds = {box.key: box.kind.refined(known[box.key]) for box in those}
    return [box._replace(kind=kinds.get(box.key, box.kind)) for box in boxes]


def _is_strange(desk: Desk, box: Box, text: str) -> bool:
    try:
        box.kind.read(text, desk.today)
    except UnknownWord:
        return True
    return False


def number_of_complaint(desk: Desk, words: str) -> str:
    """Return the number of the complaint that words name. Raises Refused."""
    with desk.read() as ledger:
        return number_for(ledger)(words)


def number_for(ledger: Ledger, act: str = "") -> Callable[[str], str]:
    """Return a function that returns the number of the complaint that words name for an act."""
    from ledger12315.ledger.complaints.finding import find_complaint

    return lambda words: str(find_complaint(ledger, words, act)["number"])


def act_on_each(
    words: Iterable[str], find: Callable[[str], _Found], act: Callable[[_Found], _Made]
) -> Iterator[_Made]:
    """Yield an act's result for each thing that words name, once; an error names the word."""
    several, done = [*words], list[_Found]()
    for each in several:
        try:
            if (found := find(each)) not in done:
                yield act(found)
                done.append(found)
        except LedgerError as error:
            if len(several) > 1:
                error.notes += (
                    message("The problem is in {name}. Nothing was written.", name=each),
                )
            raise


def is_same_row(desk: Desk, box: Box, one: str, other: str) -> bool:
    """Return whether two texts for a box name one row. Raises Refused if one names none."""
    find = {"number": number_of_complaint, "point": codes_and_names}.get(box.key)
    return one == other or (find is not None and find(desk, one) == find(desk, other))


def codes_and_names(desk: Desk, word: str) -> str:
    """Return code and name of the point that each line names. Raises Refused."""
    with desk.read() as ledger:
        points = [find_point(ledger, each) for each in word.splitlines()]
    return "、".join(f"{point.code} {point.name}" for point in points)


def calendar_at(desk: Desk) -> "Calendar":
    """Return the ledger's calendar; without a ledger, the program's own."""
    from ledger12315.ledger.calendar import calendar_of, library_calendar

    if not desk.path.exists():
        return library_calendar()
    with desk.read() as ledger:
        return calendar_of(ledger)


def read_own_period(ledger: Ledger, text: str, as_of: date | None = None) -> "Period":
    """Return the period that a text names, by the station's own year. Raises Unclear.

    A submitted annual return keeps the year by which it was submitted.
    """
    from ledger12315.ledger.settings import settings
    from ledger12315.rules.periods import parse_period

    period = parse_period(text, settings(ledger)["annual_period"], as_of)
    if period.is_annual:
        from ledger12315.ledger.returns.frozen import annual_reading

        if read := annual_reading(ledger, period.code):
            return parse_period(text, read[1], as_of)
    return period


def begun_period(desk: Desk, ledger: Ledger, filled: Filled) -> "Period":
    """Return the period that is asked for. Raises Unclear, also if it has not begun."""
    period = read_own_period(ledger, filled.text("period"), filled.day("as_of", desk.today))
    if period.last >= desk.today and "as_of" not in filled:
        desk.demand_clock(newest_day(ledger))
    if period.first > desk.today:
        raise Unclear(
            "{period} has not begun; it begins on {first}.", period=period.code, first=period.first
        )
    return period


def doubted_boxes(
    desk: Desk, boxes: Sequence[Box], words: str, values: Mapping[str, object]
) -> "list[DoubtedDay]":
    """Return the doubted days among an act's values; the `words` are those of its first box."""
    given = {box.key: values.get(box.key) for box in boxes if isinstance(box.kind, EventDay)}
    days = {key: day for key, day in given.items() if isinstance(day, date) and day != desk.today}
    if not days:
        return []
    from ledger12315.ledger.doubts import doubts_of_act  # most acts are of today

    with suppress(LedgerError), desk.read() as ledger:  # the act says what is wrong with it
        return doubts_of_act(ledger, boxes[0].key, words, days, desk.today)
    return []
