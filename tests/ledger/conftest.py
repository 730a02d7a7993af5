"""Shared fixtures of the tests of the ledger's file."""

from pathlib import Path

import pytest

from tests.building import empty_ledger


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A ledger as `init` makes it."""
    path = tmp_path / "ledger.sqlite"
    path.write_bytes(empty_ledger())
    path.chmod(0o600)
    return path
