"""Workbooks drawn, and a bureau's own workbook filled."""
