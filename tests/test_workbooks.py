"""Exported workbooks, opened by another reader and by their defined names, say cell by cell what `rollup --json` says."""

import json
import os
from collections.abc import Iterable, Iterator
from contextlib import redirect_stdout
from decimal import ROUND_HALF_UP, Decimal
from io import StringIO
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook
from python_calamine import CalamineWorkbook

from ledger12315.cli.app import run
from ledger12315.rules.measures import COLUMNS, MEASURES
from tests.ledger.made import PERIODS, QUARTERS, Life, lived, lives

# Domain 6.6 and 6.7: the columns of Attachment 6 with their keys.
_COLUMNS6 = """
    期初服务点数 points_start 本期新设 points_new 本期撤销 points_retired 期末服务点数 points_end 其中省级示范 demo_provincial
    市级示范 demo_municipal 联络员 liaisons 接受咨询 inquiries 受理投诉 received 其中工商分流 received_referred 办结 closed
    促成和解 settled 争议金额（万元） disputed 挽回经济损失（万元） recovered
    和解息诉率 settled_rate 调解成功率 mediation_success_rate 消费者满意率 satisfaction_rate
    应报服务点 returns_due 实报服务点 returns_made 走访 visits 会议 meetings 培训 trainings 抄告 notices 约谈 interviews
"""
HEADINGS, KEYS = _COLUMNS6.split()[::2], _COLUMNS6.split()[1::2]
TYPES = ["商场", "超市", "市场", "企业", "景区", "其他"]
# Domain 5.2: name, numerator, denominator.
RATES = {
    "settled_rate": ("和解息诉率", "settled withdrawn", "closed"),
    "mediation_success_rate": ("调解成功率", "mediated", "mediation_closed"),
    "satisfaction_rate": ("消费者满意率", "satisfied", "rated"),
    "on_time_rate": ("按时办结率", "closed_on_time", "closed"),
}
# By these names the county knows whose 计算依据 it is, and of which days.
HEAD = {"basis_station", "basis_period", "basis_first", "basis_last"}

Row = tuple[list[str], dict[str, float | str]]
"""What stands before the figures, and the figures by their defined names."""


@pytest.fixture(autouse=True)
def rehearsed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LEDGER12315_TODAY", "2099-12-31")


def said(path: Path, *words: str) -> Any:
    """What a command prints as JSON."""
    with redirect_stdout(StringIO()) as printed:
        assert run(["--db", str(path), *words, "--json"]) == 0
    return json.loads(printed.getvalue())


def exported(path: Path, *words: str) -> Path:
    target = path.with_name(f"附件{words[0]}.xlsx")
    with redirect_stdout(StringIO()):
        assert run(["--db", str(path), "export", *words, "-o", str(target)]) == 0
    return target


def table(book: Path, sheet: str) -> list[list[Any]]:
    """The rows from the heading on, by python-calamine; the heading is the first row whose second cell is filled."""
    rows = CalamineWorkbook.from_path(str(book)).get_sheet_by_name(sheet).to_python()
    first = next(place for place, row in enumerate(rows) if row[1])
    assert first < 6
    return rows[first:]


def named(book: Path) -> dict[str, Any]:
    """Every defined name with its value, by openpyxl."""
    opened = load_workbook(book)
    places = {
        name: next(iter(defined.destinations)) for name, defined in opened.defined_names.items()
    }
    return {name: opened[sheet][place].value for name, (sheet, place) in places.items()}


def percent(numerator: int, denominator: int) -> str:
    if not denominator:
        return "—"
    return f"{(Decimal(numerator) * 100 / denominator).quantize(Decimal('0.01'), ROUND_HALF_UP)}%"


def cell(figure: int | str, factor: Decimal = Decimal(1)) -> float | str:
    """A figure of JSON, yuan by the factor, as a workbook holds it."""
    return float(Decimal(figure) * factor) if isinstance(figure, str) else figure


def third(said3: Any) -> Iterator[Row]:
    figures = {row["key"]: row for row in said3["rows"]}
    for key, row in figures.items():
        yield (
            [row["name"], row["code"], row["unit"]],
            {f"A3_{key}_{column}": cell(row[column]) for column in COLUMNS},
        )
    for key, (name, parts, whole) in RATES.items():
        pairs = {
            column: (sum(figures[part][column] for part in parts.split()), figures[whole][column])
            for column in COLUMNS
        }
        yield (
            [name, "", "%"],
            {
                f"A3_{key}_{column}": f"{percent(*pair)}\n({pair[0]}/{pair[1]})"
                for column, pair in pairs.items()
            },
        )
    assert [(rate["numerator"], rate["denominator"]) for rate in said3["rates"]] == [
        (sum(figures[part]["total"] for part in parts.split()), figures[whole]["total"])
        for _, parts, whole in RATES.values()
    ]


def sixth(said6: Any) -> Iterator[Row]:
    def shown(value: Any) -> float | str:
        return (
            percent(value["numerator"], value["denominator"])
            if isinstance(value, dict)
            else cell(value, Decimal("0.0001"))
        )

    headings = [*(f"进{type_}" for type_ in TYPES[:-1]), "其他", "合计"]
    for heading, row in zip(headings, said6["rows"], strict=True):
        yield [heading], {f"A6_{key}_{row['type']}": shown(row[key]) for key in KEYS}


def basis(said3: Any, said6: Any) -> Iterator[Row]:
    """The rows of 计算依据; changes of type stand in no JSON and are left out."""
    by_key = {key: {row["type"]: row[key] for row in said6["rows"]} for key in KEYS}
    by_key |= {row["key"]: row for row in said3["rows"]}
    for key, measure in MEASURES.items():
        if key != "type_changes":
            figures = {
                f"basis_{key}_{column}": cell(by_key[key][column], Decimal(100))
                for column in COLUMNS
            }
            yield [measure.code, key, measure.name, measure.unit.replace("元", "分")], figures


def grid(rows: Iterable[Row]) -> list[list[Any]]:
    return [[*labels, *figures.values()] for labels, figures in rows]


def compare(path: Path, *words: str) -> None:
    """Both attachments of a period, each cell of their tables and each defined name."""
    said3, said6 = (said(path, "rollup", form, *words) for form in "36")
    rows3, rows6, rows_basis = list(third(said3)), list(sixth(said6)), list(basis(said3, said6))
    book3, book6 = (exported(path, form, *words) for form in "36")
    heading, *found = table(book3, "附件3")
    assert heading == ["指标", "代码", "计量单位", "合计", *TYPES]
    assert found[: len(rows3)] == grid(rows3)
    heading, *found = table(book6, "附件6")
    assert heading == ["类型", *HEADINGS]
    assert found[: len(rows6)] == grid(rows6)
    heading, *found = table(book6, "计算依据")
    assert heading == ["代码", "标识", "指标", "计量单位", "合计", *TYPES]
    assert [row for row in found if row[1] in MEASURES and row[1] != "type_changes"] == grid(
        rows_basis
    )
    assert named(book3) == {name: value for _, figures in rows3 for name, value in figures.items()}
    names6 = {
        name: value
        for name, value in named(book6).items()
        if "type_changes" not in name and name not in HEAD
    }
    assert names6 == {
        name: value for _, figures in rows6 + rows_basis for name, value in figures.items()
    }


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the demo's ledger and workbooks."""
    folder = tmp_path_factory.mktemp("demo")
    with patch.dict(os.environ), redirect_stdout(StringIO()):  # the demo sets its own day
        assert run(["demo", str(folder)]) == 0
    return folder


def quarter(demo: Path) -> str:
    """The quarter of the demo, which moves on with the calendar that is installed."""
    [book] = demo.glob("附件3_*.xlsx")
    return book.stem.partition("_")[2]


@pytest.mark.parametrize(
    "period",
    [
        "{year}Q4",
        "{year}",
        "{year}A",
        "{year}-11",
        "{year}Q3",
        "{year}Q4 --as-of {year}-12-05",
        "{year}Q4 --point P001",
    ],
)
def test_the_workbooks_of_the_demo_say_what_rollup_says(demo: Path, period: str) -> None:
    compare(demo / "ledger.sqlite", *period.format(year=quarter(demo)[:4]).split())


@settings(max_examples=8)
@given(lives, st.sampled_from(PERIODS))
def test_the_workbooks_of_any_ledger_say_what_rollup_says(
    tmp_path_factory: pytest.TempPathFactory, life: Life, period: str
) -> None:
    compare(saved(tmp_path_factory, life), period)


def saved(tmp_path_factory: pytest.TempPathFactory, life: Life) -> Path:
    path = tmp_path_factory.mktemp("life") / "ledger.sqlite"
    with lived(life) as ledger:
        path.write_bytes(ledger.serialize())
    return path


@pytest.mark.parametrize("form", ["3", "6"])
def test_a_workbook_made_again_on_another_day_has_equal_bytes(
    demo: Path, form: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = exported(demo / "ledger.sqlite", form, quarter(demo)).read_bytes()
    monkeypatch.setenv("LEDGER12315_TODAY", "2099-05-06")
    assert exported(demo / "ledger.sqlite", form, quarter(demo)).read_bytes() == first


@settings(max_examples=8)
@given(lives, lives, st.sampled_from([*QUARTERS, "2026A"]))
def test_the_bases_of_two_stations_add_up(
    tmp_path_factory: pytest.TempPathFactory, one: Life, other: Life, period: str
) -> None:
    apart, together = (
        [
            table(exported(saved(tmp_path_factory, life), "6", period), "计算依据")[
                1 : len(MEASURES) + 1
            ]
            for life in several
        ]
        for several in ((one, other), (one + other,))
    )
    added = [
        [*row[:4], *(a + b for a, b in zip(row[4:], also[4:], strict=True))]
        for row, also in zip(*apart, strict=True)
    ]
    assert added == together[0]
