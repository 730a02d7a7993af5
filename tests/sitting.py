"""One command at a pseudo-terminal of 80 columns and 24 rows, as somebody sees its screen."""

import os
import re
import select
import signal
import struct
import subprocess
import termios
from collections.abc import Sequence
from contextlib import suppress
from fcntl import ioctl
from types import TracebackType
from typing import Any, Self

import pyte

from tests.terminal import start

_MARK, _READY = "\x1b[?2004h", "\x1b[?25h"
_COLUMNS, _ROWS = 80, 24
_LONGEST, _DRAWN = 60, 1  # seconds


class Sitting:
    """Somebody's conversation with one command; at its end the window is closed."""

    def __init__(self, line: Sequence[str], **options: Any) -> None:
        self._terminal, terminal = os.openpty()
        ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", _ROWS, _COLUMNS, 0, 0))
        self._screen = pyte.Screen(_COLUMNS, _ROWS)
        self._stream = pyte.ByteStream(self._screen)
        streams = dict.fromkeys(("stdin", "stdout", "stderr"), terminal)
        env = {"TERM": "xterm", "PROMPT_TOOLKIT_NO_CPR": "1"} | options.pop("env", {})
        self._process = start(line, env=env, start_new_session=True, **streams, **options)
        os.close(terminal)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: object, trace: TracebackType | None
    ) -> None:
        os.close(self._terminal)
        self._process.send_signal(signal.SIGHUP)
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(_LONGEST)
        self._process.kill()

    def kill(self) -> None:
        """Kill the command, which can do nothing more."""
        self._process.kill()
        self._process.wait(_LONGEST)

    @property
    def code(self) -> int:
        """The exit code, once the command has ended."""
        return self._process.wait(_LONGEST)

    @property
    def screen(self) -> str:
        """What is on the screen."""
        return "\n".join(row.rstrip() for row in self._screen.display).strip("\n")

    def type(self, keys: str) -> None:
        """Type some keys."""
        os.write(self._terminal, keys.encode())

    def asked(self, settled: float = 0) -> tuple[str, str] | None:
        """Return what was said since the last answer, and what is asked; None at the end.

        More may come for `settled` seconds after a question.
        """
        seen = b""
        with suppress(OSError):  # Linux reports the end of a terminal as an error
            while piece := self._piece(_LONGEST):
                seen += piece
                said, mark, asked = seen.decode(errors="ignore").rpartition(_MARK)
                found = re.search(r"\x1b\[J\x1b\[0m([^\x1b]+)", asked)
                there = mark and found and _READY in asked[found.end() :]
                if found and there and not (settled and self._comes(settled)):
                    return _plain(said), found[1]
        self.last = _plain(seen.decode(errors="ignore"))
        return None

    def sign_of(self, text: str) -> str | None:
        """Return what stands on the screen beside a text that is offered below the line."""
        while True:
            below = self._screen.display[self._screen.cursor.y + 1 :]
            for row in below:
                if found := re.search(
                    rf"(?:^|\s)([\d=]+) {re.escape(text)}(?:[,，(（]|\s|$)", row
                ):
                    return found[1]
            if not self._comes(_DRAWN):
                return None
            self._piece(0)

    def _comes(self, seconds: float) -> bool:
        """Return whether more is coming."""
        return bool(select.select([self._terminal], [], [], seconds)[0])

    def _piece(self, seconds: float) -> bytes:
        if not self._comes(seconds):
            raise RuntimeError(f"nothing came for {seconds} seconds:\n{self.screen}")
        piece = os.read(self._terminal, 65536)
        self._stream.feed(piece)
        return piece


def _plain(said: str) -> str:
    return re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]|\r", "", said)
