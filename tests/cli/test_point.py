"""`point amend`, `inspect` and `retire`; P001 is a mall since 2026-01-05."""

from unittest.mock import ANY

from tests.cli.conftest import Cli, scenes
from tests.rows import cells, table

AMENDED = cells("""
    --name 东门大商场 --address 解放路1号 --on 2026-02-01 | P001 is amended: name, address.
    --type 超市 --on 2026-09-01                           | P001 is amended: type.
    --type supermarket --area 120 --host 东门公司         | P001 is amended: area, type, host.
    --area 100 --judgement 客流量大                       | P001 is amended: area, judgement.
    --liaison '林秀珍 13900000101; 赵六 13811112222'      | P001 is amended: liaison.
    --liaison '林秀珍 13900000101'                        | P001 already has these values.
    --liaison '林秀珍 13900000102 专职 B01'               | P001 is amended: liaison.
    --liaison '林秀珍 专职 B01 13900000102'               | P001 is amended: liaison.
    --officer '' --judgement ''                           | P001 is amended: officer.
    --demonstration 市级 --on 2026-03-15                  | P001 is amended: demonstration.
    --demonstration none --type mall                      | P001 already has these values.
    --filed 2026-02-01                                    | P001 is amended: filed.
""")


def test_amending_in_words(cli: Cli) -> None:
    """Each alone, and all of them after each other, which leave a sound ledger."""
    before = cli.path.read_bytes()
    for options, said in AMENDED:
        assert cli(f"point amend P001 {options}")[:2] == (0, f"{said}\n"), options
        cli.path.write_bytes(before)
    cli.all(
        "\n".join(
            f"point amend P001 {options}" for options, said in AMENDED if "already" not in said
        )
    )
    cli.all("ledger check")


def test_another_phone_of_a_liaison_is_a_change(cli: Cli) -> None:
    cli.given("point amend P001 --liaison '林秀珍 13900000101' --on 9-1")
    amended = cli("point amend P001 --liaison '林秀珍 13900000102'").out
    assert amended == "P001 is amended: liaison.\n"


@table(r"""
    given                                                     | stand
    张伟 13900000002; 张伟                                    | 0001 B1 2026-09-01, 0002 - 2026-09-01
    张伟 13900000003; 张伟 13900000001; 张伟 13900000002 | 0001 B1 2026-09-01, 0002 - 2026-09-01, 0003 \
        - 2026-09-28
    张伟 13900000001; 张伟 13900000002                        | 0001 B1 2026-09-01, 0002 - 2026-09-01
    张伟 13900000002                                          | 0002 - 2026-09-01
    张伟 13900000003; 张伟 13900000002                        | 0003 B1 2026-09-01, 0002 - 2026-09-01
    张伟                                                      | 0001 B1 2026-09-01
    张 伟 13900000002                                         | 0002 - 2026-09-01
    张　伟　13900000002                                       | 0002 - 2026-09-01
""")
def test_liaisons_of_one_name_are_told_apart_by_their_phones(
    given: str, stand: str, cli: Cli
) -> None:
    cli.given("point amend P001 --liaison '张伟 13900000001 专职 B1; 张伟 13900000002' --on 9-1")
    cli.all(f"point amend P001 --liaison '{given}'")
    contacts = cli("point show P001 --json --reveal").json["contacts"]
    found = [
        f"{each['phone'][-4:]} {each['badge'] or '-'} {each['since']}"
        for each in contacts
        if each["role"] == "liaison"
    ]
    assert ", ".join(found) == stand


@table(r"""
    options                              | code | said
    --area 99.99 | 3 | area is 99.99 m²; the rule asks for 100.00 m² or more.
    --area ''                            | 3    | Still missing: area.
    --type market                        | 3    | Still missing: stalls.
    --type scenic --grade AAA            | 3    | Fill in judgement: that the station judges
    --type 超市 --on 2026-01-04          | 3    | 东门商场 was set up on 2026-01-05
    --type mall --on 2026-08-31 | 3 | type changed last on 2026-09-01; no change can be dated \
        before
    --liaison 赵六 --on 2026-08-31       | 3    | liaison changed last on 2026-09-01
    --liaison 赵六13900000010            | 2    | put a space between the name and the phone
    --liaison '赵六,13900000010,专职'    | 2    | put a space between the name and the phone
    --liaison 13900000010                | 2    | the name is missing: write it before
    --liaison '赵六 13900000010 临时'    | 2    | after the name you can give a phone
    --liaison '赵六 专职 B1 B2'          | 2    | after the name you can give a phone
    --officer 周 --on 2026-08-31         | 3    | officer changed last on 2026-09-01
    --host 西门公司 --on 2026-08-31      | 3    | host changed last on 2026-09-01
    --demonstration none --on 2026-08-31 | 3    | demonstration changed last on 2026-09-01
    --name ' '                           | 2    | name cannot be empty.
    --type ''                            | 2    | type cannot be empty.
                                         | 2 | Nothing to amend: name at least one box. See: \
                                             ledger12315 point amend --help
    --demonstration national             | 2    | demonstration: national is not one of
    --type supermarket --on 2026-09-29   | 2    | on: 2026-09-29 is in the future
""")
def test_what_is_refused_changes_nothing(options: str, code: str, said: str, cli: Cli) -> None:
    cli.given(
        "point amend P001 --type 超市 --area 250 --liaison 赵六 --officer 周 --host 甲"
        " --demonstration 省级 --on 2026-09-01"
    )
    before = cli.path.read_bytes()
    result = cli(f"point amend P001 {options}")
    assert (str(result.code), result.out) == (code, "") and said in result.err
    assert cli.path.read_bytes() == before


def test_what_happened_from_the_day_on_follows_the_new_type(cli: Cli) -> None:
    for day in ("2026-01-02", "2026-08-31", "2026-09-01", "2026-09-27"):
        cli.log(f"--received {day}")
        cli.all(f"record inquiry P001 --on {day}")
    for options, before, after in cells("""
        --type 超市 --on 2026-09-01                     | mall        | supermarket
        --type enterprise --sector 饭店 --on 2026-09-01 | mall        | enterprise
        --type mall --on 2026-09-01                     | mall        | mall
        --type 超市 --on 2026-01-05                     | supermarket | supermarket
    """):
        cli.all(f"point amend P001 {options}")
        types = [(before,)] * 2 + [(after,)] * 2
        for name in ("complaint", "record"):
            assert cli.sql(f"SELECT type FROM {name} ORDER BY id") == types
    for type_, day in (("市场", "2026-09-02"), ("超市", "2026-09-03")):
        cli.all(f"point amend P001 --type {type_} --on {day} --judgement 人多")
    ends = cli.sql("SELECT until FROM point_type WHERE since > '2026-01-05' ORDER BY since")
    assert ends == [("2026-09-01",), ("2026-09-03",), (None,)]
    cli.all("ledger check")


@table(r"""
    options                               | filed      | said
    --address 解放路1号 | | P001 was filed on 2026-02-01: file it again with the county desk.
    --liaison 赵六 --on 2026-09-01 | | P001 was filed on 2026-02-01: file it again with the county \
        desk.
    --address 解放路1号 --filed 9-27      | 2026-09-27 |
    --type mall --area 500                | 2026-02-01 |
    --filed ''                            |            |
""")
def test_what_changes_is_to_be_filed_again(options: str, filed: str, said: str, cli: Cli) -> None:
    cli.given("point amend P001 --filed 2026-02-01")
    result = cli(f"point amend P001 {options} --json")
    assert (result.code, result.json["filed"] or "", result.err.strip()) == (0, filed, said)


LIVED = """
    point amend P001 --type 超市 --host 东门公司 --demonstration 市级 --officer '周正 13700001111' \
        --on 2026-09-01
    point amend P001 --liaison '林秀珍 专职 B01; 赵六 13811112222 兼职' --on 2026-09-10 --filed 9-12
    point inspect P001 --office yes --sign '否:牌匾破损' --register y --on 2026-03-01 --inspector 王五
    point inspect P001 --office 2 --board '1:9月更新' --on 2026-09-20
"""


@scenes(r"""
# in full
@ zh
$ point show P001
编号 | P001
名称 | 东门商场
类型 | 超市
设置依据 | 达标
设立日期 | 2026-01-05
示范级别 | 市级
备案日期 | 2026-09-12
示范命名日期 | 2026-09-01
依托经营者 | 东门公司
营业面积(m²) | 500.00
注册资金(元) | 800000.00
营业额(元) | 3000000.00
联络员 | 林秀珍  13900000101  专职  B01  2026-01-05
联络员 | 赵六  13811112222  兼职  2026-09-10
联系人 | 周正  13700001111  2026-09-01
2026-09-01 | 示范级别: - -> 市级
2026-09-01 | 依托经营者: - -> 东门公司
2026-09-01 | 联系人: 陈建平 -> 周正
2026-09-01 | 类型: 商场 -> 超市
2026-09-10 | 联络员: - -> 赵六
固定办公场所 | 否  2026-09-20
统一牌匾和标识标志牌 | 否  2026-03-01  王五  牌匾破损
联络员及胸卡 | 未检查
固定电话和视频计算机 | 未检查
九项工作制度 | 未检查
登记簿 | 是  2026-03-01  王五
宣传栏及更新 | 是  2026-09-20  9月更新
五类工作记录 | 未检查
七个统一 | 未检查
进货查验制度 | 未检查
质量和服务承诺制度 | 未检查
不合格商品退市制度 | 未检查
# with its own phone, which it puts up for everybody, and its head
+ point amend P001 --phone 0591-87654321
@ 2026-09-29
+ point amend P001 --phone 0591-12345678 --principal 赵大
@ zh
$ point show P001
…
固定电话 | 0591-12345678
负责人 | 赵大
…
2026-09-29 | 固定电话: 0591-87654321 -> 0591-12345678
…
# in full as JSON
$ point show P001 --json
{"code": "P001", "name": "东门商场", "type": "supermarket", "eligibility": "meets", "since": \
    "2026-01-05", "retired": null, "liaison": "林秀珍", "liaison_phone": "13900000101", \
    "officer": "周正", "officer_phone": "13700001111", "demonstration": "municipal", "filed": \
    "2026-09-12", "filing_no": null, "demonstration_since": "2026-09-01", "judgement": null, \
    "host": "东门公司", \
    "address": null, "phone": null, "credit_code": null, "principal": null, "area": "500.00", \
    "capital": "800000.00", "turnover": "3000000.00", "stalls": null, "grade": null, "sector": \
    null, "contacts": [{"role": "liaison", "name": "林秀珍", "phone": "13900000101", "terms": \
    "full_time", "badge": "B01", "since": "2026-01-05"}, {"role": "liaison", "name": "赵六", \
    "phone": "13811112222", "terms": "part_time", "badge": null, "since": "2026-09-10"}, {"role": \
    "officer", "name": "周正", "phone": "13700001111", "terms": null, "badge": null, "since": \
    "2026-09-01"}], "changes": [{"day": "2026-09-01", "box": "demonstration", "was": null, \
    "becomes": "municipal"}, {"day": "2026-09-01", "box": "host", "was": null, "becomes": \
    "东门公司"}, {"day": "2026-09-01", "box": "officer", "was": "陈建平", "becomes": "周正"}, \
    {"day": "2026-09-01", "box": "type", "was": "mall", "becomes": "supermarket"}, {"day": \
    "2026-09-10", "box": "liaison", "was": null, "becomes": "赵六"}], "conditions": {"office": \
    {"met": false, "lacking": null, "day": "2026-09-20", "inspector": null, "remark": null, \
    "updated": null}, "sign": {"met": false, "lacking": null, "day": "2026-03-01", "inspector": \
    "王五", "remark": "牌匾破损", "updated": null}, "liaison": null, "equipment": null, "systems": \
    null, "register": {"met": true, "lacking": null, "day": "2026-03-01", "inspector": "王五", \
    "remark": null, "updated": null}, "board": {"met": true, "lacking": null, "day": \
    "2026-09-20", "inspector": null, "remark": "9月更新", "updated": null}, "records": null, \
    "uniform": null, "purchase_inspection": null, "promise": null, "withdrawal": null}}
# revealed
$ point show P001 --json --reveal
{"code": "P001", "name": "东门商场", "type": "supermarket", "eligibility": "meets", "since": \
    "2026-01-05", "retired": null, "liaison": "林秀珍", "liaison_phone": "13900000101", "officer": \
    "周正", "officer_phone": "13700001111", "demonstration": "municipal", "filed": "2026-09-12", \
    "filing_no": null, "demonstration_since": "2026-09-01", "judgement": null, "host": "东门公司", \
    "address": null, \
    "phone": null, "credit_code": null, "principal": null, "area": "500.00", "capital": \
    "800000.00", "turnover": "3000000.00", "stalls": null, "grade": null, "sector": null, \
    "contacts": [{"role": "liaison", "name": "林秀珍", "phone": "13900000101", "terms": "full_time", \
    "badge": "B01", "since": "2026-01-05"}, {"role": "liaison", "name": "赵六", "phone": \
    "13811112222", "terms": "part_time", "badge": null, "since": "2026-09-10"}, {"role": \
    "officer", "name": "周正", "phone": "13700001111", "terms": null, "badge": null, "since": \
    "2026-09-01"}], "changes": [{"day": "2026-09-01", "box": "demonstration", "was": null, \
    "becomes": "municipal"}, {"day": "2026-09-01", "box": "host", "was": null, "becomes": \
    "东门公司"}, {"day": "2026-09-01", "box": "officer", "was": "陈建平", "becomes": "周正"}, {"day": \
    "2026-09-01", "box": "type", "was": "mall", "becomes": "supermarket"}, {"day": "2026-09-10", \
    "box": "liaison", "was": null, "becomes": "赵六"}], "conditions": {"office": {"met": false, \
    "lacking": null, "day": "2026-09-20", "inspector": null, "remark": null, "updated": null}, \
    "sign": {"met": false, "lacking": null, "day": "2026-03-01", "inspector": "王五", "remark": \
    "牌匾破损", "updated": null}, "liaison": null, "equipment": null, "systems": null, "register": \
    {"met": true, "lacking": null, "day": "2026-03-01", "inspector": "王五", "remark": null, \
    "updated": null}, "board": {"met": true, "lacking": null, "day": "2026-09-20", "inspector": \
    null, "remark": "9月更新", "updated": null}, "records": null, "uniform": null, \
    "purchase_inspection": null, "promise": null, "withdrawal": null}}
# a list by type, with level and filing
$ point list --json
[{"code": "P001", "name": "东门商场", "type": "supermarket", "eligibility": "meets", "since": \
    "2026-01-05", "retired": null, "liaison": "林秀珍", "liaison_phone": "13900000101", "officer": \
    "周正", "officer_phone": "13700001111", "demonstration": "municipal", "filed": "2026-09-12"}, \
    {"code": "P002", "name": "南门市场", "type": "market", "eligibility": "meets", "since": \
    "2026-01-05", "retired": null, "liaison": null, "liaison_phone": null, "officer": null, \
    "officer_phone": null, "demonstration": "none", "filed": null}]
! Without a point officer (三(五)1): P002.
$ point list --type 市场
P002 | 南门市场 | market | meets the rule | 2026-01-05 |  |  |  |  |
! Without a point officer (三(五)1): P002.
$ point list --type 商场
$ point list --type shop
! Error: --type: shop is not one of: mall | supermarket | market | enterprise | scenic \
    area | other.
[2]
% 80 point list
code  name      type         eligibility     since       liaison  officer
─────────────────────────────────────────────────────────────────────────
P001  东门商场  supermarket  meets the rule  2026-01-05  林秀珍   周正
P002  南门市场  market       meets the rule  2026-01-05
% 40 point list
…
P002
  name: 南门市场  type: market
  eligibility: meets the rule
  since: 2026-01-05
""")
def test_a_point_as_it_lived(script: str, cli: Cli) -> None:
    cli.given(LIVED)
    cli.plays(script)


@scenes(r"""
# boxes from standard input and as JSON
$ point amend P001 --from-stdin --json << {"liaison": "赵六 13811112222", "host": "", "area": 300}
{"code": "P001", "type": "mall", "eligibility": "meets", "filed": null, "filing_no": null, \
    "amended": ["area", \
    "liaison"]}
! liaison: from 2026-09-28 on. …
$ point list --reveal
P001 | 东门商场 | mall | meets the rule | 2026-01-05 |  | 赵六 | 13811112222 | 陈建平 | 13900000202
P002 | 南门市场 | market | meets the rule | 2026-01-05 |  |  |  |  |
! Without a point officer (三(五)1): P002.
# a phone in free text is masked unless revealed
+ point amend P001 --host '东门公司 13912345678'
+ point inspect P001 --office Ｎ：来电13912345678
$ point show P001
code | P001
name | 东门商场
type | mall
eligibility | meets the rule
since | 2026-01-05
demonstration | none
host | 东门公司 139****5678
area (m²) | 500.00
capital (yuan) | 800000.00
turnover (yuan) | 3000000.00
liaison | 林秀珍  13900000101  2026-01-05
officer | 陈建平  13900000202  2026-01-05
2026-09-28 | host: - -> 东门公司 139****5678
office | no  2026-09-28  来电139****5678
plaque and sign | not inspected
liaison with badge | not inspected
fixed phone and computer for video | not inspected
the nine work systems | not inspected
register | not inspected
notice board, kept up to date | not inspected
work records of five kinds | not inspected
the seven uniformities | not inspected
purchase inspection | not inspected
quality and service promise | not inspected
withdrawal of unfit goods | not inspected
$ point show P001 --reveal
…
host | 东门公司 13912345678
…
2026-09-28 | host: - -> 东门公司 13912345678
office | no  2026-09-28  来电13912345678
…
# inspecting
$ point inspect P001 --office yes --sign no
P001 on 2026-09-28, not met: plaque and sign.
$ point inspect P001 --office yes
P001 on 2026-09-28: all inspected conditions are met.
$ point inspect P001 --inspector 王五
! Error: No result was given: name at least one condition, such as --office yes.
[2]
$ point inspect P001 --office maybe
! Error: office: maybe is neither yes nor no; a remark may follow, as in no: REMARK.
[2]
$ point inspect P001 --office yes --on 2026-09-29
! Error: on: 2026-09-29 is in the future (today is 2026-09-28).
[2]
@ zh
$ point inspect P001 --sign no:旧 --office 否 --on 9-27
P001 2026-09-27 检查，不符合：固定办公场所、统一牌匾和标识标志牌（旧）。
# what is lacking, the remark after it, and the day the notice board was updated
$ point inspect P001 --systems 'no: 档案管理、directory 未上墙' --board yes --updated 9-1
P001 on 2026-09-28, not met: the nine work systems (archives, directory, 未上墙).
$ point inspect P001 --board yes --updated 2026-09-29
! Error: updated: 2026-09-29 is in the future (today is 2026-09-28).
[2]
$ point show P001
…
the nine work systems | no  archives, directory  2026-09-28  未上墙
register | not inspected
notice board, kept up to date | yes  2026-09-28  updated 2026-09-01
…
$ today 待整改 --json
[{"kind": "mend", "due": null, "number": null, "point": "P001", "point_name": "东门商场", \
    "person": null, "what": "systems", "many": 1, "provisional": false}]
$ today mend
to be put right |  |  | P001 | 东门商场 |  | the nine work systems (archives, directory, 未上墙)
# a second inspection of the day replaces what it looks at
+ point inspect P001 --office yes --sign 否，破损 --inspector 王五
$ point inspect P001 --from-stdin --json << {"sign": "yes", "inspector": "赵六"}
{"point": "P001", "on": "2026-09-28", "conditions": {"sign": {"met": true, "lacking": null, \
    "remark": null}}, "doubts": []}
$ point show P001 --reveal
code | P001
name | 东门商场
type | mall
eligibility | meets the rule
since | 2026-01-05
demonstration | none
area (m²) | 500.00
capital (yuan) | 800000.00
turnover (yuan) | 3000000.00
liaison | 林秀珍  13900000101  2026-01-05
officer | 陈建平  13900000202  2026-01-05
office | yes  2026-09-28  王五
plaque and sign | yes  2026-09-28  赵六
liaison with badge | not inspected
fixed phone and computer for video | not inspected
the nine work systems | not inspected
register | not inspected
notice board, kept up to date | not inspected
work records of five kinds | not inspected
the seven uniformities | not inspected
purchase inspection | not inspected
quality and service promise | not inspected
withdrawal of unfit goods | not inspected
""")
def test_in_words(script: str, cli: Cli) -> None:
    cli.plays(script)


@table(r"""
    before                                      | since      | code | said
                                                | 2026-03-02 | 0 | P001 is amended: since.
                                                | 2025-12-01 | 0 | P001 is amended: since.
                                                | ''         | 2 | since cannot be empty
                                                | 2026-09-29 | 2 | is in the future
    point amend P001 --type 超市 --on 2026-3-1  | 2026-02-28 | 0 | P001 is amended
    point amend P001 --type 超市 --on 2026-3-1  | 2026-03-02 | 3 | it cannot have been set up after
    point amend P001 --type 超市 --on 2026-3-1  | 2026-03-01 | 3 | it cannot have been set up after
    point inspect P001 --sign yes --on 2026-3-1 | 2026-03-01 | 0 | P001 is amended: since.
    point inspect P001 --sign yes --on 2026-3-1 | 2026-03-02 | 3 | it cannot have been set up after
    point retire P001 --on 2026-9-1             | 2026-03-01 | 3 | and cannot be changed
""")
def test_the_day_a_point_was_set_up_is_amended(
    before: str, since: str, code: str, said: str, cli: Cli
) -> None:
    cli.all(before)
    result = cli(f"point amend P001 --since {since}")
    assert (str(result.code), said in result.out + result.err) == (code, True), result
    if code == "0":
        begun = cli.sql(
            "SELECT min(since) FROM (SELECT since FROM point_type WHERE point_id = 1"
            " UNION SELECT since FROM contact WHERE point_id = 1)"
        )
        assert begun == cli.sql("SELECT since FROM point WHERE id = 1") == [(since,)]
        cli.all("ledger check")


def test_conditions_are_asked_for_one_by_one(cli: Cli) -> None:
    code, seen = cli.talk(
        "point inspect P001",
        "1 yes  2 no>1;sign>否：照片 破损;liaison>maybe;neither yes nor no>;"
        "equipment>;systems>;register>;board>;records>;uniform>;purchase>;promise>;"
        "withdrawal>2;Write it>y",
    )
    assert code == 0 and "4 sign: no: staff photos, officer photo, 破损" in seen, seen
    assert "not met: plaque and sign (staff photos, officer photo, 破损)" in seen, seen


@table(r"""
    done                                    | on         | code | said
                                            | 2026-09-27 | 0 | P001 东门商场 is retired from \
                                                2026-09-27 on.
                                            | 2026-01-05 | 0 | P001 东门商场 is retired from \
                                                2026-01-05 on.
                                            | 2026-01-04 | 3 | 东门商场 was set up on 2026-01-05
                                            | 2026-09-29 | 2    | on: 2026-09-29 is in the future
    point amend P001 --type 超市 --on 9-10 | 2026-09-10 | 0 | P001 东门商场 is retired from 2026-09-10 \
        on.
    point amend P001 --type 超市 --on 9-10 | 2026-09-09 | 3 | type changed last on 2026-09-10; no \
        change can be
    point amend P001 --officer 周 --on 9-10 | 2026-09-09 | 3 | officer changed last on 2026-09-10; \
        no change can be
    log P001 --received 9-20 --item 锅 | 2026-09-20 | 3 | of 2026-09-20 or later: 1, the first \
        2026-0001. Void
    log P001 --received 9-20 --item 锅 | 2026-09-21 | 0 | P001 东门商场 is retired from 2026-09-21 on.
    record inquiry P001 --on 9-20 | 2026-09-19 | 3 | of 2026-09-19 or later: 1, the first inquiry \
        of 2026-09-20. Void
    point retire P001 --on 2026-09-01 | 2026-09-02 | 3 | 东门商场 was retired on 2026-09-01 and \
        cannot be changed
""")
def test_retiring_in_words(done: str, on: str, code: str, said: str, cli: Cli) -> None:
    cli.given(done.replace("log", "log --complainant 张三 --facts 坏 --kind goods"))
    before = cli.path.read_bytes()
    result = cli(f"point retire P001 --on {on}")
    assert str(result.code) == code and said in result.out + result.err
    assert (cli.path.read_bytes() == before) == (code != "0")
    assert code != "0" or cli("ledger check").code == 0


@scenes(r"""
# a retired point stays as it was
+ log P001 --complainant 张三 --item 锅 --facts 坏 --kind goods --received 2026-09-20
$ point retire P001 --on 2026-09-27 --json
{"code": "P001", "retired": "2026-09-27", "open": 1}
! Complaints still open there: 1. They must be handled until they are closed.
$ point amend P001 --address 解放路
! Error: 东门商场 was retired on 2026-09-27 and cannot be changed. To correct that day: ledger12315 \
    point amend P001 --retired DATE
[3]
$ point inspect P001 --office yes
! Error: 东门商场 was retired on 2026-09-27 and cannot be changed. To correct that day: ledger12315 \
    point amend P001 --retired DATE
[3]
$ point show P001 --json
{"code": "P001", "name": "东门商场", "type": "supermarket", "eligibility": "meets", "since": \
    "2026-01-05", "retired": "2026-09-27", "liaison": null, "liaison_phone": null, "officer": \
    null, "officer_phone": null, "demonstration": "none", "filed": "2026-09-12", \
    "filing_no": null, "demonstration_since": null, "judgement": null, "host": "东门公司", \
    "address": null, "phone": \
    null, "credit_code": null, "principal": null, "area": "500.00", "capital": "800000.00", \
    "turnover": "3000000.00", "stalls": null, "grade": null, "sector": null, "contacts": [], \
    "changes": [{"day": "2026-09-01", "box": "demonstration", "was": null, "becomes": \
    "municipal"}, {"day": "2026-09-01", "box": "host", "was": null, "becomes": "东门公司"}, \
    {"day": "2026-09-01", "box": "officer", "was": "陈建平", "becomes": "周正"}, {"day": \
    "2026-09-01", "box": "type", "was": "mall", "becomes": "supermarket"}, {"day": "2026-09-10", \
    "box": "liaison", "was": null, "becomes": "赵六"}], "conditions": {"office": {"met": false, \
    "lacking": null, "day": "2026-09-20", "inspector": null, "remark": null, "updated": null}, \
    "sign": {"met": false, "lacking": null, "day": "2026-03-01", "inspector": "王五", "remark": \
    "牌匾破损", "updated": null}, "liaison": null, "equipment": null, "systems": null, "register": \
    {"met": true, "lacking": null, "day": "2026-03-01", "inspector": "王五", "remark": null, \
    "updated": null}, "board": {"met": true, "lacking": null, "day": "2026-09-20", "inspector": \
    null, "remark": "9月更新", "updated": null}, "records": null, "uniform": null, \
    "purchase_inspection": null, "promise": null, "withdrawal": null}}
+ close 2026-1 --outcome settled
$ rollup 6 2026Q3 --csv
BOM type,points_start,points_new,points_retired,points_end,demo_provincial,demo_municipal,liaisons\
    ,inquiries,received,received_referred,closed,settled,disputed,recovered,settled_rate,mediation\
    _success_rate,satisfaction_rate,returns_due,returns_made,visits,meetings,trainings,notices,int\
    erviews
mall,1,0,1,0,0,0,0,0,0,0,0,0,0.00,0.00,— (0/0),— (0/0),— (0/0),0,0,0,0,0,0,0
supermarket,0,1,1,0,0,0,0,0,1,0,1,1,0.00,0.00,100.00 (1/1),— (0/0),— (0/0),1,0,0,0,0,0,0
market,1,0,0,1,0,0,0,0,0,0,0,0,0.00,0.00,— (0/0),— (0/0),— (0/0),1,0,0,0,0,0,0
enterprise,0,0,0,0,0,0,0,0,0,0,0,0,0.00,0.00,— (0/0),— (0/0),— (0/0),0,0,0,0,0,0,0
scenic area,0,0,0,0,0,0,0,0,0,0,0,0,0.00,0.00,— (0/0),— (0/0),— (0/0),0,0,0,0,0,0,0
other,0,0,0,0,0,0,0,0,0,0,0,0,0.00,0.00,— (0/0),— (0/0),— (0/0),0,0,0,0,0,0,0
total,2,0,1,1,0,0,0,0,1,0,1,1,0.00,0.00,100.00 (1/1),— (0/0),— (0/0),2,0,0,0,0,0,0
! Closed complaints whose recovered amount is not stated, counted as 0: 1.
! The period is not over: every figure is as of 2026-09-28.
+ ledger check
""")
def test_a_retired_point_stays_as_it_was(script: str, cli: Cli) -> None:
    cli.given(LIVED)
    cli.plays(script)


# Its officer changes on the 20th, when its level of demonstration is changed and changed back.
BEFORE = """
    point amend P001 --type 超市 --liaison '赵六 13811112222' --demonstration 市级 --on 2026-09-01
    point amend P001 --officer 周正 --demonstration 省级 --on 2026-09-20
    point amend P001 --demonstration 市级 --on 2026-09-20
    point amend P001 --filed 2026-09-21
    log P001 --complainant 张三 --item 锅 --facts 坏 --kind goods --received 2026-09-22
"""


def dated(cli: Cli) -> list[object]:
    tables = (
        "SELECT retired, filed FROM point",
        "SELECT name, since, until FROM contact ORDER BY id",
        "SELECT * FROM point_type",
        "SELECT * FROM demonstration",
    )
    return [*map(cli.sql, tables), cli("point list").out]


@table(r"""
    first     | then      | said
    9-23      | 9-27      | P001 is amended: retired.
    9-27      | 9-23      | P001 is amended: retired.
    9-20      | 9-27      | P001 is amended: retired.
    9-20      | ''        | P001 is amended: retired.
    9-27      | 9-27      | P001 already has these values.
    9-27      | ''        | P001 is amended: retired.
""")
def test_a_retirement_is_corrected_or_taken_back(
    first: str, then: str, said: str, cli: Cli
) -> None:
    """The rows are as in a ledger where the day was right at once."""
    cli.given(BEFORE)
    cli.given("complaint void 2026-1 --reason 重复" if first == "9-20" else "")
    before = cli.path.read_bytes()
    if then == "''":
        cli.sql("UPDATE point SET filed = NULL")
    else:
        cli.given(f"point retire P001 --on {then}")
    right = dated(cli)
    cli.path.write_bytes(before)
    cli.given(f"point retire P001 --on {first}")
    assert cli(f"point amend P001 --retired {then}") == (0, f"{said}\n", ANY)
    assert dated(cli) == right
    assert first != "9-20" or cli("ledger check").code == 0


REFUSED = cells(r"""
    9-22 | 3 | of 2026-09-22 or later: 1, the first 2026-0001. Void them, or retire it later.
    9-19 | 3 | officer changed last on 2026-09-20; no change can be dated before that.
    2026-1-4  | 3    | 东门商场 was set up on 2026-01-05
    2026-9-29 | 2    | retired: 2026-09-29 is in the future
    9-25 --address 解放路 | 3 | ledger12315 point amend P001 --retired 2026-09-25
    9-25 --filed 9-26 | 3 | ledger12315 point amend P001 --retired 2026-09-25
""")
NEVER = cells("""
    9-27      | 3    | 东门商场 was never retired. See: ledger12315 point retire
    ''        | 3    | 东门商场 was never retired. See: ledger12315 point retire
""")


def test_a_retirement_that_cannot_be_corrected_so_stays(cli: Cli) -> None:
    cli.given(BEFORE)
    for done, refused in (("", NEVER), ("point retire P001 --on 9-27", REFUSED)):
        cli.given(done)
        before = cli.path.read_bytes()
        for then, code, said in refused:
            result = cli(f"point amend P001 --retired {then}")
            assert str(result.code) == code and said in result.err, result
            assert cli.path.read_bytes() == before


@scenes(r"""
# a retirement that was taken back is filed again, and can come again
+ point retire P001 --on 9-23
+ point amend P001 --retired 9-25
$ point amend P001 --retired '' --address 解放路 --json
{"code": "P001", "type": "supermarket", "eligibility": "meets", "filed": null, "filing_no": \
    null, "amended": \
    ["retired", "address"]}
! P001 was filed on 2026-09-21: file it again with the county desk.
+ point retire P001 --on 9-26
+ point amend P001 --retired 9-27
$ point retire P001 --on 9-23
! Error: 东门商场 was retired on 2026-09-27 and cannot be changed. To correct that day: ledger12315 \
    point amend P001 --retired DATE
[3]
# only what is still open there is told
+ log P002 --complainant 李四 --item 灯 --facts 坏 --kind goods --received 2026-09-22
$ point retire P001 --on 2026-09-23
P001 东门商场 is retired from 2026-09-23 on.
! Complaints still open there: 1. They must be handled until they are closed.
""")
def test_a_retirement_again(script: str, cli: Cli) -> None:
    cli.given(BEFORE)
    cli.plays(script)


def test_a_demonstration_from_the_first_day_moves_with_it(cli: Cli) -> None:
    cli.all("""
        point amend P001 --demonstration municipal --on 2026-01-05
        point amend P001 --since 2026-03-01
    """)
    shown = cli("point show P001 --json").json
    assert (shown["since"], shown["demonstration_since"]) == ("2026-03-01", "2026-03-01")


def test_a_name_that_was_wrong_from_the_beginning_is_put_right_as_it_is_told(cli: Cli) -> None:
    wrong, right = "--officer '陈建平 13900000202'", "--officer '程建平 13900000202'"
    cli.plays(rf"""
        $ point amend P001 {right}
        P001 is amended: officer.
        ! officer: from 2026-09-28 on. Was it so from the beginning? Then change it back, and \
            again with --on 2026-01-05.
        + point amend P001 {wrong}
        + point amend P001 {right} --on 2026-01-05
    """)
    assert cli.sql("SELECT name, since FROM contact WHERE role = 'officer' AND until IS NULL") == [
        ("程建平", "2026-01-05")
    ]
    assert "beginning" not in cli(f"point amend P001 {wrong}", today="2026-01-05").err


@scenes(r"""
# what has no day of its own changes for all days, and is a change of the day of its entry
@ 2026-10-08
+ export 3 2026Q3 --point P001 -o a3.xlsx
@ 2026-10-09
$ point amend P001 --name 东门新商场 --on 2026-10-01
P001 is amended: name.
! name: changed for all days; only type, host, liaison, officer, demonstration have a day of \
    their own.
+ point amend P001 --name 东门 --address 一街
+ point amend P001 --name 东门新商场
@ 2026-10-10
+ point amend P001 --address 二街
+ point amend P001 --name 东门
+ point amend P001 --name 东门新商场
$ point show P001 --json
{… "changes": [{"day": "2026-10-09", "box": "name", "was": "东门商场", "becomes": "东门新商场"}, {"day": \
    "2026-10-10", "box": "address", "was": "一街", "becomes": "二街"}], …}
$ returns receive P001 2026Q3 --file a3.xlsx
东门新商场, 2026Q3: received
# a slip that is mended on the day of registration is no change
@ 2026-09-28
+ register 北们市场 --type market --area 1200 --stalls 120 --since 2026-03-01
+ point amend P003 --name 北门市场
$ point show P003 --json
{… "changes": [], …}
! Without a point officer (三(五)1): P003.
# a code that stays when the host changes is doubted
@ 2026-10-09
+ point amend P001 --host 老公司 --credit-code 91350100M000100Y43 --on 2026-01-05
$ point amend P001 --host 新公司 --on 2026-10-01
P001 is amended: host.
! P001 keeps the credit code 91350100M000100Y43, which notices show beside the host. Is it the \
    new host's? Otherwise: ledger12315 point amend P001 --credit-code CODE
$ point amend P001 --host 大公司 --credit-code 91350100M000100Y44 --on 2026-10-02
P001 is amended: credit code, host.
! credit_code: changed for all days; …
""")
def test_boxes_without_a_day(script: str, cli: Cli) -> None:
    cli.plays(script)
