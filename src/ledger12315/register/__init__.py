"""A point's register from a spreadsheet: its rows become boxes and problems."""
