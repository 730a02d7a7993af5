"""Drawing workbooks, and filling a bureau's own."""
