"""The morning's runs: the documents' crontabs, units, tasks, and their mails."""

import contextlib
import io
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import pytest

from ledger12315.cli.app import run
from tests.catalogue import ROOT
from tests.cli.test_notify import serving
from tests.kept import write_kept
from tests.rows import cells, for_all
from tests.served import served
from tests.states import LEDGER, ledger_bytes, workplace
from tests.test_docs import understand

_PAGE = (ROOT / "docs" / "morning.zh.md").read_text("utf-8")
_TIMES = r"(?:[\d*/,-]+ +){5}"
_NAMESPACE = "{http://schemas.microsoft.com/windows/2004/02/mit/task}"
# Of the schema of tasks: what may stand in each, in this order where it has one.
_TASK = dict(
    cells("""
    Task             | RegistrationInfo Triggers Principals Settings Actions
    RegistrationInfo | Description
    Triggers         | CalendarTrigger
    CalendarTrigger  | StartBoundary ScheduleByWeek
    ScheduleByWeek   | WeeksInterval DaysOfWeek
    DaysOfWeek       | Monday Tuesday Wednesday Thursday Friday Saturday Sunday
    Principals       | Principal
    Principal        | LogonType RunLevel
    Settings         | MultipleInstancesPolicy DisallowStartIfOnBatteries StartWhenAvailable
    Actions          | Exec
    Exec             | Command Arguments
    """)
)


def blocks(kind: str, page: str = _PAGE) -> list[str]:
    """Return a page's blocks of one kind."""
    return re.findall(rf"^```{kind}\n(.*?)^```$", page, re.M | re.S)


def crontabs() -> Iterator[tuple[str, str, str]]:
    """Yield the lines of each crontab with its page, and the variables above them."""
    for page in (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))):
        for block in blocks("crontab", page.read_text("utf-8")):
            settings = "".join(re.findall(r"^\w+=.*\n", block, re.M))
            for line in re.findall(f"^{_TIMES}(.*)", block, re.M):
                yield page.name, settings, line


@pytest.mark.slow
@pytest.mark.parametrize(("page", "settings", "line"), [*crontabs()])
def test_cron_finds_the_program_and_mails_what_is_read(
    page: str, settings: str, line: str, tmp_path: Path
) -> None:
    """As cron runs them: with its PATH, no language, no terminal."""
    for folder in ("ledger12315/.venv/bin", ".local/bin"):  # those of README and install.zh.md
        installed(tmp_path / folder, alone="check" in line and "zh" in page)
    (tmp_path / LEDGER).write_bytes(ledger_bytes())
    line = re.sub("/(data|backup)/", f"{tmp_path}/", line).replace(
        f"backup {tmp_path}/", f"backup {tmp_path}/copy-of-"
    )
    env = {"HOME": str(tmp_path), "LOGNAME": "li", "SHELL": "/bin/sh", "PATH": "/usr/bin:/bin"}
    env |= {"LEDGER12315_TODAY": "2026-10-12"}
    env |= dict(shlex.split(each)[0].split("=", 1) for each in settings.splitlines())
    done = subprocess.run(["/bin/sh", "-c", line], env=env, capture_output=True, encoding="utf-8")
    assert done.returncode == 0, done.stderr
    words = ("--mail", "check", "backup")
    chinese = ("东门所，2026-10-12 周一：", "台账完好", "备份检查无误")
    english = ("东门所, 2026-10-12 Mon: ", "is sound", "the copy checked")
    expected = zip(words, chinese if "LANG=zh" in settings else english, strict=True)
    assert any(word in line and said in done.stdout for word, said in expected)


def installed(folder: Path, alone: bool = True) -> None:
    """Put a program into a folder that runs this one, in a Python of its own or served."""
    folder.mkdir(parents=True)
    program = folder / "ledger12315"
    if not alone:
        shutil.copy(served(), program)
        return
    source, python = shlex.quote(str(ROOT / "src")), shlex.quote(sys.executable)
    command = f'PYTHONPATH={source} exec {python} -m ledger12315 "$@"'
    program.write_text(f"#!/bin/sh\n{command}\n")
    program.chmod(0o700)


@pytest.mark.slow
@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="needs systemd's own judge")
def test_systemd_takes_the_units(tmp_path: Path) -> None:
    installed(tmp_path / ".local/bin")
    names = re.findall(r"^`(ledger12315\.\w+)`$", _PAGE, re.M)
    assert len(names) == 2
    for name, unit in zip(names, blocks("ini"), strict=True):
        (tmp_path / name).write_text(unit)
        for line in re.findall(r"^ExecStart=\S*/ledger12315 (.*)", unit, re.M):
            understand(line)
    env = os.environ | {"HOME": str(tmp_path), "XDG_RUNTIME_DIR": str(tmp_path)}
    judge = ["systemd-analyze", "--user", "verify", *(f"./{name}" for name in names)]
    done = subprocess.run(judge, cwd=tmp_path, env=env, capture_output=True, encoding="utf-8")
    assert (done.returncode, done.stderr) == (0, "")


def test_the_task_is_built_as_its_schema_says() -> None:
    [text] = blocks("xml")
    assert text == (ROOT / "release" / "win32" / "12315.xml").read_text("utf-8")
    task = ElementTree.fromstring(text)  # noqa: S314 it is our own
    for element in task.iter():
        name = element.tag.removeprefix(_NAMESPACE)
        children = [each.tag.removeprefix(_NAMESPACE) for each in element]
        known = _TASK.get(name, "").split()
        assert children == [each for each in known if each in children], name
    assert task.tag == f"{_NAMESPACE}Task" and task.get("version") == "1.2"
    [principal], [actions] = (
        task.findall(f".//{_NAMESPACE}{name}") for name in ("Principal", "Actions")
    )
    assert principal.get("id") == actions.get("Context")
    [arguments] = task.iter(f"{_NAMESPACE}Arguments")
    # cmd takes the first quote and the last away where there are more.
    [typed] = re.findall(r'^/k ""D:\\ledger12315\\ledger12315\.exe" (.*)"$', str(arguments.text))
    understand(typed)


def test_the_task_is_registered_for_the_folder_that_the_program_stands_in() -> None:
    registers = (ROOT / "release" / "win32" / "每天提醒.cmd").read_bytes()
    assert registers.isascii() and registers.count(b"\n") == registers.count(b"\r\n")
    [placeholder] = re.findall(r"Replace\('(.*?)'", registers.decode())
    [text] = blocks("xml")
    assert text.count(placeholder) == 1


def test_the_mail_and_the_message_are_as_the_page_shows_them() -> None:
    shown, message = blocks("text")
    with workplace("zh"), serving() as chat:
        typed, _, said = shown.replace("/data/", f"{Path.cwd()}/").partition("\n")
        write_kept(LEDGER, ledger_bytes())
        for more in ("", f" --notify {chat.address}"):
            with contextlib.redirect_stdout(io.StringIO()) as stdout:
                assert run(shlex.split(f"{typed.removeprefix('$ ledger12315 ')}{more}")) == 0
            assert stdout.getvalue() == said
        [sent] = chat.messages
    assert f"{sent['title']}\n{sent['message']}\n" == message


@for_all("address", re.findall(r"`(\w+://[^`]+)`", _PAGE))
def test_each_address_is_one(address: str) -> None:
    from apprise import Apprise

    assert Apprise().add(address)
