"""Tables of rows, looped over by one test; each that may write begins in a folder of its own."""

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


def table(text: str) -> Callable[[_Test], _Test]:
    """Return a decorator for the rows of a table, whose first row names the arguments."""
    names, *rows = cells(text)
    return each_anew(names, rows, [row[0] or "-" for row in rows])


def each_anew(
    names: Sequence[str], rows: Sequence[Sequence[Any]], called: Sequence[str]
) -> Callable[[_Test], _Test]:
    """Return a decorator that makes one test of all rows, each with a new ledger.

    Where the test has another fixture than `cli`, each row is a test of its own.
    """

    looped = for_all(names, rows if len(names) > 1 else [row[0] for row in rows])

    def decorated(test: _Test) -> _Test:
        fixtures = signature(test).parameters.keys() - {*names}
        if not fixtures:
            return looped(test)
        if fixtures != {"cli"}:
            marked: _Test = pytest.mark.parametrize(names, rows, ids=called)(test)
            return marked

        @wraps(test)
        def anew(cli: Any, **row: Any) -> None:
            with cli.anew():
                test(cli=cli, **row)

        return looped(anew)

    return decorated


def for_all(
    names: str | Sequence[str], values: Iterable[Any] | None = None
) -> Callable[[_Test], _Test]:
    """Return a decorator that makes one test of all rows, which names each row that fails.

    The rows are a table as text, or the values of the arguments with these names.
    """
    if values is None:
        columns, *rows = cells(str(names))
    else:
        columns = re.findall(r"\w+", str(names))
        rows = [[row] if len(columns) == 1 else row for row in values]
    assert rows, names

    def looped(test: _Test) -> _Test:
        @wraps(test)
        def all_rows(**fixtures: Any) -> None:
            failed: dict[str, BaseException] = {}
            for row in rows:
                try:
                    test(**dict(zip(columns, row, strict=True)), **fixtures)
                except (Exception, pytest.fail.Exception) as wrong:
                    failed[_named(row)] = wrong
            if failed:
                told = f"{len(failed)} of {len(rows)} rows: " + ", ".join(failed)
                raise BaseExceptionGroup(told, [*failed.values()])

        asked = signature(test)
        others = [each for name, each in asked.parameters.items() if name not in columns]
        all_rows.__signature__ = asked.replace(parameters=others)  # type: ignore[attr-defined]
        return all_rows

    return looped


def _named(row: Sequence[Any]) -> str:
    return " | ".join(map(str, row))[:100]
