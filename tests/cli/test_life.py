"""A complaint's whole life: what each state allows is said where something else was tried, and `show` tells it day by day."""

from tests.cli.conftest import Cli, table

_LOG = "log P001 --complainant 张三 --item 电饭锅 --facts 不加热 --kind goods --received 2026-09-21"


@table("""
    state     | act      | lang | said
    open      | reopen   | en   | 2026-0001 is open since 2026-09-21; possible now: amend, escalate, close, void.
    escalated | escalate | en   | 2026-0001 was escalated on 2026-09-22; possible now: amend, close, reopen, void.
    closed    | close    | en   | 2026-0001 was closed on 2026-09-24; possible now: amend, reopen, void.
    closed    | escalate | en   | 2026-0001 was closed on 2026-09-24; possible now: amend, reopen, void.
    void      | amend    | en   | 2026-0001 is void since 2026-09-28; possible now: nothing.
    void      | void     | en   | 2026-0001 is void since 2026-09-28; possible now: nothing.
    closed    | close    | zh   | 2026-0001 已于 2026-09-24 办结；现在可做的操作：更正、重开、作废。
    void      | reopen   | zh   | 2026-0001 已于 2026-09-28 作废；现在可做的操作：无。
""")
def test_what_is_possible_now_is_said(state: str, act: str, lang: str, said: str, cli: Cli) -> None:
    acts = {
        "amend": "complaint amend 2026-1 --brand 炊禾",
        "escalate": "complaint escalate 2026-1 --reason 疑难 --on 2026-09-22",
        "close": "close 2026-1 --outcome settled --closed 2026-09-24",
        "reopen": "complaint reopen 2026-1 --reason 错",
        "void": "complaint void 2026-1 --reason 重复",
    }
    cli.all(
        f"{_LOG}\n{acts.get({'escalated': 'escalate', 'closed': 'close'}.get(state, state), '')}"
    )
    result = cli(acts[act], lang=lang)
    assert result == (3, "", f"{'错误：' if lang == 'zh' else 'Error: '}{said}\n")


LIFE = f"""
    {_LOG} --source referred --referral-no 榕消3 --referred 2026-09-19 --promised 2026-09-29
    complaint escalate 2026-1 --reason 疑难 --on 2026-09-22
    close 2026-1 --outcome advised --told 2026-09-24 --closed 2026-09-25 --approved 2026-09-23 --perform-by 2026-10-10
    complaint amend 2026-1 --performed 2026-09-26 --answered 2026-09-28 --archive-no 榕1
"""


def test_the_timeline_tells_every_event_with_its_day_and_working_days(cli: Cli) -> None:
    cli.given(LIFE)
    cli.all("complaint void 2026-1 --reason 重复")
    shown = cli("complaint show 2026-1", lang="zh").out
    # 25 to 27 September are off, 1 to 7 October too; 10 October is a make-up Saturday.
    assert shown.partition("作废理由\t重复\n")[2].splitlines() == [
        "2026-09-19 周六\t工商部门分流\t\t",
        "2026-09-21 周一\t受理\t0\t",
        "2026-09-22 周二\t报请工商所\t1\t",
        "2026-09-23 周三\t领导审核\t2\t",
        "2026-09-24 周四\t告知申诉渠道\t3\t",
        "2026-09-25 周五\t办结\t3\t和解不成、已告知申诉",
        "2026-09-26 周六\t协议履行\t3\t",
        "2026-09-28 周一\t反馈结果\t4\t",
        "2026-09-28 周一\t作废\t4\t",
        "2026-09-29 周二\t约定答复\t5\t尚未到期",
        "2026-09-29 周二\t应办结\t5\t尚未到期",
        "2026-10-10 周六\t约定履行期限\t9\t尚未到期",
        "2026-11-21 周六\t工商所期限\t39\t尚未到期",
        "\t归档\t\t榕1",
    ]
    timeline = cli("complaint show 2026-1 --json").json["timeline"]
    assert [timeline[0], timeline[1], timeline[-1]] == [
        {"date": "2026-09-19", "event": "referred", "working_days": None},
        {"date": "2026-09-21", "event": "received", "working_days": 0},
        {"date": None, "event": "archived", "working_days": None},
    ]


def test_a_promise_later_than_the_due_date_is_said_whenever_it_is_given(cli: Cli) -> None:
    late = "The promised answer, {}, is later than the due date, which stays 2026-09-29.\n"
    assert cli(f"{_LOG} --promised 2026-09-30").err == late.format("2026-09-30")
    assert cli("complaint amend 2026-1 --promised 2026-10-08").err == late.format("2026-10-08")
    assert cli("complaint amend 2026-1 --promised 2026-09-29").err == ""
