"""A mapping drafted from the texts in a bureau's workbook, for a person to check. Domain 6.8."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from difflib import get_close_matches
from operator import attrgetter
from pathlib import Path
from typing import NamedTuple

from ledger12315.errors import Unacceptable, message
from ledger12315.register.guesses import guess_heading
from ledger12315.rules.measures import ATTACHMENT3, ATTACHMENT6, HEADINGS_OF_6, MEASURES
from ledger12315.rules.rates import FIGURE_WORDS, RATES
from ledger12315.sheets.incoming.names import Place, open_workbook
from ledger12315.sheets.paper.boxed import BoxContent, spellings
from ledger12315.sheets.paper.contents import blank_content
from ledger12315.sheets.paper.figured import type_or_total
from ledger12315.sheets.paper.template_sheet import Drafted, TemplateSheet

_FEWEST, _ROOM = 3, 100
"""Headings that make a table, and rows where none are drawn."""
_CLOSE_ENOUGH = 0.7
# Not a label with its value in one cell, as below a table: 联络员：林秀珍.
_HEADING = "(?:其中[:\uff1a])?[^:\uff1a]*[:\uff1a]?"
# The most likely columns of a list.
_IN_LISTS = ("检查结果", "姓名")
_HEAD_LABELS = {"填报单位": "station", "报告期": "period", "截至": "as_of"}
# Measures and rates, as Attachment 6 calls them, else Attachment 3.
_NAMES_DRAFTED = {key: word.zh for key, word in FIGURE_WORDS.items()} | HEADINGS_OF_6
# Keys whose headings differ in a point's own register.
_REGISTER_KEYS = {"operator": "respondent", "number": "external_no"}
_FIGURES_OF_FORM = {
    "3": [*(_NAMES_DRAFTED[each.key] for each in ATTACHMENT3), *(rate.name for rate in RATES)],
    "6": [_NAMES_DRAFTED[key] for key in ATTACHMENT6],
}
_MONEY_NAMES = [_NAMES_DRAFTED[key] for key, each in MEASURES.items() if each.money]


class DraftedMapping(NamedTuple):
    """A mapping as JSON, the places found, and the figures without a place."""

    text: str
    found: list[Drafted]
    left: list[str]


class _TableRows(NamedTuple):
    """The rows of a page's table: the first, and the last, or the type of each."""

    first: int = 0
    last: int = 0
    types: Sequence[str] = ()


_PageDraft = tuple[list[Drafted], _TableRows]


def draft_mapping(template: Path, form: str) -> DraftedMapping:
    """Return a mapping of a form's content. Raises Unacceptable if no text names any of it.

    It is for the sheet with most names; others may have a cell on another sheet.
    """
    with open_workbook(template) as book:
        pages = [TemplateSheet(book, name) for name in book.parts]
    content = blank_content(form)
    if isinstance(content, BoxContent):
        names = content.names
        drafts = [_draft_of_page(page, content) for page in pages]
    else:
        names = _FIGURES_OF_FORM[form]
        drafts = [_draft_of_figures(page) for page in pages]
    lacking = [len(_names_left(names, found)) for found, _ in drafts]
    main = lacking.index(min(lacking))
    page, (found, rows) = pages.pop(main), drafts.pop(main)
    for other, draft in zip(pages, drafts, strict=True):
        found += _names_on_other_sheet(other, draft, _names_left(names, found))
    if not found:
        why = message("none of its texts is a heading of Attachment {form}", form=form)
        raise Unacceptable("{file} cannot be loaded: {reason}.", file=template, reason=why)
    text = _mapping_as_json(form, page.name, found, rows)
    return DraftedMapping(text, found, _names_left(names, found))


def _mapping_as_json(form: str, sheet: str, found: Sequence[Drafted], rows: _TableRows) -> str:
    cells = {each.where: each.holds for each in found if each.where[-1].isdigit()}
    columns = {each.where: each.holds for each in found if each.where.isalpha()}
    mapping: dict[str, object] = {"form": form, "sheet": sheet, "cells": cells}
    if columns:
        known = {key: each for key, each in rows._asdict().items() if each}
        mapping["rows"] = known | {"columns": columns}
    return json.dumps(mapping, ensure_ascii=False, indent=1)


def _names_on_other_sheet(
    page: TemplateSheet, draft: _PageDraft, names: Sequence[str]
) -> Iterator[Drafted]:
    """Yield the places of these names on another sheet, as cells."""
    sheet = page.name.replace("'", "''")
    for each in _cells_of_columns(*draft):
        if any(_holds_name(name, each.holds) for name in names):
            yield each._replace(where=f"'{sheet}'!{each.where}")


def _cells_of_columns(found: Iterable[Drafted], rows: _TableRows) -> Iterator[Drafted]:
    """Yield the findings as cells; columns only for types, whose rows are known."""
    for each in found:
        if not each.where.isalpha():
            yield each
            continue
        for number, type_ in enumerate(rows.types, rows.first):
            yield each._replace(where=f"{each.where}{number}", holds=f"{each.holds} {type_}")


def _names_left(names: Iterable[str], found: Sequence[Drafted]) -> list[str]:
    """Return the names without a place among the findings."""
    return [name for name in names if not any(_holds_name(name, each.holds) for each in found)]


def _holds_name(name: str, holds: str) -> bool:
    """Return whether a cell holds a name of the form, perhaps in other words."""
    alone = name == holds or name.endswith(f" {holds}") or f"{{{name}}}" in holds
    return alone or holds.startswith(f"{name} ")


def _name_known_as(text: str, names: Mapping[str, str]) -> str:
    return next((names[each] for each in spellings(text) if each in names), "")


def _draft_of_page(page: TemplateSheet, content: BoxContent) -> _PageDraft:
    """Return the boxes of a page, and the rows of its table if it has one."""
    heads = _heads(page, content)
    found = [*_drafted_columns(heads, content)]
    rows, table, group = _TableRows(), range(0), ""
    if heads:
        first = 1 + max(page.patch.end(place)[0] for place in heads)
        below = (place.row - 1 for place in page.texts if place.row >= first)
        last = next(below, max(page.patch.last, first + _ROOM - 1))
        rows, table = _TableRows(first, last), range(next(iter(heads)).row, last + 1)
    groups = {label.split()[0] for label in content.labels.values() if " " in label}
    for place, text in page.texts.items():
        group = text if text in groups else group
        if place.row not in table:
            holds, guessed = _label_of_text(text, group, content)
            found += (each._replace(guessed=guessed) for each in page.beside(place, holds))
    return found, rows


def _heads(page: TemplateSheet, content: BoxContent) -> dict[Place, str]:
    """Return the row of headings of a page's table, if it has one."""
    known = [place for place, text in page.texts.items() if _name_known_as(text, content.columns)]
    row, places = page.most(known, "row")
    heads = {place: text for place, text in page.texts.items() if place.row == row}
    return heads if len(places) >= _FEWEST else {}


def _label_of_text(text: str, group: str, content: BoxContent) -> tuple[str, bool]:
    """Return the form's label for a text, and whether it is a guess."""
    for named in (f"{group} {text}", text, *(f"{text} {head}" for head in _IN_LISTS)):
        if known := _name_known_as(named, content.labels):
            return known, False
    return "".join(get_close_matches(text, content.names, 1, _CLOSE_ENOUGH)), True


def _drafted_columns(heads: Mapping[Place, str], content: BoxContent) -> Iterator[Drafted]:
    """Yield the columns of a table; those without a known heading are guessed."""
    sure = {
        place: _name_known_as(text, content.columns)
        or _name_known_as(f"{before} {text}", content.columns)
        for (place, text), before in zip(heads.items(), ["", *heads.values()], strict=False)
    }
    keys = {head: key for head, key in content.keys.items() if head not in sure.values()}
    left = {head: _REGISTER_KEYS.get(key, key) for head, key in keys.items()}
    for place, text in heads.items():
        guess = guess_heading(next(spellings(text)), left)
        holds = sure[place] or next((head for head in left if guess and left[head] == guess), "")
        left.pop(holds, None)
        if holds:
            yield Drafted(place.letters, text, holds, not sure[place])


def _draft_of_figures(page: TemplateSheet) -> _PageDraft:
    """Return the cells of figures, or the columns of rows with types."""
    found = list[Drafted]()
    for place, text in page.texts.items():
        found += page.beside(place, _name_known_as(text, _HEAD_LABELS))
    types = [place for place, text in page.texts.items() if type_or_total(text)]
    (_, down), (_, across) = page.most(types, "column"), page.most(types, "row")
    heads, axis = (across, "row") if len(across) > len(down) else (down, "column")
    measures = _measures_by_line(page, heads, axis) if heads else {}
    if axis == "column":
        heads, cells = _without_sums(page, heads, measures)
        found += cells
    names = [page.texts[head] for head in heads]
    if axis == "column" and heads and measures and heads[-1].row - heads[0].row == len(heads) - 1:
        return [*found, *measures.values()], _TableRows(heads[0].row, types=names)
    for line, measure in measures.items():
        for head, name in zip(heads, names, strict=True):
            place = page.at(line, head.column) if axis == "row" else page.at(head.row, line)
            if not page.patch.merged_around(place):
                found.append(measure._replace(where=place.cell, holds=f"{measure.holds} {name}"))
    return found, _TableRows()


def _without_sums(
    page: TemplateSheet, heads: Sequence[Place], measures: Mapping[int, Drafted]
) -> tuple[list[Place], list[Drafted]]:
    """Return the types whose rows have no formula, and cells without one in other rows."""
    kept, cells = list[Place](), list[Drafted]()
    for head in heads:
        places = {column: page.at(head.row, column) for column in measures}
        free = [column for column in measures if not page.patch.is_formula(places[column])]
        if len(free) == len(measures):
            kept.append(head)
            continue
        for column in free:
            holds = f"{measures[column].holds} {page.texts[head]}"
            cells.append(measures[column]._replace(where=places[column].cell, holds=holds))
    return kept, cells


def _name_of_figure(text: str) -> str:
    """Return the drafted name of the measure or rate that a text names, or nothing."""
    words = filter(None, map(FIGURE_WORDS.find, spellings(text)))
    return next((_NAMES_DRAFTED[word.code] for word in words), "")


def _measures_by_line(
    page: TemplateSheet, types: Sequence[Place], axis: str
) -> dict[int, Drafted]:
    """Return the measure of each row below the types, or column after them; some guessed."""
    line_of, across = attrgetter(axis), attrgetter("column" if axis == "row" else "row")
    beyond = [place for place in page.texts if line_of(place) > line_of(types[0])]
    labels = [
        place
        for place in beyond
        if across(place) < across(types[0]) and re.fullmatch(_HEADING, page.texts[place])
    ]
    sure = {place: _name_of_figure(page.texts[place]) for place in labels}
    left = [name for name in _NAMES_DRAFTED.values() if name not in sure.values()]
    in_wan = {line_of(place) for place in labels if "万元" in page.texts[place]}
    found: dict[int, Drafted] = {}
    for place, known in sure.items():
        text, line = page.texts[place], line_of(place)
        name = known or "".join(get_close_matches([*spellings(text)][1], left, 1))
        if name and (line not in found or (known and found[line].guessed)):
            unit = " 万元" if line in in_wan and name in _MONEY_NAMES else ""
            found[line] = Drafted(place.letters, text, f"{name}{unit}", not known)
    return found
