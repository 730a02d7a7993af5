"""The county's registry: what is wrong in its list of stations."""

from datetime import date

from ledger12315.locale import render
from ledger12315.rules.registry import RegistryEntry, entry_problems
from tests.rows import for_all


def _entry(line: str) -> RegistryEntry:
    """Return an entry written as: digit of its key, name, first and last day, digit it follows."""
    key, name, *days, follows = line.split()
    since, until = (None if day == "-" else date.fromisoformat(day) for day in days)
    before = () if follows == "-" else (follows * 32,)
    return RegistryEntry(key * 32, name, "县", since=since, until=until, follows=before)


@for_all(r"""
    entries                                               | said
    1 甲 - 2026-06-30 -; 1 乙 2026-07-01 - -              |
    1 甲 - 2026-06-30 -; 1 乙 2026-06-30 - -              | 乙: two lines have overlapping days
    1 乙 2026-07-01 - -; 1 甲 - 2026-06-30 -              |
    1 甲 2026-01-01 - -; 1 乙 2026-07-01 - -              | 乙: two lines have overlapping days
    1 甲 2026-06-30 2026-06-30 -                          |
    1 甲 2026-07-01 2026-06-30 -                          | 甲: it ends before it begins
    1 甲 - 2026-06-30 -; 2 乙 2026-07-01 - 1              |
    1 甲 - 2026-07-01 -; 2 乙 2026-07-01 - 1              | 乙: it follows 1, which is not listed \
        with an earlier last day
    1 甲 - - -; 2 乙 2026-07-01 - 1                       | 乙: it follows 1, which is not listed \
        with an earlier last day
    2 乙 2026-07-01 - 1                                   | 乙: it follows 1, which is not listed \
        with an earlier last day
""")
def test_what_is_wrong_in_a_list_of_stations(entries: str, said: str) -> None:
    found = entry_problems([_entry(each) for each in entries.split("; ")])
    assert "; ".join(map(render, found)).replace("1" * 32, "1") == said
