"""Every accepted text comes out unchanged, by `--from-stdin` and `complaint show`."""

import io
import json
import os
import unicodedata
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from unittest.mock import patch

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ledger12315.boxes import Box
from ledger12315.boxes.amounts import Money
from ledger12315.boxes.forms import CLOSE, COMPLAINT, LOG
from ledger12315.boxes.kinds import Kind, Narrative, NarrativeLine
from ledger12315.boxes.names import without_gaps
from ledger12315.boxes.people import PHONE, Address, Name, Phone, StaffName
from ledger12315.boxes.reading import NOTHING_WRITTEN, has_lost_chinese, to_half_width
from ledger12315.cli.app import run
from ledger12315.words import KINDS, REQUESTS, visible_form
from tests.building import built
from tests.rows import for_all


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("round trip") / "ledger.sqlite"
    with built("register 百货 --type other --since 2026-01-05") as ledger:
        path.write_bytes(ledger.serialize())
    return path


def told(path: Path, *words: str, stdin: object = None, code: int = 0) -> str:
    """Return a command's output, through streams in UTF-8 like those of a pipe."""
    text = json.dumps(stdin, ensure_ascii=False).encode("utf-8", "surrogatepass")
    given, printed = (io.TextIOWrapper(io.BytesIO(each), "utf-8") for each in (text, b""))
    with (
        patch.dict(os.environ, LEDGER12315_TODAY="2026-09-28"),
        patch("sys.stdin", given),
        redirect_stdout(printed),
        redirect_stderr(io.StringIO()) as said,
    ):
        assert run(["--db", str(path), *words]) == code, said.getvalue()
    printed.seek(0)
    return printed.read()


def characters(also: str = " ") -> st.SearchStrategy[str]:
    """Draw any character except lone surrogates, control characters and noncharacters."""
    ends = [chr(plane * 0x10000 + end) for plane in range(17) for end in (0xFFFE, 0xFFFF)]
    known = st.characters(exclude_categories=("Cs", "Cc"), exclude_characters=ends)
    return known | st.sampled_from(also)


def seen(text: str) -> bool:
    return any(unicodedata.category(character)[0] not in "CZ" for character in visible_form(text))


def accepted(text: str) -> bool:
    return seen(text) and not has_lost_chinese(text)


_line = st.text(characters(), max_size=200).filter(accepted)
_LINES = (Kind, NarrativeLine, Name, StaffName, Address)
KINDS_OF_TEXT: dict[type[Kind], st.SearchStrategy[str]] = {
    **dict.fromkeys(_LINES, _line),
    Narrative: st.text(characters("\n\t"), max_size=300).filter(accepted),
    Phone: st.from_regex(
        r"[1１][3-9３-９]([ -]?[0-9０-９]){9}|0591[ -]?[0-9０-９]{7,8}|[+＋]44[0-9０-９]{7,12}",
        fullmatch=True,
    ),
    Money: st.integers(0, 10**13).map(lambda fen: f"{fen // 100}.{fen % 100:02}"),
}


def boxes(fields: tuple[Box, ...], without: str) -> st.SearchStrategy[dict[str, str]]:
    """Draw texts, phones and amounts for the boxes; required ones always."""
    texts = [
        field for field in fields if type(field.kind) in KINDS_OF_TEXT and field.key != without
    ]
    required, optional = (
        {field.key: KINDS_OF_TEXT[type(field.kind)] for field in texts if field.required is needed}
        for needed in (True, False)
    )
    return st.fixed_dictionaries(required, optional=optional)


def expected(given: dict[str, str]) -> dict[str, str | None]:
    """Return a text without blanks at its ends, with half-width phones and LF for CR LF.

    Names and other lines lose invisible characters, names the blanks inside. A sign such as -
    leaves a box empty that need not be filled.
    """
    shown = {
        key: visible_form(text) if type(COMPLAINT[key].kind) in _LINES else text
        for key, text in given.items()
    }
    kept = {key: text.replace("\r\n", "\n").strip() for key, text in shown.items()}
    half = {
        key: unicodedata.normalize("NFKC", text) if COMPLAINT[key].kind is PHONE else text
        for key, text in kept.items()
    }
    names = [key for key in half if isinstance(COMPLAINT[key].kind, Name)]
    optional = [key for key in half if not COMPLAINT[key].required]
    empty = [each for each in optional if to_half_width(half[each]) in NOTHING_WRITTEN]
    return half | {key: without_gaps(half[key]) for key in names} | dict.fromkeys(empty)


# `referral_no` needs a source, `multiple_damages` is at most what is recovered.
LOGGED, CLOSED = boxes(LOG, "referral_no"), boxes(CLOSE, "multiple_damages")
HOSTILE = {
    "complainant": "=1+1",
    "item": "[red]",
    "facts": "'; DROP TABLE complaint; --\r\n\t😀‮\u2028{0}%s",
    "respondent": "@x",
}

WIDE = {
    "complainant": "　张 三　",
    "item": "é",
    "facts": "e\u0301",
    "phone": "１３８ ００００ ０００１",
}


@settings(max_examples=5)
@given(LOGGED, CLOSED, st.sampled_from(list(KINDS)), st.sets(st.sampled_from(list(REQUESTS))))
@example(HOSTILE, {"remark": "\N{ZERO WIDTH NO-BREAK SPACE}=cmd|' /C calc'!A0"}, "goods", set())
@example(WIDE, {"remark": "\\", "handling": "－"}, "other", set())
def test_text_survives(
    path: Path, logged: dict[str, str], closed: dict[str, str], kind: str, requests: set[str]
) -> None:
    asked = {"request": "、".join(REQUESTS[code].zh for code in requests)} if requests else {}
    stdin = logged | asked | {"kind": kind}
    line = json.loads(told(path, "log", "百货", "--json", "--from-stdin", stdin=stdin))
    told(path, "close", line["number"], "--from-stdin", stdin=closed | {"outcome": "和解"})
    shown = json.loads(told(path, "complaint", "show", line["number"], "--reveal", "--json"))
    # Closing without a box leaves it as it was logged.
    stated = {key: text for key, text in expected(closed).items() if text is not None}
    given = expected(logged) | stated
    assert {key: shown[key] for key in given} == given
    assert (shown["kind"], shown["request"]) == (kind, ",".join(requests) or None)
    texts = [
        field.key for field in (*LOG, *CLOSE) if type(field.kind) in {*KINDS_OF_TEXT} - {Money}
    ]
    empty = [key for key in texts if key not in given and key != "handler"]
    assert {key: shown[key] for key in empty} == dict.fromkeys(empty)


UNKEPT = ["\ud800", "a\0b", "a\x1bb", "a\x85b", "a\nb", "\ufffe", "\U0010ffff", "x" * 201]


@for_all("text", [*UNKEPT, "", " \n ", "\u200b"])
def test_what_cannot_be_kept_is_refused(path: Path, text: str) -> None:
    before = path.read_bytes()
    boxes = {"complainant": "张三", "facts": "-", "kind": "goods", "item": text}
    told(path, "log", "百货", "--from-stdin", stdin=boxes, code=2)
    assert path.read_bytes() == before
