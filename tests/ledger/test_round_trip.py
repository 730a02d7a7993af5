"""Whatever text a box accepts comes out as it went in: log --from-stdin, close --from-stdin, complaint show --reveal --json."""

import io
import json
import os
import unicodedata
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ledger12315.boxes.fields import CLOSE, COMPLAINT, LOG, Field
from ledger12315.boxes.reading import long_text, money, phone, short_text
from ledger12315.cli.app import run
from ledger12315.ledger.store.making import create
from ledger12315.words import KINDS, REQUESTS
from tests.ledger.made import DEFAULTS


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("round trip") / "ledger.sqlite"
    create(path, "东门所", "榕溪县", None, DEFAULTS)
    told(path, "register", "百货", "--type", "other", "--judgement", "纠纷多")
    return path


def told(path: Path, *words: str, stdin: object = None, code: int = 0) -> str:
    """What a command prints, through streams in UTF-8 as a pipe has them."""
    given = io.TextIOWrapper(
        io.BytesIO(json.dumps(stdin, ensure_ascii=False).encode("utf-8", "surrogatepass")), "utf-8"
    )
    printed = io.TextIOWrapper(io.BytesIO(), "utf-8")
    rehearsed = patch.dict(os.environ, LEDGER12315_TODAY="2026-09-28")
    with (
        rehearsed,
        patch("sys.stdin", given),
        redirect_stdout(printed),
        redirect_stderr(io.StringIO()) as said,
    ):
        assert run(["--db", str(path), *words]) == code, said.getvalue()
    printed.seek(0)
    return printed.read()


def characters(also: str = "") -> st.SearchStrategy[str]:
    """All of Unicode but lone surrogates, control characters and the two noncharacters at each plane's end."""
    ends = "".join(chr(plane * 0x10000 + end) for plane in range(17) for end in (0xFFFE, 0xFFFF))
    return st.characters(
        exclude_categories=("Cs", "Cc"), exclude_characters=ends
    ) | st.sampled_from(also or " ")


def filled(text: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """With something to be seen."""
    return text.filter(
        lambda each: any(unicodedata.category(character)[0] not in "CZ" for character in each)
    )


KINDS_OF_TEXT = {
    short_text: filled(st.text(characters(), max_size=200)),
    long_text: filled(st.text(characters("\n\t"), max_size=300)),
    phone: st.from_regex(r"[+＋]?[0-9０-９][0-9０-９ -]{3,18}[0-9０-９]", fullmatch=True),
    money: st.integers(0, 10**13).map(lambda fen: f"{fen // 100}.{fen % 100:02}"),
}


def boxes(fields: tuple[Field, ...], without: str = "") -> st.SearchStrategy[dict[str, str]]:
    """Texts, phones and amounts for the fields, required ones always."""
    known = {
        field.key: KINDS_OF_TEXT[field.read]
        for field in fields
        if field.read in KINDS_OF_TEXT and field.key not in without.split()
    }
    required = {key: text for key, text in known.items() if COMPLAINT[key].required}
    return st.fixed_dictionaries(
        required, optional={key: text for key, text in known.items() if key not in required}
    )


def expected(given: dict[str, str]) -> dict[str, str]:
    """As documented: blanks at the ends fall away, phones become half-width, CR LF becomes LF."""
    kept = {key: text.replace("\r\n", "\n").strip() for key, text in given.items()}
    return {
        key: unicodedata.normalize("NFKC", text) if COMPLAINT[key].read is phone else text
        for key, text in kept.items()
    }


# `referral_no` needs a source, `multiple_damages` is at most what is recovered.
LOGGED, CLOSED = boxes(LOG, "referral_no"), boxes(CLOSE, "multiple_damages")
HOSTILE = {
    "complainant": "=1+1",
    "item": "[red]",
    "facts": "'; DROP TABLE complaint; --\r\n\t😀‮\u2028{0}%s",
    "respondent": "@x",
}


@settings(max_examples=30)
@given(LOGGED, CLOSED, st.sampled_from(list(KINDS)), st.sets(st.sampled_from(list(REQUESTS))))
@example(HOSTILE, {"remark": "\N{ZERO WIDTH NO-BREAK SPACE}=cmd|' /C calc'!A0"}, "goods", set())
@example(
    {
        "complainant": "　张 三　",
        "item": "é",
        "facts": "e\u0301",
        "phone": "１３８ ００００ ０００１",
    },
    {},
    "other",
    set(),
)
def test_text_survives(
    path: Path, logged: dict[str, str], closed: dict[str, str], kind: str, requests: set[str]
) -> None:
    asked = {"request": "、".join(REQUESTS[code].zh for code in requests)} if requests else {}
    number = json.loads(
        told(path, "log", "百货", "--json", "--from-stdin", stdin=logged | asked | {"kind": kind})
    )["number"]
    told(path, "close", number, "--from-stdin", stdin=closed | {"outcome": "和解"})
    shown: dict[str, Any] = json.loads(
        told(path, "complaint", "show", number, "--reveal", "--json")
    )
    given = expected(logged) | expected(closed)
    assert {key: shown[key] for key in given} == given
    assert (shown["kind"], shown["request"]) == (kind, ",".join(code for code in requests) or None)
    empty = {
        field.key for field in (*LOG, *CLOSE) if field.read in (short_text, long_text, phone)
    } - given.keys()
    assert {key: shown[key] for key in empty if key != "handler"} == dict.fromkeys(
        empty - {"handler"}
    )


@pytest.mark.parametrize(
    "text",
    [
        "\ud800",
        "a\0b",
        "a\x1bb",
        "a\x85b",
        "a\nb",
        "\ufffe",
        "\U0010ffff",
        "x" * 201,
        "",
        " \n ",
        "\u200b",
    ],
)
def test_what_cannot_be_kept_is_refused(path: Path, text: str) -> None:
    before = told(path, "complaint", "list", "--json")
    told(
        path,
        "log",
        "百货",
        "--from-stdin",
        stdin={"complainant": "张三", "facts": "-", "kind": "goods", "item": text},
        code=2,
    )
    assert told(path, "complaint", "list", "--json") == before
