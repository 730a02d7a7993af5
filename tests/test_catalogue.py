"""The Chinese catalogue has every shown sentence, and nothing else."""

import inspect
import re
from importlib import import_module

import pytest
from babel.messages import Catalog
from babel.messages.mofile import read_mo

from ledger12315.cli.app import Deferred
from ledger12315.cli.table import COMMANDS, CommandRow
from ledger12315.locale import _
from ledger12315.renamed import in_year_words
from tests.catalogue import (
    PO,
    assembled,
    missing,
    placeholders,
    read_catalogue,
    sentences,
    unfilled,
)
from tests.rows import for_all


def entries(catalogue: Catalog) -> dict[str, str]:
    return {str(message.id): str(message.string) for message in catalogue if message.id}


def test_no_sentence_is_put_together_at_run_time() -> None:
    assert assembled() == []


def test_every_message_brings_the_values_of_its_braces() -> None:
    assert unfilled() == []


@for_all("row", COMMANDS)
def test_the_table_of_commands_says_what_their_docstrings_say(row: CommandRow) -> None:
    module, _, function = row.target.partition(":")
    command = getattr(import_module(f"ledger12315.cli.{module}"), function)
    assert inspect.getdoc(command) in (row.help, None)


def test_every_sentence_is_translated() -> None:
    lacking = [f"{place}: {text!r}" for text, place in missing().items()]
    assert not lacking, "python -m tests.catalogue prints stubs of these:\n" + "\n".join(lacking)


def test_every_placeholder_of_a_value_is_translated() -> None:
    shown = {
        word
        for row in COMMANDS
        for parameter in Deferred(row).load().params
        for word in re.findall("[A-Z][A-Z0-9]*", parameter.metavar or "")
    }
    assert shown - entries(read_catalogue()).keys() == {"AAA"}  # a grade as it is typed


def test_translations_have_the_braces_of_their_sentences() -> None:
    differing = [
        text
        for text, chinese in entries(read_catalogue()).items()
        if placeholders(text) != placeholders(chinese)
    ]
    assert differing == []


def test_chinese_has_its_own_punctuation() -> None:
    half_width = re.compile(r"(?<!\d)[,;:?!]|[,;:?!](?!\d)")
    assert [
        chinese for chinese in entries(read_catalogue()).values() if half_width.search(chinese)
    ] == []


def test_chinese_names_options_in_chinese() -> None:
    assert [
        chinese for chinese in entries(read_catalogue()).values() if re.search("--[a-z]", chinese)
    ] == []


def test_nothing_is_unused_or_unsure() -> None:
    catalogue, used = read_catalogue(), sentences()
    assert [text for text in entries(catalogue) if text not in used] == []
    assert list(catalogue.obsolete) == []
    assert [message.id for message in catalogue if message.id and message.fuzzy] == []


def test_the_compiled_catalogue_is_of_this_source(monkeypatch: pytest.MonkeyPatch) -> None:
    source = entries(read_catalogue())
    with PO.with_suffix(".mo").open("rb") as file:
        assert entries(read_mo(file)) == source, "run: nox -s catalogue"
    monkeypatch.setenv("LEDGER12315_LANG", "zh")
    shown = {text: in_year_words(chinese) for text, chinese in source.items()}
    assert {text: _(text) for text in (*source, "A", "~")} == shown | {"A": "A", "~": "~"}
