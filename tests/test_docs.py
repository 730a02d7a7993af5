"""The documents match the program, both generated and hand-written ones."""

import os
import re
import shlex
import sys
from collections.abc import Iterator
from contextlib import suppress
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any
from unittest.mock import patch
from urllib.parse import unquote

import pytest
import typer

from ledger12315.build import COMMITTED
from ledger12315.cli import app
from ledger12315.cli.face.help import Group
from ledger12315.cli.table import COMMANDS
from ledger12315.ledger.calendar import library_calendar
from ledger12315.ledger.store.versions import RELEASED
from ledger12315.locale import render
from ledger12315.rules.deadlines import due_date_of
from ledger12315.rules.measures import ATTACHMENT3, MEASURES
from ledger12315.rules.periods import parse_period, return_dates
from ledger12315.rules.rates import RATES
from ledger12315.rules.settings import SETTINGS
from tests import contents, errors
from tests.catalogue import ROOT
from tests.contents import headings
from tests.generate_docs import PAGES as PAGES_OF_COMMANDS
from tests.generate_docs import commands as help_of_all
from tests.printing import lived
from tests.rows import for_all
from tests.transcripts import Reader

DOCS = ROOT / "docs"
HANDBOOK = sorted((ROOT / "src/ledger12315/handbook").iterdir())
DOCUMENTS = [*sorted(ROOT.glob("*.md")), *sorted(DOCS.glob("*.md")), *HANDBOOK]
DOCUMENTS += [ROOT / "tests" / "README.md", ROOT / "release" / "README.md"]
FIGURES = (DOCS / "figures.md").read_text("utf-8")


@for_all("language", [*PAGES_OF_COMMANDS])
def test_the_page_of_commands_is_of_this_program(language: str) -> None:
    page = PAGES_OF_COMMANDS[language].read_text("utf-8")
    assert page == help_of_all(language), "run: nox -s docs"


def _named(document: Path) -> str:
    return document.relative_to(ROOT).as_posix()


@for_all("document", DOCUMENTS)
def test_every_link_leads_somewhere(document: Path) -> None:
    text = document.read_text("utf-8")
    links = re.findall(r"\]\((?!\w+:)([^)#\s]*)(?:#([^)\s]*))?\)", text)
    named = [(document.parent / unquote(link) if link else document, to) for link, to in links]
    assert [str(file) for file, _ in named if not file.exists()] == []
    pages = [(file, unquote(to)) for file, to in named if to and file.suffix == ".md"]
    places = {
        file: {place for *_, place in headings(file.read_text("utf-8"))} for file, _ in pages
    }
    assert [to for file, to in pages if to not in places[file]] == []
    assert re.findall("\\]\\([^)\n]*[\uff08\uff09]", text) == [], (
        "a full-width bracket is no end of a link"
    )


def test_the_changelog_tells_by_days_what_was_released() -> None:
    days = re.findall("^## (.*)$", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.M)
    if days[0] == "Unreleased":
        del days[0]
    assert bool(days) == bool(RELEASED), "see release/README.md"
    assert days == sorted(map(str, map(date.fromisoformat, days)), reverse=True)
    assert max(days, default="") <= (COMMITTED or "9")


@for_all("index", ["README.md", "README.zh.md"])
def test_an_index_leads_to_every_page(index: str) -> None:
    told = (DOCS / index).read_text("utf-8")
    pages = {page.name for page in DOCS.glob("*.md")} - {index}
    assert {page for page in pages if f"({page})" not in told} == set()


def test_every_page_leads_to_the_words() -> None:
    pages = {*DOCS.glob("*.md")} - {DOCS / "words.md"}
    assert [page.name for page in pages if "(words.md)" not in page.read_text("utf-8")] == []


def test_both_readmes_name_the_commands_that_ci_types() -> None:
    english, chinese = (
        re.findall(r"^<!-- ci: .*\n```sh\n.*\n```$", (ROOT / name).read_text("utf-8"), re.M)
        for name in ("README.md", "README.zh.md")
    )
    assert english == chinese and len(english) == 3


def test_what_tests_a_promise_is_there() -> None:
    promises = re.findall(
        r"^\| (.+) \| (`.+`) \|$", (ROOT / "SECURITY.md").read_text("utf-8"), re.M
    )
    modules = {each for _, cell in promises for each in re.findall("`(.+?)`", cell)}
    assert [each for each in modules if not (ROOT / "tests/faults" / each).exists()] == []
    assert len(promises) > 20


def test_one_complaint_is_followed_through_functions_of_the_program() -> None:
    page = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    steps = re.findall(r"^\d\. \[`(\w+)`\]\((src/\S+\.py)\) ", page, re.M)
    assert len(steps) == 6
    for name, module in steps:
        assert f"\ndef {name}(" in (ROOT / module).read_text("utf-8")


def test_contents_list_what_a_page_has() -> None:
    assert len(contents.PAGES) >= 3
    for page in contents.PAGES:
        text = page.read_text("utf-8")
        assert text == contents.with_contents(text), "run: nox -s docs"


def test_the_handbooks_index_lists_its_pages() -> None:
    index, *pages = HANDBOOK[-1:] + HANDBOOK[:-1]
    titles = ((page, page.read_text("utf-8").partition("\n")[0][2:]) for page in pages)
    expected = [f"[{title}]({page.name})" for page, title in titles]
    assert re.findall(r"\[.+?\]\(\d.+?\)", index.read_text("utf-8")) == expected


_COMMAND = r"(?:\$ )?(?:(?:[\d*/,-]+ +){5})?(?:\w+=\S+ )*(?:\S*/)?ledger12315 (?!\()([^|<>;&`]*)"


def commands(text: str) -> Iterator[str]:
    """Yield a page's commands of this program, without additions of a shell or cron."""
    blocks = re.findall(r"^```\w+\n(.*?)^```$", text, re.M | re.S)
    blocks += re.findall("^    (ledger12315 .*)$", text, re.M)
    for block in (*blocks, *re.findall("(?<!`)`([^`\n]+)`", text)):
        for line in block.replace("\\\n", " ").splitlines():
            if found := re.match(_COMMAND, line):
                yield found[1]


def understood(arguments: list[str]) -> Any:
    """Return the context of a line's command, with its parameters. Raises a TyperException."""
    command: Any = app.program()
    context = command.make_context("ledger12315", arguments)
    while isinstance(command, Group) and (words := [*context._protected_args, *context.args]):
        _, command, arguments = command.resolve_command(context, words)
        context = command.make_context(command.name, arguments, parent=context)
    return context


@cache
def understand(line: str) -> Any:
    """Return the command of a line, None if it shows its help. Raises a TyperException."""
    with suppress(typer.Exit):
        return understood(shlex.split(line, comments=True)).command


@for_all("document", [each for each in DOCUMENTS if each != errors.PAGE])
def test_every_example_is_understood(document: Path) -> None:
    for line in commands(document.read_text("utf-8")):
        understand(line)


def _in_chinese(line: str) -> str:
    """Return a command with the Chinese names of its options."""
    if (command := understand(line)) is None:
        return line
    names: dict[str, str] = {}
    for option in (*app.program().params, *command.params):
        chinese = [name for name in option.opts if not name.isascii()]
        names |= {name: chinese[0] for name in option.opts if name[:2] == "--" and chinese}
    return re.sub(r"(?<!\S)--[a-z][\w-]*", lambda found: names.get(found[0], found[0]), line)


@for_all("page", sorted(DOCS.glob("*.zh.md")))
def test_chinese_pages_name_options_in_chinese(page: Path) -> None:
    text = re.sub(
        r"^```(?:crontab|ini|bat)\n.*?^```$", "", page.read_text("utf-8"), flags=re.M | re.S
    )
    for line in commands(text):
        assert line == _in_chinese(line)


@for_all("""
    line
    overdeu
    point lst
    overdue --witin 3
    export 6 2026Q3 --form 3
""")
def test_a_wrong_example_is_told(line: str) -> None:
    with pytest.raises(Exception, match="No such"):
        understand(line)


def test_figures_names_every_measure_rate_and_setting_in_both_languages() -> None:
    page = (DOCS / "figures.zh.md").read_text("utf-8")
    rows = [
        *(f"| {each.code} | `{each.key}` | {each.name} | {each.unit} |" for each in ATTACHMENT3),
        *(f"| `{key}` |" for key in MEASURES if key not in {each.key for each in ATTACHMENT3}),
        *(f"| `{each.key}` | {each.name} |" for each in RATES),
    ]
    settings = [f"| `{key}` | {each.default} |" for key, each in SETTINGS.items()]
    chinese = [f"| {each.name} | `{key}` | " for key, each in SETTINGS.items()]
    assert [row for row in rows + settings if f"\n{row}" not in FIGURES] == []
    assert [row for row in rows + chinese if f"\n{row}" not in page] == []
    with patch.dict(os.environ, LEDGER12315_LANG="zh"):
        defaults = [render(each.said(each.default)) for each in SETTINGS.values()]
    told = page.partition("## 设置")[2]
    assert re.findall(r"^\| .* \| `[\w.]+` \| (.*?) ?\| .*\|$", told, re.M) == defaults
    english, dates = (
        # Of the rows that begin with a date or a period.
        [
            re.findall(r"\b20\d\d-\d\d-\d\d\b", row)
            for row in re.findall(r"^\| 20\d\d.*$", text, re.M)
        ]
        for text in (FIGURES, page)
    )
    assert dates == english


def test_figures_has_the_due_dates_right() -> None:
    rows = re.findall(r"^\| (\S+) (\w{3}) \| (\S+) (\w{3}) \|", FIGURES, re.M)
    assert len(rows) == 5
    for received, received_day, due_date, due_day in rows:
        first, last = date.fromisoformat(received), date.fromisoformat(due_date)
        assert (f"{first:%a}", f"{last:%a}") == (received_day, due_day)
        assert due_date_of(first, library_calendar()).day == last


def test_figures_has_the_return_dates_right() -> None:
    rows = re.findall(r"^\| (2026Q?.) \| (.*) \|$", FIGURES, re.M)
    assert len(rows) == 4
    for period, dates in rows:
        found = return_dates(parse_period(period), library_calendar(), "after", 1, 2)
        assert [day.isoformat() for day in found] == dates.split(" | ")


@pytest.mark.skipif(sys.platform == "win32", reason="it is seen on a terminal of Unix")
def test_figures_explains_a_date_as_the_program_does(tmp_path: Path) -> None:
    story = """
2020-01-02 init --station 东门所 --county 榕溪县
2020-01-02 register 东门商场 --type mall --area 500 --capital 80万 --turnover 300万
2020-09-27 log P001 --complainant 张三 --item 电饭锅 --facts 不加热 --kind goods
"""
    ledger = tmp_path / ".local/share/ledger12315/ledger.sqlite"
    ledger.parent.mkdir(parents=True)
    ledger.write_bytes(lived(story))
    shown = Reader(tmp_path, "en").answer(["explain", "2020-0001"])
    assert f"$ ledger12315 explain 2020-0001\n{shown}```\n" in FIGURES


def _articles(page: str) -> list[list[str]]:
    lines = (DOCS / page).read_text("utf-8").splitlines()
    return [line.strip("| ").split(" | ") for line in lines if re.match(r"\| [三四]\(", line)]


PLAN = _articles("plan.md")


def test_every_article_of_the_plan_has_its_row_with_commands() -> None:
    articles = {"三(一)": 6, "三(二)": 9, "三(三)": 6, "三(四)": 4, "三(五)": 8}
    numbered = [f"{part}{n + 1}" for part, count in articles.items() for n in range(count)]
    assert [row[0] for row in PLAN] == [*numbered, "四(四)"]
    assert f"\nAll {len(PLAN)} clauses" in (DOCS / "plan.md").read_text("utf-8")
    assert f"\n方案里提出要求的{len(PLAN)}条" in (DOCS / "plan.zh.md").read_text("utf-8")
    assert all("`" in row[3] for row in PLAN)


def test_the_plan_is_quoted_alike_and_named_with_the_same_commands_in_chinese() -> None:
    chinese = {each.name: each.zh for each in COMMANDS}
    expected = []
    for article, plan, _, commands in PLAN:
        names = [chinese[name] for name in re.findall("`([^`]+)`", commands)]
        expected.append([article, plan.partition("<br>")[0], names])
    found = [
        [article, plan, [name.split()[-1] for name in re.findall("`([^`]+)`", commands)]]
        for article, plan, _, commands in _articles("plan.zh.md")
    ]
    assert found == expected
