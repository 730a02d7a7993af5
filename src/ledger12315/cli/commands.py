"""The table of commands."""

from typing import NamedTuple


class Row(NamedTuple):
    """One command: its name, its Chinese name, `module:function`, and its help line."""

    name: str
    zh: str
    target: str
    help: str


COMMANDS = (
    Row("init", "建账", "init:init", "Make the ledger of a station."),
    Row("register", "设点", "point:register", "Register a service point."),
    Row("log", "受理", "log:log", "Log a complaint; prints its number and due date."),
    Row(
        "find",
        "查找",
        "complaint:find_complaints",
        "Find complaints by phone, name, goods, respondent or number, newest first.",
    ),
    Row("close", "办结", "close:close", "Close complaints with their outcome."),
    Row("overdue", "超期", "overdue:overdue", "List open complaints past their due date."),
    Row("today", "待办", "today:today", "All that is owed: due, late, promised, visits, returns."),
    Row(
        "rollup",
        "汇总",
        "rollup:rollup",
        "Figures of Attachment 3 or 6, the cases behind them, assessment, analysis.",
    ),
    Row("export", "导出", "export:export", "Write a form as a printable workbook."),
    Row(
        "report",
        "季报",
        "report:report",
        "Write a page on which the quarter can be looked at, in a browser or on paper.",
    ),
    Row("explain", "说明", "calendar:explain", "Why a due date is what it is, day by day."),
    Row("demo", "演示", "demo:demo", "A made-up station with a realistic quarter."),
    Row("point list", "列表", "point:list_points", "List service points."),
    Row("point show", "查看", "point:show_point", "Show one service point."),
    Row(
        "point amend",
        "变更",
        "point:amend_point",
        "Change boxes of a point from a day on; an empty text empties one.",
    ),
    Row(
        "point inspect",
        "检查",
        "point:inspect_point",
        "Record what an inspection found of the set-up conditions.",
    ),
    Row(
        "point retire",
        "撤销",
        "point:retire_point",
        "Retire a point from a day on; its past figures stay.",
    ),
    Row("complaint list", "列表", "complaint:list_complaints", "List complaints."),
    Row(
        "complaint show",
        "查看",
        "complaint:show_complaint",
        "Show one complaint with all its boxes and its timeline.",
    ),
    Row(
        "complaint amend",
        "更正",
        "complaint:amend_complaint",
        "Correct or fill boxes; an empty text empties one.",
    ),
    Row(
        "complaint escalate",
        "报请",
        "complaint:escalate_complaint",
        "Hand a complaint to the station.",
    ),
    Row(
        "complaint reopen",
        "重开",
        "complaint:reopen_complaint",
        "Take back a wrong closing or escalation.",
    ),
    Row("complaint void", "作废", "complaint:void_complaint", "Void an entry made by mistake."),
    Row(
        "complaint import",
        "导入",
        "complaint_import:import_complaints",
        "Take in a register from a spreadsheet.",
    ),
    Row(
        "complaint erase",
        "清除",
        "complaint:erase_complaints",
        "List what is past its retention; erase what is named.",
    ),
    Row(
        "record inquiry",
        "咨询",
        "record:record_inquiry",
        "Record inquiries that a point answered.",
    ),
    Row(
        "record lead", "案件线索", "record:record_lead", "Record a lead for an enforcement agency."
    ),
    Row("record major", "重大事项", "record:record_major", "Record a major matter."),
    Row("record visit", "走访", "record:record_visit", "Record visits to points."),
    Row("record meeting", "会议", "record:record_meeting", "Record a meeting."),
    Row("record training", "培训", "record:record_training", "Record a training of liaisons."),
    Row("record publicity", "宣传", "record:record_publicity", "Record publicity work."),
    Row(
        "record notice",
        "抄告",
        "record:record_notice",
        "Record an advisory notice to an operator.",
    ),
    Row(
        "record interview",
        "约谈",
        "record:record_interview",
        "Record an interview with an operator.",
    ),
    Row(
        "record list",
        "列表",
        "record:list_records",
        "List records; an informant is never among them.",
    ),
    Row(
        "record amend",
        "更正",
        "record:amend_record",
        "Correct or fill boxes of a record; an empty text empties one.",
    ),
    Row("record void", "作废", "record:void_record", "Void a record made by mistake."),
    Row(
        "record informant",
        "举报人",
        "record:show_informant",
        "Show who gave a lead; this is recorded.",
    ),
    Row("returns status", "状态", "returns:show_status", "Who owes which return, and by when."),
    Row("returns receive", "收表", "returns:receive_return", "Take in a point's return."),
    Row(
        "returns submit",
        "上报",
        "returns:submit_return",
        "Freeze a period's figures and forms as what is submitted.",
    ),
    Row(
        "returns withdraw",
        "撤回",
        "returns:withdraw_return",
        "Take back a return that the county sent back.",
    ),
    Row(
        "returns corrections",
        "更正",
        "returns:list_corrections",
        "What has changed since a return was submitted.",
    ),
    Row(
        "county consolidate",
        "汇总",
        "county:consolidate",
        "Add stations' Attachments 5 and 6 into the county's.",
    ),
    Row(
        "county report",
        "季报",
        "county:report_county",
        "Write a page on which the county's quarter can be looked at, from stations' workbooks.",
    ),
    Row(
        "template check",
        "检查",
        "export:check_template",
        "Say whether a mapping fits a bureau's own workbook.",
    ),
    Row("settings list", "列表", "settings:list_settings", "List the settings."),
    Row("settings set", "设置", "settings:set_setting", "Change a setting."),
    Row(
        "words list",
        "列表",
        "words:list_words",
        "List words of the station's own, and what words of points' registers mean.",
    ),
    Row(
        "words add",
        "添加",
        "words:add_word",
        "Add a word of the station's own, which counts under a fixed one.",
    ),
    Row(
        "words retire",
        "停用",
        "words:retire_word",
        "Retire a word; complaints that have it keep it.",
    ),
    Row("ledger check", "检查", "ledger:check_ledger", "Check file, schema, figures and history."),
    Row("ledger backup", "备份", "ledger:back_up_ledger", "Write a checked copy of the ledger."),
    Row(
        "ledger restore",
        "恢复",
        "ledger:restore_ledger",
        "Put a checked backup in the ledger's place.",
    ),
    Row("ledger history", "历史", "ledger:show_history", "What was changed, when and by whom."),
    Row("ledger info", "概况", "ledger:show_info", "Whose ledger it is, and how much is in it."),
    Row(
        "calendar show",
        "查看",
        "calendar:show_calendar",
        "Show a year's days off and make-up working days.",
    ),
    Row(
        "calendar load",
        "载入",
        "calendar:load_calendar",
        "Take a year's notice of holidays: holiday-cn JSON, or the notice's own text.",
    ),
    Row(
        "calendar day",
        "定日",
        "calendar:set_calendar_day",
        "Say that a day is worked or off, for the station alone.",
    ),
)
# A group's target is what it does without a command; the others show their help.
GROUPS = (
    Row("point", "服务点", "", "Service points."),
    Row("complaint", "投诉", "", "Complaints."),
    Row("record", "登记", "", "Records beside complaints."),
    Row("returns", "报表", "", "Periodic returns of the points and the station."),
    Row("county", "县局", "", "What the county desk does with stations' returns."),
    Row("template", "样表", "", "A bureau's own workbook."),
    Row("settings", "设置", "list", "Settings of the ledger; alone, lists them."),
    Row("words", "用语", "list", "Words of the station's own; alone, lists them."),
    Row("ledger", "台账", "", "The ledger itself."),
    Row("calendar", "日历", "", "Working days."),
)
