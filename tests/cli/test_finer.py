"""移送 and 不予受理: words of the program's own under the outcome `other`."""

from pathlib import Path

from tests.cli.conftest import Cli, scenes
from tests.rows import table

LOGGED = """
    log P001 --complainant 甲 --item 锅 --facts 坏 --kind goods --received 2026-09-07
    log P001 --complainant 乙 --item 灯 --facts 坏 --kind goods --received 2026-09-07
    log P001 --complainant 丙 --item 鞋 --facts 坏 --kind goods --received 2026-09-07
"""


@scenes(r"""
# each needs its remark, is told by its name, and counts as other
@ zh
$ 办结 2026-1 --outcome 移送
! 错误：处理结果为“移送”的，要在备注里写明移送给哪个部门：--备注 内容。
[2]
$ 办结 2026-1 --outcome 移送 --closed 9-10 --remark 县城市管理局
2026-0001 已办结（移送）…
$ 办结 2026-2 --outcome 不受理
! 错误：处理结果为“不予受理”的，要在备注里写明不予受理的理由：--备注 内容。
[2]
$ 办结 2026-2 --outcome 不予受理 --closed 9-10 --remark 已向法院起诉
2026-0002 已办结（不予受理）…
@ en
$ close 2026-3 --outcome other --closed 9-10 --remark 搬走了
2026-0003 closed (other)…
$ rollup 3 2026Q3 --cases closed_other --csv
BOM number,kind,point,received,closed,value
2026-0001,complaint,P001,2026-09-07,2026-09-10,1
2026-0002,complaint,P001,2026-09-07,2026-09-10,1
2026-0003,complaint,P001,2026-09-07,2026-09-10,1
$ complaint list --outcome transferred
2026-0001 | P001 | 2026-09-14 | no | closed | 2026-09-07 | 甲* | 锅 | other |  \
    | transferred | 2026-09-10
$ complaint show 2026-2 --json
…"outcome": "other"…
$ complaint show 2026-2
…
outcome | not accepted
…
2026-09-10 Thu | closed | 3 | not accepted
…
# what was said goes with the outcome; a remark that was amended after the closing stays
+ close 2026-1 --outcome 移送 --remark 城管局
+ complaint amend 2026-1 --outcome 撤回
$ complaint list --outcome 移送
+ complaint amend 2026-1 --outcome 移送 --remark 住建局
+ complaint reopen 2026-1 --reason 退回
+ close 2026-1 --outcome 和解
$ complaint show 2026-1
…
outcome | settled
closed | 2026-09-28
remark | 住建局
…
# a register says them too, and comes back the same
> a.csv 登记编号,受理日期,投诉人,商品/服务名称,处理结果,办结日期,备注\nA-1,2026-09-01,丁,锅,移送,2026-09-02,市场监管局
$ complaint import a.csv --point P001
Rows: 1; 1 imported, 0 filled in, 0 known already or void.
! Not stated, so recorded: source as direct: 1, channel as visit: 1, problem as other: 1, kind \
as other: 1.
$ complaint import a.csv --point P001
Rows: 1; 0 imported, 0 filled in, 1 known already or void.
$ complaint list --outcome 移送
2026-0004 | …
""")
def test_in_words(script: str, cli: Cli) -> None:
    cli.given(LOGGED)
    cli.plays(script)


@table("""
    digit | asked                  | remark   | outcome
    8     | 备注（移送给哪个部门） | 县城管局 | 移送
    9     | 备注（不予受理的理由） | 已起诉   | 不予受理
""")
def test_they_are_offered_and_their_remark_is_asked_for(
    digit: str, asked: str, remark: str, outcome: str, cli: Cli
) -> None:
    cli.given(LOGGED)
    dialogue = f"8 移送  9 不予受理>{digit};{asked}>{remark};办结日期>9-10;>;>;>;写入>y"
    code, seen = cli.talk("办结 2026-1", dialogue, "zh")
    assert code == 0 and f"已办结（{outcome}）" in seen, seen
    assert cli.sql("SELECT outcome, remark FROM complaint WHERE id = 1") == [("other", remark)]


@table("""
    form
    1 --number 2026-1
    2 2026Q3
""")
def test_they_are_printed_by_their_name(form: str, cli: Cli) -> None:
    cli.given(LOGGED)
    cli.all("close 2026-1 --outcome 移送 --closed 2026-09-10 --remark 县城管局")
    page = cli.text(f"export {form}")
    assert "移送" in page and "县城管局" in page


def test_a_register_s_word_for_one_is_said_under_the_digit_that_close_has(cli: Cli) -> None:
    head = "登记编号,受理日期,投诉人,商品/服务名称,处理结果,办结日期,备注"
    row = "A-1,2026-09-01,丁,锅,转城管,2026-09-02,县城管局"
    Path("a.csv").write_text(f"{head}\n{row}", "utf-8")
    asked = "8 移送  9 不予受理  10 未结  11 作废"
    code, seen = cli.talk("投诉 导入 a.csv --服务点 P001", f"{asked}>8", "zh")
    assert code == 0, seen
    cli.plays("""
        $ complaint list --outcome transferred
        2026-0001 | P001 | …
        $ words list
        outcome | 转城管 | transferred | P001 |
        $ complaint import a.csv --point P001
        Rows: 1; 0 imported, 0 filled in, 1 known already or void.
        $ words retire 转城管 --point P001
        转城管 is retired: outcome.
        $ complaint import a.csv --point P001 --map 转城管=移送
        Rows: 1; 0 imported, 0 filled in, 1 known already or void.
        """)
