"""The ledger for other programs: views in the plan's words, with yuan and fixed words.

They hold nothing personal: no consumer, no informant, no staff, no narrative. A step of the schema
makes them.
"""

from collections.abc import Iterator
from typing import NamedTuple

# Column -> its codes, each with its word. Once more on purpose, as in tables.py; a test compares
# them with words.py.
WORD_COLUMNS = {
    "type": "mall 商场 supermarket 超市 market 市场 enterprise 企业 scenic 景区 other 其他",
    "source": "direct 消费者直接投诉 referred 工商部门分流 other 其他转办",
    "channel": "visit 来人 phone 电话 online 网络 letter 来函 other 其他",
    "complaint.kind": "goods 商品类 service 服务类 other 其他类",
    "category": (
        "electronics 家用电子电器 clothing 服装鞋帽 food 食品 tobacco_drinks 烟酒饮料"
        " housing 房屋及建材 daily_goods 日用商品 jewellery_culture 首饰及文体用品"
        " medical_goods 医药及医疗用品 vehicles 交通工具 farm_goods 农用生产资料"
        " living 生活社会服务 renovation 房屋装修及物业服务 tourism 旅游 leisure 文化娱乐体育"
        " postal 邮政业 telecoms 电信 internet 互联网 finance 金融 insurance 保险"
        " health 卫生保健 education 教育培训 public_facilities 公共设施 sales_service 销售服务"
        " other 其他"
    ),
    "problem": (
        "quality 质量 safety 安全 price 价格 measure 计量 counterfeit 假冒 contract 合同"
        " false_advertising 虚假宣传 dignity 人格尊严 after_sales 售后服务 other 其他"
    ),
    "outcome": (
        "settled 和解 advised 和解不成、已告知申诉 mediated 调解成功 mediation_failed 调解不成"
        " withdrawn 消费者撤回 unreachable 联系不到当事人 other 其他"
    ),
    "rating": "satisfied 满意 basic 基本满意 dissatisfied 不满意",
    "sector": (
        "telecom 电信运营商 post 邮政 power 供电 gas 供气 water 供水 cable_tv 有线电视"
        " hotel 宾馆 restaurant 饭店 transport 车站"
        " consumer_service 其他与消费者生活密切相关的经营服务场所 none 不属上述行业"
    ),
    "eligibility": "meets 达标 judged 工商所认定",
    "level": "municipal 市级 provincial 省级",
    "record.kind": (
        "inquiry 咨询 lead 案件线索 major 重大事项 visit 走访 meeting 会议 training 培训"
        " publicity 宣传 notice 抄告 interview 约谈"
    ),
    "point_return.state": "received 已报 nil 零报告 totals 上报数",
}


class Readable(NamedTuple):
    """A view: its name, its description, its columns as `heading [kind] expression`, its source.

    A kind is `word`, of WORD_COLUMNS; `yuan`, kept in 分; or `typed`, a text that people type.
    """

    name: str
    about: str
    columns: str
    source: str

    @property
    def sql(self) -> str:
        """The SQL of the view."""
        shown = ",\n".join(f'{value} AS "{heading}"' for heading, _, value in self._column_parts())
        return f'CREATE VIEW "{self.name}" AS SELECT\n{shown}\nFROM {self.source}'

    def headings(self, kind: str) -> list[str]:
        """Return the columns of a kind."""
        return [heading for heading, of, _ in self._column_parts() if of == kind]

    def _column_parts(self) -> Iterator[tuple[str, str, str]]:
        """Yield heading, kind and expression of each column."""
        for line in self.columns.strip().splitlines():
            heading, value = line.split(maxsplit=1)
            kind, _, column = value.partition(" ")
            if kind == "yuan":
                yield heading, kind, f"{column} / 100.0"
            elif kind == "word":
                yield heading, kind, _case_of_words(column)
            elif kind == "typed":
                yield heading, kind, column
            else:
                yield heading, "", value


def _case_of_words(column: str) -> str:
    key = column if column in WORD_COLUMNS else column.rpartition(".")[2]
    pairs = iter(WORD_COLUMNS[key].split())
    cases = (f"WHEN '{code}' THEN '{word}'" for code, word in zip(pairs, pairs, strict=True))
    return f"CASE {column} {' '.join(cases)} ELSE {column} END"


def _join_latest(table: str, which: str) -> str:
    """Return the join of a point's last row among these."""
    return f"""LEFT JOIN {table} ON {table}.id = (
        SELECT id FROM {table} AS each WHERE each.point_id = point.id AND each.until {which}
        ORDER BY since DESC, id DESC LIMIT 1)"""


_POINT_BY_CODE = """
    服务点编号 point.code
    服务点 typed point.name"""
# The host on that day; without a respondent the complaint is about it.
_HOST = (
    "(SELECT coalesce(former_host.name, point.name) FROM former_host WHERE point_id = point.id"
    " AND until > complaint.received ORDER BY until LIMIT 1)"
)
READABLE = (
    Readable(
        "服务点",
        "12315消费维权服务点，其类型是最近的，示范级别是现在的",
        """
        服务点编号 point.code
        名称 typed point.name
        类型 word point_type.type
        依托经营者 typed point.host
        地址 typed point.address
        营业面积 point.area / 100.0
        注册资金 yuan point.capital
        营业额 yuan point.turnover
        固定摊位 point.stalls
        景区等级 substr('AAAAA', 1, point.grade)
        行业 word point.sector
        设置依据 word point.eligibility
        示范级别 word demonstration.level
        设立日期 point.since
        备案日期 point.filed
        备案号 typed point.filing_no
        撤销日期 point.retired
        """,
        # A type that ended on its first day was taken back.
        "point "
        + _join_latest("point_type", "IS NOT each.since")
        + _join_latest("demonstration", "IS NULL"),
    ),
    Readable(
        "投诉",
        "服务点受理的消费投诉，一件一行；金额以元计；作废的有作废日期，不计入任何数字",
        f"""
        编号 complaint.number{_POINT_BY_CODE}
        类型 word complaint.type
        受理日期 complaint.received
        来源 word complaint.source
        受理方式 word complaint.channel
        涉及人数 coalesce(complaint.headcount, 1)
        被投诉经营者 typed coalesce(complaint.respondent, {_HOST}, point.host, point.name)
        商品/服务名称 typed complaint.item
        品牌 typed complaint.brand
        性质 word complaint.kind
        类别 word complaint.category
        问题类别 word complaint.problem
        消费金额 yuan complaint.purchase
        争议金额 yuan complaint.disputed
        约定答复时间 complaint.promised
        报请日期 complaint.escalated
        工商所受理日期 complaint.accepted
        处理结果 word complaint.outcome
        办结日期 complaint.closed
        挽回经济损失 yuan complaint.recovered
        加倍赔偿 yuan complaint.multiple_damages
        告知日期 complaint.told
        反馈日期 complaint.answered
        消费者评价 word complaint.rating
        回访日期 complaint.followed_up
        作废日期 complaint.voided
        """,
        "complaint_derived AS complaint JOIN point ON point.id = complaint.point_id",
    ),
    Readable(
        "登记",
        "投诉以外的登记：咨询、案件线索、重大事项、走访、会议、培训、宣传、抄告、约谈",
        f"""
        登记号 record.id
        日期 record.day
        事项 word record.kind{_POINT_BY_CODE}
        类型 word record.type
        次数 record.count
        被投诉经营者 typed record.respondent
        举报机关 typed record.agency
        报告日期 record.reported
        地点 typed record.place
        涉及投诉 record.complaints
        承诺期限 record.promised_by
        落实日期 record.fulfilled
        作废日期 record.voided
        """,
        "record LEFT JOIN point ON point.id = record.point_id",
    ),
    Readable(
        "报表",
        "收到的各服务点季度报表",
        f"""{_POINT_BY_CODE}
        报告期 point_return.period
        收到日期 point_return.day
        报送情况 word point_return.state
        """,
        "point_return JOIN point ON point.id = point_return.point_id",
    ),
)
