"""`ledger check`, `info` and `history`: is it sound, whose is it, what was done."""

import sqlite3
from contextlib import closing
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
import time_machine

from ledger12315.build import COMMIT, COMMITTED, VERSION
from ledger12315.errors import Unusable
from ledger12315.ledger.audit import check
from ledger12315.ledger.store.history import tables
from ledger12315.ledger.store.opening import reading, writing
from ledger12315.words import TABLE_NAMES
from tests.building import spoil
from tests.cli.conftest import Cli, scenes
from tests.cli.registers import HEAD, take
from tests.rows import for_all, table

NINE = datetime(2026, 9, 28, 9, tzinfo=timezone(timedelta(hours=8)))
LOG = "log P001 --complainant 欧阳娜娜 --item 电饭锅 --facts 不加热 --kind goods"
LIFE = f"""
    {LOG} --phone 13900001111 --received 2026-09-21
    complaint escalate 2026-1 --reason 要鉴定 --on 2026-09-22
    complaint amend 2026-1 --complainant 欧阳娜 --disputed 300 --category electronics \
        --respondent-phone 0591-00002222
    close 2026-1 --outcome settled --recovered 100 --closed 2026-09-23
    complaint reopen 2026-1 --reason 记错
    complaint void 2026-1 --reason 重复
"""


@pytest.fixture
def life(cli: Cli) -> Cli:
    """One complaint's whole life, at nine o'clock, by 王五."""
    cli.set.setenv("LEDGER12315_USER", "王五")
    with time_machine.travel(NINE, tick=False):
        cli.given(LIFE)
    return cli


def head(cli: Cli) -> str:
    return str(cli.sql("SELECT head FROM act ORDER BY id DESC LIMIT 1")[0][0])


@for_all("""
    lang | said
    en   | The ledger is sound. Head of its history: {head}
    zh   | 台账完好。台账历史校验值：{head}
""")
def test_a_sound_ledger(lang: str, said: str, life: Cli) -> None:
    assert life("台账 检查", lang=lang) == (0, said.format(head=head(life)) + "\n", "")


@table(r"""
    changes | told
    UPDATE complaint SET disputed = 1; UPDATE setting SET value = '5' WHERE key = 'point_lead'; \
        INSERT INTO setting (key, value) VALUES ('colour', 'red'); \
        DELETE FROM contact WHERE id = 2 \
        | complaint row 1: differs from its history; setting row 3: differs from its history; \
        setting row NEW: differs from its history; contact row 2: missing
    UPDATE complaint SET complainant = '周六' | complaint row 1: differs from its history
    UPDATE act SET user = '周六' WHERE id = LOGGED | act LOGGED (AT, log): the act or its \
        changes differ
    DELETE FROM change WHERE act_id = LOGGED | act LOGGED (AT, log): the act or its changes \
        differ
    DELETE FROM change WHERE act_id = LOGGED AND made | complaint row 1: differs from its history
    DELETE FROM act WHERE id = VOIDED | act VOIDED is missing, but its changes are there; \
        change row LAST: refers to a row that is missing
    UPDATE change SET personal = '{}' WHERE act_id = LOGGED | change FIRST of act LOGGED: \
        personal values differ from those that
""")
def test_whatever_was_changed_by_hand_is_told(changes: str, told: str, life: Cli) -> None:
    [(log, at)] = life.sql("SELECT id, at FROM act WHERE command = 'log'")
    [(first, last, void)] = life.sql(
        f"SELECT min(id) FILTER (WHERE act_id = {log}), max(id), max(act_id) FROM change"
    )
    words = {"(AT": f"({at}", "FIRST": first, "LAST": last, "LOGGED": log, "VOIDED": void}
    [(new,)] = life.sql("SELECT count(*) + 1 FROM setting")
    for word, value in {**words, "NEW": new}.items():
        changes, told = (text.replace(word, str(value)) for text in (changes, told))
    spoil(life.path, changes)
    before = life.path.read_bytes()
    result = life("ledger check")
    summary, *notes = result.err.splitlines()
    assert (result.code, result.out) == (4, "")
    assert summary == f"Error: The ledger {life.path} is not sound."
    for each in told.split("; "):
        assert [note for note in notes if note.startswith(f"  {each}")], each
    assert life.path.read_bytes() == before


def test_what_was_changed_is_told_with_the_clerks_words(life: Cli) -> None:
    spoil(life.path, "UPDATE complaint SET disputed = 1 WHERE id = 1")
    said = life("ledger check", lang="zh").err.splitlines()
    assert said[1] == "  投诉 第 1 行\uff1a与历史不符"


def test_a_database_browser_that_leaves_the_triggers_alone_writes_nothing(life: Cli) -> None:
    told = pytest.raises(sqlite3.IntegrityError, match="history is only added to")
    with closing(sqlite3.connect(life.path)) as browser, told:
        browser.execute("UPDATE complaint SET disputed = 1")


def test_figures_that_do_not_balance_are_told(life: Cli) -> None:
    def unbalanced(*_: object) -> None:
        raise Unusable("03 is not 04+05+06")

    life.set.setattr(check, "figures", unbalanced)
    assert life("ledger check").err.count("03 is not 04+05+06") == 4  # quarters


def test_a_fault_on_a_damaged_ledger_is_the_ledgers(cli: Cli) -> None:
    cli.all("ledger backup copy.sqlite\nledger backup gone.sqlite")
    Path("gone.sqlite").unlink()
    spoil(cli.path, "UPDATE setting SET value = 'x' WHERE key = 'retention_years'")
    cli.plays(r"""
        $ complaint erase
        ! Error: The ledger LEDGER is damaged (setting row 4: differs from its history). \
            Leave it as it is and restore a backup: ledger12315 ledger restore FILE
        !   The newest backup: FOLDER/copy.sqlite
        [4]
    """)
    assert list(cli.path.parent.glob("*fault*")) == []


def test_of_many_faults_the_first_are_told(cli: Cli) -> None:
    rows = (f"{number} | 2026-09-18 | 张三 | 锅" for number in range(25))
    take(cli, "\n".join([HEAD, *rows]))
    spoil(cli.path, "UPDATE complaint SET disputed = 1")
    assert len(cli("ledger check").err.splitlines()) == 21


@for_all("""
    known | code | said
    whole | 0 | The history has the head {head}: 2026-09-28 09:00, complaint void, by 王五.
    first | 0 | The history has the head {head}: 2026-09-28 09:00, complaint void, by 王五.
    other | 3 | The head {head} is not in this history: the form came from another ledger, or
    short | 2 | {head} is not a history head: give at least 16 of its 64 digits.
""")
def test_a_head_from_a_form_is_looked_up(known: str, code: str, said: str, life: Cli) -> None:
    whole = head(life)
    heads = {"first": whole[:16], "other": "0123456789abcdef", "short": whole[:15]}
    given = heads.get(known, whole.upper())
    result = life(f"ledger check --head {given}")
    assert str(result.code) == code and said.format(head=given.lower()) in result.out + result.err
    assert result.out.startswith("The ledger is sound.") == (code == "0")


def test_a_value_that_its_column_does_not_take_is_told_where_history_has_it_too(life: Cli) -> None:
    with writing(life.path, "sql") as ledger:
        ledger.execute("PRAGMA ignore_check_constraints = ON")
        ledger.execute("UPDATE complaint SET source = 'fax'")
    before = life.path.read_bytes()
    life.plays("""
        $ ledger check
        ! Error: The ledger LEDGER is not sound.
        !   SQLite: CHECK constraint failed in complaint
        [4]
    """)
    assert life.path.read_bytes() == before


def test_a_file_that_was_handed_in_is_what_it_was(cli: Cli) -> None:
    cli.all("settings set begins 2026-04-01\nreturns submit 2026Q2")
    [(digest,)] = cli.sql("SELECT sha256 FROM submitted WHERE form = 6")
    cli.all("ledger check")
    whole = cli.path.read_bytes()
    harm = f"UPDATE file SET content = x'00' WHERE sha256 = '{digest}'"
    for change in (harm, "DELETE FROM submitted"):
        cli.path.write_bytes(whole)
        spoil(cli.path, change)
        told = cli("ledger check").err.splitlines()
        assert f"  file {digest}: not as submitted" in told, change


def test_the_head_is_whole_whatever_its_digits(cli: Cli) -> None:
    head = "3bc5559f13900001111" + "a" * 45
    cli.set.setattr("ledger12315.ledger.store.history.head", lambda _: head)
    assert all(head in cli(line).out for line in ("ledger info", "ledger check"))
    assert cli("ledger info --json").json["head"] == head


@scenes(r"""
# the history of a complaint
$ ledger history 2026-1
2026-09-28 09:00 | 王五 | log | 2026-0001 | new entry |  |
2026-09-28 09:00 | 王五 | complaint escalate | 2026-0001 | escalated |  | 2026-09-22
2026-09-28 09:00 | 王五 | complaint escalate | 2026-0001 | escalation reason |  | 要鉴定
2026-09-28 09:00 | 王五 | complaint amend | 2026-0001 | category |  | household electronics
2026-09-28 09:00 | 王五 | complaint amend | 2026-0001 | disputed |  | 300.00
2026-09-28 09:00 | 王五 | complaint amend | 2026-0001 | complainant | 欧阳** | 欧阳*
2026-09-28 09:00 | 王五 | complaint amend | 2026-0001 | respondent phone |  | 0591-****2222
2026-09-28 09:00 | 王五 | close | 2026-0001 | outcome |  | settled
2026-09-28 09:00 | 王五 | close | 2026-0001 | closed |  | 2026-09-23
2026-09-28 09:00 | 王五 | close | 2026-0001 | recovered |  | 100.00
2026-09-28 09:00 | 王五 | complaint reopen | 2026-0001 | outcome | settled |
2026-09-28 09:00 | 王五 | complaint reopen | 2026-0001 | closed | 2026-09-23 |
2026-09-28 09:00 | 王五 | complaint reopen | 2026-0001 | recovered | 100.00 |
2026-09-28 09:00 | 王五 | complaint reopen | 2026-0001 | reopen reason |  | 记错
2026-09-28 09:00 | 王五 | complaint void | 2026-0001 | voided |  | 2026-09-28
2026-09-28 09:00 | 王五 | complaint void | 2026-0001 | void reason |  | 重复
@ zh
$ 台账 历史 2026-1
2026-09-28 09:00 | 王五 | 受理 | 2026-0001 | 新登记 |  |
2026-09-28 09:00 | 王五 | 投诉 报请 | 2026-0001 | 报请日期 |  | 2026-09-22
2026-09-28 09:00 | 王五 | 投诉 报请 | 2026-0001 | 报请理由 |  | 要鉴定
2026-09-28 09:00 | 王五 | 投诉 更正 | 2026-0001 | 类别 |  | 家用电子电器
2026-09-28 09:00 | 王五 | 投诉 更正 | 2026-0001 | 争议金额 |  | 300.00
2026-09-28 09:00 | 王五 | 投诉 更正 | 2026-0001 | 投诉人 | 欧阳** | 欧阳*
2026-09-28 09:00 | 王五 | 投诉 更正 | 2026-0001 | 被投诉方电话 |  | 0591-****2222
2026-09-28 09:00 | 王五 | 办结 | 2026-0001 | 处理结果 |  | 和解
2026-09-28 09:00 | 王五 | 办结 | 2026-0001 | 办结日期 |  | 2026-09-23
2026-09-28 09:00 | 王五 | 办结 | 2026-0001 | 挽回经济损失 |  | 100.00
2026-09-28 09:00 | 王五 | 投诉 重开 | 2026-0001 | 处理结果 | 和解 |
2026-09-28 09:00 | 王五 | 投诉 重开 | 2026-0001 | 办结日期 | 2026-09-23 |
2026-09-28 09:00 | 王五 | 投诉 重开 | 2026-0001 | 挽回经济损失 | 100.00 |
2026-09-28 09:00 | 王五 | 投诉 重开 | 2026-0001 | 重开理由 |  | 记错
2026-09-28 09:00 | 王五 | 投诉 作废 | 2026-0001 | 作废日期 |  | 2026-09-28
2026-09-28 09:00 | 王五 | 投诉 作废 | 2026-0001 | 作废理由 |  | 重复
% 80 ledger history 2026-1
时间             操作人 命令      对象      栏目        原值       新值
────────────────────────────────────────────────────────────────────────────────
2026-09-28 09:00 王五   受理      2026-0001 新登记
2026-09-28 09:00 王五   投诉 报请 2026-0001 报请日期               2026-09-22
2026-09-28 09:00 王五   投诉 报请 2026-0001 报请理由               要鉴定
2026-09-28 09:00 王五   投诉 更正 2026-0001 类别                   家用电子电器
2026-09-28 09:00 王五   投诉 更正 2026-0001 争议金额               300.00
2026-09-28 09:00 王五   投诉 更正 2026-0001 投诉人      欧阳**     欧阳*
2026-09-28 09:00 王五   投诉 更正 2026-0001 被投诉方电             0591-****2222
                                            话
2026-09-28 09:00 王五   办结      2026-0001 处理结果               和解
2026-09-28 09:00 王五   办结      2026-0001 办结日期               2026-09-23
2026-09-28 09:00 王五   办结      2026-0001 挽回经济损             100.00
                                            失
2026-09-28 09:00 王五   投诉 重开 2026-0001 处理结果    和解
2026-09-28 09:00 王五   投诉 重开 2026-0001 办结日期    2026-09-23
2026-09-28 09:00 王五   投诉 重开 2026-0001 挽回经济损  100.00
                                            失
2026-09-28 09:00 王五   投诉 重开 2026-0001 重开理由               记错
2026-09-28 09:00 王五   投诉 作废 2026-0001 作废日期               2026-09-28
2026-09-28 09:00 王五   投诉 作废 2026-0001 作废理由               重复
# the history of nothing
$ ledger history 2026-9
! Error: There is no complaint 2026-0009. See: ledger12315 find WORDS
[3]
$ ledger history x
! Error: There is no complaint x. See: ledger12315 find WORDS
[3]
# whose ledger it is
$ ledger info
path | LEDGER
station | 东门所
key | …
county | 榕溪县
schema | …
points | 2
complaints | 1
acts | ACTS
head | HEAD
program | VERSION
commit | COMMIT
committed | DAY
@ zh
$ 台账 概况
台账文件 | LEDGER
工商所 | 东门所
台账标识 | …
县局 | 榕溪县
结构版本 | …
服务点 | 2
投诉 | 1
操作次数 | ACTS
台账历史校验值 | HEAD
程序版本 | VERSION
程序提交号 | COMMIT
程序日期 | DAY
""")
def test_in_words(script: str, life: Cli) -> None:
    [(acts,)] = life.sql("SELECT count(*) FROM act")
    known = {"HEAD": head(life), "ACTS": str(acts), "VERSION": VERSION}
    for name, value in (known | {"COMMIT": COMMIT, "DAY": COMMITTED}).items():
        script = script.replace(name, value)
    life.plays(script)
    assert life.sql("SELECT count(*) FROM disclosure") == [(0,)]


def test_a_revealed_history_is_whole_and_recorded(life: Cli) -> None:
    masked, revealed = (life(f"ledger history --json{how}").line for how in ("", " --reveal"))
    secrets = [
        "欧阳娜娜",
        "13900001111",
        "0591-00002222",
    ]
    assert [text for text in secrets if text in masked] == []
    assert [text for text in secrets if text not in revealed] == []
    life.all("ledger history 2026-1 --reveal")
    assert life.sql("SELECT command FROM disclosure") == [
        ("ledger history",),
        ("ledger history 2026-0001",),
    ]


def test_the_whole_history_tells_each_change_of_each_box(life: Cli) -> None:
    life.all("settings set retention_years 5\nrecord inquiry P001 --count 3")
    keys = ("command", "box", "was", "becomes")
    told = {" | ".join(row[key] for key in keys) for row in life("ledger history --json").json}
    assert told >= {
        "init | county |  | 榕溪县",
        "register | role |  | officer",
        "log | item |  | 电饭锅",
        "complaint amend | disputed |  | 300.00",
        "settings set | value | 3 | 5",
        "record inquiry | count |  | 3",
    }
    unchanged = "complaint amend | kind"
    assert [row for row in told if row.startswith(unchanged)] == []


@scenes(r"""
# a name is masked in the text of another change
+ log P001 --complainant 欧阳娜娜 --item 锅 --facts 坏 --kind goods
+ complaint amend 2026-1 --remark 欧阳娜娜来电
$ ledger history 2026-1
2026-09-28 09:00 | 王五 | log | 2026-0001 | new entry |  |
2026-09-28 09:00 | 王五 | complaint amend | 2026-0001 | remark |  | 欧阳**来电
$ ledger history 2026-1 --csv
BOM at,user,command,what,box,was,becomes
2026-09-28 09:00,王五,log,2026-0001,new entry,,
2026-09-28 09:00,王五,complaint amend,2026-0001,remark,,欧阳**来电
# whoever is masked elsewhere is masked in the history
+ log P001 --complainant 张三 --item 锅 --facts 林秀珍接待 --kind goods
+ record training P001 --attended 林秀珍、赵小六 --text 林秀珍主讲,赵小六记录
+ record visit P001 --text 陈建平到场
+ point inspect P001 --office yes --inspector 王大明
$ ledger history --json
…"becomes": "东门商场"…"box": "facts", \
    "was": "", "becomes": "林**接待"}…"box": "text", "was": "", "becomes": "林**主讲,赵**记录"}… \
    "box": "attended", "was": "", "becomes": "林**、赵**"}…"box": "text", "was": "", \
    "becomes": "陈**到场"}…"box": "inspector", "was": "", "becomes": "王大明"}…
# the reason of an act is masked
+ log P001 --complainant 欧阳娜娜 --item 锅 --facts 坏 --kind goods
+ close 2026-1 --outcome settled
+ complaint reopen 2026-1 --reason '请回电13900003333'
$ ledger history 2026-1
2026-09-28 09:00 | 王五 | log | 2026-0001 | new entry |  |
2026-09-28 09:00 | 王五 | close | 2026-0001 | outcome |  | settled
2026-09-28 09:00 | 王五 | close | 2026-0001 | closed |  | 2026-09-28
2026-09-28 09:00 | 王五 | complaint reopen | 2026-0001 | outcome | settled |
2026-09-28 09:00 | 王五 | complaint reopen | 2026-0001 | closed | 2026-09-28 |
2026-09-28 09:00 | 王五 | complaint reopen | 2026-0001 | reopen reason |  | 请回电139****3333
# what was changed is named as a clerk calls it
+ register 西门店 --type other --judgement 多 --liaison 林秀珍 --officer 陈建平
+ settings set retention_years 5
+ record inquiry P001 --text 13900003333
+ record list --reveal
$ ledger history
…
2026-09-28 09:00 | 王五 | register | P003 | new entry |  |
2026-09-28 09:00 | 王五 | register | point_type 3 (P003) | new entry |  |
2026-09-28 09:00 | 王五 | register | contact 3 (P003) | new entry |  |
2026-09-28 09:00 | 王五 | register | contact 4 (P003) | new entry |  |
2026-09-28 09:00 | 王五 | settings set | setting retention_years | value | 3 | 5
2026-09-28 09:00 | 王五 | record inquiry | record 1 (P001) | new entry |  |
2026-09-28 09:00 | 王五 | record list | disclosure 1 | new entry |  |
@ zh
$ ledger history
…
2026-09-28 09:00 | 王五 | 设点 | P003 | 新登记 |  |
2026-09-28 09:00 | 王五 | 设点 | 服务点类型 3 (P003) | 新登记 |  |
2026-09-28 09:00 | 王五 | 设点 | 服务点人员 3 (P003) | 新登记 |  |
2026-09-28 09:00 | 王五 | 设点 | 服务点人员 4 (P003) | 新登记 |  |
2026-09-28 09:00 | 王五 | 设置 | 设置 retention_years | 值 | 3 | 5
2026-09-28 09:00 | 王五 | 登记 咨询 | 登记 1 (P001) | 新登记 |  |
2026-09-28 09:00 | 王五 | 登记 列表 | 显示个人信息 1 | 新登记 |  |
""")
def test_what_the_history_tells(script: str, cli: Cli) -> None:
    cli.set.setenv("LEDGER12315_USER", "王五")
    with time_machine.travel(NINE, tick=False):
        cli.plays(script)


def test_who_informed_is_never_shown(cli: Cli) -> None:
    cli.all("record lead P001 --informant '欧阳娜娜 18812347777'")
    told = cli("ledger history --json --reveal").line
    assert "informant 1" in told and "欧阳" not in told and "18812347777" not in told


def test_every_table_with_a_history_has_a_chinese_name(cli: Cli) -> None:
    with reading(cli.path) as ledger:
        assert {*tables(ledger), "act", "change", "file"} == {*TABLE_NAMES}


def test_the_json_of_a_history_is_the_same_in_both_languages(life: Cli) -> None:
    assert life("ledger history 2026-1 --json") == life("ledger history 2026-1 --json", lang="zh")


def test_a_ledger_in_two_files_is_told_and_left_as_it_is(cli: Cli) -> None:
    with closing(sqlite3.connect(cli.path)) as other:
        other.execute("PRAGMA journal_mode = WAL")
    before = cli.path.read_bytes()
    result = cli("ledger check")
    assert (result.code, cli.path.read_bytes()) == (4, before) and f"{cli.path}-wal" in result.err
    cli.all("overdue\nledger check")


def test_a_ledger_that_another_program_switched_is_written_to_as_before(cli: Cli) -> None:
    with closing(sqlite3.connect(cli.path)) as other:
        other.execute("PRAGMA journal_mode = WAL")
    assert cli.log().code == 0
    with closing(sqlite3.connect(cli.path)) as other:
        assert other.execute("PRAGMA journal_mode").fetchall() == [("delete",)]


@scenes(r"""
# each box by its name, each word in the reader's language
+ point amend P002 --liaison 余芳 --on 2026-09-01
+ log P001 --complainant 甲 --item 锅 --facts 坏 --category electronics --received 2026-09-20
+ log P001 --complainant 乙 --item 灯 --facts 坏 --category electronics --received 2026-09-21
+ words add problem 预付卡 --as contract
+ complaint amend 2026-2 --point 南门 --previous 2026-1 --category living --problem 预付卡
@ zh
$ 台账 历史 2026-2
2026-09-28 09:00 | 王五 | 受理 | 2026-0002 | 新登记 |  |
2026-09-28 09:00 | 王五 | 投诉 更正 | 2026-0002 | 服务点 | P001 东门商场 | P002 南门市场
2026-09-28 09:00 | 王五 | 投诉 更正 | 2026-0002 | 经营者类型 | 商场 | 市场
2026-09-28 09:00 | 王五 | 投诉 更正 | 2026-0002 | 类别 | 家用电子电器 | 生活社会服务
2026-09-28 09:00 | 王五 | 投诉 更正 | 2026-0002 | 问题类别 | 其他 | 合同
2026-09-28 09:00 | 王五 | 投诉 更正 | 2026-0002 | 前次投诉 |  | 2026-0001
2026-09-28 09:00 | 王五 | 投诉 更正 | 2026-0002 | 用语 |  | 问题类别：预付卡
$ 台账 历史 2026-2 --json
…"box": "point", "was": "P001", "becomes": "P002"}…"box": "type", "was": "mall", "becomes": \
    "market"}…"box": "previous", "was": "", "becomes": "2026-0001"}…
# what is kept of a point too
+ point amend P001 --type supermarket --demonstration municipal --on 2026-09-01
+ point inspect P001 --office no:漏水
+ point inspect P001 --office yes
+ calendar day 2026-10-01 --work --why 加班
+ calendar day 2026-10-01 --rest --why 停电
@ zh
$ 台账 历史
…
2026-09-28 09:00 | 王五 | 服务点 变更 | 服务点类型 1 (P001) | 截止日期 |  | 2026-09-01
…
2026-09-28 09:00 | 王五 | 服务点 检查 | 检查 1 (P001) | 是否达标 | 否 | 是
2026-09-28 09:00 | 王五 | 服务点 检查 | 检查 1 (P001) | 备注 | 漏水 |
…
2026-09-28 09:00 | 王五 | 日历 定日 | 节假日 1 | 是否上班 | 是 | 否
2026-09-28 09:00 | 王五 | 日历 定日 | 节假日 1 | 原因 | 加班 | 停电
""")
def test_the_history_in_the_readers_words(script: str, cli: Cli) -> None:
    cli.set.setenv("LEDGER12315_USER", "王五")
    cli.plays(script)
