"""A year of one station: what stands in every exported form, against what is counted another way from plain lists."""

from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Cli
from tests.year.assessed import assessment
from tests.year.counted import (
    COLUMNS,
    NEVER,
    PERIODS,
    RATES,
    Figures,
    attachment3,
    attachment6,
    due,
    on_time,
    percent,
    rate,
    return_dates,
    stood,
    working_days,
)
from tests.year.facts import END, RETURNS, SUBMITTED
from tests.year.pages import Paper, pages, read, written
from tests.year.papers import boxes, listing, profile, register
from tests.year.station import ONE_DAY, Station, named
from tests.year.story import lived

QUARTERS = ("2025Q1", "2025Q2", "2025Q3", "2025Q4")
HEADINGS = ("合计", "商场", "超市", "市场", "企业", "景区", "其他")
MONEY = ("21", "22")
# Columns of Attachment 6, by row of Attachment 3 or by key.
COUNTED = {
    "接受咨询": "01",
    "受理投诉": "03",
    "其中工商分流": "05",
    "办结": "10",
    "促成和解": "11",
}
IN_WAN = {"争议金额（万元）": "21", "挽回经济损失（万元）": "22"}
_KEPT = """
    期初服务点数 points_start 本期新设 points_new 本期撤销 points_retired 期末服务点数 points_end 其中省级示范 demo_provincial
    市级示范 demo_municipal 联络员 liaisons 应报服务点 returns_due 实报服务点 returns_made 走访 visits 会议 meetings
    培训 trainings 抄告 notices 约谈 interviews"""
KEPT = dict(zip(_KEPT.split()[::2], _KEPT.split()[1::2], strict=True))


@pytest.fixture(scope="module")
def year() -> tuple[Station, bytes]:
    return lived()


@pytest.fixture
def station(
    year: tuple[Station, bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Station:
    """As it is at the end of the year, with a ledger of the test's own."""
    station, ledger = year
    station.cli = Cli(tmp_path / "ledger.sqlite", monkeypatch)
    station.cli.path.write_bytes(ledger)
    return station


def test_the_year_has_all_of_it(station: Station) -> None:
    """What the other tests show, they show of each of these."""
    points, valid = (
        station.points.values(),
        [row for row in station.complaints if not row["voided"]],
    )
    closed = [row for row in valid if row["closed"]]
    assert (len(points), len(station.complaints)) == (24, 400)
    assert {point["types"][0][1] for point in points} == set(COLUMNS) - {"total"}
    assert (
        sum(bool(point["retired"]) for point in points) == 1
        and sum(len(point["types"]) > 1 for point in points) == 2
    )
    assert (
        len({row["outcome"] for row in closed}) == 7
        and len({row["rating"] for row in closed}) == 4
    )
    assert {row["source"] for row in valid} == {"direct", "referred", "other"} and any(
        row["previous"] for row in valid
    )
    assert {on_time(station, row) for row in closed if row["escalated"]} == {True, False}
    waiting = [row for row in valid if not row["closed"]]
    assert {bool(row["escalated"]) for row in waiting} == {True, False}
    assert {row["kind"] for row in station.records if row["voided"]} == {
        "visit",
        "inquiry",
        "lead",
    }
    assert len({row["kind"] for row in station.records}) == 9
    assert (
        set(station.returns.values()) == {"received", "nil"}
        and ("P005", "2025Q4") not in station.returns
    )
    done = [each["command"] for each in station.run(END, "ledger history --json")]
    assert {
        "complaint reopen",
        "complaint void",
        "point amend",
        "record amend",
        "returns submit",
        "calendar day",
    } <= {*done}


def same_attachment3(paper: Paper, figures: Figures) -> None:
    """Every cell: 26 rows and four rates, by column."""
    rows = paper.table("指标")
    found = {row["代码"]: [row[head] for head in HEADINGS] for row in rows if row["代码"]}
    wanted = {
        code: [figure / 100 if code in MONEY else figure for figure in row.values()]
        for code, row in figures.items()
    }
    assert found == wanted
    assert [row["指标"] for row in rows[26:]] == list(RATES)
    for row in rows[26:]:
        for head, column in zip(HEADINGS, COLUMNS, strict=True):
            numerator, denominator = rate(figures, column, row["指标"])
            assert row[head] == f"{percent(numerator, denominator)}\n({numerator}/{denominator})"
    same_rates(paper, figures, list(RATES))


def same_rates(paper: Paper, figures: Figures, names: list[str]) -> None:
    """The footnotes: numerator, denominator, target, small sample, what is overdue."""
    for name in names:
        (numerator, denominator), (_, _, target, enough) = (
            rate(figures, "total", name),
            RATES[name],
        )
        met = (
            "—"
            if not denominator
            else "达标"
            if numerator / denominator >= target / 100
            else "未达标"
        )
        told = f"={numerator}/{denominator}={percent(numerator, denominator)}"
        told += f"；目标{target}%，{met}" if target else ""
        told += f"；样本过小（不足{enough}例）" if 0 < denominator < enough else ""
        overdue = figures["18"]["total"]
        told += f"；另有超期未结{overdue}件" if name == "和解息诉率" and overdue else ""
        assert f"{told}。" in paper.below.partition(f"{name}=")[2].partition("。")[0] + "。"


@pytest.mark.parametrize("period", PERIODS)
def test_attachment_3_of_the_station(period: str, station: Station) -> None:
    paper = written(station, f"export 3 {period} --live", END)
    same_attachment3(paper, attachment3(station, *PERIODS[period]))


@pytest.mark.parametrize("period", [*QUARTERS, "2025"])
def test_attachment_3_of_each_point(period: str, station: Station, tmp_path: Path) -> None:
    """Of a period that was submitted, as it was told; together they are the station's."""
    station.run(END, f"export 3 {period} --each -o {tmp_path}")
    first, last = PERIODS[period]
    told = station.told.get(
        period,
        {3: {code: attachment3(station, first, last, code) for code in (None, *station.points)}},
    )[3]
    summed = Counter[tuple[str, str]]()
    for code, point in station.points.items():
        file, figures = tmp_path / f"附件3_{period}_{code}.xlsx", told.get(code, {})
        if stood(point, first, last) or any(row["total"] for row in figures.values()):
            paper = read(file)
            same_attachment3(paper, figures)
            summed.update(_cells(figures))
            signed = [
                cell
                for row in paper.rows
                for cell in row
                if str(cell).startswith(("联络员：", "工商所联系人："))
            ]
            people = [
                next(iter(named(point, role, str(last))), {"name": ""})["name"]
                for role in ("liaison", "officer")
            ]
            assert signed == [f"联络员：{people[0]}", f"工商所联系人：{people[1]}"]
    assert summed == _cells(told[None])


def _cells(figures: Figures) -> Counter[tuple[str, str]]:
    return Counter(
        {(code, column): figure for code, row in figures.items() for column, figure in row.items()}
    )


def same_attachment6(
    station: Station, line: str, period: str, figures: Figures, kept: dict[str, Any]
) -> Paper:
    """Every cell of the form, and of its sheet 计算依据."""
    paper, basis = written(station, line, END), written(station, line, END, sheet=1)
    # No return is owed for a calendar year.
    ignored = {"应报服务点", "实报服务点"} if period == "2025" else set()
    rows = paper.table("类型")
    for row, column in zip(rows, (*COLUMNS[1:], "total"), strict=True):
        wanted: dict[str, Any] = {"类型": "合计" if column == "total" else row["类型"]}
        wanted |= {head: figures[code][column] for head, code in COUNTED.items()}
        wanted |= {head: figures[code][column] / 1_000_000 for head, code in IN_WAN.items()}
        wanted |= {head: percent(*rate(figures, column, head)) for head in list(RATES)[:3]}
        wanted |= {head: kept[key][column] for head, key in KEPT.items()}
        assert {
            head: row[head] for head in row if head not in ignored and row[head] != wanted[head]
        } == {}
    assert [row["类型"] for row in rows] == [
        "进商场",
        "进超市",
        "进市场",
        "进企业",
        "进景区",
        "其他",
        "合计",
    ]
    same_rates(paper, figures, list(RATES)[:3])
    found = {
        row["标识"]: [row[head] for head in HEADINGS]
        for row in basis.table("代码")
        if row["计量单位"]
    }
    assert list(found.values())[:26] == [
        list(figures[f"{number:02}"].values()) for number in range(1, 27)
    ]
    told = {KEPT.get(head, head) for head in ignored}
    assert {key: found[key] for key in list(found)[26:] if key not in told} == {
        key: list(row.values()) for key, row in kept.items() if key not in told
    }
    return paper


@pytest.mark.parametrize("period", PERIODS)
def test_attachment_6(period: str, station: Station) -> None:
    kept = attachment6(station, period)
    paper = same_attachment6(
        station, f"export 6 {period} --live", period, attachment3(station, *PERIODS[period]), kept
    )
    changes = kept["type_changes"]["total"]
    assert paper.below.partition("类型变更")[2].partition("：")[0] == (
        f"{changes}个" if changes else ""
    )
    if period in RETURNS:
        owing = [code for code, point in station.points.items() if stood(point, *PERIODS[period])]
        silent = [
            station.points[code]["name"] for code in owing if (code, period) not in station.returns
        ]
        assert f"未报服务点（{len(silent)}个）：{'、'.join(silent)}。" in paper.below
        assert f"报送期限：{return_dates(station, period)}" in paper.below


@pytest.mark.parametrize("day", ["2025-04-30", "2025-05-19", "2025-05-20", "2025-06-29"])
def test_figures_as_of_a_day(day: str, station: Station) -> None:
    first, last = PERIODS["2025Q2"][0], date.fromisoformat(day)
    figures = attachment3(station, first, last)
    same_attachment3(written(station, f"export 3 2025Q2 --as-of {day}", END), figures)
    same_attachment6(
        station,
        f"export 6 2025Q2 --as-of {day}",
        "2025Q2",
        figures,
        attachment6(station, "2025Q2", last),
    )
    total = written(station, f"export 2 2025Q2 --as-of {day}", END).table("序号")[-1]
    told = [total[head] for head in ("登记编号", "争议金额")]
    assert told == [figures["03"]["total"], figures["21"]["total"] / 100]


@pytest.mark.parametrize("period", SUBMITTED)
def test_what_was_submitted_stays_and_what_changed_since_is_told(
    period: str, station: Station
) -> None:
    told, now = station.told[period], attachment3(station, *PERIODS[period])
    assert told[3][None] != now
    same_attachment6(station, f"export 6 {period}", period, told[3][None], told[6])
    same_attachment3(written(station, f"export 3 {period}", END), told[3][None])
    found = {}
    for row in station.run(END, f"returns corrections {period} --json"):
        hundredfold = 100 if row["code"] in MONEY else 1
        found[row["code"], row["type"]] = [
            round(float(row[key]) * hundredfold) for key in ("submitted", "now", "difference")
        ]
    pairs = {cell: (was, _cells(now)[cell]) for cell, was in _cells(told["restated"]).items()}
    assert found == {
        cell: [was, is_, is_ - was] for cell, (was, is_) in pairs.items() if was != is_
    }


@pytest.mark.parametrize("period", ["2025Q2", "2025Q3"])
def test_opening_is_what_was_submitted_and_its_correction(period: str, station: Station) -> None:
    before = QUARTERS[QUARTERS.index(period) - 1]
    submitted = station.told[before][3][None]["17"]
    opening = (
        station.told[period][3][None]["02"]
        if period in SUBMITTED
        else attachment3(station, *PERIODS[period])["02"]
    )
    sums = [
        f"{head}{submitted[column]}{opening[column] - submitted[column]:+}={opening[column]}"
        for head, column in zip(HEADINGS, COLUMNS, strict=True)
        if column == "total" or opening[column] != submitted[column]
    ]
    paper = written(station, f"export 3 {period}", END)
    assert f"期初未结={before}已报期末未结+上期更正：{'、'.join(sums)}。" in paper.below


def test_the_annual_return_says_how_its_parts_add_up(station: Station) -> None:
    parts = {
        "上年12月": "2024-12-01 2024-12-31",
        "2025年第一季度": "2025-01-01 2025-03-31",
        "2025年第二季度": "2025-04-01 2025-06-30",
    }
    parts |= {"2025年第三季度": "2025-07-01 2025-09-30", "10-11月": "2025-10-01 2025-11-30"}
    days = [[date.fromisoformat(day) for day in each.split()] for each in parts.values()]
    figures = [attachment3(station, first, last) for first, last in days]
    sums = []
    for name, code in (
        ("受理投诉", "03"),
        ("办结", "10"),
        ("和解(含当场解决)", "11"),
        ("争议金额", "21"),
        ("挽回经济损失", "22"),
    ):
        several = [each[code]["total"] for each in figures]
        shown = [
            f"{figure / 100:.2f}" if code in MONEY else str(figure)
            for figure in (*several, sum(several))
        ]
        sums.append(f"{name}{'+'.join(shown[:-1])}={shown[-1]}")
    paper = written(station, "export 6 2025A", END)
    assert f"全年构成：{'+'.join(parts)}=全年；{'；'.join(sums)}。" in paper.below


def test_attachment_1_of_every_complaint(station: Station) -> None:
    """By year, for December comes with the annual return."""
    title = "“消费维权服务点”消费投诉登记表"
    found = [
        page
        for period in ("2024-12", "2025")
        for page in pages(written(station, f"export 1 {period}", END), title)
    ]
    there = sorted(
        (row for row in station.complaints if row["received"] <= "2025-12-31"),
        key=lambda each: each["number"],
    )
    for page, row in zip(found, there, strict=True):
        assert page[2:25] == boxes(station, row)
        assert not row["voided"] or page[-1] == [f"注：1.本登记于{row['voided']}作废：重复登记。"]


@pytest.mark.parametrize("period", [*QUARTERS, "2025"])
def test_attachment_2(period: str, station: Station) -> None:
    found = written(station, f"export 2 {period}", END).table("序号")
    assert [list(row.values()) for row in found] == register(station, *PERIODS[period], str(END))


@pytest.mark.parametrize("period", ["2025Q1", "2025Q3"])
def test_attachment_2_as_it_was_when_the_period_was_over(period: str, station: Station) -> None:
    last = str(PERIODS[period][1])
    found = written(station, f"export 2 {period} --as-of {last}", END).table("序号")
    assert [list(row.values()) for row in found] == register(station, *PERIODS[period], last)


@pytest.mark.parametrize("period", QUARTERS)
def test_attachment_4_names_who_was_there_at_the_periods_end(
    period: str, station: Station
) -> None:
    first, last = PERIODS[period]
    found = pages(written(station, f"export 4 {period}", END), "“消费维权服务点”信息登记表")
    for page, point in zip(
        found, [each for each in station.points.values() if stood(each, first, last)], strict=True
    ):
        lines = [
            [cell for cell in line if cell not in ("联络员", "设置条件")] for line in page[3:]
        ]
        wanted = profile(point, str(last))
        assert [line for line in lines if line][: len(wanted)] == wanted


@pytest.mark.parametrize("period", [*QUARTERS, "2025"])
def test_attachment_5(period: str, station: Station) -> None:
    paper = written(station, f"export 5 {period}", END)
    lines, below = listing(station, *PERIODS[period])
    assert [list(row.values()) for row in paper.table("序号")] == lines
    assert below in paper.below
    public = written(station, f"export 5 {period} --public", END)
    people = [each for point in station.points.values() for each in point["people"]]
    known = [each[key] for each in people for key in ("name", "phone") if each[key]]
    assert [
        text for text in known for row in public.rows for cell in row if text in str(cell)
    ] == []
    assert len(public.table("序号")) == len(lines) and below in public.below


@pytest.mark.parametrize("period", [*QUARTERS, "2025"])
def test_assessment(period: str, station: Station) -> None:
    found = written(station, f"export assessment {period}", END).table("名次")
    assert [list(row.values()) for row in found] == assessment(station, period)


@pytest.mark.parametrize(
    "day", ["2025-01-27", "2025-03-31", "2025-06-30", "2025-09-30", "2025-12-31", "2026-01-20"]
)
def test_overdue_on_a_day(day: str, station: Station) -> None:
    late = {}
    for row in station.complaints:
        ended = min(row["closed"] or NEVER, row["escalated"] or NEVER)
        if (
            not row["voided"]
            and row["received"] <= day < ended
            and (limit := due(station, row["received"])) < day
        ):
            late[row["number"]] = working_days(station, limit, day)
    found = station.run(END, f"overdue --as-of {day} --json")
    assert {row["number"]: row["working_days_over"] for row in found} == late


def test_a_notice_lists_the_cases_of_its_quarter(station: Station) -> None:
    """Else those of the quarter before; 3号摊 is written in two ways."""
    for row in (each for each in station.records if each["kind"] in ("notice", "interview")):
        day = date.fromisoformat(row["on"])
        first = date(day.year, (day.month - 1) // 3 * 3 + 1, 1)
        before = first - ONE_DAY
        cases: list[str] = []
        for begins, ends in (
            (first, day),
            (before.replace(month=before.month - 2, day=1), before),
        ):
            inside = [
                each
                for each in station.complaints
                if str(begins) <= each["received"] <= str(ends) and not each["voided"]
            ]
            about = [
                each
                for each in inside
                if each["point"] == "P003" and each["respondent"] in ("3号摊", "\uff13号 摊")
            ]
            cases = cases or sorted(each["number"] for each in about)
        paper = written(station, f"export notice --number {row['id']}", END)
        assert [each["登记编号"] for each in paper.table("序号") if each["登记编号"]] == cases
        assert f"受理消费者对你单位的投诉{len(cases)}件" in paper.below
