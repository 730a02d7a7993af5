"""Files from outside, read row by row."""
