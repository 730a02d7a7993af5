"""Every fixed word once: its code in the ledger, JSON and options, its Chinese and English."""

import unicodedata
from datetime import date
from functools import lru_cache
from itertools import filterfalse
from typing import NamedTuple

from ledger12315.renamed import in_newest_words

# Invisible characters that are letters and marks by their category: the first of each stretch,
# and the first visible one after it. A pattern of them would be slow to compile.
_INVISIBLE = (
    "\u034f\u0350\u115f\u1161\u17b4\u17b6\u180b\u1810\u2065\u2066\u3164\u3165"
    "\ufe00\ufe10\uffa0\uffa1\ufff0\ufff9\U000e0000\U000e1000"
)


@lru_cache(maxsize=1 << 14)
def is_invisible(character: str) -> bool:
    """Return whether a character is invisible, but neither a control character nor a blank.

    It is zero-width, bidirectional, or a letter used as filler.
    """
    begun = sum(map(character.__ge__, _INVISIBLE))
    return begun % 2 == 1 or unicodedata.category(character) == "Cf"


def visible_form(text: str) -> str:
    """Return a text's visible form, equal for two texts that look alike."""
    return text if text.isascii() else "".join(filterfalse(is_invisible, text))


class Word(NamedTuple):
    """One fixed word; `also` holds other spellings that people type."""

    code: str
    zh: str
    en: str
    also: tuple[str, ...] = ()


class Vocabulary(dict[str, Word]):
    """The words that one box may hold, by code, in the order of the forms."""

    def __init__(self, *words: Word) -> None:
        super().__init__((word.code, word) for word in words)

    def find(self, text: str) -> Word | None:
        """Return the word named by code, Chinese or English, in any width and case.

        The Chinese may be the plan's or the newest.
        """
        wanted = _comparable_word(text)
        for word in self.values():
            names = (word.code, word.zh, word.en, *word.also)
            if wanted in map(_comparable_word, names):
                return word
        return None


@lru_cache(maxsize=1 << 12)  # the words are the same for each cell of a register
def _comparable_word(text: str) -> str:
    half = unicodedata.normalize("NFKC", visible_form(text))
    return in_newest_words(half.casefold().replace(" ", "").replace("-", "_"))


def vocabulary(table: str) -> Vocabulary:
    """Return a word for each line: code | Chinese | English | further spellings.

    The English is by default the code.
    """
    found = []
    for line in table.strip().splitlines():
        code, zh, *more = map(str.strip, line.split("|"))
        en, *also = more or [code.replace("_", " ")]
        found.append(Word(code, zh, en, tuple(also)))
    return Vocabulary(*found)


# Replaces an erased personal value that must not be empty.
ERASED = "\u3014已清除\u3015"

# The six types of 三(一), in the order of every form.
TYPES = vocabulary("""
    mall        | 商场 | mall | 进商场
    supermarket | 超市 | supermarket | 进超市 | supermkt
    market      | 市场 | market | 进市场
    enterprise  | 企业 | enterprise | 进企业 | firm
    scenic      | 景区 | scenic area | 进景区
    other       | 其他
""")

# 三(一)3 names these; its list is open (等), hence consumer_service.
SECTORS = vocabulary("""
    telecom          | 电信运营商 | telecom operator | 电信 | 移动 | 联通
    post             | 邮政
    power            | 供电 | power supply
    gas              | 供气 | gas supply
    water            | 供水 | water supply
    cable_tv         | 有线电视 | cable TV
    hotel            | 宾馆 | hotel | 酒店
    restaurant       | 饭店 | restaurant | 餐饮
    transport        | 车站 | transport station
    consumer_service | 其他与消费者生活密切相关的经营服务场所 \
        | another service close to consumers' life | 生活服务
    none             | 不属上述行业 | none of these
""")

ELIGIBILITY = vocabulary("""
    meets      | 达标 | meets the rule
    judged     | 工商所认定 | judged by the station
    incomplete | 资料不足
    below      | 未达标 | below the rule
""")

SOURCES = vocabulary("""
    direct   | 消费者直接投诉 | direct | 直接投诉 | 直接
    referred | 工商部门分流 | referred | 分流
    other    | 其他转办 | other referral | 12345等转办 | 转办 | 12345 | 其他
""")

CHANNELS = vocabulary("""
    visit  | 来人 | visit | 来访
    phone  | 电话 | phone | 来电
    online | 网络
    letter | 来函 | letter | 来信
    other  | 其他
""")

KINDS = vocabulary("""
    goods   | 商品类 | goods | 商品
    service | 服务类 | service | 服务
    other   | 其他类 | other | 其他
""")

# The consumers' associations' list.
_GOODS = vocabulary("""
    electronics       | 家用电子电器 | household electronics
    clothing          | 服装鞋帽 | clothing and shoes
    food              | 食品
    tobacco_drinks    | 烟酒饮料 | tobacco and drinks | 烟、酒和饮料
    housing           | 房屋及建材 | housing and building materials
    daily_goods       | 日用商品
    jewellery_culture | 首饰及文体用品 | jewellery, culture and sports goods
    medical_goods     | 医药及医疗用品 | medicine and medical goods
    vehicles          | 交通工具
    farm_goods        | 农用生产资料 | farm supplies
""")
_SERVICES = vocabulary("""
    living            | 生活社会服务 | living and social services | 生活、社会服务类
    renovation        | 房屋装修及物业服务 | renovation and property management
    tourism           | 旅游
    leisure           | 文化娱乐体育 | culture, entertainment and sports
    postal            | 邮政业 | postal services
    telecoms          | 电信 | telecommunications
    internet          | 互联网
    finance           | 金融
    insurance         | 保险
    health            | 卫生保健 | health care
    education         | 教育培训 | education and training
    public_facilities | 公共设施
    sales_service     | 销售服务 | sales services
""")
CATEGORIES = Vocabulary(*_GOODS.values(), *_SERVICES.values(), Word("other", "其他", "other"))
UNCLASSIFIED = Word("unclassified", "未分类", "not classified")
"""The word in place of a category for a complaint of which only the kind is known."""
COUNTED_CATEGORIES = Vocabulary(*CATEGORIES.values(), UNCLASSIFIED)


def kind_of(category: str) -> str:
    """Return the kind of a category's code."""
    if category in _GOODS:
        return "goods"
    return "service" if category in _SERVICES else "other"


PROBLEMS = vocabulary("""
    quality           | 质量
    safety            | 安全
    price             | 价格
    measure           | 计量
    counterfeit       | 假冒
    contract          | 合同
    false_advertising | 虚假宣传
    dignity           | 人格尊严
    after_sales       | 售后服务 | after-sales service
    other             | 其他
""")

REQUESTS = vocabulary("""
    repair       | 修理
    redo         | 重作
    replace      | 更换
    return       | 退货
    make_up      | 补足数量 | make up the quantity
    refund       | 退款
    compensation | 赔偿
    other        | 其他
""")


class Outcome(NamedTuple):
    """How a case can end, and the consequences.

    `ends` is the figure that counts it: settled, advised, mediation, withdrawn or other. `needs`
    is a box that it requires. If `advice_is_result`, telling where else to complain is also the
    result; without `tell`, nobody has to be told the result.
    """

    word: Word
    ends: str
    successful: bool = False
    needs: str = ""
    advice_is_result: bool = False
    tell: bool = True

    @property
    def agreed(self) -> bool:
        """Whether both sides agreed on something."""
        return self.ends == "settled" or self.successful


ENDINGS = {
    each.word.code: each
    for each in (
        Outcome(Word("settled", "和解", "settled", ("和解(含当场解决)", "当场解决")), "settled"),
        Outcome(
            Word(
                "advised",
                "和解不成、已告知申诉",
                "advised",
                ("和解不成", "已告知申诉", "和解不成,已告知可向市场监管部门投诉(申诉)"),
            ),
            "advised",
            needs="told",
            advice_is_result=True,
        ),
        Outcome(Word("mediated", "调解成功", "mediated"), "mediation", successful=True),
        Outcome(Word("mediation_failed", "调解不成", "mediation failed"), "mediation"),
        Outcome(
            Word("withdrawn", "消费者撤回", "withdrawn", ("撤回", "撤诉")), "withdrawn", tell=False
        ),
        Outcome(
            Word("unreachable", "联系不到当事人", "unreachable", ("联系不到",)),
            "other",
            tell=False,
        ),
        Outcome(Word("other", "其他", "other"), "other", needs="remark"),
    )
}
OUTCOMES = Vocabulary(*(each.word for each in ENDINGS.values()))


class Finer(NamedTuple):
    """A word of the program that counts under a fixed one, as a local word does.

    `remark` is the required content of the remark.
    """

    word: Word
    standard: str
    remark: Word


# Other authorities' matters. They are kept and printed with these names.
FINER_OUTCOMES = {
    each.word.code: each
    for each in (
        Finer(
            Word("移送", "移送", "transferred"),
            "other",
            Word("to_whom", "移送给哪个部门", "to whom it was transferred"),
        ),
        Finer(
            Word("不予受理", "不予受理", "not accepted", ("不受理",)),
            "other",
            Word("why", "不予受理的理由", "why it was not accepted"),
        ),
    )
}

RATINGS = vocabulary("""
    satisfied    | 满意
    basic        | 基本满意 | basically satisfied
    dissatisfied | 不满意
""")

STATES = vocabulary("""
    open      | 服务点处理中 | open | 处理中
    escalated | 工商所处理中 | escalated | 已报请
    closed    | 已办结 | closed | 办结
    void      | 作废
""")

UNCLOSED = "未结"
"""The result, on paper, of a complaint that is open or escalated."""

# The names of each table's rows.
TABLE_NAMES = vocabulary("""
    complaint          | 投诉
    point              | 服务点
    station            | 工商所
    setting            | 设置
    contact            | 服务点人员 | contact
    point_type         | 服务点类型 | point_type
    demonstration      | 示范级别
    former_host        | 原依托经营者 | former_host
    inspection         | 检查
    point_return       | 服务点报表 | point_return
    record             | 登记
    informant          | 举报人
    special_day        | 节假日 | special_day
    heading            | 列名
    local_word         | 用语 | local_word
    submission         | 报送
    submitted          | 报送件
    hand_in            | 寄送件
    disclosure         | 显示个人信息
    _sqlite_migrations | 台账结构 | _sqlite_migrations
    act                | 操作
    change             | 变更
    file               | 报送文件
""")

# Acts on a complaint after it is logged.
ACTS = vocabulary("""
    amend    | 更正
    escalate | 报请
    close    | 办结
    reopen   | 重开
    void     | 作废
""")

# The events of a complaint's life, in their order within one day.
LIFE = vocabulary("""
    referred    | 工商部门分流
    received    | 受理
    escalated   | 报请工商所
    accepted    | 工商所受理 | accepted by the station
    approved    | 领导审核
    told        | 告知申诉渠道
    closed      | 办结
    performed   | 协议履行
    unperformed | 协议未履行 | not performed
    answered    | 反馈结果
    replied     | 回复分流单位 | referral answered
    followed_up | 回访 | follow-up call
    promised    | 约定答复 | promised answer
    perform_by  | 约定履行期限 | to be performed
    reply_by    | 要求回复分流单位 | referral's answer due
    due         | 应办结
    acceptance  | 工商所受理期限 | station to accept by
    mediation   | 调解期限 | mediation to end by
    tell        | 反馈期限 | result to report by
    archive     | 归档期限 | to be archived by
    voided      | 作废
    archived    | 归档
""")

# The kinds of duties, as `today` names them.
OWED = vocabulary("""
    late           | 超期未结 | overdue
    due            | 将到期 | falls due
    promised       | 约定答复 | promised answer
    reply_by       | 分流待回复 | referral to answer
    acceptance     | 工商所待受理 | to be accepted
    mediation      | 调解期限 | mediation to end
    perform        | 协议待履行 | to be performed
    tell           | 结果待反馈 | result to report
    archive        | 待归档 | to be archived
    return         | 应报报表 | return due
    visit          | 本月待走访 | visit due
    mend           | 待整改 | to be put right
    lead           | 线索待举报 | lead to report
    major          | 重大事项待报告 | major matter to report
    undertaking    | 约谈承诺待落实 | undertaking to fulfil
    propose_major  | 建议报告重大事项 | major matter proposed
    propose_notice | 建议抄告或约谈 | notice proposed
    untrained      | 本年未培训联络员 | untrained liaison
    officer        | 缺联系人 | no officer
    file           | 待报县局备案 | to be filed
    calendar       | 日历变动
""")

RECORD_KINDS = vocabulary("""
    inquiry   | 咨询
    lead      | 案件线索 | enforcement lead
    major     | 重大事项 | major matter
    visit     | 走访
    meeting   | 会议
    training  | 培训
    publicity | 宣传
    notice    | 抄告 | advisory notice
    interview | 约谈
""")

# The kinds of rows that figures count.
CASES = Vocabulary(
    Word("complaint", "投诉", "complaint"),
    *RECORD_KINDS.values(),
    Word("point", "服务点", "point"),
    Word("return", "报表", "return"),
    Word("liaison", "联络员", "liaison"),
    Word("demonstration", "示范", "demonstration"),
    Word("totals", "上报数", "totals"),
)

# What was done to a case that is counted otherwise than it was told.
CAUSES = vocabulary("""
    entered  | 补录 | entered late
    voided   | 作废
    amended  | 更正
    moved    | 改期 | day changed
    type     | 类型变更 | type changed
    reopened | 重开
    totals   | 上报数
    calendar | 放假安排
""")

# Records that may be for all points, without naming one.
FOR_ALL = ("meeting", "training", "publicity")

# The nine set-up conditions of 三(二), and the three systems of 三(三)1, which
# `point inspect` looks at.
CONDITIONS = vocabulary("""
    office              | 固定办公场所
    sign                | 统一牌匾和标识标志牌 | plaque and sign
    liaison             | 联络员及胸卡 | liaison with badge
    equipment           | 固定电话和视频计算机 | fixed phone and computer for video
    systems             | 九项工作制度 | the nine work systems
    register            | 登记簿
    board               | 宣传栏及更新 | notice board, kept up to date
    records             | 五类工作记录 | work records of five kinds
    uniform             | 七个统一 | the seven uniformities
    purchase_inspection | 进货查验制度
    promise             | 质量和服务承诺制度 | quality and service promise
    withdrawal          | 不合格商品退市制度 | withdrawal of unfit goods
""")

# The parts of each, in the order of 三(二); the others have none.
_PARTICULARS = {
    "office": """
        premises   | 固定场所
        facilities | 办公条件
    """,
    "sign": """
        plaque        | 机构牌匾
        staff_names   | 人员姓名
        staff_photos  | 人员照片
        staff_phones  | 人员电话
        hotline       | 12315号码
        officer_name  | 联系人姓名
        officer_photo | 联系人照片
        officer_phone | 联系人电话
    """,
    "liaison": """
        liaison | 联络员
        badge   | 胸卡
    """,
    "equipment": """
        phone    | 电话
        computer | 计算机
    """,
    "systems": """
        management  | 日常管理
        contact     | 所点联系
        meetings    | 工作例会
        reporting   | 信息报送分析
        complaints  | 投诉处理
        departments | 部门联动
        training    | 学习培训
        archives    | 档案管理
        directory   | 名录登记
    """,
    "board": """
        duties    | 工作职责
        procedure | 工作程序
        tips      | 消费提示
        knowledge | 消费常识
        topics    | 消费热点
        update    | 及时更新
    """,
    "records": """
        inquiries   | 咨询
        receipts    | 受理
        settlements | 和解
        publicity   | 宣传
        meetings    | 会议
    """,
    "uniform": """
        name       | 名称
        plaque     | 牌匾样式
        duties     | 工作职责
        documents  | 文书格式
        procedure  | 工作程序
        ledger     | 记录台账
        assessment | 考核标准
    """,
}
PARTICULARS = {code: vocabulary(_PARTICULARS.get(code, "")) for code in CONDITIONS}
EVERY_PARTICULAR = Vocabulary(*(word for each in PARTICULARS.values() for word in each.values()))

WEEKDAYS = vocabulary("""
    mon | 周一 | Mon
    tue | 周二 | Tue
    wed | 周三 | Wed
    thu | 周四 | Thu
    fri | 周五 | Fri
    sat | 周六 | Sat
    sun | 周日 | Sun | 周天
""")
"""The days of the week, from Monday."""


def weekday_of(day: date) -> Word:
    """Return the day of the week of a date."""
    return [*WEEKDAYS.values()][day.weekday()]


# The roles at a point.
ROLES = vocabulary("""
    liaison | 联络员
    officer | 联系人 | point officer
""")

TERMS = vocabulary("""
    full_time | 专职 | full-time | 专
    part_time | 兼职 | part-time | 兼
""")

DEMONSTRATION = vocabulary("""
    none       | 无
    municipal  | 市级 | municipal | 市级示范
    provincial | 省级 | provincial | 省级示范
""")

# The states of a station's hand-in.
ARRIVALS = vocabulary("""
    loaded  | 已载入
    late    | 逾期
    waiting | 待载入 | to be loaded
    missing | 未收到
    twice   | 重复
    gap     | 缺前一版 | revision missing
    unregistered | 不在名录 | not registered
    broken  | 损坏
    unlike  | 数字与明细不符 | figures unlike rows
    other   | 他县或他期 | of others
    newer   | 程序较新 | newer program
""")

# What a county exports.
COUNTY_FORMS = vocabulary("""
    5     | 附件5 | Attachment 5
    6     | 附件6 | Attachment 6
    entry | 录入
    facts | 明细
""")

# The units of a county's figures.
UNITS = vocabulary("""
    type    | 类型
    station | 工商所
    county  | 县
""")

# The reasons why a complaint is not published.
UNPUBLISHED = vocabulary("""
    void      | 作废
    withdrawn | 消费者撤回 | taken back by the consumer
    repeat    | 同一事项再次投诉 | the same matter again
""")

RETURN_STATES = vocabulary("""
    received | 已报
    nil      | 零报告
    totals   | 上报数
    missing  | 未报
""")

PRACTICE = "练习"
"""What the forms and the names of files begin with that a practice ledger makes."""
