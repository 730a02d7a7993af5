"""Reading the boxes given as options or as JSON; missing boxes are named."""

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TypeGuard

from ledger12315.boxes import Box, Filled, by_key, parse_all
from ledger12315.boxes.kinds import Value
from ledger12315.boxes.reading import Misread, decode_text, dict_of_unique_keys
from ledger12315.cli.face.arguments import demand_no_lost_chinese
from ledger12315.cli.face.desk import Desk
from ledger12315.cli.face.help import command_path
from ledger12315.cli.face.lookups import is_same_row, with_station_words
from ledger12315.errors import Message, Unclear, message

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
            "Nothing to amend: name at least one box. See: {command} --help",
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
