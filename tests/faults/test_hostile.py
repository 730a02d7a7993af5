"""The short form of hostile files and of killed imports, and that the sound files which are mutated are taken in."""

import sys
from itertools import islice
from pathlib import Path

import pytest

from tests.faults import imports
from tests.faults.bombs import sheets
from tests.faults.clerks import clerk, dice
from tests.faults.hostile import READERS, Hostile, mutated

pytestmark = pytest.mark.skipif(
    sys.platform != "linux", reason="processes are forked, and memory files used"
)


def test_hostile_files_do_no_harm(tmp_path: Path) -> None:
    chance = dice("hostile")
    with clerk() as warm:
        taking = Hostile(warm, tmp_path)
        for name, content in islice(sheets(), 0, None, 20):
            taking.take(name, content)
        for number in range(12):
            taking.take(f"mutation {number}", mutated(chance.choice(taking.seeds), chance))
    assert (taking.faults, taking.changed) == ([], [])


def test_killed_while_it_imports(tmp_path: Path) -> None:
    assert next(imports.rows(tmp_path, part=0.03, seed=1)).found == []


def test_each_sound_file_is_taken_by_a_reader(tmp_path: Path) -> None:
    with clerk() as warm:
        taking = Hostile(warm, tmp_path)
        for seed in taking.seeds:
            # The names of all stations may stand in any file.
            codes = [
                taking.put(seed, reader).code for reader in READERS if "--expect" not in reader
            ]
            assert 0 in codes, seed[:40]
