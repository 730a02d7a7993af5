"""Tables of rows: those that only read are looped over by one test, others are a test each."""

import re
from collections.abc import Callable, Iterable, Sequence
from functools import wraps
from inspect import signature
from typing import Any

import pytest

_Test = Callable[..., None]


def joined(text: str) -> str:
    """Return a raw text, with lines joined that end in a backslash."""
    return re.sub(r"\\\n *", "", text)


def cells(text: str) -> list[list[str]]:
    """Return the rows of a table written as text: a line for each, with | between cells."""
    rows = joined(text).strip().splitlines()
    return [[cell.strip() for cell in row.split("|")] for row in rows]


def table(text: str) -> pytest.MarkDecorator:
    """Return the rows of a table as tests of their own; the first row names its arguments."""
    names, *rows = cells(text)
    return pytest.mark.parametrize(names, rows, ids=[row[0] or "-" for row in rows])


def for_all(
    names: str | Sequence[str], values: Iterable[Any] | None = None
) -> Callable[[_Test], _Test]:
    """Return a decorator that makes one test of all rows, which names each row that fails.

    The rows are a table as text, or the values of the arguments with these names.
    """
    if values is None:
        columns, *table = cells(str(names))
    else:
        columns = re.findall(r"\w+", str(names))
        table = [[row] if len(columns) == 1 else row for row in values]
    assert table, names

    def looped(test: _Test) -> _Test:
        @wraps(test)
        def all_rows(**fixtures: Any) -> None:
            failed: dict[str, BaseException] = {}
            for row in table:
                try:
                    test(**dict(zip(columns, row, strict=True)), **fixtures)
                except (Exception, pytest.fail.Exception) as wrong:
                    failed[_named(row)] = wrong
            if failed:
                told = f"{len(failed)} of {len(table)} rows: " + ", ".join(failed)
                raise BaseExceptionGroup(told, [*failed.values()])

        asked = signature(test)
        others = [each for name, each in asked.parameters.items() if name not in columns]
        all_rows.__signature__ = asked.replace(parameters=others)  # type: ignore[attr-defined]
        return all_rows

    return looped


def _named(row: Sequence[Any]) -> str:
    return " | ".join(map(str, row))[:100]
