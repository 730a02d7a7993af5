"""`record`: what is kept beside complaints, put right, listed, and who gave a lead kept apart."""

import json
import re

from tests.cli.conftest import Cli, Result, table
from tests.terminal import on_terminal

ONE_OF_EACH = """
    log P001 --complainant 张三 --item 电饭锅 --facts 不加热 --kind goods --received 2026-09-21 --disputed 6000
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


def listed(cli: Cli, more: str = "") -> list[dict[str, object]]:
    """The filled boxes of each record."""
    return [
        {key: value for key, value in row.items() if value is not None}
        for row in cli(f"record list {more} --json").json
    ]


@table("""
    line                                            | made
    record inquiry P001                             | "kind": "inquiry", "point": "P001", "on": "2026-09-28", "count": 1
    登记 咨询 东门 --count 12 --on 9-21 --text 三包 | "kind": "inquiry", "point": "P001", "on": "2026-09-21", "count": 12
    登记 案件线索 P002                              | "kind": "lead", "point": "P002", "on": "2026-09-28", "count": 1
    登记 重大事项 P002                              | "kind": "major", "point": "P002", "on": "2026-09-28", "count": 1
    登记 走访 P002                                  | "kind": "visit", "point": "P002", "on": "2026-09-28", "count": 1
    登记 会议                                       | "kind": "meeting", "point": null, "on": "2026-09-28", "count": 1
    登记 会议 P002                                  | "kind": "meeting", "point": "P002", "on": "2026-09-28", "count": 1
    登记 培训                                       | "kind": "training", "point": null, "on": "2026-09-28", "count": 1
    登记 宣传                                       | "kind": "publicity", "point": null, "on": "2026-09-28", "count": 1
    登记 抄告 P002 --respondent 摊                  | "kind": "notice", "point": "P002", "on": "2026-09-28", "count": 1
    登记 约谈 P002 --respondent 摊                  | "kind": "interview", "point": "P002", "on": "2026-09-28", "count": 1
""")
def test_each_kind_is_recorded(line: str, made: str, cli: Cli) -> None:
    result = cli(f"{line} --json")
    assert (result.code, result.line, result.err) == (0, f'{{"id": 1, {made}}}', "")


@table("""
    line                                           | said
    record visit 东门 --on 9-21                    | Recorded for 东门商场 on 2026-09-21; visit: 1 (record 1)
    record meeting                                 | Recorded for all points on 2026-09-28; meeting: 1 (record 1)
    record lead P002 --informant '裴大力 13812345678' | Recorded for 南门市场 on 2026-09-28; enforcement lead: 1 (record 1)
""")
def test_the_answer_in_words(line: str, said: str, cli: Cli) -> None:
    assert cli(line) == (0, f"{said}\n", "")


@table(
    """
    line                                            | code | said
    record visit                                    | 2 | Missing: point.
    record lead                                     | 2 | Missing: point.
    record notice P001                              | 2 | Missing: respondent.
    record inquiry P001 --count 0                   | 2 | count: 0 is not a whole number from 1 to 1,000,000.
    record visit P001 --on 2026-09-29               | 2 | on: 2026-09-29 lies in the future (today is 2026-09-28).
    record meeting P009                             | 3 | There is no point P009. See: ledger12315 point list
    record lead P001 --on 9-2 --reported 9-1        | 3 | reported 2026-09-01 is before the day it is about, 2026-09-02.
    record major P001 --number 2026-9               | 3 | There is no complaint 2026-0009. See: ledger12315 complaint list
    record major P002 --number 2026-1               | 3 | 2026-0001 is a complaint of another point.
    record amend 1                                  | 2 | Nothing to amend: name at least one box. See: ledger12315 record
    record amend 99 --text a                        | 3 | There is no record 99. See: ledger12315 record list
    record amend 1 --result a --raised b            | 3 | Record 1 is of the kind inquiry, which has no raised, result.
    record amend 1 --count ''                       | 2 | count cannot be empty.
    record amend 8 --respondent ''                  | 2 | respondent cannot be empty.
    record amend 2 --on 9-4                         | 3 | reported 2026-09-03 is before the day it is about, 2026-09-04.
    record void 1                                   | 2 | Missing: reason.
    record informant 1                              | 3 | Record 1 names no informant.
    record list vist                                | 2 | vist is no kind of record. The kinds: inquiry
"""
)
def test_what_is_refused(line: str, code: str, said: str, cli: Cli) -> None:
    cli.given(ONE_OF_EACH)
    result = cli(line)
    assert (str(result.code), result.out) == (code, "") and result.err.startswith(
        f"Error: {said}"
    ), result.err


def test_nothing_is_recorded_or_moved_to_where_the_point_is_retired(cli: Cli) -> None:
    cli.all("record visit P002 --on 9-1")
    cli.sql("UPDATE point SET retired = '2026-09-10' WHERE code = 'P002'")
    said = "Error: 南门市场 was retired on 2026-09-10; nothing can be recorded there after.\n"
    assert cli("record visit P002 --on 9-10") == cli("record amend 1 --on 9-10") == (3, "", said)


def test_a_list_holds_all_boxes_and_masks_its_texts(cli: Cli) -> None:
    cli.given(ONE_OF_EACH)
    shown = [" ".join(map(str, row.values())) for row in listed(cli)]
    assert shown == [
        "1 inquiry P001 2026-09-01 6 退货,电话139****1111",
        "2 lead P001 2026-09-02 1 售假 公安局 2026-09-03",
        "4 visit P001 2026-09-04 1 林**:停车难 已协调",
        "5 meeting 2026-09-05 1 例会",
        "6 training P001 2026-09-06 1 林**",
        "7 publicity P002 2026-09-07 2",
        "8 notice P001 2026-09-08 1 新步鞋店",
        "9 interview P001 2026-09-09 1 新步鞋店",
        "3 major P001 2026-09-21 1 2026-0001",
    ]
    assert "林秀珍:停车难" in cli("record list --reveal").out


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
    assert " ".join(str(row["id"]) for row in listed(cli, more)) == ids


def test_a_terminal_shows_the_boxes_of_one_kind(cli: Cli) -> None:
    cli.given(ONE_OF_EACH)
    wide = on_terminal(["--db", str(cli.path), "record", "list", "visit"])
    assert "raised" in wide and "已协调" in wide
    assert "已协调" not in on_terminal(["--db", str(cli.path), "record", "list"])


def test_an_informant_is_shown_to_who_asks_for_just_that_and_to_nobody_else(cli: Cli) -> None:
    cli.given(ONE_OF_EACH)
    for line in ("record list", "record list lead", "ledger history"):
        for form in ("", "--json", "--csv"):
            for reveal in ("", "--reveal"):
                shown = cli(f"{line} {form} {reveal}")
                assert shown.code == 0 and not re.search("裴|138.*5678", shown.out), (
                    line,
                    form,
                    reveal,
                )
    assert cli("record informant 2 --json").json == {
        "id": 2,
        "name": "裴大力",
        "phone": "13812345678",
    }
    assert cli.sql("SELECT command FROM disclosure ORDER BY id DESC LIMIT 1") == [
        ("record informant 2",)
    ]


@table("""
    text                  | code
    裴大力来所反映        | 3
    \uff08138 1234 5678\uff09来电 | 3
    店员来所反映          | 0
    张某来所反映          | 0
""")
def test_a_text_does_not_name_the_informant(text: str, code: str, cli: Cli) -> None:
    given = {"point": "P001", "text": text, "informant": "裴大力 13812345678"}
    recorded = cli("record lead --from-stdin", stdin=json.dumps(given))
    cli.all("record lead P001 --informant '裴大力 13812345678'")
    amended = cli(f"record amend {1 if code == '3' else 2} --text '{text}'")
    assert [str(recorded.code), str(amended.code)] == [code, code]
    assert "裴大力" not in recorded.err + amended.err


@table("""
    line                                         | code
    record void 1 --reason 裴大力反悔            | 3
    record void 1 --reason '来电138 1234 5678'   | 3
    record amend 1 --agency 裴大力               | 3
    record lead P001 --informant '裴大力' --agency 裴大力 | 3
    record void 1 --reason 举报人反悔            | 0
""")
def test_nothing_else_of_a_lead_names_the_informant_either(line: str, code: str, cli: Cli) -> None:
    cli.all("record lead P001 --informant '裴大力 13812345678'")
    said = (
        "Error: The text names the informant, who is kept apart. Leave out name and phone.\n"
        if code == "3"
        else ""
    )
    result = cli(line)
    assert (str(result.code), result.err) == (code, said)
    assert (
        "裴大力"
        not in cli("record list --json --reveal").line + cli("ledger history --json --reveal").line
    )


def test_those_who_took_part_are_the_liaisons_of_that_day_unless_they_are_named(cli: Cli) -> None:
    cli.sql("UPDATE contact SET until = '2026-09-01' WHERE role = 'liaison'")
    cli.sql("INSERT INTO contact (point_id, role, name, since) SELECT 1, 'liaison', each.name, '2026-09-01'"
            " FROM (SELECT '王海' AS name UNION ALL SELECT '李梅') AS each")  # fmt: skip
    cli.all(
        "record training P001 --on 8-31\nrecord training P001 --on 9-1\nrecord training P002\nrecord training"
    )
    named = cli("record training --attended '王　海\uff0c赵六、林秀珍'")
    assert named.err == "Not known as liaisons on that day: 赵*, 林**.\n"
    attended = [row["attended"] for row in cli("record list training --json --reveal").json]
    assert attended == ["林秀珍", "王海、李梅", None, None, "王　海\uff0c赵六、林秀珍"]
    assert cli("record amend 4 --attended 周舟").err == "Not known as liaisons on that day: 周*.\n"


def figures(cli: Cli) -> list[Result]:
    return [cli(f"rollup {form} 2026Q3 --json") for form in (3, 6)]


def test_a_record_is_amended_and_counts_where_it_belongs(cli: Cli) -> None:
    cli.all("record visit P001 --on 9-1 --raised 停车难 --text 月度")
    amended = cli("record amend 1 --on 6-30 --result 已协调 --count 2 --text ''")
    assert amended == (0, "Record 1 is amended: on, count, text, result.\n", "")
    known = {"id": 1, "kind": "visit", "point": "P001", "on": "2026-06-30", "count": 2}
    assert listed(cli) == [known | {"raised": "停车难", "result": "已协调"}]
    assert [
        cli(f"rollup 6 {period} --json").json["rows"][-1]["visits"]
        for period in ("2026Q2", "2026Q3")
    ] == [2, 0]


def test_a_record_counts_under_the_type_of_its_day(cli: Cli) -> None:
    cli.sql("UPDATE point_type SET until = '2026-08-01' WHERE point_id = 1")
    cli.sql(
        "INSERT INTO point_type (point_id, type, since) VALUES (1, 'supermarket', '2026-08-01')"
    )
    cli.all(
        "record visit P001 --on 9-1\nrecord visit P001 --on 9-2\nrecord meeting --on 9-1\nrecord amend 1 --on 7-31"
    )
    rows = {row["type"]: row for row in cli("rollup 6 2026Q3 --json").json["rows"]}
    assert [
        (rows[key]["visits"], rows[key]["meetings"])
        for key in ("mall", "supermarket", "other", "total")
    ] == [
        (1, 0),
        (1, 0),
        (0, 1),
        (2, 1),
    ]


def test_a_void_record_adds_to_no_figure_and_stays_in_the_list(cli: Cli) -> None:
    before = figures(cli)
    cli.all("record visit P001 --on 9-1\nrecord lead P001 --on 9-1\nrecord inquiry P001 --count 5")
    assert figures(cli) != before
    assert cli("record void 1 --reason '记错 13900001111'") == (
        0,
        "Record 1 is void: it adds to no figure.\n",
        "",
    )
    cli.all("record void 2 --reason 记错\nrecord void 3 --reason 记错")
    assert figures(cli) == before
    known = {"id": 1, "kind": "visit", "point": "P001", "on": "2026-09-01", "count": 1}
    assert listed(cli, "visit") == [
        known | {"voided": "2026-09-28", "void_reason": "记错 139****1111"}
    ]
    for line in ("record amend 1 --text a", "record void 1 --reason a"):
        assert cli(line) == (3, "", "Error: Record 1 is void since 2026-09-28.\n")
    assert cli("ledger check").code == 0


def test_boxes_may_come_from_stdin(cli: Cli) -> None:
    cli.all("record visit P001")
    amended = cli("record amend --from-stdin", stdin='{"id": 1, "result": "已协调", "text": ""}')
    assert amended == (0, "Record 1 is amended: result, text.\n", "")
    assert cli("record void --from-stdin", stdin='{"id": 1, "reason": "记错"}').code == 0
