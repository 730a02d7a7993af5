"""The ledger for other programs: views in the plan's words, with yuan and fixed words.

They hold nothing personal: no consumer, no informant, no staff, no narrative. A step of the schema
makes them.
"""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from ledger12315 import words
from ledger12315.words import Vocabulary

# Column -> its words, and those of them that no row holds.
_WORD_COLUMNS: Mapping[str, tuple[Vocabulary, str]] = {
    "type": (words.TYPES, ""),
    "source": (words.SOURCES, ""),
    "channel": (words.CHANNELS, ""),
    "complaint.kind": (words.KINDS, ""),
    "category": (words.CATEGORIES, ""),
    "problem": (words.PROBLEMS, ""),
    "outcome": (words.OUTCOMES, ""),
    "rating": (words.RATINGS, ""),
    "sector": (words.SECTORS, ""),
    "eligibility": (words.ELIGIBILITY, "incomplete below"),
    "level": (words.DEMONSTRATION, "none"),
    "record.kind": (words.RECORD_KINDS, ""),
    "point_return.state": (words.RETURN_STATES, "missing"),
}


class Readable(NamedTuple):
    """A view: its name, its description, its columns as `heading [kind] expression`, its source.

    A kind is `word`, one of a fixed list; `yuan`, kept in 分; or `typed`, a text that people type.
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
    known, never = _WORD_COLUMNS.get(column) or _WORD_COLUMNS[column.rpartition(".")[2]]
    held = (word for word in known.values() if word.code not in never.split())
    cases = (f"WHEN '{word.code}' THEN '{word.zh}'" for word in held)
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
