"""A table says in its own columns which countries it speaks of."""

from __future__ import annotations

import pytest

from forestall.suggesters.place.columns import table_countries


@pytest.mark.parametrize(
    ("header", "tags", "rows", "codes"),
    [
        (["iso3", "deaths"], [], [["MLI", "3"], ["NGA", "4"], ["MLI", "1"]], ["MLI", "NGA"]),
        (["Date", "Country"], [], [["2026-01-01", "Democratic Republic of the Congo"]], ["COD"]),
        (["Pays"], [], [["Côte d'Ivoire"], [""]], ["CIV"]),
        (["a", "b"], ["#date", "#country+name"], [["x", "Soudan"]], ["SDN"]),
        (["البلد"], [], [["السودان"]], ["SDN"]),
        (["Country"], [], [["Congo"]], []),
        (["Name"], [], [["Chad"], ["Jordan"]], []),
        (["Country", "deaths"], [], [[]], []),
    ],
)
def test_countries_come_from_the_columns_that_hold_them(
    header: list[str], tags: list[str], rows: list[list[str]], codes: list[str]
) -> None:
    assert table_countries(header, tags, rows) == codes
