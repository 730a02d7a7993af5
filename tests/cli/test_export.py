"""`export` of every form: what it needs and takes, where it writes, who may read the file, and what stands in it."""

import os
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from tests.cli.conftest import Cli, table

# A quarter's few complaints, the fourth logged late: it stands where it came in.
_LIFE = """
    log P001 --complainant 张三 --phone 013900000101 --item =1+1 --facts 不加热 --kind goods --received 2026-07-06 --purchase 299
    log P001 --complainant 李四 --item 运动鞋 --facts 开胶 --kind goods --received 2026-09-03 --respondent 小王鞋店 --purchase 10
    log P002 --complainant 王五 --item 猪肋排 --facts 短斤少两 --kind goods --received 2026-09-04 --respondent 小王鞋店
    log P001 --complainant 赵六 --item 电饭锅 --facts 漏电 --kind goods --received 2026-07-03 --respondent 小王鞋店
    close 2026-0001 --outcome settled --closed 2026-07-13 --recovered 99.50 --rating satisfied --agreement 退款
    close 2026-0002 --outcome withdrawn --closed 2026-09-07
    complaint escalate 2026-0003 --reason 拒绝配合 --on 2026-09-08
    complaint void 2026-0004 --reason 重复登记
"""


@pytest.fixture
def life(cli: Cli) -> Cli:
    cli.given(_LIFE)
    return cli


def rows(path: str, sheet: int = 0) -> list[tuple[Any, ...]]:
    return list(load_workbook(path).worksheets[sheet].values)


def text(path: str) -> str:
    return "\n".join(str(value) for row in rows(path) for value in row if value is not None)


@table("""
    line                                         | file
    export 1 2026Q3                              | 附件1_2026Q3.xlsx
    export 1 --number 2026-1                     | 附件1_2026-0001.xlsx
    export 1 --number 2026-1 --number 2026-2     | 附件1_2026-0001_2026-0002.xlsx
    export 附件2 2026Q3 --point 东门             | 附件2_2026Q3_P001.xlsx
    export 4                                     | 附件4_2026-09-28.xlsx
    export 4 --point P002                        | 附件4_P002.xlsx
    export 4 2026-08                             | 附件4_2026-08.xlsx
    export 5                                     | 附件5_2026-09-28.xlsx
    export 5 2026Q3 --public                     | 附件5_2026Q3_公开版.xlsx
    export 6 2026Q3                              | 附件6_2026Q3.xlsx
    export 和解协议 --number 2026-0001           | 和解协议_2026-0001.xlsx
    export assessment 2026Q3                     | 考核评价表_2026Q3.xlsx
""")
def test_a_file_is_named_by_what_is_in_it(line: str, file: str, life: Cli) -> None:
    result = life(line)
    assert (result.code, result.out.rpartition(": ")[2]) == (0, f"{file}\n")
    assert rows(file)
    life(
        "log P001 --complainant 张三 --item 电饭锅 --facts 不加热 --kind goods --received 2026-01-06"
    )
    assert life(line).err.startswith(f"{file} stood there already and was replaced.")


@table("""
    line                                    | error
    export                                  | Missing: form.
    export 1                                | Attachment 1 takes a period, or --number.
    export 1 2026Q3 --number 2026-1         | Attachment 1 takes a period, or --number.
    export 1 --number 2026-1 --point P001   | Attachment 1 takes no --point.
    export 2                                | Missing: period.
    export 3 2026Q3 --number 2026-1         | Attachment 3 takes no --number.
    export 4 --public                       | Attachment 4 takes no --public.
    export 5 --each --live                  | Attachment 5 takes no --each, --live.
    export agreement                        | Missing: number.
    export notice 2026Q3                    | advisory notice takes no period.
    export notice --number x                | id: x is not a whole number from 1 to 1,000,000.
    export 2 2026Q3 --each --point P001     | --each and --point exclude each other.
    export 2 2026Q3 --as-of 2099-1-1        | --as-of: 2099-01-01 lies in the future (today is 2026-09-28).
""")
def test_what_a_form_does_not_take_is_said(line: str, error: str, life: Cli) -> None:
    result = life(line)
    assert (result.code, result.out, result.err) == (2, "", f"Error: {error}\n")


@table("""
    line                                    | error
    export 1 --number 2026-9                | There is no complaint 2026-0009. See: ledger12315 complaint list
    export notice --number 1                | There is no record 1. See: ledger12315 record list
    export 2 2026Q3 --point ''              | There is no point . See: ledger12315 point list
    export 2 2026Q3 -o ledger.sqlite        | ledger.sqlite is the ledger itself; name another file with --output.
""")
def test_what_is_not_there_is_refused(line: str, error: str, life: Cli) -> None:
    result = life(line)
    assert (result.code, result.out, result.err.splitlines()[0]) == (3, "", f"Error: {error}")


def test_the_register_stands_in_order_of_receipt(life: Cli) -> None:
    assert life("export 2 2026Q3").code == 0
    found = rows("附件2_2026Q3.xlsx")[4:9]
    assert [
        (row[1], row[2], row[5], row[8], row[11], row[14], row[15], row[-1]) for row in found
    ] == [
        ("2026-0004", "2026-07-03", None, None, "作废", None, None, "东门商场"),
        ("2026-0001", "2026-07-06", "013900000101", "=1+1", "和解", 5, "是", "东门商场"),
        ("2026-0002", "2026-09-03", None, "运动鞋", "消费者撤回", 2, "是", "东门商场"),
        ("2026-0003", "2026-09-04", None, "猪肋排", "未结", None, None, "南门市场"),
        (3, None, None, None, None, None, 2, None),
    ]


def test_a_register_as_of_a_day_leaves_out_what_happened_later(life: Cli) -> None:
    assert life("export 2 2026Q3 --as-of 2026-09-04 -o early.xlsx").code == 0
    found = rows("early.xlsx")[4:9]
    assert [(row[1], row[11], row[12], row[19]) for row in found] == [
        ("2026-0004", "作废", None, "2026-09-28 重复登记"),
        ("2026-0001", "和解", 99.5, None),
        ("2026-0002", "未结", None, None),
        ("2026-0003", "未结", None, None),
        (3, None, 99.5, None),
    ]


def test_one_file_for_each_point(life: Cli, tmp_path: Path) -> None:
    (tmp_path / "points").mkdir()
    life.all("point retire P002 --on 2026-09-20")
    assert life("export 3 2026Q3 --each -o points").out == (
        "Attachment 3 for 2026Q3, P001 is written: points/附件3_2026Q3_P001.xlsx\n"
        "Attachment 3 for 2026Q3, P002 is written: points/附件3_2026Q3_P002.xlsx\n"
    )
    assert (
        life("export 4 --each -o points").out
        == "Attachment 4 for P001 is written: points/附件4_P001.xlsx\n"
    )
    result = life("export 3 2026Q3 --each -o nowhere")
    assert (result.code, result.err) == (
        4,
        "Error: nowhere/附件3_2026Q3_P001.xlsx cannot be written: the folder is missing; make it first.\n",
    )


def test_points_whose_codes_make_one_name_have_a_file_each(cli: Cli) -> None:
    cli.all(
        "\n".join(
            f"register 店{code} --type other --judgement 多 --code {code}"
            for code in ("A/1", "a:1", "A_1_")
        )
    )
    for _ in range(2):
        said = cli("export 4 --each").out.splitlines()
        assert [line.partition(" is written: ")[::2] for line in said if "P00" not in line] == [
            ("Attachment 4 for A/1", "附件4_A_1.xlsx"),
            ("Attachment 4 for a:1", "附件4_a_1_.xlsx"),
            ("Attachment 4 for A_1_", "附件4_A_1__.xlsx"),
        ]
        assert ["店A/1" in text("附件4_A_1.xlsx"), "店a:1" in text("附件4_a_1_.xlsx")] == [
            True,
            True,
        ]


@table("""
    line                            | mode
    export 1 2026Q3                 | 600
    export 2 2026Q3                 | 600
    export 3 2026Q3                 | 644
    export 4                        | 600
    export 5                        | 600
    export 5 --public               | 644
    export 6 2026Q3                 | 644
    export agreement --number 2026-1 | 600
    export assessment 2026Q3        | 600
""")
def test_a_file_with_names_is_its_owners_alone(line: str, mode: str, life: Cli) -> None:
    mask = os.umask(0o022)
    assert life(f"{line} -o form.xlsx").code == 0
    os.umask(mask)
    assert f"{Path('form.xlsx').stat().st_mode & 0o777:o}" == mode


def test_the_form_names_who_was_in_office_on_its_last_day(life: Cli) -> None:
    life.all("""
        point amend P001 --liaison '周小云 13900000303 兼职 A7' --on 2026-08-15
        export 4 2026-07 --point P001 -o july.xlsx
        export 4 2026-08 --point P001 -o august.xlsx
    """)
    assert ["林秀珍" in text("july.xlsx"), "周小云" in text("july.xlsx")] == [True, False]
    august = text("august.xlsx").replace("联络员由林秀珍变更为周小云", "")
    assert ["林秀珍" in august, "周小云" in august] == [False, True]


def test_a_void_record_is_no_record(life: Cli) -> None:
    """What the ledger holds no record of, the form says; P001 was visited by mistake, P002 never held a training."""
    unrecorded = []
    for line in (
        "record visit P001 --on 2026-09-10",
        "record training P002 --on 2026-09-10",
        "record void 1 --reason 误登",
    ):
        life.all(f"{line}\nexport 6 2026Q3 -o 6.xlsx")
        unrecorded.append(text("6.xlsx").partition("请核对后手工填写：")[2].partition("。")[0])
    assert unrecorded == [
        "接受咨询、省级示范、市级示范、会议、培训、抄告、约谈",
        "接受咨询、省级示范、市级示范、会议、抄告、约谈",
        "接受咨询、省级示范、市级示范、走访、会议、抄告、约谈",
    ]


@table("""
    line                                   | said
    export 3 2026Q3 --point P001           | 联络员：周小云 工商所联系人：陈建平
    export 3 2026Q3 --point P001 --as-of 2026-08-01 | 联络员：林秀珍 工商所联系人：陈建平
    export 4 2026Q3 --point P001           | 2026-09-20撤销 周小云 陈建平
    export 4 --point P001                  | 2026-09-20撤销 周小云 陈建平
    export 4 2026-08 --point P001          | 在册 周小云 陈建平
    export 5 2026Q3                        | 2026-09-20撤销 周小云 陈建平
""")
def test_the_last_form_of_a_retired_point_names_who_was_in_office_on_its_last_day(
    line: str, said: str, life: Cli
) -> None:
    life.all(f"""
        point amend P001 --liaison 周小云 --on 2026-08-15
        point retire P001 --on 2026-09-20
        {line} -o form.xlsx
    """)
    named = [each for row in rows("form.xlsx") for each in row]
    assert [each for each in said.split() if each not in named] == []


def test_the_public_list_holds_no_name_and_no_phone(life: Cli) -> None:
    life.all(
        "point amend P001 --liaison '周小云 13900000303' --on 2026-08-15\nexport 5 2026Q3 --public -o public.xlsx"
    )
    assert not any(
        each in text("public.xlsx") for each in ("林秀珍", "周小云", "陈建平", "1390000")
    )
    life.all("export 5 2026Q3 -o own.xlsx")
    assert all(each in text("own.xlsx") for each in ("周小云", "陈建平", "13900000303"))


def test_no_form_names_an_informant(life: Cli) -> None:
    life.all("""
        record lead P001 --text 销售假酒 --informant '秦隐姓 13911112222' --on 2026-09-10
        record notice P001 --respondent 小王鞋店 --on 2026-09-10
        export 1 2026Q3 -o 1.xlsx
        export 2 2026Q3 -o 2.xlsx
        export 3 2026Q3 -o 3.xlsx
        export 4 2026Q3 -o 4.xlsx
        export 5 2026Q3 -o 5.xlsx
        export 6 2026Q3 -o 6.xlsx
        export notice --number 2 -o 7.xlsx
        export assessment 2026Q3 -o 8.xlsx
    """)
    assert not any(
        "秦隐姓" in text(f"{number}.xlsx") or "13911112222" in text(f"{number}.xlsx")
        for number in range(1, 9)
    )
    assert [row[1] for row in rows("7.xlsx") if str(row[1]).startswith("2026-")] == ["2026-0002"]


def test_a_form_shows_names_in_full_and_records_nothing(life: Cli) -> None:
    life.all("export 1 --number 2026-0001 -o form.xlsx")
    assert "张三" in text("form.xlsx") and "013900000101" in text("form.xlsx")
    assert life.sql("SELECT count(*) FROM disclosure") == [(0,)]


def test_a_form_made_again_has_equal_bytes(life: Cli) -> None:
    for line in (
        "1 2026Q3",
        "2 2026Q3",
        "4 2026-08",
        "5 2026-08",
        "agreement --number 2026-1",
        "assessment 2026-08",
    ):
        life.all(f"export {line} -o once.xlsx")
        assert life(f"export {line} -o again.xlsx", today="2026-09-29", lang="zh").code == 0
        assert Path("once.xlsx").read_bytes() == Path("again.xlsx").read_bytes(), line
