"""Invented facts: sound ones, and faulty ones."""

import json
from collections.abc import Iterable, Mapping
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from shutil import copytree
from tempfile import TemporaryDirectory
from typing import Any
from unittest.mock import patch

from ledger12315.county.records import return_document
from ledger12315.county.store import Kept, keep, open_store, transaction
from ledger12315.facts import writing
from ledger12315.facts.arriving import Fault, SentFacts, read_facts
from ledger12315.facts.engine import Duck
from ledger12315.facts.manifest import (
    MANIFEST,
    Manifest,
    Sender,
    hash_of,
    parse_manifest,
)
from ledger12315.facts.taking_in import take_in_facts
from ledger12315.facts.writing import _write_table, write_facts
from ledger12315.rules.facts import FACTS
from ledger12315.rules.hand_ins import StationReturn, period_before, sum_figures
from ledger12315.rules.measures import Figures, with_totals
from ledger12315.rules.periods import parse_period
from ledger12315.rules.reported import Stamp
from ledger12315.words import TYPES

# What a station of one open complaint has of the quarter.
ONE = ("received", "received_direct", "received_goods", "open_end", "overdue_end")


def figures(*keys: str, type_: str = "mall") -> Figures:
    by_type = {key: dict.fromkeys(TYPES, 0) for key in sum_figures([])}
    for key in keys:
        by_type[key][type_] = 1
    return with_totals(by_type)


def complaint(**boxes: object) -> tuple[Any, ...]:
    row: dict[str, object] = {
        "id": 1,
        "point_id": 1,
        "type": "mall",
        "source": "direct",
        "kind": "goods",
        "problem": "other",
        "channel": "visit",
        "received": "2026-09-01",
        "due": "2026-09-08",
        "disputed": 0,
        "reopened": "false",
    }
    return tuple((row | boxes).get(each.name) for each in FACTS["complaint"][2:])


def made(folder: Path, number: int, *keys: str, **told: Any) -> Path:
    """Write facts of the station with this number: one open complaint, and `rows`."""
    key = told.pop("key", f"{number:032x}")
    name, boxes = told.pop("name", f"第{number}所"), told.pop("boxes", {})
    rows: Mapping[str, list[tuple[Any, ...]]] = {
        **{table: [] for table in FACTS},
        "complaint": [complaint(**boxes)] * told.pop("times", 1),
        **told.pop("rows", {}),
    }
    manifest = Manifest(
        Sender(key, name, told.pop("county", "榕溪县"), None),
        parse_period("2026Q3"),
        1,
        None,
        "",
        True,
        date(2026, 10, 8),
        "0" * 64,
        f"{int(key, 16):064x}",
        datetime(2026, 10, 8, 1, tzinfo=UTC),
        1,
        figures(*(keys or ONE), type_=boxes.get("type", "mall")),
        {},
        {"program": "0.1.0", "calendar": [], "settings": {}, "corrections": []},
        0,
    )
    folder.mkdir(parents=True)
    with written_quickly():
        write_facts(folder, manifest._replace(**told), rows)
    return folder


def returned(
    number: int, found: Figures, code: str = "2026Q3", day: str = "", **told: Any
) -> Kept:
    """Return what is kept of the return of the station with this number.

    Its head is that of its period, unless another is told; it follows the one of the quarter
    before.
    """
    period = parse_period(code)
    at = datetime.fromisoformat(f"{day or period.last + timedelta(8)} 09:00+08:00")
    heads = [told.pop(key, None) for key in ("head", "before", "replaces")]
    before = "" if told.pop("first", False) else head_of(number, period_before(period).code)
    stamp = Stamp(at, told.pop("act", 1), heads[0] or head_of(number, code), before)
    stamp = stamp._replace(before=stamp.before if heads[1] is None else heads[1])
    about = f"第{number}所", period, period.last, found, stamp, told.pop("county", "榕溪县")
    sent = StationReturn("", *about, key=f"{number:032x}")._replace(**told)
    digest = f"{number:064x}" if code == "2026Q3" else stamp.head
    return Kept("return", sent.key, code, digest, return_document(sent), {"6.xlsx": b""})


def keeps_returns(home: Path, store: Path, day: date) -> None:
    """Let returns come with the facts in a folder; their workbooks are stand-ins, and go.

    They are put into the county's store, unless it is there already.
    """
    for each in home.rglob("*.xlsx"):
        each.unlink()
    rows = []
    for file in home.rglob(MANIFEST):
        found = parse_manifest(json.loads(file.read_bytes()))
        if found.as_submitted:
            stamp = Stamp(found.moment, found.act, found.head)
            about = found.station.name, found.days, found.days.last, found.figures, stamp
            sent = StationReturn("", *about, found.station.county, key=found.station.key)
            of = sent.key, found.days.code, found.attachment6
            rows.append(Kept("return", *of, return_document(sent), {}))
    if not store.exists():
        keeps(store, *rows, day=day)


def head_of(number: int, code: str) -> str:
    """Return the head that a return of this station and period states."""
    return sha256(f"{number} {code}".encode()).hexdigest()


def keeps(store: Path, *rows: Kept, day: date = date(2026, 10, 8)) -> None:
    """Put rows into a county's store, as a load does."""
    with open_store(store, writes=True) as duck, transaction(duck):
        keep(duck, rows, day, rehearsed=False)


def written_quickly() -> AbstractContextManager[object]:
    """DuckDB writes equal rows of a table once."""
    return patch.object(writing, "_write_table", _write_once)


_WRITTEN: dict[Any, tuple[bytes, Any]] = {}


def _write_once(duck: Duck, place: Path, whose: Sender, rows: Iterable[Any]) -> Any:
    """Write a table's file; one with these rows of this station is written by DuckDB once."""
    rows = tuple(rows)
    content = place.name, FACTS[place.name], rows, whose if rows else None
    file = place.with_suffix(".parquet")
    if content not in _WRITTEN:
        sums = _write_table(duck, place, whose, rows)
        _WRITTEN[content] = file.read_bytes(), sums
    file.write_bytes(_WRITTEN[content][0])
    return _WRITTEN[content][1]


def taken_in(home: Path) -> tuple[list[SentFacts], list[Fault]]:
    """Return the sound facts below a folder, and the problems of the others."""
    found = [read_facts(place.parent) for place in sorted(home.rglob(MANIFEST))]
    faults = [each for each in found if isinstance(each, Fault)]
    with open_store(home / "none.duckdb") as duck, TemporaryDirectory() as stage:
        came = [each for each in found if isinstance(each, SentFacts)]
        sound, wrong_ = take_in_facts(duck, came, Path(stage))
    return [*sound.values()], [*faults, *wrong_]


def identity_of(folder: Path) -> str:
    """Return the identity of the rows of facts."""
    return str(json.loads((folder / MANIFEST).read_bytes())["identity"])


def changed(folder: Path, **told: object) -> None:
    """Change a manifest, as a person with an editor would."""
    file = folder / MANIFEST
    file.write_text(json.dumps(json.loads(file.read_bytes()) | told), "utf-8")


def renamed(folder: Path, number: int, **boxes: str) -> Path:
    """Put another station into a manifest, though not into its rows."""
    named = {"key": f"{number:032x}", "name": f"第{number}所"}
    station = json.loads((folder / MANIFEST).read_bytes())["station"]
    changed(folder, station=station | named | boxes, attachment6=f"{number:064x}")
    return folder


def rehashed(folder: Path, table: str, **told: object) -> None:
    """Put a table's present hash into the manifest."""
    file = folder / f"{table}.parquet"
    resources = json.loads((folder / MANIFEST).read_bytes())["resources"]
    for each in resources:
        if each["name"] == table:
            each |= {"bytes": file.stat().st_size, "hash": hash_of(file.read_bytes())} | told
    changed(folder, resources=resources)


def rewritten(folder: Path, columns: str, **told: object) -> Path:
    """Put other columns or rows into the file of complaints."""
    import duckdb

    file = folder / "complaint.parquet"
    rest = file.with_name("rest")
    duckdb.execute(f"COPY (SELECT {columns} FROM '{file}') TO '{rest}' (FORMAT parquet)")
    rest.replace(file)
    rehashed(folder, "complaint", **told)
    return folder


MUCH = 5_000_000_000_000
"""Fifty thousand million yuan, in fen."""


def with_damaged_page(folder: Path) -> None:
    """Damage a page of a column that no check compares."""
    import duckdb

    file = folder / "complaint.parquet"
    content, query = file.read_bytes(), "SELECT data_page_offset FROM parquet_metadata($1)"
    query = f"{query} WHERE path_in_schema = 'reopened'"
    [[at]] = duckdb.execute(query, [str(file)]).fetchall()
    file.write_bytes(content[: at + 20] + b"?" * 8 + content[at + 28 :])
    rehashed(folder, "complaint")


def with_long_footer(folder: Path, length: int) -> None:
    """Give the file of complaints a footer of so many bytes."""
    file = folder / "complaint.parquet"
    file.write_bytes(b"PAR1" + bytes(length) + length.to_bytes(4, "little") + b"PAR1")
    rehashed(folder, "complaint")


def with_half_a_character(folder: Path) -> None:
    """Put a lone surrogate into a manifest, as its station's name."""
    text = (folder / MANIFEST).read_text("utf-8")
    name = json.loads(text)["station"]["name"]
    (folder / MANIFEST).write_text(text.replace(name, "\\ud800"), "utf-8")


def with_lying_statistics(folder: Path) -> None:
    """Let every complaint be about less than nothing, and the file say that it is about 0."""
    file = rewritten(folder, f"* REPLACE ({-MUCH} AS disputed)") / "complaint.parquet"
    content = file.read_bytes()
    footer = len(content) - 8 - int.from_bytes(content[-8:-4], "little")
    lie = content[footer:].replace((-MUCH).to_bytes(8, "little", signed=True), bytes(8))
    assert lie != content[footer:]
    file.write_bytes(content[:footer] + lie)
    rehashed(folder, "complaint")


def wrong(home: Path) -> None:
    """Write faulty facts into a folder; those whose rows nobody reads are copies of one."""
    once = made(home / "once", 30)
    changed(copytree(once, home / "newer"), schema=101)
    (copytree(once, home / "list") / MANIFEST).write_text("[]")
    folder = copytree(once, home / "folder") / MANIFEST
    folder.unlink()
    folder.mkdir()
    changed(copytree(once, home / "old"), schema=1)
    changed(copytree(once, home / "days"), to="2026-09-29")
    torn = renamed(copytree(once, home / "torn"), 21) / "point.parquet"
    torn.write_bytes(torn.read_bytes()[:-1])
    led = renamed(copytree(once, home / "led"), 41) / "point.parquet"
    led.rename(home / "outside")
    led.symlink_to((home / "outside").resolve())
    (home / "linked").symlink_to("once", target_is_directory=True)
    made(home / "twice", 30, head="1" * 64)
    rewritten(made(home / "columns", 26), "* EXCLUDE category")
    made(home / "codes", 27, boxes={"outcome": "张三"})
    made(home / "point", 43, boxes={"point_id": "张三"})
    made(home / "amount", 44, boxes={"disputed": 9 * 10**18})
    made(home / "day", 45, boxes={"due": "9999-12-31"})
    rehashed(renamed(copytree(once, home / "many"), 46), "complaint", rows=20_001)
    made(home / "unlike", 29, "received")
    made(home / "none", 50)
    rewritten(made(home / "altered", 47), "* REPLACE ('food' AS category)")
    made(home / "first", 32)
    made(home / "second", 32, revision=2, previous="1" * 64)
    made(home / "99", 32, revision=99, previous="1" * 64)
    renamed(copytree(once, home / "namesake"), 48)
    renamed(copytree(once, home / "namesake2"), 49, name=" 第４\u200b８ 所")
    renamed(copytree(once, home / "west"), 33, county="西溪县")
    no_parquet = made(home / "text", 34)
    (no_parquet / "record.parquet").write_text("张三")
    rehashed(no_parquet, "record")
    garbled = made(home / "garbled", 36) / "complaint.parquet"
    content = garbled.read_bytes()
    garbled.write_bytes(content[:8] + b"?" * 200 + content[208:])
    rehashed(garbled.parent, "complaint")
    rewritten(made(home / "stray", 37), f"* REPLACE ('{1:032x}' AS station)")
