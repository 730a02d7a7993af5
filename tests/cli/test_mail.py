"""`--mail`: the morning's mail from cron is complete by itself."""

from ledger12315.cli.duties.duties import TO_DO
from ledger12315.locale import render
from ledger12315.words import OWED
from tests.cli.conftest import Cli, scenes
from tests.rows import for_all
from tests.test_docs import understand

_LOG = "+ log P001 --complainant 张三 --phone 13900001111 --facts 坏 --kind goods --item"


@scenes(
    rf"""
# what is overdue
$ overdue --mail
{_LOG} 三文鱼刺身拼盘豪华大份家庭装 --received 9-18
{_LOG} 锅 --received 9-21
$ overdue --mail --within 1
东门所, 2026-09-28 Mon: open and overdue 1, falling due 1
2026-0001
  point: P001  name: 东门商场  due: 2026-09-24  days over: 1
  item: 三文鱼刺身拼盘豪华大份家庭装  officer: 陈建平
2026-0002
  point: P001  name: 东门商场  due: 2026-09-29  days over: 0  item: 锅
  officer: 陈建平
to do: ledger12315 --db LEDGER close NUMBER --outcome OUTCOME
@ zh
$ 超期 --mail
东门所，2026-09-28 周一：超期未结 1 件，将到期 0 件
2026-0001
  服务点: P001  服务点名称: 东门商场  应办结: 2026-09-24  超期工作日: 1
  商品/服务: 三文鱼刺身拼盘豪华大份家庭装  联系人: 陈建平
办理：ledger12315 --台账 LEDGER 办结 编号 --处理结果 结果
$ 超期 --mail --csv
! 错误：--邮件 和 --csv 只能用一个。
[2]
# all that is owed
@ zh
{_LOG} 锅 --received 9-18
{_LOG} 灯 --received 9-20
$ 待办 --mail
东门所，2026-09-28 周一：待办 6 件，其中逾期 1 件

超期未结：1
  2026-09-24 周四  2026-0001  P001  东门商场  陈建平  锅
  办理：ledger12315 --台账 LEDGER 办结 编号 --处理结果 结果

将到期：1
  2026-09-28 周一  2026-0002  P001  东门商场  陈建平  灯
  办理：ledger12315 --台账 LEDGER 办结 编号 --处理结果 结果

本月待走访：2
  2026-09-30 周三  P001  东门商场
  2026-09-30 周三  P002  南门市场
  办理：ledger12315 --台账 LEDGER 登记 走访 服务点…

…
日历变动：2
  2026-10-01 周四  放假至 2026-10-07（国庆节）
  2026-10-10 周六  上班（国庆节）
"""
)
def test_a_mail_reads_by_itself(script: str, cli: Cli) -> None:
    cli.plays(script)


@for_all("lang", ["en", "zh"])
def test_every_command_that_a_mail_names_is_one(lang: str, cli: Cli) -> None:
    assert set(OWED) - set(TO_DO) == {"calendar"}
    cli.set.setenv("LEDGER12315_LANG", lang)
    for command in TO_DO.values():
        understand(render(command).removeprefix("ledger12315 "))
