"""`ledger backup` and `restore`: never a bad copy over a good one, nothing lost."""

import errno
import os
import re
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import date
from pathlib import Path
from threading import Event, Thread

import pytest

from ledger12315.cli.app import run
from ledger12315.cli.face import configuration
from ledger12315.cli.face import progress as face
from ledger12315.ledger import points
from ledger12315.ledger.audit import backup
from ledger12315.ledger.audit.backup import back_up
from ledger12315.ledger.complaints import acts as complaints
from ledger12315.ledger.store import explaining
from ledger12315.ledger.store.atomic import new_file_beside
from ledger12315.ledger.store.files import journal_of
from ledger12315.ledger.store.opening import writing
from tests.building import spoil
from tests.cli.conftest import Cli, make_pipe, scenes
from tests.journals import half_written
from tests.ledger.test_migrations import make_old
from tests.rows import table

COPY = Path("copy.sqlite")
LOG = "log P001 --complainant 张三 --item 锅 --facts 坏 --kind goods"
ALONE = "copy.sqlite ledger.sqlite ledger.sqlite.upkeep.json"


def names() -> str:
    return " ".join(sorted(path.name for path in Path().iterdir()))


def kept() -> Path:
    """Return the path of the ledger that a restored one replaced."""
    replaced = Path().glob("*.replaced-*")
    [found] = [path.resolve() for path in replaced if "journal" not in path.name]
    return found


def complaints_in(path: Path) -> int:
    with closing(sqlite3.connect(path)) as ledger:
        return int(ledger.execute("SELECT count(*) FROM complaint").fetchone()[0])


_MADE = dict[str, bytes]()


@pytest.fixture
def backed_up(cli: Cli) -> Cli:
    """A ledger and its backup, which is made once."""
    if not _MADE:
        cli.all("ledger backup copy.sqlite")
        _MADE.update((name, Path(name).read_bytes()) for name in ALONE.split())
    for name in ALONE.split()[::2]:
        Path(name).write_bytes(_MADE[name])
        Path(name).chmod(0o600)
    return cli


@scenes(r"""
# a backup
$ ledger backup copy.sqlite
The ledger is backed up and the copy checked: copy.sqlite
# copies rotate, and without --keep the others stay as they are
+ ledger backup copy.sqlite --keep 4
+ log P001 --complainant 张三 --item 锅 --facts 坏 --kind goods
+ ledger backup copy.sqlite --keep 4
+ log P001 --complainant 张三 --item 锅 --facts 坏 --kind goods
+ ledger backup copy.sqlite --keep 4
+ log P001 --complainant 张三 --item 锅 --facts 坏 --kind goods
+ ledger backup copy.sqlite --keep 2
+ log P001 --complainant 张三 --item 锅 --facts 坏 --kind goods
+ ledger backup copy.sqlite
$ --db copy.sqlite complaint list
2026-0001 | P001 | 2026-10-10 | no | open | 2026-09-28 | 张* | 锅 | other |  |  |
2026-0002 | P001 | 2026-10-10 | no | open | 2026-09-28 | 张* | 锅 | other |  |  |
2026-0003 | P001 | 2026-10-10 | no | open | 2026-09-28 | 张* | 锅 | other |  |  |
2026-0004 | P001 | 2026-10-10 | no | open | 2026-09-28 | 张* | 锅 | other |  |  |
$ --db copy.sqlite.1 complaint list
2026-0001 | P001 | 2026-10-10 | no | open | 2026-09-28 | 张* | 锅 | other |  |  |
2026-0002 | P001 | 2026-10-10 | no | open | 2026-09-28 | 张* | 锅 | other |  |  |
$ --db copy.sqlite.2 complaint list
$ --db copy.sqlite.3 complaint list
! Error: There is no ledger at copy.sqlite.3. Make one: ledger12315 --db copy.sqlite.3 init \
    --station NAME --county NAME
[4]
# the ledger is no backup of itself
$ ledger backup ledger.sqlite --keep 2
! Error: ledger.sqlite is the ledger itself. Choose another file for the backup.
[3]
# where no backup can be written
$ ledger backup missing/copy.sqlite
! Error: missing/copy.sqlite cannot be written: the folder is missing; create it.
[4]
$ ledger backup ledger.sqlite/copy.sqlite
! Error: ledger.sqlite/copy.sqlite cannot be written: part of the path is a file, not a folder.
[4]
# into a folder
$ ledger backup folder
The ledger is backed up and the copy checked: folder/台账备份_2026-09-28_东门所.sqlite
# what is no file stays
$ ledger backup pipe
! Error: pipe is not a backup of a ledger, so it is not overwritten. Choose another name.
[3]
$ --db pipe ledger restore ledger.sqlite
! Error: pipe is a folder or device, not a ledger. Name the ledger's file with --db.
[4]
# another station's ledger is not replaced by a backup
+ --db copy.sqlite init --station 西门所 --county 榕溪县
$ ledger backup copy.sqlite
! Error: copy.sqlite is a backup of another ledger (西门所), so it is not overwritten. Choose \
    another name, and keep that backup.
[3]
$ --db copy.sqlite ledger info
…
station | 西门所
…
# what the replaced ledger has after the backup, and how to go back to it
+ ledger backup copy.sqlite
+ record visit P001
+ record visit P002
$ ledger restore copy.sqlite
LEDGER is restored from copy.sqlite.
The previous file is kept: LEDGER.replaced-…
Acts in it that the backup has not: 2. To go back to it:
ledger12315 ledger restore LEDGER.replaced-…
$ ledger restore copy.sqlite
LEDGER is restored from copy.sqlite.
The previous file is kept: LEDGER.replaced-…
# where no ledger stands
+ log P001 --complainant 张三 --item 锅 --facts 坏 --kind goods
+ ledger backup copy.sqlite
$ --db new.sqlite ledger restore copy.sqlite
new.sqlite is restored from copy.sqlite.
$ --db new.sqlite complaint list
2026-0001 | P001 | 2026-10-10 | no | open | 2026-09-28 | 张* | 锅 | other |  |  |
# that another station's ledger takes the place is said
+ --db copy.sqlite init --station 西门所 --county 榕溪县
$ ledger restore copy.sqlite
LEDGER is restored from copy.sqlite.
The previous file is kept: LEDGER.replaced-…
Acts in it that the backup has not: 4. To go back to it:
ledger12315 ledger restore LEDGER.replaced-…
! The backup is of a different station: 西门所.
# what is missing
$ ledger backup
! Error: Missing: file.
[2]
$ ledger restore
! Error: Missing: file.
[2]
""")
def test_in_words(script: str, cli: Cli) -> None:
    Path("folder").mkdir()
    if "pipe" in script:
        make_pipe(Path("pipe"))
    cli.set.setattr(backup, "ledger_problems", lambda *_: [])  # whose finding them is seen below
    cli.plays(script)


def test_a_backup_is_the_ledger_and_for_its_owner_only(cli: Cli) -> None:
    cli.given(LOG)
    cli.all("ledger backup copy.sqlite")
    assert COPY.stat().st_mode & 0o777 == 0o600
    with closing(sqlite3.connect(COPY)) as copy, closing(sqlite3.connect(cli.path)) as own:
        for (name,) in own.execute("SELECT name FROM sqlite_master WHERE type = 'table'"):
            rows = f"SELECT * FROM {name}"
            assert copy.execute(rows).fetchall() == own.execute(rows).fetchall()
    assert Cli(COPY, cli.set)("ledger check").out == cli("ledger check").out


def test_another_programs_database_stays(cli: Cli) -> None:
    with closing(sqlite3.connect("photos.sqlite")) as photos:
        photos.execute("CREATE TABLE photo (title TEXT)")
    content = Path("photos.sqlite").read_bytes()
    assert cli("ledger backup photos.sqlite").shown(as_json=False) == [
        "! Error: photos.sqlite is not a backup of a ledger, so it is not overwritten. "
        "Choose another name.",
        "[3]",
    ]
    assert Path("photos.sqlite").read_bytes() == content


@pytest.mark.parametrize("link", [Path.symlink_to, Path.hardlink_to])
def test_a_link_to_the_ledger_is_no_backup(link: Callable[[Path, Path], None], cli: Cli) -> None:
    link(COPY, cli.path)
    before = cli.path.read_bytes()
    result = cli("ledger backup copy.sqlite --keep 2")
    assert (result.code, "is the ledger itself" in result.err) == (3, True)
    assert cli.path.read_bytes() == before


def test_a_damaged_ledger_replaces_no_backup(backed_up: Cli) -> None:
    good = COPY.read_bytes()
    spoil(backed_up.path, "UPDATE station SET name = '西门所'")
    backed_up.plays("""
        $ ledger backup copy.sqlite --keep 2
        ! Error: LEDGER is not sound; no copy was made.
        !   station row 1: differs from its history
        !   The newest backup: FOLDER/copy.sqlite
        [4]
    """)
    assert (COPY.read_bytes(), names()) == (good, ALONE)


@pytest.mark.skipif(os.name == "nt", reason="Windows has no groups of files")
def test_a_file_that_may_not_be_written_is_replaced_all_the_same(cli: Cli) -> None:
    cli.all("ledger backup copy.sqlite")
    COPY.chmod(0o440)
    assert cli("ledger backup copy.sqlite").code == 0
    assert COPY.stat().st_mode & 0o777 == 0o640


def test_a_backup_of_a_torn_ledger_blames_the_ledger(backed_up: Cli) -> None:
    path = backed_up.path
    path.write_bytes(path.read_bytes()[:-4096])
    told = backed_up("ledger backup copy.sqlite")
    assert told.code == 4
    assert f"The ledger {path} is damaged" in told.err
    assert ".part" not in told.err


@table("""
    where
    fsync
    replace
""")
def test_a_full_disk_leaves_the_good_backup(where: str, backed_up: Cli) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    good = COPY.read_bytes()
    backed_up.given(LOG)
    backed_up.set.setattr(os if where == "fsync" else Path, where, full)
    result = backed_up("ledger backup copy.sqlite")
    assert result.code == 4 and "the disk is full" in result.err and str(COPY) in result.err
    assert (COPY.read_bytes(), names()) == (good, ALONE)


@table(r"""
    line                         | content
    ledger backup                |
    ledger restore               |
    complaint import --point P001 | 登记编号,受理日期,投诉人,商品/服务名称\nA1,2026-09-01,张三,锅
""")
def test_a_long_path_is_as_good_as_a_short_one(line: str, content: str, cli: Cli) -> None:
    file = Path(*["folder" * 9] * 5, "file")
    file.parent.mkdir(parents=True)
    if content:
        file.write_text(content.replace(r"\n", "\n"), "utf-8")
    elif line == "ledger restore":
        cli.all(f"ledger backup {file}")
    assert len(str(file)) > 200 and cli(f"{line} {file}").code == 0


@pytest.mark.parametrize("make", [Path.mkdir, make_pipe, lambda path: path.write_bytes(b"\xff")])
def test_a_backup_from_a_folder_that_takes_no_list(
    make: Callable[[Path], object], cli: Cli
) -> None:
    make(cli.path.with_name("ledger.sqlite.upkeep.json"))
    assert cli("ledger backup copy.sqlite").code == 0
    cli.path.write_bytes(cli.path.read_bytes()[:4096])
    assert "is damaged" in cli("ledger info").err


def test_a_backup_beside_a_clerk_who_writes(cli: Cli) -> None:
    begun, stop = Event(), Event()

    def log_on_and_on() -> None:
        while not stop.is_set():
            with writing(cli.path, "log") as ledger:
                boxes = {"complainant": "张三", "item": "鞋", "facts": "开胶", "kind": "goods"}
                complaints.log_complaint(
                    ledger, points.find_point(ledger, "P001"), boxes, date(2026, 9, 28)
                )
            begun.set()

    clerk = Thread(target=log_on_and_on)
    clerk.start()
    assert begun.wait(60)
    found = []
    try:
        for _ in range(2):
            back_up(cli.path, COPY)
            found.append(complaints_in(COPY))
    finally:
        stop.set()
        clerk.join()
    assert found == sorted(found) and 0 < found[-1] <= complaints_in(cli.path)


def test_what_a_restored_backup_replaces_is_kept(backed_up: Cli) -> None:
    backed_up.given(LOG)
    path = backed_up.path
    path.chmod(0o660)  # a colleague uses it as well
    before = path.read_bytes()
    result = backed_up("台账 恢复 copy.sqlite", lang="zh")
    assert result.out.splitlines() == [
        f"{path} 已从 copy.sqlite 恢复。",
        f"原来的台账保留在：{kept()}",
        "其中有 1 次操作是备份里没有的。要换回它：",
        f"ledger12315 台账 恢复 {kept()}",
    ]
    assert (kept().read_bytes(), complaints_in(kept()), complaints_in(path)) == (before, 1, 0)
    modes = [file.stat().st_mode & 0o777 for file in (path, kept())]
    assert os.name == "nt" or modes == [0o660, 0o660]
    assert backed_up.log("--json").json["number"] == "2026-0001"


def test_a_journal_that_lies_beside_goes_with_what_is_replaced(backed_up: Cli) -> None:
    backed_up.given(LOG)
    path = backed_up.path
    before = path.read_bytes()
    half_written(path)
    assert path.read_bytes() != before
    backed_up.all("ledger restore copy.sqlite")
    # The journal plays into the ledger that it belongs to, and not into the restored one.
    assert (complaints_in(path), complaints_in(kept())) == (0, 1)
    assert kept().read_bytes() == before


def overwrite(path: Path, place: int, becomes: bytes) -> None:
    """Overwrite some of a file's bytes."""
    content = bytearray(path.read_bytes())
    content[place : place + len(becomes)] = becomes
    path.write_bytes(content)


def altered(path: Path) -> None:
    with closing(sqlite3.connect(path)) as other:
        other.execute("CREATE TRIGGER mine AFTER INSERT ON complaint BEGIN SELECT 1; END")


def spoilt(how: str) -> None:
    """Spoil the backup: as the word says, or at a place these bytes."""
    if how in ("missing", "folder"):
        COPY.unlink()
    if how == "folder":
        COPY.mkdir()
    elif how == "altered":
        altered(COPY)
    elif how == "edited":
        spoil(COPY, "UPDATE station SET name = '西门所'")
    elif how == "enlarged":
        row = "INSERT INTO disclosure (entered, user, command) VALUES ('2026-09-28', '王五', 'x');"
        spoil(COPY, row * 21)
    elif how == "cut":
        COPY.write_bytes(COPY.read_bytes()[:-4096])
    elif how in ("备份", ""):
        COPY.write_bytes(how.encode())
    elif how != "missing":
        place, _, becomes = how.partition(" ")
        overwrite(COPY, int(place), bytes.fromhex(becomes))


@table("""
    how         | why
    missing     | there is no such file
    folder      | it is a folder or a device
    备份        | it is not a ledger
                | it is not a ledger
    68 00000000 | it is not a ledger
    18 03       | it is not a ledger
    60 000003e7 | a newer program made it; update this one
    47 45       | it is damaged, or another program altered it: unsupported file format
    cut         | it is damaged, or another program altered it: database disk image is malformed
    altered     | it is damaged, or another program altered it: trigger mine
    edited      | it is damaged
    enlarged    | it is damaged
""")
def test_only_a_sound_backup_is_restored(how: str, why: str, backed_up: Cli) -> None:
    spoilt(how)
    before, files = backed_up.path.read_bytes(), names()
    result = backed_up("ledger restore copy.sqlite")
    refused = f"The backup copy.sqlite cannot be restored: {why}. Nothing was changed."
    notes = {
        "edited": ["station row 1"],
        "enlarged": [f"disclosure row {n}" for n in range(1, 21)],
    }
    told = "".join(f"  {row}: differs from its history\n" for row in notes.get(how, ()))
    assert result == (5, "", f"Error: {refused}\n{told}")
    assert (backed_up.path.read_bytes(), names()) == (before, files)


@table("""
    how            | damage
    another head   | 18 45
    another format | 47 45
    no schema      | 100 00
    no first page  | 16 00000000000000000000
    no pages       | 4096 {none}
    no text        | 2000 ff
    a byte alone   | end 53
    nothing        | end
    in WAL         | 18 0202
""")
def test_a_ledger_is_restored_over_whatever_became_of_it(
    how: str, damage: str, backed_up: Cli
) -> None:
    """Where no file can be replaced that is still open, either: every test forbids it."""
    place, _, becomes = damage.format(none="00" * 8192).partition(" ")
    if place == "end":
        backed_up.path.write_bytes(bytes.fromhex(becomes))
    else:
        overwrite(backed_up.path, int(place), bytes.fromhex(becomes))
    damaged = backed_up.path.read_bytes()
    said = backed_up("ledger restore copy.sqlite").out.splitlines()
    assert said[1:] == [f"The previous file is kept: {kept()}"]
    assert kept().read_bytes() == damaged
    # But for SQLite's count of changes, in the header.
    assert backed_up.path.read_bytes()[100:] == COPY.read_bytes()[100:]
    assert backed_up.path.read_bytes()[18:20] == b"\1\1" and "-wal" not in names()


@pytest.mark.parametrize("sound", [True, False])
def test_nothing_is_left_where_another_program_holds_the_ledger(
    sound: bool, backed_up: Cli
) -> None:
    """A sound one is written to, a damaged one exchanged, which Windows refuses."""
    backed_up.set.setattr(explaining, "BUSY_SECONDS", 0.1)
    if not sound:
        backed_up.path.write_bytes(b"\0" * 8192)
    journal_of(backed_up.path).write_bytes(b"" if sound else b"\0" * 512)
    before = {path: path.read_bytes() for path in Path().iterdir()}
    with backed_up.path.open("rb"), closing(sqlite3.connect(backed_up.path)) as other:
        if sound:
            other.execute("BEGIN")
            other.execute("SELECT 1 FROM station").fetchone()
        result = backed_up("ledger restore copy.sqlite")
    assert (result.code, result.out) == (4, "")
    assert {path: path.read_bytes() for path in Path().iterdir()} == before


def test_no_test_may_replace_or_delete_what_is_open(cli: Cli) -> None:
    fresh = Path("fresh")
    fresh.touch()
    with closing(sqlite3.connect(cli.path)) as held:
        held.execute("SELECT 1 FROM station")
        for act in (lambda: fresh.replace(cli.path), cli.path.unlink):
            with pytest.raises(PermissionError, match="has it open"):
                act()
    fresh.replace(cli.path)


def old(path: Path) -> None:
    path.unlink()
    make_old(path)


def in_wal(path: Path) -> None:
    with closing(sqlite3.connect(path)) as other:
        other.execute("PRAGMA journal_mode = WAL")


@pytest.mark.parametrize(("made", "held"), [(old, 3), (in_wal, 0)])
def test_a_backup_stays_as_it_is_whatever_has_to_be_done_to_its_copy(
    made: Callable[[Path], None], held: int, backed_up: Cli
) -> None:
    made(COPY)
    before = COPY.read_bytes()
    backed_up.all("ledger restore copy.sqlite")
    assert COPY.read_bytes() == before
    assert len(names().split()) == len(("copy", "ledger", "replaced", "backups"))
    assert complaints_in(backed_up.path) == held
    assert backed_up.path.read_bytes()[18:20] == b"\1\1"


@pytest.mark.parametrize("named", [False, True])
def test_only_the_users_own_data_folder_is_made(named: bool, backed_up: Cli) -> None:
    own = configuration.own_folder("data") / "ledger.sqlite"
    path = Path("new/ledger.sqlite") if named else own
    code = run([*(["--db", str(path)] if named else []), "ledger", "restore", "copy.sqlite"])
    assert (code, path.exists()) == ((4, False) if named else (0, True))


def test_what_a_crash_left_is_swept_a_day_later(cli: Cli) -> None:
    left = ".copy.sqlite.0123abcd.part", ".copy.sqlite.4567abcd.part-journal"
    stays = ".copy.sqlite.20260928", ".copy.sqlite.89abcdef.part", ".other.sqlite.0123abcd.part"
    for name in (*left, *stays):
        Path(name).touch()
        if name != stays[1]:  # that one is still being made
            os.utime(name, (0, 0))
    cli.all("ledger backup copy.sqlite")
    with new_file_beside(Path("copy.sqlite")) as fresh:
        Path(f"{fresh}-journal").touch()
    assert names() == " ".join((*stays, ALONE))


def test_a_damaged_ledger_names_its_newest_backup(cli: Cli) -> None:
    for name in ("a.sqlite", "b.sqlite", "a.sqlite"):
        cli.all(f"ledger backup {name}")
    cli.path.write_bytes(cli.path.read_bytes()[:20_000])
    for newest in ("a.sqlite", "b.sqlite", ""):
        note = [f"  The newest backup: {Path(newest).resolve()}"] if newest else []
        # Each door names one; afterwards one door is enough.
        doors = ("overdue", "ledger check", "settings set point_lead 5")
        for line in doors[: None if newest == "a.sqlite" else 1]:
            result = cli(line)
            assert result.code == 4 and "restore" in result.err
            assert result.err.splitlines()[1:] == note
        if newest:
            Path(newest).unlink()


@table("""
    given       | answer | code | said
    log visit   |        | 130  | Acts in it that the backup has not: 2, the last of 2026-09-28.
    log         | n      | 130  | Acts in it that the backup has not: 1, the last of 2026-09-28.
    log         | y      | 0    | Acts in it that the backup has not: 1, the last of 2026-09-28.
                | y      | 0    | The backup has all of its acts.
    western     |        | 130  | The backup is of a different station: 西门所.
    damage      | n      | 130  | which cannot be read.
""")
def test_whoever_restores_at_a_terminal_sees_what_goes(
    given: str, answer: str, code: str, said: str, backed_up: Cli
) -> None:
    for word in given.split():
        if word == "western":
            COPY.unlink()
            backed_up.all("--db copy.sqlite init --station 西门所 --county 榕溪县")
        elif word == "damage":
            overwrite(backed_up.path, 100, b"\0")
        else:
            backed_up.given({"log": LOG, "visit": "record visit P001"}[word])
    there = backed_up.path.read_bytes()
    talked = backed_up.talk("ledger restore copy.sqlite", f"Replace it? [y/N] > {answer}")
    assert (talked[0], said in talked[1].replace("\n", " ")) == (int(code), True), talked[1]
    assert (backed_up.path.read_bytes() == there) == (code == "130")


def test_a_restore_that_is_sure_asks_nothing(backed_up: Cli) -> None:
    backed_up.given(LOG)
    code, seen = backed_up.talk("ledger restore copy.sqlite --yes")
    assert (code, "Replace it?" in seen, complaints_in(backed_up.path)) == (0, False, 0)


def test_a_terminal_shows_how_far_it_has_come(cli: Cli) -> None:
    cli.set.setattr(face, "_PATIENCE", 0)
    for line, work in (("backup", "正在复制"), ("restore --yes", "正在放回原处")):
        code, seen = cli.talk(f"ledger {line} copy.sqlite", lang="zh", term="xterm")
        # The last that was drawn; then its line is wiped out.
        *_, bar, said = re.sub("\x1b\\[[0-9;]*m", "", seen).split("\x1b[2K")
        assert (code, bar.splitlines()[0]) == (0, f"{work} {'━' * 40} 100% 0:00:00")
        assert "━" not in said
    assert cli("ledger backup copy.sqlite").err == ""
