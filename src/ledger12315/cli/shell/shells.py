"""The shell that started the program, and lines for it."""

import os
import re
import shlex
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from shutil import which

POWERSHELLS = ("powershell", "pwsh")


def starting_shell() -> str:
    """Return the shell's name, such as bash or cmd; a likely one if it is unknown."""
    from shellingham import ShellDetectionFailure, detect_shell

    try:
        return str(detect_shell()[0])
    except ShellDetectionFailure:
        usual = "cmd" if sys.platform == "win32" else "sh"
        return Path(os.environ.get("SHELL", usual)).name


def own_name() -> str:
    """Return the program's command: its name, or its path if the shell does not find the name."""
    path = Path(sys.argv[0])
    if path.stem != "ledger12315":
        return "ledger12315"
    found = which("ledger12315")
    named = found and path.exists() and Path(found).samefile(path)
    return "ledger12315" if named else str(path)


def line_for(shell: str, *words: str, settings: Mapping[str, str] | None = None) -> str:
    """Return a shell's line for these words, with environment variables set.

    In cmd and PowerShell they stay set afterwards.
    """
    quoted = _QUOTED.get(shell, shlex.quote)
    plain = r"[\w./:\\-]+" if shell in ("cmd", *POWERSHELLS) else r"[\w./:-]+"

    def typed(text: str) -> str:
        return text if re.fullmatch(plain, text) else quoted(text)

    line, given = " ".join(map(typed, words)), (settings or {}).items()
    if shell == "cmd":
        return " & ".join([*(f"set {quoted(f'{name}={value}')}" for name, value in given), line])
    if shell in POWERSHELLS:
        sets = [f"$env:{name} = {quoted(value)}" for name, value in given]
        return "; ".join([*sets, f"& {line}" if line.startswith("'") else line])
    return " ".join([*(f"{name}={typed(value)}" for name, value in given), line])


def _in_powershell(text: str) -> str:
    doubled = text.replace("'", "''")
    return f"'{doubled}'"


def _in_fish(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"


_QUOTED: Mapping[str, Callable[[str], str]] = {
    "cmd": '"{}"'.format,
    "fish": _in_fish,
    **dict.fromkeys(POWERSHELLS, _in_powershell),
}
