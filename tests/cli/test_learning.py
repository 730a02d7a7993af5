"""`complaint import`: registers that points keep, with headings and words of their own."""

from collections.abc import Callable
from pathlib import Path

import pytest

from ledger12315.cli.asking.drafts import Draft
from ledger12315.cli.importing.learning import meanings_as_texts, meanings_of_texts
from ledger12315.register.headings import COMPLAINT_ROWS, IGNORED
from ledger12315.register.learned import Learned
from tests.cli.conftest import Cli, make_pipe, scenes
from tests.cli.registers import HEAD, ROW, problems, take, write
from tests.rows import table

# A register such as a point keeps it.
KEPT = """
    东门商场投诉登记簿
    2026年第三季度
    序号 | 日期 | 投诉者 | 商品 | 诉求 | 处理结果 | 办结 | 满意度 | 年龄
    1 | 8月3日 | 张三 | 锅 | 退款 | 退款 | 8月4日 | 很满意 | 40
    2 | 8月20日 | 李四 | 鞋 | 换货 | √ | 8月21日 | √ | 33
    3 | 8月28日 | 王五 | 茶 | 退货 | 处理中 | | |
"""
ANSWERS = (
    "序号 means [external no]>;日期 means [received]>;投诉者 means [complainant]>"
    ";商品 means [item]>;诉求 means [request]>;办结 means [closed]>;满意度 means [rating]>"
    ";年龄 means (a box's name, -,>;an answer is needed>年纪"
    ";年纪 is not a free box>?;: A box's name>-"
    ";退款 under 处理结果 means [settled]>;很满意 under 满意度 means [satisfied]>2"
    ";换货 under 诉求 means [replace]>;√ under 处理结果 means [settled]>"
    ";√ under 满意度 means [satisfied]>;处理中 under 处理结果 means [open]>"
)
NEXT_MONTH = KEPT + "    4 | 9月1日 | 赵六 | 锅 | 换货 | 退款 | 9月2日 | 很满意 |\n"


def test_what_is_not_known_is_asked_once_for_each_point(cli: Cli) -> None:
    write(KEPT)
    code, seen = cli.talk("complaint import a.csv --point P001", ANSWERS)
    assert code == 0 and "Rows: 3; 3 imported" in seen, seen
    assert seen.count("A box's name; - leaves the column out") == 2  # and for ?
    assert "Your answers are kept for the next register." in seen
    assert cli.sql(
        "SELECT external_no, received, request, outcome, closed, rating FROM complaint"
    ) == [
        ("1", "2026-08-03", "refund", "settled", "2026-08-04", "basic"),
        ("2", "2026-08-20", "replace", "settled", "2026-08-21", "satisfied"),
        ("3", "2026-08-28", "return", None, None, None),
    ]
    write(NEXT_MONTH)
    cli.plays(r"""
        $ complaint import a.csv --point P001
        Rows: 4; 1 imported, 0 filled in, 3 known already or void.
        ! Rows above the headings are ignored; headings in row: 3
        ! Dates without a year are read as 2026.
        ! Not stated, so recorded: source as direct: 1, channel as visit: 1, problem as other: \
            1, kind as other: 1.
        $ complaint import a.csv --point P001
        Rows: 4; 0 imported, 0 filled in, 4 known already or void.
        ! Rows above the headings are ignored; headings in row: 3
        ! Dates without a year are read as 2026.
        $ words list
        outcome | √ | settled | P001 |
        outcome | 处理中 | open | P001 |
        outcome | 退款 | settled | P001 |
        rating | √ | satisfied | P001 |
        rating | 很满意 | basically satisfied | P001 |
        request | 换货 | replace | P001 |
        """)
    assert cli("complaint import a.csv --point P002").code == 5, "another point's register"


def test_what_was_learned_wrongly_is_said_anew(cli: Cli) -> None:
    head = f"{HEAD} | 处理结果 | 办结日期 | 消费者评价"
    write(f"{head}\n{ROW} | 和解 | 2026-09-02 | 还行")
    cli.talk("complaint import a.csv --point P001", "还行 under 消费者评价>1")
    cli.plays("""
        $ words retire 还行
        ! Error: There is no local word 还行 in use. See: ledger12315 words list
        [3]
        $ words retire 还行 --point P001
        还行 is retired: rating.
        $ complaint import a.csv --point P001
         | 2 | 消费者评价 | 还行 | 还行 is not one of: satisfied | basically satisfied |…
        ! Error: a.csv was not imported and nothing was changed. Problems: 1
        [5]
        $ complaint import a.csv --point P001 --map '还行 =基本满意'
         | 2 | 消费者评价 | 基本满意 | 2026-0001 has 满意
        ! Error: a.csv was not imported and nothing was changed. Problems: 1
        [5]
        """)


def test_answers_hold_though_the_file_is_refused_and_the_ledger_is_untouched(cli: Cli) -> None:
    write(f"{HEAD} | 诉求\n{ROW} | 换货\nA-2 | 2026-13-01 | 李四 | 锅 |")
    before = cli.path.read_bytes()
    cli.converses("""
        $ complaint import a.csv --point P001
        诉求 means >
        换货 under 诉求 means >
        = 2026-13-01 is not a day of the calendar
        = The answers are kept: the same command continues from them.
        [5]
        $ complaint import a.csv --point P001
        [5]
    """)
    assert cli.path.read_bytes() == before
    assert cli("complaint import a.csv --point P001").code == 5, "a script is not told by drafts"
    write(f"{HEAD} | 诉求\n{ROW} | 换货")
    cli.converses("""
        $ complaint import a.csv --point P001
        = Your answers are kept for the next register.
    """)
    assert cli.sql("SELECT word, standard FROM local_word") == [("换货", "replace")]
    assert not [*cli.path.parent.glob("*.draft")]


def test_an_answer_below_which_nothing_can_be_read_is_asked_for_again(cli: Cli) -> None:
    write(f"{HEAD} | 毛病 | 诉求\n{ROW} | 质量 | 退款\nA-2 | 2026-09-02 | 李四 | 锅 | 价格 | 退款")
    cli.converses("""
        $ complaint import a.csv --point P001
        毛病 means > 经营者类型
        诉求 means >
        = they are asked for again: 毛病
        = The answers are kept: the same command continues from them.
        [5]
        $ complaint import a.csv --point P001
        毛病 means > 问题类别
    """)
    assert cli.sql("SELECT problem, request FROM complaint") == [
        ("quality", "refund"),
        ("price", "refund"),
    ]


@table("""
    heading | guess
    问题类型 | problem
    业务类型 |
    序 号 | external no
    投 诉 日 期 | received
    涉及金额 | disputed
    涉及金额（万元） | disputed
    受里日期 | received
    接诉日期 | received
    结案时间 | closed
    满意程度 | rating
""")
def test_the_box_of_a_usual_heading_is_offered(heading: str, guess: str, cli: Cli) -> None:
    write(f"投诉人 | 商品/服务名称 | {heading}\n张三 | 锅 | x")
    seen = cli.talk("complaint import a.csv --point P001", f"{heading} means>>")[1]
    assert (f"{heading} means [{guess}]:" in seen) == bool(guess), seen


def test_a_map_replaces_an_answer_that_was_kept(cli: Cli) -> None:
    """Not in a dry run."""
    wrong = f"{HEAD} | 甲\n{ROW} | 美的\nA-2 | 2026-13-01 | 李四 | 锅 | "
    write(wrong)
    cli.converses("""
        $ complaint import a.csv --point P001
        甲 means > 品牌
        [5]
        $ complaint import a.csv --point P001 --map 甲=规格 --dry-run
        [5]
    """)
    assert cli("complaint import a.csv --point P001 --map 甲=规格").code == 5
    write(wrong.replace("-13-", "-09-"))
    cli.converses("$ complaint import a.csv --point P001")
    assert cli.sql("SELECT brand, model FROM complaint LIMIT 1") == [(None, "美的")]


def test_a_question_is_gone_back_to_and_the_newest_answer_wins(cli: Cli) -> None:
    write(f"{HEAD} | 甲 | 乙 | 丙\n{ROW} | 美的 | 红 | 坏")
    cli.converses("""
        $ complaint import a.csv --point P001
        甲 means > 品牌
        乙 means > <
        甲 means [brand] > 规格
        乙 means > 规格
        规格 is not a free box > 品牌
        丙 means > 问题类别
        坏 under 丙 means > <
        丙 means [problem] >
        坏 under 丙 means > 质量
    """)
    assert cli.sql("SELECT brand, model, problem FROM complaint") == [("红", "美的", "quality")]


def test_each_answer_is_kept_as_it_is_given(cli: Cli) -> None:
    write(f"{HEAD} | 甲 | 诉求\n{ROW} | 美的 | 换货")
    cli.converses("""
        $ complaint import a.csv --point P001
        甲 means > 品牌
        诉求 means > ^D
        = Left; nothing was written.
        = The answers are kept: the same command continues from them.
        [130]
        $ complaint import a.csv --point P001
        诉求 means >
        换货 under 诉求 means >
    """)
    assert cli.sql("SELECT brand, request FROM complaint") == [("美的", "replace")]


def test_an_answer_of_before_is_said_and_taken_back(cli: Cli) -> None:
    write(f"{HEAD} | 甲 | 乙\n{ROW} | 美的 | 红")
    cli.converses("""
        $ complaint import a.csv --point P001
        甲 means > 规格
        乙 means > ^D
        [130]
        $ complaint import a.csv --point P001
        乙 means > <
        甲 means [model] > 品牌
        乙 means > 规格
        = Answers of before: 甲=model
    """)
    assert cli.sql("SELECT brand, model FROM complaint") == [("美的", "红")]


def test_a_word_of_before_is_said_as_it_is_typed_and_stays_kept(cli: Cli) -> None:
    write(f"{HEAD} | 诉求\n{ROW} | 换货\nA-2 | 2026-09-02 | 李四 | 鞋 | 要退")
    cli.converses("""
        $ complaint import a.csv --point P001
        诉求 means >
        换货 under 诉求 means >
        要退 under 诉求 means > ^D
        [130]
        $ complaint import a.csv --point P001
        要退 under 诉求 means > ^D
        = Answers of before: 诉求=request, 换货=replace
        = The answers are kept: the same command continues from them.
        [130]
    """)


@pytest.mark.parametrize(
    "make",
    [
        lambda path: path.write_text('{"诉求": "wish", "request\\n换货": "swap", "\\n": "x"}'),
        lambda path: path.write_text("[" * 100_000),
        make_pipe,
    ],
)
def test_a_draft_that_means_nothing_any_more_is_let_be(
    make: Callable[[Path], object], cli: Cli
) -> None:
    make(cli.path.with_name(f"{cli.path.name}.complaint-import-P001.draft"))
    write(f"{HEAD} | 诉求\n{ROW} | 换货")
    cli.converses("""
        $ complaint import a.csv --point P001
        诉求 means >
        换货 under 诉求 means >
    """)


def test_whose_register_it_is_is_asked_where_nothing_says_so(cli: Cli) -> None:
    write(f"{HEAD} | 诉求\n{ROW} | 退款")
    said = "No column names the point of this register. > leaves the question open."
    code, seen = cli.talk("complaint import a.csv", "point>西门;point>东门;诉求 means>")
    assert code == 0 and said in seen and "There is no point 西门." in seen, seen
    assert seen.count("A box's name; - leaves the column out") == 1
    assert cli.sql("SELECT point_id, request FROM complaint") == [(1, "refund")]
    # What is known of the point is not asked.
    cli.converses("""
        $ complaint import a.csv
        point > 东门
        = 1 known already
        $ complaint import a.csv
        point > <
        point > ?
        its code, name > >
        = add --point
        [5]
    """)
    assert cli("complaint import a.csv").code == 5


def test_a_column_says_whose_register_it_is(cli: Cli) -> None:
    write(f"服务点 | {HEAD}\nP001 | {ROW}")
    cli.converses("$ complaint import a.csv")


def test_an_answer_to_a_dry_run_is_not_asked_for_again(cli: Cli) -> None:
    write(f"{HEAD} | 诉求\n{ROW} | 退款")
    cli.converses("$ complaint import a.csv --point P001 --dry-run\n诉求 means >")
    assert cli.sql("SELECT * FROM heading") == []
    cli.converses("$ complaint import a.csv --point P001")
    assert cli.sql("SELECT request FROM complaint") == [("refund",)]


def test_a_layout_is_known_at_other_points_too(cli: Cli) -> None:
    """Where all of them agree; what is said at the point itself goes before it."""
    write(f"{HEAD} | 甲\n{ROW} | 美的")
    cli.converses("$ complaint import a.csv --point P001\n甲 means > 品牌")
    cli.plays(r"""
        $ complaint import a.csv --point P002 --dry-run
        Dry run, nothing was changed. Rows: 1; 1 imported, 0 filled in, 0 known already or void.
        ! Headings as in other points' registers: 甲=品牌
        ! Another point already has rows …
        ! Not stated, …
        $ complaint import a.csv --point P002 --map 甲=规格
        Rows: 1; 1 imported, 0 filled in, 0 known already or void.
        ! Another point already has rows …
        ! Not stated, …
        $ complaint list --json
        …"brand": "美的", "model": null…"brand": null, "model": "美的"…
    """)


# A heading of the forms, with the words of another box below it.
TYPES = """
    2026年9月登记簿
    登记编号 | 受理日期 | 投诉人 | 类型 | 商品/服务名称 | 处理结果 | 办结日期
    1 | 2026-09-01 | 张三 | 质量 | 锅 | |
    2 | 2026-09-02 | 李四 | 价格 | 鞋 | 和解 | 2026-09-03
    合计 | 2 | | | | 1 |
    经办人： | 李四 | 审核：王五 | | | 填表： | 2026-09-30
"""


def test_a_heading_that_other_boxes_may_bear_is_asked_for(cli: Cli) -> None:
    write(TYPES)
    cli.plays(r"""
        $ complaint import a.csv --point P001
         | 2 | 类型 | 类型 | 类型 may mean type, category, problem, kind; its words: 质量, 价格; say \
            which: --map 类型=problem
        ! Rows above the headings are ignored; headings in row: 2
        ! Error: a.csv was not imported and nothing was changed. Problems: 1
        [5]
    """)
    cli.converses("""
        $ complaint import a.csv --point P001
        类型 means [problem] >
        = its words: 质量, 价格
    """)
    assert cli.sql("SELECT problem, outcome FROM complaint") == [
        ("quality", None),
        ("price", "settled"),
    ]
    assert "0 imported" in cli("complaint import a.csv --point P001").out, "it is remembered"


@table("""
    heading  | words         | hint
    啊       | 质量 价格     | --map 啊=problem
    啊       | 退款 换货     | --map 啊=request
    商品分类 | 质量 价格     | --map 商品分类=problem
    商品分类 | 食品 家电     | --map 商品分类=category
    啊       | 张三 李四     | use --map to say
    投诉内容 | 质量 价格     | --map 投诉内容=facts
""")
def test_an_unknown_heading_is_guessed_by_its_words_too(
    heading: str, words: str, hint: str, cli: Cli
) -> None:
    one, other = words.split()
    write(TYPES.replace("类型", heading).replace("质量", one).replace("价格", other))
    assert hint in cli("complaint import a.csv --point P001").out
    if "=" in hint:
        box = hint.split("=")[1]
        _, seen = cli.talk("complaint import a.csv --point P001", f"means [{box}]>^D")
        assert one not in seen, seen


def test_of_many_words_below_such_a_heading_the_first_four_are_named(cli: Cli) -> None:
    more = "".join(f"{at} | 2026-09-0{at} | 王五 | 词{at} | 碗 | |\n    " for at in range(3, 8))
    write(TYPES.replace("合计", f"{more}合计"))
    told = cli("complaint import a.csv --point P001").out
    assert "its words: 质量, 价格, 词3, 词4, …; say which: --map 类型=problem" in told, told


def test_its_own_word_is_said_where_the_heading_means_what_the_form_says(cli: Cli) -> None:
    write(TYPES.replace("质量", "商场").replace("价格", "商厦"))
    hint = "its words: 商厦; say which: --map 类型=category"
    assert hint in cli("complaint import a.csv --point P001").out
    cli.converses("""
        $ complaint import a.csv --point P001
        类型 means > 经营者类型
        = 商厦 is not one of: mall
        [5]
    """)


@pytest.mark.parametrize(
    "line",
    ["| 2026-9-5 | 张三 | | | | ", "经办人：李四 | | | | 锅 | | ", "A-9 | | 张三 | | | 和解 | "],
)
def test_a_row_that_may_be_a_complaint_is_none_of_the_signatures(line: str, cli: Cli) -> None:
    """One with a day of receipt, with goods, or without a label of a signature."""
    write(TYPES.replace("类型", "年龄") + line)
    told = cli("complaint import a.csv --point P001 --map 年龄=- --json")
    assert [each["row"] for each in told.json["problems"]] and told.code == 5, told


def test_what_is_left_open_stays_a_problem(cli: Cli) -> None:
    write(f"{HEAD} | 诉求 | 类别\n{ROW} | 退款 | 锅具\nA-2 | 2026-09-02 | 李四 | 碗 | | 瓷器")
    cli.converses("""
        $ complaint import a.csv --point P001
        诉求 means > >
        锅具 under > <
        诉求 means [ >
        锅具 under > >
        = Problems: 3
        [5]
    """)


def test_a_heading_of_which_nothing_is_known_is_asked_for(cli: Cli) -> None:
    write("""
        9月台账
        单号 | 日期 | 来访人 | 品名 | 备考
        1 | 9月3日 | 张三 | 锅 | 已退
        """)
    said = cli("complaint import a.csv --point P001").err
    assert "has no row of known headings" in said, "a script is never guessed for"
    cli.converses("""
        $ complaint import a.csv --point P001
        单号 means [external no] >
        日期 means [received] >
        来访人 means [complainant] >
        品名 means [item] >
        备考 means > 备注
    """)
    found = cli.sql("SELECT external_no, complainant, item, remark FROM complaint")
    assert found == [("1", "张三", "锅", "已退")]


@scenes(r"""
# a script says it with --map
> a.csv 编号,日期,投诉人,商品/服务名称,处理结果,办结日期,年龄\nA-1,2026-09-01,张三,锅,退款,2026-09-02,40
$ complaint import a.csv --point P001 --map 日期=受理日期 --map 退款=和解 --map 年龄=-
Rows: 1; 1 imported, 0 filled in, 0 known already or void.
! Not stated, so recorded: source as direct: 1, channel as visit: 1, problem as other: 1, kind \
    as other: 1.
$ complaint import a.csv --point P001
Rows: 1; 0 imported, 0 filled in, 1 known already or void.
# a fixed word that several boxes have is put behind its box
> a.csv 登记编号,受理日期,投诉人,商品/服务名称,问题类别\nA-1,2026-09-01,张三,锅,不详
$ complaint import a.csv --point P001 --map 不详=其他
! Error: 不详=其他: 不详 must mean a box, or a fixed word that only one box has, such as 满意…
[5]
$ complaint import a.csv --point P001 --map 不详=问题类别:其他
Rows: 1; 1 imported, 0 filled in, 0 known already or void.
! Not stated, so recorded: source as direct: 1, channel as visit: 1, kind as other: 1.
# without --point it is known at every point
> a.csv 服务点,登记编号,受理日期,投诉人,商品/服务名称,诉求\nP001,A-1,2026-09-01,张三,锅,换货
$ complaint import a.csv --map 诉求=request --map 换货=更换
Rows: 1; 1 imported, 0 filled in, 0 known already or void.
! Not stated, so recorded: source as direct: 1, channel as visit: 1, problem as other: 1, kind \
    as other: 1.
> a.csv 登记编号,受理日期,投诉人,商品/服务名称,诉求\nA-2,2026-09-01,张三,锅,换货
$ complaint import a.csv --point P002
Rows: 1; 1 imported, 0 filled in, 0 known already or void.
! Not stated, so recorded: source as direct: 1, channel as visit: 1, problem as other: 1, kind \
    as other: 1.
# what a point says goes before what the station says
> a.csv 登记编号,受理日期,投诉人,商品/服务名称,甲\nA-1,2026-09-01,张三,锅,美的
$ complaint import a.csv --point P001 --map 甲=brand
Rows: 1; 1 imported, 0 filled in, 0 known already or void.
! Not stated, so recorded: source as direct: 1, channel as visit: 1, problem as other: 1, kind \
    as other: 1.
$ complaint import a.csv --point P002 --map 甲=model
Rows: 1; 1 imported, 0 filled in, 0 known already or void.
! Another point already has rows …: 1, such as row 2: 2026-0001 P001. Is this the right point?
! Not stated, so recorded: source as direct: 1, channel as visit: 1, problem as other: 1, kind \
    as other: 1.
$ complaint list --csv
BOM number,…
2026-0001,…,锅,美的,,…
2026-0002,…,锅,,美的,…
""")
def test_in_a_script(script: str, cli: Cli) -> None:
    cli.plays(script)


@table("""
    title | day | received
    2026年第三季度 | 8月3日 | 2026-08-03
    报告期：2025年 | 8月3号 | 2025-08-03
    报告期：2025年 | 八月三日 | 2025-08-03
    登记簿 | 8月3日 | 2026-08-03
    登记簿 | 4月1日 | 2026-04-01
    登记簿 | ９月２８日 | 2026-09-28
    登记簿 | 8-3 | 2026-08-03
    2025年 | 8-3 | 2025-08-03
    登记簿 | 3月31日 | could be 2026-03-31 or 2027-03-31
    登记簿 | 9月29日 | could be 2025-09-29 or 2026-09-29
    登记簿 | 2月30日 | not a day of the calendar
    2026年 | 2月30日 | not a day of the calendar
    2026年第三季度 | 10月3日 | in the future
    2025年至2026年 | 3月31日 | could be 2026-03-31 or 2027-03-31
""")
def test_the_year_of_a_day(title: str, day: str, received: str, cli: Cli) -> None:
    result = take(cli, f"{title}\n{HEAD}\nA-1 | {day} | 张三 | 锅")
    if result.code:
        assert received in problems(result)[0]
    else:
        assert cli.sql("SELECT received FROM complaint") == [(received,)]
        assert f"without a year are read as {received[:4]}.\n" in result.err


@table("""
    title | received | promised | day
    登记簿 | 8月28日 | 9月1日 | 2026-09-01
    登记簿 | 9月28日 | 10月8日 | 2026-10-08
    2025年 | 12月28日 | 1月5日 | 2026-01-05
    登记簿 | 2025-12-28 | 12-28 | 2025-12-28
""")
def test_a_day_ahead_is_the_first_such_day_from_the_receipt_on(
    title: str, received: str, promised: str, day: str, cli: Cli
) -> None:
    """The day of receipt may be in a later column."""
    head, line = "登记编号 | 约定答复时间 | 受理日期 | 投诉人 | 商品/服务名称", "张三 | 锅"
    result = take(cli, f"{title}\n{head}\nA-1 | {promised} | {received} | {line}")
    assert (result.code, cli.sql("SELECT promised FROM complaint")) == (0, [(day,)])


@table("""
    lang
    zh
    en
""")
def test_a_question_shows_no_phone_and_nothing_unseen(lang: str, cli: Cli) -> None:
    write(f"{HEAD} | 诉\u202e求 | 处理结果\n{ROW} | | 13900001234")
    _, seen = cli.talk("complaint import a.csv --point P001", "诉求>-;处理结果>>", lang)
    assert "13900001234" not in seen and "\u202e" not in seen


def test_answers_are_kept_whatever_a_points_code_is(tmp_path: Path) -> None:
    draft = Draft(tmp_path / "ledger.sqlite", "complaint import A/1")
    assert draft.keep({"box": "word"}) and draft.read() == {"box": "word"}
    assert [each.name for each in tmp_path.iterdir()] == [
        "ledger.sqlite.complaint-import-A-1.draft"
    ]


def test_a_draft_has_no_other_meanings_than_were_given() -> None:
    # `referred` is a source, and the name of a box too.
    learned = Learned({"甲": "model", "乙": IGNORED}, {("source", "平台"): "referred"})
    assert meanings_of_texts(meanings_as_texts(learned), COMPLAINT_ROWS) == learned
