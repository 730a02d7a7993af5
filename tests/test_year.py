"""A year of one station: what stands in every exported form, against what plain lists hold."""

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
    ONE_DAY,
    ROWS,
    Figures,
    counted,
    due,
    on_time,
    overdue,
    stood,
    worked,
    working_days,
)
from tests.oracle import Station as Lists
from tests.year.assessed import RATES, assessment, percent, rate
from tests.year.facts import END, PERIODS, RETURNS, SUBMITTED
from tests.year.pages import Paper, read
from tests.year.papers import boxes, counts, listing, profile, register
from tests.year.station import Station, named
from tests.year.story import lived

pytestmark = pytest.mark.slow
QUARTERS = ["2025Q1", "2025Q2", "2025Q3", "2025Q4"]
HEADINGS = ("合计", "商场", "超市", "市场", "企业", "景区", "其他")
CODES = {key: f"{number:02}" for number, key in enumerate(ROWS, 1)}
MONEY = ("disputed", "recovered")
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


class Desk:
    """The station at the end of the year, and its ledger's command line."""

    def __init__(self, station: Station, cli: Cli) -> None:
        self.station, self.cli = station, cli

    def run(self, line: str) -> Any:
        result = self.cli(line, today=str(END))
        assert result.code == 0, (line, result.err)
        return result.json if "--json" in line else result.out

    def written(self, line: str, sheet: int = 0) -> Paper:
        """Return the form that this command line writes."""
        target = self.cli.path.with_name("form.xlsx")
        if not sheet:
            self.run(f"{line} -o {target}")
        return read(target, sheet)

    def counted(self, period: str, as_of: str = "") -> Figures:
        return counted(self.station, period, *PERIODS[period], as_of)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with pytest.MonkeyPatch.context() as monkeypatch:
        cli = Cli(tmp_path_factory.mktemp("year") / "ledger.sqlite", monkeypatch)
        station, ledger = lived(monkeypatch)
        cli.path.write_bytes(ledger)
        yield Desk(station, cli)


def test_the_year_has_all_of_it(desk: Desk) -> None:
    """What the other tests show, they show of each of these."""
    station, points = desk.station, desk.station.points.values()
    valid = [row for row in station.complaints if not row["voided"]]
    closed = [row for row in valid if row["closed"]]
    found = {
        "points, retired": [len(points), sum(bool(point["retired"]) for point in points)],
        "changes of type": sum(len(point["types"]) - 1 for point in points),
        "types": len({point["types"][0][1] for point in points}),
        "complaints, void": [len(station.complaints), len(station.complaints) - len(valid)],
        "outcomes, ratings": [len({row[key] for row in closed}) for key in ("outcome", "rating")],
        "sources": len({row["source"] for row in valid}),
        "closed on time or not": {on_time(station, row) for row in closed if row["escalated"]},
        "open, escalated or not": {bool(row["escalated"]) for row in valid if not row["closed"]},
        "previous": any(row["previous"] for row in valid),
        "void records": {row["kind"] for row in station.records if row["voided"]},
        "kinds of records": len({row["kind"] for row in station.records}),
        "nil returns": len(station.nil),
    }
    assert found == {
        "points, retired": [24, 1],
        "changes of type": 2,
        "types": 6,
        "complaints, void": [400, 15],
        "outcomes, ratings": [7, 4],
        "sources": 3,
        "closed on time or not": {False, True},
        "open, escalated or not": {False, True},
        "previous": True,
        "void records": {"visit", "inquiry", "lead"},
        "kinds of records": 9,
        "nil returns": 2,
    }
    done = {each["command"] for each in desk.run("ledger history --json")}
    assert done >= {"complaint", "point", "record", "returns submit", "calendar"}


def same_attachment3(paper: Paper, figures: Figures) -> None:
    """Every cell: 26 rows and four rates, by column."""
    rows = paper.table("指标")
    found = {row["代码"]: [row[head] for head in HEADINGS] for row in rows if row["代码"]}
    unit = dict.fromkeys(MONEY, 100)
    assert found == {
        code: [figure / unit.get(key, 1) for figure in figures[key].values()]
        for key, code in CODES.items()
    }
    assert [row["指标"] for row in rows[26:]] == list(RATES)
    for row in rows[26:]:
        pairs = [rate(figures, column, row["指标"]) for column in COLUMNS]
        shown = [f"{percent(*pair)}\n({pair[0]}/{pair[1]})" for pair in pairs]
        assert [row[head] for head in HEADINGS] == shown
    same_rates(paper, figures, list(RATES))


def same_rates(paper: Paper, figures: Figures, names: list[str]) -> None:
    """The footnotes: numerator, denominator, target, small sample, what is overdue."""
    late = figures["overdue_end"]["total"]
    for name in names:
        (numerator, denominator), (_, _, target, enough) = rate(figures, "total", name), RATES[name]
        met = "达标" if numerator * 100 >= target * denominator else "未达标"
        told = f"={numerator}/{denominator}={percent(numerator, denominator)}"
        told += f"；目标{target}%，{met if denominator else '—'}" if target else ""
        told += f"；样本过小（不足{enough}例）" if 0 < denominator < enough else ""
        told += f"；另有超期未结{late}件" if name == "和解息诉率" and late else ""
        assert f"{told}。" in paper.below.partition(f"{name}=")[2].partition("。")[0] + "。"


@pytest.mark.parametrize("period", PERIODS)
def test_attachment_3_of_the_station(period: str, desk: Desk) -> None:
    same_attachment3(desk.written(f"export 3 {period} --live"), desk.counted(period))


@pytest.mark.parametrize("period", ["2025Q2", "2025Q3", "2025"])
def test_attachment_3_of_each_point(period: str, desk: Desk, tmp_path: Path) -> None:
    """Of a period that was submitted, as it was told; together they are the station's."""
    desk.run(f"export 3 {period} --each -o {tmp_path}")
    station, (first, last), summed = desk.station, PERIODS[period], Counter[tuple[str, str]]()
    told = station.told.get(period, {})
    for code, point in station.points.items():
        live = counted(station.only(code), period, first, last)
        figures = told.get(code, live if not told else {})
        if stood(point, first, last) or any(row["total"] for row in figures.values()):
            paper = read(tmp_path / f"附件3_{period}_{code}.xlsx")
            same_attachment3(paper, figures)
            summed.update(_cells(figures))
            cells = [str(cell) for row in paper.rows for cell in row]
            for role, label in (("liaison", "联络员"), ("officer", "工商所联系人")):
                name = next((each["name"] for each in named(point, role, last)), "")
                assert [cell for cell in cells if cell.startswith(f"{label}：")] == [
                    f"{label}：{name}"
                ]
    assert summed == _cells(told.get(None) or desk.counted(period))


def _cells(figures: Figures) -> Counter[tuple[str, str]]:
    pairs = [(key, column) for key in ROWS for column in COLUMNS]
    return Counter({(key, column): figures[key][column] for key, column in pairs})


def same_attachment6(desk: Desk, line: str, figures: Figures, ignored: tuple[str, ...]) -> Paper:
    """Every cell of the form, and of its sheet 计算依据; `ignored` are measures that it leaves out."""
    paper, basis = desk.written(line), desk.written(line, sheet=1)
    rows = paper.table("类型")
    names = [f"进{head}" for head in HEADINGS[1:-1]]
    assert [row["类型"] for row in rows] == [*names, "其他", "合计"]
    for row, column in zip(rows, (*COLUMNS[1:], "total"), strict=True):
        wanted: dict[str, Any] = {"类型": row["类型"]}
        for head, key in COUNTED.items():
            wanted[head] = figures[key][column] / (1_000_000 if key in MONEY else 1)
        wanted |= {head: percent(*rate(figures, column, head)) for head in list(RATES)[:3]}
        left = {head for head in row if COUNTED.get(head) in ignored}
        assert {head: row[head] for head in row.keys() - left} == {
            head: wanted[head] for head in row.keys() - left
        }
    same_rates(paper, figures, list(RATES)[:3])
    lines = [row for row in basis.table("代码") if row["计量单位"]]
    found = {row["标识"]: [row[head] for head in HEADINGS] for row in lines}
    keys = [key for key in (*ROWS, *MORE) if key not in ignored]
    assert {key: found[key] for key in keys} == {key: [*figures[key].values()] for key in keys}
    return paper


def ignored(period: str) -> tuple[str, ...]:
    """No return is owed for a calendar year."""
    return ("returns_due", "returns_made") if period == "2025" else ()


@pytest.mark.parametrize("period", PERIODS)
def test_attachment_6(period: str, desk: Desk) -> None:
    figures, station = desk.counted(period), desk.station
    paper = same_attachment6(desk, f"export 6 {period} --live", figures, ignored(period))
    changes = figures["type_changes"]["total"]
    told = paper.below.partition("类型变更")[2].partition("：")[0]
    assert told == (f"{changes}个" if changes else "")
    if period in RETURNS:
        owing = [code for code in station.points if stood(station.points[code], *PERIODS[period])]
        silent = [code for code in owing if (code, period) not in station.returns]
        names = "、".join(station.points[code]["name"] for code in silent)
        told = f"（{len(silent)}个）：{names}" if silent else "：无"
        assert f"未报服务点{told}。" in paper.below
        assert f"报送期限：{return_dates(station, PERIODS[period][1])}" in paper.below


def return_dates(station: Lists, last: str) -> str:
    """三(五)7: the 5th of the next month; on a day off the first working day after it."""
    over = date.fromisoformat(last) + ONE_DAY
    nominal = over.replace(day=5)
    earliest, county = (_worked_from(station, day) for day in (over, nominal))

    def before(count: int) -> str:
        day = county
        while count:
            day -= ONE_DAY
            count -= worked(station, day)
        return _words(max(day, earliest))

    moved = f"（遇休息日，即{_words(county)}前）" if county != nominal else ""
    return f"方案规定{_words(nominal)}前{moved}报县局；工商所{before(1)}前；服务点{before(2)}前。"


def _worked_from(station: Lists, day: date) -> date:
    while not worked(station, day):
        day += ONE_DAY
    return day


def _words(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


@pytest.mark.parametrize("day", ["2025-04-30", "2025-05-19", "2025-05-20", "2025-06-29"])
def test_figures_as_of_a_day(day: str, desk: Desk) -> None:
    figures = desk.counted("2025Q2", day)
    same_attachment3(desk.written(f"export 3 2025Q2 --as-of {day}"), figures)
    same_attachment6(desk, f"export 6 2025Q2 --as-of {day}", figures, ())
    total = desk.written(f"export 2 2025Q2 --as-of {day}").table("序号")[-1]
    told = [total[head] for head in ("登记编号", "争议金额")]
    assert told == [figures["received"]["total"], figures["disputed"]["total"] / 100]


@pytest.mark.parametrize("period", SUBMITTED)
def test_what_was_submitted_stays_and_what_changed_since_is_told(period: str, desk: Desk) -> None:
    told, now = desk.station.told[period], desk.counted(period)
    assert _cells(told[None]) != _cells(now)
    same_attachment6(desk, f"export 6 {period}", told[None], ())
    same_attachment3(desk.written(f"export 3 {period}"), told[None])
    found = {}
    for row in desk.run(f"returns corrections {period} --json"):
        unit = 100 if row["key"] in MONEY else 1
        figures = [round(float(row[key]) * unit) for key in ("submitted", "now", "difference")]
        found[row["key"], row["type"]] = figures
    was = _cells(told["restated"])
    changed = {cell: (was[cell], figure) for cell, figure in _cells(now).items()}
    assert found == {
        cell: [before, after, after - before]
        for cell, (before, after) in changed.items()
        if before != after
    }


@pytest.mark.parametrize("period", ["2025Q2", "2025Q3"])
def test_opening_is_what_was_submitted_and_its_correction(period: str, desk: Desk) -> None:
    before = QUARTERS[QUARTERS.index(period) - 1]
    told = desk.station.told
    end = told[before][None]["open_end"]
    start = (told[period][None] if period in SUBMITTED else desk.counted(period))["open_start"]
    sums = [
        f"{head}{end[column]}{start[column] - end[column]:+}={start[column]}"
        for head, column in zip(HEADINGS, COLUMNS, strict=True)
        if column == "total" or start[column] != end[column]
    ]
    below = desk.written(f"export 3 {period}").below
    assert f"期初未结={before}已报期末未结+上期更正：{'、'.join(sums)}。" in below


def test_the_annual_return_says_how_its_parts_add_up(desk: Desk) -> None:
    parts = {
        "上年12月": ("2024-12-01", "2024-12-31"),
        "2025年第一季度": PERIODS["2025Q1"],
        "2025年第二季度": PERIODS["2025Q2"],
        "2025年第三季度": PERIODS["2025Q3"],
        "10-11月": ("2025-10-01", "2025-11-30"),
    }
    figures = [counted(desk.station, "", *days) for days in parts.values()]
    names = ["受理投诉", "办结", "和解(含当场解决)", "争议金额", "挽回经济损失"]
    keys = "received", "closed", "settled", "disputed", "recovered"
    sums = []
    for name, key in zip(names, keys, strict=True):
        several = [each[key]["total"] for each in figures]
        money = key in MONEY
        shown = [f"{n / 100:.2f}" if money else str(n) for n in (*several, sum(several))]
        sums.append(f"{name}{'+'.join(shown[:-1])}={shown[-1]}")
    below = desk.written("export 6 2025A").below
    assert f"全年构成：{'+'.join(parts)}=全年；{'；'.join(sums)}。" in below


def test_attachment_1_of_every_complaint(desk: Desk) -> None:
    """By year, for December comes with the annual return."""
    papers = [desk.written(f"export 1 {period}") for period in ("2024-12", "2025")]
    found = [page for paper in papers for page in paper.pages("“消费维权服务点”消费投诉登记表")]
    there = [row for row in desk.station.complaints if row["received"] <= "2025-12-31"]
    there.sort(key=lambda row: str(row["number"]))
    for page, row in zip(found, there, strict=True):
        assert page[2:25] == boxes(desk.station, row)
        void = f"注：1.本登记于{row['voided']}作废：重复登记。"
        assert not row["voided"] or page[-1] == [void]


AS_OF = [("2025Q1", "2025-03-31"), ("2025Q3", "2025-09-30")]


@pytest.mark.parametrize(("period", "day"), [*((each, "") for each in [*QUARTERS, "2025"]), *AS_OF])
def test_attachment_2(period: str, day: str, desk: Desk) -> None:
    as_of = f"--as-of {day}" if day else ""
    found = desk.written(f"export 2 {period} {as_of}").table("序号")
    lines = register(desk.station, *PERIODS[period], day or str(END))
    assert [list(row.values()) for row in found] == lines


@pytest.mark.parametrize("period", QUARTERS)
def test_attachment_4_names_who_was_there_at_the_periods_end(period: str, desk: Desk) -> None:
    found = desk.written(f"export 4 {period}").pages("“消费维权服务点”信息登记表")
    there = [each for each in desk.station.points.values() if stood(each, *PERIODS[period])]
    for page, point in zip(found, there, strict=True):
        lines = [[cell for cell in line if cell not in ("联络员", "设置条件")] for line in page[3:]]
        wanted = profile(point, PERIODS[period][1])
        assert list(filter(None, lines))[: len(wanted)] == wanted


@pytest.mark.parametrize("period", [*QUARTERS, "2025"])
def test_attachment_5(period: str, desk: Desk) -> None:
    lines, below = (write(desk.station, *PERIODS[period]) for write in (listing, counts))
    paper = desk.written(f"export 5 {period}")
    assert [list(row.values()) for row in paper.table("序号")] == lines
    assert below in paper.below
    public = desk.written(f"export 5 {period} --public")
    assert len(public.table("序号")) == len(lines)
    assert below in public.below
    people = [each for point in desk.station.points.values() for each in point["people"]]
    known = {each[key] for each in people for key in ("name", "phone")} - {None}
    text = "\n".join(str(cell) for row in public.rows for cell in row)
    assert [each for each in known if each in text] == []


@pytest.mark.parametrize("period", [*QUARTERS, "2025"])
def test_assessment(period: str, desk: Desk) -> None:
    found = desk.written(f"export assessment {period}").table("名次")
    assert [list(row.values()) for row in found] == assessment(desk.station, period)


@pytest.mark.parametrize(
    "day", ["2025-01-27", "2025-03-31", "2025-06-30", "2025-09-30", "2025-12-31", "2026-01-20"]
)
def test_overdue_on_a_day(day: str, desk: Desk) -> None:
    late = [row for row in desk.station.complaints if overdue(desk.station, row, day)]
    over = {
        row["number"]: working_days(desk.station, due(desk.station, row["received"]), day)
        for row in late
    }
    found = desk.run(f"overdue --as-of {day} --json")
    assert {row["number"]: row["working_days_over"] for row in found} == over


def test_a_notice_lists_the_cases_of_its_quarter(desk: Desk) -> None:
    """Else those of the quarter before; 3号摊 is written in two ways."""
    alike = [row for row in desk.station.complaints if row["respondent"] in ("3号摊", "３号 摊")]
    about = [row for row in alike if row["point"] == "P003" and not row["voided"]]
    for row in (row for row in desk.station.records if row["kind"] in ("notice", "interview")):
        day = date.fromisoformat(row["on"])
        first = date(day.year, (day.month - 1) // 3 * 3 + 1, 1)
        before = first - ONE_DAY
        cases: list[str] = []
        for begins, ends in ((first, day), (before.replace(month=before.month - 2, day=1), before)):
            inside = [each for each in about if str(begins) <= each["received"] <= str(ends)]
            cases = cases or sorted(each["number"] for each in inside)
        paper = desk.written(f"export notice --number {row['id']}")
        numbers = [each["登记编号"] for each in paper.table("序号")]
        assert list(filter(None, numbers)) == cases
        assert f"受理消费者对你单位的投诉{len(cases)}件" in paper.below
