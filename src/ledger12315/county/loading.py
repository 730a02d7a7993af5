"""Hand-ins put into the county's store: all that is sound in one transaction. 三(五)7"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from ledger12315.county.arriving import ArrivalDesk, Found, Sorted, read_folders, sort_hand_ins
from ledger12315.county.records import facts_document
from ledger12315.county.store import (
    Kept,
    county_key,
    keep,
    open_store,
    read_book,
    take_over_key,
    transaction,
)
from ledger12315.errors import Message, explain_write_errors
from ledger12315.facts.arriving import Fault, SentFacts, content_of
from ledger12315.facts.engine import Duck, sql_literal
from ledger12315.facts.manifest import MANIFEST
from ledger12315.facts.taking_in import row_marks, take_in_facts
from ledger12315.rules.county import CountyBook
from ledger12315.rules.facts import FACTS
from ledger12315.rules.periods import Period


class Arrived(NamedTuple):
    """A hand-in that was loaded: `state` is one of ARRIVALS, `why` it does not count."""

    station: str
    key: str
    period: str
    revision: int | None
    state: str
    why: Message | None = None


def load_hand_ins(
    store: Path,
    paths: Sequence[Path],
    moment: datetime,
    rehearsed: bool,
    practises: bool,
    dry_run: bool,
) -> tuple[list[Arrived], list[Fault]]:
    """Keep what is new and sound in the store; return it, and the problems of the rest.

    `rehearsed` says that the moment is no clock's. Raises Unusable, and Unacceptable for a path
    that does not exist.
    """
    folders = [*read_folders(paths)]
    with (
        open_store(store, writes=not dry_run) as duck,
        TemporaryDirectory() as stage,
        explain_write_errors(store),
    ):
        book, _ = read_book(duck)
        desk = ArrivalDesk(book, county_key(duck), moment, practises)
        found = sort_hand_ins(desk, folders, _known(duck))
        sound = _sound_facts(duck, found, Path(stage))
        if not dry_run and (found.rows or sound):
            book = _write(duck, found, sound, (moment.date(), rehearsed), stage)
        return [*_arrived(book, found, sound)], found.faults


def _known(duck: Duck) -> set[str]:
    """Return what is kept already: identities of facts, and the returns that have points."""
    query = """
        SELECT CASE kind
            WHEN 'facts' THEN concat_ws(' ', json_extract_string(document, '$.identity'),
                                        json_extract_string(document, '$.revision'))
            WHEN 'points' THEN 'points ' || sha256 END
        FROM kept WHERE kind IN ('facts', 'points')"""
    return {mark for [mark] in duck.execute(query).fetchall()}


Sound = dict[int, tuple[SentFacts, Found]]


def _sound_facts(duck: Duck, found: Sorted, stage: Path) -> Sound:
    """Return the sound facts by number, laid out in views; a faulty one takes its folder along."""
    sound, faults = take_in_facts(duck, [each for each, _ in found.facts], stage)
    left = {number: found.facts[number] for number in sound}
    lost = {each.manifest.attachment6 for each, _ in found.facts} - {
        each.manifest.attachment6 for each in sound.values()
    }
    found.rows[:] = [each for each in found.rows if each.sha256 not in lost]
    found.faults.extend(faults)
    return left


def _write(
    duck: Duck, found: Sorted, sound: Sound, came: tuple[date, bool], stage: str
) -> CountyBook:
    """Keep what is sound; return the book with it."""
    # Not before: files made to do harm could have filled the disk.
    duck.execute(f"SET temp_directory = {sql_literal(stage)}")
    marks = row_marks(duck, [*sound], "laid_")
    rows = [_kept_facts(*each, marks[number]) for number, each in sound.items()]
    with transaction(duck):
        forms = [each for each in found.rows if each.kind == "form"]
        if forms and forms[0].station != county_key(duck):
            take_over_key(duck, forms[0].station)
        base = keep(duck, [*rows, *found.rows], *came)
        put_facts(duck, {number: base + at for at, number in enumerate(sound)})
        return read_book(duck)[0]  # nothing can be read after a commit that fills the disk


def put_facts(duck: Duck, ids: Mapping[int, int]) -> None:
    """Put facts from views `laid_…` into the store, under the numbers of their rows."""
    numbers = ", ".join(f"({number}, {kept})" for number, kept in ids.items())
    for table in FACTS if ids else ():
        number = "CAST(new.kept AS INTEGER) AS hand_in"
        duck.execute(f"""
            INSERT INTO facts.{table} SELECT laid.* REPLACE ({number})
            FROM laid_{table} AS laid JOIN (VALUES {numbers}) AS new (number, kept)
            ON laid.hand_in = new.number""")


def _kept_facts(each: SentFacts, found: Found, mark: str) -> Kept:
    manifest = each.manifest
    files = {MANIFEST: found.file.read_bytes()}
    for table, listed in manifest.files.items():
        content = content_of(each.folder, table, listed)
        if isinstance(content, bytes):
            files[f"{table}.parquet"] = content
    return Kept("facts", *each.whose, manifest.attachment6, facts_document(manifest, mark), files)


def _arrived(book: CountyBook, found: Sorted, sound: Sound) -> Iterator[Arrived]:
    """Yield what was loaded, and why some of it does not count."""
    revisions: dict[tuple[str, str, str], int] = {}
    for facts, _ in sound.values():
        about = *facts.whose, facts.manifest.attachment6
        revisions[about] = max(facts.manifest.revision, revisions.get(about, 0))
    told = set()
    for each in found.rows:
        about = each.station, each.period, each.sha256
        if each.kind == "form":
            county = each.document["county"]
            yield Arrived(county, each.station, each.period, None, "loaded")
        elif each.kind == "return":
            told.add(about)
            yield _state_of(book, each.document["period"], about, revisions.get(about))
    for about, revision in revisions.items():
        if about not in told:
            days = next(one.manifest.days for one, _ in sound.values() if one.whose == about[:2])
            yield _state_of(book, days, about, revision)


def _state_of(
    book: CountyBook, days: Iterable[object], about: tuple[str, str, str], revision: int | None
) -> Arrived:
    for each in book.members(Period.stored(days)):
        if each.key == about[0]:
            return Arrived(each.name, each.key, about[1], revision, each.state, each.why)
    return Arrived(about[0], about[0], about[1], revision, "loaded")  # nothing is written
