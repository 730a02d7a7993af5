"""A few days of an office, lived through on each computer that is built for."""

from collections.abc import Callable
from typing import NamedTuple

# A morning in a folder with a blank, in Chinese; then what a return takes with it that was
# submitted before a setting changed.
_LINES = """
演示 演示
--台账 演示/ledger.sqlite 导出 6 2026Q4
--台账 演示/ledger.sqlite 季报 2026Q4
@ 2026-07-01
建账 --工商所 东门所 --县局 榕溪局
设点 东门百货 --类型 商场 --认定理由 客流大
受理 东门百货 --投诉人 张三 --商品服务名称 锅 --投诉事实 坏 --类别 其他
@ 2026-07-06
办结 1 --处理结果 和解
台账 备份 备份.sqlite
@ 2026-10-09
报表 上报 2026Q3
设置 设置 major_amount 60000
@ 2027-01-08
汇总 3 2026Q3 --明细 received
报表 更正 2026Q3
报表 上报 2026Q4
台账 恢复 备份.sqlite
台账 检查
"""
_OF_A_COUNTY = """
@ 2027-01-08
报表 上报 2026Q3
报表 寄送 材料
县局 载入 材料
县局 汇总 6 2026Q3
"""


class Said(NamedTuple):
    """What a command said, and its exit code."""

    text: str
    code: int


def live(run: Callable[[list[str], dict[str, str]], Said], county: bool) -> None:
    """Type all lines, each with the variables of its day. Raises SystemExit where one fails."""
    today: dict[str, str] = {}
    for line in filter(None, (_LINES + _OF_A_COUNTY * county).splitlines()):
        if line.startswith("@ "):
            today = {"LEDGER12315_TODAY": line.removeprefix("@ ")}
            continue
        command = ["--台账", "台账.sqlite", *line.split()] if today else line.split()
        said = run(command, today)
        print(
            f"$ ledger12315 {' '.join(command)}",
            *said.text.splitlines()[-3:],
            sep="\n",
            flush=True,
        )
        if said.code:
            raise SystemExit(f"It ended with {said.code}.")
