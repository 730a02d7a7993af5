"""Exported workbooks, opened by two readers, equal `rollup --json` cell by cell."""

import json
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import redirect_stdout
from decimal import ROUND_HALF_UP, Decimal
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from python_calamine import CalamineWorkbook

from ledger12315.cli.app import run
from ledger12315.rules.measures import COLUMNS, MEASURES
from tests import test_sheets
from tests.printing import exported, lived, named, reopened

# The columns of Attachment 6 with their keys.
_COLUMNS6 = """
    期初服务点数 points_start 本期新设 points_new 本期撤销 points_retired 期末服务点数 points_end
    其中省级示范 demo_provincial 市级示范 demo_municipal 联络员 liaisons 接受咨询 inquiries
    受理投诉 received 其中工商分流 received_referred 办结 closed 促成和解 settled
    争议金额（万元） disputed 挽回经济损失（万元） recovered 和解息诉率 settled_rate
    调解成功率 mediation_success_rate 消费者满意率 satisfaction_rate 应报服务点 returns_due
    实报服务点 returns_made 走访 visits 会议 meetings 培训 trainings 抄告 notices 约谈 interviews
"""
HEADINGS, KEYS = _COLUMNS6.split()[::2], _COLUMNS6.split()[1::2]
TYPES = ["商场", "超市", "市场", "企业", "景区", "其他"]
# Of a station of today: the forms say what became of the plan's words, JSON never does.
RENAMED = {
    "工商部门": "市场监管部门",
    "工商分流": "市场监管分流",
    "工商所": "市场监管所",
    "申诉": "投诉",
}
# Name, numerator, denominator.
RATES = {
    "settled_rate": ("和解息诉率", "settled mediated withdrawn", "closed"),
    "mediation_success_rate": ("调解成功率", "mediated", "mediation_closed"),
    "satisfaction_rate": ("消费者满意率", "satisfied", "rated"),
    "on_time_rate": ("按时办结率", "closed_on_time", "closed"),
}
# The same in the forms' words, as 计算依据 has them.
FORMULAS = {
    "settled_rate": "(和解+调解成功+消费者撤回)/办结",
    "mediation_success_rate": "调解成功/调解办结",
    "satisfaction_rate": "满意/评价",
}
# By these names the county knows whose 计算依据 it is, of which days, and by which version.
HEAD = {
    f"basis_{key}"
    for key in ("station", "period", "first", "last", "key", "county", "made", "schema")
}

# Measures that stand in notes below a form.
FOOTNOTES = ("type_changes", "recovered_unstated")

Row = tuple[list[str], dict[str, float | str]]
"""What stands before the figures, and the figures by their defined names."""


@pytest.fixture(autouse=True)
def rehearsed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LEDGER12315_TODAY", "2099-12-31")


Books = Callable[[str], bytes]
"""The workbook of Attachment 3 or 6."""


def said(path: Path, *words: str) -> Any:
    """Return a command's JSON."""
    with redirect_stdout(StringIO()) as printed:
        assert run(["--db", str(path), *words, "--json"]) == 0
    return json.loads(printed.getvalue())


def table(book: bytes, sheet: str) -> list[list[Any]]:
    """Return the rows from the heading on: the first row whose second cell is filled."""
    rows = CalamineWorkbook.from_filelike(BytesIO(book)).get_sheet_by_name(sheet).to_python()
    first = next(place for place, row in enumerate(rows) if row[1])
    assert first < 6
    return rows[first:]


def percent(numerator: int, denominator: int) -> str:
    if not denominator:
        return "—"
    return f"{(Decimal(numerator) * 100 / denominator).quantize(Decimal('0.01'), ROUND_HALF_UP)}%"


def cell(figure: int | str, factor: Decimal = Decimal(1)) -> float | str:
    """Return a figure of JSON as in a workbook, yuan divided by the factor."""
    return float(Decimal(figure) * factor) if isinstance(figure, str) else figure


def third(said3: Any) -> Iterator[Row]:
    figures = {row["key"]: row for row in said3["rows"]}
    for key, row in figures.items():
        found = {f"A3_{key}_{column}": cell(row[column]) for column in COLUMNS}
        yield [row["name"], row["code"], row["unit"]], found
    for rate in said3["rates"]:
        name, parts, whole = RATES[rate["key"]]
        shown: dict[str, float | str] = {}
        for column in COLUMNS:
            top, bottom = (
                sum(figures[part][column] for part in parts.split()),
                figures[whole][column],
            )
            shown[f"A3_{rate['key']}_{column}"] = f"{percent(top, bottom)}\n({top}/{bottom})"
            if column == "total":
                assert (rate["numerator"], rate["denominator"]) == (top, bottom)
        yield [name, "", "%"], shown


def sixth(said6: Any) -> Iterator[Row]:
    headings = [*(f"进{type_}" for type_ in TYPES[:-1]), "其他", "合计"]
    for heading, row in zip(headings, said6["rows"], strict=True):
        shown = {}
        for key in KEYS:
            value = row[key]
            if isinstance(value, dict):
                value = percent(value["numerator"], value["denominator"])
            else:
                value = cell(value, Decimal("0.0001"))
            shown[f"A6_{key}_{row['type']}"] = value
        yield [heading], shown


def basis(said3: Any, said6: Any) -> Iterator[Row]:
    """Yield the rows of 计算依据, without footnotes."""
    by_key = {key: {row["type"]: row[key] for row in said6["rows"]} for key in KEYS}
    by_key |= {row["key"]: row for row in said3["rows"]}
    for key, measure in MEASURES.items():
        if key not in FOOTNOTES:
            row = by_key[key]
            fen = {column: cell(row[column], Decimal(100)) for column in COLUMNS}
            found = {f"basis_{key}_{column}": figure for column, figure in fen.items()}
            yield [measure.code, key, measure.name, measure.unit.replace("元", "分")], found


def names(*tables: Iterable[Row]) -> dict[str, float | str]:
    return {
        name: value for rows in tables for _, figures in rows for name, value in figures.items()
    }


def corrected(rows: list[Any]) -> dict[str, float | str]:
    """Return the corrections of an earlier quarter in 计算依据, by row."""
    told: dict[str, float | str] = {}
    for row in rows:
        key = row["key"]
        if key in MEASURES and key not in FOOTNOTES:
            names = [f"basis_{row['period']}_{key}_{column}" for column in COLUMNS]
            told = {**dict.fromkeys(names, 0.0), **told}
            told[f"basis_{row['period']}_{key}_{row['type']}"] = cell(
                row["difference"], Decimal(100)
            )
    return told


def in_words(rows: list[Row], renamed: Mapping[str, str]) -> list[Row]:
    """Return rows whose labels have the station's words."""
    found = []
    for labels, figures in rows:
        for was, became in renamed.items():
            labels = [label.replace(was, became) for label in labels]
        found.append((labels, figures))
    return found


def compare(
    path: Path, books: Books, *words: str, renamed: Mapping[str, str], corrects: str = ""
) -> None:
    """Compare both attachments of a period: each cell of their tables and each defined name.

    The quarter that it corrects, if any, was submitted before.
    """
    said3, said6 = (said(path, "rollup", form, *words) for form in "36")
    book3, book6 = map(books, "36")
    rows3, rows6, rows_basis = (
        in_words(list(rows), renamed) for rows in (third(said3), sixth(said6), basis(said3, said6))
    )
    rated = {} if "--point" in words else FORMULAS
    written: dict[str, float | str] = {
        f"basis_rate_{key}": formula for key, formula in rated.items()
    }
    if corrects:
        written |= corrected(said(path, "returns", "corrections", corrects))
    assert len(rows3) == 26 + len(RATES)
    compare_table(book3, "附件3", ["指标", "代码", "计量单位", "合计", *TYPES], rows3)
    [(headings, _)] = in_words([(HEADINGS, {})], renamed)
    compare_table(book6, "附件6", ["类型", *headings], rows6)
    heading = ["代码", "标识", "指标", "计量单位", "合计", *TYPES]
    compare_table(book6, "计算依据", heading, rows_basis)
    assert named(reopened(book3)) == names(rows3)
    names6 = named(reopened(book6))
    unsaid = {name for name in names6 if any(key in name for key in FOOTNOTES)} | HEAD
    assert {key: names6[key] for key in names6.keys() - unsaid} == names(
        rows6, rows_basis
    ) | written


def compare_table(book: bytes, sheet: str, heading: list[str], rows: list[Row]) -> None:
    first, *found = table(book, sheet)
    assert first == heading
    found = [row for row in found if row[1] not in FOOTNOTES]
    assert found[: len(rows)] == [[*labels, *figures.values()] for labels, figures in rows]


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of the demo's ledger and workbooks."""
    folder = tmp_path_factory.mktemp("demo")
    with patch.dict(os.environ), redirect_stdout(StringIO()):  # the demo sets its own day
        assert run(["demo", str(folder)]) == 0
    return folder


def quarter(demo: Path) -> str:
    """Return the quarter of the demo, which moves on with the calendar that is installed."""
    [book] = demo.glob("附件3_*.xlsx")
    return book.stem.partition("_")[2]


@pytest.mark.parametrize(
    "period",
    [
        "{year}Q4 --as-of {year}-12-05",
        "{year}Q4 --point P001",
    ],
)
def test_the_workbooks_of_the_demo_say_what_rollup_says(demo: Path, period: str) -> None:
    path, words = demo / "ledger.sqlite", period.format(year=quarter(demo)[:4]).split()

    def export(form: str) -> bytes:
        target = demo / f"{form}.xlsx"
        with redirect_stdout(StringIO()):
            assert run(["--db", str(path), "export", form, *words, "-o", str(target)]) == 0
        return target.read_bytes()

    compare(path, export, *words, renamed=RENAMED)


@pytest.mark.parametrize(
    ("story", "period", "corrects"),
    [
        (test_sheets.QUARTER, "2026Q3", ""),
        (test_sheets.YEAR, "2026A", ""),
        (test_sheets.CARRIED, "2026Q3", "2026Q2"),
        (test_sheets.QUARTER, "2026-08", ""),
    ],
)
def test_the_workbooks_of_a_story_say_what_rollup_says(
    tmp_path: Path, story: str, period: str, corrects: str
) -> None:
    (path := tmp_path / "ledger.sqlite").write_bytes(lived(story))
    day = "2026-12-01" if period == "2026A" else "2026-10-09"
    compare(
        path,
        lambda form: exported(story, f"{form} {period}", day),
        period,
        renamed={},
        corrects=corrects,
    )


@pytest.mark.parametrize("story", [test_sheets.QUARTER, test_sheets.CARRIED])
def test_the_points_forms_add_up_to_the_stations(tmp_path: Path, story: str) -> None:
    (path := tmp_path / "ledger.sqlite").write_bytes(lived(story))
    points = [row["code"] for row in said(path, "point", "list")]
    forms = [said(path, "rollup", "3", "2026Q2", "--point", point)["rows"] for point in points]
    for number, row in enumerate(said(path, "rollup", "3", "2026Q2")["rows"]):
        for column in COLUMNS:
            apart = sum(Decimal(form[number][column]) for form in forms)
            assert (row["key"], column, Decimal(row[column])) == (row["key"], column, apart)
