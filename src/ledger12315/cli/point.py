"""`point` 服务点: list and show."""

import typer

from ledger12315.cli.asking import boxes, fill
from ledger12315.cli.options import Csv, Json, Reveal, read, record_reveal, tell, today
from ledger12315.cli.output import Column, show, show_one
from ledger12315.errors import message
from ledger12315.ledger import points
from ledger12315.rules.fields import POINT_WORD
from ledger12315.words import ELIGIBILITY, SECTORS, TYPES

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
_MORE = (
    Column("judgement", "认定理由", "judgement"),
    Column("host", "依托经营者", "host"),
    Column("address", "地址", "address"),
    Column("area", "营业面积(m²)", "area (m²)", money=True),
    Column("capital", "注册资金(元)", "capital (yuan)", money=True),
    Column("turnover", "营业额(元)", "turnover (yuan)", money=True),
    Column("stalls", "固定摊位", "stalls"),
    Column("grade", "景区等级", "grade"),
    Column("sector", "行业", "sector", SECTORS),
)


def list_points(ctx: typer.Context, json: Json = False, csv: Csv = False, reveal: Reveal = False) -> None:
    """List service points."""
    record_reveal(ctx, reveal)
    with read(ctx) as ledger:
        rows = points.listed(ledger)
    show(rows, COLUMNS, json, csv, reveal)
    if without := [str(row["code"]) for row in rows if not row["officer"] and not row["retired"]]:
        tell(message("Without a point officer (三(五)1): {codes}.", codes=without))


@boxes((POINT_WORD,), arguments=1)
def show_point(ctx: typer.Context, json: Json = False, reveal: Reveal = False, **raw: str | None) -> None:
    """Show one service point."""
    word = str(fill((POINT_WORD,), raw, False, today())["point"])
    with read(ctx) as ledger:
        point = points.find(ledger, word)
        row = points.listed(ledger, point)[0]
    record_reveal(ctx, reveal, point.code)
    grade = "A" * int(str(row["grade"])) if row["grade"] else None
    show_one(row | {"grade": grade}, (*COLUMNS, *_MORE), json, reveal)
    if not row["officer"]:
        tell(message("Without a point officer (三(五)1): {codes}.", codes=[point.code]))
