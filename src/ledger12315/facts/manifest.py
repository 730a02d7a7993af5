"""The manifest of facts, `datapackage.json`: station, period, files and figures."""

import json
import re
from collections.abc import Mapping
from datetime import date, datetime
from hashlib import sha256
from typing import Any, NamedTuple

from ledger12315.rules.facts import (
    FACTS,
    FIRST_SCHEMA,
    SCHEMA,
    checked_count,
    checked_day,
    checked_moment,
    digest,
    figures_from_json,
    period_with_days,
)
from ledger12315.rules.measures import Figures, without_zeros
from ledger12315.rules.periods import Period

MANIFEST = "datapackage.json"


class Sender(NamedTuple):
    """The station; its key is its ledger's, and stays when its name changes."""

    key: str
    name: str
    county: str
    code: str | None


class File(NamedTuple):
    """A table's file: its number of rows and bytes, and its hash with `sha256:` in front."""

    rows: int
    bytes: int
    hash: str


class Manifest(NamedTuple):
    """What facts are: a revision of a station's period, as submitted or as corrected.

    `previous` is the identity of the revision before, `head` that of the act that froze the
    return, `attachment6` the SHA-256 of its workbook. The facts were taken at a `moment`, after an
    `act`. `counted` is the schema of the ledger, whose measures the figures have. `besides`, by
    BESIDES, is only for people.
    """

    station: Sender
    days: Period
    revision: int
    previous: str | None
    identity: str
    as_submitted: bool
    submitted: date
    head: str
    attachment6: str
    moment: datetime
    act: int
    figures: Figures
    files: Mapping[str, File]
    besides: Mapping[str, Any]
    counted: int
    schema: int = SCHEMA

    def written(self) -> str:
        """Return the manifest's text: a data package with additions."""
        code = self.days.code
        document = {
            "profile": "data-package",
            "name": f"12315-{self.station.key[:8]}-{code.lower()}-r{self.revision}",
            "schema": self.schema,
            "counted": self.counted,
            "station": self.station._asdict(),
            "period": code,
            "from": self.days.first,
            "to": self.days.last,
            **{key: getattr(self, key) for key in self._fields[2:11]},
            "figures": without_zeros(self.figures),
            "digest": digest(self.figures),
            **self.besides,
            "resources": [_resource_of_file(table, file) for table, file in self.files.items()],
        }
        return json.dumps(document, ensure_ascii=False, indent=1, default=_iso) + "\n"


BESIDES = ("program", "calendar", "settings", "corrections")
"""The keys of additions: for example, days and figures that differ from the usual ones."""


def _iso(day: date) -> str:
    return day.isoformat()  # of a moment too


def _resource_of_file(table: str, file: File) -> dict[str, Any]:
    fields = [each.described for each in FACTS[table]]
    about = {"name": table, "path": f"{table}.parquet", "format": "parquet"}
    return about | file._asdict() | {"schema": {"fields": fields}}


def parse_manifest(document: Mapping[str, Any]) -> Manifest:
    """Return a manifest from its untrusted JSON.

    Raises AttributeError, KeyError, TypeError, ValueError or Unclear for invalid JSON.
    """
    station = document["station"]
    files = {each["name"]: _parse_file(each) for each in document["resources"]}
    manifest = Manifest(
        Sender(
            _manifest_text(station["key"], "[0-9a-f]{32}"),
            _manifest_text(station["name"]),
            _manifest_text(station["county"]),
            station["code"] and _manifest_text(station["code"]),
        ),
        period_with_days(
            _manifest_text(document["period"]),
            checked_day(document["from"]),
            checked_day(document["to"]),
        ),
        1 + checked_count(document["revision"] - 1),
        document["previous"] and _manifest_text(document["previous"]),
        _manifest_text(document["identity"]),
        document["as_submitted"] is True,
        checked_day(document["submitted"]),
        _manifest_text(document["head"]),
        _manifest_text(document["attachment6"]),
        checked_moment(document["moment"]),
        checked_count(document["act"]),
        figures_from_json(document["figures"]),
        {each: files[each] for each in FACTS},
        {key: document[key] for key in BESIDES},
        checked_count(document["counted"]),
        checked_count(document["schema"]),
    )
    known = FIRST_SCHEMA <= manifest.schema <= SCHEMA
    if not known or document["digest"] != digest(manifest.figures):
        raise ValueError
    return manifest


def _manifest_text(text: str, pattern: str = r"[^\x00-\x1f]{1,200}") -> str:
    text.encode()  # raises for half a character
    if not re.fullmatch(pattern, text):
        raise ValueError
    return text


def _parse_file(document: Mapping[str, Any]) -> File:
    return File(
        checked_count(document["rows"]),
        checked_count(document["bytes"]),
        _manifest_text(document["hash"]),
    )


def hash_of(content: bytes) -> str:
    """Return the hash that identifies a file's content."""
    return f"sha256:{sha256(content).hexdigest()}"
