"""What the harm is done to: a small station's files, the acts on them, and what stands in the files after."""

import json
import re
import shutil
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import NamedTuple
from zipfile import ZipFile, is_zipfile

from ledger12315.errors import LedgerError
from ledger12315.ledger.audit.check import ledger_problems
from ledger12315.ledger.store.history import seal, tables
from ledger12315.ledger.store.migrating import bring_to
from ledger12315.ledger.store.opening import APPLICATION_ID
from ledger12315.ledger.store.schema import STEPS
from ledger12315.locale import render
from tests.faults.clerks import Clerk, Done

LEDGER, BACKUP, SHEET, NOTICE, REGISTER = (
    "ledger.sqlite",
    "backup.sqlite",
    "sheet.xlsx",
    "2027.json",
    "register.csv",
)
RETURN = "附件6_2026Q1.xlsx"  # which returns submit leaves
_LOG = "log P001 --complainant 张三 --phone 13900001234 --item 电饭锅 --facts 不加热 --category 家用电子电器 --purchase 299"
_SETUP = (
    "init --station 东门所 --county 榕溪县",
    "register 东门商场 --type mall --area 500 --capital 80万 --turnover 300万 --since 2020-01-05 --liaison 林秀珍",
    "register 西门超市 --type supermarket --area 150 --turnover 60万 --since 2020-01-05",
    *(
        f"{_LOG} --received {day}"
        for day in ("2022-03-01", "2022-03-02", "2026-07-01", "2026-09-01", "2026-09-02")
    ),
    "close 2022-0001 --outcome settled --closed 2022-03-03 --recovered 299",
    "close 2026-0001 --outcome settled --closed 2026-07-03",
    "returns submit 2026Q1 -o {}",
    "record visit P001 --raised 缺少公告栏",
    "record lead P001 --text 无证经营 --informant 赵六",
)
_HEADINGS = "登记编号,受理日期,投诉人,商品/服务名称,问题类别,性质,投诉事实,处理结果,办结日期"
_RECORDS = dict.fromkeys(("inquiry", "major", "visit", "meeting", "training", "publicity"), "") | {
    "lead": "--informant 钱七",
    "notice": "--respondent 东门鞋店",
    "interview": "--respondent 东门鞋店",
}


class Act(NamedTuple):
    """A command, and the files it finds; `{}` is their folder."""

    words: str
    files: tuple[str, ...] = (LEDGER,)

    def arguments(self, folder: Path) -> list[str]:
        return [
            "--db",
            str(folder / LEDGER),
            *(word.format(folder) for word in self.words.split()),
        ]


# Every command that writes, so called as in the table of commands.
ACTS: Mapping[str, Act] = {
    "init": Act("init --station 东门所 --county 榕溪县", ()),
    "register": Act("register 南门市场 --type market --area 1200 --stalls 120"),
    "log": Act(_LOG),
    "close": Act("close 2026-0002 --outcome settled --recovered 299 --rating satisfied"),
    "complaint escalate": Act("complaint escalate 2026-0002 --reason 疑难"),
    "complaint amend": Act(
        "complaint amend 2026-0002 --complainant 李四 --purchase 399 --remark 更正"
    ),
    "complaint reopen": Act("complaint reopen 2026-0001 --reason 误结"),
    "complaint void": Act("complaint void 2026-0003 --reason 重复"),
    "complaint import": Act(f"complaint import {{}}/{REGISTER} --point P001", (LEDGER, REGISTER)),
    "complaint erase": Act("complaint erase 2022-0001"),
    "point amend": Act(
        "point amend P001 --type supermarket --host 东门商业公司 --liaison 王五 --demonstration municipal"
    ),
    "point inspect": Act("point inspect P001 --office yes --sign no"),
    "point retire": Act("point retire P002 --on 2026-09-28"),
    **{
        f"record {kind}": Act(f"record {kind} P001 --text 退换 {more}")
        for kind, more in _RECORDS.items()
    },
    "record amend": Act("record amend 1 --result 已整改"),
    "record void": Act("record void 1 --reason 重复"),
    "record informant": Act("record informant 2"),
    "returns receive": Act("returns receive P002 2026Q2 --nil"),
    "returns submit": Act("returns submit 2026Q2 -o {}"),
    "returns withdraw": Act("returns withdraw 2026Q1 --reason 退回"),
    "calendar day": Act("calendar day 2026-10-12 --rest --why 停电"),
    "calendar load": Act(f"calendar load {{}}/{NOTICE}", (LEDGER, NOTICE)),
    "settings set": Act("settings set station_limit 45"),
    "export": Act(f"export 6 2026Q3 -o {{}}/{SHEET}", (LEDGER, SHEET)),
    "county consolidate": Act(
        f"county consolidate {{}}/{RETURN} -o {{}}/{SHEET}", (RETURN, SHEET)
    ),
    "complaint show --reveal": Act("complaint show 2026-0002 --reveal"),
    "ledger backup": Act(f"ledger backup {{}}/{BACKUP} --keep 2", (LEDGER, BACKUP)),
    "ledger restore": Act(f"ledger restore {{}}/{BACKUP}", (LEDGER, BACKUP)),
    "ledger restore over a crash": Act(
        f"ledger restore {{}}/{BACKUP}", ("hot", "hot-journal", BACKUP)
    ),
    "migration": Act("ledger info", ("old",)),
    "demo": Act("demo {}/demo", ()),
}


class Station:
    """Files of a small station, made once; `lay` puts those that an act finds into a folder."""

    def __init__(self, clerk: Clerk, folder: Path) -> None:
        self._clerk, self._folder = clerk, folder
        path = folder / LEDGER
        for number, words in enumerate(_SETUP):
            if number == len(_SETUP) - 2:  # the backup is older than the ledger
                shutil.copy(path, folder / BACKUP)
            assert clerk(Act(words).arguments(folder)).code == 0, words
        (folder / SHEET).write_bytes(b"an older sheet")
        day = {"name": "元旦", "date": "2027-01-01", "isOffDay": True}
        rows = [
            f"A{number},2026-09-07,张三,电饭锅,质量,商品,不加热,和解,2026-09-08"
            for number in range(40)
        ]
        (folder / REGISTER).write_text("\n".join([_HEADINGS, *rows]), "utf-8")
        (folder / NOTICE).write_text(json.dumps({"year": 2027, "days": [day]}), "utf-8")
        _make_old(path, folder / "old")
        _make_hot(path, folder / "hot")

    def lay(self, act: Act, folder: Path) -> None:
        """A new folder with the files that the act finds."""
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        for name in act.files:
            shutil.copy(self._folder / name, folder / re.sub("^(old|hot)", LEDGER, name))

    def before(self, act: Act, folder: Path) -> dict[str, str]:
        self.lay(act, folder)
        return contents(folder)

    def after(self, act: Act, folder: Path) -> dict[str, str]:
        """What an act that nothing happens to leaves."""
        self.lay(act, folder)
        done = self._clerk(act.arguments(folder))
        assert done.code == 0, done.err
        return contents(folder)


def _make_old(path: Path, target: Path) -> None:
    """The same rows in a ledger of the schema before."""
    old = max(STEPS) - 1
    with closing(sqlite3.connect(target, isolation_level=None)) as ledger:
        ledger.execute("BEGIN")
        bring_to(ledger, old)
        ledger.execute("COMMIT")
        ledger.execute("ATTACH ? AS new", (str(path),))
        ledger.execute("BEGIN")
        for table in ("file", *tables(ledger)):
            if table != "_sqlite_migrations":
                ledger.execute(f"INSERT INTO main.{table} SELECT * FROM new.{table}")
        seal(ledger)
        ledger.execute("COMMIT")
        ledger.execute(f"PRAGMA main.application_id = {APPLICATION_ID}")
        ledger.execute(f"PRAGMA main.user_version = {old}")


def _make_hot(path: Path, target: Path) -> None:
    """The same ledger and its journal, as a crash in the midst of a large write leaves them."""
    with closing(sqlite3.connect(path, isolation_level=None)) as ledger:
        ledger.execute("PRAGMA cache_size = 1")
        ledger.execute("BEGIN")
        ledger.execute("INSERT INTO act (at, user, command) VALUES ('', '', '')")
        ledger.execute("UPDATE complaint SET facts = 'half of a write', item = ?", ("x" * 3000,))
        shutil.copy(path, target)
        shutil.copy(f"{path}-journal", f"{target}-journal")
        ledger.execute("ROLLBACK")


# Keys, salts, digests, workbooks with a digest in them and moments are never the same twice.
_VARYING = re.compile(
    r"\b[0-9a-f]{32,64}\b|X'[0-9A-F]{99,}'|\d{4}-\d\d-\d\d[T ]\d\d:\d\d:[\d.+:]+"
)
_RANDOM_NAME = re.compile(r"[0-9a-f]{8}(?=$|-journal$|\.part)")


def contents(folder: Path) -> dict[str, str]:
    """Every file with what stands in it, a ledger as SQL; a journal that was left is played back first, as SQLite does."""
    files = sorted(each for each in folder.rglob("*") if each.is_file())
    found = {each: _content(each) for each in files if not each.name.endswith("-journal")}
    found |= {
        each: "a journal" for each in files if each.name.endswith("-journal") and each.exists()
    }
    return {
        _RANDOM_NAME.sub("*", str(each.relative_to(folder))): text.replace(str(folder), "{}")
        for each, text in found.items()
    }


def is_ledger(file: Path) -> bool:
    with file.open("rb") as opened:
        return opened.read(15) == b"SQLite format 3"


def ledgers(folder: Path) -> list[Path]:
    """Every ledger under a name that people know; what was being made is hidden."""
    return [path for path in sorted(folder.glob("[!.]*.sqlite*")) if is_ledger(path)]


def _content(file: Path) -> str:
    if file.suffix == ".xlsx" and is_zipfile(
        file
    ):  # a ledger, whole or torn, may end with a workbook that was handed in
        with ZipFile(file) as book:
            return _VARYING.sub(
                "*",
                "\n".join(book.read(name).decode("utf-8", "replace") for name in book.namelist()),
            )
    if not is_ledger(file):
        # The list of backups holds whole paths, and an image lies in a folder of its own.
        return re.sub("^/.*/", "{}/", file.read_bytes().decode("latin-1"), flags=re.M)
    try:
        with closing(
            sqlite3.connect(f"file:{file}?mode=rw", uri=True, isolation_level=None)
        ) as ledger:
            numbers = [
                ledger.execute(f"PRAGMA {name}").fetchone()[0]
                for name in ("application_id", "user_version")
            ]
            return _VARYING.sub("*", "\n".join(map(str, (*numbers, *ledger.iterdump()))))
    except (sqlite3.Error, UnicodeDecodeError) as error:
        return f"damaged: {error}"


def numbers(path: Path) -> list[str]:
    """The complaints' numbers in their order."""
    with closing(sqlite3.connect(path)) as ledger:
        return [
            row[0] for row in ledger.execute("SELECT number FROM complaint ORDER BY year, serial")
        ]


def facts(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as ledger:
        return [row[0] for row in ledger.execute("SELECT facts FROM complaint")]


def strange(
    now: Mapping[str, str],
    before: Mapping[str, str],
    after: Mapping[str, str],
    done: bool,
    may_lack: tuple[str, ...] = (),
) -> Iterator[str]:
    """Files that are neither as before nor as after, or not as after where it was said that all is done."""
    for name in sorted(now.keys() | before.keys() | after.keys()):
        stands = now.get(name)
        if stands in ([after.get(name)] if done else [before.get(name), after.get(name)]) or (
            name in may_lack and not stands
        ):
            continue
        if name not in before.keys() | after.keys():
            yield f"{name} left behind"
        elif stands is None:
            yield f"{name} missing"
        else:
            yield f"{name} {'not written, though acknowledged' if stands == before.get(name) else 'half written'}"


def refused(clerk: Clerk, path: Path) -> Iterator[str]:
    """What keeps cron from reading a ledger; a reader is often the first that opens it after a crash."""
    if (done := clerk(["--db", str(path), "overdue"])).code != 0:
        yield f"{path.name} cannot be read: {done.err}"


def unsound(path: Path) -> Iterator[str]:
    """What keeps a ledger from passing its check."""
    try:
        yield from (f"{path.name} check: {render(each)}" for each in ledger_problems(path))
    except LedgerError as error:
        yield f"{path.name} cannot be checked: {render(error.message)}"


def told_wrongly(done: Done) -> Iterator[str]:
    """An answer that is no success and not one plain message of an error either."""
    lines = [line for line in done.err.splitlines() if line.startswith("Error:")]
    if done.code not in (0, 4):
        yield f"exit code {done.code}: {done.err[-300:]}"
    elif done.code == 4 and len(lines) != 1:
        yield f"{len(lines)} messages: {done.err[-300:]}"
    if "Traceback" in done.err or "fault of the program" in done.err:
        yield f"a fault of the program: {done.err[-300:]}"
