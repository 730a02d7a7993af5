"""The page of JSON: every document, each key, the same in both languages."""

import json
import re

import pytest

from ledger12315.cli.app import Deferred
from ledger12315.cli.table import COMMANDS
from ledger12315.words import OWED
from tests.json_page import PAGE, Section, keys_of, page, printed, sections, steady
from tests.rows import for_all

pytestmark = pytest.mark.slow  # draws workbooks or starts processes


def test_the_page_shows_what_is_printed() -> None:
    assert PAGE.read_text("utf-8") == page(), "run: nox -s docs"


def test_each_command_that_prints_json_has_its_section() -> None:
    able = {
        row.name
        for row in COMMANDS
        if any(each.name == "json" for each in Deferred(row).load().params)
    }
    told = set[str]()
    for section in sections():
        first, *others = section.command.split(", ")
        group = first.rpartition(" ")[0]
        told |= {first, first.split(" ")[0], *(f"{group} {each}" for each in others)}
    assert able - told == set()


@for_all("section", sections())
def test_each_key_is_told_and_there_and_the_same_in_every_language(section: Section) -> None:
    english, chinese, _ = printed()[section.typed]
    document = json.loads(english)
    assert isinstance(document, list) or next(iter(document.items())) == ("version", 1)
    assert keys_of(document) - section.known - {"version"} == set()
    told = set(re.findall(r"^\| `(\w+)`", section.told, re.M))
    assert document == [] or told - keys_of(document) == set()
    sentence = r'"(?:problem|doubt|found|to_do)": "[^"]*"'
    assert re.sub(sentence, "", steady(english)) == re.sub(sentence, "", steady(chinese))


def test_every_kind_of_duty_is_told_in_its_order() -> None:
    [today] = [each for each in sections() if each.command == "today"]
    kinds = re.search(r"^\| `kind` \| (.*) \|$", today.told, re.M)
    assert kinds and re.findall(r"`(\w+)`", kinds[1]) == [*OWED]
