"""What every story stands on: one played exercise, a copy of it for each story, a server, a browser."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from . import server
from .serving import forestall

FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--no-first-run",
]  # fmt: skip
BROKEN = pytest.StashKey[bool]()
BROWSERS = ("chromium", "chromium-browser", "google-chrome")


@pytest.fixture
def chromium() -> Iterator[Any]:
    """The installed Chromium, driven by Playwright. Skips where it is missing, unless FORESTALL_TEST_REQUIRE names it."""
    where = next((found for name in BROWSERS if (found := shutil.which(name))), None)
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        where = None
    if where is None:
        missing = "The stories need Chromium on the PATH (Debian: apt install chromium) and playwright."
        if "chromium" in os.environ.get("FORESTALL_TEST_REQUIRE", ""):
            pytest.fail(missing)
        pytest.skip(missing)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=where, args=FLAGS)
        try:
            yield browser
        finally:
            browser.close()


@pytest.fixture(scope="session")
def played(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """An exercise played to its end, once for all workers; nobody works in it."""
    shared = tmp_path_factory.getbasetemp()
    if worker_id != "master":
        shared = shared.parent
    home = shared / "played-exercise"
    with _alone(shared / "played-exercise.lock"):
        if not (shared / "played-exercise.json").exists():
            shutil.rmtree(home, ignore_errors=True)
            told = forestall("demo", "--no-serve", "--json", home=home)
            (shared / "played-exercise.json").write_text(told.splitlines()[-1], encoding="utf-8")
    report = json.loads((shared / "played-exercise.json").read_text(encoding="utf-8"))
    assert report["log"]["verified"], "the exercise was played and its record holds"
    return home


@pytest.fixture
def exercise_home(played: Path, tmp_path: Path) -> Path:
    """This story's own copy of the played exercise."""
    server.copy(played, to=tmp_path / "home")
    return Path(shutil.copytree(played, tmp_path / "home"))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    """Keep whether the story broke, so that what stood on its screens can be told."""
    report = yield
    if report.when == "call":
        item.stash[BROKEN] = report.failed
    return report


@pytest.fixture
def browsing(chromium: Any, request: pytest.FixtureRequest) -> Iterator[Callable[..., Any]]:
    """`browsing(javascript=False)`: a new window, with cookies of its own. A broken story tells what stood there last."""
    opened = []

    def window(*, javascript: bool = True, dark: bool = False, width: int = 1440) -> Any:
        context = chromium.new_context(
            viewport={"width": width, "height": 900},
            java_script_enabled=javascript,
            color_scheme="dark" if dark else "light",
            accept_downloads=True,
        )
        opened.append(context)
        return context.new_page()

    yield window
    for context in opened:
        if request.node.stash.get(BROKEN, True):
            _tell(context.pages[0])
        context.close()


def _tell(page: Any) -> None:
    print(f"\n{page.url}\n{page.locator('body').aria_snapshot()}")


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    with path.open("w", encoding="utf-8") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        try:
            yield
        finally:
            fcntl.flock(lock, fcntl.LOCK_UN)
