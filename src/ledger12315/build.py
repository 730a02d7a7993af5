"""The program's version, which follows from the time of its commit.

A later commit is a higher version for pip. `git archive` and release/stamp.py write the commit in
here; a checkout asks git.
"""

import time

_WRITTEN = "$Format:%H %ct$"
_BEIJING = 8 * 3600  # seconds ahead of UTC


def _of_checkout() -> str:
    """Return git's answer about the checkout of this file; nothing outside a checkout."""
    import subprocess
    from pathlib import Path

    root = Path(__file__).parents[2]
    if not (root / ".git").exists():
        return ""
    asked = ["git", "-C", str(root), "log", "-1", "--format=%H %ct"]
    try:
        done = subprocess.run(asked, capture_output=True, text=True)  # noqa: S603 all fixed words
    except OSError:  # there is no git
        return ""
    return done.stdout.strip()


STAMP = _of_checkout() if "%" in _WRITTEN else _WRITTEN
"""The commit and its time in seconds since 1970, empty if unknown."""
_commit, _space, _second = STAMP.partition(" ")
_time = time.gmtime(int(_second or 0) + _BEIJING)
_second_of_day = 10000 * _time.tm_hour + 100 * _time.tm_min + _time.tm_sec
VERSION = ".".join(map(str, (*_time[:3], _second_of_day))) if STAMP else "0"
COMMIT = _commit[:12] or "unknown"
COMMITTED = time.strftime("%Y-%m-%d", _time) if STAMP else ""
"""The day of the commit, in Beijing."""
VERSION_LINE = f"ledger12315 {VERSION} ({COMMIT}{', ' * bool(STAMP)}{COMMITTED})"
