"""`complaint` 投诉: list, show."""

import sys
from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any

import typer

from ledger12315.boxes import reading as readers
from ledger12315.boxes.fields import COMPLAINT, NUMBER, Field, parse_all
from ledger12315.cli.face.asking import boxes, fill
from ledger12315.cli.face.options import Csv, Json, OnePoint, Reveal, read, record_reveal, today
from ledger12315.cli.face.output import Column, aligned, cells_of, heading, show, show_one
from ledger12315.errors import message
from ledger12315.ledger import points
from ledger12315.ledger.complaints import views as docket
from ledger12315.ledger.complaints.views import Moment
from ledger12315.ledger.station import settings
from ledger12315.locale import day_words, render
from ledger12315.rules.periods import parse_period
from ledger12315.words import LIFE, OUTCOMES, STATES, TYPES


def _column(field: Field) -> Column:
    return Column(
        field.key,
        field.heading,
        field.key.replace("_", " "),
        field.vocabulary,
        money=field.read is readers.money,
        personal=field.personal,
        narrow=field.key == "item",
        screen=field.key in ("received", "complainant", "item"),
    )


_HEAD = (
    Column("number", "编号", "number"),
    Column("point", "服务点", "point"),
    Column("due", "应办结", "due"),
    Column("provisional", "暂定", "provisional"),
    Column("state", "状态", "state", STATES, narrow=True),
)
_BOXES = tuple(_column(field) for field in COMPLAINT.values())
_ALL = (
    *_HEAD,
    Column("point_name", "服务点名称", "point name"),
    Column("type", "经营者类型", "operator type", TYPES),
    *_BOXES,
    Column("escalated", "报请日期", "escalated"),
    Column("escalation_reason", "报请理由", "escalation reason", personal="text"),
    Column("voided", "作废日期", "voided"),
    Column("void_reason", "作废理由", "void reason", personal="text"),
    Column("reopen_reason", "重开理由", "reopen reason", personal="text"),
)
_SHORT = (
    *_HEAD,
    *(
        each
        for each in _BOXES
        if each.key
        in ("received", "complainant", "item", "problem", "disputed", "outcome", "closed")
    ),
)


_TIMELINE = (
    Column("day", "日期", "day"),
    Column("event", "经过", "event", LIFE),
    Column("working_days", "工作日", "working days"),
    Column("note", "说明", "note"),
)
_FILTERS = (
    Field("state", "状态", readers.word(STATES), "its state", vocabulary=STATES),
    *(COMPLAINT[key]._replace(required=False) for key in ("outcome", "category")),
    Field(
        "respondent",
        "被投诉经营者",
        readers.short_text,
        "its name, or the host's where none is named, holds this text",
    ),
    Field("at_least", "争议金额下限", readers.money, "in dispute at least, yuan"),
    Field("at_most", "争议金额上限", readers.money, "in dispute at most, yuan"),
    Field(
        "text",
        "内容",
        readers.short_text,
        "names, goods, facts, handling, reasons, remark or a number hold this text",
    ),
)


@boxes(_FILTERS)
def list_complaints(
    ctx: typer.Context,
    point: OnePoint = None,
    period: Annotated[
        str | None, typer.Option("--period", metavar="PERIOD", help="received in this period")
    ] = None,
    json: Json = False,
    csv: Csv = False,
    reveal: Reveal = False,
    **raw: str | None,
) -> None:
    """List complaints."""
    sought = parse_all(
        _FILTERS, {key: text for key, text in raw.items() if text is not None}, today()
    )
    columns = _ALL if json or csv else _SHORT
    record_reveal(ctx, reveal)
    with read(ctx) as ledger:
        only = points.find_point(ledger, point) if point is not None else None
        within = parse_period(period, settings(ledger)["annual_period"]) if period else None
        keys = [column.key for column in columns if column.key not in ("due", "provisional")]
        rows = list(docket.complaints_listed(ledger, only, within, sought, keys))
    # A pager may stay open for long; the ledger is free for others meanwhile.
    show(rows, columns, json, csv, reveal)


@boxes((NUMBER,), arguments=1)
def show_complaint(
    ctx: typer.Context, json: Json = False, reveal: Reveal = False, **raw: str | None
) -> None:
    """Show one complaint with all its boxes and its timeline."""
    day = today()
    number = str(fill((NUMBER,), raw, False, day)["number"])
    with read(ctx) as ledger:
        row = docket.complaint_shown(ledger, number)
        moments = docket.timeline(ledger, row)
    record_reveal(ctx, reveal, number)
    if json:
        row["timeline"] = [
            {
                "date": each.day and each.day.isoformat(),
                "event": each.event,
                "working_days": each.working_days,
            }
            for each in moments
        ]
        show_one(row, (*_ALL, Column("timeline", "经过", "timeline")), json, reveal)
        return
    show_one(row, _ALL, json, reveal)
    told = [_told(each, row, day) for each in moments]
    if sys.stdout.isatty():
        print(
            *aligned([[heading(each) for each in _TIMELINE], *cells_of(told, _TIMELINE)]), sep="\n"
        )
    else:
        show(told, _TIMELINE)


def _told(moment: Moment, row: Mapping[str, Any], today_: date) -> dict[str, object]:
    """A line of the timeline: what is still ahead says so."""
    notes = {"closed": OUTCOMES.get(row["outcome"]), "archived": row["archive_no"]}
    note = message("ahead") if moment.day and moment.day > today_ else notes.get(moment.event)
    return moment._asdict() | {
        "day": moment.day and day_words(moment.day),
        "note": note and render(note),
    }
