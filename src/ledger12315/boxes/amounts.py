"""The kinds of boxes that hold a number: money, areas, counts, the grade of a scenic area."""

import re
from datetime import date
from typing import Any

from ledger12315.boxes.kinds import Kind, Value
from ledger12315.boxes.reading import Misread, hundredths, to_half_width, typed_amount, yuan
from ledger12315.boxes.spoken import spoken_money, spoken_number
from ledger12315.words import Word


def read_money(text: str) -> int:
    """Return the 分 of an amount in yuan, in figures or as people say it. Raises Misread."""
    number = spoken_money(to_half_width(text))
    return hundredths(number, "{text} is not an amount in yuan; write 299, 299.00 or 50万")


class Money(Kind):
    """Yuan with at most two decimals, 50万, or as people say them: 三百五; kept in 分."""

    metavar = "YUAN"
    free = False
    unit = Word("yuan", "元", "yuan")
    right = True
    as_stored = False
    entry = "money"
    hint = "金额（元），最多两位小数"
    numbered = True

    def read(self, text: str, today: date) -> Value:
        return read_money(text)

    typed = staticmethod(typed_amount)
    plain = staticmethod(yuan)

    def printed(self, value: Any) -> str:
        return f"{yuan(value)}元"


class Area(Money):
    """Square metres with at most two decimals; kept in 0.01 m²."""

    metavar = "M2"
    unit = Word("m2", "平方米", "m²")
    entry = "text"

    def read(self, text: str, today: date) -> Value:
        number = re.sub(r"(㎡|m²|m2|平方米|平米|平方|平)$", "", to_half_width(text), flags=re.I)
        number = spoken_number(number)
        return hundredths(number, "{text} is not an area in m²; write 200 or 199.99")

    def printed(self, value: Any) -> str:
        return f"{yuan(value)}m²"


class Count(Kind):
    """A whole number, from 1 to 1,000,000 unless it says otherwise; 80个 and 八十 are 80."""

    metavar = "N"
    free = False
    right = numbered = True

    def __init__(self, least: int = 1, most: int = 1_000_000) -> None:
        self._least, self._most = least, most

    def read(self, text: str, today: date) -> int:
        half = re.sub(r"\s*(?:人次|[个家件次人名份户条])$", "", to_half_width(text))
        half = spoken_number(re.sub(r"(?<=\d),(?=\d{3}(?!\d))", "", half))
        number = int(half) if re.fullmatch(r"[0-9]{1,7}|0+", half) else -1
        if not self._least <= number <= self._most:
            raise Misread(
                "{text} is not a whole number from {least} to {most}",
                text=text,
                least=self._least,
                most=f"{self._most:,}",
            )
        return number


class Grade(Kind):
    """The As of a scenic area: AAA, 3A or aaa give 3."""

    metavar = "AAA"

    def read(self, text: str, today: date) -> Value:
        half = to_half_width(text).upper()
        if not re.fullmatch("A{1,5}|[1-5]A", half):
            raise Misread("{text} is not a grade; write A to AAAAA, or 3A", text=text)
        return len(half) if half[0] == "A" else int(half[0])

    def plain(self, value: Any) -> Any:
        return "A" * value


def amount_under(heading: str, text: str) -> str:
    """Return an amount with its unit: 1.2 under a heading in 万元 becomes 1.2万."""
    alone = "万元" not in heading or re.search("[元块角毛分万萬亿億]", text)
    return text if alone else f"{text}万"


MONEY, AREA, GRADE = Money(), Area(), Grade()
COUNT, COUNT_OR_ZERO, DAYS_WITHIN = Count(), Count(least=0), Count(least=0, most=250)
