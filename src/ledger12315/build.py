"""The program's version, which follows from the time of its commit.

A later commit is a higher version for pip. `git archive` and release/stamp.py write the commit in
here; a checkout asks git. A tree whose committed files were changed has the local part `+edited`.
"""

import time

_WRITTEN = "$Format:%H %ct$"
_BEIJING = 8 * 3600  # seconds ahead of UTC


def _of_checkout() -> str:
    """Return git's answer about the checkout of this file; nothing outside a checkout."""
    from pathlib import Path  # slow to load, and what is built has its stamp

    root = Path(__file__).parents[2]
    if not (root / ".git").exists():
        return ""
    commit = _ask_git(root, "log", "-1", "--format=%H %ct")
    return f"{commit} edited" if commit and _ask_git(root, "status", "-suno") else commit


def _ask_git(root: object, *question: str) -> str:
    import subprocess

    # The checkout may be somebody else's: git only reads it.
    asked = ["git", "-C", str(root), "-c", f"safe.directory={root}", *question]
    try:
        done = subprocess.run(asked, capture_output=True, text=True)  # noqa: S603 all fixed words
    except OSError:  # there is no git
        return ""
    return done.stdout.strip()


def _of_file() -> str:
    """Return a stamp without a commit: nobody knows what was edited since which one."""
    from pathlib import Path

    return f"unknown {int(Path(__file__).stat().st_mtime)} edited"


STAMP = (_of_checkout() if "%" in _WRITTEN else _WRITTEN) or _of_file()
"""The commit, its time in seconds since 1970, and `edited` for a tree that differs from it."""
_commit, _second, *_edited = STAMP.split()
_time = time.gmtime(int(_second) + _BEIJING)
_second_of_day = 10000 * _time.tm_hour + 100 * _time.tm_min + _time.tm_sec
VERSION = ".".join(map(str, (*_time[:3], _second_of_day))) + "+edited" * bool(_edited)
COMMIT = _commit[:12]
COMMITTED = time.strftime("%Y-%m-%d", _time)
"""The day of the commit, in Beijing."""
VERSION_LINE = f"ledger12315 {VERSION} ({COMMIT}, {COMMITTED})"
