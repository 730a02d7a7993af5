"""The shell that started the program: lines for it, and the hints that are typed in it."""

import os
import re
import shlex
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from shutil import which

from ledger12315.locale import by_language
from ledger12315.locale.hints import HintStyle

POWERSHELLS = ("powershell", "pwsh")
_PLAIN = r"[\w./:-]"
"""What no shell takes for anything but itself."""


def starting_shell() -> str:
    """Return the shell's name, such as bash or cmd; a likely one if it is unknown."""
    from shellingham import ShellDetectionFailure, detect_shell

    try:
        return str(detect_shell()[0])
    except (ShellDetectionFailure, OSError):  # such as: there is neither /proc nor ps
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
    line = " ".join(typed_word(shell, word) for word in words)
    quoted, given = _QUOTED.get(shell, shlex.quote), (settings or {}).items()
    if shell == "cmd":
        return " & ".join([*(f"set {quoted(f'{name}={value}')}" for name, value in given), line])
    if shell in POWERSHELLS:
        sets = [f"$env:{name} = {quoted(value)}" for name, value in given]
        return "; ".join([*sets, f"& {line}" if line.startswith("'") else line])
    return " ".join([*(f"{name}={typed_word(shell, value)}" for name, value in given), line])


def typed_word(shell: str, word: str) -> str:
    """Return a word as it is typed in a shell, in quotation marks if it needs them."""
    plain = rf"(?:{_PLAIN}|\\)+" if shell in ("cmd", *POWERSHELLS) else f"{_PLAIN}+"
    return word if re.fullmatch(plain, word) else _QUOTED.get(shell, shlex.quote)(word)


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


def shell_hints(*ledger: str) -> HintStyle:
    """Return how hints are typed in the starting shell; the options `ledger` name the ledger."""
    return HintStyle(ledger=ledger, quoted=_typed_here)


def hints_elsewhere(path: Path) -> HintStyle:
    """Return how hints are typed by who reads them elsewhere, as in a mail."""
    return shell_hints(by_language("--台账", "--db"), str(path.absolute()))


def _typed_here(word: str) -> str:
    if re.fullmatch(f"{_PLAIN}+", word):  # as almost always: no shell has to be looked for
        return word
    return typed_word(starting_shell(), word)
