"""The catalogue of errors: for each message a command line that brings it out, in the ledger of states.py."""

import contextlib
import hashlib
import io
import re
import shlex
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple
from unittest.mock import patch

from ledger12315 import cli
from ledger12315.cli.app import run
from ledger12315.errors import Message
from ledger12315.locale import render
from tests import handed_in, states
from tests.states import LEDGER, State, ledger_bytes, workplace

_LOG_BARE = "log P001 --complainant 张三 --item 电饭锅 --facts 不加热"
_LOG = f"{_LOG_BARE} --kind goods"
_FROM_STDIN = "log P001 --complainant 张三 --item 电饭锅 --kind goods --from-stdin"


class Case(NamedTuple):
    """What is wrong, in words, and the arguments and the state that bring it out; `listed`: on stdout, row by row."""

    exit_code: int
    wrong: str
    command: str
    state: State = contextlib.nullcontext
    stdin: str = ""
    today: str = ""
    listed: bool = False

    @property
    def typed(self) -> str:
        """The whole line, endless repetitions shortened."""
        before = (
            f"echo '{self.stdin}' |" if self.stdin else "",
            f"LEDGER12315_TODAY={self.today}" if self.today else "",
        )
        return re.sub(
            r"(.)\1{99,}",
            r"\1\1\1…",
            " ".join((*filter(None, before), "ledger12315", self.command)),
        )


class Outcome(NamedTuple):
    """What came of a case: `sentences` are the catalogue's that were said, `changed` the files that are not as before."""

    exit_code: int
    stdout: str
    stderr: str
    sentences: frozenset[str]
    changed: frozenset[str]


CASES = (
    # The command line.
    Case(2, "A mistyped command", "overdeu"),
    Case(2, "A mistyped option", "overdue --witin 3"),
    Case(2, "An option without its value", "overdue --point"),
    Case(2, "A value for an option that takes none", "overdue --json=yes"),
    Case(2, "A word too many", "close 2026-0001 2026-0002 --outcome settled"),
    Case(2, "A word for a number", "overdue --within soon"),
    # What is missing.
    Case(2, "Nothing but the command", "log"),
    Case(2, "Neither category nor kind", _LOG_BARE),
    Case(2, "A group's command without its argument", "settings set"),
    Case(2, "A form without a period", "rollup 3"),
    Case(2, "A calendar without a year", "calendar show"),
    Case(2, "An attachment without period or complaint", "export 1"),
    Case(2, "An inspection of nothing", "point inspect P001"),
    Case(2, "A day of the calendar that is neither", "calendar day 2026-10-08 --why 停水"),
    # Days and periods.
    Case(2, "31 February", f"{_LOG} --received 2026-02-31"),
    Case(2, "31 February without a year", f"{_LOG} --received 2-31"),
    Case(2, "A day that can be read in two ways", f"{_LOG} --received 9/10/2026"),
    Case(2, "A day in the future", f"{_LOG} --received 2026-09-29"),
    Case(2, "An as-of day in the future", "rollup 3 2026Q3 --as-of 2026-10-01"),
    Case(2, "An as-of day before the period", "rollup 3 2026Q3 --as-of 2026-06-30"),
    Case(2, "A period that is none", "rollup 3 2026Q5"),
    Case(2, "A period of another century", "rollup 3 1826Q3"),
    Case(2, "A year that is none", "calendar show 26"),
    Case(2, "A rehearsal on a day that does not exist", "overdue", today="9-31"),
    # Money and other numbers.
    Case(2, "A negative amount", f"{_LOG} --disputed=-5"),
    Case(2, "An amount with too many decimals", f"{_LOG} --disputed 9.999"),
    Case(2, "An amount that is not finite", f"{_LOG} --disputed inf"),
    Case(2, "An amount beyond all reason", f"{_LOG} --disputed 1000000000万"),
    Case(2, "An area in words", "register 西门商场 --type mall --area 很大"),
    Case(2, "Half a stall", "register 西门市场 --type market --stalls 99.5"),
    Case(2, "A grade that is none", "register 西山 --type scenic --grade B"),
    Case(2, "A complaint's number that is none", "close 12 --outcome settled"),
    # Texts and words.
    Case(
        2,
        "A phone that sticks to its name",
        "register 西门商店 --type other --judgement 多 --liaison 李四13900000010",
    ),
    Case(
        2,
        "A word that is no badge",
        "register 西门商店 --type other --judgement 多 --liaison '李四 13900000010 临时'",
    ),
    Case(2, "A word that is not among the fixed ones", "register 西门商店 --type shop"),
    Case(2, "Letters in a phone", f"{_LOG} --phone 138abc45678"),
    Case(2, "A control character", _FROM_STDIN, stdin='{"facts": "bell \\u0007"}'),
    Case(2, "Half a character", _FROM_STDIN, stdin='{"facts": "\\udc80"}'),
    Case(2, "A text of 10,000 characters", f"{_LOG_BARE} --kind goods --remark {'长' * 10_000}"),
    Case(2, "Stdin that is not JSON", _FROM_STDIN, stdin="facts=不加热"),
    Case(2, "JSON that is not an object of texts", _FROM_STDIN, stdin='{"facts": ["不加热"]}'),
    Case(2, "JSON with an unknown box", _FROM_STDIN, stdin='{"fact": "不加热"}'),
    Case(
        2,
        "A line break in a short text",
        _FROM_STDIN,
        stdin='{"facts": "不加热", "brand": "炊\\n禾"}',
    ),
    Case(2, "JSON and csv at once", "complaint list --json --csv"),
    Case(2, "A type that is none", "rollup 3 2026Q3 --cases received --type shop"),
    Case(2, "A state that is none", "complaint list --state lost"),
    Case(2, "A type without a figure", "rollup 3 2026Q3 --type mall"),
    Case(2, "A form that cannot be made", "rollup 7 2026Q3"),
    Case(2, "A figure's cases of an analysis", "rollup channel 2026Q3 --cases received"),
    Case(2, "An analysis of a submitted period", "rollup channel 2026Q3 --live"),
    Case(2, "Names where there are only figures", "rollup 3 2026Q3 --reveal"),
    Case(2, "A figure that is none", "rollup 3 2026Q3 --cases profit"),
    Case(2, "A kind of record that is none", "record list party"),
    Case(2, "An answer that is neither yes nor no", "point inspect P001 --office 还行"),
    Case(2, "A setting that is none", "settings set colour red"),
    Case(2, "A number that a setting cannot have", "settings set station_limit 400"),
    Case(2, "A word that a setting cannot have", "settings set annual_period lunar"),
    Case(2, "A year before all complaints", f"{_LOG} --received 1989-06-01"),
    Case(2, "Emptying a box that must be filled", "complaint amend 2026-0001 --facts ''"),
    Case(2, "Amending nothing", "complaint amend 2026-0001"),
    Case(2, "Erasing some, and all", "complaint erase 2026-0002 --all"),
    Case(2, "Half a head", "ledger check --head 8244d48c239b"),
    # What does not go together.
    Case(2, "Kind and category that disagree", f"{_LOG_BARE} --category food --kind service"),
    Case(2, "A referral that is not said to be one", f"{_LOG} --referral-no 榕消2026-88"),
    Case(2, "A referral without its number", f"{_LOG} --source referred"),
    Case(2, "Advised, but when was the consumer told?", "close 2026-0001 --outcome advised"),
    Case(2, "Another outcome, but which?", "close 2026-0001 --outcome other"),
    Case(2, "An option of another attachment", "export 4 --public"),
    Case(2, "A file for each point, and for one", "export 3 2026Q3 --each --point P001"),
    Case(2, "A workbook without its mapping", "export 6 2026Q3 --template bureau.xlsx"),
    Case(2, "A nil return with figures", "returns receive P001 2026Q2 --nil --totals totals.json"),
    # Not found.
    Case(
        3, "No such point", "log P009 --complainant 张三 --item 电饭锅 --facts 不加热 --kind goods"
    ),
    Case(3, "A word that fits several points", "complaint list --point 东门"),
    Case(3, "No such complaint", "close 2026-0099 --outcome settled"),
    Case(3, "No such complaint to explain", "explain 2026-0099"),
    Case(3, "No such record", "record void 9 --reason 重复登记"),
    Case(3, "A head that the history has not", "ledger check --head 8244d48c239b0000"),
    # Against the ledger's state.
    Case(3, "Closed twice", "close 2026-0002 --outcome settled"),
    Case(3, "Closing a void complaint", "close 2026-0004 --outcome settled"),
    Case(3, "Escalated twice", "complaint escalate 2026-0003 --reason 商家拒绝调解"),
    Case(3, "An outcome for what is open", "complaint amend 2026-0001 --outcome settled"),
    Case(3, "A receipt moved to another year", "complaint amend 2026-0001 --received 2025-12-31"),
    Case(3, "Its own earlier complaint", "complaint amend 2026-0001 --previous 2026-0001"),
    Case(3, "Reopening what is open", "complaint reopen 2026-0001 --reason 记错"),
    Case(3, "Erasing before its time", "complaint erase 2026-0002"),
    Case(3, "Changing what is erased", "complaint amend 2026-0002 --remark 补记", states.erased),
    Case(3, "A complaint at a retired point", _LOG.replace("P001", "P003")),
    Case(3, "An inquiry at a retired point", "record inquiry P003"),
    Case(3, "Changing a retired point", "point amend P003 --host 南门公司"),
    Case(
        3,
        "Correcting a retirement and something else",
        "point amend P003 --retired 2026-09-03 --filed 2026-09-04",
    ),
    Case(3, "Correcting a retirement that never was", "point amend P001 --retired 2026-09-01"),
    Case(
        3,
        "Changing a point before there was one",
        "point amend P001 --host 东门公司 --on 2026-01-01",
    ),
    Case(
        3,
        "A change before the last one",
        "point amend P001 --host 东门公司 --on 2026-09-01",
        states.amended,
    ),
    Case(
        3, "Retiring a point where something happened since", "point retire P001 --on 2026-09-01"
    ),
    Case(
        3,
        "Retiring a point that was visited since",
        "point retire P002 --on 2026-09-01",
        states.recorded,
    ),
    Case(3, "Changing a void record", "record amend 2 --text 无异常", states.recorded),
    Case(
        3, "A box that a record has not", "record amend 1 --agency 榕溪县公安局", states.recorded
    ),
    Case(3, "A record without an informant", "record informant 1", states.recorded),
    Case(
        3,
        "A lead whose text names its informant",
        "record lead P001 --text 张三举报售假 --informant 张三",
    ),
    Case(3, "A major matter of another point's complaint", "record major P002 --number 2026-0001"),
    Case(3, "Attachment 4 of a day before any point", "export 4 --as-of 2010-01-01"),
    Case(3, "A notice that is a visit", "export notice --number 1", states.recorded),
    Case(
        3,
        "A code that is taken",
        "register 西门商场 --type mall --area 500 --capital 80万 --turnover 300万 --code P001",
    ),
    Case(
        3,
        "The same code in small letters",
        "register 西门商场 --type mall --area 500 --judgement 客流大 --code p001",
    ),
    Case(3, "A workbook in the ledger's place", "export 3 2026Q3 -o ledger.sqlite"),
    Case(3, "A backup in the place of another file", "ledger backup demo", states.used_name),
    Case(3, "A second ledger in the same place", "init --station 西门所 --county 榕溪县"),
    Case(3, "A demo where something is", "demo demo", states.used_folder),
    Case(3, "A backup in the ledger's place", "ledger backup ledger.sqlite"),
    Case(
        3,
        "A copy in the register's place",
        "complaint import heads.csv --annotate heads.csv",
        handed_in.there,
        listed=True,
    ),
    Case(
        3,
        "A sum in the place of what it is made from",
        "county consolidate east.xlsx -o east.xlsx",
        handed_in.there,
    ),
    # Returns.
    Case(3, "A return that nobody owes", "returns status 2026"),
    Case(3, "A return of what is not over", "returns receive P001 2026Q3 --nil"),
    Case(3, "A return of the time before", "returns receive P001 2025Q4 --nil"),
    Case(
        3,
        "A nil return where there are entries",
        "returns receive P001 2026Q3 --nil",
        states.later,
    ),
    Case(
        3,
        "A return that the ledger contradicts",
        "returns receive P001 2026Q2 --file inquiries.json",
        handed_in.there,
    ),
    Case(
        3,
        "A register that tells otherwise",
        "returns receive P001 2026Q3 --file theirs.csv",
        handed_in.there,
        today="2026-10-09",
    ),
    Case(3, "Submitting what is not over", "returns submit 2026Q3"),
    Case(3, "Submitting twice", "returns submit 2026Q3", states.submitted),
    Case(3, "Submitting an earlier quarter", "returns submit 2026Q2", states.submitted),
    Case(3, "Submitting against a nil return", "returns submit 2026Q2", states.nil_refuted),
    Case(
        3, "Submitting totals that do not follow", "returns submit 2026Q3", handed_in.totals_untied
    ),
    Case(3, "Withdrawing what was not submitted", "returns withdraw 2026Q2 --reason 县局退回"),
    Case(3, "A year with totals of one quarter", "rollup 3 2026", handed_in.totals_sent),
    # Against the order of events.
    Case(
        3, "Closed before it was received", "close 2026-0001 --outcome settled --closed 2026-09-20"
    ),
    Case(
        3, "Bought after it was complained of", f"{_LOG} --received 2026-09-21 --bought 2026-09-22"
    ),
    Case(
        3,
        "Closed before it was escalated",
        "close 2026-0003 --outcome settled --closed 2026-09-22",
    ),
    Case(
        3,
        "Closed before the consumer was told",
        "close 2026-0001 --outcome advised --told 2026-09-24 --closed 2026-09-23",
    ),
    Case(
        3, "Reported before it happened", "record major P001 --on 2026-09-21 --reported 2026-09-20"
    ),
    Case(
        3,
        "Multiple damages beyond the whole",
        "close 2026-0001 --outcome settled --recovered 100 --multiple-damages 300",
    ),
    Case(
        3,
        "Several things at once",
        "close 2026-0001 --outcome settled --closed 2026-09-20 --answered 2026-09-19 --multiple-damages 300",
    ),
    # Against 三(一): the place may not be a service point, or not yet.
    Case(3, "A mall of which little is known", "register 西门商场 --type mall --area 500"),
    Case(
        3,
        "A mall that is too small",
        "register 西门商场 --type mall --area 199.99 --capital 80万 --turnover 300万",
    ),
    Case(
        3, "An enterprise of another sector", "register 西门网吧 --type enterprise --sector none"
    ),
    Case(
        3, "A market that is too small", "register 西门市场 --type market --area 800 --stalls 120"
    ),
    Case(
        3,
        "A market with too few stalls",
        "register 西门市场 --type market --area 1200 --stalls 99",
    ),
    Case(3, "A scenic area of a low grade", "register 西山商店 --type scenic --grade AA"),
    Case(3, "A scenic area without a judgement", "register 西山商店 --type scenic --grade AAA"),
    Case(3, "Another place without a judgement", "register 西门菜场 --type other"),
    # The ledger cannot be used.
    Case(4, "A workbook in a folder's place", "export 3 2026Q3 -o ."),
    Case(4, "No ledger", "overdue", states.no_ledger),
    Case(4, "A folder", "overdue", states.a_folder),
    Case(4, "A text", "overdue", states.a_text),
    Case(4, "An empty file", "overdue", states.no_bytes),
    Case(4, "Another program's database", "overdue", states.foreign),
    Case(4, "A newer ledger", "overdue", states.newer),
    Case(4, "A ledger without a version", "overdue", states.without_version),
    Case(4, "Half a ledger", "complaint list", states.torn),
    Case(4, "A ledger without its table", "complaint list", states.without_table),
    Case(4, "A ledger with another program's rule", _LOG, states.stricter),
    Case(4, "An amount that was lowered by hand", "ledger check", states.edited),
    Case(4, "A backup of what was changed by hand", "ledger backup backup.sqlite", states.edited),
    Case(4, "A ledger in two files", "ledger check", states.in_wal),
    Case(4, "A ledger that was tampered with", "ledger check", states.tampered),
    Case(4, "A ledger that does not balance", "rollup 3 2026Q3", states.unbalanced),
    Case(4, "A ledger that cannot be reached", "--db ledger.sqlite/x overdue"),
    Case(4, "A ledger that may not be written", _LOG, states.read_only),
    Case(4, "A locked ledger", _LOG, states.locked),
    Case(4, "A ledger that is restored at the same moment", _LOG, states.replaced),
    Case(4, "A disk that fails", "overdue", states.failing),
    Case(4, "A full disk", f"{_LOG_BARE} --kind goods --remark {'长' * 5_000}", states.full),
    # Output cannot be written.
    Case(
        4,
        "A ledger in a folder that is missing",
        "--db 台账/new.sqlite init --station 西门所 --county 榕溪县",
    ),
    Case(4, "A workbook in a folder that is missing", "export 3 2026Q3 -o 报表/附件3.xlsx"),
    Case(4, "A workbook on a full disk", "export 6 2026Q3", states.full),
    Case(4, "A demo where a file is", "demo demo", states.used_name),
    # A file to take in.
    Case(5, "A backup that is missing", "ledger restore backup.sqlite"),
    Case(5, "A backup that is a text", "ledger restore demo", states.used_name),
    Case(
        5,
        "A backup of a newer ledger",
        "--db new.sqlite ledger restore ledger.sqlite",
        states.newer,
    ),
    Case(
        5,
        "A backup with another program's rule",
        "--db new.sqlite ledger restore ledger.sqlite",
        states.stricter,
    ),
    Case(
        5,
        "A backup that was changed by hand",
        "--db new.sqlite ledger restore ledger.sqlite",
        states.edited,
    ),
    # A register.
    Case(5, "A register that is missing", "complaint import register.csv"),
    Case(
        5,
        "A register that may not be read",
        "complaint import register.csv",
        handed_in.not_readable,
    ),
    Case(5, "A folder in a register's place", "complaint import ."),
    Case(5, "A ledger in a register's place", "complaint import ledger.sqlite"),
    Case(5, "A register that is empty", "complaint import empty.csv", handed_in.there),
    Case(5, "A register without headings", "complaint import bare.csv", handed_in.there),
    Case(
        5,
        "A register with headings that are not clear",
        "complaint import heads.csv",
        handed_in.there,
        listed=True,
    ),
    Case(
        5,
        "A register with rows that are not clear",
        "complaint import register.csv",
        handed_in.there,
        listed=True,
    ),
    Case(
        5,
        "A workbook with cells that are not clear",
        "complaint import cells.xlsx --point P001",
        handed_in.there,
        listed=True,
    ),
    Case(5, "Meanings that are no JSON", "complaint import register.csv --map ledger.sqlite"),
    Case(
        5,
        "Meanings without a box",
        "complaint import register.csv --map meanings.json",
        handed_in.there,
    ),
    Case(5, "An old workbook", "complaint import old.xls", handed_in.there),
    Case(5, "A web page that is called a workbook", "complaint import page.xls", handed_in.there),
    Case(5, "Text in UTF-16", "complaint import utf16.csv", handed_in.there),
    Case(5, "A quotation mark that stays open", "complaint import quoted.csv", handed_in.there),
    Case(5, "An endless line", "complaint import long.csv", handed_in.there),
    Case(5, "An endless row", "complaint import wide.csv", handed_in.there),
    Case(5, "Half a workbook", "complaint import torn.xlsx", handed_in.there),
    Case(5, "A workbook of a Mac of old", "complaint import mac.xlsx", handed_in.there),
    Case(5, "A workbook with an endless cell", "complaint import text.xlsx", handed_in.there),
    Case(5, "A workbook with rows out of order", "complaint import rows.xlsx", handed_in.there),
    Case(5, "A workbook with columns far out", "complaint import columns.xlsx", handed_in.there),
    Case(5, "A workbook with entities", "complaint import entities.xlsx", handed_in.there),
    Case(
        5, "A workbook with too many elements", "complaint import elements.xlsx", handed_in.there
    ),
    Case(5, "A workbook with too many parts", "complaint import parts.xlsx", handed_in.there),
    Case(5, "A workbook that is packed otherwise", "complaint import lzma.xlsx", handed_in.there),
    Case(5, "A workbook that unpacks to too much", "complaint import bomb.xlsx", handed_in.there),
    Case(5, "A workbook that is too large", "complaint import huge.xlsx", handed_in.there),
    # A holiday notice.
    Case(5, "A notice that is missing", "calendar load notice.txt"),
    Case(5, "A folder in a notice's place", "calendar load ."),
    Case(5, "A notice that is too large", "calendar load long.txt", handed_in.there),
    Case(5, "A notice of no year", "calendar load year.txt", handed_in.there),
    Case(5, "A notice of no days", "calendar load days.txt", handed_in.there),
    Case(5, "A notice that counts otherwise", "calendar load count.txt", handed_in.there),
    Case(5, "A holiday of two months", "calendar load stretch.txt", handed_in.there),
    Case(
        5, "A notice that is JSON of something else", "calendar load notice.json", handed_in.there
    ),
    Case(5, "A notice with a day of another year", "calendar load 2029.json", handed_in.there),
    # A point's return.
    Case(5, "A return that is missing", "returns receive P001 2026Q2 --file return.json"),
    Case(
        5,
        "A return that is JSON of something else",
        "returns receive P001 2026Q2 --file list.json",
        handed_in.there,
    ),
    Case(
        5,
        "A return of another point",
        "returns receive P001 2026Q2 --file P002.xlsx",
        handed_in.there,
    ),
    Case(
        5,
        "A return with poor figures",
        "returns receive P001 2026Q2 --file poor-return.json",
        handed_in.there,
    ),
    Case(
        5,
        "Totals that do not balance",
        "returns receive P001 2026Q2 --totals unbalanced.json",
        handed_in.there,
    ),
    # Stations' workbooks.
    Case(5, "A workbook that is not there", "county consolidate east.xlsx"),
    Case(5, "A workbook of another form", "county consolidate P002.xlsx", handed_in.there),
    Case(5, "A workbook that lost a name", "county consolidate lost.xlsx", handed_in.there),
    Case(5, "A workbook that was sorted", "county consolidate sorted.xlsx", handed_in.there),
    Case(5, "A workbook that was changed", "county consolidate changed.xlsx", handed_in.there),
    Case(
        5,
        "Workbooks that make no sum",
        "county consolidate east.xlsx east.xlsx earlier.xlsx sum.xlsx",
        handed_in.there,
    ),
    # A bureau's own workbook.
    Case(
        5,
        "A text in a workbook's place",
        "template check register.csv --map fitting.json",
        handed_in.there,
    ),
    Case(
        5,
        "A workbook with too many names",
        "template check names.xlsx --map fitting.json",
        handed_in.there,
    ),
    Case(
        5,
        "A workbook with macros and a signature",
        "template check macros.xlsm --map fitting.json",
        handed_in.there,
    ),
    Case(
        5,
        "A mapping that is missing",
        "template check bureau.xlsx --map mapping.json",
        handed_in.there,
    ),
    Case(
        5,
        "A mapping that is none",
        "template check bureau.xlsx --map ledger.sqlite",
        handed_in.there,
    ),
    Case(
        5,
        "A mapping that fits nowhere",
        "template check bureau.xlsx --map poor.json",
        handed_in.there,
    ),
    Case(130, "Interrupted", "point list", states.interrupted),
)


@cache
def bring_out(case: Case, language: str) -> Outcome:
    """Type the case in a fresh copy of the ledger."""
    sentences = set[str]()

    def listen(value: object) -> str:
        sentences.update(_sentences(value))
        return render(value)

    with workplace(language), contextlib.ExitStack() as stack:
        LEDGER.write_bytes(ledger_bytes())
        stack.enter_context(case.state())
        if case.today:
            stack.enter_context(patch.dict("os.environ", LEDGER12315_TODAY=case.today))
        stack.enter_context(patch("sys.stdin", io.TextIOWrapper(io.BytesIO(case.stdin.encode()))))
        stack.enter_context(patch.object(cli.app, "render", listen))
        stack.enter_context(patch("ledger12315.cli.complaint_import.render", listen))
        stdout, stderr = (
            stack.enter_context(redirect(io.StringIO()))
            for redirect in (contextlib.redirect_stdout, contextlib.redirect_stderr)
        )
        before = _files()
        code = run(shlex.split(case.command))
        changed = {name for name, _ in before ^ _files()}
    return Outcome(
        code, stdout.getvalue(), stderr.getvalue(), frozenset(sentences), frozenset(changed)
    )


def _sentences(value: object) -> Iterator[str]:
    if isinstance(value, Message):
        yield value.id
        for part in value.values.values():
            yield from _sentences(part)


def _files() -> set[tuple[str, str]]:
    """Each file of the workplace with its sum."""
    return {
        (str(path), hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else "")
        for path in Path().rglob("*")
    }
