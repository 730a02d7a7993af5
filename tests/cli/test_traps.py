"""The shown choice is the one that is written: each of these cases once failed."""

import json
import re

from ledger12315.cli.face.prompts import Prompt
from tests.cli.conftest import Cli
from tests.cli.test_slips import keyed
from tests.rows import cells, for_all, table
from tests.typist import CTRL_C, replies, types

# Of the points P003 is used most, and stands first; of the open complaints 2 is the oldest.
SETUP = re.sub(
    r"\\\n *",
    "",
    r"""
    register 东门农贸 --type market --area 1200 --stalls 120 --since 2026-01-05
    log P003 --complainant 李四 --item 毛毯 --category 日用商品 --problem 质量 --facts 掉毛 \
        --purchase 99 --request 退货 --received 2026-09-27 --respondent 三号摊
    log P003 --complainant 王五 --item 水壶 --category 家用电子电器 --problem 安全 --facts 漏水 \
        --purchase 199 --request 退款 --received 2026-09-26 --respondent 86号摊
    """,
)
# A case up to its goods, each answer with its Enter.
UP_TO_GOODS = "⏎1⏎1⏎1⏎张三⏎⏎"


def typed(cli: Cli, line: str, script: str) -> str:
    """Return the output for a script of answers."""
    cli.set.setenv("LEDGER12315_LANG", "en")
    code, seen = types(cli.path, line, keyed(script))
    assert code in (0, 130), seen
    return seen


def prompts(cli: Cli, line: str, script: str = "") -> list[Prompt]:
    """Return the prompts that follow each other where these answers are given."""
    cli.set.setenv("LEDGER12315_LANG", "en")
    found: list[Prompt] = []
    answers = script.replace("⏎", "\r").splitlines(keepends=True)

    def reply(_told: str, prompt: Prompt) -> str:
        if len(found) > len(answers):
            return "n"
        found.append(prompt)
        return [*answers, CTRL_C][len(found) - 1]

    replies(cli.path, line.split(), reply)
    return found


def offered(prompt: Prompt, start: str = "") -> list[str]:
    return [each.listed for each in prompt.offers(start)]


def test_what_has_a_number_is_offered_under_it(cli: Cli) -> None:
    cli.given(SETUP)
    assert offered(prompts(cli, "close")[0]) == ["2 2026-0002 水壶", "1 2026-0001 毛毯"]
    cli.all("log P003 --complainant 赵六 --item 水壶 --kind goods --facts 漏")
    assert offered(prompts(cli, "close")[0]) == [  # of a series
        "2 2026-0002 水壶 王* 2026-09-26 86号摊",
        "1 2026-0001 毛毯",
        "3 2026-0003 水壶 赵* 2026-09-28",
    ]
    [point] = prompts(cli, "record inquiry")
    assert point.label == "point [P003 东门农贸]"
    assert offered(point) == ["3 P003 东门农贸", "1 P001 东门商场", "2 P002 南门市场"]
    assert offered(point, "2") == ["2 P002 南门市场"] and point.enter_value("2") == "P002 南门市场"
    assert point.enter_value("dmn") == "P003 东门农贸"


# Alone, and behind what narrows the list.
COMPLAINTS = cells("""
    1         | 2026-0001
    2         | 2026-0002
    ２        | 2026-0002
    sh2       | 2026-0002
    mt        | 2026-0001
    毯1       | 2026-0001
    2026-2    | 2026-0002
""")
POINTS = cells("""
    3         | P003
    1         | P001
    2         | P002
    dm3       | P003
    dm1       | P001
    东门1     | P001
    nmsc      | P002
    P001      | P001
""")


def test_a_complaint_is_taken_by_its_own_number(cli: Cli) -> None:
    cli.given(SETUP)
    [asked, *_] = prompts(cli, "close")
    for answer, number in COMPLAINTS:
        assert asked.enter_value(answer).startswith(number), answer
    # After another answer was gone back from.
    seen = typed(cli, "close", "1⏎<⏎2⏎5⏎⏎⏎⏎⏎y⏎")
    assert "2026-0002 closed (withdrawn)" in seen, seen


def test_a_point_is_taken_by_the_number_in_its_code(cli: Cli) -> None:
    cli.given(SETUP)
    [asked] = prompts(cli, "record inquiry")
    for answer, point in POINTS:
        assert asked.enter_value(answer).startswith(point), answer
    for answer in ("dm3", "1⏎<⏎3"):
        typed(cli, "record inquiry", f"{answer}⏎⏎⏎y⏎")
    rows = "SELECT code FROM record JOIN point ON point.id = point_id"
    assert cli.sql(rows) == [("P003",)] * 2


def test_several_points_are_read_alike_in_prompts_and_options(cli: Cli) -> None:
    cli.given(SETUP)
    for several in ("2,3", "P002、P003", "２；３", "2 3"):
        cli.all(f"record visit {several}")
        typed(cli, "record visit", f"{several}⏎⏎⏎⏎y⏎")
    rows = "SELECT code FROM record JOIN point ON point.id = point_id ORDER BY record.id"
    assert cli.sql(rows) == [("P002",), ("P003",)] * 8


def test_a_point_without_a_number_of_its_own_is_taken_by_its_code(cli: Cli) -> None:
    cli.all("register 甲店 --type other --judgement 多 --code Q001")
    cli.all("register 乙店 --type other --judgement 多 --code DM")
    [asked] = prompts(cli, "record inquiry")
    assert cli("record visit 0").err.startswith("Error: There is no point 0.")
    shown = ["DM DM 乙店", "P001 P001 东门商场", "2 P002 南门市场", "Q001 Q001 甲店"]
    assert offered(asked) == shown


def test_free_words_keep_their_digit(cli: Cli) -> None:
    cli.given(SETUP)
    goods = prompts(cli, "log", UP_TO_GOODS)[-1]
    assert goods.label == "item" and offered(goods) == ["1 水壶", "2 毛毯"]
    assert offered(goods, "mt") == ["2 毛毯"] == offered(goods, "毯")
    answers = "1 2 mt2 毯2 3 毯3 5号电池"
    assert [goods.shown(each) for each in answers.split()] == [
        "水壶",
        "毛毯",
        "毛毯",
        "毛毯",
        "3",
        "毯3",
        "5号电池",
    ]
    typed(cli, "log", f"{UP_TO_GOODS}毯3⌫2⏎")
    assert draft(cli)["item"] == "毛毯"


# Typed at the source, 12345 is no 1; nor is it a change of the day at the facts or the name.
@table("""
    box         | answer      | what
    source      | 12345⏎      | other referral
    complainant | 13号楼主⏎y⏎ | 13号楼主
    facts       | 1月5日买的⏎ | 1月5日买的
""")
def test_a_text_that_begins_with_a_digit_is_no_choice(
    box: str, answer: str, what: str, cli: Cli
) -> None:
    cli.given(SETUP)
    before = {
        "source": "⏎1⏎",
        "complainant": "⏎1⏎1⏎1⏎",
        "facts": "⏎1⏎1⏎1⏎张三⏎⏎毛毯⏎1⏎⏎50⏎",
    }
    typed(cli, "log", before[box] + answer)
    assert draft(cli)[box] == what


def test_the_rule_is_said_first(cli: Cli) -> None:
    assert typed(cli, "log", "").startswith(
        "Every answer ends with Enter; a digit picks the offer beside it. < goes back,\n"
        "Ctrl-C leaves.\n"
    )


def test_what_the_command_names_is_seen_before_it_is_changed(cli: Cli) -> None:
    cli.given(SETUP)
    for named in ("1", "毛毯", "2026-0001"):
        assert typed(cli, f"close {named}", "").splitlines()[2] == (
            "number: 2026-0001 毛毯 李* 2026-09-27 三号摊"
        )


def draft(cli: Cli, command: str = "log") -> dict[str, str]:
    """Return the answers that were kept when the window closed, as they were given."""
    file = cli.path.with_name(f"{cli.path.name}.{command}.draft")
    kept: dict[str, str] = json.loads(file.read_text("utf-8").rpartition("\n")[2])
    return kept


# Amounts, numbers, days and words stand in brackets, and are replaced.
@table(r"""
    line     | script | stored
    register | 新市场⏎3⏎1200⏎86⏎<⏎186⏎⏎⏎⏎y⏎ | SELECT stalls FROM point WHERE id = 4; 186
    register | 新市场⏎3⏎1200⏎18六⏎186⏎⏎⏎⏎y⏎ | SELECT stalls FROM point WHERE id = 4; 186
    register | 新店⏎6⏎多⏎⏎1⏎<⏎林一⏎⏎y⏎ | SELECT name FROM contact WHERE id = 3; 林一
""")
def test_what_is_in_brackets_is_replaced(line: str, script: str, stored: str, cli: Cli) -> None:
    cli.given(SETUP)
    seen = typed(cli, line, script)
    query, value = stored.split("; ")
    assert [str(each) for row in cli.sql(query) for each in row] == [value], seen


# What was answered last wins, at each box that is gone back to and at the sheet.
@table("""
    script                       | box     | value
    水桶⏎<⏎水瓶⏎                 | item    | 水瓶
    水桶⏎<⏎水瓶⏎<⏎⏎⏎             | item    | 水瓶
    水桶⏎<⏎水瓶⏎<⏎<⏎13900001111⏎⏎ | item    | 水瓶
""")
def test_after_going_back_the_newest_answer_is_in_the_brackets(
    script: str, box: str, value: str, cli: Cli
) -> None:
    cli.given(SETUP)
    typed(cli, "log", UP_TO_GOODS + script)
    assert draft(cli)[box] == value


def test_at_the_sheet_the_newest_answer_is_in_the_brackets(cli: Cli) -> None:
    cli.given(SETUP)
    to_sheet = "3⏎1⏎1⏎9⏎坏⏎⏎"
    # 6 is the item: it is gone back from, changed, and changed again.
    found = prompts(cli, "log", f"{UP_TO_GOODS}水桶⏎<⏎水瓶⏎{to_sheet}6⏎锅⏎6⏎")
    assert found[-1].label == "item [锅]"


def test_what_was_typed_wrong_does_not_stick_to_the_next_answer(cli: Cli) -> None:
    cli.given(SETUP)
    typed(cli, "log", f"{UP_TO_GOODS}2⏎1⏎⏎33x⏎329元⏎")
    assert draft(cli)["purchase"] == "329元"


def test_only_a_text_stands_on_the_line_to_be_mended(cli: Cli) -> None:
    cli.given(SETUP)
    *_, facts = prompts(cli, "log", f"{UP_TO_GOODS}2⏎1⏎4⏎99⏎掉毛⏎<⏎")
    assert (facts.label, facts.text) == ("facts", "掉毛")


# What it is taken for is seen beside it while it is typed, and stands on the line afterwards.
@for_all("""
    answer   | told
    昨天     | 2026-09-27 Sun
    上周五   | 2026-09-25 Fri
    本月3号  | 2026-09-03 Thu
    abc      |
""")
def test_a_day_is_told_as_what_it_is_taken_for(answer: str, told: str, cli: Cli) -> None:
    [received] = prompts(cli, "log")
    assert received.enter_value(answer) == told
    assert received.shown(answer) == (told or answer)


def test_an_amount_is_told_as_what_it_is_taken_for(cli: Cli) -> None:
    cli.given(SETUP)
    purchase = prompts(cli, "log", f"{UP_TO_GOODS}2⏎1⏎⏎")[-1]
    told = {"两千": "2000.00 yuan", "三百五": "350.00 yuan", "299": "299.00 yuan", "＜": ""}
    assert {each: purchase.enter_value(each) for each in told} == told


# In brackets as a terminal marks a paste, and as an old console sends it.
@table("""
    paste                    | kept
    ⟨2026-09-27␉P003␉直接⟩⏎  | -
    2026-09-27␉P003␉直接⏎    | -
    ⟨2026-09-27␤P003⟩⏎       | -
    ⟨2026-09-27␤⟩⏎           | 2026-09-27
""")
def test_a_row_or_lines_pasted_are_no_answer(paste: str, kept: str, cli: Cli) -> None:
    seen = typed(cli, "log", f"{paste.replace('␉', chr(9))}⏎")
    refused = "Paste one cell at a time: a row or several lines are no answer." in seen
    assert refused == (kept == "-"), seen
    assert draft(cli)["received"] == ("2026-09-28" if refused else kept)


# A digit that no offer has is kept only by who says so.
@table("""
    keys       | facts
    2⏎n⏎掉毛⏎  | 掉毛
    2⏎掉毛⏎    | 掉毛
    2⏎y⏎       | 2
    2件掉毛⏎   | 2件掉毛
""")
def test_a_digit_for_a_text_is_doubted(keys: str, facts: str, cli: Cli) -> None:
    cli.given(SETUP)
    seen = typed(cli, "log", f"{UP_TO_GOODS}2⏎1⏎⏎99⏎{keys}")
    assert draft(cli)["facts"] == facts
    assert ("facts: is it 2? It chooses none of the offers." in seen) == keys.startswith("2⏎"), (
        seen
    )


def test_leaving_on_purpose_is_no_error(cli: Cli) -> None:
    cli.given(SETUP)
    seen = typed(cli, "log", "⏎^Cn⏎")
    assert seen.splitlines()[-1] == "Left; nothing was written." and "Error" not in seen
    seen = typed(cli, "log", f"{UP_TO_GOODS}2⏎1⏎⏎9⏎坏⏎⏎y⏎李⏎^Cn⏎")
    assert seen.splitlines()[-1] == "Left; this one was not written."
    seen = typed(cli, "log", f"{UP_TO_GOODS}2⏎1⏎⏎9⏎坏⏎⏎y⏎李⏎⏎2⏎1⏎⏎9⏎坏⏎⏎n⏎")
    assert seen.splitlines()[-1] == "Left; this one was not written."


def test_answers_that_are_not_to_be_kept_are_not_offered_again(cli: Cli) -> None:
    cli.given(SETUP)
    typed(cli, "log", "⏎^Cy⏎")
    typed(cli, "log", "y⏎1⏎^Cn⏎")
    assert "was not finished" not in typed(cli, "log", "^C")


def test_a_name_is_not_shown_where_answers_are_offered_again(cli: Cli) -> None:
    cli.given(SETUP)
    typed(cli, "complaint amend 1", "7⏎被褥⏎5⏎赵六⏎^Cy⏎")
    seen = typed(cli, "complaint amend 1", "^C")
    assert "One was not finished (赵*, 被褥). Answers kept: 2." in seen


def test_a_correction_is_no_end_of_the_pile(cli: Cli) -> None:
    cli.given(SETUP)
    case = "2⏎1⏎⏎89⏎坏⏎⏎"
    found = prompts(cli, "log", f"{UP_TO_GOODS}{case}y⏎李四⏎⏎{case}5⏎")
    assert "no more" not in found[-1].label and found[-1].label == "complainant [李四]"


def test_what_was_agreed_is_asked_for_in_one_line(cli: Cli) -> None:
    cli.given(SETUP)
    agreed = prompts(cli, "close 1", "1⏎9-28⏎=⏎")[-1]
    assert agreed.label == "handling, agreement (Enter: none)"
    assert offered(agreed) == ["1 经双方协商，经营者同意退货，为消费者挽回经济损失99.00元。"]
    typed(cli, "close 1", "1⏎9-28⏎=⏎1⏎=⏎1⏎y⏎")
    row = cli.sql("SELECT handling, agreement, answered FROM complaint WHERE id = 1")
    assert row == [
        (*["经双方协商，经营者同意退货，为消费者挽回经济损失99.00元。"] * 2, "2026-09-28")
    ]


def test_enter_states_nothing(cli: Cli) -> None:
    cli.given(SETUP)
    typed(cli, "close 1", "1⏎9-28⏎⏎⏎⏎⏎y⏎")
    row = "SELECT recovered, answered, rating, agreement, closed FROM complaint WHERE id = 1"
    assert cli.sql(row) == [(None, None, None, None, "2026-09-28")]


def test_nothing_of_another_person_is_taken_with_the_goods(cli: Cli) -> None:
    cli.given(SETUP)
    found = prompts(cli, "log", f"{UP_TO_GOODS}毛毯⏎")
    assert found[-1].label == "problem"  # the category is known by the goods
    typed(cli, "log", f"{UP_TO_GOODS}毛毯⏎0⏎⏎89⏎坏⏎⏎y⏎")
    row = cli.sql("SELECT category, problem, request FROM complaint WHERE id = 3")
    assert row == [("daily_goods", "other", None)]


def test_a_word_that_is_none_does_not_list_them_twice(cli: Cli) -> None:
    cli.given(SETUP)
    seen = typed(cli, "log", f"{UP_TO_GOODS}水桶⏎鬼⏎")
    assert "category: 鬼 is not one of these words.\n" in seen and "insurance" not in seen
