"""Web pages as they are saved: what is told, and what merely stands around it."""

from __future__ import annotations

import pytest

TOLD = "The ferry runs again. Growers in the hills asked for two more boats before the harvest."


def page(around: str, told: str = TOLD) -> bytes:
    return f"<html lang=en><head><title>Ferry</title></head><body>{around}<div><p>{told}</p></div></body></html>".encode()


@pytest.mark.parametrize(
    "around",
    [
        "<nav><a>Brazil</a></nav>",
        "<div class='main-nav'>Brazil | France</div>",
        "<ul id=menu><li>Brazil</li></ul>",
        "<div role=navigation>Brazil</div>",
        "<table class=sidebar><tr><td>Brazil</td></tr></table>",
        "<div class='related'><div><p>Brazil wins again</p></div></div>",
    ],
)
def test_menus_and_margins_are_no_part_of_a_short_page_s_text(take, around):
    record = take("page.html", page(around)).records[0]

    assert record.body == TOLD


def test_a_page_that_is_all_margin_keeps_its_text(take):
    record = take(
        "page.html", f"<html><body><div class=sidebar><p>{TOLD}</p></div></body></html>".encode()
    ).records[0]

    assert record.body == TOLD


def test_a_body_named_after_its_margin_is_no_margin(take):
    content = page("").replace(b"<body>", b"<body class='has-sidebar'>")

    assert take("page.html", content).records[0].body == TOLD
