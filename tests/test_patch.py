"""A worksheet with some cells filled: readers find them, and all others unchanged."""

from collections.abc import Iterator
from io import BytesIO
from zipfile import ZipFile

from hypothesis import example, given, settings
from hypothesis import strategies as st

from ledger12315.sheets.incoming.names import NamedBook, Place
from ledger12315.sheets.paper.patch import Patch, with_recalculation
from tests.faults.bombs import SHEET, with_part

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
# What may stand anywhere between elements, and is no element.
_BETWEEN = ["", "\n ", "<!-- <sheetData> <row <c <v> -->", "<?x <row r='1'/>?>", "<y/>"]
_TEXTS = ["甲", "=1", " <&> ", "_x0041_", "_x005F_x0041_", "a\rb\nc\td", "\U0001f600", "x" * 99]
_VALUES = st.sampled_from([*_TEXTS, 0, 7, 299]) | st.none()
Cells = dict[tuple[int, int], str | int | None]


@st.composite
def sheets(draw: st.DrawFn) -> tuple[str, Cells]:
    """Draw a worksheet as programs may write it, and return its cells."""
    prefix = draw(st.sampled_from(["", "x:"]))
    cells: Cells = {}

    def between() -> str:
        return draw(st.sampled_from(_BETWEEN))

    def rows() -> Iterator[str]:
        for number in sorted(draw(st.sets(st.integers(1, 6), max_size=4))):
            columns = sorted(draw(st.sets(st.integers(1, 5), max_size=4)))
            inside = between()
            for column in columns:
                value = draw(st.sampled_from([None, 5, 8]))
                cells[number, column] = value
                shown = "" if value is None else f"<{prefix}v>{value}</{prefix}v>"
                follows = column == 1 or (number, column - 1) in cells
                named = not follows or draw(st.booleans())
                name = f"r='{Place('', number, column).cell}' " * named
                inside += f"<{prefix}c {name}y='>'>{shown}</{prefix}c>{between()}"
            empty = not inside and draw(st.booleans())
            tag = f"{prefix}row r='{number}'"
            yield f"<{tag}/>" if empty else f"<{tag}>{inside}</{prefix}row>"
            yield between()

    data = between() + "".join(rows())
    whole = f"<{prefix}sheetData>{data}</{prefix}sheetData>" if data else f"<{prefix}sheetData/>"
    name = "xmlns:x" if prefix else "xmlns"
    sheet = (
        f"<{prefix}worksheet {name}='{_MAIN}'>{between()}{whole}{between()}</{prefix}worksheet>"
    )
    return sheet, cells


_PLACES = st.tuples(st.integers(1, 8), st.integers(1, 7))


@settings(max_examples=40)
@example((f"<w xmlns='{_MAIN}'><sheetData><row r='1'/></sheetData></w>", {}), {(1, 2): 7})
@given(sheets(), st.dictionaries(_PLACES, _VALUES, max_size=5))
def test_filled_cells_are_read_and_all_others_stay(
    sheet: tuple[str, Cells], filled: Cells
) -> None:
    xml, cells = sheet
    patch = Patch(xml.encode())
    for (row, column), value in filled.items():
        patch.put(place := Place("登记簿", row, column), value, place)
    written = bytes(patch)
    with ZipFile(BytesIO(with_part(SHEET, written))) as archive:
        book = NamedBook(archive)
        found = {
            (row, column): book.value(Place("登记簿", row, column))
            for row in range(1, 10)
            for column in range(1, 9)
        }
    expected = {place: value for place, value in (cells | filled).items() if value is not None}
    assert {place: each for place, each in found.items() if each is not None} == expected


@settings(max_examples=40)
@given(sheets())
def test_a_sheet_into_which_nothing_is_put_stays_to_the_byte(sheet: tuple[str, Cells]) -> None:
    assert bytes(Patch(sheet[0].encode())) == sheet[0].encode()


def test_what_formulas_gave_is_taken_out() -> None:
    before = (
        "<w><sheetData><row><c r='A1' t='str' s='2'><f>1&amp;2</f><!-- <v>9</v> --><v>12</v></c>"
        "<c r='B1'><v>7</v></c></row></sheetData></w>"
    )
    after = before.replace(" t='str'", "").replace("<v>12</v>", "")
    assert bytes(Patch(before.encode())).decode() == after


def test_a_workbook_is_worked_out_anew_when_it_is_opened() -> None:
    cases = {
        "<w><sheets><sheet/></sheets></w>": (
            '<w><sheets><sheet/></sheets><calcPr fullCalcOnLoad="1"/></w>'
        ),
        "<x:w><x:sheets/><x:definedNames/><!-- <calcPr/> --><y/></x:w>": (
            '<x:w><x:sheets/><x:definedNames/><x:calcPr fullCalcOnLoad="1"/>'
            "<!-- <calcPr/> --><y/></x:w>"
        ),
        '<w><sheets/><calcPr calcId="1" fullCalcOnLoad="0"/></w>': (
            '<w><sheets/><calcPr fullCalcOnLoad="1" calcId="1"/></w>'
        ),
    }
    assert {each: with_recalculation(each.encode()).decode() for each in cases} == cases
