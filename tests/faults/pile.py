"""A pile of cases, typed at a pseudo-terminal by somebody who makes every slip of the table.

What is meant is thrown beforehand. The clerk reads a screen of 80 columns and 24 rows, takes what
is offered by the sign beside it, with an Enter behind it, mends what is told or seen to be wrong,
goes back, breaks off, and never knows what the program holds.
"""

import json
import re
import signal
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from datetime import date, timedelta
from math import ceil
from pathlib import Path
from random import Random
from typing import Any

from ledger12315 import words as fixed
from ledger12315.words import Vocabulary, kind_of
from tests import oracle
from tests.cli.test_slips import SLIPS, keyed
from tests.faults import Tried
from tests.faults.inprocess import command, workplace
from tests.faults.lines import LEDGER
from tests.sitting import Sitting

_CASES, _FEWEST, _TODAY = 300, 12, date(2026, 9, 28)
_SETUP = """
    init --station 东门所 --county 榕溪县 --begins 2026-07-01
    register 东门商场 --type mall --area 500 --capital 80万 --turnover 300万 --since 2026-01-05
    register 南门市场 --type market --area 1200 --stalls 120 --since 2026-01-05
    log P001 --complainant 张三 --phone 13900001111 --item 电饭锅 --category 家用电子电器
        --problem 质量 --request 退款 --purchase 299 --facts 不加热 --received 2026-09-27
"""
_POINTS = {"P001": ("东门商场", "dmsc"), "P002": ("南门市场", "nmsc")}
_WORDS: Mapping[str, Vocabulary] = {
    "source": fixed.SOURCES,
    "channel": fixed.CHANNELS,
    "category": fixed.CATEGORIES,
    "problem": fixed.PROBLEMS,
    "request": fixed.REQUESTS,
    "outcome": fixed.OUTCOMES,
    "rating": fixed.RATINGS,
}
_GOODS = {
    "手机": ("electronics", 2000),
    "电饭锅": ("electronics", 300),
    "运动鞋": ("clothing", 400),
    "牛奶": ("food", 60),
    "白酒": ("tobacco_drinks", 500),
    "洗发水": ("daily_goods", 40),
    "装修": ("renovation", 9000),
    "培训班": ("education", 5000),
}
_FACTS = ("用了三天就坏", "与广告不符", "称重少了二两", "拒不退款", "过了保质期")
_EMPTY = (
    *("referral_no", "referred", "reply_by", "respondent"),
    *("outcome", "told", "remark", "closed", "answered", "agreement", "handling"),
)
_DAYS = ("received", "referred", "told", "closed", "answered")
_MONEY = ("purchase", "disputed", "recovered")
# What a doubt is about, by what it says: it is kept where the boxes are as they were meant.
_DOUBTS = {
    "days back": ("received",),
    "is a lot for": ("purchase",),
    "More is recovered": ("recovered", "purchase"),
    "Is it the same as": ("complainant", "phone"),
    "name contains digits": ("complainant",),
}
_LEAD = r"(?m:^|  )(\d+) (received|point|source|channel|category|closed) (\S+)"
_ON_SHEET = r"(?m)(?:^| {2,}) *(\d+) ([a-z ]+): (.*?)(?=\s{2,} *\d+ [a-z ]+: |$)"
_SETTLED = 0.3  # seconds
_LETTERS = {"P001": "dm", "P002": "nm", "手机": "sj", "电饭锅": "dfg", "牛奶": "nn"}
"""The first ones of the pinyin of what is chosen in a list that they narrow."""
_MOST = 150
"""Answers of one case: more are no end of them."""
Case = dict[str, Any]


def meant(chance: Random, number: int) -> Case:
    """Return what somebody comes with; None is a box that stays empty."""
    back = chance.choice((0, 0, 0, 1, 2, 3, 10, 20, 45))
    received = _TODAY - timedelta(back)
    item = chance.choice([*_GOODS])
    category, most = _GOODS[item]
    case: Case = dict.fromkeys(_EMPTY)
    case |= {
        "received": str(received),
        "point": chance.choice([*_POINTS]),
        "source": chance.choice(("direct", "direct", "direct", "referred", "other")),
        "channel": chance.choice([*fixed.CHANNELS]),
        "complainant": chance.choice("赵钱孙李周吴")
        + chance.choice("国建秀文志")
        + _letter(number),
        "phone": f"1380000{number:04}" if chance.random() < 0.9 else None,
        "item": item,
        "category": category,
        "problem": chance.choice([*fixed.PROBLEMS]),
        "request": chance.choice((None, "refund", "return", "repair")),
        "purchase": 100 * chance.randint(most // 4, most),
        "facts": chance.choice(_FACTS),
        "recovered": None,
        "rating": None,
    }
    if case["source"] == "referred":
        case["referral_no"] = f"FL-{number}"
        case["referred"] = chance.choice((None, str(received - timedelta(1))))
        case["reply_by"] = chance.choice((None, str(received + timedelta(14))))
    if case["point"] == "P002":
        case["respondent"] = chance.choice((None, "三号摊", "五号摊"))
    outcome = chance.choice((None, *["settled"] * 5, *fixed.OUTCOMES))
    if outcome:
        case |= _ending(chance, outcome, received, case["purchase"])
    return case


def _letter(number: int) -> str:
    return chr(0x4E00 + number)


def _ending(chance: Random, outcome: str, received: date, purchase: int) -> Case:
    closed = str(min(received + timedelta(chance.choice((0, 0, 0, 1, 4))), _TODAY))
    won = outcome in ("settled", "mediated")
    unheard = outcome in ("advised", "withdrawn", "unreachable")
    agreement = chance.choice((None, "退货退款，当场付清")) if won else None
    return {
        "outcome": outcome,
        "closed": closed,
        "told": closed if outcome == "advised" else None,
        "remark": "另案处理" if outcome == "other" else None,
        "recovered": chance.choice((purchase, purchase, purchase // 200 * 100, 100, 0, None)),
        "agreement": agreement,
        "handling": agreement,
        "answered": None if unheard or chance.random() < 0.3 else closed,
        "rating": chance.choice((None, *fixed.RATINGS)),
    }


class Clerk:
    """Somebody with a pile of cases, and the slips that are still to be made."""

    def __init__(self, folder: Path, chance: Random, cases: list[Case]) -> None:
        self._folder, self._chance, self._pile = folder, chance, cases
        self._slips = [*SLIPS]
        chance.shuffle(self._slips)
        self.found: list[str] = []
        self.slips = self.chosen = 0
        self._slipped = False
        self._take()

    def _take(self) -> None:
        """Take up the next case, and what goes wrong with it."""
        self._case = self._pile.pop(0) if self._pile else {}
        self._wrong: set[str] = set()
        self._todo: dict[str, str] = {}
        self._typed_at: set[str] = set()
        self._just = ""
        self._breaks: list[str] = []
        self._answers = 0
        if not self._case:
            return
        self._slip_in()
        if self._chance.random() < 0.08:
            self._breaks = [self._chance.choice(("^Cy", "^Cn", "hang up"))]

    def _slip_in(self) -> None:
        """Choose one of the table, or another answer that would do as well."""
        if self._slips and self._chance.random() < 0.7:
            _, box, keys, _ = self._slips.pop()
            # What follows the first answer depends on what the other ones are.
            first, enter, _ = keys.partition("⏎")
            self._todo[box] = keyed(keys if box == "write" else first + enter)
            return
        other = meant(self._chance, 9000 + len(self._pile))
        box = self._chance.choice(("received", "point", "channel", "phone", "item", "purchase"))
        other["purchase"] = 10 * self._case["purchase"]
        if other[box] != self._case[box] and other[box]:
            self._todo[box] = _typed(box, other[box], self._chance)

    def work(self) -> None:
        """Type until nothing is left of the pile, in as many sittings as it takes."""
        for _ in range(10 * len(self._pile) + 10):
            if not self._case:
                return
            self._sit()
        self.found.append("no end of sittings")

    def _sit(self) -> None:
        line = ("--clock-is-right", "--db", LEDGER, "log")
        with Sitting(line, cwd=self._folder) as self._sitting:
            self._talk()
        if self._sitting.code not in (0, 130, 128 + signal.SIGHUP, -signal.SIGHUP):
            self.found.append(f"exit code {self._sitting.code}")

    def _talk(self) -> None:
        while asked := self._sitting.asked(_SETTLED if self._slipped else 0):
            self._slipped = False
            said, question = asked
            self._answers += 1
            if self._answers > _MOST:
                raise RuntimeError(f"no end of questions, the last {question!r} after {said!r}")
            if not self._breaks or self._chance.random() < 0.8:
                self._sitting.type(self._reply(said, question))
            elif (how := self._breaks.pop()) == "hang up":
                return
            else:
                self._keeps = how[-1]
                self._sitting.type("\x03")

    def _reply(self, said: str, question: str) -> str:
        asked = re.split(r" \(| \[|:", question)[0].split(", ")[-1].replace(" ", "_")
        if asked in ("Keep_it?", "Log_it_anyway?"):
            return f"{self._kept(said)}\r"
        if asked.startswith("Keep_the_answers"):
            if self._keeps == "n":
                self._wrong.clear()
            return f"{self._keeps}\r"
        if asked.startswith("Continue_it"):
            return "y\r"
        if asked == "Write_it?":
            return self._looked_over(said)
        if asked == "complainant" and not self._case:
            return "\r"
        return self._answer(asked, said, question)

    def _kept(self, said: str) -> str:
        boxes = [box for text, its in _DOUBTS.items() if text in said for box in its]
        return "n" if self._wrong.intersection(boxes) else "y"

    def _answer(self, box: str, said: str, question: str) -> str:
        for digit, key, shown in re.findall(_LEAD, said):
            if not self._shows(key, shown):
                return f"{digit}\r"
        just, self._just = self._just, ""
        if just and just != box and self._chance.random() < 0.5:
            return "<\r"
        if box in self._todo:
            self._slipped = True
            self.slips += 1
            self._wrong.add(box)
            self._typed_at.add(box)
            self._just = box
            return self._todo.pop(box)
        # What has to be filled though it is not known follows from what was wrong before.
        follows = self._wrong and box not in self._typed_at
        if self._case[box] is None and "(Enter" not in question and follows:
            return "<\r"
        self._typed_at.add(box)
        self._wrong.discard(box)
        chosen = self._chosen(box) if self._chance.random() < 0.7 else None
        return chosen or "\x15" + _typed(box, self._case[box], self._chance)

    def _chosen(self, box: str) -> str | None:
        """Return the sign beside what is meant, perhaps in a list that letters narrow first."""
        value = self._case[box]
        if value is None:
            return None
        letters = _LETTERS.get(value, "") if box in ("point", "item") else ""
        narrows = letters and self._chance.random() < 0.5
        if narrows:
            self._sitting.type(letters)
        shown = f"{value / 100:.2f} yuan" if box in _MONEY else str(value)
        sign = self._sitting.sign_of(_WORDS[box][value].en if box in _WORDS else shown)
        if sign is None:
            return None
        self.chosen += 1
        # A digit behind the letters takes what stands beside it, and so does one alone.
        alone = "\x15" if narrows and self._chance.random() < 0.5 else ""
        return f"{alone}{sign}\r"

    def _looked_over(self, said: str) -> str:
        """Return what mends the sheet of answers, or writes it."""
        if lines := re.findall(_ON_SHEET, said):  # else another key was no answer
            self._sheet = {key.replace(" ", "_"): (place, text) for place, key, text in lines}
        case, sheet = self._case, self._sheet
        if "write" in self._todo:
            self.slips += 1
            key, self._todo["write"] = re.findall(r"^([^\r]*\r?)(.*)", self._todo["write"], re.S)[
                0
            ]
            self._todo = {box: keys for box, keys in self._todo.items() if keys}
            return str(key)
        due = {key for key, value in case.items() if value is not None}
        for key, (place, text) in sheet.items():
            if key in case and not self._shows(key, text):
                return f"{place}\r"
        if lacking := due - sheet.keys():
            self.found.append(f"not on the sheet: {lacking} of {case}")
        self._take()
        return "y\r"

    def _shows(self, key: str, shown: str) -> bool:
        """Return whether a box is shown as it was meant."""
        value = self._case[key]
        if value is None:
            return False
        if key in _MONEY:
            return shown.split()[0] == f"{value / 100:.2f}"
        if key in _WORDS:
            return _WORDS[key][value].en.startswith(shown)
        return shown.split()[0] == str(value).split()[0]


def _typed(box: str, value: Any, chance: Random) -> str:
    """Return the keys of an answer, in one of the ways in which people type it."""
    if value is None:
        return "-\r"
    if words := _WORDS.get(box):
        place = [*words].index(value) + 1
        digit = f"{place % 10}" if len(words) == 10 else f"{place}"
        return f"{chance.choice((digit, words[value].zh, words[value].code))}\r"
    if box == "point":
        return chance.choice((value, *_POINTS[value], value[-1])) + "\r"
    if box in _DAYS:
        day = date.fromisoformat(value)
        near = f"{day.month}-{day.day}", f"{day.month}.{day.day}", f"{day.month}月{day.day}日"
        return chance.choice((value, *near)) + "\r"
    if box in _MONEY:
        yuan = value / 100
        return chance.choice((f"{yuan:.2f}", f"{yuan:g}", f"{yuan:,.2f}", f"{yuan:.2f}元")) + "\r"
    text = str(value)
    if box == "phone":
        text = chance.choice((text, f"{text[:3]}-{text[3:7]}-{text[7:]}", _wide(text)))
    return f"{text}\r"


def _wide(text: str) -> str:
    return "".join(chr(ord(each) + 0xFEE0) for each in text)


def tries(place: Path, part: float, chance: Random) -> Iterator[Tried]:
    """Log this part of the pile, and hold the ledger and its figures against what was meant."""
    count = max(_FEWEST, ceil(_CASES * part))
    cases = [meant(chance, number) for number in range(1, count + 1)]
    with workplace(place):
        for line in re.split(r"\n    (?=\S)", _SETUP.strip()):
            assert command(line).code == 0, line
        clerk = Clerk(Path(), chance, [*cases])
        clerk.work()
        with closing(sqlite3.connect(LEDGER)) as ledger:
            ledger.row_factory = sqlite3.Row
            station = oracle.station_of(ledger.execute)
        rollup = command("rollup 3 2026Q3 --json")
    first, *rows = station.complaints
    facts = [*_false(cases, rows), *clerk.found]
    what = f"cases logged with {clerk.slips} slips, and {clerk.chosen} offers taken by their sign"
    yield Tried(what, facts, times=count)
    known = [each | {"kind": kind_of(each["category"])} for each in (first, *map(_row, cases))]
    station.complaints = known
    figures = oracle.counted(station, "2026Q3", "2026-07-01", "2026-09-30", str(_TODAY))
    shown = {row["key"]: row for row in json.loads(rollup.out)["rows"]}
    off = [
        f"{key} {column}: {shown[key][column]}, counted {figures[key][column]}"
        for key in oracle.ROWS
        for column in oracle.COLUMNS
        if shown[key][column] != _as_shown(key, figures[key][column])
    ]
    yield Tried("figures of them", off, times=len(oracle.ROWS) * len(oracle.COLUMNS))


def _as_shown(key: str, figure: int) -> object:
    return f"{figure / 100:.2f}" if key in _MONEY else figure


def _row(case: Case) -> Case:
    """Return a case as the ledger has it."""
    more = {"voided": None, "escalated": None, "kind": None, "disputed": None}
    return {**case, **more}


def _false(cases: list[Case], rows: list[oracle.Row]) -> Iterator[str]:
    """Yield each fact that nobody said, and each case that is too many or too few."""
    if len(cases) != len(rows):
        yield f"{len(rows)} complaints of {len(cases)} cases"
    for case, row in zip(cases, rows, strict=False):
        wrong = {key: row[key] for key, value in _row(case).items() if row[key] != value}
        if wrong:
            yield f"{row['number']} has {wrong} of {case}"
