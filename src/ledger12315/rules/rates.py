"""The rates of 三(五)6, calculated from sums at every level, never averaged.

Their formulas and targets are settings: the plan gives none, and a province may give its own.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from ledger12315.boxes.reading import Misread, to_half_width, yuan
from ledger12315.renamed import in_year_words
from ledger12315.rules.measures import (
    ATTACHMENT3,
    COLUMNS,
    HEADINGS_OF_6,
    MEASURES,
    Figures,
    Measure,
)
from ledger12315.words import Vocabulary, Word

_NO_TARGET = "none"


class Rate(NamedTuple):
    """A rate: a sum of measures divided by one measure, and its target in percent."""

    key: str
    name: str
    numerator: tuple[str, ...]
    denominator: str
    target: int | None = None
    code: str = ""
    unit: str = "%"

    @property
    def enough(self) -> int:
        """The fewest cases with which a single one cannot decide whether the target is met."""
        missing = 100 - (self.target or 100)
        return -(-100 // missing) if missing else 0

    def of(self, counts: Mapping[str, int]) -> "RateValue":
        """Return the rate of these figures, by measure."""
        numerator = sum([counts[key] for key in self.numerator])
        return RateValue(self, numerator, counts[self.denominator])

    @property
    def parts(self) -> tuple[str, ...]:
        """The measures in the formula."""
        return *self.numerator, self.denominator

    @property
    def formula(self) -> str:
        """The formula in the forms' words."""
        return formula_in_words(self.written)

    @property
    def formula_en(self) -> str:
        """The formula in the measures' keys."""
        return _fraction(self.numerator, self.denominator)

    @property
    def written(self) -> str:
        """The formula for its setting."""
        return f"{' + '.join(self.numerator)} / {self.denominator}"


def formula_in_words(written: str) -> str:
    """Return a setting's formula in the forms' words."""
    numerator, denominator = written.split(" / ")
    terms = [MEASURES[key].short for key in numerator.split(" + ")]
    return in_year_words(_fraction(terms, MEASURES[denominator].short))


def formula_word(written: str) -> Word:
    """Return a setting's formula for people, its sum in brackets."""
    numerator, denominator = written.split(" / ")
    summed = f"({numerator})" if " + " in numerator else numerator
    return Word(written, formula_in_words(written), f"{summed} / {denominator}")


def _fraction(terms: Sequence[str], denominator: str) -> str:
    summed = "+".join(terms)
    return f"({summed})/{denominator}" if len(terms) > 1 else f"{summed}/{denominator}"


RATES = (
    Rate("settled_rate", "和解息诉率", ("settled", "mediated", "withdrawn"), "closed", 90),
    Rate("mediation_success_rate", "调解成功率", ("mediated",), "mediation_closed", 90),
    Rate("satisfaction_rate", "消费者满意率", ("satisfied",), "rated", 98),
    Rate("on_time_rate", "按时办结率", ("closed_on_time",), "closed"),
)
"""The rates by default."""
MEASURES_AND_RATES: Mapping[str, Measure | Rate] = {
    **MEASURES,
    **{rate.key: rate for rate in RATES},
}
"""The measures and the rates by default."""


def short_key(key: str) -> str:
    """Return the English words of a key, which fit beside seven figures on a terminal."""
    return {"mediation_success_rate": "mediation success"}.get(key, key.replace("_", " "))


def _word_of(measure: Measure) -> Word:
    """Return a measure's key and bare name, and its other names: in a formula without brackets."""
    key, bare = measure.key, measure.bare
    in_formula = re.sub("[()]", "", bare)
    # On a screen it stands above its parts.
    on_screen = key.removeprefix("received_").replace("_", " ")
    names = (measure.code or key, measure.name, measure.short, in_formula, on_screen)
    return Word(key, bare, key, (key.replace("_", " "), HEADINGS_OF_6.get(key, key), *names))


MEASURE_WORDS = Vocabulary(*map(_word_of, MEASURES.values()))
FIGURE_WORDS = Vocabulary(
    *MEASURE_WORDS.values(),
    *(Word(each.key, each.name, each.key, (short_key(each.key),)) for each in RATES),
)


def read_formula(text: str) -> str:
    """Return the setting for a typed formula. Raises Misread.

    Measures are named by key, code or name: `settled + withdrawn / closed`.
    """
    numerator, bar, denominator = re.sub("[()]", "", to_half_width(text)).partition("/")
    if not bar or "/" in denominator or "+" in denominator:
        raise Misread(
            "give measures as in (settled + withdrawn) / closed: a sum, a slash and one measure"
        )
    terms = [_measure(term) for term in numerator.split("+")]
    whole = _measure(denominator)
    if whole in terms:
        raise Misread("{key} is divided by itself", key=MEASURES[whole].label)
    if len(terms) > len({*terms}):
        raise Misread("a measure appears twice in it")
    if len({MEASURES[key].money for key in (*terms, whole)}) > 1:
        raise Misread("yuan and cases cannot be added or divided")
    return f"{' + '.join(terms)} / {whole}"


def _measure(text: str) -> str:
    word = MEASURE_WORDS.find(text)
    if word and MEASURES[word.code] in ATTACHMENT3:
        return word.code
    raise Misread(
        "{measure} is not a measure of Attachment 3; see: `rollup 3 PERIOD`",
        measure=text.strip() or "…",
    )


def read_target(text: str) -> str:
    """Return the setting for a typed target in percent. Raises Misread."""
    plain = to_half_width(text).removesuffix("%").strip()
    if plain in (_NO_TARGET, "无"):
        return _NO_TARGET
    if not (plain.isascii() and plain.isdigit() and 1 <= int(plain) <= 100):
        raise Misread("give 1 to 100, in percent, or none")
    return str(int(plain))


def target_in_chinese(written: str) -> str:
    """Return a setting's target in Chinese."""
    return "无" if written == _NO_TARGET else f"{written}%"


def target_for_setting(rate: Rate) -> str:
    """Return a rate's target for its setting."""
    return str(rate.target or _NO_TARGET)


def rates_by(settings: Mapping[str, str]) -> tuple[Rate, ...]:
    """Return the rates by these settings; RATES has the defaults."""
    return tuple(_rate_by_settings(rate, settings) for rate in RATES)


def _rate_by_settings(rate: Rate, settings: Mapping[str, str]) -> Rate:
    formula = settings.get(f"rate.{rate.key}", rate.written)
    target = settings.get(f"target.{rate.key}", target_for_setting(rate))
    numerator, denominator = formula.split(" / ")
    return rate._replace(
        numerator=tuple(numerator.split(" + ")),
        denominator=denominator,
        target=None if target == _NO_TARGET else int(target),
    )


def hundredths_of(part: int, whole: int) -> int | None:
    """Return a share in 0.01 %, rounded half up; None of nothing."""
    return (part * 20_000 + whole) // (2 * whole) if whole else None


class RateValue(NamedTuple):
    """A calculated rate; `met` is None without a target or with a zero denominator."""

    rate: Rate
    numerator: int
    denominator: int

    @property
    def hundredths(self) -> int | None:
        """The rate in 0.01 %, rounded half up, for display only; None for a zero denominator."""
        return hundredths_of(self.numerator, self.denominator)

    @property
    def percent(self) -> str | None:
        """The rate with two decimals; None for a zero denominator."""
        found = self.hundredths
        return None if found is None else yuan(found)

    @property
    def met(self) -> bool | None:
        """Whether the target is met, tested on whole numbers."""
        if self.rate.target is None or not self.denominator:
            return None
        return self.numerator * 100 >= self.rate.target * self.denominator

    @property
    def small_sample(self) -> bool:
        """样本过小: one case decides whether the target is met; False without cases."""
        return 0 < self.denominator < self.rate.enough


def rates(figures: Figures, column: str, by: Sequence[Rate]) -> tuple[RateValue, ...]:
    """Return the rates of one column of the figures."""
    counts = {key: figures[key][column] for rate in by for key in rate.parts}
    return tuple(rate.of(counts) for rate in by)


def rates_by_column(figures: Figures, by: Sequence[Rate]) -> Iterator[tuple[RateValue, ...]]:
    """Yield the values of each rate in the order of COLUMNS."""
    return zip(*(rates(figures, column, by) for column in COLUMNS), strict=True)
