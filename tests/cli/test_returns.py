"""`returns`: who owes one, taking in what points sent, and a quarter that stays as submitted whatever is entered later."""

import json
from contextlib import AbstractContextManager
from hashlib import sha256
from pathlib import Path

import pytest
import time_machine
import typer
from openpyxl import load_workbook

from ledger12315.cli.options import write
from ledger12315.ledger import submissions
from ledger12315.ledger.figures import Scope
from ledger12315.ledger.file import reading
from ledger12315.ledger.rows import Ledger
from ledger12315.rules.measures import COLUMNS, TOTAL
from ledger12315.rules.periods import parse_period
from tests.cli.conftest import Cli, table

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
# What is entered after it was submitted, through which complaint it changes 合计, and there which codes by how much.
LATE = r"""
    late | through | changes
    log P001 --received 9-30 --disputed 9.5 | 6 | 03+1 04+1 07+1 17+1 21+9.50
    log P002 --received 6-30 | 6 | 02+1 17+1 18+1
    log P002 --received 10-1 |  |
    close 2026-4 --outcome 撤回 --closed 2026-09-29 | 4 | 10+1 15+1 16+1 17-1 18-1
    close 2026-5 --outcome 和解 --closed 9-28 --recovered 9 --rating 基本满意 | 5 | \
        10+1 11+1 17-1 18-1 19+1 22+9.00 23+1 24+1
    close 2026-5 --outcome 和解 --closed 2026-10-01 |  |
    complaint escalate 2026-4 --reason 疑难 --on 2026-09-03 | 4 | 18-1 20+1
    complaint amend 2026-2 --received 2026-06-30 | 2 | 02+1 03-1 05-1 08-1 21-99.90
    complaint amend 2026-2 --category 食品 | 2 | 07+1 08-1
    complaint amend 2026-3 --source 消费者直接投诉 | 3 | 04+1 06-1
    complaint amend 2026-2 --disputed 100 | 2 | 21+0.10
    complaint amend 2026-1 --outcome 撤回 | 1 | 11-1 15+1 16+1
    complaint amend 2026-1 --closed 2026-06-30 | 1 | 02-1 10-1 11-1 19-1 22-50.00 23-1 24-1
    complaint amend 2026-3 --closed 2026-10-01 | 3 | 10-1 12-1 17+1 18+1
    complaint amend 2026-2 --recovered 0 | 2 | 22-10.50
    complaint amend 2026-1 --rating 不满意 | 1 | 24-1
    complaint amend 2026-1 --complainant 甲乙 --facts 掉色 |  |
    complaint void 2026-3 --reason 重复 | 3 | 03-1 06-1 07-1 10-1 12-1
    complaint reopen 2026-2 --reason 未结 | 2 | 10-1 13-1 14-1 17+1 18+1 19-1 22-10.50 23-1
    record inquiry P002 --on 2026-08-08 --count 2 |  | 01+2
    record amend 1 --count 6 |  | 01+1
    record void 2 --reason 错 |  | 25-1
    record major P001 --on 2026-09-09 |  | 26+1
    calendar day 2026-09-28 --rest --why 水灾 | 5 | 18-1
"""


@pytest.fixture
def submitted(cli: Cli) -> Cli:
    cli.given(_QUARTER + "returns submit 2026Q3", today=SUBMITTED)
    Path("附件6_2026Q3.xlsx").unlink(missing_ok=True)
    return cli


def corrections(cli: Cli, period: str = "2026Q3") -> str:
    """Return those of 合计: code, difference, and the complaints by their last digit."""
    lines = cli(f"returns corrections {period} --json", today=YEAR_LATER).json
    found = []
    for line in (each for each in lines if each["type"] == TOTAL):
        difference = str(line["difference"])
        sign = "" if difference.startswith("-") else "+"
        through = ",".join(number[-1] for number in line["numbers"])
        found.append(f"{line['code']}{sign}{difference}:{through}")
    return " ".join(found)


@table(LATE)
def test_each_late_change_is_a_correction_with_its_complaint(
    submitted: Cli, late: str, through: str, changes: str
) -> None:
    submitted.all(late.replace("log", f"{_LOG} --kind goods"), today=LATER)
    assert corrections(submitted) == " ".join(f"{each}:{through}" for each in changes.split())


def test_a_late_change_of_type_moves_figures_between_columns(submitted: Cli) -> None:
    submitted.all("point amend P001 --type 超市 --on 2026-08-15", today=LATER)
    rows = "03 received, 04 received_direct, 07 received_goods, 17 open_end, 18 overdue_end"
    expected = []
    for row in rows.split(", "):
        mall, supermarket = ("2 1", "0 1") if row == "03 received" else ("1 0", "0 1")
        expected += [f"{row} mall {mall} -1", f"{row} supermarket {supermarket} 1"]
    told = submitted("returns corrections 2026Q3", today=LATER).out.replace("\t", " ").splitlines()
    assert told == [f"2026Q3 {each} 2026-0004" for each in expected]


@table("""
    late                                       | lang | told
    record inquiry P002 --on 8-8 --count 2     | en   | 01 inquiries total 5 7 2 inquiry of 2026-08-08
    record amend 1 --count 6                   | zh   | 01 inquiries 合计 5 6 1 2026-07-01 的咨询
    record amend 1 --on 7-2                    | en   |
    record void 2 --reason 错                  | zh   | 25 leads 合计 1 0 -1 2026-07-02 的案件线索
    record major P001 --on 9-9 --number 2026-4 | en   | 26 major_matters total 0 1 1 major matter of 2026-09-09
""")
def test_a_late_record_is_told_by_kind_and_day(
    submitted: Cli, late: str, lang: str, told: str
) -> None:
    submitted.all(late, today=LATER)
    lines = submitted("returns corrections 2026Q3", today=LATER, lang=lang).out.splitlines()
    assert [line.split("\t", 1)[1].replace("\t", " ") for line in lines[:1]] == [told] * bool(told)
    found = submitted("returns corrections 2026Q3 --json", today=LATER).json
    assert [row["numbers"] for row in found if row["numbers"]] == []


@table("""
    late                                       | noted
    complaint amend 2026-2 --disputed 90       | 争议金额合计1099.90→1090.00、商场99.90→90.00（2026-0002）
    record inquiry P002 --on 8-8 --count 2     | 接受咨询合计5→7、市场0→2（2026-08-08的咨询）
    record void 2 --reason 错                  | 举报案件线索合计1→0、市场1→0（2026-07-02的案件线索）
    record major P001 --on 9-9 --number 2026-4 | 报告重大事项合计0→1、商场0→1（2026-09-09的重大事项）
""")
def test_the_next_form_names_what_made_the_difference(
    submitted: Cli, late: str, noted: str
) -> None:
    submitted.all(f"{late}\nexport 6 2026Q4 -o 6.xlsx", today=YEAR_LATER)
    rows = load_workbook("6.xlsx", read_only=True).worksheets[0].values
    texts = [str(cell) for row in rows for cell in row if cell]
    notes = [text.partition("上期更正（2026Q3）：")[2] for text in texts if "上期更正（2" in text]
    assert notes == [f"{noted}。"]


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


def test_a_submitted_quarter_stays_and_the_next_return_carries_what_changed(submitted: Cli) -> None:
    forms = ["6 2026Q3", "3 2026Q3", "3 2026Q3 --point P001", "3 2026Q3 --point P002"]
    before = [exported(submitted, form) for form in forms]
    submitted.all(TWENTY, today=LATER)
    assert [exported(submitted, form) for form in forms] == before
    assert exported(submitted, "6 2026Q3 --live") != before[0]
    assert corrections(submitted) == (
        "01+3: 02+1:1,5,7 03-1:3,5,6 06-1:3 08-1:2 10-1:1,3,5 12-1:3 17+1:5,6,7 18-1:4,5,7 19-1:1"
        " 20+1:4 21-990.40:2,5,6 22+939.50:1,2,5 24+1:1,2,5 25-1: 26+1:"
    )
    with reading(submitted.path) as ledger:
        carried = submissions.corrections_due(ledger, Scope(parse_period("2026Q4")))
    assert carried
    moved = {"total": (2, 1, 3), "mall": (1, -1, 0), "supermarket": (0, 2, 2), "market": (1, 0, 1)}
    tie = dict.fromkeys(COLUMNS, (0, 0, 0)) | moved  # submitted, correction, opening
    assert (carried.previous, carried.tie) == ("2026Q3", tie)
    submitted.all("returns submit 2026Q4", today=YEAR_LATER)
    assert (corrections(submitted), corrections(submitted, "2026Q4")) == ("", "")
    submitted.all("complaint void 2026-6 --reason 错", today=YEAR_LATER)
    assert corrections(submitted) == "03-1:6 04-1:6 07-1:6 17-1:6 21-9.50:6"
    assert corrections(submitted, "2026Q4") == "02-1:6 17-1:6 18-1:6"
    submitted.all("returns submit 2027Q1", today="2027-04-07")
    assert (corrections(submitted), corrections(submitted, "2026Q4")) == ("", "")
    assert [exported(submitted, form) for form in forms] == before


def test_a_correction_in_words_and_json(submitted: Cli) -> None:
    submitted.plays("""
        @ 2026-10-12
        $ returns corrections 2026Q3 --json
        []
        $ complaint amend 2026-2 --disputed 90
        2026-0002 is amended: disputed.
        $ returns corrections 2026Q3
        2026Q3 | 21 | disputed | total | 1099.90 | 1090.00 | -9.90 | 2026-0002
        2026Q3 | 21 | disputed | mall | 99.90 | 90.00 | -9.90 | 2026-0002
        """)
    assert submitted("returns corrections 2026Q3 --json", today=LATER).json[0] == {
        **{"period": "2026Q3", "code": "21", "key": "disputed", "type": "total"},
        **{"submitted": "1099.90", "now": "1090.00", "difference": "-9.90"},
        **{"numbers": ["2026-0002"], "others": []},
    }
    csv = submitted("returns corrections 2026Q3 --csv", today=LATER, lang="zh").out.splitlines()
    assert csv[1] == "2026Q3,21,disputed,合计,1099.90,1090.00,'-9.90,2026-0002"
    submitted.all("record inquiry P002 --on 2026-08-08 --count 2", today=LATER)
    inquiries = submitted("returns corrections 2026Q3 --json", today=LATER).json[0]
    assert [inquiries[key] for key in ("key", "numbers", "others")] == [
        *("inquiries", []),
        [{"kind": "inquiry", "date": "2026-08-08"}],
    ]


def test_what_is_submitted_is_the_file_that_is_written(cli: Cli) -> None:
    cli.given(_QUARTER, today=SUBMITTED)
    result = cli("returns submit 2026Q3 --json", today=SUBMITTED)
    file = "附件6_2026Q3.xlsx"
    digest = sha256(Path(file).read_bytes()).hexdigest()
    told = {"period": "2026Q3", "submitted": SUBMITTED, "sha256": digest, "file": file}
    assert (result.json, result.err) == (told, "Submitted without the returns of: 南门市场\n")
    assert cli("ledger check").code == 0
    frozen = cli.sql("SELECT form, point_id FROM submitted ORDER BY id")
    assert frozen == [(6, None), (3, None), (3, 1), (3, 2)]
    assert cli.sql("SELECT count(*) FROM file") == [(4,)]


REFUSED = """
    line                                          | sentence
    returns submit 2026Q4                         | 2026Q4 is not over; it can be submitted after 2026-12-31.
    returns submit 2026-09 | No return is owed for 2026-09; one is for each quarter and for the year's own report.
    returns submit 2026Q3                         | 2026Q3 was submitted on 2026-10-09; withdraw it first.
    returns submit 2026Q2                         | 2026Q3 is submitted, and rests on 2026Q2. Withdraw 2026Q3 first.
    returns withdraw 2026Q2 --reason 退回         | 2026Q2 is not submitted.
    returns corrections 2026Q2                    | 2026Q2 is not submitted.
    returns receive P001 2026Q4 --nil             | 2026Q4 is over only after 2026-12-31; no return can come before.
    returns receive P001 2026Q3 --on 2026-09-30   | 2026Q3 is over only after 2026-09-30; no return can come before.
    returns receive P001 2025Q4 --nil             | 东门商场 was no service point in 2025Q4 and owes no return.
    returns receive P001 2026 --nil | No return is owed for 2026; one is for each quarter and for the year's own report.
    returns receive P003 2026Q3 --nil             | There is no point P003. See: ledger12315 point list
"""


@table(REFUSED)
def test_what_is_refused_changes_nothing(submitted: Cli, line: str, sentence: str) -> None:
    before = submitted.path.read_bytes()
    result = submitted(line, today=LATER)
    assert (result.code, result.out, result.err.splitlines()[0]) == (3, "", f"Error: {sentence}")
    assert submitted.path.read_bytes() == before


@table("""
    meanwhile                         | told                                        | standing
                                      | 2026Q3 is submitted as of 2026-10-09;       | 1
    returns status                    | 2026Q3 is submitted as of 2026-10-09;       | 1
    returns submit 2026Q3 -o other    | Error: The ledger was written to meanwhile; | 1
    complaint void 2026-3 --reason 错 | Error: The ledger was written to meanwhile; | 0
""")
def test_a_return_is_of_the_ledger_as_it_is(
    meanwhile: str, told: str, standing: str, cli: Cli
) -> None:
    cli.given(_QUARTER, today=SUBMITTED)
    Path("other").mkdir()

    def wait(ctx: typer.Context) -> AbstractContextManager[Ledger]:
        """As long as somebody else takes between the forms and their submission."""
        cli.set.setattr("ledger12315.cli.returns.write", write)
        cli.all(meanwhile, today=SUBMITTED)
        return write(ctx)

    cli.set.setattr("ledger12315.cli.returns.write", wait)
    result = cli("returns submit 2026Q3", today=SUBMITTED)
    assert (result.out + result.err)[: len(told)] == told
    assert Path("附件6_2026Q3.xlsx").exists() == (result.code == 0) == told.startswith("2026Q3")
    assert cli.sql("SELECT count(*) FROM submission") == [(int(standing),)]


def test_a_withdrawn_return_can_be_submitted_again_unless_a_later_one_rests_on_it(
    submitted: Cli,
) -> None:
    submitted.all("complaint amend 2026-2 --disputed 90\nreturns submit 2026Q4", today=YEAR_LATER)
    withdraw = "returns withdraw {} --reason 退回".format
    refused = submitted(withdraw("2026Q3"), today=YEAR_LATER)
    said = "Error: 2026Q4 is submitted, and rests on 2026Q3. Withdraw 2026Q4 first.\n"
    assert (refused.code, refused.err) == (3, said)
    submitted.all(f"{withdraw('2026Q4')}\n{withdraw('2026Q3')}", today=YEAR_LATER)
    assert exported(submitted, "6 2026Q3") == exported(submitted, "6 2026Q3 --live")
    submitted.all("returns submit 2026Q3\nreturns submit 2026Q4", today=YEAR_LATER)
    assert corrections(submitted) == ""
    told = submitted.sql("SELECT period, withdraw_reason FROM submission ORDER BY id")
    periods = ("2026Q3", "2026Q4")
    assert told == [(each, why) for why in ("退回", None) for each in periods]


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
    assert exported(submitted, "6 2026A") == Path("附件6_2026A.xlsx").read_bytes()
    assert corrections(submitted, "2026A") == "03+1:6 04+1:6 07+1:6 17+1:6"
    submitted.all("returns withdraw 2026A --reason 退回", today=day)


def test_status_names_who_owes_what_and_by_when(submitted: Cli) -> None:
    def rows(period: str, today: str) -> list[str]:
        found = submitted(f"returns status {period} --json", today=today).json
        keys = ("point", "period", "state", "nominal", "due")
        return [" ".join(row[key] for key in keys) for row in found]

    late = [f"P00{number} 2026Q2 late 2026-07-05 2026-07-02" for number in (1, 2)]
    nominal = "2026-10-05 2026-10-08"
    received = f"P001 2026Q3 received {nominal}"
    assert rows("", LATER) == [*late, received, f"P002 2026Q3 late {nominal}"]
    assert rows("2026Q3", "2026-10-08") == [received, f"P002 2026Q3 missing {nominal}"]
    assert rows("2026Q3", "2026-09-30") == []
    submitted.all("returns receive P002 2026Q2 --nil", today=LATER)
    assert rows("2026Q2", LATER) == [late[0], late[1].replace("late", "nil")]
    annual = "2026A missing 2026-12-05 2026-12-03"
    assert rows("2026A", "2026-12-03") == [f"P001 {annual}", f"P002 {annual}"]


@table("""
    made       | line                              | today      | owed
    2026-09-28 |                                   | 2026-09-28 |
    2026-09-28 |                                   | 2026-10-12 | 2026Q3
    2026-07-01 |                                   | 2026-10-12 | 2026Q3
    2026-06-30 |                                   | 2026-10-12 | 2026Q2 2026Q3
    2020-01-01 |                                   | 2026-10-12 | 2025Q3 2025A 2025Q4 2026Q1 2026Q2 2026Q3
    2026-09-28 | record inquiry P001 --on 2026-4-1 | 2026-10-12 | 2026Q2 2026Q3
""")
def test_nothing_is_owed_of_the_time_before_the_ledger(
    made: str, line: str, today: str, owed: str, cli: Cli
) -> None:
    cli.path.unlink()
    with time_machine.travel(f"{made}T09:00:00+08:00", tick=False):
        cli.all(f"""
            init --station 东门所 --county 榕溪县
            register 百货 --type other --judgement 多 --since 2015-01-01 --liaison 甲 --officer 乙
            {line}
        """)
    periods = owed.split()
    assert [row["period"] for row in cli("returns status --json", today=today).json] == periods
    told = {row["what"] for row in cli("today --json", today=today).json if row["kind"] == "return"}
    assert told == {*periods, *(f"{period}, the station's own" for period in periods)}


@table("""
    line                             | today      | code
    returns status 2026Q3            | 2026-10-08 | 0
    returns status 2026Q3 --exit-code | 2026-10-07 | 0
    returns status 2026Q3 --exit-code | 2026-10-08 | 1
    returns status 2026Q3 --exit-code | 2026-10-12 | 1
    returns status 2026Q4 --exit-code | 2026-10-12 | 0
""")
def test_the_exit_code_tells_of_what_is_due(
    submitted: Cli, line: str, today: str, code: str
) -> None:
    assert submitted(line, today=today).code == int(code)


def test_the_stations_own_return_counts_too(cli: Cli) -> None:
    cli.given(_QUARTER + "returns receive P002 2026Q3 --on 2026-10-08", today=SUBMITTED)
    line = "returns status 2026Q3 --exit-code"
    due = cli(line, today="2026-10-08")
    late = cli(line, today=SUBMITTED)
    assert (due.code, due.err, late.code) == (1, "", 1)
    assert late.err == (
        "2026Q3: the station's return is due on 2026-10-08 (late); the plan says 2026-10-05,"
        " the last working day before is 2026-09-30, the first after 2026-10-08.\n"
    )
    cli.all(f"returns submit 2026Q3\n{line}", today=SUBMITTED)


# Attachment 3 of P001 for 2026Q3: what is not 0.
P001 = (
    "01=5 02=1 03=2 04=1 05=1 07=1 08=1 10=2 11=1 13=1 14=1 17=1 18=1 19=2 21=99.90 22=60.50"
    " 23=2 24=1"
)
CODES = [f"{number:02}" for number in range(1, 27)]


def sheet(changes: str = "", head: str = "", indent: int = 0) -> None:
    """Write Attachment 3 of P001 as csv, with what a point may have written otherwise."""
    pairs = f"{P001} {changes}".split()
    figures = dict.fromkeys(CODES, "0") | dict(each.split("=") for each in pairs)
    rows = [f"x,{code},{figure}," for code, figure in figures.items()]
    lines = [*([head] if head else []), "指标,代码,合计,商场", *rows]
    Path("a3.csv").write_text("\n".join("," * indent + line for line in lines), "gb18030")


def receive(cli: Cli, line: str = "--file a3.csv", point: str = "P001") -> tuple[int, list[str]]:
    result = cli(f"returns receive {point} 2026Q3 {line}", today=LATER)
    return result.code, (result.out + result.err).splitlines()


def states(cli: Cli) -> list[str]:
    rows = cli.sql("SELECT code, state, totals FROM point_return JOIN point ON point.id = point_id")
    return [f"{code} {state}{' with totals' if totals else ''}" for code, state, totals in rows]


def test_a_points_own_workbook_that_agrees_is_received(cli: Cli) -> None:
    cli.given(_QUARTER, today=LATER)
    cli.plays("""
        @ 2026-10-12
        $ export 3 2026Q3 --point P001 -o a3.xlsx
        Attachment 3 for 2026Q3, P001 is written: a3.xlsx
        $ returns receive P001 2026Q3 --file a3.xlsx --on 2026-10-11
        东门商场, 2026Q3: received
        $ returns receive P002 2026Q3 --file a3.xlsx
        ! Error: a3.xlsx is for 东门商场, not for 南门市场.
        [5]
        """)
    assert states(cli) == ["P001 received"]


def test_a_return_that_differs_is_told_with_cells_and_cases(cli: Cli) -> None:
    cli.given(_QUARTER.rpartition("returns receive")[0], today=LATER)
    sheet("03=3 10=3 22=60.05 01=\uff14")
    cli.plays("""
        @ 2026-10-12
        $ returns receive P001 2026Q3 --file a3.csv
        ! Error: The return of 东门商场 for 2026Q3 is not as the ledger has it; nothing was recorded.
        !   C2 01 inquiries (接受咨询): 4, in the ledger 5: inquiry of 2026-07-01
        !   C4 03 received (受理投诉): 3, in the ledger 2: 2026-0002, 2026-0004
        !   C11 10 closed (办结): 3, in the ledger 2: 2026-0001, 2026-0002
        !   C23 22 recovered (挽回经济损失): 60.05, in the ledger 60.50: 2026-0001, 2026-0002
        [3]
        """)
    assert states(cli) == []


def test_a_nil_return_is_entered_and_never_against_the_ledger(cli: Cli) -> None:
    cli.given(_QUARTER, today=LATER)
    cli.plays(rf"""
        @ 2026-10-12
        $ returns receive P002 2026Q3 --nil
        ! Error: 南门市场 has entries for 2026Q3, so its return is not nil: 03 received (受理投诉): 2, \
            04 received_direct (消费者直接投诉): 1, 06 received_other (其他转办): 1, \
            07 received_goods (商品类): 2, 10 closed (办结): 1, 12 advised (和解不成、已告知申诉): 1, \
            17 open_end (期末未结): 1, 18 overdue_end (期末超期未结): 1, 21 disputed (争议金额): 1000.00, \
            25 leads (举报案件线索): 1.
        !   Complaints: 2026-0003, 2026-0005
        [3]
        $ register 新店 --type 其他 --judgement 多 --since 2026-09-30 --liaison 甲 --officer 乙
        P003 新店 is registered: judged by the station.
        $ returns receive P003 2026Q3 --nil
        新店, 2026Q3: nil
        $ {_LOG} P003 --kind goods --received 2026-09-30
        2026-0006 is due by 2026-10-13 Tue; working days left: 1
        $ returns submit 2026Q3
        ! Error: 新店 sent a nil return, and the ledger has entries. Receive it again.
        [3]
        """)


def test_totals_stand_for_the_cases_of_their_point(cli: Cli) -> None:
    cli.given(_QUARTER, today=LATER)
    sheet("03=12 04=11 07=11 17=11 21=1000元")
    cli.plays(r"""
        @ 2026-10-12
        $ returns receive P001 2026Q3 --totals a3.csv
        东门商场, 2026Q3: totals
        ! These totals stand for 3 complaints of the ledger: 2026-0001, 2026-0002, 2026-0004
        $ rollup 3 2026Q3 --cases received --type mall --json
        [{"number": null, "kind": "totals", "point": "P001", "received": "2026-10-12", \
            "closed": null, "value": 12}]
        """)
    rows = cli("rollup 3 2026Q3 --json", today=LATER).json["rows"]
    [received] = [row for row in rows if row["key"] == "received"]
    assert [received[key] for key in ("total", "mall", "market")] == [14, 12, 2]
    assert receive(cli, "--file a3.csv")[0] == 3  # compared with the cases again
    cli.all("returns receive P001 2026Q3", today=LATER)
    assert states(cli) == ["P001 received"]


@table("""
    columns | cell
    0       | C4
    23      | Z4
    24      | AA4
    100     | CY4
""")
def test_a_cell_far_out_is_named_as_a_spreadsheet_names_it(
    columns: str, cell: str, cli: Cli
) -> None:
    sheet("03=2x", indent=int(columns))
    assert f"{cell}, 03 received" in receive(cli)[1][-1]


def test_totals_as_json(cli: Cli) -> None:
    Path("a3.json").write_text(json.dumps(dict.fromkeys(CODES, 0) | {"01": 3}), "utf-8")
    assert receive(cli, "--totals a3.json", "P002") == (0, ["南门市场, 2026Q3: totals"])
    Path("a3.json").write_text("[]", "utf-8")
    said = 'Error: a3.json is not one JSON object such as {"01": 12, "21": "299.00"}.'
    assert receive(cli, "--totals a3.json", "P002") == (5, [said])


def test_totals_that_do_not_tie_to_the_quarter_before_stop_the_next_return(submitted: Cli) -> None:
    figures = dict.fromkeys(CODES, "0") | {"02": "4", "17": "4"}
    Path("a3.json").write_text(json.dumps(figures), "utf-8")
    told = submitted("returns receive P001 2026Q4 --totals a3.json", today=YEAR_LATER).err
    assert told.splitlines()[-1] == (
        "Look at this: 02 open_start (期初未结) of 2026Q4: 4; 17 open_end (期末未结) of 2026Q3: 1."
    )
    refused = submitted("returns submit 2026Q4", today=YEAR_LATER)
    assert (refused.code, refused.err) == (
        3,
        "Error: The totals that points sent do not tie: 02 open_start (期初未结) of 2026Q4: 5;"
        " 17 open_end (期末未结) of 2026Q3: 2.\n",
    )


@table("""
    changes   | notes
    03=2x     | C4, 03 received (受理投诉): 2x is not a whole number from 1 to 1,000,000
    21=99.999 | C22, 21 disputed (争议金额): 99.999 has more than two decimals
    18=2      | The totals do not balance: 18 overdue_end (期末超期未结) 2 > 17 open_end (期末未结) 1.
    03=-1     | C4, 03 received (受理投诉): -1 is not a whole number from 1 to 1,000,000
    27=1      | C28: 27 is no code of Attachment 3
""")
def test_totals_that_cannot_be_are_refused_with_their_cell(
    cli: Cli, changes: str, notes: str
) -> None:
    sheet(changes)
    code, lines = receive(cli, "--totals a3.csv")
    assert (code, states(cli)) == (5, [])
    assert lines[-1].strip().removeprefix("Error: ").removesuffix(" Nothing was recorded.") == notes


@table(r"""
    lang | said
    en   | Error: The totals do not balance: 03 received (受理投诉) 2 ≠ 04 received_direct (消费者直接投诉) \
        + 05 received_referred (工商部门分流) + 06 received_other (其他转办) 6. Nothing was recorded.
    zh   | 错误：上报数不平衡：03 受理投诉 2 ≠ 04 消费者直接投诉 + 05 工商部门分流 + 06 其他转办 6。未作登记。
""")
def test_a_control_is_told_as_the_form_names_its_figures(lang: str, said: str, cli: Cli) -> None:
    sheet("04=5")
    result = cli("returns receive P001 2026Q3 --totals a3.csv", today=LATER, lang=lang)
    assert result == (5, "", f"{said}\n")


def test_what_is_wrong_in_a_json_file_is_told_with_its_names(cli: Cli) -> None:
    told = dict.fromkeys(CODES[:-1], 0) | {"inquiries": 0, "27": 0, "21": "x"}
    Path("a3.json").write_text(json.dumps(told), "utf-8")
    cli.plays("""
        $ returns receive P001 2026Q2 --totals a3.json
        ! Error: a3.json is no complete Attachment 3.
        !   a3.json, 21 disputed (争议金额): x is not an amount in yuan; write 299, 299.00 or 50万
        !   a3.json: 01 inquiries (接受咨询) stands there twice
        !   a3.json: 27 is no code of Attachment 3
        !   missing: 26 major_matters (报告重大事项)
        [5]
    """)
    cli.all("record inquiry P001 --on 2026-07-01")
    Path("a3.json").write_text(json.dumps(dict.fromkeys(CODES, 0)), "utf-8")
    assert receive(cli, "--file a3.json")[1][1:] == [
        "  a3.json 01 inquiries (接受咨询): 0, in the ledger 1: inquiry of 2026-07-01"
    ]


def test_a_file_that_is_no_attachment_3_is_refused(cli: Cli) -> None:
    Path("a3.csv").write_text("名次,户数\n1,3\n", "utf-8")
    code, lines = receive(cli)
    assert (code, lines[0]) == (5, "Error: a3.csv is no complete Attachment 3.")
    assert lines[1].startswith("  missing: 01 inquiries (接受咨询), 02 open_start (期初未结), ")
    sheet(head="报告期：2026年第二季度,,,")
    cli.plays("""
        @ 2026-10-12
        $ returns receive P001 2026Q3 --file a3.csv
        ! Error: a3.csv is for 2026年第二季度, not for 2026年第三季度.
        [5]
        $ returns receive P001 2026Q3 --file nothing.csv
        ! Error: There is no file nothing.csv.
        [5]
        $ returns receive P001 2026Q3 --totals nothing.json
        ! Error: nothing.json cannot be read: there is no such file.
        [5]
        $ returns receive P001 2026Q3 --nil --file a3.csv
        ! Error: --nil, --file and --totals exclude each other.
        [2]
        """)


ALL_IN = "2026-10-08"


def test_a_points_register_is_compared_case_by_case(cli: Cli) -> None:
    cli.log("--received 2026-09-21")
    cli.log("--received 2026-09-22")
    receive = "returns receive P001 2026Q3 --file register.xlsx"
    cli.all(f"export 2 2026Q3 --point P001 -o register.xlsx\n{receive}", today=ALL_IN)
    cli.log("--received 2026-09-23")
    cli.all("close 2026-1 --outcome settled --closed 2026-09-24")
    found = cli(receive, today=ALL_IN)
    first, *lines = found.err.splitlines()
    said = "Error: The register of 东门商场 and the ledger do not tell the same of 2026Q3"
    assert (found.code, found.out, first[: len(said)]) == (3, "", said)
    assert "  the register has no complaint 2026-0003 of 2026-09-23" in lines
    shifted = "登记编号,受理日期,投诉人,商品/服务名称,来源\n1,2026-09-21,张三,锅,13900001234\n"
    Path("shifted.csv").write_text(shifted, "utf-8")
    told = cli("returns receive P001 2026Q3 --file shifted.csv", today=ALL_IN).err
    assert "row 2: 139****1234 is not one of its words" in told and "13900001234" not in told


@table("""
    row                                        | told
    2,2026-10-02,李四,鞋,,,                    |
    2,2026-10-02,李四,鞋,无此来源,,            |
    2,2026-09-30,李四,鞋,无此来源,,            | row 3: 无此来源 is not one of its words
    2,2026-09-30,李四,鞋,,,                    | the ledger has no complaint 2 of 2026-09-30
    2,2026-06-30,李四,鞋,,,                    | the ledger has no complaint 2 of 2026-06-30
    2,2026-06-30,李四,鞋,,和解,2026-07-01      | the ledger has no complaint 2 of 2026-06-30
    2,2026-06-30,李四,鞋,,和解,2026-06-30      |
    2,2026-06-30,李四,鞋,无此来源,和解,2026-06-30 |
    2,,李四,鞋,,,                              | row 3: it is missing
""")
def test_a_register_of_more_than_the_quarter_is_compared_for_what_was_open_in_it(
    row: str, told: str, cli: Cli
) -> None:
    cli.given(f"{_LOG} P001 --kind goods --received 2026-09-21")
    head = "登记编号,受理日期,投诉人,商品/服务名称,来源,处理结果,办结日期"
    Path("register.csv").write_text(f"{head}\n2026-0001,2026-09-21,己,灯,,,\n{row}", "utf-8")
    found = cli("returns receive P001 2026Q3 --file register.csv", today=ALL_IN)
    notes = [line.strip()[: len(told)] for line in found.err.splitlines()[1:]]
    assert (found.code, notes) == ((3, [told]) if told else (0, []))


def test_a_case_of_another_point_in_a_points_register_is_told(cli: Cli) -> None:
    cli.given(f"{_LOG} P002 --kind goods --received 2026-09-01")
    head = "服务点,登记编号,受理日期,投诉人,商品/服务名称,品牌"
    Path("register.csv").write_text(f"{head}\nP002,2026-0001,2026-09-01,己,灯,美的\n", "utf-8")
    found = cli("returns receive P001 2026Q3 --file register.csv", today=ALL_IN)
    assert (found.code, found.err.splitlines()[1:]) == (3, ["  2026-0001: the ledger lacks brand"])
