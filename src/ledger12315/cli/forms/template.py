"""`template` 样表: a bureau's own workbook, and the mapping that fills it."""

from pathlib import Path

from ledger12315.boxes import Box, Filled, Option
from ledger12315.boxes.amounts import Count
from ledger12315.boxes.kinds import PATH
from ledger12315.cli.command import command
from ledger12315.cli.face.answers import Column, Result, answer_of_change, answer_of_list
from ledger12315.cli.face.desk import Desk
from ledger12315.cli.face.files import write_whole
from ledger12315.cli.face.options import OUTPUT
from ledger12315.cli.forms.own import MAP
from ledger12315.errors import Refused, message
from ledger12315.renamed import in_year_words

_DRAFTED = (
    Column("where", "位置", "place"),
    Column("text", "样表上写的", "in the workbook", narrow=True),
    Column("holds", "填入", "holds", narrow=True),
    Column("guessed", "推测", "guessed"),
)
_FILE = Box("file", "样表", PATH, "the bureau's own workbook", required=True)


_FORM = Option(
    "form", "附件", Count(most=6), "the attachment, 1 to 6", required=True, metavar="NUMBER"
)
_MAPPING = OUTPUT._replace(help="the mapping to write [named after the workbook]")


@command(_FILE, MAP._replace(required=True), arguments=1)
def check_template(_desk: Desk, filled: Filled) -> Result:
    """Check that a mapping fits a bureau's own workbook."""
    from ledger12315.sheets.paper.fill import count_filled_cells

    file = filled.path("file")
    count = count_filled_cells(file, filled.path("map"))
    return answer_of_change(
        message("The mapping fits. Cells to fill in {file}: {count}", count=count, file=file)
    )


@command(_FILE, _FORM, _MAPPING, arguments=1, takes="json csv")
def draft_template(desk: Desk, filled: Filled) -> Result:
    """Draft a mapping from the texts in a bureau's own workbook."""
    from ledger12315.sheets.paper.drafting import draft_mapping

    file, output = filled.path("file"), filled.given("output", Path)
    draft = draft_mapping(file, str(filled.number("form")))
    target = output or file.with_suffix(".json")
    if not output and target.exists():
        raise Refused(
            "{path} exists already and may contain corrections by hand; choose another file "
            "with --output.",
            path=target,
        )
    replaced = write_whole(target, draft.text.encode(), desk.path, file)
    left = [*map(in_year_words, draft.left)]
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
    return answer_of_list(rows, _DRAFTED, before=replaced, notes=notes)
