"""Boxes of the command line that are in no form, such as the number a command works on."""

from ledger12315.boxes import Box
from ledger12315.boxes.amounts import COUNT
from ledger12315.boxes.complaint import AMENDED_COMPLAINT, REFINED
from ledger12315.boxes.kinds import (
    DAY_AHEAD,
    HALF_WIDTH,
    LINE,
    LINES,
    LONG,
    NUMBER,
    NUMBERS,
    PATH,
    Several,
)
from ledger12315.boxes.worded import OneWord

POINT_WORD = AMENDED_COMPLAINT["point"]._replace(required=True)
WORDS = Box(
    "words",
    "查找内容",
    LINES,
    "phone, name, goods, respondent or number, or part of one",
    required=True,
)
POINT_WORDS = POINT_WORD._replace(kind=LINES)
FORM = Box(
    "form", "附件", HALF_WIDTH, "number of the attachment, or name of the report", required=True
)
PERIOD = Box("period", "报告期", LINE, "such as 2026Q3, 2026-09, 2026 or 2026A", required=True)
YEAR = Box("year", "年份", HALF_WIDTH, "such as 2026", required=True)
SETTING = Box("key", "设置", HALF_WIDTH, "the setting", required=True)
VALUE = Box("value", "值", LINE, "its new value", required=True)
FILE = Box("file", "备份文件", PATH, "the backup's file", required=True)
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
