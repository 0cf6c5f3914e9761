"""What holds for every risk model of the catalogue, whoever adds one."""

import math

import numpy as np
import pytest

from forestall.backtest import leaks
from forestall.base.errors import Malformed, Refused
from forestall.panel import OSV_COMING_YEAR, shipped_years
from forestall.riskmodels import cards, models, risk_model
from forestall.riskmodels.contract import read_card

NAMES = list(cards())


@pytest.fixture(scope="module")
def panel():
    return shipped_years()


@pytest.fixture(scope="module", params=NAMES)
def forecasts(request, panel):
    fitted = risk_model(request.param).fit(panel, origin=2015, outcome=OSV_COMING_YEAR)
    return fitted.forecast(panel), fitted.probabilities(panel), panel.upto(2015)


def test_the_catalogue_holds_anchors_and_at_least_one_that_must_beat_them():
    anchors = {name for name, card in cards().items() if card.anchor}
    assert {"climatology", "no-change", "conflictology"} <= anchors
    assert "osv-logistic" in set(NAMES) - anchors
    assert list(models()) == NAMES


def test_every_card_forbids_what_the_office_does_not_do():
    for card in cards().values():
        assert any("finding of fact or law" in str(use) for use in card.forbidden)
        assert card.weaknesses and card.intended


def test_every_state_of_the_origin_year_gets_a_chance_strictly_between_zero_and_one(forecasts):
    made, chances, known = forecasts
    assert [forecast.unit for forecast in made] == [
        unit for unit, here in zip(known.units, known.exists()[:, -1], strict=True) if here
    ]
    assert len(made) == 196
    assert all(0 < forecast.probability < 1 for forecast in made)
    assert [forecast.probability for forecast in made] == chances[~np.isnan(chances)].tolist()


def test_the_interval_holds_the_chance_and_stays_within_zero_and_one(forecasts):
    for forecast in forecasts[0]:
        assert 0 <= forecast.low <= forecast.probability <= forecast.high <= 1
    assert any(forecast.low < forecast.high for forecast in forecasts[0])


def test_reference_and_drivers_add_up_to_the_chance(forecasts):
    for forecast in forecasts[0]:
        total = forecast.reference + math.fsum(driver.log_odds for driver in forecast.drivers)
        assert abs(total - forecast.log_odds) < 1e-6


def test_drivers_speak_to_risk_factors_that_exist_and_have_names(forecasts):
    for driver in forecasts[0][0].drivers:
        assert all(1 <= number <= 14 for number in driver.factors)
        assert str(driver.name)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("origin", [1999, 2010])
def test_deleting_or_changing_the_future_moves_no_bit_of_a_forecast(name, origin, panel):
    assert leaks(risk_model(name), panel=panel, outcome=OSV_COMING_YEAR, origin=origin) == []


@pytest.mark.parametrize("name", NAMES)
def test_intervals_and_drivers_do_not_see_the_future_either(name, panel):
    def told(world):
        return risk_model(name).fit(world, origin=2010, outcome=OSV_COMING_YEAR).forecast(world)

    assert told(panel) == told(panel.upto(2010))


def test_an_unknown_risk_model_is_refused_with_those_there_are():
    with pytest.raises(Refused, match=r"There is no risk model oracle\. There are: climatology"):
        risk_model("oracle")


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (("anchor = true", ""), "anchor is missing"),
        (("anchor = true", 'anchor = "yes"'), "anchor is missing or of the wrong kind"),
        (("looks = 0", "looks = 0\nsecret = 1"), "keys nobody reads: secret"),
    ],
)
def test_a_card_that_lacks_or_adds_a_key_is_told(tmp_path, change, told):
    source = cards_folder() / "climatology" / "riskmodel.toml"
    (tmp_path / "riskmodel.toml").write_text(source.read_text("utf-8").replace(*change), "utf-8")
    with pytest.raises(Malformed, match=told):
        read_card(tmp_path / "riskmodel.toml")


def cards_folder():
    from forestall.riskmodels.entries import HERE

    return HERE
