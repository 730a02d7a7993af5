"""A text is found everywhere it occurs, and erased text nowhere."""

from shlex import quote

from hypothesis import given, settings
from hypothesis import strategies as st

from ledger12315.ledger.complaints.views import select_complaints
from ledger12315.ledger.store import Ledger
from tests.building import act, built, found

# The same few characters over and over, so that what is sought often stands there; those that SQL
# or JSON would quote, and one beyond the basic plane.
TEXTS = st.text("退款消费aA'\"% \N{GRINNING FACE}", max_size=8)
BOXES = ["item", "facts", "handling", "remark", "respondent"]
CHANGES = st.lists(st.tuples(st.integers(1, 4), st.sampled_from(BOXES), TEXTS), max_size=8)
POINT = "register 点 --type other --since 2022-01-01"


def sought(ledger: Ledger, text: str) -> list[str]:
    rows = select_complaints(ledger, sought={"text": text}, keys=["number"])
    return [row["number"] for row in rows]


def unlike(text: str) -> str:
    """Return a quoted text that a box accepts."""
    return quote(text if text.strip() else "-")


@settings(max_examples=6)
@given(
    st.lists(st.tuples(TEXTS, TEXTS), min_size=1, max_size=4),
    CHANGES,
    st.lists(TEXTS.filter(bool), min_size=1, max_size=4),
)
def test_text_is_found_where_it_stands(
    logged: list[tuple[str, str]], changes: list[tuple[int, str, str]], texts: list[str]
) -> None:
    lines = [POINT]
    lines += [f"log P001 --item {unlike(item)} --facts {unlike(facts)}" for item, facts in logged]
    for place, box, text in changes:
        number = f"2027-{place % len(logged) + 1:04}"
        lines.append(f"complaint amend {number} --{box} {unlike(text)}")
    with built(lines) as ledger:
        rows = ledger.execute(f"SELECT number, {', '.join(BOXES)} FROM complaint").fetchall()
        for text in (*texts, *(row["item"][:2] for row in rows), "2027-000"):
            holds = [row for row in rows if any(text in (value or "") for value in row)]
            assert sought(ledger, text) == [row["number"] for row in holds]
        assert found(ledger) == []


def test_what_is_erased_stands_in_no_part_of_the_file() -> None:
    lines = [POINT]
    for text in ("赫连勃勃说开胶", "赫连勃勃说退款"):
        lines += [
            "log P001 --facts 褪色 --received 2022-09-01",
            f"complaint amend _ --facts {text}",
            "complaint amend _ --facts 另说",
            f"close _ --outcome other --closed 2022-09-02 --remark {text}",
        ]
    with built(lines) as ledger:
        assert "赫连勃".encode() in ledger.serialize()
        act(ledger, "complaint erase")
        assert "赫连".encode() not in ledger.serialize()
        assert len(sought(ledger, "鞋")) == 2
        assert found(ledger) == []
