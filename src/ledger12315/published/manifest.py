"""The manifest of a publication, `datapackage.json`: what it is of, its files, its figures."""

import json
import re
from collections.abc import Mapping
from datetime import date
from hashlib import sha256
from typing import Any, NamedTuple

from ledger12315.rules.measures import Figures, nothing, sparse, with_totals
from ledger12315.rules.periods import Period, parse_period
from ledger12315.rules.publishing import FACTS, MOST_FIGURE, SCHEMA, YEARS, Fact, digest

NAME = "datapackage.json"


class Publisher(NamedTuple):
    """The station: its key is that of its ledger, and stays when its name changes."""

    key: str
    name: str
    county: str
    code: str | None


class File(NamedTuple):
    """A table's file: how many rows and bytes it has, and its hash, `sha256:` before it."""

    rows: int
    bytes: int
    hash: str


class Manifest(NamedTuple):
    """A publication: a revision of a station's period, as it was submitted or as it is since.

    `previous` is the identity of the revision before, `head` that of the act which froze the
    return, `attachment6` the SHA-256 of its workbook. What is told `besides`, by BESIDES, nobody
    reads but people.
    """

    station: Publisher
    days: Period
    revision: int
    previous: str | None
    identity: str
    as_submitted: bool
    submitted: date
    head: str
    attachment6: str
    figures: Figures
    files: Mapping[str, File]
    besides: Mapping[str, Any]

    def written(self) -> str:
        """Return the manifest as it is written: a data package, with what it is besides."""
        code = self.days.code
        told = {
            "profile": "data-package",
            "name": f"12315-{self.station.key[:8]}-{code.lower()}-r{self.revision}",
            "schema": SCHEMA,
            "station": self.station._asdict(),
            "period": code,
            "from": self.days.first,
            "to": self.days.last,
            **{key: getattr(self, key) for key in self._fields[2:9]},
            "figures": sparse(self.figures),
            "digest": digest(self.figures),
            **self.besides,
            "resources": [_resource(table, file) for table, file in self.files.items()],
        }
        return json.dumps(told, ensure_ascii=False, indent=1, default=date.isoformat) + "\n"


BESIDES = ("program", "calendar", "settings", "corrections")
"""The days that the station has otherwise than the program; what is not as it was submitted."""


def _resource(table: str, file: File) -> dict[str, Any]:
    return {
        "name": table,
        "path": f"{table}.parquet",
        "format": "parquet",
        "bytes": file.bytes,
        "hash": file.hash,
        "rows": file.rows,
        "schema": {"fields": [_field(each) for each in FACTS[table]]},
    }


def _field(fact: Fact) -> dict[str, Any]:
    words = {"constraints": {"enum": [*fact.words]}} if fact.words else {}
    return {"name": fact.name, "type": fact.type} | words


def parsed(told: Mapping[str, Any]) -> Manifest:
    """Return a manifest of its JSON, in which nothing is believed.

    Raises AttributeError, KeyError, TypeError, ValueError or Unclear where it is none.
    """
    station = told["station"]
    manifest = Manifest(
        Publisher(
            _text(station["key"], "[0-9a-f]{32}"),
            _text(station["name"]),
            _text(station["county"]),
            station["code"] and _text(station["code"]),
        ),
        _days(told),
        1 + _count(told["revision"] - 1),
        told["previous"] and _text(told["previous"]),
        _text(told["identity"]),
        told["as_submitted"] is True,
        _day(told["submitted"]),
        _text(told["head"]),
        _text(told["attachment6"]),
        figures_of(told["figures"]),
        {each["name"]: _file(each) for each in told["resources"]},
        {key: told[key] for key in BESIDES},
    )
    if (told["schema"], told["digest"]) != (SCHEMA, digest(manifest.figures)):
        raise ValueError
    return manifest


def _days(told: Mapping[str, Any]) -> Period:
    """Return the period, whose days are those of its code by either reading of the year."""
    first, last = _day(told["from"]), _day(told["to"])
    for annual in ("statistical", "calendar"):
        period = parse_period(_text(told["period"], "[0-9]{4}(Q[1-4]|A)"), annual, last)
        if (period.first, period.last) == (first, last):
            return period
    raise ValueError


def _day(text: str) -> date:
    day = date.fromisoformat(text)
    if day.year not in YEARS:
        raise ValueError
    return day


def _text(text: str, pattern: str = r"[^\x00-\x1f]{1,200}") -> str:
    if not re.fullmatch(pattern, text):
        raise ValueError
    return text


def _count(number: int) -> int:
    if type(number) is not int or not 0 <= number <= MOST_FIGURE:
        raise ValueError
    return number


def figures_of(told: Mapping[str, Mapping[str, int]]) -> Figures:
    """Return figures of their JSON. Raises KeyError and ValueError."""
    found = nothing()
    for key, by_type in told.items():
        if not by_type.keys() <= found[key].keys():
            raise KeyError
        found[key] |= {type_: _count(figure) for type_, figure in by_type.items()}
    return with_totals(found)


def _file(told: Mapping[str, Any]) -> File:
    return File(_count(told["rows"]), _count(told["bytes"]), _text(told["hash"]))


def hash_of(content: bytes) -> str:
    """Return how a file's content is known."""
    return f"sha256:{sha256(content).hexdigest()}"
