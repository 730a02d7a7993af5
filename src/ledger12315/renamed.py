"""Names changed since the plan of 2011, whose words the code and the catalogue use.

Where people read them they become those of the station's year; both are understood.
"""

from contextvars import ContextVar
from functools import lru_cache

PLAN, NEWEST = "2011", "2018"
"""The years whose words a station may have."""
# In the plan | since the reform of 2018; what holds another comes before it. A state has a column
# of a narrow screen.
_RENAMED = """
    省工商局     | 省市场监管局
    工商所处理中 | 市监所处理中
    工商行政管理 | 市场监督管理
    工商部门     | 市场监管部门
    工商分流     | 市场监管分流
    工商所       | 市场监管所
    申诉         | 投诉
"""
_PAIRS = [[*map(str.strip, line.split("|"))] for line in _RENAMED.strip().splitlines()]
_year = ContextVar("words_of", default=NEWEST)


def call_as(year: str) -> None:
    """Have the program speak the words of a year; where no ledger is open it is the newest."""
    _year.set(year)


def called(text: str) -> str:
    """Return a text of the program's own, never one of the ledger's, in the year's words."""
    return text if _year.get() == PLAN else newest(text)


@lru_cache(8192)
def newest(text: str) -> str:
    """Return a text in the newest words, by which spellings of either year are compared."""
    for was, became in _PAIRS:
        text = text.replace(was, became)
    return text


def either(text: str) -> tuple[str, ...]:
    """Return a text of the program's own in the words of each year, the plan's first."""
    return tuple(dict.fromkeys((text, newest(text))))


def year_named(*offices: str) -> str:
    """Return the year of the words that a station or county uses, by the names of its offices.

    Where they do not say, it is the plan's.
    """
    return NEWEST if any("市场监" in name for name in offices) else PLAN
