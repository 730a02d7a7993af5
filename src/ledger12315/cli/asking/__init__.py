"""Questions at a terminal and how their answers are read."""
