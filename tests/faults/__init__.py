"""Harm done to a ledger on purpose, and what came of it: short forms run as tests, long ones by `nox -s faults`."""

from typing import NamedTuple


class Row(NamedTuple):
    """One line of the table: what was done, how often, what is allowed, and everything that was found (a sentence each)."""

    done: str
    times: int
    allowed: str
    found: list[str]
    note: str = ""
    """Figures besides, such as waiting times."""
