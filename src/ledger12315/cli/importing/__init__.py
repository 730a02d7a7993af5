"""The import of a register: a point's own spreadsheet becomes complaints of the ledger. 三(四)4

One import goes through these steps, each in the module that is named:

1. `sheets.incoming.reading` reads the workbook or csv row by row, within limits on its size.
2. `register.headings` finds the row of headings and the box of each column; `register.learned`
   adds what the station has taught before, and guesses what a heading or a word may mean.
3. `learning` asks somebody at a terminal about headings and words that nobody knows, or takes
   `--map` and `--fill`; `reading` runs steps 1 to 5 again until nothing is unknown.
4. `register.file` turns each row into boxes and problems, and says which rows are complaints;
   `register.meaning` derives what follows from the boxes and finds what contradicts.
5. `ledger.importing.taking_in` keeps the rows in a temporary file, however many there are.
6. `ledger.importing.intake` compares them with the ledger: new, known, with more than is known
   (`known`), possibly of a known matter, or of another point.
7. `answer` shows the problems and writes a copy with them beside the cells
   (`sheets.paper.annotated`); an import stops there if there is one, or with `--dry-run`.
8. `ledger.importing.taking_in` writes the rows as one act, a long register as several.

`commands` runs the steps, and 6 again where others changed one of the complaints.
The ledger is not written to before step 8, and it is not locked while somebody is asked.
"""
