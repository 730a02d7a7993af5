"""The measures that are counted: a row each, with its event and its condition.

The event puts a record into a period, the condition makes it count. Conditions are portable SQL:
plain comparisons over columns, no functions of one engine, no subqueries. One query is composed
from these rows, and the same condition lists the cases behind a figure. Money is in 分.
Source: 三(四)4, 三(五)7, docs/figures.md.
"""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from ledger12315.boxes.reading import yuan
from ledger12315.rules.deadlines import ON_TIME
from ledger12315.words import ENDINGS, TYPES, Word

TOTAL = "total"
COLUMNS: Mapping[str, Word] = {TOTAL: Word(TOTAL, "合计", TOTAL), **TYPES}
"""The columns of figures, as the forms have them: all types together, then each."""


class Measure(NamedTuple):
    """One figure: each record adds `value` (1, a count, or 分).

    `once` keeps cases of two types from counting twice in the total. Ledgers count it from the
    schema `since` on: earlier returns do not have it.
    """

    code: str
    key: str
    name: str
    unit: str
    event: str
    condition: str = "1 = 1"
    value: str = "1"
    once: str = "1 = 1"
    since: int = 0

    @property
    def money(self) -> bool:
        """Whether the figure is kept in 分."""
        return self.unit == "元"

    def in_unit(self, figure: int) -> str | int:
        """Return a figure in the unit for people: money in yuan."""
        return yuan(figure) if self.money else figure

    @property
    def bare(self) -> str:
        """Its name without 其中, which only marks its place in the form."""
        return self.name.removeprefix("其中：")

    @property
    def short(self) -> str:
        """Its bare name without the part in brackets."""
        return self.bare.split("(")[0]

    @property
    def label(self) -> Word:
        """Its name in a sentence: code and name of the forms, in English also its key."""
        return Word(
            self.key,
            f"{self.code} {self.bare}".strip(),
            f"{self.code} {self.key} ({self.bare})".strip(),
        )


def _ends_as(*ends: str, successful: bool = False) -> str:
    """Return the condition for cases with one of these endings, perhaps only successful ones."""
    codes = [
        code
        for code, each in ENDINGS.items()
        if each.ends in ends and each.successful >= successful
    ]
    return f"outcome IN ({', '.join(map(repr, codes))})"


_IS_OVERDUE = "received <= :cutoff AND (escalated IS NULL OR escalated > :last)"
MADE = "coalesce(point_return.point_id, '') <> ''"
"""The condition, among points that owe a return, for those whose return came.

Where ClickHouse finds none to join, it fills in '' and not NULL.
"""


def _measure_table(table: str) -> tuple[Measure, ...]:
    """Return a measure for each line; empty columns have Measure's defaults."""
    found = []
    for line in table.strip().splitlines():
        values = zip(Measure._fields, map(str.strip, line.split("|")), strict=False)
        filled = {field: value for field, value in values if value or field == "code"}
        since = int(filled.pop("since", 0))
        found.append(Measure(**filled, since=since))
    return tuple(found)


STATION_FORM, LIST_FORM, POINT_FORM = 6, 5, 3
"""Attachments 6 and 5, the station's only; Attachment 3, of the station and of each point."""
# code | key | name | unit | event | condition | value | once | since: codes, keys are stable.
ATTACHMENT3 = _measure_table(f"""
    01 | inquiries           | 接受咨询 | 人次 | recorded | kind = 'inquiry' | count
    02 | open_start          | 期初未结 | 件 | open_start
    03 | received            | 受理投诉 | 件 | received
    04 | received_direct     | 其中：消费者直接投诉 | 件 | received | source = 'direct'
    05 | received_referred   | 其中：工商部门分流 | 件 | received | source = 'referred'
    06 | received_other      | 其中：其他转办 | 件 | received | source = 'other'
    07 | received_goods      | 其中：商品类 | 件 | received | complaint.kind = 'goods'
    08 | received_service    | 其中：服务类 | 件 | received | complaint.kind = 'service'
    09 | received_other_kind | 其中：其他类 | 件 | received | complaint.kind = 'other'
    10 | closed              | 办结 | 件 | closed
    11 | settled             | 和解(含当场解决) | 件 | closed | {_ends_as("settled")}
    12 | advised             | 和解不成、已告知申诉 | 件 | closed | {_ends_as("advised")}
    13 | mediation_closed    | 调解办结 | 件 | closed | {_ends_as("mediation")}
    14 | mediated       | 其中：调解成功 | 件 | closed | {_ends_as("mediation", successful=True)}
    15 | closed_other   | 撤回、联系不到及其他 | 件 | closed | {_ends_as("withdrawn", "other")}
    16 | withdrawn           | 其中：消费者撤回 | 件 | closed | {_ends_as("withdrawn")}
    17 | open_end            | 期末未结 | 件 | open_end
    18 | overdue_end         | 其中：期末超期未结 | 件 | open_end | {_IS_OVERDUE}
    19 | closed_on_time      | 按时办结(含按时报请) | 件 | closed | {ON_TIME}
    20 | escalated           | 报请工商所 | 件 | escalated
    21 | disputed            | 争议金额 | 元 | received | | coalesce(disputed, 0)
    22 | recovered           | 挽回经济损失 | 元 | closed | | coalesce(recovered, 0)
    23 | rated               | 评价 | 人次 | closed | rating IS NOT NULL
    24 | satisfied           | 满意(含基本满意) | 人次 | closed | rating IN ('satisfied', 'basic')
    25 | leads               | 举报案件线索 | 条 | recorded | kind = 'lead' | count
    26 | major_matters       | 报告重大事项 | 件 | recorded | kind = 'major' | count
""")

# The further measures of Attachment 6. `type_changes` is not one of its columns: a change of type
# is 撤销 in the old row and 新设 in the new one, and neither in the total. `recovered_unstated` is
# in its notes, and in those of Attachment 3.
DIRECTORY = _measure_table(f"""
    | points_start    | 期初服务点数 | 个 | points_start
    | points_new      | 本期新设 | 个 | points_new | | | point_type.since = point.since
    | points_retired  | 本期撤销 | 个 | points_retired | | | point_type.until = point.retired
    | points_end      | 期末服务点数 | 个 | points_end
    | type_changes    | 其中：类型变更 | 个 | points_new | point_type.since > point.since
    | demo_provincial | 省级示范 | 个 | demonstration | level = 'provincial'
    | demo_municipal  | 市级示范 | 个 | demonstration | level = 'municipal'
    | liaisons        | 联络员 | 人 | liaisons | contact.role = 'liaison'
    | returns_due     | 应报服务点 | 个 | owing
    | returns_made    | 实报服务点 | 个 | owing | {MADE}
    | visits          | 走访 | 次 | recorded | kind = 'visit' | count
    | meetings        | 会议 | 次 | recorded | kind = 'meeting' | count
    | trainings       | 培训 | 次 | recorded | kind = 'training' | count
    | notices         | 抄告 | 份 | recorded | kind = 'notice' | count
    | interviews      | 约谈 | 次 | recorded | kind = 'interview' | count
    | recovered_unstated | 未填挽回金额 | 件 | closed | recovered IS NULL
""")

# The columns of Attachment 6 in order, measures and rates.
_COLUMNS6 = """
    points_start points_new points_retired points_end demo_provincial demo_municipal liaisons
    inquiries received received_referred closed settled disputed recovered
    settled_rate mediation_success_rate satisfaction_rate
    returns_due returns_made visits meetings trainings notices interviews
"""
ATTACHMENT6 = tuple(_COLUMNS6.split())
HEADINGS_OF_6 = {
    "demo_provincial": "其中省级示范",
    "received_referred": "其中工商分流",
    "settled": "促成和解",
}
"""The headings of Attachment 6 that differ from those of Attachment 3."""

MEASURES: Mapping[str, Measure] = {measure.key: measure for measure in (*ATTACHMENT3, *DIRECTORY)}


def measures_of_schema(schema: int) -> list[Measure]:
    """Return the measures of a ledger with this schema."""
    return [measure for measure in MEASURES.values() if measure.since <= schema]


Figures = Mapping[str, Mapping[str, int]]
"""Measure key -> column of `COLUMNS` -> the figure, money in 分."""
CellKey = tuple[str, str]
"""The place of a figure: the key of a measure or rate, and a column."""


_ZEROS = dict.fromkeys(TYPES, 0)


def zero_figures() -> dict[str, dict[str, int]]:
    """Return zero figures for each type."""
    return {key: dict.fromkeys(TYPES, 0) for key in MEASURES}


def without_zeros(found: Figures, columns: Iterable[str] = TYPES) -> dict[str, dict[str, int]]:
    """Return figures in these columns without zeros, so that new measures change nothing."""
    return {
        key: filled
        for key, row in found.items()
        if (filled := {column: row[column] for column in columns if row[column]})
    }


def with_totals(by_type: Mapping[str, Mapping[str, int]]) -> Figures:
    """Return figures by type with 合计, where a change of type is neither new nor retired.

    A type that is left out has none.
    """
    figures = {
        key: {TOTAL: sum(row.values()), **_ZEROS, **row} if row else {TOTAL: 0, **_ZEROS}
        for key, row in by_type.items()
    }
    changes = figures["type_changes"][TOTAL]
    for key in ("points_new", "points_retired"):
        figures[key][TOTAL] -= changes
    return figures
