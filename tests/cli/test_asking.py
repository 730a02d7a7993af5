"""At a terminal: what is missing is asked for, and a bad answer asked again."""

import os
import re

import pytest

from tests.cli.conftest import Cli, table
from tests.terminal import start, until


def test_a_real_terminal(cli: Cli) -> None:
    person, terminal = os.openpty()
    streams = dict.fromkeys(("stdin", "stdout", "stderr"), terminal)
    line = "log P001 --complainant 张三 --item 锅 --category 食品"
    turns = (("phone", "1a"), ("\nphone", ""), ("purchase", ""), ("facts", "坏"), ("Write", ""))
    with start(["--db", str(cli.path), *line.split()], **streams) as process:
        os.close(terminal)
        for awaited, answer in turns:
            assert awaited in until(person, awaited)
            os.write(person, f"{answer}\n".encode())
        seen = until(person)
    os.close(person)
    assert (process.returncode, seen.splitlines()[-1].strip()) == (
        0,
        "2026-0001 is due by 2026-10-10 Sat; working days left: 5",
    )


@table(r"""
    line | lang | dialogue | code | end
    log | en | point:>东门;complainant:>张三;phone>;item:>锅;category>3;purchase>;facts:>坏;Write it>y \
        | 0 | 2026-0001 is due by
    受理 | zh | 服务点>P001;投诉人>张三;联系电话>13900001111;名称>锅;类别>食品;消费金额>;事实>坏;Y/n>是 | 0 | 2026-0001 应于
    log --complainant 张 --item 锅 --facts 坏 | en | \
        point:>西门;no>P001;phone>1a;not>;category>99;not>1;purchase>;Y/n> | 0 | 20
    log P001 --item 锅 --facts 坏 --kind goods | en | complainant:>;empty>张三;phone>;purchase>;Y/n> \
        | 0 | 2026-0001 is due by
    init | en | station:>东门所;county:>榕溪县;Write it> | 3 | exists already
    register 新店 | en | type:>1;area>200;capital>50万;turnover>100万;Write it> | 0 | P003 新店 is \
        registered: meets
    register | zh | 名称>新店;类型>其他;认定理由>纠纷多;Y/n> | 0 | P003 新店 已登记
    register 新店 --type 商场 | en | area>100;capital>;turnover>;Y/n> | 3 | area is 100.00 m²
    close | en | number:>2026-1;There is no complaint 2026-0001>^D | 130 | interrupted
    record inquiry | en | point:>P002;Write it> | 0 | Recorded for 南门市场
    record training | en | point>;text>新法;Write it> | 0 | Recorded for all points
    record training | en | point>;text>;Write it>n | 130 | Nothing was written.
    record lead | en | point:>P001;text>假酒;agency>;Write it> | 0 | Recorded for 东门商场
    close 2026-1 | en | outcome:>advised;recovered>;told>today;rating>;Write it>n | 130 | told: \
        2026-09-28
    close 2026-1 | en | outcome:>其他;recovered>5;rating><;[5>;rating>;remark>转交;Write it>n | 130 | \
        remark: 转交
    rollup | en | form:>3;period:>2026Q3 | 0 | on_time_rate
    calendar show | en | year:>2026 | 0 | Working days in 2026
    settings set | zh | 设置>return_day_off;值>提前;Y/n> | 0 | 顺延 -> 提前
""")
def test_what_is_missing_is_asked_for(
    line: str, lang: str, dialogue: str, code: str, end: str, cli: Cli
) -> None:
    if line.startswith("close 2026-1"):
        cli.log()
    left, seen = cli.talk(line, dialogue, lang)
    assert str(left) == code and end in seen, seen


def test_words_stand_beside_their_numbers(cli: Cli) -> None:
    cli.log("--received 2026-09-21")
    code, seen = cli.talk("close 2026-1", "outcome:>3;recovered>;rating>;Write it>")
    assert re.search("1 settled +2 advised +3 mediated", seen)
    assert code == 0 and "2026-0001 closed (mediated): on time" in seen


def test_nothing_is_asked_when_nothing_is_missing_or_nobody_can_answer(cli: Cli) -> None:
    assert cli.talk("log P001 --complainant 张三 --item 锅 --facts 坏 --kind goods")[0] == 0
    assert cli("log").err.startswith("Error: Missing: point, complainant, item")


@pytest.mark.parametrize(
    "line", ["overdue --as-of 2026-10-12", "complaint list", "point list", "rollup 6 2026Q3"]
)
def test_no_color_is_respected(line: str, cli: Cli) -> None:
    cli.log()
    colour = re.compile(r"\x1b\[(\d+;)*(3|4|9|10)\d")
    cli.set.setenv("NO_COLOR", "1")
    code, seen = cli.talk(line)
    assert code == 0 and "─" in seen and not colour.search(seen)


@table(r"""
    line | lang | dialogue | end
    log P001 | en | complainant:>张;phone>;item:>锅;cat><;item \
        [锅]>盖;cat>1;purchase>5;facts><;[5>;facts:>坏;Y/n> | 盖 张
    log P001 | en | complainant:>张;phone><;[张]>李;phone>;item:>锅;category>1;purchase>; \
        facts:>坏;Y/n><;[坏]>碎;Y/n> | 锅 李
    受理 | zh | 服务点><;服务点>南门;投诉人>张;电话>;名称>锅;类别>食品;消费金额>5;事实><;[5>;事实>坏;Y/n>y | 锅 张
""")
def test_there_is_a_way_back_to_the_last_answer(
    line: str, lang: str, dialogue: str, end: str, cli: Cli
) -> None:
    code, seen = cli.talk(line, dialogue, lang)
    assert code == 0, seen
    assert " ".join(cli.sql("SELECT item, complainant FROM complaint")[0]) == end


@table(r"""
    before | line | dialogue | point
    | log | point:>;is empty>P001;phone>;purchase>;Y/n> | P001
    log P002 --complainant 李 --item 鱼 --facts 臭 --kind goods | log | \
        [南门市场]>;phone>;purchase>;Y/n> | P002
    record visit P002 | log | [南门市场]>P001;phone>;purchase>;Y/n> | P001
    record visit P002 | log | [南门市场]><;[南门市场]>;phone><;[南门市场]>;phone>;purchase>;Y/n> | P002
    record visit P001 | record inquiry | [东门商场]>;Y/n> | P001
    record meeting | record visit | point:>P001;text>;raised>;result>;Y/n> | P001
    point retire P002 --on 2026-09-28 | record visit | point:>P001;text>;raised>;result>;Y/n> | \
        P001
    register 南门市场 --type other --judgement 多; record visit P003 | record inquiry | [P003]>;Y/n> | \
        P003
    point amend P002 --name P001; record visit P002 | record inquiry | [P002]>;Y/n> | P002
    point amend P002 --name 南门ZWSP市场; record visit P002 | record inquiry | [南门市场]>;Y/n> | P002
""")
def test_the_point_used_last_is_taken_by_enter(
    before: str, line: str, dialogue: str, point: str, cli: Cli
) -> None:
    cli.all(before.replace(";", "\n").replace("ZWSP", "\u200b"))
    code, seen = cli.talk(
        line.replace("log", "log --complainant 张 --item 锅 --facts 坏 --kind goods"), dialogue
    )
    assert code == 0, seen
    table_ = "complaint" if line == "log" else "record"
    codes = f"SELECT code FROM {table_} JOIN point ON point.id = point_id ORDER BY {table_}.id"
    assert cli.sql(codes)[-1] == (point,)


def test_what_was_answered_is_looked_over_before_it_is_written(cli: Cli) -> None:
    line = "log --received 9-21 --phone 13900001111 --purchase 50万"
    code, seen = cli.talk(
        line, "point:>东门;complainant:>欧阳娜娜;item:>锅;category>3;facts:>坏;<]:>n"
    )
    assert (code, cli.sql("SELECT * FROM complaint")) == (130, [])
    looked_over = seen[seen.index("  point: P001") :]
    assert [line.strip() for line in looked_over.splitlines()] == [
        "point: P001 东门商场",
        "received: 2026-09-21",
        "complainant: 欧阳娜娜",
        "phone: 139****1111",
        "item: 锅",
        "category: food",
        "purchase: 50万",
        "facts: 坏",
        "Write it? [Y/n/<]: n",
        "Nothing was written.",
    ]


@table("""
    line | end
    complaint reopen 2026-1 | possible now: amend, escalate, close, void.
    close 2026-9 | There is no complaint 2026-0009
    log P001 --received 9-31 | 9-31 is not a day of the calendar
    log 西门 | There is no point 西门
""")
def test_what_was_given_wrong_is_said_before_anything_is_asked(
    line: str, end: str, cli: Cli
) -> None:
    cli.log("--received 2026-09-21")
    code, seen = cli.talk(line, "")
    assert code in (2, 3) and end in seen and "complainant" not in seen


@table("""
    given                             | shown
    裴大力                            | 裴**
    裴大力 13812345678                | 裴** 138****5678
    裴大力 13812345678 专职 B01; 王五 | 裴大力 13812345678 专职 B01; 王五
""")
def test_a_person_given_as_an_option_is_looked_over_masked(
    given: str, shown: str, cli: Cli
) -> None:
    line, dialogue = f"record lead --informant '{given}'", "point:>P001;text>;agency>;Y/n>n"
    if ";" in given:
        line, dialogue = (
            f"register --type other --judgement 多 --liaison '{given}'",
            "name:>新店;Y/n>n",
        )
    code, seen = cli.talk(line, dialogue)
    assert code == 130 and f": {shown}\n" in seen


def test_what_is_only_looked_at_is_not_looked_over(cli: Cli) -> None:
    cli.log()
    for line, dialogue in (
        ("complaint show", "number:>2026-1"),
        ("rollup", "form:>3;period:>2026Q3"),
        ("explain", "number>2026-1"),
    ):
        code, seen = cli.talk(line, dialogue)
        assert code == 0 and "Write it?" not in seen
