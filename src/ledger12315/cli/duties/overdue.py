"""`overdue` 超期: the complaints that are past their due date, and those that soon are."""

from collections.abc import Sequence
from contextlib import nullcontext
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from ledger12315.boxes import Filled, Option
from ledger12315.boxes.amounts import COUNT_OR_ZERO, DAYS_WITHIN
from ledger12315.boxes.kinds import ANY_DAY, DAY
from ledger12315.boxes.people import STAFF_NAME
from ledger12315.cli.command import command
from ledger12315.cli.face.answers import (
    MAY_MOVE,
    PROVISIONAL_DAYS,
    Column,
    Part,
    Result,
    Row,
    Table,
    due_tone,
)
from ledger12315.cli.face.desk import Desk
from ledger12315.cli.face.options import (
    ALWAYS,
    AS_OF,
    EXIT_CODE,
    NOTIFY,
    ONE_POINT,
    WORKING_DAYS,
)
from ledger12315.ledger.calendar import is_day_off
from ledger12315.ledger.complaints.overdue import overdue_complaints
from ledger12315.ledger.points import given_point
from ledger12315.ledger.station import unit_name
from ledger12315.ledger.store.history import newest_day

if TYPE_CHECKING:
    from ledger12315.cli.duties.notification import Notification

_AS_OF = AS_OF._replace(
    kind=ANY_DAY, help="the state at the end of this day, which may be in the future [today]"
)
_WITHIN = Option("within", "临近", DAYS_WITHIN, "also list what falls due within N working days")
_COLUMNS = (
    Column("number", "编号"),
    Column("point", "服务点"),
    Column("point_name", "服务点名称", "name", narrow=True),
    Column("received", "受理日期", kind=DAY, screen=False),
    Column("due", "应办结", kind=DAY),
    Column("working_days_over", "超期工作日", "days over", COUNT_OR_ZERO),
    MAY_MOVE,
    Column("item", "商品/服务", narrow=True),
    Column("officer", "联系人", kind=STAFF_NAME),
)


@command(
    *(_AS_OF, _WITHIN, ONE_POINT, NOTIFY, ALWAYS, WORKING_DAYS, EXIT_CODE),
    flags="json csv mail reveal",
)
def overdue(desk: Desk, filled: Filled) -> Result:
    """List open complaints past their due date."""
    day = filled.day("as_of", desk.today)
    notification = _notification(filled, day, desk.path)
    with notification.telling_failures() if notification else nullcontext(), desk.read() as ledger:
        if "as_of" not in filled:
            desk.demand_clock(newest_day(ledger))
        if "working_days" in filled and is_day_off(ledger, day):
            return Result((Table((), _COLUMNS),))
        name = unit_name(ledger)
        point = given_point(ledger, filled)
        found = overdue_complaints(ledger, day, filled.given("within", int), point)
    rows = [each._asdict() for each in found]
    table = Table(rows, _COLUMNS, tones=partial(_tones, day=day))
    parts: Sequence[Part] = [table]
    if desk.format == "mail":
        from ledger12315.cli.duties.duties import mail_of_overdue  # loads all duties

        parts = mail_of_overdue(name, day, found, table, "always" in filled)
    error = notification.send_overdue(name, found) if notification else None
    notes = [PROVISIONAL_DAYS] * any(each.provisional for each in found)
    code = int("exit_code" in filled and bool(found))
    return Result(parts, notes=notes, exit_code=code, error=error)


def _tones(row: Row, day: date) -> dict[str, str]:
    tone = due_tone(row["due"], day)
    found = {"due": tone, "working_days_over": tone}
    return found | {"provisional": "provisional"} if row["provisional"] else found


def _notification(filled: Filled, day: date, ledger: Path) -> "Notification | None":
    """Return the command's message, if it is to be sent anywhere. Raises Unclear."""
    if "notify" not in filled:
        return None
    from ledger12315.cli.duties.notification import Notification  # loads all duties

    return Notification.of(filled, day, ledger)
