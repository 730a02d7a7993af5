"""A question that is answered by yes, no or another key, and needs no box."""

from ledger12315.boxes.reading import folded
from ledger12315.cli.face.lines import read_line
from ledger12315.cli.face.prompts import Prompt

BACK = "<"
_YES_OR_NO = {"yes": "y", "是": "y", "no": "n", "否": "n"}
_DECISIONS = ("y", "n", BACK, "+")


def agreed(question: str) -> bool:
    """Return whether a question is answered with yes; it is asked until it is yes or no."""
    while (answer := decided(question)) not in ("y", "n"):
        pass
    return answer == "y"


def decided(question: str) -> str:
    """Return y, n, < or + in whichever way it was typed, or else the typed text."""
    prompt = Prompt(
        question, meant=_decision, at_once=lambda typed: _decision(typed) in _DECISIONS
    )
    return read_line(prompt)


def _decision(typed: str) -> str:
    half = folded(typed).casefold()
    key = _YES_OR_NO.get(half, half)
    return key if key in _DECISIONS else typed.strip()
