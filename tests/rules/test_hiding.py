"""Figures of few cases are not shown, and none can be worked out from what is shown."""

from collections.abc import Mapping

import pytest

from ledger12315.rules.hiding import hidden
from ledger12315.rules.measures import MEASURES, Figures, with_totals
from ledger12315.words import TYPES
from tests.cli.conftest import table


def figures_of(text: str) -> Figures:
    """Return figures of `measure type=figure type=figure; …`."""
    found: Mapping[str, dict[str, int]] = {key: dict.fromkeys(TYPES, 0) for key in MEASURES}
    for row in filter(None, text.split(";")):
        key, *cells = row.split()
        found[key].update({type_: int(figure) for type_, figure in (c.split("=") for c in cells)})
    return with_totals(found)


@table(r"""
    figures                                            | hidden
                                                       |
    inquiries mall=5 market=9                          |
    inquiries mall=4                                   | inquiries mall, inquiries total
    inquiries mall=4 market=9 scenic=20                | inquiries mall, inquiries market
    inquiries mall=4 market=3 scenic=20                | inquiries mall, inquiries market
    visits mall=1                                      |
    rated mall=9; satisfied mall=9                     |
    closed mall=12; settled mall=12; closed_on_time mall=12; open_end mall=1; received mall=13; \
        received_direct mall=13; received_goods mall=13 | closed mall, closed total, \
        closed_on_time mall, closed_on_time total, open_end mall, open_end total, overdue_end \
        mall, overdue_end total, settled mall, settled total
    received mall=3; received_direct mall=3; received_goods mall=3; disputed mall=900; open_end \
        mall=3 | disputed mall, disputed total, open_end mall, open_end total, overdue_end mall, \
        overdue_end total, received mall, received total, received_direct mall, received_direct \
        total, received_goods mall, received_goods total
""")
def test_cells_of_few_cases(figures: str, hidden: str) -> None:
    assert ", ".join(" ".join(cell) for cell in sorted(cells_of(figures))) == hidden


def cells_of(figures: str) -> set[tuple[str, str]]:
    return hidden(figures_of(figures))


@pytest.mark.parametrize("count", range(1, 5))
def test_a_hidden_figure_is_no_difference_of_shown_ones(count: int) -> None:
    figures = figures_of(f"inquiries mall={count} market=40 scenic=50")
    assert len([cell for cell in hidden(figures) if cell[0] == "inquiries"]) >= 2
