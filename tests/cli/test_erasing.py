"""`complaint erase`: complaints past their retention are listed, and erased on request."""

from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from random import Random

import pytest

from ledger12315.boxes.tables import PERSONAL
from ledger12315.cli.asking.drafts import Draft
from ledger12315.ledger.audit.erasing import erase_row
from ledger12315.ledger.store.opening import writing
from tests.building import spoil
from tests.cli.conftest import Cli, clock_of, scenes
from tests.rows import cells, table

_LOG = "log P001 --item 锅 --kind goods"
# Closed in 2022 (1 and 2) and 2023: on 2026-09-28 the first two are past the three years.
OLD = f"""
    {_LOG} --complainant 欧阳娜娜 --phone 13900001111 --facts 欧阳娜娜说开胶 --received 2022-09-01
    {_LOG} --complainant 李四 --facts 褪色 --received 2022-09-01
    {_LOG} --complainant 孙小美 --facts 漏气 --received 2023-09-01
    {_LOG} --complainant 周六 --facts 漏气 --received 2022-09-01
    complaint escalate 2022-1 --reason 欧阳娜娜要求 --on 2022-09-02
    close 2022-1 --outcome other --closed 2022-09-05 --recovered 100 --remark 欧阳娜娜已搬走 \
        --rating basic --answered 2022-09-05 --answered-how 电话告知欧阳娜娜13900003333 \
        --followed-up 2022-09-05 --followed-up-how 欧阳娜娜道谢
    close 2022-2 --outcome settled --closed 2023-09-27
    close 2023-1 --outcome settled --closed 2023-09-28
    complaint amend 2022-1 --consumer-address 东街3号
    complaint amend 2022-1 --consumer-address ''
"""
LINES = ("2022-0001\tP001\t2022-09-01\t2022-09-05", "2022-0002\tP001\t2022-09-01\t2023-09-27")


def found_in(cli: Cli, words: str) -> str:
    """Return the words found in the ledger's file."""
    content = cli.path.read_bytes()
    return " ".join(word for word in words.split() if word.encode() in content)


@table("""
    line                                  | code | listed
    complaint erase                       | 0    | 1 2
    complaint erase --dry-run             | 0    | 1 2
    complaint erase --all --dry-run       | 0    | 1 2
    complaint erase 2022-2 --dry-run      | 0    | 2
    complaint erase 2023-1 --dry-run      | 0    |
    complaint erase 2023-1                | 3    |
    complaint erase 2022-3                | 3    |
    complaint erase 2022-1 2023-1         | 3    |
    complaint erase 2022-9                | 3    |
    complaint erase 22                    | 3    |
    complaint erase 2022-1 --all          | 2    |
""")
def test_what_is_past_its_retention_is_listed_and_nothing_else_is_erased(
    line: str, code: str, listed: str, cli: Cli
) -> None:
    cli.given(OLD)
    before = cli.path.read_bytes()
    result = cli(line)
    assert str(result.code) == code
    assert result.out.splitlines() == [LINES[int(each) - 1] for each in listed.split()]
    assert cli.path.read_bytes() == before


@table("""
    years | today      | listed
    3     | 2026-09-27 | 1
    3     | 2026-09-28 | 2
    3     | 2026-09-29 | 3
    4     | 2026-09-05 | 0
    4     | 2026-09-06 | 1
    100   | 2026-09-28 | 0
""")
def test_a_complaint_is_kept_for_the_years_of_the_setting(
    years: str, today: str, listed: str, cli: Cli
) -> None:
    cli.given(OLD)
    cli.all(f"settings set retention_years {years}")
    assert len(cli("complaint erase --json", today=today).json) == int(listed)


@table("""
    line                   | answer | code | left
    complaint erase 2022-1 | n      | 130  | 2
    complaint erase --all  | n      | 130  | 2
    complaint erase 2022-1 | y      | 0    | 1
    complaint erase --all  | y      | 0    | 0
""")
def test_somebody_at_a_terminal_is_asked_first(
    line: str, answer: str, code: str, left: str, cli: Cli
) -> None:
    cli.given(OLD)
    count = 1 if "2022-1" in line else 2
    asked = (
        f"erased: complaints {count}, texts of records and informants 0. This cannot be undone."
    )
    assert str(cli.talk(line, f"{asked}\nErase them for good > {answer}")[0]) == code
    assert len(cli("complaint erase --json").json) == int(left)


def test_nobody_is_asked_about_what_is_not_erased(cli: Cli) -> None:
    cli.given(OLD)
    assert cli.talk("complaint erase 2023-1")[0] == 3
    assert cli.talk("complaint erase --all --dry-run")[0] == 0


# An informant and each text of a record: 2023-09-27 is past the three years, the day after is not.
RECORDS = """
    record lead P001 --text 有人举报 --informant '欧阳娜娜 13900001111' --on 2023-09-27
    record visit P001 --text 走访13900002222 --raised 李四反映 --result 东街3号 --on 2023-09-27
    record inquiry P001 --text 孙小美问退货 --on 2023-09-28
"""


_TOLD = (
    "No complaint is past its retention of 3 years.\n"
    "Texts of records and informants past their retention, which --all erases too: 3\n"
)


@table("""
    line                      | code | err
    complaint erase           | 0    | told
    complaint erase --dry-run | 0    | told
    complaint erase 2022-9    | 3    |
""")
def test_texts_of_old_records_are_told(line: str, code: str, err: str, cli: Cli) -> None:
    cli.given(RECORDS)
    before = cli.path.read_bytes()
    result = cli(line)
    assert (str(result.code), result.out) == (code, "")
    assert result.err == _TOLD or not err
    assert cli.path.read_bytes() == before


def test_texts_of_old_records_go_with_all(cli: Cli) -> None:
    cli.given(RECORDS)
    figures = cli("rollup 3 2023Q3 --json")
    cli.plays("""
        $ complaint erase --all
        Texts of records and informants erased for good: 3
        $ complaint erase --all
        ! No complaint is past its retention of 3 years.
    """)
    texts = "欧阳娜娜 13900001111 13900002222 李四 东街 有人举报 孙小美"
    assert found_in(cli, texts) == "孙小美"
    assert cli("rollup 3 2023Q3 --json") == figures and cli("ledger check").code == 0
    cli.sql("UPDATE record SET text = '补记' WHERE id = 2")  # it may be filled again
    cli.all("complaint erase --all\nledger check")
    assert found_in(cli, "补记") == ""


@scenes(r"""
# one
$ complaint erase 2022-1 --json
{"erased": ["2022-0001"], "texts": 0}
# all, and again
$ complaint erase --all --json
{"erased": ["2022-0001", "2022-0002"], "texts": 3}
$ complaint erase --all --json
{"erased": [], "texts": 0}
! No complaint is past its retention of 3 years.
# numbers and all exclude each other
$ complaint erase 2022-1 --all
! Error: Give either number or --all, not both.
[2]
""")
def test_what_was_erased_in_json(script: str, cli: Cli) -> None:
    cli.given(OLD)
    cli.given(RECORDS)
    cli.plays(script)


@scenes(r"""
# closed, open, void, and erased already
$ complaint erase 2023-1
! Error: 2023-0001 must be kept until 2026-09-28. Nothing was changed.
[3]
$ complaint erase 2022-3
! Error: 2022-0003 is still open; it is kept for 3 years after its closing. Nothing was changed.
[3]
+ complaint void 2022-3 --reason 重复
$ complaint erase 2022-1 2022-3
! Error: 2022-0003 must be kept until 2029-09-28. Nothing was changed.
[3]
+ complaint erase 2022-1
$ complaint erase 2022-1 2022-2 2023-1 --dry-run
2022-0002 | P001 | 2022-09-01 | 2023-09-27
! 2022-0001 is erased already.
! 2023-0001 must be kept until 2026-09-28.
# a complainant without a name is not one who is erased
+ log P001 --item 锅 --kind goods --complainant '*' --facts 坏
+ close 2026-1 --outcome settled
# the setting of the day of erasing counts
+ complaint erase 2022-1
+ settings set retention_years 100
+ ledger check
# a void one is erased as well
+ complaint void 2022-3 --reason 重复
@ 2030-01-02
$ complaint erase
…
2022-0003 | …
…
# nothing is due
@ zh
+ complaint erase --all
$ 投诉 清除
! 没有超过保存期限（3 年）的投诉。
$ 投诉 清除 --json
[]
! 没有超过保存期限（3 年）的投诉。
$ 投诉 清除 2023-1
! 错误：2023-0001 应保存到 2026-09-28。未作改动。
[3]
""")
def test_why_a_complaint_is_kept(script: str, cli: Cli) -> None:
    cli.given(OLD)
    cli.plays(script)


@table("""
    closed     | years | kept
    2023-09-28 | 3     | 2026-09-28
    2024-02-29 | 3     | 2027-02-28
    2024-02-28 | 3     | 2027-02-28
    2023-02-28 | 5     | 2028-02-29
    2023-03-01 | 5     | 2028-03-01
""")
def test_it_may_be_erased_on_the_day_after_that(
    closed: str, years: str, kept: str, cli: Cli
) -> None:
    cli.all(f"settings set retention_years {years}")
    cli.all(f"{_LOG} --complainant 李四 --facts 褪色 --received {closed}", today=closed)
    cli.all(f"close {closed[:4]}-1 --outcome settled", today=closed)
    number, after = f"{closed[:4]}-0001", date.fromisoformat(kept) + timedelta(days=1)
    assert (
        f"{number} must be kept until {kept}." in cli(f"complaint erase {number}", today=kept).err
    )
    listed = cli("complaint erase --json", today=after.isoformat()).json
    assert [each["number"] for each in listed] == [number]


def test_erased_is_gone_for_good_and_nothing_else_changes(cli: Cli) -> None:
    cli.given(OLD)
    personal = "欧阳娜娜 13900001111 东街3号 开胶 搬走 李四 13900003333 道谢"
    forms = ["rollup 3 2022Q3 --json", "rollup 6 2022 --json"]
    show = "complaint show 2022-1 --json --reveal"
    before, kept = [cli(form) for form in forms], cli(show).json
    assert found_in(cli, personal) == personal
    cli.plays("""
        $ complaint erase --all
        Personal data erased for good, figures unchanged: 2022-0001, 2022-0002
        $ complaint erase
        ! No complaint is past its retention of 3 years.
        + ledger check
        $ complaint erase 2022-1
        ! Error: 2022-0001 is erased already. Nothing was changed.
        [3]
        + ledger backup copy.sqlite
    """)
    assert found_in(cli, f"{personal} 孙小美") == "孙小美"  # what is not past its retention stays
    assert found_in(Cli(cli.path.with_name("copy.sqlite"), cli.set), personal) == ""
    assert [cli(form) for form in forms] == before
    needed = ("complainant", "facts", "remark", "escalation_reason")
    emptied = ("phone", "answered_how", "followed_up_how")
    assert cli(show).json == kept | dict.fromkeys(needed, "〔已清除〕") | dict.fromkeys(emptied)


@table(r"""
    lang | said                | commands
    en | personal data 〔已清除〕 | complaint escalate, close, complaint amend, complaint amend, \
        complaint erase
    zh   | 个人信息 〔已清除〕   | 投诉 报请, 办结, 投诉 更正, 投诉 更正, 投诉 清除
""")
def test_the_history_says_what_was_erased(lang: str, said: str, commands: str, cli: Cli) -> None:
    """It names each change that held something personal; a new entry is one line."""
    cli.given(f"{OLD}complaint erase 2022-1")
    cells = [line.split("\t") for line in cli("ledger history 2022-1", lang=lang).out.splitlines()]
    told = [command for _, _, command, _, box, was, _ in cells if f"{box} {was}" == said]
    assert ", ".join(told) == commands


@table("""
    line
    complaint amend 2022-1 --remark 补记
    complaint void 2022-1 --reason 重复
    complaint reopen 2022-1 --reason 记错
    complaint escalate 2022-1 --reason 疑难
    close 2022-1 --outcome settled
""")
def test_what_is_erased_does_not_change_any_more(line: str, cli: Cli) -> None:
    cli.given(f"{OLD}complaint erase 2022-1")
    before = cli.path.read_bytes()
    said = "Error: The personal data of 2022-0001 are erased; it can no longer be changed.\n"
    assert cli(line) == (3, "", said) and cli.path.read_bytes() == before


def test_the_reason_of_a_reopening_is_erased_too(cli: Cli) -> None:
    cli.given(OLD)
    cli.all("""
        complaint reopen 2022-1 --reason 东街3号的欧阳娜娜来电
        close 2022-1 --outcome settled --closed 2022-09-06
        complaint erase 2022-1
    """)
    assert found_in(cli, "欧阳娜娜") == ""


# Somebody who knows the triggers makes rows look erased: their history, and the rows themselves.
_PERSONAL = ", ".join(f"'$.{key}'" for keys in PERSONAL.values() for key in keys)
_EMPTIED = (
    f"UPDATE change SET personal = nullif(json_remove(personal, {_PERSONAL}), '{{}}'), salt = NULL"
    " WHERE personal IS NOT NULL AND "
)
_BLANK = "UPDATE complaint SET complainant = '〔已清除〕', facts = '〔已清除〕', phone = NULL WHERE id = "
_NO_ACT = "emptied, but not by an act of erasing"


@table(f"""
    before | forged | told
    log | {_BLANK}5; {_EMPTIED} table_name = 'complaint' AND row_id = 5 \
        | complaint row 5: {_NO_ACT}
    complaint erase 2022-1 | {_BLANK}2; {_EMPTIED} table_name = 'complaint' AND row_id = 2 \
        | complaint row 2: {_NO_ACT}
    record lead P001 --text 举报 --informant '甲 13900001111' | UPDATE informant SET \
        name = '〔已清除〕', phone = NULL; {_EMPTIED} table_name = 'informant' \
        | informant row 1: {_NO_ACT}
    complaint erase --all; record amend 2 --text 补记 | UPDATE record SET text = NULL WHERE id = 2; \
        {_EMPTIED} table_name = 'record' AND row_id = 2 | record row 2: {_NO_ACT}
""")
def test_what_only_looks_erased_is_found(before: str, forged: str, told: str, cli: Cli) -> None:
    cli.given(OLD + RECORDS)
    before = before.replace("log", f"{_LOG} --complainant 李四 --facts 褪色", 1)
    cli.all(before.replace(";", "\n"))
    spoil(cli.path, forged)
    result = cli("ledger check")
    assert (result.code, result.err.splitlines()[1:2]) == (4, [f"  {told}"])


@table("""
    act
    close 2026-1 --outcome settled
    complaint void 2026-1 --reason 误
    settings set notice_from 30
""")
def test_what_was_erased_before_its_time_is_found(act: str, cli: Cli) -> None:
    cli.logged()
    cli.all(act)
    with clock_of("2029-09-28"), writing(cli.path, "complaint erase") as ledger:
        erase_row(ledger, "complaint", 1)
    told = "  complaint row 1: erased on 2029-09-28, before its retention was over"
    assert cli("ledger check").err.splitlines()[1:] == [told]


def test_a_text_that_was_emptied_before_is_erased_by_an_act_too(cli: Cli) -> None:
    cli.all("record visit P001 --text 李四反映 --on 2023-09-27\nrecord amend 1 --text ''")
    cli.all("complaint erase --all\nledger check")
    assert found_in(cli, "李四") == ""


def test_of_many_names_none_stays_in_a_page_of_an_index(cli: Cli) -> None:
    chance = Random(1)  # noqa: S311 like most seeds it lays rows so that SQLite would keep one

    def row(number: int) -> str:
        old = chance.random() < 0.5
        name = "欧阳娜娜" if old else chr(0x4E00 + chance.randrange(5000)) + "四"
        year = 2022 if old else 2023
        return f"{number},{year}-09-30,{name}{'一' * chance.randrange(60)},锅,和解,{year}-09-30"

    heads = "登记编号,受理日期,投诉人,商品/服务名称,处理结果,办结日期"
    Path("many.csv").write_text("\n".join((heads, *map(row, range(100)))), "utf-8")
    cli.all("complaint import many.csv --point P001")
    assert found_in(cli, "欧阳娜娜 四") == "欧阳娜娜 四"
    cli.all("complaint erase --all")
    assert found_in(cli, "欧阳娜娜 四") == "四"


def test_texts_of_others_that_would_show_the_name_are_named_before(cli: Cli) -> None:
    """With the consumer's own case the name is forgotten by which those texts are masked.

    The earlier name of another consumer is not.
    """
    cli.given(OLD)
    cli.all("""
        complaint amend 2022-1 --brand 炊禾
        log P001 --complainant 王小明 --item 锅 --kind goods --facts 欧阳娜娜也买过
        complaint amend 2026-1 --complainant 王大明
        record visit P001 --raised 欧阳娜娜一案已办
        record visit P001 --raised 王小明一案已办""")
    said = (
        "Other texts name a consumer to be erased, and show the name from then on, as does their"
        " history: 2026-0001 (facts), record 1 (raised). Put something else for the name first:"
        " ledger12315 complaint amend NUMBER or ledger12315 record amend ID"
    )
    assert cli("complaint erase 2022-1 --dry-run").err == f"{said}\n"
    assert cli("complaint erase --all --dry-run").err == f"{said}\n"
    code, seen = cli.talk("complaint erase 2022-1", "Erase them for good? >n")
    assert code == 130 and said in seen
    cli.all("""
        complaint amend 2026-1 --facts 另有人买过
        record amend 1 --raised 另一案已办""")
    erased = cli("complaint erase 2022-1")
    assert (erased.code, erased.err) == (0, "")
    for line in ("complaint show 2026-1", "record list", "complaint list --csv"):
        assert "娜娜" not in cli(line).out


_NAMED = "司马相如 13911112222 0591-88776655 梁鸿"
# Each box for a text, and what stands in it after erasing.
_BOXES = {
    box: texts
    for box, *texts in cells("""
        respondent | 司马相如小吃店 | 司马**小吃店
        respondent-address | 东街司马相如家隔壁 | 东街司马**家隔壁
        item | 司马相如订的锅 | 司马**订的锅
        brand | 梁鸿牌 | 梁*牌
        model | １３９ 1111-2222 | 139****2222
        quantity | 司马相如2只 | 司马**2只
        voucher | 司马相如 微信转账截图，手机13911112222，座机88776655 \
            | 司马** 微信转账截图，手机139****2222，座机****6655
        handler | 司马相如 | 司马**
    """)
}
_ALIKE = (
    "--complainant 卓文君 --received 2022-09-02 --item 勺 --respondent 司马相如小吃店 --facts 漏"
)
_FIGURES = (
    *("rollup 3 2022Q3 --json", "rollup 6 2022 --json", "export publicity 2022Q3 --csv"),
    "rollup respondent 2022Q3 --json",
)


def _written(options: Mapping[str, str]) -> str:
    return " ".join(f"--{box} '{text}'" for box, text in options.items())


@pytest.fixture
def named(cli: Cli) -> Cli:
    """A case whose texts all name its people, in the history too; another of the same stall."""
    texts = {box: text for box, (text, _) in _BOXES.items()}
    cli.all(f"""
        log P001 --kind goods --complainant 司马相如 --phone 13911112222 --respondent-contact 梁鸿 \
            --respondent-phone 0591-88776655 --facts 坏 --received 2022-09-01 {_written(texts)}
        log P001 --kind goods {_ALIKE}
        close 2022-1 --outcome settled --closed 2022-09-05 --archive-no 司马相如卷 \
            --followed-up-by 梁鸿 --followed-up 2022-09-05
        complaint amend 2022-1 --voucher 梁鸿的收据 --item 梁鸿订的锅
        complaint amend 2022-1 {_written({key: texts[key] for key in ("voucher", "item")})}
        close 2022-2 --outcome settled --closed 2022-09-05""")
    return cli


def test_the_people_of_a_case_are_taken_out_of_each_of_its_texts(named: Cli) -> None:
    draft = Draft(named.path, "close-1")
    draft.keep({"remark": "司马相如来电"})
    before = [named(line) for line in _FIGURES]
    listed = named("complaint list --json").json[0]
    masked = {box: after for box, (_, after) in _BOXES.items()} | {"archive-no": "司马**卷"}
    assert {box: listed[box.replace("-", "_")] for box in masked} == masked, "masked before"
    told = named("complaint erase 2022-1 --dry-run").err
    assert told.startswith(
        "Names and phones are taken out of these texts too, which then read so:"
    )
    for part in ("2022-0001 (respondent): 司马**小吃店", "2022-0001 (voucher): 梁*的收据"):
        assert part in told
    assert (named("complaint erase 2022-1").code, named("ledger check").code) == (0, 0)
    row = named("complaint show 2022-1 --json --reveal").json
    assert {box: row[box.replace("-", "_")] for box in masked} == masked
    assert [named(line) for line in _FIGURES] == before
    # The other case has the stall's name, in its row and its history: it is not its consumer's.
    assert named.path.read_bytes().count("司马相如".encode()) == 2
    assert found_in(named, "13911112222 88776655 梁鸿 微信 开胶") == "微信" and not draft.read()
    shown = named("ledger history 2022-1 --reveal").out
    assert "梁*的收据" in shown and not [each for each in _NAMED.split() if each in shown]


def test_copies_with_what_was_erased_are_named(named: Cli) -> None:
    kept = [named.path.with_name(f"{named.path.name}.{why}-1") for why in ("replaced", "schema")]
    for copy in kept:
        copy.touch()
    backups = [named.path.with_name(f"{name}.sqlite") for name in ("gone", "there", "there")]
    named.all("\n".join(f"ledger backup {backup}" for backup in backups))
    backups[0].unlink()
    told = named("complaint erase 2022-1").err.splitlines()[-1]
    assert told == (
        "Copies of the ledger still contain what was erased. Make a new backup, then destroy "
        f"them: {', '.join(map(str, [backups[1], *sorted(kept)]))}"
    )


def test_respondents_whose_names_look_alike_when_erased_stay_two(cli: Cli) -> None:
    """One stall is the point's own, of another every case is erased, of a third a case is left."""
    log = "log P001 --kind goods --item 鞋 --facts 坏 --received 2022-09-0{} --complainant {} {}"
    lines = [
        log.format(1, "王五", "--respondent 王五修鞋摊"),
        log.format(1, "王六", "--respondent 王六修鞋摊"),
        log.format(2, "王六", "--respondent '王六 修鞋摊'"),
        log.format(2, "东门", "--respondent 东门商场"),
        log.format(3, "李四", ""),
        log.format(3, "赵六", "--respondent 王五修鞋摊"),
    ]
    cli.all("\n".join(lines))
    cli.all(
        "\n".join(f"close 2022-{n} --outcome settled --closed 2022-09-05" for n in range(1, 7))
    )
    line = "rollup respondent 2022Q3 --json"

    def counts() -> list[int]:
        return sorted(each["count"] for each in cli(line).json if each["count"])

    before = counts()
    cli.all("complaint erase 2022-1 2022-2 2022-3 2022-4")
    assert counts() == before
    cli.all("complaint amend 2022-6 --respondent 别家\nledger check")
    shown = cli.sql("SELECT group_concat(respondent) FROM complaint WHERE id < 5")
    assert shown == [("王*修鞋摊,王*修鞋摊（2）,王* 修鞋摊（2）,东*商场",)]
