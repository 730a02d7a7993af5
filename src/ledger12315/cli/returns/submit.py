"""`returns submit` 上报: freezing a period's figures and forms."""

import errno
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple

from ledger12315.boxes import Filled
from ledger12315.boxes.forms import PERIOD
from ledger12315.cli.command import command
from ledger12315.cli.face.answers import Result
from ledger12315.cli.face.desk import Desk
from ledger12315.cli.face.files import write_beside
from ledger12315.cli.face.lookups import read_own_period
from ledger12315.cli.face.options import OUTPUT, YES
from ledger12315.cli.forms.contents import attachment_workbook, file_name
from ledger12315.errors import Message, Unusable, made_folder, message, reason
from ledger12315.ledger.figures import Scope, Snapshot
from ledger12315.ledger.figures.grounds import missing_returns
from ledger12315.ledger.returns import owing, received, submitted
from ledger12315.ledger.station import unit_name
from ledger12315.ledger.store.practice import practises
from ledger12315.locale import _
from ledger12315.rules.periods import Period
from ledger12315.sheets.receipt import receipt

_FOLDER = OUTPUT._replace(
    metavar="FOLDER", help="the folder for Attachment 6 [the current folder]"
)


class _Drawn(NamedTuple):
    """A submission before it is written: its named workbooks, and the receipt's name."""

    prepared: submitted.Submission
    contents: list[bytes]
    names: list[str]
    slip: str
    unit: str
    missing: Sequence[str] | None
    late: Sequence[str]
    changed: Sequence[Message]


@command(PERIOD, _FOLDER, YES, arguments=1, flags="json")
def submit_return(desk: Desk, filled: Filled) -> Result:
    """Submit a period: freeze its figures and forms."""
    drawn = _draw_submission(desk, filled.text("period"))
    prepared, period = drawn.prepared, drawn.prepared.period
    if desk.asks and "yes" not in filled:
        desk.demand(*_submission_notes(drawn), question=_("Submit it? [y/n]"))
    target = (filled.given("output", Path) or Path()) / drawn.names[0]
    slip = target.with_name(drawn.slip)
    with made_folder(target.parent):
        made, replaced = _submit_and_write(desk, drawn, target, slip)
    document = {
        "period": period.code,
        "submitted": prepared.stamp.moment.date(),
        "sha256": made.digests[0],
        "file": target,
        "head": made.head,
        "receipt": slip,
    }
    without = message("Submitted without the returns of: {points}", points=drawn.missing)
    notes = [*([without] if drawn.missing else []), *drawn.changed]
    parts = (
        message(
            "{period} is submitted as of {day}; Attachment 6 is written: {path}",
            period=period.code,
            day=desk.today,
            path=target,
        ),
        message("SHA-256: {digest}", digest=made.digests[0]),
        message("Send the receipt with the forms, and keep a copy: {path}", path=slip),
        _head_sentence(made),
    )
    return Result(parts, document, before=replaced, notes=notes)


def _draw_submission(desk: Desk, text: str) -> _Drawn:
    """Draw the forms of a period's submission. Raises Unclear and Refused."""
    with desk.read() as ledger:
        period = read_own_period(ledger, text, desk.today)
        full = Snapshot(ledger, full=True)
        prepared = submitted.prepare(full, period, desk.moment)
        contents = [attachment_workbook(full, each, prepared) for each in prepared.forms]
        names = [
            f"{file_name(desk, ledger, f'附件{each.number}', period.code, point=each.point)}.xlsx"
            for each in prepared.forms
        ]
        # The receipt of a return that came back is to be kept too.
        again = len(submitted.withdrawn_submissions(ledger, period))
        which = [f"重报{again}"] if again else []
        slip = f"{file_name(desk, ledger, '报送回执', period.code, *which)}.txt"
        missing = missing_returns(ledger, Scope(period))
        late = [each.name for each in owing.late_points(ledger, period)]
        changed = [*submitted.changed_since_received(full, prepared)]
        unit = unit_name(ledger)
        return _Drawn(prepared, contents, names, slip, unit, missing, late, changed)


def _submit_and_write(
    desk: Desk, drawn: _Drawn, target: Path, slip: Path
) -> tuple[submitted.Receipt, list[Message]]:
    """Submit the period and write its files; return the receipt, and notes on replaced files.

    Raises Refused and Unusable; after submission only if a file cannot be put in place.
    """
    prepared, period = drawn.prepared, drawn.prepared.period
    with ExitStack() as beside:
        place = beside.enter_context(write_beside(target, drawn.contents[0], desk.path))
        with desk.write() as ledger:
            made = submitted.submit(ledger, prepared, drawn.contents)
            files = zip(drawn.names, made.digests, strict=True)
            text = receipt(drawn.unit, period, prepared.stamp, files, made.head, practises(ledger))
            place_slip = beside.enter_context(write_beside(slip, text, desk.path))
        # Attachment 6 can be exported again, the receipt cannot.
        replaced = _place_file(place_slip, slip, period, made)
        return made, replaced + _place_file(place, target, period, made)


def _head_sentence(made: submitted.Receipt) -> Message:
    return message("Head of the history including this submission: {head}", head=made.head)


def _place_file(
    place: Callable[[], list[Message]], target: Path, period: Period, made: submitted.Receipt
) -> list[Message]:
    """Put a file in place; if this fails, say that the period is submitted."""
    try:
        return place()
    except (OSError, Unusable) as error:
        why = error if isinstance(error, OSError) else FileExistsError(errno.EEXIST, "")
        raise Unusable(
            "{period} is submitted, but {path} cannot be written: {reason}."
            " Write it with: `export 6 {period}`",
            _head_sentence(made),
            period=period.code,
            path=target,
            reason=reason(why),
        ) from error


def _submission_notes(drawn: _Drawn) -> Iterator[Message]:
    """Yield notes on the submission, and on missing and late returns."""
    first, _list, *others = drawn.prepared.forms
    yield message(
        "{period} goes out with Attachments 6 and 5 and {count} of Attachment 3: {figures}",
        period=drawn.prepared.period.code,
        count=len(others),
        figures=received.main_figures(first.figures),
    )
    if drawn.missing is None:
        yield message("No point's return is in the ledger yet, so the form counts 0 returns.")
    if drawn.missing:
        yield message("Without the returns of: {points}", points=drawn.missing)
    if drawn.late:
        yield message("Returns that came late: {points}", points=drawn.late)
    yield from drawn.changed
