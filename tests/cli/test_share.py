"""`ledger share` and its views: readable, in the plan's words, without names."""

import errno
import json
import os
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from ledger12315.boxes.tables import PERSONAL, TABLES
from ledger12315.ledger.store import migrating
from ledger12315.ledger.store.readable import READABLE
from ledger12315.ledger.store.versions import FIRST
from tests.cli.conftest import Cli
from tests.rows import cells, for_all

NAME, STAFF, INFORMANT, PHONE = "欧阳金丝雀", "慕容夜莺", "司马白鹭", "13987654321"
# Whatever may be filled is, by people and phones wherever people may stand.
LIVED = f"""
    register 西门百货 --type supermarket --area 150.5 --turnover 60万 --since 2026-02-01 \
        --host {STAFF}商行 --address "东街3号 {PHONE}" --principal {STAFF} --phone 0591-87654321 \
        --liaison "{STAFF} {PHONE}" --officer "{STAFF} {PHONE}"
    point amend P001 --type supermarket --on 2026-02-01
    point amend P003 --demonstration municipal --on 2026-03-01
    point amend P003 --filed 2026-03-02 --filing-no "备7号 {PHONE}"
    log P003 --complainant {NAME} --phone {PHONE} --consumer-address {NAME}家 \
        --item "电饭锅 {PHONE}" --brand {NAME}牌 --facts "{NAME} {PHONE}" --category electronics \
        --problem quality --purchase 1299.5 --disputed 299.05 --received 2026-07-06 \
        --respondent-contact {NAME} --respondent-phone {PHONE} --headcount 2
    close 2026-1 --outcome settled --recovered 100 --rating basic --handling "{NAME}来电{PHONE}" \
        --agreement {NAME} --remark {NAME} --closed 2026-07-07 --answered-how 电话{PHONE}
    log P003 --complainant {NAME} --item 鞋 --kind goods --facts 坏 --respondent 3号柜 \
        --received 2026-09-01 --source referred --referral-no {PHONE}
    record lead P003 --on 2026-07-08 --text {NAME} --agency {STAFF} --informant {INFORMANT}
    record visit P003 --on 2026-07-09 --text {STAFF} --raised {STAFF} --result {PHONE} --count 2
    record training --on 2026-07-10 --text x --attended {STAFF}
    record meeting --on 2026-07-12 --place {STAFF}家 --host {STAFF} --attended {NAME} \
        --decided {NAME}
    record interview P003 --on 2026-07-13 --respondent 3号柜 --interviewed {NAME} \
        --complaints 2026-0002 --promised {NAME} --promised-by 2026-07-20 --fulfilled 2026-07-19
    complaint void 2026-2 --reason {NAME}
    point inspect P003 --inspector {STAFF} --office no --on 2026-07-11
    settings set begins 2026-04-01
    returns receive P003 2026Q2 --nil --on 2026-07-02
"""
SHOWN = """
服务点
服务点编号 名称 类型 依托经营者 地址 营业面积 注册资金 营业额 固定摊位 景区等级 行业 设置依据 示范级别 设立日期 \
备案日期 备案号 撤销日期
P001 东门商场 超市 - - 500.0 800000.0 3000000.0 - - - 达标 - 2026-01-05 - - -
P002 南门市场 市场 - - 1200.0 - - 120 - - 达标 - 2026-01-05 - - -
P003 西门百货 超市 慕容**商行 东街3号_139****4321 150.5 - 600000.0 - - - 达标 市级 2026-02-01 \
2026-03-02 备7号_139****4321 -
投诉
编号 服务点编号 服务点 类型 受理日期 来源 受理方式 涉及人数 被投诉经营者 商品/服务名称 品牌 性质 类别 问题类别 消费金额 争议金额 \
约定答复时间 报请日期 工商所受理日期 处理结果 办结日期 挽回经济损失 加倍赔偿 告知日期 反馈日期 消费者评价 回访日期 作废日期
2026-0001 P003 西门百货 超市 2026-07-06 消费者直接投诉 来人 2 慕容**商行 电饭锅_139****4321 欧阳***牌 商品类 家用电子电器 质量 \
1299.5 299.05 - - - 和解 2026-07-07 100.0 - - - 基本满意 - -
2026-0002 P003 西门百货 超市 2026-09-01 工商部门分流 来人 1 3号柜 鞋 - 商品类 - 其他 - - \
- - - - - - - - - - - 2026-09-28
登记
登记号 日期 事项 服务点编号 服务点 类型 次数 被投诉经营者 举报机关 报告日期 地点 涉及投诉 承诺期限 落实日期 作废日期
1 2026-07-08 案件线索 P003 西门百货 超市 1 - 慕容** - - - - - -
2 2026-07-09 走访 P003 西门百货 超市 2 - - - - - - - -
3 2026-07-10 培训 - - 其他 1 - - - - - - - -
4 2026-07-12 会议 - - 其他 1 - - - 慕容**家 - - - -
5 2026-07-13 约谈 P003 西门百货 超市 1 3号柜 - - - 2026-0002 2026-07-20 2026-07-19 -
报表
服务点编号 服务点 报告期 收到日期 报送情况
P003 西门百货 2026Q2 2026-07-02 零报告
"""


@pytest.fixture
def lived(cli: Cli) -> Cli:
    cli.given(LIVED)
    return cli


def tables_of(file: str) -> list[str]:
    """Return every table, its headings and its rows as words."""
    lines = []
    with closing(sqlite3.connect(file)) as shared:
        for (name,) in shared.execute("SELECT name FROM sqlite_master ORDER BY rowid"):
            found = shared.execute(f'SELECT * FROM "{name}"')
            rows = [[column[0] for column in found.description], *found]
            cells = (["-" if cell is None else str(cell) for cell in row] for row in rows)
            lines += [name, *(" ".join(each.replace(" ", "_") for each in row) for row in cells)]
    return lines


def test_the_copy_is_in_the_plans_words(lived: Cli) -> None:
    lived.plays("""
        $ ledger share open.sqlite
        The copy for others is written: open.sqlite (服务点 3, 投诉 2, 登记 5, 报表 1)
        ! Its description for Datasette is in open.metadata.json.
    """)
    assert tables_of("open.sqlite") == SHOWN.strip().splitlines()


def test_nobody_is_in_it(lived: Cli) -> None:
    assert NAME.encode() in lived.path.read_bytes()  # the canaries sing where they should
    lived.all("ledger share open.sqlite")
    modes = [Path(each).stat().st_mode for each in ("open.sqlite", "open.metadata.json")]
    assert os.name == "nt" or modes[0] == modes[1]  # whoever may read one may read both
    for file in (Path("open.sqlite"), Path("open.metadata.json")):
        content = file.read_bytes()
        secrets = [NAME, STAFF, INFORMANT, PHONE, "87654321", "金丝雀", "夜莺", "白鹭"]
        coded = [text.encode(code) for text in secrets for code in ("utf-8", "utf-16-le")]
        assert [text for text in coded if text in content] == []


def test_no_view_reads_what_is_personal() -> None:
    """Not even of a table that comes later: what may name somebody is in none of them."""
    for view in READABLE:
        for name, columns in PERSONAL.items():
            named = [each for each in columns if f"{name}.{each} " in f"{view.columns} "]
            assert named == [], view.name
        assert "contact" not in view.sql and "informant" not in view.sql


def test_the_views_headings_are_the_forms() -> None:
    [complaints] = [view for view in READABLE if view.name == "投诉"]
    told = {line.split()[-1]: line.split()[0] for line in complaints.columns.strip().splitlines()}
    headings = {f"complaint.{key}": box.heading for key, box in TABLES["complaint"].items()}
    told = {key: heading for key, heading in told.items() if key in headings}
    assert told == {key: headings[key] for key in told}
    assert len(told) == 23


def test_it_is_described_for_datasette(lived: Cli) -> None:
    lived.all("ledger share open.sqlite")
    told = json.loads(Path("open.metadata.json").read_text("utf-8"))
    assert told["title"] == "东门所12315消费维权服务点台账"
    tables = told["databases"]["open"]["tables"]
    assert {name: list(each["columns"]) for name, each in tables.items()} == {
        "服务点": ["注册资金", "营业额"],
        "投诉": ["消费金额", "争议金额", "挽回经济损失", "加倍赔偿"],
        "登记": [],
        "报表": [],
    }


REPLACED = cells("""
    ledger.sqlite     | 3    | ledger.sqlite is not a shared copy, so it is not overwritten
    backup.sqlite     | 3    | backup.sqlite is not a shared copy, so it is not overwritten
    note.txt          | 3    | note.txt is not a shared copy, so it is not overwritten
    folder            | 3    | folder is not a shared copy, so it is not overwritten
    none/open.sqlite  | 4    | none/open.sqlite cannot be written
    open.sqlite       | 0    | description for Datasette
""")


def test_only_a_shared_copy_is_replaced(lived: Cli) -> None:
    lived.all("ledger backup backup.sqlite\nledger share open.sqlite")
    Path("note.txt").write_text("x")
    Path("folder").mkdir()
    before = {each: each.read_bytes() for each in Path().iterdir() if each.is_file()}
    for file, code, said in REPLACED:
        result = lived(f"ledger share {file}")
        assert (result.code, said in result.err.replace(os.sep, "/")) == (int(code), True), result
        assert {each: each.read_bytes() for each in Path().iterdir() if each.is_file()} == before


@for_all("""
    at         | statement               | said
    _copy_view | SELECT randomblob(9999) | open.sqlite cannot be written: the disk is full.
    put        | -                       | open.sqlite cannot be written: the disk is full.
    _copy_view | SELECT none             | The ledger LEDGER cannot be used: no such column: none.
""")
def test_a_full_disk_is_the_copys_and_leaves_nothing(
    lived: Cli, at: str, statement: str, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SQLite says it, or the system does, which has to make it durable; nothing else is one."""

    def stop(*given: object) -> None:
        if at == "put":
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        _, copy, *_ = given
        assert isinstance(copy, sqlite3.Connection)
        copy.execute("PRAGMA max_page_count = 2")
        copy.execute(f"CREATE TABLE wide AS {statement}")

    monkeypatch.setattr(f"ledger12315.ledger.sharing.{at}", stop)
    lived.plays(f"""
        $ ledger share open.sqlite
        ! Error: {said}
        [4]
    """)
    assert [each.name for each in Path().iterdir()] == ["ledger.sqlite"]


def test_the_ledger_itself_can_be_read_so_and_stays_sound(lived: Cli) -> None:
    assert lived.sql("SELECT 编号, 处理结果, 争议金额 FROM 投诉 WHERE 作废日期 IS NULL") == [
        ("2026-0001", "和解", 299.05)
    ]
    assert lived("ledger check").code == 0
    with closing(sqlite3.connect(lived.path)) as other:
        other.execute("DROP VIEW 投诉")
        other.commit()
    lived.set.setattr(migrating, "RELEASED", FIRST)
    result = lived("overdue")
    assert (result.code, "view 投诉" in result.err) == (4, True)


def test_a_description_that_is_replaced_is_named(lived: Cli) -> None:
    lived.plays("""
        + ledger share x.sqlite
        $ ledger share x.sqlite
        The copy for others is written: x.sqlite …
        ! x.metadata.json already existed and was replaced.
        ! Its description for Datasette is in x.metadata.json.
    """)
