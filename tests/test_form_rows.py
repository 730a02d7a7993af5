"""The rows of forms, before anything is drawn."""

from datetime import date
from decimal import Decimal

from ledger12315.rules.notice_cases import NoticeCase, NoticeCases
from ledger12315.rules.periods import parse_period
from ledger12315.sheets.forms.notice import advisory_notice


def test_a_notice_has_its_cases_in_yuan_and_in_words() -> None:
    received, day, quarter = date(2026, 9, 1), date(2026, 9, 20), parse_period("2026Q3")
    cases = (
        NoticeCase("2026-0001", received, "锅", "quality", 1_299_50, None, None),
        NoticeCase("2026-0002", received, "毯", "price", 0, "settled", None),
    )
    about = NoticeCases(1, "notice", day, "东门商场", "王记", None, quarter, cases)
    [sheet] = advisory_notice("东门所", [about])
    assert [*sheet.rows] == [
        [1, "2026-0001", received, "锅", "质量", Decimal("1299.50"), "未结"],
        [2, "2026-0002", received, "毯", "价格", Decimal(0), "和解"],
    ]
