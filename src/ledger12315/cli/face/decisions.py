"""A question that is answered by yes, no or another key, and needs no box."""

from ledger12315.boxes.reading import to_half_width
from ledger12315.cli.face.lines import read_line
from ledger12315.cli.face.prompts import Prompt

BACK = "<"
_YES_OR_NO = {"yes": "y", "是": "y", "no": "n", "否": "n"}
_DECISIONS = ("y", "n", BACK, "+")


def ask_yes_or_no(question: str) -> bool:
    """Return whether a question is answered with yes; it is asked until it is yes or no."""
    while (answer := read_decision(question)) not in ("y", "n"):
        pass
    return answer == "y"


def read_decision(question: str) -> str:
    """Return y, n, < or + in whichever way it was typed, or else the typed text."""
    prompt = Prompt(
        question, meant=_decision_of, at_once=lambda typed: _decision_of(typed) in _DECISIONS
    )
    return read_line(prompt)


def _decision_of(typed: str) -> str:
    half = to_half_width(typed).casefold()
    key = _YES_OR_NO.get(half, half)
    return key if key in _DECISIONS else typed.strip()
