"""What is handed to an office; `nox -s package` builds it from the last commit and tries it."""
