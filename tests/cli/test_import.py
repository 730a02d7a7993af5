"""`complaint import`: a point's register is taken in wholly, and again next month."""

from pathlib import Path

from openpyxl import load_workbook

from ledger12315.ledger.audit.check import ledger_problems
from tests.cli.conftest import Cli, table
from tests.cli.registers import HEAD, ROW, counts, problems, shown, take


def test_a_register_with_all_that_stands_around_it(cli: Cli) -> None:
    result = take(
        cli,
        """
        东门商场消费投诉登记簿
        填报单位：东门商场 | | | 报告期：2026年第三季度

        序号 | 登记编号 | 受理日期 | 投诉人 | 联系电话 | 商品/服务名称 | 争议金额(元) | 处理结果 | 办结日期 | 备注
        1 | A-1 | 2026.9.1 | 张三 | 13900001234 | 电饭锅 | 1,299.5元 | 和解 | 2026-9-2 |
        2 | A-2 | 46268 | 李四 | 5918765432 | 运动鞋 | ２００ | 未结 | — | 送修
        序号 | 登记编号 | 受理日期 | 投诉人 | 联系电话 | 商品/服务名称 | 争议金额(元) | 处理结果 | 办结日期 | 备注
        3 | | | | | | | | |
        小 计 | | | | | | 1499.50 | | |
        4 | A-3 | 2026年9月4日 | 王五 | | 米 | / | 调解成功 | 2026/9/9 0:00 |
        合计 | 3 | | | | | 1499.50 | | 2 |
        单位负责人（盖章）: | | 审核人: | | 填表人: | | | | |
        注:1.争议金额以元计。
           2.未结的下月续填。
        """,
    )
    assert (result.code, result.err, counts(result), problems(result)) == (0, "", "3 3 0 0", [])
    assert [
        row[:5]
        for row in cli.sql("SELECT number, external_no, received, disputed, phone FROM complaint")
    ] == [
        ("2026-0001", "A-1", "2026-09-01", 129950, "13900001234"),
        ("2026-0002", "A-2", "2026-09-03", 20000, "05918765432"),
        ("2026-0003", "A-3", "2026-09-04", 0, None),
    ]
    assert ledger_problems(cli.path) == []


def test_what_is_filled_in_is_what_log_fills_in(cli: Cli) -> None:
    cli.log("--received 2026-09-01 --kind other")
    take(cli, f"{HEAD} | 消费金额\nA-1 | 2026-09-01 | 张三 | 电饭锅 | 329")
    logged, imported = shown(cli, "2026-0001"), shown(cli, "2026-0002")
    assert {
        key: (logged[key], imported[key]) for key in logged if logged[key] != imported[key]
    } == {
        "number": ("2026-0001", "2026-0002"),
        "purchase": (None, "329.00"),
        "disputed": ("0.00", "329.00"),
        "facts": ("不加热", ""),
    }


def test_english_headings_in_any_order_and_every_box(cli: Cli) -> None:
    cli.log("--received 2026-08-01")
    boxes = {
        "item": "电饭锅",
        "external_no": "9",
        "point": "南门",
        "complainant": "张三",
        "received": "2026-09-01",
        "source": "referred",
        "referral_no": "F-1",
        "referred": "2026-08-31",
        "channel": "电话",
        "phone": "13900001234",
        "consumer_address": "一路",
        "respondent": "五号摊",
        "respondent_contact": "李四",
        "respondent_address": "二路",
        "respondent_phone": "13900001235",
        "brand": "甲",
        "model": "乙",
        "quantity": "2",
        "bought": "2026-08-30",
        "voucher": "小票",
        "category": "food",
        "problem": "质量",
        "purchase": "3",
        "disputed": "2",
        "facts": "发霉",
        "request": "退货,赔偿",
        "promised": "2026-09-20",
        "handling": "协商",
        "agreement": "退款",
        "approved": "2026-09-03",
        "perform_by": "2026-09-30",
        "performed": "2026-09-04",
        "multiple_damages": "1",
        "handler": "王五",
        "told": "2026-09-02",
        "answered": "2026-09-03",
        "answered_how": "电话",
        "rating": "满意",
        "outcome": "和解",
        "closed": "2026-09-03",
        "recovered": "2",
        "archive_no": "7",
        "remark": "无误",
        "previous": "2026-0001",
        "escalated": "2026-09-02",
        "escalation_reason": "拒绝",
        "kind": "goods",
    }
    result = take(cli, f"{' | '.join(boxes)}\n{' | '.join(boxes.values())}", "--json")
    assert (result.code, counts(result)) == (0, "1 1 0 0")
    words = {
        "channel": "phone",
        "problem": "quality",
        "request": "return,refund",
        "rating": "satisfied",
        "outcome": "settled",
    }
    words |= {
        "request": "return,compensation",
        "purchase": "3.00",
        "disputed": "2.00",
        "multiple_damages": "1.00",
    }
    expected = (
        boxes | words | {"recovered": "2.00", "point": "P002", "type": "market", "state": "closed"}
    )
    del expected["external_no"]
    found = shown(cli, "2026-0002")
    assert {key: found[key] for key in expected} == expected


def test_numbers_follow_the_order_of_receipt_by_year(cli: Cli) -> None:
    cli.log("--received 2026-02-01")
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
    assert cli.sql("SELECT number, complainant FROM complaint ORDER BY number") == [
        ("2025-0001", "甲"),
        ("2026-0001", "张三"),
        ("2026-0002", "乙"),
        ("2026-0003", "丙"),
        ("2026-0004", "丁"),
    ]


def test_twice_changes_nothing_and_writes_nothing(cli: Cli) -> None:
    text = f"{HEAD} | 处理结果 | 办结日期 | 告知日期\n{ROW} | 和解不成 | 2026-09-02 | \nA-2 | 2026-09-03 | 李四 | 鞋 | 未结 | |"
    assert counts(take(cli, text)) == "2 2 0 0"
    before = cli.path.read_bytes()
    assert counts(take(cli, text)) == "2 0 0 2"
    assert cli.path.read_bytes() == before
    assert shown(cli)["told"] == "2026-09-02"


def test_last_month_s_open_case_now_closed_is_filled(cli: Cli) -> None:
    take(cli, f"{HEAD} | 争议金额 | 处理结果\n{ROW} | | 未结")
    result = take(
        cli,
        f"{HEAD} | 争议金额 | 处理结果 | 办结日期 | 挽回经济损失\n{ROW} | 300 | 和解 | 2026-09-20 | 200",
    )
    assert (result.code, counts(result)) == (0, "1 0 1 0")
    found = shown(cli)
    assert [found[key] for key in ("state", "closed", "recovered", "disputed")] == [
        "closed",
        "2026-09-20",
        "200.00",
        "300.00",
    ]
    assert cli.sql("SELECT closed_entered IS NOT NULL FROM complaint") == [(1,)]
    assert "complaint import" in cli("ledger history 2026-0001").out
    assert ledger_problems(cli.path) == []


@table("""
    heading  | stood  | stands     | came
    类别     |        | 食品       | 1 0 1 0: category food, kind goods, previous None
    类别     | 食品   | 食品       | 1 0 0 1: category food, kind goods, previous None
    类别     | 食品   | 旅游       | 2 类别: 旅游: 2026-0002 has 食品; 2 None: 服务类: 2026-0002 has 商品类
    性质     | 服务类 | 商品类     | 2 性质: 商品类: 2026-0002 has 服务类
    前次投诉 |        | 2026-1     | 1 0 1 0: category None, kind other, previous 2026-0001
    前次投诉 | 2026-1 | 2026-0001  | 1 0 0 1: category None, kind other, previous 2026-0001
    前次投诉 | 2026-1 |            | 1 0 0 1: category None, kind other, previous 2026-0001
    前次投诉 | 2026-1 | 2025-1     | 2 前次投诉: 2025-0001: 2026-0002 has 2026-0001
    前次投诉 |        | 2026-9     | 2 前次投诉: 2026-0009: there is no such complaint before it
    前次投诉 |        | 2026-2     | 2 前次投诉: 2026-0002: there is no such complaint before it
    前次投诉 |        | 2026-3     | 2 前次投诉: 2026-0003: there is no such complaint before it
""")
def test_a_box_of_last_month_s_open_case_is_filled_or_listed(
    heading: str, stood: str, stands: str, came: str, cli: Cli
) -> None:
    for day in ("2025-08-01", "2026-08-01"):
        cli.log(f"--received {day}")
    assert counts(take(cli, f"{HEAD} | {heading}\n{ROW} | {stood}")) == "1 1 0 0"
    cli.log("--received 2026-09-01")
    result = take(cli, f"{HEAD} | {heading}\n{ROW} | {stands}")
    now = ", ".join(
        f"{key} {shown(cli, '2026-0002')[key]}" for key in ("category", "kind", "previous")
    )
    assert ("; ".join(problems(result)) or f"{counts(result)}: {now}") == came
    assert ledger_problems(cli.path) == []


def test_as_text(cli: Cli) -> None:
    assert take(cli, f"{HEAD}\n{ROW}", "--point P001 --dry-run").out == (
        "Dry run, nothing was changed. 1 rows: 1 imported, 0 filled in, 0 known already or void.\n"
    )
    assert cli.sql("SELECT count(*) FROM complaint") == [(0,)]
    assert (
        take(cli, f"{HEAD}\n{ROW}", "--point P001").out
        == "1 rows: 1 imported, 0 filled in, 0 known already or void.\n"
    )
    assert (
        take(cli, f"{HEAD}\nA-1 | 2026-09-01 | 李四 | 电饭锅", "--point P001").out
        == "\t2\t投诉人\t李*\t2026-0001 has another\n"
    )
    assert (
        "\t李四\t"
        in take(cli, f"{HEAD}\nA-1 | 2026-09-01 | 李四 | 电饭锅", "--point P001 --reveal").out
    )


def test_a_register_that_was_exported_here_comes_back_as_it_is(cli: Cli, tmp_path: Path) -> None:
    take(
        cli,
        f"{HEAD} | 处理结果 | 办结日期\n{ROW} | 和解 | 2026-09-02\nA-2 | 2026-09-03 | 李四 | 鞋 | 未结 |",
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
    assert counts(cli("complaint import 2.xlsx --point P001 --json")) == "5 0 0 5"
    assert cli.path.read_bytes() == before
    there = Cli(tmp_path / "there.sqlite", cli.set)
    there.all("""
        init --station 西门所 --county 榕溪县
        register 东门商场 --type mall --area 500 --capital 80万 --turnover 300万 --since 2026-01-05 --liaison 林秀珍
    """)
    assert counts(there("complaint import 2.xlsx --point P001 --json")) == "5 4 0 1"
    keys = (
        *("received", "complainant", "item", "outcome", "closed", "told", "recovered"),
        *("escalated", "escalation_reason", "handler", "remark"),
    )
    for number in range(1, 5):
        here, now_there = (shown(each, f"2026-000{number}") for each in (cli, there))
        assert [now_there[key] for key in keys] == [here[key] for key in keys]


def test_the_number_of_a_referral_is_found_in_the_remark(cli: Cli) -> None:
    assert take(cli, f"{HEAD} | 来源 | 备注\n{ROW} | 工商部门分流 | 分流单号：F-7 送修").code == 0
    assert [shown(cli)[key] for key in ("referral_no", "remark")] == ["F-7", "送修"]


@table("""
    referral | remark    | reason    | told
    F-7      |           |           | 分流单号：F-7
    F-7      | 送修 两次 |           | 分流单号：F-7 送修 两次
             |           | 拒绝 调解 | 2026-09-23报请工商所：拒绝 调解
             | 送修      | 拒绝      | 送修 2026-09-23报请工商所：拒绝
    F-7      |           | 拒绝      | 分流单号：F-7 2026-09-23报请工商所：拒绝
    F-7      | 送修 两次 | 拒绝      | 分流单号：F-7 送修 两次 2026-09-23报请工商所：拒绝
             | 送修      |           | 送修
""")
def test_what_the_remark_of_an_exported_register_tells_is_put_back(
    referral: str, remark: str, reason: str, told: str, cli: Cli, tmp_path: Path
) -> None:
    boxes = f"--source referred --referral-no {referral}" if referral else "--source other"
    cli.log(f"--received 2026-09-21 {boxes} --remark '{remark}'")
    cli.all(f"complaint escalate 2026-1 --reason '{reason}' --on 2026-09-23" if reason else "")
    cli.all("export 2 2026Q3 --point P001 -o 2.xlsx")
    assert [
        row[19] for row in load_workbook("2.xlsx").worksheets[0].values if row[1] == "2026-0001"
    ] == [told]
    there = Cli(tmp_path / "there.sqlite", cli.set)
    there.all("""
        init --station 西门所 --county 榕溪县
        register 东门商场 --type mall --area 500 --capital 80万 --turnover 300万 --since 2026-01-05 --liaison 林秀珍
    """)
    for ledger, came in ((there, "1 1 0 0"), (there, "1 0 0 1"), (cli, "1 0 0 1")):
        assert counts(ledger("complaint import 2.xlsx --point P001 --json")) == came
    keys = (
        "received",
        "source",
        "referral_no",
        "complainant",
        "item",
        "escalated",
        "escalation_reason",
        "handler",
        "remark",
    )
    assert [shown(there)[key] for key in keys] == [shown(cli)[key] for key in keys]


def test_the_longest_remark_of_an_exported_register_comes_back(cli: Cli, tmp_path: Path) -> None:
    remark, reason = "修" * 5000, "拒" * 5000
    cli.log(f"--received 2026-09-21 --source referred --referral-no F-7 --remark {remark}")
    cli.all(
        f"complaint escalate 2026-1 --reason {reason} --on 2026-09-23\nexport 2 2026Q3 --point P001 -o 2.xlsx"
    )
    there = Cli(tmp_path / "there.sqlite", cli.set)
    there.all("""
        init --station 西门所 --county 榕溪县
        register 东门商场 --type mall --area 500 --capital 80万 --turnover 300万 --since 2026-01-05 --liaison 林秀珍
    """)
    for ledger, came in ((there, "1 1 0 0"), (there, "1 0 0 1"), (cli, "1 0 0 1")):
        assert counts(ledger("complaint import 2.xlsx --point P001 --json")) == came
    found = shown(there)
    assert (found["referral_no"], found["remark"], found["escalation_reason"]) == (
        "F-7",
        remark,
        reason,
    )


def test_a_remark_of_its_own_is_no_longer_than_elsewhere(cli: Cli) -> None:
    [problem] = problems(take(cli, f"{HEAD} | 备注\n{ROW} | {'修' * 5001}"))
    assert problem.endswith(": 5001 characters are too many; at most 5000 fit")


def test_void_rows_are_passed_over_once_and_again(cli: Cli) -> None:
    register = (
        f"{HEAD} | 处理结果 | 备注\n{ROW} | |\nA-2 | 2026-09-02 | | | 作废 | 2026-09-03 重复"
    )
    assert counts(take(cli, register)) == "2 1 0 1"
    assert cli("complaint void 2026-0001 --reason 重复").code == 0
    assert problems(take(cli, register))[0].endswith(
        "it is void in one of the two, the register and 2026-0001"
    )
    assert counts(take(cli, f"{HEAD} | 处理结果\n{ROW} | 作废")) == "1 0 0 1"


def test_what_was_erased_is_not_asked_for_again(cli: Cli) -> None:
    register = f"{HEAD} | 处理结果 | 办结日期\nA-1 | 2020-03-02 | 张三 | 锅 | 和解 | 2020-03-03"
    assert counts(take(cli, register)) == "1 1 0 0"
    assert cli("complaint erase 2020-0001").code == 0
    assert counts(take(cli, register)) == "1 0 0 1"


def test_what_was_erased_is_known_by_the_ledgers_own_number_too(cli: Cli) -> None:
    cli.all("""
        log P001 --complainant 张三 --item 锅 --facts 漏气 --kind goods --received 2022-03-01 --phone 13900001111
        close 2022-1 --outcome settled --closed 2022-03-03 --remark 张三已搬走
        export 2 2022 -o register.xlsx
        complaint erase 2022-1
    """)
    before = cli.path.read_bytes()
    assert counts(cli("complaint import register.xlsx --point P001 --json")) == "1 0 0 1"
    assert cli.path.read_bytes() == before


def test_types_and_liaisons_are_those_of_the_day(cli: Cli) -> None:
    cli.all(
        "point amend P001 --type supermarket --on 2026-09-10\npoint amend P001 --liaison 王五 --on 2026-09-10"
    )
    take(
        cli,
        f"{HEAD}\nA-1 | 2026-09-09 | 张三 | 锅\nA-2 | 2026-09-10 | 张三 | 锅\nA-3 | 2026-01-02 | 张三 | 锅",
    )
    assert cli.sql("SELECT external_no, type, handler FROM complaint ORDER BY external_no") == [
        ("A-1", "mall", "林秀珍"),
        ("A-2", "supermarket", "王五"),
        ("A-3", "mall", None),
    ]


def test_a_retired_point_and_one_not_yet_set_up(cli: Cli) -> None:
    cli.all("point retire P002 --on 2026-09-05")
    row = "A-1 | 2026-09-05 | 张三 | 锅"
    assert problems(take(cli, f"{HEAD}\n{row}", "--point P002 --json")) == [
        "2 受理日期: 2026-09-05: 南门市场 was retired on 2026-09-05"
    ]
    early = take(cli, f"{HEAD}\nA-1 | 2025-09-05 | 张三 | 锅")
    assert (early.code, early.err) == (0, "Received before their point was set up: 1\n")
