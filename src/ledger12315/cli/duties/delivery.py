"""The delivery of a message by apprise, and the reason where it failed, without any key.

`send_message` needs apprise, the extra `notify`; this module is loaded only to send.
"""

import errno
import logging
import os
import re
import socket
import ssl
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Thread
from typing import TYPE_CHECKING, Any

from ledger12315.cli.face.configuration import environment_with
from ledger12315.errors import Message, Unclear, Unusable, message

if TYPE_CHECKING:
    from requests import Response

_LONGEST_WAIT, _LONGEST_ANSWER = 20, 1_000_000
"""The seconds that an address may take in all, and the bytes of its answer."""
_TOO_LATE = message("there was no answer in time")
_UNREACHABLE = message("it cannot be reached from here")
_WHY: Mapping[type[BaseException], Message] = {
    TimeoutError: _TOO_LATE,
    OverflowError: message("the answer was longer than any robot's"),
    ssl.SSLError: message("no secure connection could be made"),
    ssl.SSLCertVerificationError: message("its certificate is not trusted by this computer"),
    ConnectionRefusedError: message("the connection was refused"),
    socket.gaierror: message("no computer of this name was found, or there is no network"),
}
_WHY_BY_NUMBER = dict.fromkeys((errno.EHOSTUNREACH, errno.ENETUNREACH), _UNREACHABLE)
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
"""What a code means: 93000, 93004 and 45009 of WeCom, 19 and 11 thousands of Feishu, others of
DingTalk."""
_AUTHORITIES = (Path("/etc/ssl/certs/ca-certificates.crt"), Path("/etc/pki/tls/cert.pem"))
"""The certificates of whom a computer trusts: Debian's and UOS's, and Kylin's."""
_FOREIGN, _NO_ANSWER = "foreign", "none"
"""Stand for the status of an answer that no robot gave, and of none at all."""


def send_message(addresses: Sequence[str], title: str, body: str) -> list[Message]:
    """Send a message, unless its body is empty; return the addresses it did not reach.

    They are named by their position, since most contain a key. Raises Unclear for a text that is
    not an address, Unusable if apprise is not installed.
    """
    try:
        from apprise import Apprise
    except ImportError:
        raise Unusable('To send messages install: pip install "apprise~=2.3"') from None
    _read_answers_of_robots()
    with _listen_to_apprise() as heard, _trusting_as_the_computer(), _bounded_answers():
        senders = {address: Apprise() for address in addresses}
        if not all(sender.add(address) for address, sender in senders.items()):
            raise Unclear(
                "--notify takes an address that messages can be sent to, such as {example}.",
                example="mailto://NAME@HOST",
            )
        failed = []
        for place, (address, sender) in enumerate(senders.items() if body else (), 1):
            heard.why = message("it was not accepted there")
            if not _notify_in_time(sender, heard, title, body):
                kind, _, _ = address.partition(":")
                failed.append(
                    message(
                        "address {place} ({kind}): {why}", place=place, kind=kind, why=heard.why
                    )
                )
    return failed


def _notify_in_time(sender: Any, heard: "_Heard", title: str, body: str) -> bool:
    """Return whether a message was delivered before _LONGEST_WAIT was over.

    A thread that still waits for an answer then ends with the program.
    """
    delivered: list[bool] = []
    thread = Thread(
        target=lambda: delivered.append(sender.notify(title=title, body=body)), daemon=True
    )
    thread.start()
    thread.join(_LONGEST_WAIT)
    if thread.is_alive():
        heard.why = _TOO_LATE
    return any(delivered)


def _why_refused(status: str) -> Message:
    if status == _NO_ANSWER:
        return message("no answer was heard")
    if status == _FOREIGN:
        return message("the answer came from something else, such as a proxy")
    if means := _REFUSED.get(status):
        return message("the answer was {status}: {why}", status=status, why=means)
    return message("the answer was {status}", status=status)


class _Heard(logging.Handler):
    """Keeps the reason of a failure, since apprise's own text may contain the key."""

    why: Message

    def emit(self, record: logging.LogRecord) -> None:
        """Keep the logged answer or the error being handled."""
        if answered := re.search(r"\berror=(\w+)\b", record.getMessage()):
            self.why = _why_refused(answered[1])
        error = sys.exc_info()[1]
        while error is not None:
            for kind, why in _WHY.items():
                if isinstance(error, kind):
                    self.why = why
            if isinstance(error, OSError):
                self.why = _WHY_BY_NUMBER.get(error.errno or 0, self.why)
            error = error.__cause__ or error.__context__


@contextmanager
def _listen_to_apprise() -> Iterator[_Heard]:
    logger, heard = logging.getLogger("apprise"), _Heard()
    logger.addHandler(heard)
    try:
        yield heard
    finally:
        logger.removeHandler(heard)


@contextmanager
def _trusting_as_the_computer() -> Iterator[None]:
    """Trust meanwhile whom the computer trusts too, such as an office's own authority.

    Its list may be old, so that certifi's counts as well. What the user has set holds alone.
    """
    import certifi

    kept = [path.read_text("utf-8", "replace") for path in _AUTHORITIES if path.is_file()]
    unset = {"REQUESTS_CA_BUNDLE", "SSL_CERT_FILE"} - {*os.environ}
    if os.environ.get("CURL_CA_BUNDLE"):  # requests reads it where its own is unset
        unset.discard("REQUESTS_CA_BUNDLE")
    with TemporaryDirectory() as folder:
        both = Path(folder, "authorities.pem")
        both.write_text("\n".join([certifi.contents(), *kept]), "utf-8")
        with environment_with(dict.fromkeys(unset, str(both))):
            yield


def _read_answers_of_robots() -> None:
    """Let apprise send to WeCom, DingTalk and Feishu by plugins that also read the answer's body.

    All answer 200 to what they refuse; the body has the code of the refusal.
    """
    from apprise import NotificationManager
    from apprise.plugins.dingtalk import NotifyDingTalk
    from apprise.plugins.feishu import NotifyFeishu
    from apprise.plugins.wecombot import NotifyWeComBot

    manager: Any = NotificationManager
    for plugin, key in (
        (NotifyDingTalk, "errcode"),
        (NotifyWeComBot, "errcode"),
        (NotifyFeishu, "code"),
    ):
        reading = type(plugin.__name__, (_ReadsAnswers, plugin), {"key_of_code": key})
        manager().add(reading, force=True)


class _ReadsAnswers:
    """Makes a plugin count only those messages as delivered that the robot says it took."""

    logger: logging.Logger
    key_of_code: str

    def send(self, *message: Any, **how: Any) -> bool:
        """Return whether the robot took the message."""
        with _heard_answers() as answers:
            sent: bool = super().send(*message, **how)  # type: ignore[misc]  # of the plugin
        refusals = [
            _refusal(answer, self.key_of_code) for answer in answers if answer.status_code == 200
        ]
        if sent and not refusals:
            refusals = [_NO_ANSWER]
        for refusal in filter(None, refusals):
            self.logger.warning("Refused: error=%s", refusal)
        return sent and not any(refusals)


def _refusal(answer: "Response", key: str) -> str:
    """Return the code of a robot's refusal, empty for a message that it took."""
    try:
        code = answer.json()[key]
    except (ValueError, TypeError, KeyError):
        return _FOREIGN
    return "" if code == 0 and code is not False else str(code)


@contextmanager
def _heard_answers() -> "Iterator[list[Response]]":
    """Yield the answers that requests gets meanwhile; apprise keeps them to itself."""
    answers: list[Response] = []

    def hear(answer: "Response") -> "Response":
        answers.append(answer)
        return answer

    with _answers_passed(hear):
        yield answers


@contextmanager
def _bounded_answers() -> Iterator[None]:
    """Let requests follow no redirect meanwhile, and read no more of an answer than a robot says.

    A redirect would take the message to another computer.
    """
    from requests import RequestException

    def read_in_bounds(answer: "Response") -> "Response":
        content = b""
        for part in answer.iter_content(_LONGEST_ANSWER):
            content += part
            if len(content) > _LONGEST_ANSWER:
                answer.close()
                raise RequestException from OverflowError()
        answer._content = content  # requests has no other way to give what was read
        return answer

    with _answers_passed(read_in_bounds, allow_redirects=False, stream=True):
        yield


@contextmanager
def _answers_passed(pass_on: "Callable[[Response], Response]", **options: bool) -> Iterator[None]:
    """Pass each answer that requests gets meanwhile through a function."""
    from requests import Session

    plain = Session.send

    def send(session: Session, *request: Any, **how: Any) -> "Response":
        return pass_on(plain(session, *request, **{**how, **options}))

    setattr(Session, "send", send)  # noqa: B010 mypy takes no assignment to a method
    try:
        yield
    finally:
        setattr(Session, "send", plain)  # noqa: B010 as above
