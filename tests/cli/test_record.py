"""`record`: work besides complaints, its corrections and lists; informants stay secret."""

import json
import re

from tests.cli.conftest import Cli, Result, scenes
from tests.rows import table

ONE_OF_EACH = """
    log P001 --complainant 张三 --item 锅 --facts 坏 --kind goods --received 9-8 --disputed 6000 \
        --respondent 新步鞋店
    record inquiry P001 --on 9-1 --count 6 --text '退货,电话13900001111'
    record lead P001 --on 9-2 --text 售假 --informant '裴大力 13812345678' --agency 公安局 --reported 9-3
    record major P001 --on 9-21 --number 2026-1
    record visit P001 --on 9-4 --raised '林秀珍:停车难' --result 已协调
    record meeting --on 9-5 --text 例会
    record training P001 --on 9-6
    record publicity P002 --on 9-7 --count 2
    record notice P001 --on 9-8 --respondent 新步鞋店
    record interview P001 --on 9-9 --respondent 新步鞋店
"""


@table(r"""
    line                                            | made
    record inquiry P001 | "kind": "inquiry", "point": "P001", "on": "2026-09-28", "count": 1
    登记 咨询 东门 --count 12 --on 9-21 --text 三包 | "kind": "inquiry", "point": "P001", "on": \
        "2026-09-21", "count": 12
    登记 案件线索 P002 | "kind": "lead", "point": "P002", "on": "2026-09-28", "count": 1
    登记 重大事项 P002 | "kind": "major", "point": "P002", "on": "2026-09-28", "count": 1
    登记 走访 P002 | "kind": "visit", "point": "P002", "on": "2026-09-28", "count": 1
    登记 会议 | "kind": "meeting", "point": null, "on": "2026-09-28", "count": 1
    登记 会议 P002 | "kind": "meeting", "point": "P002", "on": "2026-09-28", "count": 1
    登记 培训 | "kind": "training", "point": null, "on": "2026-09-28", "count": 1
    登记 宣传 | "kind": "publicity", "point": null, "on": "2026-09-28", "count": 1
    登记 抄告 P002 --respondent 摊 | "kind": "notice", "point": "P002", "on": "2026-09-28", "count": 1
    登记 约谈 P002 --respondent 摊 | "kind": "interview", "point": "P002", "on": "2026-09-28", \
        "count": 1
""")
def test_each_kind_is_recorded(line: str, made: str, cli: Cli) -> None:
    cli.given("log P002 --complainant 张三 --item 锅 --facts 坏 --kind goods --respondent 摊")
    result = cli(f"{line} --json")
    assert (result.code, result.line, result.err) == (0, f'{{"id": 1, {made}, "doubts": []}}', "")


@scenes(r"""
# for a point
$ record visit 东门 --on 9-21
Recorded for 东门商场 on 2026-09-21; visit: 1 (record 1)
# for all points
$ record meeting
Recorded for all points on 2026-09-28; meeting: 1 (record 1)
# the same once more
+ record visit 东门 --on 9-21
$ record visit P001 P002 --on 9-21
Recorded for 东门商场 on 2026-09-21; visit: 1 (record 2)
Recorded for 南门市场 on 2026-09-21; visit: 1 (record 3)
! Is it the same as record 1? Same point, day and text.
+ record void 2 --reason 重复
+ record inquiry P001 --on 9-21
$ record inquiry P001 --on 9-21
Recorded for 东门商场 on 2026-09-21; inquiry: 1 (record 5)
# with an informant
$ record lead P002 --informant '裴大力 13812345678'
Recorded for 南门市场 on 2026-09-28; enforcement lead: 1 (record 1)
# a record is amended
+ record visit P001 --on 9-1 --raised 停车难 --text 月度
$ record amend 1 --on 7-31 --result 已协调 --count 2 --text ''
Record 1 is amended: on, count, text, result.
$ record list
1 | visit | P001 | 2026-07-31 | 2 |  |  |  |  | 停车难 | 已协调 |  |  |  |  |  |  |  |  |  |  |  |
# boxes from standard input
+ record visit P001
$ record amend --from-stdin << {"id": 1, "result": "已协调", "text": ""}
Record 1 is amended: result, text.
$ record void --from-stdin << {"id": 1, "reason": "记错"}
Record 1 is void: it counts nowhere.
# a void record stays in the list and does not change
+ record visit P001 --on 9-1
$ record void 1 --reason '记错 13900001111'
Record 1 is void: it counts nowhere.
$ record list visit --json
[{"id": 1, "kind": "visit", "point": "P001", "on": "2026-09-01", "count": 1, "text": null, \
    "agency": null, "reported": null, "number": null, "raised": null, "result": null, "place": \
    null, "host": null, "attended": null, "decided": null, "respondent": null, "interviewed": \
    null, "complaints": null, "promised": null, "promised_by": null, "fulfilled": null, "voided": \
    "2026-09-28", "void_reason": "记错 139****1111"}]
$ record amend 1 --text a
! Error: Record 1 is void since 2026-09-28.
[3]
$ record void 1 --reason a
! Error: Record 1 is void since 2026-09-28.
[3]
# nothing is recorded or moved to where the point is retired
+ record visit P002 --on 9-1
+ point retire P002 --on 9-10
$ record visit P002 --on 9-10
! Error: 南门市场 was retired on 2026-09-10; nothing can be recorded there after that.
[3]
$ record amend 1 --on 9-10
! Error: 南门市场 was retired on 2026-09-10; nothing can be recorded there after that.
[3]
# a notice is about an operator of complaints, whose names are offered; it stays one
+ log P001 --complainant 张三 --item 书 --facts 缺页 --kind goods --respondent 旧书店 --received 6-2
+ log P001 --complainant 张三 --item 鞋 --facts 裂 --kind goods --respondent 新步鞋店 --received 6-2
+ log P001 --complainant 张三 --item 面 --facts 馊 --kind goods --respondent 步行街中庭小吃 --received 6-2
$ record notice P001 --respondent 新布鞋店
! Error: No complaint of 东门商场 up to 2026-09-28 names 新布鞋店. Respondents named: 新步鞋店, 旧书店, 步行街中庭小吃.
[3]
$ record notice P001 --respondent 东门百货一楼扶梯口新步鞋店三号柜台
! Error: No complaint of 东门商场 …. Respondents named: 新步鞋店, 旧书店, 步行街中庭小吃.
[3]
$ record notice P001 --respondent 吃
! Error: No complaint of 东门商场 …. Respondents named: 步行街中庭小吃, 旧书店, 新步鞋店.
[3]
$ record notice P001 --respondent '新步　鞋店' --on 9-8
Recorded for 东门商场 on 2026-09-08; advisory notice: 1 (record 1)
$ record amend 1 --respondent 王记
! Error: No complaint of 东门商场 up to 2026-09-08 names 王记. Respondents named: 旧书店, 新步鞋店, 步行街中庭小吃.
[3]
$ record amend 1 --on 6-1
! Error: No complaint of 东门商场 up to 2026-06-01 names 新步　鞋店. Respondents named: nobody.
[3]
$ record list notice
1 | advisory notice | P001 | 2026-09-08 | 1 |  |  |  |  |  |  |  |  |  |  | 新步　鞋店 |  |  |  |  |  \
    |  |
# a meeting: where, who chaired it, who took part, what was decided
$ record meeting --place 会议室 --host 陈建平 --attended 林秀珍、王海 --decided 每月互查
Recorded for all points on 2026-09-28; meeting: 1 (record 1)
$ record list meeting
1 | meeting |  | 2026-09-28 | 1 |  |  |  |  |  |  | 会议室 | 陈建平 | 林**、王* | 每月互查 |  |  |  |  |  |  \
    |  |
# an interview: whom, about which complaints, what was promised by when
+ log P001 --complainant 张三 --item 鞋 --facts 裂 --kind goods
+ log P001 --complainant 李四 --item 鞋 --facts 裂 --kind goods
$ record interview P001 --respondent 王记 --interviewed 王大力 --complaints 2026-2,1 \
    --promised 退款 --promised-by 10-9
Recorded for 东门商场 on 2026-09-28; interview: 1 (record 1)
$ record list interview
1 | interview | P001 | 2026-09-28 | 1 |  |  |  |  |  |  |  |  |  |  | 王记 | 王** | 2026-0001、\
2026-0002 | 退款 | 2026-10-09 |  |  |
$ record amend 1 --promised ''
! Error: promised_by belongs to a promise, and none is recorded: --promised TEXT.
[3]
# those who took part are the liaisons of that day unless they are named
+ point amend P001 --liaison '王海; 李梅' --on 2026-09-01
+ record training P001 --on 8-31
+ record training P001 --on 9-1
+ record training P002
+ record training
$ record training --attended '王　海，赵六、林秀珍'
Recorded for all points on 2026-09-28; training: 1 (record 5)
! Not liaisons of the point on that day: 赵*, 林**.
$ record list training --reveal
1 | training | P001 | 2026-08-31 | 1 |  |  |  |  |  |  |  |  | 林秀珍 |  |  |  |  |  |  |  |  |
2 | training | P001 | 2026-09-01 | 1 |  |  |  |  |  |  |  |  | 王海、李梅 |  |  |  |  |  |  |  |  |
3 | training | P002 | 2026-09-28 | 1 |  |  |  |  |  |  |  |  |  |  |  |  |  |  |  |  |  |
4 | training |  | 2026-09-28 | 1 |  |  |  |  |  |  |  |  |  |  |  |  |  |  |  |  |  |
5 | training |  | 2026-09-28 | 1 |  |  |  |  |  |  |  |  | 王　海，赵六、林秀珍 |  |  |  |  |  |  |  |  |
$ record amend 4 --attended 周舟
Record 4 is amended: attended.
! Not liaisons of the point on that day: 周*.
# a record of a day before its point was set up is noted
$ record visit P001 P002 --on 2026-01-04
Recorded for 东门商场 on 2026-01-04; visit: 1 (record 1)
Recorded for 南门市场 on 2026-01-04; visit: 1 (record 2)
! on: 2026-01-04: 267 days back, before 东门商场 was set up on 2026-01-05
! on: 2026-01-04: 267 days back, before 南门市场 was set up on 2026-01-05
$ record amend 1 --on 2026-01-05
Record 1 is amended: on.
! on: 2026-01-05: 266 days back
$ record amend 1 --on 2026-01-04
Record 1 is amended: on.
! on: 2026-01-04: 267 days back, before 东门商场 was set up on 2026-01-05
""")
def test_in_words(script: str, cli: Cli) -> None:
    cli.plays(script)


@table(r"""
    line                                            | code | said
    record visit                                    | 2 | Missing: point.
    record lead P001 --on 9-2 --reported 9-1 | 3 | reported 2026-09-01 is before the day of the \
        record, 2026-09-02.
    record lead                                     | 2 | Missing: point.
    record notice P001                              | 2 | Missing: respondent.
    record inquiry P001 --count 0 | 2 | count: 0 is not a whole number from 1 to 1,000,000.
    record visit P001 --on 2026-09-29 | 2 | on: 2026-09-29 is in the future (today is \
        2026-09-28).
    record meeting P009 | 3 | There is no point P009. See: ledger12315 point list
    record major P001 --number 2026-9 | 3 | There is no complaint 2026-0009. See: ledger12315 \
        find WORDS
    record major P002 --number 2026-1 | 3 | 2026-0001 is a complaint of another point.
    record interview P002 --respondent 摊 --complaints 1 | 3 | 2026-0001 is a complaint of \
        another point.
    record interview P001 --respondent 摊 --complaints 2026-7 | 3 | There is no complaint \
        2026-0007. See: ledger12315 find WORDS
    record interview P001 --respondent 摊 --promised-by 10-9 | 3 | promised_by belongs to a \
        promise, and none is recorded: --promised TEXT.
    record interview P001 --respondent 摊 --fulfilled 9-28 | 3 | fulfilled belongs to a promise
    record interview P001 --respondent 摊 --promised 退款 --on 9-9 --fulfilled 9-8 | 3 | fulfilled \
        2026-09-08 is before the day of the record, 2026-09-09.
    record amend 1 | 2 | Nothing to amend: name at least one box. See: ledger12315 record
    record amend 99 --text a | 3 | There is no record 99. See: ledger12315 record list
    record amend 1 --result a --raised b | 3 | Record 1 is of the kind inquiry, which has no \
        raised, result.
    record amend 1 --count ''                       | 2 | count cannot be empty.
    record amend 8 --respondent ''                  | 2 | respondent cannot be empty.
    record amend 2 --on 9-4 | 3 | reported 2026-09-03 is before the day of the record, 2026-09-04.
    record void 1                                   | 2 | Missing: reason.
    record informant 1                              | 3 | Record 1 names no informant.
    record list vist | 2 | kind: vist is not one of: inquiry
""")
def test_what_is_refused(line: str, code: str, said: str, cli: Cli) -> None:
    cli.given(ONE_OF_EACH)
    result = cli(line)
    assert (str(result.code), result.out) == (code, "") and result.err.startswith(f"Error: {said}")


@scenes(r"""
# a list holds all boxes and masks its texts
$ record list
1 | inquiry | P001 | 2026-09-01 | 6 | 退货,电话139****1111 |  |  |  |  |  |  |  |  |  |  |  |  |  |  \
    |  |  |
2 | enforcement lead | P001 | 2026-09-02 | 1 | 售假 | 公安局 | 2026-09-03 |  |  |  |  |  |  |  |  |  \
    |  |  |  |  |  |
4 | visit | P001 | 2026-09-04 | 1 |  |  |  |  | 林**:停车难 | 已协调 |  |  |  |  |  |  |  |  |  |  |  |
5 | meeting |  | 2026-09-05 | 1 | 例会 |  |  |  |  |  |  |  |  |  |  |  |  |  |  |  |  |
6 | training | P001 | 2026-09-06 | 1 |  |  |  |  |  |  |  |  | 林** |  |  |  |  |  |  |  |  |
7 | publicity | P002 | 2026-09-07 | 2 |  |  |  |  |  |  |  |  |  |  |  |  |  |  |  |  |  |
8 | advisory notice | P001 | 2026-09-08 | 1 |  |  |  |  |  |  |  |  |  |  | 新步鞋店 |  |  |  |  |  \
    |  |
9 | interview | P001 | 2026-09-09 | 1 |  |  |  |  |  |  |  |  |  |  | 新步鞋店 |  |  |  |  |  |  |
3 | major matter | P001 | 2026-09-21 | 1 |  |  |  | 2026-0001 |  |  |  |  |  |  |  |  |  |  |  \
    |  |  |
$ record list visit --reveal
4 | visit | P001 | 2026-09-04 | 1 |  |  |  |  | 林秀珍:停车难 | 已协调 |  |  |  |  |  |  |  |  |  |  |  |
# a terminal shows the boxes of one kind
% 80 record list visit
id  kind   point  on          count  raised       result
────────────────────────────────────────────────────────
 4  visit  P001   2026-09-04  1      林**:停车难  已协调
% 80 record list
id  kind              point  on          count  text
────────────────────────────────────────────────────────────────────
 1  inquiry           P001   2026-09-01  6      退货,电话139****1111
 2  enforcement lead  P001   2026-09-02  1      售假
 4  visit             P001   2026-09-04  1
 5  meeting                  2026-09-05  1      例会
 6  training          P001   2026-09-06  1
 7  publicity         P002   2026-09-07  2
 8  advisory notice   P001   2026-09-08  1
 9  interview         P001   2026-09-09  1
 3  major matter      P001   2026-09-21  1
""")
def test_what_was_recorded(script: str, cli: Cli) -> None:
    cli.given(ONE_OF_EACH)
    cli.plays(script)


@table("""
    more               | ids
    visit              | 4
    走访               | 4
    2026-09            | 1 2 4 5 6 7 8 9 3
    2026Q2             |
    lead 2026Q3        | 2
    lead 2026-08       |
    --point P002       | 7
    --point P001 major | 3
""")
def test_what_is_listed(more: str, ids: str, cli: Cli) -> None:
    cli.given(ONE_OF_EACH)
    assert " ".join(str(row["id"]) for row in cli(f"record list {more} --json").json) == ids


def test_an_informant_is_shown_to_who_asks_for_just_that_and_to_nobody_else(cli: Cli) -> None:
    cli.given(ONE_OF_EACH)
    for line in ("record list", "record list lead", "ledger history"):
        for form in ("", "--json", "--csv"):
            for reveal in ("", "--reveal"):
                shown = cli(f"{line} {form} {reveal}")
                assert shown.code == 0 and not re.search("裴|138.*5678", shown.out)
    told = '{"id": 2, "name": "裴大力", "phone": "13812345678"}'
    assert cli("record informant 2 --json").line == told
    newest = cli.sql("SELECT command FROM disclosure ORDER BY id DESC LIMIT 1")
    assert newest == [("record informant 2",)]


@table("""
    informant          | text                  | code
    裴力 13812345678   | 裴力来所反映          | 3
    裴大力 13812345678 | \uff08138 1234 5678\uff09来电 | 3
    裴大力 13812345678 | 店员来所反映          | 0
    裴                 | 裴某来所反映          | 0
""")
def test_a_text_does_not_name_the_informant(
    informant: str, text: str, code: str, cli: Cli
) -> None:
    given = {"point": "P001", "text": text, "informant": informant}
    recorded = cli("record lead --from-stdin", stdin=json.dumps(given))
    cli.all(f"record lead P001 --informant '{informant}'")
    amended = cli(f"record amend {1 if code == '3' else 2} --text '{text}'")
    assert [str(recorded.code), str(amended.code)] == [code, code]
    assert "裴" not in recorded.err + amended.err


@table("""
    line                                         | code
    record void 1 --reason 裴大力反悔            | 3
    record void 1 --reason '来电138 1234 5678'   | 3
    record amend 1 --agency 裴大力               | 3
    record lead P001 --informant '裴大力' --agency 裴大力 | 3
    record void 1 --reason 举报人反悔            | 0
""")
def test_nothing_else_of_a_lead_names_the_informant_either(line: str, code: str, cli: Cli) -> None:
    cli.given("record lead P001 --informant '裴大力 13812345678'")
    said = (
        "Error: The text names the informant, who is stored separately."
        " Leave out name and phone.\n"
    )
    result = cli(line)
    assert (str(result.code), result.err) == (code, said if code == "3" else "")
    for kept in ("record list", "ledger history"):
        assert "裴大力" not in cli(f"{kept} --json --reveal").line


def figures(cli: Cli) -> list[Result]:
    return [cli(f"rollup {form} 2026Q3 --json") for form in (3, 6)]


def test_a_record_counts_in_the_period_and_under_the_type_of_its_day(cli: Cli) -> None:
    cli.given("""
        point amend P001 --type 超市 --on 2026-08-01
        record visit P001 --on 9-1
        record visit P001 --on 9-2
        record meeting --on 9-1
        record amend 1 --on 7-31
        record visit P001 --on 6-30 --count 2
    """)
    rows = {row["type"]: row for row in cli("rollup 6 2026Q3 --json").json["rows"]}
    types = ("mall", "supermarket", "other", "total")
    found = [(rows[key]["visits"], rows[key]["meetings"]) for key in types]
    assert found == [(1, 0), (1, 0), (0, 1), (2, 1)]
    assert cli("rollup 6 2026Q2 --json").json["rows"][-1]["visits"] == 2


def test_a_void_record_adds_to_no_figure(cli: Cli) -> None:
    before = figures(cli)
    cli.all("record visit P001 --on 9-1\nrecord lead P001 --on 9-1\nrecord inquiry P001 --count 5")
    assert figures(cli) != before
    cli.all("\n".join(f"record void {number} --reason 记错" for number in (1, 2, 3)))
    assert figures(cli) == before
    cli.all("ledger check")


@table(r"""
    record | dialogue | code | end
    1 | 2 count: 6>2;count (Enter: keep it, - clears it)>8;3 text: 退货,电话139****1111>y | 0 \
        | Record 1 is amended: count.
    2 | 5 reported: 2026-09-03 Thu>n | 130 | Left; nothing was written.
    3 | number: 2026-0001>n          | 130 | Left; nothing was written.
    99 |                             | 3   | There is no record 99.
""")
def test_what_stands_in_a_record_is_shown_and_a_box_of_it_chosen(
    record: str, dialogue: str, code: str, end: str, cli: Cli
) -> None:
    cli.given(ONE_OF_EACH)
    left, seen = cli.talk(f"record amend {record}", dialogue)
    assert (str(left), end in seen, "裴大力" in seen) == (code, True, False), seen


def test_a_list_of_complaints_may_end_with_a_comma(cli: Cli) -> None:
    cli.logged()
    cli.plays("""
        $ record interview P001 --respondent 甲 --complaints 、
        ! Error: There is no complaint 、. See: ledger12315 find WORDS
        [3]
        $ record interview P001 --respondent 甲 --complaints '1、'
        Recorded for 东门商场 on 2026-09-28; interview: 1 (record 1)
        + record amend 1 --complaints '2026-1,'
    """)
    assert cli("record list --json").json[0]["complaints"] == "2026-0001"
