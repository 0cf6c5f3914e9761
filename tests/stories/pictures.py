"""Pictures of the pages for docs/pictures.md, made by the stories when FORESTALL_PICTURES names a folder."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pypdfium2
from PIL import Image
from playwright.sync_api import Page

Photograph = Callable[[Page, str], None]
TALLEST = {"situation": 2100, "situation-phone": 1800}
OTHERWISE = 1300
"""Pixels: what is below the first screens of a long page adds weight and no knowledge."""
COLOURS = 96


def keeper(*names: str, suffix: str = "") -> Photograph | None:
    """What keeps the pictures of these pages as `NAME.png`; None when no pictures are wanted."""
    folder = os.environ.get("FORESTALL_PICTURES")
    if not folder:
        return None

    def keep(page: Page, name: str) -> None:
        if name + suffix in names:
            photograph(page, Path(folder) / f"{name}{suffix}.png")

    return keep


def photograph(page: Page, path: Path) -> None:
    """The page from its top, no taller than needed, in few colours."""
    path.parent.mkdir(parents=True, exist_ok=True)
    size = page.viewport_size or {"width": 1440, "height": 900}
    height = int(page.evaluate("document.documentElement.scrollHeight"))
    page.set_viewport_size({"width": size["width"], "height": min(height, TALLEST.get(path.stem, OTHERWISE))})
    page.evaluate("scrollTo(0, 0)")
    page.screenshot(path=str(path))
    page.set_viewport_size(size)
    reduce(path)


def first_page(sheet: Path, *, name: str) -> None:
    """The first printed page of a PDF as a picture, when pictures are wanted."""
    folder = os.environ.get("FORESTALL_PICTURES")
    if folder:
        path = Path(folder) / f"{name}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        document = pypdfium2.PdfDocument(sheet)
        document[0].render(scale=1.6).to_pil().save(path)
        document.close()
        reduce(path)


def reduce(path: Path) -> None:
    """Fewer colours and no metadata: the pictures live in the repository."""
    with Image.open(path) as picture:
        small = picture.convert("RGB").quantize(
            COLOURS, method=Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE
        )  # keeps the few pixels of a rare colour: the darkest step of the ramp is one
    small.save(path, optimize=True)
