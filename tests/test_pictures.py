"""The pictures of docs/ show what the demo has now."""

from pathlib import Path

import pytest

from tests.pictures import DOCS, PICTURES, carried, figures, lay

pytestmark = pytest.mark.slow  # draws workbooks


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("demo")
    lay(folder)
    return folder


@pytest.mark.parametrize("picture", PICTURES)
def test_a_picture_shows_the_figures_of_the_demo(picture: str, demo: Path) -> None:
    assert carried(DOCS / picture) == figures(picture, demo), "run: nox -s docs"


def test_every_picture_is_drawn() -> None:
    assert {each.name for each in DOCS.glob("*.png")} == {*PICTURES}
