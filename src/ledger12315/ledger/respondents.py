"""Respondents out of whose names erasing took somebody's: figures group them as before.

The key of such a complaint is below 0, and above 0 that of each at its point whose respondent has
kept the same name; 0 means the point itself.
"""

from itertools import count

from ledger12315.boxes.names import comparable_name
from ledger12315.ledger.points import host_on
from ledger12315.ledger.store import Ledger, LedgerRow, update

_KEPT = """
    SELECT same.respondent FROM main.complaint AS same
    WHERE same.respondent_key = -erased.respondent_key ORDER BY same.id LIMIT 1"""
GROUPED_RESPONDENT = f"""CASE WHEN instr(complaint.respondent, '*') THEN coalesce((
    SELECT iif(erased.respondent_key = 0, point.name, ({_KEPT}))
    FROM main.complaint AS erased WHERE erased.id = complaint.id AND erased.respondent_key <= 0
    ), complaint.respondent) ELSE complaint.respondent END"""
"""SQL for the respondent by which a complaint is grouped; `point` is its point."""
_AT_POINT = """
    SELECT id, respondent, respondent_key FROM complaint
    WHERE point_id = ? AND id <> ? AND respondent IS NOT NULL"""


def renamed_respondent(ledger: Ledger, row: LedgerRow, becomes: str) -> LedgerRow:
    """Return the columns of a complaint whose respondent's name is replaced.

    The others with the same respondent get its key, and no two respondents become one.
    """
    asked = row["received"], row["point_id"]
    query = f"SELECT name, {host_on('?')} FROM point WHERE id = ?"
    of_point = map(comparable_name, ledger.execute(query, asked).fetchone())
    name = comparable_name(row["respondent"])
    if name in of_point:
        return {"respondent": becomes, "respondent_key": 0}
    others = ledger.execute(_AT_POINT, (row["point_id"], row["id"])).fetchall()
    same = [other for other in others if comparable_name(other[1]) == name]
    known = [abs(key) for *_, key in same if key] + [row["respondent_key"] or row["id"]]
    for other, _, key in same:
        if key is None:
            update(ledger, "complaint", other, {"respondent_key": known[0]})
    taken = {comparable_name(other) for _, other, key in others if key != -known[0]}
    numbered = (f"{becomes}（{number}）" for number in count(2))
    while comparable_name(becomes) in taken:
        becomes = next(numbered)
    return {"respondent": becomes, "respondent_key": -known[0]}
