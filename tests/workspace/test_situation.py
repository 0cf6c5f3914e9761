"""A desk opens a situation, briefs from its page, moves it with a reason, and no other desk learns that it exists."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date, datetime
from typing import Any
from uuid import uuid4

import pytest

from forestall.access.session import bound_to
from forestall.base.clock import UTC, fixed
from forestall.labels.label import Level

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def plain_surroundings() -> Iterator[None]:
    """These pages are asked for whole, with everything that stands around them."""
    with fixed(NOON):
        yield


@pytest.fixture
def opened(session_of: Callable[..., Any]) -> Callable[..., Any]:
    """`opened("Hills")`: a situation that Alice opened for the desk of Karvania."""

    def make(title: str = "Hills of the north", *, level: Level = Level.CONFIDENTIAL) -> Any:
        from forestall.assessment.actions import situation as actions

        alice = session_of("alice")
        with bound_to(alice):
            return actions.open_situation(
                title=title, places=["ZZK"], reason="Lists are asked for", desk="karvania", level=level, by=alice
            )

    return make


@pytest.fixture
def issue(session_of: Callable[..., Any]) -> Callable[..., Any]:
    """`issue(situation, {"7": "present"}, on=…)`: a reading that was drafted, cleared by two and issued."""
    from forestall import frameworks
    from forestall.assessment.actions import assessment as actions

    framework = frameworks.load("unfaac-2014")

    def made(situation: Any, judged: dict[str, str], *, on: date, summary: str = "Risk rises") -> Any:
        alice, bob, dan = (session_of(name) for name in ("alice", "bob", "dan"))
        with bound_to(alice):
            one = actions.draft(situation, framework=framework, on=on, by=alice)
            for factor in framework.factors:
                presence = judged.get(factor.number, "no_information")
                note = "" if presence == "no_information" else f"Why factor {factor.number} is {presence}"
                actions.judge(
                    one, number=factor.number, presence=presence, trend="stable", confidence="low", note=note, by=alice
                )
            actions.describe(one, summary=summary, mitigation="", unknowns=["Who pays"], by=alice)
            one = actions.submit(one, framework=framework, by=alice)
        with bound_to(bob):
            one = actions.clear(one, by=bob)
        with bound_to(dan):
            one = actions.clear(one, by=dan)
            return actions.issue(one, by=dan)

    return made


def _text(response: Any) -> str:
    assert response.status_code == 200
    return response.content.decode()


def test_the_desk_sees_its_situation_and_another_desk_nothing(signed_in: Callable[[str], Any], opened: Any) -> None:
    one = opened()
    assert one.title in _text(signed_in("alice").get("/situations/"))
    assert one.title not in _text(signed_in("carol").get("/situations/"))


def test_what_may_not_be_seen_answers_as_what_never_was(signed_in: Callable[[str], Any], opened: Any) -> None:
    carol = signed_in("carol")
    unseen = carol.get(f"/situations/{opened().id}/")
    never = carol.get(f"/situations/{uuid4()}/")
    assert unseen.status_code == never.status_code == 404

    def without_nonce(response: Any) -> str:
        text = re.sub(r'csrfmiddlewaretoken" value="[^"]*"', "", response.content.decode())
        return re.sub(r"/situations/[0-9a-f-]{36}/", "", text)

    assert without_nonce(unseen) == without_nonce(never)


def test_a_form_sent_to_an_unseen_situation_answers_as_to_none(signed_in: Callable[[str], Any], opened: Any) -> None:
    one = opened()
    sent = signed_in("carol").post(f"/situations/{one.id}/move/", {"to": "watch", "reason": "mine"})
    assert sent.status_code == 404


def test_the_list_names_no_country_or_desk_that_only_others_work_on(
    signed_in: Callable[[str], Any], opened: Any
) -> None:
    opened()
    page = _text(signed_in("carol").get("/situations/"))
    assert "ZZK" not in page and "karvania" not in page.lower().replace("karvania; ", "")


def test_the_band_is_the_highest_label_on_the_page(signed_in: Callable[[str], Any], opened: Any) -> None:
    one = opened(level=Level.STRICTLY_CONFIDENTIAL)
    assert 'data-level="3"' in _text(signed_in("alice").get(f"/situations/{one.id}/"))


def test_a_situation_is_opened_by_names_of_countries(signed_in: Callable[[str], Any], keeper: Any) -> None:
    from forestall.assessment import queries

    alice = signed_in("alice")
    form = {"title": "Passes", "places": "Karvania, kenya", "desk": "karvania", "level": "2", "reason": "Arms"}
    sent = alice.post("/situations/open/", form)
    assert sent.status_code == 302
    made = next(one for one in queries.situations() if one.title == "Passes")
    assert made.places == ["ZZK", "KEN"] and made.compartments == ",desk:karvania,"


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"places": "Korea"}, "can mean"),
        ({"places": "Nowhereland"}, "No country or area is called"),
        ({"desk": "south"}, "Choose one of your own desks"),
        ({"level": "9"}, "Choose a level"),
        ({"reason": " "}, "Say why"),
    ],
)
def test_a_refused_opening_says_why_and_opens_nothing(
    signed_in: Callable[[str], Any], keeper: Any, change: dict[str, str], sentence: str
) -> None:
    from forestall.assessment import queries

    form = {"title": "Passes", "places": "ZZK", "desk": "karvania", "level": "2", "reason": "Arms", "back": "/situations/"}
    alice = signed_in("alice")
    answer = alice.post("/situations/open/", {**form, **change}, follow=True)
    assert sentence in _text(answer)
    assert queries.situations() == []


def test_one_without_the_verb_opens_nothing(signed_in: Callable[[str], Any], keeper: Any) -> None:
    ivo = signed_in("ivo")
    form = {"title": "Passes", "places": "ZZK", "level": "2", "reason": "Arms", "back": "/situations/"}
    answer = ivo.post("/situations/open/", form, follow=True)
    assert "Your roles do not let you" in _text(answer)
    assert 'id="open"' not in _text(answer)


def test_a_move_keeps_its_reason_in_the_history_and_in_the_record(
    signed_in: Callable[[str], Any], opened: Any, keeper: Any
) -> None:
    from forestall.record import queries as record

    one = opened()
    alice = signed_in("alice")
    alice.post(f"/situations/{one.id}/move/", {"to": "of_concern", "reason": "Rifles were handed out"})
    page = _text(alice.get(f"/situations/{one.id}/"))
    assert "Rifles were handed out" in page and "of concern" in page
    assert record.custody(one.id)[-1].verb == "situation moved to of_concern"


def test_a_move_without_a_reason_is_refused_in_a_sentence(signed_in: Callable[[str], Any], opened: Any) -> None:
    one = opened()
    url = f"/situations/{one.id}/"
    answer = signed_in("alice").post(f"{url}move/", {"to": "alert", "reason": "", "back": url}, follow=True)
    assert "Say why. The reason is kept with the move." in _text(answer)


def test_what_moved_is_said_between_two_readings_and_between_any_two_chosen(
    signed_in: Callable[[str], Any], opened: Any, issue: Any
) -> None:
    one = opened()
    first = issue(one, {"7": "emerging"}, on=date(2026, 6, 1))
    issue(one, {"7": "present"}, on=date(2026, 9, 1))
    issue(one, {"7": "present", "8": "emerging"}, on=date(2026, 11, 1))
    alice = signed_in("alice")
    lately = alice.get(f"/situations/{one.id}/").context["factor_shifts"]
    since_first = alice.get(f"/situations/{one.id}/?compare={first.id}").context["factor_shifts"]
    assert [shift.number for shift in lately] == ["8"]
    assert [shift.number for shift in since_first] == ["7", "8"]


def test_every_factor_has_its_history_in_the_order_of_the_framework(
    signed_in: Callable[[str], Any], opened: Any, issue: Any
) -> None:
    one = opened()
    issue(one, {"7": "emerging"}, on=date(2026, 6, 1))
    issue(one, {"7": "present"}, on=date(2026, 9, 1))
    panels = signed_in("alice").get(f"/situations/{one.id}/").context["panels"]
    factors = [factor for group in panels for factor in group.factors]
    assert [factor.number for factor in factors] == [str(number) for number in range(1, 15)]
    assert list(factors[6].history) == ["emerging", "present"] and factors[6].moved
    assert list(factors[0].history) == ["no_information"] * 2 and not factors[0].moved


def test_a_gap_is_said_to_be_one(signed_in: Callable[[str], Any], opened: Any, issue: Any) -> None:
    one = opened()
    issue(one, {"7": "present"}, on=date(2026, 9, 1))
    response = signed_in("alice").get(f"/situations/{one.id}/")
    unknown = [sign.number for sign in response.context["unknown_factors"]]
    assert "12" in unknown and "7" not in unknown
    assert "Who pays" in _text(response)


def test_ethnic_cleansing_is_read_across_and_called_no_separate_crime(
    signed_in: Callable[[str], Any], opened: Any, issue: Any
) -> None:
    one = opened()
    issue(one, {"7": "present"}, on=date(2026, 9, 1))
    response = signed_in("alice").get(f"/situations/{one.id}/")
    (across,) = response.context["across"]
    assert [sign.number for sign in across.signs] == ["4.4", "7.10", "10.8", "12.3", "13.7"]
    assert "No separate crime in law." in _text(response)


def test_an_invented_country_has_no_forecast_and_the_page_says_why(
    signed_in: Callable[[str], Any], opened: Any
) -> None:
    response = signed_in("alice").get(f"/situations/{opened().id}/")
    assert "this country is invented" in _text(response)
    assert response.context["ranking"] is None


def test_observations_are_dated_no_more_precisely_than_known_and_origins_counted(
    signed_in: Callable[[str], Any], opened: Any, observe: Any
) -> None:
    observe("7.12", sources=("Field office", "Radio"), summary="Lists were asked for")
    observe("7.6", sources=("Wire",), summary="A station fell silent")
    response = signed_in("alice").get(f"/situations/{opened().id}/?sort=-origins")
    rows = list(response.context["rows"].object_list)
    assert [(row.summary, row.origins) for row in rows] == [("Lists were asked for", 2), ("A station fell silent", 1)]
    assert "single origin" in _text(response)


def test_a_partys_own_word_is_marked_and_counts_as_no_origin(
    signed_in: Callable[[str], Any], opened: Any, make_item: Any, session_of: Any
) -> None:
    from forestall.monitoring.actions import observation as observations

    item = make_item("A statement", "We did nothing.", source="The Ministry", interested_party=True)
    alice = session_of("alice")
    with bound_to(alice):
        observations.confirm(item=item, summary="The Ministry denies it", on=date(2026, 11, 1), iso3="ZZK", by=alice)
    response = signed_in("alice").get(f"/situations/{opened().id}/")
    (row,) = response.context["rows"].object_list
    assert row.interested_party and row.origins == 0


def test_observations_that_one_may_not_see_are_in_no_count(
    signed_in: Callable[[str], Any], opened: Any, observe: Any
) -> None:
    one = opened()
    observe("7.6", summary="Seen by both", level=2)
    observe("7.12", sources=("Secret",), summary="Seen by Alice alone", level=3)
    alice = signed_in("alice").get(f"/situations/{one.id}/").context
    ivo = signed_in("ivo").get(f"/situations/{one.id}/").context
    assert (alice["total"], ivo["total"]) == (2, 1)
    assert [count for _, count, _ in ivo["by_place"]] == [1]


def test_the_rows_shown_leave_as_a_file_under_their_level(
    signed_in: Callable[[str], Any], opened: Any, observe: Any
) -> None:
    observe("7.6", summary="=HYPERLINK(1)")
    one = opened()
    text = signed_in("alice").get(f"/situations/{one.id}/?format=csv&factor=7").content.decode("utf-8-sig")
    assert text.startswith("EXERCISE · Confidential")
    assert "'=HYPERLINK(1)" in text and "7.6 raises" in text
    other = signed_in("alice").get(f"/situations/{one.id}/?format=csv&factor=8").content.decode()
    assert "HYPERLINK" not in other
    listed = signed_in("alice").get("/situations/?format=csv").content.decode()
    assert one.title in listed


def test_the_page_of_a_past_day_shows_what_was_known_and_offers_no_verb(
    signed_in: Callable[[str], Any], opened: Any, issue: Any
) -> None:
    one = opened()
    issue(one, {"7": "emerging"}, on=date(2026, 11, 20), summary="As it was in November")
    with fixed(datetime(2026, 12, 20, 12, tzinfo=UTC)):
        alice = signed_in("alice")
        alice.post(f"/situations/{one.id}/move/", {"to": "alert", "reason": "Later"})
        issue(one, {"7": "present"}, on=date(2026, 12, 20), summary="As it was in December")
        past = _text(alice.get(f"/situations/{one.id}/?as_of=2026-11-30"))
        before = alice.get(f"/situations/{one.id}/?as_of=2026-11-19")
    assert "As it was in November" in past and "December" not in past and "Later" not in past
    assert "/move/" not in past and "/draft/" not in past
    assert before.status_code == 404


def test_nothing_is_written_while_looking_at_a_past_day(signed_in: Callable[[str], Any], opened: Any) -> None:
    one = opened()
    url = f"/situations/{one.id}/"
    sent = signed_in("alice").post(f"{url}move/?as_of=2026-11-20", {"to": "alert", "reason": "x", "back": url}, follow=True)
    assert "You are looking at a past day" in _text(sent)


def test_groups_at_risk_are_chosen_among_those_of_its_countries(
    signed_in: Callable[[str], Any], opened: Any, session_of: Any
) -> None:
    from forestall.monitoring.actions import group as groups

    one, alice = opened(), session_of("alice")
    with bound_to(alice):
        here = groups.add_group(iso3="ZZK", name="Oshentari", by=alice)
        groups.note_inequality(
            here, respect="power", perception="real", text="No posts since 2019", said_by="Yearbook", on=date(2026, 1, 5),
            by=alice,
        )  # fmt: skip
        elsewhere = groups.add_group(iso3="ZZS", name="Lomekani", by=alice)
    browser, url = signed_in("alice"), f"/situations/{one.id}/"
    browser.post(f"{url}populations/", {"group": [str(here.id)]})
    page = _text(browser.get(url))
    assert "No posts since 2019" in page and "Yearbook" in page and "Lomekani" not in page
    refused = browser.post(f"{url}populations/", {"group": [str(elsewhere.id)], "back": url}, follow=True)
    assert "Choose among the groups of its countries." in _text(refused)


def test_a_question_stays_open_until_what_came_is_written_down(
    signed_in: Callable[[str], Any], opened: Any, keeper: Any
) -> None:
    from forestall.monitoring import queries as monitoring

    one = opened()
    browser, url = signed_in("alice"), f"/situations/{one.id}/"
    for _ in range(2):
        browser.post(f"{url}ask/", {"question": "Where are the lists kept?", "asked_of": "the field office"})
    (gap,) = monitoring.gaps(one.id)
    assert gap.compartments == one.compartments and gap.level == one.level
    browser.post(f"{url}answer/", {"gap": str(gap.id), "text": "In the district offices"})
    assert monitoring.gaps(one.id) == []


def test_a_reading_begins_from_the_page_under_either_framework(
    signed_in: Callable[[str], Any], opened: Any, keeper: Any
) -> None:
    from forestall.assessment import queries

    one = opened()
    for framework in ("unfaac-2014", "osapg-2009"):
        sent = signed_in("alice").post(f"/situations/{one.id}/draft/", {"framework": framework, "on": "2026-11-20"})
        assert sent.status_code == 302
    assert {each.framework for each in queries.assessments(one)} == {"unfaac-2014", "osapg-2009"}


def test_where_nothing_was_asked_of_anybody_the_page_says_so(opened: Any, signed_in: Any) -> None:
    response = signed_in("alice").get(f"/situations/{opened().id}/")
    assert "Nothing has been asked of anybody." in _text(response)
