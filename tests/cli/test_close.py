"""`close` and `complaint escalate`: an outcome's needs, on time or late, and refusals."""

from datetime import date

from ledger12315.boxes.forms import COMPLAINT_NUMBERS
from tests.cli.conftest import Cli, scenes
from tests.rows import table

LOG = "log P001 --complainant 张三 --item 电饭锅 --facts 不加热 --kind goods --received"


@table("""
    boxes                                                       | code | said
    --outcome settled                                           | 0    |
    --outcome 和解(含当场解决)                                  | 0    |
    --outcome 调解成功                                          | 0    |
    --outcome 调解不成                                          | 0    |
    --outcome 消费者撤回                                        | 0    |
    --outcome 联系不到当事人                                    | 0    |
    --outcome advised                                           | 2    | --told
    --outcome 和解不成 --told 2026-09-24                        | 0    |
    --outcome advised --told 2026-09-20                         | 3    | before the day of receipt
    --outcome advised --told 2026-09-24 --closed 2026-09-25     | 0    |
    --outcome advised --told 2026-09-24 --closed 2026-09-23     | 3    | told on 2026-09-24
    --outcome 其他                                              | 2    | --remark
    --outcome other --remark 商家歇业                           | 0    |
    --outcome closed                                            | 2    | is not one of
    --outcome settled --recovered 100 --multiple-damages 100    | 0    |
    --outcome settled --recovered 100 --multiple-damages 100.01 | 3    | multiple damages
    --outcome settled --closed 2026-09-21                       | 0    |
    --outcome settled --closed 2026-09-20                       | 3    | before the day of receipt
    --outcome settled --closed 2026-09-29                       | 2    | in the future
    --outcome settled --performed 2026-09-20                    | 3    | before the day of receipt
    --outcome settled --rating 不错                             | 2    | is not one of
""")
def test_what_an_outcome_needs(boxes: str, code: str, said: str, cli: Cli) -> None:
    cli.given(f"{LOG} 2026-09-21")
    result = cli(f"办结 2026-1 {boxes}")
    assert str(result.code) == code and said in result.err
    assert cli.sql("SELECT closed IS NOT NULL FROM complaint") == [(int(code == "0"),)]


@table("""
    escalated  | closed     | end
               | 2026-09-17 | "on_time": true, "working_days": 0
               | 2026-09-23 | "on_time": true, "working_days": 5
               | 2026-09-24 | "on_time": false, "working_days": 6
    2026-09-23 | 2026-09-23 | "on_time": true, "working_days": 5
    2026-09-23 | 2026-09-28 | "on_time": true, "working_days": 7
    2026-09-24 | 2026-09-28 | "on_time": false, "working_days": 7
""")
def test_on_time_is_closed_or_escalated_by_the_fifth_working_day(
    escalated: str, closed: str, end: str, cli: Cli
) -> None:
    cli.given(f"{LOG} 2026-09-17")
    if escalated:
        cli.all(f"complaint escalate 2026-1 --reason 金额较大 --on {escalated}")
    start = f'{{"number": "2026-0001", "outcome": "settled", "closed": "{closed}", "due": '
    told = cli(f"close 2026-1 --outcome settled --closed {closed} --json").line
    assert told == f'{start}"2026-09-23", {end}, "doubts": []}}'


@table(r"""
    day        | lang | said
    2026-09-23 | en | 2026-0001 closed (settled): on time; working days used: 5, due 2026-09-23 Wed
    2026-09-24 | en | 2026-0001 closed (settled): late; working days used: 6, was due 2026-09-23 \
        Wed
    2026-09-23 | zh   | 2026-0001 已办结（和解）：按时，用时 5 个工作日，应办结 2026-09-23 周三
    2026-09-24 | zh   | 2026-0001 已办结（和解）：超期，用时 6 个工作日，应于 2026-09-23 周三 办结
""")
def test_closing_in_words(day: str, lang: str, said: str, cli: Cli) -> None:
    cli.given(f"{LOG} 2026-09-17")
    assert cli(f"close 2026-1 --outcome 和解 --closed {day}", lang=lang) == (0, f"{said}\n", "")


@table("""
    boxes                                                   | closed
    --outcome settled                                       | 2026-09-28
    --outcome advised --told 2026-09-24                     | 2026-09-24
    --outcome advised --told 2026-09-24 --closed 2026-09-25 | 2026-09-25
    --outcome settled --told 2026-09-24                     | 2026-09-28
""")
def test_the_closing_day_is_today_or_the_day_of_telling(boxes: str, closed: str, cli: Cli) -> None:
    cli.given(f"{LOG} 2026-09-21")
    assert cli(f"close 2026-1 {boxes} --json").json["closed"] == closed


@table(r"""
    state     | line                                                      | said
    open | close 2026-2 --outcome settled | There is no complaint 2026-0002
    open | complaint escalate 2026-2 --reason 要鉴定 | There is no complaint 2026-0002
    open | complaint escalate 2026-1 --reason 要鉴定 --on 2026-09-20 | before the day of receipt, \
        2026-09-21
    escalated | complaint escalate 2026-1 --reason 再报 | possible now: amend, close, reopen, void.
    escalated | close 2026-1 --outcome settled --closed 2026-09-22 | It was escalated on 2026-09-23
    escalated | close 2026-1 --outcome settled --closed 2026-09-23        |
    escalated | close 2026-1 --outcome advised --told 2026-09-24          |
    escalated | close 2026-1 --outcome withdrawn                          |
    closed | close 2026-1 --outcome settled | possible now: amend, reopen, void.
    closed | complaint escalate 2026-1 --reason 要鉴定 | possible now: amend, reopen, void.
    void      | close 2026-1 --outcome settled                            | possible now: reopen.
    void      | complaint escalate 2026-1 --reason 要鉴定                 | possible now: reopen.
""")
def test_what_a_complaint_takes_in_each_state(state: str, line: str, said: str, cli: Cli) -> None:
    acts = {
        "escalated": "complaint escalate 2026-1 --reason 金额较大 --on 2026-09-23",
        "closed": "close 2026-1 --outcome settled",
        "void": "complaint void 2026-1 --reason 重复",
    }
    cli.given(f"{LOG} 2026-09-21\n{acts.get(state, '')}")
    before = cli.sql("SELECT * FROM complaint")
    result = cli(line)
    assert said in result.err and result.code == (3 if said else 0)
    assert (cli.sql("SELECT * FROM complaint") == before) == bool(said)


@scenes(r"""
# more recovered than was in dispute is told, unless damages say why
+ log P001 --complainant 张三 --item 锅 --facts 坏 --kind goods --disputed 100 --received 9-21
$ close 2026-2 --outcome settled --recovered 100.01
2026-0002 closed (settled): on time; working days used: 4, due 2026-09-29 Tue
! More is recovered (100.01 yuan) than was in dispute (100.00 yuan), but no multiple damages are \
    given: is it right?
$ complaint amend 2026-2 --recovered 300
2026-0002 is amended: recovered.
! More is recovered (300.00 yuan) than was in dispute (100.00 yuan), but no multiple damages are \
    given: is it right?
$ complaint amend 2026-2 --multiple-damages 200
2026-0002 is amended: multiple_damages.
# a sign for nothing leaves a box empty, as at a prompt and in a register
+ log P001 --item 灯 --facts 坏 --kind goods --complainant 李四 --brand - --model 无 --handler ／
$ complaint show 2 --json
…"brand": null, "model": null…"handler": "林秀珍"…
+ complaint amend 2 --brand 炊禾
$ complaint amend 2 --brand —— --model -
2026-0002 is amended: brand.
$ close 2 --outcome other --remark 无
! Error: The outcome other needs a remark: --remark TEXT.
[2]
# what a complaint has already is no change
+ log P001 --complainant 张三 --item 锅 --facts 坏 --category 食品 --disputed 100 --received 9-21
+ words add category 生鲜 --as food
$ ledger info --json
…"acts": 7…
$ complaint amend 2026-2 --disputed 100 --received 9-21 --category 食品 --point P001
2026-0002 already has these values.
$ ledger info --json
…"acts": 7…
$ complaint amend 2026-2 --disputed 100 --category 生鲜
2026-0002 is amended: category.
$ complaint amend 2026-2 --category 生鲜
2026-0002 already has these values.
# the boxes of a closing are kept
+ close 2026-1 --outcome 和解 --closed 9-23 --recovered 329 --multiple-damages 29 --rating \
    基本满意 --handling 已换新 --agreement 换新机 --approved 9-23 --perform-by 2026-10-30 \
    --performed 9-24 --answered 9-24 --answered-how 电话 --archive-no 榕1 --handler 周大福 \
    --remark 已回访 --told 9-23
$ complaint show 2026-1 --reveal
number | 2026-0001
point | P001
due | 2026-09-29
provisional | no
state | closed
point name | 东门商场
operator type | mall
received | 2026-09-21
source | direct
channel | visit
complainant | 张三
headcount | 1
item | 电饭锅
kind | goods
problem | other
facts | 不加热
handling | 已换新
agreement | 换新机
approved | 2026-09-23
perform by | 2026-10-30
performed | 2026-09-24
multiple damages | 29.00
handler | 周大福
told | 2026-09-23
answered | 2026-09-24
answered how | 电话
rating | basically satisfied
outcome | settled
closed | 2026-09-23
recovered | 329.00
archive no | 榕1
remark | 已回访
2026-09-21 Mon | received | 0 |
2026-09-23 Wed | approved | 2 |
2026-09-23 Wed | told | 2 |
2026-09-23 Wed | closed | 2 | settled
2026-09-24 Thu | performed | 3 |
2026-09-24 Thu | answered | 3 |
2026-09-29 Tue | due | 5 |
2026-10-30 Fri | to be performed | 24 |
 | archived |  | 榕1
# escalating
$ 投诉 报请 2026-1 --reason 要鉴定 --on 9-24 --json
{"number": "2026-0001", "escalated": "2026-09-24", "doubts": []}
$ complaint show 2026-1 --json
{"number": "2026-0001", … "state": "escalated", … "escalated": "2026-09-24", \
    "escalation_reason": "要鉴定", … {"date": "2026-10-12", "event": "acceptance", \
    "working_days": 10}]}
""")
def test_what_is_kept(script: str, cli: Cli) -> None:
    cli.given(f"{LOG} 2026-09-21")
    cli.plays(script)


def test_what_is_named_twice_is_done_once(cli: Cli) -> None:
    cli.all(f"{LOG} 2026-09-25\n{LOG} 2026-09-25")
    cli.plays("""
        $ close 1 2026-0001 2 --outcome settled --closed 2026-09-25
        2026-0001 closed (settled): …
        2026-0002 closed (settled): …
        $ record visit P001 东门商场
        Recorded for 东门商场 on 2026-09-28; visit: 1 (record 1)
    """)


def test_numbers_in_one_line_are_several_but_no_phone_is_split() -> None:
    read = {
        "1,2,3": "1\n2\n3",
        "98、99、100": "98\n99\n100",
        "2345、2346": "2345\n2346",
        "2 3": "2\n3",
        "139 0000 1111": "139 0000 1111",
        "毛毯 2": "毛毯 2",
    }
    kind = COMPLAINT_NUMBERS.kind
    assert {typed: kind.read(typed, date.min) for typed in read} == read
