"""Registers written down as lines, imported, and what came of it."""

import csv
import io
from pathlib import Path
from typing import Any

from tests.cli.conftest import Cli, Result

HEAD = "登记编号 | 受理日期 | 投诉人 | 商品/服务名称"
ROW = "A-1 | 2026-09-01 | 张三 | 电饭锅"


def cells(text: str) -> list[list[str]]:
    """A line for each row, | between its cells."""
    return [[cell.strip() for cell in line.split("|")] for line in text.strip().splitlines()]


def take(cli: Cli, text: str, options: str = "--point P001 --json", **how: str) -> Result:
    """Import a csv of these lines."""
    out = io.StringIO()
    csv.writer(out).writerows(cells(text))
    Path("a.csv").write_text(out.getvalue(), "utf-8")
    return cli(f"complaint import a.csv {options}", **how)


def counts(result: Result) -> str:
    found = result.json
    return " ".join(str(found[key]) for key in ("read", "imported", "updated", "skipped"))


def problems(result: Result) -> list[str]:
    return [
        f"{each['row']} {each['column']}: {each['value']}: {each['problem']}"
        for each in result.json["problems"]
    ]


def shown(cli: Cli, number: str = "2026-0001") -> dict[str, Any]:
    found = cli(f"complaint show {number} --json --reveal").json
    assert isinstance(found, dict)
    return found
