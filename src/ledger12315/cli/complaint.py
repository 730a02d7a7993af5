"""`complaint` 投诉: list, show, escalate."""

from datetime import date, timedelta
from typing import Annotated

import typer

from ledger12315.cli.asking import boxes, fill
from ledger12315.cli.options import Csv, Json, OnePoint, Reveal, read, record_reveal, tell, today
from ledger12315.cli.output import Column, show, show_one
from ledger12315.errors import Unclear, message
from ledger12315.ledger import docket, points
from ledger12315.ledger.station import settings
from ledger12315.rules import reading as readers
from ledger12315.rules.fields import COMPLAINT, NUMBER, Field
from ledger12315.rules.periods import parse_period
from ledger12315.words import STATES, TYPES


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
    *(each for each in _BOXES if each.key in ("received", "complainant", "item", "problem", "disputed", "outcome", "closed")),
)


def list_complaints(
    ctx: typer.Context,
    point: OnePoint = None,
    period: Annotated[str | None, typer.Option("--period", metavar="PERIOD", help="received in this period")] = None,
    state: Annotated[str | None, typer.Option("--state", metavar="WORD", help="open, escalated, closed or void")] = None,
    text: Annotated[str | None, typer.Option("--text", metavar="TEXT", help="item, facts or respondent hold this text")] = None,
    json: Json = False,
    csv: Csv = False,
    reveal: Reveal = False,
) -> None:
    """List complaints."""
    word = STATES.find(state) if state else None
    if state and not word:
        raise Unclear("--state takes one of {words}.", words=STATES)
    record_reveal(ctx, reveal)
    with read(ctx) as ledger:
        only = points.find(ledger, point) if point is not None else None
        within = parse_period(period, settings(ledger)["annual_period"]) if period else None
        rows = list(docket.listed(ledger, only, within, word.code if word else None, text))
    # A pager may stay open for long; the ledger is free for others meanwhile.
    show(rows, _ALL if json or csv else _SHORT, json, csv, reveal)


@boxes((NUMBER,), arguments=1)
def show_complaint(ctx: typer.Context, json: Json = False, reveal: Reveal = False, **raw: str | None) -> None:
    """Show one complaint with all its boxes."""
    day = today()
    number = str(fill((NUMBER,), raw, False, day)["number"])
    with read(ctx) as ledger:
        row = docket.shown(ledger, number)
        limit = int(settings(ledger)["station_limit"])
    record_reveal(ctx, reveal, number)
    show_one(row, _ALL, json, reveal)
    if row["state"] == "escalated":
        until = date.fromisoformat(row["escalated"]) + timedelta(days=limit)
        tell(
            message(
                "With the station since {escalated}; its own limit ends on {until} (station_limit {limit} days).",
                escalated=row["escalated"],
                until=until,
                limit=limit,
            )
        )
