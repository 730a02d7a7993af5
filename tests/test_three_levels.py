"""A year of two stations at three levels: every form that goes out, against plain loops.

What happened is kept by `tests.year.station`, counted by `tests.oracle`, and what was told and
corrects it is added up here; nothing of it is the program's.
"""

import re
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from ledger12315.cli.forms.facts import attachment_workbook
from ledger12315.ledger.figures import Snapshot
from ledger12315.ledger.returns.submitted import PreparedForm
from ledger12315.ledger.store import Ledger
from tests import oracle
from tests.building import built, of_station
from tests.cli.conftest import Cli
from tests.oracle import COLUMNS, MORE, RATES, ROWS, Figures, counted, percent, rate
from tests.year.pages import Paper, read, sheets
from tests.year.station import PERIODS, Station
from tests.year.three import ROUNDS, Year

pytestmark = pytest.mark.slow
STATIONS = ("东门所", "西门所")
POINTS_DRAWN = {(STATIONS[0], "2025Q4")}
HEADINGS = ("合计", "商场", "超市", "市场", "企业", "景区", "其他")
MONEY = ("disputed", "recovered")
# What a correction calls the rows of Attachment 3, and what Attachment 6 adds.
_NAMES = """
    接受咨询 期初未结 受理投诉 消费者直接投诉 工商部门分流 其他转办 商品类 服务类 其他类 办结
    和解(含当场解决) 和解不成、已告知申诉 调解办结 调解成功 撤回、联系不到及其他 消费者撤回 期末未结
    期末超期未结 按时办结(含按时报请) 报请工商所 争议金额 挽回经济损失 评价 满意(含基本满意)
    举报案件线索 报告重大事项
    期初服务点数 本期新设 本期撤销 期末服务点数 类型变更 省级示范 市级示范 联络员 走访 会议 培训
    抄告 约谈 应报服务点 实报服务点 未填挽回金额"""
NAMES = dict(zip((*ROWS, *MORE), _NAMES.split(), strict=True))
Line = tuple[str, str, str, str, str, str]
"""Of a correction: period, name, type, as told, by how much, as it is now."""


class Unit:
    """A point, a station or the county: its report of each period, as forms later corrected."""

    def __init__(self, rows: list[str]) -> None:
        self.rows = rows
        self.told: dict[str, Figures] = {}

    def corrected(self, code: str, now: dict[str, Figures]) -> set[Line]:
        """Return a return's corrections of earlier ones, and count them as reported."""
        found = set[Line]()
        for period in [each for each in self.told if each[4] == code[4]]:
            found |= set(self.differing(period, now[period]))
            self.told[period] = now[period]
        return found

    def differing(self, period: str, now: Figures) -> Iterator[Line]:
        was = self.told[period]
        for column, heading in zip(COLUMNS, HEADINGS, strict=True):
            for key in self.rows:
                before, after = was[key][column], now[key][column]
                if before != after:
                    figures = (_unit(key, each) for each in (before, after - before, after))
                    yield period, NAMES[key], heading, *figures  # type: ignore[misc]
            for name in RATES:
                pairs = rate(was, column, name), rate(now, column, name)
                before_, after_ = (percent(*pair) for pair in pairs)
                if before_ != after_:
                    yield period, name, heading, before_, _apart(before_, after_), after_


def _unit(key: str, figure: int) -> str:
    return f"{figure / 100:.2f}" if key in MONEY else str(figure)


def _apart(before: str, after: str) -> str:
    if "—" in (before, after):
        return "—"
    hundredths = round(100 * float(after[:-1])) - round(100 * float(before[:-1]))
    return f"{hundredths / 100:.2f}%"


def told_in(paper: Paper | None) -> list[dict[str, Any]]:
    """Return the rows of a sheet 上期更正 that correct a cell, none without such a sheet.

    A further cause has a row below the cell's own, and one that cancels leaves it as it was.
    """
    rows = paper.table("报告期") if paper else []
    return [row for row in rows if row["报告期"] and row["更正数"] != 0]


def lines(paper: Paper | None) -> set[Line]:
    heads = ("报告期", "指标", "类型", "已报数", "更正数", "更正后")
    rows = ([_text(row, head) for head in heads] for row in told_in(paper))
    return {(period, name, type_, was, by, now) for period, name, type_, was, by, now in rows}


def _text(row: dict[str, Any], head: str) -> str:
    """Return a cell as text; a measure that the two forms call otherwise as in Attachment 3."""
    value = row[head]
    if isinstance(value, float | int):
        return {"%": f"{value:.2f}%", "元": f"{value:.2f}"}.get(row["单位"], f"{value:.0f}")
    return re.sub("^.*（附件3：(.*)）$", r"\1", str(value or ""))


class County:
    """Stations with their ledgers and forms, and the desk that adds them."""

    def __init__(self, opened: ExitStack, cli: Cli) -> None:
        self.cli, self.folder = cli, cli.path.parent
        self.ledgers: list[Ledger] = []
        self.years: list[Year] = []
        for seed, name in enumerate(STATIONS):
            ledger = opened.enter_context(built(""))
            of_station(ledger, name)
            self.ledgers.append(ledger)
            self.years.append(Year(Station(ledger), seed))
        self.units: dict[tuple[str, str], Unit] = {}
        self.sums: list[Path] = []

    def unit(self, name: str, code: str, rows: list[str]) -> Unit:
        return self.units.setdefault((name, code), Unit(rows))

    def forms(self, ledger: Ledger, period: str) -> dict[tuple[int, str], Path]:
        """Return the files of a return by form and point's code, empty for the station."""
        query = """
            SELECT form, coalesce(code, '') AS code, content FROM submission
            JOIN submitted ON submission_id = submission.id JOIN file USING (sha256)
            LEFT JOIN point ON point.id = point_id WHERE period = ?"""
        found = {}
        for form, code, content in ledger.execute(query, (period,)):
            found[form, code] = self.folder / f"{form}{code}.xlsx"
            found[form, code].write_bytes(content)
        return found


def sheet(path: Path, name: str) -> Paper | None:
    """Return a sheet by its name."""
    for paper in sheets(path):
        if any(name in str(row[0]) for row in paper.rows[:1]):
            return paper
    return None


def shows(path: Path, figures: Figures, rows: list[str]) -> None:
    """Check every figure of 计算依据, or of Attachment 3."""
    basis = sheet(path, "计算依据")
    if basis:
        found = {row["标识"]: [row[head] for head in HEADINGS] for row in basis.table("代码")}
    else:
        table = read(path).table("指标")[:26]
        found = {
            key: [row[head] * (100 if key in MONEY else 1) for head in HEADINGS]
            for key, row in zip(ROWS, table, strict=True)
        }
    for key in rows:
        assert [round(figure) for figure in found[key]] == [*figures[key].values()], key


def opens(path: Path, before: str, unit: Unit, by: Figures, told: Figures) -> None:
    """Check the footnotes: each opening is the reported end plus its correction. 三(五)7"""
    below = read(path).below
    pairs = [("open_start", "open_end"), ("points_start", "points_end")]
    for opening, end in pairs if "points_end" in unit.rows else pairs[:1]:
        terms = [
            f"{heading}{told[end][column]}{by[opening][column] - told[end][column]:+}="
            f"{by[opening][column]}"
            for column, heading in zip(COLUMNS, HEADINGS, strict=True)
            if column == "total" or by[opening][column] != told[end][column]
        ]
        note = f"{NAMES[opening]}={before}已报{NAMES[end]}+上期更正：{'、'.join(terms)}。"
        assert note in below
        # What corrects that end stands on the sheet too, and is told from now on.
        assert unit.told[before][end] == by[opening]


def now_of(station: oracle.Station, periods: list[str]) -> dict[str, Figures]:
    return {period: counted(station, period, *PERIODS[period]) for period in periods}


def test_a_year_at_three_levels(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def read_here(of: Snapshot, form: PreparedForm, *more: Any) -> bytes:
        """Leave a station's Attachment 3 to tests/test_year.py."""
        return attachment_workbook(of, form, *more) if form.point or form.form != 3 else b""

    monkeypatch.setattr("tests.building.attachment_workbook", read_here)
    late, cli = Counter[str](), Cli(tmp_path / "ledger.sqlite", monkeypatch)
    with ExitStack() as opened:
        county = County(opened, cli)
        for code, day in ROUNDS.items():
            folder = county.folder / code
            folder.mkdir()
            every = [each for each in ROUNDS if each in county_reported(county) or each == code]
            present = []
            for name, ledger, year in zip(STATIONS, county.ledgers, county.years, strict=True):
                year.upto(day)
                drawn = "all" if (name, code) in POINTS_DRAWN else "station"
                year.station.act(day, f"returns submit {code} --forms {drawn}")
                files = county.forms(ledger, code)
                now = now_of(year.station, every)
                present.append(now)
                told = went_out(county.unit(name, "", [*ROWS, *MORE]), code, now, files[6, ""])
                late[name] += len(told)
                for (form, point), file in files.items():
                    if form == 3 and point and name == STATIONS[0]:
                        alone, unit = now_of(year.station.only(point), every), (name, point, ROWS)
                        went_out(county.unit(*unit), code, alone, file if drawn == "all" else None)
                (folder / f"{name}.xlsx").write_bytes(files[6, ""].read_bytes())
            added(county, code, str(day), present, folder)
    assert min(late.values()) > 100, late


def county_reported(county: County) -> set[str]:
    return {period for unit in county.units.values() for period in unit.told}


def went_out(unit: Unit, code: str, now: dict[str, Figures], file: Path | None) -> set[Line]:
    """Check a form of a point or a station, if it was drawn, and count it as reported."""
    before = max((each for each in unit.told if each[4] == code[4]), default="")
    told = unit.told.get(before, {})
    within = set[Line]()
    if code[4] == "A":  # it tells what corrects its quarters too, to whom these are still owed
        for period in [each for each in unit.told if each[4] == "Q"]:
            within |= set(unit.differing(period, now[period]))
    corrected = unit.corrected(code, now)
    if file:
        assert lines(sheet(file, "上期更正")) == corrected | within
        shows(file, now[code], unit.rows)
        quarters = [each for each in ROUNDS if each[4] == code[4]]
        # A retired point has no form in between.
        if before in quarters[quarters.index(code) - 1 : quarters.index(code)]:
            opens(file, before, unit, now[code], told)
    unit.told[code] = now[code]
    return corrected | within


def added(
    county: County, code: str, day: str, present: list[dict[str, Figures]], folder: Path
) -> None:
    """Check the county's form: sums of the stations', also of their corrections."""
    file = county.folder / f"{code}.xlsx"
    sums = [each for each in county.sums if each.stem[4] == code[4]]
    files = " ".join(map(str, [folder, *sums]))
    result = county.cli(f"county consolidate {files} -o {file} --county 县局", today=day)
    assert result.code == 0, result
    summed = {
        period: {
            key: {column: sum(each[period][key][column] for each in present) for column in COLUMNS}
            for key in (*ROWS, *MORE)
        }
        for period in present[0]
    }
    unit = county.unit("县局", "", [*ROWS, *MORE])
    before = max((each for each in unit.told if each[4] == code[4]), default="")
    told = unit.told.get(before, {})
    corrected = unit.corrected(code, summed)
    own = {line for line in lines(sheet(file, "上期更正")) if line[0][4] == code[4]}
    assert own == corrected
    for row in told_in(sheet(file, "上期更正")):
        named = [
            part.rpartition(" ")
            for part in filter(None, re.split("、\\n?", row["涉及单位"] or ""))
        ]
        assert {name for name, _, _ in named} <= {*STATIONS}
        if named:
            assert sum(float(part) for _, _, part in named) == pytest.approx(float(row["更正数"]))
    shows(file, summed[code], unit.rows)
    if before:
        opens(file, before, unit, summed[code], told)
    unit.told[code] = summed[code]
    county.sums.append(file)
