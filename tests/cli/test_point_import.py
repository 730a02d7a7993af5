"""`point import`: points from an Attachment 5, or from a sheet with the boxes of `register`."""

from typing import Any

from ledger12315.cli.importing import commands
from ledger12315.ledger.audit.check import ledger_problems
from tests.cli.conftest import Cli, scenes
from tests.cli.registers import write
from tests.cli.test_import import elsewhere

# Two of each type, with and without people, a level, a filing and a retirement.
SIXTEEN = "\n".join(
    f"register 服务点{number} --type {type_} --since 2026-02-{number:02} {people}"
    for number, type_, people in (
        *((n, "商场 --area 500 --capital 80万 --turnover 300万", "") for n in (1, 2)),
        *(
            (n, "超市 --area 150 --turnover 50万 --host 宏达公司", "--officer 陈建平")
            for n in (3, 4)
        ),
        *((n, "企业 --sector hotel", "--liaison '张三 13900000001; 李四'") for n in (5, 6, 7)),
        *(
            (n, "市场 --area 2000 --stalls 150", "--liaison '李四; 张三 13900000001'")
            for n in (8, 9)
        ),
        *((n, "景区 --grade AAAA --judgement 客流大 --address 湖边", "") for n in (10, 11, 12)),
        *(
            (n, "其他 --judgement 投诉多", "--officer '陈建平 0591-12345678'")
            for n in range(13, 17)
        ),
    )
)
_COLUMNS = """
    SELECT point.code, point.name, type, point.since, retired, host, address, eligibility, filed,
        (SELECT group_concat(role || contact.name || coalesce(phone, '') || contact.since
            || coalesce(contact.until, '')) FROM contact WHERE point_id = point.id),
        (SELECT level || coalesce(until, '') FROM demonstration WHERE point_id = point.id)
    FROM point JOIN point_type ON point_id = point.id ORDER BY point.code"""


def test_an_attachment_5_makes_the_same_points_in_another_ledger(cli: Cli) -> None:
    cli.given(SIXTEEN)
    cli.all("""
        point amend P003 --demonstration 省级 --filed 2026-03-01 --on 2026-02-01
        point amend P001 --demonstration 市级 --on 2026-01-05
        point retire P016 --on 2026-09-01
        export 5 2026Q3 -o five.xlsx
    """)
    there = elsewhere(cli)
    there.sql("SELECT 1")
    there.path.unlink()
    there.all("init --station 东门所 --county 榕溪县")
    assert there("point import five.xlsx --dry-run").code == 0
    assert there.sql("SELECT count(*) FROM point") == [(0,)]
    told = there("point import five.xlsx --json")
    assert (told.code, told.json["imported"], told.json["doubts"]) == (0, 18, []), told
    assert there.sql(_COLUMNS) == cli.sql(_COLUMNS)
    assert ledger_problems(there.path) == []
    again = there("point import five.xlsx --json")
    assert (again.json["skipped"], again.json["imported"]) == (18, 0), again
    assert cli("point import five.xlsx").out.startswith("Rows: 18; 0 imported"), "nor there"


@scenes(r"""
# by the boxes of `register`, with a code of its own or the next free one
> a.csv 名称,类型,营业面积,注册资金,营业额,联络员,设立日期,服务点编号\n\
    西门商场,商场,500,80万,300万,林秀珍 13900000101 专职;余海,2026-01-05,\n\
    中门店,超市,150,,30万,,2026-02-05,P003
$ point import a.csv
Rows: 2; 2 imported, 0 filled in, 0 known already or void.
! Without liaison: 1
! Without officer: 2
$ point list
P001 | 东门商场 | mall | meets the rule | 2026-01-05 |  | 林秀珍 | 13900000101 | 陈建平 | 13900000202
P002 | 南门市场 | market | meets the rule | 2026-01-05 |  |  |  |  |
P003 | 中门店 | supermarket | meets the rule | 2026-02-05 |  |  |  |  |
P004 | 西门商场 | mall | meets the rule | 2026-01-05 |  | 林秀珍 | 13900000101 |  |
! Without a point officer (三(五)1): P002, P003, P004.
$ point import a.csv --json
{"read": 2, "imported": 0, "updated": 0, "skipped": 2, "problems": [], "doubts": []}
# all or nothing: each problem has its cell
> a.csv 名称,类型,营业面积,联络员,电话,设立日期,设置依据,状态,年龄\n\
    西门店,商场,100,,,2026-01-05,,,1\n北门店,商厦,,,,2026-13-05,达标,,\n\
    小店,超市,,林秀珍,"139\n138",2026-01-05,达标,停业,\n,超市,,,,2026-01-05,达标,,\n\
    东门商场,超市,,林秀珍,13900000102,2026-01-05,达标,,\n大店,其他,,,,2026-01-05,,,\n\
    南门市场,市场,,余芳,,2026-01-05,达标,2026-09-01,
$ point import a.csv
 | 1 | 年龄 | 年龄 | this heading is unknown; use --map to say what it means
 | 2 | 类型 | 商场 | Not recorded: below the rule for type mall (三(一)1). area is 100.00 m²; the rule \
    asks for 200.00 m² or more. Still missing: capital, turnover. Or fill in judgement, \
    if the station judges footfall large (三(一)1).
 | 3 | 类型 | 商厦 | 商厦 is not one of: mall | supermarket | market | enterprise | scenic area | other
 | 3 | 设立日期 | 2026-13-05 | 2026-13-05 is not a day of the calendar
 | 4 | 电话 | 139 138 | there are more phones than names
 | 4 | 状态 | 停业 | 停业 is not clearly one day; write it as 2026-09-28 or 9-28
 | 5 | 名称 |  | it is missing
 | 6 | 类型 | 超市 | P001 has 商场
 | 6 | 联络员 | 林秀珍 139****0102 | P001 has 林秀珍
 | 7 | 类型 | 其他 | Not recorded: the data for type other are incomplete (三(一)6). Still missing: \
    judgement. Fill in judgement: that disputes are many and the station judges the place \
    suitable (三(一)6).
 | 8 | 联络员 | 余芳 | P002 has nothing
 | 8 |  | 2026-09-01 | P002 has nothing
! Error: a.csv was not imported and nothing was changed. Problems: 12
[5]
# doubts: it may be known, or of another station
> a.csv 名称,类型,依托经营者,地址,设立日期,设置依据,工商所\n甲店,超市,宏达,一路,2026-01-05,达标,西门所\n\
    乙店,超市,宏达,一路,2026-01-05,工商所认定,东门所\n东门商场（分店）,超市,,,2026-01-05,达标,
$ point import a.csv --exit-code
Rows: 3; 3 imported, 0 filled in, 0 known already or void.
! G2: this ledger is of 东门所
! A3: Is it the same as row 2 甲店? The name, or the host and address, are the same.
! Without liaison: 3
! Without officer: 3
[1]
$ point show P004
code | P004
name | 乙店
type | supermarket
eligibility | judged by the station
since | 2026-01-05
demonstration | none
judgement | 据附件5
host | 宏达
address | 一路
…
# a heading is mapped, and a box that no cell fills
> a.csv 点名,类型,设置依据\n甲店,超市,达标
$ point import a.csv --map 点名=名称 --fill 设立日期=2026-03-01
Rows: 1; 1 imported, 0 filled in, 0 known already or void.
! Without liaison: 1
! Without officer: 1
""")
def test_in_words(script: str, cli: Cli) -> None:
    cli.plays(script)


def test_at_a_terminal(cli: Cli) -> None:
    """What is not known is asked; a doubt about rows is asked once for all of them."""
    write("""
        点名 | 类型 | 设立日期 | 设置依据 | 依托经营者 | 地址
        甲 | 商厦 | 2026-01-05 | 达标 | 宏达 | 一路
        乙 | 商厦 | 2026-01-05 | 达标 | 宏达 | 一路
    """)
    asked = "点名 means [name]>;商厦 under 类型 means>商场;"
    for answer, code, kept in (("n", 130, 2), ("y", 0, 4)):
        found, seen = cli.talk("point import a.csv", f"{asked}Import them anyway? [y/n]>{answer}")
        assert (found, cli.sql("SELECT count(*) FROM point")) == (code, [(kept,)]), seen
        asked = ""  # it is remembered


def test_what_others_change_meanwhile_is_compared_again(cli: Cli) -> None:
    write("""
        名称 | 类型 | 设立日期 | 设置依据
        甲店 | 超市 | 2026-01-05 | 达标
    """)
    done = commands.import_result  # type: ignore[attr-defined]

    def others(*given: Any) -> Any:
        cli.all("register 甲店 --type supermarket --judgement 多 --since 2026-01-05")
        return done(*given)

    with cli.set.context() as busy:
        busy.setattr(commands, "import_result", others)
        refused = cli("point import a.csv")
    assert (refused.code, "Others changed some of these points" in refused.err) == (3, True)
    assert cli.sql("SELECT judgement FROM point WHERE name = '甲店'") == [("多",)]
