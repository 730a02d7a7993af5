"""`template` 样表: a bureau's own workbook and the mapping that fills it."""

from pathlib import Path
from typing import Annotated

import typer

from ledger12315.cli.face.answers import Result, done
from ledger12315.cli.face.command import command
from ledger12315.cli.face.desk import Desk
from ledger12315.errors import message


@command()
def check_template(
    _desk: Desk,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="the bureau's own workbook")],
    mapping: Annotated[
        Path,
        typer.Option(
            "--map", metavar="FILE", help="which cell or name holds which figure, as JSON"
        ),
    ],
) -> Result:
    """Say whether a mapping fits a bureau's own workbook."""
    from ledger12315.sheets.paper.fill import fit

    count = fit(file, mapping)
    return done(
        message("The mapping fits: {count} cells of {file} are filled.", count=count, file=file)
    )
