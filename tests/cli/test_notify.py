"""`--notify`: counts and numbers arrive at a chat of the test's own, without names."""

import errno
import json
import os
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from shutil import which
from threading import Event, Thread
from typing import Any
from unittest.mock import patch

import pytest

from release.robot import listening
from tests.cli.conftest import Cli
from tests.rows import for_all

_NAMES = "张三", "13900001111", "锅", "东门商场", "林秀珍", "陈建平"


class Chat(HTTPServer):
    """What takes every message and answers with `code`, if any, and `body`, once it may."""

    code = 200
    body = ""
    location = ""

    def redirects(self, path: str) -> bool:
        return bool(self.location) and not self.location.endswith(path)

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answer)
        self.messages: list[dict[str, Any]] = []
        self.answering = Event()
        self.answering.set()

    @property
    def address(self) -> str:
        return f"json://127.0.0.1:{self.server_port}/key-of-the-chat"


class Answer(BaseHTTPRequestHandler):
    server: Chat

    def do_POST(self) -> None:
        content = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.messages.append(json.loads(content))
        self.server.answering.wait()
        if not self.server.code:
            return
        redirects = self.server.redirects(self.path)
        self.send_response(self.server.code if redirects or not self.server.location else 200)
        if redirects:
            self.send_header("Location", self.server.location)
        self.end_headers()
        self.wfile.write(self.server.body.encode())

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def serving() -> Iterator[Chat]:
    """Yield a chat that takes messages meanwhile, past any proxy."""
    with Chat() as server, patch.dict(os.environ, NO_PROXY="127.0.0.1,name.invalid"):
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


_LOG = "log P001 --complainant 张三 --item 锅 --facts 坏 --kind goods --phone 13900001111"


@pytest.fixture
def chat(cli: Cli) -> Iterator[Chat]:
    cli.given("\n".join(f"{_LOG} --received {day}" for day in ("9-18", "9-21", "9-28")))
    with serving() as server:
        yield server


def told(chat: Chat) -> str:
    [message] = chat.messages
    chat.messages.clear()
    text = f"{message['title']}\n{message['message']}"
    assert [name for name in _NAMES if name in json.dumps(message, ensure_ascii=False)] == []
    return text


@for_all("""
    line              | lang | said
    overdue --within 1 | zh | 东门所12315台账，2026-09-28 周一 / 超期未结：1  2026-0001 \
        / 将到期：1  2026-0002
    today --mail      | en   | 12315 ledger of 东门所, 2026-09-28 Mon / overdue: 1  2026-0001 \
        / falls due: 1  2026-0002 / visit due: 2 / notice proposed: 1 / untrained liaison: 1 \
        / no officer: 1 / calendar: 2
""")
def test_counts_and_numbers_arrive(line: str, lang: str, said: str, chat: Chat, cli: Cli) -> None:
    result = cli(f"{line} --notify {chat.address}", lang=lang)
    assert result == cli(line, lang=lang) and result.code == 0
    assert told(chat).splitlines() == re.split(" +/ ", said)


def test_of_very_many_twenty_are_named(chat: Chat, cli: Cli) -> None:
    cli.given("\n".join(f"{_LOG} --received 9-18" for _ in range(20)))
    assert cli(f"overdue --notify {chat.address}").code == 0
    named = ", ".join(f"2026-{number:04}" for number in (1, *range(4, 23)))
    assert told(chat) == f"12315 ledger of 东门所, 2026-09-28 Mon\noverdue: 21  {named}, …"


def test_nothing_is_sent_where_nothing_is_listed(chat: Chat, cli: Cli) -> None:
    assert cli(f"overdue --as-of 2026-09-18 --notify {chat.address}") == (0, "", "")
    assert chat.messages == []


@for_all(
    ("lang", "said"),
    [
        (
            "en",
            "Error: The message was not delivered to every address.\n"
            "  address 1 (json): the answer was 500\n"
            "  address 2 (json): the connection was refused\n"
            "  address 3 (json): no computer of this name was found, or there is no network\n",
        ),
        (
            "zh",
            "错误：消息没有全部送达。\n"
            "  第1个地址（json）：对方答复 500\n"
            "  第2个地址（json）：对方拒绝连接\n"
            "  第3个地址（json）：找不到这个名称的主机，或没有网络\n",
        ),
    ],
)
def test_what_did_not_arrive_is_told_after_the_list(
    lang: str, said: str, chat: Chat, cli: Cli
) -> None:
    """Addresses are counted: the keys of chats stand in them."""
    chat.code = 500
    with closing(socket.socket()) as nobody:
        nobody.bind(("127.0.0.1", 0))  # and does not listen
        others = f"json://127.0.0.1:{nobody.getsockname()[1]}/key", "json://name.invalid/key"
        more = " ".join(f"--notify {address}" for address in (chat.address, *others))
        result = cli(f"overdue {more}", lang=lang)
    assert (result.code, result.err) == (4, said)
    assert result.out.startswith("2026-0001\t")


@for_all("address", ["none", "nochat://key"])
def test_what_is_no_address(address: str, chat: Chat, cli: Cli) -> None:
    result = cli(f"overdue --notify {chat.address} --notify {address}")
    said = "--notify takes an address that messages can be sent to, such as mailto://NAME@HOST."
    assert (result, chat.messages) == ((2, "", f"Error: {said}\n"), [])


def test_without_apprise(chat: Chat, cli: Cli) -> None:
    cli.set.setitem(sys.modules, "apprise", None)
    result = cli(f"overdue --notify {chat.address}")
    assert (result.code, "pip install" in result.err) == (4, True)


ROBOTS = {
    "wecombot": ("NotifyWeComBot", "the-key"),
    "dingtalk": ("NotifyDingTalk", "thekey"),
    "feishu": ("NotifyFeishu", "the-key"),
}


@for_all("""
    robot    | body                                      | why
    wecombot | {"errcode": 0, "errmsg": "ok"}            |
    wecombot | {"errcode": 93000, "errmsg": "invalid the-key"} | 93000: its key is
    wecombot | {"errcode": 45009}                        | 45009: too many messages in a minute
    wecombot | {"errcode": 40058}                        | the answer was 40058
    wecombot | <html>Sign in                             | from something else, such as a proxy
    wecombot | []                                        | from something else, such as a proxy
    dingtalk | {"errcode": 0, "errmsg": "ok"}            |
    dingtalk | {"errcode": 310000, "errmsg": "no keyword"} | 310000: the robot's
    dingtalk | {"errcode": 300001, "errmsg": "thekey"}   | 300001: its key is wrong
    feishu   | {"code": 0, "msg": "success"}             |
    dingtalk | {"errcode": -1}                           | the answer was -1
    dingtalk | {"errcode": false}                        | from something else, such as a proxy
    feishu   | {"code": 19024, "msg": "Key Words Not Found"} | 19024: the robot's security
    feishu   | {"code": 19001, "msg": "the-key"}         | 19001: its key is wrong
    feishu   | {"code": 11232}                           | 11232: too many messages in a minute
    feishu   | {"code": 9499}                            | the answer was 9499
    feishu   | <html>Sign in                             | from something else, such as a proxy
    feishu   |                                           | from something else, such as a proxy
    feishu   | {}                                        | from something else, such as a proxy
    feishu   | [0]                                       | from something else, such as a proxy
    feishu   | {"StatusCode": 0}                         | from something else, such as a proxy
""")
def test_a_robot_that_refuses_has_not_delivered(
    robot: str, body: str, why: str, chat: Chat, cli: Cli
) -> None:
    plugin, key = ROBOTS[robot]
    there = f"http://127.0.0.1:{chat.server_port}/"
    chat.body = body
    with patch(f"apprise.plugins.{robot}.{plugin}.notify_url", there):
        result = cli(f"overdue --notify {robot}://{key}")
    assert (result.code, why in result.err, key in result.err) == (4 if why else 0, True, False)
    assert bool(result.err) == bool(why) and len(chat.messages) == 1, result
    chat.messages.clear()


@for_all("robot", [*ROBOTS])
def test_what_no_answer_was_heard_to_is_not_delivered(robot: str, chat: Chat, cli: Cli) -> None:
    plugin, key = ROBOTS[robot]
    with patch(f"apprise.plugins.{robot}.{plugin}.send", return_value=True):
        result = cli(f"overdue --notify {robot}://{key}", lang="zh")
    why = f"（{robot}）：对方没有收下"
    assert (result.code, why in result.err) == (4, True)


@for_all("""
    code | place                       | why
    307  | http://localhost:{port}/key | a redirect to another address, which was not followed
    302  | /elsewhere                  | a redirect to another address, which was not followed
    308  | /elsewhere                  |
    0    |                             | the connection was broken off
""")
def test_no_message_is_led_to_another_host(
    code: str, place: str, why: str, chat: Chat, cli: Cli
) -> None:
    chat.messages.clear()
    chat.code, chat.location = int(code), place.format(port=chat.server_port)
    result = cli(f"overdue --notify {chat.address}")
    assert (result.code, why in result.err) == (4 if why else 0, True)
    assert len(chat.messages) == (1 if why else 2)


@for_all("""
    kind  | body       | why
    json  | 1000000    |
    json  | 1000001    | the answer was longer than 1 MB
    jsons | 0          | no secure connection could be made
""")
def test_an_answer_has_an_end(kind: str, body: str, why: str, chat: Chat, cli: Cli) -> None:
    chat.body = " " * int(body)
    result = cli(f"overdue --notify {kind}{chat.address.removeprefix('json')}")
    assert (result.code, why in result.err) == (4 if why else 0, True)


@for_all(("lang", "why"), [("en", "there was no answer in time"), ("zh", "对方迟迟没有应答")])
def test_who_does_not_answer_is_not_waited_for(lang: str, why: str, chat: Chat, cli: Cli) -> None:
    chat.answering.clear()
    with patch("ledger12315.cli.duties.delivery._SECONDS", 0):
        result = cli(f"overdue --notify {chat.address}", lang=lang)
    chat.answering.set()
    assert (result.code, why in result.err) == (4, True)


_IN_A_PROCESS = """
import sys
from ledger12315.cli.duties import delivery

delivery._SECONDS = 2
from ledger12315.__main__ import main

sys.exit(main())
"""


def test_the_program_ends_before_an_answer_that_never_does(cli: Cli) -> None:
    """In a process of its own, which a thread that still reads could keep open."""
    begun, ended = Event(), Event()

    def answer_slowly() -> None:
        with suppress(OSError), closing(robot.accept()[0]) as line:
            line.recv(65536)
            line.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 9000\r\n\r\n")
            begun.set()
            while not ended.wait(0.1):
                line.sendall(b" ")

    with closing(socket.create_server(("127.0.0.1", 0))) as robot:
        robot.settimeout(60)
        thread = Thread(target=answer_slowly)
        thread.start()
        address = f"json://127.0.0.1:{robot.getsockname()[1]}/key"
        done = subprocess.run(
            [sys.executable, "-c", _IN_A_PROCESS, "today", "--notify-test", "--notify", address],
            env=os.environ | {"LEDGER12315_DB": str(cli.path), "NO_PROXY": "127.0.0.1"},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        ended.set()
        thread.join()
    assert begun.is_set()
    assert (done.returncode, "there was no answer in time" in done.stderr) == (4, True)


@for_all("number", [errno.ENETUNREACH, errno.EHOSTUNREACH])
def test_what_cannot_be_reached(number: int, chat: Chat, cli: Cli) -> None:
    unreachable = OSError(number, "")
    with patch("urllib3.util.connection.create_connection", side_effect=unreachable):
        result = cli(f"overdue --notify {chat.address}")
    assert (result.code, "it cannot be reached from this network" in result.err) == (4, True)


def test_a_line_is_sent_to_try_an_address(chat: Chat, cli: Cli) -> None:
    sent = cli(f"today --notify-test --notify {chat.address}")
    assert sent == (0, "The line was delivered to every address.\n", "")
    assert told(chat) == (
        "12315 ledger of 东门所, 2026-09-28 Mon\nThis is a test. Messages arrive here."
    )
    chat.code = 403
    assert cli(f"today --notify-test --notify {chat.address}").code == 4
    assert cli("today --notify-test").code == 2


@pytest.mark.slow
@pytest.mark.skipif(not which("openssl"), reason="makes the certificates")
def test_whom_this_computer_trusts_is_trusted(tmp_path: Path, cli: Cli) -> None:
    for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE"):
        cli.set.delenv(name, raising=False)
    with listening(tmp_path) as robot, patch.dict(os.environ, NO_PROXY="127.0.0.1"):
        line = f"today --notify-test --notify {robot.address}"
        refused = cli(line)
        assert "its certificate is not trusted on this computer" in refused.err
        assert (refused.code, robot.arrived) == (4, [])
        with patch("ledger12315.cli.duties.delivery._AUTHORITIES", [robot.certificate]):
            assert (cli(line).code, len(robot.arrived)) == (0, 1)
        assert (cli(line).code, len(robot.arrived)) == (4, 1)
        cli.set.setenv("CURL_CA_BUNDLE", str(robot.certificate))
        assert (cli(line).code, len(robot.arrived)) == (0, 2)


def test_the_address_may_stand_in_the_configuration(chat: Chat, cli: Cli) -> None:
    result = cli("overdue --notify configured")
    assert (result.code, "config.toml: notify = 'wecombot://KEY'" in result.err) == (2, True)
    cli.set.setenv("LEDGER12315_NOTIFY", f"{chat.address} {chat.address}-2")
    assert cli("超期 --通知 配置").code == 0
    assert len(chat.messages) == 2


@for_all("""
    day        | options                 | said
    2026-09-18 |                         |
    2026-09-18 | --always                | Nothing is overdue.
    2026-09-28 | --always                | overdue: 1  2026-0001
    2026-09-20 | --working-days --always | Nothing is overdue.
    2026-09-26 | --working-days --always |
    2026-10-05 | --working-days          |
""")
def test_silence_has_one_meaning(day: str, options: str, said: str, chat: Chat, cli: Cli) -> None:
    """2026-09-20 is a make-up Sunday."""
    assert cli(f"overdue --as-of {day} {options} --notify {chat.address}").code == 0
    sent = [chat.messages.pop()["message"] for _ in [*chat.messages]]
    assert sent == [said] * bool(said)


@for_all("lang", ["zh", "en"])
def test_a_ledger_that_cannot_be_read_is_told_too(lang: str, chat: Chat, cli: Cli) -> None:
    cli.path.write_bytes(b"x" * 4096)
    for command in ("overdue", "today"):
        result = cli(f"{command} --notify {chat.address}", lang=lang)
        assert result.code == 4
        assert chat.messages.pop()["message"] in result.err
    cli.path.unlink()
    assert cli(f"overdue --notify {chat.address}", lang=lang).code == 4
    assert f"{cli.path}" in chat.messages.pop()["title"]
