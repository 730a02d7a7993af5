"""Every box that a person fills: its key (column, option, JSON key), its heading in the forms, how to read it, who may see it.

Complaints: Attachment 1, 三(四)1. Points: 三(一) and Attachment 4.
"""

from collections.abc import Container, Iterable, Mapping
from datetime import date
from typing import NamedTuple

from ledger12315 import words
from ledger12315.boxes import reading
from ledger12315.boxes.reading import Misread, Reader, Value
from ledger12315.errors import Unclear


class Field(NamedTuple):
    """One box, explained by its name where `help` is empty; one that is `asked` may yet stay empty.

    `personal` is how it is masked: name, phone, address, text or person.

    A required box is not asked for where the box `unless` is given.
    """

    key: str
    heading: str
    read: Reader
    help: str
    required: bool = False
    unless: str = ""
    asked: bool = False
    personal: str = ""
    vocabulary: words.Vocabulary | None = None

    @property
    def label(self) -> words.Word:
        """The box's name in a sentence; in Chinese with the option's beside it."""
        return words.Word(self.key, f"{self.heading}({self.key})", self.key)

    def lacking(self, given: Container[str]) -> bool:
        """Whether it must be filled and is not."""
        return self.required and self.key not in given and self.unless not in given

    def parse(self, text: str, today: date) -> Value:
        """Read `text`. Raises Unclear, which names the box and never repeats a phone."""
        try:
            return self.read(text, today)
        except Misread as wrong:
            raise Unclear("{box}: {problem}.", box=self.label, problem=wrong.message) from None


def _word(key: str, heading: str, vocabulary: words.Vocabulary, help: str) -> Field:
    return Field(key, heading, reading.word(vocabulary), help, vocabulary=vocabulary)


def _table(*fields: Field) -> Mapping[str, Field]:
    return {field.key: field for field in fields}


# The boxes of Attachment 1, in its order.
COMPLAINT = _table(
    Field(
        "received",
        "受理日期",
        reading.past_day,
        "day of receipt; for a referral the day the point received it [today]",
    ),
    _word("source", "来源", words.SOURCES, "where it came from [direct]"),
    Field("referral_no", "分流单号", reading.short_text, "number of the referral"),
    Field("referred", "分流日期", reading.past_day, "date on the referral"),
    _word("channel", "受理方式", words.CHANNELS, "how it came in [visit]"),
    Field(
        "complainant",
        "投诉人",
        reading.short_text,
        "the consumer's name",
        required=True,
        personal="name",
    ),
    Field("phone", "联系电话", reading.phone, "the consumer's phone", asked=True, personal="phone"),
    Field(
        "consumer_address",
        "联系地址",
        reading.short_text,
        "the consumer's address",
        personal="address",
    ),
    Field(
        "respondent",
        "被投诉经营者",
        reading.short_text,
        "the stall, counter or tenant complained of",
    ),
    Field(
        "respondent_contact",
        "被投诉方联系人",
        reading.short_text,
        "whom to speak to there",
        personal="name",
    ),
    Field("respondent_address", "经营地址", reading.short_text, "the respondent's address"),
    Field(
        "respondent_phone",
        "被投诉方电话",
        reading.phone,
        "the respondent's phone",
        personal="phone",
    ),
    Field("item", "商品/服务名称", reading.short_text, "the goods or service", required=True),
    Field("brand", "品牌", reading.short_text, "brand"),
    Field("model", "规格", reading.short_text, "model or specification"),
    Field("quantity", "数量", reading.short_text, "quantity"),
    Field("bought", "购买日期", reading.past_day, "day of purchase"),
    Field("voucher", "凭证", reading.short_text, "receipt or other proof of purchase"),
    _word("kind", "性质", words.KINDS, "goods, service or other, where no category is known"),
    Field(
        "category",
        "类别",
        reading.word(words.CATEGORIES),
        "category of goods or services",
        required=True,
        unless="kind",
        vocabulary=words.CATEGORIES,
    ),
    _word("problem", "问题类别", words.PROBLEMS, "what is wrong [other]"),
    Field("purchase", "消费金额", reading.money, "amount paid, yuan", asked=True),
    Field(
        "disputed", "争议金额", reading.money, "amount in dispute, yuan [the amount paid, else 0]"
    ),
    Field("facts", "投诉事实", reading.long_text, "what happened", required=True, personal="text"),
    Field(
        "request",
        "投诉请求",
        reading.words(words.REQUESTS),
        "what the consumer asks for; several with commas",
        vocabulary=words.REQUESTS,
    ),
    Field("promised", "约定答复时间", reading.any_day, "day by which an answer was promised"),
    Field("handling", "处理经过", reading.long_text, "how it was handled", personal="text"),
    Field("agreement", "和解协议内容", reading.long_text, "what was agreed", personal="text"),
    Field(
        "approved", "领导审核", reading.past_day, "day the host's manager approved the agreement"
    ),
    Field(
        "perform_by",
        "约定履行期限",
        reading.any_day,
        "day by which the agreement is to be performed",
    ),
    Field("performed", "履行日期", reading.past_day, "day it was performed"),
    Field(
        "multiple_damages",
        "加倍赔偿",
        reading.money,
        "part of the recovered amount that is multiple damages, yuan",
    ),
    Field(
        "handler",
        "经办人",
        reading.short_text,
        "who handles it [the point's liaison]",
        personal="name",
    ),
    Field(
        "told",
        "告知日期",
        reading.past_day,
        "day the consumer was told of the right to complain to the authority",
    ),
    Field("answered", "反馈日期", reading.past_day, "day the consumer was told the result"),
    Field("answered_how", "反馈方式", reading.short_text, "how the consumer was told the result"),
    _word("rating", "消费者评价", words.RATINGS, "the consumer's rating")._replace(asked=True),
    Field(
        "outcome",
        "处理结果",
        reading.word(words.OUTCOMES),
        "how it ended",
        required=True,
        vocabulary=words.OUTCOMES,
    ),
    Field(
        "closed",
        "办结日期",
        reading.past_day,
        "day it was closed [today; for advised the day of telling]",
    ),
    Field(
        "recovered",
        "挽回经济损失",
        reading.money,
        "amount recovered for the consumer, yuan",
        asked=True,
    ),
    Field("archive_no", "归档号", reading.short_text, "file number"),
    Field("remark", "备注", reading.long_text, "remark", personal="text"),
    Field(
        "previous",
        "前次投诉",
        reading.complaint_number,
        "number of the earlier complaint of the same matter",
    ),
)

_AT_CLOSING = (
    "outcome closed recovered multiple_damages told rating handling agreement approved perform_by performed answered answered_how"
    " archive_no handler remark"
)
LOG = tuple(
    COMPLAINT[key]
    for key in COMPLAINT
    if key in ("handling", "handler", "remark") or key not in _AT_CLOSING.split()
)
CLOSE = tuple(COMPLAINT[key] for key in _AT_CLOSING.split())
ESCALATE = (
    Field(
        "reason",
        "报请理由",
        reading.long_text,
        "why the station must act",
        required=True,
        personal="text",
    ),
    Field("on", "报请日期", reading.past_day, "day of escalation [today]"),
)

POINT_WORD = Field(
    "point",
    "服务点",
    reading.short_text,
    "the point: its code, name or part of the name",
    required=True,
)
FORM = Field(
    "form",
    "附件",
    reading.short_text,
    "number of the attachment, or name of the report",
    required=True,
)
PERIOD = Field(
    "period", "报告期", reading.short_text, "such as 2026Q3, 2026-09, 2026 or 2026A", required=True
)
YEAR = Field("year", "年份", reading.short_text, "such as 2026", required=True)
SETTING = Field("key", "设置", reading.short_text, "the setting", required=True)
VALUE = Field("value", "值", reading.short_text, "its new value", required=True)
FILE = Field("file", "备份文件", reading.path, "the backup's file", required=True)
REASON = Field("reason", "理由", reading.long_text, "why; kept in the history", required=True)
NUMBER = Field(
    "number", "登记编号", reading.complaint_number, "the complaint's number", required=True
)

POINT = _table(
    Field("name", "名称", reading.short_text, "the point's name", required=True),
    Field(
        "type",
        "类型",
        reading.word(words.TYPES),
        "type of point",
        required=True,
        vocabulary=words.TYPES,
    ),
    Field("area", "营业面积", reading.area, "business area, m²"),
    Field("capital", "注册资金", reading.money, "registered capital, yuan"),
    Field("turnover", "营业额", reading.money, "turnover, yuan"),
    Field("stalls", "固定摊位", reading.stalls, "number of fixed stalls"),
    Field("grade", "景区等级", reading.grade, "grade of the scenic area, such as AAA"),
    Field(
        "sector",
        "行业",
        reading.word(words.SECTORS),
        "sector of an enterprise",
        vocabulary=words.SECTORS,
    ),
    Field(
        "judgement", "认定理由", reading.long_text, "the station's reason for judging it suitable"
    ),
    Field("host", "依托经营者", reading.short_text, "host operator"),
    Field("address", "地址", reading.short_text, "address"),
    Field(
        "liaison",
        "联络员",
        reading.people,
        "liaison, as NAME PHONE, full-time or part-time, badge; several with ;",
        personal="person",
    ),
    Field(
        "officer",
        "联系人",
        reading.person,
        "the station's point officer, as NAME PHONE",
        personal="person",
    ),
    Field("since", "设立日期", reading.past_day, "day it was set up [today]"),
    Field("code", "服务点编号", reading.short_text, "code [the next free one]"),
)
STATION = (
    Field("station", "工商所", reading.short_text, "the station's name", required=True),
    Field("county", "县局", reading.short_text, "the county's name", required=True),
    Field("code", "编号", reading.short_text, "the station's code"),
)
RECORD = (
    Field("on", "日期", reading.past_day, "day it happened [today]"),
    Field("count", "次数", reading.count, "how many [1]"),
    Field("text", "内容", reading.long_text, "topic; where the consumer was sent", personal="text"),
)
# Of all but inquiries, which come by the dozen, somebody will ask what they were about.
_TOLD = (*RECORD[:-1], RECORD[-1]._replace(asked=True))
_RESULT = Field("result", "结果", reading.long_text, "what came of it", personal="text")
_RESPONDENT = Field(
    "respondent", "被投诉经营者", reading.short_text, "the operator it concerns", required=True
)
# What some kinds of record hold besides.
RECORDS = dict.fromkeys(words.RECORDS, _TOLD) | {
    "inquiry": RECORD,
    "lead": (
        *_TOLD,
        Field(
            "agency", "举报机关", reading.short_text, "the agency it was reported to", asked=True
        ),
        Field("reported", "举报日期", reading.past_day, "day it was reported"),
        Field(
            "informant",
            "举报人",
            reading.person,
            "informant, as NAME PHONE; kept apart and shown to nobody",
            personal="person",
        ),
    ),
    "major": (
        *_TOLD,
        Field("number", "投诉编号", reading.complaint_number, "the complaint it is about"),
        Field("reported", "报告日期", reading.past_day, "day it was reported to the station"),
    ),
    "visit": (
        *_TOLD,
        Field(
            "raised",
            "反映问题",
            reading.long_text,
            "what the point raised",
            personal="text",
            asked=True,
        ),
        _RESULT._replace(asked=True),
    ),
    "training": (
        *_TOLD,
        Field(
            "attended",
            "参加联络员",
            reading.long_text,
            "liaisons who took part [the point's]",
            personal="text",
        ),
    ),
    "notice": (*_TOLD, _RESPONDENT, _RESULT),
    "interview": (*_TOLD, _RESPONDENT, _RESULT),
}
_INFORMANT = RECORDS["lead"][-1]
# Every box of any kind of record, but for the informant, who is never amended into view.
RECORD_BOXES = {
    field.key: field._replace(required=False)
    for fields in RECORDS.values()
    for field in fields
    if field != _INFORMANT
}


# What `point amend` changes besides the boxes of Attachment 4 that were filled at registration.
AMENDED = (
    *(
        field._replace(required=False)
        for key, field in POINT.items()
        if key not in ("since", "code")
    ),
    _word("demonstration", "示范级别", words.DEMONSTRATION, "demonstration level"),
    Field("filed", "备案日期", reading.past_day, "day it was filed with the county desk"),
    Field(
        "retired",
        "撤销日期",
        reading.past_day,
        "first day on which it was no longer a point, corrected; empty: it never was retired",
    ),
    Field("on", "生效日期", reading.past_day, "day from which it holds [today]"),
)
INSPECT = (
    Field("on", "检查日期", reading.past_day, "day of the inspection [today]"),
    Field("inspector", "检查人", reading.short_text, "who inspected"),
    *(
        Field(word.code, word.zh, reading.checked, "", asked=True)
        for word in words.CONDITIONS.values()
    ),
)
RETIRE = Field(
    "on", "撤销日期", reading.past_day, "first day on which it is no longer a point", required=True
)
RECORD_ID = Field(
    "id", "登记号", reading.count, "the record's number in: record list", required=True
)
DAY = Field("day", "日期", reading.any_day, "the day", required=True)
WHY = Field("why", "原因", reading.short_text, "why it is so", required=True)
HOLIDAY_NOTICE = Field(
    "file", "通知文件", reading.path, "the notice: holiday-cn JSON, or its own text", required=True
)


VOCABULARIES: Mapping[str, words.Vocabulary] = {
    field.key: field.vocabulary
    for field in (*COMPLAINT.values(), *POINT.values(), *AMENDED)
    if field.vocabulary
} | {"state": words.STATES}


def parse_all(fields: Iterable[Field], raw: Mapping[str, str], today: date) -> dict[str, Value]:
    """Read every given box of `raw` and name all required ones that are missing. Raises Unclear."""
    table = {field.key: field for field in fields}
    given = {key: text for key, text in raw.items() if text.strip()}
    missing = [field.label for field in table.values() if field.lacking(given)]
    if missing:
        raise Unclear("Missing: {boxes}.", boxes=missing)
    return {key: table[key].parse(text, today) for key, text in given.items()}
