"""Names, phones and addresses that stand nowhere else, and command lines that put them into every personal box."""

from collections.abc import Mapping

Boxes = Mapping[str, object]
NAME, CONTACT, STAFF, OFFICER = "欧阳金丝雀", "司马白鹭", "端木云雀", "慕容夜莺"
PHONE, LANDLINE, STAFF_PHONE, OFFICER_PHONE = (
    "13987654321",
    "0591-87651234",
    "13976543210",
    "13965432109",
)
ADDRESS = "榕溪县椰林巷77号"
# What must not be seen, digits put together: names but for the surname, numbers but for their ends, the end of an address.
CONSUMER = ("金丝雀", "白鹭", "98765432", "91876512", "椰林")
OFFICES = ("云雀", "夜莺", "97654321", "96543210")
NUMBERS = "139-8765-4321，139 8765 4321，+86 13987654321，１３９８７６５４３２１，0591 87651234"
TEXT = f"{NAME}来电{PHONE}，{NUMBERS}，找{CONTACT}，{STAFF}接待"
BOXES = {
    "complainant": NAME,
    "phone": PHONE,
    "consumer_address": ADDRESS,
    "respondent_contact": CONTACT,
    "respondent_phone": LANDLINE,
    "facts": TEXT,
    "handling": TEXT,
    "handler": STAFF,
    "remark": TEXT,
}
TODAY, LATER = "2026-09-28", "2031-09-28"
LOG: dict[str, object] = {
    "point": "P001",
    "item": "电饭锅",
    "kind": "goods",
    "disputed": 100,
    **BOXES,
}
CLOSE: dict[str, object] = {"outcome": "advised", "told": TODAY, "agreement": TEXT, "remark": TEXT}
# A register as a point sends it, and the same with a slip in each row; its texts name nobody but their own consumer.
_HEADINGS = "登记编号,受理日期,投诉人,联系电话,商品/服务名称,性质,问题类别,投诉事实\n"
_FACTS = TEXT.replace(CONTACT, "他").replace(STAFF, "他")
REGISTER_FILES = {
    "register.csv": f"{_HEADINGS}A1,2026-09-07,{NAME},{PHONE},电饭锅,商品,质量,{_FACTS}\n",
    "slips.csv": f"{_HEADINGS}A1,{PHONE},{NAME},{PHONE}x,电饭锅,商品,{PHONE},{_FACTS}\n"
    f"A2,2026-09-07,,{NAME},,商品,质量,\n"
    f"A3,2026-09-07,{NAME},{PHONE},{PHONE},商品,质量,{_FACTS * 99}\n",
}
REASON: Boxes = {"reason": TEXT}
LEAD: Boxes = {"text": f"无证经营，{LANDLINE}", "informant": f"{NAME} {PHONE}"}
_PEOPLE = f"--liaison '{STAFF} {STAFF_PHONE}' --officer '{OFFICER} {OFFICER_PHONE}'"
REGISTER = f"register {{}} --type mall --area 500 --capital 80万 --turnover 300万 --since 2016-01-05 {_PEOPLE}"
# 2026-0001 is open, 0002 closed, 0003 escalated, 0004 void, 0005 closed and open again with its texts amended.
LIFE: tuple[tuple[str, Boxes], ...] = (
    ("init --station 东门所 --county 榕溪县", {}),
    (REGISTER.format("东门商场"), {}),
    *(("log --from-stdin", LOG),) * 5,
    ("close 2026-2 --from-stdin", CLOSE),
    ("complaint escalate 2026-3 --from-stdin", REASON),
    ("complaint void 2026-4 --from-stdin", REASON),
    ("close 2026-5 --from-stdin", CLOSE),
    ("complaint reopen 2026-5 --from-stdin", REASON),
    ("complaint amend 2026-5 --from-stdin", {"facts": f"{TEXT}。", "remark": f"{TEXT}。"}),
    (REGISTER.format("北门商场"), {}),
    ("record inquiry P001 --from-stdin", {"text": PHONE}),
    ("record lead P001 --from-stdin", LEAD),
    ("record training P001 --from-stdin", {"text": f"{STAFF}主讲", "attended": STAFF}),
    (f"point inspect P001 --office yes --inspector {OFFICER}", {}),
    ("returns submit 2026Q1", {}),
    ("complaint show 2026-1 --reveal", {}),
    ("ledger backup backup.sqlite", {}),
)
# A line of every command, with what goes into its stdin.
SAYS: tuple[tuple[str, Boxes], ...] = (
    ("init --station 西门所 --county 榕溪县", {}),
    (REGISTER.format("西门商场"), {}),
    (REGISTER.format("东门商场"), {}),
    ("log --from-stdin", LOG),
    ("close 2026-1 --from-stdin", CLOSE),
    ("overdue --as-of 2026-10-20", {}),
    ("today", {}),
    *(
        (f"rollup {report} 2026Q3", {})
        for report in ("3", "6", "assessment", "category", "problem", "respondent", "channel")
    ),
    ("rollup 6 2026Q3 --cases received", {}),
    *(
        (f"export {form} 2026Q3", {})
        for form in ("1", "2", "4", "5", "5 --public", "6", "assessment")
    ),
    ("export 3 2026Q3 --point P001", {}),
    ("export agreement --number 2026-2", {}),
    ("explain 2026-1", {}),
    ("demo made", {}),
    ("point list", {}),
    ("point show P001", {}),
    ("complaint list", {}),
    ("complaint list --text 电饭锅", {}),
    *((f"complaint show 2026-{number}", {}) for number in range(1, 6)),
    ("complaint amend 2026-1 --from-stdin", {"complainant": f"{NAME}子", "facts": f"{TEXT}。"}),
    ("complaint escalate 2026-1 --from-stdin", REASON),
    ("complaint reopen 2026-2 --from-stdin", REASON),
    ("complaint void 2026-1 --from-stdin", REASON),
    ("complaint erase", {}),
    ("complaint import register.csv --point P001", {}),
    ("complaint import register.csv --point P001 --dry-run", {}),
    *(
        (f"record {kind} P001 --from-stdin", {"text": TEXT})
        for kind in ("inquiry", "major", "meeting", "publicity")
    ),
    ("record lead P001 --from-stdin", LEAD),
    ("record visit P001 --from-stdin", {"text": TEXT, "raised": TEXT, "result": TEXT}),
    ("record training P001 --from-stdin", {"text": TEXT, "attended": STAFF}),
    *(
        (f"record {kind} P001 --from-stdin", {"respondent": "鞋店", "text": TEXT, "result": TEXT})
        for kind in ("notice", "interview")
    ),
    ("record amend 1 --from-stdin", {"text": TEXT}),
    ("record void 1 --from-stdin", REASON),
    ("record list", {}),
    (f"point amend P001 --host x --liaison '{STAFF} {OFFICER_PHONE}'", {}),
    ("point inspect P001 --office yes", {}),
    ("point retire P002 --on 2026-09-28", {}),
    ("returns status 2026Q3", {}),
    ("returns receive P001 2026Q2 --nil", {}),
    ("returns submit 2026Q2", {}),
    ("returns withdraw 2026Q1 --reason x", {}),
    ("returns corrections 2026Q1", {}),
    ("county consolidate 附件6_2026Q1.xlsx -o county.xlsx", {}),
    ("calendar day 2026-10-12 --rest --why x", {}),
    ("calendar load notice.json", {}),
    ("settings list", {}),
    ("settings set station_limit 30", {}),
    ("ledger check", {}),
    ("ledger backup again.sqlite", {}),
    ("ledger restore backup.sqlite", {}),
    ("ledger history", {}),
    *((f"ledger history 2026-{number}", {}) for number in range(1, 6)),
    ("ledger info", {}),
    ("calendar show 2026", {}),
)
# What shows somebody in full because it is asked for, and records it as --reveal is recorded.
REVEALS = ("record informant 2",)
# The same lines with a slip in a personal box.
SLIPS: tuple[tuple[str, object], ...] = (
    *(
        ("log --from-stdin", LOG | {key: f"{NAME}\n{PHONE}"})
        for key in BOXES
        if key not in ("facts", "handling", "remark")
    ),
    *(("log --from-stdin", LOG | {key: TEXT * 100}) for key in BOXES),
    *(("log --from-stdin", LOG | {key: f"{TEXT}\x07"}) for key in BOXES),
    *(("log --from-stdin", LOG | {key: [TEXT]}) for key in BOXES),
    ("log --from-stdin", LOG | {"source": "referred"}),
    ("log --from-stdin", LOG | {"received": "2027-01-01"}),
    ("log --from-stdin", [TEXT]),
    ("log --from-stdin", TEXT),
    ("close 2026-2 --from-stdin", CLOSE),
    ("close 2026-1 --from-stdin", CLOSE | {"recovered": "x"}),
    ("complaint amend 2026-4 --from-stdin", {"facts": TEXT}),
    ("complaint escalate 2026-3 --from-stdin", {"reason": TEXT}),
    ("complaint void 2026-4 --from-stdin", {"reason": TEXT}),
    ("complaint reopen 2026-1 --from-stdin", {"reason": TEXT}),
    ("record void 2 --from-stdin", {"reason": TEXT}),
    ("complaint import slips.csv --point P001", {}),
    ("complaint import register.csv", {}),
    ("template check register.csv --map slips.csv", {}),
    (f"register 西门商场 --type mall {_PEOPLE}", {}),
    (f"register 西门商场 --type mall --liaison '{STAFF}\n{STAFF_PHONE}'", {}),
    (f"register 西门商场 --type mall --officer '{OFFICER} {OFFICER_PHONE}x'", {}),
)
