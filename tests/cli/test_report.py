"""`report` and `county report`: the page's content, complete in any browser."""

import re
import shutil
import subprocess
from contextlib import nullcontext
from datetime import date
from html.parser import HTMLParser
from pathlib import Path
from unittest.mock import patch

import pytest

from ledger12315.rules.hand_ins import sum_figures
from ledger12315.sheets.web.page import html_page
from ledger12315.sheets.web.spec import Picture, Section
from tests.building import built
from tests.cli.conftest import Cli
from tests.facts.making import ONE, figures, keeps, returned
from tests.rows import for_all, table
from tests.transcripts import lay_demo

AFTER = "2026-10-09"
_DRAWING = "ledger12315.sheets.web.page.picture_as_svg"
MOST_BYTES = 300_000
QUARTER = """
    log P001 --complainant 张三丰 --phone 13912345678 --item 电饭锅 --facts 张三丰的锅不热 \
        --category electronics --problem quality --disputed 1234.5 --received 2026-07-06 \
        --respondent "3号柜 13987654321"
    log P001 --complainant 李四光 --item 鞋 --facts 开裂 --category clothing --problem quality \
        --received 2026-07-07 --respondent "3号柜 13987654321"
    log P002 --complainant 王五福 --item 肉 --facts 短秤 --category food --problem measure \
        --received 2026-09-01
    log P002 --complainant 王五福 --item 肉 --facts 短秤 --category food --problem measure \
        --received 2026-04-01
    close 2026-1 --outcome settled --closed 2026-07-07 --rating satisfied --recovered 100
    close 2026-4 --outcome mediation_failed --closed 2026-04-02
    record inquiry P001 --on 2026-07-08 --count 5
    record visit P001 --on 2026-07-08
"""


class Shown(HTMLParser):
    """The page as lines: headings, sentences, rows of tables, and a picture's size and texts."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.lines: list[str] = []
        self.inner = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.inner, about = tag, dict(attrs)
        if tag in ("h1", "h2", "p", "svg", "tr"):
            self.lines.append({"h2": "## ", "svg": "picture", "tr": "|"}.get(tag, ""))
        if tag == "svg" or about.get("class") == "plot":
            self.lines[-1] += f" {about.get('viewbox') or about['transform']}"

    def handle_endtag(self, tag: str) -> None:
        self.inner = ""
        if tag in ("td", "th"):
            self.lines[-1] += " |"

    def handle_data(self, data: str) -> None:
        if self.inner in ("h1", "h2", "p"):
            self.lines[-1] += data
        elif self.inner in ("td", "th", "text"):
            self.lines[-1] += f" {data}"


@pytest.fixture
def quarter(cli: Cli) -> Cli:
    cli.given(QUARTER, today=AFTER)
    return cli


def shown(cli: Cli, line: str, today: str = AFTER, drawn: bool = False) -> list[str]:
    """Return the lines of the page that a command writes; few tests look at pictures."""
    with nullcontext() if drawn else patch(_DRAWING, return_value=""):
        result = cli(f"{line} -o page.html", today=today)
    assert result.code == 0, result
    return Shown(Path("page.html").read_text("utf-8")).lines


PAGES: list[str] = []


def page_of(quarter: Cli) -> str:
    """Return the page of QUARTER, that is made once."""
    if not PAGES:
        shown(quarter, "report 2026Q3", drawn=True)
        PAGES.append(Path("page.html").read_text("utf-8"))
    return PAGES[0]


WHOLE = """
12315 service points, 2026Q3
东门所
Figures from 2026-07-01 to 2026-09-30.
## Rates against their targets
also open and overdue: 2
The previous period is 2026-04-01/2026-06-30.
picture 0 0 560 308 translate(158, 20) on time rate satisfaction rate mediation success settled \
rate 0 20 40 60 80 100 98 90 90 100 0 0 100 100 100 now before target
| rate | now % | made of | target % | result | before |
| settled rate | 100.00 | 1/1 | 90 | small sample | 0.00 (0/1) |
| mediation success | — | 0/0 | 90 | | 0.00 (0/1) |
| satisfaction rate | 100.00 | 1/1 | 98 | small sample | — (0/0) |
| on time rate | 100.00 | 1/1 | — | | 100.00 (1/1) |
settled rate = (settled+mediated+withdrawn)/closed
mediation success = mediated/mediation_closed
satisfaction rate = satisfied/rated
on time rate = closed_on_time/closed
## Balance of complaints
Open at the start 0 + received 3 - closed 1 = open at end 2
picture 0 0 560 282 translate(108, 20) overdue end open end closed received open start 0 1 2 3 0 \
0 1 1 0 2 2 1 3 0 now before
| measure | now | before | change |
| open start | 0 | 0 | 0 |
| received | 3 | 1 | 2 |
| closed | 1 | 1 | 0 |
| open end | 2 | 0 | 2 |
| overdue end | 2 | 0 | 2 |
| closed on time | 1 | 1 | 0 |
| escalated | 0 | 0 | 0 |
| inquiries | 5 | 0 | 5 |
| disputed | 1234.50 | 0.00 | 1234.50 |
| recovered | 100.00 | 0.00 | 100.00 |
## Overdue
Open past their due date on 2026-09-30: 2
| number | point | received | due | days over |
| 2026-0002 | P001 东门商场 | 2026-07-07 | 2026-07-14 | 56 |
| 2026-0003 | P002 南门市场 | 2026-09-01 | 2026-09-08 | 16 |
## By category
picture 0 0 560 198 translate(192, 20) food clothing and shoes household electronics 0 1 1 0 0 1 \
1 1 now before
| name | count | share % | disputed | before | change |
| household electronics | 1 | 33.33 | 1234.50 | 0 | +1 |
| clothing and shoes | 1 | 33.33 | 0.00 | 0 | +1 |
| food | 1 | 33.33 | 0.00 | 1 | 0 |
| total | 3 | 100.00 | 1234.50 | 1 | +2 |
## By problem
picture 0 0 560 155 translate(74, 20) measure quality 0 1 2 1 0 1 2 now before
| name | count | share % | disputed | before | change |
| quality | 2 | 66.67 | 1234.50 | 0 | +2 |
| measure | 1 | 33.33 | 0.00 | 1 | 0 |
| total | 3 | 100.00 | 1234.50 | 1 | +2 |
## The last 2 quarters
picture 0 0 560 300 translate(30, 20) 0 1 2 3 2026Q2 2026Q3 received closed
picture 0 0 560 300 translate(41, 20) 0 20 40 60 80 100 2026Q2 2026Q3 ─── settled rate ╌╌╌ \
mediation success ····· satisfaction rate ─ · ─ on time rate
| period | received | closed | open end | overdue end | settled rate | mediation success \
| satisfaction rate | on time rate |
| 2026Q2 | 1 | 1 | 0 | 0 | 0.00 (0/1) | 0.00 (0/1) | — (0/0) | 100.00 (1/1) |
| 2026Q3 | 3 | 1 | 2 | 2 | 100.00 (1/1) | — (0/0) | 100.00 (1/1) | 100.00 (1/1) |
## Service points
picture 0 0 560 155 translate(116, 20) P002 南门市场 P001 东门商场 0 1 1 1 0 1 closed overdue end
| name | rank | closed | settled | mediated | satisfied | on time | overdue \
| visits | returns | checks |
| P001 东门商场 | | 1 | 100.00* 1/1 +1 | — | 100.00* 1/1 | 100.00 1/1 | 1 | 1/3 | 0/1 | 0/0 |
| P002 南门市场 | | 0 | 0.00* 0/1 +1 | 0.00* 0/1 | — | 100.00 1/1 | 1 | 0/3 | 0/1 | 0/0 |
Rates and ranks of points cover one year, from 2025-10-01.
× target missed, * small sample, + also open and overdue
Candidates for demonstration (三(五)8): —
## Respondents near a notice
From 3 complaints in the quarter, a notice or an interview is proposed.
| respondent | point | complaints | notice proposed |
| 3号柜 139****4321 | P001 东门商场 | 2 | no |
"""


def test_the_whole_page(quarter: Cli) -> None:
    assert Shown(page_of(quarter)).lines == WHOLE.strip().splitlines()


def test_it_is_written_in_chinese_and_says_so(quarter: Cli) -> None:
    made = quarter("季报 2026Q3", today=AFTER, lang="zh")
    assert made.out == "2026Q3 季报已生成：季报_2026Q3_东门所.html\n"
    lines = Shown(Path("季报_2026Q3_东门所.html").read_text("utf-8")).lines
    assert lines[:7] == [
        "12315消费维权服务点2026年第三季度情况",
        "东门所",
        "统计期间：2026-07-01 至 2026-09-30。",
        "## 考核比率与目标",
        "另有超期未结2件",
        "上期为 2026-04-01/2026-06-30。",
        "picture 0 0 560 308 translate(104, 20) 按时办结率 消费者满意率 调解成功率 和解息诉率 0 20 40 60 80 "
        "100 98 90 90 100 0 0 100 100 100 本期 上期 目标",
    ]


def test_a_submitted_quarter_stays_as_it_was_handed_in(quarter: Cli) -> None:
    quarter.all("returns receive P001 2026Q3", today=AFTER)
    before = shown(quarter, "report 2026Q3")
    quarter.all(
        """
        returns submit 2026Q3
        close 2026-2 --outcome settled --closed 2026-09-29
        complaint void 2026-1 --reason 错
        complaint amend 2026-3 --problem price --category other --respondent 5号柜
        complaint amend 2026-4 --received 2026-04-02 --outcome settled --closed 2026-04-03
        settings set notice_from 9
        register 新店 --type other --judgement 多 --since 2026-09-01 --liaison 李四
        """,
        today=AFTER,
    )
    balance = "Open at the start 0 + received {} - closed 1 = open at end {}".format
    as_submitted = "2026Q3 as submitted on 2026-10-09; --live shows today's figures."
    late = "| 2026-0002 | P001 东门商场 | 2026-07-07 | 2026-07-14 | 56 |"
    frozen, live = (shown(quarter, f"report 2026Q3 {how}") for how in ("", "--live"))
    assert [line for line in frozen if line != as_submitted] == before
    for lines, told in ((frozen, True), (live, False)):
        assert (as_submitted in lines, late in lines) == (told, told)
        assert balance(*((3, 2) if told else (2, 1))) in lines


def test_a_rate_that_had_another_formula_before_says_so(quarter: Cli) -> None:
    other = "2026-04-01/2026-06-30: settled rate = (settled+mediated+withdrawn)/closed"
    assert other not in shown(quarter, "report 2026Q3")
    line = "settings set rate.settled_rate 'settled / closed' --from 2026-07-01"
    quarter.all(line, today=AFTER)
    lines = shown(quarter, "report 2026Q3")
    assert lines.count(other) == 1 and "settled rate = settled/closed" in lines
    assert "2026Q2: settled rate = (settled+mediated+withdrawn)/closed" in lines


def test_an_opening_that_was_corrected_is_explained(quarter: Cli) -> None:
    quarter.all("returns receive P001 2026Q3\nreturns submit 2026Q3", today=AFTER)
    quarter.all("close 2026-2 --outcome settled --closed 2026-09-29", today=AFTER)
    lines = shown(quarter, "report 2026Q4", today="2027-01-05")
    assert "Open at the start 1 + received 0 - closed 0 = open at end 1" in lines
    assert "Open at the end of the period before 2; corrected since: -1" in lines


@for_all("""
    period                    | before | limits
    2026-07                   | 0      |
    2026                      | 0      | yes
    2026Q3 --as-of 2026-07-06 | 1      |
    2026Q4 --as-of 2026-10-09 | 1      | yes
    2026Q4 --as-of 2026-10-08 | 1      |
""")
def test_any_period_beside_the_one_before(
    quarter: Cli, period: str, before: str, limits: str
) -> None:
    lines = shown(quarter, f"report {period}")
    [received] = [line.split(" | ") for line in lines if line.startswith("| received |")]
    known = received[2] not in ("—", "0")
    assert known == (before == "1")
    limit = "The period is not over: every figure is as of 2026-10-09."
    assert (limit in lines) == bool(limits)


@table("""
    asked                | proposed
    --as-of 2026-08-04   | yes
    --as-of 2026-08-05   |
                         |
""")
def test_a_notice_counts_from_its_day_on(asked: str, proposed: str, cli: Cli) -> None:
    case = "log P001 --complainant 张三 --item 锅 --facts 坏 --kind goods --respondent 甲摊"
    cli.given(
        f"{case} --received 2026-07-07\n" * 4
        + "record notice P001 --respondent 甲摊 --text 请整改 --on 2026-08-05",
        today=AFTER,
    )
    lines = shown(cli, f"report 2026Q3 {asked}")
    assert ("| 甲摊 | P001 东门商场 | 4 | yes |" in lines) == bool(proposed)


def test_an_empty_ledger_has_a_page_too(cli: Cli) -> None:
    cli.path.unlink()
    cli.all("init --station 东门所 --county 榕溪县 --begins 2026-07-01")
    lines = shown(cli, "report 2026Q3")
    heading = "| name | count | share % | disputed | before | change |"
    total = "| total | 0 | — | 0.00 | — | — |"
    assert lines[lines.index("## By category") : lines.index("## Service points")] == [
        *("## By category", heading, total, "## By problem", heading, total),
    ]


def test_no_consumer_is_in_it(quarter: Cli) -> None:
    text = page_of(quarter)
    secrets = "张三丰 李四光 王五福 13912345678 13987654321 电饭锅 开裂 短秤 林秀珍 陈建平"
    assert [secret for secret in secrets.split() if secret in text] == []
    assert "3号柜 139****4321" in text


def test_a_page_stays_small_however_much_there_is(cli: Cli) -> None:
    names = (f"榕溪县人民路大商场{number}号分店" for number in range(61))
    with built(f"register {name} --type mall --since 2026-01-05" for name in names) as ledger:
        cli.path.write_bytes(ledger.serialize())
    lines = shown(cli, "report 2026Q3", drawn=True)
    assert "others: 1" in lines  # 61 points, of which 60 are listed
    assert Path("page.html").stat().st_size < MOST_BYTES / 3


@for_all("""
    line                                  | code | said
    report 2026Q5                         | 2    | is not a period
    report 2026Q3 -o none/page.html       | 4    | none/page.html cannot be written
    report 2026Q3 -o ledger.sqlite-wal    | 3    | is the ledger, a backup or an input file
    county report 2026Q3                  | 3    | has nothing of 2026Q3 that counts
""")
def test_what_is_refused(quarter: Cli, line: str, code: str, said: str) -> None:
    before = sorted(Path().iterdir())
    with patch(_DRAWING, return_value=""):
        result = quarter(line, today=AFTER)
    assert (result.code, said in result.err) == (int(code), True), result
    assert sorted(Path().iterdir()) == before


_CLOSED = "received received_direct received_goods closed settled rated satisfied closed_on_time"
COUNTY = """
12315 service points, 2026Q3
榕溪县
Figures from 2026-07-01 to 2026-09-30.
Stations: 2. Who is missing is not known until the list of stations is loaded: \
ledger12315 county stations load FILE
These figures are exact, for internal use.
These stations state a formula other than the county's, settled rate = settled/closed: 第2所
## Rates against their targets
also open and overdue: 1
The previous period is 2026Q2.
picture 0 0 560 308 translate(158, 20) on time rate satisfaction rate mediation success settled \
rate 0 20 40 60 80 100 98 90 90 100 100 100 now before target
| rate | now % | made of | target % | result | before |
| settled rate | 100.00 | 4/4 | 90 | small sample | — (0/0) |
| mediation success | — | 0/0 | 90 | | — (0/0) |
| satisfaction rate | 100.00 | 4/4 | 98 | small sample | — (0/0) |
| on time rate | 100.00 | 4/4 | — | | — (0/0) |
settled rate = (settled+mediated+withdrawn)/closed
mediation success = mediated/mediation_closed
satisfaction rate = satisfied/rated
on time rate = closed_on_time/closed
## Balance of complaints
Open at the start 0 + received 5 - closed 4 = open at end 1
picture 0 0 560 282 translate(108, 20) overdue end open end closed received open start 0 1 2 3 4 \
5 0 0 0 0 0 1 1 4 5 0 now before
| measure | now | before | change |
| open start | 0 | 0 | 0 |
| received | 5 | 0 | 5 |
| closed | 4 | 0 | 4 |
| open end | 1 | 0 | 1 |
| overdue end | 1 | 0 | 1 |
| closed on time | 4 | 0 | 4 |
| escalated | 0 | 0 | 0 |
| inquiries | 0 | 0 | 0 |
| disputed | 0.00 | 0.00 | 0.00 |
| recovered | 0.00 | 0.00 | 0.00 |
## The last 2 quarters
picture 0 0 560 300 translate(30, 20) 0 1 2 3 4 5 2026Q2 2026Q3 received closed
picture 0 0 560 300 translate(41, 20) 0 20 40 60 80 100 2026Q2 2026Q3 ─── settled rate ╌╌╌ \
mediation success ····· satisfaction rate ─ · ─ on time rate
| period | received | closed | open end | overdue end | settled rate | mediation success \
| satisfaction rate | on time rate |
| 2026Q2 | 0 | 0 | 0 | 0 | — (0/0) | — (0/0) | — (0/0) | — (0/0) |
| 2026Q3 | 5 | 4 | 1 | 1 | 100.00 (4/4) | — (0/0) | 100.00 (4/4) | 100.00 (4/4) |
## Stations
picture 0 0 560 155 translate(54, 20) 第2所 第1所 0 1 2 3 1 3 2 3 received closed
| station | received | closed | open end | overdue end | settled rate | mediation success \
| satisfaction rate | on time rate | returns |
| 第1所 | 3 | 3 | 0 | 0 | 100.00 (3/3) | — (0/0) | 100.00 (3/3) | 100.00 (3/3) | 0/0 |
| 第2所 | 2 | 1 | 1 | 1 | 100.00 (1/1) | — (0/0) | 100.00 (1/1) | 100.00 (1/1) | 0/0 |
"""


def test_the_county_over_two_quarters_of_its_stations(cli: Cli) -> None:
    """Only a county with a ledger has a page; the quarter before has one of the two stations."""
    cli.path.unlink()
    one = sum_figures([figures(*_CLOSED.split())] * 3)
    two = sum_figures([figures(*_CLOSED.split()), figures(*ONE)])
    store = Path("county.duckdb")
    own = {"rate.settled_rate": "settled / closed"}
    keeps(
        store, returned(1, one, first=True), returned(2, two, settings=own), day=date(2026, 10, 8)
    )
    keeps(store, returned(2, figures(), "2026Q2", first=True), day=date(2026, 7, 8))
    assert shown(cli, "county report 2026Q3", drawn=True) == COUNTY.strip().splitlines()


CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")


@pytest.mark.slow
@pytest.mark.skipif(not CHROMIUM, reason="no Chromium is installed")
def test_a_browser_asks_for_nothing_and_complains_of_nothing(quarter: Cli) -> None:
    """But for what is put into the page here, which shows that it would be heard of."""
    inserted = '<img src="http://127.0.0.1:9/x.png"><script>1</script>'
    file = Path("page.html")
    file.write_text(page_of(quarter).replace("</body>", f"{inserted}</body>"), "utf-8")
    options = "--headless --no-sandbox --disable-gpu --enable-logging=stderr --dump-dom"
    nowhere = ["--host-resolver-rules=MAP * ~NOTFOUND", f"--user-data-dir={file.parent}/profile"]
    command = [str(CHROMIUM), *options.split(), *nowhere, file.resolve().as_uri()]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True)
    assert "Respondents near a notice" in ended.stdout
    # The page allows nothing from outside, so that the browser tells of whatever it asks for.
    assert len(re.findall("CONSOLE", ended.stderr)) == 2, ended.stderr


@pytest.mark.slow
@pytest.mark.skipif(not CHROMIUM, reason="no Chromium is installed")
def test_the_demos_report_is_one_page_on_paper(cli: Cli) -> None:
    lay_demo(Path("demo"), "zh")
    today = {"today": "2026-12-28", "lang": "zh"}
    assert cli("--db demo/ledger.sqlite report 2026Q4 -o page.html", **today).code == 0
    # The quarter before was open on another day than this one begins.
    [row] = re.findall("期初未结（件）</th>.*", Path("page.html").read_text("utf-8"))
    assert re.findall(">([^<]*)</td>", row) == ["4", "—", "—"]
    options = "--headless --no-sandbox --disable-gpu --print-to-pdf=page.pdf"
    profile = f"--user-data-dir={Path.cwd()}/profile"
    command = [str(CHROMIUM), *options.split(), profile, Path("page.html").resolve().as_uri()]
    subprocess.run(command, capture_output=True, timeout=120, check=True)
    assert re.findall(rb"/Type /Pages.*?/Count (\d+)", Path("page.pdf").read_bytes(), re.S) == [
        b"1"
    ]


def test_who_hears_the_page_is_told_of_each_table_row_and_picture(quarter: Cli) -> None:
    text = page_of(quarter)
    assert text.count("<table>") == text.count("<caption>") > 3
    [*bodies] = re.findall("<tbody>(.*?)</tbody>", text, re.S)
    rows = [row for body in bodies for row in re.findall("<tr>.*", body)]
    assert rows and all(row.startswith('<tr><th scope="row">') for row in rows)
    titles = re.findall("<title>(.*?)</title>", text)
    assert len(titles) == len({*titles}) == text.count("<svg") + 1


def test_equal_pages_are_equal_bytes_and_texts_are_no_markup() -> None:
    picture = Picture("bars", ["<b>锅</b>", "b"], {"<i>": [1, None]})
    section = Section("<h>", ["<th>"], [["<td>"]], ["<p>"], [picture], ["<q>"], False)
    first, second = (html_page("en", "<t>", ["<a>"], [section], str) for _ in range(2))
    assert first == second
    marks = [mark for mark in ("<b>", "<i>", "<h>", "<q>", "<script") if mark.encode() in first]
    assert marks == []
