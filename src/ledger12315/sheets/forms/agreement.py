"""和解协议: the agreement of consumer and operator, for both to sign. Source: 三(四)2."""

from collections.abc import Iterable, Iterator

from ledger12315.sheets.forms.spec import Fields, FormSheet, fill_layout

_SHORT_FACTS = 250
"""The most characters of the facts shown here; Attachment 1 has all of them."""
_LAYOUT_OF_AGREEMENT = """
甲方        消费者 complainant              联系电话 phone
甲方        联系地址 consumer_address
乙方        经营者 operator                 联系人 respondent_contact
乙方        经营地址 respondent_address     联系电话 respondent_phone
            商品/服务名称 item              购买日期 bought
            消费金额 purchase               争议金额 disputed
            投诉事实、理由 facts
            和解协议内容 agreement
            约定履行期限 perform_by
"""
_CLOSING_WORDS = (
    "甲乙双方就上述消费纠纷自愿协商，达成以上协议。本协议自双方签字（盖章）之日起生效，"
    "一式三份，甲乙双方各执一份，服务点存档一份。"
    "协议不履行的，消费者可以依法投诉、申请仲裁或者提起诉讼。"
)


def agreement(complaints: Iterable[Fields]) -> Iterator[FormSheet]:
    """Yield a page for each of the complaints that the ledger gives."""
    for row in complaints:
        facts = row["facts"]
        if len(facts) > _SHORT_FACTS:
            facts = f"{facts[:_SHORT_FACTS]}……"
        shown = {**row, "facts": facts}
        yield FormSheet(
            name="和解协议",
            title="消费纠纷和解协议书",
            left=f"消费维权服务点：{row['point_name']}",
            right=(f"登记编号：{row['number']}",),
            boxes=tuple(fill_layout(_LAYOUT_OF_AGREEMENT, shown, facts=3, agreement=8)),
            fits="",
            closing=(_CLOSING_WORDS,),
            signatures=(
                ("甲方（签名）：", "乙方（签名或盖章）："),
                ("联络员（签名）：", "单位领导（审核）："),
                ("日期：", "日期："),
            ),
        )
