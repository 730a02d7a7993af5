"""A command's table of questions: a row for each box, in the order of the questions."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from ledger12315.boxes import Box
from ledger12315.cli.asking.case import Case, Known
from ledger12315.cli.face.desk import Desk
from ledger12315.cli.face.lookups import codes_and_names, complaint_for
from ledger12315.cli.face.prompts import Offer
from ledger12315.errors import Message, message
from ledger12315.ledger.complaints.recent import REMEMBERED, officers, open_cases
from ledger12315.ledger.points import last_used_point
from ledger12315.locale import N_, render


class Doubt(NamedTuple):
    """A doubt that is asked about before writing, and the box that settles it."""

    why: Message
    box: str = ""
    question: str = N_("Keep it? [y/n]")


def always(_case: Case) -> bool:
    """Return True for every case."""
    return True


def never(_case: Case) -> bool:
    """Return False for every case."""
    return False


class Asked(NamedTuple):
    """A row of a command's questions: one box, and how to ask for it.

    `when` returns whether a case needs the question, `needed` whether the box must be filled (by
    default, if it is required). `offers` returns known answers (by default those of its kind);
    `drafts` returns a text that follows from other answers, and is written again when they change.
    `takes` the answer that Enter gives (by default the box's default), and `empty` describes an
    Enter that gives none. `stands` returns an answer that makes the question unnecessary. The
    boxes in `leads` are listed above the question, each changed by its digit; those in `fills` get
    the same answer if they are not known. `names` finds what an answer names, or raises Refused.
    `says` returns a remark on the case. An empty answer to a question that `ends` ends the
    conversation.
    """

    key: str
    when: Callable[[Case], bool] = always
    needed: Callable[[Case], bool] | None = None
    offers: Callable[[Case], Sequence[Offer]] | None = None
    drafts: Callable[[Case], str] | None = None
    takes: Callable[[Case], str] | None = None
    empty: Message | str = message(" (Enter: none)")
    stands: Callable[[Case], str] = lambda _: ""
    leads: tuple[str, ...] = ()
    fills: tuple[str, ...] = ()
    names: Callable[[Desk, str], str | None] | None = None
    says: Callable[[Case], object] = lambda _: ""
    ends: bool = False

    def must_be_filled(self, case: Case) -> bool:
        """Return whether an answer is needed; a box that somebody chose may stay empty.

        One with a default may not: the default would be written where nothing is shown.
        """
        if self.needed:
            return self.when(case) and self.needed(case)
        box = case.boxes[self.key]
        return box.required or bool(box.default)

    def offered(self, case: Case) -> Sequence[Offer]:
        """Return known answers, the likeliest first."""
        if self.offers:
            return self.offers(case)
        if self.drafts:
            return [Offer(self.drafts(case))]
        if words := case.boxes[self.key].kind.offered:
            return [Offer(render(word)) for word in words.values()]
        return offer_earlier_values(case, self.key)

    def proposed(self, case: Case) -> str:
        """Return the answer that Enter takes, as it would be typed."""
        return self.takes(case) if self.takes else default_of(case, self.key)

    def seen(self, case: Case, answer: str) -> str:
        """Return the value behind an answer.

        Raises Unclear, and Refused if it names nothing known.
        """
        value = case.boxes[self.key].parse(answer, case.today)
        return (self.names and self.names(case.desk, str(value))) or case.seen(self.key, answer)

    def named_and_seen(self, case: Case) -> str:
        """Return the name and known value of the box. Raises as `seen` does."""
        return f"{render(case.boxes[self.key].name)} {self.seen(case, case.known[self.key])}"


def lacks_required_box(case: Case) -> bool:
    """Return whether a box that the command needs is unknown."""
    return any(box.lacking(case.known) for box in case.boxes.values())


def nothing_given(case: Case) -> bool:
    """Return whether a command was typed alone."""
    return not case.given


class Questions(NamedTuple):
    """All questions of a command.

    The conversation takes place if `begins` returns true, by default if a required box is not
    known. It goes on to the next case if only boxes in `repeats` were given. `words` is the box
    for words that fit no other. `form` returns the filled boxes of the row to be amended. If the
    command `writes`, the answers are shown first. `opening` yields what is printed before the
    first question, and may raise Unusable or Refused.
    """

    rows: tuple[Asked, ...]
    doubts: Callable[[Case], Iterable[Doubt]] = lambda _: ()
    begins: Callable[[Case], bool] = lacks_required_box
    repeats: tuple[str, ...] = ()
    words: str = ""
    form: Callable[[Desk, str], Known] | None = None
    writes: bool = True
    opening: Callable[[Desk], Iterable[Message]] = lambda _: ()

    def row(self, key: str) -> Asked:
        """Return the question for a box, also for one that is asked for only by choice."""
        return next((row for row in self.rows if row.key == key), SHARED.get(key, Asked(key)))

    def keeps(self, key: str) -> bool:
        """Return whether Enter leaves a box unchanged."""
        return self.form is not None and not self.is_fixed(key)

    def is_fixed(self, key: str) -> bool:
        """Return whether a box names the row to be amended, and so is not asked for again."""
        return self.form is not None and key == self.rows[0].key


def default_of(case: Case, key: str) -> str:
    """Return a box's default as typed; `today` becomes the date."""
    box = case.boxes[key]
    return str(box.kind.plain(box.parse(box.default, case.today))) if box.default else ""


def offer_earlier_values(case: Case, key: str) -> list[Offer]:
    """Return earlier values of a box, the most frequent first."""
    return [Offer(word) for word in case.recent.words(key)] if key in REMEMBERED else []


def offer_points(case: Case) -> list[Offer]:
    """Return the points, each under the number in its code if no other has it."""
    numbers = {each.code: _number_of_code(each.code) for each in case.places}
    several = Counter(numbers.values())
    return [
        Offer(code, f"{code} {name}", numbers[code] if several[numbers[code]] == 1 else code)
        for _, code, name, _ in case.places
    ]


def _number_of_code(code: str) -> str:
    found = re.search("[1-9][0-9]*$", code)
    return found[0] if found else code


def offer_open_complaints(case: Case) -> list[Offer]:
    """Return the complaints that are open, each under its number."""
    found = case.read(open_cases)
    return [Offer(each.number, f"{each.number} {each.item}", each.short) for each in found]


def complaint_question(act: str) -> Asked:
    """Return the question for the complaint to be closed, amended and so on."""
    return Asked("number", offers=offer_open_complaints, names=complaint_for(act))


def _officers(case: Case) -> list[Offer]:
    return [Offer(each) for each in case.read(officers)]


def _last_owed_quarter(case: Case) -> str:
    """Return the last quarter that is over, or nothing if the ledger begins later."""
    from ledger12315.ledger.station import first_day_of_ledger  # periods are slow to load
    from ledger12315.rules.periods import last_quarter

    quarter = last_quarter(case.today)
    return quarter.code if quarter.last >= case.read(first_day_of_ledger) else ""


def point_of_last_entry(case: Case) -> str:
    """Return the point of the last entry, since a pile mostly continues with it."""
    return case.read(last_used_point)


POINT_ROW = Asked("point", offers=offer_points, names=codes_and_names)
SHARED = {
    row.key: row
    for row in (
        POINT_ROW,
        Asked("number", offers=offer_open_complaints),
        Asked("period", takes=_last_owed_quarter),
        Asked("officer", offers=_officers),
    )
}
"""The rows that several tables have."""


def required_questions(*boxes: Box) -> Questions:
    """Return the questions of a command that asks only for its required boxes."""
    rows = (SHARED.get(box.key, Asked(box.key)) for box in boxes if box.required)
    return Questions(tuple(rows))
