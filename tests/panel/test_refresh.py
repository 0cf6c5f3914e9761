"""One command builds the tables from UCDP's files, and never replaces a whole table by half of one."""

import os
from pathlib import Path

import pytest

from forestall.base.canonical import sha256
from forestall.base.errors import Malformed, Unavailable
from forestall.panel import Grain, open_table, shipped_attributions, shipped_years
from forestall.panel.refresh import address, edition_of, main, rebuilt
from forestall.panel.tablefile import DATA, packed

HEADER = "iso3,year,sb_best,ns_best,os_best,os_low,os_high\n"


def reduced(*, last=2024, without=""):
    """The shipped figures as a file of UCDP's, to `last`, later years repeated from 2024."""
    panel = shipped_years()
    lines = [HEADER]
    for row, unit in enumerate(panel.units):
        if unit == without:
            continue
        for year in range(1989, last + 1):
            column = min(year, 2024) - 1989
            if panel.exists()[row, column]:
                counts = ",".join(str(int(values[row, column])) for values in panel.columns.values())
                lines.append(f"{unit},{year},{counts}\n")
    return "".join(lines).encode()


def test_the_same_figures_give_the_same_bytes():
    panel = shipped_years()
    assert sha256(packed(panel)) == shipped_attributions()[Grain.YEAR].sha256


@pytest.mark.parametrize("grain", list(Grain))
def test_each_shipped_table_is_small_and_says_whose_it_is(grain):
    card = shipped_attributions()[grain]
    assert (DATA / f"ucdp_country_{grain.value}s.csv.gz").stat().st_size < 250_000
    assert card.licence == "CC BY 4.0"
    assert any("Sundberg" in citation for citation in card.citation)
    assert card.changes and card.built_by.startswith("python -m forestall.panel.refresh")


def test_a_folder_with_a_later_edition_builds_a_longer_table(tmp_path, capsys):
    source, home = tmp_path / "source", tmp_path / "home"
    source.mkdir()
    (source / "ucdp_os_country_year_1989_2025_v26_1.csv").write_bytes(reduced(last=2025))
    assert main(["--from-folder", str(source), "--to", str(home), "--only", "year"]) == 0
    panel = open_table(home, grain=Grain.YEAR)
    assert (panel.last, panel.vintage) == (2025, "26.1")
    assert "1989 to 2025" in capsys.readouterr().out


def test_a_file_cut_short_does_not_replace_a_whole_table(tmp_path, capsys):
    rebuilt(reduced(), grain=Grain.YEAR, name="organizedviolencecy-251-csv").write(tmp_path)
    before = (tmp_path / "ucdp_country_years.csv.gz").read_bytes()
    source = tmp_path / "source"
    source.mkdir()
    (source / "ucdp_os_country_year_v26_1.csv").write_bytes(reduced(last=2025, without="ZWE"))
    assert main(["--from-folder", str(source), "--to", str(tmp_path), "--only", "year"]) == 1
    assert "has no row for ZWE" in capsys.readouterr().err
    assert (tmp_path / "ucdp_country_years.csv.gz").read_bytes() == before


def test_an_older_edition_does_not_replace_a_newer_one():
    older = reduced(last=2023)
    with pytest.raises(Malformed, match="ends in 2023; the table it would replace reaches 2024"):
        rebuilt(older, grain=Grain.YEAR, name="x", edition="24.1", earlier=shipped_years())


def test_a_folder_without_such_a_file_says_what_was_looked_for(tmp_path, capsys):
    assert main(["--from-folder", str(tmp_path), "--to", str(tmp_path)]) == 1
    assert "organizedviolencecy" in capsys.readouterr().err


def test_a_table_somebody_touched_is_not_believed(tmp_path):
    rebuilt(reduced(), grain=Grain.YEAR, name="x", edition="25.1").write(tmp_path)
    path = tmp_path / "ucdp_country_years.csv.gz"
    path.write_bytes(path.read_bytes() + b"\0")
    with pytest.raises(Malformed, match="is not the file"):
        open_table(tmp_path, grain=Grain.YEAR)


def test_a_folder_without_a_table_says_how_to_build_one(tmp_path):
    with pytest.raises(Unavailable, match=r"forestall\.panel\.refresh"):
        open_table(tmp_path, grain=Grain.YEAR)


@pytest.mark.parametrize(
    ("name", "edition"),
    [
        ("organizedviolencecy-251-csv.zip", "25.1"),
        ("organizedviolencecy_v26_1.csv", "26.1"),
        ("ged251-csv.zip", "25.1"),
        ("GEDEvent_v26_0_3.csv", "26.0.3"),
    ],
)
def test_a_file_tells_its_edition_by_its_name(name, edition):
    assert edition_of(name) == edition


def test_a_name_that_tells_no_edition_is_refused():
    with pytest.raises(Malformed, match="does not tell its edition"):
        edition_of("data.csv")


def test_the_address_of_an_edition_is_the_publishers():
    assert address(Grain.YEAR, edition="25.1").endswith(
        "/organizedviolencecy/organizedviolencecy-251-csv.zip"
    )
    assert address(Grain.MONTH, edition="25.1").endswith("/ged/ged251-csv.zip")


@pytest.mark.skipif(
    "FORESTALL_DATA" not in os.environ, reason="FORESTALL_DATA names no folder of source files"
)
def test_the_shipped_tables_come_out_of_the_source_files_bit_by_bit(tmp_path):
    folder = Path(os.environ["FORESTALL_DATA"]) / "forecasting"
    assert main(["--from-folder", str(folder), "--to", str(tmp_path)]) == 0
    for grain in Grain:
        name = f"ucdp_country_{grain.value}s.csv.gz"
        assert (tmp_path / name).read_bytes() == (DATA / name).read_bytes()
