"""Characters that command a terminal, turn its text round or hide in it: in every text of a ledger, shown on a terminal."""

import os
import shlex
import subprocess
import sys
import termios
import unicodedata
from collections.abc import Iterator
from pathlib import Path

from ledger12315.ledger.store.opening import writing
from tests.faults import Row
from tests.faults.inprocess import LEDGER, done, workplace
from tests.ledger import acted
from tests.terminal import until

TODAY = "2026-09-28"
_COMMANDING = {"Cc", "Cf", "Cs", "Zl", "Zp"}
# Letters, marks and free places that Unicode asks to show as nothing at all.
_INVISIBLE = "\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u2065\u3164\ufe00\ufe0e\ufe0f\uffa0\U000e0100"
UNSAFE = (
    "".join(
        each
        for each in map(chr, range(1, sys.maxunicode))
        if unicodedata.category(each) in _COMMANDING - {"Cs"}
    )
    + _INVISIBLE
)
DIRT = f"\x1b[2J\x1b]0;title\x07\x9b31m\r\n{UNSAFE}"
# Of these the readers let in what is no control character.
TYPED = "\u00ad\u061c\u200b\u200d\u200e\u2028\u2029\u202e\u2066\u2069\ufeff\u034f\u3164\ufe0f"
# Every column that holds free text.
FIELDS = {
    "station": "name county code",
    "setting": "value",
    "point": "code name host address judgement",
    "contact": "name phone badge",
    "complaint": "referral_no complainant phone consumer_address respondent respondent_contact respondent_address"
    " respondent_phone item brand model quantity voucher facts handling agreement escalation_reason answered_how handler"
    " archive_no remark void_reason reopen_reason external_no",
    "record": "text respondent agency raised result attended void_reason",
    "former_host": "name",
    "inspection": "inspector remark",
    "special_day": "why",
    "heading": "name box",
    "informant": "name phone",
    "submission": "withdraw_reason",
}
# Where not every row may hold a text of its own.
_WHERE = {
    "setting.value": "key = 'annual_period'",
    "complaint.escalation_reason": "escalated IS NOT NULL",
    "complaint.void_reason": "voided IS NOT NULL",
    "complaint.external_no": "id = 1",
    "submission.withdraw_reason": "withdrawn IS NOT NULL",
}
LIFE = (
    "init --station 东门所 --county 榕溪县 --code 350123",
    "register 东门商场 --type mall --area 100 --judgement 客流大 --since 2026-01-05 --liaison '林秀珍 13900000101'"
    " --officer '陈建平 13900000202'",
    *(
        "log P001 --complainant 张三 --item 电饭锅 --facts 不加热 --kind goods --received 2026-09-21",
    )
    * 3,
    "complaint escalate 2026-2 --reason 商家不到场",
    "complaint void 2026-3 --reason 重复登记",
    "record inquiry P001",
    "returns submit 2026Q2 -o .",
    "complaint show 2026-1 --reveal",
)
REGISTERS = {
    "register.csv": f"A{TYPED},2026-09-28,张{TYPED},锅{TYPED},商品,质量,不{TYPED}",
    "slips.csv": f"A{TYPED},9月{TYPED},张{TYPED},锅{TYPED},商{TYPED},质{TYPED},不{TYPED}",
}
# What shows text of the ledger; those that write come last.
SHOWS = (
    "ledger info",
    "ledger info --json",
    "settings list",
    "settings list --json",
    "settings list --csv",
    "overdue --as-of 2026-10-20 --reveal",
    "overdue --as-of 2026-10-20 --reveal --json",
    "overdue --as-of 2026-10-20 --reveal --csv",
    "today",
    "today --json",
    "today --csv",
    *(
        f"rollup {report} 2026Q3"
        for report in ("3", "6", "assessment", "category", "problem", "respondent", "channel")
    ),
    "rollup respondent 2026Q3 --json",
    "rollup 6 2026Q3 --cases received",
    "rollup 6 2026Q3 --cases received --json",
    "point list",
    "point list --reveal",
    "point list --reveal --json",
    "point list --reveal --csv",
    "point show 东门 --reveal",
    "point show 东门 --reveal --json",
    "complaint list",
    "complaint list --reveal",
    "complaint list --reveal --json",
    "complaint list --reveal --csv",
    *(
        f"complaint show 2026-{number} --reveal{form}"
        for number in (1, 2, 3)
        for form in ("", " --json")
    ),
    "complaint show 2026-1",
    *(f"record list --reveal{form}" for form in ("", " --json", " --csv")),
    "record informant 2",
    "record informant 2 --json",
    *(f"returns status 2026Q3{form}" for form in ("", " --json", " --csv")),
    "returns corrections 2026Q2",
    "complaint erase",
    "ledger history",
    "ledger history --reveal",
    "ledger history --reveal --json",
    "ledger history 2026-1 --reveal --json",
    "ledger history --reveal --csv",
    "export 3 2026Q3 --point 东门",
    "export 6 2026Q3",
    "explain 2026-1",
    "ledger check",
    "ledger backup backup.sqlite",
    "calendar show 2020",
    "calendar day 2026-10-12 --rest --why x",
    "point amend 东门 --host x",
    "point inspect 东门 --office yes",
    "returns receive 东门 2026Q1 --nil",
    "returns withdraw 2026Q2 --reason x",
    "returns submit 2026Q1 -o .",
    "record inquiry 东门",
    "county consolidate 附件6_2026Q2.xlsx -o county.xlsx",
    "complaint import register.csv --point 东门",
    "complaint import register.csv --point 东门 --json",
    "record amend 2 --agency x",
    "record void 2 --reason x",
    "settings set annual_period calendar",
    "complaint amend 2026-1 --brand x",
    "complaint escalate 2026-1 --reason x",
    "complaint reopen 2026-1 --reason x",
    "close 2026-1 --outcome settled",
    "log 东门 --complainant 张三 --item 电饭锅 --facts 不加热 --kind goods",
)
# What is refused, quoting the ledger or what was typed.
ERRORS = (
    "point show 门",
    "log 门 --complainant 张三 --item 电饭锅 --facts 不加热 --kind goods",
    "record inquiry 西门 --on 2026-09-27",
    "register 西门 --type mall --area 100 --judgement 客流大",
    f"point show '{TYPED}'",
    f"close 2026-1 --outcome '{TYPED}'",
    f"settings set '{TYPED}' 1",
    f"settings set station_limit '{TYPED}'",
    f"rollup 3 '{TYPED}'",
    f"ledger backup '{TYPED}/x'",
    f"ledger restore '{TYPED}'",
    f"over{TYPED}due",
    f"overdue '--with{TYPED}in' 3",
    f"overdue x '{TYPED}'",
    f"--db '{TYPED}.sqlite' overdue",
    f"complaint import '{TYPED}.csv' --point 东门商",
    f"template check '{TYPED}.xlsx' --map '{TYPED}.json'",
    "complaint import slips.csv --point 东门商",
    "complaint import slips.csv --point 东门商 --json",
)


# Prompts, answered by an ambiguous word, a dirty one, and the end of input.
PROMPTS = (
    ("log", f"门\n{TYPED}\n\x04"),
    ("record inquiry", "门\n\x04"),
    ("close", f"2026-9\n{TYPED}\n\x04"),
)
# A day's work as a clerk types or pastes it.
TYPED_LINES = (
    f"init --station '东{TYPED}' --county '榕{TYPED}' --code '3{TYPED}'",
    f"register '东{TYPED}' --type mall --area 100 --judgement '客{TYPED}' --liaison '林{TYPED}' --code 'P{TYPED}'",
    f"register '东{TYPED}' --type mall --area 100 --judgement '客{TYPED}' --json",
    f"log 'P{TYPED}' --complainant '张{TYPED}' --item '锅{TYPED}' --facts '不{TYPED}' --kind goods",
    f"complaint amend 2026-1 --brand '{TYPED}x' --remark '{TYPED}x'",
    f"complaint escalate 2026-1 --reason '{TYPED}x' --json",
    f"record inquiry 'P{TYPED}' --text '{TYPED}x'",
    f"record inquiry 'P{TYPED}' --text '{TYPED}x' --json",
    *(
        f"record {kind} 'P{TYPED}' --text '{TYPED}x'"
        for kind in ("major", "visit", "meeting", "training", "publicity")
    ),
    *(f"record {kind} 'P{TYPED}' --respondent '{TYPED}x'" for kind in ("notice", "interview")),
    f"record lead 'P{TYPED}' --text '{TYPED}x' --informant '林{TYPED}'",
    "record list --json",
    f"point amend 'P{TYPED}' --host '{TYPED}x' --demonstration municipal",
    f"point inspect 'P{TYPED}' --office 'no:{TYPED}x' --inspector '林{TYPED}'",
    f"calendar day 2026-10-12 --rest --why '停{TYPED}'",
    f"calendar load '{TYPED}'",
    f"close 2026-1 --outcome other --remark '{TYPED}x'",
    "complaint list --json",
    "ledger history --json",
    f"export 3 2026Q3 --point 'P{TYPED}'",
    f"export 3 2026Q3 -o '{TYPED}.xlsx'",
    f"export 3 2026Q3 -o '{TYPED}.xlsx'",
    f"ledger backup '{TYPED}.sqlite'",
    f"ledger restore '{TYPED}.sqlite'",
    "point retire P002 --on 2026-09-28",
    f"demo '{TYPED}'",
)


def rows(place: Path, part: float, seed: int) -> Iterator[Row]:
    """All of it in English; with `part` 1 in Chinese too. There is nothing random in it."""
    for language in ("en", "zh") if part >= 1 else ("en",):
        with workplace(place / language, TODAY):
            os.environ["LEDGER12315_LANG"] = language
            prepare(DIRT)
            seen = {line: on_pty(line) for line in SHOWS}
            found = [fault for line, text in seen.items() for fault in faults(line, text)]
            unshown = [name for name in names() if not any(name in text for text in seen.values())]
            found += [f"shown by no line: {unshown}"] if unshown else []
            what = f"{len(UNSAFE)} unsafe characters in each of {len(names())} fields"
            yield Row(f"screens: {what}, shown on a pty ({language})", len(SHOWS), "0", found)
            prepare(DIRT)
            found = [fault for line in ERRORS for fault in faults(line, on_pty(line))]
            yield Row(f"screens: errors that quote them ({language})", len(ERRORS), "0", found)
            asked = [
                fault for line, answers in PROMPTS for fault in faults(line, on_pty(line, answers))
            ]
            yield Row(f"screens: prompts, answered wrongly ({language})", len(PROMPTS), "0", asked)
            LEDGER.unlink()
            found = [fault for line in TYPED_LINES for fault in faults(line, on_pty(line))]
            yield Row(
                f"screens: what readers let in, echoed ({language})", len(TYPED_LINES), "0", found
            )


def names() -> list[str]:
    """What stands in each field between its dirt."""
    return [f"{table}.{column}" for table, columns in FIELDS.items() for column in columns.split()]


def prepare(dirt: str) -> None:
    """A ledger with dirt before and behind each text, put there past the readers, but so that its history is sound."""
    LEDGER.unlink(missing_ok=True)
    for name, row in REGISTERS.items():
        Path(name).write_text(
            f"登记编号,受理日期,投诉人,商品/服务名称,性质,问题类别,投诉事实\n{row}\n", "utf-8"
        )
    for line in LIFE:
        done(line)
    with writing(LEDGER.resolve(), f"{dirt}command") as ledger:
        acted._fill_the_desk(ledger, "x", "2026-09-28")
        ledger.execute(
            "UPDATE submission SET withdrawn = '2026-09-28', withdraw_reason = 'x' WHERE period = '2022Q1'"
        )
        ledger.execute("UPDATE complaint SET source = 'referred', referral_no = 'x'")
        for table, columns in FIELDS.items():
            for column in columns.split():
                where = _WHERE.get(f"{table}.{column}", "1 = 1")
                change = "UPDATE {0} SET {1} = :dirt || coalesce({1}, '') || '{0}.{1}' || :dirt WHERE {2}"
                ledger.execute(change.format(table, column, where), {"dirt": dirt})
    done("register 西门商场 --type mall --area 100 --judgement 客流大")
    with writing(LEDGER.resolve(), "x") as ledger:
        retired = "UPDATE point SET name = name || :dirt, since = '2026-01-01', retired = '2026-09-01' WHERE id = 2"
        ledger.execute(retired, {"dirt": dirt})


def faults(line: str, seen: str) -> Iterator[str]:
    """Every unsafe character that reached the terminal raw; a terminal that is dumb is told no colours."""
    if "\nTraceback" in seen or "fault of the program" in seen or not seen:
        yield f"{line}: {seen}"
    # A csv begins with a mark of its own, and ends its lines as Windows does.
    text = (
        seen.replace("\N{ZERO WIDTH NO-BREAK SPACE}", "", 1).replace("\r\n", "\n")
        if "--csv" in line
        else seen
    )
    raw = {
        each
        for each in text
        if each != "\n" and (unicodedata.category(each) in _COMMANDING or each in _INVISIBLE)
    }
    if raw:
        yield f"{line}: {' '.join(f'{ord(each):04X}' for each in sorted(raw))} in {text[:300]!r}"


def on_pty(line: str, answers: str = "") -> str:
    """All that a terminal gets of one command; it is asked only where there are answers."""
    reader, terminal = os.openpty()
    modes = termios.tcgetattr(terminal)
    modes[3] &= ~termios.ECHO  # what is typed comes back from the system, not from the program
    termios.tcsetattr(terminal, termios.TCSANOW, modes)
    command = [sys.executable, "-m", "ledger12315", *shlex.split(line)]
    stdin = terminal if answers else subprocess.DEVNULL
    environment = os.environ | {"TERM": "dumb", "COLUMNS": "400"}
    with subprocess.Popen(
        command,
        stdin=stdin,
        stdout=terminal,
        stderr=terminal,
        env=environment,
        start_new_session=True,
    ):
        os.close(terminal)
        if answers:
            os.write(reader, answers.encode())
        seen = until(reader)
    os.close(reader)
    return seen
