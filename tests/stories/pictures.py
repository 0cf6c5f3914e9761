"""Pictures of the pages, made by the stories when FORESTALL_PICTURES names a folder."""

from __future__ import annotations

import os
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page

from .visitor import Photograph

TALLEST = 2400
"""Pixels: what is below the first screens of a long page adds weight and no knowledge."""
COLOURS = 64


def keeper(*, only: bool = True, suffix: str = "") -> Photograph | None:
    """What keeps the first picture of each page as `NAME.png`; None when no pictures are wanted."""
    folder = os.environ.get("FORESTALL_PICTURES")
    if not folder or not only:
        return None
    seen: set[str] = set()

    def keep(page: Page, name: str) -> None:
        if name not in seen:
            seen.add(name)
            photograph(page, Path(folder) / f"{name}{suffix}.png")

    return keep


def photograph(page: Page, path: Path) -> None:
    """The page from its top, at most `TALLEST` high, in few colours."""
    path.parent.mkdir(parents=True, exist_ok=True)
    size = page.viewport_size or {"width": 1440, "height": 900}
    height = int(page.evaluate("document.documentElement.scrollHeight"))
    page.set_viewport_size({"width": size["width"], "height": min(height, TALLEST)})
    page.screenshot(path=str(path))
    page.set_viewport_size(size)
    reduce(path)


def reduce(path: Path) -> None:
    """Fewer colours and no metadata: the pictures live in the repository."""
    with Image.open(path) as picture:
        small = picture.convert("RGB").quantize(COLOURS)
    small.save(path, optimize=True)
