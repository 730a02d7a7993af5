"""How boxes read on paper: fixed words in Chinese, money in yuan, an empty box if missing."""

from collections.abc import Iterator, Mapping

from ledger12315.boxes import Box
from ledger12315.boxes.complaint import COMPLAINT
from ledger12315.boxes.point import POINT
from ledger12315.sheets.forms.spec import FormBox, Line, Record
from ledger12315.words import DEMONSTRATION, TYPES, Vocabulary

_BOXES: Mapping[str, Box] = {**POINT, **COMPLAINT}
# How wide boxes are, by how many stand in a line.
_SPANS = {1: (13,), 2: (6, 5), 3: (3, 3, 3)}


def on_paper(row: Record, key: str) -> str:
    """Return what is printed in a box of Attachment 1 or 4."""
    value, box = row[key], _BOXES.get(key)
    if value is None:
        return ""
    return box.kind.printed(value) if box else str(value)


def filled_in(layout: str, row: Record, **lines: int) -> Iterator[Line]:
    """Yield the lines of a page, as `layout` has them: [group] label key label key …

    `lines` says how many lines high the boxes of some keys are at least.
    """
    for words in map(str.split, layout.strip().splitlines()):
        group = words.pop(0) if len(words) % 2 else ""
        spans = zip(words[::2], words[1::2], _SPANS[len(words) // 2], strict=True)
        boxes = (
            FormBox(label, on_paper(row, key), span, lines.get(key, 1))
            for label, key, span in spans
        )
        yield Line(tuple(boxes), group)


def zh(words: Vocabulary, code: str | None) -> str:
    """Return the Chinese of a fixed word, nothing for none."""
    return words[code].zh if code else ""


def joined(*parts: object) -> str:
    """Return the parts that there are, with blanks between them."""
    return " ".join(str(part) for part in parts if part)


# What of a point changes on a day, and where the values are fixed words.
CHANGED = {
    "type": "类型",
    "host": "依托经营者",
    "liaison": "联络员",
    "officer": "联系人",
    "demonstration": "示范级别",
}
_CODED = {"type": TYPES, "demonstration": DEMONSTRATION}


def change(box: str, was: str | None, becomes: str | None) -> str:
    """Return one of a point's changes as a sentence."""
    words = _CODED.get(box)
    before, after = (zh(words, each) if words else each for each in (was, becomes))
    return f"{CHANGED[box]}由{before or '无'}变更为{after or '无'}"


def status(point: Record) -> str:
    """Return whether a point stands."""
    return f"{point['retired']}撤销" if point["status"] == "retired" else "在册"
