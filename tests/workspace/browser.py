"""A browser on pages rendered without a server of the product: our own loopback host, the real style and script."""

from __future__ import annotations

import http.server
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import axe_playwright_python
from playwright.sync_api import Browser, Page, sync_playwright

import forestall.workspace

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"]
STATIC = Path(forestall.workspace.__file__).parent / "static"
AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
KINDS = {".css": "text/css", ".js": "text/javascript", ".woff2": "font/woff2", ".svg": "image/svg+xml"}
POLICY = "default-src 'self'; img-src 'self' data:"


@contextmanager
def served(render: Callable[[str], str]) -> Iterator[str]:
    """A loopback address that answers every path with `render(path)`, and /static/ with our files."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path = self.path.split("?")[0]
            if path.startswith("/static/"):
                body, kind = (STATIC / path.removeprefix("/static/")).read_bytes(), KINDS[Path(path).suffix]
            else:
                body, kind = render(self.path).encode(), "text/html; charset=utf-8"
            self.send_response(200)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Security-Policy", POLICY)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


@contextmanager
def chromium() -> Iterator[Browser]:
    """The installed Chromium, without a window."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        try:
            yield browser
        finally:
            browser.close()


def violations(page: Page) -> list[str]:
    """What axe finds on the page, one line for each rule.

    The window is as tall as the page meanwhile: what a bar at its foot covers until one scrolls is no fault.
    """
    before = page.viewport_size or {"width": 1440, "height": 900}
    page.set_viewport_size({"width": before["width"], "height": _height(page)})
    page.evaluate(AXE + "; 0")
    found = page.evaluate("rules => axe.run(document, {runOnly: rules})", RULES)
    page.set_viewport_size(before)
    return [f"{one['id']}: {one['help']}: {one['nodes'][0]['html'][:160]}" for one in found["violations"]]


def _height(page: Page) -> int:
    return min(int(page.evaluate("document.documentElement.scrollHeight")), 16_000)


def sideways(page: Page) -> int:
    """How many pixels the page scrolls sideways."""
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))


def photograph(page: Page, path: Path) -> None:
    """The whole page, with the foot of the window at the foot of the page."""
    width = page.viewport_size["width"] if page.viewport_size else 1440
    page.set_viewport_size({"width": width, "height": _height(page)})
    page.screenshot(path=str(path), full_page=True)


def picture_folder(otherwise: Path) -> Path:
    """The folder named by FORESTALL_PICTURES, else `otherwise`."""
    folder = Path(os.environ.get("FORESTALL_PICTURES") or otherwise)
    folder.mkdir(parents=True, exist_ok=True)
    return folder
