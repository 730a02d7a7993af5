"""The request for a form: its period, point, day or numbers, and the name of its file."""

import re
from datetime import date
from typing import NamedTuple

from ledger12315.boxes.kinds import DAY
from ledger12315.cli.face.desk import Desk
from ledger12315.cli.forms.own import BureauWorkbook
from ledger12315.ledger import station
from ledger12315.ledger.figures import Scope
from ledger12315.ledger.points import Point
from ledger12315.ledger.store import Ledger
from ledger12315.rules.periods import Period


class FormRequest(NamedTuple):
    """The request for a form on a day, `today`; `numbers` name cases."""

    today: date
    period: Period | None = None
    point: Point | None = None
    as_of: date | None = None
    numbers: tuple[str, ...] = ()
    public: bool = False
    live: bool = False
    own: BureauWorkbook | None = None

    @property
    def day(self) -> date:
        """The last day that the form shows."""
        last = min(self.period.last, self.today) if self.period else self.today
        return self.as_of or last

    @property
    def scope(self) -> Scope:
        """The scope of a form that needs a period; as of today while the period lasts."""
        return self.whole.upto(self.today)

    @property
    def whole(self) -> Scope:
        """The scope of a return that may be submitted."""
        assert self.period  # noqa: S101  # the form needs one
        return Scope(self.period, self.as_of, self.point)

    @property
    def first(self) -> date:
        """The first day that counts for a point to be in the form."""
        return self.period.first if self.period else self.day

    @property
    def when(self) -> str:
        """The form's printed period or day."""
        day = DAY.printed(self.day)
        if not self.period:
            return f"截至：{day}"
        part = f"(截至{day})" if self.scope.as_of else ""
        return f"报告期：{self.period.title}{part}"


_LONGEST_NAME = 40


def file_name(desk: Desk, ledger: Ledger, *parts: str, point: Point | None = None) -> str:
    """Return the name of a form's file, with the station: a county desk has many stations.

    A code is free text, so folders and characters that filesystems refuse are removed.
    """
    whose = [station.station(ledger).name[:_LONGEST_NAME], *([point.code] if point else [])]
    return desk.name_of_file(re.sub(r"[^\w.-]", "_", "_".join((*parts, *whose))))
