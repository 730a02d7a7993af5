"""The handbook that comes with the program; tests/test_docs.py reads its commands."""

import pytest

from ledger12315.cli.handbook import PAGES, TOPICS
from ledger12315.renamed import newest
from tests.cli.conftest import Cli


@pytest.mark.parametrize("word", TOPICS.values(), ids=lambda word: word.code)
def test_a_page_is_found_by_either_name(word: tuple[str, str], cli: Cli) -> None:
    cli.path.unlink()
    for name in word[:2]:
        assert cli(f"help {name}") == (0, newest(PAGES[word[0]]), "")


def test_a_page_is_in_the_words_of_the_ledger(cli: Cli) -> None:
    assert cli("help 办结").out == PAGES["close"]
    cli.given("settings set words_of 2018")
    assert cli("help 办结").out == newest(PAGES["close"]) != PAGES["close"]


def test_of_another_command_it_shows_the_help(cli: Cli) -> None:
    for name in ("overdue", "超期", "settings"):
        assert cli(f"help {name}") == cli(f"{name} --help")


def test_alone_it_lists_the_topics(cli: Cli) -> None:
    first, *_, last = cli("帮助", lang="zh").out.splitlines()
    assert (first, last) == ("开始  start", "看其中一篇：ledger12315 帮助 篇名")
