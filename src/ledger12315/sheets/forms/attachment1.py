"""附件1: one complaint with all its boxes, or an empty page. Source: 三(四)1."""

from collections.abc import Iterable, Iterator
from itertools import chain

from ledger12315.boxes.forms import COMPLAINT
from ledger12315.boxes.kinds import DAY
from ledger12315.sheets.forms.spec import (
    Fields,
    FormBox,
    FormSheet,
    Line,
    fill_layout,
    join_parts,
    on_paper,
)
from ledger12315.words import REQUESTS

_UNPRINTED = "number point_name operator escalated escalation_reason voided void_reason"
_NO_COMPLAINT = dict.fromkeys((*COMPLAINT, *_UNPRINTED.split()))
_LAYOUT_OF_1 = """
            服务点名称 point_name           编号 number
            来源 source                     受理方式 channel                登记时间 received
            分流单号及日期 referral         要求回复日期 reply_by
投诉人      姓名 complainant                联系电话 phone
投诉人      联系地址 consumer_address   涉及人数 headcount
被投诉人    名称（摊位号） operator       联系人 respondent_contact
被投诉人    经营地址 respondent_address     联系电话 respondent_phone
            商品/服务名称 item              品牌 brand
            规格 model                      数量 quantity                   购买日期 bought
            凭证 voucher                    类别 sort                       问题类别 problem
            消费金额 purchase               争议金额 disputed
            投诉事实、理由 facts
            投诉请求 requests
            约定答复时间 promised           经办人 handler
            处理经过 handling
            报请工商所 escalation           工商所受理日期 accepted
            处理结果 outcome                告知日期 told
            和解协议内容 agreement
            领导审核 approved               约定履行期限 perform_by         履行日期 performance
            挽回经济损失 recovered          加倍赔偿 multiple_damages
            反馈日期 answered               方式 answered_how               消费者评价 rating
            回访日期 followed_up            回访方式 followed_up_how        回访人 followed_up_by
            办结日期 closed                 归档号 archive_no               回复分流单位 replied
"""


def attachment1(complaints: Iterable[Fields]) -> Iterator[FormSheet]:
    """Yield a page for each of the complaints that the ledger gives; an empty one for none."""
    rows = iter(complaints)
    return map(_complaint_page, chain([next(rows, _NO_COMPLAINT)], rows))


def _requests(row: Fields) -> str:
    """Return the fixed words, with ticks for the chosen ones, then the station's own."""
    wanted = (row["request"] or "").split(",")
    ticked = [f"{'☑' if code in wanted else '□'}{each.zh}" for code, each in REQUESTS.items()]
    fixed = ["", *(each.zh for each in REQUESTS.values())]
    said = on_paper(row, "request").split("、")
    return " ".join((*ticked, *(f"（{word}）" for word in said if word not in fixed)))


def _complaint_page(row: Fields) -> FormSheet:
    unperformed = on_paper(row, "unperformed")
    shown = {
        **row,
        "referral": join_parts(row["referral_no"], row["referred"]),
        "sort": on_paper(row, "category") or on_paper(row, "kind"),
        "requests": _requests(row),
        "performance": f"未履行 {unperformed}" if unperformed else on_paper(row, "performed"),
        "escalation": join_parts(row["escalated"], row["escalation_reason"]),
    }
    last = FormBox("前次投诉", row["previous"], 3), FormBox("备注", row["remark"], 8)
    return FormSheet(
        name="附件1",
        title=f"{'【作废】' if row['voided'] else ''}“消费维权服务点”消费投诉登记表",
        left=f"填报单位：{row['point_name'] or ''}",
        right=("表号：附件1",),
        subject=f"编号：{row['number'] or ''}",
        boxes=(*fill_layout(_LAYOUT_OF_1, shown, facts=4, handling=2, agreement=3), Line(last)),
        fits="",
        signatures=(
            ("投诉人（签名）：", "联络员（签名）：", "单位领导（签名）："),
            ("日期：", "日期：", "日期："),
        ),
        notes=(f"本登记于{DAY.printed(row['voided'])}作废：{row['void_reason']}。",)
        if row["voided"]
        else (),
    )
