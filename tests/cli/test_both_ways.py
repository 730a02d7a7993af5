"""The same values typed at the prompts or given as options leave the same rows."""

import re
import shlex
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from ledger12315.boxes import Box
from ledger12315.boxes.forms import (
    AMENDED_COMPLAINT,
    CLOSE,
    COMPLAINT,
    COMPLAINT_NUMBER,
    LOG,
    POINT,
    RECORDS,
)
from ledger12315.boxes.kinds import Day
from ledger12315.boxes.worded import local_word
from ledger12315.cli.face.prompts import Prompt
from ledger12315.words import ENDINGS, FOR_ALL
from tests.cli.conftest import Cli
from tests.ledger.drawn import OFTEN
from tests.rows import cells
from tests.typist import CLEAR, replies

_TODAY = date(2026, 9, 28)
Case = dict[str, str]
"""Boxes by key, as they are given as options; one to be emptied is an empty text."""
_SETUP = """
    register 东门农贸 --type market --area 1200 --stalls 120 --since 2026-01-05
    words add category 家电 --as 家用电子电器
    log P003 --complainant 王五 --item 毛毯 --category 日用商品 --problem 质量 --facts 掉毛 \
        --purchase 99 --respondent 三号摊 --received 2026-09-21
    log P001 --complainant 李四 --item 水壶 --category 家用电子电器 --facts 漏水 --purchase 199 \
        --respondent 三号摊 --received 2026-09-14
    close 2026-2 --outcome 和解 --recovered 100 --closed 2026-09-15 --rating 满意
    log P001 --complainant 张三 --item 锅 --kind goods --facts 坏 --received 2026-09-28
"""
_VOLATILE = ("key", "entered", "closed_entered", "escalated_entered")
_TABLES = ["complaint", "point", "point_type", "contact", "demonstration", "record", "informant"]


class Typist:
    """Somebody who reads each question, and answers it with the boxes of a case."""

    def __init__(self, boxes: Mapping[str, Box], case: Case, chance: Random, amends: bool) -> None:
        self._boxes, self._case, self._chance, self._amends = boxes, case, chance, amends
        self._places: dict[str, str] = {}
        self._shown: dict[str, str] = {}
        self._done: set[str] = set()

    def __call__(self, told: str, prompt: Prompt) -> str:
        """Return the keys of an answer, an Enter behind each."""
        asked = re.split(r" \(| \[", prompt.label)[0]
        if asked == "Write it?":
            return self._look_over(told)
        if "[y/n]" in prompt.label:
            return "y\r"
        if "no more" in prompt.label:
            return "\r"
        key = asked.split(", ")[-1].replace(" ", "_")
        return f"{self._answer(key, prompt)}\r"

    def _answer(self, key: str, prompt: Prompt) -> str:
        self._done.add(key)
        wanted, empty = self._wanted(key), CLEAR * bool(prompt.text)
        if not wanted:
            return f"{empty}-" if "[" in prompt.label or self._amends or empty else ""
        value = self._value(key, wanted)
        signs = [each.sign for each in prompt.offers("") if self._value(key, each.text) == value]
        words = [wanted, *filter(None, signs)]
        if isinstance(value, date) and self._boxes[key].kind.entry == "day":
            words += [f"{value.month}-{value.day}", f"{value.month}月{value.day}日"]
        return empty + self._chance.choice(words)

    def _wanted(self, key: str) -> str:
        """Return what a box is meant to hold, which is its default where the case says nothing."""
        return self._case.get(key) or self._boxes[key].default

    def _value(self, key: str, text: str) -> object:
        kind = self._boxes[key].kind
        if kind.right or isinstance(kind, Day) or key in ("point", "number"):
            text = text.split()[0]
        value = self._boxes[key].parse(text, _TODAY)
        return local_word(value) if isinstance(value, str) else value

    def _look_over(self, told: str) -> str:
        """Return what mends the sheet of answers, shows the rest of it, or writes it."""
        for place, name, text in re.findall(
            r"(?:^|  ) *(\d+) ([a-z ]+): (.*?)(?=   |$)", told, re.M
        ):
            self._shown[name.replace(" ", "_")] = text
            self._places[name.replace(" ", "_")] = place
        for place, name in re.findall(r"(\d+) ([a-z ]+?)(?=  |$)", told, re.M):
            self._places.setdefault(name.replace(" ", "_"), place)
        for key in self._wrong():
            if key not in self._places:
                return "+\r"
            places, self._places, self._shown = self._places, {}, {}
            return f"{places[key]}\r"
        return "y\r"

    def _wrong(self) -> list[str]:
        """Return the boxes that are not yet as they are meant to be."""
        if self._amends:
            return [key for key in self._case if key not in self._done]
        keys = [*self._shown, *self._case]
        return [key for key in keys if not self._is_right(key)]

    def _is_right(self, key: str) -> bool:
        wanted, shown = self._wanted(key), self._shown.get(key, "")
        return bool(wanted and shown) and self._value(key, shown) == self._value(key, wanted)


# How likely a box is, and the texts that it may have.
_NEW = """
    1   | source            | direct / direct / other
    1   | channel           | visit / phone / online / letter / other
    1   | complainant       | 赵{sign} / 钱{sign} / 孙{sign}
    1   | item              | 水壶 / 毛毯 / 手机 / 5号电池 / A4纸
    1   | category          | electronics / daily_goods / food / other / 家电
    1   | problem           | quality / safety / price / measure / counterfeit / contract \
        / false_advertising / dignity / after_sales / other
    1   | facts             | 坏了 / 3天就坏 / 1月5日买的，不退 / 与广告不符
    0.8 | phone             | 1380000{number:04}
    0.8 | request           | refund / return,refund / repair,other
    0.8 | purchase          | {money}
    0.1 | disputed          | 5 / 99.5
    0.1 | brand             | 炊禾
    0.1 | model             | iPhone7
    0.1 | quantity          | 2
    0.1 | headcount         | 3
    0.1 | bought            | {before}
    0.1 | voucher           | 小票
    0.1 | consumer_address  | 东街3号
    0.1 | respondent_contact | 孙小美
    0.1 | promised          | {after}
    0.1 | handler           | 周大福
    0.1 | remark            | 下周再来
"""
_REFERRED = """\
    1   | source            | referred
    1   | referral_no       | 榕消{number}
    0.3 | referred          | {before}
    0.3 | reply_by          | 2026-10-20
"""
_ENDED = """
    1   | closed            | {closed}
    0.7 | recovered         | 0 / {money}
    0.7 | answered          | {answered}
    0.7 | rating            | satisfied / basic / dissatisfied
    0.2 | agreement         | 换新
    0.2 | handling          | 电话联系
    0.2 | approved          | {closed}
    0.2 | perform_by        | 2026-10-20
    0.2 | answered_how      | 电话
    0.2 | followed_up       | 2026-09-28
    0.2 | archive_no        | 榕1
    0.2 | multiple_damages  | {money}
"""
# An empty text empties the box.
_CHANGED = """
    0.1 | channel           | online
    0.1 | complainant       | 欧阳娜娜
    0.1 | phone             | 0591-00003333 /
    0.1 | consumer_address  | 西街1号 /
    0.1 | headcount         | 2 /
    0.1 | respondent        | 二楼鞋柜 /
    0.1 | item              | 鞋
    0.1 | brand             | 双星 /
    0.1 | category          | tourism
    0.1 | problem           | price
    0.1 | purchase          | {money} /
    0.1 | disputed          | {money} /
    0.1 | facts             | 开胶
    0.1 | request           | replace,compensation /
    0.1 | handling          | 已换 /
    0.1 | handler           | 赵七 /
    0.1 | answered          | 2026-09-28 /
    0.1 | archive_no        | 榕2 /
    1   | remark            | 已回访 /
    0.1 | point             | P002
"""
_CHANGED_WHERE_CLOSED = """\
    0.1 | recovered         | 5 / 89.9 /
    0.1 | rating            | dissatisfied /
"""
_PLACES = cells("""
    mall        | area=500 capital=80万 turnover=300万
    supermarket | area=199.5 turnover=30万
    market      | area=1200 stalls=186
    enterprise  | sector=hotel
    scenic      | grade=AAA judgement=客流大
    other       | judgement=纠纷多
""")
_PLACE = """
    0.6 | liaison           | 林秀珍 13900000101; 余海
    0.6 | officer           | 陈建平 0591-00002211
    0.3 | host              | 榕溪公司
    0.3 | address           | 东街3号
    0.3 | phone             | 0591-00001111
    0.3 | principal         | 王五
    0.3 | code              | X{number:03}
    0.3 | since             | 2026-01-06
"""
_RECORDED = """
    0.6 | on                | 2026-09-21
    0.6 | count             | 6
    0.6 | text              | 七天无理由退货
    0.6 | agency            | 执法大队
    0.6 | reported          | 2026-09-28
    0.6 | informant         | 林大力 13900009999
    0.6 | number            | 2026-0002
    0.6 | place             | 会议室
    0.6 | host              | 陈建平
    0.6 | decided           | 每月互查
    0.6 | interviewed       | 王大力
    0.6 | complaints        | 2026-0002
    0.6 | promised          | 更换供货商
    0.6 | raised            | 缺登记簿
    0.6 | result            | 已整改
    0.6 | attended          | 林秀珍
"""


def _drawn(chance: Random, table: str, **known: object) -> Case:
    money = chance.choice(("{}", "{}.5", "{}.05")).format(chance.randint(1, 900))
    return {
        key: chance.choice(texts.split(" /")).strip().format(money=money, **known)
        for likely, key, texts in cells(table)
        if chance.random() < float(likely)
    }


def new_complaint(chance: Random, number: int) -> Case:
    """Return a complaint as somebody comes with it, perhaps settled at once."""
    received = _TODAY - timedelta(chance.choice((0, 0, 1, 3, 20, 45)))
    point = chance.choice(("P001", "P002", "P003"))
    table = _NEW + chance.choice(("", _REFERRED))
    if point != "P002":
        table += "0.3 | respondent | 三号摊 / 86号摊\n"
    if received > date(2026, 9, 14):
        table += "0.1 | previous | 2026-0002"
    days = {"before": received - timedelta(1), "after": received + timedelta(3)}
    case = _drawn(chance, table, number=number, sign=chr(0x4E00 + number), **days)
    case |= {"received": str(received), "point": point}
    return case | (ending(chance, received) if chance.random() < 0.6 else {})


def ending(chance: Random, received: date) -> Case:
    """Return how a complaint ends that came in on a day."""
    outcome = chance.choice(["settled"] * 3 + [*ENDINGS])
    closed = min(received + timedelta(chance.randint(0, 9)), _TODAY)
    answered = min(closed + timedelta(chance.randint(0, 2)), _TODAY)
    case = {"outcome": outcome} | _drawn(chance, _ENDED, closed=closed, answered=answered)
    if needs := ENDINGS[outcome].needs:
        case[needs] = str(closed) if needs == "told" else "另案处理"
    if case.get("recovered", "0") == "0":
        case.pop("multiple_damages", None)
    return case


def new_point(chance: Random, number: int) -> Case:
    """Return a place that meets the rule of its type, or is judged suitable."""
    type_, boxes = chance.choice(_PLACES)
    case = {"name": f"新店{number}", "type": type_} | dict(box.split("=") for box in boxes.split())
    return case | _drawn(chance, _PLACE, number=number)


def new_record(chance: Random, kind: str) -> Case:
    """Return a record of a kind, with some of its boxes."""
    own = {box.key for box in RECORDS[kind]}
    case = {key: text for key, text in _drawn(chance, _RECORDED).items() if key in own}
    if kind in ("notice", "interview"):
        case["respondent"] = "三号摊"
    if kind not in FOR_ALL or chance.random() < 0.5:
        case["point"] = "P001"
    return case


def _rows(path: Path) -> dict[str, list[dict[str, Any]]]:
    """Return all that the acts of a case leave, but for moments and keys."""
    with closing(sqlite3.connect(path)) as connection:
        connection.row_factory = sqlite3.Row
        return {
            name: [
                {
                    key: row[key]
                    for key in row.keys()  # noqa: SIM118  a row yields its values
                    if key not in _VOLATILE
                }
                for row in connection.execute(f"SELECT * FROM {name} ORDER BY id")
            ]
            for name in _TABLES
        }


def _options(boxes: Mapping[str, Box], case: Case) -> list[str]:
    return [
        part
        for key, text in case.items()
        if key in boxes
        for part in (f"--{key.replace('_', '-')}", text)
    ]


class _Ways:
    """Two copies of a ledger: a case is typed into one, and given as options to the other."""

    def __init__(self, cli: Cli, chance: Random) -> None:
        self._cli, self._chance = cli, chance
        self._start = cli.path.read_bytes()

    def leave_the_same(
        self, line: str, boxes: Mapping[str, Box], case: Case, options: list[list[str]]
    ) -> None:
        """Fail unless both ways lead to the same rows."""
        cli, path = self._cli, self._cli.path
        cli.set.setenv("LEDGER12315_LANG", "en")
        typist = Typist(boxes, case, self._chance, amends=" amend" in line)
        code, seen = replies(path, line.split(), typist)
        typed = _rows(path)
        assert code == 0, f"{case}\n{seen}"
        path.write_bytes(self._start)
        for each in options:
            result = cli(shlex.join(each))
            assert result.code == 0, (case, each, result)
        given = _rows(path)
        path.write_bytes(self._start)
        for name in _TABLES:
            assert typed[name] == given[name], f"{case}\n{seen}"


_CATEGORY = COMPLAINT["category"]
_REFINED = _CATEGORY._replace(kind=_CATEGORY.kind.refined({"家电": "electronics"}))
_BY_KEY = {"point": AMENDED_COMPLAINT["point"], **COMPLAINT, "category": _REFINED}


def _log(ways: _Ways, chance: Random, number: int) -> None:
    case = new_complaint(chance, number)
    log, close = ({box.key: box for box in boxes if box.key in case} for boxes in (LOG, CLOSE))
    ends = {key: box for key, box in close.items() if key not in log}
    lines = [["log", case["point"], *_options(log, case)]]
    if "outcome" in case:
        lines.append(["close", "4", *_options(ends, case)])
    ways.leave_the_same("log", _BY_KEY, case, lines)


def _close(ways: _Ways, chance: Random, _number: int) -> None:
    number, received = chance.choice((("2026-0001", date(2026, 9, 21)), ("2026-0003", _TODAY)))
    case = ending(chance, received)
    options = ["close", number, *_options(COMPLAINT, case)]
    boxes = {"number": COMPLAINT_NUMBER, **COMPLAINT}
    ways.leave_the_same(f"close {number}", boxes, {"number": number, **case}, [options])


def _amend(ways: _Ways, chance: Random, _number: int) -> None:
    number = chance.choice("123")
    case = _drawn(chance, _CHANGED + _CHANGED_WHERE_CLOSED * (number == "2"))
    line = ["complaint", "amend", number]
    ways.leave_the_same(" ".join(line), _BY_KEY, case, [[*line, *_options(_BY_KEY, case)]])


def _register(ways: _Ways, chance: Random, number: int) -> None:
    case = new_point(chance, number)
    options = {key: box for key, box in POINT.items() if key != "name"}
    ways.leave_the_same(
        "register", POINT, case, [["register", case["name"], *_options(options, case)]]
    )


def _record(ways: _Ways, chance: Random, _number: int) -> None:
    kind = chance.choice([*RECORDS])
    case = new_record(chance, kind)
    boxes = {box.key: box for box in RECORDS[kind]}
    at = [case["point"]] if "point" in case else []
    known = {"point": AMENDED_COMPLAINT["point"], **boxes}
    ways.leave_the_same(
        f"record {kind}", known, case, [["record", kind, *at, *_options(boxes, case)]]
    )


_ACTS = {"log": _log, "close": _close, "amend": _amend, "register": _register, "record": _record}


@pytest.fixture
def stocked(cli: Cli) -> Cli:
    cli.given(_SETUP)
    return cli


def _leave_the_same(cli: Cli, act: str, number: int) -> None:
    chance = Random(f"{act} {number}")  # noqa: S311  no secret
    _ACTS[act](_Ways(cli, chance), chance, number)


def test_prompts_and_options_leave_the_same_rows(stocked: Cli) -> None:
    for act in _ACTS:
        _leave_the_same(stocked, act, 20)


# Of one number all follows; the ledger is set back before each, and nothing is shrunk.
_EACH = settings(
    max_examples=3 * OFTEN,
    phases=[Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


@pytest.mark.parametrize("act", _ACTS)
@_EACH
@given(number=st.integers(0, 9999))
def test_of_any_case_prompts_and_options_leave_the_same_rows(
    act: str, stocked: Cli, number: int
) -> None:
    _leave_the_same(stocked, act, number)
