"""What a county is handed in: workbooks and facts in files and folders, checked before it counts.

A folder with one submission is taken whole or not at all.
"""

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from ledger12315.county.records import form_document, return_document
from ledger12315.county.store import Kept
from ledger12315.errors import Message, Unacceptable, message
from ledger12315.facts.arriving import Fault, SentFacts, read_facts, unreadable_file
from ledger12315.facts.manifest import MANIFEST
from ledger12315.rules.county import CountyBook, CountyForm
from ledger12315.rules.hand_ins import (
    NOTHING_TOLD,
    PointList,
    StationReturn,
    corrected,
    made_in_practice,
)
from ledger12315.rules.reported import NO_STAMP, chain_of
from ledger12315.sheets.forms.attachment5 import listed_period
from ledger12315.sheets.incoming.basis import read_station_return
from ledger12315.sheets.incoming.point_list import read_point_list

_RECEIPT = "报送回执"


class ArrivalDesk(NamedTuple):
    """The desk at which hand-ins arrive: its book, its key, the moment, whether it practises."""

    book: CountyBook
    key: str
    moment: datetime
    practises: bool

    @property
    def listed(self) -> set[str]:
        """The keys of the registry."""
        return {each.key for each in self.book.registry}


class Found(NamedTuple):
    """A return, a list of points or facts, with the file it came in."""

    file: Path
    what: StationReturn | PointList | SentFacts
    content: bytes = b""

    @property
    def sha256(self) -> str:
        """The SHA-256 of its file."""
        return sha256(self.content).hexdigest()

    @property
    def whose(self) -> tuple[str, str]:
        """The name of its station, and the code of its period."""
        if isinstance(self.what, SentFacts):
            return self.what.manifest.station.name, self.what.manifest.days.code
        if isinstance(self.what, PointList):
            days = listed_period(self.what.days)
            return self.what.station, days.code if days else ""
        return self.what.station, self.what.period.code

    def fault(self, why: Message, state: str = "broken") -> Fault:
        """Return a problem with it."""
        name, period = self.whose
        said = message("{file}: {station}: {problem}", file=self.file, station=name, problem=why)
        return Fault(state, said, name, period)


class Folder(NamedTuple):
    """What was found together, its receipts, and what cannot be read."""

    found: list[Found]
    receipts: Mapping[str, bytes]
    faults: list[Fault]
    has_manifest: bool = False

    @property
    def returns(self) -> dict[str, StationReturn]:
        """Its returns, by the SHA-256 of their files."""
        every = {each.sha256: each.what for each in self.found}
        return {key: what for key, what in every.items() if isinstance(what, StationReturn)}

    @property
    def is_one_submission(self) -> bool:
        """Whether it is what was sent of one return, and is taken whole or not at all."""
        return (self.has_manifest or len(self.receipts) == 1) and len(self.returns) < 2


def read_folders(paths: Iterable[Path]) -> Iterator[Folder]:
    """Yield what files and folders hold. Raises Unacceptable for a path that does not exist.

    The shell of Windows leaves `*.xlsx` as it was typed, so it is expanded here.
    """
    for path in paths:
        there = [path] if path.exists() else sorted(path.parent.glob(path.name))
        there = [each for each in there if not each.name.startswith("~$")]  # not a program's lock
        if not there:
            raise Unacceptable(
                "There is no file or folder {path}. What has a blank in it needs quotation marks.",
                path=path,
            )
        for each in there:
            read = [*_folders_in(each)] if each.is_dir() else [_read_folder([each])]
            # A folder may be named file by file.
            beside = each.suffix == ".parquet" or each.name.startswith(_RECEIPT)
            if not beside and not any(one.found or one.faults for one in read):
                why = message(
                    "{path} holds nothing that a station hands in. Name workbooks (.xlsx), or "
                    "the folders of returns send, unpacked",
                    path=each,
                )
                read.append(Folder([], {}, [Fault("broken", why)]))
            yield from read


def _folders_in(folder: Path) -> Iterator[Folder]:
    unread: list[OSError] = []
    for home, inner, names in os.walk(folder, onerror=unread.append):
        inner[:] = sorted(name for name in inner if not name.startswith("."))
        links = [Path(home, each) for each in (*inner, *names) if Path(home, each).is_symlink()]
        files = [Path(home, each) for each in sorted(names) if not each.startswith("~$")]
        if found := _read_folder([each for each in files if each not in links], links):
            yield found
    if unread:
        yield Folder(
            [], {}, [Fault("broken", unreadable_file(Path(e.filename), e)) for e in unread]
        )


def _read_folder(files: Sequence[Path], links: Sequence[Path] = ()) -> Folder:
    found, faults, receipts = [], [], {}
    for each in links:
        why = message("{path} is a link, and links are not followed", path=each)
        faults.append(Fault("broken", why))
    for file in files:
        try:
            if file.suffix.lower() == ".xlsx":
                found.append(_read_workbook(file))
            elif file.name == MANIFEST:
                facts = read_facts(file.parent)
                if isinstance(facts, Fault):
                    faults.append(facts)
                else:
                    found.append(Found(file, facts))
            elif file.suffix == ".txt" and file.name.startswith(_RECEIPT):
                receipts[file.name] = file.read_bytes()[:100_000]
        except Unacceptable as wrong:
            faults += [Fault("broken", each) for each in wrong.notes or [wrong.message]]
        except OSError as error:
            faults.append(Fault("broken", unreadable_file(file, error)))
    return Folder(found, receipts, faults, any(each.name == MANIFEST for each in files))


def _read_workbook(file: Path) -> Found:
    """Return the return or the points in a workbook. Raises Unacceptable, and OSError."""
    what = read_point_list(file) or read_station_return(file)
    return Found(file, what, file.read_bytes())


class Sorted(NamedTuple):
    """What is new: rows to keep, facts to take in with the return of each, and faults."""

    rows: list[Kept]
    facts: list[tuple[SentFacts, Found]]
    faults: list[Fault]


def sort_hand_ins(desk: ArrivalDesk, folders: Iterable[Folder], known: set[str]) -> Sorted:
    """Return what is new and can be kept; `known` are the SHA-256 and identities already kept.

    Facts are still to be compared with their rows.
    """
    result = Sorted([], [], [])
    came = {each.sha256: each.sent for each in desk.book.hand_ins}
    later: list[Folder] = []
    forms: list[tuple[StationReturn, Found, Folder]] = []
    for folder in folders:
        faults = [*folder.faults, *_unfit_found(desk, folder.found)]
        if folder.is_one_submission and folder.returns and not faults:
            faults = _companions(desk, folder, folder.returns, known).faults
        result.faults.extend(faults)
        if faults and folder.is_one_submission:
            continue
        later.append(folder)
        for each in (one for one in folder.found if not any(_problem(desk, one))):
            if not isinstance(each.what, StationReturn):
                continue
            if each.what.told and is_own_form(desk, each.what):
                forms.append((each.what, each, folder))
                continue
            if each.sha256 not in came:
                result.rows.append(_kept_return(each.what, each, folder))
            came[each.sha256] = each.what
    for folder in later:
        beside = _companions(desk, folder, came, known)
        result.faults.extend(beside.faults)
        if not (beside.faults and folder.is_one_submission):
            result.rows.extend(beside.rows)
            result.facts.extend(beside.facts)
    # A form that replaces a withdrawn one comes after it.
    forms.sort(key=lambda each: (each[0].period.code, each[0].stamp or NO_STAMP))
    _place_forms(desk, forms, result)
    return result


def _place_forms(
    desk: ArrivalDesk, forms: Sequence[tuple[StationReturn, Found, Folder]], into: Sorted
) -> None:
    """Put the county's own forms in their order; those that follow no other are faults."""
    heads = {
        kind: [
            (each.stamp.head, each.sha256) for each in desk.book.standing(f"____{kind}").values()
        ]
        for kind in "QA"
    }
    there = {each.sha256 for each in desk.book.forms}
    for sent, each, folder in forms:
        stamp, chain = sent.stamp or NO_STAMP, heads[chain_of(sent.period.code)]
        about = sent.key, sent.period.code
        if each.sha256 in there:
            continue
        if len({one.key for one, *_ in forms}) > 1:
            into.faults.append(each.fault(_FOREIGN_FORM, "other"))
            continue
        if chain and stamp.replaces and chain[-1][0] == stamp.replaces:
            back = {"day": stamp.moment.date().isoformat(), "reason": "", "head": stamp.replaces}
            into.rows.append(Kept("withdrawal", *about, chain.pop()[1], back, {}))
        if stamp.before != (chain[-1][0] if chain else ""):
            into.faults.append(each.fault(_ORDER, "other"))
            continue
        chain.append((stamp.head, each.sha256))
        document = form_document(told_form(sent, each.sha256))
        files = {one.file.name: one.content for one in folder.found if one.whose == each.whose}
        into.rows.append(Kept("form", *about, each.sha256, document, files))


def _companions(
    desk: ArrivalDesk, folder: Folder, came: Mapping[str, StationReturn], known: set[str]
) -> Sorted:
    """Return a folder's lists of points and facts, beside those of these returns that they fit."""
    into, beside = Sorted([], [], []), folder.returns
    for each in (one for one in folder.found if not any(_problem(desk, one))):
        if isinstance(each.what, SentFacts):
            _sort_facts(each, each.what, came.get(each.what.manifest.attachment6), known, into)
        elif isinstance(each.what, PointList) and not any(one.told for one in beside.values()):
            place = each.whose  # a list beside a county's form is the county's own
            fits = {k: sent for k, sent in came.items() if _own_period_of(sent) == place}
            near = {key: sent for key, sent in fits.items() if key in beside}
            _sort_points(each, each.what, near or fits, known, into)
    return into


def _sort_facts(
    each: Found, facts: SentFacts, sent: StationReturn | None, known: set[str], into: Sorted
) -> None:
    manifest = facts.manifest
    if sent is None or (sent.key, sent.period.code) != facts.whose:
        into.faults.append(each.fault(_NO_RETURN))
    elif manifest.as_submitted and manifest.figures != sent.figures:
        into.faults.append(each.fault(_UNLIKE_RETURN, "unlike"))
    elif f"{manifest.identity} {manifest.revision}" not in known:
        into.facts.append((facts, each))


def _sort_points(
    each: Found,
    listed: PointList,
    fits: Mapping[str, StationReturn],
    known: set[str],
    into: Sorted,
) -> None:
    """Put a list of points beside the last of the returns that it fits."""
    if not fits:
        into.faults.append(each.fault(_NO_RETURN))
        return
    key, sent = max(fits.items(), key=lambda one: one[1].stamp or NO_STAMP)
    if f"points {key}" not in known:
        document, files = {"points": [*listed.points]}, {each.file.name: each.content}
        into.rows.append(Kept("points", sent.key, sent.period.code, key, document, files))


def _own_period_of(sent: StationReturn) -> tuple[str, str]:
    return sent.station, sent.period.code


def _kept_return(sent: StationReturn, each: Found, folder: Folder) -> Kept:
    files = {each.file.name: each.content}
    # A receipt names the SHA-256 of its forms.
    files |= {name: text for name, text in folder.receipts.items() if each.sha256.encode() in text}
    about = sent.key, sent.period.code, each.sha256
    return Kept("return", *about, return_document(sent), files)


def is_own_form(desk: ArrivalDesk, sent: StationReturn) -> bool:
    """Return whether a county's form is this county's own, also in a store made again."""
    begins = not desk.book.forms and sent.names.keys() <= desk.listed
    return sent.key == desk.key or begins


def told_form(sent: StationReturn, digest: str) -> CountyForm:
    """Return what the county told by a form, from its workbook."""
    code = sent.period.code
    return CountyForm(
        sent.period,
        sent.station,
        sent.stamp or NO_STAMP,
        {key: corrected(NOTHING_TOLD, cells) for key, cells in sent.told[code].items()},
        {each: stations for each, stations in sent.told.items() if each != code},
        sent.names,
        sent.settings,
        digest,
        lists=sent.lists,
    )


def _unfit_found(desk: ArrivalDesk, found: Iterable[Found]) -> Iterator[Fault]:
    for each in found:
        for why in _problem(desk, each):
            yield each.fault(why, "other")


def _problem(desk: ArrivalDesk, each: Found) -> Iterator[Message]:
    """Yield why a hand-in is refused by itself: it was not submitted, lies ahead, is practice."""
    what = each.what
    if isinstance(what, SentFacts):
        if what.manifest.moment > desk.moment:
            yield _ahead(what.manifest.moment)
        return
    if made_in_practice(what) and not desk.practises:
        yield message("it was made in practice")
    if isinstance(what, PointList):
        return
    if what.stamp is None:
        yield _NOT_SUBMITTED
    elif what.stamp.moment > desk.moment:
        yield _ahead(what.stamp.moment)
    elif not what.key:
        yield message("it does not state the key of its ledger")
    # A county's form is a hand-in of the level below where the registry lists the county.
    elif what.told and not is_own_form(desk, what) and what.key not in desk.listed:
        lacking = [name for key, name in what.names.items() if key not in desk.listed]
        if desk.book.forms:
            yield _FOREIGN_FORM
        elif len(lacking) == len(what.names):
            yield _ORDER
        else:
            yield message(
                "list these of its stations too, with their days: {names}", names=lacking
            )


def _ahead(moment: datetime) -> Message:
    return message(
        "it was submitted on {day}, which lies ahead, so that no later return would count. "
        "Check the clocks of both computers",
        day=moment.date(),
    )


_NOT_SUBMITTED = message(
    "it was not submitted. Hand in the Attachment 6 that was written by: `returns submit PERIOD`"
)
_NO_RETURN = message(
    "its Attachment 6 did not come. Hand in what was submitted together: the whole folder"
)
_UNLIKE_RETURN = message("its figures as submitted differ from its Attachment 6")
_FOREIGN_FORM = message(
    "this is a form of another county, or forms of two counties came. Load this county's own "
    "forms by themselves; a province first lists each county with its key"
)
_ORDER = message(
    "this form of a county cannot be placed. To make a lost store again, load the list of "
    "stations, then what the stations handed in, then the county's forms in their order"
)
