"""What is settled of the year before anything is drawn: the points, who changed, what was due."""

from datetime import date

BEGIN, END = date(2024, 11, 25), date(2026, 1, 20)
"""The first day of all, and that on which everything is looked at."""
# Type, boxes.
BOXES = """
    mall --area 500 --capital 80万 --turnover 300万
    supermarket --area 150.5 --turnover 45万
    market --area 1200 --stalls 120
    enterprise --sector 宾馆
    scenic --grade 4A --judgement 景区内商场规模较大
    other --judgement 消费纠纷较多"""
# P001 to P024, the types in turn; two a day at first, then on the edges of periods, or inside.
POINTS = """
    2024-11-25 东门商场
    2024-11-25 万家超市
    2024-11-26 南门市场
    2024-11-26 榕溪宾馆
    2024-11-27 青云山商场
    2024-11-27 老街美食城
    2024-11-28 百汇商场
    2024-11-28 惠民超市
    2024-11-29 城西市场
    2024-11-29 电信营业厅
    2024-11-30 云湖景区商店
    2024-11-30 北岸建材城
    2024-12-01 金桥商场
    2024-12-01 邻里超市
    2024-12-02 溪口市场
    2024-12-02 自来水公司
    2025-01-01 古镇商场
    2025-03-31 旧货街
    2025-04-15 天虹商场
    2025-05-06 好邻居超市
    2025-07-01 花鸟市场
    2025-08-20 汽车客运站
    2025-10-09 温泉景区商场
    2025-11-20 夜市"""
LIAISONS = "林秀珍 王小明 郑美玲 吴国强 何丽华 高志远 罗春燕 梁文斌 宋雅琴 唐建军 许晓红 韩立新"
OFFICERS = "陈建平 黄志坚 周敏 刘海"
# Entered on, what is said; on that day unless the line says from when on.
CHANGES = """
    2024-12-02 point amend P001 --demonstration provincial
    2025-01-10 point amend P003 --demonstration municipal
    2025-02-01 point amend P005 --demonstration municipal
    2025-02-05 point amend P008 --officer '刘海 13900000204'
    2025-02-20 point amend P001 --liaison '方慧 13900000151 兼职 K51' --on 2025-02-17
    2025-03-01 point amend P013 --demonstration municipal
    2025-03-10 point amend P010 --liaison '邱月 13900000152 专职'
    2025-04-01 point amend P001 --officer '黄志坚 13900000202'
    2025-04-01 point amend P003 --liaison '郑美玲;魏东 13900000153 兼职 K53'
    2025-04-10 point amend P001 --filed 2025-04-10
    2025-05-27 point amend P002 --type mall --on 2025-05-20 --area 260 --capital 90万 --turnover 200万
    2025-06-10 point amend P011 --host 云湖文旅公司
    2025-06-16 point amend P006 --officer '周敏 13900000203'
    2025-06-20 point amend P011 --filed 2025-06-20
    2025-06-30 point amend P006 --demonstration municipal
    2025-07-01 point amend P007 --liaison '江涛 13900000154'
    2025-07-24 calendar day 2025-07-25 --rest --why 台风
    2025-08-16 point retire P005 --on 2025-08-15
    2025-09-12 point amend P003 --demonstration provincial
    2025-09-12 calendar day 2025-09-13 --work --why 补班
    2025-09-30 point amend P003 --liaison 魏东
    2025-10-01 point amend P009 --type other --judgement 纠纷较多
    2025-11-03 point amend P013 --demonstration none --on 2025-11-01
    2025-12-30 point amend P003 --filed 2025-12-30
    2026-01-02 point amend P012 --officer '陈建平 13900000201' --on 2025-12-31"""
RETIRED, QUIET, MODEL = "P005", "P023", "P015"
# How often a point is complained of, if not once; how its cases end, if not as anywhere; where
# consumers are not asked for a rating.
BUSY = {"P001": 9, "P003": 8, MODEL: 3, "P012": 3, "P002": 4, RETIRED: 3, QUIET: 0}
ANYWHERE = {
    "settled": 60,
    "advised": 10,
    "mediated": 9,
    "mediation_failed": 3,
    "withdrawn": 8,
    "unreachable": 3,
    "other": 3,
}
ENDS = {
    MODEL: {"settled": 1},
    "P001": {"settled": 60, "mediated": 25},
    "P003": {"settled": 80, "advised": 5, "withdrawn": 9},
}
UNRATED = (MODEL, "P008", "P012")
# Of one point what happens on the last day, the first after it, or one of them alone: received,
# escalated, closed.
EDGES = """
    2025-03-24 -          2025-03-31
    2025-03-24 2025-03-31 2025-04-20
    2025-03-20 2025-03-31 2025-04-20
    2025-03-21 -          2025-04-01
    2025-03-24 -          2025-04-08
    2025-06-30 2025-06-30 2025-06-30
    2025-09-22 -          2025-09-28
    2025-09-22 -          2025-09-29
    2025-09-30 2025-10-01 2025-12-31
    2025-12-31 -          2026-01-01"""
RECORDS = {
    "inquiry": 130,
    "lead": 9,
    "major": 12,
    "meeting": 8,
    "training": 6,
    "publicity": 10,
    "notice": 7,
    "interview": 4,
}
# On a day the latest record of a kind gets another box, or is void.
MENDED = """
    2025-03-20 inquiry record amend {id} --count 30
    2025-04-15 visit record void {id} --reason 误登
    2025-07-15 inquiry record amend {id} --on 2025-06-28
    2025-08-20 visit record amend {id} --count 3
    2025-11-11 inquiry record void {id} --reason 误登
    2025-12-15 lead record void {id} --reason 误登"""
PERIODS = {
    "2025Q1": ("2025-01-01", "2025-03-31"),
    "2025Q2": ("2025-04-01", "2025-06-30"),
    "2025Q3": ("2025-07-01", "2025-09-30"),
    "2025Q4": ("2025-10-01", "2025-12-31"),
    "2025": ("2025-01-01", "2025-12-31"),
    "2025A": ("2024-12-01", "2025-11-30"),
}
# When points send their returns, and the station's is due; what would be entered between waits.
RETURNS = {
    "2025Q1": ("2025-04-02", "2025-04-03"),
    "2025Q2": ("2025-07-02", "2025-07-03"),
    "2025Q3": ("2025-10-09", "2025-10-09"),
    "2025A": ("2025-12-02", "2025-12-04"),
    "2025Q4": ("2026-01-04", "2026-01-05"),
}
SUBMITTED = ("2025Q1", "2025Q2")
