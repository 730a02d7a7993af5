"""`complaint import`: the problems of rows; the ledger's file refuses no other row."""

from collections.abc import Iterable, Sequence

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ledger12315.ledger.audit.check import ledger_problems as unsound
from tests.cli.conftest import Cli, scenes
from tests.cli.registers import HEAD, counts, problems, row, take
from tests.ledger.drawn import OFTEN
from tests.rows import cells


def together(rows: Iterable[Sequence[str]]) -> str:
    """Return a register with a row, A-1 and on, for each of these headings and values."""
    parted = (cells(row(*each)) for each in rows)
    filled = [dict(zip(*each, strict=True)) for each in parted]
    heads = {head: "" for each in filled for head in each}
    lines = [
        (heads | each | {"登记编号": f"A-{number}"}).values()
        for number, each in enumerate(filled, 1)
    ]
    return "\n".join(map(" | ".join, [heads, *lines]))


# What stands there first and then, each in a row of its own, which is 2026-0001 and on.
_DIFFERENCES = cells(r"""
    投诉人 | 张三 | 李四 | 投诉人: 李*: 2026-0001 has a different one
    商品/服务名称 | 锅 | 碗 | 商品/服务名称: 碗: 2026-0001 has 锅
    争议金额 | 5 | 6 | 争议金额: 6.00: 2026-0001 has 5.00
    受理日期 | 2026-09-01 | 2026-09-02 | 受理日期: 2026-09-02: 2026-0001 has 2026-09-01
    性质 | 其他类 | 商品类 | 性质: 商品类: 2026-0001 has 其他类
    处理结果 / 办结日期 | 和解 / 2026-09-02 | 调解成功 / 2026-09-02 | 处理结果: 调解成功: 2026-0001 has 和解
    处理结果 / 办结日期 / 归档号 | 和解 / 2026-09-02 / | 和解 / 2026-09-02 / 7 | 归档号: 7: 2026-0001 is closed \
        without it
    处理结果 / 办结日期 | 未结 / | 和解 / 2026-08-31 | 办结日期: 2026-08-31: closed 2026-08-31 is before
    处理结果 | 未结 | 作废 | 处理结果: 作废: it is void in the register or in
""")


def test_any_other_difference_is_a_problem(cli: Cli) -> None:
    assert take(cli, together((heads, first) for heads, first, *_ in _DIFFERENCES)).code == 0
    result = take(cli, together((heads, then) for heads, _, then, _ in _DIFFERENCES))
    assert (result.code, counts(result)) == (5, "9 0 0 0")
    told = [
        problem.replace("2026-0001", f"2026-000{number}")
        for number, (*_, problem) in enumerate(_DIFFERENCES, 1)
    ]
    assert begins_with(problems(result), told)


def begins_with(problems: Sequence[str], expected: Sequence[str]) -> bool:
    """Return whether each row has just the problem that begins so; the first row is row 2."""
    pairs = enumerate(zip(problems, expected, strict=True), 2)
    return all(found.startswith(f"{number} {begin}") for number, (found, begin) in pairs)


_UNCLEAR = cells("""
    受理日期 | 3月1日 | 受理日期: 3月1日: 3月1日 without its year could be 2026-03-01 or 2027
    受理日期 | 今天 | 受理日期: 今天: 今天 is not a date with a year
    受理日期 | | 受理日期: : it is missing
    投诉人 | - | 投诉人: -*: it is missing
    投诉人 / 备注 | / 审核：王五 | 投诉人: : it is missing
    联系电话 | 无此号 | 联系电话: ****: it has no digits
    处理结果 | 和解 | 办结日期: : outcome is given, so this is required too
    办结日期 | 2026-09-02 | 处理结果: : closed is given, so this is required too
    报请日期 | 2026-09-02 | None: : escalated is given, so this is required too
    挽回经济损失 | 5 | 挽回经济损失: 5.00: only a closed complaint can have it
    消费者评价 | 满意 | 消费者评价: 满意: only a closed complaint can have it
    来源 | 分流 | 分流单号: : A referred complaint needs the number
    分流单号 | 7 | 来源: : A referral's number or date is given
    类别 / 性质 | 食品 / 服务类 | 性质: 服务类: The category food is of kind goods
    处理结果 / 办结日期 | 其他 / 2026-09-02 | 备注: : The outcome other needs a remark
    类型 | 市场 | 类型: 市场: 东门商场 was of type mall on 2026-09-01
    处理结果 / 办结日期 / 用时 | 和解 / 2026-09-08 / 4 | 用时: 4: by the ledger's calendar it is 5
    处理结果 / 办结日期 / 是否按时 | 和解 / 2026-09-09 / 是 | 是否按时: 是: by the ledger's calendar it is no
    服务点 | 西门 | 服务点: 西门: There is no point 西门.
    服务点 | 门 | 服务点: 门: 门 fits several points: P001 东门商场, P002
    previous | 2026-0009 | previous: 2026-0009: there is no such complaint, or it is later
""")


def test_what_is_unclear_is_a_problem(cli: Cli) -> None:
    result = take(cli, together(each[:2] for each in _UNCLEAR))
    assert result.code == 5
    assert begins_with(problems(result), [problem for *_, problem in _UNCLEAR])
    assert cli.sql("SELECT count(*) FROM complaint") == [(0,)]


_AGREEING = cells("""
    类型 | 商场
    处理结果 / 办结日期 / 用时（工作日） / 是否按时 | 和解 / 2026-09-08 / 5 / 是
    处理结果 / 办结日期 / 用时（工作日） / 是否按时 | 和解 / 2026-09-09 / 6 / 否
    报请日期 / 报请理由 / 处理结果 / 办结日期 / 是否按时 | 2026-09-02 / 拒绝 / 和解 / 2026-09-20 / 是
    处理结果 / 用时（工作日） / 是否按时 | 未结 / 3 /
    服务点 | p001
    服务点 | 商场
""")


def test_what_agrees_is_taken(cli: Cli) -> None:
    assert counts(take(cli, together(_AGREEING))) == "7 7 0 0"


def test_after_very_many_problems_the_reading_ends(cli: Cli) -> None:
    cli.set.setattr("ledger12315.register.file.MOST_PROBLEMS", 2)
    rows = (f"A-{number} | 2026-09-0{number} | | 锅" for number in range(1, 6))
    result = take(cli, "\n".join([HEAD, *rows]))
    assert (result.code, counts(result)) == (5, "2 0 0 0")
    assert problems(result) == ["2 投诉人: : it is missing", "3 投诉人: : it is missing"]


def test_a_long_text_is_told_by_its_beginning(cli: Cli) -> None:
    """Under each heading, below none, and as a heading itself."""
    long, begins = "长" * 6_000, "长" * 100
    result = take(
        cli, f"{HEAD} | 品牌 | {long}\nA-1 | 2026-09-01 | 张三 | {long} | {long} | | {long}"
    )
    many = "6000 characters are too many; at most 5000 are allowed"
    assert problems(result) == [
        f"1 {'长' * 200}: {begins}: this heading is unknown; use --map to say what it means",
        f"2 商品/服务名称: {begins}: {many}",
        f"2 品牌: {begins}: {many}",
        f"2 None: {begins}: column 7 has no heading",
    ]


@scenes(r"""
# every problem is listed and nothing taken in
> a.csv 登记编号,受理日期,投诉人,联系电话,商品/服务名称,年龄,投诉人\nA-1,2026-09-01,张三,13900001234,锅,40,\nA-2,2026-13-01,李四,\
    13900001234,,40,\nA-1,2026-09-02,王五,13900001234,碗,40,\nA-4,2026-09-02,赵六,13900001234,碗,40,,便条
$ complaint import a.csv --point P001
 | 1 | 年龄 | 年龄 | this heading is unknown; use --map to say what it means
 | 1 | 投诉人 | 投诉人 | it appears twice
 | 3 | 受理日期 | 2026-13-01 | 2026-13-01 is not a day of the calendar
 | 3 | 商品/服务名称 |  | it is missing
 | 4 | 登记编号 | A-1 | row 2 has the same number
 | 5 |  | 便条 | column 8 has no heading
! Error: a.csv was not imported and nothing was changed. Problems: 6
[5]
$ complaint list
# a point that is spelled in two ways is one
> a.csv 服务点,登记编号,受理日期,投诉人,商品/服务名称\nP001,A-1,2026-09-01,张三,锅\n商场,A-1,2026-09-02,李四,碗
$ complaint import a.csv
 | 3 | 登记编号 | A-1 | row 2 has the same number
! Error: a.csv was not imported and nothing was changed. Problems: 1
[5]
# missing columns are named once
> a.csv 登记编号,受理日期\n1,2026-09-01\n2,2026-09-01
$ complaint import a.csv --json
{"read": 0, "imported": 0, "updated": 0, "skipped": 0, "problems": [{"sheet": null, "row": 1, \
    "column": "服务点", "value": "", "problem": "no column gives the point; add --point"}, {"sheet": \
    null, "row": 1, "column": "投诉人", "value": "", "problem": "there is no such column"}, \
    {"sheet": null, "row": 1, "column": "商品/服务名称", "value": "", "problem": "there is no such \
    column"}], "doubts": []}
! Error: a.csv was not imported and nothing was changed. Problems: 3
[5]
""")
def test_in_words(script: str, cli: Cli) -> None:
    cli.plays(script)


_BOXES = """
    登记编号 |  / A-1 / A-2 / 2026-0001 / =1
    受理日期 | 2026-09-01 / 2026-02-29 / 2026-09-28 / 46266 / 2025-12-31 / 今天 / １９８９-01-01
    投诉人 | 张三 / 〔已清除〕 / \u202e / - / LONG
    商品/服务名称 | 锅 / \ufffe / =x
    联系电话 | 13900001234 /  / x
    来源 |  / 直接 / 分流 / 其他
    分流单号 |  / F-1
    类别 |  / 食品 / 旅游 / 其他
    性质 |  / 商品类 / 其他
    争议金额 |  / 5 / 1e9 / 99999999999999 / -1
    投诉请求 |  / 退货 / 退货,退货,其他
    约定答复时间 |  / 2026-09-30 / 2026-08-01
    报请日期 |  / 2026-09-02 / 2026-08-01
    报请理由 |  / 拒绝
    处理结果 |  / 未结 / 作废 / 和解 / 和解不成 / 其他
    办结日期 |  / 2026-09-03 / 2026-09-01 / 2026-08-01
    告知日期 |  / 2026-09-03 / 2026-09-04
    挽回经济损失 |  / 0 / 3
    加倍赔偿 |  / 2 / 4
    消费者评价 |  / 满意 / 未评价
    备注 |  / x / 2026-09-02报请工商所：拒绝 / x 2026-99-99报请工商所：拒绝 / 分流单号：F-2 / 分流单号：F-2 x
    前次投诉 |  / 2026-0001
"""
_CELLS = {
    box: [value.strip().replace("LONG", "a" * 201) for value in values.split("/")]
    for box, values in cells(_BOXES)
}


# A few boxes of a row that could be imported, and what stands there instead.
_CHANGES = st.lists(
    st.sampled_from([(box, value) for box in _CELLS for value in _CELLS[box]]), max_size=3
)


def _register(rows: Iterable[dict[str, str]]) -> str:
    """Return rows with all boxes; those that a row leaves out are empty or right."""
    right = {box: values[0] for box, values in _CELLS.items()}
    whole = [right | {"登记编号": f"B-{number}"} | row for number, row in enumerate(rows)]
    return "\n".join(map(" | ".join, [[*right], *([*row.values()] for row in whole)]))


@settings(max_examples=5 * OFTEN, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(_CHANGES.map(dict), min_size=1, max_size=2))
def test_whatever_rows_come_the_rules_find_what_the_file_would_refuse(
    cli: Cli, rows: list[dict[str, str]]
) -> None:
    before = cli.path.read_bytes()
    result = take(cli, _register(rows))
    assert result.code in (0, 5), result.err
    assert result.err.count("Error:") == (result.code == 5)
    assert (result.code == 5 and cli.path.read_bytes() == before) or unsound(cli.path) == []


def test_each_box_refuses_what_it_cannot_hold(cli: Cli) -> None:
    """A row for each value; those without a problem are imported."""
    rows = [{box: value} for box in _CELLS for value in _CELLS[box]]
    found = take(cli, _register(rows)).json["problems"]
    refused = {problem["row"] for problem in found}
    taken = [row for number, row in enumerate(rows, 2) if number not in refused]
    # One of them is known: 2026-0001 is the ledger's own number of the first.
    assert counts(take(cli, _register(taken))) == "50 49 0 1"
    assert unsound(cli.path) == []


def test_nobody_is_named_in_what_is_said(cli: Cli) -> None:
    register = row(
        "投诉人 / 联系电话 / 投诉事实 / 联系地址 / 处理结果 / 归档号",
        f"{'张' * 201} / 张三微信同号 / 张三的电话是13900001234{'长' * 5000}"
        f" / {'一路' * 101} / 13900001234 / 1\a13900001234",
    )
    told = take(cli, register).json["problems"]
    assert [f"{each['column']} {each['value']}" for each in told] == [
        f"投诉人 张{'*' * 99}",
        "联系电话 ****",
        "投诉事实 ****",
        "联系地址 一路一****",
        "处理结果 139****1234",
        "归档号 1\a139****1234",
    ]
    secrets = ("张张", "13900001234", "同号", "一路一路")
    for how in ("", "--json"):
        said = "".join(map(str, take(cli, register, f"--point P001 {how}")))
        assert [secret for secret in secrets if secret in said] == []
    assert "13900001234" in take(cli, register, "--point P001 --reveal").out
