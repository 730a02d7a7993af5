"""Errors: what each says in both languages, its exit code, and that it leaves every file as it was."""

import ast
import io
import os
import re
import resource
import shlex
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from ledger12315.cli.app import run
from ledger12315.ledger import points
from ledger12315.sheets import annotated
from tests import catalogue, states
from tests.errors import PAGE, brought_about, cases, errors, outcomes, typed
from tests.states import CONTENTS, LEDGER, State, ledger_bytes
from tests.terminal import finish, start, until

# A sentence that no case brings out -> why, and where it is tested.
ELSEWHERE = {
    "Output cannot be written: {reason}. What the command did is kept.": "test_a_full_stdout",
    "this is a fault of the program, please send its report: {path}": "test_a_fault_of_the_program",
    "The ledger refuses this entry: {reason}. Nothing was changed.": "ledger/test_file.py",
    "its head is not as SQLite writes it": "test_a_byte_that_changed",
    "a text in it is not readable": "test_a_byte_that_changed",
    "The file holds more than {most} cells, too many for a copy.": "test_a_register_too_large",
    "The ledger was written to meanwhile; nothing is submitted. Submit {period} again.": (
        "cli/test_returns.py"
    ),
    "The newest backup: {path}": "cli/test_backup.py: its path is a whole one",
    "The command line cannot be understood: {reason}": "kept for what a later Typer may say",
    "Show this message and exit.": "cli/test_help.py: it is no error",
}
# What takes the sentence of an error first.
RAISED = ("LedgerError", "Unclear", "Refused", "Unusable", "Unacceptable", "Misread", "_hundredths")
# Elsewhere below the command line, every message belongs to an error.
REMARKS = (
    "errors.py",
    *(f"{name}.py" for name in ("amending", "complaints", "owed", "registration")),
)
NO_LEDGERS = (
    states.a_folder,
    states.a_text,
    states.no_bytes,
    states.foreign,
    states.newer,
    states.without_version,
)


def error_sentences() -> dict[str, str]:
    """Return each sentence that an error can hold, and where it stands."""
    found: dict[str, str] = {}
    for place, node, call in catalogue.shown():
        file, name = place.partition(":")[0], ast.unparse(call.func).rpartition(".")[2]
        below = "/cli/" not in file or file.endswith(("cli/app.py", "cli/help.py"))
        part = name in ("message", "N_") and below and not file.endswith(REMARKS)
        if (name in RAISED or part) and isinstance(node, ast.Constant):
            found.setdefault(str(node.value), place)
    return found


@pytest.mark.slow
@pytest.mark.xdist_group("errors")
def test_each_error_reads_as_documented_and_changes_nothing() -> None:
    assert errors() == PAGE.read_text("utf-8"), "nox -s docs writes the page anew; read its changes"
    for case, found in outcomes().items():
        for outcome in found:
            assert (case, outcome.exit_code, outcome.changed) == (case, case.exit_code, frozenset())
            assert not outcome.stdout or "complaint import" in case.typed, case


@pytest.mark.slow
@pytest.mark.xdist_group("errors")
def test_every_sentence_of_an_error_has_its_case() -> None:
    said = {sentence for english, _ in outcomes().values() for sentence in english.sentences}
    lacking = [
        f"{place}: {sentence!r}"
        for sentence, place in error_sentences().items()
        if sentence not in said | {*ELSEWHERE}
    ]
    assert not lacking, "add a section to docs/errors.md:\n" + "\n".join(lacking)
    assert said.isdisjoint(ELSEWHERE) and ELSEWHERE.keys() <= error_sentences().keys()


def test_the_page_tells_its_ledger_and_names_each_case_once() -> None:
    assert CONTENTS in PAGE.read_text("utf-8")
    names = [case.wrong for case in cases()]
    assert len(names) > 200 and len({*names}) == len(names)
    assert len(names) == PAGE.read_text("utf-8").count("\n### ")


@pytest.mark.parametrize("state", NO_LEDGERS, ids=lambda state: state.__doc__)
def test_no_command_touches_what_is_no_ledger(state: State) -> None:
    commands = (
        "overdue",
        "close 2026-0001 --outcome settled",
        "settings set station_limit 30",
        "export 6 2026Q3",
    )
    with brought_about(state):
        found = [typed(f"ledger12315 {command}") for command in commands]
        refused = typed("ledger12315 init --station 西门所 --county 榕溪县")
    assert {(each.exit_code, each.stdout, each.stderr, each.changed) for each in found} == {
        (4, "", found[0].stderr, frozenset())
    }
    assert (refused.exit_code, refused.changed) == (3, frozenset())


@pytest.fixture
def ledger(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the ledger of states.py, alone in the current folder."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LEDGER12315_DB", str(LEDGER))
    monkeypatch.setenv("LEDGER12315_TODAY", "2026-09-28")
    LEDGER.write_bytes(ledger_bytes())
    return LEDGER


LOG = "log P001 --complainant 张三 --item 电饭锅 --facts 不加热 --kind goods"


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
    said = f"Error: this is a fault of the program, please send its report: {report}\n"
    assert capsys.readouterr().err == said
    text = report.read_text("utf-8")
    assert "KeyError\n" in text and "point.py:" in text
    assert re.search(r"^test_errors.py:\d+ broken$", text, re.M)
    assert "张三" not in text, "a report may be sent to anybody"
    assert report.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    ("mark", "beyond", "why"),
    [
        ("SQLite format 3", 18, "its head is not as SQLite writes it"),
        ("东门超市", 0, "a text in it is not readable"),
    ],
)
def test_a_byte_that_changed(
    ledger: Path, capsys: pytest.CaptureFixture[str], mark: str, beyond: int, why: str
) -> None:
    content = bytearray(ledger.read_bytes())
    content[content.index(mark.encode()) + beyond] = 0xFF
    ledger.write_bytes(content)
    assert run(["point", "list"]) == 4
    assert f"is damaged ({why})" in capsys.readouterr().err


FULL = "Error: Output cannot be written: the disk is full. What the command did is kept.\n"
needs_full = pytest.mark.skipif(
    not Path("/dev/full").exists(), reason="needs a device that is always full"
)


@needs_full
@pytest.mark.parametrize("command", ["point list", "rollup 6 2026Q3 --json", "overdue --help", LOG])
def test_a_full_stdout(
    ledger: Path,
    command: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    with open("/dev/full", "w") as full:  # noqa: PTH123 a device
        monkeypatch.setattr("sys.stdout", full)
        assert run(shlex.split(command)) == 4
    assert capsys.readouterr().err.endswith(FULL)


@needs_full
def test_a_process_with_a_full_stdout(ledger: Path) -> None:
    with open("/dev/full", "w") as full:  # noqa: PTH123 a device
        assert finish(["point", "list"], stdout=full) == (4, "", FULL)


def test_a_register_too_large_for_a_copy(
    ledger: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(annotated, "_MOST_CELLS", 2)
    Path("register.csv").write_text("登记编号,受理日期\nA-1,2026-09-01\n", "utf-8")
    assert run(["complaint", "import", "register.csv", "--annotate", "copy.xlsx"]) == 5
    said = "Error: The file holds more than 2 cells, too many for a copy.\n"
    assert capsys.readouterr().err.endswith(said)
    assert not Path("copy.xlsx").exists()


def no_file_over(size: int) -> None:
    """Make writing beyond `size` bytes fail in the child, as on a full disk."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))


@pytest.mark.parametrize(
    "command",
    [
        LOG,
        "close 2026-0001 --outcome settled",
        "--db new.sqlite init --station 西门所 --county 榕溪县",
        "export 3 2026Q3 -o a.xlsx",
    ],
)
def test_a_write_that_fails_half_way_leaves_nothing_behind(ledger: Path, command: str) -> None:
    Path("a.xlsx").write_bytes(b"as it was")
    before = {path.name: path.read_bytes() for path in Path().iterdir()}
    # Python itself would leave half of its bytecode behind, for all that start it later.
    unwritten = {"PYTHONDONTWRITEBYTECODE": "1"}
    code, stdout, stderr = finish(
        shlex.split(command), preexec_fn=lambda: no_file_over(4096), env=unwritten
    )
    assert (code, stdout) == (4, "")
    assert stderr.startswith("Error: ") and "Traceback" not in stderr
    assert {path.name: path.read_bytes() for path in Path().iterdir() if path.is_file()} == before


def test_a_closed_pipe_ends_a_long_list_in_silence(ledger: Path) -> None:
    for _ in range(8):
        run([*shlex.split(LOG), "--remark", "长" * 5000])  # more than a pipe holds
    streams = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with start(["complaint", "list", "--csv"], **streams) as process:
        assert process.stdout is not None and process.stderr is not None
        assert process.stdout.readline()
        process.stdout.close()
        assert b"Error" not in (said := process.stderr.read()) and b"Traceback" not in said
    assert process.returncode == 0


def test_ctrl_c_at_a_question(ledger: Path) -> None:
    def interruptible() -> None:
        """Undo what a shell may have done that started the tests with Ctrl-C switched off."""
        signal.signal(signal.SIGINT, signal.SIG_DFL)

    reader, terminal = os.openpty()
    streams = {"stdin": terminal, "stdout": subprocess.PIPE, "stderr": terminal}
    with start(["log", "P001"], **streams, preexec_fn=interruptible) as process:
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
    command = f"{shlex.quote(sys.executable)} -m ledger12315 {line}"
    done = subprocess.run(["sh", "-c", command], capture_output=True)
    assert (done.returncode, b"Traceback" in done.stderr) == (expected, False)


# What a console without the characters cannot show of itself.
UNSEEN = [("point list", 0), (LOG.replace("P001", "\N{GRINNING FACE}商场"), 3)]


@pytest.mark.parametrize("encoding", ["ascii", "gbk"])
@pytest.mark.parametrize(("command", "expected"), UNSEEN, ids=["list", "error"])
def test_a_console_without_the_characters(
    ledger: Path, monkeypatch: pytest.MonkeyPatch, encoding: str, command: str, expected: int
) -> None:
    streams = {"sys.stdout": io.BytesIO(), "sys.stderr": io.BytesIO()}
    for name, stream in streams.items():
        monkeypatch.setattr(name, io.TextIOWrapper(stream, encoding=encoding))
    monkeypatch.setenv("LEDGER12315_LANG", "zh")
    assert run(shlex.split(command)) == expected
    said, error = (stream.getvalue() for stream in streams.values())
    assert b"P001" in said or b"ledger12315" in error


@pytest.mark.parametrize(("command", "expected"), UNSEEN, ids=["list", "error"])
def test_a_process_in_a_locale_without_the_characters(
    ledger: Path, command: str, expected: int
) -> None:
    env = {"LC_ALL": "C", "LEDGER12315_LANG": "zh"}
    code, stdout, stderr = finish(shlex.split(command), env=env)
    assert (code, "Traceback" in stderr) == (expected, False)
    assert "P001" in stdout or "ledger12315" in stderr
