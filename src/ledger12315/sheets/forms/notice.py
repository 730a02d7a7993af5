"""抄告通知书, and the serial name of an interview 约谈: one operator's cases. Source: 三(五)2."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from ledger12315.boxes.kinds import DAY
from ledger12315.rules.notice_cases import NoticeCase, NoticeCases
from ledger12315.sheets.forms.spec import (
    CellValue,
    FormSheet,
    declared_columns,
    on_paper,
    table_rows,
    yuan_if_stated,
)
from ledger12315.words import UNCLOSED

_TITLES = {"notice": "抄告通知书", "interview": "约谈通知书"}
_NOTICE_COLUMNS = declared_columns("""
    序号             5  place
    登记编号         10 number
    受理日期         15 received
    商品/服务名称    13 item left
    问题类别         9  problem
    争议金额（元）   14 disputed right
    处理结果         12 outcome left
""")
_GROUND = (
    "根据《加强12315建设方案》三(五)2关于对消费者投诉较多的经营者发出抄告通知书或实行约谈的规定，"
)
_ASKED = {
    "notice": "现将有关投诉抄告你单位。请对照所列投诉查找原因，{unsettled}规范经营行为，"
    "并将整改情况书面报送我所。",
    "interview": "现约请你单位负责人就有关投诉接受约谈，说明情况和原因。"
    "请{unsettled}规范经营行为。",
}
_UNSETTLED = "妥善处理尚未办结的投诉，"


def advisory_notice(unit: str, notices: Iterable[NoticeCases]) -> Iterator[FormSheet]:
    """Yield a page for each of the notices with their cases."""
    for each in notices:
        yield FormSheet(
            name=_TITLES[each.kind],
            title=_TITLES[each.kind],
            right=(f"编号：〔{each.day.year}〕{each.serial}号",),
            prose=tuple(_prose(each)),
            columns=_NOTICE_COLUMNS,
            fits="",
            rows=tuple(table_rows(_NOTICE_COLUMNS, map(_notice_row, each.cases))),
            signatures=(
                ("", f"{unit}（盖章）"),
                ("", DAY.printed(each.day)),
                ("签收人：", "签收日期："),
                ("整改情况：", ""),
            ),
        )


def _prose(about: NoticeCases) -> Iterator[str]:
    until = f"截至{DAY.printed(about.day)}"
    if about.quarter:
        until = f"{about.quarter.title}（{until}）"
    counts = Counter(on_paper(case._asdict(), "problem") for case in about.cases)
    problems = "、".join(f"{problem}{count}件" for problem, count in counts.most_common())
    many = f"{len(about.cases)}件（问题类别：{problems}，见下表）"
    received = f"{about.point_name}受理消费者对你单位的投诉{many}。"
    unsettled = any(not case.outcome for case in about.cases)
    asked = _ASKED[about.kind].format(unsettled=_UNSETTLED if unsettled else "")
    yield f"{about.respondent}："
    yield f"    {until}，{received}{_GROUND}{asked}"
    if about.text:
        yield f"    {about.text}"


def _notice_row(case: NoticeCase) -> Mapping[str, CellValue]:
    row = case._asdict()
    outcome = on_paper(row, "outcome") or UNCLOSED
    problem, disputed = on_paper(row, "problem"), yuan_if_stated(case.disputed)
    return {**row, "problem": problem, "disputed": disputed, "outcome": outcome}
