"""What must stand on the papers that are no sums: registers' lines, boxes, a point's page."""

from collections.abc import Mapping
from typing import Any

from ledger12315 import words
from ledger12315.words import DEMONSTRATION, OUTCOMES, PROBLEMS, RATINGS, SOURCES, TYPES, Word
from tests.oracle import Row, latest, level_on, on_time, stands, stood, type_on, working_days
from tests.year.pages import Cells
from tests.year.station import Station, named

# Cells stand between bars; those that a row leaves empty fall away. Attachment 1:
_BOXES = """
    服务点名称 | {place} | 编号 | {number}
    来源 | {source} | 受理方式 | {channel} | 登记时间 | {received}
    分流单号及日期 | {referral_no} {referred}
    投诉人 | 姓名 | {complainant} | 联系电话 | {phone}
    联系地址 | {consumer_address}
    被投诉人 | 名称（摊位号） | {respondent} | 联系人 | {respondent_contact}
    经营地址 | {respondent_address} | 联系电话 | {respondent_phone}
    商品/服务名称 | {item} | 品牌 | {brand}
    规格 | {model} | 数量 | {quantity} | 购买日期 | {bought}
    凭证 | {voucher} | 类别 | {class_} | 问题类别 | {problem}
    消费金额 | {purchase} | 争议金额 | {disputed}
    投诉事实、理由 | {facts}
    投诉请求 | {requests}
    约定答复时间 | {promised} | 经办人 | {handler}
    处理经过 | {handling}
    报请工商所 | {escalated} {escalation_reason}
    处理结果 | {outcome} | 告知日期 | {told}
    和解协议内容 | {agreement}
    领导审核 | {approved} | 约定履行期限 | {perform_by} | 履行日期 | {performed}
    挽回经济损失 | {recovered} | 加倍赔偿 | {multiple_damages}
    反馈日期 | {answered} | 方式 | {answered_how} | 消费者评价 | {rating}
    办结日期 | {closed} | 归档号 | {archive_no}
    前次投诉 | {previous} | 备注 | {remark}"""
# Attachment 4, without the words that stand beside several lines.
_PROFILE = """
    名称 | {name} | 服务点编号 | {code}
    类型 | {type} | 依托经营者 | {host}
    地址 | {address}
    营业面积 | {area} | 注册资金 | {capital} | 营业额 | {turnover}
    固定摊位 | {stalls} | 景区等级 | {grade} | 行业 | {sector}
    设置依据 | {basis} | 设立日期 | {since}
    认定理由 | {judgement}
    示范级别 | {level} {level_since} | 状态 | {status}
    姓名 | 专/兼职 | 电话 | 胸卡号 | 任职日期"""
_OFFICER = """
    工商所联系人 | {name} | 联系电话 | {phone} | 任职日期 | {since}
    条件 | 检查结果 | 检查日期 | 检查人 | 备注"""
# Amounts and the like of the story, as Attachment 4 shows them.
_SHOWN = {
    "500": "500.00m²",
    "150.5": "150.50m²",
    "1200": "1200.00m²",
    "260": "260.00m²",
    "4A": "AAAA",
    "80万": "800000.00元",
    "90万": "900000.00元",
    "300万": "3000000.00元",
    "200万": "2000000.00元",
    "45万": "450000.00元",
}


class _Blank(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return ""


def _laid_out(form: str, values: Mapping[str, Any]) -> list[Cells]:
    known = _Blank({key: value for key, value in values.items() if value is not None})
    lines = form.strip().format_map(known).splitlines()
    cells = [[cell.strip() for cell in line.split("|")] for line in lines]
    return [[cell for cell in line if cell] for line in cells]


def _word(table: Mapping[str, Word], code: str | None) -> str | None:
    return table[code].zh if code else None


def _joined(*parts: str | None) -> str | None:
    return " ".join(part for part in parts if part) or None


def boxes(station: Station, row: Row) -> list[Cells]:
    """Attachment 1: labels and what stands beside them."""
    asked = (row["request"] or "").split(",")
    ticks = [("■" if code in asked else "□") + word.zh for code, word in words.REQUESTS.items()]
    known = dict(row) | {"requests": " ".join(ticks)}
    known["place"] = station.points[row["point"]]["name"]
    category, kind = _word(words.CATEGORIES, row["category"]), _word(words.KINDS, row["kind"])
    known |= {"class_": category or kind, "channel": words.CHANNELS[row["channel"]].zh}
    for key, table in (("source", SOURCES), ("outcome", OUTCOMES), ("rating", RATINGS)):
        known[key] = _word(table, row[key])
    known["problem"] = PROBLEMS[row["problem"]].zh
    for key in ("purchase", "disputed", "recovered", "multiple_damages"):
        there = row[key] is not None and (row["outcome"] or key in ("purchase", "disputed"))
        known[key] = f"{row[key] / 100:.2f}元" if there else None
    return _laid_out(_BOXES, known)


def register(station: Station, first: str, last: str, known: str) -> list[Cells]:
    """Attachment 2 as it was on the day `known`, in order of receipt, and the totals."""
    upto = min(last, known)
    rows = [row for row in station.complaints if first <= row["received"] <= upto]
    lines: list[Cells] = []
    for row in sorted(rows, key=lambda each: (each["received"], each["number"])):
        void = [*[None] * 8, "作废", *[None] * 7, f"{row['voided']} {row['void_reason']}"]
        about = void if row["voided"] else _life(station, row, known)
        name = station.points[row["point"]]["name"]
        lines.append([len(lines) + 1, row["number"], row["received"], *about, name])
    valid = [row for row in rows if not row["voided"]]
    done = [row for row in valid if row["closed"] and row["closed"] <= known]
    total: Cells = [None] * 21
    total[:2] = "合计", len(valid)
    total[10] = sum(row["disputed"] for row in valid) / 100
    total[12:14] = sum(row["recovered"] for row in done) / 100, len(done)
    total[15] = sum(on_time(station, row) for row in done)
    return [*lines, total]


def _life(station: Station, row: Row, known: str) -> Cells:
    open_until_later = row["closed"] and row["closed"] > known
    ended: Cells = ["未结", *[None] * 5]
    if row["closed"] and not open_until_later:
        ended = [
            OUTCOMES[row["outcome"]].zh,
            row["recovered"] / 100,
            row["closed"],
            working_days(station, row["received"], row["closed"]),
            "是" if on_time(station, row) else "否",
            _word(RATINGS, row["rating"]),
        ]
    told, on = None, row["escalated"]
    if on and on <= known:
        told = f"{on}报请工商所：{row['escalation_reason']}"
    referral = f"分流单号：{row['referral_no']}" if row["referral_no"] else None
    type_ = TYPES[type_on(station.points[row["point"]], row["received"])].zh
    head = [SOURCES[row["source"]].zh, row["complainant"], row["phone"], row["respondent"], type_]
    head += [row["item"], PROBLEMS[row["problem"]].zh, row["disputed"] / 100]
    archived = None if open_until_later else row["archive_no"]
    return [*head, *ended, row["handler"], archived, _joined(referral, row["remark"], told)]


def changes(point: Row, upto: str) -> list[tuple[str, str, str, str]]:
    """Return (day, box, from, to) of all that became another there after it was set up."""
    found = []
    kinds: tuple[tuple[str, list[tuple[str, str]], Mapping[str, Word]], ...] = (
        ("示范级别", [("", ""), *point["levels"]], DEMONSTRATION),
        ("依托经营者", point["hosts"], {}),
        ("类型", point["types"], TYPES),
    )
    for box, spells, table in kinds:
        shown = [table[what or "none"].zh if table else what for _, what in spells]
        for (since, _), was, becomes in zip(spells[1:], shown, shown[1:], strict=False):
            found.append((since, box, was, becomes))
    for box, role in (("联络员", "liaison"), ("联系人", "officer")):
        mine = [each for each in point["people"] if each["role"] == role]
        days = {each[key] for each in mine for key in ("since", "until")}
        for day in sorted(days - {None, point["since"], point["retired"]}):
            went, came = (
                sorted(each["name"] for each in mine if each[key] == day)
                for key in ("until", "since")
            )
            for place in range(max(len(went), len(came))):
                found.append((day, box, [*went, "无", "无"][place], [*came, "无", "无"][place]))
    return sorted(each for each in found if each[0] <= upto)


def _status(point: Row, last: str) -> str:
    return f"{point['retired']}撤销" if point["retired"] and point["retired"] <= last else "在册"


def _basis(point: Row) -> str:
    return words.ELIGIBILITY["judged" if point["judged"] else "meets"].zh


def listing(station: Station, first: str, last: str) -> list[Cells]:
    """Attachment 5: a line for each point that stood in the period."""
    there = [point for point in station.points.values() if stood(point, first, last)]
    lines = []
    for number, point in enumerate(there, 1):
        liaisons, [officer, *_] = (
            [*named(point, role, last), *[_Blank()] * (role == "officer")]
            for role in ("liaison", "officer")
        )
        turned = [f"{day}{box}变更" for day, box, *_ in changes(point, last) if day >= first]
        filed = f"{point['filed']}备案" if point["filed"] else "未备案"
        names, phones = (
            "\n".join(each[key] or "" for each in liaisons) or None for key in ("name", "phone")
        )
        lines.append(
            [
                number,
                point["code"],
                point["name"],
                TYPES[type_on(point, last)].zh,
                latest(point["hosts"], last),
                point["boxes"]["address"],
                *(names, phones, "东门所", officer["name"] or None, officer["phone"] or None),
                _basis(point),
                DEMONSTRATION[level_on(point, last)].zh,
                point["since"],
                _status(point, last),
                "；".join([filed, *dict.fromkeys(turned)]),
            ]
        )
    return lines


def counts(station: Station, first: str, last: str) -> str:
    """Return what is counted below Attachment 5."""
    there = [point for point in station.points.values() if stood(point, first, last)]
    present = [point for point in there if stands(point, last)]
    types = [type_on(point, last) for point in present]
    levels = [level_on(point, last) for point in present]
    new = sum(first <= point["since"] for point in there)
    turned = [any(day >= first for day, *_ in changes(point, last)) for point in there]
    of_types = "、".join(f"{word.zh}{types.count(code)}个" for code, word in TYPES.items())
    return (
        f"在册服务点{len(present)}个：{of_types}。"
        f"示范级别：省级{levels.count('provincial')}个、市级{levels.count('municipal')}个。"
        f"本期设立{new}个、变更{sum(turned)}个、撤销{len(there) - len(present)}个。"
    )


def profile(point: Row, last: str) -> list[Cells]:
    """Attachment 4 as of `last`."""
    boxes = {key: _SHOWN.get(text, text) for key, text in point["boxes"].items()}
    level = level_on(point, last)
    known = {key: point[key] for key in ("name", "code", "since")} | boxes
    known |= {"type": TYPES[type_on(point, last)].zh, "host": latest(point["hosts"], last)}
    known |= {"basis": _basis(point), "level": DEMONSTRATION[level].zh}
    if level != "none":
        known["level_since"] = max(since for since, _ in point["levels"] if since <= last)
    lines = _laid_out(_PROFILE, known | {"status": _status(point, last)})
    for each in named(point, "liaison", last):
        cells = [each[key] for key in ("name", "terms", "phone", "badge", "since")]
        lines.append([cell for cell in cells if cell])
    lines += _laid_out(_OFFICER, next(iter(named(point, "officer", last)), {}))
    for item, condition in words.CONDITIONS.items():
        looks = [each for each in point["found"] if each["item"] == item and each["day"] <= last]
        found = ["未检查"]
        if looks:
            answer, _, remark = looks[-1]["text"].partition(":")
            found = ["达标" if answer == "yes" else "未达标", looks[-1]["day"]]
            found += [each for each in (looks[-1]["inspector"], remark) if each]
        lines.append([condition.zh, *found])
    turns = [f"{day} {box}由{was}变更为{to}" for day, box, was, to in changes(point, last)]
    return [*lines, ["变更记录", "\n".join(turns)] if turns else ["变更记录"]]
