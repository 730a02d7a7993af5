"""Small files from outside without tables: a notice, a mapping, figures by code."""

import json
from pathlib import Path
from typing import Any

from ledger12315.boxes.reading import Misread, decode_text, dict_of_unique_keys
from ledger12315.errors import Unacceptable, reason

_MOST_BYTES_OF_SMALL = 1_000_000


def content_of_file(path: Path) -> bytes:
    """Return a whole file. Raises Unacceptable, and Misread if it is too large."""
    try:
        with path.open("rb") as file:
            found = file.read(_MOST_BYTES_OF_SMALL + 1)
    except OSError as error:
        raise Unacceptable(
            "{path} cannot be read: {reason}.", path=path, reason=reason(error, reads=True)
        ) from error
    if len(found) > _MOST_BYTES_OF_SMALL:
        raise Misread("it is larger than {most} bytes", most=_MOST_BYTES_OF_SMALL)
    return found


def json_object(path: Path, example: str, **how: Any) -> dict[str, Any]:
    """Return a file's one JSON object. Raises Unacceptable."""
    try:
        found = json.loads(
            decode_text(content_of_file(path)), object_pairs_hook=dict_of_unique_keys, **how
        )
    except Misread as wrong:
        raise Unacceptable(
            "{path} cannot be read: {reason}.", path=path, reason=wrong.message
        ) from None
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise Unacceptable(
            "{path} is not one JSON object such as {example}.", path=path, example=example
        )
    return found
