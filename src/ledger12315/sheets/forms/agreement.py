"""和解协议: what consumer and operator agreed, for both to sign. Source: 三(四)2."""

from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from typing import Any

from ledger12315.sheets.forms.spec import Box, FormSheet, Line
from ledger12315.sheets.forms.values import boxed

_SHORT = 250
"""So many characters of the facts are enough here; all of them stand in Attachment 1."""


def agreement(complaints: Iterable[Mapping[str, Any]]) -> Iterator[FormSheet]:
    """A page for each of docket's rows."""
    for row in complaints:
        yield FormSheet(
            name="和解协议",
            title="消费纠纷和解协议书",
            left=f"消费维权服务点：{row['point_name']}",
            right=(f"登记编号：{row['number']}",),
            boxes=tuple(_boxes(row)),
            fits="",
            closing=(
                "甲乙双方就上述消费纠纷自愿协商，达成以上协议。本协议自双方签字（盖章）之日起生效，"
                "一式三份，甲乙双方各执一份，服务点存档一份。协议不履行的，消费者可以依法投诉、申请仲裁或者提起诉讼。",
            ),
            signatures=(
                ("甲方（签名）：", "乙方（签名或盖章）："),
                ("联络员（签名）：", "单位领导（审核）："),
                ("日期：", "日期："),
            ),
        )


def _boxes(row: Mapping[str, Any]) -> Iterator[Line]:
    box = partial(boxed, row)
    facts = row["facts"] if len(row["facts"]) <= _SHORT else f"{row['facts'][:_SHORT]}……"
    operator = row["respondent"] or row["point_name"]
    yield Line((box("消费者", "complainant", 6), box("联系电话", "phone", 5)), "甲方")
    yield Line((box("联系地址", "consumer_address", 13),), "甲方")
    yield Line((Box("经营者", operator, 6), box("联系人", "respondent_contact", 5)), "乙方")
    yield Line(
        (box("经营地址", "respondent_address", 6), box("联系电话", "respondent_phone", 5)), "乙方"
    )
    yield Line((box("商品/服务名称", "item", 6), box("购买日期", "bought", 5)))
    yield Line((box("消费金额", "purchase", 6), box("争议金额", "disputed", 5)))
    yield Line((Box("投诉事实、理由", facts, 13, 3),))
    yield Line((box("和解协议内容", "agreement", 13, 8),))
    yield Line((box("约定履行期限", "perform_by", 13),))
