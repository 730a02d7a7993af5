"""`ledger backup` and `restore`: never a bad copy over a good one, and nothing that stood there is lost."""

import errno
import os
import sqlite3
from collections.abc import Callable
from contextlib import closing, nullcontext
from datetime import date
from pathlib import Path
from threading import Event, Thread

import pytest
from platformdirs import user_data_path

from ledger12315.cli.app import run
from ledger12315.ledger import points
from ledger12315.ledger.audit.backup import back_up
from ledger12315.ledger.audit.check import ledger_problems
from ledger12315.ledger.complaints import acts as complaints
from ledger12315.ledger.store.making import create
from ledger12315.ledger.store.opening import writing
from tests.cli.conftest import Cli, table
from tests.cli.test_ledger import spoil
from tests.ledger.acted import unguarded
from tests.ledger.test_migrations import make_old
from tests.newer import one_step_more

COPY = Path("copy.sqlite")


def names() -> list[str]:
    return sorted(path.name for path in Path().iterdir())


def complaints_in(path: Path) -> int:
    assert ledger_problems(path) == []
    with closing(sqlite3.connect(path)) as ledger:
        return int(ledger.execute("SELECT count(*) FROM complaint").fetchone()[0])


@table("""
    lang | said
    en   | The ledger is backed up and the copy checked: copy.sqlite
    zh   | 台账已备份，备份检查无误：copy.sqlite
""")
def test_a_backup_is_the_ledger_and_for_its_owner_only(lang: str, said: str, cli: Cli) -> None:
    cli.log()
    assert cli("台账 备份 copy.sqlite", lang=lang) == (0, f"{said}\n", "")
    assert COPY.stat().st_mode & 0o777 == 0o600
    tables = [name for (name,) in cli.sql("SELECT name FROM sqlite_master WHERE type = 'table'")]
    with closing(sqlite3.connect(COPY)) as copy:
        assert [copy.execute(f"SELECT * FROM {name}").fetchall() for name in tables] == [
            cli.sql(f"SELECT * FROM {name}") for name in tables
        ]
    assert cli(f"--db {COPY} ledger check").out == cli("ledger check").out


def test_keep_rotates(cli: Cli) -> None:
    for expected in (["0"], ["1", "0"], ["2", "1", "0"], ["3", "2", "1"]):
        cli.all("ledger backup copy.sqlite --keep 3")
        assert [
            str(complaints_in(path))
            for path in (COPY, Path("copy.sqlite.1"), Path("copy.sqlite.2"))
            if path.exists()
        ] == expected
        cli.log()
    cli.all("ledger backup copy.sqlite")
    assert names() == [
        "copy.sqlite",
        "copy.sqlite.1",
        "copy.sqlite.2",
        "ledger.sqlite",
        "ledger.sqlite.backups",
    ]
    assert [complaints_in(Path(name)) for name in names()[:3]] == [4, 2, 1], (
        "without --keep the others stay as they are"
    )


@pytest.mark.parametrize("link", [Path.symlink_to, Path.hardlink_to, None])
def test_the_ledger_is_no_backup_of_itself(link: object, cli: Cli) -> None:
    if link:
        link(COPY, cli.path)  # type: ignore[operator]
    before = cli.path.read_bytes()
    result = cli(f"ledger backup {COPY if link else 'ledger.sqlite'} --keep 2")
    assert (result.code, "is the ledger itself" in result.err) == (3, True)
    assert cli.path.read_bytes() == before


def test_a_damaged_ledger_replaces_no_backup(cli: Cli) -> None:
    cli.all("ledger backup copy.sqlite --keep 2")
    good = COPY.read_bytes()
    spoil(cli, "UPDATE station SET name = '西门所'")
    result = cli("ledger backup copy.sqlite --keep 2")
    assert (result.code, result.err.splitlines()) == (
        4,
        [
            f"Error: {cli.path} is not sound; no copy was made.",
            "  station row 1: not what its history says",
            f"  The newest backup: {COPY.resolve()}",
        ],
    )
    assert COPY.read_bytes() == good and names() == [
        "copy.sqlite",
        "ledger.sqlite",
        "ledger.sqlite.backups",
    ]


@pytest.mark.parametrize("where", ["fsync", "replace"])
def test_a_full_disk_leaves_the_good_backup(
    where: str, cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    cli.all("ledger backup copy.sqlite")
    good = COPY.read_bytes()
    cli.log()
    monkeypatch.setattr(os if where == "fsync" else Path, where, full)
    result = cli("ledger backup copy.sqlite")
    assert result.code == 4 and "the disk is full" in result.err and str(COPY) in result.err
    assert COPY.read_bytes() == good and names() == [
        "copy.sqlite",
        "ledger.sqlite",
        "ledger.sqlite.backups",
    ]


@pytest.mark.parametrize(
    ("target", "said"),
    [
        ("missing/copy.sqlite", "the folder is missing"),
        ("ledger.sqlite/copy.sqlite", "part of the path is a file"),
        ("folder", "it is a folder"),
        ("folder --keep 2", "it is a folder"),
    ],
)
def test_where_no_backup_can_be_written(target: str, said: str, cli: Cli) -> None:
    Path("folder").mkdir()
    result = cli(f"ledger backup {target}")
    assert result.code == 4 and said in result.err
    assert names() == ["folder", "ledger.sqlite"]


@pytest.mark.parametrize(
    ("line", "content"),
    [
        ("ledger backup", None),
        ("calendar load", "关于2027年部分节假日安排的通知 一、元旦:1月1日放假。"),
        (
            "complaint import --point P001",
            "登记编号,受理日期,投诉人,商品/服务名称\nA1,2026-09-01,张三,锅\n",
        ),
    ],
)
def test_a_long_path_is_as_good_as_a_short_one(line: str, content: str | None, cli: Cli) -> None:
    file = Path(*["folder" * 9] * 5, "file")
    file.parent.mkdir(parents=True)
    if content:
        file.write_text(content)
    assert len(str(file)) > 200 and cli(f"{line} {file}").code == 0
    assert content or cli(f"ledger restore {file}").code == 0


def test_no_other_stations_ledger_is_replaced_by_a_backup(cli: Cli) -> None:
    create(COPY, "西门所", "榕溪县", None, {})
    other = COPY.read_bytes()
    cli("ledger backup copy.sqlite")
    assert COPY.read_bytes() == other


def test_a_backup_from_a_folder_that_takes_no_list(cli: Cli) -> None:
    cli.path.with_name("ledger.sqlite.backups").mkdir()
    assert cli("ledger backup copy.sqlite").code == 0


def test_a_backup_beside_a_clerk_who_writes(cli: Cli) -> None:
    stop = Event()

    def log_on_and_on() -> None:
        while not stop.is_set():
            with writing(cli.path, "log") as ledger:
                boxes = {"complainant": "张三", "item": "鞋", "facts": "开胶", "kind": "goods"}
                complaints.log(ledger, points.find_point(ledger, "P001"), boxes, date(2026, 9, 28))

    clerk = Thread(target=log_on_and_on)
    clerk.start()
    try:
        found = []
        for _ in range(5):
            back_up(cli.path, COPY)
            found.append(complaints_in(COPY))
    finally:
        stop.set()
        clerk.join()
    assert found == sorted(found) and 0 < found[-1] <= complaints_in(cli.path)


@table("""
    lang | said
    en   | {path} is restored from copy.sqlite. / What stood there is kept: {kept}
    zh   | {path} 已从 copy.sqlite 恢复。 / 原来的台账保留在：{kept}
""")
def test_what_a_restored_backup_replaces_is_kept(lang: str, said: str, cli: Cli) -> None:
    cli.all("ledger backup copy.sqlite")
    cli.log()
    before = cli.path.read_bytes()
    result = cli("台账 恢复 copy.sqlite", lang=lang)
    [kept] = [path for path in cli.path.parent.iterdir() if ".replaced-" in path.name]
    assert result == (0, said.replace(" / ", "\n").format(path=cli.path, kept=kept) + "\n", "")
    assert (kept.read_bytes(), complaints_in(kept), complaints_in(cli.path)) == (before, 1, 0)
    assert cli.path.stat().st_mode & 0o777 == 0o600
    assert cli.log("--json").json["number"] == "2026-0001"


def half_written(path: Path) -> None:
    """Leave a ledger as a crash in the middle of a write does: some pages new, the journal of the old ones beside it."""
    journal = Path(f"{path}-journal")
    with closing(sqlite3.connect(path, isolation_level=None)) as clerk:
        clerk.execute("PRAGMA cache_size = 2")  # pages go to the file before the commit
        clerk.execute("BEGIN IMMEDIATE")
        clerk.execute("INSERT INTO act (at, user, command) VALUES ('', '', '')")
        for _ in range(300):
            clerk.execute(
                "INSERT INTO disclosure (entered, user, command) VALUES ('', '', ?)", ("x" * 1000,)
            )
        torn, old = path.read_bytes(), journal.read_bytes()
    path.write_bytes(torn)
    journal.write_bytes(old)


def test_a_journal_that_lies_beside_goes_with_what_is_replaced(cli: Cli) -> None:
    cli.all("ledger backup copy.sqlite")
    cli.log()
    before = cli.path.read_bytes()
    half_written(cli.path)
    assert cli.path.read_bytes() != before
    cli.all("ledger restore copy.sqlite")
    assert complaints_in(cli.path) == 0, (
        "the journal would have been played into the restored ledger"
    )
    [kept] = [
        path
        for path in cli.path.parent.iterdir()
        if ".replaced-" in path.name and "journal" not in path.name
    ]
    assert complaints_in(kept) == 1 and kept.read_bytes() == before, (
        "it plays into the replaced one instead"
    )


def test_that_another_stations_ledger_takes_the_place_is_said(cli: Cli) -> None:
    create(COPY, "西门所", "榕溪县", None, {})
    result = cli("ledger restore copy.sqlite")
    assert (result.code, result.err) == (
        0,
        "It is the ledger of another station than before: 西门所.\n",
    )


def test_a_ledger_is_restored_where_none_stands(cli: Cli) -> None:
    cli.log()
    cli.all("ledger backup copy.sqlite")
    cli.path.unlink()
    assert cli("ledger restore copy.sqlite").out == f"{cli.path} is restored from copy.sqlite.\n"
    assert complaints_in(cli.path) == 1


def put(content: bytes) -> Callable[[Path], object]:
    """Overwrite a file."""
    return lambda path: path.write_bytes(content)


def changed(place: slice, becomes: bytes) -> Callable[[Path], object]:
    """Overwrite some of a file's bytes."""

    def spoilt(path: Path) -> None:
        content = bytearray(path.read_bytes())
        content[place] = becomes
        path.write_bytes(content)

    return spoilt


def altered(path: Path) -> None:
    with closing(sqlite3.connect(path)) as other:
        other.execute("CREATE TRIGGER mine AFTER INSERT ON complaint BEGIN SELECT 1; END")


def edited(path: Path) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as other, unguarded(other):
        other.execute("UPDATE station SET name = '西门所'")


@pytest.mark.parametrize(
    ("spoilt", "why"),
    [
        (Path.unlink, "it is missing, or may not be read"),
        (lambda path: (path.unlink(), path.mkdir()), "it is missing, or may not be read"),
        (put("备份".encode()), "it is no ledger"),
        (put(b""), "it is no ledger"),
        (changed(slice(68, 72), bytes(4)), "it is no ledger"),
        (changed(slice(18, 19), b"\3"), "it is no ledger"),
        (changed(slice(60, 64), b"\0\0\0c"), "a newer program made it; update this one"),
        (
            changed(slice(47, 48), b"E"),
            "it is damaged, or another program altered it: unsupported file format",
        ),
        (
            changed(slice(-4096, None), b""),
            "it is damaged, or another program altered it: database disk image is malformed",
        ),
        (altered, "it is damaged, or another program altered it: trigger mine"),
        (edited, "it is damaged"),
    ],
)
def test_only_a_sound_backup_is_restored(
    spoilt: Callable[[Path], object], why: str, cli: Cli
) -> None:
    cli.all("ledger backup copy.sqlite")
    spoilt(COPY)
    cli.log()
    before, files = cli.path.read_bytes(), names()
    result = cli("ledger restore copy.sqlite")
    notes = ["  station row 1: not what its history says"] if spoilt is edited else []
    assert (result.code, result.err.splitlines()) == (
        5,
        [f"Error: The backup copy.sqlite cannot be restored: {why}. Nothing was changed.", *notes],
    )
    assert (cli.path.read_bytes(), names()) == (before, files)


@pytest.mark.parametrize("place", [18, 47])  # read-only, of an unknown format
def test_what_sqlite_refuses_to_write_is_replaced_all_the_same(place: int, cli: Cli) -> None:
    cli.all("ledger backup copy.sqlite")
    changed(slice(place, place + 1), b"E")(cli.path)
    damaged = cli.path.read_bytes()
    cli.all("ledger restore copy.sqlite")
    [kept] = [path for path in Path().iterdir() if ".replaced-" in path.name]
    assert (kept.read_bytes(), complaints_in(cli.path)) == (damaged, 0)


def old(path: Path) -> None:
    path.unlink()
    make_old(path)


def in_wal(path: Path) -> None:
    with closing(sqlite3.connect(path)) as other:
        other.execute("PRAGMA journal_mode = WAL")


def test_of_a_ledger_in_wal_one_file_is_kept(cli: Cli) -> None:
    cli.all("ledger backup copy.sqlite")
    in_wal(cli.path)
    cli.all("ledger restore copy.sqlite")
    assert len([name for name in names() if ".replaced-" in name]) == 1


@pytest.mark.parametrize("made", [old, in_wal, half_written])
def test_a_backup_stays_as_it_is_whatever_has_to_be_done_to_its_copy(
    made: Callable[[Path], None], cli: Cli
) -> None:
    cli.all("ledger backup copy.sqlite")
    made(COPY)
    before = {name: Path(name).read_bytes() for name in names() if name.startswith(COPY.name)}
    assert len(before) == (2 if made is half_written else 1)
    with one_step_more() if made is old else nullcontext():
        cli.all("ledger restore copy.sqlite")
        count = complaints_in(cli.path)
    [kept] = [name for name in names() if ".replaced-" in name]
    assert names() == sorted([*before, kept, "ledger.sqlite", "ledger.sqlite.backups"])
    assert {name: Path(name).read_bytes() for name in before} == before
    assert (count, cli.path.read_bytes()[18:20]) == (3 if made is old else 0, b"\1\1")


@pytest.mark.parametrize("named", [False, True])
def test_only_the_users_own_data_folder_is_made(named: bool, cli: Cli, tmp_path: Path) -> None:
    cli.all("ledger backup copy.sqlite")
    path = (
        tmp_path / "new" / "ledger.sqlite"
        if named
        else user_data_path("ledger12315", appauthor=False) / "ledger.sqlite"
    )
    code = run([*(["--db", str(path)] if named else []), "ledger", "restore", "copy.sqlite"])
    assert (code, path.exists()) == ((4, False) if named else (0, True))


def test_what_a_crash_left_is_swept_a_day_later(cli: Cli) -> None:
    left = ".copy.sqlite.0123abcd.part", ".copy.sqlite.4567abcd.part-journal"
    kept = ".copy.sqlite.89abcdef.part", ".copy.sqlite.20260928", ".other.sqlite.0123abcd.part"
    for name in (*left, *kept):
        Path(name).touch()
        if name != kept[0]:  # that one is still being made
            os.utime(name, (0, 0))
    cli.all("ledger backup copy.sqlite")
    assert names() == sorted([*kept, "copy.sqlite", "ledger.sqlite", "ledger.sqlite.backups"])


def test_a_damaged_ledger_names_its_newest_backup(cli: Cli) -> None:
    for name in ("a.sqlite", "b.sqlite", "c.sqlite", "b.sqlite"):
        cli.all(f"ledger backup {name}")
    cli.path.write_bytes(cli.path.read_bytes()[:20_000])
    for gone, newest in (
        ("", "b.sqlite"),
        ("b.sqlite", "c.sqlite"),
        ("c.sqlite", "a.sqlite"),
        ("a.sqlite", ""),
    ):
        if gone:
            Path(gone).unlink()
        for line in ("overdue", "ledger check", "settings set point_lead 5"):
            result = cli(line)
            assert result.code == 4 and "restore" in result.err
            assert result.err.splitlines()[1:] == (
                [f"  The newest backup: {Path(newest).resolve()}"] if newest else []
            )


@table("""
    line           | missing
    ledger backup  | file
    ledger restore | file
""")
def test_what_is_missing_is_named(line: str, missing: str, cli: Cli) -> None:
    assert cli(line) == (2, "", f"Error: Missing: {missing}.\n")
