"""Damage to the bytes of an SQLite file: which page is of which kind, and what a disk or a broken copy makes of it."""

import random
from collections.abc import Iterator

_TREES = {0x0D: "table leaf", 0x05: "table interior", 0x0A: "index leaf", 0x02: "index interior"}
KINDS = ("header", "schema", *_TREES.values(), "overflow", "free")


class Pages:
    """A sound SQLite file, and its page numbers (from 1) by kind."""

    def __init__(self, content: bytes) -> None:
        self.content = content
        self.size = int.from_bytes(content[16:18])
        self.count = len(content) // self.size
        self.kinds: dict[str, list[int]] = {kind: [] for kind in KINDS}
        schema, free = set(self._tree(1)), set(self._free())
        for number in range(1, self.count + 1):
            page = self.page(number)
            kind = (
                "free"
                if number in free
                else "schema"
                if number in schema
                else _TREES.get(page[0], "overflow")
            )
            self.kinds[kind].append(number)
        self.kinds["header"] = [1]

    def page(self, number: int) -> bytes:
        return self.content[(number - 1) * self.size : number * self.size]

    def _tree(self, root: int) -> Iterator[int]:
        """The pages of a table's tree, the leaves' overflow left out."""
        yield root
        page, head = self.page(root), 100 if root == 1 else 0
        if page[head] == 0x05:
            cells = int.from_bytes(page[head + 3 : head + 5])
            places = [
                int.from_bytes(page[head + 12 + 2 * cell : head + 14 + 2 * cell])
                for cell in range(cells)
            ]
            for place in (*places, head + 8):
                yield from self._tree(int.from_bytes(page[place : place + 4]))

    def _free(self) -> Iterator[int]:
        trunk = int.from_bytes(self.content[32:36])
        while trunk:
            yield trunk
            page = self.page(trunk)
            for leaf in range(int.from_bytes(page[4:8])):
                yield int.from_bytes(page[8 + 4 * leaf : 12 + 4 * leaf])
            trunk = int.from_bytes(page[:4])

    def put(self, place: int, piece: bytes) -> bytes:
        return self.content[:place] + piece + self.content[place + len(piece) :]

    def flipped(self, kind: str, chance: random.Random) -> tuple[str, bytes]:
        """One byte of such a page made another."""
        number = chance.choice(self.kinds[kind])
        inside = chance.randrange(100 if kind == "header" else self.size)
        place, bits = (number - 1) * self.size + inside, chance.randrange(1, 256)
        return f"byte {inside} of page {number} ({kind}) XOR {bits:#04x}", self.put(
            place, bytes([self.content[place] ^ bits])
        )

    def cut(self, chance: random.Random) -> tuple[str, bytes]:
        """The end missing: any length, or whole pages."""
        length = chance.choice(
            (chance.randrange(len(self.content)), self.size * chance.randrange(1, self.count))
        )
        return f"cut to {length} bytes", self.content[:length]

    def swapped(self, chance: random.Random) -> tuple[str, bytes]:
        """Two pages in each other's place; half of the pairs of one kind, which is harder to see."""
        alike = [numbers for numbers in self.kinds.values() if len(numbers) > 1]
        one, other = chance.sample(
            chance.choice((chance.choice(alike), range(1, self.count + 1))), 2
        )
        once = Pages.put(self, (one - 1) * self.size, self.page(other))
        place = (other - 1) * self.size
        return f"pages {one} and {other} swapped", once[:place] + self.page(one) + once[
            place + self.size :
        ]

    def blank(self, chance: random.Random) -> tuple[str, bytes]:
        """A sector or page of zeros or ones: a write that never came down."""
        length, byte = chance.choice((512, self.size)), chance.choice((b"\0", b"\xff"))
        place = chance.randrange(len(self.content) // length) * length
        return f"{length} bytes at {place} are {byte.hex()}", self.put(place, byte * length)

    def stale(self, earlier: bytes, chance: random.Random) -> tuple[str, bytes]:
        """One page as it was in an earlier state of the same file: a lost write, the best hidden of all."""
        places = range(0, min(len(earlier), len(self.content)), self.size)
        changed = [
            place
            for place in places
            if earlier[place : place + self.size] != self.content[place : place + self.size]
        ]
        place = chance.choice(changed)
        return f"page {place // self.size + 1} as it was earlier", self.put(
            place, earlier[place : place + self.size]
        )
