"""`template` 样表: a bureau's own workbook, and the mapping that fills it."""

import json
from pathlib import Path
from typing import Annotated

import typer

from ledger12315.cli.face.answers import Column, Result, done, listing
from ledger12315.cli.face.command import command
from ledger12315.cli.face.desk import Desk
from ledger12315.cli.face.files import write_whole
from ledger12315.cli.face.own import MAP
from ledger12315.errors import Refused, Unclear, message
from ledger12315.renamed import called

_FORMS = ("1", "2", "3", "4", "5", "6")
_DRAFTED = (
    Column("where", "位置", "place"),
    Column("text", "样表上写的", "in the workbook", narrow=True),
    Column("holds", "填入", "holds", narrow=True),
    Column("guessed", "推测", "guessed"),
)
_File = Annotated[Path, typer.Argument(metavar="FILE", help="the bureau's own workbook")]


@command()
def check_template(_desk: Desk, file: _File, mapping: Annotated[Path, MAP]) -> Result:
    """Check that a mapping fits a bureau's own workbook."""
    from ledger12315.sheets.paper.fill import fit

    count = fit(file, mapping)
    return done(
        message("The mapping fits: {count} cells of {file} are filled.", count=count, file=file)
    )


@command(takes="json csv")
def draft_template(
    desk: Desk,
    file: _File,
    form: Annotated[str, typer.Option("--form", metavar="NUMBER", help="the attachment, 1 to 6")],
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            metavar="FILE",
            help="the mapping to write [named after the workbook]",
        ),
    ] = None,
) -> Result:
    """Draft a mapping from the texts in a bureau's own workbook."""
    from ledger12315.sheets.paper.drafting import drafted

    if form not in _FORMS:
        raise Unclear("{form} is not a form; choose one of {forms}.", form=form, forms=_FORMS)
    draft, target = drafted(file, form), output or file.with_suffix(".json")
    if not output and target.exists():
        raise Refused(
            "{path} exists already and may contain corrections by hand; choose another file "
            "with --output.",
            path=target,
        )
    text = json.dumps(draft.mapping, ensure_ascii=False, indent=1)
    replaced = write_whole(target, text.encode(), desk.path)
    left = [*map(called, draft.left)]
    notes = [message("No place was found for: {names}", names=left)] if left else []
    notes.append(
        message(
            "The draft mapping is written: {path}. Check each line, correct wrong guesses, "
            "then run: ledger12315 template check {file} --map {path}",
            path=target,
            file=file,
        )
    )
    rows = [each._asdict() for each in draft.found]
    return listing(rows, _DRAFTED, before=replaced, notes=notes)
