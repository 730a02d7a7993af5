"""`returns` 报表: who owes one, taking in points', submitting the station's, and what has changed since."""

import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer

from ledger12315.boxes import reading
from ledger12315.boxes.fields import PERIOD, POINT_WORD, REASON, Field
from ledger12315.boxes.masking import mask_message
from ledger12315.boxes.reading import folded, yuan
from ledger12315.cli.face.asking import boxes, fill
from ledger12315.cli.face.options import Csv, Json, ledger_path, read, say, tell, today, write
from ledger12315.cli.face.output import Column, show, show_json
from ledger12315.errors import Refused, Unacceptable, Unclear, message
from ledger12315.ledger import figures, points
from ledger12315.ledger.figures import Scope
from ledger12315.ledger.points import Point
from ledger12315.ledger.returns import compared as comparing
from ledger12315.ledger.returns import received as returns
from ledger12315.ledger.returns import submitted as submissions
from ledger12315.ledger.returns.received import StatedCell
from ledger12315.ledger.station import headings, settings
from ledger12315.ledger.store import Ledger
from ledger12315.locale import render
from ledger12315.register.columns import cell_text
from ledger12315.register.rows import Register
from ledger12315.rules.measures import MEASURES
from ledger12315.rules.periods import Period, parse_period
from ledger12315.words import RETURN_STATES, TYPES, Vocabulary, Word

_ON = Field("on", "收到日期", reading.past_day, "day it was received [today]")
_STATUS = (
    Column("point", "服务点", "point"),
    Column("period", "报告期", "period"),
    Column("state", "状态", "state", RETURN_STATES),
    Column("nominal", "方案规定", "nominal"),
    Column("due", "应报", "due"),
)
# What heads the codes, and what heads the figures.
_HEADINGS = (("代码", "code"), ("合计", "数值", "total", "value"))
_CORRECTIONS = (
    Column("period", "报告期", "period", screen=False),
    Column("code", "代码", "code"),
    Column("key", "标识", "measure"),
    Column("type", "类型", "type", Vocabulary(Word("total", "合计", "total"), *TYPES.values())),
    Column("submitted", "已报", "submitted", right=True),
    Column("now", "现为", "now", right=True),
    Column("difference", "更正", "difference", right=True),
    Column("numbers", "涉及投诉、登记", "complaints, records", narrow=True),
)


@boxes((PERIOD._replace(required=False),), arguments=1)
def show_status(
    ctx: typer.Context,
    exit_code: Annotated[
        bool, typer.Option("--exit-code", help="exit with 1 when a return is due or late")
    ] = False,
    json: Json = False,
    csv: Csv = False,
    **raw: str | None,
) -> None:
    """Who owes which return, and by when."""
    day = today()
    filled = fill((PERIOD._replace(required=False),), raw, False, day)
    with read(ctx) as ledger:
        asked = (
            [_period(ledger, filled["period"])] if "period" in filled else returns.over(ledger, day)
        )
        rows = [row for period in asked for row in returns.returns_owed(ledger, day, period)]
        own = [returns.station_owes(ledger, day, period) for period in asked]
    show(rows, _STATUS, json, csv)
    for each, period in zip(own, asked, strict=True):
        if period.last >= day:
            tell(
                message(
                    "{period} is over only after {last}; nothing is owed yet.",
                    period=period.code,
                    last=period.last,
                )
            )
        if sys.stdout.isatty() or each["state"] == "late":
            tell(
                message(
                    "{period}: the station's return is due on {due} ({state}); the plan says {nominal}, the last working day"
                    " before is {before}, the first after {after}.",
                    **{**each, "state": RETURN_STATES[each["state"]]},
                )
            )
    if exit_code and any(
        row["state"] in ("missing", "late") and row["due"] <= day for row in (*rows, *own)
    ):
        raise typer.Exit(1)


def _period(ledger: Ledger, text: object) -> Period:
    return parse_period(str(text), settings(ledger)["annual_period"])


@boxes((POINT_WORD, PERIOD, _ON), arguments=2)
def receive_return(
    ctx: typer.Context,
    nil: Annotated[bool, typer.Option("--nil", help="the point had nothing to report")] = False,
    file: Annotated[
        Path | None,
        typer.Option(
            "--file",
            metavar="FILE",
            help="the point's own Attachment 3 or register, compared with the ledger",
        ),
    ] = None,
    totals: Annotated[
        Path | None,
        typer.Option(
            "--totals",
            metavar="FILE",
            help="figures by code (xlsx, csv, json) that stand for the point's cases",
        ),
    ] = None,
    **raw: str | None,
) -> None:
    """Take in a point's return."""
    if nil + bool(file) + bool(totals) > 1:
        raise Unclear("--nil, --file and --totals exclude each other.")
    day = today()
    filled = fill((POINT_WORD, PERIOD, _ON), raw, False, day)
    state = "nil" if nil else "totals" if totals else "received"
    with write(ctx) as ledger:
        point, period = (
            points.find_point(ledger, str(filled["point"])),
            _period(ledger, filled["period"]),
        )
        scope = Scope(period, None, point)
        compared = file and _is_register(ledger, file, day, point, period)
        sent = None if compared else file or totals
        told = returns.read_stated(_cells(sent, period, point), sent) if sent else {}
        aside = returns.receive(
            ledger, scope, state, str(filled.get("on", day.isoformat())), day, told
        )
        untied = returns.untied(ledger, scope) if totals and "Q" in period.code else None
    say(
        message(
            "{point}, {period}: {state}",
            point=point.name,
            period=period.code,
            state=RETURN_STATES[state],
        )
    )
    if totals and aside:
        tell(
            message(
                "These totals stand for {count} complaints of the ledger: {numbers}",
                count=len(aside),
                numbers=aside,
            )
        )
    if untied:
        tell(message("Look at this: {sentence}.", sentence=untied))


def _is_register(ledger: Ledger, file: Path, day: date, point: Point, period: Period) -> bool:
    """Whether it is the point's register and not its Attachment 3. Raises Refused where one tells other cases than the ledger."""
    if file.suffix.lower() == ".json":
        return False

    from ledger12315.sheets.incoming.reading import read_sheets

    register = Register(headings(ledger), day, True)
    pages = (sheet for sheet in read_sheets(file) if not sheet.hidden)
    entries = [entry for sheet in pages for entry in register.entries(sheet.name, sheet.rows)]
    if not register.headed:
        return False
    if found := list(comparing.disagreements(ledger, entries, register.problems, point, period)):
        raise Refused(
            "The register of {point} and the ledger do not tell the same of {period}; nothing was recorded.",
            *map(mask_message, found[:20]),
            point=point.name,
            period=period.code,
        )
    return True


def _cells(file: Path, period: Period, point: Point) -> Iterator[StatedCell]:
    """The figures of somebody's Attachment 3: a JSON object by code, or a sheet with 代码 and 合计. Raises Unacceptable."""
    if file.suffix.lower() == ".json":
        from ledger12315.sheets.incoming.small import json_object

        told = json_object(file, '{"01": 12, "21": "299.00"}', parse_float=str, parse_int=str)
        yield from (StatedCell(code, str(value), file.name) for code, value in told.items())
        return
    from ledger12315.sheets.incoming.names import Place
    from ledger12315.sheets.incoming.reading import read_sheets

    for sheet in read_sheets(file):
        places: list[int] = []
        for number, row in () if sheet.hidden else sheet.rows:
            texts = [folded(cell_text(cell)) for cell in row]
            if places and texts[places[0] : places[0] + 1] not in ([], [""]):
                code, figure = (texts[place] if place < len(texts) else "" for place in places)
                yield StatedCell(code.zfill(2), figure, Place("", number, places[1] + 1).cell)
            elif not places:
                _demand_same(file, texts, period, point)
                found = [
                    next((n for n, text in enumerate(texts) if text in names), -1)
                    for names in _HEADINGS
                ]
                places = found if -1 not in found else []


def _demand_same(file: Path, texts: list[str], period: Period, point: Point) -> None:
    """What stands above the table names this period and this point, where it names any."""
    for label, right in (("报告期", period.title), ("填报单位", point.name)):
        for text in texts:
            told = text.removeprefix(label).lstrip(":")
            if text.startswith(label) and told and told != folded(right):
                raise Unacceptable(
                    "{path} is for {told}, not for {right}.", path=file, told=told, right=right
                )


@boxes((PERIOD,), arguments=1)
def submit_return(
    ctx: typer.Context,
    folder: Annotated[
        Path | None,
        typer.Option(
            "--output", "-o", metavar="FOLDER", help="where Attachment 6 is written [here]"
        ),
    ] = None,
    json: Json = False,
    **raw: str | None,
) -> None:
    """Freeze a period's figures and forms as what is submitted."""
    from ledger12315.cli.export import write_whole
    from ledger12315.cli.forms import attachment

    day = today()
    text = fill((PERIOD,), raw, False, day)["period"]
    with read(ctx) as ledger:
        period = _period(ledger, text)
        submission, forms = submissions.prepare(
            ledger, period, day, lambda form, scope: attachment(ledger, form, scope)
        )
        missing = figures.missing_returns(ledger, Scope(period))
    target = (folder or Path()) / f"附件6_{period.code}.xlsx"
    with write(ctx) as ledger:
        digest = submissions.submit(ledger, submission, forms)
        write_whole(target, forms[0].content, ledger_path(ctx))
    if json:
        show_json(
            {
                "period": period.code,
                "submitted": submission["day"],
                "sha256": digest,
                "file": str(target),
            }
        )
    else:
        say(
            message(
                "{period} is submitted as of {day}; Attachment 6 is written: {path}",
                period=period.code,
                day=day,
                path=target,
            )
        )
        say(message("SHA-256: {digest}", digest=digest))
    if missing:
        tell(message("Submitted without the returns of: {points}", points=missing))


@boxes((PERIOD, REASON), arguments=1)
def withdraw_return(ctx: typer.Context, **raw: str | None) -> None:
    """Take back a return that the county sent back."""
    day = today()
    filled = fill((PERIOD, REASON), raw, False, day)
    with write(ctx) as ledger:
        period = _period(ledger, filled["period"])
        submissions.withdraw(ledger, period.code, str(filled["reason"]), day)
    say(message("{period} is withdrawn; what was submitted stays recorded.", period=period.code))


@boxes((PERIOD,), arguments=1)
def list_corrections(
    ctx: typer.Context, json: Json = False, csv: Csv = False, **raw: str | None
) -> None:
    """What has changed since a return was submitted."""
    text = fill((PERIOD,), raw, False, today())["period"]
    with read(ctx) as ledger:
        rows = submissions.corrections(ledger, Scope(_period(ledger, text)))
    if rows or json or csv:
        others = [Column("others", "涉及登记", "records")] if json else []
        show([_shown(row, json) for row in rows], [*_CORRECTIONS, *others], json, csv)
    else:
        tell(message("Nothing has changed since {period} was told last.", period=text))


def _shown(row: dict[str, Any], as_json: bool) -> dict[str, Any]:
    money = MEASURES[row["key"]].money
    amounts = {key: yuan(row[key]) for key in ("submitted", "now", "difference")} if money else {}
    others = [returns.named(each["kind"], each["date"]) for each in row["others"]]
    return row | amounts | ({} if as_json else {"numbers": render([*row["numbers"], *others])})
