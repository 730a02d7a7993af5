"""Each error is brought out: its whole text in both languages, its exit code, and that it leaves every file as it was."""

import ast
import os
import re
import resource
import shlex
import signal
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

import pytest

from ledger12315.cli.app import run
from ledger12315.cli.face import help as usage
from ledger12315.ledger import points
from ledger12315.sheets.paper import annotated
from tests import catalogue, states
from tests.catalogue import ROOT
from tests.errors import CASES, Case, Outcome, bring_out
from tests.generate_docs import error_section
from tests.states import LEDGER, State, ledger_bytes
from tests.terminal import finish, start, until

# A sentence that no case brings out -> why, and where it is tested.
ELSEWHERE = {
    "Output cannot be written: {reason}. What the command did is kept.": "test_a_full_stdout",
    "this is a fault of the program, please send its report: {path}": "test_a_fault_of_the_program",
    "The ledger refuses this entry: {reason}. Nothing was changed.": "ledger/test_file.py: the rules are asked first",
    "The file holds more than {most} cells, too many for a copy.": "test_a_register_too_large_for_a_copy",
    "The ledger was written to meanwhile; nothing is submitted. Submit {period} again.": "cli/test_returns.py: it is written to",
    "The newest backup: {path}": "cli/test_backup.py: its path is a whole one",
    "The command line cannot be understood: {reason}": "kept for what a later Typer may have to say",
}
# What takes the sentence of an error first; in these modules every message belongs to an error.
RAISED = (
    "LedgerError",
    "Unclear",
    "Refused",
    "Unusable",
    "Unacceptable",
    "Misread",
    "_hundredths",
)
NO_LEDGERS = (
    states.a_folder,
    states.a_text,
    states.no_bytes,
    states.foreign,
    states.newer,
    states.without_version,
)
SAID_IN = (
    *("cli/app.py", "cli/help.py", "ledger/backup.py", "ledger/check.py", "ledger/comparing.py"),
    *("ledger/importing.py", "ledger/known_backups.py", "ledger/returns.py"),
    *("rules/consolidation.py", "rules/eligibility.py", "rules/importing.py"),
    *("sheets/basis.py", "sheets/fill.py", "sheets/names.py", "sheets/ooxml.py", "sheets/read.py"),
)


def error_sentences() -> dict[str, str]:
    """Each sentence that an error can hold, and where it stands."""
    found = {sentence: "cli/help.py" for _, sentence in usage._USAGE_ERRORS}
    for place, node, call in catalogue.shown():
        name = ast.unparse(call.func).rpartition(".")[2]
        said = name in RAISED or (name == "message" and place.partition(":")[0].endswith(SAID_IN))
        if said and isinstance(node, ast.Constant):
            found.setdefault(str(node.value), place)
    return found


def outcomes(case: Case) -> tuple[Outcome, Outcome]:
    return bring_out(case, "en"), bring_out(case, "zh")


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.wrong)
def test_an_error_reads_as_documented_and_changes_nothing(case: Case) -> None:
    for outcome in outcomes(case):
        assert (outcome.exit_code, outcome.stdout != "", outcome.changed) == (
            case.exit_code,
            case.listed,
            frozenset(),
        )
    page = (ROOT / "docs" / "errors.md").read_text("utf-8")
    assert error_section(case, *outcomes(case)) in page, (
        "nox -s docs writes the page anew; read what has changed in it"
    )


def test_every_sentence_of_an_error_has_its_case() -> None:
    said = {sentence for case in CASES for sentence in bring_out(case, "en").sentences}
    lacking = [
        f"{place}: {sentence!r}"
        for sentence, place in error_sentences().items()
        if sentence not in said | {*ELSEWHERE}
    ]
    assert not lacking, "add a case to tests/errors.py:\n" + "\n".join(lacking)
    assert [
        sentence for sentence in ELSEWHERE if sentence in said or sentence not in error_sentences()
    ] == []


def test_every_case_has_its_own_name() -> None:
    assert [
        name for name, count in Counter(case.wrong for case in CASES).items() if count > 1
    ] == []


@pytest.mark.parametrize("state", NO_LEDGERS, ids=lambda state: state.__doc__)
def test_no_command_touches_what_is_no_ledger(state: State) -> None:
    commands = (
        "overdue",
        "close 2026-0001 --outcome settled",
        "settings set station_limit 30",
        "export 6 2026Q3",
    )
    found = [bring_out(Case(4, "", command, state), "en") for command in commands]
    assert {(each.exit_code, each.stdout, each.stderr, each.changed) for each in found} == {
        (4, "", found[0].stderr, frozenset())
    }
    refused = bring_out(Case(3, "", "init --station 西门所 --county 榕溪县", state), "en")
    assert (refused.exit_code, refused.changed) == (3, frozenset())


@pytest.fixture
def ledger(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The ledger of states.py, alone in the current folder."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LEDGER12315_DB", str(LEDGER))
    LEDGER.write_bytes(ledger_bytes())
    return LEDGER


LOG = (
    "log",
    "P001",
    "--complainant",
    "张三",
    "--item",
    "电饭锅",
    "--facts",
    "不加热",
    "--kind",
    "goods",
)


def test_a_fault_of_the_program(
    ledger: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise KeyError("张三")

    monkeypatch.setattr(points, "listed", broken)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    assert run(["point", "list"]) == 4
    [report] = tmp_path.glob("*.txt")
    assert (
        capsys.readouterr().err
        == f"Error: this is a fault of the program, please send its report: {report}\n"
    )
    text = report.read_text("utf-8")
    assert (
        "KeyError\n" in text
        and re.search(r"^test_errors.py:\d+ broken$", text, re.M)
        and "point.py:" in text
    )
    assert "张三" not in text, "a report may be sent to anybody"
    assert report.stat().st_mode & 0o777 == 0o600


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
@pytest.mark.parametrize(
    "command", [("point", "list"), ("rollup", "6", "2026Q3", "--json"), ("overdue", "--help"), LOG]
)
def test_a_full_stdout(ledger: Path, command: tuple[str, ...]) -> None:
    with open("/dev/full", "w") as full:  # noqa: PTH123 a device
        code, _, stderr = finish(command, stdout=full)
    assert (code, stderr.splitlines()[-1:]) == (
        4,
        ["Error: Output cannot be written: the disk is full. What the command did is kept."],
    )
    assert "Traceback" not in stderr


def test_a_register_too_large_for_a_copy(
    ledger: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(annotated, "_MOST_CELLS", 2)
    Path("register.csv").write_text("登记编号,受理日期\nA-1,2026-09-01\n", "utf-8")
    assert run(["complaint", "import", "register.csv", "--annotate", "copy.xlsx"]) == 5
    assert (
        capsys.readouterr().err
        == "Error: The file holds more than 2 cells, too many for a copy.\n"
    )
    assert not Path("copy.xlsx").exists()


def no_file_over(size: int) -> None:
    """For the child alone: writing beyond `size` bytes fails, as on a full disk."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))


@pytest.mark.parametrize(
    "command",
    [
        LOG,
        ("close", "2026-0001", "--outcome", "settled"),
        ("--db", "new.sqlite", "init", "--station", "西门所", "--county", "榕溪县"),
        ("export", "3", "2026Q3", "-o", "a.xlsx"),
    ],
    ids=lambda command: command[0] if command[0] != "--db" else "init",
)
def test_a_write_that_fails_half_way_leaves_nothing_behind(
    ledger: Path, command: tuple[str, ...]
) -> None:
    Path("a.xlsx").write_bytes(b"as it was")
    before = {path.name: path.read_bytes() for path in Path().iterdir()}
    # Python itself would leave half of its bytecode behind, for all that start it later.
    unwritten = {"PYTHONDONTWRITEBYTECODE": "1"}
    code, stdout, stderr = finish(command, preexec_fn=lambda: no_file_over(4096), env=unwritten)
    assert (code, stdout) == (4, "")
    assert stderr.startswith("Error: ") and "Traceback" not in stderr
    assert {path.name: path.read_bytes() for path in Path().iterdir() if path.is_file()} == before


def test_a_closed_pipe_ends_a_long_list_in_silence(
    ledger: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LEDGER12315_TODAY", "2026-09-28")
    for _ in range(8):
        run([*LOG, "--remark", "长" * 5000])  # more than a pipe holds
    with start(
        ["complaint", "list", "--csv"], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout is not None and process.stderr is not None
        assert process.stdout.readline()
        process.stdout.close()
        assert b"Error" not in (said := process.stderr.read()) and b"Traceback" not in said
    assert process.returncode == 0


def test_ctrl_c_at_a_question(ledger: Path) -> None:
    reader, terminal = os.openpty()
    streams = {"stdin": terminal, "stdout": subprocess.PIPE, "stderr": terminal}
    # A shell may have started the tests with Ctrl-C switched off.
    with start(
        ["log", "P001"], **streams, preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL)
    ) as process:
        until(reader, "complainant:")
        os.write(reader, b"\n")
        assert "complainant: it is empty." in until(reader, "empty.\r\ncomplainant:")
        process.send_signal(signal.SIGINT)
        os.close(terminal)
        said = until(reader)
    os.close(reader)
    assert (process.returncode, said.strip()) == (130, "Error: interrupted.")
    assert ledger.read_bytes() == ledger_bytes()


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("point list >&-", 0),
        ("close 2026-0099 --outcome settled 2>&-", 3),
        ("log P001 --from-stdin <&-", 2),
    ],
)
def test_a_closed_stream_is_no_fault(ledger: Path, line: str, expected: int) -> None:
    done = subprocess.run(
        ["sh", "-c", f"{shlex.quote(sys.executable)} -m ledger12315 {line}"], capture_output=True
    )
    assert (done.returncode, b"Traceback" in done.stderr) == (expected, False)


@pytest.mark.parametrize(
    "console", [{"LC_ALL": "C"}, {"PYTHONIOENCODING": "ascii"}, {"PYTHONIOENCODING": "gbk"}]
)
def test_a_console_without_the_characters(ledger: Path, console: dict[str, str]) -> None:
    for command, expected in (
        (["point", "list"], 0),
        (["log", "\N{GRINNING FACE}商场", *LOG[2:]], 3),
    ):
        with start(
            command,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=console | {"LEDGER12315_LANG": "zh"},
        ) as process:
            stdout, stderr = process.communicate()
        assert (process.returncode, b"Traceback" in stderr) == (expected, False)
        assert b"P001" in stdout or b"ledger12315" in stderr
