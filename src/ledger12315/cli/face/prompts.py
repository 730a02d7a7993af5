"""A question for one line of text, and how its answer is read."""

from collections.abc import Callable, Sequence
from typing import NamedTuple


class Offer(NamedTuple):
    """An offered answer: its text, how it is shown, and the sign that chooses it.

    An offer without a sign gets its place in the list; one with a number has it as its sign.
    """

    text: str
    seen: str = ""
    sign: str = ""

    @property
    def shown(self) -> str:
        """The shown text, in which typed text is searched for."""
        return self.seen or self.text

    @property
    def listed(self) -> str:
        """The offer with its sign, as it is listed."""
        return f"{self.sign} {self.shown}".lstrip()


class Prompt(NamedTuple):
    """A question that is answered on one line.

    `text` is on the line to be edited. `offers` returns the offers for a typed text, `meant` the
    answer that it means, and `seen` the text that shows an answer. `enter_value` is the value that
    Enter gives, if it reads otherwise. An answer that is complete `at_once` needs no Enter.
    """

    label: str
    text: str = ""
    offers: Callable[[str], Sequence[Offer]] = lambda _: ()
    meant: Callable[[str], str] = str.strip
    seen: Callable[[str], str] = str
    enter_value: Callable[[str], str] = lambda _: ""
    at_once: Callable[[str], bool] = lambda _: False
