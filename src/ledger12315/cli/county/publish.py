"""`publish` 发布: a station's submitted periods as files for any engine, without persons."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path
from shutil import rmtree
from typing import Any, NamedTuple

from ledger12315.boxes import Box, Filled
from ledger12315.boxes.forms import PERIOD
from ledger12315.boxes.kinds import PATH
from ledger12315.build import VERSION
from ledger12315.cli.command import command
from ledger12315.cli.county.published_before import (
    PublishedBefore,
    demand_free_place,
    published_before,
)
from ledger12315.cli.face.answers import Result
from ledger12315.cli.face.desk import Desk
from ledger12315.cli.face.lookups import read_own_period
from ledger12315.errors import Message, message
from ledger12315.ledger import publication
from ledger12315.ledger.publication import Edition, PublishedFacts
from ledger12315.ledger.returns.frozen import Frozen, demand_kept
from ledger12315.ledger.returns.owing import submitted_periods
from ledger12315.ledger.store import Ledger
from ledger12315.ledger.store.history import last_act
from ledger12315.published.arriving import is_intact
from ledger12315.published.engine import demand_engine, explain_disk_errors, new_folder_beside
from ledger12315.published.manifest import Manifest
from ledger12315.published.writing import write_publication
from ledger12315.rules.periods import as_known
from ledger12315.rules.publishing import differences, digest

_FOLDER = Box(
    "dir", "文件夹", PATH, "the folder for the publications of all periods", required=True
)
_PERIOD = PERIOD._replace(required=False, help="a submitted period [all of them]")


class _Draft(NamedTuple):
    """A revision written next to its place, with the facts after an act.

    If the ledger `remembers` it, it was published before and is written again. One that the ledger
    lost has nothing `fresh`, as it is in its place. Either may be `instead` of the ledger's one of
    this identity; those that followed that one are removed from the `stale` places.
    """

    fresh: Path | None
    place: Path
    manifest: Manifest
    act: int
    remembers: Edition | None = None
    instead: str | None = None
    stale: Sequence[Path] = ()

    @property
    def is_same(self) -> bool:
        """Whether it equals the remembered revision."""
        return not self.remembers or self.remembers.identity == self.manifest.identity

    def put_in_place(self) -> None:
        """Rename its folder to its place, and replace what is there. Raises Unusable."""
        if self.fresh:
            with explain_disk_errors(self.place):
                for each in (self.place, *self.stale):
                    if each.exists():
                        rmtree(each)
                self.fresh.rename(self.place)


@command(_FOLDER, _PERIOD, arguments=2, flags="json")
def publish(desk: Desk, filled: Filled) -> Result:
    """Write the publishable content of submitted periods: Parquet files and a manifest."""
    demand_engine()
    folder, period = filled.path("dir"), filled.given("period", str)
    with ExitStack() as held:
        with desk.read() as ledger:
            publication.demand_real(ledger)
            demand_kept(ledger)
            codes = [period] if period else submitted_periods(ledger)
            drafts = [*_all_drafts(ledger, folder, codes, desk.moment, held)]
        done = [each for each in drafts if each.is_same]
        # The ledger records a revision before others can find it.
        _remember_editions(desk, [each for each in done if not each.remembers])
        for each in done:
            each.put_in_place()
    written = [each for each in done if each.fresh]
    said = [_published_sentence(folder, each.manifest) for each in written]
    document = [_publication_row(each) for each in written]
    lost = [_lost_edition(each) for each in drafts if not each.is_same]
    notes = [*_continued_sentences(done), *lost]
    return Result(said or [_nothing_published(codes)], document, notes=notes)


def _all_drafts(
    ledger: Ledger, folder: Path, periods: Sequence[str], moment: datetime, held: ExitStack
) -> Iterator[_Draft]:
    """Write the new revisions of the periods, after checking that all are submitted."""
    named = (read_own_period(ledger, code) for code in periods)
    for of in [publication.submitted_return(ledger, period) for period in named]:
        yield from _drafts(ledger, folder, of, moment, held)


def _remember_editions(desk: Desk, new: Sequence[_Draft]) -> None:
    if new:
        with desk.write() as ledger:
            for each in new:
                publication.remember_edition(
                    ledger, each.manifest.days.code, _edition_of_draft(each), each.instead
                )


def _nothing_published(periods: Sequence[str]) -> Message:
    """Return the reason why nothing was published."""
    if periods:
        return message("Nothing has changed since the last publication.")
    return message("Nothing is submitted yet, and only submitted periods are published.")


def _drafts(
    ledger: Ledger, folder: Path, of: Frozen, moment: datetime, held: ExitStack
) -> Iterator[_Draft]:
    """Write the remembered revisions that the folder lacks, then a new one if any.

    A revision that the ledger lost is yielded as the folder has it.
    """
    there = published_before(ledger, folder, of)
    act, submitted = of.act, False
    for last, lost in there.chain:
        place = there.place(last.revision)
        if last.as_submitted:
            submitted = last.head == of.head
        if lost:  # the act of its facts is lost too, unless it is the return's
            act = of.act if last.as_submitted and submitted else last_act(ledger)
            yield _Draft(None, place, last, act, instead=there.instead(last.revision))
            continue
        edition = there.editions[last.revision]
        act = edition.act
        if not is_intact(place, last):
            with publication.facts(ledger, last.days, act) as found:
                fresh = held.enter_context(new_folder_beside(place))
                yield _Draft(
                    fresh, place, write_publication(fresh, last, found.rows), act, edition
                )
    yield from _new_drafts(ledger, there, (act, submitted), moment, held)


def _new_drafts(
    ledger: Ledger,
    there: PublishedBefore,
    latest: tuple[int, bool],
    moment: datetime,
    held: ExitStack,
) -> Iterator[_Draft]:
    """Write the revisions that the chain lacks: as submitted, and as of the last act.

    `latest` are the act of its last revision, and whether it has the return as submitted. A
    calendar year's return includes the rest of December, up to today.
    """
    of, (act, submitted), stale = there.of, latest, there.stale
    last, lost = there.chain[-1] if there.chain else (None, False)
    known = as_known(of.period, moment.date())
    changed = lost or bool(stale) or publication.changed_since(ledger, act)
    acts = [(of.act, of.period)] * (not submitted)
    acts += [(last_act(ledger), known)] * (changed or known != of.period)
    for at, days in acts:
        revision = last.revision + 1 if last else 1
        place = there.place(revision)
        demand_free_place(place, there.instead(revision))
        with publication.facts(ledger, days, at) as found:
            if _only_days_passed(changed, last, of, found):
                continue
            fresh = held.enter_context(new_folder_beside(place))
            manifest = _next_manifest(ledger, there, found, last, moment)
            made = write_publication(fresh, manifest, found.rows)
        if last is None or stale or made.identity != last.identity:
            yield _Draft(fresh, place, made, at, None, there.instead(revision), stale)
            last, stale = made, ()


def _only_days_passed(
    changed: bool, last: Manifest | None, of: Frozen, found: PublishedFacts
) -> bool:
    """Return whether a revision would only have more days of the calendar year.

    Nothing was entered since the last one, and its figures are the same.
    """
    return (
        not changed and last is not None and (last.head, last.figures) == (of.head, found.figures)
    )


def _next_manifest(
    ledger: Ledger,
    there: PublishedBefore,
    found: PublishedFacts,
    last: Manifest | None,
    moment: datetime,
) -> Manifest:
    """Return the next revision's manifest, before its files and identity are known.

    Facts as submitted have the moment of submission, later ones this `moment`.
    """
    of = there.of
    besides = {
        "program": VERSION,
        "calendar": publication.own_days(ledger),
        "settings": of.settings,
        "corrections": differences(of.figures, of.schema, found.figures),
    }
    return Manifest(
        there.whose,
        found.period,
        last.revision + 1 if last else 1,
        last.identity if last else None,
        "",
        found.act == of.act,
        of.day,
        of.head,
        of.sha256,
        of.moment if found.act == of.act else moment,
        found.act,
        found.figures,
        {},
        besides,
    )


def _edition_of_draft(each: _Draft) -> Edition:
    manifest = each.manifest
    text = manifest._replace(files={}).written()
    return Edition(manifest.revision, each.act, manifest.identity, text)


def _publication_row(each: _Draft) -> dict[str, Any]:
    manifest = each.manifest
    return {
        "period": manifest.days.code,
        "revision": manifest.revision,
        "digest": digest(manifest.figures),
        "corrections": len(manifest.besides["corrections"]),
        "folder": each.place,
    }


def _published_sentence(folder: Path, manifest: Manifest) -> Message:
    values = {
        "period": manifest.days.code,
        "revision": manifest.revision,
        "path": folder,
        "count": len(manifest.besides["corrections"]),
    }
    if manifest.as_submitted:
        return message("{period}, revision {revision}, as submitted: {path}", **values)
    return message(
        "{period}, revision {revision}: figures corrected since submission: {count}; {path}",
        **values,
    )


def _continued_sentences(done: Sequence[_Draft]) -> Iterator[Message]:
    """Yield a sentence for each period whose folder has revisions that the ledger lost."""
    lost = {each.manifest.days.code: each.manifest for each in done if not each.fresh}
    for period, manifest in lost.items():
        values = {"period": period, "revision": manifest.revision}
        following = (
            each.manifest.revision
            for each in done
            if each.fresh and not each.remembers and each.manifest.days.code == period
        )
        if after := next(following, None):
            yield message(
                "{period}: the folder holds revision {revision}, which this ledger does not know "
                "(it was restored from a backup?); revision {after} follows it.",
                after=after,
                **values,
            )
        else:
            yield message(
                "{period}: the folder holds revision {revision}, which this ledger did not know "
                "(it was restored from a backup?); nothing has changed since, and it is recorded.",
                **values,
            )


def _lost_edition(each: _Draft) -> Message:
    return message(
        "{period}, revision {revision} cannot be written again as it was, because a holiday "
        "notice or the program has changed, or the ledger was restored from a backup. Hand in the "
        "folder that contains it.",
        period=each.manifest.days.code,
        revision=each.manifest.revision,
    )
