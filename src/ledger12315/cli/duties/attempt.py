"""An attempt to send a message to one address by apprise, and why it failed, without any key.

This module needs apprise, the extra `notify`.
"""

import errno
import logging
import re
import socket
import ssl
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from threading import Thread
from typing import Any
from urllib.parse import urljoin

from apprise import Apprise, NotificationManager
from apprise.plugins.dingtalk import NotifyDingTalk
from apprise.plugins.feishu import NotifyFeishu
from apprise.plugins.wecombot import NotifyWeComBot
from apprise.utils.http import read_bounded_response
from requests import PreparedRequest, RequestException, Response, Session, codes, sessions
from requests.adapters import HTTPAdapter
from requests.exceptions import TooManyRedirects

from ledger12315.errors import Message, message


class _TooLong(RequestException):
    pass


_LATE = message("there was no answer in time")
_WHY: Mapping[type[BaseException], Message] = {
    TimeoutError: _LATE,
    ConnectionError: message("the connection was broken off"),
    ConnectionRefusedError: message("the connection was refused"),
    socket.gaierror: message("no computer of this name was found, or there is no network"),
    ssl.SSLError: message("no secure connection could be made"),
    ssl.SSLCertVerificationError: message("its certificate is not trusted on this computer"),
    TooManyRedirects: message(
        "the answer was a redirect to another address, which was not followed"
    ),
    _TooLong: message("the answer was longer than 1 MB"),
}
"""What an error means; of two that fit, the later one is closer."""
_UNREACHABLE = errno.ENETUNREACH, errno.EHOSTUNREACH
_KEY = message("its key is wrong, or was withdrawn; make a new address for the robot")
_SETTINGS = message("the robot's security settings: its keyword, signature or permitted addresses")
_TOO_MANY = message("too many messages in a minute")
_REFUSED: Mapping[str, Message] = {
    "93000": _KEY,
    "93004": message("the robot was removed from its group"),
    "45009": _TOO_MANY,
    "300001": _KEY,
    "310000": _SETTINGS,
    "130101": _TOO_MANY,
    "19001": _KEY,
    "19021": _SETTINGS,
    "19022": _SETTINGS,
    "19024": _SETTINGS,
    "11232": _TOO_MANY,
}
"""What the code in an answer means: three of WeCom, three of DingTalk, five of Feishu."""
_FOREIGN = "foreign"
"""Stands for the status of an answer that no robot gave."""
_LONGEST = 1_000_000


class Attempt(Thread):
    """The sending of a message to one address, for which the program waits no longer than it will.

    apprise has no limit of its own here: it would send in a worker that the program's end waits
    for.
    """

    failure: Message | None = _LATE
    """Why the message has not arrived."""
    heard = message("it was not accepted there")
    answer: Response | None = None

    def __init__(self, sender: Apprise, title: str, body: str) -> None:
        super().__init__(daemon=True)  # not waited for at the program's end
        self.sender, self.title, self.body = sender, title, body

    def run(self) -> None:
        """Send the message."""
        _ATTEMPT.set(self)
        sent = self.sender.notify(title=self.title, body=self.body)
        self.failure = None if sent else self.heard


_ATTEMPT: ContextVar[Attempt] = ContextVar("attempt")


@contextmanager
def hearing_reasons() -> Iterator[None]:
    """Keep meanwhile why attempts fail."""
    logger, handler = logging.getLogger("apprise"), _HeardReasons()
    logger.addHandler(handler)
    try:
        yield
    finally:
        logger.removeHandler(handler)


class _HeardReasons(logging.Handler):
    """Keeps the reason of a failure, since apprise's own text may contain the key."""

    def emit(self, record: logging.LogRecord) -> None:
        """Keep the logged answer or the error being handled."""
        if (attempt := _ATTEMPT.get(None)) is None:
            return
        if answered := re.search(r"\berror=(-?\w+)\b", record.getMessage()):
            attempt.heard = _why_refused(answered[1])
        for error in _causes(sys.exc_info()[1]):
            for kind, why in _WHY.items():
                if isinstance(error, kind):
                    attempt.heard = why
            if isinstance(error, OSError) and error.errno in _UNREACHABLE:
                attempt.heard = message("it cannot be reached from this network")


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    """Yield an error and what led to it; urllib3 hands some on as arguments only."""
    while error is not None:
        yield error
        within = [value for value in error.args if isinstance(value, BaseException)]
        error = error.__cause__ or error.__context__ or next(iter(within), None)


def _why_refused(status: str) -> Message:
    if status == _FOREIGN:
        return message("the answer came from something else, such as a proxy")
    if means := _REFUSED.get(status):
        return message("the answer was {status}: {why}", status=status, why=means)
    return message("the answer was {status}", status=status)


def read_answers() -> None:
    """Let apprise read answers within bounds, and those of robots as what they say.

    Robots answer 200 to what they refuse too; the body has the code of the refusal.
    """
    setattr(sessions, "HTTPAdapter", _BoundedAdapter)  # noqa: B010 mypy takes no assignment
    manager: Any = NotificationManager
    plugins = {NotifyDingTalk: "errcode", NotifyWeComBot: "errcode", NotifyFeishu: "code"}
    for plugin, key in plugins.items():
        reading = type(plugin.__name__, (_ReadsAnswers, plugin), {"code": key})
        manager().add(reading, force=True)


class _BoundedAdapter(HTTPAdapter):
    """Takes no endless answer, and none that leads the message away."""

    def send(self, request: PreparedRequest, *rest: Any, **how: Any) -> Response:
        """Return the whole answer. Raises RequestException."""
        answer = super().send(request, *rest, **how)
        if _leads_away(answer):
            answer.close()
            raise TooManyRedirects
        content = read_bounded_response(answer, _LONGEST)  # type: ignore[no-untyped-call]
        if content is None:
            raise _TooLong
        answer._content = content
        if attempt := _ATTEMPT.get(None):
            attempt.answer = answer
        return answer


def _leads_away(answer: Response) -> bool:
    """Return whether an answer leads to another host, or drops the message on the way."""
    if not answer.is_redirect:
        return False
    there = urljoin(answer.url, answer.headers["location"])
    kept = answer.status_code in (codes.temporary_redirect, codes.permanent_redirect)
    return not kept or Session().should_strip_auth(answer.url, there)


class _ReadsAnswers:
    """Makes a plugin count only those messages as delivered that the robot says it took."""

    logger: logging.Logger
    code: str

    def send(self, *message: Any, **how: Any) -> bool:
        """Return whether the robot took the message."""
        attempt = _ATTEMPT.get()
        attempt.answer = None
        sent: bool = super().send(*message, **how)  # type: ignore[misc]  # of the plugin
        if attempt.answer is None or attempt.answer.status_code != codes.ok:
            return False
        if refusal := _refusal(attempt.answer, self.code):
            self.logger.warning("Refused: error=%s", refusal)
        return sent and not refusal


def _refusal(answer: Response, key: str) -> str:
    """Return the code of a robot's refusal, empty for a message that it took."""
    try:
        code = answer.json()[key]
    except (ValueError, TypeError, KeyError):
        return _FOREIGN
    if type(code) is not int:  # False is 0 too
        return _FOREIGN
    return str(code or "")
