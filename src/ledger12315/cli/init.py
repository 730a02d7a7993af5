"""`init` 建账."""

from ledger12315.boxes import Filled
from ledger12315.boxes.point import STATION
from ledger12315.cli.face.answers import Result, done
from ledger12315.cli.face.command import command
from ledger12315.cli.face.desk import Desk
from ledger12315.errors import message
from ledger12315.ledger.store.making import create
from ledger12315.rules.settings import WITHOUT_DAY


@command(*STATION, takes="from_stdin")
def init(desk: Desk, filled: Filled) -> Result:
    """Create a station's ledger."""
    station, county = filled.text("station"), filled.text("county")
    code = filled.text("code") if "code" in filled else None
    chosen = WITHOUT_DAY | {"begins": filled.day("begins").isoformat()}
    create(desk.path, station, county, code, chosen, make_folder=not desk.named, clock=desk.clock)
    return done(
        message("The ledger of {station} is ready: {path}", station=station, path=desk.path)
    )
