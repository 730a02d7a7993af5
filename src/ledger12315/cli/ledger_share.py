"""`ledger share` 共享: a copy without personal data, for other people and programs."""

import json

from ledger12315.boxes import Filled
from ledger12315.boxes.arguments import SHARED_FILE
from ledger12315.cli.face.answers import Result, done
from ledger12315.cli.face.command import command
from ledger12315.cli.face.desk import Desk
from ledger12315.cli.face.files import write_whole
from ledger12315.errors import message
from ledger12315.ledger.sharing import described, share


@command(SHARED_FILE, arguments=1)
def share_ledger(desk: Desk, filled: Filled) -> Result:
    """Write a copy for others, without personal data, in the plan's words."""
    file = filled.path("file")
    counts = share(desk.path, file)
    with desk.read() as ledger:
        about = described(ledger, file)
    beside = file.with_suffix(".metadata.json")
    write_whole(beside, json.dumps(about, ensure_ascii=False, indent=2).encode(), desk.path)
    rows = [f"{name} {count}" for name, count in counts.items()]
    return done(
        message("The copy for others is written: {path} ({rows})", path=file, rows=rows),
        notes=[message("Its description for Datasette is in {path}.", path=beside)],
    )
