"""`template` 样表: a bureau's own workbook and the mapping that fills it."""

from pathlib import Path
from typing import Annotated

import typer

from ledger12315.cli.face.options import say
from ledger12315.errors import message


def check_template(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="the bureau's own workbook")],
    mapping: Annotated[
        Path,
        typer.Option(
            "--map", metavar="FILE", help="which cell or name holds which figure, as JSON"
        ),
    ],
) -> None:
    """Say whether a mapping fits a bureau's own workbook."""
    from ledger12315.sheets.paper.fill import fit

    say(
        message(
            "The mapping fits: {count} cells of {file} are filled.",
            count=fit(file, mapping),
            file=file,
        )
    )
