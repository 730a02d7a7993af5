"""A cell as spreadsheets leave it, read as the value of a box; what is not certain is said, not guessed."""

from datetime import date

import pytest

from ledger12315.boxes.reading import Misread
from ledger12315.register.columns import BOXES, Cell, cleaner

TODAY = date(2026, 9, 28)


def read(box: str, cell: Cell) -> object:
    """The value, or why it cannot be read."""
    try:
        return cleaner(BOXES[box], TODAY)(cell)
    except Misread as misread:
        return misread.message.id


NO_YEAR = "{text} is no day with its year; write it as 2026-09-28"
AMBIGUOUS = "{text} is not a day that can be read in one way only; write it as 2026-09-28, or 9-28"
MADE_A_DAY = (
    "{text} was made a day by the spreadsheet program; format the cell as text and write it again"
)
MAY_LACK = "it is a number that may lack zeros in front; write the phone as text"


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("2026-9-1", "2026-09-01"),
        ("2026.9.1", "2026-09-01"),
        ("\uff12\uff10\uff12\uff16\uff0e\uff19\uff0e\uff11", "2026-09-01"),
        ("2026年9月1日", "2026-09-01"),
        ("2026/9/1 0:00", "2026-09-01"),
        ("2026-09-01T08:30:00", "2026-09-01"),
        (date(2026, 9, 1), "2026-09-01"),
        (46266.0, "2026-09-01"),
        (46266.75, "2026-09-01"),
        ("46266", "2026-09-01"),
        (20260901.0, "2026-09-01"),
        ("—", None),
        (" ", None),
        ("9-1", NO_YEAR),
        ("今天", NO_YEAR),
        ("-3d", NO_YEAR),
        (0.5, NO_YEAR),
        ("26901", AMBIGUOUS),
        ("2026-9", AMBIGUOUS),
        ("2026-2-30", "{text} is not a day of the calendar"),
        ("2026-9-29", "{day} lies in the future (today is {today})"),
    ],
)
def test_days(cell: Cell, value: str) -> None:
    assert read("received", cell) == value


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        (13900001234.0, "13900001234"),
        ("\uff11\uff13\uff19\uff10\uff10\uff10\uff10\uff11\uff12\uff13\uff14 ", "13900001234"),
        # Area code without its zero, and seven or eight digits.
        (5918765432.0, "05918765432"),
        (59187654321.0, "059187654321"),
        ("59187654321", "059187654321"),
        (1087654321.0, "01087654321"),
        (2287654321.0, "02287654321"),
        (9038765432.0, "09038765432"),
        # No zero was there.
        (4008123456.0, "4008123456"),
        (87654321.0, "87654321"),
        (12315.0, "12315"),
        ("0591-87654321", "0591-87654321"),
        ("无", None),
        # Neither is certain.
        (591876543.0, MAY_LACK),
        (2687654321.0, MAY_LACK),
        (1390000123.0, MAY_LACK),
        (8613900001234.0, MAY_LACK),
        (3.5, MAY_LACK),
    ],
)
def test_phones(cell: Cell, value: str | None) -> None:
    assert read("phone", cell) == value


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        (299.0, 29900),
        ("1,299.50元", 129950),
        ("\uffe5 300 元", 30000),
        ("\uff13\uff10\uff10", 30000),
        ("50万", 50000000),
        # What is shown of a sum that was reckoned in binary fractions.
        (19.999999999999996, 2000),
        ("/", None),
        (299.125, "{text} has more than two decimals"),
        ("约300", "{text} is not an amount in yuan; write 299, 299.00 or 50万"),
        (-5.0, "{text} is not an amount in yuan; write 299, 299.00 or 50万"),
    ],
)
def test_amounts(cell: Cell, value: object) -> None:
    assert read("disputed", cell) == value


@pytest.mark.parametrize(
    ("box", "cell", "value"),
    [
        ("item", "\u3000电饭锅\n(美的) ", "电饭锅 (美的)"),
        ("item", 46266.0, "46266"),
        ("item", date(2026, 3, 12), MADE_A_DAY),
        (
            "archive_no",
            1e15,
            "{text} has more than 15 digits, of which spreadsheets lose the last; write it as text",
        ),
        ("item", "长" * 201, "{length} characters are too many; at most {most} fit"),
        ("facts", "长" * 5001, "{length} characters are too many; at most {most} fit"),
        ("facts", "一\r\n二", "一\n二"),
        (
            "facts",
            Misread("{text} is an error of the spreadsheet program", text="#REF!"),
            "{text} is an error of the spreadsheet program",
        ),
        ("outcome", "和解(含当场解决)", "settled"),
        ("outcome", "调解 成功", "mediated"),
        ("outcome", "未结", None),
        ("outcome", "作废", "void"),
        ("outcome", "好了", "{text} is not one of its words: {words}"),
        ("rating", "未评价", None),
        ("request", "退货、赔偿", "return,compensation"),
        ("working_days", 0.0, 0),
        ("on_time", "是(暂定)", "yes"),
    ],
)
def test_texts_and_words(box: str, cell: Cell, value: object) -> None:
    assert read(box, cell) == value
