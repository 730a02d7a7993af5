"""`export` of every form: its options, its file, its readers, its content."""

import os
import sys
from pathlib import Path
from select import select
from shutil import which
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from tests.building import empty_ledger
from tests.cli.conftest import Cli, scenes
from tests.rows import for_all

_LOG = "log --complainant 张三 --facts 不加热 --kind goods"
# A quarter's few complaints, the fourth logged late: it stands where it came in.
LIFE = f"""
    {_LOG} P001 --item =1+1 --received 2026-07-06 --purchase 299 --phone 059100000101
    {_LOG} P001 --item 运动鞋 --received 2026-09-03 --respondent 小王鞋店 --purchase 10
    {_LOG} P002 --item 猪肋排 --received 2026-09-04 --respondent 小王鞋店
    {_LOG} P001 --item 电饭锅 --received 2026-07-03 --respondent 小王鞋店
    close 2026-0001 --outcome settled --closed 2026-07-13 --recovered 99.50 --rating satisfied \
        --agreement 退款
    close 2026-0002 --outcome withdrawn --closed 2026-09-07
    complaint escalate 2026-0003 --reason 拒绝配合 --on 2026-09-08
    complaint void 2026-0004 --reason 重复登记
"""


@pytest.fixture
def life(cli: Cli) -> Cli:
    cli.given(LIFE)
    return cli


@pytest.fixture
def undrawn(life: Cli) -> Cli:
    """The same, where forms have a stand-in for their workbook: nobody opens it."""
    life.set.setattr("ledger12315.sheets.paper.draw.draw", lambda _: b"PK")
    return life


def rows(path: str) -> list[tuple[Any, ...]]:
    page = CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python(skip_empty_area=False)
    return [tuple(None if value == "" else value for value in row) for row in page]


def text(path: str) -> str:
    return "\n".join(str(value) for row in rows(path) for value in row if value is not None)


def written(cli: Cli, line: str) -> str:
    """Return the texts of the form that a line writes to form.xlsx."""
    cli.all(f"{line} -o form.xlsx")
    return text("form.xlsx")


@for_all("""
    line                                         | file                              | mode
    export 1 2026Q3                              | 附件1_2026Q3_东门所.xlsx          | 600
    export 1 --number 2026-1                     | 附件1_2026-0001_东门所.xlsx       | 600
    export 1 --number 1 --number 2 --number 3    | 附件1_2026-0001_2026-0002_2026-0003_东门所.xlsx | 600
    export 1 --number 1 --number 2 --number 3 --number 4 | 附件1_2026-0001_等4件_东门所.xlsx | 600
    export 附件2 2026Q3 --point 东门             | 附件2_2026Q3_东门所_P001.xlsx     | 600
    export 3 2026Q3                              | 附件3_2026Q3_东门所.xlsx          | 644
    export 4                                     | 附件4_2026-09-28_东门所.xlsx      | 600
    export 4 --point P002                        | 附件4_东门所_P002.xlsx            | 600
    export 4 2026-08                             | 附件4_2026-08_东门所.xlsx         | 600
    export 5                                     | 附件5_2026-09-28_东门所.xlsx      | 600
    export 5 2026Q3 --public                     | 附件5_2026Q3_公开版_东门所.xlsx   | 644
    export 6 2026Q3                              | 附件6_2026Q3_东门所.xlsx          | 644
    export 6 2026Q3 --live                       | 附件6_2026Q3_当前_东门所.xlsx     | 644
    export 3 2026Q3 --as-of 2026-09-01           | 附件3_2026Q3_截至2026-09-01_东门所.xlsx | 644
    export 和解协议 --number 2026-0001           | 和解协议_2026-0001_东门所.xlsx    | 600
    export assessment 2026Q3                     | 考核评价表_2026Q3_东门所.xlsx     | 600
""")
def test_a_file_is_named_by_what_is_in_it_and_with_names_it_is_its_owners_alone(
    line: str, file: str, mode: str, undrawn: Cli
) -> None:
    mask = os.umask(0o022)
    result = undrawn(line)
    os.umask(mask)
    assert (result.code, result.out.rpartition(": ")[2]) == (0, f"{file}\n")
    assert Path(file).read_bytes() == b"PK"
    assert f"{Path(file).stat().st_mode & 0o777:o}" == mode


@for_all(r"""
    line                                    | error
    export                                  | Missing: form.
    export 1                                | Attachment 1 needs a period or --number.
    export 1 2026Q3 --number 2026-1         | Attachment 1 needs a period or --number.
    export 1 --number 2026-1 --point P001   | Attachment 1 does not take --point.
    export 2                                | Missing: period.
    export 6 2026Q3 -o 附件6.pdf            | 附件6.pdf does not end in .xlsx.
    export 6 2026Q3 --pdf -o 附件6.xlsx     | 附件6.xlsx does not end in .pdf.
    report 2026Q3 -o 季报.pdf               | 季报.pdf does not end in .html.
    export 3 2026Q3 --number 2026-1         | Attachment 3 does not take --number.
    export 4 --public                       | Attachment 4 does not take --public.
    export 4 --live --public                | Attachment 4 does not take --public, --live.
    export agreement                        | Missing: number.
    export notice 2026Q3                    | advisory notice does not take period.
    export notice --number x                | id: x is not a whole number from 1 to 1,000,000.
    export 2 2026Q3 --each --point P001     | Give either --each or --point, not both.
    export 2 2026Q3 --as-of 2099-1-1 | --as-of: 2099-01-01 is in the future (today is \
        2026-09-28).
""")
def test_what_a_form_does_not_take_is_said(line: str, error: str, life: Cli) -> None:
    result = life(line)
    assert (result.code, result.out, result.err) == (2, "", f"Error: {error}\n")


@for_all("""
    line                                | error
    export 4 --live --public            | 附件4不接受：--公开、--现时。
    export 2 2026Q3 --each --point P001 | --分服务点 和 --服务点 只能用一个。
    complaint void 1 --import 2 --reason 错 | 登记编号 和 --导入 只能用一个。
    --db a.sqlite --practice today      | --台账 和 --练习 只能用一个。
""")
def test_options_have_their_chinese_names_in_chinese(line: str, error: str, life: Cli) -> None:
    assert life(line, lang="zh").err == f"错误：{error}\n"


@scenes(r"""
# what is not there
$ export 1 --number 2026-9
! Error: There is no complaint 2026-0009. See: ledger12315 find WORDS
[3]
$ export notice --number 1
! Error: There is no record 1. See: ledger12315 record list
[3]
$ export 2 2026Q3 --point ''
! Error: The value of --point is empty: give one, or leave it out.
[2]
$ export 2 2026Q3 -o ledger.sqlite
! Error: ledger.sqlite is the ledger, a backup or an input file; choose another file.
[3]
$ export 2 2026Q3 -o ledger.sqlite-journal
! Error: ledger.sqlite-journal is the ledger, a backup or an input file; choose another file.
[3]
$ report 2026Q3 -o ledger.sqlite-wal
! Error: ledger.sqlite-wal is the ledger, a backup or an input file; choose another file.
[3]
+ export 2 2026Q3 -o other.xlsx-journal
# one file for each point
+ point retire P002 --on 2026-09-20
$ export 3 2026Q3 --each -o points
Attachment 3 for 2026Q3, P001 is written: points/附件3_2026Q3_东门所_P001.xlsx
Attachment 3 for 2026Q3, P002 is written: points/附件3_2026Q3_东门所_P002.xlsx
! The period is not over: every figure is as of 2026-09-28.
$ export 4 --each
Attachment 4 for P001 is written: 附件4_东门所_P001.xlsx
$ export 3 2026Q3 --each -o nowhere
! Error: nowhere/附件3_2026Q3_东门所_P001.xlsx cannot be written: the folder is missing; create it.
[4]
""")
def test_in_words(script: str, undrawn: Cli) -> None:
    Path("points").mkdir()
    undrawn.plays(script)


def test_the_register_stands_in_order_of_receipt(life: Cli) -> None:
    assert life("export 2 2026Q3").code == 0
    found = rows("附件2_2026Q3_东门所.xlsx")[4:9]
    shown = (1, 2, 5, 8, 11, 14, 15, -1)
    assert ["|".join(str(row[place] or "") for place in shown) for row in found] == [
        "2026-0004|2026年7月3日|||作废|||东门商场",
        "2026-0001|2026年7月6日|059100000101|=1+1|和解|5.0|是|东门商场",
        "2026-0002|2026年9月3日||运动鞋|消费者撤回|2.0|是|东门商场",
        "2026-0003|2026年9月4日||猪肋排|未结|||南门市场",
        "3.0||||||2.0|",
    ]


def test_points_whose_codes_make_one_name_have_a_file_each(cli: Cli) -> None:
    for code in ("A/1", "a:1", "A_1_"):
        cli.all(f"register 店{code} --type other --judgement 多 --code {code}")
    for _ in range(2):
        said = cli("export 4 --each").out.splitlines()
        assert [line for line in said if "P00" not in line] == [
            "Attachment 4 for A/1 is written: 附件4_东门所_A_1.xlsx",
            "Attachment 4 for a:1 is written: 附件4_东门所_a_1_.xlsx",
            "Attachment 4 for A_1_ is written: 附件4_东门所_A_1__.xlsx",
        ]
        assert "店A/1" in text("附件4_东门所_A_1.xlsx") and "店a:1" in text(
            "附件4_东门所_a_1_.xlsx"
        )


def test_a_void_record_is_no_record(life: Cli) -> None:
    """The form says what is not recorded: P001 was visited by mistake, P002 held no training."""
    unrecorded = []
    visit = "record visit P001 --on 2026-09-10"
    for lines in (
        f"{visit}\nrecord training P002 --on 2026-09-10",
        "record void 1 --reason 误登",
    ):
        life.all(lines)
        form = written(life, "export 6 2026Q3")
        unrecorded.append(form.partition("按0填报：")[2].partition("。")[0])
    assert unrecorded == [
        "接受咨询、省级示范、市级示范、会议、抄告、约谈",
        "接受咨询、省级示范、市级示范、走访、会议、抄告、约谈",
    ]


@pytest.fixture
def retired(life: Cli) -> Cli:
    life.given("""
        point amend P001 --liaison '周小云 13900000303' --on 2026-08-15
        point retire P001 --on 2026-09-20
    """)
    return life


@for_all("""
    line                                            | said
    export 3 2026Q3 --point P001                    | 联络员：周小云 工商所联系人：陈建平
    export 3 2026Q3 --point P001 --as-of 2026-08-01 | 联络员：林秀珍 工商所联系人：陈建平
    export 3 2026Q3 --point P001 --as-of 2026-09-20 | 联络员：周小云 工商所联系人：陈建平
    export 4 --point P001                           | 2026年9月20日 撤销 周小云 陈建平
    export 4 2026Q3 --point P001                    | 2026年9月20日 撤销 周小云 陈建平
    export 4 2026-08 --point P001                   | 在册 周小云 陈建平
    export 4 2026-07 --point P001                   | 在册 林秀珍 陈建平
    export 5 2026Q3                                 | 2026年9月20日撤销 周小云 13900000303 陈建平
    export 5 2026Q3 --public                        | 2026年9月20日撤销
""")
def test_a_form_names_who_was_in_office_on_its_last_day_and_the_public_list_nobody(
    line: str, said: str, retired: Cli
) -> None:
    told = written(retired, line).replace("联络员由林秀珍变更为周小云", "")
    assert [each for each in said.split() if each not in told.split("\n")] == []
    hidden = [each for each in ("林秀珍", "周小云", "陈建平") if each not in said]
    assert [each for each in (*hidden, *["1390000"] * ("public" in line)) if each in told] == []


@pytest.fixture
def informed(life: Cli) -> Cli:
    life.given("""
        record lead P001 --text 销售假酒 --informant '秦隐姓 13911112222' --on 2026-08-10
        record notice P001 --respondent 小王鞋店 --on 2026-09-10
    """)
    return life


@for_all("""
    form                      | again
    1 2026Q3                  | equal
    2 2026-08                 | equal
    3 2026Q3                  |
    4 2026-08                 | equal
    5 2026-08                 | equal
    6 2026Q3                  |
    notice --number 2         |
    agreement --number 2026-1 | equal
    assessment 2026-08        | equal
""")
def test_no_form_names_an_informant_and_one_made_again_has_equal_bytes(
    form: str, again: str, informed: Cli
) -> None:
    told = written(informed, f"export {form}")
    assert "秦隐姓" not in told and "13911112222" not in told
    assert form[0] != "n" or told.count("\n2026-000") == told.count("\n2026-0002") == 1
    if again:
        assert informed(f"export {form} -o again.xlsx", today="2026-09-29", lang="zh").code == 0
        assert Path("form.xlsx").read_bytes() == Path("again.xlsx").read_bytes()


def test_a_form_shows_names_in_full_and_records_nothing(life: Cli) -> None:
    told = written(life, "export 1 --number 2026-0001")
    assert "张三" in told and "059100000101" in told
    assert life.sql("SELECT count(*) FROM disclosure") == [(0,)]


def test_no_form_is_written_over_a_ledger_or_a_backup(undrawn: Cli) -> None:
    undrawn.all("ledger backup backup.sqlite")
    Path("other.sqlite").write_bytes(empty_ledger())
    Path("link").symlink_to("backup.sqlite")
    Path("a.csv").write_text("登记编号,受理日期,投诉人,商品/服务名称\nA-1,?,张三,锅\n", "utf-8")
    before = {path: path.read_bytes() for path in Path().iterdir()}
    for line in (
        "export 1 --number 2026-1 -o ledger.sqlite",
        "export 1 --number 2026-1 -o other.sqlite",
        "export 1 --number 2026-1 -o link",
        "complaint import a.csv --point P001 --annotate link",
    ):
        result = undrawn(line)
        assert result.code == 3 and "choose another file." in result.err, line
        assert {path: path.read_bytes() for path in Path().iterdir()} == before, line


def _program(name: str, script: str, life: Cli) -> None:
    """Put a program into a folder that is the whole path."""
    place = Path("bin")
    place.mkdir(exist_ok=True)
    (place / name).write_text(f"#!/bin/sh\n{script}\n", "utf-8")
    (place / name).chmod(0o755)
    life.set.setenv("PATH", str(place.absolute()))


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has one program for all files")
def test_what_was_written_is_opened_by_the_systems_program(undrawn: Cli) -> None:
    opener = "open" if sys.platform == "darwin" else "xdg-open"
    _program(opener, 'echo "$1" > opened', undrawn)
    undrawn.all("export 6 2026Q3 --open -o a.xlsx")
    assert Path("opened").read_text("utf-8") == f"{Path('a.xlsx').absolute()}\n"
    undrawn.all("export 3 2026Q3 --each --open -o .")
    assert Path("opened").read_text("utf-8") == f"{Path.cwd()}\n"
    _program(opener, "exit 3", undrawn)
    undrawn.plays("""
        $ export 6 2026Q3 --open -o b.xlsx
        Attachment 6 for 2026Q3 is written: b.xlsx
        ! Error: No program of this computer opens b.xlsx; open it by hand.
        [4]
    """)


@pytest.mark.skipif(sys.platform == "win32", reason="a script stands for LibreOffice")
def test_a_pdf_is_what_libreoffice_makes(undrawn: Cli) -> None:
    _program("soffice", 'while [ $# -gt 2 ]; do shift; done; echo %PDF > "$1/form.pdf"', undrawn)
    undrawn.all("export 6 2026Q3 --pdf")
    assert Path("附件6_2026Q3_东门所.pdf").read_text("utf-8") == "%PDF\n"


def test_others_write_in_the_ledger_while_pdfs_are_made(life: Cli) -> None:
    def as_pdf(workbook: bytes) -> bytes:
        life.sql("UPDATE complaint SET complainant = '王五'")
        return workbook

    life.set.setattr("ledger12315.cli.face.files.as_pdf", as_pdf)
    life.all("export 1 2026Q3 --each --pdf -o .")
    made = [text(str(each)) for each in sorted(Path().glob("附件1_*.pdf"))]
    assert [("张三" in each, "王五" in each) for each in made] == [(True, False)] * 2


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="a script stands for LibreOffice")
def test_what_takes_too_long_ends_with_what_it_started(undrawn: Cli) -> None:
    """The child holds one end of a pipe for as long as it runs: it opens another in vain."""
    os.mkfifo("held")
    os.mkfifo("never")
    held = os.open("held", os.O_RDONLY | os.O_NONBLOCK)
    _program("soffice", "(echo begun; read line < never) > held &\nwait", undrawn)
    undrawn.set.setattr("ledger12315.cli.face.files._LONGEST", 1)
    undrawn.plays("""
        $ export 6 2026Q3 --pdf -o form.pdf
        ! Error: LibreOffice made no PDF. Leave out --pdf and print the workbook.
        [4]
    """)
    heard, (ended, _, _) = os.read(held, 9), select([held], [], [], 9)
    assert (heard, ended, os.read(held, 9)) == (b"begun\n", [held], b"")
    os.close(held)


@pytest.mark.slow
@pytest.mark.skipif(not which("soffice"), reason="LibreOffice is not installed")
def test_a_pdf_of_a_form_can_be_read(life: Cli) -> None:
    life.all("export 6 2026Q3 --pdf -o form.pdf")
    assert Path("form.pdf").read_bytes().startswith(b"%PDF-")
