"""Comparison of a register with the ledger. 三(四)4"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from functools import cache, lru_cache, partial
from operator import itemgetter

from ledger12315.errors import Message, Refused, message
from ledger12315.ledger.calendar import calendar_of
from ledger12315.ledger.complaints.overdue import cached_due_date
from ledger12315.ledger.complaints.recent import alike_rows, same_at_another_point
from ledger12315.ledger.doubts import EVENT_BOXES, day_limits
from ledger12315.ledger.importing.known import (
    EntryBoxes,
    earlier_missing,
    is_other_matter,
    known_complaint,
    news_of_row,
)
from ledger12315.ledger.importing.taking_in import Entries, Fill, New, PointTypes
from ledger12315.ledger.points import Point, find_point, type_on
from ledger12315.ledger.settings import first_day_of_ledger
from ledger12315.ledger.store import Ledger, LedgerRow, single
from ledger12315.ledger.store.history import head
from ledger12315.register.headings import YES_OR_NO_WORDS
from ledger12315.register.meaning import WrongBoxes, defaults_of, inconsistencies, with_defaults
from ledger12315.register.rows import MOST_PROBLEMS, Entry, RowProblem
from ledger12315.rules.deadlines import on_time
from ledger12315.rules.doubts import doubted_days
from ledger12315.words import TYPES

# More rows than a station gets in years: an old ledger is being migrated.
_COMPARED = 10_000
_HELD = 1000
# Rows that take some seconds to write; others wait, and give up after 30 seconds.
_IN_ONE_ACT = 25_000
# Tables that no register is compared with, so that others may write to them meanwhile.
_NEVER_ASKED = {
    *("demonstration", "disclosure", "former_host", "informant", "inspection", "point_return"),
    *("hand_in", "record", "submission", "submitted"),
}


class Intake:
    """The changes of a register: complaints that are `new`, and boxes to be `filled`.

    `doubts` are rows with a day that can hardly be meant; those before the ledger `begins`, as a
    first import brings them, are `early`, and those of returns are in the periods `submitted`.
    `known` are the numbers, by row, of complaints
    that the ledger has. `alike` are rows that may repeat the complaint or row beside
    each, `elsewhere` those that another point has. `taken` counts, by box, the rows for which a
    default is taken. `restarted` are rows with the number of another matter, as if numbers began
    anew. All was compared with the ledger at this `head`, and written in these `acts`.
    """

    def __init__(
        self, ledger: Ledger, entries: Entries, default: Point | None, today: date
    ) -> None:
        self.entries, self.head = entries, head(ledger)
        self.doubts: list[RowProblem] = []
        self.early: list[RowProblem] = []
        self.submitted: set[str] = set()
        self.begins = first_day_of_ledger(ledger)
        self.new: list[New] = []
        self.filled: list[Fill] = []
        self.known: dict[int, str] = {}
        self.alike: list[tuple[int, object]] = []
        self.taken = Counter[str]()
        self.restarted: list[Entry] = []
        self.elsewhere: list[tuple[int, object]] = []
        self.skipped = 0
        self.acts: list[int] = []
        self.problems: list[RowProblem] = []
        self._ledger, self._default = ledger, default
        self._calendar, self._spot = calendar_of(ledger), cache(self._find_spot)
        self._working_days = lru_cache(4096)(self._calendar.count)
        self._limits = cache(partial(day_limits, ledger, today))

    def replaced(self, ledger: Ledger) -> bool:
        """Return whether an older backup was restored since the comparison."""
        return single(ledger, "SELECT id FROM act WHERE head = ?", (self.head,)) is None

    def outdated(self, ledger: Ledger) -> bool:
        """Return whether rows that the register was compared with have changed since."""
        act = single(ledger, "SELECT id FROM act WHERE head = ?", (self.head,))
        if act is None:
            return True
        query = "SELECT DISTINCT table_name, row_id FROM change WHERE act_id > ?"
        return any(
            table not in _NEVER_ASKED and (table != "complaint" or self._compared(ledger, row_id))
            for table, row_id in ledger.execute(query, (act,))
        )

    def parts(self) -> Iterator[tuple[list[New], list[Fill]]]:
        """Yield the rows of each act, in order of receipt.

        Without rows it yields one empty part, since learned meanings need an act too.
        """
        self.new.sort(key=itemgetter(0))
        longest = max(len(self.new), len(self.filled), 1)
        for first in range(0, longest, _IN_ONE_ACT):
            part = slice(first, first + _IN_ONE_ACT)
            yield self.new[part], self.filled[part]

    def _compared(self, ledger: Ledger, row_id: int) -> bool:
        query = """
            SELECT point_id, number, external_no, received, complainant, item
            FROM complaint WHERE id = ?"""
        point, number, external, *about = ledger.execute(query, (row_id,)).fetchone()
        keys = [number, *(_key(point, each) for each in (number, external, _matter(*about)))]
        return any(map(self.entries.has_key, keys))

    def _find_spot(self, name: str | None) -> PointTypes | Message:
        try:
            if self._default and name is None:
                return _spot(self._ledger, self._default)
            return _spot(self._ledger, find_point(self._ledger, str(name)))
        except Refused as refused:
            return refused.message

    def compare_row(self, place: int, entry: Entry) -> None:
        """Decide whether one row is new, known, to be filled, or a problem."""
        boxes, entries = entry.boxes(), self.entries
        spot = self._spot(boxes.get("point"))
        if isinstance(spot, Message):
            wrong = inconsistencies(with_defaults(boxes))
            self._refuse(entry, [("point", spot), *wrong])
            return
        if "previous" in boxes:
            entries.record_key(str(boxes["previous"]), place)
        about = (boxes.get(key) for key in ("received", "complainant", "item"))
        number = boxes.get("external_no") or _matter(*about)
        first = entries.record_key(_key(spot.point.id, number), place)
        if first != place:
            self._hold_against_row(entry, entries[first])
        elif known := known_complaint(self._ledger, spot.point, boxes):
            self._hold_against_known(entry, spot, known)
        elif boxes.get("outcome") == "void":
            self.skipped += 1
        else:
            self._take(place, entry, spot, boxes)

    def _hold_against_row(self, entry: Entry, first: Entry) -> None:
        if first.boxes() == entry.boxes():
            self.skipped += 1
            return
        if is_other_matter(first.boxes(), entry.boxes()):
            self.restarted.append(entry)
        why = message("row {row} has the same number", row=first.row)
        if "external_no" not in entry.boxes():
            why = message("row {row} has the same day, consumer and goods", row=first.row)
        self._refuse(entry, [("external_no", why)])

    def _hold_against_known(self, entry: Entry, spot: PointTypes, known: LedgerRow) -> None:
        """Skip a row without news, or fill its news into an open complaint.

        Anything else is a problem.
        """
        boxes, number = entry.boxes(), known["number"]
        void = boxes.get("outcome") == "void"
        if not void and is_other_matter(known, boxes):
            self.restarted.append(entry)
            day = known["received"]
            why = message("{number} of {day} already has this number", number=number, day=day)
            self._refuse(entry, [("external_no", why)])
            return
        self.known[known["id"]] = number
        new: LedgerRow = {}
        wrong: list[tuple[str, Message]] = []
        if not void:
            wrong += [*self._unlike(boxes, spot), *earlier_missing(self._ledger, boxes, known)]
        if bool(known["voided"]) != void:
            why = message(
                "it is void in the register or in {number}, but not in both", number=number
            )
            wrong.append(("outcome", why))
        elif not void:
            new, unfit = news_of_row(self._ledger, known, boxes)
            wrong += unfit
        if wrong:
            self._refuse(entry, wrong)
        elif new:
            self.taken.update({"told"} & new.keys() - boxes.keys())
            self.filled.append((known["id"], new))
            self._doubt_days(entry, spot, {**known, **new}, new)
        else:
            self.skipped += 1

    def _take(self, place: int, entry: Entry, spot: PointTypes, boxes: EntryBoxes) -> None:
        wrong = [*self._unlike(boxes, spot), *_row_problems(self._ledger, boxes, spot.point)]
        if wrong:
            self._refuse(entry, wrong)
            return
        if other := same_at_another_point(self._ledger, spot.point, boxes):
            self.elsewhere.append((entry.row, other))
        self._doubt_days(entry, spot, boxes, boxes)
        self.taken.update(key for key in defaults_of(boxes) if key not in boxes)
        self.new.append((boxes["received"], spot, place))

    def _doubt_days(
        self, entry: Entry, spot: PointTypes, boxes: EntryBoxes, new: EntryBoxes
    ) -> None:
        """Note the `new` days of a complaint's boxes that can hardly be meant."""
        stated, titled = entry.table.stated
        limits = self._limits(spot.point)._replace(stated=stated, titled=titled)
        days = {key: boxes[key] for key in EVENT_BOXES if boxes.get(key)}
        for each in doubted_days(days, limits, self.begins):
            if each.box in new:
                rows = self.early if each.early else self.doubts
                rows.append(entry.problem(each.box, each.why))
                self.submitted.update(each.submitted)

    def _unlike(self, boxes: EntryBoxes, spot: PointTypes) -> WrongBoxes:
        """Yield the type, working days or on-time answers that differ from the ledger's."""
        received, closed = boxes["received"], boxes.get("closed")
        type_ = spot.type_on(received)
        if boxes.get("type", type_) != type_:
            why = message(
                "{point} was of type {type} on {day}",
                point=spot.point.name,
                type=TYPES[type_],
                day=received,
            )
            yield "type", why
        if closed and ("working_days" in boxes or "on_time" in boxes):
            days = self._working_days(received, closed)
            if boxes.get("working_days", days) != days:
                yield "working_days", message("by the ledger's calendar it is {days}", days=days)
            due = cached_due_date(received, self._calendar).day
            in_time = "yes" if on_time(closed, boxes.get("escalated"), due) else "no"
            if boxes.get("on_time", in_time) != in_time:
                answer = YES_OR_NO_WORDS[in_time]
                yield "on_time", message("by the ledger's calendar it is {answer}", answer=answer)

    def _refuse(self, entry: Entry, wrong: Iterable[tuple[str, Message]]) -> None:
        self.problems += [entry.problem(box, why) for box, why in wrong]


def compare_entries(
    ledger: Ledger,
    entries: Entries,
    default: Point | None,
    today: date,
    step: Callable[[int], object] = lambda _: None,
    commit_batches: bool = False,
) -> Intake:
    """Compare each row with its point, the calendar, and the complaint of the same number.

    Nothing is changed. `step` receives the number of rows compared. With `commit_batches` others
    may write to the ledger in between.
    """
    made = Intake(ledger, entries, default, today)
    for place, entry in entries:
        made.compare_row(place, entry)
        if len(made.problems) >= MOST_PROBLEMS:
            break
        if place % _HELD == 0:
            step(_HELD)
            if commit_batches:
                ledger.execute("COMMIT")
                ledger.execute("BEGIN")
    if len(made.new) <= _COMPARED:
        rows = [(spot.point.id, entries[place]) for _, spot, place in made.new]
        made.alike = sorted(alike_rows(ledger, rows).items())
    return made


def _matter(received: object, complainant: object, item: object) -> str:
    """Return the boxes that identify a complaint without a number."""
    return f"{received} {complainant} {item}"


def _key(point_id: int, number: object) -> str:
    return f"{point_id} {number}"


def _spot(ledger: Ledger, point: Point) -> PointTypes:
    query = """
        SELECT since FROM point_type WHERE point_id = :point
        UNION SELECT until FROM point_type WHERE point_id = :point AND until IS NOT NULL"""
    days = {date.min}  # before the first of them
    days.update(date.fromisoformat(day) for (day,) in ledger.execute(query, {"point": point.id}))
    return PointTypes(point, [(day, type_on(ledger, point, day)) for day in sorted(days)])


def _row_problems(ledger: Ledger, boxes: EntryBoxes, point: Point) -> WrongBoxes:
    if point.gone(boxes["received"]):
        why = message("{point} was retired on {day}", point=point.name, day=point.retired)
        yield "received", why
    yield from earlier_missing(ledger, boxes, {})
    yield from inconsistencies(with_defaults(boxes))
