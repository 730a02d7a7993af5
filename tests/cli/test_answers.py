"""How a typed answer is read: chosen, a value, refused or doubted, by one rule."""

from ledger12315.boxes.forms import AMENDED_COMPLAINT, COMPLAINT, INSPECT
from ledger12315.cli.asking.menu import Asks, Menu, read_answer
from ledger12315.cli.face.prompts import Offer
from ledger12315.locale import render
from tests.rows import table

_OFFERS = {
    "recovered": [Offer("0", "0.00 元", "0"), Offer("299.00", "299.00 元，争议金额", "=")],
    "answered": [Offer("2026-09-28", "2026-09-28 周一，办结当天", "=")],
    "point": [
        Offer("P003", "P003 东门农贸", "3", word="东门农贸"),
        Offer("P012", "P012 南门百货", "12", word="南门百货"),
    ],
    "item": [Offer("电饭锅"), Offer("水壶"), Offer("睡衣")],
    "model": [Offer("A4"), Offer("B5")],
    "office": [Offer("是"), Offer("否")],
    "facts": [],
    "complainant": [],
    "referral_no": [],
}
_LOOKED_UP = ("point",)
_BOXES = {
    **COMPLAINT,
    **AMENDED_COMPLAINT,
    "office": next(b for b in INSPECT if b.key == "office"),
}


def _asks(key: str) -> Asks:
    box = _BOXES[key]
    words = box.kind.offered
    offers = [Offer(word.zh) for word in words.values()] if words else _OFFERS[key]
    leads = ("1", "2") if key == "facts" else ()
    return Asks(
        box,
        Menu(offers, fixed=bool(words)),
        leads=leads,
        offering=bool(offers or leads),
        looked_up=key in _LOOKED_UP,
        empty=not box.required,
    )


# = chosen, . a value, ! refused, ? doubted; what each letter, digit or word is taken for.
@table("""
    box         | typed    | read
    source      | 1        | = 消费者直接投诉
    source      | １       | = 消费者直接投诉
    source      | 11       | ! 11 is not one of these words
    source      | 12345    | = other referral
    source      | zjts     | ! zjts is not one of these words
    source      | xfz      | = 消费者直接投诉
    category    | 1        | = 家用电子电器
    category    | 11       | = 生活社会服务
    category    | 99       | ! 99 is not one of these words
    category    | 食       | = 食品
    category    | 服       | ! 服 fits several
    category    | fw       | ! fw fits several
    category    | f        | ! f is not one of these words
    rating      | y        | ! y and n answer only
    rating      | my       | = 满意
    rating      | bmy      | = 不满意
    rating      | 4        | ! 4 is not one of these words
    outcome     | hj       | = 和解
    outcome     | tj       | ! tj fits several: 3 调解成功, 4 调解不成. Type
    outcome     | tjcg     | = 调解成功
    request     | 1 3      | = 修理,更换
    request     | 1、3     | = 修理,更换
    problem     | 1 3      | ! 1 3 is not one of these words
    request     | 13       | ! 13 is not one of these words
    request     | 1 3 329  | ! 329 is not one of these words
    recovered   | 0        | = 0
    recovered   | =        | = 299.00
    recovered   | 4        | . 4
    recovered   | y        | ! y and n answer only
    recovered   | y0       | . y0
    answered    | y        | ! y and n answer only
    answered    | 9-28     | . 9-28
    answered    | =        | = 2026-09-28
    answered    | zy       | . zy
    point       | 3        | = P003
    point       | 12       | = P012
    point       | 1        | . 1
    point       | dmnm     | = P003
    point       | dm       | = P003
    point       | 东门     | . 东门
    point       | 2,3      | . 2,3
    item        | 2        | = 水壶
    item        | 16       | ? 16
    item        | dfg      | = 电饭锅
    item        | d        | ? d
    item        | s        | ? s
    item        | sh       | = 水壶
    item        | sy       | = 睡衣
    item        | 水       | . 水
    item        | 5号电池  | . 5号电池
    item        | n        | ! y and n answer only
    item        | N        | ! y and n answer only
    item        | nike     | . nike
    item        | ?        | ! the goods or service
    complainant | ？       | ! the consumer's name
    model       | 1        | = A4
    model       | 16       | . 16
    referral_no | 16       | . 16
    referral_no | ｙ       | ! y and n answer only
    facts       | 1        | . 1
    facts       | 4        | ? 4
    facts       | 4件      | . 4件
    facts       | -        | . -
    facts       | <        | . <
    facts       | a\tb     | ! Paste one cell at a time
    office      | y        | . y
    office      | 2        | = 否
    office      | 否：照片 | . 否：照片
""")
def test_an_answer_is_read(box: str, typed: str, read: str) -> None:
    said = read_answer(typed.replace("\\t", "\t"), _asks(box))
    sign = "!" if said.refused else "?" if said.doubt else "=" if said.chosen else "."
    told = render(said.refused).removeprefix(f"{box}: ") if said.refused else said.text
    assert f"{sign} {told}".startswith(read)


def test_back_after_text_on_the_line_goes_back() -> None:
    asks = _asks("facts")._replace(line="漏水", leads=())
    assert [read_answer(each, asks).text for each in ("漏水<", "漏水＜", "漏水<3", "")] == [
        "<",
        "<",
        "漏水<3",
        "",
    ]


def test_enter_takes_what_is_in_the_brackets() -> None:
    assert read_answer("", _asks("item")._replace(enter="水壶")).text == "水壶"
