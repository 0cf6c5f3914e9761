"""Order, page and export live in the address, and what the address asks for is taken only when it is allowed."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core.paginator import Paginator

from forestall.workspace.templatetags.parts import Column
from forestall.workspace.templatetags.tables import pages_around, table_order

Draw = Callable[..., str]
COLUMNS = [Column("name", "Situation"), Column("review", "Review"), Column("label", "Label", sortable=False)]
HEAD = "<table>{% table_head columns default='-review' %}</table>"


@pytest.mark.parametrize(
    ("asked", "order"),
    [
        ({}, ("review", True)),
        ({"sort": "name"}, ("name", False)),
        ({"sort": "-name"}, ("name", True)),
        ({"sort": "label"}, ("review", True)),
        ({"sort": "password"}, ("review", True)),
        ({"sort": "--name"}, ("review", True)),
    ],
)
def test_only_columns_that_may_be_sorted_by_are(asked: dict[str, str], order: tuple[str, bool]) -> None:
    assert table_order(asked, columns=COLUMNS, default="-review") == order


def test_a_head_tells_the_order_and_links_to_its_reverse(draw: Draw) -> None:
    drawn = draw(HEAD, path="/?sort=name&region=west", columns=COLUMNS)
    assert 'data-sort="name" aria-sort="ascending"' in drawn
    assert 'href="?sort=-name&amp;region=west"' in drawn
    assert drawn.count("aria-sort") == 1


def test_sorting_anew_starts_from_the_first_page(draw: Draw) -> None:
    assert "page=" not in draw(HEAD, path="/?page=4", columns=COLUMNS)


def test_a_column_that_cannot_be_sorted_has_no_link(draw: Draw) -> None:
    assert draw(HEAD, columns=COLUMNS).count("<a ") == 2


def test_an_export_keeps_the_filter_and_leaves_the_page_out(draw: Draw) -> None:
    drawn = draw("{% exports %}", path="/?region=west&page=3")
    assert 'href="?region=west&amp;format=csv"' in drawn
    assert 'href="?region=west&amp;format=xlsx"' in drawn


def test_an_address_cannot_break_out_of_a_link(draw: Draw) -> None:
    drawn = draw("{% exports %}", path='/?q="><script>alert(1)</script>')
    assert "<script>" not in drawn


def test_pages_are_linked_with_gaps(draw: Draw) -> None:
    drawn = draw("{% pagination page %}", path="/?region=west", page=Paginator(range(1204), 50).page(7))
    assert "301 to 350 of 1204" in drawn.replace(",", "")
    assert 'aria-current="page"' in drawn
    assert 'href="?region=west&amp;page=25"' in drawn
    assert drawn.count("…") == 2


def test_one_page_needs_no_links(draw: Draw) -> None:
    assert draw("{% pagination page %}", page=Paginator(range(3), 50).page(1)).strip() == ""


@pytest.mark.parametrize(
    ("number", "total", "shown"),
    [(1, 1, [1]), (1, 3, [1, 2, 3]), (5, 9, [1, None, 3, 4, 5, 6, 7, None, 9]), (9, 9, [1, None, 7, 8, 9])],
)
def test_the_first_the_last_and_the_near_pages_are_offered(
    number: int, total: int, shown: list[int | None]
) -> None:
    assert pages_around(number, total) == shown


def test_a_form_that_changes_one_parameter_keeps_the_others(draw: Draw) -> None:
    drawn = draw("{% hidden_query 'as_of' %}", path="/?region=west&as_of=2026-04-01&tag=a&tag=b")
    assert drawn.count("<input") == 3
    assert "as_of" not in drawn
