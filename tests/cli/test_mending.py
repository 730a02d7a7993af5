"""`complaint escalate`, `reopen` and `void`: what each state allows, and what becomes of the figures."""

from tests.cli.conftest import Cli, Result, table

# 2026-0001 is open, 2026-0002 closed; both received on 2026-09-21.
TWO = """
    log P001 --complainant 张三 --item 电饭锅 --facts 不加热 --kind goods --received 2026-09-21 --disputed 300
    log P001 --complainant 李四 --item 鞋 --facts 开胶 --kind goods --received 2026-09-21 --disputed 400
    close 2026-2 --outcome settled --closed 2026-09-24 --recovered 400 --multiple-damages 100 --rating basic
"""


def all_of(cli: Cli, number: str) -> dict[str, object]:
    shown: dict[str, object] = cli(f"complaint show {number} --json --reveal").json
    return shown


@table("""
    line                                              | lang | said
    complaint escalate 2026-1 --reason 疑难           | en   | 2026-0001 is with the station since 2026-09-28.
    投诉 报请 2026-1 --reason 疑难 --on 9-22          | zh   | 2026-0001 已于 2026-09-22 报请工商所处理。
    complaint reopen 2026-2 --reason 记错             | en   | 2026-0002 is open again; what was taken back stays in its history.
    投诉 重开 2026-2 --reason 记错                    | zh   | 2026-0002 已重开；所撤回的内容保留在历史中。
    complaint void 2026-2 --reason 重复               | en   | 2026-0002 is void: it keeps its number and adds to no figure.
    投诉 作废 2026-1 --reason 重复                    | zh   | 2026-0001 已作废：编号保留，不计入任何数字。
""")
def test_the_other_acts_in_words(line: str, lang: str, said: str, cli: Cli) -> None:
    cli.given(TWO)
    assert cli(line, lang=lang) == (0, f"{said}\n", "")


@table("""
    state     | amend | escalate | reopen | void
    open      | 0     | 0        | 3      | 0
    escalated | 0     | 3        | 0      | 0
    closed    | 0     | 3        | 0      | 0
    void      | 3     | 3        | 3      | 3
""")
def test_what_each_state_allows(
    state: str, amend: str, escalate: str, reopen: str, void: str, cli: Cli
) -> None:
    acts = {
        "amend --brand 炊禾": amend,
        "escalate --reason 疑": escalate,
        "reopen --reason 错": reopen,
        "void --reason 重": void,
    }
    to_state = {"escalated": "complaint escalate", "void": "complaint void"}.get(state, "")
    for number, (act, code) in enumerate(acts.items(), 1):
        cli.log("--received 2026-09-21")
        if state != "open":
            cli.all(
                f"{to_state} 2026-{number} --reason 因故"
                if to_state
                else f"close 2026-{number} --outcome settled"
            )
        word, *options = act.split(" ", 1)
        before = all_of(cli, f"2026-{number}")
        result = cli(f"complaint {word} 2026-{number} {' '.join(options)}")
        assert str(result.code) == code, (act, result.err)
        assert (all_of(cli, f"2026-{number}") == before) == (code == "3")


@table("""
    line             | missing
    complaint reopen | number, reason
    complaint void   | number, reason
    complaint amend  | number
""")
def test_what_is_missing_is_named(line: str, missing: str, cli: Cli) -> None:
    assert cli(line) == (2, "", f"Error: Missing: {missing}.\n")


def figures(cli: Cli) -> list[Result]:
    return [
        cli(f"rollup {form} {period} --json")
        for form in (3, 6)
        for period in ("2026Q3", "2026-09", "2026")
    ]


def test_reopening_leaves_the_figures_as_if_it_had_not_been_closed(cli: Cli) -> None:
    cli.all(
        TWO.replace(
            "close 2026-2",
            "complaint escalate 2026-2 --reason 疑难 --on 2026-09-22\n    close 2026-2",
        )
    )
    cli.log("--received 2026-09-21 --disputed 500")
    before, shown = figures(cli), all_of(cli, "2026-3")
    cli.all("complaint amend 2026-3 --agreement 先付一半 --answered-how 电话")
    shown = all_of(cli, "2026-3")
    cli.all(
        "close 2026-3 --outcome advised --told 2026-09-23 --recovered 100 --multiple-damages 50 --rating satisfied"
        " --agreement 全退 --perform-by 2026-09-25 --remark 已办"
    )
    assert figures(cli) != before
    cli.all("complaint reopen 2026-3 --reason 记错")
    assert figures(cli) == before and all_of(cli, "2026-3") == shown | {"reopen_reason": "记错"}
    cli.all("complaint reopen 2026-2 --reason 记错")
    assert all_of(cli, "2026-2")["state"] == "escalated", (
        "the closing is taken back, not the escalation"
    )
    cli.all("complaint reopen 2026-2 --reason 误报")
    assert all_of(cli, "2026-2")["state"] == "open"
    assert cli("ledger check").code == 0


def test_a_void_complaint_adds_to_no_figure_and_keeps_its_number_and_line(cli: Cli) -> None:
    cli.given(TWO)
    before = figures(cli)
    cli.log("--received 2026-09-21 --disputed 500 --source referred --referral-no 榕消3")
    cli.all("close 2026-3 --outcome settled --recovered 100 --rating satisfied")
    assert figures(cli) != before
    cli.all("complaint void 2026-3 --reason 重复登记")
    assert figures(cli) == before
    assert (
        cli("overdue --as-of 2026-12-01").out.count("2026-0003")
        == cli("rollup 3 2026Q3 --cases received").out.count("0003")
        == 0
    )
    assert cli("complaint list --state void --json").json[0]["number"] == "2026-0003"
    shown = all_of(cli, "2026-3")
    assert [shown[key] for key in ("state", "voided", "void_reason")] == [
        "void",
        "2026-09-28",
        "重复登记",
    ]
    assert cli.log("--json").json["number"] == "2026-0004", "no number is given twice"
    assert cli("ledger check").code == 0
