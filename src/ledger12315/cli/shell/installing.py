"""The shell that started the program: lines for it, and the script that completes in it."""

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Callable, Mapping
from importlib import resources
from pathlib import Path
from shlex import quote
from shutil import which
from typing import NamedTuple

from ledger12315.cli.face.desk import say
from ledger12315.errors import Message, Refused, Unusable, explain_write_errors, message

POWERSHELLS = ("powershell", "pwsh")


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


_MARK = "# ledger12315 --uninstall-completion"
_SCRIPT_ENDS = {"bash": "bash", "zsh": "zsh", "fish": "fish", **dict.fromkeys(POWERSHELLS, "ps1")}
_ASK_PROFILE = '[Console]::OutputEncoding = [Text.Encoding]::UTF8; "$PROFILE"'
# A Restricted shell reads no profile; a stricter policy is an administrator's decision.
_ALLOW_PROFILE = (
    "; if ((Get-ExecutionPolicy) -eq 'Restricted')"
    " { Set-ExecutionPolicy RemoteSigned -Scope CurrentUser -Force; 'RemoteSigned' }"
)
_BOMS = {b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}


class _ScriptPlace(NamedTuple):
    """A shell's completion script, the file that the shell reads first, and our line in it."""

    script: Path
    profile: Path | None = None
    line: str = ""


def set_up_completion(install: bool, uninstall: bool) -> None:
    """Install or remove completion for the starting shell, or else print its script.

    Raises Refused for a shell that cannot complete, Unusable.
    """
    shell = starting_shell()
    if shell not in _SCRIPT_ENDS:
        raise Refused(
            "This shell cannot complete commands. Type this in bash, zsh, fish or PowerShell."
        )
    if not install and not uninstall:
        print(completion_script(shell), end="")
        return
    place, notes = _place_in(shell, _ALLOW_PROFILE if install else "")
    if install:
        done = message("{shell} completes with Tab from its next start.", shell=shell)
        files = _install(shell, place)
    else:
        done = message("{shell} no longer completes ledger12315 from its next start.", shell=shell)
        files = _uninstall(place)
    changed = [message("Changed: {files}", files=[*map(str, files)])] if files else []
    say(done, *changed, *notes)


def completes(shell: str) -> bool | None:
    """Return whether a shell was set up to complete; None for one that cannot. Raises Unusable."""
    if shell not in _SCRIPT_ENDS:
        return None
    place, _ = _place_in(shell, "")
    profile = place.profile
    lines = profile.read_bytes() if profile and profile.is_file() else b""
    return place.script.is_file() and (not profile or _MARK.encode() in lines.replace(b"\0", b""))


def completion_script(shell: str) -> str:
    """Return a shell's completion script."""
    name = f"ledger12315.{_SCRIPT_ENDS[shell]}"
    return resources.files("ledger12315").joinpath("completion", name).read_text("utf-8")


def _install(shell: str, place: _ScriptPlace) -> list[Path]:
    """Write a shell's script and the line that runs it; return the files. Raises Unusable."""
    with explain_write_errors(place.script):
        place.script.parent.mkdir(parents=True, exist_ok=True)
        place.script.write_text(completion_script(shell), "utf-8", newline="\n")
    if not place.profile:
        return [place.script]
    _edit(place.profile, place.line)
    return [place.script, place.profile]


def _uninstall(place: _ScriptPlace) -> list[Path]:
    """Remove what `_install` wrote; return the files that there were. Raises Unusable."""
    files = [path for path in (place.script, place.profile) if path and path.exists()]
    with explain_write_errors(place.script):
        place.script.unlink(missing_ok=True)
    if place.profile in files:
        _edit(place.profile, "")
    return files


def _place_in(shell: str, allowed: str) -> tuple[_ScriptPlace, list[Message]]:
    """Return the place of a shell's completion, and the permission given for it."""
    if shell in POWERSHELLS:
        answered, *policy = _answer_of(shell, _ASK_PROFILE + allowed)
        profile = Path(answered)
        script = profile.with_name("ledger12315.ps1")
        own = '"$PSScriptRoot/ledger12315.ps1"'
        changed = message("PowerShell now runs this computer's scripts, for this user only.")
        place = _ScriptPlace(script, profile, f"if (Test-Path {own}) {{ . {own} }}  {_MARK}")
        return place, [changed for _ in policy]
    config = Path(os.environ.get("XDG_CONFIG_HOME") or "~/.config").expanduser()
    if shell == "fish":
        return _ScriptPlace(config / "fish" / "completions" / "ledger12315.fish"), []
    home = os.environ.get("ZDOTDIR", "~") if shell == "zsh" else "~"
    script = config / "ledger12315" / f"completion.{shell}"
    own = quote(str(script))
    profile = Path(home, f".{shell}rc").expanduser()
    return _ScriptPlace(script, profile, f"[ -f {own} ] && . {own}  {_MARK}"), []


def _answer_of(shell: str, command: str) -> list[str]:
    """Return PowerShell's answer to a command, by lines. Raises Unusable."""
    try:
        done = subprocess.run(  # noqa: S603 what is run is the shell that started the program
            [shell, "-NoProfile", "-NonInteractive", "-Command", command],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=True,
        )
        return done.stdout.decode("utf-8-sig").splitlines()
    except (OSError, subprocess.CalledProcessError, UnicodeDecodeError) as error:
        why = str(error).rstrip(".。")  # Windows ends its sentences
        raise Unusable(
            "{shell} does not say where its profile is: {reason}.", shell=shell, reason=why
        ) from error


def _edit(profile: Path, line: str) -> None:
    """Put a line at the end of a shell's file, in place of an older one of the program.

    Raises Unusable.
    """
    with explain_write_errors(profile):
        profile.parent.mkdir(parents=True, exist_ok=True)
        content = profile.read_bytes() if profile.exists() else b""
        encoding = _BOMS.get(content[:2], "utf-8")
        text = content.decode(encoding, "surrogateescape")
        kept = "".join(each for each in text.splitlines(keepends=True) if _MARK not in each)
        if kept and line and not kept.endswith("\n"):
            kept += "\n"
        added = f"{line}\n" if line else ""
        profile.write_bytes((kept + added).encode(encoding, "surrogateescape"))
