"""`settings` 设置 and `words` 用语: what a station sets, and words of its own."""

from collections.abc import Iterator
from datetime import date
from itertools import groupby
from operator import itemgetter

from ledger12315.boxes import Filled, Option
from ledger12315.boxes.forms import (
    COMPLAINT,
    LOCAL_WORD,
    OFFICES,
    REFINED,
    SETTING,
    STANDARD,
    VALUE,
    WORD_KIND,
)
from ledger12315.boxes.kinds import DAY, DAY_AHEAD
from ledger12315.boxes.reading import to_half_width
from ledger12315.boxes.tables import VOCABULARIES
from ledger12315.boxes.worded import OneWord
from ledger12315.cli.asking.questions import demand_a_ledger, required_questions
from ledger12315.cli.command import command
from ledger12315.cli.face.answers import (
    Column,
    Result,
    Row,
    Table,
    aligned_lines,
    answer_of_change,
    answer_of_list,
    cells_of,
)
from ledger12315.cli.face.desk import Desk
from ledger12315.cli.face.options import ONE_POINT
from ledger12315.cli.face.terminals import safe
from ledger12315.errors import Message, Unclear, message
from ledger12315.ledger import settings, words
from ledger12315.ledger.points import given_point
from ledger12315.ledger.returns.frozen import annual_reading
from ledger12315.ledger.station import rename_office
from ledger12315.locale import _, by_language, render
from ledger12315.register.learned import MEANINGS
from ledger12315.rules.settings import SETTING_NAMES, SETTINGS, SettingHistory
from ledger12315.words import Vocabulary, Word

_SINCE = Option(
    "since",
    "起",
    DAY_AHEAD,
    "day from which it applies [always; return dates: today]",
    option="from",
)
_OFFICES = Vocabulary(*(Word(box.key, box.name.zh, box.key) for box in OFFICES))
_SETTING = SETTING._replace(kind=OneWord(Vocabulary(*SETTING_NAMES.values(), *_OFFICES.values())))
_COLUMNS = (
    Column("key", "设置", "setting"),
    Column("value", "值"),
    Column("from", "起算日", kind=DAY),
    Column("default", "默认"),
    Column("meaning", "含义"),
    Column("basis", "依据"),
)


@command(flags="json csv")
def list_settings(desk: Desk, _filled: Filled) -> Result:
    """List the settings."""
    with desk.read() as ledger:
        terms = settings.setting_history(ledger)
    rows = list(_setting_rows(terms, desk.format == "json"))
    return Result((Table(rows, _COLUMNS, drawn=_setting_lines),))


def _setting_lines(rows: list[Row]) -> Iterator[str]:
    """Yield each setting's meaning with its values below: one row would be too wide."""
    for meaning, group in groupby(rows, itemgetter("meaning")):
        yield safe(meaning)
        listed = [{**row, "key": _setting_name(row["key"])} for row in group]
        lines = aligned_lines([*cells_of(listed, _COLUMNS[:3])])
        for line, row in zip(lines, listed, strict=True):
            yield f"  {line}"
            if row["basis"]:
                yield f"      {safe(render(message('Basis: {basis}', basis=row['basis'])))}"


def _setting_name(key: str) -> str:
    """Return a setting's key; in Chinese its name and the key."""
    return by_language(f"{SETTINGS[key].name} {key}", key)


def _setting_rows(terms: SettingHistory, plain: bool) -> Iterator[Row]:
    """Yield each setting with its value; a dated one for each day on which it changes."""
    for key, each in SETTINGS.items():
        meaning = each.meaning if plain else _(each.meaning)
        default = each.default if plain else render(each.said(each.default))
        for value, since in terms.stretches(key):
            shown = value if plain else render(each.said(value))
            row = {"key": key, "value": shown, "from": since}
            basis = _clock_basis(terms, key, since, plain)
            yield row | {"default": default, "meaning": meaning, "basis": basis}


def _clock_basis(terms: SettingHistory, key: str, since: date | None, plain: bool) -> str | None:
    """Return the article of a clock that starts on a day, None for another setting."""
    kind, _dot, clock = key.partition(".")
    if kind != "clock":
        return None
    article = terms.basis(clock, since or date.min)
    return article or (None if plain else _("set by the station"))


@command(
    _SETTING,
    VALUE,
    _SINCE,
    arguments=2,
    asks=required_questions(_SETTING, VALUE, _SINCE)._replace(opening=demand_a_ledger),
)
def set_setting(desk: Desk, filled: Filled) -> Result:
    """Change a setting."""
    key = filled.text("key")
    if key in _OFFICES:
        return _answer_of_renaming(desk, filled, _OFFICES[key])
    since = filled.given("since", date)
    if SETTINGS[key].from_today:
        since = since or desk.today
    with desk.write() as ledger:
        value = to_half_width(filled.text("value"))
        before = settings.change_setting(ledger, key, value, desk.today, since)
        after = settings.setting_history(ledger).value(key)
        reading = annual_reading(ledger) if key == "annual_period" else None
    notes = [_december_message(*reading)] if reading and reading[1] != after else []
    said = SETTINGS[key].said
    if before is None:
        return _unchanged(SETTING_NAMES[key], said(after))
    changed = {"key": SETTING_NAMES[key], "before": said(before), "value": said(after)}
    if since:
        return answer_of_change(
            message("{key}: {before} -> {value}, from {day} on", day=since, **changed)
        )
    return answer_of_change(message("{key}: {before} -> {value}", **changed), notes=notes)


def _answer_of_renaming(desk: Desk, filled: Filled, office: Word) -> Result:
    """Change the name of the station or the county. Raises Unclear for a day."""
    if "since" in filled:
        raise Unclear("{key} always applies: leave out --from.", key=office)
    name = filled.text("value")
    with desk.write() as ledger:
        before = rename_office(ledger, office.code, name)
    if before == name:
        return _unchanged(office, name)
    return answer_of_change(
        message("{key}: {before} -> {value}", key=office, before=before, value=name)
    )


def _unchanged(setting: Word, value: object) -> Result:
    return answer_of_change(message("{key} is {value} already.", key=setting, value=value))


def _december_message(period: str, reading: str) -> Message:
    """Return the note on December, which two readings of the year treat differently."""
    if reading == "statistical":
        return message(
            "{period} was submitted up to November, so no annual return will include December "
            "{year}; the next annual form says so.",
            period=period,
            year=period[:4],
        )
    return message(
        "{period} was submitted up to December, so the next annual return will include "
        "December {year} too; its form says so.",
        period=period,
        year=period[:4],
    )


_WORD_COLUMNS = (
    Column("kind", "种类"),
    Column("word", "用语"),
    Column("standard", "标准用语"),
    Column("point", "服务点"),
    Column("retired", "停用", kind=DAY),
)


@command(flags="json csv")
def list_words(desk: Desk, _filled: Filled) -> Result:
    """List the station's own words, and the meanings of words in points' registers."""
    with desk.read() as ledger:
        found = words.local_words(ledger)
    rows = [each._asdict() for each in found]
    if desk.format != "json":
        rows = [row | _in_words(row["kind"], row["standard"]) for row in rows]
    return answer_of_list(rows, _WORD_COLUMNS)


def _in_words(kind: str, standard: str) -> dict[str, str]:
    return {"kind": render(COMPLAINT[kind].name), "standard": render(MEANINGS[kind][standard])}


@command(WORD_KIND, LOCAL_WORD, STANDARD, arguments=2)
def add_word(desk: Desk, filled: Filled) -> Result:
    """Add a word of the station's own that counts under a fixed word."""
    kind, word = filled.text("kind"), filled.text("word")
    standard = str(COMPLAINT[kind].parse(filled.text("standard"), desk.today))
    with desk.write() as ledger:
        words.add_local_word(ledger, kind, word, standard)
    said = {"word": word, "kind": REFINED[kind], "standard": VOCABULARIES[kind][standard]}
    return answer_of_change(
        message("{word} ({kind}) counts under {standard} from now on.", **said)
    )


@command(LOCAL_WORD, ONE_POINT._replace(help="a word in this point's registers"), arguments=1)
def retire_word(desk: Desk, filled: Filled) -> Result:
    """Retire a word; complaints that have it keep it."""
    word = filled.text("word")
    with desk.write() as ledger:
        only = given_point(ledger, filled)
        kinds = words.retire_local_word(ledger, word, only, desk.today)
    names = [COMPLAINT[kind].name for kind in kinds]
    return answer_of_change(message("{word} is retired: {kinds}.", word=word, kinds=names))
