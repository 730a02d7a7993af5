"""Fill a folder with stations' Attachment 6: `python -m benchmarks.stations FOLDER COUNT`."""

import sys
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from random import Random

from benchmarks.data import QUARTER
from ledger12315.rules.controls import breaches
from ledger12315.rules.measures import MEASURES, Figures, with_totals
from ledger12315.rules.periods import parse_period
from ledger12315.rules.reported import Stamp
from ledger12315.sheets import workbook
from ledger12315.sheets.forms.spec import Head
from ledger12315.words import TYPES

SUBMITTED = parse_period(QUARTER).last + timedelta(5)
# So that it adds up, these are equal, and these are nothing; every other is a number of its own.
_EQUAL = [
    "received",
    "received_direct",
    "received_goods",
    "closed",
    "settled",
    "closed_on_time",
    "rated",
    "satisfied",
    "open_start",
    "open_end",
    "points_start",
    "points_end",
    "returns_due",
    "returns_made",
]
_NOTHING = [
    "received_referred",
    "received_other",
    "received_service",
    "received_other_kind",
    "advised",
    "mediation_closed",
    "mediated",
    "closed_other",
    "withdrawn",
    "overdue_end",
    "points_new",
    "points_retired",
    "type_changes",
]


def figures(chance: Random) -> Figures:
    """Return one station's figures by type, all controls holding."""
    by_type: dict[str, dict[str, int]] = {key: dict.fromkeys(TYPES, 0) for key in MEASURES}
    for type_ in TYPES:
        equal = chance.randrange(30)
        for key in sorted(by_type.keys() - _NOTHING):
            own = chance.randrange(10**7 if MEASURES[key].money else 30)
            by_type[key][type_] = equal if key in _EQUAL else own
    return with_totals(by_type)


def fill(folder: Path, count: int) -> None:
    """Write workbooks of QUARTER, as stations export them."""
    folder.mkdir(exist_ok=True)
    for number in range(1, count + 1):
        found = figures(Random(number))  # noqa: S311  # the same again each time
        assert not breaches(found)
        days, name = parse_period(QUARTER), f"榕溪县第{number}市场监督管理所"
        at = datetime.combine(SUBMITTED, time(9), UTC)
        stamp, key = Stamp(at, 1, f"{number:064x}"), f"{number:032x}"
        head = Head(name, days, None, None, {}, stamp=stamp, key=key, county="榕溪县")
        (folder / f"附件6_{QUARTER}_{number:03}.xlsx").write_bytes(workbook(6, head, found))


if __name__ == "__main__":
    fill(Path(sys.argv[1]), int(sys.argv[2]))
