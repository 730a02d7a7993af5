"""The day of an act: far from the last one, and on a rehearsal's day."""

import pytest

from ledger12315.cli.app import run
from tests.cli.conftest import Cli
from tests.rows import cells, table

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
    assert result.err.startswith("Error: Today's date is ") == (code == "3")
    assert (cli.path.read_bytes() == before) == (code == "3" or "complaint" in line)


@table("""
    answer | code | logged
    y      | 0    | 1
    是     | 0    | 1
    n      | 3    | 0
""")
def test_on_a_terminal_it_is_asked_once_more(
    answer: str, code: str, logged: str, cli: Cli
) -> None:
    line = f"{_LOG} --category electronics"
    told = f"last entry in the ledger is of 2026-09-28 > {answer}"
    assert str(cli.talk(line, told, today="2028-02-29")[0]) == code
    assert cli.sql("SELECT count(*) FROM complaint") == [(int(logged),)]


def test_rehearsals_are_held_against_rehearsals_and_real_days_against_real_ones(cli: Cli) -> None:
    days = []
    for day in ("2027-09-28", "2028-09-28", "2028-09-27", "", "2028-09-28"):
        cli.set.setenv("LEDGER12315_TODAY", day)
        days.append(cli("record inquiry P001", today="2026-09-29").code)
    assert days == [0, 0, 3, 0, 0]


def test_a_rehearsal_is_said_on_stderr(cli: Cli, capsys: pytest.CaptureFixture[str]) -> None:
    cli.set.setenv("LEDGER12315_TODAY", "2026-10-01")
    assert run(["--db", str(cli.path), "overdue"]) == 0
    said = "Rehearsal: 2026-10-01 is used as today (LEDGER12315_TODAY).\n"
    assert capsys.readouterr() == ("", said)


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
    cli.all("ledger check")


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
    cli.given(f"{_LOG} --received 2022-09-01\nclose 2022-1 --outcome settled --closed 2022-09-02")
    cli.set.setenv("LEDGER12315_TODAY", "2026-09-29")
    before = cli.path.read_bytes()
    assert str(cli(f"--clock-is-right {line}").code) == code
    assert cli.path.read_bytes() == before


_BEHIND = "2026-09-27", "2021-01-01", "1995-06-01"


@table("""
    line                             | behind
    overdue                          | 4
    overdue --as-of 2026-09-28       | 0
    today                            | 4
    returns status                   | 4
    returns status 2026Q3            | 4
    --clock-is-right overdue         | 0
    find 锅                          | 0
""")
def test_a_clock_that_is_behind_gives_no_empty_list(line: str, behind: str, cli: Cli) -> None:
    for day in _BEHIND:
        result = cli(line, today=day)
        assert str(result.code) == behind, (day, result)
    assert cli("overdue", today="2026-09-28").code == 0
    result = cli("overdue", today="2021-01-01")
    assert (result.out, result.err.split(":")[0]) == ("", "Error")
    assert "shows 2021-01-01, but the newest entry in the ledger is of 2026-09-28" in result.err


def test_at_a_terminal_a_clock_that_is_behind_is_said(cli: Cli) -> None:
    code, screen = cli.talk("overdue", "", today="2026-09-01")
    assert (code, "The clock of this computer shows 2026-09-01" in str(screen)) == (0, True)


def test_figures_of_a_running_period_need_a_right_clock(cli: Cli) -> None:
    for line in ("rollup 3 2026Q3", "rollup category 2026Q3", "export 6 2026Q3", "report 2026Q3"):
        assert cli(line, today="2026-08-01").code == 4, line
    cli.set.setenv("LEDGER12315_TODAY", "2026-08-01")
    assert cli("rollup 3 2026Q3", today="2026-09-28").code == 0


CLOCKS = cells("""
    1989-12-31 | log                     | 3
    1989-12-31 | --clock-is-right log    | 3
    1990-01-01 | log                     | 0
    1990-01-01 | --clock-is-right log    | 0
    2199-12-31 | log                     | 0
    2199-12-31 | --clock-is-right log    | 0
    2200-01-01 | log                     | 3
    2200-01-01 | --clock-is-right log    | 3
    1980-01-01 | record meeting          | 3
    1980-01-01 | settings set notice_from 30 | 3
    1980-01-01 | today                   | 3
    1980-01-01 | ledger check            | 0
    1980-01-01 | ledger backup copy      | 3
""")


def test_a_clock_of_no_year_that_is_counted_is_refused(cli: Cli) -> None:
    before = cli.path.read_bytes()
    for day, line, code in CLOCKS:
        result = cli(line.replace("log", _LOG), today=day)
        wrong = (
            "Error: The clock of this computer is wrong: it shows a day before 1990 or after 2199."
        )
        assert result.err.startswith(wrong) == (code == "3"), (day, line)
        if code == "3":
            assert (result.code, cli.path.read_bytes()) == (3, before), (day, line)
        else:
            assert result.code == (3 if line == "log" else 0), (day, line)
        cli.path.write_bytes(before)


def test_a_clock_that_python_cannot_read_is_refused(cli: Cli) -> None:
    def beyond_2262(*_: object) -> None:
        raise OverflowError("timestamp too large to convert to C _PyTime_t")

    cli.set.setattr("ledger12315.cli.app.program", beyond_2262)
    result = cli("ledger check")
    assert (result.code, result.err.splitlines()[1:]) == (3, [])
    assert result.err.startswith("Error: The clock of this computer is wrong")
