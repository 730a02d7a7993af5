"""Rules for every command: ledger and language, place of output, missing values."""

import subprocess
from contextlib import redirect_stdout
from pathlib import Path

import pytest

from ledger12315.cli.app import Deferred, run
from ledger12315.cli.face import configuration
from ledger12315.cli.face.desk import say
from ledger12315.errors import message
from tests.cli.conftest import TODAY, Cli, Screen, scenes
from tests.rows import cells, for_all, table
from tests.served import served
from tests.states import with_old_sqlite
from tests.terminal import on_terminal, start


@table("""
    option   | variable | made
    a.sqlite |          | a.sqlite
    a.sqlite | b.sqlite | a.sqlite
             | b.sqlite | b.sqlite
             |          | data folder
""")
def test_which_ledger(
    option: str,
    variable: str,
    made: str,
    tmp_path: Path,
    cli: Cli,
    capsys: pytest.CaptureFixture[str],
) -> None:
    cli.path.unlink()
    cli.set.setenv("LEDGER12315_DB", variable)
    chosen = ["--db", option] if option else []
    in_data_folder = configuration.own_folder("data") / "ledger.sqlite"
    assert run([*chosen, "overdue"]) == 4
    hint = " ".join(["Make one: ledger12315", *chosen, "init --station NAME --county NAME\n"])
    assert capsys.readouterr().err.endswith(hint)
    assert run([*chosen, "init", "--station", "东门所", "--county", "榕溪县"]) == 0
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert files == [tmp_path / made if "." in made else in_data_folder]
    assert run([*chosen, "settings"]) == 0


LINES = cells("""
    register 西门商场 --type mall --area 500 --capital 80万 --turnover 300万
    log P001 --complainant 张三 --item 电饭锅 --facts 不加热 --kind goods
    close 2026-1 --outcome settled
    overdue
    rollup 3 2026Q3
    rollup 6 2026Q3 --cases received
    export 6 2026Q3
    explain 2026-1
    point list
    point show P001 --reveal
    complaint list
    complaint show 2026-1
    complaint escalate 2026-1 --reason 金额较大
    complaint amend 2026-1 --brand 炊禾
    complaint reopen 2026-1 --reason 记错
    complaint void 2026-1 --reason 重复
    complaint erase
    ledger check
    ledger info
    ledger history --reveal
    ledger backup copy.sqlite
    record inquiry P001
    settings
    settings set notice_from 30
""")


def test_a_missing_ledger_is_refused_with_the_command_that_makes_one(cli: Cli) -> None:
    cli.path.unlink()
    for [line] in LINES:
        result = cli(f"--db {cli.path} {line}")
        assert (result.code, result.out, cli.path.exists()) == (4, "", False), line
        assert f"ledger12315 --db {cli.path} init --station" in result.err, line


def test_an_sqlite_that_is_too_old_is_named(cli: Cli) -> None:
    with with_old_sqlite():
        assert cli("point list") == (
            4,
            "",
            "Error: This Python's SQLite is 3.34.1, but a ledger needs 3.37.2 or newer."
            " Use a newer Python, or the program's archive, which includes its own SQLite.\n",
        )


@for_all("""
    english        | chinese
    log            | 受理
    complaint void | 投诉 作废
""")
def test_a_second_name_means_the_same_in_either_language(
    english: str, chinese: str, cli: Cli
) -> None:
    for lang in ("en", "zh"):
        first, *one = cli(f"{english} --help", lang=lang).out.splitlines()
        _, *other = cli(f"{chinese} --help", lang=lang).out.splitlines()
        assert one == other and len(one) > 2, first


_ONE_FORM = "Give either --json or --csv, not both."


UNHEEDED = cells(f"""
    rollup 3 2026Q3 --json --csv          | {_ONE_FORM}
    rollup 6 2026Q3 --json --csv          | {_ONE_FORM}
    rollup 3 2026Q3 --cases 03 --json --csv | {_ONE_FORM}
    rollup assessment 2026Q3 --json --csv | {_ONE_FORM}
    rollup channel 2026Q3 --json --csv    | {_ONE_FORM}
    explain 2026-1 --json --csv           | {_ONE_FORM}
    complaint erase 2022-1 --json --csv   | {_ONE_FORM}
    complaint erase --all --json --csv    | {_ONE_FORM}
    returns status --json --csv           | {_ONE_FORM}
    calendar show 2026 --json --csv       | {_ONE_FORM}
    overdue --json --csv                  | {_ONE_FORM}
    today --json --csv                    | {_ONE_FORM}
    ledger history --json --csv           | {_ONE_FORM}
    record list --json --csv              | {_ONE_FORM}
    settings list --json --csv            | {_ONE_FORM}
""")


def test_what_a_command_would_not_heed_is_refused(cli: Cli) -> None:
    log = "log P001 --complainant 张三 --item 锅 --facts 坏 --kind goods --received"
    cli.given(
        f"{log} 2022-09-01\n{log} 2026-09-01\nclose 2022-1 --outcome settled --closed 2022-09-05"
    )
    before = cli.path.read_bytes()
    for line, error in UNHEEDED:
        assert cli(line) == (2, "", f"Error: {error}\n"), line
    assert cli.path.read_bytes() == before


@table("""
    line                                                       | file
    returns submit 2026Q2                                      | 附件6_2026Q2_东门所.xlsx
    complaint import poor.csv --point P001 --annotate copy.xlsx | copy.xlsx
""")
def test_a_file_that_is_replaced_is_named(line: str, file: str, cli: Cli) -> None:
    cli.given("settings set begins 2026-04-01")
    Path("poor.csv").write_text("登记编号,受理日期,投诉人,商品/服务名称\nA-1,?,张三,锅\n", "utf-8")
    before = cli.path.read_bytes()
    said = f"{file} already existed and was replaced.\n"
    assert said not in cli(line).err
    cli.path.write_bytes(before)
    Path(file).write_text("something else", "utf-8")
    assert said in cli(line).err
    assert Path(file).read_bytes()[:9] != b"something"


@pytest.mark.slow
def test_a_table_on_a_terminal_and_whole_lines_in_a_pipe(cli: Cli) -> None:
    """A rehearsed date is said once, on stderr."""
    item = "电" * 150
    cli.log(f"--item {item} --received 2026-09-18")
    line = f"2026-0001\tP001\t东门商场\t2026-09-18\t2026-09-24\t1\tno\t{item}\t陈建平\n"
    streams = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    typed = ["--db", str(cli.path), "overdue"]
    with start(typed, program=served(), **streams) as process:
        said = process.communicate()
    told = f"Rehearsal: {TODAY} is used as today (LEDGER12315_TODAY).\n"
    assert said == (line.encode(), told.encode())
    seen = on_terminal(typed, columns=80, program=served())
    assert "─" * 60 in seen and "number" in seen and item not in seen and seen.count("电") == 150


_MANY = "一二三四五六七八九十" * 4


@table("""
    value                                   | lines
    1234567.50                              | 2
    商品/服务名称                           | 2
    ['商品/服务名称', '商店/超市']          | 2
    Path('ledger')                          | 1
    '/tmp/my folder'                        | 1
    'D:\\\\备份'                            | 1
    'a.sqlite'                              | 1
    '/tmp/ledger12315 备份/a.sqlite'        | 1
    'a.sqlite；请运行 ledger12315 doctor'   | 2
""")
def test_a_sentence_with_a_file_is_one_line(value: str, lines: str, cli: Cli) -> None:
    """Amounts and names are no files, and a command begins a line."""
    given = eval(value, {"Path": Path}) if value[0] in "'[P" else value  # noqa: S307
    cli.set.setenv("COLUMNS", "80")
    with redirect_stdout(Screen()) as screen:
        say(message("{value}: {more}", value=given, more=_MANY))
    assert len(screen.getvalue().splitlines()) == int(lines)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
@for_all("left", [SystemExit(143), KeyboardInterrupt()])
def test_a_full_stdout_of_an_interrupted_command(
    left: BaseException, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: object) -> None:
        print("begun")  # noqa: T201 what the command has not written yet
        raise left

    monkeypatch.setattr(Deferred, "load", interrupted)
    with open("/dev/full", "w") as full, redirect_stdout(full):  # noqa: PTH123 a device
        try:
            code = run(["today"])
        except SystemExit as signalled:
            code = int(signalled.code or 0)
    assert code == (143 if isinstance(left, SystemExit) else 130)


LISTS = cells("""
    overdue --as-of 2027-01-05
    point list
    complaint list
    settings list
    calendar show 2026
    explain 2026-1
    rollup 3 2026Q3
    rollup 6 2026Q3 --cases received
    ledger history
""")


def test_what_is_listed_comes_as_json_and_as_csv_for_spreadsheets(cli: Cli) -> None:
    cli.log()
    for [line] in LISTS:
        assert cli(f"{line} --json").json, line
        csv = cli(f"{line} --csv").out.splitlines()
        assert csv[0][0] == "\N{BYTE ORDER MARK}" and len(csv) > 1, line


@for_all("""
    line               | missing
    init               | station, county
    register           | name, type
    register 西门商场  | type
    log                | point, complainant, item, category, facts
    close              | number, outcome
    explain            | number
    rollup             | form, period
    export 3           | period
    point show         | point
    complaint show     | number
    complaint escalate | number, reason
    record inquiry     | point
    settings set       | key, value
    calendar show      | year
""")
def test_off_a_terminal_all_that_is_missing_is_named(line: str, missing: str, cli: Cli) -> None:
    result = cli(line)
    assert (result.code, result.out) == (2, "") and result.err.startswith(
        f"Error: Missing: {missing}"
    )


_OBJECT = (
    '"point": "P001", "complainant": "张三", "item": "电饭锅", "facts": "不加热", "kind": "商品类"'
)


@table("""
    stdin                                                   | stored
    {OBJECT}                                                | 1 None None None
    {OBJECT, "disputed": 299.00, "quantity": 2, "phone": null} | 1 29900 2 None
    {OBJECT, "disputed": 299.999}                           |
    {OBJECT, "outcome": "settled"}                          | 1 None None None
    {OBJECT, "recovered": 5}                                |
    {OBJECT, "phone": true}                                 |
    {OBJECT, "disputed": NaN}                               |
    {OBJECT, "facts": ["不加热"]}                           |
    [{OBJECT}]                                              |
    {OBJECT} {}                                             |
    {"point": "P001"}                                       |
    null                                                    |
                                                            |
""")
def test_from_stdin(stdin: str, stored: str, cli: Cli) -> None:
    code = cli("log --from-stdin", stdin=stdin.replace("OBJECT", _OBJECT)).code
    rows = cli.sql("SELECT point_id, disputed, quantity, phone FROM complaint")
    told = [" ".join(map(str, row)) for row in rows]
    assert (code, told) == ((0, [stored]) if stored else (2, []))


@scenes(r"""
# what stands on the command line goes before standard input
$ log P002 --item 电压力锅 --from-stdin << {"point": "P001", "complainant": "张三", "item": "电饭锅", \
    "facts": "不加热", "kind": "商品类", "phone": "13900001111"}
2026-0001 is due by 2026-10-10 Sat; working days left: 5
! Not stated, so recorded: source as direct, channel as visit, problem as other.
$ complaint list
2026-0001 | P002 | 2026-10-10 | no | open | 2026-09-28 | 张* | 电压力锅 | other |  |  |
# a point is found by code, then by name, then by part of the name
+ register 东门商场二楼 --type other --judgement 纠纷多
$ overdue --point P001
$ complaint list --point 东门
! Error: 东门 fits several points: P001 东门商场, P003 东门商场二楼. Use the code.
[3]
$ complaint list --point 门
! Error: 门 fits several points: P001 东门商场, P002 南门市场, P003 东门商场二楼. Use the code.
[3]
$ complaint list --point P00
! Error: There is no point P00. See: ledger12315 point list
[3]
+ record visit P001
+ record visit p001
+ record visit 东门商场
+ record visit 南门
+ record visit 门市
$ record list
1 | visit | P001 | 2026-09-28 | 1 |  |  |  |  |  |  |  |  |  |  |  |  |  |  |  |  |  |
2 | visit | P001 | 2026-09-28 | 1 |  |  |  |  |  |  |  |  |  |  |  |  |  |  |  |  |  |
3 | visit | P001 | 2026-09-28 | 1 |  |  |  |  |  |  |  |  |  |  |  |  |  |  |  |  |  |
4 | visit | P002 | 2026-09-28 | 1 |  |  |  |  |  |  |  |  |  |  |  |  |  |  |  |  |  |
5 | visit | P002 | 2026-09-28 | 1 |  |  |  |  |  |  |  |  |  |  |  |  |  |  |  |  |  |
# of several with one name the only one that is not retired is meant
+ register 东门商场 --type other --judgement 误登 --since 2026-09-28
+ point retire P003 --on 2026-09-28
$ point show 东门商场 --json
{"code": "P001", …
$ overdue --point 东门
$ complaint list --point 门
! Error: 门 fits several points: P001 东门商场, P002 南门市场, P003 东门商场 (retired). Use the code.
[3]
+ register 东门商场 --type other --judgement 纠纷多
$ overdue --point 东门商场
! Error: 东门商场 fits several points: P001 东门商场, P003 东门商场 (retired), P004 东门商场. \
    Use the code.
[3]
# a ledger is made once
$ init --station 西门所 --county 榕溪县
! Error: LEDGER exists already; nothing was changed. Choose another file with --db.
[3]
$ --db new.sqlite 建账 --station 西门所 --county 榕溪县 --code 350123
The ledger of 西门所 is ready: new.sqlite
$ --db new.sqlite ledger info
…
station | 西门所
key | …
county | 榕溪县
code | 350123
…
""")
def test_in_words(script: str, cli: Cli) -> None:
    cli.plays(script)
