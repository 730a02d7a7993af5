"""Fill a new ledger with made-up complaints, the same for the same COUNT.

`python -m benchmarks.data FILE COUNT`: they come in evenly over ten years, so that a quarter holds
a fortieth; with a day as third argument, from that day on. 0.5 % are open. Five of these are
overdue, alike in every size, so that `overdue` prints the same each time; the rest are the newest
that came in, and those of them that would be overdue too are escalated: rows that `overdue` meets
and must leave out.
"""

import sys
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from hashlib import blake2b
from itertools import islice
from pathlib import Path
from typing import Any

from ledger12315.ledger.calendar import library_calendar
from ledger12315.ledger.store import insert
from ledger12315.ledger.store.history import WallClock
from ledger12315.ledger.store.making import create
from ledger12315.ledger.store.opening import writing
from ledger12315.rules.deadlines import cutoff
from ledger12315.rules.settings import SETTINGS
from ledger12315.words import TYPES

FIRST, LAST, QUARTER = date(2016, 10, 1), date(2026, 9, 30), "2026Q3"
OVERDUE, OPEN_IN, POINTS = 5, 200, 24
"""How many are overdue, one of how many is open: a COUNT is a multiple of both together."""

_ITEMS = ("猪肋排", "电压力锅", "运动鞋", "童车", "化肥")
_CATEGORIES = ("food", "electronics", "clothing", "vehicles", "farm_goods")
_OUTCOMES = (*["settled"] * 14, *["mediated"] * 3, "mediation_failed", "withdrawn", "unreachable")
_RATINGS = (None, "satisfied", "basic", "dissatisfied")
_SENTENCES = [
    "使用不到半个月出现故障。",
    "第一次送来时只更换了零件。",
    "回家使用仍旧如此。",
    "要求按承诺更换同型号新品。",
    "要求退还货款。",
    "结账时价格与标签不符。",
    "称重少了二两。",
    "开封后发现变质。",
    "接缝处开裂。",
    "商家称已过七天。",
    "多次联系无人接听。",
    "发票尚未开具。",
    "赠品没有兑现。",
    "洗涤后严重褪色。",
    "安装后漏水。",
    "购买时承诺三年保修。",
]
RARE, _RARE_AMONG = "说明书没有中文", 10_000
"""What one complaint of so many says besides."""
# KiB: the keys come in no order, and their index would not fit.
_CACHE = "PRAGMA cache_size = -600000"
_BATCH = 50_000


def fill(path: Path, count: int, first: date = FIRST) -> None:
    """Make a ledger of `count` complaints; each batch is one act of the history."""
    defaults = {key: setting.default for key, setting in SETTINGS.items()}
    create(path, "东门所", "榕溪县", None, defaults, clock=WallClock(LAST, rehearsed=True))
    since = {"since": str(FIRST)}
    with writing(path, "register") as ledger:
        for number in range(1, POINTS + 1):
            key = _chance("point", number).hex()
            point_id: dict[str, Any] = {"point_id": number}
            names = {"key": key, "code": f"P{number:03}", "name": f"榕溪第{number}服务点"}
            entered = {"eligibility": "meets", "entered": f"{FIRST}T09:00:00+08:00"}
            insert(ledger, "point", names | entered | since)
            insert(ledger, "point_type", point_id | {"type": _type(number)} | since)
            for role in ("liaison", "officer"):
                insert(ledger, "contact", point_id | {"role": role, "name": "林秀珍"} | since)
    rows = complaints(count, first)
    while batch := list(islice(rows, _BATCH)):
        columns, places = ", ".join(batch[0]), ", ".join(f":{column}" for column in batch[0])
        with writing(path, "log") as ledger:
            ledger.execute(_CACHE)
            ledger.executemany(f"INSERT INTO complaint ({columns}) VALUES ({places})", batch)


def complaints(count: int, first: date = FIRST) -> Iterator[dict[str, Any]]:
    """Yield rows in order of receipt, as `log`, `complaint escalate` and `close` leave them."""
    days, open_, serials = (LAST - first).days + 1, count // OPEN_IN, Counter[int]()
    late = {count - nth * open_: nth for nth in range(1, OVERDUE + 1)}
    newest, latest = count - (open_ - OVERDUE), cutoff(LAST, library_calendar())
    for place in range(count):
        day = first + timedelta(place * days // count)
        serials[day.year] += 1
        row = _complaint(_chance("late", late[place]) if place in late else _chance(place), day)
        row["facts"] += RARE * (place % _RARE_AMONG == 0)
        row |= {"key": _chance(place).hex(), "year": day.year, "serial": serials[day.year]}
        row["number"] = f"{day.year}-{serials[day.year]:04}"
        if place in late or place >= newest:
            row |= {"outcome": None, "closed": None, "recovered": 0, "rating": None}
        if place >= newest and day <= latest:
            row |= {"escalated": str(day), "escalation_reason": "经营者拒绝配合调查"}
        yield row


def _chance(*parts: object) -> bytes:
    return blake2b(repr(parts).encode(), digest_size=16).digest()


def _type(point: int) -> str:
    return list(TYPES)[point % len(TYPES)]


def _complaint(chance: bytes, day: date) -> dict[str, Any]:
    point, item, fen = chance[0] % POINTS + 1, chance[1] % len(_ITEMS), 100 * chance[2]
    outcome = _OUTCOMES[chance[3] % len(_OUTCOMES)]
    return {
        "point_id": point,
        "type": _type(point),
        "received": str(day),
        "source": "other" if chance[4] < 25 else "direct",
        "channel": "visit",
        "complainant": "陈国栋",
        "phone": f"139{int.from_bytes(chance[5:9]) % 10**8:08}",
        "item": _ITEMS[item],
        "kind": "goods",
        "category": _CATEGORIES[item],
        "problem": "quality",
        "purchase": fen,
        "disputed": fen,
        "facts": "".join(_SENTENCES[each % len(_SENTENCES)] for each in chance[11:16]),
        "escalated": None,
        "escalation_reason": None,
        "outcome": outcome,
        "closed": str(min(LAST, day + timedelta(chance[9] % 12))),
        "recovered": fen if outcome in ("settled", "mediated") else 0,
        "rating": _RATINGS[chance[10] % len(_RATINGS)],
        "handler": "林秀珍",
        "entered": f"{day}T09:00:00+08:00",
    }


if __name__ == "__main__":
    fill(Path(sys.argv[1]), int(sys.argv[2]), *map(date.fromisoformat, sys.argv[3:]))
