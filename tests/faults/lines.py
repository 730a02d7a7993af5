"""A line of every command, run over one station; its names and phones stand nowhere else.

`{}` is the folder in which the station's files lie; what stands behind `<` goes into stdin.
"""

import json
import shlex
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from string import Template
from typing import NamedTuple

from tests.faults import words

TODAY, LATER = "2026-09-28", "2031-09-28"
NAME, CONTACT, STAFF, OFFICER = words("欧阳金丝雀 司马白鹭 端木云雀 慕容夜莺")
FORMER = "令狐黄鹂"  # of a complaint, before it was amended
PHONE, STAFF_PHONE, OFFICER_PHONE = "13987654321", "13976543210", "13965432109"
LANDLINE, ADDRESS = "0591-87651234", "榕溪县椰林巷77号"
# What must not be seen, digits put together: names but for the surname, numbers but for their
# ends, the end of an address.
CONSUMER = ("金丝雀", "白鹭", "黄鹂", "98765432", "91876512", "椰林")
OFFICES = ("云雀", "夜莺", "97654321", "96543210")
NUMBERS = (
    "139-8765-4321，139 8765 4321，139.8765.4321，+86 13987654321，+8613987654321，１３９８７６５４３２１，"
    "0591 87651234，(0591)8765-1234"
)
TEXT = f"{NAME}来电{PHONE}，{NUMBERS}，找{CONTACT}，原名{FORMER}"
TEXTS = ("facts", "handling", "remark")
BOXES = {
    "complainant": NAME,
    "phone": PHONE,
    "consumer_address": ADDRESS,
    "respondent_contact": CONTACT,
    "respondent_phone": LANDLINE,
    "handler": STAFF,
    **dict.fromkeys(TEXTS, TEXT),
}
LOG: dict[str, object] = {
    "point": "P001",
    "item": "电饭锅",
    "kind": "goods",
    "disputed": 100,
    # Boxes in which nobody is to be named, and somebody is.
    "brand": f"{CONTACT}牌",
    "quantity": f"{NAME}2只",
    "voucher": f"{NAME}的转账截图，手机{PHONE}",
    **BOXES,
}
CLOSE: dict[str, object] = {
    "outcome": "advised",
    **dict.fromkeys(("told", "answered", "followed_up"), TODAY),
    **dict.fromkeys(("agreement", "answered_how", "followed_up_how", "remark"), TEXT),
    "archive_no": f"{NAME}卷",
}
LEDGER, BACKUP = "ledger.sqlite", "backup.sqlite"
# What the program is told by its surroundings, in a folder of the station.
TOLD = {
    "LEDGER12315_DB": LEDGER,
    "LEDGER12315_LANG": "en",
    "LEDGER12315_TODAY": TODAY,
    "LEDGER12315_USER": "clerk",
}
HEADINGS = "登记编号,受理日期,投诉人,联系电话,商品/服务名称,性质,问题类别,投诉事实\n"
# A text of a register names nobody but its own consumer.
_FACTS = TEXT.replace(CONTACT, "他").replace(FORMER, "他")
_ROW = f"2026-09-07,{NAME},{PHONE},电饭锅,商品,质量,{_FACTS}\n"
_EXAMPLES = Path(__file__).parents[2] / "examples"
# The registers of a point: taken in already, sound, and with a slip in each row.
FILES: Mapping[str, bytes] = {
    "first.csv": f"{HEADINGS}A0,{_ROW}".encode(),
    "points.csv": f"名称,类型,设立日期,设置依据,联络员\n西门店,超市,2026-01-05,达标,{STAFF}\n".encode(),
    "register.csv": f"{HEADINGS}A1,{_ROW}A2,{_ROW}".encode(),
    "slips.csv": f"{HEADINGS}A1,{PHONE},{NAME},{PHONE}x,电饭锅,商品,{PHONE},{_FACTS}\n"
    f"A2,2026-09-07,,{NAME},,商品,质量,\n"
    f"A3,2026-09-07,{NAME},{PHONE},{PHONE},商品,质量,{_FACTS * 99}\n".encode(),
    "map.json": '{"投诉者": "complainant"}'.encode(),
    "notice.json": '{"year": 2027, "papers": [], "days": [{"name": "元旦", "date": "2027-01-01",'
    ' "isOffDay": true}]}'.encode(),
    "sheet.xlsx": b"an older sheet",
    **{name: (_EXAMPLES / name).read_bytes() for name in ("bureau.xlsx",)},
}
_PEOPLE = f"--liaison '{STAFF} {STAFF_PHONE}' --officer '{OFFICER} {OFFICER_PHONE}'"
_SIZE = f"--type mall --area 500 --capital 80万 --turnover 300万 {_PEOPLE}"


@cache
def register(count: int) -> bytes:
    """Return a point's register of so many rows."""
    days = (date(2026, 1, 5) + timedelta(number % 260) for number in range(count))
    rows = (
        f"L{number},{day},张三,13900001234,电饭锅,商品,质量,第{number}次不加热\n"
        for number, day in enumerate(days)
    )
    return f"{HEADINGS}{''.join(rows)}".encode()


class Act(NamedTuple):
    """A command line, what goes into its stdin, and which ledger it finds."""

    words: str
    stdin: str = ""
    state: str = ""
    """`old`: the program is of the next schema; `hot`: with the journal that a crash left."""

    def arguments(self, folder: Path) -> list[str]:
        return [word.replace("{}", str(folder)) for word in shlex.split(self.words)]

    def __str__(self) -> str:
        return f"{self.state} {self.words.split(' -')[0]}".strip()


_NAMES = {
    "LOG": json.dumps(LOG)[1:-1],
    "CLOSE": json.dumps(CLOSE)[1:-1],
    "LONGER": json.dumps({"facts": TEXT * 34, "handling": TEXT * 10})[1:-1],
    "SIZE": _SIZE,
    "TEXT": TEXT,
    "NAME": NAME,
    "FORMER": FORMER,
    "PHONE": PHONE,
    "LANDLINE": LANDLINE,
    "STAFF": STAFF,
}


def acts(text: str, **more: str) -> Iterator[Act]:
    """Yield what each line says; $NAMES stand for texts, ⏎ for the end of a line."""
    for line in filter(None, (line.strip(" ") for line in text.split("\n"))):
        words, _, stdin = Template(line).substitute(_NAMES, **more).partition(" < ")
        state = words[:3] if words[:5] in ("old: ", "hot: ") else ""
        words = words.removeprefix(f"{state}: ").replace("⏎", "\n")
        yield Act(words, stdin and json.dumps(json.loads(stdin)), state)


# 2026-0001 is open, 0002 closed, 0003 escalated, 0004 void, 0005 closed and open again, 0006 came
# with a register; the backup is older than the ledger, and there is a row in every table.
LIFE = tuple(
    acts("""
        init --station 东门所 --county 榕溪县 --code 350123 --begins 2026-01-01
        register 东门商场 --judgement 客流大 --since 2016-01-05 $SIZE
        register 北门商场 --since 2016-01-05 $SIZE
        log --from-stdin < {$LOG, "received": "2022-03-01"}
        close 2022-1 --from-stdin < {"outcome":"settled", "closed":"2022-03-03", "remark":"$TEXT"}
        log --from-stdin < {$LOG}
        log --from-stdin < {$LOG}
        log --from-stdin < {$LOG}
        log --from-stdin < {$LOG}
        log --from-stdin < {$LOG}
        close 2026-2 --from-stdin < {$CLOSE}
        complaint escalate 2026-3 --from-stdin < {"reason": "$TEXT"}
        complaint void 2026-4 --from-stdin < {"reason": "$TEXT"}
        close 2026-5 --from-stdin < {$CLOSE}
        complaint reopen 2026-5 --from-stdin < {"reason": "$TEXT"}
        complaint amend 2026-5 --from-stdin < {"facts": "$TEXT。", "remark": "$TEXT。"}
        complaint amend 2026-5 --from-stdin < {"complainant": "$FORMER"}
        complaint amend 2026-5 --from-stdin < {"complainant": "$NAME"}
        words add problem 预付卡 --as contract
        complaint import {}/first.csv --point P001 --map {}/map.json
        complaint show 2026-1 --reveal
        point amend P001 --host 东门公司
        point amend P001 --host 东门集团 --demonstration municipal
        point inspect P001 --office no:门窄 --inspector 慕容夜莺
        returns submit 2026Q1 -o {}
        returns withdraw 2026Q1 --reason 退回
        returns submit 2026Q1 -o {}
        returns receive P001 2026Q1 --nil
        returns send {}/handed
        settings set annual_period calendar
        calendar day 2026-10-13 --rest --why 停电
        ledger backup {}/backup.sqlite
        record inquiry P001 --from-stdin < {"text": "$PHONE"}
        record lead P001 --from-stdin < {"text": "无证经营，$LANDLINE", "informant": "$NAME $PHONE"}
        record training P001 --from-stdin < {"text": "${STAFF}主讲", "attended": "$STAFF"}
        record visit P001 --from-stdin < {"text": "$PHONE", "raised": "$TEXT"}
        record major P001 --from-stdin < {"text": "$TEXT"}
    """)
)
# Each finds the station as LIFE left it, and succeeds.
ACTS = tuple(
    acts("""
        init --station 西门所 --county 榕溪县
        register 西门商场 $SIZE
        register 东门商场 $SIZE
        log --from-stdin < {$LOG}
        close 2026-1 --from-stdin < {$CLOSE}
        find 2026-1
        overdue --as-of 2026-10-20
        today
        rollup 3 2026Q3
        rollup 6 2026Q3
        rollup 6 2026Q3 --cases received
        rollup assessment 2026Q3
        rollup category 2026Q3
        rollup problem 2026Q3
        rollup respondent 2026Q3
        rollup channel 2026Q3
        export 1 2026Q3
        export 2 2026Q3
        export 3 2026Q3 --point P001
        export 4 2026Q3
        export 5 2026Q3
        export 5 2026Q3 --public
        export 6 2026Q3 -o {}/sheet.xlsx
        export assessment 2026Q3
        export agreement --number 2022-1
        explain 2026-1
        demo {}/demo
        point list
        point show P001
        point amend P001 --host x --liaison '端木云雀 13965432109' --demonstration provincial
        point import {}/points.csv
        point inspect P001 --office yes --sign no
        point retire P002 --on 2026-09-28
        complaint list
        complaint list --text 电饭锅
        complaint show 2022-1
        complaint show 2026-1
        complaint show 2026-2
        complaint show 2026-3
        complaint show 2026-4
        complaint show 2026-5
        complaint show 2026-1 --reveal
        complaint amend 2026-1 --from-stdin < {"complainant": "${NAME}子", "facts": "$TEXT。"}
        complaint escalate 2026-1 --from-stdin < {"reason": "$TEXT"}
        complaint reopen 2026-2 --from-stdin < {"reason": "$TEXT"}
        complaint void 2026-1 --from-stdin < {"reason": "$TEXT"}
        complaint erase
        complaint erase 2022-1
        complaint import {}/register.csv --point P001
        complaint import {}/register.csv --point P001 --dry-run
        record inquiry P001 --from-stdin < {"text": "$TEXT"}
        record major P001 --from-stdin < {"text": "$TEXT"}
        record meeting P001 --from-stdin < {"text": "$TEXT"}
        record publicity P001 --from-stdin < {"text": "$TEXT"}
        record lead P001 --from-stdin < {"text": "无证经营，$LANDLINE", "informant": "$NAME $PHONE"}
        record visit P001 --from-stdin < {"text": "$TEXT", "raised": "$TEXT", "result": "$TEXT"}
        record training P001 --from-stdin < {"text": "${STAFF}主讲", "attended": "$STAFF"}
        record notice P001 --from-stdin < {"respondent":"东门商场","text":"$TEXT", "result":"$TEXT"}
        record interview P001 --from-stdin < {"respondent":"鞋店", "text":"$TEXT", "result":"$TEXT"}
        record amend 1 --from-stdin < {"text": "$TEXT。"}
        record void 1 --from-stdin < {"reason": "$TEXT"}
        record list
        record informant 2
        returns status 2026Q3
        returns receive P001 2026Q2 --nil
        returns submit 2026Q2 -o {}
        returns withdraw 2026Q1 --reason x
        returns corrections 2026Q1
        report 2026Q1 -o {}/report.html
        returns send {}/sent 2026Q1
        county load {}/附件6_2026Q1_东门所.xlsx
        returns send {}/stick
        county status 2026Q1
        county rollup 3 2026Q1 --by station --sql
        template check {}/bureau.xlsx
        calendar day 2026-10-12 --rest --why x
        calendar load {}/notice.json
        calendar show 2026
        help
        words list
        words add problem 网购 --as other
        words retire 预付卡
        settings list
        settings set notice_from 30
        ledger check
        ledger backup {}/backup.sqlite --keep 2
        ledger share {}/shared.sqlite
        ledger restore {}/backup.sqlite
        hot: ledger restore {}/backup.sqlite
        old: ledger info
        ledger history
        ledger history 2026-1
        ledger history 2026-2
        ledger history 2026-3
        ledger history 2026-4
        ledger history 2026-5
        ledger info
        ledger doctor
    """)
)


def act(begin: str, state: str = "") -> Act:
    """Return the first of ACTS that begins so."""
    return next(each for each in ACTS if each.words.startswith(begin) and each.state == state)
