"""The short forms of the harm that `nox -s faults` does at length: what is found must be nothing."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from ledger12315.cli.app import COMMANDS
from tests.faults.clerks import Clerk, clerk, library
from tests.faults.crashes import TIMES, Crashes
from tests.faults.crowd import crowd, restoring
from tests.faults.full_disk import fill
from tests.faults.power import DAYS, FULL, LOST, Cuts
from tests.faults.stations import ACTS
from tests.newer import one_step_more

pytestmark = pytest.mark.skipif(
    sys.platform != "linux", reason="processes are forked, and memory files used"
)


# The commands that change nothing.
READS = {
    *(
        "overdue",
        "today",
        "rollup",
        "explain",
        "point list",
        "point show",
        "complaint list",
        "complaint show",
        "record list",
    ),
    *(
        "returns status",
        "returns corrections",
        "template check",
        "settings list",
        "ledger check",
        "ledger history",
        "ledger info",
        "calendar show",
    ),
}


def test_every_command_that_writes_is_tried() -> None:
    tried = [f"{act.words} " for act in ACTS.values()]
    untried = {
        row.name
        for row in COMMANDS
        if not any(words.startswith(f"{row.name} ") for words in tried)
    }
    assert untried - READS == set()


@pytest.fixture(autouse=True, scope="module")
def newer() -> Iterator[None]:
    """A program of one step more, so that a ledger can be old."""
    with one_step_more():
        yield


@pytest.fixture(scope="module")
def watched() -> Iterator[Clerk]:
    """A clerk whose calls are noted and can fail."""
    with library() as built:
        if not built:
            pytest.skip("no C compiler")
        with clerk(built) as each:
            yield each


def test_killed_at_a_random_moment(tmp_path: Path) -> None:
    with clerk() as warm:
        crashes = Crashes(warm, tmp_path, seed=1)
        for number in range(4):
            for name in TIMES:
                crashes.kill(name, real=number == 3)
    assert crashes.found == []
    assert crashes.inside > len(TIMES)


@pytest.mark.parametrize(
    ("names", "images"), [(names, 120 if len(names) > 1 else 12) for names, _ in DAYS]
)
def test_power_cut(watched: Clerk, tmp_path: Path, names: tuple[str, ...], images: int) -> None:
    assert Cuts(watched, tmp_path, seed=1).cut(names, images) == (images, [])


def test_power_cut_with_less_syncing_loses_what_was_acknowledged(
    watched: Clerk, tmp_path: Path
) -> None:
    _, found = Cuts(watched, tmp_path, seed=1).cut(DAYS[0][0], 30, FULL)
    assert any(sentence.endswith(LOST) for sentence in found)


def test_disk_full(watched: Clerk, tmp_path: Path) -> None:
    times, found = fill(watched, tmp_path, list(ACTS), step=24)
    assert found == []
    assert times > len(ACTS)


def test_a_crowd(tmp_path: Path) -> None:
    assert crowd(tmp_path, seconds=6).found == []


def test_a_crowd_while_somebody_restores(tmp_path: Path) -> None:
    assert restoring(tmp_path, seconds=4).found == []
