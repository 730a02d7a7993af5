"""A bureau's own workbook filled in place: the example of examples/, what a mapping may say, and what is refused."""

import json
import re
from collections.abc import Iterator, Mapping
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from openpyxl import Workbook, load_workbook

from ledger12315.cli.app import run
from ledger12315.errors import Unacceptable
from ledger12315.locale import render
from ledger12315.rules.measures import MEASURES, Figures, with_totals
from ledger12315.rules.periods import parse_period
from ledger12315.sheets.forms.spec import Head
from ledger12315.sheets.paper.fill import filled
from ledger12315.words import TYPES

EXAMPLES = Path(__file__).parent.parent / "examples"
TEMPLATE, MAPPING = EXAMPLES / "bureau.xlsx", EXAMPLES / "bureau.json"
HEAD = Head("东门所 <&> =1", parse_period("2026Q3"), None, None, {})


def figures(**changed: Mapping[str, int]) -> Figures:
    """Every measure by type is 1 for the mall, 2 for the supermarket and so on, but for what is given."""
    by_type = {key: {type_: number for number, type_ in enumerate(TYPES, 1)} for key in MEASURES}
    return with_totals(
        by_type
        | {"type_changes": dict.fromkeys(TYPES, 0)}
        | {key: dict(row) for key, row in changed.items()}
    )


def fill(tmp_path: Path, template: Path, mapping: Any, found: Figures | None = None) -> bytes:
    path = tmp_path / "map.json"
    path.write_text(mapping if isinstance(mapping, str) else json.dumps(mapping), "utf-8")
    return filled(template, path, found or figures(), HEAD)


def cells(content: bytes, sheet: str) -> dict[str, Any]:
    return {
        cell.coordinate: cell.value
        for row in load_workbook(BytesIO(content))[sheet].iter_rows()
        for cell in row
        if cell.value
    }


@pytest.fixture
def plain(tmp_path: Path) -> Path:
    """A workbook without looks: a heading, merged cells, a formula, a name, a second sheet with a quotation mark in its name."""
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = "表"
    sheet["A1"], sheet["B9"] = "类型", "=SUM(B2:B8)"
    sheet.merge_cells("D1:E2")
    book.create_sheet("县's 表")
    target = tmp_path / "plain.xlsx"
    book.save(target)
    return target


@pytest.mark.filterwarnings("ignore:Sparkline")  # which openpyxl would lose
def test_the_example(tmp_path: Path) -> None:
    content = filled(TEMPLATE, MAPPING, figures(recovered=dict.fromkeys(TYPES, 100)), HEAD)
    before, after = cells(TEMPLATE.read_bytes(), "五进情况"), cells(content, "五进情况")
    assert {place: value for place, value in after.items() if before.get(place) != value} == {
        "B2": "东门所 <&> =1",
        "H2": "2026年第三季度",
        "D11": 21,
        "G10": 2,
        **{
            f"{column}{row}": number
            for row, number in zip(range(4, 10), (4, 1, 2, 3, 5, 6), strict=True)
            for column in "BCDEF"
        },
        **{f"G{row}": 2 for row in range(4, 10)},
        **{f"H{row}": 0.0001 for row in range(4, 10)},
    }
    assert filled(TEMPLATE, MAPPING, figures(recovered=dict.fromkeys(TYPES, 100)), HEAD) == content


def test_all_that_is_not_filled_stays_to_the_byte(tmp_path: Path) -> None:
    content = fill(tmp_path, TEMPLATE, {"cells": {"D5": "received"}})
    with ZipFile(TEMPLATE) as old, ZipFile(BytesIO(content)) as new:
        assert new.namelist() == old.namelist()
        changed = {name for name in old.namelist() if old.read(name) != new.read(name)}
        assert {"xl/drawings/drawing1.xml", "xl/comments1.xml", "xl/styles.xml"} < {
            *old.namelist()
        } - changed
        # Two sheets with formulas, whose results are old now, and the part that says they are to be worked out.
        assert changed == {
            "xl/worksheets/sheet1.xml",
            "xl/worksheets/sheet2.xml",
            "xl/workbook.xml",
        }
        before, after = (
            archive.read("xl/worksheets/sheet1.xml").decode() for archive in (old, new)
        )
        assert b'<calcPr fullCalcOnLoad="1" calcId="124519"/>' in new.read("xl/workbook.xml")
    forgotten = re.sub("(</f>)<v>[^<]*</v>", r"\1", before)
    assert after == forgotten.replace('<c r="D5" s="5"/>', '<c r="D5" s="5"><v>21</v></c>')
    assert "sparkline" in after and "conditionalFormatting" in after and "pageSetup" in after


@pytest.mark.parametrize(
    ("wanted", "value"),
    [
        ("received", 21),
        ("03 超市", 2),
        ("received other", 6),
        ("received_other", 21),
        ("received_other 其他", 6),
        ("disputed", 0.21),
        ("disputed mall 分", 1),
        ("21 合计 万元", 0.000021),
        ("settled_rate", "200.00%"),
        ("settled_rate ratio mall", 2),
        ("station", "东门所 <&> =1"),
        ("period", "2026年第三季度"),
        ("as_of", "2026年9月30日"),
        ("type mall", "进商场"),
    ],
)
def test_what_a_cell_may_hold(tmp_path: Path, plain: Path, wanted: str, value: object) -> None:
    assert cells(fill(tmp_path, plain, {"cells": {"C3": wanted}}), "表")["C3"] == value


def test_a_rate_of_nothing_is_a_dash(tmp_path: Path, plain: Path) -> None:
    found = figures(closed=dict.fromkeys(TYPES, 0))
    assert (
        cells(fill(tmp_path, plain, {"cells": {"C3": "settled_rate ratio"}}, found), "表")["C3"]
        == "—"
    )


def test_rows_in_the_order_of_the_form(tmp_path: Path, plain: Path) -> None:
    mapping = {
        "rows": {"first": 20, "columns": {"A": "type", "C": "closed", "AB": "leads"}},
        "sheet": "县's 表",
    }
    found = cells(fill(tmp_path, plain, mapping), "县's 表")
    assert [found[f"A{row}"] for row in range(20, 27)] == [
        "进商场",
        "进超市",
        "进市场",
        "进企业",
        "进景区",
        "其他",
        "合计",
    ]
    assert [(found[f"C{row}"], found[f"AB{row}"]) for row in range(20, 27)] == [
        (n, n) for n in (1, 2, 3, 4, 5, 6, 21)
    ]


def test_cells_of_other_sheets(tmp_path: Path, plain: Path) -> None:
    content = fill(tmp_path, plain, {"cells": {"'县''s 表'!B2": "closed", "D1": "leads"}})
    assert (cells(content, "县's 表"), cells(content, "表")["D1"]) == ({"B2": 21}, 21)


_SHEET = "<{p}worksheet xmlns{q}='http://schemas.openxmlformats.org/spreadsheetml/2006/main'>{data}</{p}worksheet>"


@pytest.mark.parametrize("prefix", ["", "x:"])
@pytest.mark.parametrize(
    "data",
    [
        "<sheetData/>",
        "<sheetData></sheetData>",
        "<sheetData><row r='2' spans='1:3'/></sheetData>",
        "<sheetData>\n <row r='1'><c r='A1'><v>7</v></c></row>\n<row r='2'>\n<c r='A2'/><c r='C2'><v>8</v></c></row></sheetData>",
        "<sheetData><row><c><v>7</v></c></row><row><c s='0'/><c s='0'/><c><v>8</v></c></row></sheetData>",
    ],
)
def test_worksheets_as_other_programs_write_them(
    tmp_path: Path, plain: Path, data: str, prefix: str
) -> None:
    xml = _SHEET.format(
        p=prefix, q=prefix and ":x", data=re.sub("(</?)(?=[a-z])", rf"\1{prefix}", data)
    )
    template, content = tmp_path / "other.xlsx", BytesIO()
    with ZipFile(plain) as old, ZipFile(content, "w") as new:
        for name in old.namelist():
            new.writestr(name, xml if name == "xl/worksheets/sheet1.xml" else old.read(name))
    template.write_bytes(content.getvalue())
    before = cells(template.read_bytes(), "表")
    after = cells(fill(tmp_path, template, {"cells": {"B2": "received", "B40": "station"}}), "表")
    assert after == before | {"B2": 21, "B40": "东门所 <&> =1"}


@pytest.mark.parametrize(
    ("mapping", "problem"),
    [
        (
            {"cells": {"C3": "recieved"}},
            "C3: recieved is no measure, rate or one of station, period, as_of, type",
        ),
        (
            {"cells": {"C3": ""}},
            'C3: "" is no measure, rate or one of station, period, as_of, type',
        ),
        ({"cells": {"C3": "received 万元"}}, "C3: 万元 is neither a type nor a unit of received"),
        (
            {"cells": {"C3": "received ratio"}},
            "C3: ratio is neither a type nor a unit of received",
        ),
        (
            {"cells": {"C3": "disputed dollars"}},
            "C3: dollars is neither a type nor a unit of disputed",
        ),
        (
            {"cells": {"ZZZ3": "received"}},
            "ZZZ3: the workbook has no such cell, and no name for one",
        ),
        ({"cells": {"c3": "received"}}, "c3: the workbook has no such cell, and no name for one"),
        (
            {"cells": {"投诉数": "received"}},
            "投诉数: the workbook has no such cell, and no name for one",
        ),
        (
            {"cells": {"C3:D4": "received"}},
            "C3:D4: the workbook has no such cell, and no name for one",
        ),
        ({"cells": {"他表!C3": "received"}}, "他表!C3: there is no sheet 他表"),
        ({"sheet": "他表", "cells": {"C3": "received"}}, "C3: there is no sheet 他表"),
        (
            {"cells": {"E2": "received"}},
            "E2: it is inside the merged cells D1:E2; name the first of them",
        ),
        ({"cells": {"B9": "received"}}, "B9: a formula stands there"),
        ({"cells": {"表!C3": "received", "C3": "closed"}}, "C3: it is filled twice"),
        (
            {"cells": {"B2": "closed"}, "rows": {"first": 2, "columns": {"B": "received"}}},
            "B2: it is filled twice",
        ),
        (
            {"rows": {"first": 2, "types": ["商店"], "columns": {"B": "received"}}},
            "B2: 商店 is no type",
        ),
    ],
)
def test_a_mapping_that_does_not_fit(
    tmp_path: Path, plain: Path, mapping: Any, problem: str
) -> None:
    with pytest.raises(Unacceptable) as refused:
        fill(tmp_path, plain, mapping)
    assert (
        render(refused.value.message)
        == f"The mapping {tmp_path / 'map.json'} does not fit this workbook; nothing is written."
    )
    assert [render(note) for note in refused.value.notes] == [problem]


@pytest.mark.parametrize(
    "mapping",
    [
        *(
            "",
            "[]",
            "7",
            "\x00",
            "[" * 100_000,
            '{"cels": {}}',
            '{"cells": ["B3"]}',
            '{"cells": {"B3": 7}}',
            '{"sheet": 1}',
        ),
        *(
            '{"rows": {"columns": {}}}',
            '{"rows": {"first": 8}}',
            '{"rows": {"first": "8", "columns": {"B": "received"}}}',
        ),
    ],
)
def test_what_is_no_mapping(tmp_path: Path, plain: Path, mapping: str) -> None:
    with pytest.raises(Unacceptable, match="is no mapping such as"):
        fill(tmp_path, plain, mapping)


def with_part(template: Path, target: Path, part: str, content: bytes = b"") -> Path:
    target.write_bytes(template.read_bytes())
    with ZipFile(target, "a") as archive:
        archive.writestr(part, content)
    return target


@pytest.mark.parametrize(
    ("part", "problem"),
    [
        (
            "xl/vbaProject.bin",
            "the workbook holds macros (xl/vbaProject.bin), which would be lost",
        ),
        (
            "_xmlsignatures/sig1.xml",
            "the workbook holds a digital signature (_xmlsignatures/sig1.xml), which would be lost",
        ),
    ],
)
def test_what_would_be_lost_is_named(tmp_path: Path, plain: Path, part: str, problem: str) -> None:
    with pytest.raises(Unacceptable) as refused:
        fill(
            tmp_path, with_part(plain, tmp_path / "more.xlsx", part), {"cells": {"C3": "received"}}
        )
    assert [render(note) for note in refused.value.notes] == [problem]


def lines(capsys: pytest.CaptureFixture[str], *arguments: str | Path) -> Iterator[object]:
    yield run(["template", "check", *map(str, arguments)])
    out, err = capsys.readouterr()
    yield from (out, err)


def test_template_check(tmp_path: Path, plain: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert [*lines(capsys, TEMPLATE, "--map", MAPPING)] == [
        0,
        f"The mapping fits: 46 cells of {TEMPLATE} are filled.\n",
        "",
    ]
    code, out, err = lines(capsys, plain, "--map", MAPPING)
    assert (code, out) == (5, "")
    assert str(err).splitlines()[:2] == [
        f"Error: The mapping {MAPPING} does not fit this workbook; nothing is written.",
        "  B2: there is no sheet 五进情况",
    ]
    for file, mapping in (
        (tmp_path / "no.xlsx", MAPPING),
        (MAPPING, MAPPING),
        (plain, tmp_path / "no.json"),
    ):
        code, out, err = lines(capsys, file, "--map", mapping)
        assert (code, out, str(err).count("\n")) == (5, "", 1)
