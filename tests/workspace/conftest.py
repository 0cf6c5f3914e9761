"""What the tests of the look share: tags rendered alone, and Arabic words of our own miniature catalogue."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import polib
import pytest
from django.template import Context, Template
from django.test import RequestFactory
from django.test.utils import override_settings
from django.utils import translation
from django.utils.translation import trans_real

import forestall.workspace

HERE = Path(__file__).parent
PLAIN_TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [HERE / "templates", Path(forestall.workspace.__file__).parent / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {"context_processors": ["django.template.context_processors.request"]},
    }
]


def _forget_catalogues() -> None:
    trans_real._translations = {}
    trans_real._default = None


@pytest.fixture(autouse=True)
def plain_surroundings() -> Iterator[None]:
    """Templates get only what a test gives them: no session, no database, nothing from a home."""
    with override_settings(TEMPLATES=PLAIN_TEMPLATES), translation.override("en"):
        yield


@pytest.fixture(scope="session")
def miniature_catalogue(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of locales with our Arabic words, compiled."""
    root = tmp_path_factory.mktemp("locale")
    folder = root / "ar" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    polib.pofile(str(HERE / "arabic.po")).save_as_mofile(str(folder / "django.mo"))
    return root


@pytest.fixture
def arabic(miniature_catalogue: Path) -> Iterator[None]:
    """The reader reads Arabic, and the words are there."""
    with override_settings(LOCALE_PATHS=[miniature_catalogue]):
        _forget_catalogues()
        with translation.override("ar"):
            yield
    _forget_catalogues()


@pytest.fixture
def draw() -> Callable[..., str]:
    """Render a template of `forestall` tags: `draw("{% status 'watch' %}")`. `path` is the address asked for."""

    def rendered(source: str, path: str = "/", **context: Any) -> str:
        request = RequestFactory().get(path)
        template = Template("{% load i18n forestall %}" + source)
        return template.render(Context({"request": request, **context}))

    return rendered
