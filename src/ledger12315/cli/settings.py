"""`settings` 设置."""

from ledger12315.boxes import Filled
from ledger12315.boxes.arguments import SETTING, VALUE
from ledger12315.cli.face.answers import Column, Result, Table, done
from ledger12315.cli.face.command import command
from ledger12315.cli.face.desk import Desk
from ledger12315.errors import message
from ledger12315.ledger import station
from ledger12315.locale import _, render
from ledger12315.rules.settings import SETTINGS, Setting

_COLUMNS = (
    Column("key", "设置", "setting"),
    Column("value", "值", "value"),
    Column("default", "默认", "default"),
    Column("meaning", "含义", "meaning", narrow=True),
)


@command(takes="json csv")
def list_settings(desk: Desk) -> Result:
    """List the settings."""
    with desk.read() as ledger:
        values = station.settings(ledger)
    rows = [
        {"key": key, "value": values[key], "default": each.default, "meaning": each.meaning}
        for key, each in SETTINGS.items()
    ]
    if desk.form != "json":
        rows = [_said(row, SETTINGS[row["key"]]) for row in rows]
    return Result((Table(rows, _COLUMNS),))


def _said(row: dict[str, str], setting: Setting) -> dict[str, str]:
    """Return a setting in the reader's language."""
    words = {key: render(setting.said(row[key])) for key in ("value", "default")}
    return row | words | {"meaning": _(setting.meaning)}


@command(SETTING, VALUE, arguments=2)
def set_setting(desk: Desk, filled: Filled) -> Result:
    """Change a setting."""
    key = filled.text("key")
    with desk.write() as ledger:
        before = station.change_setting(ledger, key, filled.text("value"), desk.today)
        after = station.settings(ledger)[key]
    said = SETTINGS[key].said
    values = {"before": said(before), "value": said(after)}
    return done(message("{key}: {before} -> {value}", key=key, **values))
