"""Every fixed word once: its code in the ledger, JSON and options, its Chinese and English."""

import unicodedata
from typing import NamedTuple


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
        """Return the word that `text` names by code, Chinese or English, in any width and case."""
        wanted = _folded(text)
        for word in self.values():
            names = (word.code, word.zh, word.en, *word.also)
            if wanted in map(_folded, names):
                return word
        return None


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold().replace(" ", "").replace("-", "_")


# What stands where something personal that must not be empty was erased.
ERASED = "\u3014已清除\u3015"

# The six types of 三(一), in the order of every form.
TYPES = Vocabulary(
    Word("mall", "商场", "mall", ("进商场",)),
    Word("supermarket", "超市", "supermarket", ("进超市",)),
    Word("market", "市场", "market", ("进市场",)),
    Word("enterprise", "企业", "enterprise", ("进企业",)),
    Word("scenic", "景区", "scenic area", ("进景区",)),
    Word("other", "其他", "other"),
)

# 三(一)3 names these; its list is open (等), hence consumer_service.
SECTORS = Vocabulary(
    Word("telecom", "电信运营商", "telecom operator", ("电信", "移动", "联通")),
    Word("post", "邮政", "post"),
    Word("power", "供电", "power supply"),
    Word("gas", "供气", "gas supply"),
    Word("water", "供水", "water supply"),
    Word("cable_tv", "有线电视", "cable TV"),
    Word("hotel", "宾馆", "hotel", ("酒店",)),
    Word("restaurant", "饭店", "restaurant", ("餐饮",)),
    Word("transport", "车站", "transport station"),
    Word(
        "consumer_service",
        "其他与消费者生活密切相关的经营服务场所",
        "another service close to consumers' life",
        ("生活服务",),
    ),
    Word("none", "不属上述行业", "none of these"),
)

ELIGIBILITY = Vocabulary(
    Word("meets", "达标", "meets the rule"),
    Word("judged", "工商所认定", "judged by the station"),
    Word("incomplete", "资料不足", "incomplete"),
    Word("below", "未达标", "below the rule"),
)

SOURCES = Vocabulary(
    Word("direct", "消费者直接投诉", "direct", ("直接投诉", "直接")),
    Word("referred", "工商部门分流", "referred", ("分流",)),
    Word("other", "其他转办", "other referral", ("12345等转办", "转办", "12345", "其他")),
)

CHANNELS = Vocabulary(
    Word("visit", "来人", "visit", ("来访",)),
    Word("phone", "电话", "phone", ("来电",)),
    Word("online", "网络", "online"),
    Word("letter", "来函", "letter", ("来信",)),
    Word("other", "其他", "other"),
)

KINDS = Vocabulary(
    Word("goods", "商品类", "goods", ("商品",)),
    Word("service", "服务类", "service", ("服务",)),
    Word("other", "其他类", "other", ("其他",)),
)

# The consumers' associations' list.
_GOODS = Vocabulary(
    Word("electronics", "家用电子电器", "household electronics"),
    Word("clothing", "服装鞋帽", "clothing and shoes"),
    Word("food", "食品", "food"),
    Word("tobacco_drinks", "烟酒饮料", "tobacco and drinks", ("烟、酒和饮料",)),
    Word("housing", "房屋及建材", "housing and building materials"),
    Word("daily_goods", "日用商品", "daily goods"),
    Word("jewellery_culture", "首饰及文体用品", "jewellery, culture and sports goods"),
    Word("medical_goods", "医药及医疗用品", "medicine and medical goods"),
    Word("vehicles", "交通工具", "vehicles"),
    Word("farm_goods", "农用生产资料", "farm supplies"),
)
_SERVICES = Vocabulary(
    Word("living", "生活社会服务", "living and social services", ("生活、社会服务类",)),
    Word("renovation", "房屋装修及物业服务", "renovation and property management"),
    Word("tourism", "旅游", "tourism"),
    Word("leisure", "文化娱乐体育", "culture, entertainment and sports"),
    Word("postal", "邮政业", "postal services"),
    Word("telecoms", "电信", "telecommunications"),
    Word("internet", "互联网", "internet"),
    Word("finance", "金融", "finance"),
    Word("insurance", "保险", "insurance"),
    Word("health", "卫生保健", "health care"),
    Word("education", "教育培训", "education and training"),
    Word("public_facilities", "公共设施", "public facilities"),
    Word("sales_service", "销售服务", "sales services"),
)
CATEGORIES = Vocabulary(*_GOODS.values(), *_SERVICES.values(), Word("other", "其他", "other"))


def kind_of(category: str) -> str:
    """Return the kind that a category's code belongs to."""
    if category in _GOODS:
        return "goods"
    return "service" if category in _SERVICES else "other"


PROBLEMS = Vocabulary(
    Word("quality", "质量", "quality"),
    Word("safety", "安全", "safety"),
    Word("price", "价格", "price"),
    Word("measure", "计量", "measure"),
    Word("counterfeit", "假冒", "counterfeit"),
    Word("contract", "合同", "contract"),
    Word("false_advertising", "虚假宣传", "false advertising"),
    Word("dignity", "人格尊严", "dignity"),
    Word("after_sales", "售后服务", "after-sales service"),
    Word("other", "其他", "other"),
)

REQUESTS = Vocabulary(
    Word("repair", "修理", "repair"),
    Word("redo", "重作", "redo"),
    Word("replace", "更换", "replace"),
    Word("return", "退货", "return"),
    Word("make_up", "补足数量", "make up the quantity"),
    Word("refund", "退款", "refund"),
    Word("compensation", "赔偿", "compensation"),
    Word("other", "其他", "other"),
)


class Outcome(NamedTuple):
    """How a case can end, and what that means.

    `ends` is the figure that counts it: settled, advised, mediation, withdrawn or other. `needs`
    is the box that must be filled with it. Where `told_is_result`, telling where else to complain
    is also the result; where not `tell`, there is nobody to be told the result.
    """

    word: Word
    ends: str
    successful: bool = False
    needs: str = ""
    told_is_result: bool = False
    tell: bool = True


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
            told_is_result=True,
        ),
        Outcome(Word("mediated", "调解成功", "mediated"), "mediation", successful=True),
        Outcome(Word("mediation_failed", "调解不成", "mediation failed"), "mediation"),
        Outcome(Word("withdrawn", "消费者撤回", "withdrawn", ("撤回",)), "withdrawn", tell=False),
        Outcome(
            Word("unreachable", "联系不到当事人", "unreachable", ("联系不到",)),
            "other",
            tell=False,
        ),
        Outcome(Word("other", "其他", "other"), "other", needs="remark"),
    )
}
OUTCOMES = Vocabulary(*(each.word for each in ENDINGS.values()))

RATINGS = Vocabulary(
    Word("satisfied", "满意", "satisfied"),
    Word("basic", "基本满意", "basically satisfied"),
    Word("dissatisfied", "不满意", "dissatisfied"),
)

STATES = Vocabulary(
    Word("open", "未结", "open"),
    Word("escalated", "工商所处理中", "escalated", ("已报请",)),
    Word("closed", "已办结", "closed", ("办结",)),
    Word("void", "作废", "void"),
)

# What the rows of each table are called.
TABLES = Vocabulary(
    Word("complaint", "投诉", "complaint"),
    Word("point", "服务点", "point"),
    Word("station", "工商所", "station"),
    Word("setting", "设置", "setting"),
    Word("contact", "联系人", "contact"),
    Word("point_type", "服务点类型", "point_type"),
    Word("demonstration", "示范级别", "demonstration"),
    Word("former_host", "原依托经营者", "former_host"),
    Word("inspection", "检查", "inspection"),
    Word("point_return", "服务点报表", "point_return"),
    Word("record", "登记", "record"),
    Word("informant", "举报人", "informant"),
    Word("special_day", "节假日", "special_day"),
    Word("heading", "列名", "heading"),
    Word("local_word", "用语", "local_word"),
    Word("submission", "报送", "submission"),
    Word("submitted", "报送件", "submitted"),
    Word("disclosure", "显示个人信息", "disclosure"),
    Word("_sqlite_migrations", "台账结构", "_sqlite_migrations"),
    Word("act", "操作", "act"),
    Word("change", "变更", "change"),
    Word("file", "报送文件", "file"),
)

# What can be done to a complaint after it was logged.
ACTS = Vocabulary(
    Word("amend", "更正", "amend"),
    Word("escalate", "报请", "escalate"),
    Word("close", "办结", "close"),
    Word("reopen", "重开", "reopen"),
    Word("void", "作废", "void"),
)

# The days of a complaint's life, in the order they are told where they fall together.
LIFE = Vocabulary(
    Word("referred", "工商部门分流", "referred"),
    Word("received", "受理", "received"),
    Word("escalated", "报请工商所", "escalated"),
    Word("accepted", "工商所受理", "accepted by the station"),
    Word("approved", "领导审核", "approved"),
    Word("told", "告知申诉渠道", "told"),
    Word("closed", "办结", "closed"),
    Word("performed", "协议履行", "performed"),
    Word("unperformed", "协议未履行", "not performed"),
    Word("answered", "反馈结果", "answered"),
    Word("replied", "回复分流单位", "referral answered"),
    Word("followed_up", "回访", "follow-up call"),
    Word("promised", "约定答复", "promised answer"),
    Word("perform_by", "约定履行期限", "to be performed"),
    Word("reply_by", "要求回复分流单位", "referral's answer due"),
    Word("due", "应办结", "due"),
    Word("acceptance", "工商所受理期限", "station to accept by"),
    Word("mediation", "调解期限", "mediation to end by"),
    Word("tell", "反馈期限", "to be told by"),
    Word("archive", "归档期限", "to be archived by"),
    Word("voided", "作废", "voided"),
    Word("archived", "归档", "archived"),
)

# What a station owes, as the morning's list tells it.
OWED = Vocabulary(
    Word("late", "超期未结", "overdue"),
    Word("due", "将到期", "falls due"),
    Word("promised", "约定答复", "promised answer"),
    Word("reply_by", "分流待回复", "referral to answer"),
    Word("acceptance", "工商所待受理", "to be accepted"),
    Word("mediation", "调解期限", "mediation to end"),
    Word("perform", "协议待履行", "to be performed"),
    Word("tell", "结果待反馈", "result to be told"),
    Word("archive", "待归档", "to be archived"),
    Word("return", "应报报表", "return due"),
    Word("visit", "本月待走访", "visit owed"),
    Word("mend", "待整改", "to be put right"),
    Word("lead", "线索待举报", "lead to report"),
    Word("major", "重大事项待报告", "major matter to report"),
    Word("propose_major", "建议报告重大事项", "major matter proposed"),
    Word("propose_notice", "建议抄告或约谈", "notice proposed"),
    Word("untrained", "本年未培训联络员", "untrained liaison"),
    Word("officer", "缺联系人", "no officer"),
    Word("file", "待报县局备案", "to be filed"),
    Word("calendar", "日历变动", "calendar"),
)

RECORDS = Vocabulary(
    Word("inquiry", "咨询", "inquiry"),
    Word("lead", "案件线索", "enforcement lead"),
    Word("major", "重大事项", "major matter"),
    Word("visit", "走访", "visit"),
    Word("meeting", "会议", "meeting"),
    Word("training", "培训", "training"),
    Word("publicity", "宣传", "publicity"),
    Word("notice", "抄告", "advisory notice"),
    Word("interview", "约谈", "interview"),
)

# What figures are made of.
CASES = Vocabulary(
    Word("complaint", "投诉", "complaint"),
    *RECORDS.values(),
    Word("point", "服务点", "point"),
    Word("liaison", "联络员", "liaison"),
    Word("demonstration", "示范", "demonstration"),
    Word("totals", "上报数", "totals"),
)

# Which records a point need not be named for: they may be for all points.
FOR_ALL = ("meeting", "training", "publicity")

# The nine set-up conditions of 三(二), and the three systems of 三(三)1, which
# `point inspect` looks at.
CONDITIONS = Vocabulary(
    Word("office", "固定办公场所", "office"),
    Word("sign", "统一牌匾和标识标志牌", "plaque and sign"),
    Word("liaison", "联络员及胸卡", "liaison with badge"),
    Word("equipment", "固定电话和视频计算机", "fixed phone and computer for video"),
    Word("systems", "九项工作制度", "the nine work systems"),
    Word("register", "登记簿", "register"),
    Word("board", "宣传栏及更新", "notice board, kept up to date"),
    Word("records", "五类工作记录", "work records of five kinds"),
    Word("uniform", "七个统一", "the seven uniformities"),
    Word("purchase_inspection", "进货查验制度", "purchase inspection"),
    Word("promise", "质量和服务承诺制度", "quality and service promise"),
    Word("withdrawal", "不合格商品退市制度", "withdrawal of unfit goods"),
)

# What each of them is made of, in the order of 三(二): the others are of one piece.
_PARTICULARS = {
    "office": "premises 固定场所 facilities 办公条件",
    "sign": "plaque 机构牌匾 staff_names 人员姓名 staff_photos 人员照片"
    " staff_phones 人员电话 hotline 12315号码 officer_name 联系人姓名"
    " officer_photo 联系人照片 officer_phone 联系人电话",
    "liaison": "liaison 联络员 badge 胸卡",
    "equipment": "phone 电话 computer 计算机",
    "systems": "management 日常管理 contact 所点联系 meetings 工作例会 reporting 信息报送分析"
    " complaints 投诉处理 departments 部门联动 training 学习培训 archives 档案管理"
    " directory 名录登记",
    "board": "duties 工作职责 procedure 工作程序 tips 消费提示 knowledge 消费常识"
    " topics 消费热点 update 及时更新",
    "records": "inquiries 咨询 receipts 受理 settlements 和解 publicity 宣传 meetings 会议",
    "uniform": "name 名称 plaque 牌匾样式 duties 工作职责 documents 文书格式 procedure 工作程序"
    " ledger 记录台账 assessment 考核标准",
}


def _paired(text: str) -> Vocabulary:
    """Return the words of a text of codes, each with its Chinese."""
    codes, names = text.split()[::2], text.split()[1::2]
    pairs = zip(codes, names, strict=True)
    return Vocabulary(*(Word(code, zh, code.replace("_", " ")) for code, zh in pairs))


PARTICULARS = {code: _paired(_PARTICULARS.get(code, "")) for code in CONDITIONS}

TERMS = Vocabulary(
    Word("full_time", "专职", "full-time", ("专",)),
    Word("part_time", "兼职", "part-time", ("兼",)),
)

DEMONSTRATION = Vocabulary(
    Word("none", "无", "none"),
    Word("municipal", "市级", "municipal", ("市级示范",)),
    Word("provincial", "省级", "provincial", ("省级示范",)),
)

# What has become of what a station published.
ARRIVALS = Vocabulary(
    Word("loaded", "已载入", "loaded"),
    Word("late", "迟报", "late"),
    Word("waiting", "待载入", "to be loaded"),
    Word("missing", "未收到", "missing"),
    Word("twice", "重复", "twice"),
    Word("broken", "损坏", "broken"),
    Word("unlike", "数字与明细不符", "figures unlike rows"),
    Word("other", "他县或他期", "of others"),
    Word("newer", "程序较新", "newer program"),
)

# By what a county's figures are told.
UNITS = Vocabulary(
    Word("type", "类型", "type"),
    Word("station", "工商所", "station"),
    Word("county", "县", "county"),
)

RETURN_STATES = Vocabulary(
    Word("received", "已报", "received"),
    Word("nil", "零报告", "nil"),
    Word("totals", "上报数", "totals"),
    Word("missing", "未报", "missing"),
)
