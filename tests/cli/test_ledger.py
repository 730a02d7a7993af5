"""`ledger check`, `info` and `history`: whether it is sound, whose it is, and what was done to it by whom."""

import sqlite3
from contextlib import closing
from datetime import datetime, timedelta, timezone

import pytest
import time_machine

from tests.cli.conftest import Cli, table
from tests.ledger.acted import unguarded

NINE = datetime(2026, 9, 28, 9, tzinfo=timezone(timedelta(hours=8)))
LIFE = """
    log P001 --complainant 欧阳娜娜 --phone 13900001111 --item 电饭锅 --facts 不加热 --kind goods --received 2026-09-21
    complaint escalate 2026-1 --reason 要鉴定 --on 2026-09-22
    complaint amend 2026-1 --complainant 欧阳娜 --disputed 300 --category electronics --respondent-phone 0591-00002222
    close 2026-1 --outcome settled --recovered 100 --closed 2026-09-23
    complaint reopen 2026-1 --reason 记错
    complaint void 2026-1 --reason 重复
"""


def spoil(cli: Cli, *changes: str) -> None:
    """Change the file as somebody does who knows its triggers."""
    with closing(sqlite3.connect(cli.path, isolation_level=None)) as ledger, unguarded(ledger):
        for change in changes:
            ledger.execute(change)


def head(cli: Cli) -> str:
    return str(cli.sql("SELECT head FROM act ORDER BY id DESC LIMIT 1")[0][0])


@table("""
    lang | said
    en   | The ledger is sound. Head of its history: {head}
    zh   | 台账完好。历史链校验值：{head}
""")
def test_a_sound_ledger(lang: str, said: str, cli: Cli) -> None:
    cli.all(LIFE)
    assert cli("台账 检查", lang=lang) == (0, said.format(head=head(cli)) + "\n", "")


@table("""
    change                                                          | told
    UPDATE complaint SET disputed = 1                               | complaint row 1: not what its history says
    UPDATE complaint SET complainant = '周六'                       | complaint row 1: not what its history says
    UPDATE setting SET value = '5' WHERE key = 'point_lead'         | setting row 4: not what its history says
    INSERT INTO setting VALUES ('colour', 'red')                    | setting row 7: not what its history says
    DELETE FROM contact WHERE id = 2                                | contact row 2: missing
    UPDATE act SET user = '周六' WHERE id = 5                       | act 5 (AT, log): not as it was sealed
    DELETE FROM change WHERE act_id = 5                             | act 5 (AT, log): not as it was sealed
    DELETE FROM change WHERE act_id = 5 AND made                    | complaint row 1: not what its history says
    DELETE FROM act WHERE id = 10                                   | changes of an act 10 that is missing
    DELETE FROM act WHERE id = 10                                   | change row LAST: refers to a row that is missing
    UPDATE change SET personal = '{}' WHERE act_id = 5              | change FIRST of act 5: personal values are not those that
""")
def test_whatever_was_changed_by_hand_is_told(change: str, told: str, cli: Cli) -> None:
    cli.all(LIFE)
    [(at,)] = cli.sql("SELECT at FROM act WHERE id = 5")
    [(first, last)] = cli.sql("SELECT min(id) FILTER (WHERE act_id = 5), max(id) FROM change")
    spoil(cli, change)
    before = cli.path.read_bytes()
    result = cli("ledger check")
    assert (result.code, result.out) == (4, "")
    summary, *notes = result.err.splitlines()
    assert summary == f"Error: The ledger {cli.path} is not sound."
    expected = told.replace("AT", at).replace("FIRST", str(first)).replace("LAST", str(last))
    assert [note for note in notes if note.startswith(f"  {expected}")]
    assert cli.path.read_bytes() == before


def test_a_database_browser_that_leaves_the_triggers_alone_is_told_too(cli: Cli) -> None:
    cli.all(LIFE)
    cli.sql("UPDATE complaint SET disputed = 1")
    assert "act 10 (" in cli("ledger check").err


def test_figures_that_do_not_balance_are_told(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    from ledger12315.errors import Unusable
    from ledger12315.ledger import check

    def unbalanced(*_: object) -> None:
        raise Unusable("03 is not 04+05+06")

    cli.all(LIFE)
    monkeypatch.setattr(check, "figures", unbalanced)
    assert "03 is not 04+05+06" in cli("ledger check").err


def test_of_many_faults_the_first_are_told(cli: Cli) -> None:
    for _ in range(25):
        cli.log()
    spoil(cli, "UPDATE complaint SET disputed = 1")
    assert len(cli("ledger check").err.splitlines()) == 21


@table("""
    lang | lines
    en   | path {path}/station 东门所/county 榕溪县/schema 2/points 2/complaints 1/acts 10/head {head}
    zh   | 台账文件 {path}/工商所 东门所/县局 榕溪县/结构版本 2/服务点 2/投诉 1/操作次数 10/历史链校验值 {head}
""")
def test_info(lang: str, lines: str, cli: Cli) -> None:
    cli.all(LIFE)
    shown = [line.replace(" ", "\t").format(path=cli.path, head=head(cli)) for line in lines.split("/")]
    assert cli("台账 概况", lang=lang).out.splitlines() == shown
    found = cli("ledger info --json").json
    assert [str(value) for value in found.values() if value is not None] == [line.split("\t")[1] for line in shown]


def test_the_head_is_whole_whatever_its_digits(cli: Cli) -> None:
    head = "3bc5559f13900001111" + "a" * 45
    cli.set.setattr("ledger12315.ledger.history.head", lambda _: head)
    assert head in cli("ledger info").out and cli("ledger info --json").json["head"] == head and head in cli("ledger check").out


HISTORY = {
    "en": """
        log                | new entry         |             |
        complaint escalate | escalated         |             | 2026-09-22
        complaint escalate | escalation_reason |             | 要鉴定
        complaint amend    | category          |             | household electronics
        complaint amend    | disputed          | 0.00        | 300.00
        complaint amend    | complainant       | 欧阳**      | 欧阳*
        complaint amend    | respondent_phone  |             | 0591-****2222
        close              | outcome           |             | settled
        close              | closed            |             | 2026-09-23
        close              | recovered         | 0.00        | 100.00
        complaint reopen   | outcome           | settled     |
        complaint reopen   | closed            | 2026-09-23  |
        complaint reopen   | recovered         | 100.00      | 0.00
        complaint reopen   | reopen_reason     |             | 记错
        complaint void     | voided            |             | 2026-09-28
        complaint void     | void_reason       |             | 重复
    """,
    "zh": """
        log                | 新登记            |             |
        complaint escalate | 报请日期          |             | 2026-09-22
        complaint escalate | 报请理由          |             | 要鉴定
        complaint amend    | 类别              |             | 家用电子电器
        complaint amend    | 争议金额          | 0.00        | 300.00
        complaint amend    | 投诉人            | 欧阳**      | 欧阳*
        complaint amend    | 被投诉方电话      |             | 0591-****2222
        close              | 处理结果          |             | 和解
        close              | 办结日期          |             | 2026-09-23
        close              | 挽回经济损失      | 0.00        | 100.00
        complaint reopen   | 处理结果          | 和解        |
        complaint reopen   | 办结日期          | 2026-09-23  |
        complaint reopen   | 挽回经济损失      | 100.00      | 0.00
        complaint reopen   | 重开理由          |             | 记错
        complaint void     | 作废日期          |             | 2026-09-28
        complaint void     | 作废理由          |             | 重复
    """,
}


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_history_of_a_complaint(lang: str, cli: Cli) -> None:
    cli.set.setenv("LEDGER12315_USER", "王五")
    with time_machine.travel(NINE, tick=False):
        cli.all(LIFE)
    rows = [[cell.strip() for cell in line.split("|")] for line in HISTORY[lang].strip().splitlines()]
    expected = [[command, "2026-0001", *cells, *[""] * (3 - len(cells))] for command, *cells in rows]
    result = cli("台账 历史 2026-1", lang=lang)
    assert [line.split("\t") for line in result.out.splitlines()] == [["2026-09-28 09:00", "王五", *row] for row in expected]
    assert cli.sql("SELECT count(*) FROM disclosure") == [(0,)]


def test_a_revealed_history_is_whole_and_recorded(cli: Cli) -> None:
    cli.all(LIFE)
    masked, revealed = cli("ledger history --json"), cli("ledger history --json --reveal")
    secrets = ("欧阳娜娜", "13900001111", "0591-00002222", "林秀珍", "13900000101", "陈建平", "13900000202")
    assert [text for text in secrets if text in masked.line] == []
    assert [text for text in secrets if text not in revealed.line] == []
    assert cli.sql("SELECT command FROM disclosure") == [("ledger history",)]
    cli.all("ledger history 2026-1 --reveal")
    assert cli.sql("SELECT command FROM disclosure") == [("ledger history",), ("ledger history 2026-0001",)]


def test_the_whole_history_tells_each_change_of_each_box(cli: Cli) -> None:
    cli.all(f"{LIFE}\nsettings set point_lead 5\nrecord inquiry P001 --count 3")
    told = {(row["command"], row["box"], row["was"], row["becomes"]) for row in cli("ledger history --json").json}
    expected = {
        ("init", "county", "", "榕溪县"),
        ("register", "role", "", "officer"),
        ("log", "item", "", "电饭锅"),
        ("complaint amend", "disputed", "0.00", "300.00"),
        ("settings set", "value", "2", "5"),
        ("record inquiry", "count", "", "3"),
    }
    assert expected - told == set()
    assert [row for row in told if row[:2] == ("complaint amend", "kind")] == [], "what stays the same is no change"


@table("""
    line                   | code | said
    ledger history 2026-9  | 3    | There is no complaint 2026-0009
    ledger history x       | 2    | number
""")
def test_the_history_of_nothing(line: str, code: str, said: str, cli: Cli) -> None:
    result = cli(line)
    assert (str(result.code), result.out) == (code, "") and said in result.err


def masked_in_history(cli: Cli) -> str:
    return "\n".join(cli(f"ledger history 2026-1{form}").out for form in ("", " --json", " --csv"))


def test_a_name_is_masked_in_the_text_of_another_change(cli: Cli) -> None:
    cli.all("log P001 --complainant 欧阳娜娜 --item 电饭锅 --facts 不加热 --kind goods")
    cli.all("complaint amend 2026-1 --remark 欧阳娜娜来电")
    assert "欧阳娜娜" not in masked_in_history(cli)


def test_the_reason_of_an_act_is_masked(cli: Cli) -> None:
    cli.all(f"{LIFE}\nlog P001 --complainant 欧阳娜娜 --item 鞋 --facts 开胶 --kind goods\nclose 2026-2 --outcome settled")
    cli.all("complaint reopen 2026-2 --reason '请回电13900003333'")
    assert "13900003333" not in cli("ledger history").out


def test_the_name_of_a_point_is_nobodys(cli: Cli) -> None:
    assert "东门商场" in cli("ledger history --json").line


def test_the_json_of_a_history_is_the_same_in_both_languages(cli: Cli) -> None:
    cli.all(LIFE)
    assert cli("ledger history 2026-1 --json") == cli("ledger history 2026-1 --json", lang="zh")
