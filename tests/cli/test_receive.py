"""`returns receive`: a point's return is compared with the ledger, or replaces its cases."""

import json
import re
from pathlib import Path

import pytest

from tests.cli.conftest import Cli, scenes
from tests.rows import cells, table

LATER, ALL_IN = "2026-10-12", "2026-10-08"
_LOG = "log --complainant 己 --item 灯 --facts 坏"
# P001 is a mall, P002 a market. Of the quarter 2026-0004 and 2026-0005 are open.
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
"""
# Attachment 3 of P001 for 2026Q3: what is not 0.
P001 = (
    "01=5 02=1 03=2 04=1 05=1 07=1 08=1 10=2 11=1 13=1 14=1 17=1 18=1 19=2 21=99.90 22=60.50"
    " 23=2 24=1"
)
CODES = [f"{number:02}" for number in range(1, 27)]
# What a point may have written otherwise.
SHEETS = dict(
    cells("""
    differs    | 03=3 10=3 22=60.05 01=４
    totals     | 03=12 04=11 07=11 17=11 21=1000元
    unbalanced | 04=5
    text       | 03=2x
    minus      | 03=-1
    fen        | 21=99.999
    late       | 18=2
    more       | 27=1
    """)
)


def figures(changes: str) -> dict[str, str]:
    pairs = f"{P001} {changes}".split()
    return dict.fromkeys(CODES, "0") | dict(each.split("=") for each in pairs)


def write_csv(name: str, told: dict[str, str], indent: int = 0, head: str = "") -> None:
    rows = [f"x,{code},{figure}," for code, figure in told.items()]
    lines = [*([head] if head else []), "指标,代码,合计,商场", *rows]
    Path(f"{name}.csv").write_text("\n".join("," * indent + line for line in lines), "gb18030")


def write_json(name: str, told: object) -> None:
    Path(f"{name}.json").write_text(json.dumps(told), "utf-8")


@pytest.fixture
def quarter(cli: Cli) -> Cli:
    """The ledger of the quarter, and what points sent."""
    cli.given(_QUARTER, today=LATER)
    for name, changes in SHEETS.items():
        write_csv(name, figures(changes))
    nothing = dict.fromkeys(CODES, "0")
    write_csv("before", nothing, head="报告期：2026年第二季度,,,")
    write_csv("beside", nothing, head="填报单位：,南门市场（盖章）,报告期：2026年第三季度,")
    write_csv("blank", figures(""), head="填报单位：,报告期：2026年第三季度,,")
    write_json("inquiries", nothing | {"01": "3"})
    write_json("nothing", nothing)
    write_json("opens", nothing | {"02": "4", "17": "4"})
    write_json("list", [])
    wrong = dict.fromkeys(CODES[:-1], 0) | {"inquiries": 0, "27": 0, "21": "x"}
    write_json("wrong", wrong)
    return cli


def test_of_many_cases_twenty_are_named(quarter: Cli) -> None:
    named = ", ".join(["inquiry of 2026-07-01", *["inquiry of 2026-07-02"] * 19])
    for more, there, rest in ((19, 24, "\n"), (1, 25, ", …\n")):
        quarter.all("record inquiry P001 --on 2026-07-02\n" * more, today=LATER)
        told = quarter("returns receive P001 2026Q3 --file differs.csv", today=LATER).err
        assert f"01 inquiries (接受咨询): 4, in the ledger {there}: {named}{rest}" in told


@scenes(r"""
# a point's own workbook that agrees is received
@ 2026-10-12
+ export 3 2026Q3 --point P001 -o a3.xlsx
$ returns receive P001 2026Q3 --file a3.xlsx --on 2026-10-11
东门商场, 2026Q3: received
$ returns receive P002 2026Q3 --file a3.xlsx
! Error: a3.xlsx is for 东门商场, not for 南门市场.
[5]
$ returns status 2026Q3
P001 | 2026Q3 | received | yes | 2026-10-11 | 2026-10-05 | 2026-10-08
P002 | 2026Q3 | missing | yes |  | 2026-10-05 | 2026-10-08
! 2026Q3: the station's return is due on 2026-10-08 (missing, late); the plan says 2026-10-05 \
    for the county desk, a day off: the last working day before is 2026-09-30, \
    the first after 2026-10-08.
# a return that differs is told with cells and cases
@ 2026-10-12
$ returns receive P001 2026Q3 --file differs.csv
! Error: The return of 东门商场 for 2026Q3 differs from the ledger; nothing was recorded.
!   C2 01 inquiries (接受咨询): 4, in the ledger 5: inquiry of 2026-07-01
!   C4 03 received (受理投诉): 3, in the ledger 2: 2026-0002, 2026-0004
!   C11 10 closed (办结): 3, in the ledger 2: 2026-0001, 2026-0002
!   C23 22 recovered (挽回经济损失): 60.05, in the ledger 60.50: 2026-0001, 2026-0002
[3]
$ returns receive P001 2026Q3 --file nothing.json
! Error: The return of 东门商场 for 2026Q3 differs from the ledger; nothing was recorded.
!   nothing.json 01 inquiries (接受咨询): 0, in the ledger 5: inquiry of 2026-07-01
!   nothing.json 02 open_start (期初未结): 0, in the ledger 1: 2026-0001
!   nothing.json 03 received (受理投诉): 0, in the ledger 2: 2026-0002, 2026-0004
!   nothing.json 04 received_direct (消费者直接投诉): 0, in the ledger 1: 2026-0004
!   nothing.json 05 received_referred (工商部门分流): 0, in the ledger 1: 2026-0002
!   nothing.json 07 received_goods (商品类): 0, in the ledger 1: 2026-0004
!   nothing.json 08 received_service (服务类): 0, in the ledger 1: 2026-0002
!   nothing.json 10 closed (办结): 0, in the ledger 2: 2026-0001, 2026-0002
!   nothing.json 11 settled (和解(含当场解决)): 0, in the ledger 1: 2026-0001
!   nothing.json 13 mediation_closed (调解办结): 0, in the ledger 1: 2026-0002
!   nothing.json 14 mediated (调解成功): 0, in the ledger 1: 2026-0002
!   nothing.json 17 open_end (期末未结): 0, in the ledger 1: 2026-0004
!   nothing.json 18 overdue_end (期末超期未结): 0, in the ledger 1: 2026-0004
!   nothing.json 19 closed_on_time (按时办结(含按时报请)): 0, in the ledger 2: 2026-0001, 2026-0002
!   nothing.json 21 disputed (争议金额): 0.00, in the ledger 99.90: 2026-0002, 2026-0004
!   nothing.json 22 recovered (挽回经济损失): 0.00, in the ledger 60.50: 2026-0001, 2026-0002
!   nothing.json 23 rated (评价): 0, in the ledger 2: 2026-0001, 2026-0002
!   nothing.json 24 satisfied (满意(含基本满意)): 0, in the ledger 1: 2026-0001
[3]
$ returns status 2026Q3
P001 | 2026Q3 | missing | yes |  | 2026-10-05 | 2026-10-08
P002 | 2026Q3 | missing | yes |  | 2026-10-05 | 2026-10-08
! 2026Q3: the station's return is due on 2026-10-08 (missing, late); the plan says 2026-10-05 \
    for the county desk, a day off: the last working day before is 2026-09-30, \
    the first after 2026-10-08.
# a nil return is entered and never against the ledger
@ 2026-10-12
$ returns receive P002 2026Q3 --nil
! Error: 南门市场 has entries for 2026Q3, so its return cannot be nil: 03 received (受理投诉): 2, 04 \
    received_direct (消费者直接投诉): 1, 06 received_other (其他转办): 1, 07 received_goods (商品类): 2, 10 \
    closed (办结): 1, 12 advised (和解不成、已告知申诉): 1, 17 open_end (期末未结): 1, 18 overdue_end (期末超期未结): \
    1, 21 disputed (争议金额): 1000.00, 25 leads (举报案件线索): 1.
!   Complaints: 2026-0003, 2026-0005
[3]
+ register 新店 --type 其他 --judgement 多 --since 2026-09-30
$ returns receive P003 2026Q3 --nil
新店, 2026Q3: nil
+ log P003 --complainant 己 --item 灯 --facts 坏 --kind goods --received 2026-09-30
$ returns submit 2026Q3
! Error: 新店 sent a nil return, but the ledger has entries. Receive its return again.
[3]
# totals stand for the cases of their point
@ 2026-10-12
$ returns receive P001 2026Q3 --totals totals.csv
东门商场, 2026Q3: totals
! Complaints of the ledger that these totals replace: 3 (2026-0001, 2026-0002, 2026-0004)
$ rollup 3 2026Q3 --cases received --type mall --json
[{"number": null, "kind": "totals", "point": "P001", "received": "2026-10-12", "closed": null, \
    "value": 12}]
$ rollup 6 2026Q3 --csv
BOM type,points_start,points_new,points_retired,points_end,demo_provincial,demo_municipal,liaisons\
    ,inquiries,received,received_referred,closed,settled,disputed,recovered,settled_rate,mediation\
    _success_rate,satisfaction_rate,returns_due,returns_made,visits,meetings,trainings,notices,int\
    erviews
mall,1,0,0,1,0,0,1,5,12,1,2,1,1000.00,60.50,100.00 (2/2),100.00 (1/1),50.00 (1/2),1,1,0,0,0,0,0
supermarket,0,0,0,0,0,0,0,0,0,0,0,0,0.00,0.00,— (0/0),— (0/0),— (0/0),0,0,0,0,0,0,0
market,1,0,0,1,0,0,0,0,2,0,1,0,1000.00,0.00,0.00 (0/1),— (0/0),— (0/0),1,0,0,0,0,0,0
enterprise,0,0,0,0,0,0,0,0,0,0,0,0,0.00,0.00,— (0/0),— (0/0),— (0/0),0,0,0,0,0,0,0
scenic area,0,0,0,0,0,0,0,0,0,0,0,0,0.00,0.00,— (0/0),— (0/0),— (0/0),0,0,0,0,0,0,0
other,0,0,0,0,0,0,0,0,0,0,0,0,0.00,0.00,— (0/0),— (0/0),— (0/0),0,0,0,0,0,0,0
total,2,0,0,2,0,0,1,5,14,1,3,1,2000.00,60.50,66.67 (2/3),100.00 (1/1),50.00 (1/2),2,1,0,0,0,0,0
! Closed complaints whose recovered amount is not stated, counted as 0: 1.
$ returns receive P001 2026Q3 --file totals.csv
! Error: The return of 东门商场 for 2026Q3 differs from the ledger; nothing was recorded.
!   C4 03 received (受理投诉): 12, in the ledger 2: 2026-0002, 2026-0004
!   C5 04 received_direct (消费者直接投诉): 11, in the ledger 1: 2026-0004
!   C8 07 received_goods (商品类): 11, in the ledger 1: 2026-0004
!   C18 17 open_end (期末未结): 11, in the ledger 1: 2026-0004
!   C22 21 disputed (争议金额): 1000.00, in the ledger 99.90: 2026-0002, 2026-0004
[3]
$ returns status 2026Q3
P001 | 2026Q3 | totals | yes | 2026-10-12 | 2026-10-05 | 2026-10-08
P002 | 2026Q3 | missing | yes |  | 2026-10-05 | 2026-10-08
! 2026Q3: the station's return is due on 2026-10-08 (missing, late); the plan says 2026-10-05 \
    for the county desk, a day off: the last working day before is 2026-09-30, \
    the first after 2026-10-08.
$ returns receive P001 2026Q3
东门商场, 2026Q3: received
$ returns status 2026Q3
P001 | 2026Q3 | received | yes | 2026-10-12 | 2026-10-05 | 2026-10-08
P002 | 2026Q3 | missing | yes |  | 2026-10-05 | 2026-10-08
! 2026Q3: the station's return is due on 2026-10-08 (missing, late); the plan says 2026-10-05 \
    for the county desk, a day off: the last working day before is 2026-09-30, \
    the first after 2026-10-08.
# totals as JSON
@ 2026-10-12
$ returns receive P002 2026Q3 --totals inquiries.json
南门市场, 2026Q3: totals
! Complaints of the ledger that these totals replace: 2 (2026-0003, 2026-0005)
! Please check: total: 02 open_start (期初未结) of 2026Q4: 1; 17 open_end (期末未结) of 2026Q3: 0.
$ returns receive P002 2026Q3 --totals list.json
! Error: list.json is not one JSON object such as {"01": 12, "21": "299.00"}.
[5]
# totals that do not tie to the quarter before are told, and stop the next return
@ 2027-01-06
+ returns receive P001 2026Q3 --on 2026-10-08
+ returns submit 2026Q3
$ returns receive P001 2026Q4 --totals opens.json
东门商场, 2026Q4: totals
! Complaints of the ledger that these totals replace: 1 (2026-0004)
! Please check: total: 02 open_start (期初未结) of 2026Q4: 4; 17 open_end (期末未结) of 2026Q3: 1.
$ returns submit 2026Q4
! Error: The totals that P001 sent do not carry over from one period to the next: total: 02 \
    open_start (期初未结) of 2026Q4: 4; 17 open_end (期末未结) of 2026Q3: 1. Receive corrected \
    totals, close complaints that are settled, or enter the complaints and receive the return \
    without totals: ledger12315 returns receive POINT PERIOD
[3]
# totals have no types: where a point changed its own, they would move open complaints
@ 2027-01-06
+ point amend P001 --type supermarket --on 2026-11-01
$ returns receive P001 2026Q4 --totals opens.json
! Error: Totals have no types: those of 2026Q4 would move complaints of 东门商场 from mall to \
    supermarket. Enter the complaints themselves, for example with complaint import, and receive \
    the return without totals: ledger12315 returns receive P001 2026Q4
[3]
+ close 2026-4 --outcome 撤回 --closed 2026-09-29
+ returns receive P001 2026Q3 --totals totals.csv
$ returns receive P001 2026Q4 --totals opens.json
! Error: Totals have no types: those of 2026Q4 would move complaints of 东门商场 from mall to \
…
[3]
+ point amend P001 --type mall --on 2026-11-01
$ returns receive P001 2026Q4 --totals opens.json
东门商场, 2026Q4: totals
…
# totals that cannot be are refused with their cell
@ 2026-10-12
$ returns receive P001 2026Q3 --totals text.csv
! Error: text.csv is not a complete Attachment 3.
!   C4, 03 received (受理投诉): 2x is not a whole number from 0 to 1,000,000
[5]
$ returns receive P001 2026Q3 --totals minus.csv
! Error: minus.csv is not a complete Attachment 3.
!   C4, 03 received (受理投诉): -1 is not a whole number from 0 to 1,000,000
[5]
$ returns receive P001 2026Q3 --totals fen.csv
! Error: fen.csv is not a complete Attachment 3.
!   C22, 21 disputed (争议金额): 99.999 has more than two decimals
[5]
$ returns receive P001 2026Q3 --totals late.csv
! Error: The totals do not balance: 18 overdue_end (期末超期未结) 2 > 17 open_end (期末未结) 1. Nothing was \
    recorded.
[5]
$ returns receive P001 2026Q3 --totals more.csv
! Error: more.csv is not a complete Attachment 3.
!   C28: 27 is not a code of Attachment 3
[5]
$ returns receive P001 2026Q3 --totals unbalanced.csv
! Error: The totals do not balance: 03 received (受理投诉) 2 ≠ 04 received_direct (消费者直接投诉) + 05 \
    received_referred (工商部门分流) + 06 received_other (其他转办) 6. Nothing was recorded.
[5]
$ returns receive P001 2026Q3 --totals wrong.json
! Error: wrong.json is not a complete Attachment 3.
!   wrong.json, 21 disputed (争议金额): x is not an amount in yuan; write 299, 299.00 or 50万
!   wrong.json: 01 inquiries (接受咨询) appears twice
!   wrong.json: 27 is not a code of Attachment 3
!   missing: 26 major_matters (报告重大事项)
[5]
$ returns status 2026Q3
P001 | 2026Q3 | missing | yes |  | 2026-10-05 | 2026-10-08
P002 | 2026Q3 | missing | yes |  | 2026-10-05 | 2026-10-08
! 2026Q3: the station's return is due on 2026-10-08 (missing, late); the plan says 2026-10-05 \
    for the county desk, a day off: the last working day before is 2026-09-30, \
    the first after 2026-10-08.
@ zh
$ returns receive P001 2026Q3 --totals unbalanced.csv
! 错误：上报数不平衡：03 受理投诉 2 ≠ 04 消费者直接投诉 + 05 工商部门分流 + 06 其他转办 6。未作登记。
[5]
# a file that is no Attachment 3
> a3.csv 名次,户数\n1,3\n代码,合计\n01\n
@ 2026-10-12
$ returns receive P001 2026Q3 --file a3.csv
! Error: a3.csv is not a complete Attachment 3.
!   missing: 01 inquiries (接受咨询), 02 open_start (期初未结), 03 received (受理投诉), 04 received_direct \
    (消费者直接投诉), 05 received_referred (工商部门分流), 06 received_other (其他转办), 07 received_goods (商品类), \
    08 received_service (服务类), 09 received_other_kind (其他类), 10 closed (办结), 11 settled \
    (和解(含当场解决)), 12 advised (和解不成、已告知申诉), 13 mediation_closed (调解办结), 14 mediated (调解成功), 15 \
    closed_other (撤回、联系不到及其他), 16 withdrawn (消费者撤回), 17 open_end (期末未结), 18 overdue_end (期末超期未结), \
    19 closed_on_time (按时办结(含按时报请)), 20 escalated (报请工商所), 21 disputed (争议金额), 22 recovered \
    (挽回经济损失), 23 rated (评价), 24 satisfied (满意(含基本满意)), 25 leads (举报案件线索), 26 major_matters (报告重大事项)
[5]
$ returns receive P001 2026Q3 --file before.csv
! Error: before.csv is for 2026年第二季度, not for 2026年第三季度.
[5]
$ returns receive P001 2026Q3 --file beside.csv
! Error: beside.csv is for 南门市场, not for 东门商场.
[5]
$ returns receive P001 2026Q3 --file blank.csv
东门商场, 2026Q3: received
$ returns receive P001 2026Q3 --file nowhere.csv
! Error: There is no file nowhere.csv.
[5]
$ returns receive P001 2026Q3 --totals nowhere.json
! Error: nowhere.json cannot be read: there is no such file.
[5]
$ returns receive P001 2026Q3 --nil --file a3.csv
! Error: Give either --nil or --file, not both.
[2]
""")
def test_figures_in_words(script: str, quarter: Cli) -> None:
    quarter.plays(script)


def test_an_amount_is_in_the_unit_of_its_row(quarter: Cli) -> None:
    in_yuan, in_wan = figures("21=12300"), figures("21=1.23")
    rows = [f"x,{code},{'万元' if code == '21' else ''},{in_wan[code]}" for code in CODES]
    Path("wan.csv").write_text("\n".join(["指标,代码,计量单位,合计", *rows]), "utf-8")
    write_csv("yuan", in_yuan)
    for name in ("yuan", "wan"):
        quarter.all(f"returns receive P001 2026Q3 --totals {name}.csv", today=LATER)
        [(totals,)] = quarter.sql("SELECT totals FROM point_return")
        assert json.loads(totals)["disputed"] == 1230000


@table("""
    period | notes
    2026Q3 | 以其上报数计入的服务点：东门商场。
    2026Q4 | 期初未结、期末未结含其上报数中台账没有登记的投诉：东门商场。
    2026   | 以其上报数计入的服务点：东门商场。 期初未结、期末未结含其上报数中台账没有登记的投诉：东门商场。
""")
def test_a_form_says_what_of_it_are_totals(period: str, notes: str, quarter: Cli) -> None:
    quarter.all("returns receive P001 2026Q3 --totals totals.csv", today=LATER)
    text = quarter.text(f"export 3 {period}", "2027-01-06")
    assert re.findall("'([^']*上报数[^']*)'", text) == notes.split()


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
    write_csv("wide", figures("03=2x"), indent=int(columns))
    told = cli("returns receive P001 2026Q3 --file wide.csv", today=LATER).err
    assert f"{cell}, 03 received" in told.splitlines()[-1]


@scenes(r"""
# a point's register is compared case by case
@ 2026-10-08
+ log P001 --complainant 己 --item 灯 --facts 坏 --kind goods --received 2026-09-21
+ log P001 --complainant 己 --item 灯 --facts 坏 --kind goods --received 2026-09-22
+ export 2 2026Q3 --point P001 -o register.xlsx
$ returns receive P001 2026Q3 --file register.xlsx
东门商场, 2026Q3: received
+ log P001 --complainant 己 --item 灯 --facts 坏 --kind goods --received 2026-09-23
+ close 2026-1 --outcome settled --closed 2026-09-24
$ returns receive P001 2026Q3 --file register.xlsx
! Error: The register of 东门商场 differs from the ledger for 2026Q3; nothing was recorded.
!   the register has no complaint 2026-0003 of 2026-09-23
[3]
> shifted.csv 登记编号,受理日期,投诉人,商品/服务名称,来源\n1,2026-09-21,张三,锅,13900001234,6
$ returns receive P001 2026Q3 --file shifted.csv
! Error: The register of 东门商场 differs from the ledger for 2026Q3; nothing was recorded.
!   row 2, 来源: 139****1234 is not one of: direct | referred | other referral
!   row 2: column 6 has no heading
!   the register has no complaint 2026-0001 of 2026-09-21
!   the register has no complaint 2026-0002 of 2026-09-22
!   the register has no complaint 2026-0003 of 2026-09-23
[3]
# headings that nobody explained, and columns that are missing
@ 2026-10-08
> own.csv 登记编号,受理日期,投诉人,品名,品种\n1,2026-09-21,张三,锅,大
$ returns receive P001 2026Q3 --file own.csv
! Error: The headings 品名, 品种 in own.csv are unknown. Import it first, which asks what they \
    mean: ledger12315 complaint import own.csv --point P001
[5]
+ complaint import own.csv --point P001 --map 品名=商品/服务名称 --map 品种=-
$ returns receive P001 2026Q3 --file own.csv
东门商场, 2026Q3: received
> own.csv 登记编号,受理日期,投诉人\n1,2026-09-21,张三
$ returns receive P001 2026Q3 --file own.csv
! Error: The register of 东门商场 differs from the ledger for 2026Q3; nothing was recorded.
!   row 1, 商品/服务名称: there is no such column
!   the register has no complaint 2026-0001 of 2026-09-21
[3]
# a case of another point in a point's register is told
@ 2026-10-08
+ log P002 --complainant 己 --item 灯 --facts 坏 --kind goods --received 2026-09-01
> a.csv 服务点,登记编号,受理日期,投诉人,商品/服务名称,品牌\nP002,2026-0001,2026-09-01,己,灯,美的
$ returns receive P001 2026Q3 --file a.csv
! Error: The register of 东门商场 differs from the ledger for 2026Q3; nothing was recorded.
!   2026-0001: the ledger lacks brand
[3]
""")
def test_registers_in_words(script: str, cli: Cli) -> None:
    cli.plays(script)


@table("""
    row                                        | told
    2,2026-10-02,李四,鞋,,,                    |
    2,2026-10-02,李四,鞋,无此来源,,            |
    2,2026-09-30,李四,鞋,无此来源,,            | row 3, 来源: 无此来源 is not one of
    2,2026-09-30,李四,鞋,,,                    | the ledger has no complaint 2 of 2026-09-30
    2,2026-06-30,李四,鞋,,,                    | the ledger has no complaint 2 of 2026-06-30
    2,2026-06-30,李四,鞋,,和解,2026-07-01      | the ledger has no complaint 2 of 2026-06-30
    2,2026-06-30,李四,鞋,,和解,2026-06-30      |
    2,2026-06-30,李四,鞋,无此来源,和解,2026-06-30 |
    2,,李四,鞋,,,                              | row 3, 受理日期: it is missing
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


def test_a_register_whose_numbers_are_left_out_is_compared_too(cli: Cli) -> None:
    Path("register.csv").write_text(
        "序号,受理日期,投诉人,商品/服务名称\n1,2026-09-01,己,灯\n", "utf-8"
    )
    cli.all("complaint import register.csv --point P001 --map 序号=-")
    with Path("register.csv").open("a", encoding="utf-8") as register:
        register.write("2,2026-09-03,李四,鞋\n")
    cli.plays(f"""
        @ {ALL_IN}
        $ returns receive P001 2026Q3 --file register.csv
        ! Error: The register of 东门商场 differs from the ledger for 2026Q3; nothing was recorded.
        !   the ledger has no complaint 鞋 of 2026-09-03
        [3]
    """)


def test_totals_that_do_not_carry_over_are_said_and_print_no_form(cli: Cli) -> None:
    """Of three open complaints the point's totals have one open at the end of the quarter."""
    cli.given(
        "\n".join(
            f"log P001 --complainant 张三 --item 锅{n} --facts 坏 --kind goods --received 2026-08-0{n}"
            for n in (3, 4, 5)
        ),
        today="2026-08-05",
    )
    told = dict.fromkeys(CODES, "0") | {"03": "3", "04": "3", "07": "3", "17": "1"}
    write_json("totals", told | {"10": "2", "11": "2", "19": "2"})
    cli.plays("""
        @ 2026-10-12
        $ returns receive P001 2026Q3 --totals totals.json
        东门商场, 2026Q3: totals
        ! Complaints of the ledger that these totals replace: 3 (2026-0001, 2026-0002, 2026-0003)
        ! Please check: total: 02 open_start (期初未结) of 2026Q4: 3; 17 open_end (期末未结) of \
2026Q3: 1.
        + returns submit 2026Q3
        $ export 6 2026Q4
        ! Error: The totals that P001 sent do not carry over from one period to the next: total: \
02 open_start (期初未结) of 2026Q4: 3; 17 open_end (期末未结) of 2026Q3: 1. …
        [3]
        $ export 3 2026Q4 --point P001
        ! Error: The totals that P001 sent do not carry over …
        [3]
        + export 3 2026Q4 --point P002
    """)
