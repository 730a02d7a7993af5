"""`complaint import`: a point's register is imported in full, and again next month."""

from typing import Any

from python_calamine import CalamineWorkbook

from ledger12315.boxes.forms import COMPLAINT
from ledger12315.boxes.reading import join_marked_lines
from ledger12315.cli.face.desk import Desk
from ledger12315.ledger.audit.check import ledger_problems
from ledger12315.ledger.importing import intake, taking_in
from ledger12315.ledger.importing.known import known_complaint
from tests.cli.conftest import Cli, scenes
from tests.cli.registers import HEAD, ROW, counts, listed, problems, shown, take, write
from tests.cli.registers import row as register_with
from tests.rows import cells, table

# The point of another ledger, into which what was exported here is taken.
THERE = """
    init --station 西门所 --county 榕溪县
    register 东门商场 --type mall --area 500 --capital 80万 --turnover 300万 --since 2026-01-05 \
        --liaison 林秀珍
"""


def elsewhere(cli: Cli) -> Cli:
    there = Cli(cli.path.with_name("there.sqlite"), cli.set)
    there.given(THERE)
    return there


def test_a_register_with_all_that_stands_around_it(cli: Cli) -> None:
    head = (
        "序号 | 登记编号 | 受理日期 | 投诉人 | 联系电话 | 商品/服务名称 | 争议金额(元) | 处理结果"
        " | 办结日期 | 备注"
    )
    result = take(
        cli,
        f"""
        东门商场消费投诉登记簿
        填报单位：东门商场 | | | 报告期：2026年第三季度

        {head}
        1 | A-1 | 2026.9.1 | 张三 | 13900001234 | 电饭锅 | 1,299.5元 | 和解 | 2026-9-2 |
        2 | A-2 | 46268 | 李四 | 5918765432 | 运动鞋 | ２００ | 未结 | — | 送修
        {head}
        3 | | | | | | | | |
        小 计 | | | | | | 1499.50 | | |
        4 | A-3 | 2026年9月4日 | 王五 | | 米 | / | 调解成功 | 2026/9/9 0:00 | 合计
        合计 | 3 | | | | | 1499.50 | | 2 |
        单位负责人（盖章）: | | 审核人: | | 填表人: | | | | |
        注:1.争议金额以元计。
           2.未结的下月续填。
        """,
    )
    said = (
        "Rows above the headings are ignored; headings in row: 4\n"
        "Not stated, so recorded: source as direct: 3, channel as visit: 3, problem as other: 3,"
        " kind as other: 3.\n"
    )
    assert (result.code, result.err, counts(result), problems(result)) == (0, said, "3 3 0 0", [])
    told = cli.sql("SELECT number, external_no, received, disputed, phone FROM complaint")
    assert told == [
        ("2026-0001", "A-1", "2026-09-01", 129950, "13900001234"),
        ("2026-0002", "A-2", "2026-09-03", 20000, "05918765432"),
        ("2026-0003", "A-3", "2026-09-04", None, None),
    ]
    entered = "SELECT closed_entered IS entered, escalated_entered FROM complaint"
    assert cli.sql(entered) == [(1, None), (0, None), (1, None)]
    assert ledger_problems(cli.path) == []


@table("""
    headings            | values          | entered
    处理结果 / 办结日期 | 和解 / 2026-9-2 | closed
    报请日期 / 报请理由 | 2026-9-2 / 拒绝 | escalated
    类别                | 服装鞋帽        | -
""")
def test_when_a_closing_or_escalation_was_filled_in_is_kept(
    headings: str, values: str, entered: str, cli: Cli
) -> None:
    assert counts(take(cli, register_with(headings, " / " * values.count("/")))) == "1 1 0 0"
    assert counts(take(cli, register_with(headings, values))) == "1 0 1 0"
    kept = cli.sql("SELECT closed_entered IS NULL, escalated_entered IS NULL FROM complaint")
    assert kept == [(entered != "closed", entered != "escalated")]


def test_what_is_filled_in_is_what_log_fills_in(cli: Cli) -> None:
    cli.log("--received 2026-09-01 --kind other")
    take(cli, f"{HEAD} | 消费金额\n{ROW} | 329")
    logged, imported = shown(cli, "2026-0001"), shown(cli, "2026-0002")
    told = [
        f"{key} {logged[key]} {imported[key]}" for key in logged if logged[key] != imported[key]
    ]
    assert told == [
        "number 2026-0001 2026-0002",
        "purchase None 329.00",
        "disputed None 329.00",
        "facts 不加热 ",
    ]


# What each box is given, and what then stands where that is not the same.
BOXES = """
    item | 电饭锅
    external_no | 9
    point | 南门 | P002
    complainant | 张三
    received | 2026-09-01
    source | referred
    referral_no | F-1
    referred | 2026-08-31
    reply_by | 2026-09-20
    channel | 电话 | phone
    phone | 13900001234
    consumer_address | 一路
    headcount | 2
    respondent | 五号摊
    respondent_contact | 李四
    respondent_address | 二路
    respondent_phone | 13900001235
    brand | 甲
    model | 乙
    quantity | 2
    bought | 2026-08-30
    voucher | 小票
    category | food
    problem | 质量 | quality
    purchase | 3 | 3.00
    disputed | 2 | 2.00
    facts | 发霉
    request | 退货,赔偿 | return,compensation
    promised | 2026-09-20
    handling | 协商
    agreement | 退款
    approved | 2026-09-03
    perform_by | 2026-09-30
    performed | 2026-09-04
    multiple_damages | 1 | 1.00
    handler | 王五
    told | 2026-09-02
    answered | 2026-09-03
    answered_how | 电话
    rating | 满意 | satisfied
    outcome | 和解 | settled
    closed | 2026-09-03
    recovered | 2 | 2.00
    accepted | 2026-09-02
    replied | 2026-09-03
    followed_up | 2026-09-04
    followed_up_how | 电话
    followed_up_by | 赵六
    archive_no | 7
    remark | 无误
    previous | 2026-0001
    escalated | 2026-09-02
    escalation_reason | 拒绝
    kind | goods
"""


def test_english_headings_in_any_order_and_every_box(cli: Cli) -> None:
    cli.logged("--received 2026-08-01")
    boxes = cells(BOXES)
    register = "\n".join(" | ".join(row[place] for row in boxes) for place in (0, 1))
    result = take(cli, register, "--json")
    assert (result.code, counts(result)) == (0, "1 1 0 0")
    expected = {key: stands[-1] for key, *stands in boxes if key != "external_no"}
    # An agreement was performed or it was not.
    assert expected.keys() >= {*COMPLAINT} - {"unperformed"}
    expected |= {"type": "market", "state": "closed"}
    found = shown(cli, "2026-0002")
    assert {key: str(found[key]) for key in expected} == expected


def test_numbers_follow_the_order_of_receipt_by_year(cli: Cli) -> None:
    cli.logged("--received 2026-02-01")
    take(
        cli,
        f"""
        {HEAD}
        3 | 2026-03-05 | 丙 | 米
        1 | 2025-12-31 | 甲 | 米
        4 | 2026-03-05 | 丁 | 米
        2 | 2026-01-06 | 乙 | 米
        """,
    )
    told = cli.sql("SELECT number, complainant FROM complaint ORDER BY number")
    assert " ".join(map(" ".join, told)) == (
        "2025-0001 甲 2026-0001 张三 2026-0002 乙 2026-0003 丙 2026-0004 丁"
    )


def test_twice_changes_nothing_and_writes_nothing(cli: Cli) -> None:
    text = f"""
        {HEAD} | 处理结果 | 办结日期 | 告知日期
        {ROW} | 和解不成 | 2026-09-02 |
        A-2 | 2026-09-03 | 李四 | 鞋 | 未结 | |
    """
    assert counts(take(cli, text)) == "2 2 0 0"
    before = cli.path.read_bytes()
    assert counts(take(cli, text)) == "2 0 0 2"
    assert cli.path.read_bytes() == before
    assert shown(cli)["told"] == "2026-09-02"


@scenes(r"""
# a register that says above its heading that another point filled it in
+ log P001 --complainant 张三 --item 锅 --facts 坏 --kind goods
+ export 2 2026-09 --point P001 -o a2.xlsx
$ complaint import a2.xlsx --point P002
! Error: a2.xlsx is for 东门商场, not for 南门市场.
[5]
+ point amend P001 --name 东门新商场
$ complaint import a2.xlsx --point P002
! Error: a2.xlsx is for 东门商场, not for 南门市场.
[5]
$ complaint import a2.xlsx --point P001
…
Rows: 1; 0 imported, 0 filled in, 1 known already or void.
…
# its name in the next cell, with a seal; with a column of points it says nothing
> c.csv 填报单位：,东门商场（盖章）\n登记编号,受理日期,投诉人,商品/服务名称\nA-1,2026-09-01,张三,锅
$ complaint import c.csv --point P002
! Error: c.csv is for 东门商场, not for 南门市场.
[5]
> c.csv 填报单位：,东门商场\n登记编号,受理日期,投诉人,商品/服务名称,服务点\nA-1,2026-09-01,张三,锅,南门市场
$ complaint import c.csv --point P002
…
Rows: 1; 1 imported, 0 filled in, 0 known already or void.
…
# what was told before is not told again on the day of closing
+ log P001 --complainant 周一 --item 碗 --facts 坏 --kind goods --received 2026-09-01
+ complaint amend 2026-1 --told 2026-09-02
> d.csv 登记编号,受理日期,投诉人,商品/服务名称,处理结果,办结日期\n2026-0001,2026-09-01,周一,碗,和解不成,2026-09-03
$ complaint import d.csv --point P001
Rows: 1; 0 imported, 1 filled in, 0 known already or void.
$ complaint show 2026-1 --json
{… "told": "2026-09-02", … "closed": "2026-09-03", …}
# the day of closing is that of telling, if the register leaves it out; a row may come twice
> a.csv 登记编号,受理日期,投诉人,商品/服务名称,处理结果,办结日期\n\
A-1,2026-09-01,张三,锅,未结,\nA-2,2026-09-01,李四,鞋,和解不成,2026-09-03
> b.csv 登记编号,受理日期,投诉人,商品/服务名称,处理结果,办结日期\n\
A-1,2026-09-01,张三,锅,和解不成,2026-09-04\nA-2,2026-09-01,李四,鞋,和解不成,2026-09-03\n\
A-2,2026-09-01,李四,鞋,和解不成,2026-09-03
$ complaint import a.csv --point P001 --fill source=direct --fill channel=visit \
    --fill problem=other --fill kind=goods
Rows: 2; 2 imported, 0 filled in, 0 known already or void.
! Not stated, so recorded: told as the day of closing: 1.
$ complaint import b.csv --point P001
Rows: 3; 0 imported, 1 filled in, 2 known already or void.
! Not stated, so recorded: told as the day of closing: 1.
$ complaint show 2026-1 --json
{… "told": "2026-09-04", … "closed": "2026-09-04", …}
+ complaint amend 2026-1 --told 2026-09-03
$ complaint import b.csv --point P001
Rows: 3; 0 imported, 0 filled in, 3 known already or void.
# last month's open case, now closed, is filled
> a.csv 登记编号,受理日期,投诉人,商品/服务名称,争议金额,处理结果\nA-1,2026-09-01,张三,锅,,未结
> b.csv 登记编号,受理日期,投诉人,商品/服务名称,争议金额,处理结果,办结日期,挽回经济损失\nA-1,2026-09-01,张三,锅,300,和解,2026-09-20,200
+ complaint import a.csv --point P001
$ complaint import b.csv --point P001 --json
{"read": 1, "imported": 0, "updated": 1, "skipped": 0, "problems": [], "doubts": []}
$ complaint show 2026-1
…
state | closed
…
disputed | 300.00
…
recovered | 200.00
2026-09-01 Tue | received | 0 |
2026-09-08 Tue | due | 5 |
2026-09-20 Sun | closed | 14 | settled
$ ledger history 2026-1
…
… | complaint import | 2026-0001 | closed |  | 2026-09-20
…
+ ledger check
# as text
> a.csv 登记编号,受理日期,投诉人,商品/服务名称\nA-1,2026-09-01,张三,锅
> b.csv 登记编号,受理日期,投诉人,商品/服务名称\nA-1,2026-09-01,李四,锅
$ complaint import a.csv --point P001 --dry-run
Dry run, nothing was changed. Rows: 1; 1 imported, 0 filled in, 0 known already or void.
! Not stated, so recorded: source as direct: 1, channel as visit: 1, problem as other: 1, kind \
    as other: 1.
$ complaint list
$ complaint import a.csv --point P001
Rows: 1; 1 imported, 0 filled in, 0 known already or void.
! Not stated, so recorded: source as direct: 1, channel as visit: 1, problem as other: 1, kind \
    as other: 1.
$ complaint import b.csv --point P001
 | 2 | 投诉人 | 李* | 2026-0001 has a different one
! Error: b.csv was not imported and nothing was changed. Problems: 1
[5]
$ complaint import b.csv --point P001 --reveal
 | 2 | 投诉人 | 李四 | 2026-0001 has a different one
! Error: b.csv was not imported and nothing was changed. Problems: 1
[5]
# the number of a referral is found in the remark
> a.csv 登记编号,受理日期,投诉人,商品/服务名称,来源,备注\nA-1,2026-09-01,张三,锅,工商部门分流,分流单号：F-7 送修
$ complaint import a.csv --point P001
Rows: 1; 1 imported, 0 filled in, 0 known already or void.
! Not stated, so recorded: channel as visit: 1, problem as other: 1, kind as other: 1.
$ complaint show 2026-1
…
source | referred
referral no | F-7
…
remark | 送修
…
# an amount of 0 in an open complaint is one that nobody stated: it is filled
> a.csv 登记编号,受理日期,投诉人,商品/服务名称,争议金额\nA-9,2026-09-01,张三,锅,
> b.csv 登记编号,受理日期,投诉人,商品/服务名称,争议金额\nA-9,2026-09-01,张三,锅,120
+ complaint import a.csv --point P001
+ complaint amend 1 --disputed 0
$ complaint import b.csv --point P001
Rows: 1; 0 imported, 1 filled in, 0 known already or void.
# void rows are passed over once and again
> a.csv 登记编号,受理日期,投诉人,商品/服务名称,处理结果,备注\nA-1,2026-09-01,张三,锅,,\nA-2,2026-09-02,,,作废,2026-09-03 重复
> b.csv 登记编号,受理日期,投诉人,商品/服务名称,处理结果\nA-1,2026-09-01,张三,锅,作废
$ complaint import a.csv --point P001
Rows: 2; 1 imported, 0 filled in, 1 known already or void.
! Not stated, so recorded: source as direct: 1, channel as visit: 1, problem as other: 1, kind \
    as other: 1.
+ complaint void 2026-0001 --reason 重复
$ complaint import a.csv --point P001
 | 2 | 处理结果 |  | it is void in the register or in 2026-0001, but not in both
! Error: a.csv was not imported and nothing was changed. Problems: 1
[5]
$ complaint import b.csv --point P001
Rows: 1; 0 imported, 0 filled in, 1 known already or void.
# what was erased is not asked for again
> a.csv 登记编号,受理日期,投诉人,商品/服务名称,处理结果,办结日期\nA-1,2020-03-02,张三,锅,和解,2020-03-03
+ complaint import a.csv --point P001
+ complaint erase 2020-0001
$ complaint import a.csv --point P001
Rows: 1; 0 imported, 0 filled in, 1 known already or void.
# what was erased is known by the ledger's own number too
+ log P001 --complainant 张三 --item 锅 --facts 坏 --kind goods --received 2022-03-01 --phone \
    13900001111
+ close 2022-1 --outcome settled --closed 2022-03-03 --remark 张三已搬走
+ export 2 2022 -o register.xlsx
+ complaint erase 2022-1
$ complaint import register.xlsx --point P001
Rows: 1; 0 imported, 0 filled in, 1 known already or void.
! Rows above the headings are ignored; headings in row: 4 of 附件2
# what may be the same matter as another is told before it is written
+ log P001 --complainant 张三 --phone 0591-22334455 --item 锅 --facts 坏 --kind goods --received 8-21
> a.csv 登记编号,受理日期,投诉人,联系电话,商品/服务名称\n1,2026-09-20,李四,059122334455,鱼\n\
    2,2026-09-02,张 三,,锅\n3,2026-09-03,王五,,鱼\n4,2026-09-04,王五,,鱼\n5,2026-09-05,张三,,锅\n\
    6,2026-09-06,张三,,锅\n7,2026-09-07,张三,,锅
$ complaint import a.csv --point P001 --dry-run
Dry run, nothing was changed. Rows: 7; 7 imported, 0 filled in, 0 known already or void.
! Rows that may repeat another (same point, same phone or same name and item, within 30 days): \
    6, such as row 2: 2026-0001, row 3: 2026-0001, row 5: row 4, row 6: 2026-0001, row 7: \
    2026-0001.
! Not stated, so recorded: source as direct: 7, channel as visit: 7, problem as other: 7, kind \
    as other: 7.
# types and liaisons are those of the day
+ point amend P001 --type supermarket --on 2026-09-10
+ point amend P001 --liaison 王五 --on 2026-09-10
> a.csv 登记编号,受理日期,投诉人,商品/服务名称\n1,2026-09-09,张三,锅\n2,2026-09-10,李四,锅\n3,2026-01-02,张三,锅
$ complaint import a.csv --point P001
Rows: 3; 3 imported, 0 filled in, 0 known already or void.
! B4: 2026-01-02: 269 days back, before 东门商场 was set up on 2026-01-05
! Not stated, so recorded: source as direct: 3, channel as visit: 3, problem as other: 3, kind \
    as other: 3.
$ complaint list --csv
…
2026-0001,…,mall,2026-01-02,direct,…,other,,,,,,,,…
2026-0002,…,mall,2026-09-09,direct,…,林秀珍,…
2026-0003,…,supermarket,2026-09-10,direct,…,王五,…
# a retired point, and one not yet set up
+ point retire P002 --on 2026-09-05
> a.csv 登记编号,受理日期,投诉人,商品/服务名称\nA-1,2026-09-05,张三,锅
> b.csv 登记编号,受理日期,投诉人,商品/服务名称\nA-1,2025-09-05,张三,锅
$ complaint import a.csv --point P002
 | 2 | 受理日期 | 2026-09-05 | 南门市场 was retired on 2026-09-05
! Error: a.csv was not imported and nothing was changed. Problems: 1
[5]
$ complaint import b.csv --point P001
Rows: 1; 1 imported, 0 filled in, 0 known already or void.
! B2: 2025-09-05: 388 days back, before 东门商场 was set up on 2026-01-05; probably 2026-09-05
! Not stated, so recorded: source as direct: 1, channel as visit: 1, problem as other: 1, kind \
    as other: 1.
""")
def test_in_words(script: str, cli: Cli) -> None:
    cli.plays(script)


# Of last month's open cases 2026-0002 to 2026-0012, which 2026-0013 follows: what was in a box,
# what the register has now, and what the box then is or why it is listed.
FILLED = cells("""
    类别     |        | 食品      | food
    类别     | 食品   | 食品      | food
    前次投诉 |        | 2026-1    | 2026-0001
    前次投诉 | 2026-1 | 2026-0001 | 2026-0001
    前次投诉 | 2026-1 |           | 2026-0001
""")
LISTED = cells("""
    类别     | 食品   | 旅游      | 类别: 旅游: 2026-0007 has 食品
    性质     | 服务类 | 商品类    | 性质: 商品类: 2026-0008 has 服务类
    前次投诉 | 2026-1 | 2025-1    | 前次投诉: 2025-0001: 2026-0009 has 2026-0001
    前次投诉 |        | 2026-99   | 前次投诉: 2026-0099: there is no such complaint, or it is later
    前次投诉 |        | 2026-11   | 前次投诉: 2026-0011: there is no such complaint, or it is later
    前次投诉 |        | 2026-13   | 前次投诉: 2026-0013: there is no such complaint, or it is later
""")


def test_a_box_of_last_month_s_open_case_is_filled_or_listed(cli: Cli) -> None:
    def register(first: int, rows: list[list[str]], place: int) -> str:
        lines = [f"{HEAD} | 类别 | 性质 | 前次投诉"]
        for number, row in enumerate(rows, first):
            boxes = " | ".join(row[place] * (row[0] == box) for box in lines[0].split(" | ")[4:])
            lines.append(f"{number} | 2026-09-01 | 张三 | 电饭锅 | {boxes}")
        return "\n".join(lines)

    log = "log P001 --complainant 张三 --item 电饭锅 --facts 不加热 --kind goods --received"
    cli.given(f"{log} 2025-08-01\n{log} 2026-08-01")
    assert counts(take(cli, register(2, FILLED + LISTED, 1))) == "11 11 0 0"
    cli.all(f"{log} 2026-09-01")
    told = problems(take(cli, register(7, LISTED, 2)))
    assert told == [f"{line} {row[3]}" for line, row in enumerate(LISTED, 2)]
    assert counts(take(cli, register(2, FILLED, 2))) == "5 0 2 3"
    keys = {"类别": "category", "前次投诉": "previous"}
    for number, row in enumerate(FILLED, 2):
        assert shown(cli, f"2026-{number:04}")[keys[row[0]]] == row[3], row
    assert ledger_problems(cli.path) == []


KEPT = (
    "received complainant item outcome closed told recovered source referral_no headcount"
    " escalated escalation_reason handler remark"
)


def test_a_register_that_was_exported_here_comes_back_as_it_is(cli: Cli) -> None:
    take(
        cli,
        f"""
        {HEAD} | 处理结果 | 办结日期
        {ROW} | 和解 | 2026-09-02
        A-2 | 2026-09-03 | 李四 | 鞋 | 未结 |
        """,
    )
    cli.all("""
        log P001 --complainant 钱七 --item 面 --facts 发霉 --kind goods --received 2026-09-07
        close 2026-0003 --outcome advised --told 2026-09-08
        log P001 --complainant 孙八 --item 米 --facts 发霉 --kind goods --received 2026-09-08
        complaint escalate 2026-0004 --reason 拒绝 --on 2026-09-10
        close 2026-0004 --outcome mediated --recovered 50 --closed 2026-09-25
        log P001 --complainant 孙十 --item 米 --facts 发霉 --kind goods
        complaint void 2026-0005 --reason 重复
        export 2 2026Q3 --point P001 -o 2.xlsx
    """)
    before = cli.path.read_bytes()
    line = "complaint import 2.xlsx --point P001 --json"
    assert counts(cli(line)) == "5 0 0 5"
    assert cli.path.read_bytes() == before
    there = elsewhere(cli)
    assert counts(there(line)) == "5 4 0 1"
    here, now_there = listed(cli), listed(there)
    told = {*KEPT.split()} - {"source"}  # a register does not tell direct from unknown
    for number, each in now_there.items():
        assert {key: each[key] for key in told} == {key: here[number][key] for key in told}


def test_a_register_exported_under_an_earlier_name_changes_nothing(cli: Cli) -> None:
    """Neither the open case nor the closed one is of a tenant."""
    cli.all("""
        log P001 --complainant 钱七 --item 面 --facts 发霉 --kind goods --received 2026-09-07
        close 2026-0001 --outcome settled --closed 2026-09-08
        log P001 --complainant 孙八 --item 米 --facts 发霉 --kind goods --received 2026-09-08
        export 2 2026Q3 --point P001 -o 2.xlsx
    """)
    exported = cli.path.read_bytes()
    for renamed in (
        "--name 东门新百货",
        "--host 东门百货公司",
        "--host 东门百货公司 --on 2026-09-01",
    ):
        cli.path.write_bytes(exported)
        cli.all(f"point amend P001 {renamed}\npoint amend P001 --name 东门广场")
        before = cli.path.read_bytes()
        assert counts(cli("complaint import 2.xlsx --point P001 --json")) == "2 0 0 2", renamed
        assert cli.path.read_bytes() == before


LONG = {"LONG": "修" * 5000, "GROUND": "拒" * 5000, "DATED": "2026年8月3日送修 两次，" * 300}


REMARKS = cells("""
    F-7 | 1 |           |           | 分流单号：F-7
    F-7 | 1 | 送修 两次 |           | 分流单号：F-7 送修 两次
        | 1 |           | 拒绝 调解 | 2026年9月23日报请工商所：拒绝 调解
        | 1 | 送修      | 拒绝      | 送修 2026年9月23日报请工商所：拒绝
    F-7 | 1 |           | 拒绝      | 分流单号：F-7 2026年9月23日报请工商所：拒绝
    F-7 | 1 | 送修 两次 | 拒绝      | 分流单号：F-7 送修 两次 2026年9月23日报请工商所：拒绝
        | 1 | 送修      |           | 送修
    F-7 | 1 | LONG      | GROUND    | 分流单号：F-7 LONG 2026年9月23日报请工商所：GROUND
        | 1 | DATED     |           | DATED
        | 3 |           |           | 涉及3人
    F-7 | 3 | 送修      | 拒绝      | 分流单号：F-7 涉及3人 送修 2026年9月23日报请工商所：拒绝
""")


def test_what_the_remarks_of_an_exported_register_tell_is_put_back(cli: Cli) -> None:
    """Each is of another complaint."""
    expected = dict[str, str]()
    for place, row in enumerate(REMARKS, 1):
        for word, text in LONG.items():
            row = [each.replace(word, text) for each in row]
        referral, headcount, remark, reason, expected[number := f"2026-{place:04}"] = row
        boxes = f"--source referred --referral-no {referral}" if referral else "--source other"
        boxes += f" --remark '{remark}'" if remark else ""
        boxes += f" --headcount {headcount}"
        cli.logged(f"--received 2026-09-21 {boxes}")
        if reason:
            cli.all(f"complaint escalate {number} --reason '{reason}' --on 2026-09-23")
    cli.all("export 2 2026Q3 --point P001 -o 2.xlsx")
    told: dict[str, list[str]] = {each: [] for each in expected}
    for line in CalamineWorkbook.from_path("2.xlsx").get_sheet_by_index(0).to_python():
        number = next((each for each in expected if each in line), number)
        if number in line or line[0] == "续":
            told[number].append(str(line[19]))
    assert {each: join_marked_lines("\n".join(texts)) for each, texts in told.items()} == expected
    there = elsewhere(cli)
    for ledger, came in ((there, "11 11 0 0"), (there, "11 0 0 11"), (cli, "11 0 0 11")):
        assert counts(ledger("complaint import 2.xlsx --point P001 --json")) == came
    here, now_there = (
        {
            number: {key: each[key] for key in KEPT.split()}
            for number, each in listed(ledger).items()
        }
        for ledger in (cli, there)
    )
    assert now_there == here and here.keys() == expected.keys()


def test_a_remark_of_its_own_is_no_longer_than_elsewhere(cli: Cli) -> None:
    [problem] = problems(take(cli, f"{HEAD} | 备注\n{ROW} | {'修' * 5001}"))
    assert problem.endswith(": 5001 characters are too many; at most 5000 are allowed")


TWO = f"""
    {HEAD}
    A-1 | 2026-09-01 | 张三 | 电饭锅
    A-2 | 2026-09-01 | 李四 | 运动鞋
"""


@table("""
    others                                  | compared | done    | problem
    log P001 --complainant 孙 --item 锅 --facts 漏 --kind goods | 1 | 2 2 0 0 |
    point amend P002 --stalls 100           | 2        | 2 2 0 0 |
    complaint import same.csv --point P001  | 2        | 2 1 0 1 |
    complaint import other.csv --point P001 | 2        | 2 0 0 0 | 2026-0001 has a different one
""")
def test_a_register_is_compared_again_where_others_wrote_what_it_tells_of(
    others: str, compared: str, done: str, problem: str, cli: Cli
) -> None:
    write(f"{HEAD}\n{ROW}", "same.csv")
    write(f"{HEAD}\n{ROW.replace('张三', '王五')}", "other.csv")
    plans, written = [], list[str]()
    plan, lock = intake.compare_entries, Desk.write

    def planned(*given: Any, **how: Any) -> intake.Intake:
        plans.append(given)
        return plan(*given, **how)

    def locked(*given: Any, **how: Any) -> Any:
        if not written:
            written.append(others)
            cli.all(others)
            del plans[1:]
        return lock(*given, **how)

    cli.set.setattr(intake, "compare_entries", planned)
    cli.set.setattr(Desk, "write", locked)
    result = take(cli, TWO)
    assert (len(plans), counts(result)) == (int(compared), done)
    assert [each["problem"] for each in result.json["problems"]] == [problem] * bool(problem)


def test_a_register_is_compared_again_where_a_backup_was_restored(cli: Cli) -> None:
    def locked(*given: Any, **how: Any) -> Any:
        cli.set.setattr(Desk, "write", lock)
        cli.all("ledger restore before.sqlite")
        return lock(*given, **how)

    lock = Desk.write
    cli.all("ledger backup before.sqlite")
    take(cli, f"{HEAD}\n{ROW}")
    cli.set.setattr(Desk, "write", locked)
    assert counts(take(cli, TWO)) == "2 2 0 0"


def test_a_backup_restored_between_the_acts_of_a_long_register_is_told(cli: Cli) -> None:
    cli.set.setattr(intake, "_IN_ONE_ACT", 1)
    cli.all("ledger backup before.sqlite")
    write_between(cli, 2, "ledger restore before.sqlite")
    result = take(cli, TWO)
    told = (
        "Error: A backup was restored during the import, so the ledger has only the rows of "
        "that backup. Run the same command again to import the rest.\n"
    )
    assert (result.code, result.err, numbered(cli)) == (3, told, [])
    assert counts(take(cli, TWO)) == "2 2 0 0"
    cli.all("ledger check")


def test_others_write_while_a_register_is_compared(cli: Cli) -> None:
    def stored(*given: Any) -> Any:
        held.append(given)
        if len(held) > 1:
            cli.log()
        return real(*given)

    real, held = known_complaint, list[Any]()
    cli.set.setattr(intake, "_HELD", 1)
    cli.set.setattr(intake, "known_complaint", stored)
    assert counts(take(cli, TWO)) == "2 2 0 0"
    assert [row["complainant"] for row in listed(cli).values()] == ["张三", "张三", "李四"]


def test_what_others_log_while_a_register_is_laid_out_is_numbered_before_it(cli: Cli) -> None:
    write_between(cli, 1, "log P001 --complainant 孙 --item 锅 --facts 漏 --kind goods")
    assert counts(take(cli, TWO)) == "2 2 0 0"
    assert numbered(cli) == ["2026-0001 孙", "2026-0002 张三", "2026-0003 李四"]


def test_others_write_between_the_acts_of_a_long_register(cli: Cli) -> None:
    cli.set.setattr(intake, "_IN_ONE_ACT", 1)
    write_between(cli, 2, "log P001 --complainant 孙 --item 锅 --facts 漏 --kind goods")
    assert counts(take(cli, TWO)) == "2 2 0 0"
    assert numbered(cli) == ["2026-0001 张三", "2026-0002 孙", "2026-0003 李四"]
    cli.all("ledger check")


@table("""
    others                        | code | why
                                  | 130  | interrupted.
    point amend P002 --stalls 100 | 3    | Others changed some of these complaints; import again.
""")
def test_a_long_register_that_is_broken_off_goes_on_by_the_same_command(
    others: str, code: str, why: str, cli: Cli
) -> None:
    cli.set.setattr(intake, "_IN_ONE_ACT", 1)
    write_between(cli, 2, others)
    result = take(cli, TWO)
    told = "1 of 2 rows are imported. Run the same command again to import the rest."
    assert (result.code, result.err) == (int(code), f"{told}\nError: {why}\n")
    assert numbered(cli) == ["2026-0001 张三"]
    assert counts(take(cli, TWO)) == "2 1 0 1"
    assert numbered(cli) == ["2026-0001 张三", "2026-0002 李四"]


def write_between(cli: Cli, act: int, others: str) -> None:
    """Have others write once this act of an import is laid out, or Ctrl-C pressed if nothing."""

    def laid_out(*given: Any, **how: Any) -> None:
        acts.append(given)
        lay_out(*given, **how)
        if len(acts) == act:
            if not others:
                raise KeyboardInterrupt
            cli.all(others)

    acts, lay_out = list[Any](), taking_in.lay_out_new
    cli.set.setattr(taking_in, "lay_out_new", laid_out)


def numbered(cli: Cli) -> list[str]:
    return [f"{number} {row['complainant']}" for number, row in listed(cli).items()]


NUMBERED = """
    登记编号 | 受理日期   | 投诉人 | 联系电话      | 商品/服务名称
    1        | 2026-09-01 | 张三   | 139-0000-1111 | 电饭锅
    2        | 2026-09-02 | 李 四  |               | 运动鞋
    3        | 2026-09-03 | 王五   | 0591-87650001 | 毛毯
"""
ELSEWHERE = (
    "--point P002 --fill 来源=直接 --fill 受理方式=来人 --fill 问题类别=其他 --fill 性质=其他类"
)


@table("""
    was           | becomes                | rows
    139-0000-1111 | １３９００００１１１１ | 2 3 4
    2026-09-01    | 2026-09-08             | 2 3 4
    李 四         | 李四                   | 2 3 4
    139-0000-1111 | 13900001112            | 3 4
    王五          | 王六                   | 2 3
    3             | 4                      | 2 3
""")
def test_rows_that_another_point_has_are_told_before_they_are_written(
    was: str, becomes: str, rows: str, cli: Cli
) -> None:
    write(NUMBERED)
    cli.given("complaint import a.csv --point P001")
    changed = [[becomes if each == was else each for each in row] for row in cells(NUMBERED)]
    other = "\n".join(map(" | ".join, changed))
    told = ", ".join(f"row {row}: 2026-000{int(row) - 1} P001" for row in rows.split())
    assert take(cli, other, f"{ELSEWHERE} --dry-run").err == (
        "Another point already has rows with the same register number, name and phone: "
        f"{len(rows.split())}, such as {told}. Is this the right point?\n"
    )


def test_rows_that_another_point_has_are_imported_and_are_then_its_own(cli: Cli) -> None:
    take(cli, NUMBERED)
    assert "Is this the right point?" in take(cli, NUMBERED, ELSEWHERE).err
    assert len(listed(cli)) == 6
    assert take(cli, NUMBERED, ELSEWHERE).err == ""


def test_rows_that_are_void_at_another_point_are_no_matter(cli: Cli) -> None:
    take(cli, NUMBERED)
    cli.all("complaint void 1 2 3 --reason 服务点导错")
    assert take(cli, NUMBERED, ELSEWHERE).err == ""


@table("""
    answer | code | imported
    y      | 0    | 3
    n      | 130  | 0
""")
def test_on_a_terminal_rows_that_another_point_has_are_asked_for(
    answer: str, code: str, imported: str, cli: Cli
) -> None:
    take(cli, NUMBERED)
    line = "complaint import a.csv --point P002"
    found, seen = cli.talk(line, f"Import them anyway? [y/n]>{answer}")
    assert found == int(code)
    assert len(cli("complaint list --point P002 --json").json) == int(imported)
    back = "To undo this: ledger12315 complaint void --import 6 --reason REASON"
    assert (back in seen) == bool(int(imported))


def test_a_0_beside_an_open_complaint_does_not_say_what_its_closing_recovered(cli: Cli) -> None:
    take(cli, register_with("挽回经济损失", "0"))
    cli.all("close 2026-0001 --outcome mediated")
    assert shown(cli)["recovered"] is None
