"""Incomplete registers: restarted numbers, missing columns, unknown words, doubtful cells."""

from pathlib import Path

from tests.cli.conftest import Cli, scenes
from tests.rows import table

HEAD = "序号,受理日期,投诉人,商品/服务名称,类别,受理方式,来源,问题类别"
AUGUST = f"{HEAD}\n1,2026-08-03,张三,鞋,服装鞋帽,来人,直接,质量\n2,2026-08-20,李四,帽,服装鞋帽,来人,直接,质量\n"
SEPTEMBER = AUGUST.replace("2026-08", "2026-09").replace("张三", "王五").replace("李四", "赵六")


def write(name: str, text: str) -> None:
    Path(name).write_text(text, "utf-8")


TAKE = "complaint import {} --point P001 --map 序号=登记编号"


@scenes(r"""
# the clash is recognised, and each way out is told
$ complaint import 9.csv --point P001
 | 2 | 序号 | 1 | 2026-0001 of 2026-08-03 already has this number
 | 3 | 序号 | 2 | 2026-0002 of 2026-08-20 already has this number
! The numbers seem to restart (rows: 2). Leave them out with --map 序号=-, or put the month in \
    front of them with --map 序号=monthly_no.
! Error: 9.csv was not imported and nothing was changed. Problems: 2
[5]
@ zh
$ 投诉 导入 9.csv --服务点 P001
 | 2 | 序号 | 1 | 2026-08-03 受理的 2026-0001 已用这个号
 | 3 | 序号 | 2 | 2026-08-20 受理的 2026-0002 已用这个号
! 序号像是重新编了（2 行）。不要这列编号：--对应 序号=-；在前面加上月份：--对应 序号=每月序号。
! 错误：9.csv 未导入，台账未改动。问题 2 个
[5]
# without the numbers a row is known by its day, consumer and goods
$ complaint import 9.csv --point P001 --map 序号=-
Rows: 2; 2 imported, 0 filled in, 0 known already or void.
$ complaint import 9.csv --point P001 --map 序号=-
Rows: 2; 0 imported, 0 filled in, 2 known already or void.
$ complaint import 8.csv --point P001
Rows: 2; 0 imported, 0 filled in, 2 known already or void.
# with the month in front they are numbers as others, for the next month too
$ complaint import 9.csv --point P001 --map 序号=每月序号
Rows: 2; 2 imported, 0 filled in, 0 known already or void.
$ complaint import 9.csv --point P001
Rows: 2; 0 imported, 0 filled in, 2 known already or void.
$ complaint import 8.csv --point P001
Rows: 2; 0 imported, 0 filled in, 2 known already or void.
$ find 2026-09-2
2026-0004 | …
+ ledger check
# a problem of such a number is named by its own heading, that of another cell by that
> a.csv 序号,受理日期,投诉人,商品/服务名称\n1,2026-09-01,张三,\n2,2026-09-01,李四,锅\n2,2026-09-02,王五,碗
$ complaint import a.csv --point P002 --map 序号=每月序号
 | 2 | 商品/服务名称 |  | it is missing
 | 4 | 序号 | 2026-09-2 | row 3 has the same number
! Error: a.csv was not imported and nothing was changed. Problems: 2
[5]
""")
def test_numbers_that_begin_anew(script: str, cli: Cli) -> None:
    write("8.csv", AUGUST)
    write("9.csv", SEPTEMBER)
    cli.all(TAKE.format("8.csv"))
    cli.plays(script)


def test_at_a_terminal_the_month_is_put_in_front_on_a_yes(cli: Cli) -> None:
    write("8.csv", AUGUST)
    write("9.csv", SEPTEMBER)
    cli.all(TAKE.format("8.csv"))
    code, seen = cli.talk("complaint import 9.csv --point P001", "[y/n]>y")
    assert code == 0 and "the number in row 2 becomes 2026-09-1." in seen, seen
    assert [row[0] for row in cli.sql("SELECT external_no FROM complaint")] == [
        *("1", "2"),
        *("2026-09-1", "2026-09-2"),
    ]
    assert cli.talk("complaint import 9.csv --point P001")[0] == 0


@table("""
    heading  | anew
    序号     | True
    登记编号 | False
""")
def test_one_number_that_is_taken_begins_anew_if_it_is_a_running_one(
    heading: str, anew: str, cli: Cli
) -> None:
    write("8.csv", AUGUST)
    cli.all(TAKE.format("8.csv"))
    write("9.csv", "\n".join(SEPTEMBER.splitlines()[:2]).replace("序号", heading))
    told = cli("complaint import 9.csv --point P001")
    assert (told.code, str("seem to restart" in told.err)) == (5, anew)


@scenes(r"""
# of two that are the same, the one that is not void is the row's
+ log P001 --received 2026-09-01 --complainant 张三 --item 鞋 --kind goods --facts 坏
+ complaint void 2026-1 --reason 重复
+ log P001 --received 2026-09-01 --complainant 张三 --item 鞋 --kind goods --facts 坏
$ complaint import 9.csv --point P001 --map 序号=-
Rows: 1; 0 imported, 0 filled in, 1 known already or void.
# whoever was erased does not come back
+ log P001 --received 2022-09-01 --complainant 张三 --item 鞋 --kind goods --facts 坏
+ close 2022-1 --outcome settled --closed 2022-09-05
+ complaint erase 2022-1
$ complaint import old.csv --point P001 --map 序号=-
Rows: 1; 0 imported, 0 filled in, 1 known already or void.
""")
def test_a_row_without_its_number_is_known_again(script: str, cli: Cli) -> None:
    write("9.csv", "序号,受理日期,投诉人,商品/服务名称\n1,2026-09-01,张三,鞋\n")
    write("old.csv", "序号,受理日期,投诉人,商品/服务名称\n1,2022-09-01,张三,鞋\n")
    cli.plays(script)


def test_two_months_in_one_file_begin_anew_too(cli: Cli) -> None:
    write("book.csv", AUGUST + SEPTEMBER.partition("\n")[2])
    told = cli(TAKE.format("book.csv"))
    assert told.code == 5 and "seem to restart (rows: 2)" in told.err
    assert cli(TAKE.format("book.csv").replace("登记编号", "每月序号")).code == 0


@scenes(r"""
# a column of another box stands in for one that is missing
> a.csv 登记编号,受理日期,投诉人,投诉内容,类别\nA-1,2026-09-01,张三,鞋开胶,服装鞋帽
$ complaint import a.csv --point P001 --map 投诉内容=投诉事实
 | 1 | 商品/服务名称 |  | there is no such column
! Error: a.csv was not imported and nothing was changed. Problems: 1
[5]
$ complaint import a.csv --point P001 --map 投诉内容=投诉事实 --map 商品/服务名称=投诉内容 \
    --fill 受理方式=网络 --fill 来源=直接 --fill 问题类别=质量
Rows: 1; 1 imported, 0 filled in, 0 known already or void.
$ complaint show 2026-1 --json
…"channel": "online"…"item": "鞋开胶"…"problem": "quality"…"facts": "鞋开胶"…
# a register that has the column is read as ever
> b.csv 登记编号,受理日期,投诉人,商品/服务名称,投诉内容,类别\nA-2,2026-09-02,李四,帽,褪色,服装鞋帽
$ complaint import b.csv --point P001 --map 投诉内容=投诉事实 --map 商品/服务名称=投诉内容 \
    --fill 来源=直接 --fill 受理方式=来人 --fill 问题类别=质量
Rows: 1; 1 imported, 0 filled in, 0 known already or void.
$ complaint show 2026-1 --json
…"item": "帽"…"facts": "褪色"…
# what stood in for a column is not kept for a register that has it
> a.csv 登记编号,受理日期,投诉人,投诉事实,类别\nA-1,2026-09-01,张三,鞋开胶,服装鞋帽
+ complaint import a.csv --point P001 --map 商品/服务名称=投诉事实
> b.csv 登记编号,受理日期,投诉人,商品/服务名称,投诉事实,类别\nA-2,2026-09-02,李四,帽,褪色,服装鞋帽
+ complaint import b.csv --point P001
$ complaint show 2026-1 --json
…"item": "鞋开胶"…"facts": "鞋开胶"…
$ complaint show 2026-2 --json
…"item": "帽"…"facts": "褪色"…
# a heading of two rows has no text above it
> a.csv 登记编号,受理日期,投诉人,,商品/服务名称\n,,姓名,联系电话,\nA-1,2026-09-01,张三,13900001234,锅
$ complaint import a.csv --point P001
Rows: 1; 1 imported, 0 filled in, 0 known already or void.
! Not stated, …
# of the column nothing else need be said
> a.csv 登记编号,受理日期,投诉人,投诉内容,类别,受理方式,来源,问题类别\n\
    A-1,2026-09-01,张三,鞋开胶,服装鞋帽,来人,直接,质量
$ complaint import a.csv --point P001 --map 商品/服务名称=投诉内容
Rows: 1; 1 imported, 0 filled in, 0 known already or void.
$ complaint show 2026-1 --json
…"item": "鞋开胶"…"facts": ""…
# a constant fills what no cell does, and is read as a cell is
> a.csv 登记编号,受理日期,投诉人,商品/服务名称,受理方式\nA-1,2026-09-01,张三,锅,电话\nA-2,2026-09-01,李四,锅,
@ zh
$ 投诉 导入 a.csv --服务点 P001 --填 受理方式=网络 --填 类别=食品
共 2 行：导入 2，补填 0，已有或作废 0。
! 未写明，按此登记：来源 2 件按消费者直接投诉、问题类别 2 件按其他。
$ 投诉 列表 --json
…"channel": "phone"…"category": "food"…"channel": "online"…"category": "food"…
# what a constant is not
> a.csv 登记编号,受理日期,投诉人,商品/服务名称\nA-1,2026-09-01,张三,锅
$ complaint import a.csv --point P001 --fill 受理方式
! Error: --fill 受理方式 is not BOX=VALUE, such as 受理方式=网络.
[2]
$ complaint import a.csv --point P001 --fill 年龄=40
! Error: --fill 年龄=40 is not BOX=VALUE, such as 受理方式=网络.
[2]
$ complaint import a.csv --point P001 --fill 受理方式=飞书
! Error: channel: 飞书 is not one of: visit | phone | online | letter | other.
[2]
$ complaint import a.csv --point P001 --fill 每月序号=3
! Error: --fill 每月序号=3: each complaint needs its own number, so this box cannot be filled for all.
[2]
# what is taken by default is told with how many rows
> a.csv 登记编号,受理日期,投诉人,商品/服务名称,受理方式,类别\nA-1,2026-09-01,张三,锅,电话,食品\nA-2,2026-09-01,李四,锅,,
@ zh
$ 投诉 导入 a.csv --服务点 P001
共 2 行：导入 2，补填 0，已有或作废 0。
! 未写明，按此登记：来源 2 件按消费者直接投诉、问题类别 2 件按其他、受理方式 1 件按来人、性质 1 件按其他类。
# what is doubtful in cells is told with its rows
> a.csv 登记编号,受理日期,投诉人,联系电话,商品/服务名称,类别,来源,受理方式,问题类别\n\
    A-1,2026-09-01,zhang's张三丰,1380013800,锅,食品,直接,来人,质量\n\
    A-2,2026-09-01,李四,12,锅,食品,直接,来人,质量
$ complaint import a.csv --point P001
Rows: 2; 2 imported, 0 filled in, 0 known already or void.
! complainant: The Chinese name contains Latin letters: is it right? Rows: 2
! phone: It does not look like a phone number (11 digits, or an area code and 7 or 8 digits): \
    is it right? Rows: 2, 3
# amounts that are in 万元 are told, and a recovered one that is more than was in dispute
> a.csv 登记编号,受理日期,投诉人,商品/服务名称,争议金额（万元）,处理结果,办结日期,挽回经济损失\n\
    A-1,2026-09-01,张三,锅,0.03,和解,2026-09-02,300\nA-2,2026-09-01,李四,灯,0.03,和解,2026-09-02,301
$ complaint import a.csv --point P001 --fill 来源=直接
Rows: 2; 2 imported, 0 filled in, 0 known already or void.
! Amounts in 万元: 争议金额（万元）.
! recovered: More is recovered than was in dispute, but no multiple damages are given: is it \
    right? Rows: 3
! Not stated, …
""")
def test_what_a_register_lacks(script: str, cli: Cli) -> None:
    cli.plays(script)


def test_all_columns_are_told_before_the_first_question(cli: Cli) -> None:
    write("a.csv", "单号,日期,姓名,商品,年龄\nA-1,2026-09-01,张三,锅,40\n")
    _, seen = cli.talk("投诉 导入 a.csv --服务点 P001", "“单号”>;日期>;姓名>;商品>;年龄>-", "zh")
    assert seen.strip().startswith("共有这些列：单号、日期、姓名、商品、年龄\n"), seen
    assert seen.count("共有这些列") == 1
    assert cli.sql("SELECT external_no, item FROM complaint") == [("A-1", "锅")]
