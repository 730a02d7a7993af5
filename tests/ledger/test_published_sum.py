"""A published table through the whole chain: a ledger for each unit, its workbook, one sum one level up (domain 5.3)."""

import json
from pathlib import Path

import pytest
from openpyxl import load_workbook

from ledger12315.cli.app import run
from ledger12315.ledger.store import insert
from ledger12315.ledger.store.making import create
from ledger12315.ledger.store.opening import writing
from tests.ledger.made import DEFAULTS
from tests.ledger.test_published import INNER_MONGOLIA, add_complaints, add_point

_LINES = [line.split() for line in INNER_MONGOLIA.strip().splitlines()]
UNITS = {name: [int(count) for count in counts] for name, *counts in _LINES[:-1]}
TOTAL = [int(count) for count in _LINES[-1][1:]]


def reported(folder: Path, name: str, inquiries: int, complaints: int, leads: int) -> Path:
    """The workbook of 2017 of a unit's own ledger."""
    ledger, workbook = folder / f"{name}.sqlite", folder / f"附件6_{name}.xlsx"
    create(ledger, name, "内蒙古自治区", None, DEFAULTS)
    with writing(ledger) as rows:
        add_point(rows, 1, f"{name}服务点")
        for kind, count in (("inquiry", inquiries), ("lead", leads)):
            if count:
                record = {
                    "key": kind,
                    "kind": kind,
                    "count": count,
                    "type": "other",
                    "point_id": 1,
                    "day": "2017-06-30",
                }
                insert(rows, "record", record | {"entered": "-"})
        add_complaints(rows, 2017, [{"point_id": 1, "received": "2017-12-31"}] * complaints)
    assert run(["--db", str(ledger), "export", "6", "2017", "-o", str(workbook)]) == 0
    return workbook


def test_inner_mongolia_2017_from_15_ledgers(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    workbooks = [reported(tmp_path, name, *counts[:3]) for name, counts in UNITS.items()]
    assert len(workbooks) == 15
    target, arguments = (
        tmp_path / "sum.xlsx",
        [*map(str, workbooks), "-o", str(tmp_path / "sum.xlsx")],
    )
    capsys.readouterr()
    assert run(["county", "consolidate", *arguments, "--county", "内蒙古自治区", "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["stations"] == list(UNITS)
    total = document["rows"][-1]
    assert [total["type"], total["inquiries"], total["received"]] == ["total", 103176, 25890]
    # Leads are no column of Attachment 6; they stand in 计算依据, by which a province adds on.
    book = load_workbook(target)
    places = (
        next(iter(book.defined_names[f"basis_{key}_total"].destinations))
        for key in ("inquiries", "received", "leads")
    )
    found = [book[sheet][cell].value for sheet, cell in places]
    assert [*found, sum(found)] == [103176, 25890, 3417, 132483] == TOTAL

    # One figure edited, in the total only: the parts do not add up any more.
    book = load_workbook(workbooks[0])
    sheet, cell = next(iter(book.defined_names["basis_received_total"].destinations))
    book[sheet][cell].value += 1
    book.save(workbooks[0])
    target.unlink()
    assert run(["county", "consolidate", *arguments]) == 5
    place = f"{workbooks[0]}: 计算依据 {cell.replace('$', '')}"
    assert (
        f"{place}: the total 4094 of 03 received (受理投诉) is not the sum of its types"
        in capsys.readouterr().err
    )
    assert not target.exists()
