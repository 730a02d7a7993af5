"""Equations and limits between the measures of a return, and those that fail."""

from collections.abc import Iterator
from typing import NamedTuple

from ledger12315.rules.measures import COLUMNS, MEASURES, TOTAL, Figures
from ledger12315.words import TYPES, Word

# Each left side equals the sum of its right side (a minus sign subtracts), in every column.
EQUALITIES = (
    ("received", "received_direct received_referred received_other"),
    ("received", "received_goods received_service received_other_kind"),
    ("closed", "settled advised mediation_closed closed_other"),
    ("open_end", "open_start received -closed"),
    ("points_end", "points_start points_new -points_retired"),
)
# Each left side is at most its right side, in every column.
LIMITS = (
    ("mediated", "mediation_closed"),
    ("withdrawn", "closed_other"),
    ("overdue_end", "open_end"),
    ("closed_on_time", "closed"),
    ("rated", "closed"),
    ("satisfied", "rated"),
    ("returns_made", "returns_due"),
)


class Breach(NamedTuple):
    """A control that fails in a column: a measure, and the terms compared with it.

    The terms at the `right` are keys, with a minus sign if they are subtracted. Without them the
    total is not the sum of the types.
    """

    column: str
    left: str
    sign: str = ""
    right: tuple[str, ...] = ()
    values: tuple[int, ...] = ()

    @property
    def words(self) -> Word:
        """The control as a formula in a sentence."""
        code, zh, en = map(self._in_language, ("code", "zh", "en"))
        return Word(code, zh, en)

    def _in_language(self, language: str) -> str:
        left, *right = (
            f"{'-' if key[0] == '-' else '+'} {getattr(MEASURES[key.lstrip('-')].label, language)}"
            for key in (self.left, *self.right)
        )
        if not right:
            return left[2:]
        terms = " ".join(right)[2:]
        return f"{left[2:]} {self.values[0]} {self.sign} {terms} {self.values[1]}"


def breaches(figures: Figures) -> list[Breach]:
    """Return the controls that fail; on a sound ledger none does."""
    found = []
    for column in COLUMNS:
        found += [*_unequal_in(figures, column), *_beyond_in(figures, column)]
    return [*found, *_breaches_of_totals(figures)]


def unequal_sums(figures: Figures) -> list[Breach]:
    """Return the sums that do not hold; they must hold for differences of figures too."""
    found = [each for column in COLUMNS for each in _unequal_in(figures, column)]
    return [*found, *_breaches_of_totals(figures)]


def _unequal_in(figures: Figures, column: str) -> Iterator[Breach]:
    for left, terms in EQUALITIES:
        figure, right = figures[left][column], tuple(terms.split())
        total = sum(
            -figures[key[1:]][column] if key[0] == "-" else figures[key][column] for key in right
        )
        if figure != total:
            yield Breach(column, left, "≠", right, (figure, total))


def _beyond_in(figures: Figures, column: str) -> Iterator[Breach]:
    for left, most in LIMITS:
        values = figures[left][column], figures[most][column]
        if values[0] > values[1]:
            yield Breach(column, left, ">", (most,), values)


def _breaches_of_totals(figures: Figures) -> Iterator[Breach]:
    # A change of type is 新设 and 撤销 in its rows, and neither in the total.
    changes = figures["type_changes"][TOTAL]
    for key, row in figures.items():
        twice = changes if key in ("points_new", "points_retired") else 0
        if row[TOTAL] != sum(row[type_] for type_ in TYPES) - twice:
            yield Breach(TOTAL, key)
