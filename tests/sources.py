"""The program's sources as trees, parsed once for all tests that read them."""

import ast
from functools import cache
from pathlib import Path

SRC = Path(__file__).parent.parent / "src"


@cache
def trees() -> dict[str, ast.Module]:
    """Return the tree of each module of the program by its file, relative to src/."""
    return {
        path.relative_to(SRC).as_posix(): ast.parse(path.read_text("utf-8"))
        for path in sorted(SRC.rglob("*.py"))
    }
