"""Arguments from shells: empty ones, those of Chinese keyboards, bytes that are not text."""

import shlex
from collections.abc import Iterator
from itertools import cycle

import pytest
from typer.core import TyperArgument

from ledger12315.cli.app import Deferred, run
from ledger12315.cli.table import COMMANDS
from tests.cli.conftest import Cli, scenes
from tests.rows import for_all, table

# What an empty text empties.
EMPTIED = ("point amend", "complaint amend", "record amend")


def _values() -> Iterator[tuple[str, list[str], str]]:
    """Yield each command with arguments of which one is empty, and how that one is called."""
    yield "--db", ["--db", "", "today"], "--db"
    for row in COMMANDS:
        command = Deferred(row).load()
        before: list[str] = []
        for parameter in command.params:
            name = parameter.opts[0]
            if isinstance(parameter, TyperArgument):
                name = (parameter.metavar or "").strip("[].")
                yield f"{row.name} {name}", [*row.name.split(), *before, ""], name
                before.append("x")
            elif not getattr(parameter, "is_flag", False):
                yield f"{row.name} {name}", [*row.name.split(), "x", name, ""], name


def test_an_empty_value_is_refused_wherever_it_stands(
    cli: Cli, capsys: pytest.CaptureFixture[str]
) -> None:
    cli.set.setenv("LEDGER12315_DB", str(cli.path))
    before = cli.path.read_bytes()
    for (what, arguments, name), empty in zip(_values(), cycle(("", " ")), strict=False):
        emptied = " ".join(arguments).startswith(EMPTIED) and name.startswith("--")
        emptied &= name != "--from"
        code = run([each or empty for each in arguments])
        said = f"Error: The value of {name} is empty: give one, or leave it out.\n"
        assert code in (2, 3) and (capsys.readouterr().err == said) != emptied, what
        assert cli.path.read_bytes() == before, what


@table("""
    line                                                                           | said
    close 2026-1 --outcome settled --closed ''                                     | --closed
    log P001 --complainant 张三 --item 锅 --facts 坏 --kind goods --received ''    | --received
    log P001 --complainant 张三 --item 锅 --facts 坏 --kind goods --disputed=''    | --disputed
    overdue --as-of ''                                                             | --as-of
    record meeting ''                                                              | POINT
    export 6 2026Q2 -o ''                                                          | --output
    complaint erase ''                                                             | NUMBER
    export 1 --number 2026-1 --number ''                                           | --number
    --db '' overdue                                                                | --db
""")
def test_what_was_taken_as_not_given(line: str, said: str, cli: Cli) -> None:
    cli.log()
    before = cli.path.read_bytes()
    result = cli(line)
    assert (result.code, result.out) == (2, "")
    assert result.err == f"Error: The value of {said} is empty: give one, or leave it out.\n"
    assert cli.path.read_bytes() == before


@for_all("""
    line                            | said
    overdue --within 251            | --within: 251 is not a whole number from 0 to 250.
    today --within -1               | --within: -1 is not a whole number from 0 to 250.
    ledger backup x.sqlite --keep 0 | --keep: 0 is not a whole number from 1 to 1,000.
    template check                  | Missing: file.
    county report                   | Missing: period.
    rollup 6 2026Q2 --as-of 2027-1-1 | --as-of: 2027-01-01 is in the future (today is 2026-09-28).
""")
def test_an_option_is_read_by_its_kind_and_named_by_its_name(
    line: str, said: str, cli: Cli
) -> None:
    result = cli(line)
    assert (result.code, result.out, result.err) == (2, "", f"Error: {said}\n")


@for_all("line", ["overdue --within ２５０", "today --within ０"])
def test_a_number_of_an_option_is_read_in_any_width(line: str, cli: Cli) -> None:
    assert cli(line).code == 0


def test_a_variable_set_to_nothing_is_not_set(cli: Cli) -> None:
    for name in ("LEDGER12315_DB", "LEDGER12315_TODAY", "LEDGER12315_LANG"):
        cli.set.setenv(name, "")
    assert run(["--db", str(cli.path), "overdue"]) == 0


@scenes(r"""
# an empty text on standard input
$ log P001 --from-stdin << {"complainant": "张三", "item": "锅", "facts": "坏", "kind": "goods", \
    "received": "", "phone": " "}
! Error: Standard input has empty values: received, phone. Leave them out.
[2]
$ log P001 --from-stdin << {"complainant": "张三", "item": "锅", "facts": "坏", "kind": "goods", \
    "phone": null}
2026-0001 is due by 2026-10-10 Sat; working days left: 5
! Not stated, so recorded: source as direct, channel as visit, problem as other.
# amend empties a box, and nothing else
+ log P001 --complainant 张三 --item 锅 --facts 坏 --kind goods --brand 炊禾 --remark 急
$ complaint amend 2026-1 --brand ''
2026-0001 is amended: brand.
$ complaint amend 2026-1 --from-stdin << {"remark": ""}
2026-0001 is amended: remark.
$ complaint amend '' --brand x
! Error: The value of NUMBER is empty: give one, or leave it out.
[2]
$ point amend P001 --on '' --host x
! Error: on cannot be empty.
[2]
# a key twice
$ log P001 --from-stdin << {"complainant": "张三", "complainant": "李四", "item": "锅", "facts": "坏", \
    "kind": "goods"}
! Error: Standard input: complainant appears twice.
[2]
# Chinese punctuation stands for what it is
$ register “西门 商场” ——type＝商场 －－area “500” —capital 80万 –turnover ３００万 --liaison “林秀珍 13900000101”
P003 西门 商场 is registered: meets the rule.
! No point officer yet: every point needs one from the station (三(五)1).
$ rollup ６ ２０２６Ｑ２ ——cases＝03 －－json
[]
$ log Ｐ００３ ——complainant 张三 --item “锅” --facts “三包”未兑现 --kind goods --received “９。８” \
    ——disputed “５０万”
2026-0001 was due by 2026-09-15 Tue; working days overdue: 9
! received: 2026-09-08: before 西门 商场 was set up on 2026-09-28
! Not stated, so recorded: source as direct, channel as visit, problem as other.
$ complaint list --csv
BOM number,point,…
2026-0001,P003,2026-09-15,no,open,西门 商场,mall,2026-09-08,…,锅,…,500000.00,“三包”未兑现,…
$ explain ２０２６－１ --json
{"number": "2026-0001", …
# what cannot be read because of it says so
$ overdue　--json
! Error: There is no command overdue　--json.
!   It contains Chinese punctuation: “　” Type it in half width.
!   Did you mean overdue?
!   See: ledger12315 --help
[2]
# another word for a command, or one in a wrong group, is followed by the right one
$ 重印 42
! Error: There is no command 重印.
!   Did you mean export?
!   Look for it: ledger12315 help 重印
!   See: ledger12315 --help
[2]
$ complaint close 1
! Error: There is no command close.
!   Did you mean ledger12315 close?
!   Look for it: ledger12315 help close
!   See: ledger12315 complaint --help
[2]
@ zh
$ 结案 12
! 错误：没有“结案”这个命令。
!   是否要写 办结？
!   可查找：ledger12315 帮助 结案
!   用法见：ledger12315 --帮助
[2]
$ 投诉 逾期
! 错误：没有“逾期”这个命令。
!   是否要写 超期？
!   可查找：ledger12315 帮助 逾期
!   用法见：ledger12315 投诉 --帮助
[2]
$ 建账 --所 东门所
! 错误：没有 --所 这个选项。
!   是否要写 --市场监管所？
!   用法见：ledger12315 建账 --帮助
[2]
$ 超其
! 错误：没有“超其”这个命令。
!   是否要写 超期？
!   用法见：ledger12315 --帮助
[2]
@ en
$ overdue ——asof 9-8
! Error: Too many arguments: ——asof 9-8. What has a blank in it needs quotation marks.
!   It contains Chinese punctuation: — Type it in half width.
!   See: ledger12315 overdue --help
[2]
$ log P001 --facts “坏 --kind goods
! Error: The quotation mark of “坏 is not closed. Type half-width quotation marks on both sides.
[2]
# amounts of which Python reads no number
$ log P001 --complainant 张三 --item 锅 --facts 坏 --kind goods --disputed NINES
! Error: disputed: 9…9… is too large; the maximum is 100000000000.00.
[2]
$ log P001 --complainant 张三 --item 锅 --facts 坏 --kind goods --disputed 0NINES.00万
! Error: disputed: 09…9… is too large; the maximum is 100000000000.00.
[2]
""")
def test_in_words(script: str, cli: Cli) -> None:
    cli.plays(script.replace("NINES", "9" * 5000) if "NINES" in script else script)


def test_each_chinese_sign_in_what_cannot_be_read_is_named_once(cli: Cli) -> None:
    cli.plays("""
        $ overdue ＜ list.txt ＞ ＜
        ! Error: Too many arguments: ＜ list.txt ＞ ＜. What has a blank in it needs quotation marks.
        !   It contains Chinese punctuation: ＜＞ Type it in half width.
        !   See: ledger12315 overdue --help
        [2]
    """)


@table("""
    line                               | name
    --db BAD.sqlite overdue            | --db
    --db BAD.sqlite init --station a --county b | --db
    demo BAD                           | DIR
    export 6 2026Q2 -o BAD.xlsx        | --output
    overdue --point BAD                | --point
    county load BAD                    | PATH
    returns submit 2026Q2 -o BAD       | --output
    ledger backup BAD                  | FILE
    record list FIRST                  | KIND
    record list LAST                   | KIND
    log P001 --complainant BAD         | --complainant
""")
def test_bytes_that_are_no_text_are_refused(
    line: str, name: str, cli: Cli, capsys: pytest.CaptureFixture[str]
) -> None:
    cli.set.setenv("LEDGER12315_DB", str(cli.path))
    for sign, bad in (("BAD", "\udcff\udcfe"), ("FIRST", "\ud800"), ("LAST", "\udfff")):
        line = line.replace(sign, bad)
    assert run(shlex.split(line)) == 2
    assert capsys.readouterr().err == f"Error: The value of {name} is not text in UTF-8.\n"


def test_a_path_that_is_no_text_is_refused(cli: Cli, capsys: pytest.CaptureFixture[str]) -> None:
    cli.set.setenv("LEDGER12315_DB", "\udcff.sqlite")
    assert run(["overdue"]) == 2
    assert capsys.readouterr().err == "Error: The path of the ledger is not text in UTF-8.\n"


def test_a_user_whose_name_is_no_text_is_recorded_as_far_as_it_is(cli: Cli) -> None:
    cli.set.setenv("LEDGER12315_USER", "王\udcff五")
    assert cli.log().code == 0
    assert cli.sql("SELECT user FROM act ORDER BY id DESC LIMIT 1") == [
        ("王\N{REPLACEMENT CHARACTER}五",)
    ]
