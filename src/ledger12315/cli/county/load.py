"""`county load`, `status` and `hand-back`: what came in, what is missing, what to give back."""

from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from ledger12315.boxes import Box, Filled
from ledger12315.boxes.kinds import DAY, LINE, PATH, PATHS
from ledger12315.boxes.worded import OneWord
from ledger12315.cli.command import command
from ledger12315.cli.county.store import (
    STATED_PERIOD,
    STORE,
    County,
    expected_of,
    open_county,
    stations_line,
    store_of,
)
from ledger12315.cli.face.answers import Column, Result, answer_of_list
from ledger12315.cli.face.desk import Desk
from ledger12315.cli.face.files import write_whole
from ledger12315.cli.face.options import DRY_RUN, EXIT_CODE
from ledger12315.county.doubts import doubts_of
from ledger12315.county.loading import Arrived, load_hand_ins
from ledger12315.county.store import files_of, newest_entry
from ledger12315.errors import (
    NO_MEMORY,
    Message,
    Refused,
    Unacceptable,
    Unusable,
    first_few,
    made_folder,
    message,
)
from ledger12315.facts.arriving import Fault
from ledger12315.locale import render
from ledger12315.rules.hand_ins import Member, reporting_of
from ledger12315.rules.periods import Period, last_quarter, quarter_before
from ledger12315.rules.reported import chain_of
from ledger12315.words import ARRIVALS

_PATHS = Box("path", "文件", PATHS, "what stations handed in: files or folders", required=True)
_STATION = Box("station", "工商所", LINE, "a station's name or key", required=True, metavar="NAME")
_FOLDER = Box("dir", "文件夹", PATH, "the folder for its files", required=True)
_PLACES = ("station", "folder", "file", "path")
"""What tells problems of one reason apart, in a message's values."""
_MOST_ALIKE, _MOST_NAMED = 3, 20
_STATES = (
    Column("station", "工商所"),
    Column("key", "台账标识", screen=False),
    Column("state", "状态", kind=OneWord(ARRIVALS)),
    Column("revision", "版次", right=True),
    Column("submitted", "报送日期", kind=DAY),
    Column("why", "说明", narrow=True),
)
_PERIODS = (
    Column("period", "报告期"),
    Column("stations", "实报", right=True),
    Column("expected", "应报", right=True),
    Column("reporting_rate", "上报率%", right=True),
    Column("late", "逾期", right=True),
    Column("on_time_rate", "按时率%", right=True),
    Column("doubts", "疑点", right=True),
    Column("submitted", "上报日期", kind=DAY),
    Column("corrections", "待更正", right=True),
)


@command(_PATHS, DRY_RUN, STORE, arguments=1, flags="json")
def load(desk: Desk, filled: Filled) -> Result:
    """Take in what stations handed in: workbooks, or folders of `returns send`."""
    place, dry_run = store_of(desk, filled), "dry_run" in filled
    with _advise_without_memory():
        taken, faults = load_hand_ins(
            place,
            filled.paths("path"),
            desk.moment,
            desk.clock.rehearsed,
            desk.practises,
            dry_run,
        )
    error = Unacceptable("These hand-ins are not loaded.", *_grouped(faults))
    if taken:
        error = Unacceptable("These hand-ins are not loaded; all others are.", *error.notes)
    rows = [each._asdict() | {"why": each.why and render(each.why)} for each in taken]
    counts = sorted(Counter(each.period for each in taken).items())
    said = [message("{period}: loaded: {count}", period=code, count=n) for code, n in counts]
    apart: dict[str, list[Arrived]] = {}
    for each in taken:
        if each.why:
            apart.setdefault(render(each.why), []).append(each)
    uncounted = [
        message(
            "Kept, not counted: {count} of {stations}: {why}",
            count=len(those),
            stations=first_few(dict.fromkeys(each.station for each in those), _MOST_NAMED),
            why=those[0].why,
        )
        for those in apart.values()
    ]
    notes = [message("Nothing was written.")] if dry_run else []
    parts = said or ([] if faults else [message("There is nothing new.")])
    before = [message("Store: {path}", path=place)]
    return Result(
        parts, rows, before=before, notes=[*uncounted, *notes], error=error if faults else None
    )


@contextmanager
def _advise_without_memory() -> Iterator[None]:
    """Add to the error of a load that lacks memory what to do."""
    try:
        yield
    except Unusable as error:
        if error.message.values.get("reason") == NO_MEMORY:
            error.notes += (message("Load fewer hand-ins at a time."),)
        raise


def _grouped(faults: Iterable[Fault]) -> Iterator[Message]:
    """Yield the problems of hand-ins; many for one reason are one of them and the names."""
    groups: dict[str, list[Message]] = {}
    for each in faults:
        said = {key: value for key, value in each.why.values.items() if key not in _PLACES}
        groups.setdefault(f"{each.why.id} {said}", []).append(each.why)
    for first, *others in groups.values():
        yield first
        if len(others) <= _MOST_ALIKE:
            yield from others
            continue
        yield message(
            "the same of {count} more: {names}",
            count=len(others),
            names=first_few(map(_place_named, others), _MOST_ALIKE),
        )


def _place_named(problem: Message) -> object:
    found = [problem.values[key] for key in _PLACES if key in problem.values]
    place = next(iter(found), "…")
    return place.name if isinstance(place, Path) else place


@command(STATED_PERIOD.optional(), STORE, EXIT_CODE, arguments=1, flags="json csv")
def show_hand_ins(desk: Desk, filled: Filled) -> Result:
    """List how many stations reported each period, or all stations of one."""
    text = filled.given("period", str)
    with open_county(desk, filled) as county:
        desk.demand_clock(newest_entry(county.duck))
        if text is None:
            return _all_periods(county, "exit_code" in filled)
        days = county.period(text)
        members = county.members(days)
        if days.last >= desk.today and not any(each.hand_in for each in members):
            said = message(
                "{period} ends on {last}; no return is due yet.", period=days.code, last=days.last
            )
            if desk.format == "table":
                return Result(before=[county.line], notes=[said])
            return answer_of_list([], _STATES, before=[county.line], notes=[said])
        rows = [_state_row(county, each, days) for each in members]
        notes = [stations_line(county, members), *doubts_of(county.duck, county.book, days)]
        notes += county.altered_notes(days)
    found = notes[1:] or any(each["state"] != "loaded" for each in rows)
    code = int("exit_code" in filled and bool(found))
    return answer_of_list(rows, _STATES, before=[county.line], notes=notes, exit_code=code)


def _state_row(county: County, each: Member, days: Period) -> dict[str, Any]:
    facts = each.hand_in.facts if each.hand_in else ()
    keys = each.entry.follows if each.entry else ()
    follows = [county.book.name_of(key, days.last) for key in keys]
    why = each.why or (message("it follows {stations}", stations=follows) if follows else None)
    if each.hand_in and not why and each.hand_in.last != days.last:
        why = message("counted up to {day}", day=each.hand_in.last)
    return {
        "station": each.name,
        "key": each.key,
        "state": each.state,
        "revision": max((one.revision for one in facts), default=None),
        "submitted": each.hand_in.stamp.moment.date() if each.hand_in else None,
        "why": render(why) if why else "",
    }


def _all_periods(county: County, wants_code: bool) -> Result:
    """Return a row for each period in the store."""
    codes = _codes_to_show(county)
    if not codes and county.desk.format == "table":
        return Result(before=[county.line], notes=[_empty_store(county)])
    rows = []
    for code in sorted(codes):
        days = county.period(code)
        members, told = county.members(days), county.book.form_of(code)
        reporting = reporting_of(members, expected_of(county, members))
        share, timely = reporting.shares if reporting.expected else (None, None)
        rows.append(
            {
                "period": code,
                "stations": reporting.counted,
                "expected": reporting.expected,
                "reporting_rate": share,
                "late": reporting.late,
                "on_time_rate": timely,
                "doubts": len([*doubts_of(county.duck, county.book, days)]),
                "submitted": told.stamp.moment.date() if told else None,
                "corrections": len(county.book.corrections(code)) if told else None,
            }
        )
    wanting = any(each["stations"] != each["expected"] or each["doubts"] for each in rows)
    notes = county.altered_notes()
    code_ = int(wants_code and (wanting or bool(notes)))
    return answer_of_list(rows, _PERIODS, before=[county.line], notes=notes, exit_code=code_)


def _codes_to_show(county: County) -> set[str]:
    """Return the periods of hand-ins and forms; with a registry each quarter since the first."""
    book = county.book
    codes = {each.sent.period.code for each in book.hand_ins}
    codes |= {each.period.code for each in book.forms if not each.withdrawn}
    quarters = {each for each in codes if chain_of(each) == "Q"}
    days = last_quarter(county.desk.today)
    while book.registry and quarters and days.code > min(quarters):
        codes.add(days.code)
        days = quarter_before(days)
    return codes


@command(_STATION, _FOLDER, STORE, arguments=2)
def hand_back(desk: Desk, filled: Filled) -> Result:
    """Write a station's last hand-in of each period into a folder, for one who lost its own."""
    word, folder = filled.text("station"), filled.path("dir")
    with open_county(desk, filled) as county:
        keys = _keys_named(county, word)
        last = {
            each.sent.period.code: each
            for each in sorted(county.book.hand_ins, key=lambda each: each.order)
            if each.sent.key == keys[0]
        }
        files = {code: files_of(county.duck, each.sha256) for code, each in sorted(last.items())}
        replaced: list[Message] = []
        for code, kept in files.items():
            home = folder / keys[0] / code
            with made_folder(home):
                for name, content in kept.items():
                    replaced += write_whole(home / name, content, county.place, readers="group")
    said = message("Periods written: {count}, into {path}", count=len(last), path=folder)
    return Result([said], before=[county.line, *replaced], notes=county.altered_notes())


def _empty_store(county: County) -> Message:
    """Return the sentence on a store without hand-ins."""
    return message(
        "{path} holds no hand-ins. Load them first: `county load PATH`",
        path=county.place,
    )


def _keys_named(county: County, word: str) -> list[str]:
    """Return the key of the station with this key or name. Raises Refused."""
    names = {each.sent.key: each.sent.station for each in county.book.hand_ins}
    names |= {each.key: each.name for each in county.book.registry if each.key in names}
    if not names:
        said = _empty_store(county)
        raise Refused(said.id, **said.values)
    found = [key for key, name in names.items() if word in (key, name)]
    found = found or [key for key, name in names.items() if word in name]
    if len(found) != 1:
        those = found or [*names]
        times = Counter(names[key] for key in those)
        called = (f"{names[k]} {k}" if times[names[k]] > 1 else names[k] for k in those)
        raise Refused(
            "{word} is not one station of this store. The stations: {stations}",
            word=word,
            stations=sorted(called),
        )
    return found
