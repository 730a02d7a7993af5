"""Things of other programs in the ledger's file: named, and accepted if harmless."""

import sqlite3
from contextlib import closing
from pathlib import Path

from tests.cli.conftest import Cli
from tests.rows import table

_PUT = """
    CREATE INDEX by_item ON complaint ("item", brand DESC);
    CREATE VIEW names AS SELECT name FROM point;
    ANALYZE;
"""
_TOLD = (
    "Another program added to the ledger: index by_item, table sqlite_stat1, view names. This does"
    ' no harm. To remove it, run in that program: DROP INDEX "by_item"; DROP TABLE "sqlite_stat1";'
    ' DROP VIEW "names";'
)


def put_in(path: Path, script: str) -> None:
    with closing(sqlite3.connect(path)) as other:
        other.executescript(script)


@table("""
    line
    log P001 --complainant 张三 --item 锅 --facts 坏 --kind goods
    ledger check
""")
def test_what_does_no_harm_is_told_once_each_time(line: str, cli: Cli) -> None:
    cli.logged()
    put_in(cli.path, _PUT)
    code, _, said = cli(line)
    assert (code, said.splitlines()[0], said.count("Another program")) == (0, _TOLD, 1)
    put_in(cli.path, _TOLD.partition("in that program: ")[2])
    assert "Another program" not in cli(line).err


def test_what_does_no_harm_stays_in_backups(cli: Cli) -> None:
    put_in(cli.path, _PUT)
    cli.all("ledger backup copy.sqlite\nledger restore copy.sqlite\nsettings set point_lead 5")
    assert cli("ledger check").err == f"{_TOLD}\n"


def test_what_could_do_harm_is_refused_with_how_to_take_it_out(cli: Cli) -> None:
    put_in(cli.path, f"{_PUT} CREATE TRIGGER mine AFTER INSERT ON complaint BEGIN SELECT 1; END;")
    cli.plays("""
        $ overdue
        ! Error: Another program added to the ledger LEDGER something that could change its \
entries: trigger mine. Put a backup in the ledger's place, or remove it with that program: \
DROP INDEX "by_item"; DROP TABLE "sqlite_stat1"; DROP TRIGGER "mine"; DROP VIEW "names";
        [4]
        @ zh
        $ overdue
        ! 错误：其他程序在台账 LEDGER 里加了可能改动数据的内容：trigger mine。请换上备份，或用那个程序删除：DROP INDEX \
"by_item"; DROP TABLE "sqlite_stat1"; DROP TRIGGER "mine"; DROP VIEW "names";
        [4]
    """)
    put_in(cli.path, 'DROP TRIGGER "mine"')
    assert cli("overdue").code == 0
