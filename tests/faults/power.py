"""The power fails: disk images built from the calls of a day's work, in which what was not synced is kept, lost or torn."""

from collections.abc import Iterator
from pathlib import Path

from tests.faults import Row
from tests.faults.clerks import Clerk, clerk, dice, library
from tests.faults.disks import Call, Disk, noted
from tests.faults.stations import (
    ACTS,
    BACKUP,
    LEDGER,
    Act,
    Station,
    contents,
    ledgers,
    refused,
    strange,
    unsound,
)

# The day's work of a clerk; then what else puts files in place.
DAYS: tuple[tuple[tuple[str, ...], int], ...] = (
    (("log", "close", "complaint amend"), 3000),
    (("init",), 300),
    (("migration",), 300),
    (("ledger backup",), 300),
    (("ledger restore",), 300),
    (("ledger restore over a crash",), 300),
)
FULL = ("PRAGMA synchronous = FULL",)
_SPILLING = ("PRAGMA cache_size = 1",)
_IMAGES_OF_ONE = 100
LOST = "an acknowledged act is lost"


def rows(folder: Path, part: float, seed: int) -> Iterator[Row]:
    """A row for each day's work, and the control."""
    with library() as built:
        if not built:
            yield Row("power cut", 0, "", ["not done: it needs Linux and a C compiler"])
            return
        with clerk(built) as each:
            cuts = Cuts(each, folder, seed)
            for names, images in DAYS:
                times, found = cuts.cut(names, max(10, round(images * part)))
                yield Row(
                    f"power cut during {', '.join(names)}",
                    times,
                    "0 acknowledged lost, 0 corrupt",
                    found,
                )
            times, found = cuts.cut(DAYS[0][0], max(10, round(300 * part)), FULL)
            lost = sum(sentence.endswith(LOST) for sentence in found)
            missed = (
                []
                if lost
                else ["the images lose nothing with synchronous = FULL either: they prove nothing"]
            )
            yield Row(
                "the control: the same with synchronous = FULL",
                times,
                "acknowledged ones lost",
                missed,
                f"{lost} lost",
            )


class Cuts:
    """Days recorded and cut off; each image is opened as cron does, by a reader."""

    def __init__(self, clerk: Clerk, folder: Path, seed: int) -> None:
        self.clerk, self.folder, self.dice = clerk, folder, dice("power", seed)
        (templates := folder / "templates").mkdir()
        self.station = Station(clerk, templates)
        self.day, self.place = folder / "day", folder / "image"

    def cut(
        self, names: tuple[str, ...], images: int, pragmas: tuple[str, ...] = ()
    ) -> tuple[int, list[str]]:
        """So many different images of this day's work; gives their number and what was found."""
        seen: set[tuple[int, int]] = set()
        found: list[str] = []
        while len(seen) < images:
            more = _SPILLING if self.dice.random() < 0.5 else ()
            calls, ends, states = self._recorded([ACTS[name] for name in names], (*pragmas, *more))
            for _ in range(_IMAGES_OF_ONE):
                at = self.dice.choice((self.dice.randint(0, len(calls)), self.dice.choice(ends)))
                image = self._image(calls[:at])
                key = hash(tuple(sorted(image.items()))), at
                if key in seen:
                    continue
                seen.add(key)
                done = sum(end <= at for end in ends)
                wrong = self._wrong(image, states[:done], states[done : done + 2])
                found += [
                    f"{', '.join(names)}: cut after call {at} of {len(calls)}, {done} done: {each}"
                    for each in wrong
                ]
                if len(seen) == images:
                    break
        return len(seen), found

    def _recorded(
        self, acts: list[Act], pragmas: tuple[str, ...]
    ) -> tuple[list[Call], list[int], list[dict[str, str]]]:
        """The calls of the acts, how many there were when each was acknowledged, and the files before and after each."""
        notes = self.folder / "notes"
        notes.unlink(missing_ok=True)
        states, ends = [self.station.before(acts[0], self.day)], []
        self.station.lay(acts[0], self.day)
        self.disk = Disk(self.day)
        for act in acts:
            done = self.clerk(
                act.arguments(self.day), under=self.day, notes=notes, pragmas=pragmas
            )
            assert done.code == 0, done.err
            states.append(contents(self.day))
            ends.append(len(noted(notes)))
        return noted(notes), ends, states

    def _image(self, calls: list[Call]) -> dict[str, bytes]:
        disk = Disk(self.day)
        disk.names, disk.content = dict(self.disk.names), dict(self.disk.content)
        for call in calls:
            disk.take(call)
        return disk.image(self.dice)

    def _wrong(
        self, image: dict[str, bytes], past: list[dict[str, str]], may_be: list[dict[str, str]]
    ) -> Iterator[str]:
        """What is wrong with an image that must be one of at most two states, and none that is past."""
        self.place.mkdir(exist_ok=True)
        for each in self.place.iterdir():
            each.unlink()
        for name, content in image.items():
            (self.place / Path(name).name).write_bytes(content)
        if (self.place / LEDGER).exists():
            yield from refused(self.clerk, self.place / LEDGER)
        now = {
            name: text
            for name, text in contents(self.place).items()
            if not name.startswith(".") and "-journal" not in name
        }
        if now.get(LEDGER) in [each.get(LEDGER) for each in past] and now.get(LEDGER) != may_be[
            0
        ].get(LEDGER):
            yield LOST
        else:
            yield from strange(now, may_be[0], may_be[-1], len(may_be) == 1, may_lack=(BACKUP,))
        for path in ledgers(self.place):
            yield from unsound(path)
