"""The day of an act: what lies far from the last one, and what is done on a rehearsal's day."""

import pytest

from tests.cli.conftest import Cli, table

_LOG = "log P001 --complainant 张三 --item 锅 --facts 漏气 --kind goods"


@pytest.fixture
def cli(cli: Cli) -> Cli:
    """The ledger of all tests, last written to on 2026-09-28, and nobody who answers for it."""
    cli.clock_is_right = False
    return cli


@table("""
    day        | rehearsed | line                            | code
    2026-09-28 |           | log                             | 0
    2027-09-29 |           | log                             | 0
    2027-09-30 |           | log                             | 3
    2026-09-27 |           | log                             | 3
    1999-12-31 |           | log                             | 3
    2099-01-01 |           | log                             | 3
    2099-01-01 |           | --clock-is-right log            | 0
    1999-12-31 |           | --clock-is-right log            | 0
    2099-01-01 |           | settings set notice_from 30   | 3
    2099-01-01 |           | complaint list                  | 0
    2099-01-01 |           | complaint erase --all           | 0
    2026-09-28 | 2027-09-29 | log                            | 0
    2026-09-28 | 2026-09-27 | log                            | 3
    2026-09-28 | 2036-09-28 | log                            | 3
    2026-09-28 | 2036-09-28 | --clock-is-right log           | 0
""")
def test_a_day_far_from_the_last_one_is_refused_where_nobody_can_be_asked(
    day: str, rehearsed: str, line: str, code: str, cli: Cli
) -> None:
    cli.set.setenv("LEDGER12315_TODAY", rehearsed)
    before = cli.path.read_bytes()
    result = cli(line.replace("log", _LOG), today=day)
    assert str(result.code) == code, result
    assert result.err.startswith("Error: Today is taken to be ") == (code == "3")
    assert (cli.path.read_bytes() == before) == (code == "3" or "complaint" in line)


@table("""
    answer | code | logged
    y      | 0    | 1
    是     | 0    | 1
    n      | 3    | 0
           | 3    | 0
""")
def test_on_a_terminal_it_is_asked_once_more(
    answer: str, code: str, logged: str, cli: Cli
) -> None:
    line = f"{_LOG} --category electronics"
    told = f"last written to on 2026-09-28 > {answer}"
    assert str(cli.talk(line, told, today="2028-02-29")[0]) == code
    assert cli.sql("SELECT count(*) FROM complaint") == [(int(logged),)]


def test_rehearsals_are_held_against_rehearsals_and_real_days_against_real_ones(cli: Cli) -> None:
    days = []
    for day in ("2027-09-28", "2028-09-28", "2028-09-27", "", "2028-09-28"):
        cli.set.setenv("LEDGER12315_TODAY", day)
        days.append(cli("record inquiry P001", today="2026-09-29").code)
    assert days == [0, 0, 3, 0, 0]


def test_every_act_tells_its_rehearsals_day(cli: Cli) -> None:
    cli.set.setenv("LEDGER12315_TODAY", "2026-10-01")
    cli.all(_LOG)
    cli.set.setenv("LEDGER12315_TODAY", "")
    cli.plays("""
        $ ledger history 2026-1
        2026-09-28 09:00, rehearsal of 2026-10-01 | li | log | 2026-0001 | new entry |  |
        @ zh
        $ ledger history 2026-1
        2026-09-28 09:00（演练 2026-10-01） | li | 受理 | 2026-0001 | 新登记 |  |
    """)
    rows = cli("ledger history --json").json
    assert {row["rehearsed"] for row in rows if row["command"] == "log"} == {"2026-10-01"}
    assert {row["rehearsed"] for row in rows if row["command"] == "register"} == {None}
    assert cli("ledger check").code == 0


@table("""
    line                             | code
    complaint erase --all            | 3
    complaint erase 2022-1           | 3
    complaint erase                  | 0
    complaint erase --all --dry-run  | 0
""")
def test_what_cannot_be_undone_is_refused_on_a_rehearsals_day(
    line: str, code: str, cli: Cli
) -> None:
    cli.all(f"{_LOG} --received 2022-09-01\nclose 2022-1 --outcome settled --closed 2022-09-02")
    cli.set.setenv("LEDGER12315_TODAY", "2026-09-29")
    before = cli.path.read_bytes()
    assert str(cli(f"--clock-is-right {line}").code) == code
    assert cli.path.read_bytes() == before
