"""JSON for scripts about written files and checked ledgers."""

from pathlib import Path

from tests.cli.conftest import Cli, scenes


@scenes(r"""
# each file is told, and whether it replaced another
$ export 3 2026Q2 --point P001 --json
{"form": "3", "period": "2026Q2", "numbers": [], "as_of": null, "files": [{"file": \
    "附件3_2026Q2_东门所_P001.xlsx", "point": "P001", "replaced": false}]}
$ export 4 --each --as-of 2026-09-01 -o forms --json
{"form": "4", "period": null, "numbers": [], "as_of": "2026-09-01", "files": []}
! Error: forms/附件4_东门所_P001.xlsx cannot be written: the folder is missing; create it.
[4]
$ export 6 2026Q2 -o x.xlsx --json
{"form": "6", "period": "2026Q2", "numbers": [], "as_of": null, "files": [{"file": "x.xlsx", \
    "point": null, "replaced": false}]}
$ export 6 2026Q2 -o x.xlsx --json
{"form": "6", "period": "2026Q2", "numbers": [], "as_of": null, "files": [{"file": "x.xlsx", \
    "point": null, "replaced": true}]}
! x.xlsx already existed and was replaced.
$ ledger backup copy.sqlite --json
{"file": "copy.sqlite"}
""")
def test_in_json(script: str, cli: Cli) -> None:
    cli.plays(script)


def test_a_check_in_json(cli: Cli) -> None:
    head = cli("ledger info --json").json["head"]
    sound = {"sound": True, "problems": 0, "head": head, "act": None}
    assert cli("ledger check --json").json == sound
    act = cli(f"ledger check --head {head[:16]} --json").json["act"]
    assert act | {"at": "", "user": ""} == {"at": "", "user": "", "command": "register"}
    content = cli.path.read_bytes()
    cli.path.write_bytes(content.replace("东门商场".encode(), "西门商场".encode()))
    result = cli("ledger check --json")
    assert (result.code, result.json["sound"], result.json["head"]) == (4, False, None)
    assert result.json["problems"] > 0 and "is not sound" in result.err


def test_what_was_written_before_an_error_is_told(cli: Cli) -> None:
    Path("附件4_东门所_P002.xlsx").mkdir()
    result = cli("export 4 --each --json")
    assert (result.code, [each["point"] for each in result.json["files"]]) == (4, ["P001"])
