"""The pictures of docs/pictures/ show what the demo has now."""

import re
from pathlib import Path

import pytest

from ledger12315.cli.forms.table import FORMS
from tests.catalogue import ROOT
from tests.drawing import carried
from tests.pictures import DRAWN, PICTURES, figures, lay
from tests.rows import for_all
from tests.states import undrawn

_PAGE = (ROOT / "docs" / "forms.md").read_text("utf-8")


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("demo")
    with undrawn():
        lay(folder)
    return folder


@pytest.mark.slow  # draws workbooks
@for_all("picture", DRAWN)
def test_a_picture_shows_the_figures_of_the_demo(picture: str, demo: Path) -> None:
    assert carried(PICTURES / picture) == figures(picture, demo), "run: nox -s docs"


def test_every_picture_is_drawn_and_shown_among_the_forms_or_on_the_first_page() -> None:
    drawn = {each.name for each in PICTURES.iterdir()}
    page = _PAGE + (ROOT / "README.md").read_text("utf-8")
    assert drawn == {*DRAWN} == {*re.findall(r"pictures/(.+?)\)", page)}


def test_every_form_is_shown() -> None:
    titles = re.findall("^## (.*?) ", _PAGE, re.M)
    forms = {form.word.zh for form in FORMS.values()} - {"登记模板"}  # which nobody prints
    assert {name for name in forms if not any(title.startswith(name) for title in titles)} == set()
