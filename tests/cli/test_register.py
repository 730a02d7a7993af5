"""`register` and `point`: each type's rule at its boundary (三(一)), and its messages."""

from tests.cli.conftest import Cli, scenes
from tests.rows import table


@table(r"""
    boxes                                                            | answer     | said
    --type mall --area 200 --capital 500000 --turnover 1000000       | meets      |
    --type 商场 --area 200平方米 --capital 50万 --turnover 100万     | meets      |
    --type mall --area 199.99 --capital 50万 --turnover 100万 | below | 199.99 m²; the rule asks \
        for 200.00 m² or more
    --type mall --area 200 --capital 499999.99 --turnover 100万 | below | capital is 499999.99 \
        yuan; the rule asks for
    --type mall --area 200 --capital 50万 --turnover 999999.99 | below | turnover is 999999.99 \
        yuan; the rule asks for
    --type mall --area 1 --capital 1 --turnover 1 | below | if the station judges footfall large
    --type mall --area 199.99 --judgement 客流量大                   | judged     |
    --type mall --judgement 客流量大                                 | judged     |
    --type mall --turnover 100万                                     | incomplete | area, capital.
    --type mall --area 100 | below | capital, turnover.
    --type supermarket --area 100 --turnover 30万                    | meets      |
    --type supermarket --area 99.99 --turnover 30万 | below | 99.99 m²; the rule asks for 100.00 m²
    --type supermarket --area 100 --turnover 299999.99 | below | the rule asks for \
        300000.00 yuan or more
    --type supermarket --area 99.99 --turnover 30万 --judgement 客多 | judged     |
    --type supermarket                                               | incomplete | area, turnover.
    --type enterprise --sector 电信运营商                            | meets      |
    --type enterprise --sector 供气                                  | meets      |
    --type enterprise --sector 饭店                                  | meets      |
    --type enterprise --sector consumer_service                      | meets      |
    --type enterprise --sector none | below | if the station judges the enterprise large
    --type enterprise --sector none --judgement 规模大               | judged     |
    --type enterprise                                                | incomplete | sector.
    --type market --area 1000 --stalls 100                           | meets      |
    --type market --area 999.99 --stalls 100 | below | judges trade or footfall large
    --type market --area 999.99 --stalls 100 --judgement 交易量大    | judged     |
    --type market --area 1000 --stalls 99 | below | register it as type other
    --type market --area 1000 --stalls 99 --judgement 交易量大 | below | stalls is 99 stalls; \
        the rule asks for 100 stalls or more
    --type market --area 1000 --judgement 交易量大                   | incomplete | stalls.
    --type market --stalls 100                                       | incomplete | area.
    --type scenic --grade AAA --judgement 景区内最大                 | judged     |
    --type scenic --grade 5A --judgement 景区内最大                  | judged     |
    --type scenic --grade AA --judgement 景区内最大 | below | grade is AA; the rule asks for AAA or more
    --type scenic --grade AAA                                        | incomplete | judgement.
    --type scenic --judgement 景区内最大                             | incomplete | grade.
    --type scenic | incomplete | grade, judgement.
    --type other --judgement 纠纷多                                  | judged     |
    --type other                                                     | incomplete | judgement.
""")
def test_a_types_rule(boxes: str, answer: str, said: str, cli: Cli) -> None:
    result = cli(f"register 新店 {boxes} --json")
    [(points,)] = cli.sql("SELECT count(*) FROM point")
    assert said in result.err
    if answer in ("meets", "judged"):
        assert (result.json["eligibility"], points) == (answer, 3)
    else:
        assert (result.code, result.out, points) == (3, "", 2)
        assert answer in result.err.splitlines()[0] and "三(一)" in result.err


@scenes(r"""
# JSON and words
$ register 甲 --type other --judgement 纠纷多 --liaison 李四 --officer 王五 --json
{"code": "P003", "name": "甲", "type": "other", "eligibility": "judged", "since": "2026-09-28"}
@ zh
$ 设点 乙 --type other --judgement 纠纷多 --liaison 李四 --officer 王五
P004 乙 已设点：工商所认定。
$ register 丙 --type 商场 --area 199.99 --capital 40万
! 错误：未登记：未达到商场的标准（三(一)1）。
!   营业面积为 199.99 m²，标准为200.00 m²以上。
!   注册资金为 400000.00 元，标准为500000.00 元以上。
!   尚缺：营业额。
!   如工商所认定客流量较大，也可填写认定理由（三(一)1）。
[3]
# all that a place lacks is told, and the way out
$ register 新店 --type market --area 1000 --stalls 99
! Error: Not recorded: below the rule for type market (三(一)4).
!   stalls is 99 stalls; the rule asks for 100 stalls or more.
!   If there are many disputes, register it as type other with a judgement (三(一)6).
[3]
$ register 新店 --type market --area 999
! Error: Not recorded: below the rule for type market (三(一)4).
!   area is 999.00 m²; the rule asks for 1000.00 m² or more.
!   Still missing: stalls.
!   Or fill in judgement, if the station judges trade or footfall large (三(一)4).
[3]
$ register 新店 --type market --judgement 客流大
! Error: Not recorded: the data for type market are incomplete (三(一)4).
!   Still missing: area, stalls.
[3]
$ register 新店 --type scenic --grade AA --judgement 大
! Error: Not recorded: below the rule for type scenic area (三(一)5).
!   grade is AA; the rule asks for AAA or more.
!   If there are many disputes, register it as type other with a judgement (三(一)6).
[3]
$ register 新店 --type scenic
! Error: Not recorded: the data for type scenic area are incomplete (三(一)5).
!   Still missing: grade, judgement.
!   Fill in judgement: that the station judges the shop to be of some size (三(一)5).
[3]
$ register 新店 --type other
! Error: Not recorded: the data for type other are incomplete (三(一)6).
!   Still missing: judgement.
!   Fill in judgement: that disputes are many and the station judges the place suitable (三(一)6).
[3]
$ register 新店 --type enterprise --sector none
! Error: Not recorded: below the rule for type enterprise (三(一)3).
!   sector is none of these; the rule asks for one of the sectors of 三(一)3.
!   Or fill in judgement, if the station judges the enterprise large (三(一)3).
[3]
# a likely duplicate is told, not refused
+ register 甲店 --type other --judgement 多 --liaison 李四 --officer 王五 --host 甲公司 --address 东街1号
$ register 东门商场 --type other --judgement 多 --liaison 李四 --officer 王五 --host 百货公司
P004 东门商场 is registered: judged by the station.
! Is it the same as P001 东门商场? The name, or the host and address, are the same.
$ register 新店 --type other --judgement 多 --liaison 李四 --officer 王五 --host 甲公司 --address 东街1号
P005 新店 is registered: judged by the station.
! Is it the same as P003 甲店? The name, or the host and address, are the same.
$ register 老店 --type other --judgement 多 --liaison 李四 --officer 王五 --host 甲公司 --address 东街2号
P006 老店 is registered: judged by the station.
$ register 小店 --type other --judgement 多 --liaison 李四 --officer 王五 --host 甲公司
P007 小店 is registered: judged by the station.
$ register 分店 --type other --judgement 多 --liaison 李四 --officer 王五 --host 百货公司
P008 分店 is registered: judged by the station.
# the name of a point of the same operator is refused, until it is said to be another
+ register 甲店 --type other --judgement 多 --liaison 李四 --officer 王五
$ register 甲店 --type other --judgement 多
! Error: Not registered: P003 甲店 has this name and operator already. Change it by ledger12315 \
    point amend P003; to make a second point of the name, add --another.
[3]
@ zh
$ 设点 甲店 --类型 其他 --认定理由 多
! 错误：未登记：P003 甲店 的名称和依托经营者与此相同。要更改，用 ledger12315 服务点 变更 P003；确是另一个同名的服务点，加上 --另设。
[3]
@ en
$ register 甲店 --type other --judgement 多 --liaison 李四 --officer 王五 --another
P004 甲店 is registered: judged by the station.
! Is it the same as P003 甲店? The name, or the host and address, are the same.
$ register 乙店 --type other --judgement 多 --liaison 李四 --officer 王五 --since 9-1 --another
P005 乙店 is registered: judged by the station.
+ point retire P005 --on 2026-09-20
$ register 乙店 --type other --judgement 多 --liaison 李四 --officer 王五
P006 乙店 is registered: judged by the station.
! Is it the same as P005 乙店? The name, or the host and address, are the same.
# codes follow on and are given once
+ register 甲 --type other --judgement 多
+ register 乙 --type other --judgement 多 --code P005
+ register 丙 --type other --judgement 多
+ register 戊 --type other --judgement 多 --code p007
+ register 己 --type other --judgement 多
$ register 丁 --type other --judgement 多 --code P005
! Error: The code P005 is used by another point. Leave out --code, or give a free one.
[3]
$ register 丁 --type other --judgement 多 --code p005
! Error: The code p005 is used by another point. Leave out --code, or give a free one.
[3]
$ point list
P001 | 东门商场 | mall | meets the rule | 2026-01-05 |  | 林秀珍 | 13900000101 | 陈建平 | 13900000202
P002 | 南门市场 | market | meets the rule | 2026-01-05 |  |  |  |  |
P003 | 甲 | other | judged by the station | 2026-09-28 |  |  |  |  |
P005 | 乙 | other | judged by the station | 2026-09-28 |  |  |  |  |
P006 | 丙 | other | judged by the station | 2026-09-28 |  |  |  |  |
p007 | 戊 | other | judged by the station | 2026-09-28 |  |  |  |  |
P008 | 己 | other | judged by the station | 2026-09-28 |  |  |  |  |
! Without a point officer (三(五)1): P002, P003, P005, P006, p007, P008.
# a missing officer is told at registration and in every list
$ register 甲 --type other --judgement 纠纷多 --liaison 李四
P003 甲 is registered: judged by the station.
! No point officer yet: every point needs one from the station (三(五)1).
$ point list
P001 | 东门商场 | mall | meets the rule | 2026-01-05 |  | 林秀珍 | 13900000101 | 陈建平 | 13900000202
P002 | 南门市场 | market | meets the rule | 2026-01-05 |  |  |  |  |
P003 | 甲 | other | judged by the station | 2026-09-28 |  | 李四 |  |  |
! Without a point officer (三(五)1): P002, P003.
$ point show P003
code | P003
name | 甲
type | other
eligibility | judged by the station
since | 2026-09-28
demonstration | none
judgement | 纠纷多
liaison | 李四  2026-09-28
…
! Without a point officer (三(五)1): P003.
+ point retire P002 --on 2026-09-01
@ zh
$ point list
P001 | 东门商场 | 商场 | 达标 | 2026-01-05 |  | 林秀珍 | 13900000101 | 陈建平 | 13900000202
P002 | 南门市场 | 市场 | 达标 | 2026-01-05 | 2026-09-01 |  |  |  |
P003 | 甲 | 其他 | 工商所认定 | 2026-09-28 |  | 李四 |  |  |
! 尚无工商所联系人的服务点（三(五)1）：P003。
# a point as it is listed and shown
$ point list
P001 | 东门商场 | mall | meets the rule | 2026-01-05 |  | 林秀珍 | 13900000101 | 陈建平 | \
    13900000202
P002 | 南门市场 | market | meets the rule | 2026-01-05 |  |  |  |  |
! Without a point officer (三(五)1): P002.
% 80 point list
code  name      type    eligibility     since       liaison  officer
────────────────────────────────────────────────────────────────────
P001  东门商场  mall    meets the rule  2026-01-05  林秀珍   陈建平
P002  南门市场  market  meets the rule  2026-01-05
$ point show P001 --json
{"code": "P001", "name": "东门商场", "type": "mall", "eligibility": "meets", "since": \
    "2026-01-05", "retired": null, "liaison": "林秀珍", "liaison_phone": "13900000101", \
    "officer": "陈建平", "officer_phone": "13900000202", "demonstration": "none", "filed": null, \
    "filing_no": null, "demonstration_since": null, "judgement": null, "host": null, "address": \
    null, "phone": null, "credit_code": null, "principal": null, \
    "area": "500.00", "capital": "800000.00", "turnover": \
    "3000000.00", "stalls": null, "grade": null, "sector": null, "contacts": [{"role": "liaison", \
    "name": "林秀珍", "phone": "13900000101", "terms": null, "badge": null, "since": \
    "2026-01-05"}, {"role": "officer", "name": "陈建平", "phone": "13900000202", "terms": null, \
    "badge": null, "since": "2026-01-05"}], "changes": [], "conditions": {"office": null, "sign": \
    null, "liaison": null, "equipment": null, "systems": null, "register": null, "board": null, \
    "records": null, "uniform": null, "purchase_inspection": null, "promise": null, "withdrawal": \
    null}}
@ zh
$ 服务点 列表 --csv
BOM 编号,名称,类型,设置依据,设立日期,撤销日期,联络员,联络员电话,联系人,联系人电话,示范级别,备案日期
P001,东门商场,商场,达标,2026-01-05,,林秀珍,13900000101,陈建平,13900000202,无,
P002,南门市场,市场,达标,2026-01-05,,,,,,无,
! 尚无工商所联系人的服务点（三(五)1）：P002。
""")
def test_registering_in_words(script: str, cli: Cli) -> None:
    cli.plays(script)
