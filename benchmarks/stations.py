"""Fill a folder with stations' Attachment 6, no two alike: `python -m benchmarks.stations FOLDER COUNT`."""

import sys
from pathlib import Path
from random import Random

from benchmarks.data import QUARTER
from ledger12315.rules.measures import MEASURES, Figures, breaches, with_totals
from ledger12315.rules.periods import parse_period
from ledger12315.sheets import workbook
from ledger12315.sheets.forms.spec import Head
from ledger12315.words import TYPES

# What is made up so that it adds up; every other measure is a number of its own.
_ADDED = {
    "received": "received_direct received_referred received_other",
    "mediation_closed": "mediated",
    "closed_other": "withdrawn",
    "closed": "settled advised mediation_closed closed_other",
    "closed_on_time": "settled",
    "rated": "settled",
    "satisfied": "settled",
    "returns_made": "points_end",
    "returns_due": "points_end",
}


def figures(chance: Random) -> Figures:
    """One station's figures by type, all controls holding."""
    by_type: dict[str, dict[str, int]] = {key: {} for key in MEASURES}
    for type_ in TYPES:
        made = {
            key: chance.randrange(10**7 if measure.money else 30)
            for key, measure in MEASURES.items()
        }
        made |= {"type_changes": 0, "points_start": made["points_start"] + 30, "overdue_end": 0}
        made["points_end"] = made["points_start"] + made["points_new"] - made["points_retired"]
        for key, parts in _ADDED.items():
            made[key] = sum(made[part] for part in parts.split())
        made |= {
            "received_goods": made["received"],
            "received_service": 0,
            "received_other_kind": 0,
        }
        made["open_start"] += made["closed"]
        made["open_end"] = made["open_start"] + made["received"] - made["closed"]
        for key, figure in made.items():
            by_type[key][type_] = figure
    return with_totals(by_type)


def fill(folder: Path, count: int) -> None:
    """Workbooks of QUARTER, as stations export them."""
    folder.mkdir(exist_ok=True)
    for number in range(1, count + 1):
        found = figures(Random(number))  # noqa: S311  # the same again each time
        assert not breaches(found)
        head = Head(f"榕溪县第{number}市场监督管理所", parse_period(QUARTER), None, None, {})
        (folder / f"附件6_{QUARTER}_{number:03}.xlsx").write_bytes(workbook(6, head, found))


if __name__ == "__main__":
    fill(Path(sys.argv[1]), int(sys.argv[2]))
