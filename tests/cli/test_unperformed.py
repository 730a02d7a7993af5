"""An agreement that was not performed: its end, and the amount really recovered."""

import pytest

from tests.cli.conftest import Cli, scenes

GIVEN = """
    log P001 --complainant 张三 --item 锅 --facts 坏 --kind goods --received 9-21
    close 1 --outcome settled --closed 9-22 --agreement 退款 --perform-by 2026-09-25 \
        --recovered 299 --answered 9-22 --archive-no 榕1
    record visit P001 P002
"""


@scenes(r"""
# it is owed until somebody says that it will not be performed
$ today perform
to be performed | 2026-09-25 | 2026-0001 | P001 | 东门商场 |  | 锅
$ complaint amend 1 --unperformed 9-28
! Error: 2026-0001 has 299.00 yuan recovered by the agreement. Give the amount really \
    recovered: --recovered YUAN.
[2]
+ complaint amend 1 --unperformed 9-28 --recovered 100
$ today perform
! There is nothing to do.
$ complaint show 1 --json
{"number": "2026-0001", …"performed": null, "unperformed": "2026-09-28", …"recovered": "100.00", …\
    {"date": "2026-09-28", "event": "unperformed", "working_days": 4}, …
$ rollup 3 2026Q3 --cases recovered
2026-0001 | complaint | P001 | 2026-09-21 | 2026-09-22 | 100.00
# the timeline says it
+ complaint amend 1 --unperformed 9-28 --recovered 0
@ zh
$ complaint show 1
…
2026-09-28 周一 | 协议未履行 | 4 |
…
# it is no end of an agreement that was performed, or that nobody made
+ complaint amend 1 --performed 9-25
$ complaint amend 1 --unperformed 9-28 --recovered 0
! Error: An agreement is either performed or not performed: clear one of the two dates.
[2]
+ complaint amend 1 --performed '' --unperformed 9-28 --recovered 0
$ complaint amend 1 --agreement '' --perform-by ''
! Error: There is no agreement to be unperformed: add --agreement TEXT or --perform-by DATE.
[2]
# not before there was a complaint
$ complaint amend 1 --unperformed 9-20 --recovered 0
! Error: unperformed 2026-09-20 is before the day of receipt, 2026-09-21.
[3]
# at closing too
+ log P001 --complainant 李四 --item 锅 --facts 坏 --kind goods --received 9-21
+ close 2 --outcome settled --agreement 退款 --unperformed 9-28
$ complaint list --state closed --json
…"unperformed": "2026-09-28", …
# a register tells it, and a reopening takes it back
> r.csv 服务点,登记编号,受理日期,投诉人,商品/服务名称,处理结果,办结日期,约定履行期限,未履行日期\n\
    P001,A-1,2026-09-01,赵六,锅,和解,2026-09-02,2026-09-10,2026-09-11
$ complaint import r.csv --json
{"read": 1, "imported": 1, "updated": 0, "skipped": 0, "problems": [], "doubts": []}
! Not stated, so recorded: source as direct: 1, channel as visit: 1, problem as other: 1, kind \
    as other: 1.
+ complaint reopen 2 --reason 误结
$ complaint show 2 --json
…"perform_by": "2026-09-10", "performed": null, "unperformed": null, …
""")
def test_in_words(script: str, cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(cli.path.parent)
    cli.given(GIVEN)
    cli.plays(script)
