"""Answers of a conversation, kept while they are given: a window, or the power, may be cut off."""

import json
import os
import re
import signal
import stat
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from glob import escape
from hashlib import sha256
from itertools import count
from pathlib import Path

from ledger12315.boxes.masks import Names
from ledger12315.words import visible_form

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

_DIGITS = 16
_FAR = 1 << 30  # where Windows locks a byte, which nobody can read meanwhile
# The drafts that this process may offer; a command outside a window may offer all.
_offered: set[Path] | None = None


@contextmanager
def standing_drafts(ledger: Path) -> Iterator[None]:
    """Offer in this window only the drafts that stand now, and its own."""
    global _offered
    _offered = {*ledger.parent.glob("*.draft")}
    try:
        yield
    finally:
        _offered = None


class Draft:
    """A file next to the ledger that only its owner can read; it is deleted once used.

    Each line has all answers until then as JSON, so that the last whole line counts after a power
    cut. Another conversation of the same command, that goes on meanwhile, has the file .2.
    """

    def __init__(self, ledger: Path, command: str, of: Sequence[str] = ()) -> None:
        """Name the file by the command, and by the digest of what the answers are of."""
        digest = sha256("\n".join(of).encode()).hexdigest()[:_DIGITS]
        name = re.sub(r"[^\w.-]", "-", command)  # a point's code in it is free text
        name += f"-{digest}" * bool(of)
        self._name = f"{ledger}.{name}"
        self._path: Path | None = None
        self._file = -1
        self._stays_open = False

    @contextmanager
    def held(self) -> Iterator[None]:
        """Keep, inside the block, other conversations from this one's answers."""
        self._stays_open = True
        try:
            yield
        finally:
            self._stays_open = False
            self._close()

    def keep(self, answers: Mapping[str, str]) -> bool:
        """Write the answers, if there are any; return whether they are kept."""
        if not answers:
            self.forget()
            return False
        line = f"\n{json.dumps(answers, ensure_ascii=False)}".encode()
        kept = False
        with suppress(OSError), self._opened() as found:
            if found or self._begin():
                kept = os.write(self._file, line) == len(line)
                os.fsync(self._file)
        return kept

    def read(self) -> dict[str, str]:
        """Return the answers that were kept, if any, of no conversation that still goes on."""
        with self._opened() as found:
            content = self._content() if found else b""
        lines = content.decode("utf-8", "replace").split("\n")
        return next((kept for line in reversed(lines) if (kept := _answers_in(line))), {})

    def forget(self) -> None:
        """Remove the kept answers."""
        with suppress(OSError), self._opened():
            if path := self._path:
                try:
                    path.unlink()
                except PermissionError:  # Windows removes no open file
                    self._close()
                    path.unlink()
                self._close()

    @contextmanager
    def _opened(self) -> Iterator[bool]:
        """Open the file inside the block; yield whether there is one."""
        try:
            yield self._is_held() or self._find()
        finally:
            if not self._stays_open:
                self._close()

    def _find(self) -> bool:
        """Hold a file that is there; return whether one is offered."""
        for path in self._paths():
            if not path.exists():
                return False
            if (_offered is None or path in _offered) and self._hold(path):
                return True
        return False

    def _paths(self) -> Iterator[Path]:
        """Yield where drafts of the command may be."""
        yield Path(f"{self._name}.draft")
        for number in count(2):
            yield Path(f"{self._name}.{number}.draft")

    def _begin(self) -> bool:
        """Hold a new file; return whether there is one."""
        for path in self._paths():
            if not path.exists():
                if _offered is not None:
                    _offered.add(path)
                return self._hold(path, os.O_CREAT | os.O_EXCL)
        return False

    def _hold(self, path: Path, how: int = 0) -> bool:
        """Open and lock a file; return whether no other conversation holds it."""
        flags = os.O_RDWR | os.O_APPEND | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
        with suppress(OSError):
            self._file, self._path = os.open(path, flags | how, 0o600), path
            _lock(self._file)
            # Its writer may have removed it between opening and locking.
            if stat.S_ISREG(os.fstat(self._file).st_mode) and self._is_held():
                return True
        self._close()
        return False

    def _is_held(self) -> bool:
        """Return whether the open file is still the one with its name."""
        with suppress(OSError):
            there = self._path.stat() if self._path else None
            return there is not None and os.path.samestat(os.fstat(self._file), there)
        return False

    def _content(self) -> bytes:
        parts = []
        with suppress(OSError):
            os.lseek(self._file, 0, os.SEEK_SET)
            while part := os.read(self._file, 1 << 16):
                parts.append(part)
        return b"".join(parts)

    def _close(self) -> None:
        file, self._file, self._path = self._file, -1, None
        with suppress(OSError):
            if file >= 0:
                os.close(file)


def _lock(file: int) -> None:
    """Lock an open file until it is closed. Raises OSError if another holds it."""
    if sys.platform == "win32":
        os.lseek(file, _FAR, os.SEEK_SET)
        msvcrt.locking(file, msvcrt.LK_NBLCK, 1)
    else:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


def _answers_in(line: str) -> dict[str, str]:
    """Return the answers on a line of a draft; none if it was cut off."""
    kept: object = None
    with suppress(ValueError, RecursionError):
        kept = json.loads(line)
    pairs = kept.items() if isinstance(kept, dict) else ()
    return {str(key): str(text) for key, text in pairs}


def forget_drafts_about(ledger: Path, people: Sequence[Names]) -> None:
    """Remove the answers kept beside a ledger that name any of these people."""
    for path in ledger.parent.glob(f"{escape(ledger.name)}.*.draft"):
        with suppress(OSError, UnicodeDecodeError):
            text = visible_form(path.read_text("utf-8"))
            if any(each.mask(text) != text for each in people):
                path.unlink()


@contextmanager
def hanging_up() -> Iterator[None]:
    """Let the program exit and keep its answers when its window is closed."""
    if not hasattr(signal, "SIGHUP"):
        yield
        return
    before = signal.signal(signal.SIGHUP, _hang_up)
    try:
        yield
    finally:
        signal.signal(signal.SIGHUP, before)


def ignore_hanging_up() -> None:
    """Let the answers be kept in full: the signal comes twice."""
    if hasattr(signal, "SIGHUP"):
        signal.signal(signal.SIGHUP, signal.SIG_IGN)


def _hang_up(number: int, _frame: object) -> None:
    sys.exit(128 + number)  # an event loop would only report any other error
