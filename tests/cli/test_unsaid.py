"""Boxes left empty: empty in the ledger, blank on forms, counted as 0 with a note."""

from pathlib import Path

from tests.cli.conftest import Cli, scenes

TWO = """
    log P001 --complainant 张三 --item 鞋 --facts 坏 --category clothing --purchase 399 \
        --received 2026-07-06
    log P001 --complainant 李四 --item 帽 --facts 坏 --category clothing --received 2026-07-06
"""


@scenes(r"""
# what nobody recovered is not stated, and that is told with each sum
+ close 2026-1 2026-2 --outcome settled --closed 2026-07-07
$ complaint amend 2026-2 --recovered 20
2026-0002 is amended: recovered.
! More is recovered (20.00 yuan) than was in dispute (0.00 yuan), but no multiple damages are \
    given: is it right?
$ rollup 3 2026Q3 --cases recovered_unstated --csv
BOM number,kind,point,received,closed,value
2026-0001,complaint,P001,2026-07-06,2026-07-07,1
$ rollup 6 2026Q3 --csv
…
total,2,0,0,2,0,0,1,0,2,0,2,2,399.00,20.00,…
! Closed complaints whose recovered amount is not stated, counted as 0: 1.
…
@ zh
$ 汇总 3 2026Q3 --csv
…
22,recovered,挽回经济损失,元,20.00,20.00,0.00,0.00,0.00,0.00,0.00
…
! 未填挽回金额 1 件，按0元计。
…
# the amount in dispute follows what was paid, until somebody says another
+ complaint amend 2026-1 --purchase 299
$ rollup 3 2026Q3 --cases disputed --csv
BOM number,kind,point,received,closed,value
2026-0001,complaint,P001,2026-07-06,,299.00
2026-0002,complaint,P001,2026-07-06,,0.00
+ complaint amend 2026-1 --disputed 100
+ complaint amend 2026-1 --purchase 500
$ complaint list --at-least 99 --csv
…
2026-0001,…,500.00,100.00,坏,…
+ complaint amend 2026-1 --disputed ''
$ complaint list --at-least 499 --csv
…
2026-0001,…,500.00,500.00,坏,…
# without a category the kind must be said again
$ complaint amend 2026-1 --category ''
! Error: Missing: category.
[2]
+ complaint amend 2026-1 --category '' --kind service
$ complaint amend 2026-1 --category food
2026-0001 is amended: category.
! This also changes: kind from service to goods.
""")
def test_in_words(script: str, cli: Cli) -> None:
    cli.given(TWO)
    cli.plays(script)


def test_a_correction_follows_from_what_was_paid(cli: Cli) -> None:
    cli.given(TWO)
    cli.all("returns submit 2026Q3", "2026-10-12")
    told = cli("complaint amend 2026-1 --purchase 299", today="2026-10-12")
    assert "This changes submitted figures of 2026Q3" in told.err
    found = cli("returns corrections 2026Q3 --json", today="2026-10-12").json
    assert [
        (each["key"], each["type"], each["difference"], each["numbers"]) for each in found
    ] == [
        ("disputed", "total", "-100.00", ["2026-0001"]),
        ("disputed", "mall", "-100.00", ["2026-0001"]),
    ]


def test_forms_leave_it_blank_and_note_how_many(cli: Cli) -> None:
    cli.given(TWO)
    cli.all("close 2026-1 --outcome settled --closed 2026-07-07")
    cli.all("close 2026-2 --outcome settled --closed 2026-07-07 --recovered 0")
    for form, noted in {"2": 1, "3": 1, "6": 1, "1": 0}.items():
        text = cli.text(f"export {form} 2026Q3")
        assert text.count("未填挽回金额1件，按0计。") == noted, form
    for number, recovered in {1: "", 2: "0.00元"}.items():
        text = cli.text(f"export 1 --number 2026-{number}")
        assert f"label='挽回经济损失', value='{recovered}'" in text


def test_a_register_that_says_less_leaves_more_empty(cli: Cli) -> None:
    heading = "登记编号,受理日期,投诉人,商品/服务名称,类别,消费金额,处理结果,办结日期"
    write(f"{heading}\n1,2026-07-06,张三,鞋,服装鞋帽,399,和解,2026-07-07\n")
    cli.all("complaint import book.csv --point P001")
    columns = "kind, disputed, recovered, multiple_damages, handler, headcount"
    assert cli.sql(f"SELECT {columns} FROM complaint") == [(None,) * 6]
    shown = cli("complaint show 2026-1 --json").json
    keys = ("kind", "disputed", "recovered", "multiple_damages", "handler", "headcount")
    assert [shown[key] for key in keys] == ["goods", "399.00", None, None, "林秀珍", 1]
    # What was derived is the same when a register says it, and is added where nobody had.
    more = f"{heading},性质,争议金额,经办人\n"
    write(f"{more}1,2026-07-06,张三,鞋,服装鞋帽,399,和解,2026-07-07,商品类,399,林秀珍\n")
    assert cli("complaint import book.csv --point P001 --json").json["skipped"] == 1


def test_a_register_adds_to_an_open_complaint_what_nobody_had_said(cli: Cli) -> None:
    heading = "登记编号,受理日期,投诉人,商品/服务名称,消费金额"
    write(f"{heading}\n1,2026-07-06,张三,鞋,399\n")
    cli.all("complaint import book.csv --point P001")
    row = "1,2026-07-06,张三,鞋,399,服装鞋帽,300,王五"
    write(f"{heading},类别,争议金额,经办人\n{row}\n")
    assert cli("complaint import book.csv --point P001 --json").json["updated"] == 1
    shown = cli("complaint show 2026-1 --json").json
    keys = ("kind", "category", "disputed", "handler")
    assert [shown[key] for key in keys] == ["goods", "clothing", "300.00", "王五"]


def write(text: str) -> None:
    Path("book.csv").write_text(text, "utf-8")
