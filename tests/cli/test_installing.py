"""Completion with Tab, installed into the shells found, and removed again."""

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from ledger12315.cli.face import shells
from ledger12315.cli.shell import installing
from tests.cli.conftest import Cli
from tests.rows import table
from tests.served import served
from tests.terminal import until

SHELLS = {"bash": ["bash", "-i"], "zsh": ["zsh", "-i"], "fish": ["fish", "-i"]}
MARK = "# ledger12315 --uninstall-completion"
_of_unix = pytest.mark.skipif(sys.platform == "win32", reason="its home and shells are of Unix")


def home(tmp_path: Path, *tools: Path) -> dict[str, str]:
    """Return surroundings with a home of their own, in which the program is found."""
    (tmp_path / "张 三").mkdir(exist_ok=True)
    programs = [*map(str, tools), str(Path(sys.executable).parent), os.environ["PATH"]]
    own = {"HOME": str(tmp_path / "张 三"), "XDG_CONFIG_HOME": "", "TERM": "xterm"}
    return os.environ | own | {"PATH": ":".join(programs), "LC_ALL": "C.UTF-8"}


def typed(shell: str, turns: Sequence[tuple[str, str]], env: dict[str, str]) -> list[str]:
    """Return an interactive shell's output for keys, each up to an expected text."""
    reader, terminal = os.openpty()
    with subprocess.Popen(
        SHELLS[shell],
        stdin=terminal,
        stdout=terminal,
        stderr=terminal,
        env=env,
        cwd=Path(env["HOME"]).parent,
        start_new_session=True,
    ) as process:
        os.close(terminal)
        seen = []
        for keys, awaited in turns:
            os.write(reader, keys.encode())
            seen.append(until(reader, awaited))
        process.kill()
    os.close(reader)
    return seen


@pytest.fixture
def at_home(cli: Cli, tmp_path: Path) -> Cli:
    """The command line with a home of its own and no shell yet."""
    for name, value in home(tmp_path).items():
        cli.set.setenv(name, value)
    return cli


def started_from(shell: str, cli: Cli) -> None:
    cli.set.setattr("ledger12315.cli.shell.installing.starting_shell", lambda: shell)


SCRIPT = "'HOME/.config/ledger12315/completion.SHELL'"
LINE = f"[ -f {SCRIPT} ] && . {SCRIPT}  {MARK}"


@_of_unix
@table("""
    shell
    bash
    zsh
""")
@pytest.mark.parametrize("before", ["", "alias a=b\n", "# \u7ec8\u7aef\nalias a=b"])
def test_it_changes_one_line_and_takes_it_back(
    shell: str, before: str, at_home: Cli, tmp_path: Path
) -> None:
    started_from(shell, at_home)
    profile = tmp_path / "张 三" / f".{shell}rc"
    profile.write_bytes(before.encode("gbk"))
    for _ in range(2):
        told = at_home("--install-completion")
        whole = before if before.endswith("\n") or not before else f"{before}\n"
        line = LINE.replace("HOME", str(tmp_path / "张 三")).replace("SHELL", shell)
        assert profile.read_bytes() == whole.encode("gbk") + f"{line}\n".encode()
    script = tmp_path / "张 三" / ".config" / "ledger12315" / f"completion.{shell}"
    assert script.read_text("utf-8") == installing.completion_script(shell)
    assert told.out == (
        f"{shell} completes with Tab from its next start.\nChanged: {script}, {profile}\n"
    )
    assert installing.completes(shell)
    profile.rename(aside := tmp_path / "kept")
    assert not installing.completes(shell)
    aside.rename(profile)
    told = at_home("--uninstall-completion")
    assert (profile.read_bytes(), script.exists()) == (whole.encode("gbk"), False)
    assert told.out == (
        f"{shell} no longer completes ledger12315 from its next start.\n"
        f"Changed: {script}, {profile}\n"
    )


@_of_unix
def test_fish_reads_a_file_of_its_own(at_home: Cli, tmp_path: Path) -> None:
    started_from("fish", at_home)
    script = tmp_path / "张 三" / ".config" / "fish" / "completions" / "ledger12315.fish"
    told = at_home("--install-completion").out
    assert told == f"fish completes with Tab from its next start.\nChanged: {script}\n"
    assert script.read_text("utf-8") == installing.completion_script("fish")
    at_home.all("--uninstall-completion")
    assert not script.exists()


OWN = '"$PSScriptRoot/ledger12315.ps1"'
POWERSHELL_LINE = f"if (Test-Path {OWN}) {{ . {OWN} }}  {MARK}"


@_of_unix
@table("""
    encoding  | policy
    utf-8     |
    utf-8-sig | RemoteSigned
    gbk       |
    utf-16    | RemoteSigned
""")
def test_powershells_profile_keeps_its_characters(
    encoding: str, policy: str, at_home: Cli, tmp_path: Path
) -> None:
    folder = tmp_path / "张 三" / "文档"
    folder.mkdir()
    profile = folder / "profile.ps1"
    profile.write_bytes("# 终端\r\n".encode(encoding))
    # It says where the profile is in UTF-8, and whether it had to allow it.
    asked = tmp_path / "pwsh"
    said = f"printf '%s\\r\\n' '{profile}' {policy}"
    asked.write_text(f"#!/bin/sh\necho \"$@\" >> '{tmp_path}/asked'\n{said}\n", "utf-8")
    asked.chmod(0o755)
    at_home.set.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    started_from("pwsh", at_home)
    told = at_home("--install-completion").out
    assert profile.read_bytes().decode(encoding) == f"# 终端\r\n{POWERSHELL_LINE}\n"
    assert profile.with_name("ledger12315.ps1").read_text() == installing.completion_script("pwsh")
    assert ("PowerShell now runs this computer's scripts" in told) == bool(policy)
    at_home.all("--uninstall-completion")
    assert profile.read_bytes().decode(encoding) == "# 终端\r\n"
    first, second = (tmp_path / "asked").read_text("utf-8").splitlines()
    allowed = [
        "Set-ExecutionPolicy RemoteSigned -Scope CurrentUser" in each for each in (first, second)
    ]
    assert allowed == [True, False]


def test_a_powershell_that_says_nothing_is_named(at_home: Cli, tmp_path: Path) -> None:
    started_from("pwsh", at_home)
    at_home.set.setenv("PATH", str(tmp_path))
    code, out, err = at_home("--install-completion")
    assert (code, out) == (4, "")
    assert err.startswith("Error: pwsh does not say where its profile is: [")


def test_another_shell_is_refused(cli: Cli) -> None:
    cli.set.delenv("SHELL", raising=False)
    cli.set.setattr("shellingham.detect_shell", Path("none").stat)
    cli.set.setattr(sys, "platform", "win32")
    assert shells.starting_shell() == "cmd"
    for option in ("--install-completion", "--uninstall-completion", "--show-completion"):
        assert cli(option).err == (
            "Error: This shell cannot complete commands. Type this in bash, zsh, fish or "
            "PowerShell.\n"
        )


@table("""
    shell
    bash
    zsh
    fish
    pwsh
    powershell
""")
def test_the_script_is_printed(shell: str, cli: Cli) -> None:
    started_from(shell, cli)
    assert cli("--show-completion").out == installing.completion_script(shell)


@pytest.mark.slow
@pytest.mark.parametrize("shell", SHELLS)
def test_tab_in_a_shell(shell: str, tmp_path: Path) -> None:
    if not shutil.which(shell):
        pytest.skip(f"{shell} is not installed")
    (tmp_path / "a-file.txt").touch()
    env = home(tmp_path, served().parent)
    run = [shell, "-c", "ledger12315 --install-completion; true"]
    said = subprocess.check_output(run, text=True, env=env)
    assert said.startswith(f"{shell} completes with Tab from its next start.\n")
    # The first Tab of a new shell; then where nothing can be known, where a file is wanted,
    # and what is told of a command.
    _, unknown, *_ = typed(
        shell,
        (
            ("ledger12315 overd\t", "overdue"),
            ("\x15ledger12315 --db none.sqlite log \t\t; echo do''ne\r", "done"),
            ("ledger12315 ledger restore a-f\t", "a-file.txt"),
            ("\x15ledger12315 t\t\t", "today" if shell == "bash" else "A bureau's own"),
        ),
        env,
    )
    assert "a-file" not in unknown
