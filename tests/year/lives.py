"""What may become of a complaint: drawn at random once, then done day by day."""

from collections.abc import Callable
from datetime import date
from random import Random
from typing import NamedTuple

from ledger12315.words import CATEGORIES, CHANNELS, KINDS, PROBLEMS, REQUESTS, kind_of
from tests.year.station import ONE_DAY, Row, Station

Act = Callable[[date], None]


class Habits(NamedTuple):
    """How a point's cases end, as weights; whether consumers are asked for a rating; whether all is done at once, and well."""

    ends: dict[str, int]
    rated: bool = True
    prompt: bool = False


class Life:
    """One complaint of a point; `acts` are (day, what happens then), which may be entered later."""

    def __init__(
        self, random: Random, station: Station, code: str, received: date, habits: Habits
    ) -> None:
        self.random, self.station, self.code, self.habits = random, station, code, habits
        self.row: Row = {}
        self.acts: list[tuple[date, Act]] = [(received, self._log(received))]

    def on(self, escalated: date | None, closed: date) -> None:
        """Let it end on these days."""
        if escalated:
            self._escalate(escalated)
        self.acts.append((closed, self._closing(closed)))

    def by_chance(self) -> None:
        """Let anything happen to it."""
        received, prompt = self.acts[0][0], self.habits.prompt
        closed = received + (self.random.randrange(4) if prompt else self._wait()) * ONE_DAY
        if not prompt and self._now_and_then(0.16):
            self._escalate(min(received + self.random.randrange(14) * ONE_DAY, closed))
        if prompt or self._now_and_then(0.93):
            self._end(closed)
        if self._now_and_then(0.08):
            self.acts.append((received + self.random.randrange(70) * ONE_DAY, self._correction()))
        if self._now_and_then(0.035):
            void = received + self.random.randrange(100) * ONE_DAY
            self.acts.append((void, lambda day: self.station.void(day, self.row)))
        self.acts.sort(key=lambda each: each[0])

    def act(self, day: date, act: Act) -> None:
        """Nothing more happens to what is void."""
        if not self.row.get("voided"):
            act(day)

    def _now_and_then(self, share: float) -> bool:
        return self.random.random() < share

    def _wait(self) -> int:
        upto = self.random.choices((0, 4, 9, 40, 150), (15, 45, 25, 12, 3))[0]
        return self.random.randrange(upto + 1)

    def _log(self, received: date) -> Act:
        pick, amount = self.random.choice, self.random.choice((0, 990, 29_900, 158_050, 1_200_000))
        boxes: Row = {
            "received": str(received),
            "source": "direct",
            "channel": pick(list(CHANNELS)),
            "facts": "不符合约定",
        }
        boxes |= {
            "complainant": pick("张王李赵陈") + pick(("三", "小芳", "建国", "美兰")),
            "problem": pick(list(PROBLEMS)),
        }
        boxes |= {"item": pick(("电饭锅", "连衣裙", "手机", "套餐", "=1+1"))}
        if self._now_and_then(0.8):
            boxes["phone"] = f"138{self.random.randrange(10**8):08}"
        if self._now_and_then(0.3):
            number = f"榕消{self.random.randrange(999)}"
            boxes |= {
                "source": "referred",
                "referral_no": number,
                "referred": str(received - ONE_DAY),
            }
        elif self._now_and_then(0.15):
            boxes["source"] = "other"
        if self._now_and_then(0.75):
            boxes["category"] = pick(list(CATEGORIES))
        boxes["kind"] = kind_of(boxes["category"]) if "category" in boxes else pick(list(KINDS))
        boxes["disputed"] = self.random.randrange(10**6)
        if self._now_and_then(0.7):
            boxes |= {"purchase": amount, "disputed": amount}
        if self._now_and_then(0.4):
            asked = ",".join(self.random.sample(list(REQUESTS), 2))
            boxes |= {"respondent": pick(("3号摊", "\uff13号 摊", "二楼柜台")), "request": asked}
        if self._now_and_then(0.2):
            boxes |= {
                "promised": str(received + 3 * ONE_DAY),
                "brand": "炊禾",
                "quantity": "1台",
                "voucher": "发票",
            }
        again = self._now_and_then(0.06)

        def act(day: date) -> None:
            if again and self.station.complaints[0]["received"] < boxes["received"]:
                boxes["previous"] = self.station.complaints[0]["number"]
            self.row = self.station.log(day, self.code, boxes)

        return act

    def _escalate(self, on: date) -> None:
        self.acts.append((on, lambda day: self.station.escalate(day, self.row, on, "情况复杂")))

    def _end(self, closed: date) -> None:
        """Closed; now and then wrongly, reopened, and closed again with another day."""
        entered = closed
        if self._now_and_then(0.03):
            self.acts.append((closed, self._closing(closed)))
            reopened = closed + 20 * ONE_DAY
            self.acts.append((reopened, lambda day: self.station.reopen(day, self.row)))
            closed += self.random.randrange(60) * ONE_DAY
            entered = max(closed, reopened + ONE_DAY)
        self.acts.append((entered, self._closing(closed)))
        if self._now_and_then(0.7):
            self.acts.append((closed + self.random.randrange(1, 9) * ONE_DAY, self._filing()))

    def _closing(self, closed: date) -> Act:
        outcome = self.random.choices(list(self.habits.ends), list(self.habits.ends.values()))[0]
        recovered = self.random.randrange(50_000) if outcome in ("settled", "mediated") else 0
        boxes: Row = {
            "outcome": outcome,
            "closed": str(closed),
            "recovered": recovered,
            "multiple_damages": recovered // 3,
        }
        boxes |= {"advised": {"told": str(closed)}, "other": {"remark": "另案处理"}}.get(
            outcome, {}
        )
        if outcome == "settled" and self._now_and_then(0.3):
            boxes |= {
                "agreement": "退货退款",
                "approved": str(closed),
                "perform_by": str(closed + 10 * ONE_DAY),
            }
        if self.habits.rated and self._now_and_then(0.85):
            boxes["rating"] = self.random.choices(
                ("satisfied", "basic", "dissatisfied"), (80, 17, 3)
            )[0]
        return lambda day: self.station.close(day, self.row, boxes)

    def _filing(self) -> Act:
        boxes = {
            "archive_no": f"榕档{self.random.randrange(10**4):04}",
            "answered_how": "电话",
            "handling": "已核实",
        }
        return lambda day: self.station.amend(day, self.row, boxes | {"answered": str(day)})

    def _correction(self) -> Act:
        """A box that moves figures: an amount, a category, a source, a day, an outcome."""
        which, amount = self.random.randrange(5), self.random.randrange(10**5)

        def act(day: date) -> None:
            boxes: Row = {"disputed": amount}
            earlier = str(date.fromisoformat(self.row["received"]) - 3 * ONE_DAY)
            if which == 1:
                boxes = {"category": "clothing", "kind": "goods"}
            elif which == 2 and self.row["source"] == "direct":
                boxes = {"source": "other"}
            elif (
                which == 3
                and not (self.row["referred"] or self.row["previous"])
                and earlier[:4] == self.row["received"][:4]
            ):
                boxes = {"received": earlier}
            elif which == 4 and self.row["closed"]:
                boxes = {
                    "outcome": "withdrawn",
                    "rating": "basic",
                    "recovered": amount,
                    "multiple_damages": 0,
                }
            self.station.amend(day, self.row, boxes)

        return act
