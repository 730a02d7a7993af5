"""What must stand on the papers that are no sums: a register's lines, a complaint's boxes, a point's page, the list of points."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from ledger12315.words import (
    CATEGORIES,
    CHANNELS,
    CONDITIONS,
    DEMONSTRATION,
    ELIGIBILITY,
    KINDS,
    OUTCOMES,
    PROBLEMS,
    RATINGS,
    REQUESTS,
    SOURCES,
    TYPES,
    Word,
)
from tests.year.counted import level_on, on_time, stands, stood, type_on, working_days
from tests.year.station import Row, Station, named

Cells = list[Any]
_NOBODY = {"name": None, "phone": None, "since": None}
# Amounts and the like of the story, as Attachment 4 shows them.
_SHOWN = {
    "500": "500.00m²",
    "150.5": "150.50m²",
    "1200": "1200.00m²",
    "260": "260.00m²",
    "4A": "AAAA",
}
_SHOWN |= {"80万": "800000.00元", "90万": "900000.00元"}
_SHOWN |= {"300万": "3000000.00元", "200万": "2000000.00元", "45万": "450000.00元"}


def filled(lines: list[Cells]) -> list[Cells]:
    """Without the empty cells."""
    return [[cell for cell in line if cell is not None] for line in lines]


def joined(*parts: str | None) -> str | None:
    return " ".join(part for part in parts if part) or None


def _word(words: Mapping[str, Word], code: str | None) -> str | None:
    return words[code].zh if code else None


def _yuan(fen: int | None) -> str | None:
    return None if fen is None else f"{fen / 100:.2f}元"


def register(station: Station, first: date, last: date, known: str) -> list[Cells]:
    """Attachment 2 as it was on the day `known`: a line for each complaint in order of receipt, and the totals."""
    rows = [
        row for row in station.complaints if str(first) <= row["received"] <= min(str(last), known)
    ]
    lines: list[Cells] = []
    for row in sorted(rows, key=lambda each: (each["received"], each["number"])):
        name = station.points[row["point"]]["name"]
        about = _void(row) if row["voided"] else _life(station, row, known)
        lines.append([len(lines) + 1, row["number"], row["received"], *about, name])
    valid = [row for row in rows if not row["voided"]]
    done = [row for row in valid if row["closed"] and row["closed"] <= known]
    total: Cells = [None] * 21
    total[:2] = "合计", len(valid)
    total[10], total[12] = (
        sum(row["disputed"] for row in valid) / 100,
        sum(row["recovered"] for row in done) / 100,
    )
    total[13], total[15] = len(done), sum(on_time(station, row) for row in done)
    return [*lines, total]


def _void(row: Row) -> Cells:
    return [*[None] * 8, "作废", *[None] * 7, f"{row['voided']} {row['void_reason']}"]


def _life(station: Station, row: Row, known: str) -> Cells:
    ended: Cells = ["未结", *[None] * 5]
    later = bool(row["closed"]) and row["closed"] > known
    if row["closed"] and not later:
        ended = [OUTCOMES[row["outcome"]].zh, row["recovered"] / 100, row["closed"]]
        ended += [
            working_days(station, row["received"], row["closed"]),
            "是" if on_time(station, row) else "否",
        ]
        ended.append(_word(RATINGS, row["rating"]))
    escalated = row["escalated"] and row["escalated"] <= known
    told = f"{row['escalated']}报请工商所：{row['reason']}" if escalated else None
    referral = f"分流单号：{row['referral_no']}" if row["referral_no"] else None
    type_ = TYPES[type_on(station.points[row["point"]], row["received"])].zh
    return [
        *(
            SOURCES[row["source"]].zh,
            row["complainant"],
            row["phone"],
            row["respondent"],
            type_,
            row["item"],
        ),
        *(PROBLEMS[row["problem"]].zh, row["disputed"] / 100, *ended, row["handler"]),
        *(None if later else row["archive_no"], joined(referral, row["remark"], told)),
    ]


def boxes(station: Station, row: Row) -> list[Cells]:
    """Attachment 1: labels and what stands beside them."""
    asked = (row["request"] or "").split(",")
    done = bool(row["outcome"])
    category = _word(CATEGORIES, row["category"]) or _word(KINDS, row["kind"])
    lines: list[Cells] = [
        ["服务点名称", station.points[row["point"]]["name"], "编号", row["number"]],
        [
            "来源",
            _word(SOURCES, row["source"]),
            "受理方式",
            _word(CHANNELS, row["channel"]),
            "登记时间",
            row["received"],
        ],
        ["分流单号及日期", joined(row["referral_no"], row["referred"])],
        ["投诉人", "姓名", row["complainant"], "联系电话", row["phone"]],
        ["联系地址", row["consumer_address"]],
        ["被投诉人", "名称（摊位号）", row["respondent"], "联系人", row["respondent_contact"]],
        ["经营地址", row["respondent_address"], "联系电话", row["respondent_phone"]],
        ["商品/服务名称", row["item"], "品牌", row["brand"]],
        ["规格", row["model"], "数量", row["quantity"], "购买日期", row["bought"]],
        ["凭证", row["voucher"], "类别", category, "问题类别", _word(PROBLEMS, row["problem"])],
        ["消费金额", _yuan(row["purchase"]), "争议金额", _yuan(row["disputed"])],
        ["投诉事实、理由", row["facts"]],
        [
            "投诉请求",
            " ".join(
                f"{'■' if code in asked else '□'}{each.zh}" for code, each in REQUESTS.items()
            ),
        ],
        ["约定答复时间", row["promised"], "经办人", row["handler"]],
        ["处理经过", row["handling"]],
        ["报请工商所", joined(row["escalated"], row["reason"])],
        ["处理结果", _word(OUTCOMES, row["outcome"]), "告知日期", row["told"]],
        ["和解协议内容", row["agreement"]],
        [
            "领导审核",
            row["approved"],
            "约定履行期限",
            row["perform_by"],
            "履行日期",
            row["performed"],
        ],
        ["挽回经济损失", _yuan(row["recovered"]) if done else None],
        [
            "反馈日期",
            row["answered"],
            "方式",
            row["answered_how"],
            "消费者评价",
            _word(RATINGS, row["rating"]),
        ],
        ["办结日期", row["closed"], "归档号", row["archive_no"]],
        ["前次投诉", row["previous"], "备注", row["remark"]],
    ]
    lines[19] += ["加倍赔偿", _yuan(row["multiple_damages"]) if done else None]
    return filled(lines)


def changes(point: Row, upto: str) -> list[tuple[str, str, str, str]]:
    """(day, box, from, to) of all that became another there after it was set up."""
    found = []
    for box, key, words in (
        ("示范级别", "levels", DEMONSTRATION),
        ("依托经营者", "hosts", {}),
        ("类型", "types", TYPES),
    ):
        was, *others = (["none"] if key == "levels" else []) + [value for _, value in point[key]]
        days = [since for since, _ in point[key]][-len(others) or len(point[key]) :]
        for since, value in zip(days, others, strict=True):
            found.append(
                (since, box, *(words[each].zh if words else each for each in (was, value)))
            )
            was = value
    for box, role in (("联络员", "liaison"), ("联系人", "officer")):
        mine = [each for each in point["people"] if each["role"] == role]
        days = sorted(
            {each[key] for each in mine for key in ("since", "until")}
            - {None, point["since"], point["retired"]}
        )
        for day in days:
            went = sorted(each["name"] for each in mine if each["until"] == day)
            came = sorted(each["name"] for each in mine if each["since"] == day)
            for place in range(max(len(went), len(came))):
                found.append((day, box, [*went, "无", "无"][place], [*came, "无", "无"][place]))
    return sorted(each for each in found if each[0] <= upto)


def _status(point: Row, last: str) -> str:
    return f"{point['retired']}撤销" if point["retired"] and point["retired"] <= last else "在册"


def _host(point: Row, last: str) -> str:
    return str([name for since, name in point["hosts"] if since <= last][-1])


def listing(station: Station, first: date, last: date) -> tuple[list[Cells], str]:
    """Attachment 5: a line for each point that stood in the period, and what is counted below them."""
    begins, ends = str(first), str(last)
    there = [point for point in station.points.values() if stood(point, first, last)]
    turns = {
        point["code"]: [each for each in changes(point, ends) if each[0] >= begins]
        for point in there
    }
    lines = []
    for number, point in enumerate(there, 1):
        liaisons, officer = (
            named(point, "liaison", ends),
            next(iter(named(point, "officer", ends)), _NOBODY),
        )
        notes = [f"{point['filed']}备案" if point["filed"] else "未备案"]
        notes += dict.fromkeys(f"{day}{box}变更" for day, box, *_ in turns[point["code"]])
        lines.append(
            [
                *(
                    number,
                    point["code"],
                    point["name"],
                    TYPES[type_on(point, ends)].zh,
                    _host(point, ends),
                ),
                *(
                    point["boxes"]["address"],
                    *(
                        "\n".join(each[key] or "" for each in liaisons) or None
                        for key in ("name", "phone")
                    ),
                ),
                *(
                    "东门所",
                    officer["name"],
                    officer["phone"],
                    ELIGIBILITY[point["eligibility"]].zh,
                ),
                *(
                    DEMONSTRATION[level_on(point, ends)[0]].zh,
                    point["since"],
                    _status(point, ends),
                    "；".join(notes),
                ),
            ]
        )
    present = [point for point in there if stands(point, ends)]
    types = [
        f"{each.zh}{sum(type_on(point, ends) == code for point in present)}个"
        for code, each in TYPES.items()
    ]
    levels = [level_on(point, ends)[0] for point in present]
    new = sum(begins <= point["since"] for point in there)
    below = f"在册服务点{len(present)}个：{'、'.join(types)}。"
    below += f"示范级别：省级{levels.count('provincial')}个、市级{levels.count('municipal')}个。"
    below += f"本期设立{new}个、变更{sum(map(bool, turns.values()))}个、撤销{len(there) - len(present)}个。"
    return lines, below


def profile(point: Row, last: str) -> list[Cells]:
    """Attachment 4 as of `last`, without the words that stand beside several lines."""
    known = {key: _SHOWN.get(text, text) for key, text in point["boxes"].items()}
    level, since = level_on(point, last)
    officer = next(iter(named(point, "officer", last)), _NOBODY)
    liaisons = [
        [each[key] for key in ("name", "terms", "phone", "badge", "since")]
        for each in named(point, "liaison", last)
    ]
    turns = [
        f"{day} {box}由{was}变更为{becomes}" for day, box, was, becomes in changes(point, last)
    ]
    lines: list[Cells] = [
        ["名称", point["name"], "服务点编号", point["code"]],
        ["类型", TYPES[type_on(point, last)].zh, "依托经营者", _host(point, last)],
        ["地址", known["address"]],
        [
            "营业面积",
            known.get("area"),
            "注册资金",
            known.get("capital"),
            "营业额",
            known.get("turnover"),
        ],
        [
            "固定摊位",
            known.get("stalls"),
            "景区等级",
            known.get("grade"),
            "行业",
            known.get("sector"),
        ],
        ["设置依据", ELIGIBILITY[point["eligibility"]].zh, "设立日期", point["since"]],
        ["认定理由", known.get("judgement")],
        ["示范级别", joined(DEMONSTRATION[level].zh, since), "状态", _status(point, last)],
        ["姓名", "专/兼职", "电话", "胸卡号", "任职日期"],
        *liaisons,
        [
            "工商所联系人",
            officer["name"],
            "联系电话",
            officer["phone"],
            "任职日期",
            officer["since"],
        ],
        ["条件", "检查结果", "检查日期", "检查人", "备注"],
    ]
    for item, condition in CONDITIONS.items():
        looks = [each for each in point["found"] if each["item"] == item and each["day"] <= last]
        answer, _, remark = (looks[-1]["text"] if looks else "").partition(":")
        found = (
            [
                "达标" if answer == "yes" else "未达标",
                looks[-1]["day"],
                looks[-1]["inspector"],
                remark or None,
            ]
            if looks
            else ["未检查"]
        )
        lines.append([condition.zh, *found])
    return filled([*lines, ["变更记录", "\n".join(turns) or None]])
