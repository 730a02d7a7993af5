"""What is masked in a text and what is not; a number masked in one spelling is in every one."""

import re
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from ledger12315.boxes.masks import (
    finds_text,
    mask_numbers,
    mask_phone_box,
    mask_public_name,
    masked_forms,
)
from tests.rows import for_all


@for_all("""
    text                                   | shown
    13912345678                            | 139****5678
    电话13912345678                        | 电话139****5678
    13912345678拨打                        | 139****5678拨打
    ＋86 139 1234 5678                     | 139****5678
    +86-139-1234-5678                      | 139****5678
    0086 13912345678                       | 139****5678
    8613912345678                          | 139****5678
    86 139 1234 5678                       | 139****5678
    013912345678                           | 139****5678
    139-1234-5678                          | 139****5678
    139 1234 5678                          | 139****5678
    139.1234.5678                          | 139****5678
    139—1234—5678                          | 139****5678
    139·1234·5678                          | 139****5678
    １３９１２３４５６７８                 | 139****5678
    １３９－１２３４－５６７８             | 139****5678
    139 12345678                           | 139****5678
    1391234 5678                           | 139****5678
    139 123 45678                          | 139****5678
    1391 234 5678                          | 139****5678
    1391 2345 678                          | 139****5678
    13912 345678                           | 139****5678
    139 12 34 56 78                        | 139****5678
    139 1234 56 78                         | 139****5678
    1 3 9 1 2 3 4 5 6 7 8                  | 139****5678
    139/1234/5678                          | 139****5678
    139，1234，5678                        | 139****5678
    139 - 1234 - 5678                      | 139****5678
    12 13912345678                         | 12 139****5678
    13912345678、13812345678               | 139****5678、138****5678
    13912345678/13812345678                | 139****5678/138****5678
    0591-87654321                          | 0591-****4321
    059187654321                           | 0591-****4321
    0591 8765 4321                         | 0591-****4321
    （0591）87654321                       | （0591-****4321
    0591-8765432                           | 0591-****5432
    0591-87654321-801                      | 0591-****4321
    0591-87654321转801                     | 0591-****4321
    010-87654321                           | 010-****4321
    020 8765 4321                          | 020-****4321
    +86 591 87654321                       | 0591-****4321
    0591/87654321                          | 0591-****4321
    350123199001011234                     | 350****1234
    证号35012319900101123X                 | 证号350****1123
    350123 19900101 1234                   | 350****1234
    350123-1990-0101-1234                  | 350****1234
    350123199002301234                     | 350123199002301234
    350123179001011234                     | 350123179001011234
    350123900101123                        | 350****1123
    350123901301123                        | 350123901301123
    6222021234567890128                    | 622****0128
    卡号6222 0212 3456 7890 128            | 卡号622****0128
    6222021234567890123                    | 6222021234567890123
    4111 1111 1111 1111                    | 411****1111
    电话86543210                           | 电话****3210
    电话：8654321                          | 电话：****4321
    手机 8654 3210                         | 手机 ****3210
    座机8654-3210                          | 座机****3210
    联系方式：86543210                     | 联系方式：****3210
    微信1234567                            | 微信****4567
    QQ: 12345678                           | QQ: ****5678
    tel 86543210                           | tel ****3210
    Tel.86543210                           | Tel.****3210
    hotel 86543210                         | hotel 86543210
    电话20261103                           | 电话20261103
    电话2026-0003                          | 电话2026-0003
    拨86543210                             | 拨86543210
    生产日期20261103                       | 生产日期20261103
    批号20261103A1                         | 批号20261103A1
    2026-11-03购买                         | 2026-11-03购买
    2026.11.03、2026/11/3                  | 2026.11.03、2026/11/3
    2027-01-04 14:30 到店                  | 2027-01-04 14:30 到店
    20261103 0830-1700                     | 20261103 0830-1700
    GB 2757-2012                           | GB 2757-2012
    GB/T 27588-2011                        | GB/T 27588-2011
    见2026-0003号投诉                      | 见2026-0003号投诉
    1200-1500元                            | 1200-1500元
    1200-1500-800                          | 1200-1500-800
    180、1500、2000元                      | 180、1500、2000元
    保修期2025-2026                        | 保修期2025-2026
    12999.00元                             | 12999.00元
    400-123-4567                           | 400-123-4567
    4001234567                             | 4001234567
    800 123 4567                           | 800 123 4567
    95533                                  | 95533
    12345、12315                           | 12345、12315
    6901234567892                          | 6901234567892
    202611031430123456                     | 202611031430123456
    订单4401234567890123456                | 订单4401234567890123456
    归档号DM-2026-0003                     | 归档号DM-2026-0003
    规格1920*1080，型号KFR-35GW            | 规格1920*1080，型号KFR-35GW
    abc13912345678ef                       | abc13912345678ef
""")
def test_what_is_masked_in_a_text(text: str, shown: str) -> None:
    assert mask_numbers(text) == shown


def test_each_form_masks_its_examples() -> None:
    """And what is masked is masked no further."""
    for form in masked_forms():
        for example in form.examples:
            masked = mask_numbers(f"见{example}。")
            assert max(map(len, re.findall(r"\d+", masked)), default=0) <= 4, example
            assert "****" in masked and mask_numbers(masked) == masked, example


@for_all("""
    box                    | shown
    400-123-4567           | 400-123-4567
    95533                  | 95533
    13912345678/95533      | 139****5678/95533
    12315                  | ****15
""")
def test_a_company_is_not_hidden_in_a_box_of_phones(box: str, shown: str) -> None:
    assert mask_phone_box(box) == shown


def test_the_public_sees_only_the_province_of_an_identity_number() -> None:
    assert mask_public_name("丙35010219900101123X 13900000993") == "丙350**** 139****0993"


@given(st.dates(date(2000, 1, 1), date(2099, 12, 31)), st.sampled_from(["%Y%m%d", "%Y-%m-%d"]))
def test_no_day_is_masked(day: date, form: str) -> None:
    text = f"电话里说{day.strftime(form)}购买，QQ{day:%Y%m%d}"
    assert mask_numbers(text) == text


@given(st.integers(1, 999999), st.integers(2020, 2099))
def test_no_complaint_number_is_masked(serial: int, year: int) -> None:
    text = f"见{year}-{serial:04}、电话{year}-{serial:04}"
    assert mask_numbers(text) == text


_MOBILE = st.integers(130_0000_0000, 199_9999_9999).map(str)


@given(_MOBILE, st.data())
def test_no_part_of_a_masked_phone_is_found(mobile: str, data: st.DataObject) -> None:
    """三(四)2"""
    spelt = data.draw(st.sampled_from([mobile, f"{mobile[:3]}-{mobile[3:7]}-{mobile[7:]}"]))
    text = f"见{spelt}来电"
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    part = text[start:end]
    inside = re.search("[0-9-]", part) is not None
    last_four = len(part) == 4 and mobile.endswith(part)
    assert finds_text(text, part) == (not inside or spelt in part or last_four)
    assert finds_text(text, mobile) and finds_text(text, f"+86 {mobile[:3]} {mobile[3:]}")
    assert finds_text(text, mobile[-4:])


@for_all("""
    text              | sought        | phone         | found
    锅86543210        | 8654          | 0591-86543210 | False
    锅86543210        | 86543210      | 0591-86543210 | True
    锅86543210        | 3210          | 0591-86543210 | True
    锅86543210        | 锅865         | 0591-86543210 | False
    锅86543210        | 锅865         | 13900001111   | True
    批号20261103A1    | 2026110       | 13900001111   | True
    139 0000 1111     | 13900001111   | 13900001111   | True
""")
def test_the_phones_of_a_case_are_found_whole(
    text: str, sought: str, phone: str, found: str
) -> None:
    assert finds_text(text, sought, phone) == (found == "True")
