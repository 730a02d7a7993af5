"""A sample of each harm that `nox -s faults` does at length: what is found must be nothing."""

import sys
from pathlib import Path

import pytest

from tests.faults.__main__ import HARMS, UNCOUNTED, found, rows

pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="processes are forked"),
    pytest.mark.slow,
]


@pytest.mark.parametrize("harm", HARMS)
def test_a_sample_of(harm: str, tmp_path: Path) -> None:
    if harm in UNCOUNTED:
        pytest.skip("no C compiler")
    table = rows(harm, tmp_path / harm, part=0.001)
    assert {what: found(row) for what, row in table.items() if found(row)} == {}
    assert table
