"""Nothing of or about a survivor or a source reaches more people before it was looked at whether anybody could be recognised."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from django.test import Client

from forestall.access import actions, decisions, labelling, recognising
from forestall.access.models import Decision
from forestall.access.session import bound_to
from forestall.base.errors import Refused
from forestall.labels.label import Level
from forestall.labels.models import everything
from forestall.monitoring.actions import release

pytestmark = pytest.mark.django_db
EVERY = tuple(recognising.QUESTIONS)


@pytest.fixture(params=["SURV", "SRC"])
def testimony(request: pytest.FixtureRequest, make_item: Callable[..., Any], people: Any, session_of: Callable[..., Any]) -> Any:
    """What a survivor or a source said, which Dan and Bob may see."""
    for person in (people.dan, people.bob):
        actions.let_into(person, compartments=frozenset({request.param}), by="system:keeper", second="system:keeper")
    item = make_item("What she saw", "She saw the lists.", level=2)
    return labelling.hold_closer(item, label=item.label.within(request.param), by=session_of("dan"))


def lowering(thing: Any) -> dict[str, Any]:
    return labelling.terms_of(replace(thing.label, compartments=frozenset({"desk:karvania"})))


def releasing(looked: tuple[str, ...]) -> dict[str, Any]:
    return release.terms_of(
        title="Lists", text="Lists were made.", level=1, compartments=frozenset(), countries=["ZZK"], looked=looked
    )


@pytest.mark.parametrize("left_out", EVERY)
def test_U19_no_label_is_lowered_before_every_question_was_looked_at(testimony: Any, session_of: Callable[..., Any], left_out: str) -> None:
    dan = session_of("dan")
    answers = recognising.answered(one for one in EVERY if one != left_out)
    for terms in (lowering(testimony), lowering(testimony) | answers):
        with bound_to(dan), pytest.raises(Refused, match="could be recognised"):
            decisions.propose(labelling.LOWER, about=testimony, reason="the report is public now", by=dan, terms=terms)


@pytest.mark.parametrize("left_out", EVERY)
def test_U19_no_words_are_released_before_every_question_was_looked_at(
    testimony: Any, session_of: Callable[..., Any], left_out: str
) -> None:
    dan = session_of("dan")
    for looked in ((), tuple(one for one in EVERY if one != left_out), ("anything",)):
        with bound_to(dan), pytest.raises(Refused, match="could be recognised"):
            decisions.propose(release.RELEASE, about=testimony, reason="for the note", by=dan, terms=releasing(looked))


def test_U19_with_the_answers_it_goes_on_and_the_second_person_reads_them(testimony: Any, session_of: Callable[..., Any]) -> None:
    dan, bob = session_of("dan"), session_of("bob")
    with bound_to(dan):
        terms = lowering(testimony) | recognising.answered(EVERY)
        one = decisions.propose(labelling.LOWER, about=testimony, reason="the report is public now", by=dan, terms=terms)
    told = [str(words) for words in labelling._label_words(one.terms)]
    assert {str(words) for words in recognising.QUESTIONS.values()} <= set(told)
    with bound_to(bob):
        decisions.agree(one, by=bob)
    testimony.refresh_from_db()
    assert testimony.label.compartments == {"desk:karvania"}


def test_U19_the_pages_ask_and_a_form_that_leaves_them_out_is_refused(testimony: Any, signed_in: Callable[[str], Client]) -> None:
    address = f"/labels/monitoring.item/{testimony.id}/onward/"
    dan = signed_in("dan")
    assert dan.get(address).content.decode().count('name="looked"') == len(EVERY)
    assert dan.get(f"/labels/monitoring.item/{testimony.id}/").content.decode().count('name="looked"') == len(EVERY)
    form = {"act": "release", "title": "Lists", "text": "Lists were made.", "level": "1", "reason": "for the note", "back": address}
    dan.post(address, form)
    assert not everything(Decision).exists()
    dan.post(address, {**form, "looked": list(EVERY)})
    assert everything(Decision).get().terms["looked"] == sorted(EVERY)


def test_U19_what_is_of_no_survivor_and_no_source_is_not_asked_for(
    make_item: Callable[..., Any], session_of: Callable[..., Any], signed_in: Callable[[str], Client]
) -> None:
    item, dan = make_item("Lists of households", "A list is made.", level=2), session_of("dan")
    with bound_to(dan):
        decisions.propose(
            labelling.LOWER, about=item, reason="it is public", by=dan, terms=labelling.terms_of(replace(item.label, level=Level.INTERNAL))
        )
    assert 'name="looked"' not in signed_in("dan").get(f"/labels/monitoring.item/{item.id}/").content.decode()
