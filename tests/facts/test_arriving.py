"""Facts on a county's sticks: accepted ones, and the reasons against the others."""

import json
import re
import sys
from collections.abc import Callable
from pathlib import Path
from shutil import copytree, rmtree

import pytest

from ledger12315.facts.arriving import (
    Fault,
    read_facts,
)
from ledger12315.facts.manifest import MANIFEST
from ledger12315.locale import render
from tests.facts.making import changed, identity_of, made, rehashed, taken_in
from tests.rows import table

_LINKS = sys.platform != "win32"
"""Whether links take no rights."""


@pytest.fixture(scope="module")
def _sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made(tmp_path_factory.mktemp("facts") / "1", 1)


@pytest.fixture
def sound(_sound: Path, tmp_path: Path) -> Path:
    """The first station's facts: one open complaint at a mall."""
    return copytree(_sound, tmp_path / "in" / "1")


# What is otherwise in a sound manifest, and what it is taken for; a*200 stands for so many a.
@table(r"""
    told                                                  | taken
    {}                                                    | revision 1
    {"schema": 101}                                       | newer
    {"schema": 99}                                        | broken
    {"schema": 1}                                         | broken
    {"schema": true}                                      | broken
    {"schema": "99"}                                      | broken
    {"period": "２０２６Q3"}                              | broken
    {"period": "2026Q4"}                                  | broken
    {"to": "2026-09-29"}                                  | broken
    {"submitted": "9999-12-31"}                           | broken
    {"revision": 0}                                       | broken
    {"revision": 2}                                       | revision 2
    {"revision": 1.0}                                     | broken
    {"identity": "a\nb"}                                  | broken
    {"identity": "a*200"}                                 | revision 1
    {"identity": "a*201"}                                 | broken
    {"station": {"key": "1", "name": "甲所", "county": "榕溪县", "code": null}}    | broken
    {"station": {"key": "a*32", "name": "甲所", "county": "榕溪县", "code": null}} | revision 1
    {"figures": {}}                                       | broken
    {"figures": {"disputed": {"mall": 1000000000000000}}} | broken
    {"digest": "0*64"}                                    | broken
    {"resources": []}                                     | broken
""")
def test_nothing_in_a_manifest_is_believed(told: str, taken: str, sound: Path) -> None:
    changed(sound, **json.loads(re.sub(r"(\w)\*(\d+)", lambda m: m[1] * int(m[2]), told)))
    found = read_facts(sound)
    state = found.state if isinstance(found, Fault) else f"revision {found.manifest.revision}"
    assert state == taken


def _link_manifest(folder: Path) -> None:
    (folder / MANIFEST).rename(folder / "elsewhere")
    (folder / MANIFEST).symlink_to(folder / "elsewhere")


def _link_table(folder: Path) -> None:
    (folder / "point.parquet").rename(folder / "elsewhere")
    (folder / "point.parquet").symlink_to(folder / "elsewhere")


def _altered(folder: Path) -> None:
    file = folder / "complaint.parquet"
    file.write_bytes(file.read_bytes()[:-1] + b"?")


def _made_anew(number: int, **boxes: object) -> Callable[[Path], object]:
    def anew(folder: Path) -> None:
        rmtree(folder)
        made(folder, number, boxes=boxes)

    return anew


# What is done to sound facts, and what is said of it: nothing where it is loaded.
HARMS: dict[str, Callable[[Path], object]] = {
    "": lambda folder: (folder / "notes.txt").write_text("更正"),
    "datapackage.json is a link or not a file": _link_manifest,
    "datapackage.json is not one JSON object such as "
    '{"profile": "data-package", "schema": 100}.': lambda folder: (folder / MANIFEST).write_text(
        "[]"
    ),
    "第1所: point.parquet is a link, and links are not followed": _link_table,
    "第1所: complaint.parquet is missing, cut off or altered": _altered,
    "第1所: record.parquet is missing, cut off or altered": lambda folder: (
        folder / "record.parquet"
    ).unlink(),
    "第1所: sent.parquet is too large, or has too many rows for its size": lambda folder: rehashed(
        folder, "sent", rows=1_000_001
    ),
    "第1所: sent.parquet has other columns or rows than it should": lambda folder: rehashed(
        folder, "sent", rows=1
    ),
    "第2所: complaint.parquet contains something that does not belong there": _made_anew(
        2, problem="fax"
    ),
    "第3所: complaint.parquet contains something that does not belong there": _made_anew(
        3, escalated="1989-12-31"
    ),
}


def test_what_was_harmed_on_the_way_is_not_loaded(sound: Path, tmp_path: Path) -> None:
    home, expected = tmp_path / "sticks", []
    harms = {said: harm for said, harm in HARMS.items() if _LINKS or "link" not in said}
    for number, (said, harm) in enumerate(harms.items()):
        harm(copytree(sound, home / f"{number}"))
        expected += [f"{number} {said}"] * bool(said)
    taken, faults = taken_in(home)
    assert [each.folder.name for each in taken] == ["0"]
    told = [render(each.why).replace(str(home), "in") for each in faults]
    said_ = sorted(re.sub(r"^in/(\d+)(/|: )", r"\1 ", each) for each in told)
    assert said_ == expected


def test_equal_rows_have_the_same_identity_in_every_program(sound: Path) -> None:
    assert identity_of(sound).startswith("d3ab6be4947ee132")
