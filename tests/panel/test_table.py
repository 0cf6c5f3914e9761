"""A panel knows absent from zero, and can be taken back to what was known in a year."""

import numpy as np
import pytest

from forestall.base.errors import Refused
from forestall.panel import OSV_COMING_YEAR, Panel, shipped_months, shipped_years


@pytest.fixture
def panel():
    return Panel(
        units=("AAA", "BBB", "CCC"),
        times=(2001, 2002, 2003),
        columns={"os_best": np.array([[0.0, 24.0, 25.0], [30.0, 0.0, 0.0], [np.nan, np.nan, 99.0]])},
        vintage="made up",
    )


def test_taken_back_to_a_year_later_years_and_later_states_are_gone(panel):
    known = panel.upto(2002)
    assert known.units == ("AAA", "BBB")
    assert known.last == 2002
    assert known.column("os_best").tolist() == [[0, 24], [30, 0]]


def test_the_threshold_itself_counts_and_one_below_does_not(panel):
    events = OSV_COMING_YEAR.events(panel)
    assert events[0].tolist() == [0, 0, 1]
    assert np.isnan(events[2, 0])


def test_the_label_of_the_last_year_is_unknown_and_not_zero(panel):
    labels = OSV_COMING_YEAR.labels(panel)
    assert labels[0, :2].tolist() == [0, 1]
    assert np.isnan(labels[:, 2]).all()


def test_quiet_means_no_event_in_the_last_year_nor_in_the_one_before(panel):
    assert OSV_COMING_YEAR.quiet(panel).tolist() == [False, True, False]
    assert OSV_COMING_YEAR.quiet(panel.upto(2002)).tolist() == [True, False]


def test_a_year_outside_the_panel_is_refused_with_its_span(panel):
    with pytest.raises(Refused, match="2001 to 2003; 2004 lies outside"):
        panel.upto(2004)


def test_a_column_the_panel_lacks_is_refused_with_those_it_has(panel):
    with pytest.raises(Refused, match="no column oil; it has os_best"):
        panel.column("oil")


def test_the_digest_moves_with_any_figure(panel):
    changed = panel.changed_after(2002, lambda later: later + 1)
    assert changed.digest() != panel.digest()
    assert changed.upto(2002).digest() == panel.upto(2002).digest()


def test_the_shipped_years_agree_with_the_published_totals():
    panel = shipped_years()
    assert (panel.first, panel.last, panel.vintage) == (1989, 2024, "25.1")
    rwanda = panel.column("os_best")[panel.units.index("RWA"), panel.position(1994)]
    total = sum(float(np.nansum(panel.column(name)[:, -1])) for name in ("sb_best", "ns_best", "os_best"))
    assert rwanda == 770581
    assert total == 160900


def test_in_no_shipped_cell_does_the_best_count_lie_above_the_high_one():
    panel = shipped_years()
    here = panel.exists()
    assert (panel.column("os_best")[here] <= panel.column("os_high")[here]).mean() > 0.999


def test_the_shipped_months_run_to_the_middle_of_2021():
    panel = shipped_months()
    assert panel.as_of.isoformat() == "2021-06-30"
    assert len(panel.times) == 390
    assert panel.exists()[panel.units.index("SSD")].sum() == 120
