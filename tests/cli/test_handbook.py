"""The handbook that comes with the program; tests/test_docs.py reads its commands."""

import re

from ledger12315.cli.face.terminals import terminal_width
from ledger12315.cli.help import PAGES, TOPICS
from ledger12315.renamed import in_newest_words
from tests.cli.conftest import Cli
from tests.rows import for_all


@for_all("name", PAGES)
def test_a_page_is_found_by_either_name(name: str, cli: Cli) -> None:
    cli.path.unlink(missing_ok=True)
    for title in (name, TOPICS[name].zh):
        assert cli(f"help {title}") == (0, in_newest_words(PAGES[name]), "")


def test_options_that_nobody_types_daily_are_a_topic(cli: Cli) -> None:
    found = re.findall(r"^  (\S+)", cli("help options").out, re.M)
    *options, last = found
    assert options[0] == "--clock-is-right" and last == "LEDGER12315_TODAY"
    assert re.findall(r"^  --(\S+)", cli("--help").out, re.M) == ["db", "practice", "version"]
    assert cli("帮助 选项", lang="zh").out.startswith("少用的选项：\n  --时钟无误")


def test_a_page_is_in_the_words_of_the_ledger(cli: Cli) -> None:
    assert cli("help 办结").out == PAGES["close"]
    cli.given("settings set words_of 2018")
    assert cli("help 办结").out == in_newest_words(PAGES["close"]) != PAGES["close"]


def test_of_another_command_it_shows_the_help(cli: Cli) -> None:
    for name in ("overdue", "超期", "settings"):
        assert cli(f"help {name}") == cli(f"{name} --help")
    assert cli("help point amend") == cli("point amend --help") == cli("帮助 服务点 变更")


def test_alone_it_lists_the_topics(cli: Cli) -> None:
    first, *_, last = cli("帮助", lang="zh").out.splitlines()
    assert (first, last) == ("开始  start", "看其中一篇，或查找某个词：ledger12315 帮助 词")


@for_all("""
    words      | found
    打印       | ledger12315 导出 6 2026Q4
    重印       | ledger12315 导出 6 2026Q4
    删除       | ledger12315 投诉 作废 12 --理由 重复登记
    换联络员   | ledger12315 服务点 变更 东门百货
    换电脑     | ledger12315 台账 备份 台账备份.sqlite --保留 14
    移送       | ledger12315 办结 12 --处理结果 移送
    undo       | ledger12315 投诉 重开 12 --理由 误结
    UNDO       | ledger12315 投诉 重开 12 --理由 误结
    撤销 上报  | ledger12315 报表 撤回 2026Q4
    撤诉       | ledger12315 办结
    延期       | ledger12315 投诉 报请
    年报       | ledger12315 报表 上报
    更正       | ledger12315 投诉 更正
    电话       | ledger12315 查找
    加倍赔偿   | ledger12315 受理 东门百货 --投诉人 张三
    联络员更换 | ledger12315 服务点 变更 东门百货
    怎样撤诉？ | ledger12315 办结
    how to backup | ledger12315 台账 备份 台账备份.sqlite --保留 14
""")
def test_words_are_found_in_texts_commands_options_and_other_words(
    words: str, found: str, cli: Cli
) -> None:
    cli.path.unlink(missing_ok=True)
    code, out, err = cli(f"帮助 {words}", lang="zh")
    first = next(line for line in out.splitlines() if line.startswith("    "))
    assert (code, err) == (0, "") and first.strip().startswith(found), out


def test_a_word_of_an_option_alone_is_told_with_that_option(cli: Cli) -> None:
    """Not with the heading above it, which has the word too."""
    said, *_, line = cli("帮助 设立", lang="zh").out.rstrip().splitlines()
    assert said.endswith("。 --设立日期 日期 设立日期")
    assert line.strip().startswith("ledger12315 设点 东门百货")


def test_what_is_found_is_told_with_its_page(cli: Cli) -> None:
    cli.plays("""
        $ help undo
        Undo a wrong closing, escalation or voiding. (ledger12315 help 改错)
            ledger12315 complaint reopen 12 --reason 误结
        …
    """)


def test_what_is_found_nowhere_is_told_with_the_topics(cli: Cli) -> None:
    code, _, err = cli("help 龘龘")
    assert code == 2 and err.startswith(
        "Error: Nothing was found for 龘龘. The topics: start | point"
    )


def test_other_words_lead_to_commands(cli: Cli) -> None:
    """Each page has other words, and each bracket behind them names a command."""
    for name, page in PAGES.items():
        assert "\n别的说法：" in page, name
        assert cli(f"help {name}").code == 0
    assert cli("help zzzz 打印").code == 2  # reads all other words


def test_a_terminal_draws_a_page_in_its_own_width(cli: Cli) -> None:
    for name in PAGES:
        for columns in (80, 60):
            title, rule, *lines = cli.screen(f"help {name}", columns, lang="zh")
            assert rule == "=" * terminal_width(title) and "#" not in title
            wide = [line for line in lines if terminal_width(line) > columns]
            assert [line for line in wide if not line.startswith("    ")] == []
    seen = cli.screen("help 受理", 60, lang="zh")
    assert seen[:6] == [
        *("受理", "====", ""),
        "一叠登记表，逐件录入。上一件的服务点、日期、受理方式直接带",
        *("出，投诉人留空即结束：", ""),
    ]
    assert cli.screen("help 退出码", 60, lang="zh")[6:8] == [
        "- 1：只在写了 --退出码 时：列出了东西，导入的行有存疑，或",
        "  体检有要做的。",
    ]
