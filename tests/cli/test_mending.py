"""`complaint escalate`, `reopen` and `void`: allowed by each state, and figures after them."""

from ledger12315.ledger.facts import facts_after
from ledger12315.ledger.store.opening import reading
from ledger12315.rules.facts import FACTS, OF_STATION
from ledger12315.rules.periods import parse_period
from tests.cli.conftest import Cli, Result, scenes
from tests.rows import for_all

_LOG = "log P001 --complainant 张三 --item 锅 --facts 坏 --kind goods --received 2026-09-21"
_CLOSE = "close 2026-2 --outcome settled --closed 2026-09-24 --recovered 400 --rating basic"
# 2026-0001 is open, 2026-0002 closed; both received on 2026-09-21.
TWO = f"""
    {_LOG} --disputed 300
    {_LOG} --disputed 400
    {_CLOSE} --multiple-damages 100
"""


def all_of(cli: Cli, number: str) -> dict[str, object]:
    shown: dict[str, object] = cli(f"complaint show {number} --json").json
    return shown


@scenes(r"""
# escalating
$ complaint escalate 2026-1 --reason 疑难
2026-0001 has been with the station since 2026-09-28.
# escalating in Chinese
@ zh
$ 投诉 报请 2026-1 --reason 疑难 --on 9-22
2026-0001 已于 2026-09-22 报请工商所处理。
# reopening
$ complaint reopen 2026-2 --reason 记错
2026-0002 is open again; its history keeps what was undone.
# reopening in Chinese
@ zh
$ 投诉 重开 2026-2 --reason 记错
2026-0002 已重开；所撤回的内容保留在历史中。
# voiding
$ complaint void 2026-2 --reason 重复
2026-0002 is void: it keeps its number and counts nowhere.
# voiding in Chinese
@ zh
$ 投诉 作废 2026-1 --reason 重复
2026-0001 已作废：编号保留，不计入任何数字。
# what is missing
$ complaint reopen
! Error: Missing: number, reason.
[2]
$ complaint void
! Error: Missing: number, reason.
[2]
$ complaint amend
! Error: Missing: number.
[2]
""")
def test_the_other_acts_in_words(script: str, cli: Cli) -> None:
    cli.given(TWO)
    cli.plays(script)


@for_all("""
    state     | amend | escalate | reopen | void
    open      | 0     | 0        | 3      | 0
    escalated | 0     | 3        | 0      | 0
    closed    | 0     | 3        | 0      | 0
    void      | 3     | 3        | 0      | 3
""")
def test_what_each_state_allows(
    state: str, amend: str, escalate: str, reopen: str, void: str, cli: Cli
) -> None:
    to_state = {
        "open": "",
        "escalated": "complaint escalate 2026-1 --reason 因故",
        "closed": "close 2026-1 --outcome settled",
        "void": "complaint void 2026-1 --reason 因故",
    }
    for act, code in (
        ("amend 2026-1 --brand 炊禾", amend),
        ("escalate 2026-1 --reason 疑", escalate),
        ("reopen 2026-1 --reason 错", reopen),
        ("void 2026-1 --reason 重", void),
    ):
        ready = cli.path.read_bytes()
        cli.given(f"{_LOG}\n{to_state[state]}")
        before = cli.sql("SELECT * FROM complaint")
        assert str(cli(f"complaint {act}").code) == code
        assert (cli.sql("SELECT * FROM complaint") == before) == (code == "3")
        cli.path.write_bytes(ready)


def figures(cli: Cli) -> list[Result]:
    return [cli(f"rollup {form} --json") for form in ("3 2026Q3", "6 2026")]


def test_a_void_case_counts_again_and_is_not_one_that_was_reopened(cli: Cli) -> None:
    cli.given(f"{_LOG}\n{_LOG}\nclose 1 2 --outcome settled")
    before = figures(cli)
    cli.all("""
        complaint void 1 --reason 录错
        complaint reopen 1 --reason 没有录错
        complaint reopen 2 --reason 误结
        close 2 --outcome settled
    """)
    assert figures(cli) == before
    places = [each.name for each in FACTS["complaint"][len(OF_STATION) :]]
    with reading(cli.path) as ledger, facts_after(ledger, parse_period("2026Q3"), 99) as found:
        rows = [*found.rows["complaint"]]
    reopened = {row[places.index("id")]: row[places.index("reopened")] for row in rows}
    assert reopened == {1: "false", 2: "true"}
    assert cli.sql("SELECT reopen_reason FROM complaint WHERE id = 1") == [("没有录错",)]


def test_reopening_leaves_the_figures_as_if_it_had_not_been_closed(cli: Cli) -> None:
    cli.given(f"""
        {_LOG} --disputed 300
        {_LOG} --disputed 400
        complaint escalate 2026-2 --reason 疑难 --on 2026-09-22
        {_CLOSE}
        {_LOG} --disputed 500
        complaint amend 2026-3 --agreement 先付一半 --answered-how 电话
    """)
    before, shown = figures(cli), all_of(cli, "2026-3")
    cli.all(
        "close 2026-3 --outcome advised --told 2026-09-23 --recovered 100 --multiple-damages 50"
        " --rating satisfied --agreement 全退 --perform-by 2026-09-25 --remark 已办"
    )
    assert figures(cli) != before
    cli.all("complaint amend 2026-3 --unperformed 2026-09-26 --recovered 50")
    cli.all("complaint reopen 2026-3 --reason 记错")
    assert figures(cli) == before and all_of(cli, "2026-3") == shown | {"reopen_reason": "记错"}
    for state in ("escalated", "open"):  # the closing is taken back first
        cli.all("complaint reopen 2026-2 --reason 误报")
        assert all_of(cli, "2026-2")["state"] == state
    cli.all("ledger check")


def test_a_void_complaint_adds_to_no_figure_and_keeps_its_number_and_line(cli: Cli) -> None:
    cli.given(TWO)
    before = figures(cli)
    cli.all(f"{_LOG} --disputed 500 --source referred --referral-no 榕消3")
    cli.all("close 2026-3 --outcome settled --recovered 100 --rating satisfied")
    assert figures(cli) != before
    cli.all("complaint void 2026-3 --reason 重复登记")
    assert figures(cli) == before
    for line in ("overdue --as-of 2026-12-01", "rollup 3 2026Q3 --cases received"):
        assert "0003" not in cli(line).out
    [row] = cli("complaint list --state void --json").json
    told = ("number", "state", "voided", "void_reason")
    assert " ".join(row[key] for key in told) == "2026-0003 void 2026-09-28 重复登记"
    assert cli.log("--json").json["number"] == "2026-0004"  # no number is given twice
    cli.all("ledger check")
