"""Forecasts: the order by chance is a recorded choice, the record of the risk model stands beside it."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.utils.html import escape

from forestall.record.models import Entry
from forestall.riskmodels import cards

from .ranking import keep_run

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def plain_surroundings() -> Iterator[None]:
    """These are whole pages, with the product's own surroundings."""
    yield


@pytest.fixture
def ranked_world(keeper: Any) -> Callable[[], Any]:
    """`ranked_world()`: the world's forecast is kept, under the label a ranking carries."""
    return lambda: keep_run(keeper)


def lines(response: Any) -> list[list[str]]:
    return list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))


def without_tokens(response: Any) -> str:
    """The page without the tokens of its forms, which are new each time."""
    return re.sub(r'(csrfmiddlewaretoken" value=")[^"]+', r"\1", response.content.decode())


def test_without_a_run_the_page_says_what_to_do_next_to_who_may_do_it(signed_in: Callable[[str], Any]) -> None:
    assert "/forecasts/run/" in signed_in("alice").get("/forecasts/").content.decode()
    assert "/forecasts/run/" not in signed_in("ivo").get("/forecasts/").content.decode()


def test_who_may_not_see_the_run_finds_the_page_as_if_there_were_none(
    signed_in: Callable[[str], Any], ranked_world: Callable[[], Any]
) -> None:
    run = ranked_world()
    dora = signed_in("dora")
    assert "no run of a risk model that you may see" in dora.get("/forecasts/").content.decode()
    unseen = dora.get(f"/forecasts/?run={run.id}")
    never = dora.get("/forecasts/?run=00000000-0000-4000-8000-000000000000")
    assert (unseen.status_code, never.status_code) == (404, 404)
    assert without_tokens(unseen) == without_tokens(never).replace("00000000-0000-4000-8000-000000000000", str(run.id))
    assert dora.get("/forecasts/URY/").status_code == 404


def test_states_stand_by_name_and_nobody_is_put_in_the_record_for_it(
    signed_in: Callable[[str], Any], ranked_world: Callable[[], Any]
) -> None:
    ranked_world()
    page = signed_in("alice").get("/forecasts/")
    names = [one.name for one in page.context["rows"]]
    assert names[0] == "Afghanistan"
    assert len(names) == 195
    assert page.context["chart"] == ""
    assert not Entry.objects.filter(verb="ranking opened").exists()


def test_ordering_by_chance_is_a_choice_and_is_recorded(
    signed_in: Callable[[str], Any], ranked_world: Callable[[], Any], people: Any
) -> None:
    run = ranked_world()
    page = signed_in("alice").get("/forecasts/?sort=-chance")
    chances = [one.chance for one in page.context["rows"] if one.chance is not None]
    assert chances == sorted(chances, reverse=True)
    entry = Entry.objects.get(verb="ranking opened")
    assert (entry.by, entry.object_id) == (str(people.alice.id), run.id)


def test_the_risk_model_stands_beside_every_anchor_on_held_back_years(
    signed_in: Callable[[str], Any], ranked_world: Callable[[], Any]
) -> None:
    run = ranked_world()
    page = signed_in("alice").get("/forecasts/")
    rows = {one.id: {score.key: score.value for score in one.scores} for one in page.context["skill"]}
    assert set(rows) == {"osv-logistic", "climatology", "conflictology", "no-change"}
    assert all(set(each) == {"auc", "ap", "brier", "log_loss", "onset_auc", "onset_ap"} for each in rows.values())
    assert rows["osv-logistic"]["auc"] == run.skill["held_back"]["auc"]
    assert run.skill["held_back"]["first_origin"] == 2013
    assert "Held-out years 2014 to 2024" in page.content.decode()


def test_calibration_weaknesses_forbidden_uses_and_citation_are_on_the_page(
    signed_in: Callable[[str], Any], ranked_world: Callable[[], Any]
) -> None:
    ranked_world()
    page = signed_in("alice").get("/forecasts/")
    told = page.content.decode()
    assert sum(one.count for _, one in page.context["bins"]) > 4000
    assert all(one.low <= one.observed <= one.high for _, one in page.context["bins"])
    assert "Any finding of fact or law about a State or a person" in told
    assert "Is slow on first onsets" in told
    assert "Davies, S., Pettersson, T." in told
    assert "CC BY 4.0" in told


def test_why_a_state_shows_drivers_that_add_up_and_opens_its_figures(
    signed_in: Callable[[str], Any], ranked_world: Callable[[], Any]
) -> None:
    run = ranked_world()
    alice = signed_in("alice")
    page = alice.get("/forecasts/URY/")
    assert page.context["start"] + page.context["total"] == pytest.approx(page.context["end"])
    assert [one["year"] for one in page.context["counts"]] == list(range(run.origin, 1988, -1))
    told = lines(alice.get("/forecasts/URY/?format=csv"))
    assert "Alice" in told[0][0]
    assert told[2][0] == str(run.origin)
    assert told[2][-1].startswith("UCDP")


@pytest.mark.parametrize("code", ["PSE", "ZZK", "CSK", "QQQ"])
def test_what_the_run_has_no_chance_for_has_no_why(
    signed_in: Callable[[str], Any], ranked_world: Callable[[], Any], code: str
) -> None:
    ranked_world()
    assert signed_in("alice").get(f"/forecasts/{code}/").status_code == 404


def test_only_who_may_run_forecasts_does_and_a_refusal_is_a_sentence(
    signed_in: Callable[[str], Any], ranked_world: Callable[[], Any]
) -> None:
    refused = signed_in("bob").post("/forecasts/run/", {"back": "/forecasts/"}, follow=True)
    assert refused.redirect_chain[-1][0] == "/forecasts/"
    assert "do not let you run the forecasts" in refused.content.decode()
    assert not Entry.objects.filter(verb="forecast run").exists()


def test_the_same_figures_give_the_run_that_is_there(
    signed_in: Callable[[str], Any], ranked_world: Callable[[], Any]
) -> None:
    ranked_world()
    again = signed_in("alice").post("/forecasts/run/", {"back": "/forecasts/"}, follow=True)
    assert again.status_code == 200
    assert Entry.objects.filter(verb="forecast run").count() == 1


def test_the_file_names_who_took_it_and_the_record_has_it(
    signed_in: Callable[[str], Any], ranked_world: Callable[[], Any]
) -> None:
    ranked_world()
    told = lines(signed_in("alice").get("/forecasts/?format=csv"))
    assert "Confidential · Alice" in told[0][0]
    assert len([line for line in told[2:] if line]) >= 195
    assert Entry.objects.filter(verb="ranking exported").count() == 1


@pytest.mark.parametrize("language", ["fr", "ar"])
@pytest.mark.parametrize("address", ["/forecasts/", "/forecasts/URY/", "/states/URY/", "/states/?view=risk"])
def test_no_text_of_a_risk_models_card_is_told_in_english(
    signed_in: Callable[[str], Any], ranked_world: Callable[[], Any], language: str, address: str
) -> None:
    ranked_world()
    alice = signed_in("alice")
    alice.post("/language/", {"language": language})
    page = alice.get(address).content.decode()
    assert f'lang="{language}"' in page
    for card in cards().values():
        for words in (card.title, card.summary, card.outcome, *card.features, *card.weaknesses, *card.forbidden):
            assert str(words) not in page and escape(str(words)) not in page
