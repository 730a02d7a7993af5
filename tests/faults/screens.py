"""Characters that command a terminal, turn its text round or hide in it, in every text shown."""

import contextlib
import os
import re
import shlex
import sqlite3
import subprocess
import unicodedata
from collections.abc import Iterator
from functools import cache
from itertools import product
from pathlib import Path
from random import Random
from unittest.mock import patch

from ledger12315.ledger.store.opening import writing
from tests.faults import Tried, share, words
from tests.faults.canaries import help_of
from tests.faults.inprocess import command, workplace
from tests.faults.lines import ACTS, HEADINGS, LEDGER, Act, act, acts
from tests.faults.stations import lay, station
from tests.terminal import start, until

_COMMANDING = {"Cc", "Cf", "Zl", "Zp"}
# Letters, marks and free places that Unicode asks to show as nothing at all.
_INVISIBLE = (
    "\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u2065\u3164"
    "\ufe00\ufe0e\ufe0f\uffa0\U000e0100"
)
# No plane between has such a character.
_EVERY = map(chr, (*range(1, 0x20000), *range(0xE0000, 0xE1000)))
UNSAFE = "".join(each for each in _EVERY if unicodedata.category(each) in _COMMANDING) + _INVISIBLE
_DIRT = f"\x1b[2J\x1b]0;title\x07\x9b31m\r\n{UNSAFE}"
# Of these the readers let in what is no control character.
_DUMB = {"TERM": "dumb", "COLUMNS": "400"}
_TYPED = "\u00ad\u061c\u200b\u200d\u200e\u2028\u2029\u202e\u2066\u2069\ufeff\u034f\u3164\ufe0f"
# Text that holds a key, a day, a moment or words of a list, and what the program alone fills.
_NO_FREE_TEXT = words("""
    act change disclosure file hand_in _sqlite_migrations
    complaint.key complaint.number complaint.request complaint.entered complaint.closed_entered
    complaint.escalated_entered point.key point.sector point.entered record.key record.entered
    station.key setting.key point_return.period point_return.totals submission.period
    submission.settings submission.head submission.entered
    submitted.figures submitted.told submitted.sha256 complaint.local_words local_word.standard
    local_word.entered
""")
# Where not every row may hold a text of its own.
_WHERE = {
    "setting.value": "key = 'annual_period'",
    "complaint.escalation_reason": "escalated IS NOT NULL",
    "complaint.void_reason": "voided IS NOT NULL",
    "complaint.external_no": "id = 1",
    "submission.withdraw_reason": "withdrawn IS NOT NULL",
}
_FILES = {
    "register.csv": f"A{_TYPED},2026-09-28,张{_TYPED},13900001234,锅{_TYPED},商品,质量,不{_TYPED}",
    "slips.csv": f"A{_TYPED},9月{_TYPED},张{_TYPED},1,锅{_TYPED},商{_TYPED},质{_TYPED},不",
}


# What is refused, quoting the ledger or what was typed.
ERRORS = [
    *acts(
        """
    point show 门
    log 门 --complainant 张三 --item 电饭锅 --facts 不加热 --kind goods
    record inquiry 北门 --on 2026-09-27
    register 北门 --type mall --area 100 --judgement 客流大
    point show '$TYPED'
    close 2026-1 --outcome '$TYPED'
    settings set '$TYPED' 1
    settings set notice_from '$TYPED'
    rollup 3 '$TYPED'
    ledger backup '$TYPED/x'
    ledger restore '$TYPED'
    over${TYPED}due
    overdue '--with${TYPED}in' 3
    overdue x '$TYPED'
    --db '$TYPED.sqlite' overdue
    complaint import '$TYPED.csv' --point 东门商
    template check '$TYPED.xlsx'
    complaint import slips.csv --point 东门商
    complaint import slips.csv --point 东门商 --json
""",
        TYPED=_TYPED,
    )
]
# Prompts, answered by an ambiguous word, a dirty one, and the end of input.
PROMPTS = {
    Act("log"): f"门\n{_TYPED}\n\x04",
    Act("record inquiry"): "门\n\x04",
    Act("close"): f"2026-9\n{_TYPED}\n\x04",
}
# A day's work as a clerk types or pastes it.
_WORK = [
    *acts(
        """
    init --station '东$TYPED' --county '榕$TYPED' --code '3$TYPED'
    register '东$TYPED' --type mall --area 9 --judgement '客$TYPED' --code 'P$TYPED'
    register '东$TYPED' --type mall --area 9 --judgement '客$TYPED' --json
    log 'P$TYPED' --complainant '张$TYPED' --item '锅$TYPED' --facts '不$TYPED' --kind goods
    complaint amend 2026-1 --brand '${TYPED}x' --remark '${TYPED}x'
    complaint escalate 2026-1 --reason '${TYPED}x' --json
    record inquiry 'P$TYPED' --text '${TYPED}x'
    record inquiry 'P$TYPED' --text '${TYPED}x' --json
    record major 'P$TYPED' --text '${TYPED}x'
    record visit 'P$TYPED' --text '${TYPED}x'
    record meeting 'P$TYPED' --text '${TYPED}x'
    record training 'P$TYPED' --text '${TYPED}x'
    record publicity 'P$TYPED' --text '${TYPED}x'
    record notice 'P$TYPED' --respondent '东$TYPED'
    record interview 'P$TYPED' --respondent '${TYPED}x'
    record lead 'P$TYPED' --text '${TYPED}x' --informant '林$TYPED'
    record list --json
    point amend 'P$TYPED' --host '${TYPED}x' --liaison '林$TYPED'
    point inspect 'P$TYPED' --office 'no:${TYPED}x' --inspector '林$TYPED'
    calendar day 2026-10-12 --rest --why '停$TYPED'
    calendar load '$TYPED'
    close 2026-1 --outcome other --remark '${TYPED}x'
    complaint list --json
    ledger history --json
    export 3 2026Q3 --point 'P$TYPED'
    export 3 2026Q3 -o '$TYPED.xlsx'
    export 3 2026Q3 -o '$TYPED.xlsx'
    ledger backup '$TYPED.sqlite'
    ledger restore '$TYPED.sqlite'
    point retire P002 --on 2026-09-28
    demo '$TYPED'
""",
        TYPED=_TYPED,
    )
]


def tries(place: Path, part: float, chance: Random) -> Iterator[Tried]:
    """Run every line over a ledger full of dirt, on terminals."""
    with workplace(place / "screens"):
        folder = Path("station").resolve()
        unshown = set(names())
        lines, languages = [*_shows()], ("en", "zh")
        on_ptys = [[*product([on_pty], each, languages)] for each in (lines, ERRORS, PROMPTS)]
        # Many more without the processes.
        quick = [*product([in_process], lines, languages)]
        for show, each, language in share(chance, part, on_ptys) + share(
            chance, 10 * part, [quick]
        ):
            lay_dirt(each, folder)
            os.environ["LEDGER12315_LANG"] = language
            seen = show(each, folder)
            unshown -= {name for name in unshown if name in seen}
            what = f"screens: unsafe characters shown {show.__name__}"
            yield Tried(what, [*faults(each.words, seen)])
        lay(act("init"), folder)
        for each in _WORK:
            seen = (on_pty if part >= 1 else in_process)(each, folder)
            yield Tried("screens: what readers let in, echoed", [*faults(each.words, seen)])
        if part >= 1:
            what = f"screens: of {len(names())} fields shown by no line"
            yield Tried(what, sorted(unshown))


def _shows() -> Iterator[Act]:
    """Yield each line in each form that it takes, in full and masked."""
    for each in ACTS:
        # Codes are dirty too, and a part of a name finds the point as well.
        words = each.words.replace("P001", "东门")
        for form in product(("", " --json", " --csv"), ("", " --reveal")):
            if all(flag in help_of(words) for flag in form):
                yield Act("".join((words, *form)), each.stdin)


@cache
def names() -> list[str]:
    """Return every column that holds free text; it stands in the field between its dirt."""
    with contextlib.closing(sqlite3.connect(":memory:")) as ledger:
        ledger.deserialize(station()[LEDGER])
        query = "SELECT name, sql FROM sqlite_master WHERE type = 'table'"
        return [
            f"{table}.{column}"
            for table, sql in ledger.execute(query).fetchall()
            if not table.startswith("sqlite")
            for _, column, kind, *_ in ledger.execute(f"PRAGMA table_info({table})")
            if kind == "TEXT" and not re.search(rf"\({column} (IN|IS date)", sql)
            if not {table, f"{table}.{column}"} & {*_NO_FREE_TEXT}
        ]


@cache
def _dirty() -> bytes:
    """Return the station's ledger with dirt before and behind each text.

    It is put there past the readers, but so that the history is sound.
    """
    path = Path("dirty").resolve()
    path.write_bytes(station()[LEDGER])
    with writing(path, f"{_DIRT}command") as ledger:
        ledger.execute("UPDATE complaint SET source = 'referred', referral_no = 'x'")
        ledger.execute("UPDATE point SET retired = '2026-09-01' WHERE id = 2")
        ledger.execute("UPDATE point SET filed = '2026-09-01' WHERE filed IS NULL")
        for name in names():
            table, column = name.split(".")
            text = f":dirt || coalesce({column}, '') || '{name}' || :dirt"
            change = f"UPDATE {table} SET {column} = {text} WHERE {_WHERE.get(name, '1 = 1')}"
            ledger.execute(change, {"dirt": _DIRT})
    return path.read_bytes()


def lay_dirt(act: Act, folder: Path) -> None:
    """Lay the station with a dirty ledger and dirty registers."""
    lay(act, folder)
    if not act.words.startswith("init"):
        (folder / LEDGER).write_bytes(_dirty())
    for name, row in _FILES.items():
        (folder / name).write_text(f"{HEADINGS}{row}\n", "utf-8")


def faults(line: str, seen: str) -> Iterator[str]:
    """Yield every unsafe character that reached a terminal, which is dumb and told no colours."""
    if "\nTraceback" in seen or "bug in the program" in seen or not seen:
        yield f"{line}: {seen}"
    if "--csv" in line:  # begins with a mark of its own, and ends its lines as Windows does
        seen = seen.replace("\N{ZERO WIDTH NO-BREAK SPACE}", "", 1).replace("\r\n", "\n")
    raw = {each for each in seen if unicodedata.category(each) in _COMMANDING}
    raw |= {*seen} & {*_INVISIBLE}
    if raw := raw - {"\n"}:
        yield f"{line}: {' '.join(f'{ord(each):04X}' for each in sorted(raw))} in {seen[:300]!r}"


def in_process(act: Act, folder: Path) -> str:
    """Return what one command writes, which is told that this is a terminal."""
    with contextlib.chdir(folder), patch.dict(os.environ, _DUMB):
        told = command(act.words, act.stdin, terminal=True)
    return told.out + told.err


def on_pty(act: Act, folder: Path) -> str:
    """Return all that a terminal gets of one command; it is asked only where there are answers."""
    import termios  # of Unix alone

    reader, terminal = os.openpty()
    modes = termios.tcgetattr(terminal)
    modes[3] &= ~termios.ECHO  # what is typed comes back from the system, not from the program
    termios.tcsetattr(terminal, termios.TCSANOW, modes)
    answers = PROMPTS.get(act)
    with start(
        shlex.split(act.words.replace("{}", ".")),
        stdin=terminal if answers else subprocess.PIPE,
        stdout=terminal,
        stderr=terminal,
        env=dict(_DUMB),
        start_new_session=True,
        cwd=folder,
    ) as process:
        os.close(terminal)
        if answers:
            os.write(reader, answers.encode())
        elif process.stdin:
            process.stdin.write(act.stdin.encode())
            process.stdin.close()
        seen = until(reader)
    os.close(reader)
    return seen
