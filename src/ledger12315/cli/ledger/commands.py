"""`ledger` 台账: its check, backups, copies and history; and a new one."""

import json
import re
from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from ledger12315.boxes import Box, Filled, Option
from ledger12315.boxes.amounts import Count
from ledger12315.boxes.forms import COMPLAINT_NUMBER, FILE, SHARED_FILE, STATION
from ledger12315.boxes.kinds import LINE, NARRATIVE_LINE, SENTENCE
from ledger12315.boxes.masks import mask_phones_of
from ledger12315.boxes.people import StaffName
from ledger12315.boxes.tables import NARRATIVES, TEXTS, column_box
from ledger12315.build import COMMIT, COMMITTED, VERSION
from ledger12315.cli.asking.questions import Asking, required_questions
from ledger12315.cli.command import command
from ledger12315.cli.face.answers import Column, Record, Result, answer_of_change, answer_of_list
from ledger12315.cli.face.desk import Desk
from ledger12315.cli.face.files import write_whole
from ledger12315.cli.face.lookups import number_of_complaint
from ledger12315.cli.face.options import YES
from ledger12315.cli.face.progress import progress
from ledger12315.cli.forms.contents import file_name
from ledger12315.cli.table import chinese_name
from ledger12315.errors import Message, Refused, Unclear, Unusable, message
from ledger12315.ledger import station
from ledger12315.ledger.audit import backup
from ledger12315.ledger.audit.changes import RowChange, WrittenAct, act_of, row_changes
from ledger12315.ledger.audit.check import ledger_problems
from ledger12315.ledger.complaints.finding import find_complaint
from ledger12315.ledger.points import points
from ledger12315.ledger.sharing import description_of_copy, share
from ledger12315.ledger.store import Ledger, history
from ledger12315.ledger.store.explaining import Damaged
from ledger12315.ledger.store.making import create, demand_no_file
from ledger12315.ledger.store.practice import is_for_practice
from ledger12315.ledger.store.upkeep import backup_strayed, newest_backup, note_done
from ledger12315.ledger.store.versions import STEPS
from ledger12315.locale import _, by_language, render
from ledger12315.rules.settings import INITIAL_SETTINGS
from ledger12315.words import ERASED, TABLE_NAMES

_ONE_COMPLAINT = COMPLAINT_NUMBER._replace(
    required=False, metavar="[NUMBER]", help="only this complaint"
)
# The values of a change are masked by the kind of their box before they are in a column.
_history_column = partial(Column, kind=SENTENCE)
_HISTORY = (
    _history_column("at", "时间"),
    _history_column("user", "操作人", narrow=True),
    _history_column("command", "命令", narrow=True),
    _history_column("what", "对象"),
    _history_column("box", "栏目", narrow=True),
    _history_column("was", "原值", narrow=True),
    _history_column("becomes", "新值", narrow=True),
)
# In JSON alone.
_ACT, _REHEARSED = Column("act", "操作号"), _history_column("rehearsed", "演练日期")
# Columns that only the program needs.
_INNER = ("id", "key", "year", "serial", "point_id", "respondent_key", "entered", "salt")


def shown_minute(moment: str) -> str:
    """Return the minute of an act for people."""
    return moment[:16].replace("T", " ")


@command(_ONE_COMPLAINT, arguments=1, flags="json csv reveal")
def show_history(desk: Desk, filled: Filled) -> Result:
    """List changes: what, when and by whom."""
    wanted = number_of_complaint(desk, filled.text("number")) if filled else None

    def rows(ledger: Ledger) -> Iterator[dict[str, Any]]:
        row_id = find_complaint(ledger, wanted)["id"] if wanted else None
        names = {each.code: f"{each.code} {each.name}" for each in points(ledger)}
        for change in row_changes(ledger, "complaint" if wanted else None, row_id):
            yield from _change_lines(desk, change, names)

    at, *others = _HISTORY
    columns = (_ACT, at, _REHEARSED, *others) if desk.format == "json" else _HISTORY
    return answer_of_list(desk.stream(rows), columns, about=wanted or "")


def _change_lines(
    desk: Desk, change: RowChange, names: Mapping[str, str]
) -> Iterator[dict[str, Any]]:
    """Yield a line for each box of a change, personal values masked.

    Only JSON lists the boxes of a new row. `names` are the points' names by code.
    """
    whole = desk.format == "json"
    head = _act_head(change, whole)
    if change.made and not whole:
        yield head | {"box": render(message("new entry")), "was": "", "becomes": ""}
        return
    for key, values in change.values.items():
        if _is_inner(change.table, key):
            continue
        box = column_box(change.table, key)
        if key == "point" and not whole:
            values = [names.get(value, value) for value in values]
        about_people = key in TEXTS.get(change.table, ()) and not isinstance(box.kind, StaffName)
        about = (
            change.what
            if key in (*TEXTS["complaint"], *NARRATIVES) and change.table == "complaint"
            else ""
        )
        was, becomes = (_visible_value(desk, box, value, about_people, about) for value in values)
        name = key if whole else render(box.name)
        yield head | {"box": name, "was": was, "becomes": becomes}
    if change.erased:
        name = "personal" if whole else render(message("personal data"))
        yield head | {"box": name, "was": ERASED, "becomes": ""}


def _is_inner(table: str, key: str) -> bool:
    """Return whether a column is the ledger's own, which nobody fills."""
    return key in _INNER or key.endswith("_entered") or (table, key) == ("complaint", "number")


def _act_head(change: RowChange, whole: bool) -> dict[str, Any]:
    keys = ("act", "at", "rehearsed", "user", "command", "what")
    head = {key: getattr(change, key) for key in keys}
    if change.table not in ("complaint", "point"):
        noun = change.table if whole else render(TABLE_NAMES[change.table])
        head["what"] = f"{noun} {head['what']}"
    if not whole:
        moment = shown_minute(head["at"])
        if change.rehearsed:
            day = change.rehearsed
            moment = render(message("{moment}, rehearsal of {day}", moment=moment, day=day))
        head |= {"at": moment, "command": shown_command(head["command"])}
    return head


def _visible_value(desk: Desk, box: Box, value: object, about_people: bool, complaint: str) -> str:
    column, plain = Column.of(box), desk.format == "json" and value is not None
    text = str(column.plain(value)) if plain else column.text(value)
    kind = NARRATIVE_LINE if about_people else box.kind  # whose row it was is not known here
    masked = desk.mask(kind, text)
    if complaint:
        row = {"number": complaint}
        masked = mask_phones_of(row, {"text": masked}, desk.known_phones).get("text", masked)
    return desk.visible(text, masked)


def shown_command(name: str) -> str:
    """Return a command's name in the reader's language."""
    words = chinese_name(name).split()
    return by_language(" ".join(dict.fromkeys(words)), name)  # settings set is 设置 设置


_HEAD = Option(
    "head",
    "核对码",
    LINE,
    "check that the head printed on a form is in the history; 16 digits are enough",
    metavar="HEX",
)
_KEEP = Option("keep", "保留", Count(most=1000), "copies kept: FILE, FILE.1, ... [1]", default="1")
_INFO = (
    Column("path", "台账文件"),
    Column("station", "工商所"),
    Column("key", "台账标识"),
    Column("county", "县局"),
    Column("code", "编号"),
    Column("schema", "结构版本"),
    Column("points", "服务点"),
    Column("complaints", "投诉"),
    Column("acts", "操作次数"),
    Column("head", "台账历史校验值"),
    Column("program", "程序版本"),
    Column("commit", "程序提交号"),
    Column("committed", "程序日期"),
)


@command(_HEAD, flags="json")
def check_ledger(desk: Desk, filled: Filled) -> Result:
    """Check the ledger's file, schema, figures and history."""
    wanted = _parse_head(filled.text("head")) if "head" in filled else ""
    found = _check_and_note(desk)
    document: dict[str, Any] = {"sound": not found, "problems": len(found)}
    document |= {"head": None, "act": None}
    if found:
        notes = [*found[:20], *newest_backup(desk.path)]
        error = Unusable("The ledger {path} is not sound.", *notes, path=desk.path)
        return Result(document=document, error=error)
    with desk.read() as ledger:
        act, now = act_of(ledger, wanted) if wanted else None, history.head(ledger)
    parts = [message("The ledger is sound. Head of its history: {head}", head=now)]
    if wanted:
        parts.append(_act_sentence(wanted, act))
    document |= {"head": now, "act": act and act._asdict()}
    return Result(parts, document)


def _check_and_note(desk: Desk) -> list[Message]:
    """Return the ledger's problems, and remember the day of the check for `ledger doctor`."""
    try:
        with progress() as tell:
            problems = ledger_problems(desk.path, tell, desk.remark)
    except Damaged:
        note_done(desk.path, "unsound")
        raise
    note_done(desk.path, "unsound" if problems else "check")
    return problems


def _parse_head(head: str) -> str:
    """Return a head of the history, or its beginning. Raises Unclear."""
    wanted = head.strip().lower()
    if not re.fullmatch("[0-9a-f]{16,64}", wanted):
        raise Unclear(
            "{head} is not a history head: give at least 16 of its 64 digits.",
            head=head,
        )
    return wanted


def _act_sentence(head: str, act: WrittenAct | None) -> Message:
    """Return the sentence on the act with this head. Raises Refused if there is none."""
    if not act:
        raise Refused(
            "The head {head} is not in this history: the form came from another ledger, or the "
            "history has been rewritten since.",
            head=head,
        )
    return message(
        "The history has the head {head}: {at}, {command}, by {user}.",
        head=head,
        at=shown_minute(act.at),
        user=act.user,
        command=shown_command(act.command),
    )


@command(FILE, _KEEP, arguments=1, flags="json")
def back_up_ledger(desk: Desk, filled: Filled) -> Result:
    """Write a checked copy of the ledger."""
    file = filled.path("file")
    if file.is_dir():
        with desk.read() as ledger:
            name = file_name(desk, ledger, "台账备份", desk.today.isoformat())
        file /= f"{name}.sqlite"
    with progress() as tell:
        backup.back_up(desk.path, file, filled.number("keep"), tell, desk.remark)
    sentence = message("The ledger is backed up and the copy checked: {path}", path=file)
    notes = []
    if backup_strayed(desk.path, file):
        strayed = message(
            "{folder} lay on another disk at an earlier backup, and now lies on the ledger's own. "
            "Mount that disk and back up again.",
            folder=file.resolve().parent,
        )
        notes.append(strayed)
    return answer_of_change(sentence, {"file": file}, notes=notes)


@command(FILE, YES._replace(help="replace the ledger without asking"), arguments=1)
def restore_ledger(desk: Desk, filled: Filled) -> Result:
    """Replace the ledger with a checked backup."""
    file, path, notes = filled.path("file"), desk.path, list[Message]()

    def agree(station: str, lost: backup.Acts | None) -> None:
        if station:
            said = message("The backup is of a different station: {station}.", station=station)
            notes.append(said)
        if desk.asks and "yes" not in filled:
            question = _("Replace it? [y/N]")
            desk.demand(_replaced_in_words(path, lost), *notes, question=question, enter="n")
            notes.clear()

    with progress() as tell:
        replaced = backup.restore(file, path, desk.in_own_folder, tell, agree)
    parts = [message("{path} is restored from {file}.", path=path, file=file)]
    if replaced:
        parts.append(message("The previous file is kept: {path}", path=replaced.path))
        if replaced.lost and replaced.lost.number:
            count = replaced.lost.number
            parts += [
                message(
                    "Acts in it that the backup has not: {count}. To go back to it:", count=count
                ),
                message("`ledger restore {kept}`", kept=replaced.path),
            ]
    return Result(parts, notes=notes)


def _replaced_in_words(path: Path, lost: backup.Acts | None) -> Message:
    """Return what is lost where a ledger is replaced."""
    if not lost:
        return message("This replaces {path}, which cannot be read.", path=path)
    if not lost.number:
        return message("This replaces {path}. The backup has all of its acts.", path=path)
    return message(
        "This replaces {path}. Acts in it that the backup has not: {count}, the last of {day}.",
        path=path,
        count=lost.number,
        day=lost.newest,
    )


@command(flags="json")
def show_info(desk: Desk, _filled: Filled) -> Result:
    """Show the station, the number of entries and the program's version."""
    with desk.read() as ledger:
        whose = station.station(ledger)
        row = {
            "path": str(desk.path.resolve()),
            "station": whose.name,
            "key": whose.key,
            "county": whose.county,
            "code": whose.code,
            "schema": max(STEPS),
            "head": history.head(ledger),
            "program": VERSION,
            "commit": COMMIT,
            "committed": COMMITTED,
            **station.counts(ledger),
        }
    return Result((Record(row, _INFO),))


@command(SHARED_FILE, arguments=1)
def share_ledger(desk: Desk, filled: Filled) -> Result:
    """Write a copy for others, without personal data, in the plan's words."""
    file = filled.path("file")
    counts = share(desk.path, file, desk.remark)
    with desk.read() as ledger:
        about = description_of_copy(ledger, file)
    beside = file.with_suffix(".metadata.json")
    content = json.dumps(about, ensure_ascii=False, indent=2).encode()
    replaced = write_whole(beside, content, desk.path)
    rows = [f"{name} {count}" for name, count in counts.items()]
    return answer_of_change(
        message("The copy for others is written: {path} ({rows})", path=file, rows=rows),
        before=replaced,
        notes=[message("Its description for Datasette is in {path}.", path=beside)],
    )


def _demand_no_ledger(asking: Asking) -> Iterator[Message]:
    """Raise Refused if there is a ledger already, before any question."""
    demand_no_file(asking.desk.path)
    yield from ()


@command(
    *STATION,
    flags="from_stdin",
    asks=required_questions(*STATION)._replace(opening=_demand_no_ledger),
)
def init(desk: Desk, filled: Filled) -> Result:
    """Create a station's ledger."""
    station, county = filled.text("station"), filled.text("county")
    code = filled.given("code", str)
    chosen = INITIAL_SETTINGS | {"begins": filled.day("begins").isoformat()}
    if is_for_practice(desk.path):
        desk.practise()
    create(
        desk.path, station, county, code, chosen, make_folder=desk.in_own_folder, clock=desk.clock
    )
    return answer_of_change(
        message("The ledger of {station} is ready: {path}", station=station, path=desk.path)
    )
