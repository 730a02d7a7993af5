"""The boxes of a point, of its inspection and of the station. 三(一), 三(二), Attachment 4."""

from ledger12315 import words
from ledger12315.boxes import Box, by_key
from ledger12315.boxes.amounts import AREA, COUNT_OR_ZERO, GRADE, MONEY
from ledger12315.boxes.kinds import DAY, LINE, LONG, OLD_DAY, Check, Checked
from ledger12315.boxes.people import LIAISONS, OFFICER, STAFF_NAME, STAFF_PHONE
from ledger12315.boxes.worded import OneWord, SeveralWords
from ledger12315.errors import Message, message

POINT = by_key(
    Box("name", "名称", LINE, "the point's name", required=True),
    Box("type", "类型", OneWord(words.TYPES), "type of point", required=True),
    Box("area", "营业面积", AREA, "business area, m²"),
    Box("capital", "注册资金", MONEY, "registered capital, yuan"),
    Box("turnover", "营业额", MONEY, "turnover, yuan"),
    Box("stalls", "固定摊位", COUNT_OR_ZERO, "number of fixed stalls"),
    Box("grade", "景区等级", GRADE, "grade of the scenic area, such as AAA"),
    Box("sector", "行业", OneWord(words.SECTORS), "sector of an enterprise"),
    Box("judgement", "认定理由", LONG, "the station's reason for judging it suitable"),
    Box("host", "依托经营者", LINE, "host operator"),
    Box("address", "地址", LINE, "address"),
    Box("phone", "固定电话", STAFF_PHONE, "the point's own fixed phone"),
    Box("credit_code", "统一社会信用代码", LINE, "unified social credit code"),
    Box("principal", "负责人", STAFF_NAME, "the person in charge"),
    Box(
        "liaison",
        "联络员",
        LIAISONS,
        "liaison, as NAME PHONE, full-time or part-time, badge; several with ;",
    ),
    Box("officer", "联系人", OFFICER, "the station's point officer, as NAME PHONE"),
    Box("since", "设立日期", OLD_DAY, "day it was set up [today]", default="today"),
    Box("code", "服务点编号", LINE, "code [the next free one]"),
    groups=words.vocabulary("""
        type  | 设点条件 | What the rule asks
        host  | 地址和人员 | Place and people
        since | 设立 | Set-up
    """),
)
# The boxes of `point amend`.
AMENDED_POINT = tuple(
    by_key(
        *(box.optional() for key, box in POINT.items() if key != "code"),
        Box("demonstration", "示范级别", OneWord(words.DEMONSTRATION), "demonstration level"),
        Box("filed", "备案日期", OLD_DAY, "day it was filed with the county desk"),
        Box("filing_no", "备案号", LINE, "number under which the county desk filed it"),
        Box(
            "retired",
            "撤销日期",
            OLD_DAY,
            "corrected first day on which it was no longer a point; an empty text undoes the "
            "retirement",
        ),
        Box("on", "生效日期", DAY, "day from which it applies, or else today"),
        groups=words.vocabulary("since | 设立、备案、撤销 | Standing"),
    ).values()
)
INSPECT = (
    Box("on", "检查日期", DAY, "day of the inspection [today]", default="today"),
    Box("inspector", "检查人", STAFF_NAME, "who inspected"),
    *(
        Box(word.code, word.zh, Check(words.PARTICULARS[word.code]))
        for word in words.CONDITIONS.values()
    ),
    Box("updated", "宣传栏更新日期", OLD_DAY, "day on which the notice board was last updated"),
)


def unmet_in_words(item: str, found: Checked) -> words.Word | Message:
    """Return an unmet condition in words, with its missing parts and the remark."""
    what: list[object] = [found.remark] if found.remark else []
    if found.lacking:
        what = [SeveralWords(words.PARTICULARS[item]).shown(found.lacking), *what]
    if not what:
        return words.CONDITIONS[item]
    return message("{condition} ({remark})", condition=words.CONDITIONS[item], remark=what)


RETIRE = Box("on", "撤销日期", DAY, "first day on which it is no longer a point", required=True)
OFFICES = (
    Box("station", "工商所", LINE, "the station's name", required=True),
    Box("county", "县局", LINE, "the county's name", required=True),
)
"""The names that change in life."""
STATION = (
    *OFFICES,
    Box("code", "编号", LINE, "the station's code"),
    Box("begins", "启用日期", DAY, "first day of the ledger [today]", default="today"),
)
