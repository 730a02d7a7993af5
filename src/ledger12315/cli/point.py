"""`point` 服务点: list, show, amend, inspect and retire."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Annotated, Any

import typer

from ledger12315.boxes.fields import AMENDED, INSPECT, POINT, POINT_WORD, RETIRE, VOCABULARIES
from ledger12315.boxes.reading import Checked
from ledger12315.cli.face.asking import boxes, changes_of, fill, on_terminal
from ledger12315.cli.face.options import (
    Csv,
    FromStdin,
    Json,
    Reveal,
    answer,
    read,
    record_reveal,
    tell,
    today,
    write,
)
from ledger12315.cli.face.output import Column, masked, show, show_one, text
from ledger12315.errors import Unclear, message
from ledger12315.ledger import points
from ledger12315.ledger.points import amending
from ledger12315.ledger.points import profile as directory
from ledger12315.locale import _, render
from ledger12315.words import CONDITIONS, DEMONSTRATION, ELIGIBILITY, TERMS, TYPES, Word

COLUMNS = (
    Column("code", "编号", "code"),
    Column("name", "名称", "name", narrow=True),
    Column("type", "类型", "type", TYPES),
    Column("eligibility", "设置依据", "eligibility", ELIGIBILITY, narrow=True),
    Column("since", "设立日期", "since"),
    Column("retired", "撤销日期", "retired"),
    Column("liaison", "联络员", "liaison", personal="name"),
    Column("liaison_phone", "联络员电话", "liaison phone", personal="phone", screen=False),
    Column("officer", "联系人", "officer", personal="name"),
    Column("officer_phone", "联系人电话", "officer phone", personal="phone", screen=False),
)
_ALSO_LISTED = (
    Column("demonstration", "示范级别", "demonstration", DEMONSTRATION),
    Column("filed", "备案日期", "filed"),
)
_ALL = (
    *COLUMNS,
    *_ALSO_LISTED,
    Column("demonstration_since", "示范命名日期", "demonstration since"),
    *(Column(key, POINT[key].heading, key) for key in ("judgement", "host", "address")),
    Column("area", "营业面积(m²)", "area (m²)", money=True),
    Column("capital", "注册资金(元)", "capital (yuan)", money=True),
    Column("turnover", "营业额(元)", "turnover (yuan)", money=True),
    *(
        Column(key, POINT[key].heading, key, POINT[key].vocabulary)
        for key in ("stalls", "grade", "sector")
    ),
)
# What is personal of a contact, of a change of one, of an inspection.
_OF_PEOPLE = (
    *(Column(key, "", "", personal="name") for key in ("name", "was", "becomes", "inspector")),
    Column("phone", "", "", personal="phone"),
)
_HEADINGS = {field.key: Word(field.key, field.heading, field.key) for field in AMENDED}


def list_points(
    ctx: typer.Context,
    type_: Annotated[
        str | None, typer.Option("--type", metavar="TYPE", help="only points of this type")
    ] = None,
    json: Json = False,
    csv: Csv = False,
    reveal: Reveal = False,
) -> None:
    """List service points."""
    word = str(POINT["type"].parse(type_, today())) if type_ is not None else None
    record_reveal(ctx, reveal)
    with read(ctx) as ledger:
        rows = points.points_listed(ledger, type_=word)
    show(rows, (*COLUMNS, *_ALSO_LISTED) if json or csv else COLUMNS, json, csv, reveal)
    _tell_without_officer(rows)


def _tell_without_officer(rows: Iterable[Mapping[str, object]]) -> None:
    if without := [row["code"] for row in rows if not row["officer"] and not row["retired"]]:
        tell(message("Without a point officer (三(五)1): {codes}.", codes=without))


@boxes((POINT_WORD,), arguments=1)
def show_point(
    ctx: typer.Context, json: Json = False, reveal: Reveal = False, **raw: str | None
) -> None:
    """Show one service point."""
    day = today()
    word = str(fill((POINT_WORD,), raw, False, day)["point"])
    with read(ctx) as ledger:
        point = points.find_point(ledger, word)
        row = points.points_listed(ledger, point)[0]
        profile = directory.profile(ledger, point, day.isoformat())
    record_reveal(ctx, reveal, point.code)
    row["grade"] = "A" * int(str(row["grade"])) if row["grade"] else None
    row["demonstration_since"] = profile["demonstration_since"]
    several = _several(profile, reveal)
    if json:
        show_one(row | several, (*_ALL, *(Column(key, "", "") for key in several)), json, reveal)
    else:
        show_one(row, [column for column in _ALL if not column.personal], reveal=reveal)
        for heading, line in _lines(several):
            show_one({"line": line}, [Column("line", heading, heading)], reveal=reveal)
    _tell_without_officer([row])


def _several(profile: dict[str, Any], reveal: bool) -> dict[str, Any]:
    """What a point has several of, as JSON holds it: contacts, changes, and what was found last of each condition."""

    def shown(row: dict[str, Any], of_people: bool = True) -> dict[str, Any]:
        return row if reveal else next(masked([row], _OF_PEOPLE if of_people else ()))

    contacts = [("liaison", each) for each in profile["liaisons"]] + [
        ("officer", profile["officer"])
    ]
    return {
        "contacts": [shown({"role": role, **each}) for role, each in contacts if each],
        "changes": [
            shown(each._asdict(), each.box in ("liaison", "officer")) for each in profile["changes"]
        ],
        "conditions": {
            item: shown(found._asdict()) if found else None
            for item, found in profile["conditions"].items()
        },
    }


def _lines(several: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """The same for reading, a heading and a line each."""
    for each in several["contacts"]:
        terms = render(TERMS[each["terms"]]) if each["terms"] else None
        yield (
            render(_HEADINGS[each["role"]]),
            _line(each["name"], each["phone"], terms, each["badge"], each["since"]),
        )
    for each in several["changes"]:
        column = Column(each["box"], "", "", VOCABULARIES.get(each["box"]))
        was, becomes = (text(each[key], column) or "-" for key in ("was", "becomes"))
        yield each["day"], f"{render(_HEADINGS[each['box']])}: {was} -> {becomes}"
    for item, found in several["conditions"].items():
        line = (
            _line(
                text(found["met"], Column("", "", "")),
                found["day"],
                found["inspector"],
                found["remark"],
            )
            if found
            else ""
        )
        yield render(CONDITIONS[item]), line or _("not inspected")


def _line(*parts: str | None) -> str:
    return "  ".join(part for part in parts if part)


@boxes((POINT_WORD, *AMENDED), arguments=1)
def amend_point(
    ctx: typer.Context, json: Json = False, from_stdin: FromStdin = False, **raw: str | None
) -> None:
    """Change boxes of a point from a day on; an empty text empties one."""
    day = today()
    word, changes = changes_of(POINT_WORD, AMENDED, raw, from_stdin, day, "point amend")
    with write(ctx) as ledger:
        point = points.find_point(ledger, word)
        made = amending.amend(ledger, point, changes, day)
        row = points.points_listed(ledger, point)[0]
    tell(*made.notes)
    done = message("{point} stands so already.", point=point.code)
    if made.boxes:
        done = message(
            "{number} is amended: {boxes}.",
            number=point.code,
            boxes=[_HEADINGS[key] for key in made.boxes],
        )
    answer(
        json,
        {key: row[key] for key in ("code", "type", "eligibility", "filed")}
        | {"amended": made.boxes},
        done,
    )


@boxes((POINT_WORD, *INSPECT), arguments=1)
def inspect_point(
    ctx: typer.Context, json: Json = False, from_stdin: FromStdin = False, **raw: str | None
) -> None:
    """Record what an inspection found of the set-up conditions."""
    day = today()
    besides = () if any(raw[key] for key in CONDITIONS) else CONDITIONS
    if besides and on_terminal() and not from_stdin:
        tell(message("Answer yes, or no: REMARK; what was not looked at stays empty."))
    filled = fill((POINT_WORD, *INSPECT), raw, from_stdin, day, more=lambda given: besides)
    found = {key: value for key, value in filled.items() if isinstance(value, Checked)}
    if not found:
        raise Unclear("Nothing was inspected: name at least one condition, such as --office yes.")
    on = str(filled.get("on", day.isoformat()))
    with write(ctx) as ledger:
        point = points.find_point(ledger, str(filled["point"]))
        amending.inspect(
            ledger, point, found, str(filled["inspector"]) if "inspector" in filled else None, on
        )
    not_met = [
        message("{condition} ({remark})", condition=CONDITIONS[key], remark=each.remark)
        if each.remark
        else CONDITIONS[key]
        for key, each in found.items()
        if not each.met
    ]
    done = message("{point} on {day}: all that was looked at is met.", point=point.code, day=on)
    if not_met:
        done = message(
            "{point} on {day}, not met: {conditions}.", point=point.code, day=on, conditions=not_met
        )
    answer(
        json,
        {
            "point": point.code,
            "on": on,
            "conditions": {key: each._asdict() for key, each in found.items()},
        },
        done,
    )


@boxes((POINT_WORD, RETIRE), arguments=1)
def retire_point(ctx: typer.Context, json: Json = False, **raw: str | None) -> None:
    """Retire a point from a day on; its past figures stay."""
    filled = fill((POINT_WORD, RETIRE), raw, False, today())
    on = str(filled["on"])
    with write(ctx) as ledger:
        point = points.find_point(ledger, str(filled["point"]))
        left = amending.retire(ledger, point, on)
    done = message(
        "{code} {name} is retired from {day} on.", code=point.code, name=point.name, day=on
    )
    answer(json, {"code": point.code, "retired": on, "open": left}, done)
    if left:
        tell(
            message(
                "Complaints of it that are still open: {count}. They are handled to their end.",
                count=left,
            )
        )
