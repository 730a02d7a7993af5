"""Byte positions of the elements of an XML part from outside, found by a parser."""

from collections.abc import Iterable, Mapping
from operator import itemgetter
from typing import NamedTuple
from xml.parsers import expat

from ledger12315.boxes.reading import Misread

ElementPath = tuple[str, ...]
"""The names of an element and of those around it, below the root and without prefixes."""
_MOST_ELEMENTS, _KEPT_AS = 1_000_000, 3
"""The most elements of a part, and the weight of an element of the paths."""
Edit = tuple[int, int, bytes]
"""A range of bytes, and the content that replaces it."""


class Element(NamedTuple):
    """An element by its path, its tag with the prefix, and its bytes.

    Its content goes from `inside` to `close`; for `<tag/>` both are its `end`.
    """

    path: ElementPath
    tag: str
    attributes: Mapping[str, str]
    start: int
    inside: int
    close: int
    end: int

    @property
    def prefix(self) -> str:
        """The prefix of its namespace, with its colon."""
        return self.tag[: self.tag.rfind(":") + 1]

    def with_more(self, content: bytes) -> Edit:
        """Return the edit that adds content at its end."""
        if self.inside < self.end:
            return self.close, self.close, content
        return self.end - 2, self.end, b">%b</%b>" % (content, self.tag.encode())


def elements(xml: bytes, paths: Iterable[ElementPath]) -> list[Element]:
    """Return the elements of these paths as they end, so inner ones come first.

    Raises ValueError for XML in UTF-16, and expat's own error for invalid XML.
    """
    if b"\0" in xml:
        raise ValueError("UTF-16")
    reader = _ElementReader(xml, paths)
    reader.parser.Parse(xml, True)
    return reader.found


class _ElementReader:
    """Handlers of expat for the elements of some paths."""

    def __init__(self, xml: bytes, paths: Iterable[ElementPath]) -> None:
        self.found: list[Element] = []
        self._xml, self._paths = xml, {path: path for path in paths}
        self._left = _MOST_ELEMENTS
        self._longest = max(map(len, self._paths))
        self._depth = -1  # of the root 0
        self._path: list[str] = []
        self._open: list[tuple[str, dict[str, str], int]] = []
        self._inside: list[int] = []
        self.parser = parser = expat.ParserCreate()
        parser.StartElementHandler, parser.EndElementHandler = self._start, self._end
        parser.DefaultHandler = self._leave_tag  # for all other content after a tag

    def _leave_tag(self, *_: object) -> None:
        """Note where the previous tag ended."""
        if len(self._inside) < len(self._open):
            self._inside.append(self.parser.CurrentByteIndex)

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        self._leave_tag()
        self._count(1)
        self._depth += 1
        if 0 < self._depth <= self._longest:
            self._path[self._depth - 1 :] = [tag.rpartition(":")[2]]
            if tuple(self._path) in self._paths:
                self._open.append((tag, attributes, self.parser.CurrentByteIndex))

    def _end(self, _tag: str) -> None:
        self._leave_tag()
        path = tuple(self._path[: self._depth]) if self._depth <= self._longest else ()
        self._depth -= 1
        if path not in self._paths:
            return
        (tag, attributes, start), inside = self._open.pop(), self._inside.pop()
        close = end = inside
        if not self._xml.endswith(b"/>", start, inside):
            close = self.parser.CurrentByteIndex
            end = self._xml.index(b">", close) + 1
        self.found.append(Element(self._paths[path], tag, attributes, start, inside, close, end))
        self._count(_KEPT_AS)

    def _count(self, elements: int) -> None:
        self._left -= elements
        if self._left < 0:
            raise Misread("it has more elements than spreadsheet programs write")


def apply_edits(xml: bytes, edits: Iterable[Edit]) -> bytes:
    """Return bytes with the edits applied; their ranges do not overlap."""
    parts, last = list[bytes](), 0
    for start, end, content in sorted(edits, key=itemgetter(0, 1)):
        parts += xml[last:start], content
        last = end
    return b"".join([*parts, xml[last:]])
