"""投诉公示: operators with counts and results, for the wall of a point; no consumer and no text.

The layout is our own: the State Administration's rule on making complaints public names none.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from ledger12315.boxes.kinds import DAY
from ledger12315.rules.publicity import PublicOperator
from ledger12315.rules.rates import Rate, RateValue
from ledger12315.sheets.forms import spec
from ledger12315.sheets.forms.notes import percent
from ledger12315.sheets.forms.spec import (
    Cell,
    FormColumn,
    FormSheet,
    declared_columns,
    table_rows,
)
from ledger12315.words import COUNTED_CATEGORIES, OUTCOMES, PROBLEMS, Vocabulary

_PUBLICITY_COLUMNS = declared_columns("""
    序号                4  place
    经营者名称          20 name left
    服务点              14 point_name left
    统一社会信用代码    19 credit_code
    商品服务类别        18 categories left
    问题类别            14 problems left
    受理                5  received
    办结                5  closed
""")
SHOWN = tuple(code for code in OUTCOMES if code != "withdrawn")
"""The outcomes on a notice: complaints that a consumer withdrew are not published."""
_SETTLED = "settled_rate"


def publicity_notice(
    unit: str,
    when: str,
    last: date,
    printed: date,
    point: str,
    operators: Sequence[PublicOperator],
    rate: Rate,
    least: int,
    days: int,
) -> Iterator[FormSheet]:
    """Yield the notice of operators with at least this many complaints, with days to display.

    It counts up to the `last` day, as the ledger has it on the day when it is `printed`. A notice
    of one `point` does not repeat its name in the lines.
    """
    shown = [column for column in _PUBLICITY_COLUMNS if column.key != "point_name" or not point]
    ended = (FormColumn(OUTCOMES[code].zh, 6, key=code) for code in SHOWN)
    columns = (*shown, *ended, FormColumn(rate.name, 16, key=_SETTLED))
    yield FormSheet(
        name="公示",
        title="消费投诉信息公示",
        left=f"公示单位：{unit}",
        right=(*([f"服务点：{point}"] if point else ()), when),
        columns=columns,
        rows=tuple(
            table_rows(columns, [*map(_one_operator, operators), _all_operators(operators, rate)])
        ),
        signatures=(("公示单位（盖章）：", "公示日期：", f"公示期：自公示之日起{days}日"),),
        notes=tuple(_publicity_notes(rate, least, last, printed)),
        landscape=True,
        row_height=18,
    )


def _one_operator(each: PublicOperator) -> Mapping[str, Cell | spec.CellValue]:
    return {
        "name": each.name,
        "point_name": each.point_name,
        "credit_code": each.credit_code,
        "categories": counted_words(each.categories, COUNTED_CATEGORIES),
        "problems": counted_words(each.problems, PROBLEMS),
        "received": each.received,
        "closed": each.closed,
        **{code: each.ended[code] for code in SHOWN},
        _SETTLED: _rate_with_sums(each.settled_rate),
    }


def _all_operators(
    operators: Sequence[PublicOperator], rate: Rate
) -> Mapping[str, Cell | spec.CellValue]:
    """Return the line of all operators; its rate comes from the sums."""
    whole = rate.of(sum((each.counts for each in operators), Counter[str]()))
    sums = {key: sum(getattr(each, key) for each in operators) for key in ("received", "closed")}
    sums |= {code: sum(each.ended[code] for each in operators) for code in SHOWN}
    cells = {"place": "合计", **sums, _SETTLED: _rate_with_sums(whole)}
    return {key: Cell(value, bold=True) for key, value in cells.items()}


def counted_words(counts: Mapping[str, int], words: Vocabulary) -> str:
    """Return words with their counts for a notice, most frequent first."""
    most = sorted(counts.items(), key=lambda each: (-each[1], list(words).index(each[0])))
    return "、".join(f"{words[code].zh}{count}" for code, count in most)


def _rate_with_sums(value: RateValue) -> str:
    shown = percent(value)
    if not value.denominator:
        return shown
    small = "\n样本过小" * value.small_sample
    return f"{shown}（{value.numerator}/{value.denominator}）{small}"


def _publicity_notes(rate: Rate, least: int, last: date, printed: date) -> Iterator[str]:
    small = f"办结不足{rate.enough}件的为样本过小。" if rate.enough else ""
    yield (
        f"{rate.name}={rate.formula}，只按本公示所列的投诉计算，"
        f"与附件6的和解息诉率口径不同。{small}"
    )
    yield "受理、办结均为本期件数，办结的可能是前期受理的；类别按本期受理的计。"
    yield (
        f"按{DAY.printed(printed)}打印时的台账：作废的登记、消费者撤回的投诉、"
        "同一事项的再次投诉不在公示之内。"
    )
    if least > 1:
        yield f"只公示本期投诉{least}件以上的经营者。"
    yield "投诉是消费者的诉求，不等于已认定经营者违法。对公示内容有异议的，请向公示单位提出。"
    yield f"数据截至{DAY.printed(last)}。消费者投诉举报电话：12315。"
