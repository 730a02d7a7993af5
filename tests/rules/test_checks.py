"""The conditions for a complaint's boxes, amended in 2026-0002 of states.py.

It was received on 2026-09-21 and closed as settled the day after, with nothing recovered.
"""

from datetime import date

from ledger12315.errors import Refused
from ledger12315.locale import render
from tests.building import act, loaded
from tests.rows import for_all
from tests.states import ledger_bytes

# What is amended, and what is wrong with it; "-" where nothing is.
ROWS = """
--promised 2026-09-20 | promised 2026-09-20 is before the day of receipt, 2026-09-21.
--promised 2026-09-21 | -
--approved 2026-09-20 | approved 2026-09-20 is before the day of receipt, 2026-09-21.
--perform-by 2026-09-20 | perform_by 2026-09-20 is before the day of receipt, 2026-09-21.
--performed 2026-09-20 | performed 2026-09-20 is before the day of receipt, 2026-09-21.
--closed 2026-09-20 | closed 2026-09-20 is before the day of receipt, 2026-09-21.
--closed 2026-09-21 | -
--told 2026-09-20 | told 2026-09-20 is before the day of receipt, 2026-09-21.
--answered 2026-09-20 | answered 2026-09-20 is before the day of receipt, 2026-09-21.
--followed-up 2026-09-20 | followed_up 2026-09-20 is before the day of receipt, 2026-09-21.
--source referred --referral-no 7 --replied 2026-09-20 | replied 2026-09-20 is before the day of \
receipt, 2026-09-21.
--bought 2026-09-22 | bought 2026-09-22 is after the day of receipt, 2026-09-21.
--bought 2026-09-21 | -
--source referred --referral-no 7 --referred 2026-09-22 | referred 2026-09-22 is after the day of \
receipt, 2026-09-21.
--source referred --referral-no 7 --referred 2026-09-21 | -
--outcome advised --told 2026-09-23 | The consumer was told on 2026-09-23; it cannot have been \
closed before that, on 2026-09-22.
--outcome advised --told 2026-09-22 | -
--outcome settled --told 2026-09-23 | -
--outcome other --remark 转交 | -
--recovered 3 --multiple-damages 3.01 | The multiple damages are more than the recovered amount \
they are part of.
--recovered 3 --multiple-damages 3 | -
--recovered 0 --multiple-damages '' | -
--recovered '' --multiple-damages 0.01 | The multiple damages are more than the recovered amount \
they are part of.
"""


@for_all(("amended", "wrong"), [row.split(" | ") for row in ROWS.split("\n") if row])
def test_what_a_complaint_must_fulfil(amended: str, wrong: str) -> None:
    found = "-"
    with loaded(ledger_bytes()) as ledger:
        try:
            act(ledger, f"complaint amend 2026-0002 {amended}", today=date(2026, 9, 28))
        except Refused as refused:
            found = render(refused.message)
    assert found == wrong
