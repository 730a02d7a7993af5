"""What the surroundings say: variables, and where they are hard to set the user's own file."""

import os
from pathlib import Path
from typing import Any

from ledger12315.boxes.reading import Misread, decoded
from ledger12315.cli.face import folders
from ledger12315.errors import Message, Unclear, message, reason
from ledger12315.locale import N_

VARIABLES = {
    "LEDGER12315_DB": N_("the ledger's file, unless --db names one"),
    "LEDGER12315_LANG": N_("the language: zh or en"),
    "LEDGER12315_USER": N_("who is written down in the history"),
    "LEDGER12315_TODAY": N_("the date of a rehearsal"),
}
_OF_FILE = {"db": "LEDGER12315_DB", "lang": "LEDGER12315_LANG", "user": "LEDGER12315_USER"}
_EXAMPLE = r"db = 'D:\12315\ledger.sqlite'"


def configuration_file() -> Path:
    """Return where the user's configuration stands, if there is any."""
    return folders.own_folder("config") / "config.toml"


def configure() -> None:
    """Set each variable that is not set to what the user's configuration says. Raises Unclear."""
    file = configuration_file()
    try:
        content = file.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return
    except OSError as error:
        raise _wrong(file, reason(error, reads=True)) from error
    for key, value in _read(file, content).items():
        if key not in _OF_FILE:
            why = message("it names {key}; known are {keys}", key=key, keys=[*_OF_FILE])
            raise _wrong(file, why)
        if not isinstance(value, str) or not value.strip():
            raise _wrong(file, message("the value of {key} is no text", key=key))
        if key == "lang" and value not in ("zh", "en"):
            raise _wrong(file, message("lang is zh or en"))
        if key == "db" and not Path(value).is_absolute():
            raise _wrong(file, message("db is the whole path, from its beginning"))
        if not os.environ.get(_OF_FILE[key]):
            os.environ[_OF_FILE[key]] = value


def _read(file: Path, content: bytes) -> dict[str, Any]:
    import tomllib  # most users have no such file

    try:
        return tomllib.loads(decoded(content))
    except Misread as wrong:
        raise _wrong(file, wrong.message) from None
    except tomllib.TOMLDecodeError:
        why = message("each line is like {example}, in single quotes", example=_EXAMPLE)
        raise _wrong(file, why) from None


def _wrong(file: Path, why: Message | str) -> Unclear:
    return Unclear("The configuration {path} cannot be used: {reason}.", path=file, reason=why)
