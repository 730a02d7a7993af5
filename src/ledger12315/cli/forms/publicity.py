"""A publicity notice 投诉公示: its contents, its rows as csv and JSON, notes on omissions."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from ledger12315.cli.face.answers import Column, Row, Table
from ledger12315.cli.face.figures import rate_for_json, rate_with_parts
from ledger12315.cli.forms.contents import FormContents, FormRequest
from ledger12315.errors import Message, message
from ledger12315.ledger import station
from ledger12315.ledger.figures.publicity import Publicity, publicity
from ledger12315.ledger.returns.frozen import frozen_form
from ledger12315.ledger.settings import settings
from ledger12315.ledger.store import Ledger
from ledger12315.locale import by_language, render
from ledger12315.rules.measures import STATION_FORM
from ledger12315.rules.publicity import PublicOperator, published_rate
from ledger12315.rules.rates import rates_by
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


def publicity_contents(ledger: Ledger, asked: FormRequest) -> FormContents:
    """Return a publicity notice's operators, and its unit, period, day, rate and limits."""
    found, chosen = publicity(ledger, asked.scope), settings(ledger, asked.scope.last)
    rate = published_rate(rates_by(chosen))
    point = asked.point.name if asked.point else ""
    days = int(chosen["publicity_days"])
    unit = station.unit_name(ledger)
    days_shown = asked.day, asked.today
    return unit, asked.when, *days_shown, point, found.operators, rate, found.least, days


def beside_publicity(ledger: Ledger, asked: FormRequest) -> FormRows:
    """Return the rows and notes of a publicity notice, besides its workbook.

    It shows today's ledger: a complaint that is void by now is not held against an operator.
    """
    found = publicity(ledger, asked.scope)
    notes = [*_not_on_it(found)]
    if was := frozen_form(ledger, asked.whole._replace(point=None), STATION_FORM):
        said = message(
            "{period} was submitted on {day}; the notice shows today's figures.",
            period=was.period.code,
            day=was.day,
        )
        notes.append(said)
    document = {
        "operators": [*map(_operator_in_json, found.operators)],
        "left_out": [
            {"number": number, "why": why}
            for why, numbers in found.left_out.items()
            for number in numbers
        ],
        "few": len(found.few),
    }
    return FormRows(Table([*map(_operator_in_words, found.operators)], _COLUMNS), document, notes)


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
