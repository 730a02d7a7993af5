"""Facts found in a county's folders, checked before they are believed."""

from pathlib import Path
from typing import NamedTuple

from ledger12315.errors import Message, Unacceptable, Unclear, message, reason
from ledger12315.facts.manifest import MANIFEST, File, Manifest, hash_of, parse_manifest
from ledger12315.rules.facts import SCHEMA
from ledger12315.sheets.incoming.small import content_of_file, json_object

_MOST_BYTES_OF_FACTS, _MOST_ROWS_OF_FACTS, _FEW_ROWS = 100_000_000, 1_000_000, 10_000
"""Limits of a table's file; above the few, each row must have a byte, as equal rows have none."""
_MOST_BYTES_OF_FOOTER = 1_000_000
_MANIFEST_EXAMPLE = f'{{"profile": "data-package", "schema": {SCHEMA}}}'
FactsKey = tuple[str, str]
"""A station's key, and a period."""


class Fault(NamedTuple):
    """A problem of facts: one of ARRIVALS, with its station as far as it is known."""

    state: str
    why: Message
    station: str = ""
    period: str = ""


class SentFacts(NamedTuple):
    """The facts of a hand-in: their folder, their manifest, and its hash."""

    folder: Path
    manifest: Manifest
    hash: str

    @property
    def whose(self) -> FactsKey:
        """The key of its station, and the code of its period."""
        return self.manifest.station.key, self.manifest.days.code

    def fault(self, state: str, why: Message) -> Fault:
        """Return a problem with their station and folder."""
        name = self.manifest.station.name
        said = message(
            "{folder}: {station}: {problem}", folder=self.folder, station=name, problem=why
        )
        return Fault(state, said, name, self.manifest.days.code)


def unreadable_file(path: Path, error: OSError) -> Message:
    """Return the sentence on a file or folder that cannot be read."""
    return message("{path} cannot be read: {reason}.", path=path, reason=reason(error, reads=True))


def read_facts(folder: Path) -> SentFacts | Fault:
    """Return the facts in a folder, or the Fault that ends it."""
    file, document = folder / MANIFEST, {}
    if file.is_symlink() or not file.is_file():
        return Fault("broken", message("{path} is a link or not a file", path=file))
    try:
        hash_ = hash_of(content_of_file(file))
        document = json_object(file, _MANIFEST_EXAMPLE)
        return SentFacts(folder, parse_manifest(document), hash_)
    except Unacceptable as wrong:
        return Fault("broken", wrong.message)
    except (AttributeError, KeyError, TypeError, ValueError, Unclear):
        schema = document.get("schema")
        if type(schema) is int and schema > SCHEMA:
            why = message("{file}: a newer program made it. Load it with the newest.", file=file)
            return Fault("newer", why)
        why = message(
            "{file}: it is not a manifest of schema {schema}, or it was altered. Send it "
            "again and load it, both with the newest program.",
            file=file,
            schema=SCHEMA,
        )
        return Fault("broken", why)


def content_of(folder: Path, table: str, listed: File) -> bytes | Message:
    """Return the content of a table's file, or how it differs from the manifest."""
    file = folder / f"{table}.parquet"
    if listed.bytes > _MOST_BYTES_OF_FACTS or listed.rows > max(
        _FEW_ROWS, min(_MOST_ROWS_OF_FACTS, listed.bytes)
    ):
        return message("{file} is too large, or has too many rows for its size", file=file.name)
    if file.is_symlink():
        return message("{path} is a link, and links are not followed", path=file.name)
    try:
        there = file.is_file() and file.stat().st_size == listed.bytes
        content = file.read_bytes() if there else b""
    except OSError as error:
        return unreadable_file(file, error)
    if hash_of(content) != listed.hash:
        return message("{file} is missing, cut off or altered", file=file.name)
    # The end of a Parquet file: its footer, the footer's length, PAR1.
    footer = int.from_bytes(content[-8:-4], "little")
    if content[-4:-1] == b"PAR" and footer > _MOST_BYTES_OF_FOOTER:
        return message("{file} is too large, or has too many rows for its size", file=file.name)
    return content
