"""The short form of the canaries, and that nothing escapes those who look for them."""

from pathlib import Path

import pytest

from ledger12315.cli.app import COMMANDS
from tests.faults import canaries
from tests.faults.canary_lines import (
    ADDRESS,
    CONSUMER,
    CONTACT,
    LANDLINE,
    NAME,
    PHONE,
    REVEALS,
    SAYS,
    SLIPS,
)


def test_no_canary_is_seen_outside_the_ledger(tmp_path: Path) -> None:
    rows = list(canaries.rows(tmp_path, 0.1, 1))
    assert [fault for row in rows for fault in row.found] == []


def test_every_command_is_tried() -> None:
    lines = [f"{line} " for line in (*(line for line, _ in (*SAYS, *SLIPS)), *REVEALS)]
    assert [
        row.name for row in COMMANDS if not any(line.startswith(f"{row.name} ") for line in lines)
    ] == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (f"{NAME}、{CONTACT}", ["金丝雀", "白鹭"]),
        ('"\\u6b27\\u9633\\u91d1\\u4e1d\\u96c0"', ["金丝雀"]),
        (PHONE, ["98765432"]),
        ("139 8765 4321", ["98765432"]),
        ("+86-139-8765-4321", ["98765432"]),
        ("\uff11\uff13\uff19\uff18\uff17\uff16\uff15\uff14\uff13\uff12\uff11", ["98765432"]),
        (LANDLINE, ["91876512"]),
        (ADDRESS, ["椰林"]),
        ("欧阳*** 司马** 139****4321 0591-****1234 榕溪县****", []),
    ],
)
def test_a_canary_is_known_in_whichever_dress(text: str, found: list[str]) -> None:
    assert canaries.seen(text, CONSUMER) == found
