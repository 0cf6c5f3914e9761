"""What the sheets, the script and the templates promise: one direction-free style, no inline anything, a ramp that
survives grey."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path

import pytest

import forestall.workspace

ROOM = Path(forestall.workspace.__file__).parent
STATIC = ROOM / "static" / "forestall"
TOKENS = (STATIC / "tokens.css").read_text(encoding="utf-8")
SHEET = (STATIC / "forestall.css").read_text(encoding="utf-8")
TEMPLATES = sorted((ROOM / "templates").rglob("*.html"))
PHYSICAL = re.compile(
    r"(?<![-\w])(?:(?:margin|padding|border|scroll-margin|scroll-padding)-(?:left|right|top|bottom)|left|right"
    r"|(?:min-|max-)?(?:width|height)(?=\s*:[^)]*;)|text-align\s*:\s*(?:left|right)|float)\s*(?::|;)"
)
MOTION = re.compile(r"\b(?:animation|@keyframes|blink)\b")


def without_comments(css: str) -> str:
    return re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)


@pytest.mark.parametrize("css", [TOKENS, SHEET], ids=["tokens", "forestall"])
def test_the_style_knows_no_left_and_no_right(css: str) -> None:
    assert PHYSICAL.findall(without_comments(css)) == []


def test_the_search_for_physical_properties_finds_them() -> None:
    for wrong in (
        "margin-left: 1px;",
        "{left: 0;}",
        "text-align: right;",
        "a { float: left; }",
        "b { width: 2px; }",
    ):
        assert PHYSICAL.search(wrong), wrong


def test_nothing_blinks() -> None:
    assert not MOTION.search(without_comments(SHEET))


def test_only_the_tokens_know_a_raw_colour() -> None:
    body = without_comments(SHEET)
    body = re.sub(
        r"\.sheet \{.*?\}", "", body, flags=re.DOTALL
    )  # paper is white whatever the reader's scheme
    body = body.split("@media print", 1)[0]
    assert set(re.findall(r"#[0-9a-fA-F]{3,8}\b", body)) <= {"#ffffff", "#hatch", "#map"}


def _block(css: str, opening: str) -> dict[str, str]:
    start = css.index(opening) + len(opening)
    return dict(re.findall(r"(--[\w-]+):\s*([^;]+);", css[start : css.index("}", start)]))


LIGHT = _block(TOKENS, ":root {")
DARK = _block(TOKENS, ':root:not([data-theme="light"]) {')
DARK_BY_HAND = _block(TOKENS, ':root[data-theme="dark"] {')


def test_dark_is_the_same_whether_the_system_or_the_reader_chose_it() -> None:
    assert DARK == DARK_BY_HAND
    assert len(DARK) > 40


def _luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _contrast(one: str, other: str) -> float:
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("scheme", [LIGHT, {**LIGHT, **DARK}], ids=["light", "dark"])
def test_each_step_of_concern_differs_from_the_next_in_grey(scheme: dict[str, str]) -> None:
    ramp = [scheme[f"--c{step}"] for step in range(6)]
    assert min(_contrast(one, other) for one, other in pairwise(ramp)) >= 1.4
    lights = [_luminance(colour) for colour in ramp]
    assert lights in (sorted(lights), sorted(lights, reverse=True))


@pytest.mark.parametrize("scheme", [LIGHT, {**LIGHT, **DARK}], ids=["light", "dark"])
def test_text_can_be_read_on_everything_it_stands_on(scheme: dict[str, str]) -> None:
    pairs = [
        (ink, ground)
        for ink in ("--ink", "--ink-2", "--ink-3", "--act", "--bad")
        for ground in ("--paper", "--wash")
    ]
    pairs += [(f"--on-c{step}", f"--c{step}") for step in range(6)]
    pairs += [(f"--level-{level}-ink", f"--level-{level}-bg") for level in range(4)]
    poor = {pair: _contrast(scheme[pair[0]], scheme[pair[1]]) for pair in pairs}
    assert {pair: value for pair, value in poor.items() if value < 4.5} == {}


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_a_template_holds_no_style_no_script_and_no_handler(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"\sstyle\s*=|<style\b", text)
    assert not re.search(r"\son[a-z]+\s*=\s*[\"']", text)
    assert not re.search(r"<script\b(?![^>]*\bsrc=)", text)
    assert "javascript:" not in text


def test_charts_and_marks_bring_no_style_of_their_own() -> None:
    for path in [ROOM / "charts.py", *(ROOM / "templatetags").glob("*.py")]:
        assert not re.search(r"style=\\?[\"']", path.read_text(encoding="utf-8")), path.name
    assert "style=" not in (STATIC / "glyphs.svg").read_text(encoding="utf-8")


def test_our_script_stays_small_and_asks_nothing_of_another_host() -> None:
    scripts = [path.read_text(encoding="utf-8") for path in STATIC.rglob("*.js")]
    assert sum(len(script.splitlines()) for script in scripts) < 3_000
    assert not any(
        re.search(r"https?://|fetch\((?!root\.dataset\.drafts)|XMLHttpRequest|eval\(|innerHTML", script) for script in scripts
    )


def test_the_style_asks_nothing_of_another_host() -> None:
    assert not re.search(r"url\(\s*[\"']?(?:https?:)?//|@import", TOKENS + SHEET)


def test_every_font_named_is_here_with_its_licence() -> None:
    named = re.findall(r'url\("(fonts/[^"]+)"\)', TOKENS)
    assert named
    assert all((STATIC / name).is_file() for name in named)
    assert "SIL OPEN FONT LICENSE" in (STATIC / "fonts" / "OFL.txt").read_text(encoding="utf-8").upper()


def test_every_symbol_in_the_sprite_follows_the_reader_s_colours() -> None:
    sprite = (STATIC / "glyphs.svg").read_text(encoding="utf-8")
    assert not re.search(r"#[0-9a-fA-F]{3,6}\b", sprite)
