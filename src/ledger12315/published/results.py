"""What a query over facts found, as figures."""

from typing import Any

from ledger12315.rules.measures import MEASURES, Figures, with_totals
from ledger12315.words import TYPES


def by_unit(cursor: Any) -> dict[str, Figures]:
    """Return what the query of rules/counting.py found: the figures of each unit."""
    names = [column[0] for column in cursor.description]
    found: dict[str, dict[str, dict[str, int]]] = {}
    for values in cursor.fetchall():
        row = dict(zip(names, values, strict=True))
        unit = found.setdefault(row["unit"], {key: dict.fromkeys(TYPES, 0) for key in MEASURES})
        for key in MEASURES:
            unit[key][row["of_type"]] = int(row[key])
    return {unit: with_totals(each) for unit, each in found.items()}
