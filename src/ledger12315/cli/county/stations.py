"""`county stations`: which stations the county expects, and from when until when."""

import csv
from collections.abc import Iterator, Mapping
from datetime import date
from io import StringIO
from pathlib import Path

from ledger12315.boxes import Box, Filled
from ledger12315.boxes.kinds import DAY, LINE, PATH
from ledger12315.boxes.names import comparable_name, names_in
from ledger12315.boxes.reading import (
    NOTHING_WRITTEN,
    Misread,
    ReadCell,
    read_day,
    typed_day,
    typed_line,
)
from ledger12315.cli.command import command
from ledger12315.cli.county.store import STORE, open_county, store_of
from ledger12315.cli.face.answers import Column, Result, answer_of_change, answer_of_list
from ledger12315.cli.face.desk import Desk
from ledger12315.cli.face.files import write_whole
from ledger12315.county.store import open_store, replace_registry
from ledger12315.errors import Message, Refused, Unacceptable, message
from ledger12315.locale import by_language
from ledger12315.rules.registry import RegistryEntry, entry_problems
from ledger12315.sheets.incoming.reading import read_sheets

_LIST = Box("file", "名单", PATH, "a table of stations, xlsx or csv, one per line", required=True)
# A box of an entry -> its headings, English and Chinese.
_HEADINGS = {
    "key": ("key", "台账标识"),
    "code": ("code", "代码"),
    "name": ("name", "名称"),
    "county_code": ("county code", "县代码"),
    "county": ("county", "县"),
    "since": ("valid from", "自"),
    "until": ("until", "至"),
    "follows": ("follows", "承接"),
}
_NEEDED = ("key", "name", "county")
_TEXTS = (*_NEEDED, "code", "county_code", "follows")


_DRAFT = _LIST._replace(help="the file to write, a csv")
_REGISTRY = (
    Column("name", "名称", "station"),
    Column("key", "台账标识"),
    Column("county", "县"),
    Column("code", "代码", screen=False),
    Column("county_code", "县代码", screen=False),
    Column("from", "自", kind=DAY),
    Column("until", "至", kind=DAY),
    Column("follows", "承接", kind=LINE),
)


@command(_LIST, STORE, arguments=1, flags="json")
def load_stations(desk: Desk, filled: Filled) -> Result:
    """Load the list of all stations, replacing the previous one."""
    place, file = store_of(desk, filled), filled.path("file")
    problems: list[Message] = []
    entries = list(_registry_entries(file, desk.today, problems))
    problems += entry_problems(entries)
    if problems or not entries:
        raise Unacceptable("{file} is not a list of stations.", *problems, file=file)
    with open_store(place, writes=True) as duck:
        replace_registry(duck, entries)
    said = message("Stations registered: {count}", count=len({each.key for each in entries}))
    return answer_of_change(
        said, {"registered": len(entries)}, before=[message("Store: {path}", path=place)]
    )


@command(STORE, flags="json csv")
def list_stations(desk: Desk, filled: Filled) -> Result:
    """List the stations that the county expects, with their first and last days."""
    with open_county(desk, filled) as county:
        rows = [each._asdict() for each in county.book.registry]
    for row in rows:
        row |= {"from": row.pop("since"), "follows": "、".join(row["follows"])}
    return answer_of_list(rows, _REGISTRY, before=[county.line])


@command(_DRAFT, STORE, arguments=1)
def draft_stations(desk: Desk, filled: Filled) -> Result:
    """Write a list of the stations whose hand-ins were loaded, to be completed."""
    file = filled.path("file")
    if file.exists():
        raise Refused(
            "{path} exists already, and what was typed into it is not replaced. "
            "Name another file.",
            path=file,
        )
    with open_county(desk, filled) as county:
        last = {}
        for each in sorted(county.book.hand_ins, key=lambda one: one.order):
            last[each.sent.key] = each.sent
        listed = {each.key for each in county.book.registry}
        entries = [*county.book.registry] + [
            RegistryEntry(sent.key, sent.station, sent.county)
            for key, sent in last.items()
            if key not in listed
        ]
    out = csv.writer(text := StringIO())
    out.writerow([by_language(*reversed(names)) for names in _HEADINGS.values()])
    for entry in entries:
        row = entry._asdict() | {"follows": "、".join(entry.follows)}
        out.writerow([row[key] or "" for key in _HEADINGS])
    replaced = write_whole(file, text.getvalue().encode("utf-8-sig"), county.place)
    said = message(
        "Stations written: {count}, into {path}. Complete it, then: `county stations load {path}`",
        count=len(entries),
        path=file,
    )
    return answer_of_change(said, before=[county.line, *replaced])


def _registry_entries(file: Path, today: date, problems: list[Message]) -> Iterator[RegistryEntry]:
    """Yield the entries of a table, and collect errors with their rows."""
    rows = (row for sheet in read_sheets(file) for row in sheet.rows if any(row[1]))
    _, headings = next(rows, (0, []))
    named = {comparable_name(name): key for key, names in _HEADINGS.items() for name in names}
    keys = [named.get(comparable_name(str(each).replace("_", " "))) for each in headings]
    lacking = [by_language(*reversed(_HEADINGS[key])) for key in _NEEDED if key not in keys]
    if lacking:
        problems.append(message("headings are missing: {headings}", headings=lacking))
        return
    for number, cells in rows:
        try:
            yield _entry_of_row(dict(zip(keys, cells, strict=False)), today)
        except Misread as wrong:
            problems.append(message("row {row}: {problem}", row=number, problem=wrong.message))


def _entry_of_row(cells: Mapping[str | None, ReadCell], today: date) -> RegistryEntry:
    """Return the entry of a row. Raises Misread."""
    filled = {key: typed_line(cells.get(key)) for key in _TEXTS}
    for key in _NEEDED:
        if not filled[key]:
            heading = by_language(*reversed(_HEADINGS[key]))
            raise Misread("{heading} is empty", heading=heading)
    return RegistryEntry(
        filled["key"],
        filled["name"],
        filled["county"],
        filled["code"] or None,
        filled["county_code"] or None,
        _registry_day(cells.get("since"), today),
        _registry_day(cells.get("until"), today),
        tuple(names_in(filled["follows"].replace(" ", ","))),
    )


def _registry_day(cell: ReadCell, today: date) -> date | None:
    text = typed_day(cell)
    return None if text in NOTHING_WRITTEN else read_day(text, today, ahead=True)
