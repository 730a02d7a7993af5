"""Corrections reach every earlier recipient; periods that are not over count up to today."""

import re
from pathlib import Path

from tests.cli.conftest import Cli, scenes
from tests.printing import sheet_text
from tests.rows import table
from tests.states import undrawn

_LOG = "log P001 --complainant 己 --item 灯 --facts 坏 --kind goods"
LATE, NEXT = "2026-10-16", "2027-01-06"


def lines(file: str) -> list[str]:
    """Return the rows of 上期更正 that are of 合计 alone, and its notes."""
    found = sheet_text(file, "上期更正").splitlines()
    return [line for line in found if "|合计|" in line or line.startswith("注")]


@scenes(r"""
# a visit, an interview and a point that were entered late
@ 2026-10-09
+ returns submit 2026Q3
@ 2026-10-16
$ record visit P001 --on 2026-09-25
Recorded for 东门商场 on 2026-09-25; visit: 1 (record 1)
! This changes submitted figures of 2026Q3; the next return includes the correction. See: \
    ledger12315 returns corrections 2026Q3
! on: 2026-09-25: in 2026Q3, which was submitted
$ record interview P002 --respondent 3号摊 --text 请整改 --on 2026-09-26
Recorded for 南门市场 on 2026-09-26; interview: 1 (record 2)
! This changes submitted figures of 2026Q3; the next return includes the correction. See: \
    ledger12315 returns corrections 2026Q3
! on: 2026-09-26: in 2026Q3, which was submitted
$ register 北门店 --type other --judgement 投诉较多 --since 2026-09-20 --liaison 李四 --officer 王五
P003 …
! This changes submitted figures of 2026Q3; the next return includes the correction. See: \
    ledger12315 returns corrections 2026Q3
$ returns corrections 2026Q3
2026Q3 |  | points_new | total | 0 | 1 | 1 | point of 2026-09-20 (P003) entered late 2026-10-16
2026Q3 |  | points_new | other | 0 | 1 | 1 | point of 2026-09-20 (P003) entered late 2026-10-16
2026Q3 |  | points_end | total | 2 | 3 | 1 | point of 2026-09-20 (P003) entered late 2026-10-16
2026Q3 |  | points_end | other | 0 | 1 | 1 | point of 2026-09-20 (P003) entered late 2026-10-16
2026Q3 |  | liaisons | total | 1 | 2 | 1 | liaison of 2026-09-20 (P003) entered late 2026-10-16
2026Q3 |  | liaisons | other | 0 | 1 | 1 | liaison of 2026-09-20 (P003) entered late 2026-10-16
2026Q3 |  | returns_due | total | 2 | 3 | 1 | return of 2026-09-30 (P003) entered late 2026-10-16
2026Q3 |  | returns_due | other | 0 | 1 | 1 | return of 2026-09-30 (P003) entered late 2026-10-16
2026Q3 |  | visits | total | 0 | 1 | 1 | visit of 2026-09-25 (P001) entered late 2026-10-16
2026Q3 |  | visits | mall | 0 | 1 | 1 | visit of 2026-09-25 (P001) entered late 2026-10-16
2026Q3 |  | interviews | total | 0 | 1 | 1 | interview of 2026-09-26 (P002) entered late 2026-10-16
2026Q3 |  | interviews | market | 0 | 1 | 1 | interview of 2026-09-26 (P002) entered late \
    2026-10-16
@ 2027-01-06
+ export 6 2026Q4 -o 6.xlsx
+ returns submit 2026Q4
$ returns corrections 2026Q3
! Nothing has changed since 2026Q3 was told.
""")
def test_whatever_is_entered_late_is_listed_and_carried_once(script: str, cli: Cli) -> None:
    cli.plays(script)
    form = "6.xlsx"
    opened = "期初服务点数=2026Q3已报期末服务点数+上期更正：合计2+1=3、其他0+1=1。"
    assert opened in sheet_text(form)
    assert lines(form) == [
        "2026Q3|本期新设|合计|个|0|1|1|2026年10月16日|补录|P003 2026年9月20日服务点",
        "2026Q3|期末服务点数|合计|个|2|1|3|2026年10月16日|补录|P003 2026年9月20日服务点",
        "2026Q3|联络员|合计|人|1|1|2|2026年10月16日|补录|P003 2026年9月20日联络员",
        "2026Q3|应报服务点|合计|个|2|1|3|2026年10月16日|补录|P003 2026年9月30日报表",
        "2026Q3|走访|合计|次|0|1|1|2026年10月16日|补录|P001 2026年9月25日走访",
        "2026Q3|约谈|合计|次|0|1|1|2026年10月16日|补录|P002 2026年9月26日约谈",
    ]


@table("""
    late
    point amend P001 --demonstration 市级 --on 2026-09-01
    returns receive P002 2026Q3 --on 2026-10-12
    calendar day 2026-09-28 --rest --why 水灾
    register 新店 --type 其他 --judgement 多 --since 9-20 --liaison 李四 --officer 王五
    settings set begins 2026-10-01
""")
def test_somebody_at_a_terminal_is_asked_whatever_the_act_is(late: str, cli: Cli) -> None:
    cli.given(f"{_LOG} --received 2026-09-21\nreturns submit 2026Q3", today="2026-10-09")
    before = cli.path.read_bytes()
    code, seen = cli.talk(late, "Do it anyway? [y/n]>n", today=LATE)
    assert (code, cli.path.read_bytes()) == (3, before), seen
    assert "This would change what was submitted of 2026Q3; nothing is written yet." in seen
    assert cli.talk(late, "Do it anyway? [y/n]>y", today=LATE)[0] == 0


def test_a_point_that_was_entered_late_is_typed_into_the_directory(cli: Cli) -> None:
    """Also one that was retired late, or whose day of set-up was told otherwise."""
    since = "--judgement 多 --since 2026-01-05 --liaison 李四 --officer 王五"
    cli.all(f"register 旧店 --type other {since}\nreturns submit 2026Q3", today="2026-10-09")
    cli.all(
        """
        register 北门店 --type other --judgement 多 --since 2026-09-20 --liaison 李四 --officer 王五
        point retire P002 --on 2026-09-25
        point amend P001 --type 超市 --on 2026-09-01
        point amend P001 --since 2026-07-05
        """,
        today=LATE,
    )
    Path("in").mkdir()
    with undrawn(6):
        cli.all("export 5 2026Q4 -o in/5.xlsx\nreturns submit 2026Q4 --yes -o in", today=NEXT)
    cli.all("county load in\ncounty export entry 2026Q4 -o entry.xlsx", today=NEXT)
    form = sheet_text("in/5.xlsx", "附件5")
    assert "本期设立0个、变更0个、撤销0个。补报、更正前期5项。" in form
    county = sheet_text("entry.xlsx", "名录录入").splitlines()
    rows = [line for line in county if line.startswith(("新设", "变更", "撤销", "恢复"))]
    assert [re.sub(r"(\|P\d+\|).*\|", r"\1", row) for row in rows] == [
        "变更|P001|未备案；前报2026年1月5日设立有误；补报2026年7月5日设立；补报2026年9月1日类型变更",
        "撤销|P002|未备案；补报2026年9月25日撤销",
        "新设|P004|未备案；补报2026年9月20日设立",
    ]


# Two complaints of the quarter, one closed, after which it was submitted.
_QUARTER = f"""
    {_LOG} --received 2026-08-03
    {_LOG} --received 2026-08-04
    close 2026-2 --outcome 和解 --closed 2026-08-05 --recovered 9.50
"""


def test_a_year_that_still_runs_is_made_of_the_parts_that_have_begun(cli: Cli) -> None:
    cli.given(_QUARTER, today=LATE)
    cli.all("export 6 2026A -o year.xlsx", today="2026-09-28")
    whole = (
        "全年构成：上年12月+2026年第一季度+2026年第二季度+2026年第三季度=全年；受理投诉0+0+0+2=2；"
    )
    assert whole in sheet_text("year.xlsx")


def test_an_annual_return_tells_each_quarter_as_told_and_its_correction(cli: Cli) -> None:
    """A void one and one reopened; the next quarter still owes its correction to its own chain."""
    cli.given(_QUARTER, today=LATE)
    cli.all("returns submit 2026Q3", today=LATE)
    cli.all(
        "complaint void 2026-1 --reason 重复\ncomplaint reopen 2026-2 --reason 未结",
        today="2026-11-02",
    )
    cli.all("export 6 2026A -o a.xlsx\nreturns submit 2026A", today="2026-12-03")
    form = "a.xlsx"
    assert (
        "全年构成：上年12月+2026年第一季度+2026年第二季度+2026年第三季度+10-11月=全年；"
        "受理投诉0+0+0+1（已报数2，更正数-1）+0=1；办结0+0+0+0（已报数1，更正数-1）+0=0；"
        "和解(含当场解决)0+0+0+0（已报数1，更正数-1）+0=0；争议金额0.00+0.00+0.00+0.00+0.00=0.00；"
        "挽回经济损失0.00+0.00+0.00+0.00（已报数9.50，更正数-9.50）+0.00=0.00。"
    ) in sheet_text(form)
    assert "2026Q3与已报数不同的各项见上期更正表，未注明的与已报数相同。" in sheet_text(form)
    told = [line for line in lines(form) if "|受理投诉|" in line]
    assert told == ["2026Q3|受理投诉|合计|件|2|-1|1|2026年11月2日|作废|2026-0001"]
    once = (
        "注：1.2026Q3各行是年内季度的更正，由下一份季报上报，以季报登记为准，不得据本表重复登记。"
    )
    assert once in sheet_text(form, "上期更正")
    owed = cli("returns corrections 2026Q3 --json", today="2026-12-04").json
    assert {(row["key"], row["difference"]) for row in owed if row["type"] == "total"} == {
        *(("received", -1), ("received_direct", -1), ("received_goods", -1), ("closed", -1)),
        *(("settled", -1), ("closed_on_time", -1), ("recovered", "-9.50")),
        *(("open_end", 0), ("overdue_end", 0)),  # a void one less, a reopened one more
        *(("settled_rate", None), ("on_time_rate", None)),
    }
    cli.all("export 6 2026Q4 -o q.xlsx\nreturns submit 2026Q4", today=NEXT)
    told = [line for line in lines("q.xlsx") if "|受理投诉|" in line]
    assert told == ["2026Q3|受理投诉|合计|件|2|-1|1|2026年11月2日|作废|2026-0001"]
    assert cli("returns corrections 2026Q3 --json", today=NEXT).json == []


def test_a_retired_point_that_is_corrected_has_its_attachment_3(cli: Cli) -> None:
    """Before and after it is submitted, in a quarter for which no point owes anything."""
    cli.given(
        f"{_LOG} --received 2026-08-03\nclose 1 --outcome 撤回 --closed 2026-08-04", today=LATE
    )
    for line in ("point retire P001 --on 2026-09-20", "point retire P002 --on 2026-09-20"):
        cli.all(line, today=LATE)
    cli.all("returns submit 2026Q3", today=LATE)
    cli.all("complaint amend 1 --disputed 90", today=NEXT)
    for folder in ("draft", "sent"):
        Path(folder).mkdir()
        cli.all(f"export 3 2026Q4 --each -o {folder}", today=NEXT)
        [form] = Path(folder).iterdir()
        assert form.name == "附件3_2026Q4_东门所_P001.xlsx"
        assert lines(str(form)) == ["2026Q3|争议金额|合计|元|0|90|90|2027年1月6日|更正|2026-0001"]
        if folder == "draft":
            with undrawn(3):
                cli.all("returns submit 2026Q4", today=NEXT)


def test_the_years_are_a_chain_of_their_own(cli: Cli) -> None:
    """The next annual return opens with the last one's end and what corrects that."""
    cli.given(f"{_QUARTER}returns submit 2026A", today="2026-12-03")
    cli.all("register 北门店 --type other --judgement 多 --since 2026-11-20", today="2026-12-07")
    cli.all("complaint void 2026-1 --reason 重复", today="2026-12-07")
    form = "2027.xlsx"
    cli.all(f"export 6 2027A -o {form}\nreturns submit 2027A", today="2027-12-03")
    for told in (
        "期初服务点数=2026A已报期末服务点数+上期更正：合计2+1=3、其他0+1=1。",
        "期初未结=2026A已报期末未结+上期更正：合计1-1=0、商场1-1=0。",
    ):
        assert told in sheet_text(form)
    assert "2026A|期末未结|合计|件|1|-1|0|2026年12月7日|作废|2026-0001" in lines(form)
    result = cli("returns withdraw 2026A --reason 退回", today="2027-12-04")
    rests = "Error: 2027A is submitted and is based on 2026A. Withdraw 2027A first.\n"
    assert (result.code, result.err) == (3, rests)


@table("""
    line                       | as_of      | overdue
    overdue                    |            | 1
    rollup 3 2026Q4            | 2026-12-28 | 1
    rollup 3 2026-12           | 2026-12-28 | 1
    rollup 3 2026Q4 --as-of 2026-12-25 | 2026-12-25 | 0
    rollup 3 2026Q3            |            | 0
""")
def test_a_period_that_is_not_over_is_counted_up_to_today(
    line: str, as_of: str, overdue: str, cli: Cli
) -> None:
    """Due were 2026-12-25, 12-28 and 12-31; the quarter's end would have three overdue."""
    days = ("2026-12-18", "2026-12-21", "2026-12-24")
    cli.given("\n".join(f"{_LOG} --received {day}" for day in days), today="2026-12-24")
    found = cli(f"{line} --json", today="2026-12-28").json
    if line == "overdue":
        assert len(found) == int(overdue)
        return
    [row] = [row for row in found["rows"] if row["key"] == "overdue_end"]
    assert (found["as_of"] or "", str(row["total"])) == (as_of, overdue)


@table("""
    form
    2
    3
    6
    assessment
""")
def test_each_form_of_a_period_that_is_not_over_says_so(form: str, cli: Cli) -> None:
    cli.given(f"{_LOG} --received 2026-12-18", today="2026-12-24")
    result = cli(f"export {form} 2026Q4 -o form.xlsx --json", today="2026-12-28")
    assert result.json["as_of"] == "2026-12-28"
    assert result.err == "The period is not over: every figure is as of 2026-12-28.\n"
    assert "截至2026年12月28日" in sheet_text("form.xlsx", 0)
    assert (
        cli(f"export {form} 2026Q4 -o form.xlsx --as-of 2026-12-29", today="2026-12-28").code == 2
    )


@scenes(r"""
# a station that works on 2 October moves its complaints' due dates, and no return's
+ calendar day 2026-10-02 --work --why 值班
$ explain 2026-1
2026-0001 received 2026-09-28, due 2026-10-09 Fri:
…
@ 2026-10-08
$ returns status 2026Q3
P001 | 2026Q3 | missing | no |  | 2026-10-05 | 2026-10-08
P002 | 2026Q3 | missing | no |  | 2026-10-05 | 2026-10-08
""")
def test_return_dates_follow_the_state_councils_calendar(script: str, cli: Cli) -> None:
    cli.given(f"{_LOG} --received 2026-09-28")
    cli.plays(script)


def test_a_notice_moves_return_dates_under_a_day_of_the_stations_own(cli: Cli) -> None:
    """The notice of 2027 has 5 January worked or off, whatever the station said before or says."""
    Path("notice.json").write_text(
        '{"year": 2027, "papers": [], "days": ['
        '{"name": "元旦", "date": "2027-01-05", "isOffDay": true}]}',
        "utf-8",
    )
    cli.all("calendar day 2027-01-05 --work --why 值班\ncalendar load notice.json", today=LATE)
    row = cli("returns status 2026Q4 --json", today=NEXT).json[0]
    assert (row["nominal"], row["due"]) == ("2027-01-05", "2027-01-04")
    cli.all("calendar day 2027-01-05 --rest --why 盘点", today=LATE)
    assert cli("returns status 2026Q4 --json", today=NEXT).json[0] == row


def test_a_spreadsheet_can_add_up_what_is_corrected(cli: Cli) -> None:
    cli.given(f"{_LOG} --received 2026-07-10")
    cli.plays("""
        @ 2026-10-08
        + returns submit 2026Q3
        + complaint void 1 --reason 重复
        $ returns corrections 2026Q3 --csv
        BOM period,code,measure,type,told,now,difference,causes
        2026Q3,03,received,total,1,0,-1,2026-0001 voided 2026-10-08: 重复
        …
    """)


def test_what_changes_a_received_return_is_told_before_it_goes_out(cli: Cli) -> None:
    cli.given(f"{_LOG} --received 2026-07-10")
    cli.plays("""
        @ 2026-10-08
        + returns receive P001 2026Q3
        + returns receive P002 2026Q3 --nil
        + complaint amend 1 --disputed 90
        $ returns submit 2026Q3 --json
        {"period": "2026Q3", …
        ! 东门商场: changed since its return was received: 21 disputed (争议金额).
    """)
