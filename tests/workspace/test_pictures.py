"""The pages in a real browser: no rule of accessibility broken, no sideways scroll, a brief on two pages."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from pathlib import Path

import pypdf
import pytest
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.test.utils import override_settings
from django.utils import translation
from playwright.sync_api import Browser, Page

from forestall.workspace.gallery import gallery_context

from .browser import CHROMIUM, chromium, photograph, picture_folder, served, sideways, violations
from .conftest import PLAIN_TEMPLATES, _forget_catalogues
from .situation import situation, surroundings

pytestmark = [
    pytest.mark.story,
    pytest.mark.timeout(240),
    pytest.mark.skipif(not CHROMIUM.exists(), reason=f"there is no {CHROMIUM} to look with"),
]


def rendered(address: str) -> str:
    """The page for an address; one that starts with /ar is in Arabic."""
    path = address.split("?")[0]
    language = "ar" if path.startswith("/ar/") else "en"
    context = surroundings()
    request = RequestFactory().get(address)
    with translation.override(language):
        if path.endswith("gallery"):
            return render_to_string("workspace/gallery.html", {**context, **gallery_context()}, request)
        if path.endswith("situation"):
            return render_to_string("specimens/situation.html", {**context, "s": situation()}, request)
        return render_to_string("404.html", context, request)


@pytest.fixture(scope="module")
def base(miniature_catalogue: Path) -> Iterator[str]:
    with override_settings(TEMPLATES=PLAIN_TEMPLATES, LOCALE_PATHS=[miniature_catalogue]):
        _forget_catalogues()
        with served(rendered) as address:
            yield address
    _forget_catalogues()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as opened:
        yield opened


@pytest.fixture
def look(browser: Browser, base: str) -> Iterator[Callable[..., Page]]:
    """Open an address in a window of a width and a scheme: light, dark or forced (the reader's own colours)."""
    opened = []

    def page(path: str, *, width: int = 1440, scheme: str = "light") -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": 900},
            color_scheme="dark" if scheme == "dark" else "light",
            forced_colors="active" if scheme == "forced" else "none",
        )
        opened.append(context)
        window = context.new_page()
        window.complaints = []  # type: ignore[attr-defined]
        window.on(
            "console", lambda said: window.complaints.append(said.text) if said.type == "error" else None
        )
        window.on("pageerror", lambda error: window.complaints.append(str(error)))
        window.goto(f"{base}{path}")
        return window

    yield page
    for context in opened:
        context.close()


@pytest.mark.parametrize(
    ("path", "width", "scheme"),
    [
        ("/gallery", 1440, "light"),
        ("/gallery", 1440, "dark"),
        ("/gallery", 390, "light"),
        ("/gallery", 1440, "forced"),
        ("/ar/gallery", 1440, "light"),
        ("/situation", 1440, "light"),
        ("/situation", 1440, "dark"),
        ("/situation", 1100, "light"),
        ("/situation", 820, "light"),
        ("/situation", 390, "light"),
        ("/ar/situation", 1440, "light"),
        ("/ar/situation", 390, "light"),
        ("/404", 390, "light"),
    ],
)
def test_a_page_breaks_no_rule_and_never_scrolls_sideways(
    look: Callable[..., Page], tmp_path: Path, path: str, width: int, scheme: str
) -> None:
    page = look(path, width=width, scheme=scheme)
    name = f"{path.strip('/').replace('/', '-')}-{width}-{scheme}.png"
    photograph(page, picture_folder(tmp_path) / name)
    assert sideways(page) == 0
    assert violations(page) == []
    assert page.complaints == []  # type: ignore[attr-defined]


@pytest.mark.parametrize("path", ["/situation", "/ar/situation"])
def test_a_situation_prints_on_two_pages_that_say_level_and_exercise(
    look: Callable[..., Page], tmp_path: Path, path: str
) -> None:
    page = look(path)
    paper = page.pdf(prefer_css_page_size=True, print_background=True)
    (picture_folder(tmp_path) / f"{path.strip('/').replace('/', '-')}.pdf").write_bytes(paper)
    sheets = pypdf.PdfReader(io.BytesIO(paper)).pages
    assert len(sheets) == 2
    if path == "/situation":
        for sheet in sheets:
            assert sheet.extract_text().count("EXERCISE · CONFIDENTIAL") == 2


def test_on_a_phone_panels_that_did_not_move_are_folded_until_asked_for(look: Callable[..., Page]) -> None:
    page = look("/situation", width=390)
    shown = ".factor:not(.moved) svg.hist >> visible=true"
    assert page.locator(".factor.moved svg.hist >> visible=true").count() == 4
    assert page.locator(shown).count() == 0
    assert page.locator(".factor:not(.moved) .pre >> visible=true").count() == 10
    page.get_by_role("link", name="Open the 10 panels that did not move").click()
    assert page.locator(shown).count() == 10


def test_a_key_presses_its_button_and_keys_can_be_turned_off(look: Callable[..., Page]) -> None:
    page = look("/gallery")
    page.keyboard.press("d")
    assert page.locator("input[name='source-en'][value='D']").is_checked()
    page.keyboard.press("?")
    page.get_by_label("Single keys act").uncheck()
    page.keyboard.press("Escape")
    page.keyboard.press("e")
    assert page.locator("input[name='source-en'][value='D']").is_checked()


def test_a_key_typed_into_a_field_stays_text(look: Callable[..., Page]) -> None:
    page = look("/gallery")
    page.locator("#again-en").fill("")
    page.locator("#again-en").press("d")
    assert page.locator("#again-en").input_value() == "d"
    assert page.locator("input[name='source-en'][value='B']").is_checked()


def test_a_complete_table_sorts_in_place_and_keeps_the_address(look: Callable[..., Page]) -> None:
    page = look("/gallery")
    page.locator("#ltr thead th[data-sort='review'] a").click()
    first = page.locator("#ltr table[data-complete] tbody tr").first
    assert "19 Nov 2026" in first.inner_text()
    assert "sort=review" in page.url
    page.locator("#ltr thead th[data-sort='forecast'] a").click()
    last = page.locator("#ltr table[data-complete] tbody tr").last
    assert "no forecast" in last.inner_text()  # what is not known stays last, whichever way
