"""The boxes of a complaint: Attachment 1, and those that later acts fill. 三(四)1, domain 3."""

from ledger12315 import words
from ledger12315.boxes import Box, by_key
from ledger12315.boxes.amounts import COUNT, MONEY
from ledger12315.boxes.kinds import (
    DAY,
    DAY_AHEAD,
    LINE,
    NARRATIVE,
    NARRATIVE_LINE,
    NUMBER,
    OLD_DAY,
)
from ledger12315.boxes.people import ADDRESS, NAME, PHONE, REFERRAL, STAFF_NAME
from ledger12315.boxes.worded import OneWord, SeveralWords

_OUTCOME = OneWord(words.OUTCOMES, finer=words.FINER_OUTCOMES)
# In the order of Attachment 1.
COMPLAINT = by_key(
    Box(
        "received",
        "受理日期",
        DAY,
        "day of receipt; for a referral the day the point received it [today]",
    ),
    Box("source", "来源", OneWord(words.SOURCES), "where it came from [direct]"),
    Box("referral_no", "分流单号", REFERRAL, "number of the referral", searched=True),
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
    Box("model", "规格", LINE, "model or specification", searched=True),
    Box("quantity", "数量", LINE, "quantity"),
    Box("bought", "购买日期", OLD_DAY, "day of purchase"),
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
    Box("disputed", "争议金额", MONEY, "amount in dispute, yuan [the amount paid, else 0]"),
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
        DAY,
        "day it was closed [today; for advised the day of telling]",
    ),
    Box("recovered", "挽回经济损失", MONEY, "amount recovered for the consumer, yuan"),
    Box("archive_no", "归档号", LINE, "file number", searched=True),
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
    Box("escalated", "报请日期", DAY),
    Box("escalation_reason", "报请理由", NARRATIVE, searched=True),
    Box("voided", "作废日期", DAY),
    Box("void_reason", "作废理由", NARRATIVE),
    Box("reopen_reason", "重开理由", NARRATIVE),
)
# The complaint's own number, and the one that the point gave it.
NUMBER_BOXES = by_key(
    Box("number", "编号", NUMBER, searched=True),
    Box("external_no", "登记编号", LINE, searched=True),
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
    Box("on", "报请日期", DAY, "day of escalation [today]", default="today"),
)
