"""`point amend`, `inspect` and `retire`, and what `point show` and `list` tell of it; P001 is a mall since 2026-01-05."""

from pathlib import Path

from tests.cli.conftest import Cli, table

_TABLES = (
    "point",
    "point_type",
    "contact",
    "demonstration",
    "former_host",
    "inspection",
    "complaint",
    "record",
    "act",
)


def everything(cli: Cli) -> list[object]:
    return [cli.sql(f"SELECT * FROM {name}") for name in _TABLES]


@table("""
    options                                               | said
    --name 东门大商场 --address 解放路1号 --on 2026-02-01 | P001 is amended: name, address.
    --type 超市 --on 2026-09-01                           | P001 is amended: type.
    --type supermarket --area 120 --host 东门公司         | P001 is amended: area, type, host.
    --area 100 --judgement 客流量大                       | P001 is amended: area, judgement.
    --liaison '林秀珍 13900000101; 赵六 13811112222'      | P001 is amended: liaison.
    --liaison '林秀珍 13900000101'                        | P001 stands so already.
    --liaison '林秀珍 13900000102 专职 B01'               | P001 is amended: liaison.
    --liaison '林秀珍 专职 B01 13900000102'               | P001 is amended: liaison.
    --officer '' --judgement ''                           | P001 is amended: officer.
    --demonstration 市级 --on 2026-03-15                  | P001 is amended: demonstration.
    --demonstration none --type mall                      | P001 stands so already.
    --filed 2026-02-01                                    | P001 is amended: filed.
""")
def test_amending_in_words(options: str, said: str, cli: Cli) -> None:
    assert cli(f"point amend P001 {options}") == (0, f"{said}\n", "")
    assert cli("ledger check").code == 0


@table("""
    given                                                     | stand
    张伟 13900000001; 张伟 13900000002                        | 0001 B1 2026-09-01, 0002 - 2026-09-01
    张伟 13900000002; 张伟                                    | 0001 B1 2026-09-01, 0002 - 2026-09-01
    张伟 13900000002                                          | 0002 - 2026-09-01
    张伟 13900000003; 张伟 13900000001; 张伟 13900000002      | 0001 B1 2026-09-01, 0002 - 2026-09-01, 0003 - 2026-09-28
    张伟 13900000003; 张伟 13900000002                        | 0003 B1 2026-09-01, 0002 - 2026-09-01
    张伟                                                      | 0001 B1 2026-09-01
""")
def test_liaisons_of_one_name_are_told_apart_by_their_phones(
    given: str, stand: str, cli: Cli
) -> None:
    cli.all("point amend P001 --liaison '张伟 13900000001 专职 B1; 张伟 13900000002' --on 9-1")
    cli.all(f"point amend P001 --liaison '{given}'")
    contacts = [
        each
        for each in cli("point show P001 --json --reveal").json["contacts"]
        if each["role"] == "liaison"
    ]
    assert (
        ", ".join(
            f"{each['phone'][-4:]} {each['badge'] or '-'} {each['since']}" for each in contacts
        )
        == stand
    )


@table("""
    options                              | code | said
    --area 99.99                         | 3    | area is 99.99 m²; the rule asks for 100.00 m² or more.
    --area ''                            | 3    | Still missing: area.
    --type market                        | 3    | Still missing: stalls.
    --type scenic --grade AAA            | 3    | --judgement says why the station judges the shop
    --type 超市 --on 2026-01-04          | 3    | 东门商场 was set up only on 2026-01-05
    --type mall --on 2026-08-31          | 3    | type changed last on 2026-09-01; no change can be dated before
    --liaison 赵六 --on 2026-08-31       | 3    | liaison changed last on 2026-09-01
    --liaison 赵六13900000010            | 2    | a phone sticks to the name; put a blank before it
    --liaison '赵六,13900000010,专职'    | 2    | a phone sticks to the name; put a blank before it
    --liaison 13900000010                | 2    | a phone sticks to the name; put a blank before it
    --liaison '赵六 13900000010 临时'    | 2    | behind the name come its phone
    --liaison '赵六 专职 B1 B2'          | 2    | behind the name come its phone
    --officer 周 --on 2026-08-31         | 3    | officer changed last on 2026-09-01
    --host 西门公司 --on 2026-08-31      | 3    | host changed last on 2026-09-01
    --demonstration none --on 2026-08-31 | 3    | demonstration changed last on 2026-09-01
    --name ' '                           | 2    | name cannot be empty.
    --type ''                            | 2    | type cannot be empty.
                                         | 2    | Nothing to amend: name at least one box. See: ledger12315 point amend --help
    --demonstration national             | 2    | demonstration: national is not one of its words
    --type supermarket --on 2026-09-29   | 2    | on: 2026-09-29 lies in the future
""")
def test_what_is_refused_changes_nothing(options: str, code: str, said: str, cli: Cli) -> None:
    cli.all(
        "point amend P001 --type 超市 --area 250 --liaison 赵六 --officer 周 --host 甲 --demonstration 省级 --on 2026-09-01"
    )
    before = everything(cli)
    result = cli(f"point amend P001 {options}")
    assert (str(result.code), result.out) == (code, "") and said in result.err
    assert everything(cli) == before


def test_what_happened_from_the_day_on_follows_the_new_type(cli: Cli) -> None:
    for day in ("2026-01-02", "2026-08-31", "2026-09-01", "2026-09-27"):
        cli.log(f"--received {day}")
        cli.all(f"record inquiry P001 --on {day}")
    types = "SELECT substr(group_concat(type), 1, 99) FROM (SELECT type FROM {} ORDER BY id)"
    for options, expected in (
        ("--type 超市 --on 2026-09-01", "mall,mall,supermarket,supermarket"),
        ("--type enterprise --sector 饭店 --on 2026-09-01", "mall,mall,enterprise,enterprise"),
        ("--type mall --on 2026-09-01", "mall,mall,mall,mall"),
        ("--type 超市 --on 2026-01-05", "supermarket,supermarket,supermarket,supermarket"),
    ):
        cli.all(f"point amend P001 {options}")
        assert [cli.sql(types.format(name)) for name in ("complaint", "record")] == [
            [(expected,)]
        ] * 2
    assert cli("ledger check").code == 0


@table("""
    options                               | filed      | said
    --address 解放路1号                   |            | P001 was filed on 2026-02-01: file it again with the county desk.
    --liaison 赵六 --on 2026-09-01        |            | P001 was filed on 2026-02-01: file it again with the county desk.
    --address 解放路1号 --filed 9-27      | 2026-09-27 |
    --type mall --area 500                | 2026-02-01 |
    --filed ''                            |            |
""")
def test_what_changes_is_to_be_filed_again(options: str, filed: str, said: str, cli: Cli) -> None:
    cli.all("point amend P001 --filed 2026-02-01")
    result = cli(f"point amend P001 {options} --json")
    assert (result.code, result.json["filed"] or "", result.err.strip()) == (0, filed, said)


def test_boxes_from_stdin_and_as_json(cli: Cli) -> None:
    result = cli(
        "point amend P001 --from-stdin --json",
        stdin='{"liaison": "赵六 13811112222", "host": "", "area": 300}',
    )
    assert (
        result.line
        == '{"code": "P001", "type": "mall", "eligibility": "meets", "filed": null, "amended": ["area", "liaison"]}'
    )
    assert [row["liaison"] for row in cli("point list --json --reveal").json] == ["赵六", None]


LIVED = """
    point amend P001 --type 超市 --host 东门公司 --demonstration 市级 --officer '周正 13700001111' --on 2026-09-01
    point amend P001 --liaison '林秀珍 专职 B01; 赵六 13811112222 兼职' --on 2026-09-10 --filed 2026-09-12
    point inspect P001 --office yes --sign 'no:牌匾破损' --register yes --on 2026-03-01 --inspector 王五
    point inspect P001 --office no --board '是:9月更新' --on 2026-09-20
"""


def test_a_point_in_full(cli: Cli) -> None:
    cli.given(LIVED)
    shown = cli("point show P001", lang="zh").out
    assert (
        shown.replace("\t", ": ")
        == """\
编号: P001
名称: 东门商场
类型: 超市
设置依据: 达标
设立日期: 2026-01-05
示范级别: 市级
备案日期: 2026-09-12
示范命名日期: 2026-09-01
依托经营者: 东门公司
营业面积(m²): 500.00
注册资金(元): 800000.00
营业额(元): 3000000.00
联络员: 林**  139****0101  专职  B01  2026-01-05
联络员: 赵*  138****2222  兼职  2026-09-10
联系人: 周*  137****1111  2026-09-01
2026-09-01: 示范级别: - -> 市级
2026-09-01: 依托经营者: - -> 东门公司
2026-09-01: 联系人: 陈** -> 周*
2026-09-01: 类型: 商场 -> 超市
2026-09-10: 联络员: - -> 赵*
固定办公场所: 否  2026-09-20
统一牌匾和标识标志牌: 否  2026-03-01  王*  牌匾破损
联络员及胸卡: 未检查
固定电话和视频计算机: 未检查
九项工作制度: 未检查
登记簿: 是  2026-03-01  王*
宣传栏及更新: 是  2026-09-20  9月更新
五类工作记录: 未检查
七个统一: 未检查
进货查验制度: 未检查
质量和服务承诺制度: 未检查
不合格商品退市制度: 未检查
"""
    )


def test_a_phone_in_free_text_is_masked_unless_revealed(cli: Cli) -> None:
    cli.all("""
        point amend P001 --host '东门公司 13912345678'
        point inspect P001 --office no:来电13912345678
    """)
    assert [
        cli(f"point show P001 {how}").out.count("139****5678") for how in ("", "--json", "--reveal")
    ] == [3, 3, 0]


def test_a_point_in_full_as_json(cli: Cli) -> None:
    cli.given(LIVED)
    shown = cli("point show P001 --json").json
    assert list(shown)[10:14] == ["demonstration", "filed", "demonstration_since", "judgement"]
    assert shown["contacts"] == [
        {
            "role": "liaison",
            "name": "林**",
            "phone": "139****0101",
            "terms": "full_time",
            "badge": "B01",
            "since": "2026-01-05",
        },
        {
            "role": "liaison",
            "name": "赵*",
            "phone": "138****2222",
            "terms": "part_time",
            "badge": None,
            "since": "2026-09-10",
        },
        {
            "role": "officer",
            "name": "周*",
            "phone": "137****1111",
            "terms": None,
            "badge": None,
            "since": "2026-09-01",
        },
    ]
    assert shown["changes"][2:4] == [
        {"day": "2026-09-01", "box": "officer", "was": "陈**", "becomes": "周*"},
        {"day": "2026-09-01", "box": "type", "was": "mall", "becomes": "supermarket"},
    ]
    assert shown["conditions"]["sign"] == {
        "met": False,
        "day": "2026-03-01",
        "inspector": "王*",
        "remark": "牌匾破损",
    }
    assert shown["conditions"]["uniform"] is None
    revealed = cli("point show P001 --json --reveal").json
    assert [revealed["contacts"][1]["name"], revealed["changes"][2]["was"]] == ["赵六", "陈建平"]


def test_a_list_by_type_with_level_and_filing(cli: Cli) -> None:
    cli.given(LIVED)
    assert [
        (row["code"], row["demonstration"], row["filed"]) for row in cli("point list --json").json
    ] == [
        ("P001", "municipal", "2026-09-12"),
        ("P002", "none", None),
    ]
    assert [row["code"] for row in cli("point list --type 市场 --json").json] == ["P002"]
    assert cli("point list --type 商场").out == ""
    assert cli("point list --type shop").code == 2


@table("""
    options                            | lang | code | said
    --office yes --sign no             | en   | 0    | P001 on 2026-09-28, not met: plaque and sign.
    --sign no:旧 --office 否 --on 9-27 | zh   | 0    | P001 2026-09-27 检查，不符合：固定办公场所、统一牌匾和标识标志牌（旧）。
    --office yes                       | en   | 0    | P001 on 2026-09-28: all that was looked at is met.
    --inspector 王五                   | en   | 2    | Error: Nothing was inspected: name at least one condition
    --office maybe                     | en   | 2    | Error: office: maybe is neither yes nor no
    --office yes --on 2026-09-29       | en   | 2    | Error: on: 2026-09-29 lies in the future
""")
def test_inspecting_in_words(options: str, lang: str, code: str, said: str, cli: Cli) -> None:
    result = cli(f"point inspect P001 {options}", lang=lang)
    assert str(result.code) == code and (result.out + result.err).startswith(said)


def test_a_second_inspection_of_the_day_replaces_what_it_looks_at(cli: Cli) -> None:
    cli.all("point inspect P001 --office yes --sign 否，破损 --inspector 王五")
    result = cli(
        "point inspect P001 --from-stdin --json", stdin='{"sign": "yes", "inspector": "赵六"}'
    )
    assert (
        result.line
        == '{"point": "P001", "on": "2026-09-28", "conditions": {"sign": {"met": true, "remark": null}}}'
    )
    assert cli.sql("SELECT item, met, inspector, remark FROM inspection") == [
        ("office", 1, "王五", None),
        ("sign", 1, "赵六", None),
    ]


def test_conditions_are_asked_for_one_by_one(cli: Cli) -> None:
    answers = "office>是;plaque>no:破损;liaison>maybe;neither yes nor no>;equipment>;systems>;register>;board>;records>"
    code, seen = cli.talk("point inspect P001", f"{answers};uniform>;purchase>;promise>;withdrawal>yes;Write it>"
    )
    assert code == 0 and "P001 on 2026-09-28, not met: plaque and sign (破损)." in seen, seen


@table("""
    done                                    | on         | code | said
                                            | 2026-09-27 | 0    | P001 东门商场 is retired from 2026-09-27 on.
                                            | 2026-01-05 | 0    | P001 东门商场 is retired from 2026-01-05 on.
                                            | 2026-01-04 | 3    | 东门商场 was set up only on 2026-01-05
                                            | 2026-09-29 | 2    | on: 2026-09-29 lies in the future
    point amend P001 --type 超市 --on 9-10  | 2026-09-10 | 0    | P001 东门商场 is retired from 2026-09-10 on.
    point amend P001 --type 超市 --on 9-10  | 2026-09-09 | 3    | type changed last on 2026-09-10; no change can be
    point amend P001 --officer 周 --on 9-10 | 2026-09-09 | 3    | officer changed last on 2026-09-10; no change can be
    log P001 --received 9-20 --item 锅      | 2026-09-20 | 3    | of 2026-09-20 or later: 1, the first 2026-0001. Void
    log P001 --received 9-20 --item 锅      | 2026-09-21 | 0    | P001 东门商场 is retired from 2026-09-21 on.
    record inquiry P001 --on 9-20           | 2026-09-19 | 3    | of 2026-09-19 or later: 1, the first inquiry of 2026-09-20. Void
    point retire P001 --on 2026-09-01       | 2026-09-02 | 3    | 东门商场 was retired on 2026-09-01; nothing there changes
""")
def test_retiring_in_words(done: str, on: str, code: str, said: str, cli: Cli) -> None:
    cli.all(done.replace("log", "log --complainant 张三 --facts 坏 --kind goods"))
    result = cli(f"point retire P001 --on {on}")
    assert str(result.code) == code and said in result.out + result.err
    assert cli("ledger check").code == 0


def test_a_retired_point_stays_as_it_was(cli: Cli) -> None:
    cli.log("--received 2026-09-20")
    cli.given(LIVED)
    result = cli("point retire P001 --on 2026-09-27 --json")
    assert result.line == '{"code": "P001", "retired": "2026-09-27", "open": 1}'
    assert result.err == "Complaints of it that are still open: 1. They are handled to their end.\n"
    assert [
        cli(f"point {line}").code
        for line in ("amend P001 --address 解放路", "inspect P001 --office yes")
    ] == [3, 3]
    shown = cli("point show P001 --json")
    assert (shown.json["type"], shown.json["liaison"], shown.json["contacts"]) == (
        "supermarket",
        None,
        [],
    )
    assert shown.err == ""
    cli.all("close 2026-1 --outcome settled")
    row = {row["type"]: row for row in cli("rollup 6 2026Q3 --json").json["rows"]}
    keys = ("points_start", "points_new", "points_retired", "points_end", "closed")
    assert {
        type_: [row[type_][key] for key in keys] for type_ in ("mall", "supermarket", "total")
    } == {
        "mall": [1, 0, 1, 0, 0],
        "supermarket": [0, 1, 1, 0, 1],
        "total": [2, 0, 1, 1, 1],
    }
    assert cli("ledger check").code == 0


# Its officer changes on the 20th, when its level of demonstration is changed and changed back.
BEFORE = """
    point amend P001 --type 超市 --liaison '赵六 13811112222' --demonstration 市级 --on 2026-09-01
    point amend P001 --officer 周正 --demonstration 省级 --on 2026-09-20
    point amend P001 --demonstration 市级 --on 2026-09-20
    point amend P001 --filed 2026-09-21
    log P001 --complainant 张三 --item 锅 --facts 坏 --kind goods --received 2026-09-22
"""


def dated(cli: Cli) -> list[object]:
    contacts = "SELECT name, since, until FROM contact ORDER BY id"
    return [
        cli.sql("SELECT retired, filed FROM point"),
        cli.sql(contacts),
        *everything(cli)[1:4:2],
        cli("point list").out,
    ]


@table("""
    first     | then      | code | said
    9-23      | 9-27      | 0    | P001 is amended: retired.
    9-27      | 9-23      | 0    | P001 is amended: retired.
    9-20      | 9-27      | 0    | P001 is amended: retired.
    9-20      | ''        | 0    | P001 is amended: retired.
    9-27      | 9-27      | 0    | P001 stands so already.
    9-27      | 9-22      | 3    | of 2026-09-22 or later: 1, the first 2026-0001. Void them, or retire it later.
    9-27      | 9-19      | 3    | officer changed last on 2026-09-20; no change can be dated before that.
    9-27      | 1-4       | 3    | 东门商场 was set up only on 2026-01-05
    9-27      | 2026-9-29 | 2    | retired: 2026-09-29 lies in the future
    9-27      | ''        | 0    | P001 is amended: retired.
    never     | 9-27      | 3    | 东门商场 was never retired. See: ledger12315 point retire
    never     | ''        | 3    | 东门商场 was never retired. See: ledger12315 point retire
    9-27      | 9-25 --address 解放路 | 3 | correct the day alone. ledger12315 point amend P001 --retired 2026-09-25
    9-27      | 9-25 --filed 9-26 | 3    | correct the day alone. ledger12315 point amend P001 --retired 2026-09-25
""")
def test_a_retirement_is_corrected_or_taken_back(
    first: str, then: str, code: str, said: str, cli: Cli, tmp_path: Path
) -> None:
    """As if it had been right at once: the same rows as in a ledger where that was done; or nothing is changed."""
    cli.given(BEFORE)
    right = Cli(tmp_path / "right.sqlite", cli.set)
    right.path.write_bytes(cli.path.read_bytes())
    for ledger, day in ((cli, first), (right, then if code == "0" else first)):
        ledger.all("complaint void 2026-1 --reason 重复" if first == "9-20" else "")
        if day not in ("never", "''"):
            ledger.all(f"point retire P001 --on {day}")
    result = cli(f"point amend P001 --retired {then}")
    assert str(result.code) == code and said in result.out + result.err
    if (then, code) == ("''", "0"):
        right.sql("UPDATE point SET filed = NULL")
    assert dated(cli) == dated(right)
    assert cli("ledger check").code == 0


def test_a_retirement_that_was_taken_back_is_filed_again_and_can_come_again(cli: Cli) -> None:
    cli.all(f"{BEFORE}point retire P001 --on 9-23\npoint amend P001 --retired 9-25")
    result = cli("point amend P001 --retired '' --address 解放路 --json")
    assert (
        result.line
        == '{"code": "P001", "type": "supermarket", "eligibility": "meets", "filed": null, "amended": ["retired", "address"]}'
    )
    assert result.err == "P001 was filed on 2026-09-21: file it again with the county desk.\n"
    cli.all("point retire P001 --on 9-26\npoint amend P001 --retired 9-27")
    assert (
        "retired on 2026-09-27; nothing there changes any more. Was it another day? ledger12315 point amend"
        in cli("point retire P001 --on 9-23").err
    )
