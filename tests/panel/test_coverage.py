"""Every Member and observer State is in the panel or is told where its deaths are counted."""

import pytest

from forestall import places
from forestall.panel import coverage, shipped_months, shipped_years
from forestall.panel.coverage import counted_before, enclosures


@pytest.fixture(scope="module")
def states():
    return {state.iso3: state.names["en"] for state in places.member_and_observer_states()}


def test_all_195_states_are_covered_once_each_with_a_sentence(states):
    found = coverage(shipped_years(), states=states, names=states)
    assert [entry.code for entry in found] == list(states)
    assert len(found) == 195
    assert all(states[entry.code] in str(entry.sentence) for entry in found)


def test_one_state_is_not_coded_apart_and_the_reader_learns_where_it_is_counted(states):
    found = [entry for entry in coverage(shipped_years(), states=states, names=states) if not entry.apart]
    assert [(entry.code, entry.within) for entry in found] == [("PSE", "ISR")]
    assert "counted in its unit Israel, whoever caused them" in str(found[0].sentence)


def test_the_unit_that_holds_another_states_deaths_says_so(states):
    (found,) = coverage(shipped_years(), states=["ISR"], names=states)
    assert found.includes == ("PSE",)
    assert "also holds deaths in State of Palestine" in str(found.sentence)


def test_a_state_of_which_the_months_know_nothing_is_neither_zero_nor_absent(states):
    found = {entry.code: entry for entry in coverage(shipped_months(), states=states, names=states)}
    assert not found["VAT"].apart
    assert "No chance is given" in str(found["VAT"].sentence)


def test_before_its_first_year_a_state_is_counted_in_the_one_it_came_from(states):
    (found,) = coverage(shipped_years().upto(2010), states=["SSD"], names=states)
    assert (found.apart, found.within) == (False, "SDN")
    assert [row.within for row in counted_before("SSD")] == ["SDN"]


def test_every_unit_that_enters_late_says_where_it_was_counted_before():
    panel = shipped_years()
    late = {unit for unit, here in zip(panel.units, panel.exists()[:, 0], strict=True) if not here}
    explained = {row.code: row for row in enclosures() if row.last_year is not None}
    assert late == set(explained)
    for unit, row in explained.items():
        first = panel.times[int(panel.exists()[panel.units.index(unit)].argmax())]
        assert first == row.last_year + 1
        assert panel.exists()[panel.units.index(row.within), panel.position(row.last_year)]


def test_each_enclosure_says_what_it_rests_on():
    assert all(len(row.note) > 20 for row in enclosures())
