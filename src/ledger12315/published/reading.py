"""Manifests read: nothing in one is believed before it is looked at."""

import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from ledger12315.errors import Unacceptable
from ledger12315.published.manifest import NAME, File, Manifest, Publisher, hash_of
from ledger12315.rules.measures import MEASURES, Figures, with_totals
from ledger12315.rules.publishing import FACTS, SCHEMA, digest
from ledger12315.sheets.incoming.small import json_object
from ledger12315.words import TYPES

_EXAMPLE = '{"profile": "data-package", "schema": 1}'
_PERIOD, _HASH, _KEY = r"\d{4}(?:Q[1-4]|A)", r"[0-9a-f]{64}", r"[0-9a-f]{32}"
_TEXT = r"[^\x00-\x1f]{1,200}"


class Newer(Unacceptable):
    """A manifest of a schema that is not known here yet."""


class Published(NamedTuple):
    """A publication: its folder and what its manifest tells."""

    folder: Path
    manifest: Manifest

    @property
    def sha256(self) -> str:
        """The SHA-256 of its manifest, which the next revision names."""
        return hash_of(self.folder / NAME)


def last_published(home: Path) -> Published | None:
    """Return a period's last revision in its folder. Raises Unacceptable."""
    numbers = [int(each.name) for each in home.glob("*") if re.fullmatch(r"[1-9]\d*", each.name)]
    return read(home / str(max(numbers))) if numbers else None


def read(folder: Path) -> Published:
    """Return a publication. Raises Unacceptable where its manifest is none of this program's."""
    file = folder / NAME
    told = json_object(file, _EXAMPLE)
    schema, values = told.get("schema"), {"file": file, "station": _name(told)}
    if type(schema) is int and schema > SCHEMA:
        raise Newer(
            "{file}: {station}: it is of a newer program; its schema is {schema}, and {known} is"
            " known here. Install that program.",
            schema=schema,
            known=SCHEMA,
            **values,
        )
    try:
        manifest = _manifest(told)
    except (AttributeError, KeyError, TypeError, ValueError):
        raise Unacceptable(
            "{file}: {station}: it is no manifest of a publication.", **values
        ) from None
    if told.get("digest") != digest(manifest.figures):
        raise Unacceptable("{file}: {station}: its digest is not that of its figures.", **values)
    return Published(folder, manifest)


def _name(told: Mapping[str, Any]) -> str:
    """Return whose a manifest is, if it tells a name at all."""
    try:
        return _like(_TEXT, told["station"]["name"])
    except (KeyError, TypeError, ValueError):
        return "?"


def _manifest(told: Mapping[str, Any]) -> Manifest:
    station = told["station"]
    if _count(told["schema"], 1) > SCHEMA:
        raise ValueError
    return Manifest(
        _like(_TEXT, told["program"]),
        Publisher(
            _like(_KEY, station["key"]),
            _like(_TEXT, station["name"]),
            _like(_TEXT, station["county"]),
            station["code"] and _like(_TEXT, station["code"]),
        ),
        _like(_PERIOD, told["period"]),
        date.fromisoformat(told["from"]),
        date.fromisoformat(told["to"]),
        _count(told["revision"], 1),
        told["previous"] and _like(_HASH, told["previous"]),
        date.fromisoformat(told["submitted"]),
        _like(_HASH, told["head"]),
        _like(_HASH, told["attachment6"]),
        [(str(date.fromisoformat(day)), bool(working)) for day, working in told["calendar"]],
        {_like(_TEXT, key): str(value) for key, value in told["settings"].items()},
        _figures(told["figures"]),
        [dict(each) for each in told["corrections"]],
        {each: _file(told["resources"], each) for each in FACTS},
    )


def _like(pattern: str, text: object) -> str:
    """Return a text. Raises ValueError if it is not as it should be."""
    if not isinstance(text, str) or not re.fullmatch(pattern, text):
        raise ValueError
    return text


def _count(number: object, least: int = 0) -> int:
    """Return a number. Raises ValueError if it is none, or too small."""
    if type(number) is not int or number < least:
        raise ValueError
    return number


def _figures(told: Mapping[str, Mapping[str, object]]) -> Figures:
    if not told.keys() <= MEASURES.keys():
        raise KeyError
    return with_totals(
        {
            key: {type_: _count(told.get(key, {}).get(type_, 0)) for type_ in TYPES}
            for key in MEASURES
        }
    )


def _file(resources: list[Mapping[str, Any]], table: str) -> File:
    [told] = [each for each in resources if each["name"] == table]
    sha256 = told["hash"].removeprefix("sha256:")
    return File(_count(told["rows"]), _count(told["bytes"]), _like(_HASH, sha256))
