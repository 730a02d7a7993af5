"""`calendar load` and `calendar day`: the notices and days that a station gives its ledger."""

from pathlib import Path

from tests.cli.conftest import Cli, scenes
from tests.rows import table


@scenes(r"""
# a notice makes a provisional date certain and moves it
@ 2026-12-28
+ log P001 --complainant 张三 --item 锅 --facts 坏 --kind goods --received 2026-12-25
$ explain 2026-1
2026-0001 received 2026-12-25, due 2027-01-04 Mon (provisional: the holiday notice it depends on \
    is not known):
2026-12-25 Fri |  | day of receipt, not counted | notice not known: the week and fixed holidays | \
    yes
2026-12-26 Sat |  | weekend | notice not known: the week and fixed holidays | yes
2026-12-27 Sun |  | weekend | notice not known: the week and fixed holidays | yes
2026-12-28 Mon | 1 | working day | notice not known: the week and fixed holidays | yes
2026-12-29 Tue | 2 | working day | notice not known: the week and fixed holidays | yes
2026-12-30 Wed | 3 | working day | notice not known: the week and fixed holidays | yes
2026-12-31 Thu | 4 | working day | notice not known: the week and fixed holidays | yes
2027-01-01 Fri |  | holiday (New Year's Day) | notice not known: the week and fixed holidays | yes
2027-01-02 Sat |  | weekend | notice not known: the week and fixed holidays | yes
2027-01-03 Sun |  | weekend | notice not known: the week and fixed holidays | yes
2027-01-04 Mon | 5 | working day | notice not known: the week and fixed holidays | yes
the point's limit: 5 working days after 2026-12-25, until 2027-01-04 Mon (provisional: \
    the holiday notice it depends on is not known); running. Basis: 三(三)4.
> a.txt 关于2027年部分节假日安排的通知 一、元旦:1月1日至3日放假调休,共3天。2026年12月26日上班。\
    二、春节:2月5日至12日放假。\
    三、清明节:4月3日至5日放假。四、劳动节:5月1日至3日放假。五、端午节:6月9日放假。\
    六、国庆节、中秋节:10月1日至8日放假。
$ calendar load a.txt --dry-run
The notice for 2027: days off 26, make-up days 1.
! Due dates changed for: 2026-0001.
! Nothing was written.
$ calendar load a.txt
The notice for 2027 is loaded: days off 26, make-up days 1.
! Due dates changed for: 2026-0001.
$ explain 2026-1
2026-0001 received 2026-12-25, due 2026-12-31 Thu:
2026-12-25 Fri |  | day of receipt, not counted | the week | no
2026-12-26 Sat | 1 | make-up working day (元旦) | State Council notice 2027 | no
2026-12-27 Sun |  | weekend | the week | no
2026-12-28 Mon | 2 | working day | the week | no
2026-12-29 Tue | 3 | working day | the week | no
2026-12-30 Wed | 4 | working day | the week | no
2026-12-31 Thu | 5 | working day | the week | no
the point's limit: 5 working days after 2026-12-25, until 2026-12-31 Thu; running. Basis: 三(三)4.
# an escalated case: the escalation, and the station's clocks with what they rest on
@ 2026-10-12
+ log P001 --complainant 张三 --item 锅 --facts 坏 --kind goods --received 2026-09-21
+ complaint escalate 1 --reason 要鉴定 --on 2026-09-23
+ complaint amend 1 --accepted 2026-09-28
$ explain 1
…
2026-09-29 Tue | 5 | working day | the week | no
Escalated to the station on 2026-09-23 Wed: the station's limit replaced the point's (三(三)3).
the point's limit: 5 working days after 2026-09-21, until 2026-09-29 Tue; ended on 2026-09-23. \
    Basis: 三(三)4.
station to accept by: 7 working days after 2026-09-23, until 2026-10-10 Sat; ended on 2026-09-28. \
    Basis: 消费者权益保护法第四十六条.
mediation to end by: 60 days after 2026-09-28, until 2026-11-27 Fri; running. \
    Basis: 总局令第121号第二十三条.
+ settings set clock.mediation "20 working days" --from 2026-09-01
$ explain 1
…
mediation to end by: 20 working days after 2026-09-28, until 2026-10-30 Fri; running. \
    Basis: set by the station.
$ explain 1 --json
{… "escalated": "2026-09-23", "clocks": [{"key": "point", "started": "2026-09-21", …\
    {"key": "mediation", "started": "2026-09-28", "length": "20 working days", \
    "due": "2026-10-30", "ended": null, "basis": null, "provisional": false}]}
# a case that was accepted before an order keeps the clock of its day
@ 2026-06-01
+ log P001 --complainant 张三 --item 锅 --facts 坏 --kind goods --received 2026-04-08
+ complaint escalate 1 --reason 要鉴定 --on 2026-04-09
+ complaint amend 1 --accepted 2026-04-14
$ explain 1
…
mediation to end by: 45 working days after 2026-04-14, until 2026-06-18 Thu; running. \
    Basis: 总局令第20号第二十一条.
# an amended notice takes days back
@ 2026-12-28
> a.txt 关于2027年部分节假日安排的通知 \
    一、元旦:1月1日至3日放假调休,共3天。12月26日上班。二、春节:2月5日至12日放假。三、清明节:4月3日\
    至5日放假。四、劳动节:5月1日至3日放假。五、端午节:6月9日放假。六、国庆节、中秋节:10月1日至8日\
    放假。
> b.txt 关于2027年部分节假日安排的通知 一、元旦:1月1日放假。
+ calendar load a.txt
+ calendar load b.txt
$ calendar show 2027
2027-01-01 Fri | no | holiday (元旦) | State Council notice 2027 | no
2027-02-05 Fri | no | holiday (春节) | State Council notice 2027 | no
2027-02-06 Sat | no | holiday (春节) | State Council notice 2027 | no
2027-02-07 Sun | no | holiday (春节) | State Council notice 2027 | no
2027-02-08 Mon | no | holiday (春节) | State Council notice 2027 | no
2027-02-09 Tue | no | holiday (春节) | State Council notice 2027 | no
2027-02-10 Wed | no | holiday (春节) | State Council notice 2027 | no
2027-02-11 Thu | no | holiday (春节) | State Council notice 2027 | no
2027-02-12 Fri | no | holiday (春节) | State Council notice 2027 | no
2027-04-03 Sat | no | holiday (清明节) | State Council notice 2027 | no
2027-04-04 Sun | no | holiday (清明节) | State Council notice 2027 | no
2027-04-05 Mon | no | holiday (清明节) | State Council notice 2027 | no
2027-05-01 Sat | no | holiday (劳动节) | State Council notice 2027 | no
2027-05-02 Sun | no | holiday (劳动节) | State Council notice 2027 | no
2027-05-03 Mon | no | holiday (劳动节) | State Council notice 2027 | no
2027-06-09 Wed | no | holiday (端午节) | State Council notice 2027 | no
2027-10-01 Fri | no | holiday (国庆节、中秋节) | State Council notice 2027 | no
2027-10-02 Sat | no | holiday (国庆节、中秋节) | State Council notice 2027 | no
2027-10-03 Sun | no | holiday (国庆节、中秋节) | State Council notice 2027 | no
2027-10-04 Mon | no | holiday (国庆节、中秋节) | State Council notice 2027 | no
2027-10-05 Tue | no | holiday (国庆节、中秋节) | State Council notice 2027 | no
2027-10-06 Wed | no | holiday (国庆节、中秋节) | State Council notice 2027 | no
2027-10-07 Thu | no | holiday (国庆节、中秋节) | State Council notice 2027 | no
2027-10-08 Fri | no | holiday (国庆节、中秋节) | State Council notice 2027 | no
! Working days in 2027: 245
+ ledger check
# a notice leaves what the station says otherwise
+ calendar day 2027-01-01 --work --why 值班
+ calendar day 2027-01-02 --rest --why 盘点
> a.txt 关于2027年部分节假日安排的通知 \
    一、元旦:1月1日至3日放假调休,共3天。12月26日上班。二、春节:2月5日至12日放假。三、清明节:4月3日\
    至5日放假。四、劳动节:5月1日至3日放假。五、端午节:6月9日放假。六、国庆节、中秋节:10月1日至8日\
    放假。
@ 2026-12-28
$ calendar load a.txt
The notice for 2027 is loaded: days off 26, make-up days 1.
! The station's own days still differ from the notice: 2027-01-01 Fri.
$ calendar show 2027
2027-01-02 Sat | no | holiday (元旦) | State Council notice 2027 | no
2027-01-03 Sun | no | holiday (元旦) | State Council notice 2027 | no
…
2027-12-26 Sun | yes | make-up working day (元旦) | State Council notice 2027 | yes
! Working days in 2027: 247
# a day of the station's own
@ 2026-09-22
+ log P001 --complainant 张三 --item 锅 --facts 坏 --kind goods --received 2026-09-21
$ 日历 定日 2026-09-28 --rest --why 停电
2026-09-28 Mon is a day off (停电).
! Due dates changed for: 2026-0001.
$ explain 2026-1
2026-0001 received 2026-09-21, due 2026-09-30 Wed:
2026-09-21 Mon |  | day of receipt, not counted | the week | no
2026-09-22 Tue | 1 | working day | the week | no
2026-09-23 Wed | 2 | working day | the week | no
2026-09-24 Thu | 3 | working day | the week | no
2026-09-25 Fri |  | holiday (Mid-autumn Festival) | State Council notice 2026 | no
2026-09-26 Sat |  | holiday (Mid-autumn Festival) | State Council notice 2026 | no
2026-09-27 Sun |  | holiday (Mid-autumn Festival) | State Council notice 2026 | no
2026-09-28 Mon |  | holiday (停电) | set by the station | no
2026-09-29 Tue | 4 | working day | the week | no
2026-09-30 Wed | 5 | working day | the week | no
the point's limit: 5 working days after 2026-09-21, until 2026-09-30 Wed; running. Basis: 三(三)4.
$ calendar day 2026-09-28 --work --why 来电
2026-09-28 Mon is a working day (来电).
! Due dates changed for: 2026-0001.
$ overdue --as-of 2026-09-30
2026-0001 | P001 | 东门商场 | 2026-09-21 | 2026-09-29 | 1 | no | 锅 | 陈建平
$ calendar show 2026
2026-01-01 Thu | no | holiday (New Year's Day) | State Council notice 2026 | no
2026-01-02 Fri | no | holiday (New Year's Day) | State Council notice 2026 | no
2026-01-03 Sat | no | holiday (New Year's Day) | State Council notice 2026 | no
2026-01-04 Sun | yes | make-up working day (New Year's Day) | State Council notice 2026 | no
2026-02-14 Sat | yes | make-up working day (Spring Festival) | State Council notice 2026 | no
2026-02-15 Sun | no | holiday (Spring Festival) | State Council notice 2026 | no
2026-02-16 Mon | no | holiday (Spring Festival) | State Council notice 2026 | no
2026-02-17 Tue | no | holiday (Spring Festival) | State Council notice 2026 | no
2026-02-18 Wed | no | holiday (Spring Festival) | State Council notice 2026 | no
2026-02-19 Thu | no | holiday (Spring Festival) | State Council notice 2026 | no
2026-02-20 Fri | no | holiday (Spring Festival) | State Council notice 2026 | no
2026-02-21 Sat | no | holiday (Spring Festival) | State Council notice 2026 | no
2026-02-22 Sun | no | holiday (Spring Festival) | State Council notice 2026 | no
2026-02-23 Mon | no | holiday (Spring Festival) | State Council notice 2026 | no
2026-02-28 Sat | yes | make-up working day (Spring Festival) | State Council notice 2026 | no
2026-04-04 Sat | no | holiday (Tomb-sweeping Day) | State Council notice 2026 | no
2026-04-05 Sun | no | holiday (Tomb-sweeping Day) | State Council notice 2026 | no
2026-04-06 Mon | no | holiday (Tomb-sweeping Day) | State Council notice 2026 | no
2026-05-01 Fri | no | holiday (Labour Day) | State Council notice 2026 | no
2026-05-02 Sat | no | holiday (Labour Day) | State Council notice 2026 | no
2026-05-03 Sun | no | holiday (Labour Day) | State Council notice 2026 | no
2026-05-04 Mon | no | holiday (Labour Day) | State Council notice 2026 | no
2026-05-05 Tue | no | holiday (Labour Day) | State Council notice 2026 | no
2026-05-09 Sat | yes | make-up working day (Labour Day) | State Council notice 2026 | no
2026-06-19 Fri | no | holiday (Dragon Boat Festival) | State Council notice 2026 | no
2026-06-20 Sat | no | holiday (Dragon Boat Festival) | State Council notice 2026 | no
2026-06-21 Sun | no | holiday (Dragon Boat Festival) | State Council notice 2026 | no
2026-09-20 Sun | yes | make-up working day (National Day) | State Council notice 2026 | no
2026-09-25 Fri | no | holiday (Mid-autumn Festival) | State Council notice 2026 | no
2026-09-26 Sat | no | holiday (Mid-autumn Festival) | State Council notice 2026 | no
2026-09-27 Sun | no | holiday (Mid-autumn Festival) | State Council notice 2026 | no
2026-10-01 Thu | no | holiday (National Day) | State Council notice 2026 | no
2026-10-02 Fri | no | holiday (National Day) | State Council notice 2026 | no
2026-10-03 Sat | no | holiday (National Day) | State Council notice 2026 | no
2026-10-04 Sun | no | holiday (National Day) | State Council notice 2026 | no
2026-10-05 Mon | no | holiday (National Day) | State Council notice 2026 | no
2026-10-06 Tue | no | holiday (National Day) | State Council notice 2026 | no
2026-10-07 Wed | no | holiday (National Day) | State Council notice 2026 | no
2026-10-10 Sat | yes | make-up working day (National Day) | State Council notice 2026 | no
! Working days in 2026: 248
""")
def test_in_words(script: str, cli: Cli) -> None:
    cli.plays(script)


@scenes(r"""
# what is refused
> a.txt hello
$ calendar load a.txt
! Error: a.txt is not a usable holiday notice: it does not name its year, as in 2027年部分节假日安排.
[5]
$ calendar load missing.txt
! Error: missing.txt cannot be read: there is no such file.
[5]
$ calendar day 2026-09-28 --why x
! Error: Give either --work or --rest.
[2]
$ calendar day 2026-09-28 --work
! Error: Missing: why.
[2]
""")
def test_what_is_refused_changes_nothing(script: str, cli: Cli) -> None:
    before = cli.path.read_bytes()
    cli.plays(script)
    assert cli.path.read_bytes() == before


def test_a_notice_in_the_character_set_of_a_chinese_office(cli: Cli) -> None:
    Path("a.txt").write_text("关于2027年部分节假日安排的通知 一、元旦:1月1日放假。", "gb18030")
    said = "The notice for 2027 is loaded: days off 1, make-up days 0.\n"
    assert cli("calendar load a.txt", today="2026-12-28")[:2] == (0, said)


PARTIAL = r"""
# a holiday whose only day the station had set itself is named all the same
@ 2026-12-28
+ calendar day 2027-06-09 --rest --why 端午
> a.txt 关于2027年部分节假日安排的通知 一、元旦:1月1日放假。二、春节:2月6日放假。三、清明节:4月5日\
    放假。四、劳动节:5月3日放假。五、端午节:6月9日放假。六、国庆节、中秋节:10月1日放假。
$ calendar load a.txt
The notice for 2027 is loaded: days off 6, make-up days 0.
$ calendar show 2027
2027-01-01 Fri | no | holiday (元旦) | State Council notice 2027 | no
2027-02-06 Sat | no | holiday (春节) | State Council notice 2027 | no
2027-04-05 Mon | no | holiday (清明节) | State Council notice 2027 | no
2027-05-03 Mon | no | holiday (劳动节) | State Council notice 2027 | no
2027-06-09 Wed | no | holiday (端午节) | State Council notice 2027 | no
2027-10-01 Fri | no | holiday (国庆节、中秋节) | State Council notice 2027 | no
! Working days in 2027: 256
# a notice of some holidays leaves the year provisional
@ 2026-12-28
> a.txt 关于2027年部分节假日安排的通知 一、元旦:1月1日至3日放假调休,共3天。
$ calendar load a.txt
The notice for 2027 is loaded: days off 3, make-up days 0.
! The notice does not name 春节, 清明, 劳动, 端午, 中秋, 国庆; 2027 stays provisional until the complete \
    notice is loaded.
$ calendar show 2027
2027-01-01 Fri | no | holiday (元旦) | State Council notice 2027 | yes
2027-01-02 Sat | no | holiday (元旦) | State Council notice 2027 | yes
2027-01-03 Sun | no | holiday (元旦) | State Council notice 2027 | yes
2027-05-01 Sat | no | holiday (Labour Day) | notice not known: the week and fixed holidays | yes
2027-05-02 Sun | no | holiday (Labour Day) | notice not known: the week and fixed holidays | yes
2027-10-01 Fri | no | holiday (National Day) | notice not known: the week and fixed holidays | yes
2027-10-02 Sat | no | holiday (National Day) | notice not known: the week and fixed holidays | yes
2027-10-03 Sun | no | holiday (National Day) | notice not known: the week and fixed holidays | yes
! Working days in 2027: 259
! The notice for 2027 is not known: the days are calculated from weekends and holidays of fixed \
    date, and are provisional.
# another year's days below this year's heading
@ 2026-11-20
> a.txt 关于2027年部分节假日安排的通知 一、元旦:2019年1月1日至3日放假，共3天。
$ calendar load a.txt
! Error: a.txt is not a usable holiday notice: a holiday from 2019-01-01 to 2027-01-03 is not \
    possible.
[5]
# a notice that contradicts what is known is shown day by day, and one holiday replaces itself
@ 2026-09-28
> a.txt 关于2026年部分节假日安排的通知 一、国庆节:10月1日至6日放假。10月11日上班。
$ calendar load a.txt --dry-run
The notice for 2026: days off 6, make-up days 1.
! Different from what was known: 2026-09-20 Sun is a day off (the week).
! Different from what was known: 2026-10-07 Wed is a working day (the week).
! Different from what was known: 2026-10-10 Sat is a day off (the week).
! Different from what was known: 2026-10-11 Sun is a working day (国庆节).
! Nothing was written.
+ ledger check
$ calendar load a.txt
The notice for 2026 is loaded: days off 6, make-up days 1.
! Different from what was known: 2026-09-20 Sun is a day off (the week).
! Different from what was known: 2026-10-07 Wed is a working day (the week).
! Different from what was known: 2026-10-10 Sat is a day off (the week).
! Different from what was known: 2026-10-11 Sun is a working day (国庆节).
$ calendar load a.txt
The notice for 2026 is loaded: days off 6, make-up days 1.
# one of two holidays that have their days together replaces none of the other's
@ 2026-12-28
> a.txt 关于2027年部分节假日安排的通知 一、元旦:1月1日放假。二、春节:2月6日放假。三、清明节:4月5日\
    放假。四、劳动节:5月3日放假。五、端午节:6月9日放假。六、国庆节、中秋节:10月1日至4日放假。
> b.txt 关于调整2027年部分节假日安排的通知 一、中秋节:10月5日放假。
+ calendar load a.txt
$ calendar load b.txt
The notice for 2027 is loaded: days off 1, make-up days 0.
! Different from what was known: 2027-10-05 Tue is a day off (中秋节).
$ calendar show 2027
…
2027-10-01 Fri | no | holiday (国庆节、中秋节) | State Council notice 2027 | no
2027-10-02 Sat | no | holiday (国庆节、中秋节) | State Council notice 2027 | no
2027-10-03 Sun | no | holiday (国庆节、中秋节) | State Council notice 2027 | no
2027-10-04 Mon | no | holiday (国庆节、中秋节) | State Council notice 2027 | no
2027-10-05 Tue | no | holiday (中秋节) | State Council notice 2027 | no
! Working days in 2027: …
"""


@scenes(PARTIAL)
def test_what_a_notice_does_not_say_or_says_otherwise(script: str, cli: Cli) -> None:
    cli.plays(script)


@table("""
    answer | taken | code
    n      | 0     | 130
    y      | 9     | 0
""")
def test_a_contradiction_is_asked_for(answer: str, taken: str, code: str, cli: Cli) -> None:
    text = "关于2026年部分节假日安排的通知 一、国庆节:10月1日至6日放假。"
    Path("a.txt").write_text(text, "utf-8")
    left, seen = cli.talk("calendar load a.txt", f"2026-10-07 Wed is a working day > {answer}")
    assert (left, "Load it? [y/n]" in seen) == (int(code), True)
    assert cli.sql("SELECT count(*) FROM special_day") == [(int(taken),)]
