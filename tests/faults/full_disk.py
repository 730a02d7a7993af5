"""The disk is full at each call in turn that changes a file, of every command."""

from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

from tests.faults import Done, Tried, misdone, share
from tests.faults.clerks import clerk
from tests.faults.lines import ACTS, LEDGER
from tests.faults.stations import Known, contents, known, lay, unsound


def tries(place: Path, part: float, chance: Random) -> Iterator[Tried]:
    """Let each call of each act fail, alone and then with all that follow."""
    (temporary := place / "temporary").mkdir()
    names = ("TMPDIR", "SQLITE_TMPDIR")
    how: dict[str, Any] = {"under": place, "env": dict.fromkeys(names, str(temporary))}
    # A part of the acts, and a part of their calls.
    acts = share(chance, part**0.5, [ACTS])
    undisturbed = {act: known(act, place / "station", **how) for act in acts}
    calls = (
        [(act, nth, for_good) for nth in range(1, each.done.calls + 1)]
        for act, each in undisturbed.items()
        for for_good in (False, True)
    )
    for act, nth, for_good in share(chance, part**0.5, calls):
        lay(act, place / "station")
        done = clerk(act, place / "station", fail_at=nth, for_good=for_good, **how)
        wrong = [*_wrong(done, undisturbed[act], place / "station", temporary)]
        found = [f"{act.words}, call {nth}, {for_good=}: {each}" for each in wrong]
        yield Tried("disk full at each write of each command", found)


def _wrong(done: Done, undisturbed: Known, folder: Path, temporary: Path) -> Iterator[str]:
    """Yield what is wrong after a call of an act failed."""
    yield from misdone(done, 0, 4)
    now = contents(folder)
    # A copy that was made beside changes nothing.
    there = {name: now.get(name) for name in undisturbed.was}
    if "Nothing was changed" in done.err and there != undisturbed.was:
        yield f"it says that nothing was changed: {done.err}"
    for each in undisturbed.strange(now, done.code == 0):
        # A backup that is whole stands, though it is not in the list beside the ledger.
        if each != f"{LEDGER}.upkeep.json not written, though acknowledged":
            yield each
    for left in temporary.iterdir():
        yield f"{left.name} left in the temporary folder"
        left.unlink()
    if (folder / LEDGER).exists():
        yield from unsound(folder / LEDGER, undisturbed.state)
