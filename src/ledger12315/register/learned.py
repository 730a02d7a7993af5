"""The meanings of words and headings in a point's own register."""

import re
from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches
from functools import cache
from types import MappingProxyType
from typing import NamedTuple

from ledger12315.boxes.forms import COMPLAINT
from ledger12315.boxes.reading import LONGEST_LINE, to_half_width
from ledger12315.boxes.worded import OneWord
from ledger12315.renamed import in_newest_words
from ledger12315.words import Vocabulary, vocabulary

MEANS_EMPTY = ("open", "unrated")
"""The meanings of words that leave their box empty."""
_WORDS_OF_EMPTY = {
    "outcome": """
        open | 未结 | open | 未办结
        void | 作废
    """,
    "rating": "unrated | 未评价 | not rated",
}
MEANINGS = {
    key: Vocabulary(*box.kind.offered.values(), *vocabulary(_WORDS_OF_EMPTY.get(key, "")).values())
    for key, box in COMPLAINT.items()
    if box.kind.offered
}
"""The possible meanings of a register's words, by box; outcomes have the digits of `close`."""


Words = Mapping[tuple[str, str], str]
"""Standard words by (box, other word)."""


class Learned(NamedTuple):
    """The known meanings in registers: boxes by heading, and standard words.

    The station's own words are `refined` and kept with the complaint, the others are only read.
    `instead`: box without a column of its own -> heading of the column that fills it.
    """

    headings: Mapping[str, str]
    words: Words
    refined: Words = MappingProxyType({})
    instead: Mapping[str, str] = MappingProxyType({})

    def merged(self, news: "Learned") -> "Learned":
        """Return both together; `news` win where they differ."""
        return Learned(
            {**self.headings, **news.headings},
            {**self.words, **news.words},
            {**self.refined, **news.refined},
            {**self.instead, **news.instead},
        )

    def difference(self, known: "Learned") -> "Learned":
        """Return the meanings that `known` does not have, or has otherwise."""
        words = {**known.refined, **known.words}
        return Learned(
            {name: box for name, box in self.headings.items() if known.headings.get(name) != box},
            {key: word for key, word in self.words.items() if words.get(key) != word},
        )

    def kind(self, kind: OneWord, box: str) -> OneWord:
        """Return the kind that takes the words of a box."""
        return kind.refined(words_of_box(self.refined, box), words_of_box(self.words, box))


@cache  # each row is looked at alone, and with the ones above and below
def bare_heading(text: str) -> str:
    """Return a heading without width, case, blanks, stars, colons, and the column's unit.

    It is in the newest words, and cut at the greatest length of a heading.
    """
    bare = re.sub(r"[\s_*:-]", "", in_newest_words(to_half_width(text[:LONGEST_LINE]).casefold()))
    return bare.removesuffix("(元)").removesuffix("(工作日)")


def words_of_box(words: Words, box: str) -> dict[str, str]:
    """Return the words of one box."""
    return {word: code for (its, word), code in words.items() if its == box}


# Frequent words of registers, with their most frequent meanings.
_USUAL_WORDS = """
    rating satisfied 很满意 非常满意 十分满意 好 好评 √ ✓ 是
    rating basic 较满意 比较满意 还可以 一般
    rating dissatisfied 不太满意 很不满意 差 差评 × 否
    rating unrated 未回访 未评 没评价
    outcome settled 退款 退货 换货 退换 赔偿 已退款 已换货 已解决 已处理 协商解决 达成一致 √ ✓ 是
    outcome advised 协商不成 未达成一致 告知投诉 建议申诉
    outcome mediated 已调解 调解
    outcome withdrawn 撤诉 自行撤销
    outcome unreachable 失联 无法联系 空号
    outcome open 处理中 待处理 正在处理 未处理 × 否
    channel phone 热线 12315 12345 座机
    channel online 微信 网上 互联网 APP 邮件
    channel visit 现场 上门 到店 来店
    source other 政府热线 平台 转来
    source referred 工商所 市场所 分派 转办单
    source direct 自来 本人 消费者
    category electronics 家电 手机 电脑 电器
    category clothing 衣服 鞋 服饰 服装
    category tobacco_drinks 烟酒 酒 茶叶
    category jewellery_culture 首饰 文具 玩具
    category medical_goods 药品 保健品
    category vehicles 汽车 电动车
    category living 餐饮 美发 洗染 修理
    category education 培训
    problem safety 食品安全 过期 变质
    problem contract 预付式消费 预付卡 违约 定金
    problem false_advertising 广告 虚假
    problem measure 缺斤少两 短斤少两
    problem counterfeit 假货 伪劣
    problem after_sales 三包 保修 维修 售后
    request replace 换货 调换
    request refund 退钱 退费
    request compensation 赔钱 补偿
    request repair 维修 保修
"""
_GUESSES = {
    (box, word): code
    for box, code, *words in map(str.split, _USUAL_WORDS.strip().splitlines())
    for word in words
}


def guess_word(box: str, word: str, heading: str, words: Vocabulary) -> str:
    """Return the Chinese of the one of a box's `words` that another most likely means, or nothing.

    A tick means the word in its column's heading, if there is one.
    """
    names = {each.zh: code for code, each in words.items()}
    if code := _GUESSES.get((box, word)):
        in_heading = _longest_name(name for name in names if name in heading)
        return in_heading if in_heading and word in "√✓" else words[code].zh
    return _nearest_name(word, names)


def box_of_words(words: Iterable[str], meanings: Mapping[str, Vocabulary]) -> str:
    """Return the box whose words most of these are or most likely mean, or nothing."""
    fit = {
        box: sum(bool(known.find(word) or (box, word) in _GUESSES) for word in words)
        for box, known in meanings.items()
    }
    best = max(fit, key=lambda box: fit[box], default="")
    return best if fit.get(best) else ""


def guess_column(
    heading: str,
    words: Sequence[str],
    names: Mapping[str, str],
    usual: Mapping[str, str],
    meanings: Mapping[str, Vocabulary],
) -> str:
    """Return the key of the box that a column most likely means, or nothing.

    Its heading decides, as `guess_heading` reads it, unless it means nothing, or a box of fixed
    words of which none is in the column: then the first `words` below it do.
    """
    guess = guess_heading(heading, names, usual)
    free = {key: meanings[key] for key in names.values() if key in meanings}
    if guess and (guess not in free or box_of_words(words, {guess: free[guess]})):
        return guess
    return box_of_words(words, free) or guess


def usual_headings(table: str) -> dict[str, str]:
    """Return boxes by their usual headings: a line for each box, with its headings behind it."""
    lines = map(str.split, table.strip().splitlines())
    return {name: key for key, *names in lines for name in names}


_USUAL_HEADINGS = """
    external_no 序号 单号 工单号 编号 流水号
    received 日期 时间 投诉日期 投诉时间 登记日期 登记时间 接诉日期 接待日期 受理时间 接诉时间
    complainant 姓名 消费者 消费者姓名 顾客 客户 诉求人 投诉者 来访人 投诉人员
    phone 电话 手机 手机号 联系方式 消费者电话 电话号码
    consumer_address 地址 住址
    respondent 商户 店铺 商家 摊位 柜台 经营者 被投诉单位 被投诉商户
    item 商品 品名 商品名 商品名称 服务名称 商品或服务 投诉商品
    category 商品类别 商品类型 类型 分类
    problem 问题 问题类型 投诉类型 投诉性质 投诉原因
    facts 内容 事由 投诉内容 情况 反映问题 投诉事由
    disputed 金额 钱数 涉及金额 涉案金额 标的
    purchase 价格 单价 购买金额 价款
    request 诉求 要求 消费者诉求
    outcome 结果 处理情况 处理意见 是否解决 调解结果
    closed 处理日期 处理时间 完成日期 办完日期 办结时间 结案日期 结案时间
    recovered 挽回损失 挽回金额 退款金额 赔偿金额
    rating 满意度 满意程度 评价 是否满意 顾客意见 回访结果 回访情况
    handler 接待人 处理人 登记人 负责人 受理人 经手人 经手 经办
    remark 说明 其他
"""
USUAL_HEADINGS = usual_headings(_USUAL_HEADINGS)
"""The boxes of a complaint by the usual headings of registers."""


def is_numbering_heading(text: str) -> bool:
    """Return whether registers number their complaints under this heading."""
    return USUAL_HEADINGS.get(text) == "external_no"


def guess_heading(text: str, names: Mapping[str, str], usual: Mapping[str, str]) -> str:
    """Return the key of the box that a heading most likely means, or nothing.

    `names` has the boxes that are still free, by their Chinese headings. The point's type, which
    is only compared, is not guessed: 类型 is part of many other headings.
    """
    name = without_unit(text)
    guess = usual.get(name, "")
    if guess in names.values():
        return guess
    names = {each: key for each, key in names.items() if key != "type"}
    return names.get(_nearest_name(name, names), "")


def without_unit(heading: str) -> str:
    """Return a heading without the unit of its amounts."""
    return bare_heading(heading).removesuffix("(万元)")


def _longest_name(names: Iterable[str]) -> str:
    return max(names, key=len, default="")


def _nearest_name(text: str, names: Iterable[str]) -> str:
    """Return the longest name that is in a text or the other way round, else the closest."""
    within = _longest_name(name for name in names if name in text or text in name)
    return within or "".join(get_close_matches(text, names, 1))
