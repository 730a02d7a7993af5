"""A question for one line of text, and how its answer is read."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from ledger12315.cli.face.asked import Offer


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
