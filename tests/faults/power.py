"""The power fails: disk images in which what a day's work did not sync is kept, lost or torn."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from random import Random
from typing import NamedTuple

from tests.faults import Tried, share
from tests.faults.clerks import clerk
from tests.faults.disks import Call, Disk, disk_of, image, noted
from tests.faults.lines import LEDGER, Act, act
from tests.faults.stations import Known, before, contents, crashed

Pragmas = tuple[str, ...]
_FULL: Pragmas = ("PRAGMA synchronous = FULL",)
_SPILLING: Pragmas = ("PRAGMA cache_size = 1",)
_WORK = (act("log"), act("close"), act("complaint amend"))
_NAMES = ("init", "ledger backup", "ledger restore")
_OTHERS = (*map(act, _NAMES), act("", "old"), act("", "hot"))
# A day's work, and what else puts files in place: how many images of each.
_DAYS: dict[tuple[Act, ...], int] = {_WORK: 3000, **{(each,): 300 for each in _OTHERS}}
_CONTROLS = 300
_LOST = "an acknowledged act is lost"


class Recording(NamedTuple):
    """The calls of a day's work from the first state of the disk on."""

    disk: Disk
    calls: list[Call]
    ends: list[int]
    """How many calls there were when each act was acknowledged."""
    states: list[dict[str, str]]
    """The files before the first act and after each."""


def tries(place: Path, part: float, chance: Random) -> Iterator[Tried]:
    """Cut each day off at random moments; the control must lose something."""
    for acts in share(chance, part, ([day] * times for day, times in _DAYS.items())):
        found = cut_off(place, chance, acts, chance.choice(((), _SPILLING)))
        yield Tried(f"power cut during {', '.join(map(str, acts))}", found)
    lost = False
    for number in range(_CONTROLS):
        if lost and number >= _CONTROLS * part:
            return
        lost |= (loses := _LOST in cut_off(place, chance, _WORK, _FULL))
        yield Tried("the control: synchronous = FULL", [], "lost" if loses else "")
    if not lost:
        yield Tried("the control: synchronous = FULL", ["the images prove nothing"])


def cut_off(place: Path, chance: Random, acts: tuple[Act, ...], pragmas: Pragmas) -> list[str]:
    """Return what is wrong with one image of a day's work, which is opened as cron does it."""
    disk, calls, ends, states = recorded(place, acts, pragmas)
    at = chance.choice((chance.randint(0, len(calls)), chance.choice(ends)))
    done = sum(end <= at for end in ends)
    (found := place / "image").mkdir(exist_ok=True)
    for each in found.iterdir():
        each.unlink()
    for name, content in image(disk, calls[:at], chance).items():
        (found / Path(name).name).write_bytes(content)
    # It may be one of two states.
    was, becomes = states[done], states[min(done + 1, len(states) - 1)]
    wrong = [*crashed(found, Known(was, becomes, state=acts[0].state), was is becomes)]
    past = [each.get(LEDGER) for each in states[:done] if each.get(LEDGER) != was.get(LEDGER)]
    if contents(found).get(LEDGER) in past:
        return [_LOST]
    return [f"cut after call {at} of {len(calls)}, {done} done: {each}" for each in wrong]


@cache
def recorded(place: Path, acts: tuple[Act, ...], pragmas: Pragmas) -> Recording:
    """Let a clerk do a day's work."""
    day, notes = place / "day", place / "notes"
    notes.unlink(missing_ok=True)
    states, ends = [before(acts[0], day)], []
    disk = disk_of(day)
    for each in acts:
        done = clerk(each, day, under=day, notes=notes, pragmas=pragmas)
        assert done.code == 0, done.err
        states.append(contents(day))
        ends.append(len(noted(notes)))
    return Recording(disk, noted(notes), ends, states)
