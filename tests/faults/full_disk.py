"""The disk is full at each call in turn that changes a file, of every command that writes."""

from collections.abc import Iterator
from itertools import count
from pathlib import Path

from tests.faults import Row
from tests.faults.clerks import Clerk, library
from tests.faults.clerks import clerk as hired
from tests.faults.stations import ACTS, LEDGER, Station, contents, strange, told_wrongly, unsound


def rows(folder: Path, part: float, seed: int) -> Iterator[Row]:
    """The rows of the table; a smaller part leaves out calls."""
    with library() as built:
        if not built:
            yield Row("disk full", 0, "", ["not done: it needs Linux and a C compiler"])
            return
        with hired(built) as clerk:
            times, found = fill(clerk, folder, list(ACTS), max(1, round(1 / part)))
    yield Row(
        "disk full at each write of each command", times, "ledger as before or wholly after", found
    )


def fill(clerk: Clerk, folder: Path, names: list[str], step: int = 1) -> tuple[int, list[str]]:
    """Let every `step`-th call of these acts fail, alone and then with all that follow; gives how often, and what was found."""
    (templates := folder / "templates").mkdir()
    station = Station(clerk, templates)
    place, temporary = folder / "place", folder / "temporary"
    env = {"TMPDIR": str(temporary), "SQLITE_TMPDIR": str(temporary)}
    temporary.mkdir()
    times, found = 0, []
    for name in names:
        act = ACTS[name]
        before, after = station.before(act, place), station.after(act, place)
        for for_good in (False, True):
            for nth in count(1, step):
                station.lay(act, place)
                done = clerk(
                    act.arguments(place), under=folder, fail_at=nth, for_good=for_good, env=env
                )
                if done.code is not None and done.calls < nth:
                    break
                times += 1
                wrong = [
                    *told_wrongly(done),
                    *strange(contents(place), before, after, done.code == 0),
                ]
                wrong += [
                    f"{left.name} left in the temporary folder" for left in temporary.iterdir()
                ]
                if (path := place / LEDGER).exists():
                    wrong += unsound(path)
                found += [
                    f"{name}, call {nth}{' and all after' if for_good else ''}, exit {done.code}: {each}"
                    for each in wrong
                ]
                for left in temporary.iterdir():
                    left.unlink()
    return times, found
