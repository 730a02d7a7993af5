"""The script that completes in the shell that started the program."""

import os
import subprocess
from importlib import resources
from pathlib import Path
from shlex import quote
from typing import NamedTuple

from ledger12315.cli.face.desk import say
from ledger12315.cli.face.shells import POWERSHELLS, starting_shell
from ledger12315.errors import Message, Refused, Unusable, explain_write_errors, message

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
