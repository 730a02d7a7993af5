"""The table of commands."""

from typing import NamedTuple


class CommandRow(NamedTuple):
    """A command: its name, its Chinese name, `module:function`, its help line, and an example.

    The example follows the name, with options in English.
    """

    name: str
    zh: str
    target: str
    help: str
    example: str = ""


def _table_rows(table: str) -> tuple[CommandRow, ...]:
    """Return the rows of a table: each command, its help line, and perhaps an example."""
    lines = table.replace("\n        ", " | ").strip().splitlines()
    return tuple(CommandRow(*line.strip().split(" | ")) for line in lines)


COMMANDS = _table_rows("""
    init | 建账 | ledger.commands:init
        Create a station's ledger.
        --station 东门市场监督管理所 --county 榕溪县市场监督管理局
    register | 设点 | point:register
        Register a service point.
        东门百货 --type 商场 --area 1200 --capital 50万 --turnover 300万
    log | 受理 | complaint.log:log
        Log a complaint; prints its number and due date.
        东门百货 --complainant 张三 --item 电压力锅 --category 家用电子电器 --facts 漏气
    find | 查找 | complaint.show:find_complaints
        Find complaints by phone, name, goods, respondent or number, newest first.
        电压力锅
    close | 办结 | complaint.close:close
        Close complaints with their outcome.
        92 --outcome 和解 --recovered 329 --rating 满意
    overdue | 超期 | duties.overdue:overdue
        List open complaints past their due date.
        --within 2
    today | 待办 | duties.duties:today
        List what has to be done: due, late, promised, visits, returns.
    rollup | 汇总 | figures.rollup:rollup
        Show figures of Attachment 3 or 6, their cases, the assessment or an analysis.
        6 2026Q4
    export | 导出 | forms.export:export
        Write a form as a printable workbook.
        6 2026Q4
    report | 季报 | figures.report:report
        Write a report of the quarter as one page, for a browser or on paper.
        2026Q4
    explain | 说明 | ledger.calendar:explain
        Explain a due date, day by day.
        12
    demo | 演示 | demo:demo
        Make a demo: an invented station with a realistic quarter.
    help | 帮助 | help:show_help
        Read the handbook, or search it and all help for WORDS; alone, list the topics.
        受理
    point list | 列表 | point:list_points
        List service points.
        --type 商场
    point show | 查看 | point:show_point
        Show one service point.
        东门百货
    point import | 导入 | importing.points:import_points
        Import service points from a spreadsheet, such as an Attachment 5.
        服务点名单.xlsx --dry-run
    point amend | 变更 | point:amend_point
        Change boxes of a point from a given day; an empty text clears a box.
        东门百货 --liaison "林秀珍 0591-00000101" --officer "陈建平 0591-00002211" --on 2026-07-01
    point inspect | 检查 | point:inspect_point
        Record an inspection of a point's set-up conditions.
        东门百货 --office 是 --sign "否：无照片"
    point retire | 撤销 | point:retire_point
        Retire a point from a given day; its past figures stay.
        站前便民超市 --on 2026-12-25
    complaint list | 列表 | complaint.show:list_complaints
        List complaints.
        --point 东门百货 --period 2026Q4 --state 服务点处理中
    complaint show | 查看 | complaint.show:show_complaint
        Show one complaint with all its boxes and its timeline.
        12
    complaint amend | 更正 | complaint.acts:amend_complaint
        Correct or fill boxes; an empty text clears a box.
        12 --disputed 299
    complaint escalate | 报请 | complaint.acts:escalate_complaint
        Escalate a complaint to the station.
        92 --reason 经营者拒绝和解
    complaint reopen | 重开 | complaint.acts:reopen_complaint
        Undo a wrong closing, escalation or voiding.
        12 --reason 误结
    complaint void | 作废 | complaint.acts:void_complaints
        Void complaints entered by mistake: some, or all of one import.
        12 --reason 重复登记
    complaint import | 导入 | complaint.importing:import_complaints
        Import a register from a spreadsheet.
        登记簿.xlsx --point 东门百货 --dry-run
    complaint erase | 清除 | complaint.erase:erase_complaints
        List complaints past their retention; erase those you name.
    record inquiry | 咨询 | record:record_inquiry
        Record inquiries that a point answered.
        东门百货 --count 6 --text 七天无理由退货
    record lead | 案件线索 | record:record_lead
        Record a lead for an enforcement agency.
        东门百货 --text 销售假冒白酒 --agency 县局执法大队
    record major | 重大事项 | record:record_major
        Record a major matter.
        东门百货 --text 预付卡停业，涉及60人
    record visit | 走访 | record:record_visit
        Record visits to points.
        东门百货 --result 登记簿完整
    record meeting | 会议 | record:record_meeting
        Record a meeting.
        --text 第四季度联络员例会 --place 所会议室 --host 陈建平 --decided 每月互查登记簿
    record training | 培训 | record:record_training
        Record a training of liaisons.
        --text 消费者权益保护法 --attended 林秀珍、余海
    record publicity | 宣传 | record:record_publicity
        Record publicity work.
        东门百货 --count 300 --text 3·15宣传单
    record notice | 抄告 | record:record_notice
        Record an advisory notice to an operator.
        东门百货 --respondent 三楼海岚电器专柜 --text 本季度投诉3件
    record interview | 约谈 | record:record_interview
        Record an interview with an operator.
        东门百货 --respondent 三楼海岚电器专柜 --promised 限期整改 --promised-by 10-15
    record list | 列表 | record:list_records
        List records; informants are never shown.
        走访 2026Q4
    record amend | 更正 | record:amend_record
        Correct or fill boxes of a record; an empty text clears a box.
        3 --count 8
    record void | 作废 | record:void_record
        Void a record made by mistake.
        3 --reason 重复登记
    record informant | 举报人 | record:show_informant
        Show the informant of a lead; this is recorded.
        33
    returns status | 状态 | returns.commands:show_status
        List returns due, received and missing, with their due dates.
        2026Q4
    returns receive | 收表 | returns.commands:receive_return
        Receive a point's return.
        东门百货 2026Q4
    returns submit | 上报 | returns.submit:submit_return
        Submit a period: freeze its figures and forms.
        2026Q4
    returns send | 寄送 | returns.send:send_returns
        Write a folder for the county with each submission that was not sent yet.
        寄送县局
    returns withdraw | 撤回 | returns.commands:withdraw_return
        Withdraw a return that the county sent back.
        2026Q4 --reason 县局退回重报
    returns corrections | 更正 | returns.commands:list_corrections
        Show what has changed since a return was submitted.
        2026Q4
    county load | 载入 | county.load:load
        Take in what stations handed in: workbooks, or folders of `returns send`.
        收到
    county status | 状态 | county.load:show_hand_ins
        List how many stations reported each period, or all stations of one.
        2026Q4
    county rollup | 汇总 | county.rollup:roll_up_county
        Show the county's figures of Attachment 3 or 6, by station, county or type.
        6 2026Q4
    county submit | 上报 | county.forms:submit_county
        Submit a period: freeze the county's figures and forms.
        2026Q4
    county withdraw | 撤回 | county.forms:withdraw_county
        Withdraw the county's last form of a kind, which the province sent back.
        2026Q4 --reason 省局退回重报
    county corrections | 更正 | county.rollup:list_county_corrections
        Show what differs now from what the county told of a period.
        2026Q4
    county export | 导出 | county.forms:export_county
        Write the county's Attachment 5 or 6, the entries for the directory, or the facts.
        entry 2026Q4
    county report | 季报 | county.forms:report_county
        Write a report of the county's quarter as one page.
        2026Q4
    county hand-back | 交还 | county.load:hand_back
        Write a station's last hand-in of each period into a folder, for one who lost its own.
        东门市场监督管理所 交还
    county stations list | 列表 | county.stations:list_stations
        List the stations that the county expects, with their first and last days.
    county stations load | 载入 | county.stations:load_stations
        Load the list of all stations, replacing the previous one.
        各所名录.xlsx
    county stations draft | 起草 | county.stations:draft_stations
        Write a list of the stations whose hand-ins were loaded, to be completed.
        各所名录.csv
    template check | 检查 | forms.export:check_template
        Check which attachments fit the words in a bureau's own workbook.
        县局样表.xlsx
    settings list | 列表 | ledger.settings:list_settings
        List the settings.
    settings set | 设置 | ledger.settings:set_setting
        Change a setting.
        major_amount 10000
    words list | 列表 | ledger.settings:list_words
        List the station's own words, and the meanings of words in points' registers.
    words add | 添加 | ledger.settings:add_word
        Add a word of the station's own that counts under a fixed word.
        category 生鲜 --as 食品
    words retire | 停用 | ledger.settings:retire_word
        Retire a word; complaints that have it keep it.
        家电
    ledger check | 检查 | ledger.commands:check_ledger
        Check the ledger's file, schema, figures and history.
    ledger backup | 备份 | ledger.commands:back_up_ledger
        Write a checked copy of the ledger.
        台账备份.sqlite --keep 14
    ledger restore | 恢复 | ledger.commands:restore_ledger
        Replace the ledger with a checked backup.
        台账备份.sqlite
    ledger doctor | 体检 | doctor:examine
        Examine this computer and the ledger's place, backups and clock; say what to do.
    ledger share | 共享 | ledger.commands:share_ledger
        Write a copy for others, without personal data, in the plan's words.
        台账共享.sqlite
    ledger history | 历史 | ledger.commands:show_history
        List changes: what, when and by whom.
        12
    ledger info | 概况 | ledger.commands:show_info
        Show the station, the number of entries and the program's version.
    calendar show | 查看 | ledger.calendar:show_calendar
        Show a year's days off and make-up working days.
        2026
    calendar load | 载入 | ledger.calendar:load_calendar
        Load a year's holiday notice: holiday-cn JSON, or the notice's own text.
        2027.json
    calendar day | 定日 | ledger.calendar:set_calendar_day
        Set a day as worked or off, for this station only.
        2026-09-30 --rest --why 本所搬迁
""")
# A group's target is its default command.
GROUPS = _table_rows("""
    point | 服务点 | --help
        Service points.
    complaint | 投诉 | --help
        Complaints.
    record | 登记 | --help
        Records of work other than complaints.
    returns | 报表 | --help
        Periodic returns of the points and the station.
    county | 县局 | --help
        The county's ledger: hand-ins, figures, returns.
    county stations | 名录 | --help
        The stations that the county expects, with their first and last days.
    template | 样表 | --help
        A bureau's own workbook.
    settings | 设置 | list
        Settings of the ledger; without a subcommand, lists them.
    words | 用语 | list
        Words of the station's own; without a subcommand, lists them.
    ledger | 台账 | --help
        The ledger itself.
    calendar | 日历 | --help
        Working days.
""")
_CHINESE = {"migrate": "升级", **{row.name: row.zh for row in (*GROUPS, *COMMANDS)}}


def chinese_name(name: str) -> str:
    """Return the Chinese name of a command, with its groups; an unknown word stays."""
    found, whole = [], ""
    for word in name.split():
        whole = f"{whole} {word}".strip()
        found.append(_CHINESE.get(whole, word))
    return " ".join(found)
