"""`complaint void`: one entry, several, or all of an import."""

import pytest

from tests.cli.conftest import Cli, scenes
from tests.cli.registers import write
from tests.rows import table

LOG = "log P001 --complainant 张三 --item 锅 --facts 漏气 --kind goods"
REGISTER = """
    登记编号 | 受理日期   | 投诉人 | 联系电话    | 商品/服务名称
    A-1      | 2026-09-01 | 张三   | 13900001111 | 电饭锅
    A-2      | 2026-09-02 | 李四   | 13900002222 | 运动鞋
"""
IMPORT = "complaint import a.csv --point P002"


@pytest.fixture
def imported(cli: Cli) -> Cli:
    """A ledger with 2026-0001 of the counter, and a register's 2026-0002 and 2026-0003."""
    write(REGISTER)
    cli.given(f"{LOG}\n{IMPORT}")
    return cli


@scenes(r"""
# several at once, each named
$ complaint void 1 3 --reason 重复
2026-0001 is void: it keeps its number and counts nowhere.
2026-0003 is void: it keeps its number and counts nowhere.
$ complaint list --state void --json
[{"number": "2026-0001", …}, {"number": "2026-0003", …}]
# the same one twice is one
$ complaint void 1 2026-1 --reason 重复 --json
{"numbers": ["2026-0001"], "voided": "2026-09-28"}
% 80 complaint list
number     point  due         state  received    complainant  item
…
2026-0001  P001   2026-10-10  void   2026-09-28  张*          锅
2026-0002  P002   2026-09-08  open   2026-09-01  张*          电饭锅
2026-0003  P002   2026-09-09  open   2026-09-02  李*          运动鞋
# all of them or none
+ complaint void 3 --reason 重复
$ complaint void 1 3 --reason 重复
! Error: 2026-0003 is void since 2026-09-28; possible now: reopen.
!   The problem is in 3. Nothing was written.
[3]
$ complaint list --state void
2026-0003 | P002 | 2026-09-09 | no | void | 2026-09-02 | 李* | 运动鞋 | other |  |  |
# only told
$ complaint void 1 2 --reason 重复 --dry-run
Dry run, nothing was changed. To be voided, 2: 2026-0001, 2026-0002
$ complaint void 1 9 --reason 重复 --dry-run
! Error: There is no complaint 9. See: ledger12315 find WORDS
!   The problem is in 9. Nothing was written.
[3]
$ complaint list --state void
# an import that is none
$ complaint void --import 2 --reason 错
! Error: Import 2 does not exist, or all its complaints are void already.
!   import 6 (2026-09-28 09:00, …), complaints at P002: 2
[3]
$ complaint void --import 错 --reason 错
! Error: act: 错 is not a whole number from 1 to 1,000,000.
[2]
$ complaint void 1 --import 6 --reason 错
! Error: Give either number or --import, not both.
[2]
$ complaint void --reason 错
! Error: Missing: number.
[2]
""")
def test_in_words(script: str, imported: Cli) -> None:
    imported.plays(script)


def test_all_that_an_import_brought_in_is_voided_in_one_act(imported: Cli) -> None:
    imported.plays(r"""
        + close 3 --outcome settled
        $ complaint void --import 6 --reason 服务点导错 --dry-run
        Dry run, nothing was changed. To be voided, 2: 2026-0002, 2026-0003
        ! To be voided: import 6 (2026-09-28 09:00, …), complaints at P002: 2
        ! Changed since the import: 2026-0003
        $ complaint void --import 6 --reason 服务点导错 --json
        {"numbers": ["2026-0002", "2026-0003"], "voided": "2026-09-28"}
        ! To be voided: import 6 (2026-09-28 09:00, …), complaints at P002: 2
        ! Changed since the import: 2026-0003
        $ complaint void --import 6 --reason 服务点导错
        ! Error: Import 6 does not exist, or all its complaints are void already.
        [3]
        $ complaint import a.csv --point P001
        Rows: 2; 2 imported, 0 filled in, 0 known already or void.
        ! Not stated, so recorded: source as direct: 2, channel as visit: 2, problem as other: \
            2, kind as other: 2.
        $ ledger check
        The ledger is sound. Head of its history: …
    """)
    query = "SELECT DISTINCT act_id FROM change WHERE json_extract(common, '$.voided') IS NOT NULL"
    assert len(imported.sql(query)) == 1


def test_an_import_whose_rows_cannot_be_changed_any_more_stays(imported: Cli) -> None:
    imported.all("close 2 3 --outcome settled")
    imported.all("complaint erase 2026-0003", today="2030-01-01")
    imported.plays("""
        @ 2030-01-02
        $ complaint void --import 6 --reason 错
        ! Error: The personal data of 2026-0003 are erased; it can no longer be changed.
        [3]
        $ complaint list --state void
    """)


@table("""
    answer | code | void
    y      | 0    | 2
    是     | 0    | 2
    n      | 130  | 0
           | 130  | 0
""")
def test_on_a_terminal_all_of_an_import_is_asked_for(
    answer: str, code: str, void: str, imported: Cli
) -> None:
    told = f"complaints at P002: 2\nVoid them all? [y/n] > {answer}"
    told += "; Answer y or n.\nVoid them all > n" * (not answer)
    line = "complaint void --import 6 --reason 错"
    assert imported.talk(line, told)[0] == int(code)
    assert len(imported("complaint list --state void --json").json) == int(void)


def test_a_long_list_is_told_together(cli: Cli) -> None:
    rows = "\n".join(
        f"A-{n} | 2026-09-01 | 张三 | {n:011} | 锅" for n in range(13900000000, 13900000041)
    )
    write(f"{REGISTER.strip().splitlines()[0]}\n{rows}")
    cli.all(IMPORT)
    cli.plays("""
        $ complaint void 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 --reason 错 --dry-run
        Dry run, …, 2026-0009, …
        $ complaint void 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 --reason 错
        2026-0001 is void: …
        …
        $ complaint void --import 5 --reason 错
        Complaints voided: 21, from 2026-0021 to 2026-0041. They keep their numbers and count \\
            nowhere.
        ! To be voided: import 5 (2026-09-28 09:00, …), complaints at P002: 21
    """)
