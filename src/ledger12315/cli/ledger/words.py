"""`words` 用语: words of the station's own, and of its points' registers."""

from ledger12315.boxes import Filled
from ledger12315.boxes.arguments import LOCAL_WORD, STANDARD, WORD_KIND
from ledger12315.boxes.complaint import COMPLAINT, REFINED
from ledger12315.boxes.kinds import DAY
from ledger12315.boxes.tables import VOCABULARIES
from ledger12315.cli.command import command
from ledger12315.cli.face.answers import Column, Result, answer_of_change, answer_of_list
from ledger12315.cli.face.desk import Desk
from ledger12315.cli.face.options import ONE_POINT
from ledger12315.errors import message
from ledger12315.ledger import words
from ledger12315.ledger.points import given_point
from ledger12315.locale import render
from ledger12315.register.learned import MEANINGS

_COLUMNS = (
    Column("kind", "种类"),
    Column("word", "用语"),
    Column("standard", "标准用语"),
    Column("point", "服务点"),
    Column("retired", "停用", kind=DAY),
)


@command(takes="json csv")
def list_words(desk: Desk, _filled: Filled) -> Result:
    """List the station's own words, and the meanings of words in points' registers."""
    with desk.read() as ledger:
        found = words.local_words(ledger)
    rows = [each._asdict() for each in found]
    if desk.form != "json":
        rows = [row | _in_words(row["kind"], row["standard"]) for row in rows]
    return answer_of_list(rows, _COLUMNS)


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
