"""The meanings of words and headings in a point's own register. Domain 3"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from ledger12315.boxes.forms import COMPLAINT
from ledger12315.boxes.worded import OneWord
from ledger12315.words import Vocabulary, vocabulary

MEANS_EMPTY = ("open", "unrated")
"""The meanings of words that leave their box empty."""
_WORDS_OF_EMPTY = {
    "outcome": """
        open | 未结 | open | 未办结
        void | 作废
    """,
    "rating": "unrated | 未评价 | not rated",
}
MEANINGS = {
    key: Vocabulary(*box.kind.offered.values(), *vocabulary(_WORDS_OF_EMPTY.get(key, "")).values())
    for key, box in COMPLAINT.items()
    if box.kind.offered
}
"""The possible meanings of a register's words, by box; outcomes have the digits of `close`."""


Words = Mapping[tuple[str, str], str]
"""Standard words by (box, other word)."""


class Learned(NamedTuple):
    """The known meanings in registers: boxes by heading, and standard words.

    The station's own words are `refined` and kept with the complaint, the others are only read.
    `instead`: box without a column of its own -> heading of the column that fills it.
    """

    headings: Mapping[str, str]
    words: Words
    refined: Words = MappingProxyType({})
    instead: Mapping[str, str] = MappingProxyType({})

    def merged(self, news: "Learned") -> "Learned":
        """Return both together; `news` win where they differ."""
        return Learned(
            {**self.headings, **news.headings},
            {**self.words, **news.words},
            {**self.refined, **news.refined},
            {**self.instead, **news.instead},
        )

    def difference(self, known: "Learned") -> "Learned":
        """Return the meanings that `known` does not have, or has otherwise."""
        words = {**known.refined, **known.words}
        return Learned(
            {name: box for name, box in self.headings.items() if known.headings.get(name) != box},
            {key: word for key, word in self.words.items() if words.get(key) != word},
        )

    def kind(self, kind: OneWord, box: str) -> OneWord:
        """Return the kind that takes the words of a box."""
        return kind.refined(words_of_box(self.refined, box), words_of_box(self.words, box))


def words_of_box(words: Words, box: str) -> dict[str, str]:
    """Return the words of one box."""
    return {word: code for (its, word), code in words.items() if its == box}
