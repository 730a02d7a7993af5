"""The boxes of records other than complaints: visits, leads, trainings and so on."""

from ledger12315 import words
from ledger12315.boxes import Box, by_key
from ledger12315.boxes.amounts import COUNT
from ledger12315.boxes.kinds import DAY, DAY_AHEAD, LINE, NARRATIVE, NUMBER
from ledger12315.boxes.people import NAME, PERSON, STAFF_NAME

RECORD = (
    Box("on", "日期", DAY, "day it happened [today]", default="today"),
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
