"""Moved to `tests.ledger.drawn`; stays until test_workbooks imports that."""

from contextlib import AbstractContextManager

from ledger12315.ledger.store import Ledger
from tests.building import built
from tests.ledger import drawn

PERIODS, QUARTERS = drawn.PERIODS, drawn.QUARTERS


class Life(list[str]):
    """A random ledger's lines."""

    def __add__(self, other: list[str]) -> "Life":  # type: ignore[override]
        return Life(drawn.together(self, other))


lives = drawn.lives().map(Life)


def lived(life: Life) -> AbstractContextManager[Ledger]:
    return built(life, refused=True)
