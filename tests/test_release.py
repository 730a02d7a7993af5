"""What a wheel house lacks, by the conditions of the system for which it is filled."""

import os
import subprocess
import sys
from pathlib import Path
from shutil import which
from zipfile import ZipFile

import pytest

from ledger12315.cli.face.configuration import VARIABLES
from release.house import Target, targets
from release.manual import PAGES, manual

HOUSE = {
    "app-1.0-py3-none-any.whl": (
        "table>=2",
        'colours; sys_platform == "win32"',
        "old<3; extra == 'x'",
    ),
    "table-2.1-cp310-abi3-win_amd64.whl": ('zones; python_version < "3.12"',),
}


def made(house: Path, **more: tuple[str, ...]) -> Path:
    for name, required in (HOUSE | more).items():
        program, version, *_ = name.split("-")
        lines = ["Metadata-Version: 2.1", f"Name: {program}", f"Version: {version}"]
        asked = [f"Requires-Dist: {each}" for each in required]
        with ZipFile(house / name, "w") as wheel:
            wheel.writestr(f"{program}-{version}.dist-info/METADATA", "\n".join([*lines, *asked]))
    return house


@pytest.mark.parametrize(
    ("target", "lacking"),
    [
        pytest.param(
            *("this system", ["table>=2"]),
            marks=pytest.mark.skipif(sys.platform == "win32", reason="that is Windows itself"),
        ),
        ("Windows, Python 3.11", ["colours", "zones"]),
        ("Windows, Python 3.14", ["colours"]),
    ],
)
def test_what_is_lacking(target: str, lacking: list[str], tmp_path: Path) -> None:
    assert found(target).lacking(made(tmp_path)) == lacking


def test_what_lies_there_is_not_lacking_unless_it_is_too_old_or_of_another_python(
    tmp_path: Path,
) -> None:
    more = {"colours-1-py3-none-any.whl": (), "zones-1-cp312-cp312-win_amd64.whl": ()}
    house = made(tmp_path, **more)
    assert found("Windows, Python 3.11").lacking(house) == ["zones"]
    assert found("Windows, Python 3.14").lacking(house) == []


@pytest.mark.parametrize("language", PAGES)
def test_the_page_of_the_manual_names_variables_and_files(
    language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LEDGER12315_LANG", language)
    page = manual(language)
    assert [name for name in VARIABLES if f".B {name}" not in page] == []
    assert page.count("ledger12315/") == 3 and "config.toml" in page


@pytest.mark.slow
@pytest.mark.parametrize("language", PAGES)
@pytest.mark.parametrize("reader", ["man --warnings -Tutf8 -l", "mandoc -T lint -W warning"])
def test_the_page_of_the_manual_is_read_without_a_warning(
    language: str, reader: str, tmp_path: Path
) -> None:
    program, *options = reader.split()
    if not which(program):
        pytest.skip(f"{program} is not installed")
    page = tmp_path / "ledger12315.1"
    page.write_text(manual(language), "utf-8")
    env = os.environ | {"LC_ALL": "C.UTF-8", "MANWIDTH": "80"}
    shown = subprocess.run([program, *options, page], capture_output=True, text=True, env=env)
    assert (shown.returncode, shown.stderr) == (0, "")
    assert program == "mandoc" or "log" in shown.stdout


def found(name: str) -> Target:
    return next(target for target in targets() if target.name == name)
