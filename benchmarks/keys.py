"""Count the keys of one complaint that is settled on the spot: logged and closed, all boxes right.

`python -m benchmarks.keys`: the keys are typed at the real conversation, and what is in the ledger
then is compared. Chinese counts as its pinyin, a key for each letter, and one to choose the word.
"""

import os
import sqlite3
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

from ledger12315.cli.app import run
from tests.typist import ENTER, keys, types

TODAY = "2026-09-28"
ITEM, FACTS = "电饭锅", "不加热"
WHO, OTHER = ("张三", ENTER, "13900001111", ENTER), ("王芳", ENTER, "13900002222", ENTER)
ONE, FOUR, SAME = ("1", ENTER), ("4", ENTER), ("=", ENTER)
# Day, point, source and channel are asked for in the first of a sitting only.
SAME_POINT, OTHER_POINT = (ENTER, ENTER, *ONE, *ONE), (ENTER, *ONE, *ONE, *ONE)
NEW_ITEM, KNOWN_ITEM = (ITEM, ENTER, *ONE), ONE
ABOUT = (*ONE, *FOUR, "299", ENTER, FACTS, ENTER)
# Outcome, amount, nothing of what was agreed, the day of telling, rating.
REST = (*ABOUT, *ONE, *SAME, ENTER, *SAME, *ONE, "y", ENTER)
# What the ledger holds before a sitting: where, and what about; and what is typed.
SITTINGS = (
    (
        ("P002", ITEM),
        {
            "the first of a sitting, goods known": (*OTHER_POINT, *WHO, *KNOWN_ITEM, *REST),
            "the second of a pile": (*OTHER, *KNOWN_ITEM, *REST),
        },
    ),
    (
        ("P001", "鱼"),
        {"the first of a sitting, goods unknown": (*SAME_POINT, *WHO, *NEW_ITEM, *REST)},
    ),
)
WANTED = (
    *("P001", TODAY, "direct", "visit", ITEM, "electronics", "quality", 29900, FACTS),
    *("return", "settled", TODAY, 29900, TODAY, "satisfied"),
)
_STORED = """
    SELECT code, received, source, channel, item, category, problem, purchase, facts,
           request, outcome, closed, recovered, answered, rating
    FROM complaint JOIN point ON point.id = point_id WHERE complaint.id > 1"""


def counted() -> dict[str, int]:
    """Return the keys of each case, once they have been typed and are found in the ledger."""
    os.environ |= {"LEDGER12315_TODAY": TODAY, "LEDGER12315_LANG": "zh"}
    counts: dict[str, int] = {}
    for before, cases in SITTINGS:
        with TemporaryDirectory() as folder:
            ledger = Path(folder) / "ledger.sqlite"
            _fill(ledger, *before)
            pile = "".join(map("".join, cases.values()))
            code, seen = types(ledger, "log", pile + ENTER + ENTER)
            with closing(sqlite3.connect(ledger)) as connection:
                rows = connection.execute(_STORED).fetchall()
        assert (code, rows) == (0, [WANTED] * len(cases)), (seen, rows)
        counts |= {name: keys(typed) for name, typed in cases.items()}
    return counts


def _fill(ledger: Path, point: str, item: str) -> None:
    for line in (
        "init --station 东门所 --county 榕溪县",
        "register 东门百货 --type mall --area 500 --capital 80万 --turnover 300万"
        " --since 2026-01-05",
        "register 南门超市 --type supermarket --area 200 --turnover 50万 --since 2026-01-05",
        f"log {point} --complainant 李四 --item {item} --facts 有异味 --category electronics"
        " --problem quality --request return --purchase 199",
    ):
        assert run(["--db", str(ledger), *line.split()]) == 0


if __name__ == "__main__":
    for name, count in counted().items():
        print(f"{count:4} keys to log and close {name}")
