"""The archive for an office: wheels that its pip accepts, and pages about them."""

import os
import re
import subprocess
import sys
from hashlib import sha256
from pathlib import Path
from runpy import run_path
from shutil import which
from zipfile import ZipFile

import pytest

from ledger12315.cli.face.configuration import VARIABLES
from release.archive import glibc_of_folder, packed
from release.house import glibc_of_wheels, needed, targets
from release.manual import PAGES, manual
from release.page import filled
from release.running import demand_tools
from release.sources import Source
from tests.rows import table
from tests.test_build import checkout

HOUSE = {
    "ledger12315-1.0-py3-none-any.whl": (
        "table>=2",
        'colours; sys_platform == "win32"',
        "old<3; extra == 'x'",
    ),
    "table-2.1-cp310-abi3-win_amd64.whl": ('zones; python_version < "3.12"',),
    "table-2.1-cp310-abi3-manylinux_2_17_x86_64.manylinux_2_28_x86_64.whl": (),
}


def made(house: Path, *more: str) -> Path:
    """Return the wheel of the program in a house, beside what is there and `more`."""
    for name, required in (HOUSE | dict.fromkeys(more, ())).items():
        program, version, *_ = name.split("-")
        lines = ["Metadata-Version: 2.1", f"Name: {program}", f"Version: {version}"]
        asked = [f"Requires-Dist: {each}" for each in required]
        with ZipFile(house / name, "w") as wheel:
            wheel.writestr(f"{program}-{version}.dist-info/METADATA", "\n".join([*lines, *asked]))
    return next(house.glob("ledger12315-*"))


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="houses are made on Linux")
@pytest.mark.parametrize(
    ("target", "more", "told"),
    [
        ("linux-x86_64 3.11", (), "table==2.1"),
        ("linux-aarch64 3.11", (), "no wheels with a matching platform tag"),
        ("windows-amd64 3.14", ("colours-1-py3-none-any.whl",), "colours==1 table==2.1"),
        (
            "windows-amd64 3.11",
            ("zones-1-py3-none-any.whl",),
            "there are no versions of colours{",
        ),
        (
            "windows-amd64 3.11",
            ("colours-1-py3-none-any.whl",),
            "there are no versions of zones{",
        ),
        (
            "windows-amd64 3.11",
            ("colours-1-py3-none-any.whl", "zones-1-cp312-cp312-win_amd64.whl"),
            "following Python implementation tag: `cp312`",
        ),
    ],
)
def test_what_a_wheel_needs_is_found_in_its_house_or_named(
    target: str,
    more: tuple[str, ...],
    told: str,
    tmp_path: Path,
    capfd: pytest.CaptureFixture[str],
) -> None:
    program = made(tmp_path, *more)
    try:
        there = next(each for each in targets() if f"{each.name} {each.python}" == target)
        found = needed(there, program, "--no-index", "--offline", "--find-links", str(tmp_path))
    except subprocess.CalledProcessError:
        found = capfd.readouterr().err
    assert told in " ".join(found.split())


def test_the_glibc_that_is_needed(tmp_path: Path) -> None:
    made(tmp_path, "zones-1-cp312-cp312-manylinux_2_28_x86_64.manylinux_2_34_x86_64.whl")
    assert glibc_of_wheels(tmp_path) == "2.28"
    (tmp_path / "a.so").write_bytes(b"\x7fELF\0GLIBC_2.4\0GLIBC_2.38\0GLIBC_PRIVATE\0x")
    (tmp_path / "b.so").write_bytes(b"\x7fELF\0GLIBC_2.2.5\0")
    (tmp_path / "c.txt").write_bytes(b"\0GLIBC_2.40\0")
    assert glibc_of_folder(tmp_path) == {2: ["b.so"], 38: ["a.so"]}


@table("""
    kind
    zip
    tar.gz
""")
def test_an_archive_has_the_same_bytes_whenever_it_is_packed(kind: str, tmp_path: Path) -> None:
    made = []
    for when in (0, 1_800_000_000):
        folder = tmp_path / str(when) / "ledger"
        for name in ("开始", "b/a")[:: 1 if when else -1]:
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(name)
            os.utime(folder / name, (when, when))
        made.append(packed(folder, tmp_path / f"of {when}", kind, 1_790_000_000).read_bytes())
    assert made[0] == made[1]


def test_a_file_from_outside_with_another_content_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("release.sources.BUILD", tmp_path)
    (tmp_path / "sources").mkdir()
    (tmp_path / "sources" / "a.tgz").write_text("another")
    with pytest.raises(SystemExit, match=r"a\.tgz is not what sources\.txt has"):
        Source("0" * 64, "a.tgz", "npm", "a@1").taken()


_APT = """#!/bin/sh
case "$*" in
*indextargets*) echo 'http://host stable' ;;
*update*) echo update >> "$TOLD"; exit $(($(wc -l < "$TOLD") == 1)) ;;
*) echo a > a.deb ;;
esac
"""


@pytest.mark.skipif(sys.platform == "win32", reason="a script stands for apt")
def test_lists_of_apt_are_whole_and_made_for_each_list_of_sources(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its first update fails here."""
    names, told, apt = tmp_path / "sources.txt", tmp_path / "told", tmp_path / "bin" / "apt-get"
    apt.parent.mkdir()
    apt.write_text(_APT)
    apt.chmod(0o755)
    monkeypatch.setenv("PATH", f"{apt.parent}:{os.environ['PATH']}")
    monkeypatch.setenv("TOLD", str(told))
    monkeypatch.setattr("release.sources.BUILD", tmp_path)
    monkeypatch.setattr("release.sources.LIST", names)
    source = Source(sha256(b"a\n").hexdigest(), "a.deb", "11", "a")
    names.write_text("one")
    with pytest.raises(subprocess.CalledProcessError):
        source.taken()
    updates = []
    for each in ("one", "one", "two"):
        names.write_text(each)
        source.taken().unlink()
        updates.append(told.read_text().count("update"))
    assert updates == [2, 2, 3]


def test_tools_are_programs_and_files(tmp_path: Path) -> None:
    there = tmp_path / "zh_CN"
    there.touch()
    with pytest.raises(SystemExit, match=r"apt-get install b c$"):
        demand_tools({str(there): "a", str(tmp_path / "gone"): "b", "no-such-program": "c"})


def test_the_page_is_filled_in_for_one_build() -> None:
    page = "`a-版本-b`，“版本”是日子。部件要 glibc 2.1 以上。"
    told = "`a-2026.1.2.3-b`，“版本”是日子。部件要 glibc 2.17 以上。"
    assert filled(page, "2026.1.2.3", "2.17") == told


@pytest.mark.parametrize("language", PAGES)
def test_the_page_of_the_manual_names_variables_and_files(
    language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LEDGER12315_LANG", language)
    page = manual(language)
    assert [name for name in VARIABLES if f".B {name}" not in page] == []
    assert page.count("ledger12315/") == 3 and "config.toml" in page
    assert re.findall(r"^\.B (\d+)$", page, re.M) == ["0", "1", "2", "3", "4", "5", "130"]


@pytest.mark.slow
@pytest.mark.parametrize("language", PAGES)
@table("""
    reader
    man --warnings -Tutf8 -l
    mandoc -T lint -W warning
""")
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


def unpack(archive: Path, folder: Path) -> None:
    """Unpack by tar: Python learnt to do so safely in 3.11.4, and warns without."""
    folder.mkdir(exist_ok=True)
    subprocess.run(["tar", "-xf", archive, "-C", folder], check=True)


@pytest.mark.slow
def test_what_is_built_of_a_checkout_an_archive_and_a_source_package_is_the_same(
    tmp_path: Path,
) -> None:
    files = ("pyproject.toml", ".gitattributes", ".gitignore", "README.md", "LICENSE")
    pages = ("docs/errors.md", "docs/errors.zh.md")
    checkout(tmp_path / "checkout", *files, *pages, "release", "src")
    archive = tmp_path / "archive.tar"
    subprocess.run(
        ["git", "archive", "-o", archive, "HEAD"], cwd=tmp_path / "checkout", check=True
    )
    unpack(archive, tmp_path / "archive")
    name = "ledger12315-2026.11.27.92959"
    for folder in ("checkout", "archive", f"checkout/dist/{name}"):
        place = tmp_path / folder
        subprocess.run([sys.executable, "-m", "hatchling", "build"], cwd=place, check=True)
        wheel, source = (
            place / "dist" / f"{name}{end}" for end in ("-py3-none-any.whl", ".tar.gz")
        )
        with ZipFile(wheel) as files_of_wheel:
            files_of_wheel.extract("ledger12315/build.py", place / "wheel")
            for page in ("man1", "zh_CN/man1"):
                manual = f"{name}.data/data/share/man/{page}/ledger12315.1"
                assert f"ledger12315 {name.removeprefix('ledger12315-')}" in (
                    files_of_wheel.read(manual).decode()
                )
        told = run_path(str(place / "wheel" / "ledger12315" / "build.py"))
        assert told["COMMITTED"] == "2026-11-27", folder
        unpack(source, place / "dist")
