"""A cell from a spreadsheet, read as a box's value; nothing is guessed."""

from collections.abc import Callable
from datetime import date

from ledger12315.boxes.reading import Misread, ReadCell
from ledger12315.register.headings import BOXES, Years, cell_reader
from ledger12315.register.learned import MEANINGS, Learned
from tests.rows import cells, for_all

TODAY = date(2026, 9, 28)


def read(box: str, cell: ReadCell, *titles: str) -> object:
    """Return the value, or the reason why it cannot be read."""
    try:
        clean = cell_reader(
            BOXES[box], "", MEANINGS.get(box), TODAY, Learned({}, {}), Years(titles), []
        )
        return clean(cell, None)
    except Misread as misread:
        return misread.message.id


TOO_LONG_AGO = "{text} without its year could be {latest} or {following}; write the year too"


# The cells of a box that mean a value, or the reason why they cannot be read. Behind # is a number
# of the spreadsheet, behind @ a day; ␣ and □ are spaces, ␍␤ ends a line.
MEANT = """
    received | 2026-09-01 | 2026-9-1; 2026.9.1; ２０２６．９．１; 2026年9月1日; 2026/9/1 0:00; 46266; \
        二〇二六年九月一日; 2026-09-01T08:30:00; @2026-09-01; #46266; #46266.75; #20260901
    received | None | —; ␣
    received | 2026-09-28 | 9-28; 9月28日; 9.28; ９月２８号; 九月二十八日; 2026-9-28 周一
    received | 2026-04-01 | 4月1日
    received | TOO_LONG_AGO | 3月31日; 9-29; 12.31
    promised | 2027-01-03 | 1月3日
    received | {text} is not a date with a year; write it as 2026-09-28 | 今天; -3d; #0.5; #9.1
    received | {text} is not clearly one day; write it as 2026-09-28 or 9-28 | 26901; 2026-9
    received | {text} is not a day of the calendar | 2026-2-30
    received | {day} is in the future (today is {today}) | 2026-9-29
    complainant | 张三 | 张 三; 张□三; 张␤三; \u200b张  三␣
    complainant | 欧阳娜娜 | 欧 阳 娜 娜
    complainant | 张三 李四 | 张三 李四
    complainant | 张三 李 四 | 张三 李 四
    complainant | J Li | J Li
    handler | 林秀珍 | 林 秀珍; 林秀□珍
    phone | 13900001234 | #13900001234; １３９００００１２３４␣
    phone | 05918765432 | #5918765432
    phone | 059187654321 | #59187654321; 59187654321
    phone | 01087654321 | #1087654321
    phone | 02287654321 | #2287654321
    phone | 09038765432 | #9038765432
    phone | 4008123456 | #4008123456
    phone | 87654321 | #87654321
    phone | 12315 | #12315
    phone | 0591-87654321 | 0591-87654321
    phone | None | 无
    phone | it has no digits; leave it out if there is no phone | 微信; 不详
    phone | 13900001234/13900005678 转8 | １３９００００１２３４／13900005678 转8
    phone | 1390000123 | 1390000123
    phone | it is a number that may have lost leading zeros; write the phone as text \
        | #591876543; #2687654321; #1390000123; #8613900001234; #3.5
    disputed | 29900 | #299
    disputed | 129950 | 1,299.50元; 1 299.50 元
    disputed | 30000 | ￥ 300 元; ３００; ␣¥ 300.00␣
    disputed | 5050 | ¥ 50.5; 50. 50; 50元 5角
    disputed | 1200000 | 1 万 2 千
    disputed | 50000000 | 50万
    disputed | 2000 | #19.999999999999996
    disputed | None | /
    disputed | {text} has more than two decimals | #299.125
    disputed | {text} is not an amount in yuan; write 299, 299.00 or 50万 | 约300; #-5; 12 50
    item | 电饭锅 (美的) | □电饭锅␤(美的)␣
    item | 46266 | #46266
    item | the spreadsheet program turned {text} into a date; format the cell as text and write \
        it again | @2026-03-12
    item | LONG | LONG
    item | {length} characters are too many; at most {most} are allowed | LONG长
    archive_no | {text} has more than 15 digits, and spreadsheets lose the last ones; write it as \
        text | #1e15
    facts | {length} characters are too many; at most {most} are allowed | MANY
    facts | 一␤二 | 一␍␤二
    facts | already told | !already told
    outcome | settled | 和解(含当场解决)
    outcome | mediated | 调解 成功
    outcome | None | 未结
    outcome | void | 作废
    outcome | {text} is not one of: {words} | 好了
    rating | None | 未评价
    request | return,compensation | 退货、赔偿
    previous | 2026-0009 | 2026-9; ２０２６－０００９
    previous | None | —; 无; ␣
    previous | {text} is not a complaint's number; numbers look like 2026-0012 | 锅
    working_days | 0 | #0
    on_time | yes | 是(暂定)
"""


def written(text: str) -> str:
    text = text.translate(str.maketrans("␣□␍␤", " \u3000\r\n"))
    return text.replace("MANY", "长" * 5001).replace("LONG", "长" * 200)


def cell_of(text: str) -> ReadCell:
    kinds: dict[str, Callable[[str], ReadCell]]
    kinds = {"#": float, "@": date.fromisoformat, "!": Misread}
    return kinds[text[0]](text[1:]) if text[0] in kinds else written(text)


@for_all(("box", "value", "given"), cells(MEANT))
def test_what_a_cell_means(box: str, value: str, given: str) -> None:
    expected = written(" ".join(value.split()).replace("TOO_LONG_AGO", TOO_LONG_AGO))
    texts = [each.strip() for each in given.split(";")]
    found = {each: str(read(box, cell_of(each))) for each in texts}
    assert found == dict.fromkeys(texts, expected)


@for_all(
    ("cell", "day"),
    {
        "3月5日": date(2026, 3, 5),
        "3月5日 周四": date(2026, 3, 5),
        "三月五日（星期四）": date(2026, 3, 5),
        "3-5 Thu": date(2026, 3, 5),
        "3月5日 周三": "{day} is a {weekday}",
        "2月29日": TOO_LONG_AGO,
    }.items(),
)
def test_a_day_without_its_year_has_that_of_the_title(cell: str, day: object) -> None:
    assert read("received", cell, "2026年投诉登记簿") == day
