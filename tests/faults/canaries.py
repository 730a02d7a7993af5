"""Personal canaries through commands in every form, errors, files, fault reports, the process list; and what erasing leaves."""

import json
import os
import re
import shlex
import sqlite3
import stat
import subprocess
import sys
import unicodedata
import zipfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from unittest.mock import patch

from ledger12315.cli.app import GROUPS
from tests.faults import Row
from tests.faults.canary_lines import (
    CLOSE,
    CONSUMER,
    LATER,
    LEAD,
    LIFE,
    LOG,
    NAME,
    OFFICES,
    PHONE,
    REGISTER_FILES,
    REVEALS,
    SAYS,
    SLIPS,
    TEXT,
    TODAY,
)
from tests.faults.edits import run_unguarded
from tests.faults.inprocess import LEDGER, Result, command, done, workplace
from tests.faults.watching import Watch

# Where the program is made to fail with a canary in its hands.
_PLACES = (
    "ledger.file._open",
    "ledger.file.seal",
    "ledger.docket.timeline",
    "cli.output.masked",
    "rules.fields.Field.parse",
)
# Bytes that are no text, in what shows names and in what keeps them.
_UNDECODABLE = (
    "UPDATE complaint SET complainant = CAST(CAST(complainant AS BLOB) || x'ff' AS TEXT)",
    "UPDATE complaint SET facts = CAST(CAST(facts AS BLOB) || x'ff' AS TEXT)",
    "UPDATE contact SET name = CAST(CAST(name AS BLOB) || x'ff' AS TEXT)",
    "UPDATE change SET personal = CAST(CAST(personal AS BLOB) || x'ff' AS TEXT)",
)
# Forms about people, made for the file.
_FILED = ("附件1_", "附件2_", "和解协议_")
_COPIES = (*REGISTER_FILES, "ledger.sqlite", "backup.sqlite", "again.sqlite")


def rows(place: Path, part: float, seed: int) -> Iterator[Row]:
    """All of it in English; with `part` 1 in Chinese too. There is nothing random in it."""
    with workplace(place / "said", TODAY):
        scene = Scene()
        for language in ("en", "zh") if part >= 1 else ("en",):
            os.environ["LEDGER12315_LANG"] = language
            yield scene.row(f"canaries: every command in every form ({language})", scene.forms())
        yield scene.row("canaries: slips in personal boxes", scene.slips())
        yield scene.row("canaries: text that SQLite cannot decode", scene.undecodable())
        yield scene.row("canaries: faults of the program and their reports", scene.faults())
        yield scene.row("canaries: shown with --reveal, and not recorded", scene.revealed())
        yield scene.row("canaries: process list and environment", scene.processes())
    with workplace(place / "erased", TODAY):
        times = max(round(300 * part), 30)
        found = list(erased(times))
        yield Row(
            "canaries: complaints erased, something left in ledger or backup, or a figure changed",
            times,
            "0",
            found,
        )


class Scene:
    """A folder with a ledger full of canaries, put back before each line that is run in it."""

    def __init__(self) -> None:
        for line, boxes in LIFE:
            done(line, json.dumps(boxes))
        Path("notice.json").write_text(
            '{"year": 2027, "days": [{"name": "x", "date": "2027-01-01", "isOffDay": true}]}',
            "utf-8",
        )
        for name, text in REGISTER_FILES.items():
            Path(name).write_text(text, "utf-8")
        self.files = {path: path.read_bytes() for path in Path().iterdir() if path.is_file()}
        self.watch = Watch(Path(os.environ["TMPDIR"]))
        self.times = 0

    def row(self, done: str, found: Iterator[str]) -> Row:
        self.times = 0
        sentences = list(found)
        return Row(done, self.times, "0", sentences)

    def run(self, line: str, stdin: object, terminal: bool = False) -> Result:
        """One line over the ledger as it was; `init` finds none."""
        for path in [path for path in Path().rglob("*") if path.is_file()]:
            path.unlink()
        for path, content in self.files.items():
            path.write_bytes(content)
        if line.startswith("init"):
            LEDGER.unlink()
        self.times += 1
        return command(line, json.dumps(stdin), terminal)

    def forms(self) -> Iterator[str]:
        """Each line piped and on a terminal, as JSON and csv where it can."""
        for line, stdin in SAYS:
            takes = help_of(line)
            for form in ("", *(flag for flag in ("--json", "--csv") if flag in takes)):
                for terminal in (False, True):
                    typed = f"{line} {form}".strip()
                    result = self.run(typed, stdin, terminal)
                    if result.code:
                        yield f"{typed}: {result.code} {result.err}"
                    yield from self.leaks(typed, result)

    def slips(self) -> Iterator[str]:
        for line, stdin in SLIPS:
            result = self.run(line, stdin)
            if result.code not in (2, 3, 5):
                yield f"{line}: {result.code} {result.err}"
            yield from self.leaks(line, result)

    def undecodable(self) -> Iterator[str]:
        sound = self.files[LEDGER]
        for script in _UNDECODABLE:
            LEDGER.write_bytes(sound)
            run_unguarded(script, LEDGER)
            self.files[LEDGER] = LEDGER.read_bytes()
            for line, stdin in SAYS:
                yield from self.leaks(f"{line} after {script}", self.run(line, stdin))
        self.files[LEDGER] = sound

    def faults(self) -> Iterator[str]:
        """A report says where, and not with which values."""
        fault = ValueError(TEXT)
        fault.__cause__ = KeyError(PHONE, NAME)
        for where in _PLACES:
            for line, stdin in SAYS:
                with patch(f"ledger12315.{where}", side_effect=fault):
                    result = self.run(line, stdin)
                yield from self.leaks(f"{line} failing in {where}", result)
                if result.code not in (0, 4):
                    yield f"{line} failing in {where}: {result.code} {result.err}"

    def revealed(self) -> Iterator[str]:
        count = "SELECT count(*) FROM disclosure"
        # Of the rollups the assessment alone names people, and takes it.
        heeds = [
            each
            for each in SAYS
            if "--reveal" in help_of(each[0]) and not re.match("rollup (?!assessment)", each[0])
        ]
        asked = [(line, f"{line} --reveal", stdin) for line, stdin in heeds]
        for bare, line, stdin in (*asked, *(("record list", line, {}) for line in REVEALS)):
            masked = "*" in self.run(bare, stdin).out
            result = self.run(line, stdin)
            with closing(sqlite3.connect(LEDGER)) as ledger:
                recorded = ledger.execute(count).fetchone()[0] - 1
            if (
                result.code
                or recorded != 1
                or (masked and not seen(result.out, (*CONSUMER, *OFFICES)))
            ):
                yield f"{line}: recorded {recorded} times, {result}"

    def processes(self) -> Iterator[str]:
        """What the system shows of a process to everybody, as long as it runs."""
        for line, stdin in SAYS:
            if "--from-stdin" not in line:
                continue
            self.run("ledger info", {})
            with subprocess.Popen(
                [sys.executable, "-m", "ledger12315", *shlex.split(line)],
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
            ) as process:
                told = b"".join(
                    Path(f"/proc/{process.pid}/{name}").read_bytes()
                    for name in ("cmdline", "environ", "comm")
                )
                _, err = process.communicate(json.dumps(stdin).encode())
            if process.returncode or seen(told.decode(errors="replace"), CONSUMER):
                yield f"{line}: {process.returncode} {err.decode()} {told!r}"

    def leaks(self, line: str, result: Result) -> Iterator[str]:
        """Whatever of a canary stands in what was printed and said, or in a file that was not there before."""
        for name, text in (("stdout", result.out), ("stderr", result.err)):
            if found := seen(text, (*CONSUMER, *OFFICES)):
                yield f"{line}: {found} in {name}"
        for name in self.watch.seen():
            if not name.startswith("ledger12315-fault-"):
                yield f"{line}: temporary file {name}"
        for path in Path().rglob("*"):
            if path.is_file() and path.name not in _COPIES and "replaced" not in path.name:
                filed = path.name.startswith(_FILED)
                form = (
                    path.suffix == ".xlsx" and "--public" not in line
                )  # a return is signed by the point's liaison
                if found := seen(
                    _text(path), () if filed else CONSUMER if form else (*CONSUMER, *OFFICES)
                ):
                    yield f"{line}: {found} in {path.name}"
                if (filed or "fault" in path.name) and stat.S_IMODE(path.stat().st_mode) != 0o600:
                    yield f"{line}: others may read {path.name}"


def help_of(line: str) -> str:
    words = [word for word in shlex.split(line) if not word.startswith("-")]
    groups = {row.name for row in GROUPS}
    return command(f"{' '.join(words[: 2 if words[0] in groups else 1])} --help").out


def seen(text: str, canaries: tuple[str, ...]) -> list[str]:
    """The canaries in a text, as JSON may write them, in whichever width, whatever stands between a number's digits."""
    plain = re.sub(r"\\u([0-9a-f]{4})", lambda found: chr(int(found[1], 16)), text)
    bare = re.sub(r"(?<=\d)[\s().\u2010-\u2015-]+(?=\d)", "", unicodedata.normalize("NFKC", plain))
    return [canary for canary in canaries if canary in bare]


def _text(path: Path) -> str:
    if path.suffix != ".xlsx":
        return path.read_text("utf-8", errors="replace")
    with zipfile.ZipFile(path) as parts:
        return "".join(
            parts.read(name).decode("utf-8", errors="replace") for name in parts.namelist()
        )


def erased(complaints: int) -> Iterator[str]:
    """Years later all that is past its retention is erased: no byte of it stays, every figure does."""
    long = {"facts": TEXT * 40, "handling": TEXT * 10}
    for line, boxes in LIFE[:2]:
        done(line, json.dumps(boxes))
    for number in range(1, complaints + 1):
        done("log --from-stdin", json.dumps(LOG | (long if number % 3 == 0 else {})))
        done(
            f"complaint amend 2026-{number} --from-stdin",
            json.dumps(long if number % 2 else {"facts": f"{TEXT}。"}),
        )
        if number % 4 == 0:
            done(f"complaint escalate 2026-{number} --from-stdin", json.dumps({"reason": TEXT}))
        if number % 11:  # what is voided while it is open has no closing to count its years from
            done(f"close 2026-{number} --from-stdin", json.dumps(CLOSE))
        if number % 11 and number % 5 == 0:
            done(f"complaint reopen 2026-{number} --from-stdin", json.dumps({"reason": TEXT}))
            done(f"close 2026-{number} --from-stdin", json.dumps(CLOSE))
        if number % 7 == 0 or number % 11 == 0:
            done(f"complaint void 2026-{number} --from-stdin", json.dumps({"reason": TEXT}))
    for line, boxes in (
        ("lead", LEAD),
        ("visit", {"text": TEXT, "raised": TEXT, "result": TEXT}),
        ("inquiry", {"text": TEXT}),
    ):
        done(f"record {line} P001 --from-stdin", json.dumps(boxes))
    done("record amend 3 --from-stdin", json.dumps({"text": f"{TEXT}。"}))
    os.environ["LEDGER12315_TODAY"] = LATER
    questions = [
        f"rollup {form} {period} --json"
        for form in "36"
        for period in ("2026", "2026Q3", "2026Q4")
    ]
    before = [done(question).out for question in questions]
    done("complaint erase --all")
    done("ledger backup backup.sqlite")
    for question, was in zip(questions, before, strict=True):
        if done(question).out != was:
            yield f"{question}: changed"
    for path in (LEDGER, Path("backup.sqlite")):
        content = path.read_bytes()
        for canary in (*CONSUMER, PHONE):
            if places := [found.start() for found in re.finditer(canary.encode(), content)]:
                near = content[places[0] - 60 : places[0] + 60].decode(errors="replace")
                yield f"{canary} {len(places)} times in {path}, at {places[0]}: {near!r}"
        os.environ["LEDGER12315_DB"] = str(path)
        if (checked := command("ledger check")).code:
            yield f"{path}: {checked.err}"
