"""Put a csv into the table of complaints and do nothing else: `bare_import.py LEDGER FILE`."""

import csv
import sqlite3
import sys


def main(ledger: str, file: str) -> None:
    connection = sqlite3.connect(ledger)
    with open(file, encoding="utf-8", newline="") as opened:  # noqa: PTH123 a bare script would
        rows = csv.reader(opened)
        columns = next(rows)
        places = ", ".join("?" * len(columns))
        insert = f"INSERT INTO complaint ({', '.join(columns)}) VALUES ({places})"
        connection.executemany(insert, ([value or None for value in row] for row in rows))
    connection.commit()


if __name__ == "__main__":
    main(*sys.argv[1:])
