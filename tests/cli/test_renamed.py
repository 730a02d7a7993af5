"""`words_of`: texts in the plan's words or those since 2018; both are understood."""

import re
from pathlib import Path
from typing import Any

import pytest

from ledger12315.renamed import in_newest_words, year_of_names
from tests import states
from tests.cli.conftest import Cli, scenes
from tests.printing import sheet_text
from tests.rows import for_all, table

OLD = re.compile("工商|申诉")
# What a clerk wrote stays as it is, in whatever words.
LIFE = """
    log P001 --complainant 张三 --item 锅 --facts 已到工商所申诉 --kind goods --source referred \
        --referral-no 工商分流8号 --referred 2026-09-01 --received 2026-09-02
    complaint escalate 1 --reason 工商所要求 --on 2026-09-03
    complaint amend 1 --accepted 2026-09-04
    log P001 --complainant 李四 --item 鞋 --facts 坏 --kind goods --received 2026-09-07
    close 2 --outcome advised --told 2026-09-09 --closed 2026-09-09
    register 西门商店 --type other --judgement 工商所认定适宜
"""
WRITTEN = ("已到工商所申诉", "工商分流8号", "工商所要求", "工商所认定适宜")


@pytest.fixture
def since_2018(cli: Cli) -> Cli:
    cli.given(f"{LIFE}\n    settings set words_of 2018")
    return cli


@for_all("""
    station                        | county               | year
    东门工商所                     | 榕溪县               | 2011
    东门所                         | 榕溪县               | 2011
    东门市场监管所                 | 榕溪县               | 2018
    东门市场监督管理所（原工商所） | 榕溪县               | 2018
    东门所                         | 榕溪县市场监督管理局 | 2018
""")
def test_the_names_of_offices_tell_the_year(station: str, county: str, year: str) -> None:
    assert year_of_names(station, county) == year


@scenes(r"""
# screens have the year's words, and either are typed
@ zh
+ settings set words_of 2018
+ log P001 --complainant 张三 --item 锅 --facts 坏 --kind goods --source 工商部门分流 \
    --referral-no 8 --referred 2026-09-01 --received 2026-09-02
+ log P001 --complainant 李四 --item 鞋 --facts 坏 --kind goods --source 市场监管部门分流 \
    --referral-no 9 --referred 2026-09-01 --received 2026-09-02
$ complaint escalate 1 --reason 要鉴定 --on 2026-09-03
2026-0001 已于 2026-09-03 报请市场监管所处理。
$ complaint amend 1 --市场监管所受理日期 2026-09-04
2026-0001 已更正：市场监管所受理日期。
$ complaint amend 1 --工商所受理日期 2026-09-05
2026-0001 已更正：市场监管所受理日期。
$ complaint list --state 市监所处理中
…
2026-0001 | P001 | …市监所处理中…
$ close 2 --outcome 和解不成、已告知投诉 --told 2026-09-09 --closed 2026-09-09
2026-0002 已办结（和解不成、已告知投诉）…
$ rollup 3 2026Q3 --cases 已告知申诉
…
$ settings set words_of 2011
用语年代：2018年以来的用语 -> 2011年方案的用语
$ complaint list --state 工商所处理中
…
2026-0001 | P001 | …工商所处理中…
# JSON has codes, and the plan's names of measures, in either
@ zh
+ settings set words_of 2018
$ rollup 3 2026Q3 --json
{…"code": "20", "key": "escalated", "name": "报请工商所", …
! 报告期尚未结束，各项数字均截至 2026-09-28。
$ rollup 3 2026Q3 --csv
…
05,received_referred,其中：市场监管部门分流,…
…
! 报告期尚未结束，各项数字均截至 2026-09-28。
""")
def test_in_words(script: str, cli: Cli) -> None:
    cli.plays(script)


FORMS = """
    1 --number 2026-0001
    2 2026Q3
    3 2026Q3
    4
    5
    6 2026Q3
    agreement --number 2026-0001
    record 2026Q3
    assessment 2026Q3
    publicity 2026Q3
    template
"""


def test_a_form_has_the_words_of_its_year(since_2018: Cli) -> None:
    def texts(form: str) -> list[str]:
        if form.strip() == "template":  # which is drawn by itself
            since_2018.all("export template -o template.xlsx")
            return sheet_text("template.xlsx", 0).split("|")
        text = since_2018.text(f"export {form.strip()}")
        return re.findall("'([^']*)'", re.sub("[0-9a-f]{64}", "", text))

    since_2018.all("close 2026-0001 --outcome mediated")
    forms = FORMS.strip().splitlines()
    new = [*map(texts, forms)]
    since_2018.all("settings set words_of 2011")
    for form, now, old in zip(forms, new, map(texts, forms), strict=True):
        ours = [text for text in now if not any(each in text for each in WRITTEN)]
        assert not any(map(OLD.search, ours)), form
        assert [*map(in_newest_words, old)] == [*map(in_newest_words, now)], form
        for each in WRITTEN:
            assert sum(each in text for text in old) == sum(each in text for text in now), form


@table("""
    year
    2011
    2018
""")
def test_a_register_of_either_year_is_read_back(year: str, cli: Cli, tmp_path: Path) -> None:
    cli.given(LIFE)
    cli.all(f"settings set words_of {year}")
    cli.all("export 2 2026Q3 --point P001 -o register.xlsx")
    other: Any = Cli(tmp_path / "other.sqlite", cli.set)
    other.all("""
        init --station 东门所 --county 榕溪县 --begins 2026-07-01
        register 东门商场 --type mall --area 500 --capital 80万 --turnover 300万 \
            --since 2026-01-05
        complaint import register.xlsx --point P001
    """)
    shown = other("complaint show 2026-1 --json").out
    assert '"escalation_reason": "工商所要求"' in shown and '"source": "referred"' in shown
    assert '"outcome": "advised"' in other("complaint show 2026-2 --json").out


def test_a_county_reads_stations_of_either_year(since_2018: Cli) -> None:
    Path("sent").mkdir()
    told = """
        export 5 2026Q3 -o sent/5.xlsx
        returns submit 2026Q3 --yes -o sent
        county load sent
        county export 6 2026Q3 --county 榕溪县工商局 -o county.xlsx
    """
    with states.undrawn(6):
        since_2018.all(told, today="2026-10-09")
    assert "其中工商分流" in sheet_text("county.xlsx")
    line = "county export 6 2026Q3 --county 榕溪县市场监督管理局 -o county.xlsx"
    since_2018.all(line, today="2026-10-09")
    assert "其中市场监管分流" in sheet_text("county.xlsx")
