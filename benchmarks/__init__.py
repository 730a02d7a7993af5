"""What claims of speed are checked with; `nox -s bench` prints the table."""
