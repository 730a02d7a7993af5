"""Each error in both languages, with its exit code, and no changed file."""

import ast
import io
import os
import re
import shlex
import signal
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager, redirect_stderr, redirect_stdout, suppress
from functools import cache
from pathlib import Path
from unittest.mock import Mock, patch

import pytest

from ledger12315.__main__ import main
from ledger12315.cli import app, point
from ledger12315.cli.app import run
from ledger12315.sheets.paper import annotated
from tests import catalogue, states
from tests.errors import (
    CHINESE,
    PAGE,
    brought_about,
    cases,
    errors,
    errors_in_chinese,
    outcomes,
)
from tests.rows import for_all, joined
from tests.states import CONTENTS, LEDGER, ledger_bytes
from tests.terminal import finish, start, until

# A sentence that no case brings out -> why, and where it is tested.
ELSEWHERE = {
    sentence: where
    for where, *sentences in map(
        str.splitlines,
        joined(r"""
# cli/test_county.py: they are doubts
{station}: {measure} is {now}, but the end before with its correction is {was}. Does a \
    second ledger go on from one backup?
{station}: {problem}.
{point} is a point of {stations}.
{station}: {measure} is {amount} yuan, over {times} times the median.
{station}: nothing is reported, after active periods.
{station}: all of {count} ratings are satisfied.
{station}: a month is without receipts.
{station}: in each of {count} closed cases all that was disputed is recovered.
{station}: closed, and its return of {period} did not come.
{station}: closed with {count} open complaints, which are not in the opening of the \
    station that follows it.
{station}: closed with {count} open complaints, and no station follows it.
# ledger/test_file.py
in the folder {path} no file may be made
# SQLite alone knows the reason
the system refused to write
# cli/test_asking.py: at a question
{box}: an answer is needed; ? explains it.
No complaint is open.
There is no complaint to choose from.
# test_a_full_stdout
Output cannot be written: {reason}. The command's entries are kept.
# cli/test_media.py
{path} cannot be used: {reason}. The command's entries are kept.
The ledger is sound, but its copy was not when it was read again, so {path} was not \
    written: its disk fails. Choose another disk.
# cli/test_as_users_do.py
The output is closed, so no answer can be shown. Nothing was done.
LEDGER12315_LANG is {language}; it must be zh or en.
# cli/test_point.py: a value
no: {what}
# cli/test_window.py
The quotation mark of {text} is not closed.
{sign} does nothing in this window. Write a file with -o FILE where a command has it; \
    --csv prints a list for a spreadsheet. In quotes it is text: '{sign}'
# cli/test_help.py: the end of all help
Other options, and variables: `help options`
# cli/test_doctor.py: notes
No backup is known. Make one: `ledger backup FILE`
The last backup is of {day}. Make one: `ledger backup FILE`
# cli/test_erasing.py: a place of a dry run
{what} ({box}): {word}
# cli/test_erasing.py: forgeries
{table} row {row}: emptied, but not by an act of erasing
{table} row {row}: erased on {day}, before its retention was over
# cli/test_returns.py
{period}, submitted on {day}: the head on its forms is not in this history
The ledger was changed meanwhile, so nothing is submitted. Submit {period} again.
{period} is submitted, but {path} cannot be written: {reason}. Write it with: \
    `export 6 {period}`
# cli/test_county.py, facts/test_arriving.py: why a hand-in waits or is not loaded
{path} is a link or not a file
it is not registered for the period. If it should be, list it: `county stations \
    load FILE`
# facts/test_limits.py: why a file of facts does not count
its figures do not match its rows
# test_a_fault_of_it
this is a bug in the program; please send its report: {path}
# cli/test_export.py: the form is written all the same
No program of this computer opens {path}; open it by hand.
# ledger/test_file.py
The ledger refuses this entry: {reason}. Nothing was changed.
# test_bytes_that_changed
its file header is not one that SQLite writes
a text in it is not readable
# test_a_register_too_large
The file holds more than {most} cells, too many for a copy.
# cli/test_import.py
Others changed some of these complaints; import again.
A backup was restored during the import, so the ledger has only the rows of that backup. \
    Run the same command again to import the rest.
# cli/test_erasing.py: a note, and it takes years
Other texts name a consumer to be erased, and show the name from then on, as does their \
    history: {places}. Put something else for the name first: `complaint amend NUMBER` or \
    `record amend ID`
{what} ({box})
record {id}
# cli/test_arguments.py: no page can hold it
The value of {name} is not text in UTF-8.
The path of the ledger is not text in UTF-8.
# cli/test_notify.py
To send messages install: pip install "apprise~=2.3"
No address is configured. Write in {file}: {example}
# cli/test_configuration.py: it lies in the user's home
The configuration {path} cannot be used: {reason}.
each line must look like {example}, with single quotes
it sets {key}, which is unknown; known keys: {keys}
the value of {key} is not text
lang must be zh or en
db must be an absolute path
# cli/test_notify.py: it takes a server
The message was not delivered to every address.
# cli/test_windows.py: no page can hold it
it is neither UTF-8 nor GBK text
# cli/test_windows.py
The system's character set ({encoding}) lacks characters of a file's name. Set \
    LC_ALL=C.UTF-8, or choose another file with --output.
# cli/test_send.py
{period} was sent by another command meanwhile.
{path} exists already, and what was sent is not replaced. Name another folder.
It is in the archive of this version whose name has -county.
# cli/test_county.py
{path} cannot be used: {reason}.
Another load is running in {path}, or it is being read. Try again in a moment.
{path} is not a folder of exported facts. Choose a new folder.
The hand-ins are of {counties}. Say which county the form is for: --county NAME
No Attachment 5 of {period} was handed in.
{word} is not one station of this store. The stations: {stations}
Altered in the store: {stations}. Restore a copy of it, or make it again from what the \
    stations hold.
removed entries: {count}
it does not state the key of its ledger
it was submitted on {day}, which lies ahead, so that no later return would count. Check \
    the clocks of both computers
this is a form of another county, or forms of two counties came. Load this county's own forms by \
    themselves; a province first lists each county with its key
list these of its stations too, with their days: {names}
this form of a county cannot be placed. To make a lost store again, load the list of \
    stations, then what the stations handed in, then the county's forms in their order
{path} was made by a newer program. Use the newest program.
{sheet}: {period} is not the sum of the stations
its year ends on {day}
another ledger's station has this name and county. List each with its key and days: \
    `county stations load FILE`
its return follows another one than was loaded, so that its corrections wait. Ask whether \
    two ledgers go on from one backup, and for the return that it follows
the return that it follows was not loaded, so that its corrections wait
# cli/test_backup.py: its path is a whole one
The newest backup: {path}
# its notes are told instead
{file} cannot be taken in.
# kept for what a later Typer may say
The command line cannot be understood: {reason}
# cli/test_learning.py: it is asked again
{text} is not a free box. Free boxes: {boxes}
# cli/test_record.py: it stands in a sentence
nobody
# cli/test_everywhere.py: it stands in a sentence
{point} (retired)
# cli/test_slips.py: it is a doubt
The name contains digits: is it only the name?
# cli/test_import_gaps.py: it is a doubt
More is recovered than was in dispute, but no multiple damages are given: is it right?
# cli/test_phones.py: a doubt
The name contains *, which hides letters: is no more known?
# cli/test_phones.py: it is a doubt
The Chinese name contains Latin letters: is it right?
It looks like a mobile number: is this the right box?
It does not look like a phone number (11 digits, or an area code and 7 or 8 digits): is it \
    right?
# cli/test_point_import.py: it is a doubt
this ledger is of {station}
# cli/test_point_import.py
Others changed some of these points; import again.
# cli/test_doubts.py: it is a doubt
not in {periods}
in {periods}, which was submitted
{day}: {reasons}; probably {other}
# cli/test_close.py: it is a doubt
More is recovered ({recovered} yuan) than was in dispute ({disputed} yuan), but no \
    multiple damages are given: is it right?
# cli/test_import.py: it is a doubt's row
row {row}
# cli/test_import_gaps.py: it takes two registers
{number} of {day} already has this number
# cli/test_installing.py: whoever reads the page sits at another shell
This shell cannot complete commands. Type this in bash, zsh, fish or PowerShell.
# cli/test_installing.py
{shell} does not say where its profile is: {reason}.
# cli/test_backup.py: it is no error
Copying
Putting it in place
# cli/test_reported.py: it is no error
{point}: changed since its return was received: {measures}.
# ledger/test_chain.py: it is no error
Checking
# cli/test_foreign.py: it is no error
Another program added to the ledger: {names}. This does no harm. To remove it, run in that \
    program: {statements}
# test_fill.py: it takes many problems
The list ends here; there may be more.
# cli/test_clock.py: no page sets a clock
The clock of this computer is wrong: it shows a day before 1990 or after 2199. Correct it \
    and try again. Nothing was changed.
""").split("\n# ")[1:],
    )
    for sentence in sentences
}
# What takes the sentence of an error first.
RAISED = (*catalogue.ERRORS, "hundredths")
# Below the command line, every message belongs to an error but in these modules.
REMARKS = (
    "errors.py",
    "acts.py",
    "setting_up.py",
    "amending.py",
    "recent.py",
    "duties.py",
    "boxes/forms.py",
)
UPGRADED = (
    "The ledger was upgraded for this version of the program. As it was, it is kept in {path}"
)
"""It is told and no error, though it is said beside errors."""
NO_LEDGERS = "a_folder a_text no_bytes foreign newer without_version"
NO_LEDGER_FOR = """
ledger12315 overdue
ledger12315 close 2026-0001 --outcome settled
ledger12315 settings set notice_from 30
ledger12315 export 6 2026Q3
"""


@cache
def error_sentences() -> dict[str, str]:
    """Return each sentence of an error, and its place."""
    found: dict[str, str] = {}
    for place, node, call in catalogue.shown():
        file, name = place.partition(":")[0], catalogue.name_of(call)
        below = "/cli/" not in file or file.endswith(("cli/app.py", "face/help.py"))
        part = name in ("message", "N_") and below and not file.endswith(REMARKS)
        if (name in RAISED or part) and isinstance(node, ast.Constant):
            found.setdefault(str(node.value), place)
    del found[UPGRADED]
    return found


@pytest.mark.slow
def test_each_error_reads_as_documented_and_changes_nothing() -> None:
    for page, now in ((PAGE, errors()), (CHINESE, errors_in_chinese())):
        assert page.read_text("utf-8") == now, "run: nox -s docs, and read what has changed"
    for case, found in outcomes().items():
        # A load keeps what is sound, and a check is remembered.
        loads: set[str] = {"./county.duckdb"} if "county load" in case.typed else set()
        if "ledger check" in case.typed:
            loads.add("./ledger.sqlite.upkeep.json")
        assert found.exit_code == case.exit_code and found.changed <= loads, case
        assert not found.stdout or loads or " import " in case.typed, case


@pytest.mark.slow
def test_every_sentence_of_an_error_has_its_case() -> None:
    said = {sentence for found in outcomes().values() for sentence in found.sentences}
    lacking = [
        f"{place}: {sentence!r}"
        for sentence, place in error_sentences().items()
        if sentence not in said | {*ELSEWHERE}
    ]
    assert not lacking, "add a section to docs/errors.md:\n" + "\n".join(lacking)
    assert said.isdisjoint(ELSEWHERE) and ELSEWHERE.keys() <= error_sentences().keys()


@pytest.mark.slow
def test_what_is_said_elsewhere_is_quoted_there() -> None:
    """Ten letters of a sentence, or five Chinese signs, are in the file or test that is named."""
    chinese = {each.id: each.string for each in catalogue.read_catalogue() if each.id}
    here = Path(__file__)
    own = here.read_text("utf-8").partition("\nRAISED = ")[2]  # below the table
    lacking = []
    for sentence, where in ELSEWHERE.items():
        files = re.findall(r"[\w/]+\.py", where)
        told = [(here.parent / name).read_text("utf-8") for name in files] or [own]
        texts = "".join(map(_bare, told))
        known = [*_windows(sentence, 10), *_windows(str(chinese.get(sentence, "")), 5)]
        named = files or where.startswith("test_")
        if named and known and not any(each in texts for each in known):
            lacking.append((sentence, where))
    assert lacking == []


def _bare(text: str) -> str:
    """Return a text without blanks and quotation marks, at which a sentence may be divided."""
    return re.sub(r"[\"'\\\s]", "", text)


def _windows(sentence: str, size: int) -> Iterator[str]:
    """Yield each run of this many letters between braces, or all where they are fewer."""
    for part in map(_bare, re.split(r"\{[^}]*\}", sentence)):
        if len(part) > 3:
            for at in range(max(len(part) - size, 0) + 1):
                yield part[at : at + size]


@pytest.mark.slow
def test_the_page_tells_its_ledger_and_names_each_case_once() -> None:
    assert CONTENTS in PAGE.read_text("utf-8")
    names = [case.wrong for case in cases()]
    assert len(names) > 200 and len({*names}) == len(names)
    assert len(names) == PAGE.read_text("utf-8").count("\n### ")


@for_all("state", NO_LEDGERS.split())
def test_no_command_touches_what_is_no_ledger(state: str) -> None:
    with brought_about(getattr(states, state)) as typed:
        found = [typed(command) for command in NO_LEDGER_FOR.strip().splitlines()]
        refused = typed("ledger12315 init --station 西门所 --county 榕溪县")
    said = {each._replace(sentences=frozenset()) for each in found}
    first = found[0]._replace(sentences=frozenset())
    assert said == {first._replace(exit_code=4, stdout="", changed=frozenset())}
    assert (refused.exit_code, refused.changed) == (3, frozenset())


@pytest.fixture
def ledger(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the ledger of states.py, alone in the current folder."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LEDGER12315_DB", str(LEDGER))
    monkeypatch.setenv("LEDGER12315_TODAY", "2026-09-28")
    LEDGER.write_bytes(ledger_bytes())
    return LEDGER


FULL = "Error: Output cannot be written: the disk is full. The command's entries are kept."
LOG = "log P001 --complainant 张三 --item 电饭锅 --facts 不加热 --kind goods"


def test_a_fault_of_it(
    ledger: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise KeyError("张三")

    monkeypatch.setattr(point, "select_points", broken)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    assert run(["point", "list"]) == 4
    [report] = tmp_path.glob("*.txt")
    said = f"Error: this is a bug in the program; please send its report: {report}\n"
    assert capsys.readouterr().err == said
    text = report.read_text("utf-8")
    assert "KeyError\n" in text and "point.py:" in text
    assert re.search(r"^test_errors.py:\d+ broken$", text, re.M)
    assert "张三" not in text, "a report may be sent to anybody"
    assert report.stat().st_mode & 0o777 == 0o600


def test_a_name_that_the_systems_character_set_lacks(
    ledger: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise UnicodeEncodeError("ascii", "东", 0, 1, "ordinal not in range(128)")

    monkeypatch.setattr(point, "select_points", broken)
    monkeypatch.setattr(sys, "getfilesystemencoding", lambda: "ascii")
    assert run(["point", "list"]) == 4
    assert capsys.readouterr().err == (
        "Error: The system's character set (ascii) lacks characters of a file's name."
        " Set LC_ALL=C.UTF-8, or choose another file with --output.\n"
    )


@pytest.mark.parametrize(
    ("was", "becomes", "why"),
    [
        (
            b"\x10\x00\x01\x01",
            b"\x10\x00\x09\x09",
            "its file header is not one that SQLite writes",
        ),
        ("东门超市".encode(), b"\xff" * 12, "a text in it is not readable"),
    ],
)
def test_bytes_that_changed(
    ledger: Path, capsys: pytest.CaptureFixture[str], was: bytes, becomes: bytes, why: str
) -> None:
    ledger.write_bytes(ledger.read_bytes().replace(was, becomes))
    assert run(["point", "list"]) == 4
    assert f"is damaged ({why})" in capsys.readouterr().err


@pytest.mark.parametrize("command", ["ledger check", LOG, "settings"])
def test_a_page_of_another_table(
    ledger: Path, command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    content = ledger.read_bytes()
    with closing(sqlite3.connect(ledger)) as opened:
        [size] = opened.execute("PRAGMA page_size").fetchone()
        query = "SELECT rootpage FROM sqlite_master WHERE name IN ('act', 'complaint')"
        (one,), (other,) = opened.execute(query).fetchall()
    pages = [content[at : at + size] for at in range(0, len(content), size)]
    pages[one - 1], pages[other - 1] = pages[other - 1], pages[one - 1]
    ledger.write_bytes(b"".join(pages))
    assert run(shlex.split(command)) == (0 if command == "settings" else 4)
    assert "bug in the program" not in capsys.readouterr().err


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_a_full_stdout(ledger: Path) -> None:
    for command in ("point list", "rollup 6 2026Q3 --csv", "log --help"):
        said = io.StringIO()
        with (
            open("/dev/full", "w") as full,  # noqa: PTH123 a device
            redirect_stdout(full),
            redirect_stderr(said),
        ):
            assert run(shlex.split(command)) == 4, command
        assert said.getvalue().splitlines()[-1:] == [FULL], command
        assert "Traceback" not in said.getvalue()


@pytest.mark.slow
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_a_full_stdout_of_a_process(ledger: Path) -> None:
    with open("/dev/full", "w") as full:  # noqa: PTH123 a device
        code, _, stderr = finish(shlex.split(LOG), stdout=full)
    assert (code, stderr.splitlines()[-1:]) == (4, [FULL])
    assert "Traceback" not in stderr


def test_an_interrupted_start_is_no_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(app, "configure", Mock(side_effect=KeyboardInterrupt))
    monkeypatch.setattr("sys.argv", ["ledger12315", "today"])
    with patch("signal.signal"), patch("gc.disable"):
        assert main() == 130


def test_a_register_too_large_for_a_copy(
    ledger: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(annotated, "_MOST_ANNOTATED", 2)
    Path("register.csv").write_text("登记编号,受理日期\nA-1,2026-09-01\n", "utf-8")
    assert run(["complaint", "import", "register.csv", "--annotate", "copy.xlsx"]) == 5
    said = "Error: The file holds more than 2 cells, too many for a copy.\n"
    assert capsys.readouterr().err.endswith(said)
    assert not Path("copy.xlsx").exists()


@contextmanager
def no_file_over(size: int) -> Iterator[None]:
    """Make writing beyond `size` bytes fail, as on a full disk."""
    import resource

    usual = resource.getrlimit(resource.RLIMIT_FSIZE)
    before = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, usual[1]))
    # Python itself would leave half of its bytecode behind, for all that start it later.
    with patch.object(sys, "dont_write_bytecode", True):
        try:
            yield
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, usual)
            signal.signal(signal.SIGXFSZ, before)


@pytest.mark.parametrize(
    "command",
    [
        LOG,
        "close 2026-0001 --outcome settled",
        "--db new.sqlite init --station 西门所 --county 榕溪县",
        "export 3 2026Q3 -o a.xlsx",
    ],
)
def test_a_write_that_fails_half_way_leaves_nothing_behind(
    ledger: Path, command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("a.xlsx").write_bytes(b"as it was")
    before = {path.name: path.read_bytes() for path in Path().iterdir()}
    with no_file_over(4096):
        code = run(shlex.split(command))
    stdout, stderr = capsys.readouterr()
    assert (code, stdout) == (4, "")
    assert re.match("(Rehearsal.*\n)?Error: ", stderr) and "Traceback" not in stderr
    assert {path.name: path.read_bytes() for path in Path().iterdir() if path.is_file()} == before


PIPES = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}


@pytest.mark.slow
def test_a_closed_pipe_ends_a_long_list_in_silence(ledger: Path) -> None:
    for _ in range(8):
        run([*shlex.split(LOG), "--remark", "长" * 5000])  # more than a pipe holds
    with start(["complaint", "list", "--csv"], **PIPES) as process:
        assert process.stdout is not None and process.stderr is not None
        assert process.stdout.readline()
        process.stdout.close()
        assert b"Error" not in (said := process.stderr.read()) and b"Traceback" not in said
    assert process.returncode == 0


@pytest.mark.slow
def test_ctrl_c_at_a_question(ledger: Path) -> None:
    def interruptible() -> None:
        """Undo a shell's choice to start the tests with Ctrl-C switched off."""
        signal.signal(signal.SIGINT, signal.SIG_DFL)

    reader, terminal = os.openpty()
    streams = {"stdin": terminal, "stdout": subprocess.PIPE, "stderr": terminal}
    arguments, only_prints = ["record", "inquiry"], {"TERM": "dumb"}
    with start(arguments, **streams, env=only_prints, preexec_fn=interruptible) as process:
        assert "\npoint [" in until(reader, "]: ")
        while process.poll() is None:  # one that comes just before it reads goes unheard
            process.send_signal(signal.SIGINT)
            with suppress(subprocess.TimeoutExpired):
                process.wait(5)
        os.close(terminal)
        said = until(reader)
    os.close(reader)
    assert (process.returncode, said.strip()) == (130, "Left; nothing was written.")
    assert ledger.read_bytes() == ledger_bytes()


@pytest.mark.slow
@for_all(
    ("line", "expected"),
    [
        ("point list >&-", 4),
        ("close 2026-0099 --outcome settled 2>&-", 3),
        ("log P001 --from-stdin <&-", 2),
    ],
)
def test_a_closed_stream_is_no_traceback(ledger: Path, line: str, expected: int) -> None:
    command = f"{shlex.quote(sys.executable)} -m ledger12315 {line}"
    done = subprocess.run(["sh", "-c", command], capture_output=True)
    assert (done.returncode, b"Traceback" in done.stderr) == (expected, False)


EMOJI = LOG.replace("P001", "\N{GRINNING FACE}商场")


@for_all("""
    encoding | command    | expected | shown
    ascii    | point list | 0        | P001
    ascii    | {EMOJI}    | 3        | ledger12315
    gbk      | {EMOJI}    | 3        | ledger12315
""")
def test_a_console_without_the_characters(
    ledger: Path, encoding: str, command: str, expected: str, shown: str
) -> None:
    console = io.TextIOWrapper(said := io.BytesIO(), encoding)
    with (
        patch.dict(os.environ, LEDGER12315_LANG="zh"),
        redirect_stdout(console),
        redirect_stderr(console),
    ):
        assert run(shlex.split(command.format(EMOJI=EMOJI))) == int(expected)
    assert shown.encode() in said.getvalue()
