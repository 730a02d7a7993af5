"""附件1: one complaint with all its boxes, each on its page; an empty one to be filled by hand. 三(四)1, domain 6.1."""

from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from itertools import chain
from typing import Any

from ledger12315.boxes.fields import COMPLAINT
from ledger12315.sheets.forms.spec import Box, FormSheet, Line
from ledger12315.sheets.forms.values import boxed, joined
from ledger12315.words import CATEGORIES, KINDS, REQUESTS

_EMPTY = dict.fromkeys(
    (*COMPLAINT, "number", "point_name", "escalated", "escalation_reason", "voided", "void_reason")
)


def attachment1(complaints: Iterable[Mapping[str, Any]]) -> Iterator[FormSheet]:
    """A page for each of docket's rows; one empty page where there are none."""
    rows = iter(complaints)
    return map(_page, chain([next(rows, _EMPTY)], rows))


def _page(row: Mapping[str, Any]) -> FormSheet:
    return FormSheet(
        name="附件1",
        title="“消费维权服务点”消费投诉登记表",
        left=f"填报单位：{row['point_name'] or ''}",
        right=("表号：附件1",),
        boxes=tuple(_boxes(row)),
        fits="",
        signatures=(
            ("投诉人（签名）：", "联络员（签名）：", "单位领导（签名）："),
            ("日期：", "日期：", "日期："),
        ),
        notes=(f"本登记于{row['voided']}作废：{row['void_reason']}。",) if row["voided"] else (),
    )


def _boxes(row: Mapping[str, Any]) -> Iterator[Line]:
    # Kept as 0 while there is none.
    box = partial(
        boxed, row if row["outcome"] else {**row, "recovered": None, "multiple_damages": None}
    )
    yield Line((box("服务点名称", "point_name", 6), box("编号", "number", 5)))
    yield Line(
        (box("来源", "source", 3), box("受理方式", "channel", 3), box("登记时间", "received", 3))
    )
    yield Line((Box("分流单号及日期", joined(row["referral_no"], row["referred"]), 13),))
    yield Line((box("姓名", "complainant", 6), box("联系电话", "phone", 5)), "投诉人")
    yield Line((box("联系地址", "consumer_address", 13),), "投诉人")
    yield Line(
        (box("名称（摊位号）", "respondent", 6), box("联系人", "respondent_contact", 5)), "被投诉人"
    )
    yield Line(
        (box("经营地址", "respondent_address", 6), box("联系电话", "respondent_phone", 5)),
        "被投诉人",
    )
    yield Line((box("商品/服务名称", "item", 6), box("品牌", "brand", 5)))
    yield Line((box("规格", "model", 3), box("数量", "quantity", 3), box("购买日期", "bought", 3)))
    category = (
        CATEGORIES[row["category"]].zh
        if row["category"]
        else KINDS[row["kind"]].zh
        if row["kind"]
        else ""
    )
    yield Line((box("凭证", "voucher", 3), Box("类别", category, 3), box("问题类别", "problem", 3)))
    yield Line((box("消费金额", "purchase", 6), box("争议金额", "disputed", 5)))
    yield Line((box("投诉事实、理由", "facts", 13, 4),))
    wanted = (row["request"] or "").split(",")
    yield Line(
        (
            Box(
                "投诉请求",
                " ".join(
                    f"{'■' if code in wanted else '□'}{each.zh}" for code, each in REQUESTS.items()
                ),
                13,
            ),
        )
    )
    yield Line((box("约定答复时间", "promised", 6), box("经办人", "handler", 5)))
    yield Line((box("处理经过", "handling", 13, 2),))
    yield Line((Box("报请工商所", joined(row["escalated"], row["escalation_reason"]), 13),))
    yield Line((box("处理结果", "outcome", 6), box("告知日期", "told", 5)))
    yield Line((box("和解协议内容", "agreement", 13, 3),))
    yield Line(
        (
            box("领导审核", "approved", 3),
            box("约定履行期限", "perform_by", 3),
            box("履行日期", "performed", 3),
        )
    )
    yield Line((box("挽回经济损失", "recovered", 6), box("加倍赔偿", "multiple_damages", 5)))
    yield Line(
        (
            box("反馈日期", "answered", 3),
            box("方式", "answered_how", 3),
            box("消费者评价", "rating", 3),
        )
    )
    yield Line((box("办结日期", "closed", 6), box("归档号", "archive_no", 5)))
    yield Line((box("前次投诉", "previous", 3), box("备注", "remark", 8)))
