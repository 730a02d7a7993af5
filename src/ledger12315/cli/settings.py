"""`settings` 设置."""

from typing import Annotated

import typer

from ledger12315.cli.options import Csv, Json, ledger_path
from ledger12315.cli.output import Column, show
from ledger12315.errors import Unclear, message
from ledger12315.ledger import station
from ledger12315.ledger.file import reading, writing
from ledger12315.locale import _, render
from ledger12315.rules.settings import SETTINGS
from ledger12315.words import Word

_KEY, _VALUE = Word("KEY", "设置(KEY)", "KEY"), Word("VALUE", "值(VALUE)", "VALUE")
COLUMNS = (
    Column("key", "设置", "setting"),
    Column("value", "值", "value"),
    Column("default", "默认", "default"),
    Column("meaning", "含义", "meaning", narrow=True),
)


def list_settings(ctx: typer.Context, json: Json = False, csv: Csv = False) -> None:
    """List the settings."""
    with reading(ledger_path(ctx)) as ledger:
        values = station.settings(ledger)
    rows = [
        {"key": key, "value": values[key], "default": each.default, "meaning": _(each.meaning)} for key, each in SETTINGS.items()
    ]
    show(rows, COLUMNS, json, csv)


def set_setting(
    ctx: typer.Context,
    key: Annotated[str | None, typer.Argument(metavar="KEY", help="the setting", show_default=False)] = None,
    value: Annotated[str | None, typer.Argument(metavar="VALUE", help="its new value", show_default=False)] = None,
) -> None:
    """Change a setting."""
    if missing := [word for word, given in ((_KEY, key), (_VALUE, value)) if given is None]:
        raise Unclear("Missing: {boxes}.", boxes=missing)
    with writing(ledger_path(ctx)) as ledger:
        before = station.change_setting(ledger, str(key), str(value))
    print(render(message("{key}: {before} -> {value}", key=key, before=before, value=value)))
