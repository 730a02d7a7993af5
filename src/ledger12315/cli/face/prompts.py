"""A question for one line of text, and how its answer is read."""

from collections.abc import Callable, Sequence
from typing import NamedTuple


class Offer(NamedTuple):
    """An answer, how it is shown where that is more, and the sign that takes it.

    What has a number of its own is taken by it; without a sign it is taken by its place.
    """

    text: str
    seen: str = ""
    sign: str = ""

    @property
    def shown(self) -> str:
        """The text that is shown, and in which what was typed is looked for."""
        return self.seen or self.text

    @property
    def listed(self) -> str:
        """The offer with its sign, as it is listed."""
        return f"{self.sign} {self.shown}".lstrip()


class Prompt(NamedTuple):
    """A question that is answered on one line.

    `text` stands there to be edited, `offers` gives what goes with what was typed, `meant` the
    answer that it stands for, and `seen` how an answer is shown. Meanwhile it is `told` what Enter
    takes, where that reads otherwise. What is complete `at_once` needs no Enter.
    """

    label: str
    text: str = ""
    offers: Callable[[str], Sequence[Offer]] = lambda _: ()
    meant: Callable[[str], str] = str.strip
    seen: Callable[[str], str] = str
    told: Callable[[str], str] = lambda _: ""
    at_once: Callable[[str], bool] = lambda _: False
