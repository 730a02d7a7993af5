"""Write a workbook's cells, given as JSON, with openpyxl: `same_cells.py CELLS TARGET`."""

import json
import sys
from pathlib import Path

from openpyxl import Workbook


def main(cells: Path, target: Path) -> None:
    book = Workbook()
    book.remove(book.worksheets[0])
    for name, rows in json.loads(cells.read_text("utf-8")).items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(target)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
