"""The workbooks sent to a county desk, and its own: their figures and points."""

from collections.abc import Iterable, Sequence
from itertools import groupby
from pathlib import Path

from ledger12315.errors import Message, Unacceptable
from ledger12315.rules.county import (
    PointList,
    StationReturn,
    clashes,
    made_in_practice,
    split_earlier,
)


def workbook_files(files: Iterable[Path]) -> list[Path]:
    """Return the files, and all workbooks of a folder without a spreadsheet's `~$` lock files.

    The shell of Windows leaves `*.xlsx` as it was typed, so it is expanded here.
    """
    found: list[Path] = []
    for file in files:
        sought = file / "*.xlsx" if file.is_dir() else file
        there = [file] if file.is_file() else sorted(sought.parent.glob(sought.name))
        found += [each for each in there if each.name[:2] != "~$"] or [sought]
    return found


def read_sent_workbooks(
    files: Iterable[Path], practice: bool
) -> tuple[list[StationReturn], list[PointList], list[StationReturn]]:
    """Return the figures and points to be added, and the figures of the county's earlier forms.

    Raises Unacceptable with every problem of every file.
    """
    found, lists, problems = _read_workbooks(files)
    problems += () if practice else made_in_practice([*found, *lists])
    returns, earlier = split_earlier(found)
    problems += [*clashes(returns), *clashes(lists)]
    problems += [each for group in _by_period(earlier) for each in clashes(group)]
    _demand_sum(returns or lists, problems)
    return returns, lists, earlier


def read_by_period(files: Iterable[Path], practice: bool) -> list[list[StationReturn]]:
    """Return the returns of each period, the latest last.

    Raises Unacceptable with every problem of every workbook.
    """
    found, _lists, problems = _read_workbooks(files)
    problems += () if practice else made_in_practice(found)
    groups = _by_period(found)
    for group in groups:
        problems += clashes(group)
    _demand_sum(found, problems)
    return groups


def _by_period(returns: Iterable[StationReturn]) -> list[list[StationReturn]]:
    def days(each: StationReturn) -> tuple[object, str]:
        return each.period.last, each.period.code

    return [list(each) for _, each in groupby(sorted(returns, key=days), days)]


def _read_workbooks(
    files: Iterable[Path],
) -> tuple[list[StationReturn], list[PointList], list[Message]]:
    """Return the workbooks' figures and points, and the problems that prevent reading them."""
    from ledger12315.sheets.incoming.basis import read_station_return
    from ledger12315.sheets.incoming.point_list import read_point_list

    returns: list[StationReturn] = []
    lists: list[PointList] = []
    problems: list[Message] = []
    for file in files:
        try:
            if listed := read_point_list(file):
                lists.append(listed)
            else:
                returns.append(read_station_return(file))
        except Unacceptable as wrong:
            problems += wrong.notes or [wrong.message]
    return returns, lists, problems


def _demand_sum(found: Sequence[object], problems: Sequence[Message]) -> None:
    if problems or not found:
        raise Unacceptable("These workbooks cannot be added up; nothing is written.", *problems)
