"""Moved to `tests.building`; stays until tests/cli, tests/faults and test_harmless import that."""

from tests.building import fill_desk
from tests.building import unguarded as unguarded

_fill_the_desk = fill_desk
