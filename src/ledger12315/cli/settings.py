"""`settings` 设置."""

import typer

from ledger12315.boxes.fields import SETTING, VALUE
from ledger12315.cli.face.asking import boxes, fill
from ledger12315.cli.face.options import Csv, Json, read, say, today, write
from ledger12315.cli.face.output import Column, show
from ledger12315.errors import message
from ledger12315.ledger import station
from ledger12315.locale import _
from ledger12315.rules.settings import SETTINGS

COLUMNS = (
    Column("key", "设置", "setting"),
    Column("value", "值", "value"),
    Column("default", "默认", "default"),
    Column("meaning", "含义", "meaning", narrow=True),
)


def list_settings(ctx: typer.Context, json: Json = False, csv: Csv = False) -> None:
    """List the settings."""
    with read(ctx) as ledger:
        values = station.settings(ledger)
    rows = [
        {"key": key, "value": values[key], "default": each.default, "meaning": _(each.meaning)}
        for key, each in SETTINGS.items()
    ]
    show(rows, COLUMNS, json, csv)


@boxes((SETTING, VALUE), arguments=2)
def set_setting(ctx: typer.Context, **raw: str | None) -> None:
    """Change a setting."""
    filled = fill((SETTING, VALUE), raw, False, today())
    key, value = str(filled["key"]), str(filled["value"])
    with write(ctx) as ledger:
        before = station.change_setting(ledger, key, value)
        after = station.settings(ledger)[key]
    say(message("{key}: {before} -> {value}", key=key, before=before, value=after))
