"""The manifest of a publication, `datapackage.json`: what it is of, its files, its figures."""

import json
from collections.abc import Mapping, Sequence
from datetime import date
from hashlib import file_digest
from pathlib import Path
from typing import Any, NamedTuple

from ledger12315.rules.measures import Figures, sparse
from ledger12315.rules.periods import Period
from ledger12315.rules.publishing import FACTS, SCHEMA, Fact, digest

NAME = "datapackage.json"


class Publisher(NamedTuple):
    """The station: its key is that of its ledger, and stays when its name changes."""

    key: str
    name: str
    county: str
    code: str | None


class File(NamedTuple):
    """A table's file: how many rows and bytes it has, and its SHA-256."""

    rows: int
    bytes: int
    sha256: str


class Manifest(NamedTuple):
    """A publication: a revision of a station's period.

    `previous` is the SHA-256 of the manifest of the revision before, `head` that of the act which
    froze the return, `attachment6` the SHA-256 of its workbook, `calendar` the days that the
    station has otherwise than the program; `corrections` is what is not as it was submitted.
    """

    program: str
    station: Publisher
    period: str
    first: date
    last: date
    revision: int
    previous: str | None
    submitted: date
    head: str
    attachment6: str
    calendar: Sequence[tuple[str, bool]]
    settings: Mapping[str, str]
    figures: Figures
    corrections: Sequence[Mapping[str, Any]]
    files: Mapping[str, File]

    @property
    def days(self) -> Period:
        """The period as the station has it: a calendar year's return goes as far as is known."""
        return Period(self.period, self.first, self.last, "")

    def written(self) -> bytes:
        """Return the manifest as it is written: a data package, with what it is besides."""
        head = {
            "profile": "data-package",
            "name": f"12315-{self.station.key[:8]}-{self.period.lower()}-r{self.revision}",
            "schema": SCHEMA,
            **{key: getattr(self, key) for key in _PLAIN},
            "station": self.station._asdict(),
            "from": self.first,
            "to": self.last,
            "figures": sparse(self.figures),
            "digest": digest(self.figures),
            "resources": [_resource(table, file) for table, file in self.files.items()],
        }
        text = json.dumps(head, ensure_ascii=False, indent=1, default=date.isoformat)
        return f"{text}\n".encode()


# What is written as it is, under its own name.
_PLAIN = """
    program period revision previous submitted head attachment6 calendar settings corrections
""".split()  # noqa: SIM905


def _resource(table: str, file: File) -> dict[str, Any]:
    return {
        "name": table,
        "path": f"{table}.parquet",
        "format": "parquet",
        "bytes": file.bytes,
        "hash": f"sha256:{file.sha256}",
        "rows": file.rows,
        "schema": {"fields": [_field(each) for each in FACTS[table]]},
    }


def _field(fact: Fact) -> dict[str, Any]:
    words = {"constraints": {"enum": [*fact.words]}} if fact.words else {}
    return {"name": fact.name, "type": fact.type} | words


def hash_of(file: Path) -> str:
    """Return a file's SHA-256. Raises OSError."""
    with file.open("rb") as opened:
        return file_digest(opened, "sha256").hexdigest()
