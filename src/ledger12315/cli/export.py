"""`export` 导出: a form as a printable workbook."""

import os
import re
from collections.abc import Iterable
from operator import attrgetter
from pathlib import Path
from typing import Annotated

import typer

from ledger12315.boxes.fields import FORM, NUMBER, PERIOD, RECORD_ID
from ledger12315.cli.face.asking import Raw, boxes, fill
from ledger12315.cli.face.options import (
    AsOf,
    OnePoint,
    day_option,
    ledger_path,
    read,
    say,
    tell,
    today,
)
from ledger12315.cli.forms import MADE, Asked
from ledger12315.errors import Refused, Unclear, Unusable, message
from ledger12315.ledger import points, station
from ledger12315.ledger.figures import with_entries
from ledger12315.ledger.points import Point
from ledger12315.ledger.points import profile as directory
from ledger12315.ledger.store import Ledger
from ledger12315.ledger.store.atomic import beside, put
from ledger12315.rules.periods import parse_period
from ledger12315.sheets import FORMS
from ledger12315.words import Word

_MANY = 4
"""So many numbers are too long for a file's name."""


@boxes((FORM, PERIOD), arguments=2)
def export(
    ctx: typer.Context,
    point: OnePoint = None,
    number: Annotated[
        list[str] | None,
        typer.Option(
            "--number",
            metavar="NUMBER",
            help="this complaint, or record for a notice; several by repeating",
        ),
    ] = None,
    each: Annotated[
        bool,
        typer.Option("--each", help="a file for each point, into the folder given by --output"),
    ] = False,
    public: Annotated[
        bool, typer.Option("--public", help="Attachment 5 without names and phones")
    ] = False,
    as_of: AsOf = None,
    live: Annotated[
        bool, typer.Option("--live", help="a submitted period as it would be now")
    ] = False,
    template: Annotated[
        Path | None,
        typer.Option(
            "--template", metavar="FILE", help="fill this workbook of the bureau's instead"
        ),
    ] = None,
    mapping: Annotated[
        Path | None,
        typer.Option(
            "--map", metavar="FILE", help="which cell or name holds which figure, as JSON"
        ),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output", "-o", metavar="FILE", help="the file to write [by form, period and point]"
        ),
    ] = None,
    **raw: str | None,
) -> None:
    """Write a form as a printable workbook."""
    options: dict[str, object] = {
        "point": point,
        "number": number,
        "each": each,
        "public": public,
        "as_of": as_of,
        "live": live,
    }
    options |= {"template": template, "map": mapping}
    form, text = _form(raw, [key for key, value in options.items() if value not in (None, False)])
    if (template is None) != (mapping is None):
        raise Unclear("--template and --map go together.")
    numbers = _numbers(form, number or ())
    day = day_option("--as-of", as_of, today()) if as_of else None
    with read(ctx) as ledger:
        period = (
            parse_period(text, station.settings(ledger)["annual_period"], day) if text else None
        )
        last = day or (min(period.last, today()) if period else today())
        asked = Asked(
            last,
            period,
            points.find_point(ledger, point) if point is not None else None,
            day,
            numbers,
            public,
            live,
            template,
            mapping,
        )
        written = set[str]()
        for one in _points(ledger, form, asked) if each else [asked.point]:
            _write(ctx, ledger, form, asked._replace(point=one), output, each, written)
    if period and last < period.last and not day:
        tell(message("The period is not over; what still happens in it is not in these figures."))


def _points(ledger: Ledger, form: Word, asked: Asked) -> list[Point]:
    """The points that a file each is made for: a retired one, too, as long as its Attachment 3 has figures."""
    standing = directory.points_standing(ledger, *asked.standing)
    if form.code != "3":
        return standing
    others = with_entries(ledger, asked.scope) - {point.code for point in standing}
    return sorted(
        [*standing, *(points.find_point(ledger, code) for code in others)], key=attrgetter("code")
    )


def _form(raw: Raw, given: list[str]) -> tuple[Word, str]:
    """The form, and its period as it was typed. Raises Unclear where it needs or takes something else than is given."""
    word = str(fill((FORM,), {"form": raw["form"]}, False, today())["form"])
    form = FORMS.find(word)
    if form is None:
        raise Unclear(
            "{form} is no form that can be made; it is one of {forms}.", form=word, forms=FORMS
        )
    made, period = MADE[form.code], raw["period"] or ""
    given += ["period"] if period else []
    # Numbers say it all.
    known = made.needs if "number" in given else (*made.needs, *made.takes)
    if alien := [key for key in given if key not in known]:
        raise Unclear(
            "{form} takes no {options}.",
            form=form,
            options=[key if key == "period" else f"--{key.replace('_', '-')}" for key in alien],
        )
    if made.needs == ("period",):
        period = str(fill((PERIOD,), {"period": period or None}, False, today())["period"])
    elif made.needs == ("period", "number") and len({"period", "number"}.intersection(given)) != 1:
        raise Unclear("{form} takes a period, or --number.", form=form)
    if {"each", "point"}.issubset(given):
        raise Unclear("--each and --point exclude each other.")
    return form, period


def _numbers(form: Word, given: Iterable[str]) -> tuple[str, ...]:
    """The numbers of complaints or records, asked for where the form needs one."""
    field = RECORD_ID if form.code == "notice" else NUMBER
    typed: list[str | None] = [*given] or ([None] if MADE[form.code].needs == ("number",) else [])
    return tuple(
        str(fill((field,), {field.key: text}, False, today())[field.key]) for text in typed
    )


def _write(
    ctx: typer.Context,
    ledger: Ledger,
    form: Word,
    asked: Asked,
    output: Path | None,
    each: bool,
    written: set[str],
) -> None:
    """One form; `written` are the names, in small letters, of those before it."""
    made = MADE[form.code]
    code = [asked.point.code] if asked.point else []
    numbers = (
        asked.numbers
        if len(asked.numbers) < _MANY
        else (asked.numbers[0], f"等{len(asked.numbers)}件")
    )
    what = (
        [asked.period.code]
        if asked.period
        else numbers or ([] if code else [asked.day.isoformat()])
    )
    what = [*what, *code, *(["公开版"] if asked.public else [])]
    # A code is whatever somebody chose: no folder, and nothing that a filesystem refuses.
    name = re.sub(r"[^\w.-]", "_", "_".join((form.zh, *what)))
    while name.lower() in written:
        name += "_"
    written.add(name.lower())
    target = (output or Path()) / f"{name}.xlsx" if each or not output else output
    write_whole(
        target, made.make(ledger, asked), ledger_path(ctx), made.private and not asked.public
    )
    say(message("{form} for {what} is written: {path}", form=form, what=what, path=target))


def write_whole(target: Path, content: bytes, ledger: Path, private: bool = False) -> None:
    """Put the file in place as a whole, or leave what was there; a file that it replaces is told.

    Raises Refused in the ledger's place, Unusable elsewhere.
    """
    if replaced := target.exists():
        if not target.is_file():
            raise Unusable("{path} is no file that can be replaced; name another.", path=target)
        if ledger.exists() and target.samefile(ledger):
            raise Refused(
                "{path} is the ledger itself; name another file with --output.", path=target
            )
    with beside(target) as fresh:
        fresh.write_bytes(content)
        if not private:  # as readable as any new file
            fresh.chmod(0o666 & ~_umask())
        put(fresh, target)
    if replaced:
        tell(message("{path} stood there already and was replaced.", path=target))


def _umask() -> int:
    mask = os.umask(0o077)
    os.umask(mask)
    return mask
