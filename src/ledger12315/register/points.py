"""Points in a spreadsheet: an Attachment 5, or the boxes of `register`. 三(五)7"""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from itertools import zip_longest
from typing import Any

from ledger12315.boxes import Box, by_key
from ledger12315.boxes.forms import AMENDED_POINT, OFFICES, POINT
from ledger12315.boxes.kinds import DAY, LONG, Text, Value
from ledger12315.boxes.people import LIAISONS, OFFICER, STAFF_PHONE, persons
from ledger12315.boxes.reading import Misread, ReadCell, cell_text
from ledger12315.boxes.worded import OneWord
from ledger12315.errors import Refused, message
from ledger12315.register.file import Register
from ledger12315.register.headings import IGNORED, Heading, Subject
from ledger12315.register.learned import bare_heading, usual_headings
from ledger12315.register.meaning import WrongBoxes
from ledger12315.rules.eligibility import admitted_as_listed
from ledger12315.words import DEMONSTRATION, ELIGIBILITY, SECTORS, TYPES

PEOPLE = {"liaison": LIAISONS, "officer": OFFICER}
"""The people of a point, and how they are typed in one box."""


_ON_RECORD = "在册"


class _SeveralPeople(Text):
    """The names of several people, and perhaps the phones behind them."""

    def plain(self, value: Any) -> str:
        people = (" ".join(filter(None, each[:2])) for each in persons(value))
        return "; ".join(people)


class _Phones(Text):
    """Phones of several people, a line for each; the first line may be empty."""

    def typed(self, cell: ReadCell) -> str:
        return STAFF_PHONE.typed(cell) if isinstance(cell, float) else cell_text(cell)

    def read(self, text: str, today: date) -> Value:
        super().read(text, today)
        return text.replace("\r\n", "\n")


_OF_ITS_STANDING = ("demonstration", "filed", "filing_no", "retired")
_POINT_COLUMNS = by_key(
    *(
        # Their names and phones may be in two columns, a line for each of several.
        box._replace(kind=_SeveralPeople()) if key in PEOPLE else box._replace(default="")
        for key, box in POINT.items()
    ),
    Box("liaison_phone", "联络员电话", _Phones()),
    Box("officer_phone", "联系人电话", _Phones()),
    Box("eligibility", "设置依据", OneWord(ELIGIBILITY)),
    *(box for box in AMENDED_POINT if box.key in _OF_ITS_STANDING),
    Box("status", "状态", LONG),
    *(box for box in OFFICES if box.key == "station"),
    Box("remark", "备注", LONG),
)
_ALSO_OF_POINTS = {
    "序号": IGNORED,
    "服务点名称": "name",
    "服务点": "name",
    "编号": "code",
    # The second of Attachment 5 is the officer's.
    "联系电话": "phone",
}
_USUAL_OF_POINTS = """
    name 点名 单位名称 店名 维权服务点
    type 类别 服务点类型 服务点类别 场所类型
    host 依托单位 经营者 主办单位 设立单位
    address 地点 详细地址 所在地 设立地点
    phone 电话 办公电话 服务电话
    principal 负责人姓名 法人 法定代表人
    liaison 联络人 联络员姓名 工作人员
    liaison_phone 手机 联络电话
    officer 监管人员 责任人 包片干部
    since 成立日期 成立时间 设立时间 建立时间 挂牌时间
    area 面积 经营面积
    credit_code 信用代码 社会信用代码
"""
POINT_ROWS = Subject(
    _POINT_COLUMNS,
    _ALSO_OF_POINTS,
    {"type": TYPES, "sector": SECTORS, "demonstration": DEMONSTRATION},
    usual_headings(_USUAL_OF_POINTS),
    required=("name", "type", "since"),
    marks=("name", "type"),
)
_OF_A_PERSON = ("联系电话", "电话", "手机", "联络电话")
"""Headings of a phone; behind a person's name it is that person's."""
_FILED = r"(\d{4}年\d{1,2}月\d{1,2}日)备案"
_BETWEEN_PEOPLE = r"[\n;；、]"


class PointsFile(Register):
    """The sheets of one file of points, and what reading them has found."""

    subject = POINT_ROWS
    derived = ("judgement", "eligibility", "retired", "filed", *PEOPLE)

    def _placed(self, heading: Heading) -> Heading:
        """Return a heading in which a phone behind a person's name is that person's."""
        boxes, person = [*heading.boxes], ""
        for place, text in enumerate(heading.texts):
            bare = bare_heading(text)
            of_person = bare in _OF_A_PERSON and bare not in self._learned.headings
            if person and of_person and boxes[place] in ("", "phone"):
                boxes[place], person = f"{person}_phone", ""
            elif text:
                person = boxes[place] if boxes[place] in PEOPLE else ""
        return heading._replace(boxes=boxes)

    def _needed(self, given: Mapping[str, Value], required: Sequence[str]) -> Sequence[str]:
        return required

    def _complete(self, given: dict[str, Value]) -> WrongBoxes:
        for role in PEOPLE:
            yield from self._join_people(given, role)
        yield from self._read_status(given)
        if filed := re.match(_FILED, str(given.pop("remark", ""))):
            given.setdefault("filed", DAY.read(filed[1], self._today))
        stated, type_ = str(given.get("eligibility", "")), str(given["type"])
        try:
            given["eligibility"], reason = admitted_as_listed(type_, given, stated)
            if reason:
                given["judgement"] = reason
        except Refused as refused:
            why = refused.message
            for note in refused.notes:
                why = message("{why} {note}", why=why, note=note)
            yield "eligibility" if stated else "type", why

    def _join_people(self, given: dict[str, Value], role: str) -> WrongBoxes:
        """Fill a role's people from the names and the phones of two columns, or from one."""
        names, phones = (
            [each.strip() for each in re.split(_BETWEEN_PEOPLE, str(given.pop(key, "")))]
            for key in (role, f"{role}_phone")
        )
        pairs = [*zip_longest(names, phones, fillvalue="")]
        if any(phone and not name for name, phone in pairs):
            yield f"{role}_phone", message("there are more phones than names")
        elif people := "; ".join(f"{name} {phone}" for name, phone in pairs if name):
            try:
                given[role] = PEOPLE[role].read(people, self._today)
            except Misread as wrong:
                yield role, wrong.message

    def _read_status(self, given: dict[str, Value]) -> WrongBoxes:
        """Fill the day of retirement from a status such as 2026年3月1日撤销."""
        status = str(given.pop("status", "")).strip()
        if not status or status == _ON_RECORD:
            return
        day = re.fullmatch("(.*?)撤销", status)
        try:
            given.setdefault("retired", DAY.read(day[1] if day else status, self._today))
        except Misread as wrong:
            yield "status", wrong.message

    def _doubt(self, row: int, given: Mapping[str, Value]) -> None:
        for role, kind in PEOPLE.items():
            if role in given and (why := kind.doubt(given[role], self._today)):
                self.doubts.setdefault((role, why.id), []).append(row)
