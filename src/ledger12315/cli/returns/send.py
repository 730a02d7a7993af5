"""`returns send` 寄送: a folder for the county with each submission that was not sent yet.

Attachments 6 and 5 as they were frozen, the receipt and, where DuckDB is installed, the facts
without persons; later a folder with the facts again once they have changed. 三(五)7
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple

from ledger12315.boxes import Box, Filled
from ledger12315.boxes.forms import PERIOD
from ledger12315.boxes.kinds import PATH
from ledger12315.build import VERSION
from ledger12315.cli.command import command
from ledger12315.cli.face.answers import Result
from ledger12315.cli.face.desk import Desk
from ledger12315.cli.face.files import readers_of
from ledger12315.cli.face.lookups import read_own_period
from ledger12315.cli.forms.contents import file_name
from ledger12315.errors import Message, Refused, message
from ledger12315.facts.engine import explain_disk_errors, how_to_install, new_folder_beside
from ledger12315.ledger import facts
from ledger12315.ledger.figures import Scope, figures
from ledger12315.ledger.returns.frozen import Frozen, demand_kept, frozen_form
from ledger12315.ledger.returns.owing import submitted_periods
from ledger12315.ledger.returns.sent import (
    Sent,
    demand_own,
    last_sent,
    remember_sent,
    return_to_send,
)
from ledger12315.ledger.returns.submitted import proof_of, withdrawn_submissions
from ledger12315.ledger.station import station, unit_name
from ledger12315.ledger.store import Ledger
from ledger12315.ledger.store.atomic import follow_folder
from ledger12315.ledger.store.history import last_act
from ledger12315.ledger.store.versions import STEPS
from ledger12315.rules.facts import differences
from ledger12315.rules.measures import LIST_FORM
from ledger12315.rules.periods import Period, as_known
from ledger12315.rules.reported import parcel_name
from ledger12315.sheets.receipt import receipt

_FOLDER = Box(
    "dir", "文件夹", PATH, "the folder, on a stick or shared, for a folder each", required=True
)
_PERIOD = PERIOD._replace(
    required=False, help="a submitted period, also one that was sent [all that were not]"
)


class _Parcel(NamedTuple):
    """A folder written next to its place, and what the ledger remembers of it."""

    period: str
    place: Path
    fresh: Path
    sent: Sent
    corrected: int | None = None
    """How many figures its facts have corrected, if they are not as submitted."""


@command(_FOLDER, _PERIOD, arguments=2, flags="json")
def send_returns(desk: Desk, filled: Filled) -> Result:
    """Write a folder for the county with each submission that was not sent yet."""
    folder, asked = filled.path("dir"), filled.given("period", str)
    with ExitStack() as held:
        with desk.read() as ledger:
            demand_own(ledger)
            demand_kept(ledger)
            codes = [asked] if asked else submitted_periods(ledger)
            named = [read_own_period(ledger, code) for code in codes]
            returns = [return_to_send(ledger, period) for period in named]
            sender = _Sending(desk, ledger, folder, held)
            parcels = [each for of in returns for each in _parcels(sender, of, bool(asked))]
        _remember_and_rename(desk, parcels)
    notes = [_note_on_facts()] if parcels and not _can_write_facts() else []
    said = [_sentence(each) for each in parcels] or [_nothing_sent(codes)]
    return Result(said, [_row(each) for each in parcels], notes=notes)


class _Sending(NamedTuple):
    """What the folders of one command share."""

    desk: Desk
    ledger: Ledger
    folder: Path
    held: ExitStack


def _remember_and_rename(desk: Desk, parcels: Sequence[_Parcel]) -> None:
    # The ledger records a folder before others can find it.
    if parcels:
        with desk.write() as ledger:
            for each in parcels:
                remember_sent(ledger, each.period, each.sent)
    for each in parcels:
        with explain_disk_errors(each.place):
            each.fresh.rename(each.place)


def _parcels(sender: _Sending, of: Frozen, again: bool) -> Iterator[_Parcel]:
    """Write the folders of a return: as submitted, and with the facts that have changed since."""
    ledger, submission = sender.ledger, of.submission
    last, facts = last_sent(ledger, of.period.code), _can_write_facts()
    known = last and last.submission == submission and (last.identity or not facts)
    if again or not known:
        revision = last.revision + 1 if last else 1
        first = Sent(submission, revision, of.act, None, sender.desk.moment)
        if parcel := _parcel(sender, of, of.period, first, last, revised=False):
            last = parcel.sent
            yield parcel
    whole = as_known(of.period, sender.desk.today)
    if facts and last and _has_changed(ledger, of, whole, last):
        changed = Sent(submission, last.revision + 1, last_act(ledger), None, sender.desk.moment)
        if parcel := _parcel(sender, of, whole, changed, last, revised=True):
            yield parcel


def _has_changed(ledger: Ledger, of: Frozen, whole: Period, last: Sent) -> bool:
    """Return whether a return's facts may differ from the last ones.

    A calendar year goes on until December is over, which alone is no change.
    """
    if facts.changed_since(ledger, last.act):
        return True
    sent = of.period if last.act == of.act else as_known(of.period, last.moment.date())
    return sent != whole and figures(ledger, Scope(sent)) != figures(ledger, Scope(whole))


def _parcel(
    sender: _Sending, of: Frozen, days: Period, sent: Sent, last: Sent | None, revised: bool
) -> _Parcel | None:
    """Write a folder next to its place; nothing if it is `revised` and its facts are as `last`.

    Raises Refused if there is something in its place, and Unusable.
    """
    desk, ledger = sender.desk, sender.ledger
    code, back = of.period.code, len(withdrawn_submissions(ledger, of.period))
    named = parcel_name(code, sent.revision if revised else 1, back)
    place = sender.folder / file_name(desk, ledger, named)
    if place.exists():
        raise Refused(
            "{path} exists already, and what was sent is not replaced. Name another folder.",
            path=place,
        )
    with explain_disk_errors(place):
        fresh = sender.held.enter_context(new_folder_beside(place))
        follow_folder(fresh)
        for name, content in _papers(desk, ledger, of).items():
            (fresh / name).touch(0o600 if readers_of(name) == "owner" else 0o666)
            (fresh / name).write_bytes(content)
        manifest = (
            _facts_in_folder(sender, fresh, of, days, sent, last) if _can_write_facts() else None
        )
        for file in fresh.iterdir():
            follow_folder(file)
        if not manifest:
            return _Parcel(code, place, fresh, sent)
    if revised and last and manifest.identity == last.identity:
        return None
    corrected = len(manifest.besides["corrections"]) if revised else None
    return _Parcel(code, place, fresh, sent._replace(identity=manifest.identity), corrected)


def _papers(desk: Desk, ledger: Ledger, of: Frozen) -> Mapping[str, bytes]:
    """Return Attachments 6 and 5 as they were frozen, and the receipt, by their names."""
    period = of.period
    proof = proof_of(ledger, period)
    names = [
        f"{file_name(desk, ledger, f'附件{number}', period.code, point=point)}.xlsx"
        for number, point, _ in proof.forms
    ]
    files = [(name, each[2]) for name, each in zip(names, proof.forms, strict=True)]
    back = len(withdrawn_submissions(ledger, period))
    slip = file_name(desk, ledger, "报送回执", period.code, *[f"重报{back}"] * bool(back))
    listed = frozen_form(ledger, Scope(period), LIST_FORM)
    assert of.content and listed and listed.content  # noqa: S101  a return has both
    text = receipt(unit_name(ledger), period, proof.stamp, files, proof.head)
    return {names[0]: of.content, names[1]: listed.content, f"{slip}.txt": text}


def _facts_in_folder(
    sender: _Sending, fresh: Path, of: Frozen, days: Period, sent: Sent, last: Sent | None
) -> Any:
    """Write a period's facts into a folder, as they were after an act; return the manifest.

    Facts as submitted have the moment of submission, later ones that of sending.
    """
    from ledger12315.facts.manifest import Manifest, Sender
    from ledger12315.facts.writing import write_facts

    ledger, moment = sender.ledger, sender.desk.moment
    with facts.facts_after(ledger, days, sent.act) as found:
        manifest = Manifest(
            station=Sender(*station(ledger)),
            days=found.period,
            revision=sent.revision,
            previous=last.identity if last else None,
            identity="",
            as_submitted=found.act == of.act,
            submitted=of.day,
            head=of.head,
            attachment6=of.sha256,
            moment=of.moment if found.act == of.act else moment,
            act=found.act,
            figures=found.figures,
            files={},
            besides={
                "program": VERSION,
                "calendar": facts.own_days(ledger),
                "settings": of.settings,
                "corrections": differences(of.figures, of.schema, found.figures),
            },
            counted=max(STEPS),
        )
        return write_facts(fresh, manifest, found.rows)


def _can_write_facts() -> bool:
    return find_spec("duckdb") is not None


def _sentence(each: _Parcel) -> Message:
    values = {"period": each.period, "path": each.place, "count": each.corrected}
    if each.corrected is None:
        return message("{period}, as submitted: {path}", **values)
    return message("{period}, figures corrected since submission: {count}; {path}", **values)


def _row(each: _Parcel) -> dict[str, Any]:
    return {
        "period": each.period,
        "revision": each.sent.revision,
        "facts": each.sent.identity is not None,
        "corrections": each.corrected or 0,
        "folder": each.place,
    }


def _nothing_sent(periods: list[str]) -> Message:
    if periods:
        return message("Everything that was submitted has been sent.")
    return message("Nothing is submitted yet, so there is nothing to send.")


def _note_on_facts() -> Message:
    return message(
        "The facts are not among them, since DuckDB is not installed; the county can do without. "
        "{how}",
        how=how_to_install(),
    )
