"""The questions of the commands that record other work than complaints."""

from ledger12315.cli.asking.asked import (
    POINT_ROW,
    Asked,
    Questions,
    never,
    nothing_given,
    point_used_last,
)
from ledger12315.cli.asking.case import Case
from ledger12315.errors import message


def _is_for_all(case: Case) -> bool:
    return case.known.get("point") == ""


def _is_promised(case: Case) -> bool:
    return bool(case.known.get("promised"))


_AT_LAST_POINT = POINT_ROW._replace(takes=point_used_last)
_AT_ALL = POINT_ROW._replace(needed=never, empty=message(" (Enter: all)"))
_TEXT = Asked("text")


def _at_point(*rows: Asked) -> Questions:
    return Questions((_AT_LAST_POINT, *rows), words="text")


def _for_all(*rows: Asked) -> Questions:
    """Return the questions of a record that may be for all points; asked if nothing is given."""
    return Questions((_AT_ALL, *rows), begins=nothing_given, words="text")


RECORD_QUESTIONS = {
    "inquiry": _at_point(Asked("count"), _TEXT),
    "lead": _at_point(_TEXT, Asked("agency")),
    "major": _at_point(_TEXT),
    "visit": _at_point(_TEXT, Asked("raised"), Asked("result")),
    "meeting": _for_all(_TEXT, *map(Asked, ("place", "host", "attended", "decided"))),
    "training": _for_all(_TEXT, Asked("attended", when=_is_for_all)),
    "publicity": _for_all(_TEXT),
    "notice": _at_point(_TEXT, Asked("respondent")),
    "interview": _at_point(
        _TEXT,
        *map(Asked, ("respondent", "interviewed", "complaints", "promised")),
        Asked("promised_by", when=_is_promised),
    ),
}
"""The table of each kind of record."""
