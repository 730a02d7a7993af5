"""Names changed since the plan of 2011, whose words the code and the catalogue use.

Texts for people have the words of the station's year; both words are understood.
"""

from functools import lru_cache

PLAN, NEWEST = "2011", "2018"
"""The years whose words a station may have."""
# In the plan | since the reform of 2018; a name that contains another comes before it. The name of
# a state must fit a column of a narrow screen.
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
_words_of = NEWEST


def call_as(year: str) -> None:
    """Use the words of a year from now on; without an open ledger it is the newest."""
    global _words_of
    _words_of = year


def in_year_words(text: str) -> str:
    """Return a text of the program, never one of the ledger, in the words of the year."""
    return text if _words_of == PLAN else in_newest_words(text)


@lru_cache(8192)
def in_newest_words(text: str) -> str:
    """Return a text in the newest words, so that spellings of either year compare equal."""
    for was, became in _PAIRS:
        text = text.replace(was, became)
    return text


def year_of_names(*offices: str) -> str:
    """Return the year of a station's or county's words, from the names of its offices.

    Without such a name it is the plan's year.
    """
    return NEWEST if any("市场监" in name for name in offices) else PLAN
