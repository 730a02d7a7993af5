"""`--notify`: counts and numbers arrive at a chat of the test's own, without names."""

import json
import os
import socket
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any
from unittest.mock import patch

import pytest

from tests.cli.conftest import Cli
from tests.rows import for_all

pytestmark = pytest.mark.slow  # draws workbooks or starts processes

_NAMES = "张三", "13900001111", "锅", "东门商场", "林秀珍", "陈建平"


class Chat(HTTPServer):
    """What takes every message and answers with `code`."""

    code = 200

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answer)
        self.messages: list[dict[str, Any]] = []

    @property
    def address(self) -> str:
        return f"json://127.0.0.1:{self.server_port}/key-of-the-chat"


class Answer(BaseHTTPRequestHandler):
    server: Chat

    def do_POST(self) -> None:
        content = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.messages.append(json.loads(content))
        self.send_response(self.server.code)
        self.end_headers()

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
    text = f"{message['title']}\n{message['message']}"
    assert [name for name in _NAMES if name in json.dumps(message, ensure_ascii=False)] == []
    return text


@pytest.mark.parametrize(
    ("line", "lang", "said"),
    [
        (
            "overdue --within 1",
            "zh",
            "东门所12315台账，2026-09-28 周一\n超期未结：1  2026-0001\n将到期：1  2026-0002",
        ),
        (
            "today --mail",
            "en",
            "12315 ledger of 东门所, 2026-09-28 Mon\noverdue: 1  2026-0001\nfalls due: 1  2026-0002\n"
            "visit due: 2\nnotice proposed: 1\nuntrained liaison: 1\nno officer: 1\n"
            "calendar: 2",
        ),
    ],
)
def test_counts_and_numbers_arrive(line: str, lang: str, said: str, chat: Chat, cli: Cli) -> None:
    result = cli(f"{line} --notify {chat.address}", lang=lang)
    assert result == cli(line, lang=lang) and result.code == 0
    assert told(chat) == said


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
