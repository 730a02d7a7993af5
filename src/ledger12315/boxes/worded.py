"""The kinds of boxes that hold fixed words, or local words that count under them."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from ledger12315.boxes.kinds import Kind, Value
from ledger12315.boxes.reading import Misread, to_half_width
from ledger12315.renamed import in_year_words
from ledger12315.words import Finer, Vocabulary, Word


class Local(str):
    """The code of a fixed word, or of several, for which a local word was given."""

    word: str

    def __new__(cls, code: str, word: str) -> "Local":
        made = super().__new__(cls, code)
        made.word = word
        return made


class UnknownWord(Misread):
    """A text that is not a word of its box."""

    @property
    def word(self) -> str:
        """The text that was typed."""
        return str(self.message.values["text"])


class OneWord(Kind):
    """One of a vocabulary's words, in either language; kept as its code.

    `finer` words and `local` ones count under a fixed word and are kept together with it; `plain`
    ones are only read, as the fixed or finer word that they mean.
    """

    metavar = "WORD"
    free = False
    entry = "list"
    hint = "从列表中选择"
    words: Vocabulary
    offered: Vocabulary

    def __init__(
        self,
        words: Vocabulary,
        local: Mapping[str, str] | None = None,
        plain: Mapping[str, str] | None = None,
        finer: Mapping[str, Finer] = {},
    ) -> None:
        self.words, self._finer = words, finer
        self._meant = {word: code for word, code in (plain or {}).items() if word not in finer}
        self._counted = {**(local or {}), **{word: each.standard for word, each in finer.items()}}
        own = dict.fromkeys((*self._counted, *self._meant))
        more = (Word(word, word, word) for word in own if word not in finer)
        self.offered = Vocabulary(*words.values(), *(each.word for each in finer.values()), *more)

    def says_nothing(self, text: str) -> bool:
        return super().says_nothing(text) and not self.offered.find(text)

    def refined(
        self, local: Mapping[str, str], plain: Mapping[str, str] | None = None
    ) -> "OneWord":
        return type(self)(self.words, local, plain, self._finer)

    def among(self, words: Vocabulary) -> "OneWord":
        """Return the kind of other fixed words, with the same finer ones."""
        return type(self)(words, finer=self._finer)

    def read(self, text: str, today: date) -> Value:
        return self._code(text)

    def _code(self, text: str) -> str:
        found = self.offered.find(text)
        if found is None:
            raise UnknownWord("{text} is not one of: {words}", text=text, words=self.offered)
        word = self._meant.get(found.code, found.code)
        return Local(self._counted[word], word) if word in self._counted else word

    def shown(self, value: Any) -> object:
        return self.offered.get(value, value)

    def printed(self, value: Any) -> str:
        return in_year_words(self.words[value].zh) if value in self.words else str(value)


class LineOrWord(OneWord):
    """One line, for which words are offered."""

    read = Kind.read


class SeveralWords(OneWord):
    """Several of a vocabulary's words, separated by commas or 、; kept as codes with commas."""

    entry = "several"

    def read(self, text: str, today: date) -> Value:
        codes = [self._code(part) for part in self.parts(text)]
        said = ",".join(local_word(code) for code in codes)
        whole = ",".join(codes)
        return whole if said == whole else Local(whole, said)

    def parts(self, text: str) -> list[str]:
        return re.split(r"[,;、]\s*", to_half_width(text))

    def shown(self, value: Any) -> object:
        words = [super(SeveralWords, self).shown(code) for code in value.split(",")]
        return words if len(words) > 1 else words[0]

    def printed(self, value: Any) -> str:
        return "、".join(map(super().printed, value.split(",")))


class YesOrNo(Kind):
    """Yes or no, kept as 1 or 0."""

    def shown(self, value: int) -> object:
        return Word("yes", "是", "yes") if value else Word("no", "否", "no")


YES_OR_NO = YesOrNo()


def local_word(value: object) -> str:
    """Return the local word that was given, or else the code."""
    return value.word if isinstance(value, Local) else str(value)


def read_local_words(kept: str | None) -> dict[str, str]:
    """Return a complaint's local words by box, from their column."""
    import json  # loads slowly, and few complaints have any

    read: dict[str, str] = json.loads(kept) if kept else {}
    return read


def local_words_json(kept: str | None, boxes: Mapping[str, Any]) -> str | None:
    """Return a complaint's local words as JSON for their column, from filled boxes."""
    kept_words = {box: word for box, word in read_local_words(kept).items() if box not in boxes}
    kept_words |= {box: each.word for box, each in boxes.items() if isinstance(each, Local)}
    if not kept_words:
        return None
    import json  # as above

    return json.dumps(kept_words, ensure_ascii=False)
