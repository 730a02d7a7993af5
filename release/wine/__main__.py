"""Try the program on a Chinese Windows: `python -m release.wine [smoke] [quick]`."""

import shutil
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from release.running import files_of_commit
from release.wine.machine import Machine

ROOT = Path(__file__).parent.parent.parent
_MACHINE = ROOT / "build" / "wine"
# A morning in a folder with a blank, in Chinese; then what a return takes with it that was
# submitted before a setting changed.
_LINES = r"""
演示 演示
--台账 演示\ledger.sqlite 导出 6 2026Q4
--台账 演示\ledger.sqlite 季报 2026Q4
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


def main() -> None:
    """Make the machine of the last commit, and run what is asked for, else all."""
    asked = sys.argv[1:] or ["smoke", "quick"]
    with TemporaryDirectory() as name:
        source = files_of_commit("HEAD", Path(name, "source"))
        machine = Machine.made(_MACHINE, source)
        for each in asked:
            {"smoke": smoke, "quick": quick}[each](machine, source)


def smoke(machine: Machine, _source: Path) -> None:
    """Live through a few days with the installed program. Raises SystemExit where one fails."""
    place = machine.drive / "东门 所"
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir()
    at_nul = f'@"{machine.on_drive(machine.program)}" --db 台账.sqlite log < nul\n'
    (place / "ledger.cmd").write_text(at_nul, "gbk")
    today = {}
    for line in filter(None, _LINES.splitlines()):
        if line.startswith("@ "):
            today = {"LEDGER12315_TODAY": line.removeprefix("@ ")}
            continue
        command = ["--台账", "台账.sqlite", *line.split()] if today else line.split()
        done = machine.run(machine.program, *command, at=place, **today)
        said = (done.stdout + done.stderr).decode("gbk", "replace").strip()
        print(f"$ ledger12315 {' '.join(command)}", *said.splitlines()[-3:], sep="\n", flush=True)
        if done.returncode:
            raise SystemExit(f"It ended with {done.returncode}.")
    asked = machine.run("cmd", "/c", "ledger.cmd", at=place)
    if asked.returncode != 2:
        raise SystemExit(f"At NUL nobody is asked: it ended with {asked.returncode}.")


def quick(machine: Machine, source: Path) -> None:
    """Run the quick tests on drive C. Raises SystemExit where one fails."""
    place = machine.drive / "source"
    shutil.rmtree(place, ignore_errors=True)
    shutil.copytree(source, place)
    how = ("-m", "not slow", "-n0", "-p", "no:cacheprovider", "-o", "faulthandler_timeout=300")
    done = machine.run(machine.python, "-m", "pytest", *how, at=place, PYTHONPATH=r"C:\source\src")
    print((done.stdout + done.stderr).decode("gbk", "replace"))
    if done.returncode:
        raise SystemExit("Some failed.")


if __name__ == "__main__":
    main()
