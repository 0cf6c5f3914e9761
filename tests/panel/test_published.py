"""UCDP's files become panels, and what is no such file is told in a sentence."""

import gzip
import io
import zipfile

import numpy as np
import pytest

from forestall.base.errors import Malformed
from forestall.panel.published import country_months, country_years, ucdp_units
from forestall.panel.table import Grain

HEADER = "iso3,year,sb_best,ns_best,os_best,os_low,os_high"
YEARS = f"{HEADER}\nAFG,1989,5,0,30,20,40\nAFG,1990,7,1,0,0,0\nTCD,1990,0,0,25,25,25\n"
PUBLISHED = (
    "country_id_cy,country_cy,year_cy,sb_total_deaths_best_cy,ns_total_deaths_best_cy,"
    "os_total_deaths_best_cy,os_total_deaths_low_cy,os_total_deaths_high_cy,version\n"
    '700,Afghanistan,1989,5,0,30,20,40,25.1\n490,"DR Congo (Zaire)",1989,0,0,25,25,25,25.1\n'
)
EVENTS = (
    "id,country_id,country,type_of_violence,date_start,date_end,best,source\n"
    '1,700,Afghanistan,3,2020-01-30 00:00:00.000,2020-02-02 00:00:00.000,9,"a, b"\n'
    "2,700,Afghanistan,3,2020-02-10 00:00:00.000,2020-02-10 00:00:00.000,4,x\n"
    "3,490,DR Congo (Zaire),1,2020-03-01 00:00:00.000,2020-03-01 00:00:00.000,2,x\n"
)
MONTHS = (
    "country_id,country,isoab,year,month,month_id,best_sb,best_ns,best_os,count_sb,count_ns,count_os\n"
    "133,Afghanistan,AFG,2006,6,318,1,2,3,0,0,0\n"
    "227,,,2006,6,318,1,0,0,0,0,0\n"
    "233,Serbia,SRB,2006,6,318,2,0,0,0,0,0\n"
)


def years(text, *, name="years.csv"):
    return country_years(text.encode(), name=name, vintage="test")


def months(text):
    return country_months(text.encode(), name="months.csv", vintage="test")


def told(call, *given):
    with pytest.raises(Malformed) as refusal:
        call(*given)
    return str(refusal.value)


def test_a_year_before_a_state_enters_the_source_is_absent_and_not_zero():
    panel = years(YEARS)
    assert panel.units == ("AFG", "TCD")
    assert np.isnan(panel.column("os_best")[1, 0])
    assert panel.column("os_best")[0].tolist() == [30, 0]


def test_the_published_file_gives_the_same_panel_as_the_reduced_one():
    panel = years(PUBLISHED)
    assert panel.units == ("AFG", "COD")
    assert panel.column("os_high")[0, 0] == 40
    assert panel.column("os_low")[1, 0] == 25


def test_plain_gzipped_and_zipped_files_read_alike():
    box = io.BytesIO()
    with zipfile.ZipFile(box, "w") as archive:
        archive.writestr("organizedviolencecy_v25_1.csv", YEARS)
        archive.writestr("readme.txt", "words")
    plain = years(YEARS)
    for data in (gzip.compress(YEARS.encode()), box.getvalue()):
        assert country_years(data, name="packed", vintage="test").digest() == plain.digest()


def test_a_byte_order_mark_is_not_part_of_the_first_column():
    assert years("\ufeff" + YEARS).digest() == years(YEARS).digest()


def test_a_later_edition_with_another_year_and_more_columns_reads_the_same_way():
    longer = years(
        f"{HEADER},new_column\nAFG,1989,5,0,30,20,40,x\nAFG,1990,7,1,0,0,0,x\n"
        "AFG,1991,0,0,0,0,0,x\nTCD,1990,0,0,25,25,25,x\nTCD,1991,1,0,0,0,0,x\n"
    )
    assert longer.last == 1991
    assert longer.upto(1990).digest() == years(YEARS).digest()


def test_events_count_in_the_month_in_which_they_ended_and_quiet_months_are_zero():
    panel = months(EVENTS)
    afghanistan, congo = panel.units.index("AFG"), panel.units.index("COD")
    assert panel.grain is Grain.MONTH
    assert panel.times == (2020 * 12 + 1, 2020 * 12 + 2)
    assert panel.column("os_best")[afghanistan].tolist() == [13, 0]
    assert panel.column("sb_best")[congo].tolist() == [0, 2]
    assert len(panel.units) == 196


def test_months_of_a_unit_without_a_code_join_their_successor():
    panel = months(MONTHS)
    assert panel.units == ("AFG", "SRB")
    assert panel.column("sb_best")[1, 0] == 3


def test_the_day_of_a_monthly_panel_is_the_last_of_its_month():
    assert months(MONTHS).as_of.isoformat() == "2006-06-30"
    assert years(YEARS).as_of.isoformat() == "1990-12-31"


def test_a_web_page_instead_of_a_table_is_told_as_such():
    sentence = told(years, "<!DOCTYPE html><html><body>Sign in, please</body></html>")
    assert sentence == "years.csv is a web page, not a table: the address answered with HTML."


@pytest.mark.parametrize("text", ["", "\n", "one\n"])
def test_a_file_without_a_header_is_told_as_such(text):
    assert "no header" in told(years, text)


def test_a_file_with_a_header_alone_holds_no_rows():
    assert "holds no rows" in told(years, HEADER + "\n")


def test_missing_columns_are_named():
    sentence = told(years, "iso3,year,sb_best,os_best\nAFG,1989,1,2\n")
    assert "ns_best, os_low, os_high" in sentence


@pytest.mark.parametrize("text", ["", "NaN", "nan", "inf", "-3", "2.5", "many", "NA"])
def test_a_count_that_is_no_count_is_told_with_line_column_and_text(text):
    sentence = told(years, f"{HEADER}\nAFG,1989,1,0,0,0,0\nAFG,1990,1,0,{text},0,0\n")
    assert "line 3" in sentence and "os_best" in sentence and f"'{text}'" in sentence


@pytest.mark.parametrize("text", ["19x9", "1", "99999", ""])
def test_a_year_that_is_no_year_is_told(text):
    assert "year should be a number" in told(years, f"{HEADER}\nAFG,{text},1,0,0,0,0\n")


def test_a_line_cut_short_is_told():
    assert "line 3: 3 fields where the header has 7" in told(
        years, f"{HEADER}\nAFG,1989,1,0,0,0,0\nAFG,1990,1\n"
    )


def test_a_second_row_for_the_same_state_and_year_is_told():
    assert "second row for 1989" in told(years, f"{HEADER}\nAFG,1989,1,0,0,0,0\nAFG,1989,1,0,0,0,0\n")


def test_a_state_that_disappears_and_comes_back_is_a_gap_and_not_peace():
    rows = "".join(f"TCD,{year},0,0,0,0,0\n" for year in (1989, 1990, 1991))
    assert "AFG have a gap" in told(years, f"{HEADER}\n{rows}AFG,1989,1,0,0,0,0\nAFG,1991,1,0,0,0,0\n")


def test_a_year_without_any_row_is_told():
    assert "no row at all for 1990" in told(years, f"{HEADER}\nAFG,1989,1,0,0,0,0\nTCD,1991,1,0,0,0,0\n")


def test_a_country_number_nobody_knows_is_told_and_not_dropped():
    assert "country number 9999" in told(years, PUBLISHED.replace("490,", "9999,"))


def test_a_kind_of_violence_nobody_knows_is_told():
    assert "type_of_violence" in told(months, EVENTS.replace("Afghanistan,3", "Afghanistan,7", 1))


def test_a_day_that_is_no_day_is_told():
    assert "date_end" in told(months, EVENTS.replace("2020-02-10 00:00:00.000,4", "soon,4"))


def test_a_packed_file_cut_short_is_told():
    with pytest.raises(Malformed, match="damaged or cut short"):
        country_years(gzip.compress(YEARS.encode())[:-20], name="cut.csv.gz", vintage="test")


def test_bytes_that_are_no_text_are_told():
    with pytest.raises(Malformed, match="damaged or cut short"):
        country_years(b"iso3,year\n\xff\xfe\xfa,1\n", name="years.csv", vintage="test")


def test_a_zip_file_must_hold_one_table():
    box = io.BytesIO()
    with zipfile.ZipFile(box, "w") as archive:
        archive.writestr("a.csv", YEARS)
        archive.writestr("b.csv", YEARS)
    with pytest.raises(Malformed, match="holds 2"):
        country_years(box.getvalue(), name="two.zip", vintage="test")


def test_every_country_of_the_source_has_one_number_and_one_code():
    units = ucdp_units()
    assert len(units) == 199
    assert len({unit.iso3 for unit in units.values()}) == 199
    assert sum(unit.stands_in(2024) for unit in units.values()) == 196
    assert not units["626"].stands_in(2010) and units["626"].stands_in(2011)
