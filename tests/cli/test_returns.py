"""`returns`: returns due, and a quarter that stays as submitted despite later changes."""

import errno
import os
import re
import sqlite3
from contextlib import AbstractContextManager
from decimal import Decimal
from hashlib import sha256
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from python_calamine import CalamineWorkbook

from ledger12315.cli.face.desk import Desk
from ledger12315.errors import Unusable
from ledger12315.ledger.figures import Scope, Snapshot
from ledger12315.ledger.returns.corrections import carried_corrections
from ledger12315.ledger.store import Ledger
from ledger12315.ledger.store.opening import reading
from ledger12315.rules.measures import COLUMNS, TOTAL
from ledger12315.rules.periods import parse_period
from ledger12315.rules.reported import Stamp
from ledger12315.sheets.incoming.basis import read_station_return
from tests import states
from tests.building import spoil
from tests.cli.conftest import Cli, scenes
from tests.faults.edits import rewritten
from tests.rows import table

SUBMITTED, LATER, YEAR_LATER = "2026-10-09", "2026-10-12", "2027-01-06"
# P001 is a mall, P002 a market. Of the quarter 2026-0004 and 2026-0005 are open.
_LOG = "log --complainant 己 --item 灯 --facts 坏"
_QUARTER = f"""
    {_LOG} P001 --category 服装鞋帽 --received 2026-06-29 --disputed 50
    {_LOG} P001 --category 旅游 --source 分流 --referral-no 1 --received 7-1 --purchase 99.90
    {_LOG} P002 --category 食品 --source 转办 --received 2026-08-03
    {_LOG} P001 --category 食品 --received 2026-09-01
    {_LOG} P002 --category 食品 --received 2026-09-21 --disputed 1000
    close 2026-1 --outcome 和解 --closed 2026-07-01 --recovered 50 --rating 满意
    close 2026-2 --outcome 调解成功 --closed 2026-07-02 --recovered 10.50 --rating 不满意
    close 2026-3 --outcome 和解不成 --told 2026-08-20
    record inquiry P001 --on 2026-07-01 --count 5
    record lead P002 --on 2026-07-02
    returns receive P001 2026Q3 --on 2026-10-08
"""
# What is entered late, and below it how that changes 合计 of what was submitted: through which
# complaint, and by how much; rates in percent.
LATE = """
+ log P002 --received 10-1
+ close 2026-5 --outcome 和解 --closed 2026-10-01
+ complaint amend 2026-1 --complainant 甲乙 --facts 掉色
+ record training --on 2026-10-08
+ register 新店 --type 其他 --judgement 多 --since 10-8 --liaison 李四
+ point amend P001 --liaison '林秀珍 13900000109'
+ point amend P001 --liaison 李四;王五 --on 2026-10-08
+ settings set notice_from 4

+ log P001 --received 9-30 --disputed 9.5
+ log P002 --received 6-30
+ complaint amend 2026-2 --category 食品
+ complaint amend 2026-3 --source 消费者直接投诉
+ complaint amend 2026-2 --disputed 100
    2026-0007: open_start +1
    2026-0006: received +1
    2026-0003 2026-0006: received_direct +2
    2026-0003: received_other -1
    2026-0002 2026-0006: received_goods +2
    2026-0002: received_service -1
    2026-0006 2026-0007: open_end +2
    2026-0007: overdue_end +1
    2026-0002 2026-0006: disputed +9.60

+ complaint amend 2026-2 --received 2026-06-30
    2026-0002: open_start +1, received -1, received_referred -1, received_service -1, disputed
    -99.90

+ close 2026-4 --outcome 撤回 --closed 2026-09-29
    2026-0004: closed +1, closed_other +1, withdrawn +1, open_end -1, overdue_end -1,
    recovered_unstated +1, settled_rate +8.33, on_time_rate -16.67

+ close 2026-5 --outcome 和解 --closed 9-28 --recovered 9 --rating 基本满意
    2026-0005: closed +1, settled +1, open_end -1, overdue_end -1, closed_on_time +1,
    recovered +9.00, rated +1, satisfied +1, settled_rate +8.33, satisfaction_rate +16.67,
    on_time_rate +8.33

+ complaint amend 2026-1 --outcome 撤回
    2026-0001: settled -1, closed_other +1, withdrawn +1

+ complaint amend 2026-1 --closed 2026-06-30
    2026-0001: open_start -1, closed -1, settled -1, closed_on_time -1, recovered -50.00,
    rated -1, satisfied -1, settled_rate -16.67, satisfaction_rate -50.00, on_time_rate -16.67

+ complaint amend 2026-3 --closed 2026-10-01
    2026-0003: closed -1, advised -1, open_end +1, overdue_end +1, recovered_unstated -1,
    settled_rate +33.33, on_time_rate +33.33

+ complaint amend 2026-2 --recovered 0
+ complaint amend 2026-1 --rating 不满意
+ complaint amend 2026-4 --point P002
    2026-0002: recovered -10.50
    2026-0001: satisfied -1, satisfaction_rate -50.00

+ complaint void 2026-3 --reason 重复
    2026-0003: received -1, received_other -1, received_goods -1, closed -1, advised -1,
    recovered_unstated -1, settled_rate +33.33, on_time_rate +33.33

+ complaint reopen 2026-2 --reason 未结
    2026-0002: closed -1, mediation_closed -1, mediated -1, open_end +1, overdue_end +1,
    closed_on_time -1, recovered -10.50, rated -1, settled_rate -16.67, mediation_success_rate
    gone, satisfaction_rate +50.00, on_time_rate -16.67

+ record inquiry P002 --on 2026-08-08 --count 2
+ record amend 1 --count 6
+ record void 2 --reason 错
+ record major P001 --on 2026-09-09
+ record visit P001 --on 2026-09-20 --count 2
+ record interview P002 --respondent 3号摊 --text 请整改 --on 9-20
+ record training --on 2026-09-30
+ complaint escalate 2026-4 --reason 疑难 --on 2026-09-03
+ calendar day 2026-09-28 --rest --why 水灾
    inquiries +3
    2026-0004 2026-0005: overdue_end -2
    2026-0004: escalated +1
    leads -1, major_matters +1, visits +2, trainings +1, interviews +1

+ register 新店 --type 其他 --judgement 多 --since 9-20 --liaison 李四
+ point amend P001 --demonstration 市级 --on 2026-09-01
+ point amend P001 --liaison 李四;王五 --on 2026-09-01
+ point amend P001 --since 2026-07-05
+ returns receive P002 2026Q3 --on 2026-10-12
    points_start -1, points_new +2, points_end +1, demo_municipal +1, liaisons +2,
    returns_due +1, returns_made +1

+ point retire P001 --on 2026-09-30
    points_retired +1, points_end -1, liaisons -1

+ settings set begins 2026-10-01
    returns_due -2, returns_made -1
"""


@pytest.fixture
def submitted(cli: Cli) -> Cli:
    cli.given(_QUARTER, today=SUBMITTED)
    cli.given("returns submit 2026Q3", today=SUBMITTED)
    Path("附件6_2026Q3_东门所.xlsx").unlink(missing_ok=True)
    return cli


def corrections(cli: Cli, period: str = "2026Q3") -> str:
    """Return those of 合计, a line for each run of measures that the same complaints changed."""
    found = cli(f"returns corrections {period} --json", today=YEAR_LATER).json
    of_all = [line for line in found if line["type"] == TOTAL]
    lines = []
    for numbers, run in groupby(of_all, itemgetter("numbers")):
        changes = ", ".join(f"{line['key']} {_difference(line)}" for line in run)
        lines.append(f"{' '.join(numbers)}: {changes}" if numbers else changes)
    return "\n".join(lines)


def _difference(line: dict[str, Any]) -> str:
    """Return now less told with its sign; JSON has none for a rate."""
    told, now = line["told"], line["now"]
    if told is None or now is None:
        return "gone"
    difference = Decimal(now) - Decimal(told)
    assert line["difference"] in (None, int(difference), str(difference)), line
    made = sum(Decimal(each["value"] or 0) for each in line["causes"])
    assert made == (0 if line["difference"] is None else difference), line
    return f"{difference:+}"


@pytest.mark.parametrize("story", LATE.strip().split("\n\n"))
def test_each_late_change_is_told_and_a_correction_with_its_complaint(
    submitted: Cli, story: str
) -> None:
    late = re.findall(r"^\+ (.*)", story, re.M)
    changes = re.sub(r"^\+ .*", "", story, flags=re.M)
    see = "the next return includes the correction. See: ledger12315 returns corrections 2026Q3"
    changed = [f"This changes submitted figures of 2026Q3; {see}"] * bool(changes.strip())
    for line in late:
        code, _, err = submitted(line.replace("log", f"{_LOG} --kind goods"), today=LATER)
        told = [line for line in err.splitlines() if line.startswith("This changes")]
        assert (code, told) == (0, changed), (line, err)
    assert corrections(submitted).split() == changes.split()


@table("""
    late | asked | answer | code | written
    complaint amend 2026-5 --disputed 5 | 1 | y | 0 | 500
    complaint amend 2026-5 --disputed 5 | 1 | n | 3 | 100000
    complaint amend 2026-5 --remark 补记 | 0 | | 0 | 100000
""")
def test_somebody_at_a_terminal_is_asked_before_a_submitted_period_changes(
    submitted: Cli, late: str, asked: str, answer: str, code: str, written: str
) -> None:
    question = "Do it anyway? [y/n]"
    found, seen = submitted.talk(late, f"{question}>{answer}" * int(asked), today=LATER)
    assert found == int(code), seen
    would = "This would change what was submitted of 2026Q3; nothing is written yet."
    assert seen.count(would) == int(asked) + (code == "3"), seen
    assert submitted.sql("SELECT disputed FROM complaint WHERE id = 5") == [(int(written),)]


def test_in_a_conversation_nothing_typed_is_lost_by_it(submitted: Cli) -> None:
    code, seen = submitted.talk(
        "complaint amend 2026-5",
        "Write it?>9;disputed>5;Write it?>y;Do it anyway? [y/n]>n;Write it?>9"
        ";disputed (yuan) [5.00 yuan]>6;Write it?>y;Do it anyway?>y",
        today=LATER,
    )
    assert code == 0, seen
    assert submitted.sql("SELECT disputed FROM complaint WHERE id = 5") == [(600,)]


def test_in_a_sitting_it_is_asked_once(submitted: Cli) -> None:
    case = (
        "complainant>{};phone>;item>灯;problem>1;request>;purchase>;facts>坏;outcome>;Write it?>y"
    )
    code, seen = submitted.talk(
        "log",
        f"received>9-30;in 2026Q3, which was submitted>y;point>P001;source>1;channel>1"
        f";{case.format('甲')}"
        f";{case.format('乙')};complainant>",
        today=LATER,
    )
    assert code == 0 and "This would change" not in seen, seen
    assert submitted.sql("SELECT count(*) FROM complaint") == [(7,)]


@scenes(r"""
# several periods at once, in both languages
@ 2026-10-12
+ returns submit 2026Q3
@ 2027-01-06
+ returns submit 2026Q4
$ log P001 --complainant 己 --item 灯 --facts 坏 --kind goods --received 2026-09-30
2026-0001 …
! This changes submitted figures of 2026Q3, 2026Q4; the next return includes the correction. \
    See: ledger12315 returns corrections 2026Q4
! received: 2026-09-30: 98 days back, in 2026Q3, which was submitted
! Not stated, so recorded: source as direct, channel as visit, problem as other.
@ zh
$ 办结 2026-1 --outcome 和解 --closed 2026-10-08
2026-0001…
! 这会改动已上报的 2026Q4，将作为上期更正随下一次报表报出。明细见：ledger12315 报表 更正 2026Q4
! 办结日期：2026-10-08 距今已 90 天、在已上报的 2026Q4 内
$ 投诉 更正 2026-1 --remark 补记
2026-0001…
""")
def test_what_an_act_changes_in_words(script: str, cli: Cli) -> None:
    cli.plays(script)


def test_the_next_form_names_what_made_the_difference(submitted: Cli) -> None:
    submitted.all(
        """
        complaint amend 2026-2 --disputed 90
        record inquiry P002 --on 8-8 --count 2
        record void 2 --reason 错
        record major P001 --on 9-9 --number 2026-4
        record visit P001 --on 9-20 --count 2
        complaint amend 2026-1 --rating 不满意
        export 6 2026Q4 -o 6.xlsx
        """,
        today=YEAR_LATER,
    )
    printed = CalamineWorkbook.from_path("6.xlsx").get_sheet_by_name("上期更正").to_python()
    found = [
        " ".join(f"{cell:g}" if isinstance(cell, float) else str(cell) for cell in row)
        for row in printed
    ]
    lines = [line.removeprefix("2026Q3 ") for line in found if line.startswith("2026Q3 ")]
    assert lines == [
        "接受咨询 合计 人次 5 2 7 2027年1月6日 补录 P002 2026年8月8日咨询",
        "接受咨询 市场 人次 0 2 2 2027年1月6日 补录 P002 2026年8月8日咨询",
        "争议金额 合计 元 1099.9 -9.9 1090 2027年1月6日 更正 2026-0002",
        "争议金额 商场 元 99.9 -9.9 90 2027年1月6日 更正 2026-0002",
        "满意(含基本满意) 合计 人次 1 -1 0 2027年1月6日 更正 2026-0001",
        "满意(含基本满意) 商场 人次 1 -1 0 2027年1月6日 更正 2026-0001",
        "举报案件线索 合计 条 1 -1 0 2027年1月6日 作废 P002 2026年7月2日案件线索",
        "举报案件线索 市场 条 1 -1 0 2027年1月6日 作废 P002 2026年7月2日案件线索",
        "报告重大事项 合计 件 0 1 1 2027年1月6日 补录 P001 2026年9月9日重大事项",
        "报告重大事项 商场 件 0 1 1 2027年1月6日 补录 P001 2026年9月9日重大事项",
        "走访 合计 次 0 2 2 2027年1月6日 补录 P001 2026年9月20日走访",
        "走访 商场 次 0 2 2 2027年1月6日 补录 P001 2026年9月20日走访",
        "消费者满意率 合计 % 50 -50 0 2027年1月6日 更正 2026-0001",
        "消费者满意率 商场 % 50 -50 0 2027年1月6日 更正 2026-0001",
    ]


# Of those above, all that can happen to one ledger.
TWENTY = f"""
    {_LOG} P001 --category 食品 --received 9-30 --disputed 9.5
    {_LOG} P002 --category 食品 --received 6-30
    close 2026-7 --outcome 和解 --closed 2026-10-08 --recovered 3
    close 2026-4 --outcome 撤回 --closed 2026-09-29
    complaint reopen 2026-4 --reason 错
    complaint escalate 2026-4 --reason 疑难 --on 2026-09-03
    close 2026-5 --outcome 和解 --closed 9-28 --recovered 1000 --rating 基本满意
    complaint amend 2026-2 --category 食品 --disputed 100 --recovered 0
    complaint amend 2026-2 --rating 满意
    complaint amend 2026-1 --outcome 撤回
    complaint amend 2026-1 --closed 2026-06-30
    complaint amend 2026-5 --received 2026-06-21 --source 转办
    complaint amend 2026-1 --complainant 甲乙
    complaint void 2026-3 --reason 重复
    point amend P001 --type 超市 --on 2026-08-15
    record inquiry P002 --on 2026-08-08 --count 2
    record amend 1 --count 6
    record void 2 --reason 错
    record major P001 --on 2026-09-09
    register 新店 --type 其他 --judgement 多 --since 2026-09-01
    calendar day 2026-09-28 --rest --why 水灾
"""


def exported(cli: Cli, form: str) -> bytes:
    assert cli(f"export {form} -o out.xlsx", today=YEAR_LATER).code == 0
    return Path("out.xlsx").read_bytes()


FORMS = "6 2026Q3", "3 2026Q3", "3 2026Q3 --point P002"


@pytest.fixture
def overtaken(submitted: Cli) -> Cli:
    """A submitted quarter, and all that was entered later."""
    submitted.given(TWENTY, today=LATER)
    return submitted


def test_the_list_of_points_stays_as_it_was_submitted(cli: Cli) -> None:
    """But for the public one, and with --live."""
    with states.undrawn(5):
        cli.all("returns submit 2026Q3", today=SUBMITTED)
    asked = "5 2026Q3", "5 2026Q3 --public", "5 2026Q3 --live"
    before = [exported(cli, form) for form in asked]
    [(kept,)] = cli.sql("SELECT content FROM file JOIN submitted USING (sha256) WHERE form = 5")
    assert before[0] == before[2] == kept
    cli.all("point amend P001 --name 新东门商场", today=LATER)
    after = [exported(cli, form) for form in asked]
    assert [each == was for each, was in zip(after, before, strict=True)] == [True, False, False]


def test_forms_of_a_submitted_quarter_stay(submitted: Cli) -> None:
    """What the return did not include is drawn anew, by the ledger of that day."""

    def printed(line: str) -> list[str]:
        exported(submitted, line)
        rows = CalamineWorkbook.from_path("out.xlsx").get_sheet_by_index(0).to_python()
        return [" ".join(map(str, row)).strip() for row in rows]

    before = [exported(submitted, form) for form in FORMS]
    pages = {form: printed(form) for form in ("6 2026Q3 --point P001", "assessment 2026Q3")}
    submitted.given(TWENTY, today=LATER)
    for form, stood in pages.items():
        assert printed(f"{form} --live") != stood, form
        assert printed(form) == stood, form
    submitted.all("returns submit 2026Q4", today=YEAR_LATER)
    assert [exported(submitted, form) for form in FORMS] == before


def figures_shown(cli: Cli, line: str) -> str:
    result = cli(f"rollup {line} --csv", today=LATER)
    assert result.code == 0, result
    return result.out


FIGURES = """
    3 2026Q3 --point P001
    6 2026Q3
    6 2026Q3 --point P001
    6 2026Q3 --cases received
    6 2026Q3 --point P002 --cases on_time_rate
    assessment 2026Q3
    assessment 2026Q3 --point P001
    category 2026Q3
    problem 2026Q3 --point P002
    respondent 2026Q3
    channel 2026Q3 --type 商场
"""


def test_all_figures_of_a_submitted_quarter_stay(submitted: Cli) -> None:
    before = {line: figures_shown(submitted, line) for line in FIGURES.strip().splitlines()}
    submitted.given(TWENTY, today=LATER)
    for line, stood in before.items():
        assert figures_shown(submitted, f"{line} --live") != stood, line
        assert figures_shown(submitted, line) == stood, line


@scenes(r"""
# a point that was registered after the submission has no figures in it
@ 2026-10-12
$ rollup 6 2026Q3 --point P003 --cases points_new
! 2026Q3 as submitted on 2026-10-09; --live shows today's figures.
$ rollup 6 2026Q3 --point P003 --cases points_new --live
 | point | P003 | 2026-09-01 |  | 1
$ rollup assessment 2026Q3 --point P003
! 2026Q3 as submitted on 2026-10-09; --live shows today's figures.
! Error: 新店 is not among the points of 2026Q3, so there is nothing to assess. \
    See: ledger12315 point list
[3]
# a notice that goes on a wall has today's ledger
@ 2026-10-12
$ export publicity 2026Q3 --csv
…
P001,东门商场,东门商场,,food 3,other 3,3,1,0,0,1,0,0,0,100.00 (1/1)
P002,南门市场,…
! Not on the notice (void): 2026-0003
! 2026Q3 was submitted on 2026-10-09; the notice shows today's figures.
""")
def test_what_a_submission_does_not_have(script: str, overtaken: Cli) -> None:
    overtaken.plays(script)


CARRIED = """
inquiries +3
2026-0001 2026-0005 2026-0007: open_start +1
2026-0003 2026-0005 2026-0006: received -1
2026-0005 2026-0006: received_direct +0
2026-0003: received_other -1
2026-0002 2026-0003 2026-0005 2026-0006: received_goods +0
2026-0002: received_service -1
2026-0001 2026-0003 2026-0005: closed -1
2026-0001 2026-0005: settled +0
2026-0003: advised -1
2026-0005 2026-0006 2026-0007: open_end +1
2026-0004 2026-0005 2026-0007: overdue_end -1
2026-0001: closed_on_time -1
2026-0004: escalated +1
2026-0002 2026-0005 2026-0006: disputed -990.40
2026-0001 2026-0002 2026-0005: recovered +939.50
2026-0001 2026-0005: rated +0
2026-0001 2026-0002 2026-0005: satisfied +1
leads -1, major_matters +1, points_new +1, points_end +1, type_changes +1, returns_due +1
2026-0003: recovered_unstated -1
2026-0001 2026-0003 2026-0005: settled_rate +33.33
2026-0001 2026-0002 2026-0005: satisfaction_rate +50.00
2026-0001 2026-0003 2026-0005: on_time_rate -16.67
"""


def test_the_next_return_carries_what_changed(overtaken: Cli) -> None:
    assert corrections(overtaken) == CARRIED.strip()
    with reading(overtaken.path) as ledger:
        before = carried_corrections(Snapshot(ledger), Scope(parse_period("2026Q4")), [None])[None]
    moved = {"total": (2, 1, 3), "mall": (1, -1, 0), "supermarket": (0, 2, 2), "market": (1, 0, 1)}
    tie = dict.fromkeys(COLUMNS, (0, 0, 0)) | moved  # submitted, correction, opening
    assert (before.previous, before.ties["open_start"]) == ("2026Q3", tie)
    overtaken.all("returns submit 2026Q4", today=YEAR_LATER)
    assert (corrections(overtaken), corrections(overtaken, "2026Q4")) == ("", "")
    overtaken.all("complaint void 2026-6 --reason 错", today=YEAR_LATER)
    voided = "received -1, received_direct -1, received_goods -1, open_end -1, disputed -9.50"
    assert corrections(overtaken) == f"2026-0006: {voided}"
    opened = "2026-0006: open_start -1, open_end -1, overdue_end -1"
    assert corrections(overtaken, "2026Q4") == opened
    overtaken.all("returns submit 2027Q1", today="2027-04-07")
    assert (corrections(overtaken), corrections(overtaken, "2026Q4")) == ("", "")


@scenes(r"""
# a late change of type moves figures between columns
@ 2026-10-12
+ point amend P001 --type 超市 --on 2026-08-15
$ returns corrections 2026Q3
2026Q3 | 03 | received | mall | 2 | 1 | -1 | 2026-0004 type changed 2026-10-12
2026Q3 | 03 | received | supermarket | 0 | 1 | 1 | 2026-0004 type changed 2026-10-12
2026Q3 | 04 | received_direct | mall | 1 | 0 | -1 | 2026-0004 type changed 2026-10-12
2026Q3 | 04 | received_direct | supermarket | 0 | 1 | 1 | 2026-0004 type changed 2026-10-12
2026Q3 | 07 | received_goods | mall | 1 | 0 | -1 | 2026-0004 type changed 2026-10-12
2026Q3 | 07 | received_goods | supermarket | 0 | 1 | 1 | 2026-0004 type changed 2026-10-12
2026Q3 | 17 | open_end | mall | 1 | 0 | -1 | 2026-0004 type changed 2026-10-12
2026Q3 | 17 | open_end | supermarket | 0 | 1 | 1 | 2026-0004 type changed 2026-10-12
2026Q3 | 18 | overdue_end | mall | 1 | 0 | -1 | 2026-0004 type changed 2026-10-12
2026Q3 | 18 | overdue_end | supermarket | 0 | 1 | 1 | 2026-0004 type changed 2026-10-12
2026Q3 |  | points_new | supermarket | 0 | 1 | 1 | point of 2026-08-15 (P001) type changed \
    2026-10-12
2026Q3 |  | points_retired | mall | 0 | 1 | 1 | point of 2026-01-05 (P001) type changed 2026-10-12
2026Q3 |  | points_end | mall | 1 | 0 | -1 | point of 2026-01-05 (P001) type changed 2026-10-12
2026Q3 |  | points_end | supermarket | 0 | 1 | 1 | point of 2026-08-15 (P001) type changed \
    2026-10-12
2026Q3 |  | type_changes | total | 0 | 1 | 1 | point of 2026-08-15 (P001) type changed 2026-10-12
2026Q3 |  | type_changes | supermarket | 0 | 1 | 1 | point of 2026-08-15 (P001) type changed \
    2026-10-12
2026Q3 |  | liaisons | mall | 1 | 0 | -1 | liaison of 2026-01-05 (P001) type changed 2026-10-12
2026Q3 |  | liaisons | supermarket | 0 | 1 | 1 | liaison of 2026-01-05 (P001) type changed \
    2026-10-12
2026Q3 |  | returns_due | mall | 1 | 0 | -1 | return of 2026-09-30 (P001) type changed 2026-10-12
2026Q3 |  | returns_due | supermarket | 0 | 1 | 1 | return of 2026-09-30 (P001) type changed \
    2026-10-12
2026Q3 |  | returns_made | mall | 1 | 0 | -1 | return of 2026-09-30 (P001) type changed 2026-10-12
2026Q3 |  | returns_made | supermarket | 0 | 1 | 1 | return of 2026-09-30 (P001) type changed \
    2026-10-12
# a late record is told by kind and day
@ 2026-10-12
+ record amend 1 --on 7-2
$ returns corrections 2026Q3
! Nothing has changed since 2026Q3 was told.
+ record inquiry P002 --on 8-8 --count 2
+ record amend 1 --count 6
+ record void 2 --reason 错
+ record major P001 --on 9-9 --number 2026-4
$ returns corrections 2026Q3
2026Q3 | 01 | inquiries | total | 5 | 8 | 3 | inquiry of 2026-07-01 (P001) day changed \
    2026-10-12, \
    inquiry of 2026-07-02 (P001) day changed 2026-10-12, \
    inquiry of 2026-08-08 (P002) entered late 2026-10-12
2026Q3 | 01 | inquiries | mall | 5 | 6 | 1 | inquiry of 2026-07-01 (P001) day changed 2026-10-12, \
    inquiry of 2026-07-02 (P001) day changed 2026-10-12
2026Q3 | 01 | inquiries | market | 0 | 2 | 2 | inquiry of 2026-08-08 (P002) entered late 2026-10-12
2026Q3 | 25 | leads | total | 1 | 0 | -1 | enforcement lead of 2026-07-02 (P002) voided \
    2026-10-12: 错
2026Q3 | 25 | leads | market | 1 | 0 | -1 | enforcement lead of 2026-07-02 (P002) voided \
    2026-10-12: 错
2026Q3 | 26 | major_matters | total | 0 | 1 | 1 | major matter of 2026-09-09 (P001) entered \
    late 2026-10-12
2026Q3 | 26 | major_matters | mall | 0 | 1 | 1 | major matter of 2026-09-09 (P001) entered late \
    2026-10-12
@ zh
$ returns corrections 2026Q3
2026Q3 | 01 | 接受咨询 | 合计 | 5 | 8 | 3 | 2026-07-01 的咨询（P001）：2026-10-12改期、2026-07-02 \
    的咨询（P001）：2026-10-12改期、\
    2026-08-08 的咨询（P002）：2026-10-12补录
2026Q3 | 01 | 接受咨询 | 商场 | 5 | 6 | 1 | 2026-07-01 的咨询（P001）：2026-10-12改期、2026-07-02 \
    的咨询（P001）：2026-10-12改期
2026Q3 | 01 | 接受咨询 | 市场 | 0 | 2 | 2 | 2026-08-08 的咨询（P002）：2026-10-12补录
2026Q3 | 25 | 举报案件线索 | 合计 | 1 | 0 | -1 | 2026-07-02 的案件线索（P002）：2026-10-12作废，错
2026Q3 | 25 | 举报案件线索 | 市场 | 1 | 0 | -1 | 2026-07-02 的案件线索（P002）：2026-10-12作废，错
2026Q3 | 26 | 报告重大事项 | 合计 | 0 | 1 | 1 | 2026-09-09 的重大事项（P001）：2026-10-12补录
2026Q3 | 26 | 报告重大事项 | 商场 | 0 | 1 | 1 | 2026-09-09 的重大事项（P001）：2026-10-12补录
# late records of one day are in the order of their points
@ 2026-10-12
+ register 甲店 --type 其他 --judgement 多 --since 2026-06-01 --liaison 李四
+ register 乙店 --type 其他 --judgement 多 --since 2026-06-01 --liaison 李四
+ register 丙店 --type 其他 --judgement 多 --since 2026-06-01 --liaison 李四
+ record inquiry P004 --on 8-8
+ record inquiry P002 --on 8-8
+ record inquiry P005 --on 8-8
+ record inquiry P001 --on 8-8
+ record inquiry P003 --on 8-8
$ returns corrections 2026Q3
2026Q3 | 01 | inquiries | total | 5 | 10 | 5 | inquiry of 2026-08-08 (P001) entered late \
    2026-10-12, \
    inquiry of 2026-08-08 (P002) entered late 2026-10-12, \
    inquiry of 2026-08-08 (P003) entered late 2026-10-12, \
    inquiry of 2026-08-08 (P004) entered late 2026-10-12, \
    inquiry of 2026-08-08 (P005) entered late 2026-10-12
…
# a correction in words and JSON
@ 2026-10-12
$ returns corrections 2026Q3 --json
[]
+ complaint amend 2026-2 --disputed 90
$ returns corrections 2026Q3
2026Q3 | 21 | disputed | total | 1099.90 | 1090.00 | -9.90 | 2026-0002 amended 2026-10-12
2026Q3 | 21 | disputed | mall | 99.90 | 90.00 | -9.90 | 2026-0002 amended 2026-10-12
$ returns corrections 2026Q3 --json
[{"period": "2026Q3", "code": "21", "key": "disputed", "type": "total", "told": "1099.90", \
    "now": "1090.00", "difference": "-9.90", "numbers": ["2026-0002"], "causes": [{"number": \
    "2026-0002", "kind": "complaint", "point": "P001", "value": "-9.90", "how": "amended", "day": \
    "2026-10-12", "reason": "", "date": null}]}, {"period": "2026Q3", "code": "21", "key": \
    "disputed", "type": "mall", "told": "99.90", "now": "90.00", "difference": "-9.90", \
    "numbers": ["2026-0002"], "causes": [{"number": "2026-0002", "kind": "complaint", "point": \
    "P001", "value": "-9.90", "how": "amended", "day": "2026-10-12", "reason": "", "date": null}]}]
+ record inquiry P002 --on 2026-08-08 --count 2
$ returns corrections 2026Q3
2026Q3 | 01 | inquiries | total | 5 | 7 | 2 | inquiry of 2026-08-08 (P002) entered late 2026-10-12
2026Q3 | 01 | inquiries | market | 0 | 2 | 2 | inquiry of 2026-08-08 (P002) entered late 2026-10-12
2026Q3 | 21 | disputed | total | 1099.90 | 1090.00 | -9.90 | 2026-0002 amended 2026-10-12
2026Q3 | 21 | disputed | mall | 99.90 | 90.00 | -9.90 | 2026-0002 amended 2026-10-12
+ complaint amend 2026-2 --received 7-2
@ zh
$ returns corrections 2026Q3 --csv
BOM 报告期,代码,指标,类型,已报数,更正后,更正数,缘由
2026Q3,01,接受咨询,合计,5,7,2,2026-08-08 的咨询（P002）：2026-10-12补录
2026Q3,01,接受咨询,市场,0,2,2,2026-08-08 的咨询（P002）：2026-10-12补录
2026Q3,21,争议金额,合计,1099.90,1090.00,-9.90,2026-0002：2026-10-12改期
2026Q3,21,争议金额,商场,99.90,90.00,-9.90,2026-0002：2026-10-12改期
% 80 returns corrections 2026Q3
代码  指标      类型   已报数   更正后  更正数  涉及登记
─────────────────────────────────────────────────────────────────────────
01    接受咨询  合计        5        7       2  2026-08-08 的咨询（P002）
01    接受咨询  市场        0        2       2  2026-08-08 的咨询（P002）
21    争议金额  合计  1099.90  1090.00   -9.90  2026-0002
21    争议金额  商场    99.90    90.00   -9.90  2026-0002
登记                       更正方式  更正日期
───────────────────────────────────────────────
2026-08-08 的咨询（P002）  补录      2026-10-12
2026-0002                  改期      2026-10-12
# what is refused
@ 2026-10-12
$ returns submit 2026Q4
! Error: 2026Q4 is not over; it can be submitted after 2026-12-31.
[3]
$ returns submit 2026-09
! Error: No return is due for 2026-09: returns are due only for quarters and the annual report.
[3]
$ returns submit 2026Q3
! Error: 2026Q3 was submitted on 2026-10-09; withdraw it first.
[3]
$ returns submit 2026Q2
! Error: 2026Q3 is submitted and is based on 2026Q2. Withdraw 2026Q3 first.
[3]
$ returns withdraw 2026Q2 --reason 退回
! Error: 2026Q2 is not submitted.
[3]
$ returns corrections 2026Q2
! Error: 2026Q2 is not submitted.
[3]
$ returns receive P001 2026Q4 --nil
! Error: 2026Q4 ends on 2026-12-31; its return cannot be received before that.
[3]
$ returns receive P001 2026Q3 --on 2026-09-30
! Error: 2026Q3 ends on 2026-09-30; its return cannot be received before that.
[3]
$ returns receive P001 2025Q4 --nil
! Error: No return is due for 2025Q4: the ledger begins on 2026-07-01. If it really began \
    earlier, set that day: ledger12315 settings set begins DATE
[3]
$ returns receive P001 2026 --nil
! Error: No return is due for 2026: returns are due only for quarters and the annual report.
[3]
$ returns receive P003 2026Q3 --nil
! Error: There is no point P003. See: ledger12315 point list
[3]
# status names who owes what and by when, and nothing of a quarter that is not over
@ 2026-09-30
$ returns status
@ 2026-10-12
+ settings set begins 2026-04-01
$ returns status
P001 | 2026Q2 | missing | yes |  | 2026-07-05 | 2026-07-02
P002 | 2026Q2 | missing | yes |  | 2026-07-05 | 2026-07-02
P001 | 2026Q3 | received | no | 2026-10-08 | 2026-10-05 | 2026-10-08
P002 | 2026Q3 | missing | yes |  | 2026-10-05 | 2026-10-08
! 2026Q2: the station's return is due on 2026-07-03 (missing, late); the plan says 2026-07-05 \
    for the county desk, a day off: the last working day before is 2026-07-03, \
    the first after 2026-07-06.
@ 2026-10-08
$ returns status 2026Q3
P001 | 2026Q3 | received | no | 2026-10-08 | 2026-10-05 | 2026-10-08
P002 | 2026Q3 | missing | no |  | 2026-10-05 | 2026-10-08
@ 2026-09-30
$ returns status 2026Q3 --json
[]
! 2026Q3 ends on 2026-09-30; no return is due yet.
@ 2026-10-12
+ returns receive P002 2026Q2 --nil
$ returns status 2026Q2
P001 | 2026Q2 | missing | yes |  | 2026-07-05 | 2026-07-02
P002 | 2026Q2 | nil | yes | 2026-10-12 | 2026-07-05 | 2026-07-02
! 2026Q2: the station's return is due on 2026-07-03 (missing, late); the plan says 2026-07-05 \
    for the county desk, a day off: the last working day before is 2026-07-03, \
    the first after 2026-07-06.
$ returns status 2026Q2 --json
[{"point": "P001", "period": "2026Q2", "state": "missing", "late": true, "on": null, "nominal": \
    "2026-07-05", "due": "2026-07-02"}, {"point": "P002", "period": "2026Q2", "state": "nil", \
    "late": true, "on": "2026-10-12", "nominal": "2026-07-05", "due": "2026-07-02"}]
! 2026Q2: the station's return is due on 2026-07-03 (missing, late); the plan says 2026-07-05 \
    for the county desk, a day off: the last working day before is 2026-07-03, \
    the first after 2026-07-06.
% 80 returns status
point  period  state     late  received on  nominal     due
──────────────────────────────────────────────────────────────────
P001   2026Q2  missing   yes                2026-07-05  2026-07-02
P002   2026Q2  nil       yes   2026-10-12   2026-07-05  2026-07-02
P001   2026Q3  received  no    2026-10-08   2026-10-05  2026-10-08
P002   2026Q3  missing   yes                2026-10-05  2026-10-08
@ 2026-12-03
$ returns status 2026A
# the exit code tells of what is due
@ 2026-10-07
$ returns status 2026Q3 --exit-code
P001 | 2026Q3 | received | no | 2026-10-08 | 2026-10-05 | 2026-10-08
P002 | 2026Q3 | missing | no |  | 2026-10-05 | 2026-10-08
@ 2026-10-08
$ returns status 2026Q3
P001 | 2026Q3 | received | no | 2026-10-08 | 2026-10-05 | 2026-10-08
P002 | 2026Q3 | missing | no |  | 2026-10-05 | 2026-10-08
$ returns status 2026Q3 --exit-code
P001 | 2026Q3 | received | no | 2026-10-08 | 2026-10-05 | 2026-10-08
P002 | 2026Q3 | missing | no |  | 2026-10-05 | 2026-10-08
[1]
@ 2026-10-12
$ returns status 2026Q3 --exit-code
P001 | 2026Q3 | received | no | 2026-10-08 | 2026-10-05 | 2026-10-08
P002 | 2026Q3 | missing | yes |  | 2026-10-05 | 2026-10-08
[1]
$ returns status 2026Q4 --exit-code
! 2026Q4 ends on 2026-12-31; no return is due yet.
# a later return rests on an earlier one
@ 2027-01-06
+ complaint amend 2026-2 --disputed 90
+ returns submit 2026Q4
$ returns withdraw 2026Q3 --reason 退回
! Error: 2026Q4 is submitted and is based on 2026Q3. Withdraw 2026Q4 first.
[3]
+ returns withdraw 2026Q4 --reason 退回
+ returns withdraw 2026Q3 --reason 退回
+ returns submit 2026Q3
+ returns submit 2026Q4
$ returns corrections 2026Q3
! Nothing has changed since 2026Q3 was told.
""")
def test_in_words(script: str, submitted: Cli) -> None:
    before = submitted.path.read_bytes()
    submitted.plays(script)
    assert "+ " in script or submitted.path.read_bytes() == before


@scenes(r"""
# the station's own return counts too
@ 2026-10-08
+ returns receive P002 2026Q3 --on 2026-10-08
$ returns status 2026Q3 --exit-code
P001 | 2026Q3 | received | no | 2026-10-08 | 2026-10-05 | 2026-10-08
P002 | 2026Q3 | received | no | 2026-10-08 | 2026-10-05 | 2026-10-08
[1]
@ 2026-10-09
$ returns status 2026Q3 --exit-code
P001 | 2026Q3 | received | no | 2026-10-08 | 2026-10-05 | 2026-10-08
P002 | 2026Q3 | received | no | 2026-10-08 | 2026-10-05 | 2026-10-08
! 2026Q3: the station's return is due on 2026-10-08 (missing, late); the plan says 2026-10-05 \
    for the county desk, a day off: the last working day before is 2026-09-30, \
    the first after 2026-10-08.
[1]
+ register 新店 --type 其他 --judgement 多 --since 10-8
+ returns submit 2026Q3
$ returns status 2026Q3 --exit-code
P001 | 2026Q3 | received | no | 2026-10-08 | 2026-10-05 | 2026-10-08
P002 | 2026Q3 | received | no | 2026-10-08 | 2026-10-05 | 2026-10-08
""")
def test_before_it_is_submitted(script: str, cli: Cli) -> None:
    cli.given(_QUARTER, today=SUBMITTED)
    cli.plays(script)


def test_a_return_states_its_moment_and_the_returns_that_it_follows_and_replaces(cli: Cli) -> None:
    """On the form, in 计算依据 and on the receipt; a receipt is never replaced."""

    def submitted_again(period: str, day: str, again: str = "") -> tuple[list[str], Stamp, str]:
        """Return the notes on it, what 计算依据 states, and the heads on the receipt."""
        cli.all(f"returns submit {period}", today=day)
        file = f"附件6_{period}_东门所.xlsx"
        rows = CalamineWorkbook.from_path(file).get_sheet_by_index(0).to_python()
        text = Path(f"报送回执_{period}_{again}东门所.txt").read_text("utf-8-sig")
        stamp = read_station_return(Path(file)).stamp
        assert stamp and heads[stamp.act - 1] == stamp.head
        notes = [str(row[0]) for row in rows if "重报" in str(row[0])]
        return notes, stamp, " ".join(re.findall("\n(.*报表的校验值：.*)", text))

    cli.given(_QUARTER, today=SUBMITTED)
    story = (
        ("2026Q3", SUBMITTED, "", ""),
        ("2026Q3", LATER, "重报1_", "代替2026年10月9日报送、2026年10月12日退回的附件6"),
        ("2026Q3", "2026-10-13", "重报2_", "代替2026年10月12日报送、2026年10月13日退回的附件6"),
        ("2026Q4", YEAR_LATER, "", ""),
    )
    stamps: list[Stamp] = []
    for period, day, again, note in story:
        if note:
            cli.all(f"returns withdraw {period} --reason 退回", today=day)
        heads = dict(cli.sql("SELECT id, head FROM act"))
        last = stamps[-1].head if stamps else ""
        before, replaces = ("", last) if note else (last, "")
        named = f"上期报表的校验值：{before}" * bool(before)
        named += f"所代替报表的校验值：{replaces}" * bool(replaces)
        with states.undrawn(6):
            notes, stamp, receipt = submitted_again(period, day, again)
        assert notes == [f"注：1.重报：{note}。"] * bool(note)
        assert (stamp.moment.isoformat(), receipt) == (f"{day}T09:00:00+08:00", named)
        assert (stamp.before, stamp.replaces) == (before, replaces)
        stamps.append(stamp)


def test_the_receipt_names_each_form_and_the_head_of_the_act_that_froze_them(cli: Cli) -> None:
    cli.given(_QUARTER, today=SUBMITTED)
    result = cli("returns submit 2026Q3 --json", today=SUBMITTED)
    file, slip = "附件6_2026Q3_东门所.xlsx", "报送回执_2026Q3_东门所.txt"
    text = Path(slip).read_text("utf-8-sig")
    [(before,), (head,)] = cli.sql("SELECT head FROM act WHERE id >= 15 ORDER BY id")
    digest = sha256(Path(file).read_bytes()).hexdigest()
    told = {"period": "2026Q3", "submitted": SUBMITTED, "sha256": digest, "file": file}
    told |= {"head": head, "receipt": slip}
    assert (result.json, result.err) == (told, "Submitted without the returns of: 南门市场\n")
    assert not cli.sql("SELECT 1 FROM submitted WHERE figures LIKE '%: 0%'")  # all that stayed 0
    frozen = cli.sql("SELECT form, point_id, sha256 FROM submitted ORDER BY id")
    assert [each[:2] for each in frozen] == [(6, None), (5, None), (3, None), (3, 1), (3, 2)]
    digests = [each[2] for each in frozen]
    assert digests[0] == digest and cli.sql("SELECT count(*) FROM file") == [(5,)]
    names = [f"附件{each}" for each in ("6_2026Q3_东门所", "5_2026Q3_东门所", "3_2026Q3_东门所")]
    names += [f"附件3_2026Q3_东门所_{point}" for point in ("P001", "P002")]
    files = [f"  {name}.xlsx：{each}" for name, each in zip(names, digests, strict=True)]
    assert text.splitlines() == [
        "报送回执",
        "报告期：2026年第三季度（2026Q3）",
        "填报单位：东门所",
        "报送时刻：2026年10月9日 09:00:00（台账第16次操作）",
        f"制表时的台账历史校验值：{before}",
        "各表文件的SHA-256：",
        *files,
        f"报送后的台账历史校验值：{head}",
        f"日后核对：ledger12315 台账 检查 --核对码 {head[:16]}",
    ]
    assert cli(f"ledger check --head {head[:16]}").code == 0
    gone = """
        DELETE FROM change WHERE act_id = (SELECT max(id) FROM act);
        DELETE FROM act WHERE id = (SELECT max(id) FROM act);
        DELETE FROM submitted; DELETE FROM submission; DELETE FROM file
    """
    spoil(cli.path, gone)
    assert cli("ledger check").code == 0  # as if it had never been, but for the receipt
    assert cli(f"ledger check --head {head[:16]}").code == 3


@table("""
    harm
    DELETE FROM submission
    DELETE FROM submitted
    DELETE FROM submitted WHERE point_id IS NULL
    DELETE FROM submitted WHERE point_id = 1
    DELETE FROM file
    UPDATE file SET content = x'00'
    UPDATE submitted SET figures = '{}'
    UPDATE submitted SET sha256 = (SELECT max(sha256) FROM file WHERE sha256 <> submitted.sha256)
    UPDATE submitted SET point_id = 2 WHERE point_id = 1
    UPDATE submission SET withdrawn = day, withdraw_reason = 'x'
    UPDATE submission SET period = '2026Q2'
    UPDATE submission SET day = '2026-10-01'
    UPDATE submission SET settings = '{"annual_period": "calendar"}'
""")
def test_what_is_not_as_it_was_submitted_is_not_handed_out(harm: str, submitted: Cli) -> None:
    spoil(submitted.path, harm)
    said = "Error: The stored return of 2026Q3 differs from what was submitted, so the"
    for line in (
        *("export 3 2026Q3 --point P001", "rollup 3 2026Q3 --point P001"),
        "returns send sent",
    ):
        result = submitted(line, today=LATER)
        assert result.code == 4 and result.err.startswith(said), result


def test_a_head_on_forms_that_is_none_of_the_history_is_found(submitted: Cli) -> None:
    rewritten(submitted.path)
    told = "  2026Q3, submitted on 2026-10-09: the head on its forms is not in this history"
    assert submitted("ledger check").err.splitlines()[1:] == [told]


@table("""
    line                  | code | err
    returns submit 2026Q3 | 0    |
    returns submit 2026Q4 | 3    | Error: 2026Q3 is not submitted yet; returns
    returns submit 2026Q2 | 3    | Error: No return is due for 2026Q2: the ledger begins
""")
def test_quarters_are_submitted_in_order_from_the_first_one(
    line: str, code: str, err: str, cli: Cli
) -> None:
    result = cli(line, today=YEAR_LATER)
    assert (str(result.code), result.err.startswith(err)) == (code, True), result


@table("""
    answer | more  | code | standing
    y      |       | 0    | 1
    ｙ     |       | 0    | 1
    n      |       | 130  | 0
           | --yes | 0    | 1
""")
def test_on_a_terminal_what_goes_out_is_shown_and_asked_for(
    answer: str, more: str, code: str, standing: str, cli: Cli
) -> None:
    cli.given(f"{_QUARTER}returns receive P001 2026Q3 --on 2026-10-09", today=SUBMITTED)
    dialogue = "" if more else f"[y/n] > {answer}"
    got, seen = cli.talk(f"returns submit 2026Q3 {more}", dialogue, today=SUBMITTED)
    assert (str(got), cli.sql("SELECT count(*) FROM submission")) == (code, [(int(standing),)])
    forms = "Attachments 6 and 5 and 3 of Attachment 3"
    figures = "03 received (受理投诉): 4, 10 closed (办结): 3, 17 open_end (期末未结): 2"
    shown = f"2026Q3 goes out with {forms}: {figures}, 18 overdue_end"
    told = "\nWithout the returns of: 南门市场\nReturns that came late: 东门商场\nSubmit it? [y/n]"
    assert [part in seen for part in (shown, told)] == [not more] * 2, seen


def test_that_no_return_is_recorded_at_all_is_said_before_submitting(cli: Cli) -> None:
    code, seen = cli.talk("returns submit 2026Q3", "[y/n] > n", today=SUBMITTED)
    told = (
        "No point's return is in the ledger yet, so the form counts 0 returns.\nSubmit it? [y/n]"
    )
    assert code == 130 and told in seen, seen


@table("""
    meanwhile                         | told                                        | standing
                                      | 2026Q3 is submitted as of 2026-10-09;       | 1
    returns status                    | 2026Q3 is submitted as of 2026-10-09;       | 1
    returns submit 2026Q3 -o other    | Error: The ledger was changed meanwhile, | 1
    complaint void 2026-3 --reason 错 | Error: The ledger was changed meanwhile, | 0
""")
def test_a_return_is_of_the_ledger_as_it_is(
    meanwhile: str, told: str, standing: str, cli: Cli
) -> None:
    cli.given(_QUARTER, today=SUBMITTED)
    Path("other").mkdir()

    write = Desk.write

    def wait(desk: Desk) -> AbstractContextManager[Ledger]:
        """As long as somebody else takes between the forms and their submission."""
        cli.set.setattr(Desk, "write", write)
        cli.all(meanwhile, today=SUBMITTED)
        return write(desk)

    cli.set.setattr(Desk, "write", wait)
    result = cli("returns submit 2026Q3", today=SUBMITTED)
    assert (result.out + result.err)[: len(told)] == told
    assert (
        Path("附件6_2026Q3_东门所.xlsx").exists()
        == (result.code == 0)
        == told.startswith("2026Q3")
    )
    assert cli.sql("SELECT count(*) FROM submission") == [(int(standing),)]


def test_a_withdrawn_return_is_made_of_the_ledger_again(submitted: Cli) -> None:
    submitted.all("complaint amend 2026-2 --disputed 90", today=LATER)
    stood = figures_shown(submitted, "6 2026Q3")
    submitted.all("returns withdraw 2026Q3 --reason 退回", today=LATER)
    live = figures_shown(submitted, "6 2026Q3 --live")
    assert figures_shown(submitted, "6 2026Q3") == live != stood


def test_an_annual_return_stays_as_it_was_when_the_setting_changes(submitted: Cli) -> None:
    day = "2026-12-03"
    assert submitted("returns submit 2026A", today="2026-11-30").code == 3
    submitted.all(
        f"""
        returns submit 2026A
        settings set annual_period calendar
        {_LOG} P001 --kind goods --received 2026-11-30
        """,
        today=day,
    )
    assert exported(submitted, "6 2026A") == Path("附件6_2026A_东门所.xlsx").read_bytes()
    late = "2026-0006: received +1, received_direct +1, received_goods +1, open_end +1"
    assert corrections(submitted, "2026A") == late
    submitted.all("returns withdraw 2026A --reason 退回", today=day)


@table("""
    made       | today      | owed                                       | line
    2026-09-28 | 2026-09-28 |                                            |
    2026-09-28 | 2026-10-12 | 2026Q3                                     |
    2026-07-01 | 2026-10-12 | 2026Q3                                     |
    2026-06-30 | 2026-10-12 | 2026Q2 2026Q3                              |
    2020-01-01 | 2026-10-12 | 2025Q3 2025A 2025Q4 2026Q1 2026Q2 2026Q3   |
    2026-09-28 | 2026-10-12 | 2026Q3        | record inquiry P001 --on 2026-4-1
    2026-09-28 | 2026-10-12 | 2026Q2 2026Q3 | settings set begins 2026-06-30
    2020-01-01 | 2020-04-01 | 2020Q1 | settings set begins 2019-12-31; settings set begins 2020-1-1
""")
def test_nothing_is_owed_of_the_time_before_the_ledger(
    made: str, line: str, today: str, owed: str, cli: Cli
) -> None:
    cli.path.unlink()
    begun = """
        init --station 东门所 --county 榕溪县
        register 百货 --type other --judgement 多 --since 2015-01-01 --liaison 甲 --officer 乙
    """
    cli.given(begun, today=made)
    cli.all(line.replace(";", "\n"), today=made)
    periods = owed.split()  # the annual return is the station's alone
    quarters = [period for period in periods if period[-1] != "A"]
    assert [row["period"] for row in cli("returns status --json", today=today).json] == quarters
    rows = cli("today --json", today=today).json
    told = {(row["point"], row["what"]) for row in rows if row["kind"] == "return"}
    expected = {("P001", period) for period in quarters}
    assert told == expected | {(None, period) for period in periods}


_PUT = "ledger12315.cli.face.files.put"
_FULL = OSError(errno.ENOSPC, "full")


@pytest.mark.parametrize(
    ("fails", "how", "said", "written"),
    [
        (
            "ledger12315.ledger.store.opening.seal",
            sqlite3.OperationalError("full"),
            "The ledger LEDGER cannot be used: full.",
            False,
        ),
        (
            _PUT,
            _FULL,
            "but out/报送回执_2026Q3_东门所.txt cannot be written: the disk is full.",
            True,
        ),
        (
            _PUT,
            [None, Unusable("Excel has it open")],
            "but out/附件6_2026Q3_东门所.xlsx cannot be written: a file of this name already exists.",
            True,
        ),
    ],
)
def test_a_return_that_breaks_off_says_what_is_kept(
    fails: str, how: Exception | list[Exception | None], said: str, written: bool, cli: Cli
) -> None:
    cli.given(_QUARTER, today=SUBMITTED)
    with patch(fails, side_effect=how):
        result = cli("returns submit 2026Q3 -o out", today=SUBMITTED)
    error, *notes = result.err.replace(str(cli.path), "LEDGER").splitlines()
    error = error.replace(f"out{os.sep}", "out/")
    if not written:
        assert (result.code, error, notes) == (4, f"Error: {said}", [])
    else:
        again = "Write it with: ledger12315 export 6 2026Q3"
        [(head,)] = cli.sql("SELECT head FROM act ORDER BY id DESC LIMIT 1")
        assert (result.code, error) == (4, f"Error: 2026Q3 is submitted, {said} {again}")
        assert notes == [f"  Head of the history including this submission: {head}"]
    assert not Path("out").exists()
    assert cli.sql("SELECT count(*) FROM submission") == [(int(written),)]


@table(r"""
    name                     | what   | code | said
    附件6_2026Q3_东门所.xlsx   | folder | 4 | cannot be overwritten; choose another name.
    报送回执_2026Q3_东门所.txt | folder | 4 | cannot be overwritten; choose another name.
    附件6_2026Q3_东门所.xlsx   | ledger | 3 | is the ledger, a backup or an input file; \
        choose another file.
    报送回执_2026Q3_东门所.txt | backup | 3 | is the ledger, a backup or an input file; \
        choose another file.
""")
def test_a_return_whose_files_find_no_place_is_not_submitted(
    name: str, what: str, code: str, said: str, cli: Cli
) -> None:
    cli.given(_QUARTER, today=SUBMITTED)
    there = Path(name)
    if what == "folder":
        there.mkdir()
    elif what == "ledger":
        there.hardlink_to(cli.path)
    else:
        cli.all(f"ledger backup {name}", today=SUBMITTED)
    before = cli.path.read_bytes()
    result = cli("returns submit 2026Q3", today=SUBMITTED)
    assert (str(result.code), result.err) == (code, f"Error: {name} {said}\n")
    assert cli.path.read_bytes() == before
    assert [path.name for path in Path().iterdir() if path.suffix in (".txt", ".xlsx")] == [name]
