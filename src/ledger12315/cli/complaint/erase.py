"""`complaint erase` 清除: personal data past their retention, erased for good."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

from ledger12315.boxes import Filled, Option
from ledger12315.boxes.forms import COMPLAINT, COMPLAINT_NUMBERS
from ledger12315.boxes.kinds import FLAG
from ledger12315.cli.asking.drafts import forget_drafts_about
from ledger12315.cli.command import command
from ledger12315.cli.face.answers import Column, Result, Row, Table
from ledger12315.cli.face.desk import Desk
from ledger12315.cli.face.lookups import number_of_complaint
from ledger12315.cli.face.options import DRY_RUN, at_most_one_given
from ledger12315.errors import Message, first_few, message
from ledger12315.ledger.audit import erasing
from ledger12315.ledger.audit.mentions import note_on_mentions
from ledger12315.ledger.store import Ledger
from ledger12315.ledger.store.upkeep import known_copies
from ledger12315.locale import _

_NUMBERS = COMPLAINT_NUMBERS._replace(
    required=False, metavar="[NUMBER]...", help="complaints to erase"
)
_EVERYTHING = Option(
    "all", "全部", FLAG, "all complaints past their retention, and texts of records"
)
_ONLY_LISTED = DRY_RUN._replace(help="only list them")
_MOST_PLACES = 20
_COLUMNS = (
    Column("number", "编号"),
    Column("point", "服务点"),
    Column.of(COMPLAINT["received"]),
    Column.of(COMPLAINT["closed"]),
)


@command(_NUMBERS, _EVERYTHING, _ONLY_LISTED, arguments=1, flags="json csv")
def erase_complaints(desk: Desk, filled: Filled) -> Result:
    """List complaints past their retention; erase those you name."""
    at_most_one_given(filled, _NUMBERS, _EVERYTHING)
    named = [number_of_complaint(desk, each) for each in filled.lines("number")]
    if "dry_run" in filled or not filled:
        return _list_erasable(desk, named, trial="dry_run" in filled)
    return _erase_named(desk, named)


def _list_erasable(desk: Desk, named: list[str], trial: bool) -> Result:
    """Return complaints past their retention: all, or those that are named.

    A `trial` notes what erasing them would do to other texts.
    """

    def ready(ledger: Ledger) -> Iterator[Row]:
        for each in erasing.past_retention(ledger, desk.today, copy_and_unlock=True):
            if not named or each.number in named:
                yield each._asdict()

    with desk.read() as ledger:
        reasons = [erasing.why_kept(ledger, number, desk.today) for number in named]
        notes = [why for why in reasons if why]
        if trial and not notes:
            numbers = named or _numbers_due(ledger, desk.today)
            notes += _notes_on_places(ledger, numbers, desk.today, texts=not named)
        if not named:
            if not any(erasing.past_retention(ledger, desk.today)):
                notes.append(_none_due(ledger))
            if texts := erasing.old_texts(ledger, desk.today):
                notes.append(
                    message(
                        "Texts of records and informants past their retention, which --all "
                        "erases too: {count}",
                        count=len(texts),
                    )
                )
    return Result((Table(desk.stream(ready), _COLUMNS),), notes=notes)


def _numbers_due(ledger: Ledger, today: date) -> list[str]:
    return [each.number for each in erasing.past_retention(ledger, today)]


def _notes_on_places(
    ledger: Ledger, numbers: list[str], today: date, texts: bool
) -> list[Message]:
    """Return notes on other texts that name somebody to be erased: the cases' own, and others."""
    rows = {("complaint", row_id) for row_id in erasing.ids_of(ledger, numbers)}
    rows |= {*erasing.old_texts(ledger, today)} if texts else set()
    places = first_few(erasing.places_of_people(ledger, numbers), _MOST_PLACES)
    own = message(
        "Names and phones are taken out of these texts too, which then read so: {places}.",
        places=places,
    )
    others = note_on_mentions(ledger, rows)
    return [own] * bool(places) + ([others] if others else [])


def _note_on_copies(ledger: Path) -> list[Message]:
    """Return a note that names the copies of the ledger in which the erased still is."""
    if not (copies := known_copies(ledger)):
        return []
    return [
        message(
            "Copies of the ledger still contain what was erased. Make a new backup, then destroy"
            " them: {files}",
            files=first_few(copies, _MOST_PLACES),
        )
    ]


def _none_due(ledger: Ledger) -> Message:
    years = erasing.retention_years(ledger)
    return message("No complaint is past its retention of {years} years.", years=years)


def _erase_named(desk: Desk, named: list[str]) -> Result:
    """Erase the named complaints, or all past their retention. Raises Refused."""
    with desk.read() as ledger:
        numbers = named or _numbers_due(ledger, desk.today)
        erasing.demand_past_retention(ledger, numbers, desk.today)
        texts = 0 if named else len(erasing.old_texts(ledger, desk.today))
        if not numbers and not texts:
            return Result([], {"erased": [], "texts": 0}, notes=[_none_due(ledger)])
        notes = _notes_on_places(ledger, numbers, desk.today, texts=not named)
    if desk.asks:
        doomed = message(
            "Personal data to be erased: complaints {complaints}, texts of records and "
            "informants {texts}. This cannot be undone.",
            complaints=len(numbers),
            texts=texts,
        )
        desk.demand(*notes, doomed, question=_("Erase them for good? [y/n]"))
        notes = []
    with desk.write(for_good=True) as ledger:
        people = erasing.erase(ledger, numbers, desk.today)
        if not named:
            erasing.erase_texts(ledger, desk.today)
    forget_drafts_about(desk.path, people)
    notes += _note_on_copies(desk.path)
    parts = []
    if numbers:
        parts.append(
            message("Personal data erased for good, figures unchanged: {numbers}", numbers=numbers)
        )
    if texts:
        parts.append(
            message("Texts of records and informants erased for good: {count}", count=texts)
        )
    return Result(parts, {"erased": numbers, "texts": texts}, notes=notes)
