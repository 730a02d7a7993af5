"""The options that many commands take."""

import inspect
from typing import Annotated

import typer

from ledger12315.locale import N_

# What stands for a value in help, which puts each word in the reader's language.
_METAVARS = (
    *(N_("OPTIONS"), N_("ARGS"), N_("COMMAND"), N_("TEXT"), N_("WORD"), N_("WORDS"), N_("DATE")),
    *(N_("YUAN"), N_("PHONE"), N_("NAME"), N_("NUMBER"), N_("POINT"), N_("PERIOD"), N_("YEAR")),
    *(N_("FILE"), N_("PATH"), N_("FORM"), N_("KEY"), N_("VALUE"), N_("REASON"), N_("KIND")),
    *(N_("DAY"), N_("ID"), N_("N"), N_("M2"), N_("WHY"), N_("TYPE"), N_("MEASURE")),
    *(N_("FOLDER"), N_("DIR"), N_("HEX")),
)

AsOf = Annotated[
    str | None,
    typer.Option("--as-of", metavar="DATE", help="leave out what happened after this day"),
]
OnePoint = Annotated[
    str | None,
    typer.Option(
        "--point", metavar="POINT", help="only this point: its code, name or part of the name"
    ),
]
Live = Annotated[bool, typer.Option("--live", help="a submitted period as it would be now")]
ExitCode = Annotated[
    bool, typer.Option("--exit-code", help="exit with 1 when something is listed")
]


def _flag(name: str, option: typer.models.OptionInfo) -> inspect.Parameter:
    return inspect.Parameter(
        name, inspect.Parameter.KEYWORD_ONLY, default=False, annotation=Annotated[bool, option]
    )


# How an answer is shown, or boxes are given: a command says by name which of these it takes.
FLAGS = {
    "json": _flag("json", typer.Option("--json", help="print JSON")),
    "mail": _flag(
        "mail",
        typer.Option("--mail", help="print it to be read in a mail: station, day, what to do"),
    ),
    "csv": _flag("csv", typer.Option("--csv", help="print csv for a spreadsheet")),
    "reveal": _flag(
        "reveal",
        typer.Option("--reveal", help="show names and phones in full; this is recorded"),
    ),
    "from_stdin": _flag(
        "from_stdin",
        typer.Option("--from-stdin", help="read the boxes from stdin as one JSON object"),
    ),
}
