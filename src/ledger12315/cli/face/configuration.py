"""The environment: the user's own folders, and variables or the file that stands for them."""

import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

from ledger12315.boxes.reading import Misread, decode_text
from ledger12315.errors import Message, Unclear, reason
from ledger12315.locale import N_

VARIABLES = {
    "LEDGER12315_DB": N_("the ledger's file, unless --db names one"),
    "LEDGER12315_LANG": N_("the language: zh or en"),
    "LEDGER12315_USER": N_("the user name recorded in the history"),
    "LEDGER12315_NOTIFY": N_("the addresses of --notify configured, with blanks between them"),
    "LEDGER12315_TODAY": N_("the date of a rehearsal"),
}
_OF_FILE = {
    "db": "LEDGER12315_DB",
    "lang": "LEDGER12315_LANG",
    "user": "LEDGER12315_USER",
    "notify": "LEDGER12315_NOTIFY",
}
_LANGUAGES = "zh", "en"
_configured: dict[str, str] = {}
"""The variables that the last reading of the configuration set."""
_ON_UNIX = {
    "data": ("XDG_DATA_HOME", "~/.local/share"),
    "config": ("XDG_CONFIG_HOME", "~/.config"),
}


@contextmanager
def environment_with(values: Mapping[str, str]) -> Iterator[None]:
    """Set these variables meanwhile; afterwards each is what it was before."""
    before = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    try:
        yield
    finally:
        for name, value in before.items():
            os.environ.pop(name, None)
            if value is not None:
                os.environ[name] = value


def own_folder(of: Literal["data", "config"]) -> Path:
    """Return the folder of this program's data, or of its configuration, in the user's home.

    It is the one of platformdirs, which is slow to load.
    """
    variable, usual = _ON_UNIX[of]
    if sys.platform == "win32":
        variable, usual = "LOCALAPPDATA", "~/AppData/Local"
    elif sys.platform == "darwin":
        usual = "~/Library/Application Support"
    named = Path(os.environ.get(variable, ""))
    # A Path would raise if the home folder is unknown.
    folder = named if named.is_absolute() else os.path.expanduser(usual)  # noqa: PTH111
    return Path(folder, "ledger12315")


def configuration_file() -> Path:
    """Return the path of the user's configuration, if there is any."""
    return own_folder("config") / "config.toml"


def configure() -> None:
    """Set each unset variable to its value in the user's configuration. Raises Unclear.

    Read again, the file may have changed.
    """
    for name, value in _configured.items():
        if os.environ.get(name) == value:
            del os.environ[name]
    _configured.clear()
    language = os.environ.get("LEDGER12315_LANG", "")
    if language.lower() not in ("", *_LANGUAGES):
        raise Unclear("LEDGER12315_LANG is {language}; it must be zh or en.", language=language)
    for key, value in configured_values().items():
        if not os.environ.get(_OF_FILE[key]):
            os.environ[_OF_FILE[key]] = _configured[_OF_FILE[key]] = value


def configured_values() -> Mapping[str, str]:
    """Return the values in the user's configuration, if there is any. Raises Unclear."""
    file = configuration_file()
    try:
        return _values_of(file.read_bytes())
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except OSError as error:
        raise _unusable_configuration(file, reason(error, reads=True)) from error
    except Misread as wrong:
        raise _unusable_configuration(file, wrong.message) from None


def _values_of(content: bytes) -> Mapping[str, str]:
    """Return the values in a configuration. Raises Misread."""
    import tomllib  # most users have no such file

    try:
        values = tomllib.loads(decode_text(content))
    except tomllib.TOMLDecodeError:
        raise Misread(
            "each line must look like {example}, with single quotes",
            example=r"db = 'D:\12315\ledger.sqlite'",
        ) from None
    for key, value in values.items():
        if key not in _OF_FILE:
            raise Misread(
                "it sets {key}, which is unknown; known keys: {keys}", key=key, keys=[*_OF_FILE]
            )
        if not isinstance(value, str) or not value.strip():
            raise Misread("the value of {key} is not text", key=key)
    if values.get("lang", "zh") not in _LANGUAGES:
        raise Misread("lang must be zh or en")
    if "db" in values and not Path(values["db"]).is_absolute():
        raise Misread("db must be an absolute path")
    return values


def _unusable_configuration(file: Path, why: Message | str) -> Unclear:
    return Unclear("The configuration {path} cannot be used: {reason}.", path=file, reason=why)
