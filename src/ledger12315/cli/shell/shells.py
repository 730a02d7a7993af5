"""The shell that started the program, and lines for it."""

import os
import re
import shlex
import sys
from collections.abc import Mapping
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
    given = (settings or {}).items()
    if shell == "cmd":
        sets = [f'set "{name}={value}"' for name, value in given]
        return " & ".join([*sets, " ".join(map(_in_cmd, words))])
    if shell in POWERSHELLS:
        sets = [f"$env:{name} = {_text_in_powershell(value)}" for name, value in given]
        line = " ".join(map(_in_powershell, words))
        return "; ".join([*sets, f"& {line}" if line.startswith("'") else line])
    quoted = _in_fish if shell == "fish" else _in_posix
    return " ".join([*(f"{name}={quoted(value)}" for name, value in given), *map(quoted, words)])


def _in_cmd(word: str) -> str:
    return word if re.fullmatch(r"[\w./:\\-]+", word) else f'"{word}"'


def _in_powershell(word: str) -> str:
    return word if re.fullmatch(r"[\w./:\\-]+", word) else _text_in_powershell(word)


def _text_in_powershell(text: str) -> str:
    doubled = text.replace("'", "''")
    return f"'{doubled}'"


def _in_fish(word: str) -> str:
    escaped = word.replace("\\", "\\\\").replace("'", "\\'")
    return word if re.fullmatch(r"[\w./:-]+", word) else f"'{escaped}'"


def _in_posix(word: str) -> str:
    return word if re.fullmatch(r"[\w./:-]+", word) else shlex.quote(word)
