"""The latest complaints: their values are offered as answers again."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from ledger12315.boxes.names import PEOPLE_OF_CASE, comparable_name
from ledger12315.boxes.reading import yuan
from ledger12315.errors import Message, message
from ledger12315.ledger.store import Ledger, LedgerRow
from ledger12315.rules.checks import disputed_amount
from ledger12315.rules.events import COMPLAINTS

_LATEST = 2000
"""The number of latest complaints searched for repeated words: some years of one station."""
_TIMES = 5
"""An amount this many times the largest for the same goods is asked for again."""
REMEMBERED = ("respondent", "item", "brand", "model")
"""Boxes whose values often repeat."""
_OFFERED_CASE = ", ".join(("number", "item", "received", "respondent", *PEOPLE_OF_CASE))
_USED = ("point_id", *REMEMBERED, "category")


class Recent(NamedTuple):
    """The latest complaints that are not void, the last entered first."""

    rows: Sequence[Mapping[str, Any]]

    def words(self, key: str, point: int | None = None) -> list[str]:
        """Return the earlier values of a box, at one point if it is given, most frequent first."""
        said = Counter(row[key] for row in self.rows if point in (None, row["point_id"]))
        return [text for text, _ in said.most_common() if text]

    def of_item(self, item: str) -> Iterator[Mapping[str, Any]]:
        """Yield the complaints about the same goods."""
        wanted = comparable_name(item)
        written = {row["item"] for row in self.rows}
        same = {each for each in written if comparable_name(each) == wanted}
        return (row for row in self.rows if row["item"] in same)


def latest_complaints(ledger: Ledger) -> Recent:
    """Return the latest complaints."""
    query = f"""
        SELECT {", ".join(_USED)} FROM {COMPLAINTS}
        WHERE voided IS NULL ORDER BY id DESC LIMIT {_LATEST}"""
    return Recent(ledger.execute(query).fetchall())


def unusual_amount(ledger: Ledger, row: Mapping[str, Any]) -> Iterator[Message]:
    """Yield a question if the amount in dispute is unusual for a complaint's goods."""
    query = f"""
        SELECT item, max(disputed) FROM
            (SELECT item, disputed FROM {COMPLAINTS}
             WHERE voided IS NULL ORDER BY id DESC LIMIT {_LATEST})
        GROUP BY item HAVING max(disputed)"""
    fen, wanted = disputed_amount(row), comparable_name(str(row["item"]))
    earlier = ledger.execute(query)
    most = max((fen for item, fen in earlier if comparable_name(item) == wanted), default=0)
    if most and fen >= most * _TIMES:
        yield message(
            "{amount} yuan is a lot for {item}; so far the most was {most}: is it right?",
            amount=yuan(fen),
            item=row["item"],
            most=yuan(most),
        )


class NamedPoint(NamedTuple):
    """A point to choose; `type` is its latest."""

    id: int
    code: str
    name: str
    type: str


def points_to_choose(ledger: Ledger) -> list[NamedPoint]:
    """Return the points that are not retired, those of the latest complaints first."""
    query = f"""
        SELECT id, code, name,
               (SELECT type FROM point_type WHERE point_type.point_id = point.id
                ORDER BY since DESC LIMIT 1)
        FROM point
        LEFT JOIN (SELECT point_id, count(*) AS used FROM
                       (SELECT point_id FROM complaint ORDER BY id DESC LIMIT {_LATEST})
                   GROUP BY point_id) AS latest ON latest.point_id = id
        WHERE retired IS NULL ORDER BY used DESC, code"""
    return [NamedPoint(*row) for row in ledger.execute(query)]


def officers(ledger: Ledger) -> list[str]:
    """Return the point officers with their phones, those with most points first."""
    query = """
        SELECT trim(name || ' ' || coalesce(phone, '')) AS person FROM contact
        WHERE role = 'officer' AND until IS NULL GROUP BY person ORDER BY count(*) DESC"""
    return [person for (person,) in ledger.execute(query)]


# Act -> the complaints that it may be for, and those that are offered first.
_OPEN_FIRST = "closed IS NULL AND voided IS NULL", "received"
_LAST_FIRST = "voided IS NULL", "id DESC"
_CASES_FOR = {
    "amend": _LAST_FIRST,
    "void": _LAST_FIRST,
    "reopen": (
        "coalesce(voided, closed, escalated) IS NOT NULL",
        "coalesce(voided, closed, escalated) DESC, id DESC",
    ),
}


def cases_for(ledger: Ledger, act: str = "close") -> list[LedgerRow]:
    """Return 200 complaints to choose for an act, by default the open ones, the oldest first.

    Slips are mostly in the last entries, which come first to be amended or made void. The `short`
    number omits the newest year; the people are to be masked.
    """
    which, order = _CASES_FOR.get(act, _OPEN_FIRST)
    query = f"""
        SELECT {_OFFERED_CASE},
               CASE WHEN year < (SELECT max(year) FROM complaint) THEN year || '-' ELSE '' END
               || serial AS short
        FROM complaint WHERE {which} ORDER BY {order} LIMIT 200"""
    return [*map(dict, ledger.execute(query))]


def numbers_begun(ledger: Ledger, typed: str) -> list[LedgerRow]:
    """Return complaints whose number begins with a text, newest first; people are to be masked.

    A serial number alone is one of the newest year.
    """
    query = f"""
        SELECT {_OFFERED_CASE}, serial = :serial AS whole FROM complaint
        WHERE number >= :typed AND number < :typed || '~'
        UNION
        SELECT {_OFFERED_CASE}, serial = :serial FROM complaint
        WHERE year = (SELECT max(year) FROM complaint)
          AND (serial = :serial OR serial BETWEEN 10 * :serial AND 10 * :serial + 9)
        ORDER BY whole DESC, number DESC LIMIT 50"""
    serial = int(typed) if re.fullmatch(r"(?a)[1-9]\d{0,4}", typed) else None
    return [*map(dict, ledger.execute(query, {"typed": typed, "serial": serial}))]
