"""A year of one station: every exported form, compared with plain lists."""

import re
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Cli
from tests.oracle import (
    COLUMNS,
    MORE,
    RATES,
    ROWS,
    Figures,
    counted,
    percent,
    rate,
    stood,
)
from tests.printing import named, reopened
from tests.rows import for_all
from tests.year.pages import Paper, plain, sheets
from tests.year.papers import boxes, printed, register
from tests.year.station import PERIODS, Station, lived
from tests.year.station import named as named_people

pytestmark = pytest.mark.slow
END = date(2026, 1, 20)  # on which everything is looked at
SUBMITTED = ("2025Q1", "2025Q2")
QUARTERS = ["2025Q1", "2025Q2", "2025Q3", "2025Q4"]
HEADINGS = ("合计", "商场", "超市", "市场", "企业", "景区", "其他")
MONEY = ("disputed", "recovered")
RETURNED = ("returns_due", "returns_made")
# Columns of Attachment 6.
COUNTED = dict(
    line.split()
    for line in """期初服务点数 points_start
    本期新设 points_new
    本期撤销 points_retired
    期末服务点数 points_end
    其中省级示范 demo_provincial
    市级示范 demo_municipal
    联络员 liaisons
    接受咨询 inquiries
    受理投诉 received
    其中工商分流 received_referred
    办结 closed
    促成和解 settled
    争议金额（万元） disputed
    挽回经济损失（万元） recovered
    应报服务点 returns_due
    实报服务点 returns_made
    走访 visits
    会议 meetings
    培训 trainings
    抄告 notices
    约谈 interviews""".splitlines()
)


_RATE_KEYS = "settled_rate mediation_success_rate satisfaction_rate on_time_rate"


class Desk:
    """The station at the end of the year, and its ledger's command line."""

    def __init__(self, station: Station, cli: Cli) -> None:
        self.station, self.cli = station, cli
        self.drawn: dict[str, bytes] = {}
        self.papers: dict[str, list[Paper]] = {}

    def run(self, line: str) -> Any:
        result = self.cli(line, today=str(END))
        assert result.code == 0, (line, result.err)
        return result.json if "--json" in line else result.out

    def form(self, line: str) -> bytes:
        """Return the form that this command line writes; it is written once."""
        if line not in self.drawn:
            target = self.cli.path.with_name("form.xlsx")
            self.run(f"export {line} -o {target}")
            self.drawn[line] = target.read_bytes()
        return self.drawn[line]

    def written(self, line: str, sheet: int = 0) -> Paper:
        if line not in self.papers:
            self.papers[line] = sheets(self.form(line))
        return self.papers[line][sheet]

    def counted(self, period: str, as_of: str = "") -> Figures:
        return counted(self.station, period, *PERIODS[period], as_of)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with pytest.MonkeyPatch.context() as monkeypatch:
        cli = Cli(tmp_path_factory.mktemp("year") / "ledger.sqlite", monkeypatch)
        station, ledger = lived()
        cli.path.write_bytes(ledger)
        yield Desk(station, cli)


def is_attachment3(paper: Paper, figures: Figures) -> None:
    """Check every cell: 26 rows and four rates, by column."""
    rows = paper.table("指标")
    found = [[row["代码"], *(row[head] for head in HEADINGS)] for row in rows[:26]]
    assert found == [[f"{n:02}", *_units(figures[key], key)] for n, key in enumerate(ROWS, 1)]
    assert [row["指标"] for row in rows[26:]] == list(RATES)
    for row in rows[26:]:
        pairs = [rate(figures, column, row["指标"]) for column in COLUMNS]
        shown = [f"{percent(*pair)}\n({pair[0]}/{pair[1]})" for pair in pairs]
        assert [row[head] for head in HEADINGS] == shown
    has_rates(paper, figures, list(RATES))


def _units(row: dict[str, int], key: str, unit: int = 100) -> list[float]:
    return [figure / (unit if key in MONEY else 1) for figure in row.values()]


def has_rates(paper: Paper, figures: Figures, names: list[str]) -> None:
    """Check the footnotes: numerator, denominator, target, small sample, overdue cases."""
    late = figures["overdue_end"]["total"]
    for name in names:
        (numerator, denominator), (*_, target, enough) = rate(figures, "total", name), RATES[name]
        met = "达标" if numerator * 100 >= target * denominator else "未达标"
        told = f"={numerator}/{denominator}={percent(numerator, denominator)}"
        told += f"；目标{target}%，{met if denominator else '—'}" if target else ""
        told += f"；样本过小（不足{enough}例）" if 0 < denominator < enough else ""
        told += f"；另有超期未结{late}件" if name == "和解息诉率" and late else ""
        assert f"{told}。" in paper.below.partition(f"{name}=")[2].partition("。")[0] + "。"


def is_attachment6(paper: Paper, basis: Paper, figures: Figures, period: str) -> None:
    """Every cell of the form, and of its sheet 计算依据; no return is owed for a calendar year."""
    rows, left = paper.table("类型"), RETURNED if period == "2025" else ()
    names = [f"进{head}" for head in HEADINGS[1:-1]]
    assert [row["类型"] for row in rows] == [*names, "其他", "合计"]
    columns = (*COLUMNS[1:], "total")
    for head, key in COUNTED.items():
        wanted = {"total": 0, **figures[key]}
        found = [row[head] for row in rows]
        unit = 1_000_000 if key in MONEY else 1
        assert key in left or found == [wanted[column] / unit for column in columns], head
    for name in list(RATES)[:3]:
        shown = [percent(*rate(figures, column, name)) for column in columns]
        assert [row[name] for row in rows] == shown
    has_rates(paper, figures, list(RATES)[:3])
    lines = {row["标识"]: [row[head] for head in HEADINGS] for row in basis.table("代码")}
    for key in {*ROWS, *MORE} - {*left}:
        assert lines[key] == [*figures[key].values()], key


def shown_by(line: str, desk: Desk) -> Figures:
    """Return the figures as they are now, as of a day, or as they were submitted."""
    period, *rest = line.split()
    if "--point" in line:
        return counted(desk.station.only(rest[1]), period, *PERIODS[period])
    now = desk.counted(period, rest[1] if "--as-of" in line else "")
    if rest:
        return now
    told = desk.station.told[period][""]
    assert now != told
    return told


@for_all("""
    line
    2025 --live
    2025 --point P003
    2025 --point P008
    2025A --live
    2025Q2 --as-of 2025-05-20
    2025Q2
""")
def test_attachment_3(line: str, desk: Desk) -> None:
    is_attachment3(desk.written(f"3 {line}"), shown_by(line, desk))


@for_all(
    "line",
    [
        *(f"{period} --live" for period in PERIODS),
        *(f"2025Q2 --as-of 2025-05-{day}" for day in (19, 20)),
        "2025Q2",
    ],
)
def test_attachment_6(line: str, desk: Desk) -> None:
    figures = shown_by(line, desk)
    paper = desk.written(f"6 {line}")
    basis = desk.written(f"6 {line}", sheet=1)
    is_attachment6(paper, basis, figures, line.split()[0])
    changes = figures["type_changes"]["total"]
    told = paper.below.partition("类型变更")[2].partition("：")[0]
    assert told == (f"{changes}个" if changes else "")
    unstated = figures["recovered_unstated"]["total"]
    told = paper.below.partition("未填挽回金额")[2].partition("，")[0]
    assert told == (f"{unstated}件" if unstated else "")


def test_attachment_3_of_a_point(desk: Desk, tmp_path: Path) -> None:
    """Of a period that was submitted, as it was told; those that year.txt has drawn."""
    period, station = "2025Q2", desk.station
    desk.run(f"export 3 {period} --each -o {tmp_path}")
    for code in ("P001", "P002", "P005", "P018", "P020"):
        [file] = tmp_path.glob(f"附件3_{period}_*_{code}.xlsx")
        found, *_ = sheets(file.read_bytes())
        is_attachment3(found, station.told[period][code])
        cells = {str(cell) for row in found.rows for cell in row}
        for role, label in (("liaison", "联络员"), ("officer", "工商所联系人")):
            people = named_people(station.points[code], role, PERIODS[period][1])
            assert f"{label}：{''.join(each['name'] for each in people[:1])}" in cells


def _cells(figures: Figures) -> Counter[tuple[str, str]]:
    pairs = [(key, column) for key in ROWS for column in COLUMNS]
    return Counter({(key, column): figures[key][column] for key, column in pairs})


@for_all("form", "36")
def test_each_figure_of_a_form_has_a_name(form: str, desk: Desk) -> None:
    found = named(reopened(desk.form(f"{form} 2025Q3 --live")))
    figures = desk.counted("2025Q3")
    for key in ROWS if form == "3" else COUNTED.values():
        names = [f"A{form}_{key}_{column}" for column in COLUMNS]
        unit = 100 if form == "3" else 1_000_000
        assert [found[name] for name in names] == _units({"total": 0, **figures[key]}, key, unit)
    for key, name in zip(_RATE_KEYS.split(), [*RATES][: 4 if form == "3" else 3], strict=False):
        shown = [found[f"A{form}_{key}_{column}"].partition("\n")[0] for column in COLUMNS]
        assert shown == [percent(*rate(figures, column, name)) for column in COLUMNS]


# 三(五)7: the 5th of the next month; on a day off the first working day after it.
@for_all("""
    period | due
    2025Q1 | 2025年4月5日前（遇休息日，即2025年4月7日前）报省局；工商所2025年4月3日前报县局；服务点2025年4月2日前报工商所。
    2025Q2 | 2025年7月5日前（遇休息日，即2025年7月7日前）报省局；工商所2025年7月4日前报县局；服务点2025年7月3日前报工商所。
    2025Q3 | 2025年10月5日前（遇休息日，即2025年10月9日前）报省局；工商所2025年10月9日前报县局；服务点2025年10月9日前报工商所。
    2025A  | 2025年12月5日前报省局；工商所2025年12月4日前报县局。
    2025Q4 | 2026年1月5日前报省局；工商所2026年1月4日前报县局；服务点2026年1月4日前报工商所。
""")
def test_attachment_6_names_who_sent_nothing_and_when_it_is_due(
    period: str, due: str, desk: Desk
) -> None:
    points, returned = desk.station.points, desk.station.returned
    quarters = QUARTERS[:3] if period == "2025A" else [period]
    silent = [
        f"{points[code]['name']}（{each}）" if period == "2025A" else points[code]["name"]
        for each in quarters
        for code, point in points.items()
        if stood(point, *PERIODS[each]) and (code, each) not in returned
    ]
    told = f"（{len(silent)}个）：{'、'.join(silent)}" if silent else "：无"
    below = desk.written(f"6 {period} --live").below
    assert f"未报服务点{told}。" in below
    assert f"报送期限：方案规定县局{due}" in below


@for_all("period", SUBMITTED)
def test_what_changed_since_it_was_submitted_is_told(period: str, desk: Desk) -> None:
    was, now = _cells(desk.station.told[period]["restated"]), _cells(desk.counted(period))
    found = {}
    for row in desk.run(f"returns corrections {period} --json"):
        unit = 100 if row["key"] in MONEY else 1
        if (row["key"], row["type"]) in now:  # rates follow: tests/cli/test_reported.py has them
            figures = [round(float(row[key]) * unit) for key in ("told", "now", "difference")]
            if figures[2]:
                found[row["key"], row["type"]] = figures
    changed = [cell for cell in now if now[cell] != was[cell]]
    assert found == {cell: [was[cell], now[cell], now[cell] - was[cell]] for cell in changed}


@for_all("""
    line       | told
    3 2025Q2   | 期初未结=2025Q1已报期末未结+上期更正：合计23+0=23、商场6+1=7、市场5-1=4。
    3 2025Q3 --live | 期初未结=2025Q2已报期末未结+上期更正：合计36+0=36。
    6 2025A --live | 全年构成：上年12月+2025年第一季度+2025年第二季度+2025年第三季度+10-11月=全年；
    6 2025A --live | 全年；受理投诉27+78+99+84+59=347；办结22+61+85+75+44=287；
    6 2025A --live | 和解(含当场解决)16+47+64+44+32=203；
    6 2025A --live | 争议金额55865.80+260870.71+389253.75+265293.87+156985.36=1128269.49；
    6 2025A --live | 挽回经济损失3907.27+15619.24+16296.83+13151.63+10872.94=59847.91。
""")
def test_footnotes_say_how_openings_and_the_year_add_up(line: str, told: str, desk: Desk) -> None:
    below = desk.written(line).below
    assert told in re.sub("（已报数[^）]*，更正数[^）]*）", "", below)


def test_attachment_1(desk: Desk) -> None:
    """Of a month, of others until each box and each word was there, and of all that is void."""
    there = [row for row in desk.station.complaints if row["received"] <= "2025-12-31"]
    there.sort(key=lambda row: str(row["code"]))
    valid = [row for row in there if not row["voided"]]
    month = [row for row in valid if row["received"].startswith(MONTH)]
    others, missing = list[Any](), filled(valid) - filled(month)
    for row in valid:
        if missing & filled([row]):
            others.append(row)
            missing -= filled([row])
    for line, rows in ((MONTH, month), (numbered(others), others)):
        found = desk.written(f"1 {line}").pages("“消费维权服务点”消费投诉登记表")
        for page, row in zip(found, rows, strict=True):
            assert page[2:26] == boxes(desk.station, row)
    void = [row for row in there if row["voided"]]
    paper = desk.written(f"1 {numbered(void)}")
    stamped = paper.pages("【作废】“消费维权服务点”消费投诉登记表")
    for page, row in zip(stamped, void, strict=True):
        assert page[2:26] == boxes(desk.station, row)
        assert page[-1] == [f"注：1.本登记于{printed(row['voided'])}作废：重复登记。"]


MONTH = "2025-07"
CODED = ("outcome", "rating", "source", "kind", "category", "problem", "channel")


def numbered(rows: list[Any]) -> str:
    return " ".join(f"--number {row['code']}" for row in rows)


def filled(rows: list[Any]) -> set[tuple[str, str]]:
    """Return the boxes that are filled in any row, with the word of each that takes one."""
    boxes = ((key, value) for row in rows for key, value in row.items() if value is not None)
    return {(key, value if key in CODED else "") for key, value in boxes}


@for_all("line", ["2025", "2025Q1 --as-of 2025-03-31", "2025Q3 --as-of 2025-09-30"])
def test_attachment_2(line: str, desk: Desk) -> None:
    period, *as_of = line.split()
    found = desk.written(f"2 {line}").table("序号")
    lines = register(desk.station, *PERIODS[period], as_of[-1] if as_of else str(END))
    assert [plain(row.values()) for row in found] == lines


def expected() -> dict[str, list[str]]:
    """Return the lines of expected.txt, by command line."""
    text = Path(__file__).with_name("year").joinpath("expected.txt").read_text("utf-8")
    parts = [part.splitlines() for part in text.split("\n== ")[1:]]
    return {line: lines for line, *lines in parts}


@for_all("period", ["2025Q2"])
def test_attachment_4_names_who_was_there_at_the_periods_end(period: str, desk: Desk) -> None:
    """What was not inspected is left out."""
    line, found = f"4 {period}", []
    for page in desk.written(line).pages("“消费维权服务点”信息登记表"):
        lines = ["|".join(row) for row in page[3:] if row and row[-1] != "未检查"]
        lines = [line for line in lines if "信息登记表（续）" not in line]
        found.append(" ".join(lines).replace("\n", "/"))
    assert found == expected()[f"export {line}"]


@for_all("period", [*QUARTERS, "2025"])
def test_attachment_5(period: str, desk: Desk) -> None:
    *lines, below = expected()[f"export 5 {period}"]
    paper = desk.written(f"5 {period} --live")
    assert joined(paper.table("序号")) == lines
    assert below in paper.below


@for_all("period", [*QUARTERS, "2025"])
def test_assessment(period: str, desk: Desk) -> None:
    found = desk.written(f"assessment {period} --live").table("名次")
    assert joined(found) == expected()[f"export assessment {period}"]


def joined(rows: list[dict[str, Any]]) -> list[str]:
    return ["|".join(plain(row.values())).replace("\n", "/") for row in rows]
