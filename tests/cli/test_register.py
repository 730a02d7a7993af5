"""`register` and `point`: each type's rule at its boundary (三(一)), the four answers, and what is told besides."""

from tests.cli.conftest import Cli, table

_COUNT = "SELECT count(*) FROM point"


@table("""
    boxes                                                            | answer     | said
    --type mall --area 200 --capital 500000 --turnover 1000000       | meets      |
    --type 商场 --area 200平方米 --capital 50万 --turnover 100万     | meets      |
    --type mall --area 199.99 --capital 50万 --turnover 100万        | below      | 199.99 m²; the rule asks for 200.00 m² or more
    --type mall --area 200 --capital 499999.99 --turnover 100万      | below      | capital is 499999.99; the rule asks for
    --type mall --area 200 --capital 50万 --turnover 999999.99       | below      | turnover is 999999.99; the rule asks for
    --type mall --area 1 --capital 1 --turnover 1                    | below      | where the station judges footfall large
    --type mall --area 199.99 --judgement 客流量大                   | judged     |
    --type mall --judgement 客流量大                                 | judged     |
    --type mall --turnover 100万                                     | incomplete | area, capital.
    --type mall --area 100                                           | below      | capital, turnover.
    --type supermarket --area 100 --turnover 30万                    | meets      |
    --type supermarket --area 99.99 --turnover 30万                  | below      | 99.99 m²; the rule asks for 100.00 m²
    --type supermarket --area 100 --turnover 299999.99               | below      | the rule asks for 300000.00 or more
    --type supermarket --area 99.99 --turnover 30万 --judgement 客多 | judged     |
    --type supermarket                                               | incomplete | area, turnover.
    --type enterprise --sector 电信运营商                            | meets      |
    --type enterprise --sector 供气                                  | meets      |
    --type enterprise --sector 饭店                                  | meets      |
    --type enterprise --sector consumer_service                      | meets      |
    --type enterprise --sector none                                  | below      | where the station judges the enterprise large
    --type enterprise --sector none --judgement 规模大               | judged     |
    --type enterprise                                                | incomplete | sector.
    --type market --area 1000 --stalls 100                           | meets      |
    --type market --area 999.99 --stalls 100                         | below      | judges trade or footfall large
    --type market --area 999.99 --stalls 100 --judgement 交易量大    | judged     |
    --type market --area 1000 --stalls 99                            | below      | it can be registered with --type other
    --type market --area 1000 --stalls 99 --judgement 交易量大       | below      | stalls is 99; the rule asks for 100 or more
    --type market --area 1000 --judgement 交易量大                   | incomplete | stalls.
    --type market --stalls 100                                       | incomplete | area.
    --type scenic --grade AAA --judgement 景区内最大                 | judged     |
    --type scenic --grade 5A --judgement 景区内最大                  | judged     |
    --type scenic --grade AA --judgement 景区内最大                  | below      | grade is AA; the rule asks for AAA or more
    --type scenic --grade AAA                                        | incomplete | judgement.
    --type scenic --judgement 景区内最大                             | incomplete | grade.
    --type scenic                                                    | incomplete | grade, judgement.
    --type other --judgement 纠纷多                                  | judged     |
    --type other                                                     | incomplete | judgement.
    --type other --area 5000 --judgement ' '                         | incomplete | judgement.
""")
def test_a_types_rule(boxes: str, answer: str, said: str, cli: Cli) -> None:
    result = cli(f"register 新店 {boxes} --json")
    assert said in result.err
    if answer in ("meets", "judged"):
        assert (result.json["eligibility"], cli.sql(_COUNT)) == (answer, [(3,)])
    else:
        assert (result.code, result.out, cli.sql(_COUNT)) == (3, "", [(2,)])
        assert answer in result.err.splitlines()[0] and "三(一)" in result.err


def test_json_and_words(cli: Cli) -> None:
    new = "--type other --judgement 纠纷多 --liaison 李四 --officer 王五"
    expected = '{"code": "P003", "name": "甲", "type": "other", "eligibility": "judged", "since": "2026-09-28"}'
    assert cli(f"register 甲 {new} --json").line == expected
    assert cli(f"设点 乙 {new}", lang="zh") == (0, "P004 乙 已登记：工商所认定。\n", "")
    below = cli("register 丙 --type 商场 --area 199.99 --capital 40万", lang="zh").err.splitlines()
    told = ("商场", "营业面积(area)", "注册资金(capital)", "营业额(turnover)", "--judgement")
    assert [part for part, line in zip(told, below, strict=True) if part not in line] == []


@table("""
    boxes                            | told
    东门商场 --host 百货公司         | Is it the same as P001 东门商场? Name, or host and address, are equal.
    新店 --host 甲公司 --address 东街1号 | Is it the same as P003 甲店? Name, or host and address, are equal.
    新店 --host 甲公司 --address 东街2号 |
    新店 --host 甲公司               |
""")
def test_a_likely_duplicate_is_told_not_refused(boxes: str, told: str, cli: Cli) -> None:
    people = "--type other --judgement 纠纷多 --liaison 李四 --officer '王五 13900000303'"
    cli(f"register 甲店 {people} --host 甲公司 --address 东街1号")
    result = cli(f"register {boxes} {people}")
    assert (result.code, result.err.strip()) == (0, told)


def test_codes_follow_on_and_are_given_once(cli: Cli) -> None:
    new = "--type other --judgement 纠纷多 --json"
    codes = [
        cli(f"register {point} {new}").json["code"]
        for point in ("甲", "乙 --code P005", "丙", "戊 --code p007", "己")
    ]
    assert codes == ["P003", "P005", "P006", "p007", "P008"]
    assert [cli(f"register 丁 {new} --code {code}").code for code in ("P005", "p005")] == [3, 3]


def test_a_missing_officer_is_told_at_registration_and_in_every_list(cli: Cli) -> None:
    told = cli("register 甲 --type other --judgement 纠纷多 --liaison 李四").err
    assert told == "No point officer yet: every point needs one from the station (三(五)1).\n"
    assert cli("point list").err == "Without a point officer (三(五)1): P002, P003.\n"
    assert cli("point show P003").err == "Without a point officer (三(五)1): P003.\n"
    assert cli("point show P001").err == ""
    cli.sql("UPDATE point SET retired = '2026-09-01' WHERE code = 'P002'")
    assert cli("point list", lang="zh").err == "尚无工商所联系人的服务点（三(五)1）：P003。\n"


def test_a_point_as_it_is_listed_and_shown(cli: Cli) -> None:
    assert cli("point list").out.splitlines() == [
        "P001\t东门商场\tmall\tmeets the rule\t2026-01-05\t\t林**\t139****0101\t陈**\t139****0202",
        "P002\t南门市场\tmarket\tmeets the rule\t2026-01-05\t\t\t\t\t",
    ]
    assert (
        cli("服务点 列表 --csv", lang="zh")
        .out.splitlines()[1]
        .startswith("P001,东门商场,商场,达标,2026-01-05,,林**")
    )
    shown = {
        key: value
        for key, value in cli("point show P001 --json").json.items()
        if isinstance(value, str)
    }
    assert " ".join(f"{key}={value}" for key, value in shown.items()) == (
        "code=P001 name=东门商场 type=mall eligibility=meets since=2026-01-05 liaison=林** liaison_phone=139****0101"
        " officer=陈** officer_phone=139****0202 demonstration=none area=500.00 capital=800000.00 turnover=3000000.00"
    )
