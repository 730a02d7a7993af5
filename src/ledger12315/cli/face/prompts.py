"""What is asked on one line of a terminal, and the answers that are offered below it."""

from collections.abc import Callable, Sequence
from typing import NamedTuple


class Offer(NamedTuple):
    """An offered answer: its text, how it is shown, the sign that chooses it, its own `word`.

    An offer without a sign gets its place in the list; one with a number has it as its sign.
    """

    text: str
    seen: str = ""
    sign: str = ""
    word: str = ""

    @property
    def shown(self) -> str:
        """The shown text, in which typed text is searched for."""
        return self.seen or self.text

    @property
    def listed(self) -> str:
        """The offer with its sign, as it is listed."""
        return f"{self.sign} {self.shown}".lstrip()

    @property
    def name(self) -> str:
        """The word of which letters are the initials, without what stands beside it."""
        return self.word or self.text


class Prompt(NamedTuple):
    """A question that is answered on one line.

    `text` is on the line to be edited. `offers` returns the offers for a typed text, `shown` the
    text that stands there after Enter, `enter_value` the value that Enter gives, if it reads
    otherwise.
    """

    label: str
    text: str = ""
    offers: Callable[[str], Sequence[Offer]] = lambda _: ()
    shown: Callable[[str], str] = str.strip
    enter_value: Callable[[str], str] = lambda _: ""
