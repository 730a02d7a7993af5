"""Output of a publicity notice 投诉公示: its rows as csv and JSON, and notes on omissions."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from ledger12315.cli.face.answers import Column, Row, Table
from ledger12315.cli.face.figures import rate_for_json, rate_with_parts
from ledger12315.errors import Message, message
from ledger12315.ledger.figures.publicity import Publicity
from ledger12315.locale import by_language, render
from ledger12315.rules.publicity import PublicOperator
from ledger12315.sheets.forms.publicity import SHOWN
from ledger12315.words import COUNTED_CATEGORIES, OUTCOMES, PROBLEMS, UNPUBLISHED, Vocabulary


class FormRows(NamedTuple):
    """A form's rows for csv and for JSON, and the notes for the clerk."""

    table: Table
    document: Mapping[str, Any]
    notes: list[Message]


_COLUMNS = (
    Column("point", "服务点编号"),
    Column("point_name", "服务点", "point name"),
    Column("name", "经营者名称", "operator"),
    Column("credit_code", "统一社会信用代码"),
    Column("categories", "商品服务类别"),
    Column("problems", "问题类别"),
    Column("received", "受理"),
    Column("closed", "办结"),
    *(Column(word.code, word.zh, word.en) for word in OUTCOMES.values() if word.code in SHOWN),
    Column("settled_rate", "公示和解息诉率"),
)


def beside_notice(found: Publicity) -> FormRows:
    """Return the rows and notes of a publicity notice, besides its workbook."""
    document = {
        "operators": [*map(_operator_in_json, found.operators)],
        "left_out": [
            {"number": number, "why": why}
            for why, numbers in found.left_out.items()
            for number in numbers
        ],
        "few": len(found.few),
    }
    return FormRows(
        Table([*map(_operator_in_words, found.operators)], _COLUMNS),
        document,
        [*_not_on_it(found)],
    )


_PLAIN = ("point", "point_name", "name", "credit_code", "received", "closed")


def _operator_in_json(each: PublicOperator) -> Row:
    """Return an operator as JSON holds it; `categories` and the like are counts by code."""
    return {
        **{key: getattr(each, key) for key in _PLAIN},
        "categories": each.categories,
        "problems": each.problems,
        "outcomes": each.ended,
        "settled_rate": rate_for_json(each.settled_rate),
    }


def _operator_in_words(each: PublicOperator) -> Row:
    """Return an operator's row as people read it."""
    return {
        **{key: getattr(each, key) for key in _PLAIN},
        "categories": _counted_in_words(each.categories, COUNTED_CATEGORIES),
        "problems": _counted_in_words(each.problems, PROBLEMS),
        **{code: each.ended[code] for code in SHOWN},
        "settled_rate": rate_with_parts(each.settled_rate),
    }


def _counted_in_words(counts: Mapping[str, int], words: Vocabulary) -> str:
    parts = (f"{render(words[code])} {count}" for code, count in counts.items())
    return by_language("、", ", ").join(parts)


def _not_on_it(found: Publicity) -> Iterator[Message]:
    """Yield notes on complaints left out of the notice, for the clerk to check."""
    for why, numbers in found.left_out.items():
        yield message(
            "Not on the notice ({why}): {numbers}", why=UNPUBLISHED[why], numbers=numbers
        )
    if found.few:
        yield message(
            "Operators with fewer complaints than publicity_from ({least}) are left out: "
            "{count}, with complaints: {cases}",
            least=found.least,
            count=len(found.few),
            cases=sum(each.cases for each in found.few),
        )
    if found.points_with_totals:
        yield message(
            "Totals that points sent do not name operators, so they are left out: {points}",
            points=found.points_with_totals,
        )
