"""The project's verbs, each run in the active environment.

`nox` alone does lint and types, and runs the tests but the slow ones.
"""

import shutil
import sys
from pathlib import Path

import nox

nox.options.default_venv_backend = "none"
nox.options.sessions = ["lint", "types", "quick"]
nox.options.error_on_missing_interpreters = False
nox.options.download_python = "never"

# Releases of better-sqlite3, on npm, which hold the sources of SQLite as one file; oldest first.
_SQLITES = {"3.37.2": "7.5.0", "3.53.2": "12.11.1"}


def run_module(session: nox.Session, *command: str) -> None:
    """Run a Python module; it need not be on the PATH."""
    session.run(sys.executable, "-m", *command)


@nox.session
def lint(session: nox.Session) -> None:
    """Look for faults of style, and for files that are not formatted."""
    run_module(session, "ruff", "check")
    run_module(session, "ruff", "format", "--check")


@nox.session
def types(session: nox.Session) -> None:
    """Check the types of sources, tests and tools."""
    run_module(session, "mypy")


@nox.session
def quick(session: nox.Session) -> None:
    """Run the tests but the slow ones."""
    run_module(session, "pytest", "-m", "not slow", *session.posargs)


@nox.session
def test(session: nox.Session) -> None:
    """Run the tests of the program; what follows `--` goes to pytest. `tools` has the others."""
    run_module(session, "pytest", *session.posargs)


@nox.session
def tools(session: nox.Session) -> None:
    """Test what only developers run: the benchmarks, what judges harm, what builds a release."""
    run_module(session, "pytest", "-n0", "tests/tools", *session.posargs)


@nox.session
def catalogue(session: nox.Session) -> None:
    """Print the sentences without Chinese as stubs, and compile the catalogue."""
    run_module(session, "tests.catalogue")
    run_module(
        session,
        "babel.messages.frontend",
        "compile",
        "-D",
        "ledger12315",
        "-d",
        "src/ledger12315/locale",
    )


@nox.session
def docs(session: nox.Session) -> None:
    """Write the generated pages of docs/ and draw its pictures anew."""
    run_module(session, "tests.generate_docs")
    run_module(session, "tests.pictures")
    run_module(session, "tests.transcripts")


@nox.session
def bench(session: nox.Session) -> None:
    """Measure what is claimed of speed; what follows `--` goes to the benchmark."""
    run_module(session, "benchmarks.table", *session.posargs)


@nox.session(venv_backend="uv")
def engines(session: nox.Session) -> None:
    """Hold the figures of facts against five engines; Spark needs a Java beside it."""
    session.install("-e", ".[dev]", "chdb", "datafusion", "pyspark")
    # As often as after a push: by hand each random county is asked by one unit.
    session.run("pytest", "-n0", "tests/facts", *session.posargs, env={"CI": "true"})


@nox.session
@nox.parametrize("version", [*_SQLITES])
def sqlite(session: nox.Session, version: str) -> None:
    """Run the quick tests on the oldest SQLite supported and a new one, with JSON alone."""
    take_sqlite(session, version, sys.executable)
    quick(session)


def take_sqlite(session: nox.Session, version: str, python: str) -> None:
    """Let this Python, whose SQLite is no part of it, load one built with JSON alone."""
    place = Path(session.create_tmp()).resolve()
    asked = (sys.executable, "-m", "release.sources", f"better-sqlite3@{_SQLITES[version]}")
    archive = session.run(*asked, external=True, silent=True)
    shutil.unpack_archive(str(archive).strip(), place)
    source, library = place / "package/deps/sqlite3/sqlite3.c", place / "libsqlite3.so.0"
    options = ("-O1", "-shared", "-fPIC", "-DSQLITE_ENABLE_JSON1", "-DSQLITE_DQS=0")
    session.run("cc", *options, "-o", str(library), str(source), "-lm", external=True)
    session.env["LD_LIBRARY_PATH"] = str(place)
    loads = f"import sqlite3; assert sqlite3.sqlite_version == '{version}', 'built in'"
    session.run(python, "-c", loads)


@nox.session
def faults(session: nox.Session) -> None:
    """Do a ledger all the harm; what follows `--` names which, or how much: `--short`."""
    run_module(session, "tests.faults", *session.posargs)


@nox.session
def package(session: nox.Session) -> None:
    """Build from the last commit what offices are handed, into dist/, and try it; `-- own` one."""
    run_module(session, "release", *session.posargs)


@nox.session
def windows(session: nox.Session) -> None:
    """Try the program on a Chinese Windows, under Wine; what follows `--` is smoke or quick."""
    run_module(session, "release.wine", *session.posargs)


@nox.session(python=["3.11", "3.12", "3.13", "3.14"], venv_backend="uv")
def pythons(session: nox.Session) -> None:
    """Run `test` on each Python that is found; what follows `--` goes to pytest."""
    session.install("-q", "-e", ".[dev]")
    session.run("pytest", *session.posargs)


@nox.session(venv_backend="uv")
def lowest(session: nox.Session) -> None:
    """Run `test` with the lowest versions allowed, SQLite's too; after `--`: to pytest."""
    session.install("-q", "--resolution", "lowest-direct", "-e", ".[dev]")
    take_sqlite(session, next(iter(_SQLITES)), "python")
    session.run("pytest", *session.posargs)


@nox.session(venv_backend="uv")
def typer(session: nox.Session) -> None:
    """Try the newest Typer, whatever pyproject.toml allows: what does a command load?"""
    session.install("-q", "-e", ".[dev]")
    session.install("-q", "--upgrade", "typer")
    session.run("pytest", *(session.posargs or ["tests/cli/test_help.py", "-k", "loads_only"]))
