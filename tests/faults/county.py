"""A county of sixteen stations for two years; loads and submissions killed, or two at once.

What went wrong once on the road up, and where the story has it, short or long:

| what | told by | held against |
|---|---|---|
| many stations, names of 30 characters | `_made_again` | what is read back from its forms |
| a return comes after the county's sum | LATE, `carry` | 未报 on the form, then `corrections` |
| one is replaced after its correction was told | SENT_BACK | told 2, now 1 |
| corrections of two stations cancel | LESS, MORE | a row of 0 that names both |
| some have not reported | `check` | numbers and names in each answer |
| a restored backup, its stick wiped | `loses` | the stick's files; `_made_again` |
| a second ledger from one backup | `forks` | two doubts at the end |
| half a character, a damaged page, a long footer, −50,000,000,000 yuan | `spoils` | the reason |
| altered facts | `alters` | `rollup` and `submit` name the station |
| a newer schema of stores and hand-ins | `one_column_more` | the export; an earlier program |
| an annual return to different days | `ends_year` | the ledgers on those days |
| closed, renamed, merged on 31 December | `list_stations`, `turns` | points, doubts, names |
| any engine with its defaults | `engines` | the county's 42 measures |

`check` holds each quarter's figures, and told with corrections, against the ledgers every time.
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random
from shutil import copy, copytree
from typing import Any, NamedTuple
from unittest.mock import patch

import duckdb
from openpyxl import load_workbook

from ledger12315.county.facts import with_facts
from ledger12315.county.store import open_store, read_book
from ledger12315.rules.measures import without_zeros
from ledger12315.rules.periods import parse_period
from tests.catalogue import ROOT
from tests.facts.engines import HERE, figures_found, on_engine
from tests.facts.making import (
    with_damaged_page,
    with_half_a_character,
    with_long_footer,
    with_lying_statistics,
    written_quickly,
)
from tests.facts.newer import one_column_more
from tests.faults import Done, Tried
from tests.faults.inprocess import command, workplace

STATIONS, QUARTERS = 16, [f"{year}Q{n}" for year in (2025, 2026) for n in (1, 2, 3, 4)]
YEAR = "2025A"
"""The annual return of the story, by the calendar year."""
KEYS = ("received", "closed", "settled", "inquiries", "disputed", "recovered")
"""The columns of Attachment 6 that are held against the stations' ledgers."""
LESS, MORE, SENT_BACK, FORKED = range(4)
"""Two stations that cancel out, one whose return is replaced and whose stick
was lost, and one whose backup goes on beside it: a short story has them too."""
RENAMED, LATE = LESS, MORE
# What is done to a folder of a station -> what is said of it.
SPOILT: Mapping[Callable[[Path], None], str] = {
    with_half_a_character: "it is not a manifest",
    with_damaged_page: "contains something that does not belong there",
    with_lying_statistics: "contains something that does not belong there",
    lambda folder: with_long_footer(folder, 22_000_000): "is too large",
}
A_CASE = (
    "log P001 --complainant 张三 --item 壶 --facts 漏 --category 其他 --disputed 10 --received"
)
Sums = dict[str, int]


class Plot(NamedTuple):
    """The quarters, from 0, in which something happens: as late as in two years, or at the end."""

    cancelled: int
    late: int
    sent_back: int
    withdrawn: int
    wiped: int
    fork: int
    turn: int
    """The first of 2026, for which stations closed, and one was renamed."""

    @classmethod
    def of(cls, quarters: int) -> "Plot":
        """Return the plot of a story of so many quarters, of two at least.

        A backup is made two quarters before it goes on, or of a ledger that is new.
        """
        last = quarters - 1
        late, back, withdrawn, wiped = (min(place, last) for place in (1, 2, 3, 4))
        return cls(max(0, last - 2), late, back, withdrawn, wiped, last, quarters // 2)


def _hundredths(shown: object) -> int:
    return int(Decimal(str(shown or 0)) * 100)


def _sums(document: dict[str, Any]) -> Sums:
    total = next(row for row in document["rows"] if row["type"] == "total")
    return {key: _hundredths(total[key]) for key in KEYS}


class County:
    """The stations' ledgers, the county's store, and what the ledgers held at each hand-in."""

    def __init__(self, chance: Random, stations: int, codes: Sequence[str]) -> None:
        self.chance, self.found, self.codes = chance, list[str](), codes
        self.day = parse_period(codes[0]).first
        self.stations, self.plot = stations, Plot.of(len(codes))
        self.names = [
            f"榕溪县经济技术开发区东部新城城关镇第{n:02}市场监督管理所办公室"
            for n in range(1, stations + 1)
        ]
        self.last = stations - (2 if stations > 5 else 1)
        """The stations from here on end with 2025; the first one follows them."""
        self.annual: list[str] = []
        self.keys: list[str] = []
        # Station -> moment, period, what the ledger held of each period, whether facts alone.
        self.snapshots: dict[int, list[tuple[int, str, dict[str, Sums], bool]]] = {}
        self.arrived: dict[int, set[int]] = {n: set() for n in range(stations)}
        self.waiting: list[tuple[int, int, Path]] = []
        self.doubled = self.mistaken = ""
        self.sticks: dict[int, Path] = {}

    def type(self, line: str, *codes: int) -> Done:
        """Run a line on the present day; another exit code than these is a fault."""
        with patch.dict(os.environ, LEDGER12315_TODAY=str(self.day)):
            done = command(f"--clock-is-right {line}")
        if done.code not in (codes or (0,)) or "Traceback" in done.err:
            self.found.append(f"{self.day} {line}: exit {done.code}: {done.err[-400:]}")
        return done

    def at(self, number: int, line: str) -> Done:
        """Run a line at a station."""
        return self.type(f"--db stations/{number}/ledger.sqlite {line}")

    def county(self, line: str, *codes: int) -> Done:
        return self.type(f"--db county.sqlite county {line} --store county.duckdb", *codes)

    def json(self, line: str) -> Any:
        done = self.county(f"{line} --json")
        return json.loads(done.out) if done.code == 0 else None

    def expect(self, what: str, is_: object, wanted: object) -> None:
        if is_ != wanted:
            self.found.append(f"{self.day} {what}: {is_!r}, not {wanted!r}")

    def begin(self) -> None:
        for number in range(self.stations):
            Path(f"stations/{number}").mkdir(parents=True)
            Path(f"papers/{number}").mkdir(parents=True)
            self.at(
                number, f"init --station {self.names[number]} --county 榕溪县 --begins {self.day}"
            )
            register = "register 东门 --type mall --judgement 人流大 --liaison 李四"
            self.at(number, f"{register} --since {self.day}")
            self.at(number, "settings set annual_period calendar")
            info = self.at(number, "ledger info --json")
            self.keys.append(json.loads(info.out)["key"])
            self.snapshots[number] = []

    def list_stations(self) -> None:
        """Write the registry: some end with 2025, and the first follows them, renamed."""
        lines = ["key,name,county,valid from,until,follows"]
        for number, (key, name) in enumerate(zip(self.keys, self.names, strict=True)):
            until = "2025-12-31" if number == RENAMED or number >= self.last else ""
            lines.append(f"{key},{name},榕溪县,,{until},")
        followed = " ".join(self.keys[self.last :])
        renamed = self.name(RENAMED, self.codes[-1])
        lines.append(f"{self.keys[RENAMED]},{renamed},榕溪县,2026-01-01,,{followed}")
        Path("stations.csv").write_text("\n".join(lines) + "\n", "utf-8")

    def name(self, number: int, code: str) -> str:
        """Return a station's name in a period."""
        renamed = number == RENAMED and code > "2026"
        return self.names[number].replace("办公室", "服务台" if renamed else "办公室")

    def live(self, code: str) -> range:
        """Return the stations that hand in a period."""
        return range(self.last if code > "2026" else self.stations)

    def lives(self, number: int, quarter: int) -> None:
        """Let a station receive and close, and correct an earlier quarter."""
        days = parse_period(self.codes[quarter])
        for _ in range(self.chance.randrange(3)):
            received = days.first + timedelta(self.chance.randrange(60))
            amount = self.chance.randrange(1, 500)
            log = f"log P001 --complainant 张三 --item 锅 --facts 漏{self.chance.random()}"
            done = self.at(
                number, f"{log} --category 其他 --received {received} --disputed {amount}"
            )
            if done.code == 0 and self.chance.random() < 0.6:
                closed = received + timedelta(3)
                self.at(
                    number,
                    f"close {done.out.split()[0]} --outcome settled --closed {closed}"
                    f" --recovered {amount} --told {closed}",
                )
        self.at(
            number, f"record inquiry P001 --on {days.first + timedelta(5)} --count {1 + number}"
        )
        # With facts of an earlier quarter that goes on from a backup, its other return would come.
        forked = (quarter, number) == (self.plot.fork, FORKED)
        if quarter and self.chance.random() < 0.5 and not forked:
            before = parse_period(self.codes[self.chance.randrange(quarter)])
            self.at(number, f"record inquiry P001 --on {before.first + timedelta(9)} --count 1")

    def held(self, number: int, quarter: int) -> dict[str, Sums]:
        found = {}
        for code in (*self.codes[: quarter + 1], *self.annual):
            done = self.at(number, f"rollup 6 {code} --live --json")
            found[code] = _sums(json.loads(done.out))
        return found

    def hands_in(self, number: int, quarter: int, code: str = "") -> None:
        """Submit and send a period; its folder waits to be carried to the county."""
        period = code or self.codes[quarter]
        self.at(number, f"returns submit {period} --yes -o papers/{number}")
        self.sent(number, quarter)

    def sent(self, number: int, quarter: int) -> None:
        into = self.sticks.get(number, Path(f"out/{number}"))
        before = {*into.glob("*")}
        held = self.held(number, quarter)
        self.at(number, f"returns send {into}")
        for folder in sorted({*into.glob("*")} - before):
            alone = "版_" in folder.name
            self.snapshots[number].append(
                (len(self.snapshots[number]), folder.name.split("_")[0], held, alone)
            )
            self.waiting.append((number, len(self.snapshots[number]) - 1, folder))

    def backs_up(self, number: int) -> None:
        copytree(f"stations/{number}", f"backup/{number}")

    def forks(self, number: int) -> None:
        """Let the backup of a station go on from the quarter before; what it made is not sent."""
        home, backup = Path(f"stations/{number}"), Path(f"backup/{number}")
        home.rename(f"stations/{number}.first")
        backup.rename(home)
        quarter = self.plot.fork - 1
        before = self.codes[quarter]
        self.at(number, f"returns submit {before} --yes -o papers/{number}")
        self.at(number, f"record inquiry P001 --on {parse_period(before).first} --count 1")
        held = self.held(number, quarter)
        self.snapshots[number].append((len(self.snapshots[number]), before, held, False))
        self.at(number, "returns send unsent")
        self.sticks[number] = Path(f"out/{self.stations + number}")

    def spoils(self) -> None:
        """Load spoilt copies of a folder: each is named, and what came with them is loaded."""
        number, _, folder = next(each for each in self.waiting if each[0] == SENT_BACK)
        others = [each for each in self.waiting if each[0] in (LESS, FORKED)]
        for place, spoil in enumerate(SPOILT):
            spoil(copytree(folder, Path("spoilt", f"{place}")))
        done = self.county(f"load spoilt {' '.join(str(each) for *_, each in others)}", 5)
        for place, said in enumerate(SPOILT.values()):
            line = "".join(each for each in done.err.splitlines() if f"spoilt/{place}" in each)
            named = place == 0 or self.names[number] in line
            self.expect(f"spoilt {said}", (said in line, named), (True, True))
        for other, place, _ in others:
            self.arrived[other].add(place)
        self.waiting = [each for each in self.waiting if each not in others]

    def alters(self, code: str) -> None:
        """Alter a station's cases in a copy of the store, which is then refused by its name."""
        copy("county.duckdb", "altered.duckdb")
        key, line = self.keys[SENT_BACK], "--db county.sqlite county {} --store altered.duckdb"
        sent = "SELECT id FROM kept WHERE kind = 'facts' AND period = ?"
        with duckdb.connect("altered.duckdb") as duck:
            change = "UPDATE facts.complaint SET type = 'scenic' WHERE station = ?"
            duck.execute(f"{change} AND hand_in IN ({sent})", [key, code])
        self.type(line.format(f"withdraw {code} --reason 退回"))
        for what in (f"rollup 6 {code}", f"submit {code} --yes"):
            done = self.type(line.format(what), 3)
            self.expect(f"altered: {what}", self.names[SENT_BACK] in done.err, True)

    def ends_year(self, quarter: int) -> None:
        """Let the stations hand in a calendar year up to different days; the county submits it."""
        days = parse_period(self.codes[quarter])
        self.annual = [YEAR]
        for number in self.live(YEAR):
            self.day = date(2025, 12, 2 + number % 2)
            self.at(number, f"record inquiry P001 --on {days.first} --count 3")
            self.hands_in(number, quarter, YEAR)
        self.day = date(2025, 12, 6)
        self.carry(late=0)
        rows = self.json(f"status {YEAR}")
        why = {row["why"] for row in rows if row["station"] in self.names[::2]}
        self.expect("earlier last days", why, {"counted up to 2025-12-02"})
        self.check(quarter - 1)
        self.county(f"submit {YEAR} --yes -o up")

    def turns(self, code: str) -> None:
        """Look at the stations that closed with the year: their points, and what they left."""
        names = {row["station"] for row in self.json(f"status {code}")}
        self.expect("renamed", self.name(RENAMED, code) in names, True)
        units = {each["key"]: each for each in self.json(f"rollup 6 {code} --by station")["units"]}
        said = self.county(f"status {code}").err
        for number in range(self.last, self.stations):
            unit = units.get(self.keys[number], {"rows": ()})
            points = [
                [row[f"points_{each}"] for each in ("start", "retired", "end")]
                for row in unit["rows"]
                if row["type"] == "total"
            ]
            self.expect("points of a closed station", points, [[1, 1, 0]])
            left = f"{self.names[number]}: closed with"
            self.expect(left, left in said, True)

    def loses(self, number: int, quarter: int) -> None:
        """Let a station go back to a backup, its stick wiped; the county hands back what came."""
        first = parse_period(self.codes[quarter]).first
        self.at(number, f"ledger backup backup-{number}.sqlite")
        self.at(number, f"record inquiry P001 --on {first} --count 5")
        self.sent(number, quarter)
        self.carry(late=0)
        stick = {each.read_bytes() for each in Path(f"out/{number}").rglob("*.*")}
        Path(f"out/{number}").rename("wiped")
        self.day += timedelta(1)  # within a second its lost acts would be the later ones
        self.at(number, f"ledger restore backup-{number}.sqlite")
        self.county(f"hand-back {self.keys[number]} back")
        back = {each.read_bytes() for each in Path("back").rglob("*.*")}
        self.expect("handed back", (bool(back), back <= stick), (True, True))
        self.at(number, f"record inquiry P001 --on {first} --count 1")
        self.sent(number, quarter)

    def engines(self) -> None:
        """Hold the county's figures against those of each engine that is installed."""
        self.county("export facts all")
        Path("rollup.sql").write_text(self.county(f"rollup 6 {YEAR} --by station --sql").out)
        wanted = dict[Any, Any]()
        with open_store(Path("county.duckdb")) as duck:
            book = read_book(duck)[0]
        for days in (parse_period(code, "calendar", self.day) for code in (*self.codes, YEAR)):
            figures = book.figures(days)
            wanted |= {
                (days.code, each.key): without_zeros(figures[each.key])
                for each, _ in with_facts(book.members(days))
            }
        for engine in HERE:
            rows = on_engine(engine)
            found = figures_found([*rows[0]], [[*row.values()] for row in rows])
            units = {of: without_zeros(each) for of, each in found.items()}
            self.expect(f"{engine} units", units.keys() <= wanted.keys(), True)
            for of, each in wanted.items():
                self.expect(f"{engine} {of}", units.get(of, {}), each)

    def row_of(self, code: str, key: str) -> Any:
        """Return the correction of a total, as its difference and the stations that make it."""
        for row in self.json(f"corrections {code}"):
            if (row["key"], row["type"]) == (key, "total"):
                return row["difference"], [
                    (s["station"], s["difference"]) for s in row["stations"]
                ]
        return None

    def carry(self, late: float, without: int | None = None) -> None:
        """Carry what waits to the county, some of it later, some twice, in any order."""
        those = [each for each in self.waiting if each[0] != without]
        carried = [each for each in those if self.chance.random() >= late]
        self.waiting = [each for each in self.waiting if each not in carried]
        self.chance.shuffle(carried)
        half = self.chance.choice((0, len(carried) // 2))
        for part in (carried[:half], carried[half:]):
            if part:
                self.county(f"load {' '.join(str(folder) for *_, folder in part)}")
            for number, place, _ in part:
                self.arrived[number].add(place)
        if carried and self.chance.random() < 0.5:
            again = self.county(f"load {carried[0][2]}")
            self.expect("loaded twice", again.out, "There is nothing new.\n")

    def known(self, number: int, code: str) -> Sums | None:
        """Return what the county can know of a station's period: its youngest statement."""
        came = [self.snapshots[number][place] for place in sorted(self.arrived[number])]
        own: dict[str, tuple[int, str, dict[str, Sums], bool]] = {}
        for each in came:  # a folder of later facts has the return with it
            whole = each
            if each[3]:
                made = self.snapshots[number][: each[0]]
                whole = [one for one in made if one[1] == each[1] and not one[3]][-1]
            own[whole[1]] = max(whole, own.get(whole[1], whole), key=lambda one: one[0])
        if code not in own:
            return None
        best = own[code]
        for each in came:  # facts sent after the return, with its figures
            if each[3] and each[1] == code and each[0] > own[code][0]:
                best = max(best, each, key=lambda one: one[0])
        for later in [each for each in self.codes if each > code] if code != YEAR else ():
            if later not in own or not self.follows(number, own, later):
                break
            best = max(best, own[later], key=lambda one: one[0])
        return best[2][code]

    def follows(self, number: int, own: dict[str, Any], code: str) -> bool:
        """Return whether the return before one that came is the one that it was made after."""
        before = self.codes[self.codes.index(code) - 1]
        made = [each for each in self.snapshots[number] if each[1] == before and not each[3]]
        upto = [each for each in made if each[0] < own[code][0]]
        return bool(upto) and upto[-1] == own.get(before)

    def check(self, quarter: int) -> None:
        """Hold each quarter's figures, and what was told with its corrections, against these."""
        for code in (*self.codes[: quarter + 1], *self.annual):
            known = {n: self.known(n, code) for n in self.live(code)}
            there = {
                self.keys[n]: (self.name(n, code), sums)
                for n, sums in known.items()
                if sums is not None
            }
            shown = self.json(f"rollup 6 {code} --by station")
            if shown is None:
                continue
            units = {each["key"]: (each["station"], _sums(each)) for each in shown["units"]}
            gone = units.keys() - {self.keys[n] for n in known}
            self.expect(f"{code} by station", {k: units[k] for k in units.keys() - gone}, there)
            counts = len(there), len(known)
            self.expect(f"{code} stations", (shown["stations"], shown["expected"]), counts)
            missing = [self.name(n, code) for n, sums in known.items() if sums is None]
            self.expect(f"{code} missing", sorted(shown["missing"]), sorted(missing))
            told = self.county(f"rollup 6 {code} --told --json", 0, 3)
            if told.code:
                continue
            differs = dict.fromkeys(KEYS, 0)
            for row in self.json(f"corrections {code}"):
                if row["type"] == "total" and row["key"] in differs:
                    differs[row["key"]] += _hundredths(row["difference"])
            was = _sums(json.loads(told.out))
            now = {key: sum(one[key] for _, one in there.values()) for key in KEYS}
            self.expect(f"{code} told and corrected", {k: was[k] + differs[k] for k in KEYS}, now)


def story(chance: Random, stations: int, codes: Sequence[str]) -> Iterator[str]:
    """Tell two years of some stations and their county in the present folder."""
    county = County(chance, stations, codes)
    fork = county.plot.fork
    county.begin()
    if fork < 2:
        county.backs_up(FORKED)
    with ExitStack() as newer:
        for quarter, code in enumerate(codes):
            last = parse_period(code).last
            if quarter == 0:
                county.list_stations()
                county.county("stations load stations.csv")
            if quarter == county.plot.turn - 1:
                county.ends_year(quarter)
            if quarter == county.plot.turn:
                newer.enter_context(one_column_more())
            _before(county, quarter, last)
            county.check(quarter)
            county.county(f"submit {code} --yes -o up")
            if quarter == county.plot.late:
                _lacks(county, code)
            for told in codes[: quarter + 1]:
                county.expect(f"{told} corrections", county.json(f"corrections {told}"), [])
            county.day = last + timedelta(20)
            _between(county, quarter)
        said = county.county(f"status {codes[fork]}").err
        for doubt in (
            f"{county.names[FORKED]}: 02 open_start",
            f"{county.names[FORKED]}: its return follows another one",
        ):
            county.expect(doubt, doubt in said, True)
        county.carry(0)
        county.check(fork)
        _made_again(county)
        county.engines()
        shifts = duckdb.execute("SELECT DISTINCT shift FROM 'all/*/complaint.parquet'")
        county.expect("of both schemas", {*shifts.fetchall()}, {("早",), (None,)})
    refused = county.county("status", 4).err
    county.expect("an earlier program", "was made by a newer program" in refused, True)
    yield from county.found


def _lacks(county: County, code: str) -> None:
    """Look for the station that is late on the county's form."""
    form = load_workbook(f"up/附件6_{code}_榕溪县.xlsx").worksheets[0]
    cells = "".join(str(cell.value or "") for row in form.iter_rows() for cell in row)
    missing = [n for n in county.live(code) if county.known(n, code) is None]
    told = f"未报单位（{len(missing)}个）：", county.name(LATE, code)
    county.expect("missing on the form", [each in cells for each in told], [True, True])


def _made_again(county: County) -> None:
    """Lose the store, and make it again from the registry, what came, and the forms."""
    codes = (*county.codes, YEAR)
    before = county.county("status").out, [county.json(f"corrections {code}") for code in codes]
    Path("county.duckdb").rename("lost.duckdb")
    county.expect("forms first", county.county("load up", 5).code, 5)
    county.county("stations load stations.csv")
    county.county("load out back")
    county.county("load up")
    after = [county.json(f"corrections {code}") for code in codes]
    county.expect("made again, corrections", _undated(after), _undated(before[1]))
    county.county("load wiped")  # a return that was replaced tells whether the station was late
    county.expect("made again, status", county.county("status").out, before[0])


def _undated(lists: Any) -> Any:
    return [
        [{**row, "stations": [{**s, "day": ""} for s in row["stations"]]} for row in rows or ()]
        for rows in lists
    ]


def _before(county: County, quarter: int, last: date) -> None:
    """Let the stations live and hand in, one of them from its backup; carry it to the county."""
    county.day, plot = last + timedelta(3), county.plot
    code = county.codes[quarter]
    if quarter == plot.fork:
        county.forks(FORKED)
    if quarter == plot.turn:
        county.at(RENAMED, f"settings set station {county.name(RENAMED, code)}")
    for number in county.live(code):
        county.lives(number, quarter)
        if (quarter, number) == (plot.fork - 1, FORKED):
            county.at(number, f"{A_CASE} {last}")
        if quarter == plot.turn - 1 and number >= county.last:
            county.at(number, f"{A_CASE} {last}")
        if (quarter, number) == (plot.cancelled, LESS):
            county.doubled = county.at(number, f"{A_CASE} {last}").out.split()[0]
        if (quarter, number) == (plot.sent_back, SENT_BACK):  # two of the quarter before
            earlier = f"{A_CASE} {parse_period(county.codes[quarter - 1]).last}"
            county.at(number, earlier)
            county.mistaken = county.at(number, earlier).out.split()[0]
        county.hands_in(number, quarter)
    county.day = last + timedelta(6)
    late = LATE if quarter == plot.late else None
    if quarter == plot.sent_back:
        county.spoils()
    sure = quarter in (plot.cancelled, plot.sent_back)
    county.carry(0 if sure else 0.15, without=late)


def _between(county: County, quarter: int) -> None:
    """Replace a return, send facts again, lose a stick, let two corrections cancel out."""
    code, plot = county.codes[quarter], county.plot
    first = parse_period(code).first
    for number in [n for n in county.live(code) if n % 5 == quarter % 5]:
        county.at(number, f"record inquiry P001 --on {first + timedelta(20)} --count 2")
        county.sent(number, quarter)
    if quarter == plot.sent_back:
        county.alters(code)
        county.at(SENT_BACK, f"returns withdraw {code} --reason 退回")
        county.at(SENT_BACK, f"complaint void {county.mistaken} --reason 误录")
        county.hands_in(SENT_BACK, quarter)
    if quarter == plot.withdrawn:
        county.county(f"withdraw {code} --reason 省局退回")
        county.county(f"submit {code} --yes -o up")
    if quarter == plot.cancelled:
        county.at(LESS, f"complaint void {county.doubled} --reason 重复")
        county.at(MORE, f"{A_CASE} {parse_period(code).last}")
        for number in (LESS, MORE):
            county.sent(number, quarter)
    late = quarter not in (plot.cancelled, plot.late, plot.sent_back, plot.fork)
    county.carry(0.3 * late)
    county.check(quarter)
    if quarter == plot.cancelled:
        both = [(county.name(LESS, code), -1), (county.name(MORE, code), 1)]
        county.expect("cancelled out", county.row_of(code, "received"), (0, both))
    if quarter == plot.late:
        _, by = county.row_of(code, "inquiries")
        county.expect("a late one", county.name(LATE, code) in dict(by), True)
    if quarter == plot.sent_back:
        _, by = county.row_of(county.codes[quarter - 1], "received")
        county.expect("told 2, now 1", dict(by).get(county.names[SENT_BACK]), -1)
    if quarter == plot.turn:
        county.turns(code)
    if quarter == plot.wiped:
        county.loses(SENT_BACK, quarter)
    if quarter == plot.fork - 2:
        county.backs_up(FORKED)


def _start(line: str, today: str) -> "subprocess.Popen[bytes]":
    env = {**os.environ, "LEDGER12315_TODAY": today, "PYTHONPATH": str(ROOT)}
    words = [sys.executable, "-m", "tests.facts.newer", "--db", "county.sqlite", "county"]
    return subprocess.Popen(
        [*words, *line.split()], env=env, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )


def _typed(line: str, store: object) -> Done:
    return command(f"--clock-is-right --db county.sqlite county {line} --store {store}")


def _state(store: Path) -> str:
    """Return what a store holds, or what is wrong with it."""
    if not store.exists():
        return "none"
    done = _typed("status", store)
    return done.out if done.code == 0 else f"WRONG {done.err[-300:]}"


def kills(chance: Random, times: int, last: str) -> Iterator[Tried]:
    """Kill first loads, later loads and submissions; what is there is one of two states."""
    today = "2027-02-01"
    with patch.dict(os.environ, LEDGER12315_TODAY=today):
        for what, base, line in (
            ("first load killed", None, "load out --store k.duckdb"),
            ("load killed", "part.duckdb", "load out --store k.duckdb"),
            (
                "submission killed",
                "whole.duckdb",
                f"submit {last} --yes -o killed --store k.duckdb",
            ),
        ):
            found = list[str]()
            store = Path("k.duckdb")
            seconds, states = 0.0, set[str]()
            for number in range(times + 1):
                for left in Path().glob("*k.duckdb*"):
                    left.unlink()
                if base:
                    copy(base, store)
                states.add(_state(store)) if number < 1 else None
                began = time.monotonic()
                started = _start(line, today)
                if number:
                    time.sleep(chance.random() * seconds)
                    started.kill()
                started.communicate()
                if not number:
                    seconds = time.monotonic() - began
                    states.add(_state(store))
                elif (now := _state(store)) not in states:
                    found.append(f"{what}: {now[:300]}")
                if number % 5 == 1 and "load" in what:  # the same again goes on from there
                    _start(line, today).communicate()
                    if _state(store) not in states:
                        found.append(f"{what}, again: {_state(store)[:300]}")
            yield Tried(what, found, times=times)


def pairs(times: int) -> Iterator[Tried]:
    """Load two halves at once; both are in it, or one was told to try again."""
    today, found = "2027-02-01", list[str]()
    folders = sorted(Path("out").iterdir())
    halves = folders[::2], folders[1::2]
    with patch.dict(os.environ, LEDGER12315_TODAY=today):
        whole = _state(Path("loaded.duckdb"))
        for number in range(times):
            store = Path("p.duckdb")
            for left in Path().glob("*p.duckdb*"):
                left.unlink()
            if number % 2:
                copy("listed.duckdb", store)
            lines = [f"load {' '.join(map(str, half))} --store p.duckdb" for half in halves]
            both = [_start(line, today) for line in lines]
            said = [each.communicate()[1].decode() for each in both]
            for each, text in zip(both, said, strict=True):
                busy = each.returncode == 4 and "Another load is running" in text
                if each.returncode != 0 and not busy:
                    found.append(f"exit {each.returncode}: {text[-300:]}")
            for line in lines:
                _start(line, today).communicate()
            if number % 2 and _state(store) != whole:
                found.append(f"two loads: {_state(store)[:300]}")
            if _state(store).startswith("WRONG"):
                found.append(_state(store))
    yield Tried("two loads at once", found, times=times)


def tries(place: Path, part: float, chance: Random) -> Iterator[Tried]:
    """Tell the story once, then kill and pair loads of what it handed in."""
    many, long = max(5, round(STATIONS * part)), max(2, round(len(QUARTERS) * part))
    codes = QUARTERS[4 - long // 2 :][:long]
    with workplace(place / "county"):
        what = f"a county of {many} stations for {long} quarters"
        with written_quickly():
            found = [*story(chance, many, codes)]
        yield Tried(what, found, f"on {', '.join(HERE)}", many * long)
        Path("county.duckdb").unlink(missing_ok=True)
        with patch.dict(os.environ, LEDGER12315_TODAY="2027-02-01"), one_column_more():
            for store, lines in {
                "listed.duckdb": ["stations load stations.csv"],
                "part.duckdb": ["stations load stations.csv", "load out/1 out/2"],
                "whole.duckdb": ["stations load stations.csv", "load out"],
            }.items():
                for line in lines:
                    _typed(line, store)
            copy("whole.duckdb", "loaded.duckdb")
            for code in codes[:-1]:
                _typed(f"submit {code} --yes -o s", "whole.duckdb")
            yield from kills(chance, max(1, round(20 * part)), codes[-1])
            yield from pairs(max(2, round(30 * part)))
