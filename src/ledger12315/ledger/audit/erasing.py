"""Retention, and erasing personal data for good. SECURITY.md"""

import json
import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from dateutil.relativedelta import relativedelta

from ledger12315.boxes.kinds import DAY
from ledger12315.boxes.masks import People
from ledger12315.boxes.people import Name, Phone
from ledger12315.boxes.tables import APART, PERSONAL, TABLES, TEXTS
from ledger12315.errors import Message, Refused, message
from ledger12315.ledger.audit.past import erased_values
from ledger12315.ledger.respondents import renamed_respondent
from ledger12315.ledger.settings import settings
from ledger12315.ledger.store import Ledger, copied_rows, single, update
from ledger12315.ledger.store.history import digest_of
from ledger12315.rules.workdays import ONE_DAY
from ledger12315.words import ERASED, visible_form

_OF_PEOPLE = {
    table: {
        key: "phone" if isinstance(TABLES[table][key].kind, Phone) else "name"
        for key in keys
        if isinstance(TABLES[table][key].kind, Name | Phone)
    }
    for table, keys in PERSONAL.items()
}
"""The boxes of each table for the names and phones of people."""


class Expired(NamedTuple):
    """A complaint past its retention; `point` is a code, and a void one may be open."""

    number: str
    point: str
    received: date
    closed: date | None


def past_retention(
    ledger: Ledger, today: date, copy_and_unlock: bool = False
) -> Iterator[Expired]:
    """Yield complaints closed or voided so long ago that they may be erased.

    With `copy_and_unlock` others may write to the ledger once the first is yielded.
    """
    query = """
        SELECT complaint.number, point.code, complaint.received, complaint.closed
        FROM complaint JOIN point ON point.id = complaint.point_id
        WHERE coalesce(complaint.closed, complaint.voided) < :limit
            AND complaint.complainant <> :erased
        ORDER BY coalesce(complaint.closed, complaint.voided), complaint.year, complaint.serial"""
    execute = copied_rows if copy_and_unlock else Ledger.execute
    values = {"limit": _limit_of(ledger, today), "erased": ERASED}
    for number, point, received, closed in execute(ledger, query, values):
        yield Expired(number, point, DAY.stored(received), DAY.stored(closed))


def first_day_kept(years: int, today: date) -> str:
    """Return the first day that is still within retention, as text."""
    return (today - relativedelta(years=years)).isoformat()


def _limit_of(ledger: Ledger, today: date) -> str:
    return first_day_kept(retention_years(ledger), today)


def retention_years(ledger: Ledger) -> int:
    """Return the years for which complaints are kept after their closing."""
    return int(settings(ledger)["retention_years"])


def why_kept(ledger: Ledger, number: str, today: date) -> Message | None:
    """Return the reason why a complaint may not be erased, if there is one."""
    query = "SELECT complainant, coalesce(closed, voided) FROM complaint WHERE number = ?"
    complainant, ended = ledger.execute(query, (number,)).fetchone()
    if complainant == ERASED:
        return message("{number} is erased already.", number=number)
    if not ended:
        return message(
            "{number} is still open; it is kept for {years} years after its closing.",
            number=number,
            years=retention_years(ledger),
        )
    if ended < _limit_of(ledger, today):
        return None
    last = _retention_end(date.fromisoformat(ended), retention_years(ledger))
    return message("{number} must be kept until {day}.", number=number, day=last)


def _retention_end(ended: date, years: int) -> date:
    """Return the last day of a retention that began on this day."""
    last = ended + relativedelta(years=years)
    # From 28 February on it may end on the 29th.
    following = last + ONE_DAY
    within = ended.isoformat() >= first_day_kept(years, following)
    return following if within else last


def demand_past_retention(ledger: Ledger, numbers: list[str], today: date) -> None:
    """Raise Refused for a complaint that is not past its retention, or is erased already."""
    for number in numbers:
        if why := why_kept(ledger, number, today):
            raise Refused("{reason} Nothing was changed.", reason=why)


def erase(ledger: Ledger, numbers: list[str], today: date) -> list[People]:
    """Erase all personal data of complaints, and return whose; the figures stay.

    Raises Refused for a complaint that is not past its retention.
    """
    demand_past_retention(ledger, numbers, today)
    erased = [erase_row(ledger, "complaint", row_id) for row_id in ids_of(ledger, numbers)]
    if erased:
        _renew_indexes(ledger)
    return erased


def old_texts(ledger: Ledger, today: date) -> list[tuple[str, int]]:
    """Return (table, row) of personal texts and informants of records past their retention.

    Records have no number to be erased by.
    """
    query = """
        SELECT DISTINCT change.table_name, change.row_id
        FROM record LEFT JOIN informant ON informant.record_id = record.id
        JOIN change ON (change.table_name = 'record' AND change.row_id = record.id)
                    OR (change.table_name = 'informant' AND change.row_id = informant.id)
        WHERE record.day < ? AND EXISTS (
            SELECT 1 FROM json_each(change.personal) WHERE key IN (SELECT value FROM json_each(?)))
        """
    personal = json.dumps([*PERSONAL["record"], *PERSONAL["informant"]])
    return [*map(tuple, ledger.execute(query, (_limit_of(ledger, today), personal)))]


def erase_texts(ledger: Ledger, today: date) -> None:
    """Erase the personal texts of old records."""
    found = old_texts(ledger, today)
    for table, row_id in found:
        erase_row(ledger, table, row_id)
    if found:
        _renew_indexes(ledger)


def _renew_indexes(ledger: Ledger) -> None:
    """Rebuild the indexes of people, since deleted values may remain in their pages."""
    query = """
        SELECT DISTINCT of_table.name
        FROM pragma_index_list(?) AS of_table JOIN pragma_index_info(of_table.name) AS part
        WHERE part.name IN (SELECT value FROM json_each(?))"""
    for table, columns in APART.items():
        for (index,) in ledger.execute(query, (table, json.dumps([*columns]))).fetchall():
            ledger.execute(f"REINDEX {index}")


def erase_row(ledger: Ledger, table: str, row_id: int) -> People:
    """Empty a row's personal columns, and take its people, who are returned, out of its texts.

    Its history loses both. The digests of what it loses stay, so that the chain still matches.
    """
    row, people = _whole_row(ledger, table, row_id), people_of(ledger, table, row_id)
    masked = _taken_out(people, {key: row[key] for key in TEXTS.get(table, ())})
    if table == "complaint" and "respondent" in masked:
        masked |= renamed_respondent(ledger, row, masked["respondent"])
    update(ledger, table, row_id, erased_values(table, row) | masked)
    # A value emptied before is erased from the history only; the act is recorded all the same.
    ledger.execute(
        "INSERT INTO change (act_id, table_name, row_id, made, common)"
        " SELECT id, :table, :row, 0, '{}' FROM act WHERE id = (SELECT max(id) FROM act)"
        # The + avoids an index: an act may erase many rows, but a row has few changes.
        " AND NOT EXISTS (SELECT 1 FROM change"
        " WHERE +act_id = act.id AND table_name = :table AND row_id = :row)",
        {"table": table, "row": row_id},
    )
    for change, digest, texts in _changes(ledger, table, row_id):
        known = {key: value for key, value in texts.items() if key not in PERSONAL[table]}
        kept = known | _taken_out(people, known)
        if "respondent" in known and "respondent" in masked:
            as_now = {row["respondent"]: masked["respondent"]}
            kept["respondent"] = _replaced(as_now, known["respondent"], kept["respondent"])
        if kept == texts:
            continue
        # Without its salt the digest cannot reveal a short name.
        written = json.dumps(texts, ensure_ascii=False)
        columns = {
            "personal": texts_as_json(kept),
            "salt": None,
            "digest": digest or digest_of(os.urandom(16).hex(), written),
        }
        update(ledger, "change", change, columns)
    return people


def texts_as_json(kept: Mapping[str, Any]) -> str | None:
    """Return the texts that a change keeps when it is erased, as SQLite writes JSON, or None."""
    return json.dumps(kept, ensure_ascii=False, separators=(",", ":")) if kept else None


def _replaced(as_now: Mapping[str, str], was: Any, masked: Any) -> Any:
    """Return a masked text, or pair of them, as the row has it now, where it was that text."""
    if isinstance(was, list):
        return [_replaced(as_now, *each) for each in zip(was, masked, strict=True)]
    return as_now.get(was, masked)


def _whole_row(ledger: Ledger, table: str, row_id: int) -> dict[str, Any]:
    return dict(ledger.execute(f"SELECT * FROM {table} WHERE id = ?", (row_id,)).fetchone())


def _changes(ledger: Ledger, table: str, row_id: int) -> list[tuple[int, str | None, Any]]:
    """Return id, digest and texts of each change of a row with texts about people."""
    query = (
        "SELECT id, digest, personal FROM change"
        " WHERE table_name = ? AND row_id = ? AND personal IS NOT NULL"
    )
    found = ledger.execute(query, (table, row_id)).fetchall()
    return [(change, digest, json.loads(personal)) for change, digest, personal in found]


def people_of(ledger: Ledger, table: str, row_id: int) -> People:
    """Return everybody whom a row's boxes for names and phones name, or once named."""
    said: dict[str, set[str]] = {"name": set(), "phone": set()}
    rows = [(table, row_id)]
    if table == "record":
        query = "SELECT id FROM informant WHERE record_id = ?"
        rows += [("informant", each) for (each,) in ledger.execute(query, (row_id,))]
    for of_table, of_row in rows:
        past = [texts for *_, texts in _changes(ledger, of_table, of_row)]
        for values in (_whole_row(ledger, of_table, of_row), *past):
            for key, kind in _OF_PEOPLE[of_table].items():
                written = _each(values.get(key))
                said[kind].update(each for each in written if each and each != ERASED)
    return People(said["name"], said["phone"])


def _taken_out(people: People, texts: Mapping[str, Any]) -> dict[str, Any]:
    """Return those of the texts, or pairs of old and new ones, that name somebody, masked."""

    def masked(value: Any) -> Any:
        if isinstance(value, list):
            return [*map(masked, value)]
        seen = visible_form(value) if isinstance(value, str) else value
        without = people.mask(seen) if isinstance(seen, str) else seen
        return without if without != seen else value

    found = {key: masked(value) for key, value in texts.items()}
    return {key: value for key, value in found.items() if value != texts[key]}


def ids_of(ledger: Ledger, numbers: Iterable[str]) -> list[int]:
    """Return the rows' ids of complaints, by their numbers."""
    query = "SELECT id FROM complaint WHERE number = ?"
    return [single(ledger, query, (number,)) for number in numbers]


def places_of_people(ledger: Ledger, numbers: Sequence[str]) -> Iterator[Message]:
    """Yield each other text of these complaints that names its people, with the word around."""
    for number, row_id in zip(numbers, ids_of(ledger, numbers), strict=True):
        row = _whole_row(ledger, "complaint", row_id)
        people = people_of(ledger, "complaint", row_id)
        past = [texts for *_, texts in _changes(ledger, "complaint", row_id)]
        for key in TEXTS["complaint"]:
            known = [row[key], *(each for texts in past for each in _each(texts.get(key)))]
            for word in dict.fromkeys(_words_with(people, filter(None, known))):
                box = TABLES["complaint"][key].name
                yield message("{what} ({box}): {word}", what=number, box=box, word=word)


def _each(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _words_with(people: People, texts: Iterable[str]) -> Iterator[str]:
    """Yield the masked words in which somebody is named: in 张三丰药房 there is a 张三."""
    for text in texts:
        seen = visible_form(text)
        if (masked := people.mask(seen)) != seen:
            yield from (word for word in re.findall(r"[\w*]+", masked) if "*" in word)
