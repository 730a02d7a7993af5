"""Write a csv's cells with XlsxWriter in constant memory: `constant_memory.py CELLS TARGET`."""

import csv
import sys
from importlib import import_module
from pathlib import Path


def main(cells: Path, target: Path) -> None:
    try:
        xlsxwriter = import_module("xlsxwriter")
    except ImportError:
        sys.exit(127)  # as a shell says it
    with (
        xlsxwriter.Workbook(target, {"constant_memory": True}) as book,
        cells.open(encoding="utf-8", newline="") as file,
    ):
        sheet = book.add_worksheet()
        for number, row in enumerate(csv.reader(file)):
            for column, value in enumerate(row):
                # The figures of a register: its number, two amounts, the working days.
                if column in (0, 10, 12, 14) and value.replace(".", "").isdecimal():
                    sheet.write_number(number, column, float(value))
                else:
                    sheet.write_string(number, column, value)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
