"""T, the unit of the limits: the smallest Typer program that prints one row of SQLite."""

import sqlite3

import typer


def main(db: str) -> None:
    print(sqlite3.connect(db).execute("SELECT name FROM station").fetchone()[0])


if __name__ == "__main__":
    typer.run(main)
