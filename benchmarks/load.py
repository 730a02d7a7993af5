"""Load every workbook of a folder with openpyxl and do nothing else: `load.py FOLDER`."""

import sys
from pathlib import Path

from openpyxl import load_workbook

if __name__ == "__main__":
    for workbook in sorted(Path(sys.argv[1]).glob("*.xlsx")):
        load_workbook(workbook)
    print("loaded")
