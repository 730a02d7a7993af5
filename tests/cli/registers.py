"""Registers written as lines, imported, with the result."""

import csv
from pathlib import Path
from typing import Any

from tests.cli.conftest import Cli, Result
from tests.rows import cells

HEAD = "登记编号 | 受理日期 | 投诉人 | 商品/服务名称"
ROW = "A-1 | 2026-09-01 | 张三 | 电饭锅"


def write(text: str, name: str = "a.csv", encoding: str = "utf-8") -> None:
    """Write these lines as csv; | separates cells."""
    with Path(name).open("w", encoding=encoding, newline="") as file:
        csv.writer(file).writerows(cells(text))


def take(cli: Cli, text: str, options: str = "--point P001 --json", **how: str) -> Result:
    """Import a csv of these lines."""
    write(text)
    return cli(f"complaint import a.csv {options}", **how)


def row(headings: str, values: str) -> str:
    """Return a register with one row: HEAD and ROW, replaced where these say otherwise."""
    given = dict(zip(headings.split(" / "), map(str.strip, values.split("/")), strict=True))
    base = dict(zip(cells(HEAD)[0], cells(ROW)[0], strict=True))
    return "\n".join(" | ".join(each) for each in zip(*(base | given).items(), strict=True))


def counts(result: Result) -> str:
    found = result.json
    return " ".join(str(found[key]) for key in ("read", "imported", "updated", "skipped"))


def problems(result: Result) -> list[str]:
    line = "{row} {column}: {value}: {problem}".format
    return [line(**each) for each in result.json["problems"]]


def listed(cli: Cli) -> dict[str, dict[str, Any]]:
    """Return every complaint by its number, with all that is known of it."""
    found = cli("complaint list --json --reveal").json
    return {each["number"]: each for each in found}


def shown(cli: Cli, number: str = "2026-0001") -> dict[str, Any]:
    found = cli(f"complaint show {number} --json --reveal").json
    assert isinstance(found, dict)
    return found
