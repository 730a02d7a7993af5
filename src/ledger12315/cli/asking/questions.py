"""What is asked: a table for each command, a row for each box, and what is known meanwhile."""

import re
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from ledger12315.boxes import Box, Filled, by_key, parse_all
from ledger12315.boxes.kinds import Checked, Value
from ledger12315.boxes.masks import mask_text_of
from ledger12315.boxes.worded import local_word
from ledger12315.cli.face.answers import yes_or_no
from ledger12315.cli.face.desk import Desk
from ledger12315.cli.face.lookups import (
    Texts,
    case_in_words,
    codes_and_names,
    complaint_for,
    doubted_boxes,
)
from ledger12315.cli.face.prompts import Offer
from ledger12315.errors import LedgerError, Message, Refused, message
from ledger12315.ledger.complaints.recent import (
    REMEMBERED,
    NamedPoint,
    Recent,
    cases_for,
    latest_complaints,
    numbers_begun,
    officers,
    points_to_choose,
)
from ledger12315.ledger.points import Point, find_point, last_used_point, number_of_code
from ledger12315.locale import N_, day_words, render
from ledger12315.renamed import in_year_words
from ledger12315.words import RECORD_KINDS

if TYPE_CHECKING:  # most days are today's, and not doubted
    from ledger12315.rules.doubts import DoubtedDay

_Read = TypeVar("_Read")
PLAIN = r"\w[\w.·（）-]*"
"""A word that means nothing else to a shell."""
_YEARS = 2
"""The years whose periods a shell offers."""


class Asking:
    """What is known of a row while it is asked for: the boxes `given`, and all `known` by now."""

    def __init__(self, desk: Desk, boxes: Sequence[Box], given: Texts) -> None:
        self.desk = desk
        self.boxes = by_key(*boxes)
        self.given = self.known = given
        self.certain: set[str] = set()
        """The doubts that somebody has said to be right."""
        self._read: dict[Hashable, Any] = {}

    @property
    def today(self) -> date:
        """The day that counts as today. Raises Refused where the computer's clock is wrong."""
        return self.desk.today

    def value(self, key: str) -> Value | None:
        """Return a box's value; None where it is empty or cannot be read."""
        text = self.known.get(key, "").strip()
        with suppress(LedgerError):
            return self.boxes[key].parse(text, self.today) if text else None
        return None

    def values(self) -> Filled:
        """Return the values of the filled boxes; others may be missing. Raises Unclear."""
        return parse_all([box.optional() for box in self.boxes.values()], self.known, self.today)

    def seen(self, key: str, answer: str) -> str:
        """Return the meaning of an answer, as it is shown. Raises Unclear."""
        box = self.boxes[key]
        value = box.parse(answer, self.today)
        if isinstance(value, date):
            return day_words(value)
        if isinstance(value, Checked):
            return render(box.kind.shown(value))
        if isinstance(value, str):
            return render(box.kind.shown(local_word(value)))
        if box.kind.unit and isinstance(value, int):
            return f"{box.kind.plain(value)} {render(box.kind.unit)}"
        return answer

    def doubt(self, key: str, value: Value) -> Message | None:
        """Return a reason to ask again for a box's value, if there is one."""
        if why := self.boxes[key].kind.doubt(value, self.today):
            return why
        found = (each.why for each in self.doubted_days({key: value}) if each.box == key)
        return next(found, None)

    def doubted_days(self, new: Mapping[str, Value]) -> "list[DoubtedDay]":
        """Return the doubted days among what is known, and `new` values."""
        boxes = [*self.boxes.values()]
        known = {key: value for key in self.boxes if (value := self.value(key))}
        return doubted_boxes(self.desk, boxes, str(known.get(boxes[0].key, "")), {**known, **new})

    def read(self, of: Callable[..., _Read], *about: str) -> _Read:
        """Return the result of `of`, called with the ledger and `about` once per asking."""
        if (of, about) not in self._read:
            with self.desk.read() as ledger:
                self._read[of, about] = of(ledger, *about)
        found: _Read = self._read[of, about]
        return found

    def forget(self) -> None:
        """Forget all readings from the ledger, since it has changed."""
        self._read.clear()

    @property
    def recent(self) -> Recent:
        """The goods and words of recent complaints."""
        return self.read(latest_complaints)

    @property
    def places(self) -> list[NamedPoint]:
        """The points to choose from."""
        return self.read(points_to_choose)

    @property
    def point(self) -> Point | None:
        """The point of this row, if known."""
        if word := self.known.get("point", ""):
            with suppress(LedgerError):
                return self.read(find_point, word)
        return None


class Doubt(NamedTuple):
    """A doubt that is asked about before writing, and the box that settles it."""

    why: Message
    box: str = ""
    question: str = N_("Keep it? [y/n]")


def always(_asking: Asking) -> bool:
    """Return True for every row."""
    return True


def never(_asking: Asking) -> bool:
    """Return False for every row."""
    return False


class Asked(NamedTuple):
    """A row of a command's questions: one box, and how to ask for it."""

    key: str
    when: Callable[[Asking], bool] = always
    """Whether the question is needed."""
    needed: Callable[[Asking], bool] | None = None
    """Whether the box must be filled; by default, if it is required."""
    offers: Callable[[Asking], Sequence[Offer]] | None = None
    """The menu; by default the words of its kind, or earlier values."""
    composes: Callable[[Asking], str] | None = None
    """A text that follows from other answers, written again when they change."""
    enter: Callable[[Asking], str] | None = None
    """The answer that Enter gives; by default the box's default."""
    empty: Message | str = message(" (Enter: none)")
    """Shown behind the question where Enter gives no answer."""
    stands: Callable[[Asking], str] = lambda _: ""
    """An answer that makes the question unnecessary."""
    leads: tuple[str, ...] = ()
    """The boxes that are listed above the question, each changed by its digit."""
    fills: tuple[str, ...] = ()
    """The boxes that get the same answer if they are not known."""
    names: Callable[[Desk, str], str | None] | None = None
    """Finds the row that an answer names, or raises Refused."""
    says: Callable[[Asking], object] = lambda _: ""
    """A remark behind the name of the box."""
    ends: bool = False
    """Whether an empty answer ends the conversation."""
    completes: Callable[[Asking, str], Iterable[Offer]] | None = None
    """What a shell offers for a text."""

    def must_be_filled(self, asking: Asking) -> bool:
        """Return whether an answer is needed; a box that somebody chose may stay empty.

        One with a default may not: the default would be written where nothing is shown.
        """
        if self.needed:
            return self.when(asking) and self.needed(asking)
        box = asking.boxes[self.key]
        return box.required or bool(box.default)

    def offered(self, asking: Asking) -> Sequence[Offer]:
        """Return the menu, the likeliest answer first."""
        if self.offers:
            return self.offers(asking)
        if self.composes:
            return [Offer(self.composes(asking))]
        if asking.boxes[self.key].kind.decides:
            return [Offer(yes_or_no(True)), Offer(yes_or_no(False))]
        if words := asking.boxes[self.key].kind.offered:
            return [Offer(render(word)) for word in words.values()]
        return offer_earlier_values(asking, self.key)

    def proposed(self, asking: Asking) -> str:
        """Return the answer that Enter takes, as it would be typed."""
        return self.enter(asking) if self.enter else default_of(asking, self.key)

    def seen(self, asking: Asking, answer: str) -> str:
        """Return the value behind an answer.

        Raises Unclear, and Refused if it names nothing known.
        """
        value = asking.boxes[self.key].parse(answer, asking.today)
        return (self.names and self.names(asking.desk, str(value))) or asking.seen(
            self.key, answer
        )

    def named_and_seen(self, asking: Asking) -> str:
        """Return the name and known value of the box. Raises as `seen` does."""
        return f"{render(asking.boxes[self.key].name)} {self.seen(asking, asking.known[self.key])}"


def lacks_required_box(asking: Asking) -> bool:
    """Return whether a box that the command needs is unknown."""
    return any(box.lacking(asking.known) for box in asking.boxes.values())


def nothing_given(asking: Asking) -> bool:
    """Return whether a command was typed alone."""
    return not asking.given


class Questions(NamedTuple):
    """All questions of a command.

    The conversation takes place if `begins` returns true, by default if a required box is not
    known. It goes on to the next row if only boxes in `repeats` were given. `current` returns
    the boxes of the row to be amended, as they are. If the command `writes`, the answers are shown
    first. `opening` yields what is printed before the first question, and may raise Unusable or
    Refused.
    """

    rows: tuple[Asked, ...]
    doubts: Callable[[Asking], Iterable[Doubt]] = lambda _: ()
    begins: Callable[[Asking], bool] = lacks_required_box
    repeats: tuple[str, ...] = ()
    current: Callable[[Desk, str], Texts] | None = None
    writes: bool = True
    opening: Callable[[Asking], Iterable[Message]] = lambda _: ()

    def row(self, key: str) -> Asked:
        """Return the question for a box, also for one that is asked for only by choice."""
        return next((row for row in self.rows if row.key == key), SHARED.get(key, Asked(key)))

    def keeps(self, key: str) -> bool:
        """Return whether Enter leaves a box unchanged."""
        return self.current is not None and not self.is_fixed(key)

    def is_fixed(self, key: str) -> bool:
        """Return whether a box names the row to be amended, and so is not asked for again."""
        return self.current is not None and key == self.rows[0].key


def default_of(asking: Asking, key: str) -> str:
    """Return a box's default as typed; `today` becomes the date."""
    box = asking.boxes[key]
    return str(box.kind.plain(box.parse(box.default, asking.today))) if box.default else ""


def offer_earlier_values(asking: Asking, key: str) -> list[Offer]:
    """Return earlier values of a box, the most frequent first."""
    return [Offer(word) for word in asking.recent.words(key)] if key in REMEMBERED else []


def offer_points(asking: Asking) -> list[Offer]:
    """Return the points, each under the number in its code if no other has it."""
    numbers = {each.code: number_of_code(each.code) or each.code for each in asking.places}
    several = Counter(numbers.values())
    signs = {code: number if several[number] == 1 else code for code, number in numbers.items()}
    return [
        Offer(code, f"{code} {name}", signs[code], word=name) for _, code, name, _ in asking.places
    ]


def offer_complaints(asking: Asking, act: str = "close") -> list[Offer]:
    """Return the complaints that an act may be for, each under its number.

    Where several have the same goods, each is told apart by consumer, day and stall.
    """
    found = asking.read(cases_for, act)
    alike = Counter(each["item"] for each in found)
    offers = []
    for each in found:
        goods = mask_text_of(each, known_phones=asking.desk.known_phones)
        told_apart = alike[each["item"]] > 1 or act == "reopen"
        seen = case_in_words(each, asking.desk) if told_apart else f"{each['number']} {goods}"
        offers.append(Offer(each["number"], seen, each["short"], word=goods))
    return offers


def _records_offered(asking: Asking) -> list[Offer]:
    """Return the last records, each under its number."""
    from ledger12315.ledger.records import latest_records  # few commands ask for one

    offers = []
    for each in asking.read(latest_records):
        parts = (
            render(RECORD_KINDS[each["kind"]]),
            each["point_name"],
            each["on"],
            each["respondent"],
        )
        words = [str(part) for part in parts if part]
        offers.append(Offer(str(each["id"]), " ".join(words), str(each["id"])))
    return offers


def complaint_questions(act: str, *rows: Asked, **more: Any) -> Questions:
    """Return the questions of a command that closes or amends complaints, and so on."""

    def is_needed(asking: Asking) -> bool:
        return asking.boxes["number"].lacking(asking.known)

    def demand_any(asking: Asking) -> tuple[()]:
        if is_needed(asking) and not asking.read(cases_for, act):
            if act in ("close", "escalate"):
                raise Refused("No complaint is open.")
            raise Refused("There is no complaint to choose from.")
        return ()

    offers = partial(offer_complaints, act=act)
    asked = Asked("number", when=is_needed, offers=offers, names=complaint_for(act))
    return Questions((asked, *rows), opening=demand_any, **more)


def _officers_offered(asking: Asking) -> list[Offer]:
    return [Offer(each) for each in asking.read(officers)]


def _last_owed_quarter(asking: Asking) -> str:
    """Return the last quarter that is over, or nothing if the ledger begins later.

    A county's computer may have no ledger.
    """
    from ledger12315.ledger.settings import first_day_of_ledger  # periods are slow to load
    from ledger12315.rules.periods import last_quarter

    quarter = last_quarter(asking.today)
    if asking.desk.path.exists() and quarter.last < asking.read(first_day_of_ledger):
        return ""
    return quarter.code


def _code_of_period(_desk: Desk, text: str) -> str:
    """Return the code of a period. Raises Unclear."""
    from ledger12315.rules.periods import parse_period

    return parse_period(text).code


def point_of_last_entry(asking: Asking) -> str:
    """Return the point of the last entry, since a pile mostly continues with it."""
    return asking.read(last_used_point)


def _points_begun(asking: Asking, typed: str) -> Iterator[Offer]:
    """Yield points by name; by code if a code is typed or a name is no plain word."""
    for each in asking.places:
        begun = typed and each.code.startswith(typed)
        by_code = begun or not re.fullmatch(PLAIN, each.name)
        yield Offer(each.code if by_code else each.name, f"{each.code} {each.name}")


def _complaints_begun(asking: Asking, typed: str) -> Iterator[Offer]:
    """Yield the complaints whose number begins with the text; without one the open ones."""
    for each in asking.read(numbers_begun, typed) if typed else asking.read(cases_for):
        yield Offer(each["number"], mask_text_of(each, known_phones=asking.desk.known_phones))


def _periods_begun(asking: Asking, typed: str) -> Iterator[Offer]:
    """Yield the periods that have begun, latest first; months if one is typed."""
    from ledger12315.rules.periods import parse_period

    today = asking.today
    for year in range(today.year, today.year - _YEARS, -1):
        months = range(today.month if year == today.year else 12, 0, -1)
        parts = [f"-{month:02}" for month in months] if "-" in typed else []
        quarters = dict.fromkeys(f"Q{(month + 2) // 3}" for month in months)
        for part in (*quarters, *parts, "", "A"):
            yield Offer(f"{year}{part}", parse_period(f"{year}{part}").title)


def _measures(_asking: Asking, _typed: str) -> Iterator[Offer]:
    from ledger12315.rules.rates import MEASURES_AND_RATES

    yield from (Offer(key, in_year_words(each.name)) for key, each in MEASURES_AND_RATES.items())


POINT_ROW = Asked("point", offers=offer_points, names=codes_and_names, completes=_points_begun)
SHARED = {
    row.key: row
    for row in (
        POINT_ROW,
        Asked("number", offers=offer_complaints, completes=_complaints_begun),
        Asked(
            "period",
            enter=_last_owed_quarter,
            names=_code_of_period,
            completes=_periods_begun,
        ),
        Asked("id", offers=_records_offered),
        Asked("officer", offers=_officers_offered),
        Asked("measure", completes=_measures),
    )
}
"""The rows that several tables have, and what a shell completes; by box or placeholder."""


def demand_a_ledger(asking: Asking) -> Iterator[Message]:
    """Raise Unusable if there is no ledger, before any question."""
    with asking.desk.read():
        yield from ()


def required_questions(*boxes: Box) -> Questions:
    """Return the questions of a command that asks only for its required boxes."""
    rows = (SHARED.get(box.key, Asked(box.key)) for box in boxes if box.required)
    return Questions(tuple(rows))
