"""Answers of an interrupted conversation, kept for the next time, also when a window is closed."""

import json
import re
import signal
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from glob import escape
from hashlib import sha256
from pathlib import Path

from ledger12315.boxes.masks import Names
from ledger12315.errors import Unusable
from ledger12315.ledger.store.atomic import new_file_beside, put
from ledger12315.words import visible_form

_DIGITS = 16


class Draft:
    """A file next to the ledger that only its owner can read; it is deleted once used."""

    def __init__(self, ledger: Path, command: str, of: Sequence[str] = ()) -> None:
        """Name the file by the command, and by the digest of what the answers are of."""
        digest = sha256("\n".join(of).encode()).hexdigest()[:_DIGITS]
        name = re.sub(r"[^\w.-]", "-", command)  # a point's code in it is free text
        name += f"-{digest}" * bool(of)
        self._path = Path(f"{ledger}.{name}.draft")

    def keep(self, answers: Mapping[str, str]) -> bool:
        """Write the answers, if there are any; return whether they are kept."""
        if not answers:
            self.forget()
            return False
        content = json.dumps(answers, ensure_ascii=False).encode()
        # Those kept before stay until these are whole.
        with suppress(OSError, Unusable), new_file_beside(self._path) as fresh:
            fresh.write_bytes(content)
            put(fresh, self._path)
            return True
        return False

    def read(self) -> dict[str, str]:
        """Return the answers that were kept, if any."""
        kept: object = None
        with suppress(OSError, ValueError, RecursionError):
            if self._path.is_file():  # and not, for example, a pipe
                kept = json.loads(self._path.read_text("utf-8"))
        pairs = kept.items() if isinstance(kept, dict) else ()
        return {str(key): str(text) for key, text in pairs}

    def forget(self) -> None:
        """Remove the kept answers."""
        with suppress(OSError):
            self._path.unlink()


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
