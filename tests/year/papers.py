"""Expected papers without sums: registers' lines, boxes, a point's page."""

from collections.abc import Mapping
from re import fullmatch, sub
from typing import Any

from ledger12315 import words
from ledger12315.words import TYPES
from tests.oracle import Row, held, latest, on_time, type_on, working_days
from tests.year.station import Station

# Cells stand between bars. Attachment 1:
_BOXES = """
    服务点名称 | {place} | 编号 | {code}
    来源 | {source} | 受理方式 | {channel} | 登记时间 | {received}
    分流单号及日期 | {referral_no} {referred} | 要求回复日期 | {reply_by}
    投诉人 | 姓名 | {complainant} | 联系电话 | {phone}
    联系地址 | {consumer_address} | 涉及人数 | {headcount}
    被投诉人 | 名称（摊位号） | {operator} | 联系人 | {respondent_contact}
    经营地址 | {respondent_address} | 联系电话 | {respondent_phone}
    商品/服务名称 | {item} | 品牌 | {brand}
    规格 | {model} | 数量 | {quantity} | 购买日期 | {bought}
    凭证 | {voucher} | 类别 | {class_} | 问题类别 | {problem}
    消费金额 | {purchase} | 争议金额 | {disputed}
    投诉事实、理由 | {facts}
    投诉请求 | {requests}
    约定答复时间 | {promised} | 经办人 | {handler}
    处理经过 | {handling}
    报请工商所 | {escalated} {escalation_reason} | 工商所受理日期 | {accepted}
    处理结果 | {outcome} | 告知日期 | {told}
    和解协议内容 | {agreement}
    领导审核 | {approved} | 约定履行期限 | {perform_by} | 履行日期 | {performed}
    挽回经济损失 | {recovered} | 加倍赔偿 | {multiple_damages}
    反馈日期 | {answered} | 方式 | {answered_how} | 消费者评价 | {rating}
    回访日期 | {followed_up} | 回访方式 | {followed_up_how} | 回访人 | {followed_up_by}
    办结日期 | {closed} | 归档号 | {archive_no} | 回复分流单位 | {replied}
    前次投诉 | {previous} | 备注 | {remark}"""
# Attachment 2, and its totals.
_REGISTER = """
    {n}|{code}|{received}|{source}|{complainant}|{phone}|{operator}|{type}|{item}|{problem}
    |{disputed_}|{outcome}|{recovered_}|{closed}|{days}|{on_time}|{rating}|{handler}|{archive_no}
    |{referral} {remark} {told_}|{place}"""
_TOTAL = "合计|{n}|||||||||{disputed}||{recovered}|{done}||{on_time}||||{remark}|"
_TABLES = {
    "source": words.SOURCES,
    "channel": words.CHANNELS,
    "problem": words.PROBLEMS,
    "category": words.CATEGORIES,
    "kind": words.KINDS,
    "outcome": words.OUTCOMES,
    "rating": words.RATINGS,
}


def printed(value: Any) -> Any:
    """Return a day as forms print it, and anything else as it is."""
    found = fullmatch(r"(\d{4})-(\d\d)-(\d\d)", str(value))
    return "{}年{}月{}日".format(*map(int, found.groups())) if found else value


class _Known(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return ""


def _laid_out(form: str, values: Mapping[str, Any]) -> list[list[str]]:
    """Return the cells of each line of a form."""
    known = _Known({key: printed(value) for key, value in values.items() if value is not None})
    lines = form.strip().format_map(known).splitlines()
    return [[sub(" +", " ", cell).strip() for cell in line.split("|")] for line in lines]


def _line(form: str, values: Mapping[str, Any]) -> list[str]:
    """Return the cells of a form of one line."""
    [cells] = _laid_out(form.replace("\n    ", ""), values)
    return cells


def filled(lines: list[list[str]]) -> list[list[str]]:
    return [list(filter(None, line)) for line in lines]


def _amount(fen: int) -> str:
    return str(fen / 100).removesuffix(".0")


def _shown(station: Station, row: Row) -> Row:
    """Return a complaint's boxes with its words in Chinese."""
    found = {key: table[row[key]].zh for key, table in _TABLES.items() if row[key]}
    place = station.points[row["point"]]
    type_ = TYPES[type_on(place, row["received"])].zh
    host = latest(place["hosts"], row["received"]) or place["hosts"][0][1]
    operator = row["respondent"] or host or place["name"]
    there = held(place, "liaison", row["received"])
    handler = row["handler"] or (there[0]["name"] if there else None)
    about = {"place": place["name"], "type": type_, "operator": operator, "handler": handler}
    return row | found | about


def boxes(station: Station, row: Row) -> list[list[str]]:
    """Attachment 1: labels and the values beside them."""
    asked, known = (row["request"] or "").split(","), _shown(station, row)
    ticks = [("☑" if code in asked else "□") + word.zh for code, word in words.REQUESTS.items()]
    known["headcount"] = row["headcount"] or 1
    known |= {"requests": " ".join(ticks), "class_": known["category"] or known["kind"]}
    for key in ("purchase", "disputed", "recovered", "multiple_damages"):
        there = row[key] is not None and (row["outcome"] or key in ("purchase", "disputed"))
        known[key] = f"{row[key] / 100:.2f}元" if there else None
    return filled(_laid_out(_BOXES, known))


def register(station: Station, first: str, last: str, known: str) -> list[list[str]]:
    """Attachment 2 as it was on the day `known`, in order of receipt, and the totals."""
    upto = min(last, known)
    rows = [row for row in station.complaints if first <= row["received"] <= upto]
    rows.sort(key=lambda row: (str(row["received"]), str(row["code"])))
    lines = [
        _line(_REGISTER, _entry(station, row, known) | {"n": n}) for n, row in enumerate(rows, 1)
    ]
    valid = [row for row in rows if not row["voided"]]
    done = [row for row in valid if row["closed"] and row["closed"] <= known]
    total = {
        "n": len(valid),
        "disputed": _amount(sum(row["disputed"] for row in valid)),
        "recovered": _amount(sum(row["recovered"] or 0 for row in done)),
        "done": len(done),
        "on_time": sum(on_time(station, row) for row in done),
    }
    if unstated := sum(row["recovered"] is None for row in done):
        total["remark"] = f"未填挽回金额{unstated}件，按0计。"
    return [*lines, _line(_TOTAL, total)]


def _entry(station: Station, row: Row, known: str) -> Row:
    """Return a complaint's line: without later events, and with little of a void one."""
    shown = _shown(station, row)
    if row["voided"]:
        told = f"{printed(row['voided'])} {row['void_reason']}"
        kept = {key: shown[key] for key in ("code", "received", "place")}
        return kept | {"outcome": "作废", "told_": told}
    shown["disputed_"], day = _amount(row["disputed"]), row["closed"]
    if row["escalated"] and row["escalated"] <= known:
        shown["told_"] = f"{printed(row['escalated'])}报请工商所：{row['escalation_reason']}"
    if row["referral_no"]:
        shown["referral"] = f"分流单号：{row['referral_no']}"
    if day and day <= known:
        stated = row["recovered"] is not None
        shown["recovered_"] = _amount(row["recovered"]) if stated else None
        shown["days"] = working_days(station, row["received"], day)
        return shown | {"on_time": "是" if on_time(station, row) else "否"}
    later = dict.fromkeys(("closed", "rating", "archive_no")) if day else {}
    return shown | later | {"outcome": "未结"}
