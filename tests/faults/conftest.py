"""The harm is done to the program of a schema to come, so that a ledger of today's is an old one."""

from collections.abc import Iterator

import pytest

from tests.newer import one_step_more


@pytest.fixture(autouse=True, scope="module")
def newer() -> Iterator[None]:
    with one_step_more():
        yield
