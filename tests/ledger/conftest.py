"""Shared fixtures of the tests of the ledger's file."""

from pathlib import Path

import pytest

from tests.building import empty_ledger
from tests.kept import write_kept


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A ledger as `init` makes it."""
    path = tmp_path / "ledger.sqlite"
    write_kept(path, empty_ledger())
    path.chmod(0o600)
    return path
