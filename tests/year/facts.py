"""What is settled of the year before anything is drawn: the points, who changed, what was reported when."""

from datetime import date

from tests.year.lives import Habits

BEGIN, END = date(2024, 11, 25), date(2026, 1, 20)
"""The day the ledger was made, and that on which everything is looked at."""
BOXES = {
    "mall": {"area": "500", "capital": "80万", "turnover": "300万"},
    "supermarket": {"area": "150.5", "turnover": "45万"},
    "market": {"area": "1200", "stalls": "120"},
    "enterprise": {"sector": "宾馆"},
    "scenic": {"grade": "4A", "judgement": "景区内商场规模较大"},
    "other": {"judgement": "消费纠纷较多"},
}
# By code, P001 to P024, the types in turn.
NAMES = """
    东门商场 万家超市 南门市场 榕溪宾馆 青云山商场 老街美食城 百汇商场 惠民超市 城西市场 电信营业厅 云湖景区商店 北岸建材城
    金桥商场 邻里超市 溪口市场 自来水公司 古镇商场 旧货街 天虹商场 好邻居超市 花鸟市场 汽车客运站 温泉景区商场 夜市"""
# Two a day at first; then on the first or last day of a period, or inside.
BEGUN = """
    2024-11-25 2024-11-25 2024-11-26 2024-11-26 2024-11-27 2024-11-27 2024-11-28 2024-11-28
    2024-11-29 2024-11-29 2024-11-30 2024-11-30 2024-12-01 2024-12-01 2024-12-02 2024-12-02
    2025-01-01 2025-03-31 2025-04-15 2025-05-06 2025-07-01 2025-08-20 2025-10-09 2025-11-20"""
LIAISONS = "林秀珍 王小明 郑美玲 吴国强 何丽华 高志远 罗春燕 梁文斌 宋雅琴 唐建军 许晓红 韩立新"
OFFICERS = "陈建平 黄志坚 周敏 刘海"
# On, entered (that day if empty), point, box, what it becomes, boxes amended with it.
CHANGES = """
    2024-12-02 |            | P001 | demonstration | provincial |
    2025-01-10 |            | P003 | demonstration | municipal |
    2025-02-01 |            | P005 | demonstration | municipal |
    2025-02-05 |            | P008 | officer | 刘海 13900000204 |
    2025-02-17 | 2025-02-20 | P001 | liaison | 方慧 13900000151 兼职 K51 |
    2025-03-01 |            | P013 | demonstration | municipal |
    2025-03-10 |            | P010 | liaison | 邱月 13900000152 专职 |
    2025-04-01 |            | P001 | officer | 黄志坚 13900000202 |
    2025-04-01 |            | P003 | liaison | 郑美玲;魏东 13900000153 兼职 K53 |
    2025-05-20 | 2025-05-27 | P002 | type | mall | --area 260 --capital 90万 --turnover 200万
    2025-06-10 |            | P011 | host | 云湖文旅公司 |
    2025-06-16 |            | P006 | officer | 周敏 13900000203 |
    2025-06-30 |            | P006 | demonstration | municipal |
    2025-07-01 |            | P007 | liaison | 江涛 13900000154 |
    2025-09-12 |            | P003 | demonstration | provincial |
    2025-09-30 |            | P003 | liaison | 魏东 |
    2025-10-01 |            | P009 | type | other | --judgement 纠纷较多
    2025-11-01 | 2025-11-03 | P013 | demonstration | none |
    2025-12-31 | 2026-01-02 | P012 | officer | 陈建平 13900000201 |
"""
FILED = {"P001": "2025-04-10", "P011": "2025-06-20", "P003": "2025-12-30"}
RETIRED, LEFT = "P005", date(2025, 8, 15)
QUIET, MODEL = "P023", "P015"
# How often a point is complained of, if not once; how its cases end, if not as anywhere.
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
HABITS = {
    MODEL: Habits({"settled": 1}, rated=False, prompt=True),
    "P001": Habits({"settled": 60, "mediated": 25}),
    "P003": Habits({"settled": 80, "advised": 5, "withdrawn": 9}),
    "P008": Habits(ANYWHERE, rated=False),
    "P012": Habits(ANYWHERE, rated=False),
}
# Of one point what happens on the last day, the first after it, or one of them alone: received, escalated, closed.
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
    2025-03-20 inquiry count 30
    2025-04-15 visit
    2025-07-15 inquiry on 2025-06-28
    2025-08-20 visit count 3
    2025-11-11 inquiry
    2025-12-15 lead"""
# When points send their returns, and the station's is due; what would be entered between is left for after.
RETURNS = {
    "2025Q1": ("2025-04-02", "2025-04-03"),
    "2025Q2": ("2025-07-02", "2025-07-03"),
    "2025Q3": ("2025-10-09", "2025-10-09"),
    "2025A": ("2025-12-02", "2025-12-04"),
    "2025Q4": ("2026-01-04", "2026-01-05"),
}
SUBMITTED = ("2025Q1", "2025Q2")
