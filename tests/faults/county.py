"""A county of sixteen stations for two years; loads and submissions killed, or two at once."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import groupby
from pathlib import Path
from random import Random
from shutil import copy, copytree
from typing import Any, NamedTuple
from unittest.mock import patch

import duckdb

from ledger12315.facts.manifest import MANIFEST
from ledger12315.rules.periods import parse_period
from tests.faults import Done, Tried
from tests.faults.inprocess import command, workplace

STATIONS, QUARTERS = 16, [f"{year}Q{n}" for year in (2025, 2026) for n in (1, 2, 3, 4)]
KEYS = ("received", "closed", "settled", "inquiries", "disputed", "recovered")
"""The columns of Attachment 6 that are held against the stations' ledgers."""
CLOSED = 16
"""The station that ends with 2025."""
LESS, MORE, SENT_BACK, FORKED = range(4)
"""Two stations that cancel out, one whose return is replaced and whose stick
was lost, and one whose backup goes on beside it: a short story has them too."""
A_CASE = (
    "log P001 --complainant 张三 --item 壶 --facts 漏 --category 其他 --disputed 10 --received"
)
Sums = dict[str, int]


class Plot(NamedTuple):
    """The quarters, from 0, in which something happens: as late as in two years, or at the end."""

    cancelled: int
    sent_back: int
    withdrawn: int
    wiped: int
    fork: int

    @classmethod
    def of(cls, quarters: int) -> "Plot":
        """Return the plot of a story of so many quarters, of two at least.

        A backup is made two quarters before it goes on, or of a ledger that is new.
        """
        last = quarters - 1
        return cls(max(0, last - 2), min(2, last), min(3, last), min(4, last), last)


def _hundredths(shown: object) -> int:
    whole, _, part = str(shown or 0).partition(".")
    return int(f"{whole}{part or '00'}")


def _sums(document: dict[str, Any]) -> Sums:
    total = next(row for row in document["rows"] if row["type"] == "total")
    return {key: _hundredths(total[key]) for key in KEYS}


class County:
    """The stations' ledgers, the county's store, and what the ledgers held at each hand-in."""

    def __init__(self, chance: Random, day: date, stations: int, plot: Plot) -> None:
        self.chance, self.day, self.found = chance, day, list[str]()
        self.stations, self.plot = stations, plot
        self.names = [
            f"榕溪县经济技术开发区城关镇第{n:02}市场监督管理所办公室"
            for n in range(1, stations + 1)
        ]
        self.keys: list[str] = []
        # Station -> moment, period, what the ledger held of each period, whether facts alone.
        self.snapshots: dict[int, list[tuple[int, str, dict[str, Sums], bool]]] = {}
        self.arrived: dict[int, set[int]] = {n: set() for n in range(stations)}
        self.waiting: list[tuple[int, int, Path]] = []
        self.doubled = ""
        self.sticks: dict[int, Path] = {}

    def type(self, line: str, *codes: int) -> Done:
        """Run a line on the present day; another exit code than these is a fault."""
        with patch.dict(os.environ, LEDGER12315_TODAY=str(self.day)):
            done = command(f"--clock-is-right {line}")
        if done.code not in (codes or (0,)) or "Traceback" in done.err:
            self.found.append(f"{self.day} {line}: exit {done.code}: {done.err[-400:]}")
        return done

    def at(self, number: int, line: str, *codes: int) -> Done:
        """Run a line at a station."""
        return self.type(f"--db stations/{number}/ledger.sqlite {line}", *codes)

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
                number, f"init --station {self.names[number]} --county 榕溪县 --begins 2025-01-01"
            )
            self.at(
                number,
                "register 东门 --type mall --judgement 人流大 --since 2025-01-01 --liaison 李四",
            )
            info = self.at(number, "ledger info --json")
            self.keys.append(json.loads(info.out)["key"])
            self.snapshots[number] = []

    def list_stations(self) -> None:
        """Write the registry: one station ends with 2025, and the first follows it."""
        lines = ["key,name,county,valid from,until,follows"]
        followed = self.keys[CLOSED - 1] if self.stations == STATIONS else ""
        for number, (key, name) in enumerate(zip(self.keys, self.names, strict=True), 1):
            until = "2025-12-31" if number == CLOSED else ""
            if number == 1:
                lines.append(f"{key},{name},榕溪县,,2025-12-31,")
                lines.append(f"{key},{name},榕溪县,2026-01-01,,{followed}")
            else:
                lines.append(f"{key},{name},榕溪县,,{until},")
        Path("stations.csv").write_text("\n".join(lines) + "\n", "utf-8")

    def live(self, quarter: int) -> range:
        """Return the stations that hand in a quarter."""
        return range(min(self.stations, STATIONS - (quarter > 3)))

    def lives(self, number: int, quarter: int) -> None:
        """Let a station receive and close, and correct an earlier quarter."""
        days = parse_period(QUARTERS[quarter])
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
            before = parse_period(QUARTERS[self.chance.randrange(quarter)])
            self.at(number, f"record inquiry P001 --on {before.first + timedelta(9)} --count 1")

    def held(self, number: int, quarter: int) -> dict[str, Sums]:
        found = {}
        for code in QUARTERS[: quarter + 1]:
            done = self.at(number, f"rollup 6 {code} --live --json")
            found[code] = _sums(json.loads(done.out))
        return found

    def hands_in(self, number: int, quarter: int) -> None:
        """Submit and send a quarter; its folder waits to be carried to the county."""
        self.at(number, f"returns submit {QUARTERS[quarter]} --yes -o papers/{number}")
        self.sent(number, quarter)

    def sent(self, number: int, quarter: int) -> None:
        into = self.sticks.get(number, Path(f"out/{number}"))
        before = {*into.glob("*")}
        held = self.held(number, quarter)
        self.at(number, f"returns send {into}")
        for folder in sorted({*into.glob("*")} - before):
            alone = "修订" in folder.name
            self.snapshots[number].append(
                (len(self.snapshots[number]), folder.name[:6], held, alone)
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
        before = QUARTERS[quarter]
        self.at(number, f"returns submit {before} --yes -o papers/{number}")
        self.at(number, f"record inquiry P001 --on {parse_period(before).first} --count 1")
        held = self.held(number, quarter)
        self.snapshots[number].append((len(self.snapshots[number]), before, held, False))
        self.at(number, "returns send unsent")
        self.sticks[number] = Path(f"out/{self.stations + number}")

    def spoils(self) -> None:
        """Load a folder with a lone surrogate: it is named, and what came with it is loaded."""
        (number, _, folder), *others = self.waiting[:3]
        manifest = copytree(folder, Path("spoilt")) / MANIFEST
        text = manifest.read_text("utf-8").replace(self.names[number], "\\ud800")
        manifest.write_text(text, "utf-8")
        done = self.county(f"load spoilt {' '.join(str(each) for *_, each in others)}", 5)
        self.expect("the spoilt one is named", "spoilt" in done.err, True)
        for number, place, _ in others:
            self.arrived[number].add(place)
        self.waiting = [each for each in self.waiting if each not in others]

    def alters(self, code: str) -> None:
        """Alter a station's cases in a copy of the store, which is then refused by its name."""
        copy("county.duckdb", "altered.duckdb")
        sent = "SELECT id FROM kept WHERE kind = 'facts' AND period = ?"
        with duckdb.connect("altered.duckdb") as duck:
            first = f"SELECT min(station) FROM facts.complaint WHERE hand_in IN ({sent})"
            [[key]] = duck.execute(first, [code]).fetchall()
            change = "UPDATE facts.complaint SET type = 'scenic' WHERE station = ?"
            duck.execute(f"{change} AND hand_in IN ({sent})", [key, code])
        if key:
            line = f"county rollup 6 {code} --store altered.duckdb"
            done = self.type(f"--db county.sqlite {line}", 3)
            self.expect("altered", self.names[self.keys.index(key)] in done.err, True)

    def row_of(self, code: str, key: str) -> Any:
        """Return the correction of a total, as its difference and the stations that make it."""
        for row in self.json(f"corrections {code}"):
            if (row["key"], row["type"]) == (key, "total"):
                return row["difference"], [
                    (s["station"], s["difference"]) for s in row["stations"]
                ]
        return None

    def carry(self, late: float) -> None:
        """Carry what waits to the county, some of it later, some twice, in any order."""
        carried = [each for each in self.waiting if self.chance.random() >= late]
        self.waiting = [each for each in self.waiting if each not in carried]
        self.chance.shuffle(carried)
        half = len(carried) // 2
        for part in (carried[:half], carried[half:]):
            if part:
                self.county(f"load {' '.join(str(folder) for *_, folder in part)}")
            for number, place, _ in part:
                self.arrived[number].add(place)
        if carried and self.chance.random() < 0.5:
            again = self.county(f"load {carried[0][2]}")
            self.expect("loaded twice", again.out, "There is nothing new.\n")

    def known(self, number: int, quarter: int) -> Sums | None:
        """Return what the county can know of a station's quarter: its youngest statement."""
        code = QUARTERS[quarter]
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
        for later in QUARTERS[quarter + 1 :]:
            if later not in own or not self.follows(number, own, later):
                break
            best = max(best, own[later], key=lambda one: one[0])
        return best[2][code]

    def follows(self, number: int, own: dict[str, Any], code: str) -> bool:
        """Return whether the return before one that came is the one that it was made after."""
        before = QUARTERS[QUARTERS.index(code) - 1]
        made = [each for each in self.snapshots[number] if each[1] == before and not each[3]]
        upto = [each for each in made if each[0] < own[code][0]]
        return bool(upto) and upto[-1] == own.get(before)

    def check(self, quarter: int) -> None:
        """Hold each quarter's figures, and what was told with its corrections, against these."""
        for place, code in enumerate(QUARTERS[: quarter + 1]):
            known = {n: self.known(n, place) for n in self.live(place)}
            there = {self.keys[n]: sums for n, sums in known.items() if sums is not None}
            shown = self.json(f"rollup 6 {code} --by station")
            if shown is None:
                continue
            units = {each["key"]: _sums(each) for each in shown["units"] if each["key"] in there}
            self.expect(f"{code} by station", units, there)
            self.expect(f"{code} stations", shown["stations"], len(there))
            missing = [self.names[n] for n, sums in known.items() if sums is None]
            self.expect(f"{code} missing", sorted(shown["missing"]), sorted(missing))
            told = self.type(
                f"--db county.sqlite county rollup 6 {code} --told --json --store county.duckdb",
                0,
                3,
            )
            if told.code:
                continue
            lines = self.json(f"corrections {code}")
            differs = dict.fromkeys(KEYS, 0)
            for row in lines:
                if row["type"] == "total" and row["key"] in differs:
                    differs[row["key"]] += (
                        _hundredths(row["difference"])
                        if "-" not in str(row["difference"])
                        else -_hundredths(str(row["difference"]).lstrip("-"))
                    )
            was = _sums(json.loads(told.out))
            now = {key: sum(one[key] for one in there.values()) for key in KEYS}
            self.expect(f"{code} told and corrected", {k: was[k] + differs[k] for k in KEYS}, now)


def story(chance: Random, stations: int = STATIONS, quarters: int = 8) -> Iterator[str]:
    """Tell two years of sixteen stations and their county in the present folder."""
    county = County(chance, date(2025, 1, 1), stations, Plot.of(quarters))
    codes, fork = QUARTERS[:quarters], county.plot.fork
    county.begin()
    if fork < 2:
        county.backs_up(FORKED)
    for quarter, code in enumerate(codes):
        last = parse_period(code).last
        _before(county, quarter, last)
        if quarter == 0:
            county.list_stations()
            county.county("stations load stations.csv")
        county.check(quarter)
        county.county(f"submit {code} --yes -o up")
        for told in codes[: quarter + 1]:
            county.expect(f"{told} corrections", county.json(f"corrections {told}"), [])
        county.day = last + timedelta(20)
        _between(county, quarter)
    said = county.county(f"status {QUARTERS[fork]}").err
    for doubt in (
        f"{county.names[FORKED]}: 02 open_start",
        f"{county.names[FORKED]}: its return follows another one",
    ):
        county.expect(doubt, doubt in said, True)
    before = county.county("status").out, [county.json(f"corrections {code}") for code in codes]
    Path("county.duckdb").rename("lost.duckdb")
    county.expect("forms first", county.county("load up", 5).code, 5)
    county.county("stations load stations.csv")
    county.county("load out")
    county.county("load up")
    after = county.county("status").out, [county.json(f"corrections {code}") for code in codes]
    county.expect("made again, status", after[0], before[0])
    county.expect("made again, corrections", _undated(after[1]), _undated(before[1]))
    yield from county.found


def _undated(lists: Any) -> Any:
    return [
        [{**row, "stations": [{**s, "day": ""} for s in row["stations"]]} for row in rows or ()]
        for rows in lists
    ]


def _before(county: County, quarter: int, last: date) -> None:
    """Let the stations live and hand in, one of them from its backup; carry it to the county."""
    county.day, plot = last + timedelta(3), county.plot
    if quarter == plot.fork:
        county.forks(FORKED)
    for number in county.live(quarter):
        county.lives(number, quarter)
        if (quarter, number) == (plot.fork - 1, FORKED):
            county.at(number, f"{A_CASE} {last}")
        if (quarter, number) == (plot.cancelled, LESS):
            county.doubled = county.at(number, f"{A_CASE} {last}").out.split()[0]
        county.hands_in(number, quarter)
    county.day = last + timedelta(6)
    if quarter == 1:
        county.spoils()
    county.carry(late=0 if quarter == plot.cancelled else 0.15)


def _between(county: County, quarter: int) -> None:
    """Replace a return, send facts again, lose a stick, let two corrections cancel out."""
    code, plot = QUARTERS[quarter], county.plot
    moved = [n for n in county.live(quarter) if n % 5 == quarter % 5]
    for number in moved:
        first = parse_period(code).first
        county.at(number, f"record inquiry P001 --on {first + timedelta(20)} --count 2")
        county.sent(number, quarter)
    if quarter == 1:
        county.alters(code)
    if quarter == plot.sent_back:
        county.at(SENT_BACK, f"returns withdraw {code} --reason 退回")
        county.at(SENT_BACK, f"record inquiry P001 --on {parse_period(code).first} --count 3")
        county.hands_in(SENT_BACK, quarter)
    if quarter == plot.withdrawn:
        county.county(f"withdraw {code} --reason 省局退回")
        county.county(f"submit {code} --yes -o up")
    if quarter == plot.wiped:
        done = county.county(f"hand-back {county.names[SENT_BACK]} back")
        there = {each.read_bytes() for each in Path(f"out/{SENT_BACK}").rglob("*.xlsx")}
        back = {each.read_bytes() for each in Path("back").rglob("*.xlsx")}
        county.expect("handed back", (done.code, bool(back), back <= there), (0, True, True))
    if quarter == plot.cancelled:
        county.at(LESS, f"complaint void {county.doubled} --reason 重复")
        county.at(MORE, f"{A_CASE} {parse_period(code).last}")
        for number in (LESS, MORE):
            county.sent(number, quarter)
    county.carry(late=0 if quarter in (plot.cancelled, plot.fork) else 0.3)
    county.check(quarter)
    if quarter == plot.cancelled:
        both = [(county.names[LESS], -1), (county.names[MORE], 1)]
        county.expect("cancelled out", county.row_of(code, "received"), (0, both))
    if quarter == plot.fork - 2:
        county.backs_up(FORKED)


def _start(line: str, today: str) -> "subprocess.Popen[bytes]":
    env = {**os.environ, "LEDGER12315_TODAY": today, "LEDGER12315_LANG": "en"}
    words = [sys.executable, "-m", "ledger12315", "--db", "county.sqlite", "county", *line.split()]
    return subprocess.Popen(words, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)


def _state(store: Path) -> str:
    """Return what a store holds, or what is wrong with it."""
    if not store.exists():
        return "none"
    done = command(f"--clock-is-right --db county.sqlite county status --store {store}")
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
    halves = [
        [*each]
        for _, each in groupby(
            sorted(Path("out").iterdir(), key=lambda p: int(p.name) % 2), lambda p: int(p.name) % 2
        )
    ]
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
    with workplace(place / "county"):
        many, long = max(4, round(STATIONS * part)), max(2, round(len(QUARTERS) * part))
        what = f"a county of {many} stations for {long} quarters"
        yield Tried(what, [*story(chance, many, long)], times=many * long)
        Path("county.duckdb").unlink(missing_ok=True)
        with patch.dict(os.environ, LEDGER12315_TODAY="2027-02-01"):
            for store, lines in {
                "listed.duckdb": ["stations load stations.csv"],
                "part.duckdb": ["stations load stations.csv", "load out/1 out/2"],
                "whole.duckdb": ["stations load stations.csv", "load out"],
            }.items():
                for line in lines:
                    command(f"--clock-is-right --db county.sqlite county {line} --store {store}")
            copy("whole.duckdb", "loaded.duckdb")
            for code in QUARTERS[: long - 1]:
                command(
                    f"--clock-is-right --db county.sqlite county submit {code} --yes -o s"
                    " --store whole.duckdb"
                )
        yield from kills(chance, max(1, round(20 * part)), QUARTERS[long - 1])
        yield from pairs(max(2, round(30 * part)))
