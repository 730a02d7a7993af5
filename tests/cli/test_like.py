"""`log --like`: what repeats is taken from an earlier complaint, and nothing of its consumer."""

from tests.cli.conftest import Cli, table

_FIRST = """
    log P002 --complainant 张三 --phone 13900001111 --consumer-address 东街3号 --item 锅 --brand 炊禾 --model 5L \
        --category electronics --problem quality --facts 不加热 --purchase 300 --respondent 三楼柜 \
        --respondent-contact 王五 --respondent-address 三楼 --respondent-phone 0591-7654321 --received 2026-09-21 \
        --source referred --referral-no 榕消3 --channel phone --request refund --quantity 1 --promised 2026-09-25
    log P001 --complainant 张三 --item 送货 --kind service --facts 不送 --received 2026-09-21
"""
_KEPT = (
    "point category kind item brand model problem respondent respondent_contact respondent_address respondent_phone received"
    " complainant facts disputed source channel previous phone consumer_address quantity request purchase promised referral_no"
)


@table("""
    options                                            | stands
    --like 2026-1                                      | P002 electronics goods 锅 炊禾 5L quality 三楼柜 王五 三楼 0591-7654321
    P001 --like 2026-1 --respondent-phone 059100002222 | P001 electronics goods 锅 炊禾 5L quality 三楼柜 王五 三楼 059100002222
    --like 2026-1 --kind service                       | P002 None service 锅 炊禾 5L quality 三楼柜 王五 三楼 0591-7654321
    --like 2026-1 --category food --item 鱼 --brand 无 | P002 food goods 鱼 无 5L quality 三楼柜 王五 三楼 0591-7654321
    --like 2026-2                                      | P001 None service 送货 None None other None None None None
    --like 2026-2 --category tourism                   | P001 tourism service 送货 None None other None None None None
""")
def test_what_repeats(options: str, stands: str, cli: Cli) -> None:
    cli.given(_FIRST)
    assert cli(f"log {options} --complainant 李四 --facts 漏电").code == 0
    shown = cli("complaint show 2026-3 --json --reveal").json
    rest = "2026-09-28 李四 漏电 0.00 direct visit" + " None" * 8
    assert " ".join(str(shown[key]) for key in _KEPT.split()) == f"{stands} {rest}"


def test_standard_input_comes_before_what_repeats(cli: Cli) -> None:
    cli.given(_FIRST)
    boxes = '{"complainant": "李四", "facts": "漏电", "item": "电水壶", "point": "P001", "kind": "goods"}'
    assert cli("log --like 2026-1 --from-stdin --json", stdin=boxes).json["point"] == "P001"
    shown = cli("complaint show 2026-3 --json").json
    assert [shown[key] for key in ("item", "brand", "category", "kind")] == [
        "电水壶",
        "炊禾",
        None,
        "goods",
    ]


def test_there_must_be_such_a_complaint(cli: Cli) -> None:
    assert cli("log P001 --like 2026-7") == (
        3,
        "",
        "Error: There is no complaint 2026-0007. See: ledger12315 complaint list\n",
    )
    assert cli("log P001 --like 七").code == 2


def test_at_a_terminal_only_the_rest_is_asked_and_other_peoples_names_stay_masked(cli: Cli) -> None:
    cli.given(_FIRST)
    code, seen = cli.talk("log --like 2026-1", "complainant:>李四;phone>;purchase>;facts:>漏电;Y/n]>"
    )
    assert code == 0, seen
    assert (
        "point: P002 南门市场" in seen
        and "respondent contact: 王*" in seen
        and "respondent phone: 0591-****4321" in seen
    )
    assert "王五" not in seen and "张三" not in seen
