"""A complaint in a conversation: logged, and closed in the same breath where it is settled."""

from collections.abc import Iterator
from contextlib import suppress
from datetime import date
from typing import Any, ClassVar

from ledger12315.boxes import Box
from ledger12315.boxes.kinds import Value
from ledger12315.cli.face.subject import Doubt, Known, Leads, Subject
from ledger12315.errors import LedgerError, Message, message
from ledger12315.ledger.complaints.acts import before_point, likeness
from ledger12315.ledger.complaints.finding import stored
from ledger12315.ledger.complaints.likeness import alike
from ledger12315.locale import N_
from ledger12315.rules.checks import completed, in_dispute, surplus
from ledger12315.words import ENDINGS

_HEAD = ("received", "point", "source", "channel")
_ABOUT = ("category", "problem", "request")
_ENDING = ("closed", "answered")


class Ending(Subject):
    """How a complaint ends."""

    leads: ClassVar[Leads] = {"rating": _ENDING}

    def asked(self, known: Known) -> Iterator[Box]:
        return (self.by_key[key] for key in self._order(known) if key not in known)

    def _order(self, known: Known) -> tuple[str, ...]:
        ending = ENDINGS.get(str(self.value(known, "outcome")))
        if not ending:
            return ("number", "outcome")
        needs = (ending.needs,) if ending.needs else ()
        told = ("answered",) if ending.tell and not ending.told_is_result else ()
        return ("number", "outcome", *needs, "closed", "recovered", *told, "rating")

    def required(self, box: Box, known: Known) -> bool:
        ending = ENDINGS.get(str(self.value(known, "outcome")))
        needed = (ending.needs, "closed") if ending else ()
        return box.required or box.key in needed

    def ready(self, known: Known) -> Known:
        outcome = self.value(known, "outcome")
        # 和解不成 is closed by the telling.
        if outcome == "advised" and known.get("told"):
            return {"closed": known["told"]}
        # What came in today can only have been closed today, and whoever settled it knows.
        if outcome != "settled" or self._received(known) != self.today:
            return {}
        return dict.fromkeys(_ENDING, self.today.isoformat())

    def proposed(self, box: Box, known: Known) -> str:
        if box.key == "closed" or (box.key == "told" and self._received(known) == self.today):
            return self.today.isoformat()
        if box.key == "recovered" and self.value(known, "outcome") in ("settled", "mediated"):
            fen = in_dispute(self._row(known))
            return box.kind.plain(fen) if fen else ""
        return super().proposed(box, known)

    def doubts(self, known: Known) -> Iterator[Doubt]:
        for why in surplus({**self._row(known), **self.values(known)}):
            yield Doubt(why, "recovered")

    def _row(self, known: Known) -> dict[str, Any]:
        with suppress(LedgerError), self.desk.read() as ledger:
            return stored(ledger, str(self.value(known, "number")), "close")
        return {}

    def _received(self, known: Known) -> Value | None:
        return self._row(known).get("received")


class NewCase(Ending):
    """A complaint that comes in; the next one has day, point, source and channel of the last."""

    leads: ClassVar[Leads] = {"complainant": _HEAD, "facts": _ABOUT, "rating": _ENDING}

    def __init__(self, *about: Any) -> None:
        super().__init__(*about)
        self._carried: dict[str, str] = {}

    def goes_on(self, given: Known) -> bool:
        return given.keys() <= {*_HEAD}

    def ends(self, box: Box) -> bool:
        return box.key == "complainant" and bool(self._carried)

    def carried(self, known: Known) -> None:
        self._carried = {key: known[key] for key in _HEAD}
        self.__dict__.pop("recent", None)

    def _order(self, known: Known) -> tuple[str, ...]:
        referred = self.value(known, "source") == "referred"
        referral = ("referral_no", "referred", "reply_by") if referred else ()
        respondent = ("respondent",) if self._has_tenants(known) else ()
        about = _ABOUT[1:] if "kind" in known else _ABOUT
        # Whoever comes next may not be referred: the source can be changed before its number.
        who = ("complainant", *referral, "phone", *respondent)
        case = ("item", *about, "purchase", "facts")
        return (*_HEAD, *who, *case, *super()._order(known)[1:])

    def _has_tenants(self, known: Known) -> bool:
        """Return whether a stall is likely meant: at a market, or where one was named before."""
        point = self.point(known)
        markets = (each.id for each in self.places if each.type == "market")
        return bool((point and point.id in markets) or self.used("respondent", known))

    def required(self, box: Box, known: Known) -> bool:
        if box.key == "referral_no":
            return self.value(known, "source") == "referred"
        always = (*_HEAD, "problem")
        return box.key != "outcome" and (box.key in always or super().required(box, known))

    def nothing(self, box: Box, known: Known) -> Message | str:
        if box.key == "complainant":
            return message(" (Enter: no more)")
        if box.key == "outcome":
            return message(" (Enter: still open)")
        return super().nothing(box, known)

    def ready(self, known: Known) -> Known:
        ready = {**self._carried, **super().ready({**self._carried, **known})}
        earlier = next(self.recent.of_item(known.get("item", "")), None)
        if earlier and earlier["category"] and "kind" not in known:
            ready["category"] = earlier["category"]
        return ready

    def proposed(self, box: Box, known: Known) -> str:
        if box.key == "received":
            return self.today.isoformat()
        if box.key == "closed" and self.value(known, "outcome") == "settled":
            return known["received"]  # on the spot
        if box.key == "point" and len(self.places) == 1:
            return self.places[0].code
        return super().proposed(box, known)

    def _row(self, known: Known) -> dict[str, Any]:
        return completed(self.values(known), self.today)

    def doubts(self, known: Known) -> Iterator[Doubt]:
        row, point = self._row(known), self.point(known)
        if point and isinstance(received := row["received"], date):
            if received < point.since:
                yield Doubt(before_point(point), "received")
            with self.desk.read() as ledger:
                others = alike(ledger, point, {"phone": None, **row}, row.get("previous"))
            if others:
                yield Doubt(likeness(others), question=N_("Log it all the same? [y/n]"))
        for why in self.recent.unusual(row):
            yield Doubt(why, "purchase")
        yield from super().doubts(known)
