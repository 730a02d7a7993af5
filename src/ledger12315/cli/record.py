"""`record` 登记: what is kept beside complaints."""

from collections.abc import Callable
from typing import Annotated, Any

import typer

from ledger12315.boxes.fields import POINT_WORD, REASON, RECORD_BOXES, RECORD_ID, RECORDS
from ledger12315.boxes.masking import mask_name, mask_text
from ledger12315.boxes.names import names_in
from ledger12315.cli.face.asking import Raw, boxes, changes_of, fill
from ledger12315.cli.face.options import (
    Csv,
    FromStdin,
    Json,
    OnePoint,
    Reveal,
    answer,
    read,
    record_reveal,
    say,
    tell,
    today,
    write,
)
from ledger12315.cli.face.output import Column, show, show_one
from ledger12315.cli.log import last_point, point_named
from ledger12315.errors import Unclear, message
from ledger12315.ledger import points, records
from ledger12315.ledger.station import settings
from ledger12315.rules.periods import parse_period
from ledger12315.words import FOR_ALL
from ledger12315.words import RECORDS as KINDS

_TEXTS = [key for key, field in RECORD_BOXES.items() if field.personal] + ["void_reason"]
_COLUMNS = (
    Column("id", "登记号", "id", right=True),
    Column("kind", "种类", "kind", KINDS),
    Column("point", "服务点", "point"),
    *(
        Column(
            key,
            field.heading,
            key,
            personal=field.personal,
            narrow=key not in ("on", "reported", "number"),
        )
        for key, field in RECORD_BOXES.items()
    ),
    Column("voided", "作废日期", "voided"),
    Column("void_reason", "作废理由", "void reason", personal="text", screen=False),
)
_HEAD = ("id", "kind", "point", "voided")
_INFORMANT = (
    Column("id", "登记号", "id"),
    Column("name", "举报人", "name"),
    Column("phone", "联系电话", "phone"),
)


def _recorder(kind: str, help_line: str) -> Callable[..., None]:
    """The command that records one kind."""
    fields = (POINT_WORD._replace(required=kind not in FOR_ALL), *RECORDS[kind])

    def more(given: Raw) -> tuple[str, ...]:
        """What one record for all points is about, before it is written for everybody."""
        return () if given or kind not in FOR_ALL else ("point",)

    @boxes(fields, arguments=1)
    def command(
        ctx: typer.Context, json: Json = False, from_stdin: FromStdin = False, **raw: str | None
    ) -> None:
        day = today()
        filled = fill(
            fields,
            raw,
            from_stdin,
            day,
            lambda word: point_named(ctx, word),
            lambda: last_point(ctx),
            more,
        )
        with write(ctx) as ledger:
            point = (
                points.find_point(ledger, str(filled.pop("point"))) if "point" in filled else None
            )
            made = records.record(ledger, kind, point, filled, day)
            strangers = records.unknown_trainees(ledger, made["id"])
        _tell_strangers(strangers)
        where = point.name if point else message("all points")
        values = {"kind": KINDS[kind], "day": made["on"], "count": made["count"], "id": made["id"]}
        answer(
            json,
            made,
            message(
                "Recorded for {point} on {day}; {kind}: {count} (record {id})",
                point=where,
                **values,
            ),
        )

    command.__doc__ = help_line
    return command


record_inquiry = _recorder("inquiry", "Record inquiries that a point answered.")
record_lead = _recorder("lead", "Record a lead for an enforcement agency.")
record_major = _recorder("major", "Record a major matter.")
record_visit = _recorder("visit", "Record a visit to a point.")
record_meeting = _recorder("meeting", "Record a meeting.")
record_training = _recorder("training", "Record a training of liaisons.")
record_publicity = _recorder("publicity", "Record publicity work.")
record_notice = _recorder("notice", "Record an advisory notice to an operator.")
record_interview = _recorder("interview", "Record an interview with an operator.")


def _tell_strangers(names: list[str]) -> None:
    if names:
        tell(
            message(
                "Not known as liaisons on that day: {names}.",
                names=[mask_name(name) for name in names],
            )
        )


@boxes((RECORD_ID, *RECORD_BOXES.values()), arguments=1)
def amend_record(ctx: typer.Context, from_stdin: FromStdin = False, **raw: str | None) -> None:
    """Correct or fill boxes of a record; an empty text empties one."""
    text, changes = changes_of(
        RECORD_ID, RECORD_BOXES.values(), raw, from_stdin, today(), "record amend"
    )
    record_id = int(text)
    with write(ctx) as ledger:
        records.amend(ledger, record_id, changes)
        strangers = records.unknown_trainees(ledger, record_id)
    _tell_strangers(strangers)
    say(
        message(
            "Record {id} is amended: {boxes}.",
            id=record_id,
            boxes=[RECORD_BOXES[key].label for key in changes],
        )
    )


@boxes((RECORD_ID, REASON), arguments=1)
def void_record(ctx: typer.Context, from_stdin: FromStdin = False, **raw: str | None) -> None:
    """Void a record made by mistake."""
    day = today()
    filled = fill((RECORD_ID, REASON), raw, from_stdin, day)
    with write(ctx) as ledger:
        records.void(ledger, int(str(filled["id"])), str(filled["reason"]), day.isoformat())
    say(message("Record {id} is void: it adds to no figure.", id=filled["id"]))


@boxes((RECORD_ID,), arguments=1)
def show_informant(ctx: typer.Context, json: Json = False, **raw: str | None) -> None:
    """Show who gave a lead; this is recorded."""
    record_id = int(str(fill((RECORD_ID,), raw, False, today())["id"]))
    with read(ctx) as ledger:
        row = records.informant(ledger, record_id)
    record_reveal(ctx, True, str(record_id))
    show_one(row, _INFORMANT, json, reveal=True)


def list_records(
    ctx: typer.Context,
    kind: Annotated[
        str | None, typer.Argument(metavar="[KIND]", help="only this kind", show_default=False)
    ] = None,
    period: Annotated[
        str | None, typer.Argument(metavar="[PERIOD]", help="only this period", show_default=False)
    ] = None,
    point: OnePoint = None,
    json: Json = False,
    csv: Csv = False,
    reveal: Reveal = False,
) -> None:
    """List records; an informant is never among them."""
    if kind and kind[:1].isdigit() and period is None:
        kind, period = None, kind
    word = KINDS.find(kind) if kind else None
    if kind and not word:
        raise Unclear("{text} is no kind of record. The kinds: {kinds}", text=kind, kinds=KINDS)
    record_reveal(ctx, reveal)
    with read(ctx) as ledger:
        only = points.find_point(ledger, point) if point is not None else None
        within = parse_period(period, settings(ledger)["annual_period"]) if period else None
        rows = records.records_listed(ledger, word.code if word else None, within, only)
        known = records.staff_names(ledger)
    if not reveal:
        rows = [_discreet(row, known) for row in rows]
    # A terminal of 80 columns holds the boxes of one kind only.
    own = [field.key for field in RECORDS[word.code if word else "meeting"]]
    columns = [
        column._replace(screen=column.screen and column.key in (*_HEAD, *own))
        for column in _COLUMNS
    ]
    show(rows, columns, json, csv, reveal)


def _discreet(row: dict[str, Any], known: set[str]) -> dict[str, Any]:
    """The row with the people in its texts masked."""
    names = known | set(names_in(row["attended"] or ""))
    return row | {key: mask_text(row[key], names) for key in _TEXTS if row[key]}
