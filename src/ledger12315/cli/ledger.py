"""`ledger` 台账: whether it is sound, its history, its backups."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import typer

from ledger12315.boxes import reading
from ledger12315.boxes.fields import AMENDED, COMPLAINT, FILE, NUMBER, POINT, RECORD_BOXES
from ledger12315.boxes.masking import mask, mask_phones
from ledger12315.boxes.names import names_in
from ledger12315.cli.app import COMMANDS, GROUPS
from ledger12315.cli.face.asking import boxes, fill
from ledger12315.cli.face.options import (
    Csv,
    Json,
    Reveal,
    ledger_path,
    named_path,
    read,
    record_reveal,
    say,
    tell,
    today,
)
from ledger12315.cli.face.output import Column, json_value, show, show_one, text
from ledger12315.errors import Refused, Unclear, Unusable, message
from ledger12315.ledger import station
from ledger12315.ledger.audit import backup
from ledger12315.ledger.audit.changes import RowChange, act_of, history_told
from ledger12315.ledger.audit.check import ledger_problems, renew_words
from ledger12315.ledger.complaints.acts import stored
from ledger12315.ledger.records import staff_names
from ledger12315.ledger.store import history
from ledger12315.ledger.store.known_backups import newest_backup
from ledger12315.ledger.store.schema import STEPS
from ledger12315.locale import language, render
from ledger12315.words import ERASED, TABLES

_HISTORY = (
    Column("at", "时间", "at"),
    Column("user", "操作人", "user", narrow=True),
    Column("command", "命令", "command", narrow=True),
    Column("what", "对象", "what"),
    Column("box", "栏目", "box", narrow=True),
    Column("was", "原值", "was", narrow=True),
    Column("becomes", "新值", "becomes", narrow=True),
)
_INFO = (
    Column("path", "台账文件", "path"),
    Column("station", "工商所", "station"),
    Column("county", "县局", "county"),
    Column("code", "编号", "code"),
    Column("schema", "结构版本", "schema"),
    Column("points", "服务点", "points"),
    Column("complaints", "投诉", "complaints"),
    Column("acts", "操作次数", "acts"),
    Column("head", "历史链校验值", "head"),
)
_BOXES = {
    "complaint": COMPLAINT,
    "point": {field.key: field for field in (*POINT.values(), *AMENDED)},
    "record": RECORD_BOXES,
}
_ZH = {
    "escalated": "报请日期",
    "escalation_reason": "报请理由",
    "voided": "作废日期",
    "void_reason": "作废理由",
    "reopen_reason": "重开理由",
    "withdrawn": "退回日期",
    "withdraw_reason": "退回理由",
    "retired": "撤销日期",
    "until": "截止日期",
    "day": "日期",
    "type": "类型",
    "state": "状态",
    "totals": "上报数",
    "value": "值",
}
_OF_PEOPLE = {
    ("contact", "name"): "name",
    ("contact", "phone"): "phone",
    ("inspection", "inspector"): "name",
}
# What only the program needs of a row.
_INNER = ("id", "key", "year", "serial", "number", "point_id", "previous_id", "entered", "salt")


def check_ledger(
    ctx: typer.Context,
    head: Annotated[
        str | None,
        typer.Option(
            "--head",
            metavar="HEX",
            help="whether a form's head stands in the history; 16 digits will do",
        ),
    ] = None,
) -> None:
    """Check file, schema, figures and history."""
    path, wanted = ledger_path(ctx), (head or "").strip().lower()
    if head is not None and not re.fullmatch("[0-9a-f]{16,64}", wanted):
        raise Unclear(
            "{head} is no head of a history: give at least the first 16 of its 64 digits.",
            head=head,
        )
    if found := ledger_problems(path):
        raise Unusable(
            "The ledger {path} is not sound.", *found[:20], *newest_backup(path), path=path
        )
    if renew_words(path):
        tell(
            message(
                "The index by which text is found did not fit the complaints. It is made anew; nothing else was touched."
            )
        )
    with read(ctx) as ledger:
        act, now = act_of(ledger, wanted) if wanted else None, history.head(ledger)
    if wanted and not act:
        raise Refused(
            "The head {head} is not in this history: the form came from another ledger, or the history was rewritten since.",
            head=wanted,
        )
    say(message("The ledger is sound. Head of its history: {head}", head=now))
    if act:
        known = {
            "at": act.at[:16].replace("T", " "),
            "user": act.user,
            "command": _command(act.command),
        }
        say(
            message(
                "The head {head} stands in it since {at}: {command}, by {user}.",
                head=wanted,
                **known,
            )
        )


def show_history(
    ctx: typer.Context,
    number: Annotated[
        str | None,
        typer.Argument(metavar="[NUMBER]", help="only this complaint", show_default=False),
    ] = None,
    json: Json = False,
    csv: Csv = False,
    reveal: Reveal = False,
) -> None:
    """What was changed, when and by whom."""
    wanted = str(NUMBER.parse(number, today())) if number else None
    record_reveal(ctx, reveal, wanted or "")
    names: dict[str, set[str]] = {}
    with read(ctx) as ledger:
        row_id = stored(ledger, wanted)["id"] if wanted else None
        changes = history_told(ledger, "complaint" if wanted else None, row_id)
        staff = staff_names(ledger)
        rows = [
            line for change in changes for line in _lines(change, names, staff, reveal, whole=json)
        ]
    show(rows, _HISTORY, json, csv, reveal=True)


def _lines(
    change: RowChange, known: dict[str, set[str]], staff: set[str], reveal: bool, whole: bool
) -> Iterator[dict[str, Any]]:
    """A line for each box of a change, personal values masked; of a new row one line, unless all of it is wanted.

    `known` collects the names in each row so far: its texts that name them, or a record's the `staff`, are masked too.
    """
    head = {key: getattr(change, key) for key in ("at", "user", "command", "what")}
    if change.table not in ("complaint", "point"):
        noun = change.table if whole else render(TABLES[change.table])
        head["what"] = f"{noun} {head['what']}"
    names = known.setdefault(head["what"], set(staff) if change.table == "record" else set())
    for key in ("complainant", "respondent_contact", "handler", "name"):
        names.update(filter(None, change.values.get(key, ())))
    names.update(
        name for text in change.values.get("attended", ()) for name in names_in(text or "")
    )
    if not whole:
        head |= {"at": head["at"][:16].replace("T", " "), "command": _command(head["command"])}
        if change.made:
            yield head | {"box": render(message("new entry")), "was": "", "becomes": ""}
            return
    for key, (was, becomes) in change.values.items():
        if key in _INNER or key.endswith("_entered"):
            continue
        column = _column(key, change.table)
        form = json_value if whole else text
        shown = [str(form(value, column)) if value is not None else "" for value in (was, becomes)]
        if not reveal:
            shown = [
                mask(column.personal, value, names) if column.personal else mask_phones(value)
                for value in shown
            ]
        yield head | {
            "box": column.zh if language() == "zh" and not whole else key,
            "was": shown[0],
            "becomes": shown[1],
        }
    if change.erased:
        box = "personal" if whole else render(message("personal data"))
        yield head | {"box": box, "was": ERASED, "becomes": ""}


def _column(key: str, table: str) -> Column:
    """How a column of a change is called, shown and masked."""
    if field := _BOXES.get(table, {}).get(key):
        return Column(
            key,
            field.heading,
            key,
            field.vocabulary,
            money=field.read is reading.money,
            personal=field.personal,
        )
    personal = "text" if key.endswith("_reason") else _OF_PEOPLE.get((table, key), "")
    return Column(key, _ZH.get(key, key), key, personal=personal)


def _command(name: str) -> str:
    """A command as the reader's language calls it."""
    known = {"migrate": "升级", **{row.name: row.zh for row in (*GROUPS, *COMMANDS)}}
    if language() != "zh" or name not in known:
        return name
    return " ".join(dict.fromkeys((known.get(name.partition(" ")[0], ""), known[name])))


@boxes((FILE,), arguments=1)
def back_up_ledger(
    ctx: typer.Context,
    keep: Annotated[
        int,
        typer.Option(
            "--keep", metavar="N", min=1, max=1000, help="copies kept: FILE, FILE.1, ... [1]"
        ),
    ] = 1,
    **raw: str | None,
) -> None:
    """Write a checked copy of the ledger."""
    file = Path(str(fill((FILE,), raw, False, today())["file"]))
    backup.back_up(ledger_path(ctx), file, keep)
    say(message("The ledger is backed up and the copy checked: {path}", path=file))


@boxes((FILE,), arguments=1)
def restore_ledger(ctx: typer.Context, **raw: str | None) -> None:
    """Put a checked backup in the ledger's place."""
    file = Path(str(fill((FILE,), raw, False, today())["file"]))
    path = ledger_path(ctx)
    kept = backup.restore(file, path, make_folder=not named_path(ctx))
    say(message("{path} is restored from {file}.", path=path, file=file))
    if kept:
        say(message("What stood there is kept: {path}", path=kept))
        if other := backup.another_station(kept, path):
            tell(
                message(
                    "It is the ledger of another station than before: {station}.", station=other
                )
            )


def show_info(ctx: typer.Context, json: Json = False) -> None:
    """Whose ledger it is, and how much is in it."""
    with read(ctx) as ledger:
        whose = station.station(ledger)
        known = {
            "path": str(ledger_path(ctx).resolve()),
            "schema": max(STEPS),
            "head": history.head(ledger),
        }
        show_one(
            known | whose._asdict() | {"station": whose.name} | station.counts(ledger)._asdict(),
            _INFO,
            json,
        )
