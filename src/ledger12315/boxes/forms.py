"""Every box: of complaints, points and records, and those of the command line. 三(四)1, 三(五)7"""

from ledger12315 import words
from ledger12315.boxes import Box, by_key
from ledger12315.boxes.amounts import AREA, COUNT, COUNT_OR_ZERO, GRADE, MONEY
from ledger12315.boxes.kinds import (
    DAY,
    DAY_AHEAD,
    EVENT_DAY,
    HALF_WIDTH,
    LINE,
    LINES,
    LONG,
    NARRATIVE,
    NARRATIVE_LINE,
    NUMBER,
    NUMBERED,
    NUMBERS,
    PATH,
    REPORTING_PERIOD,
    Check,
    Checked,
    Several,
)
from ledger12315.boxes.people import (
    ADDRESS,
    FILE_NUMBER,
    LIAISONS,
    NAME,
    OFFICER,
    PERSON,
    PHONE,
    STAFF_NAME,
    STAFF_PHONE,
)
from ledger12315.boxes.worded import OneWord, SeveralWords
from ledger12315.errors import Message, message

_OUTCOME = OneWord(words.OUTCOMES, finer=words.FINER_OUTCOMES)
# In the order of Attachment 1.
COMPLAINT = by_key(
    Box(
        "received",
        "受理日期",
        EVENT_DAY,
        "day of receipt; for a referral the day the point received it [today]",
    ),
    Box("source", "来源", OneWord(words.SOURCES), "where it came from [direct]"),
    Box("referral_no", "分流单号", FILE_NUMBER, "number of the referral", searched=True),
    Box("referred", "分流日期", DAY, "date on the referral"),
    Box(
        "reply_by",
        "要求回复日期",
        DAY_AHEAD,
        "day by which the referring authority wants an answer",
    ),
    Box("channel", "受理方式", OneWord(words.CHANNELS), "how it was received [visit]"),
    Box("complainant", "投诉人", NAME, "the consumer's name", required=True, searched=True),
    Box("phone", "联系电话", PHONE, "the consumer's phone"),
    Box("consumer_address", "联系地址", ADDRESS, "the consumer's address"),
    Box("headcount", "涉及人数", COUNT, "how many consumers it concerns [1]"),
    Box(
        "respondent",
        "被投诉经营者",
        LINE,
        "the stall, counter or tenant complained about",
        searched=True,
    ),
    Box("respondent_contact", "被投诉方联系人", NAME, "contact person there"),
    Box("respondent_address", "经营地址", LINE, "the respondent's address"),
    Box("respondent_phone", "被投诉方电话", PHONE, "the respondent's phone"),
    Box("item", "商品/服务名称", LINE, "the goods or service", required=True, searched=True),
    Box("brand", "品牌", LINE, "brand", searched=True),
    Box("model", "规格", NUMBERED, "model or specification", searched=True),
    Box("quantity", "数量", LINE, "quantity"),
    Box("bought", "购买日期", DAY, "day of purchase"),
    Box("voucher", "凭证", LINE, "receipt or other proof of purchase"),
    Box(
        "kind", "性质", OneWord(words.KINDS), "goods, service or other, where no category is known"
    ),
    Box(
        "category",
        "类别",
        OneWord(words.CATEGORIES),
        "category of goods or services",
        required=True,
        unless="kind",
    ),
    Box("problem", "问题类别", OneWord(words.PROBLEMS), "what is wrong [other]"),
    Box("purchase", "消费金额", MONEY, "amount paid, yuan"),
    Box("disputed", "争议金额", MONEY, "amount in dispute, yuan [the amount paid]"),
    Box("facts", "投诉事实", NARRATIVE, "what happened", required=True, searched=True),
    Box(
        "request",
        "投诉请求",
        SeveralWords(words.REQUESTS),
        "what the consumer asks for; several with commas",
    ),
    Box("promised", "约定答复时间", DAY_AHEAD, "day by which an answer was promised"),
    Box("handling", "处理经过", NARRATIVE, "how it was handled", searched=True),
    Box("agreement", "和解协议内容", NARRATIVE, "what was agreed", searched=True),
    Box("approved", "领导审核", DAY, "day the host's manager approved the agreement"),
    Box("perform_by", "约定履行期限", DAY_AHEAD, "day by which the agreement is to be performed"),
    Box("performed", "履行日期", DAY, "day it was performed"),
    Box("unperformed", "未履行日期", DAY, "day it became known that it will not be performed"),
    Box(
        "multiple_damages",
        "加倍赔偿",
        MONEY,
        "part of the recovered amount that is multiple damages, yuan",
    ),
    Box("accepted", "工商所受理日期", DAY, "day the station accepted it after the escalation"),
    Box("handler", "经办人", STAFF_NAME, "who handles it [the point's liaison]"),
    Box(
        "told",
        "告知日期",
        DAY,
        "day the consumer was told of the right to complain to the authority",
    ),
    Box("answered", "反馈日期", DAY, "day the consumer was told the result"),
    Box("answered_how", "反馈方式", NARRATIVE_LINE, "how the consumer was told the result"),
    Box("replied", "回复分流单位日期", DAY, "day the referring authority got its answer"),
    Box("followed_up", "回访日期", DAY, "day of the follow-up call"),
    Box(
        "followed_up_how",
        "回访方式",
        NARRATIVE_LINE,
        "how the follow-up call was made, and what was said",
    ),
    Box("followed_up_by", "回访人", STAFF_NAME, "who made the follow-up call"),
    Box("rating", "消费者评价", OneWord(words.RATINGS), "the consumer's rating"),
    Box("outcome", "处理结果", _OUTCOME, "how it ended", required=True),
    Box(
        "closed",
        "办结日期",
        EVENT_DAY,
        "day it was closed [today; for advised the day of telling]",
    ),
    Box("recovered", "挽回经济损失", MONEY, "amount recovered for the consumer, yuan"),
    Box("archive_no", "归档号", FILE_NUMBER, "file number", searched=True),
    Box("remark", "备注", NARRATIVE, "remark", searched=True),
    Box("previous", "前次投诉", NUMBER, "number of the earlier complaint of the same matter"),
    groups=words.vocabulary("""
        received    | 受理 | Receipt
        complainant | 投诉人 | Consumer
        respondent  | 被投诉人 | Respondent
        item        | 商品/服务 | Goods or service
        problem     | 投诉内容 | Complaint
        handling    | 办理 | Handling
        rating      | 结果 | Result
    """),
)
# Boxes that acts of their own fill.
LATER = by_key(
    Box("escalated", "报请日期", EVENT_DAY),
    Box("escalation_reason", "报请理由", NARRATIVE, searched=True),
    Box("voided", "作废日期", DAY),
    Box("void_reason", "作废理由", NARRATIVE),
    Box("reopen_reason", "重开理由", NARRATIVE),
)
# The complaint's own number, and the one that the point gave it.
NUMBER_BOXES = by_key(
    Box("number", "编号", NUMBER, searched=True),
    Box("external_no", "登记编号", FILE_NUMBER, searched=True),
)
# The columns of a complaint in the ledger.
COMPLAINT_COLUMNS = {**COMPLAINT, **LATER, **NUMBER_BOXES}
# The boxes of `complaint amend`.
AMENDED_COMPLAINT = {
    "point": Box("point", "服务点", LINE, "the point: its code, name or part of the name"),
    **COMPLAINT,
}

# The boxes whose words a station refines with words of its own, as it chooses among them.
REFINED = words.Vocabulary(
    *(COMPLAINT[key].label for key in ("category", "problem", "channel", "request", "source"))
)

_CLOSING_BOXES = """
    outcome closed recovered multiple_damages told rating handling agreement approved perform_by
    performed unperformed accepted answered answered_how replied followed_up followed_up_how
    followed_up_by archive_no handler remark
"""
_AT_CLOSING = _CLOSING_BOXES.split()
_AT_BOTH = ("handling", "handler", "remark")
LOG = tuple(box for key, box in COMPLAINT.items() if key in _AT_BOTH or key not in _AT_CLOSING)
CLOSE = tuple(COMPLAINT[key] for key in _AT_CLOSING)
ESCALATE = (
    Box("reason", "报请理由", NARRATIVE, "why the station must act", required=True),
    Box("on", "报请日期", EVENT_DAY, "day of escalation [today]", default="today"),
)

# Points, their inspection, and the station. 三(一), 三(二), Attachment 4.
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
    Box("since", "设立日期", DAY, "day it was set up [today]", default="today"),
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
        Box("filed", "备案日期", DAY, "day it was filed with the county desk"),
        Box("filing_no", "备案号", LINE, "number under which the county desk filed it"),
        Box(
            "retired",
            "撤销日期",
            DAY,
            "corrected first day on which it was no longer a point; an empty text undoes the "
            "retirement",
        ),
        Box("on", "生效日期", DAY, "day from which it applies, or else today"),
        groups=words.vocabulary("since | 设立、备案、撤销 | Standing"),
    ).values()
)
INSPECT = (
    Box("on", "检查日期", EVENT_DAY, "day of the inspection [today]", default="today"),
    Box("inspector", "检查人", STAFF_NAME, "who inspected"),
    *(
        Box(word.code, word.zh, Check(words.PARTICULARS[word.code]))
        for word in words.CONDITIONS.values()
    ),
    Box("updated", "宣传栏更新日期", DAY, "day on which the notice board was last updated"),
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

# Records other than complaints: visits, leads, trainings and so on.
RECORD = (
    Box("on", "日期", EVENT_DAY, "day it happened [today]", default="today"),
    Box("count", "次数", COUNT, "how many [1]", default="1"),
    Box("text", "内容", NARRATIVE, "topic"),
)
_RECORD_DAY, _RECORD_COUNT, _RECORD_TEXT = RECORD
_RESULT = Box("result", "结果", NARRATIVE, "the result")
_RECORD_RESPONDENT = Box(
    "respondent", "被投诉经营者", LINE, "the operator it concerns", required=True
)
INFORMANT = Box(
    "informant",
    "举报人",
    PERSON,
    "informant, as NAME PHONE; stored separately and shown to nobody",
)
# The boxes of each kind of record.
RECORDS = dict.fromkeys(words.RECORD_KINDS, RECORD) | {
    "inquiry": (
        _RECORD_DAY,
        _RECORD_COUNT,
        _RECORD_TEXT._replace(help="topic; where the consumer was sent"),
    ),
    "lead": (
        *RECORD,
        Box("agency", "举报机关", LINE, "the agency it was reported to"),
        Box("reported", "举报日期", DAY, "day it was reported"),
        INFORMANT,
    ),
    "major": (
        *RECORD,
        Box("number", "投诉编号", NUMBER, "the complaint it is about"),
        Box("reported", "报告日期", DAY, "day it was reported to the station"),
    ),
    "visit": (
        *RECORD,
        Box("raised", "反映问题", NARRATIVE, "what the point raised"),
        _RESULT,
    ),
    "meeting": (
        _RECORD_DAY,
        _RECORD_COUNT,
        Box("place", "地点", LINE, "where it was held"),
        Box("host", "主持人", STAFF_NAME, "who chaired it"),
        Box("attended", "参加人员", NARRATIVE, "who took part"),
        _RECORD_TEXT,
        Box("decided", "议定事项", NARRATIVE, "what was decided"),
    ),
    "training": (
        *RECORD,
        Box("attended", "参加联络员", NARRATIVE, "liaisons who took part [the point's]"),
    ),
    "notice": (*RECORD, _RECORD_RESPONDENT, _RESULT),
    "interview": (
        _RECORD_DAY,
        _RECORD_COUNT,
        _RECORD_RESPONDENT,
        Box("interviewed", "被约谈人", NAME, "who spoke for the operator"),
        Box("complaints", "涉及投诉", LINE, "numbers of the complaints it was about"),
        _RECORD_TEXT,
        Box("promised", "承诺事项", NARRATIVE, "what the operator undertook"),
        Box("promised_by", "承诺期限", DAY_AHEAD, "day by which it is to be fulfilled"),
        Box("fulfilled", "落实日期", DAY, "day it was fulfilled"),
        _RESULT,
    ),
}
# Every box of all kinds, except the informant, whom no form may show.
RECORD_BOXES = by_key(
    *(box.optional() for boxes in RECORDS.values() for box in boxes if box != INFORMANT)
)

# Boxes of the command line that are in no form, such as the number a command works on.
POINT_WORD = AMENDED_COMPLAINT["point"]._replace(required=True)
SEARCHED_WORDS = Box(
    "words",
    "查找内容",
    LINES,
    "phone or its last four digits; name, goods, respondent or number, or part of one; point",
    required=True,
)
POINT_WORDS = POINT_WORD._replace(kind=Several(LINE, listed=True))
FORM = Box(
    "form", "附件", HALF_WIDTH, "number of the attachment, or name of the report", required=True
)
PERIOD = Box(
    "period",
    "报告期",
    REPORTING_PERIOD,
    "such as 2026Q3, 2026-09, 2026 or 2026A",
    required=True,
)
YEAR = Box("year", "年份", HALF_WIDTH, "such as 2026", required=True)
SETTING = Box("key", "设置", HALF_WIDTH, "the setting", required=True)
VALUE = Box("value", "值", LINE, "its new value", required=True)
FILE = Box(
    "file", "备份文件", PATH, "the backup's file; a new one's folder will do", required=True
)
SHARED_FILE = Box("file", "共享文件", PATH, "the file that others may read", required=True)
REASON = Box("reason", "理由", LONG, "the reason; recorded in the history", required=True)
COMPLAINT_NUMBER = Box(
    "number",
    "登记编号",
    NUMBER,
    "the complaint's number, or phone, name or goods that only it has",
    required=True,
)
COMPLAINT_NUMBERS = COMPLAINT_NUMBER._replace(kind=NUMBERS)
IMPORT_ACT = Box(
    "act",
    "导入",
    Several(COUNT),
    "all complaints of this import, by the number of its act; repeat for several",
    option="import",
)
RECORD_ID = Box("id", "登记号", COUNT, "the record's number in: record list", required=True)
CALENDAR_DAY = Box("day", "日期", DAY_AHEAD, "the day", required=True)
WHY = Box("why", "原因", LINE, "the reason", required=True)
HOLIDAY_NOTICE = Box(
    "file", "通知文件", PATH, "the notice: holiday-cn JSON, or its own text", required=True
)
WORD_KIND = Box("kind", "种类", OneWord(REFINED), "the box that it belongs to", required=True)
LOCAL_WORD = Box("word", "用语", LINE, "the word", required=True)
STANDARD = Box(
    "standard",
    "标准用语",
    LINE,
    "the fixed word under which it counts",
    required=True,
    option="as",
)
