"""Engines that a county may use: each runs the printed query as docs/county.md says."""

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from importlib.util import find_spec
from typing import Any

from ledger12315.rules.measures import MEASURES, Figures, with_totals, zero_figures
from tests.catalogue import ROOT

Rows = list[dict[str, Any]]
_PAGE = ROOT / "docs" / "county.md"


def _chdb(found: Any) -> Rows:
    return [json.loads(line) for line in found.bytes().splitlines()]


def _duckdb(found: Any) -> Rows:
    return [dict(zip(found.columns, row, strict=True)) for row in found.fetchall()]


# What a block of the page imports -> its result as rows.
_RESULTS: Mapping[str, Callable[[Any], Rows]] = {
    "duckdb": _duckdb,
    "polars": lambda found: list(found.to_dicts()),
    "chdb": _chdb,
    "datafusion": lambda found: list(found.to_pylist()),
    "pyspark": lambda found: [row.asDict() for row in found.collect()],
}


@cache
def _blocks() -> Mapping[str, str]:
    """Return the page's block for each engine, by what it imports, after the one before all."""
    first, *rest = re.findall(r"```python\n(.*?)```", _PAGE.read_text("utf-8"), re.S)
    return {re.split(r"[ .\n]", block)[1]: first + block for block in rest}


def on_engine(name: str) -> Rows:
    """Run `rollup.sql` over the export `all` in the present folder, as the page says."""
    place: dict[str, Any] = {}
    exec(_blocks()[name], place)  # noqa: S102  the page's own lines
    return _RESULTS[name](place["found"])


ENGINES = tuple(_RESULTS)
HERE = [name for name in ENGINES if find_spec(name)]
"""Those that are installed: `nox -s engines` has all of them."""


def figures_found(names: Sequence[str], rows: Iterable[Sequence[Any]]) -> dict[Any, Figures]:
    """Return a query's result by period, if it has one, and unit; `names` are its columns."""
    found: dict[Any, dict[str, dict[str, int]]] = {}
    for values in rows:
        row = dict(zip(names, values, strict=True))
        of = (row["period"], row["unit"]) if "period" in row else row["unit"]
        unit = found.setdefault(of, zero_figures())
        for key in MEASURES:
            unit[key][row["of_type"]] = int(row[key])
    return {unit: with_totals(each) for unit, each in found.items()}
