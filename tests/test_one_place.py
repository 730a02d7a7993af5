"""An addition to one table appears everywhere: tried with a copy of the program.

The copy gets a kind of personal box and a box of it, a channel, an outcome, a measure and a form,
and the step of the schema that they need: the rows that CONTRIBUTING.md and its page of
architecture name.
"""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from shutil import copyfile, copytree, ignore_patterns
from typing import Any

import pytest
from openpyxl import load_workbook

import ledger12315
from ledger12315.cli.forms.contents import FormRequest
from ledger12315.cli.forms.table import FORMS
from ledger12315.ledger.store.versions import STEPS
from ledger12315.rules.periods import parse_period
from tests.building import built
from tests.served import served

pytestmark = pytest.mark.slow

_KIND = """class Card(Kind):
    metavar = "CARD"
    masked = erased = True

    def mask(self, text: str) -> str:
        return "NO-***"


CARD = Card()
"""
_FETCH = """def plain_contents(ledger: Ledger, asked: FormRequest) -> FormContents:
    found = [profile(ledger, each, asked.day) for each in _requested_points(ledger, asked)]
    return _filling_unit(ledger, asked), found


"""
_NEXT = max(STEPS) + 1
_STEP = f"""def m{_NEXT:03}_witness(db: "Database") -> None:
    from ledger12315.ledger.store.altering import rebuild

    rebuild(db.conn, "complaint", "'online', 'letter'", "'online', 'chat', 'letter'")
    rebuild(db.conn, "complaint", "'unreachable', 'other'))", "'unreachable', 'moved', 'other'))")
    db.execute("ALTER TABLE complaint ADD COLUMN witness TEXT")
    db.execute("ALTER TABLE complaint ADD COLUMN colour TEXT")
    make_history_triggers(db.conn, "complaint")
    make_views(db.conn)


"""
_FORM = '''"""附件7: the points."""

from collections.abc import Iterable, Iterator

from ledger12315.rules.profile import Profile
from ledger12315.sheets.forms.spec import FormSheet, declared_columns, table_rows, title_and_head


def attachment7(unit: str, points: Iterable[Profile]) -> Iterator[FormSheet]:
    shown = tuple(declared_columns("序号 5 place\\n编号 9 code\\n名称 20 name\\n地址 20 address"))
    rows = tuple(table_rows(shown, map(Profile._asdict, points)))
    yield FormSheet(**title_and_head("附件7", unit, ""), title="服务点名录", columns=shown, rows=rows)
'''
# In each file: the text before which something is put, and what.
_ADDED: dict[str, tuple[tuple[str, str], ...]] = {
    "boxes/kinds.py": (("LINE, LONG, SENTENCE", _KIND),),
    "boxes/forms.py": (
        ("from ledger12315 import words", "from ledger12315.boxes import kinds\n"),
        (
            '    Box("previous",',
            '    Box("witness", "证人牌号", kinds.CARD, "card seen"),\n'
            '    Box("colour", "颜色", LINE, "its colour"),\n',
        ),
    ),
    "words.py": (
        ("    letter ", "    chat | 微信\n"),
        (
            '        Outcome(Word("other"',
            '        Outcome(Word("moved", "移送", "moved"), "other"),\n',
        ),
    ),
    "rules/measures.py": (
        (
            '""")\n\n# The further measures of Attachment 6.',
            "    27 | by_chat | 微信受理 | 件 | received | channel IN ('chat', 'letter') | | |"
            f" {_NEXT}\n",
        ),
    ),
    "cli/forms/contents.py": (("def _filling_unit", _FETCH),),
    "cli/forms/table.py": (
        ("    point_contents,\n    points", "    plain_contents,\n"),
        (
            '        Form(\n            Word("agreement"',
            '        Form(Word("7", "附件7", "Attachment 7"), plain_contents, '
            'takes="period point"),\n',
        ),
    ),
    "ledger/store/schema.py": (("# The table in which sqlite-utils", _STEP),),
    "ledger/store/versions.py": (
        ("}\n\n\ndef version_of", f'    {_NEXT}: ("m{_NEXT:03}_witness", "FINGERPRINT"),\n'),
    ),
}
_FINGERPRINT = f"""
from ledger12315.ledger.store.migrating import ledger_of_version
from ledger12315.ledger.store.versions import fingerprint
print(fingerprint(ledger_of_version({_NEXT})))
"""
_CARD = "NO-35124"

# What the program did before: a case that the measure would count was submitted.
_BEFORE = """
    settings set begins 2019-10-01
    register 万家 --type other --since 2019-10-08 --liaison 林秀珍
    log P001 --received 2019-11-01 --channel letter
    returns submit 2019Q4 --forms 1
"""
_READS = """
import sys
from pathlib import Path
from ledger12315.sheets.incoming.basis import read_station_return
for file in map(Path, sys.argv[1:]):
    print(read_station_return(file).figures["received"]["total"])
"""
Run = Callable[..., str]


def put_in(path: Path, before: str, added: str) -> None:
    text = f"{path.read_text('utf-8')}\x00"
    assert text.count(before) == 1, (path, before)
    path.write_text(text.replace(before, added + before).rstrip("\x00"), "utf-8")


def said(folder: Path, *command: object) -> str:
    """Return what a command says in the copy's folder, and must succeed."""
    done = subprocess.run(
        [*map(str, command)],
        env=os.environ | {"PYTHONPATH": str(folder), "PYTHONUTF8": "1"},
        cwd=folder,
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the copy, and a ledger that the program made before."""
    folder = tmp_path_factory.mktemp("copy")
    program = folder / "ledger12315"
    # Not what another process of the tests may just be compiling.
    own, compiled = Path(ledger12315.__file__).parent, ignore_patterns("__pycache__")
    copytree(own, program, ignore=compiled)
    for name, rows in _ADDED.items():
        for before, added in rows:
            put_in(program / name, before, added)
    (program / "sheets/forms/attachment7.py").write_text(_FORM, "utf-8")
    versions = program / "ledger/store/versions.py"
    made = said(folder, sys.executable, "-c", _FINGERPRINT).strip()
    versions.write_text(versions.read_text("utf-8").replace("FINGERPRINT", made), "utf-8")
    with built(_BEFORE) as ledger:
        (folder / "ledger.db").write_bytes(ledger.serialize())
        asked = FormRequest(date(2020, 1, 8), parse_period("2019Q4"))
        (folder / "before.xlsx").write_bytes(FORMS["6"].make(ledger, asked))
    return folder


@pytest.fixture(scope="module")
def run(copy: Path) -> Run:
    """Return a function that runs a line in the copy; one complaint has the addition, one not."""

    def run(line: str, db: str = "ledger.db") -> str:
        return said(copy, served(copy), "--db", db, *line.split())

    common = "--item 鞋 --facts 开胶 --kind goods --problem quality --disputed 80"
    run(f"log 万家 --received 2020-09-01 --complainant 张三 {common}")
    run(
        f"log 万家 --received 2020-09-02 --complainant 李四 {common}"
        f" --channel chat --witness {_CARD} --colour 李四要的红"
    )
    run("close 2020-0002 --outcome moved --closed 2020-09-03 --answered 2020-09-03")
    run(f"complaint amend 2020-0002 --witness {_CARD}6")
    return run


def test_an_older_ledger_is_brought_up_to_date(copy: Path, run: Run) -> None:
    assert [*copy.glob(f"ledger.db.schema-{max(STEPS)}-*")]
    assert run("ledger check").startswith("The ledger is sound.")


def test_a_word_and_an_outcome_are_offered_shown_and_counted(run: Run) -> None:
    offered = " ".join(run("log --help").split())
    assert "| chat |" in offered and "--witness CARD" in offered
    assert "unreachable | moved" in run("close --help").replace("\n", " ")
    shown = json.loads(run("complaint show 2020-0002 --json"))
    assert (shown["channel"], shown["outcome"]) == ("chat", "moved")
    counted = json.loads(run("rollup 3 2020Q3 --json"))["rows"]
    figures = {row["key"]: row["total"] for row in counted}
    assert (figures["by_chat"], figures["closed_other"]) == (1, 1)


def test_a_personal_box_is_masked_everywhere_and_people_in_a_text_box(run: Run) -> None:
    shown = ["complaint show 2020-0002", "complaint list --csv", "complaint list --json"]
    told = [run(line) for line in (*shown, f"{shown[0]} --json", "ledger history")]
    assert [each for each in told if "NO-***" not in each or _CARD in each or "李四" in each] == []
    assert ["李*要的红" in each for each in told] == [True, True, True, True, False]
    assert _CARD in run("complaint show 2020-0002 --reveal")


def test_a_box_is_amended_and_taken_in(copy: Path, run: Run) -> None:
    run("complaint amend 2020-0001 --witness NO-1")
    assert json.loads(run("complaint show 2020-0001 --reveal --json"))["witness"] == "NO-1"
    (copy / "book.csv").write_text(
        "登记编号,受理日期,投诉人,商品/服务名称,投诉事实,性质,争议金额,证人牌号\n"
        "9,2020-09-07,王五,鞋,开胶,商品类,80,NO-2\n",
        "utf-8",
    )
    run("complaint import book.csv --point 万家")
    assert json.loads(run("complaint show 2020-0003 --reveal --json"))["witness"] == "NO-2"


def test_a_measure_stands_on_its_form_with_its_cases(copy: Path, run: Run) -> None:
    cases = json.loads(run("rollup 3 2020Q3 --cases by_chat --json"))
    assert [case["number"] for case in cases] == ["2020-0002"]
    run("export 3 2020Q3 -o three.xlsx")
    assert ["微信受理", "27"] in [row[:2] for row in rows(copy / "three.xlsx")]


def test_a_measure_corrects_nothing_that_went_out_before_it(copy: Path, run: Run) -> None:
    """Nor are workbooks and totals refused that an older program made."""
    assert run("rollup 3 2019Q4 --live --cases by_chat").count("2019-0001") == 1
    assert json.loads(run("returns corrections 2019Q4 --json")) == []
    run("export 6 2019Q4 --live -o after.xlsx")
    for name, schema in (("before", max(STEPS)), ("after", _NEXT)):
        sheet = load_workbook(copy / f"{name}.xlsx")["计算依据"]
        told = {row[1]: row[2] for row in sheet.values}
        assert told["schema"] == str(schema)
    read = said(copy, sys.executable, "-c", _READS, "before.xlsx", "after.xlsx")
    assert read == "1\n1\n"
    totals = {"01": 9} | {f"{code:02}": 0 for code in range(2, 27)}
    (copy / "totals.json").write_text(json.dumps(totals), "utf-8")
    run("returns receive P001 2020Q1 --totals totals.json")
    counted = json.loads(run("rollup 3 2020Q1 --json"))["rows"]
    assert [row["total"] for row in counted if row["code"] in ("01", "27")] == [9, 0]


def test_a_form_is_written(copy: Path, run: Run) -> None:
    run("export 7 -o seven.xlsx")
    assert rows(copy / "seven.xlsx")[-1] == [1, "P001", "万家"]


def test_no_byte_of_a_personal_box_is_left_when_it_is_erased(copy: Path, run: Run) -> None:
    other = copy / "other.db"
    copyfile(copy / "ledger.db", other)
    assert _CARD.encode() in other.read_bytes()
    run("complaint erase --all", "other.db")
    left = other.read_bytes()
    assert [each for each in (_CARD, "李四") if each.encode() in left] == []
    assert json.loads(run("complaint show 2020-0002 --json", "other.db"))["colour"] == "李*要的红"


def rows(book: Path) -> list[list[Any]]:
    """Return the filled cells of a workbook's first sheet, row by row."""
    sheet = load_workbook(book).worksheets[0]
    return [[cell for cell in row if cell is not None] for row in sheet.values]
