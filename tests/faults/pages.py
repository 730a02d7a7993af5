"""What a disk or a broken copy makes of an SQLite file, and which page is of which kind."""

import sqlite3
from contextlib import closing
from pathlib import Path
from random import Random

_KINDS = """
    SELECT pageno, CASE WHEN name LIKE 'sqlite_schema' THEN 'schema'
                        WHEN pagetype = 'overflow' THEN 'overflow'
                        ELSE type || ' ' || pagetype END
    FROM dbstat LEFT JOIN sqlite_schema USING (name)
"""
_TREES = ("table leaf", "table internal", "index leaf", "index internal")
KINDS = ("header", "schema", *_TREES, "overflow", "free")


_SIZE = 4096
Made = tuple[str, bytes]


def kinds(path: Path) -> dict[str, list[int]]:
    """Return the pages' numbers (from 0) by kind."""
    with closing(sqlite3.connect(path)) as ledger:
        known = dict(ledger.execute(_KINDS).fetchall())
    found: dict[str, list[int]] = {kind: [] for kind in KINDS}
    for number in range(path.stat().st_size // _SIZE):
        found[known.get(number + 1, "free")].append(number)
    return found | {"header": [0]}


def split(content: bytes) -> list[bytes]:
    return [content[at : at + _SIZE] for at in range(0, len(content), _SIZE)]


def _with(pages: list[bytes], changed: dict[int, bytes]) -> bytes:
    return b"".join(changed.get(number, page) for number, page in enumerate(pages))


def flipped(pages: list[bytes], chance: Random, numbers: list[int]) -> Made:
    """Return the file with one byte of such a page made another."""
    number = chance.choice(numbers)
    page = bytearray(pages[number])
    at = chance.randrange(100 if numbers == [0] else _SIZE)
    page[at] ^= (bits := chance.randrange(1, 256))
    return f"byte {at} of page {number} XOR {bits}", _with(pages, {number: bytes(page)})


def cut(pages: list[bytes], chance: Random) -> Made:
    """Return it without its end: cut at any length, or between pages."""
    between = _SIZE * chance.randrange(1, len(pages))
    length = chance.choice((chance.randrange(_SIZE * len(pages)), between))
    return f"cut to {length} bytes", b"".join(pages)[:length]


def swapped(pages: list[bytes], chance: Random, alike: list[list[int]]) -> Made:
    """Return it with two pages in each other's place.

    Half of the pairs are of one kind, which is harder to see.
    """
    several = [numbers for numbers in alike if len(numbers) > 1]
    among = chance.choice((chance.choice(several), range(len(pages))))
    one, other = chance.sample(among, 2)
    changed = {one: pages[other], other: pages[one]}
    return f"pages {one} and {other} swapped", _with(pages, changed)


def blank(pages: list[bytes], chance: Random) -> Made:
    """Return it with a sector or page of zeros or ones: a write that never came down."""
    number, byte = chance.randrange(len(pages)), chance.choice((b"\0", b"\xff"))
    at, length = chance.choice(((0, _SIZE), (512 * chance.randrange(8), 512)))
    page = pages[number][:at] + byte * length + pages[number][at + length :]
    return f"{length} bytes of page {number} are {byte.hex()}", _with(pages, {number: page})


def stale(pages: list[bytes], chance: Random, earlier: list[bytes]) -> Made:
    """Return it with one page as it was earlier: a lost write, the best hidden of all."""
    pairs = enumerate(zip(earlier, pages, strict=False))
    number, was = chance.choice([(at, was) for at, (was, page) in pairs if was != page])
    return f"page {number} as it was earlier", _with(pages, {number: was})
