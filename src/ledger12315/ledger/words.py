"""The station's own words and headings, and those of its points' registers.

A point's meanings have priority over the station's.
"""

import re
from datetime import date
from typing import NamedTuple

from ledger12315.boxes.forms import REFINED
from ledger12315.boxes.kinds import DAY
from ledger12315.boxes.names import comparable_name
from ledger12315.boxes.reading import NOTHING_WRITTEN, to_half_width
from ledger12315.boxes.tables import VOCABULARIES
from ledger12315.boxes.worded import OneWord
from ledger12315.errors import Refused, Unclear
from ledger12315.ledger.points import Point
from ledger12315.ledger.store import Ledger, now, update, upsert
from ledger12315.register.learned import Learned, words_of_box

_WORDS_FOR_NOTHING = (*NOTHING_WRITTEN, "none")
"""Words that mean an empty box."""


class LocalWord(NamedTuple):
    """A local word of a box, its `kind`, and the standard word that it counts under.

    `point` is the code of the point whose register uses it, None for the station's own.
    """

    kind: str
    word: str
    standard: str
    point: str | None
    retired: date | None


def local_words(ledger: Ledger) -> list[LocalWord]:
    """Return all local words, the station's own first."""
    query = """
        SELECT box, word, standard, code, local_word.retired
        FROM local_word LEFT JOIN point ON point.id = point_id ORDER BY code, box, word"""
    return [
        LocalWord(box, word, standard, code, DAY.stored(retired))
        for box, word, standard, code, retired in ledger.execute(query)
    ]


def refinements(ledger: Ledger) -> dict[str, dict[str, str]]:
    """Return the station's own words in use by box, each with its standard word."""
    known = learned_meanings(ledger, None).refined
    return {box: words_of_box(known, box) for box in REFINED}


def learned_meanings(ledger: Ledger, point: Point | None) -> Learned:
    """Return the meanings of words and headings in a point's registers, or at the station."""
    whose = "(point_id IS NULL OR point_id = ?) ORDER BY point_id IS NOT NULL, id"
    owner = (point and point.id,)
    headings = ledger.execute(f"SELECT name, box FROM heading WHERE {whose}", owner)
    query = f"""
        SELECT point_id, box, word, standard FROM local_word WHERE retired IS NULL AND {whose}"""
    words: dict[tuple[str, str], str] = {}
    refined: dict[tuple[str, str], str] = {}
    for of_point, box, word, standard in ledger.execute(query, owner):
        its = refined if of_point is None and box in REFINED else words
        its[box, word] = standard
    return Learned(dict(map(tuple, headings)), words, refined)


def headings_elsewhere(ledger: Ledger, point: Point | None) -> dict[str, str]:
    """Return the meanings of headings in other points' registers, where all of them agree."""
    query = """
        SELECT name, min(box) FROM heading WHERE point_id IS NOT ? AND point_id IS NOT NULL
        GROUP BY name HAVING count(DISTINCT box) = 1"""
    return dict(map(tuple, ledger.execute(query, (point and point.id,))))


def remember_words(ledger: Ledger, point: Point | None, news: Learned) -> None:
    """Keep the meanings of words and headings for a point, or for the station."""
    owner = point and point.id
    for name, box in news.headings.items():
        upsert(ledger, "heading", {"point_id": owner, "name": name}, {"box": box})
    for (box, word), standard in news.words.items():
        _keep_word(ledger, box, word, standard, owner)


def _keep_word(ledger: Ledger, box: str, word: str, standard: str, owner: int | None) -> None:
    key = {"point_id": owner, "box": box, "word": word}
    upsert(ledger, "local_word", key, {"standard": standard, "retired": None, "entered": now()})


def add_local_word(ledger: Ledger, box: str, word: str, standard: str) -> None:
    """Add a word of the station's own; a retired one is in use again.

    Raises Unclear for a word that reads as several or as none, Refused if it is a word already, or
    for a source that the plan counts by itself.
    """
    words, known = VOCABULARIES[box], refinements(ledger)[box]
    if to_half_width(word).casefold() in _WORDS_FOR_NOTHING:
        raise Unclear("{word} means an empty cell, so it cannot be a word.", word=word)
    if re.search("[,;、]", to_half_width(word)):
        raise Unclear("{word} contains a comma, which separates words.", word=word)
    if found := OneWord(words, known).offered.find(word):
        if found.code in words:
            raise Refused("{word} is already a fixed word: {standard}.", word=word, standard=found)
        raise Refused(
            "{word} already counts under {standard}. To change that, retire it first: "
            "`words retire {word}`",
            word=found,
            standard=words[known[found.code]],
        )
    if box == "source" and standard != "other":
        raise Refused(
            "Among the sources, only {other} can have words of the station's own.",
            other=words["other"],
        )
    _keep_word(ledger, box, word, standard, None)


def retire_local_word(ledger: Ledger, word: str, point: Point | None, on: date) -> list[str]:
    """Retire a word of the station's own or of a point's registers, in every box that has it.

    Return these boxes. Raises Refused if there is none.
    """
    query = "SELECT id, box, word FROM local_word WHERE point_id IS ? AND retired IS NULL"
    in_use = ledger.execute(query, (point and point.id,)).fetchall()
    found = [each for each in in_use if comparable_name(each["word"]) == comparable_name(word)]
    if not found:
        raise Refused("There is no local word {word} in use. See: `words list`", word=word)
    for each in found:
        update(ledger, "local_word", each["id"], {"retired": on})
    return [each["box"] for each in found]
