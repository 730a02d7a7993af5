"""Phones as people write them: separated, compared by digits, masked everywhere."""

import re

from hypothesis import given, settings
from hypothesis import strategies as st

from ledger12315.boxes.masks import mask_numbers, mask_phone_box
from ledger12315.boxes.names import only_phones, phone_keys, phones_in
from tests.rows import for_all


@for_all(r"""
    written | phones | dialled | masked
    13800138000 | 13800138000 | 13800138000 | 138****8000
    １３８００１３８０００ | 13800138000 | 13800138000 | 138****8000
    138-0013-8000 | 138-0013-8000 | 13800138000 | 138****8000
    138 0013 8000 | 138 0013 8000 | 13800138000 | 138****8000
    139/0000/1111 | 139/0000/1111 | 13900001111 | 139****1111
    013800138000 | 013800138000 | 13800138000 | 138****8000
    86 13800138000 | 86 13800138000 | 13800138000 | 138****8000
    +8613800138000 | +8613800138000 | 13800138000 | 138****8000
    0086-138-0013-8000 | 0086-138-0013-8000 \
        | 13800138000 | 138****8000
    059112345678 | 059112345678 | 059112345678 | 0591-****5678
    (0591)12345678 | (0591)12345678 | 059112345678 | 0591-****5678
    +86 591 12345678 | +86 591 12345678 \
        | 059112345678 | 0591-****5678
    0591-12345678转801 | 0591-12345678转801 \
        | 059112345678 | 0591-****5678
    0591-12345678-801 | 0591-12345678-801 \
        | 059112345678 | 0591-****5678
    87654321 | 87654321 | 87654321 | ****4321
    12315 | 12315 | 12315 | ****15
    13800138000/13900139000 | 13800138000 + 13900139000 \
        | 13800138000 13900139000 | 138****8000/139****9000
    13800138000、13900139000 | 13800138000 + 13900139000 \
        | 13800138000 13900139000 | 138****8000/139****9000
    13800138000 13900139000 | 13800138000 + 13900139000 \
        | 13800138000 13900139000 | 138****8000/139****9000
    0591 1234567 13800138000 | 0591 1234567 + 13800138000 \
        | 05911234567 13800138000 | 0591-****4567/138****8000
""")
def test_what_people_write(written: str, phones: str, dialled: str, masked: str) -> None:
    assert phones_in(written) == phones.split(" + ")
    assert only_phones(written)
    assert phone_keys(written) == {*dialled.split()}
    assert mask_phone_box(written) == masked


@for_all("""
    written          | masked
    1380013800       | 13****3800
    138001380001     | 138****0001
    12345678         | ****5678
    12               | ****12
    微信 abc123      | ****23
    138/0013/80      | 1****1380
    0591123456       | ****3456
""")
def test_what_is_no_phone_is_masked_as_one(written: str, masked: str) -> None:
    assert (only_phones(written), mask_phone_box(written)) == (False, masked)


_MOBILE = st.integers(130_0000_0000, 199_9999_9999).map(str)


@st.composite
def written(draw: st.DrawFn, digits: str) -> str:
    """Draw a way to write a mobile."""
    front = draw(st.sampled_from(["", "0", "86", "+86", "+86 ", "0086-"]))
    pause = draw(st.sampled_from(["", "-", " ", "."]))
    return front + pause.join((digits[:3], digits[3:7], digits[7:]))


@settings(max_examples=30)
@given(st.data(), st.lists(_MOBILE, min_size=1, max_size=3), st.sampled_from("/、,;，；"))
def test_however_mobiles_are_written_they_are_the_same_and_hidden(
    data: st.DataObject, mobiles: list[str], apart: str
) -> None:
    text = apart.join(data.draw(written(each)) for each in mobiles)
    assert phone_keys(text) == {*mobiles}
    for shown in (
        mask_phone_box(text),
        mask_numbers(f"致电{text}未接"),
        mask_numbers(f"致电{text}未接"),
    ):
        assert max(map(len, re.findall(r"\d+", shown))) <= 4
        assert shown.count("****") == len(mobiles)
