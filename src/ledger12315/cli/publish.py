"""`publish` 发布: what a station gives away of its submitted periods, as files for any engine."""

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer

from ledger12315.build import VERSION
from ledger12315.cli.face.answers import Result
from ledger12315.cli.face.command import command
from ledger12315.cli.face.desk import Desk
from ledger12315.cli.face.lookups import period_named
from ledger12315.errors import Message, message
from ledger12315.ledger import publication
from ledger12315.ledger.publication import Facts, OwnDay
from ledger12315.ledger.returns.frozen import Frozen, demand_kept
from ledger12315.ledger.returns.owing import submitted_periods
from ledger12315.ledger.station import station
from ledger12315.ledger.store import Ledger
from ledger12315.published.engine import demand_engine
from ledger12315.published.manifest import Manifest, Publisher
from ledger12315.published.reading import Published, last_published
from ledger12315.published.writing import write
from ledger12315.rules.periods import as_known
from ledger12315.rules.publishing import differences, digest

_Folder = Annotated[
    Path, typer.Argument(metavar="DIR", help="the folder for what is published, of all periods")
]
_Period = Annotated[
    str | None, typer.Argument(metavar="PERIOD", help="a submitted period [all of them]")
]


@command(takes="json")
def publish(desk: Desk, folder: _Folder, period: _Period = None) -> Result:
    """Write what may be given away of submitted periods: Parquet files and a manifest."""
    demand_engine()
    written = []
    with desk.read() as ledger:
        demand_kept(ledger)
        codes = [period] if period else submitted_periods(ledger)
        for code in codes:
            of = publication.standing_return(ledger, period_named(ledger, code))
            written += list(_revisions(ledger, folder, of))
    if desk.form == "json":
        return Result(document=[_told(each) for each in written])
    nothing = message("Nothing has changed since it was published last.")
    if not codes:
        nothing = message("Nothing is submitted yet, and only what is submitted is published.")
    return Result([_said(folder, each) for each in written] or [nothing])


def _revisions(ledger: Ledger, folder: Path, of: Frozen) -> Iterator[Published]:
    """Write a period as it was submitted, and as it is now, where that is not published yet."""
    whose = Publisher(*station(ledger))
    home, now = folder / whose.key / of.period.code, as_known(of.period, date.max)
    for as_submitted in (True, False)[: 1 if publication.untouched(ledger, of) else 2]:
        last = last_published(home)
        known = last if last and last.manifest.attachment6 == of.sha256 else None
        if as_submitted and known:
            continue
        period, act = (of.period, of.act) if as_submitted else (now, None)
        with publication.facts(ledger, period, act) as found:
            if known and digest(known.manifest.figures) == digest(found.figures):
                continue
            days = publication.own_days(ledger)
            manifest = _manifest(whose, of, found, last, days)
            target = home / str(manifest.revision)
            write(target, manifest, found.rows)
            yield Published(target, manifest)


def _manifest(
    whose: Publisher, of: Frozen, found: Facts, last: Published | None, days: Sequence[OwnDay]
) -> Manifest:
    return Manifest(
        VERSION,
        whose,
        found.period.code,
        found.period.first,
        found.period.last,
        last.manifest.revision + 1 if last else 1,
        last.sha256 if last else None,
        of.day,
        of.head,
        of.sha256,
        days,
        of.settings,
        found.figures,
        differences(of.figures, of.schema, found.figures),
        {},
    )


def _told(each: Published) -> dict[str, Any]:
    manifest = each.manifest
    return {
        "period": manifest.period,
        "revision": manifest.revision,
        "digest": digest(manifest.figures),
        "corrections": len(manifest.corrections),
        "folder": str(each.folder),
    }


def _said(folder: Path, each: Published) -> Message:
    manifest = each.manifest
    values = {
        "period": manifest.period,
        "revision": manifest.revision,
        "path": folder,
        "count": len(manifest.corrections),
    }
    if manifest.corrections:
        return message(
            "{period}, revision {revision}: {count} figures are not as submitted; {path}", **values
        )
    return message("{period}, revision {revision}, as submitted: {path}", **values)
