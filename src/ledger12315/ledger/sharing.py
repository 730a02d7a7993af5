"""A copy of the ledger that others may read: the content of its views alone."""

import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any

from ledger12315.boxes.masks import Names, People, mask_numbers
from ledger12315.errors import Refused
from ledger12315.ledger.people import all_names, known_phones
from ledger12315.ledger.station import unit_name
from ledger12315.ledger.store import Ledger
from ledger12315.ledger.store.atomic import new_file_beside, put
from ledger12315.ledger.store.explaining import explain_copying
from ledger12315.ledger.store.files import demand_alone, header_of
from ledger12315.ledger.store.opening import Tell, no_remark, reading
from ledger12315.ledger.store.readable import READABLE, Readable

_Mask = Callable[[str, str], str]
_SHARED = 0x12316
"""The application_id of a shared copy, by which it may be replaced."""


def share(ledger: Path, target: Path, remark: Tell = no_remark) -> dict[str, int]:
    """Write the copy; return the number of rows of each view.

    Raises Refused if `target` exists and is no shared copy, Unusable if it cannot be written.
    """
    _demand_share_room(target)
    with new_file_beside(target, readers="anybody") as fresh:
        with (
            reading(ledger, remark) as whole,
            explain_copying(target),
            closing(sqlite3.connect(fresh)) as copy,
        ):
            names, phones = Names(all_names(whole)), known_phones(whole)
            counts = {
                view.name: _copy_view(whole, copy, view, partial(_masked_text, names, phones))
                for view in READABLE
            }
            copy.execute(f"PRAGMA application_id = {_SHARED}")
            copy.commit()
        put(fresh, target)
    return counts


def description_of_copy(ledger: Ledger, target: Path) -> dict[str, Any]:
    """Return a copy's description for Datasette: the station, the tables, and the unit yuan."""
    tables = {
        each.name: {
            "description": each.about,
            "columns": dict.fromkeys(each.headings("yuan"), "元"),
        }
        for each in READABLE
    }
    title = f"{unit_name(ledger)}12315消费维权服务点台账"
    about = (
        "不含消费者、举报人和工作人员的个人信息，不含叙述性文字；其余文字中的姓名、电话已遮盖。"
    )
    return {
        "title": title,
        "description": about,
        "databases": {target.stem: {"title": title, "description": about, "tables": tables}},
    }


def _demand_share_room(target: Path) -> None:
    demand_alone(target)
    if target.is_file():
        begins = header_of(target)
        if begins.sqlite and begins.application == _SHARED:
            return
    if target.exists():
        raise Refused(
            "{path} is not a shared copy, so it is not overwritten. Choose another name.",
            path=target,
        )


def _copy_view(ledger: Ledger, copy: sqlite3.Connection, view: Readable, mask: _Mask) -> int:
    """Copy a view's rows with free texts masked; return their number."""
    found = ledger.execute(f'SELECT * FROM "{view.name}"')
    headings = [column[0] for column in found.description]
    typed = [heading in view.headings("typed") for heading in headings]
    quoted = ", ".join(f'"{heading}"' for heading in headings)
    copy.execute(f'CREATE TABLE "{view.name}" ({quoted})')
    places = ", ".join("?" * len(headings))
    rows = (_masked_row(row, typed, mask) for row in found)
    return copy.executemany(f'INSERT INTO "{view.name}" VALUES ({places})', rows).rowcount


def _masked_row(row: Sequence[Any], typed: Iterable[bool], mask: _Mask) -> list[Any]:
    first = str(row[0])  # a complaint's number
    pairs = zip(row, typed, strict=True)
    return [mask(first, value) if text and value else value for value, text in pairs]


def _masked_text(names: Names, phones: Mapping[str, Sequence[str]], number: str, text: str) -> str:
    masked = mask_numbers(names.mask(text))
    of_case = phones.get(number)
    return People((), of_case).mask(masked) if of_case else masked
