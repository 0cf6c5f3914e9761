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


@pytest.mark.parametrize("title", ["country_code", "Country-Name", "ISO3_CODE", "ref.country", "adm0_pcode"])
def test_a_header_is_read_whatever_joins_its_words(title: str) -> None:
    assert table_countries(["n", title], [], [["1", "Kenya"]]) == ["KEN"]


def test_a_column_of_codes_needs_no_header_and_one_of_other_words_is_none() -> None:
    codes = [["KEN", "Mar"], ["KEN", "Apr"], ["SOM", "May"], ["ETH", "Mar"], ["ETH", "Jun"]]
    assert table_countries(["location", "month"], [], codes) == ["KEN", "ETH", "SOM"]
    assert table_countries(["unit", "n"], [], [["MAR", "1"], ["APR", "2"], ["MAY", "3"], ["JUN", "4"], ["JUL", "5"]]) == []
    assert table_countries(["location"], [], [["KEN"]] * 4) == []


def test_a_country_far_down_a_long_table_is_counted_too() -> None:
    rows = [["Kenya"]] * 6_000 + [["Somalia"]] * 7_000
    assert table_countries(["country"], [], rows) == ["SOM", "KEN"]
