"""`calendar load` and `calendar day`: the notices and days that a station gives its ledger, and what follows from them."""

from pathlib import Path

from tests.cli.conftest import Cli, Result

NOTICE = "关于2027年部分节假日安排的通知 一、元旦:1月1日至3日放假调休,共3天。12月26日上班。"


def load(cli: Cli, text: str, encoding: str = "utf-8") -> Result:
    Path("notice.txt").write_text(text, encoding)
    return cli("calendar load notice.txt", today="2026-12-28")


def test_a_notice_makes_a_provisional_date_certain_and_moves_it(cli: Cli) -> None:
    cli.log("--received 2026-12-25", today="2026-12-28")
    assert "provisional" in cli("explain 2026-1", today="2026-12-28").out
    moved = NOTICE.replace("12月26日", "2026年12月26日")
    assert load(cli, moved, "gb18030") == (
        0,
        "The notice for 2027 is taken: days off 3, make-up days 1.\n",
        "Other due dates than before have: 2026-0001.\n",
    )
    assert cli("explain 2026-1", today="2026-12-28").out.splitlines()[:3] == [
        "2026-0001 received 2026-12-25, due 2026-12-31 Thu:",
        "2026-12-25 Fri\t\tday of receipt, not counted\tthe week\tno",
        "2026-12-26 Sat\t1\tmake-up working day (元旦)\tState Council notice 2027\tno",
    ]


def test_an_amended_notice_takes_days_back(cli: Cli) -> None:
    load(cli, NOTICE)
    load(cli, "关于2027年部分节假日安排的通知 一、元旦:1月1日放假。")
    out = cli("calendar show 2027").out.splitlines()
    assert out == ["2027-01-01 Fri\tno\tholiday (元旦)\tState Council notice 2027\tno"]
    assert cli("ledger check").code == 0


def test_a_notice_leaves_a_day_of_the_stations_own(cli: Cli) -> None:
    cli.all("calendar day 2027-01-01 --work --why 值班\ncalendar day 2027-01-02 --rest --why 盘点")
    assert load(cli, NOTICE) == (
        0,
        "The notice for 2027 is taken: days off 3, make-up days 1.\n",
        "Otherwise than the notice says, by the station's own word: 2027-01-01 Fri.\n",
    )
    assert cli("calendar show 2027").out.splitlines() == [
        "2027-01-02 Sat\tno\tholiday (盘点)\tset by the station\tno",
        "2027-01-03 Sun\tno\tholiday (元旦)\tState Council notice 2027\tno",
        "2027-12-26 Sun\tyes\tmake-up working day (元旦)\tState Council notice 2027\tyes",
    ]


def test_a_day_of_the_stations_own(cli: Cli) -> None:
    cli.log("--received 2026-09-21")
    assert cli("日历 定日 2026-09-28 --rest --why 停电", today="2026-09-22") == (
        0,
        "2026-09-28 Mon is a day off (停电).\n",
        "Other due dates than before have: 2026-0001.\n",
    )
    assert cli("explain 2026-1", today="2026-09-22").out.splitlines()[-2:] == [
        "2026-09-29 Tue\t4\tworking day\tthe week\tno",
        "2026-09-30 Wed\t5\tworking day\tthe week\tno",
    ]
    assert (
        cli("calendar day 2026-09-28 --work --why 来电", today="2026-09-22").out
        == "2026-09-28 Mon is worked (来电).\n"
    )
    assert cli("overdue --as-of 2026-09-30", today="2026-09-22").out.split("\t")[0] == "2026-0001"
    assert (
        "2026-09-28 Mon\tno\tholiday (停电)\tset by the station\tno"
        not in cli("calendar show 2026").out
    )


def test_what_is_refused(cli: Cli) -> None:
    before = cli.path.read_bytes()
    assert load(cli, "hello").code == 5
    assert cli("calendar load missing.txt") == (
        5,
        "",
        "Error: missing.txt cannot be read: there is no such file.\n",
    )
    assert cli("calendar day 2026-09-28 --why x") == (
        2,
        "",
        "Error: Say one of --work and --rest.\n",
    )
    assert cli("calendar day 2026-09-28 --work") == (2, "", "Error: Missing: why.\n")
    assert cli.path.read_bytes() == before
