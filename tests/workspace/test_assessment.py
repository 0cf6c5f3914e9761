"""An assessment: its author judges on evidence laid out by origin, others challenge and clear, nobody their own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime
from typing import Any
from uuid import uuid4

import pytest

from forestall import frameworks
from forestall.access.session import bound_to
from forestall.assessment import queries
from forestall.assessment.actions import assessment as actions
from forestall.assessment.cautions import cautions
from forestall.assessment.proposals import Support
from forestall.base.clock import UTC, fixed

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
DAY = NOON.date()
FRAMEWORK = frameworks.load("unfaac-2014")


@pytest.fixture(autouse=True)
def plain_surroundings() -> Iterator[None]:
    """These pages are asked for whole, with everything that stands around them."""
    with fixed(NOON):
        yield


@pytest.fixture
def situation(session_of: Callable[..., Any]) -> Any:
    from forestall.assessment.actions import situation as situations

    alice = session_of("alice")
    with bound_to(alice):
        return situations.open_situation(
            title="Hills of the north", places=["ZZK"], reason="Lists", desk="karvania", by=alice
        )


@pytest.fixture
def draft(situation: Any, session_of: Callable[..., Any]) -> Any:
    """Alice's draft, with nothing judged yet."""
    alice = session_of("alice")
    with bound_to(alice):
        return actions.draft(situation, framework=FRAMEWORK, on=DAY, by=alice)


@pytest.fixture
def complete(draft: Any, session_of: Callable[..., Any]) -> Any:
    """Alice's draft, with every factor judged and its summary written."""
    alice = session_of("alice")
    with bound_to(alice):
        for factor in FRAMEWORK.factors:
            actions.judge(
                draft, number=factor.number, presence="no_information", trend="unclear", confidence="low", by=alice
            )
        return actions.describe(draft, summary="Nothing is known", mitigation="", unknowns=[], by=alice)


def _text(response: Any) -> str:
    assert response.status_code == 200
    return response.content.decode()


def _form(number: str, **changes: Any) -> dict[str, Any]:
    return {"number": number, "presence": "emerging", "trend": "stable", "confidence": "low", "note": "Because", **changes}


def _block(response: Any, number: str) -> Any:
    return next(block for block in response.context["blocks"] if block.number == number)


def test_what_may_not_be_seen_answers_as_what_never_was(signed_in: Callable[[str], Any], draft: Any) -> None:
    carol = signed_in("carol")
    assert carol.get(f"/assessments/{draft.id}/").status_code == 404
    assert carol.get(f"/assessments/{uuid4()}/").status_code == 404
    assert carol.post(f"/assessments/{draft.id}/dissent/", {"text": "I see it otherwise"}).status_code == 404


def test_the_author_judges_an_indicator_and_the_record_says_who(
    signed_in: Callable[[str], Any], draft: Any, observe: Any, keeper: Any
) -> None:
    from forestall.record import queries as record

    seen = observe("7.12", sources=("Field office", "Radio"))
    form = _form("7.12", presence="present", confidence="moderate", observations=[str(seen.id)])
    sent = signed_in("alice").post(f"/assessments/{draft.id}/judge/", form)
    assert sent.status_code == 302 and sent.headers["Location"].endswith("?factor=7#n7.12")
    judged = queries.judgements(draft)["7.12"]
    assert (judged.presence, judged.confidence, judged.observations) == ("present", "moderate", [str(seen.id)])
    assert record.custody(judged.id)[-1].verb == "judged"


def _judged(browser: Any, draft: Any, form: dict[str, Any]) -> str:
    """The page to which a refused judgement leads back."""
    back = f"/assessments/{draft.id}/?factor={form['number'].partition('.')[0]}"
    kept = {"draft": f"judgement:{draft.id}:{form['number']}", "back": back}
    return _text(browser.post(f"/assessments/{draft.id}/judge/", {**form, **kept}, follow=True))


def test_a_refused_judgement_says_why_and_keeps_what_was_typed(
    signed_in: Callable[[str], Any], draft: Any, keeper: Any
) -> None:
    form = _form("7.12", presence="severe", note="Many words that took an hour")
    page = _judged(signed_in("alice"), draft, form)
    assert "needs at least one observation under it" in page and "Many words that took an hour" in page
    assert page.count(" checked>") == 3 and page.count("<details open class=\"part tight\">") == 1
    assert queries.judgements(draft) == {}


def test_confidence_on_a_single_origin_is_low(signed_in: Callable[[str], Any], draft: Any, observe: Any) -> None:
    seen = observe("7.12")
    form = _form("7.12", confidence="high", observations=[str(seen.id)])
    assert "On a single independent origin confidence is low." in _judged(signed_in("alice"), draft, form)


def test_only_the_author_changes_a_draft(signed_in: Callable[[str], Any], draft: Any, people: Any, keeper: Any) -> None:
    from forestall.access import actions as access

    access.give_role(people.dan, role="analyst", by=keeper)
    assert "Only its author changes a draft." in _judged(signed_in("dan"), draft, _form("7.12"))
    assert "Keep the judgement" not in _text(signed_in("dan").get(f"/assessments/{draft.id}/?factor=7"))


def test_a_number_that_the_framework_lacks_is_refused(signed_in: Callable[[str], Any], draft: Any) -> None:
    url = f"/assessments/{draft.id}/"
    page = signed_in("alice").post(f"{url}judge/", _form("99.1", back=url), follow=True)
    assert "has no factor or indicator 99.1" in _text(page)
    assert signed_in("alice").get(f"{url}?factor=99").status_code == 404


def test_the_proposal_stands_beside_and_is_never_preselected(
    signed_in: Callable[[str], Any], draft: Any, observe: Any
) -> None:
    observe("7.12", sources=("Field office", "Radio"))
    response = signed_in("alice").get(f"/assessments/{draft.id}/?factor=7")
    block = _block(response, "7.12")
    assert block.proposal.presence == "present" and block.chosen == {}
    assert "2 independent origins report it." in _text(response)
    assert " checked>" not in _text(response)


def test_evidence_is_laid_out_by_independent_origin_with_grades(
    signed_in: Callable[[str], Any], draft: Any, observe: Any
) -> None:
    observe("7.12", sources=("Field office", "Radio"), grade="B2")
    observe("7.12", sources=("Radio",), grade="C3", on=date(2026, 11, 2))
    matrix = _block(signed_in("alice").get(f"/assessments/{draft.id}/?factor=7"), "7.12").matrix
    assert sorted(origin.name for origin in matrix.origins) == ["Field office", "Radio"]
    radio = next(place for place, origin in enumerate(matrix.origins) if origin.name == "Radio")
    assert [line.cells[radio].grades for line in matrix.lines] == [("C3",), ("B2",)]
    assert matrix.lines[0].cells[1 - radio] is None


def test_a_judgement_whose_evidence_was_retracted_says_so(
    signed_in: Callable[[str], Any], draft: Any, observe: Any, session_of: Any
) -> None:
    from forestall.monitoring.actions import observation as observations
    from forestall.monitoring.states import ObservationState

    seen = observe("7.12")
    alice = signed_in("alice")
    alice.post(f"/assessments/{draft.id}/judge/", _form("7.12", observations=[str(seen.id)]))
    with bound_to(session_of("alice")) as session:
        observations.move(seen, to=ObservationState.RETRACTED, reason="It was another place", by=session)
    page = alice.get(f"/assessments/{draft.id}/?factor=7")
    assert _block(page, "7.12").unsupported
    assert "None of the observations cited stands any more." in _text(page)


def test_every_indicator_says_that_nobody_held_its_wording(signed_in: Callable[[str], Any], draft: Any) -> None:
    page = _text(signed_in("alice").get(f"/assessments/{draft.id}/?factor=7"))
    under = len(FRAMEWORK.factor("7").indicators)
    assert page.count("nobody has yet held it against the official text") == under


def test_a_judgement_carried_over_is_said_to_be_until_somebody_judges_anew(
    signed_in: Callable[[str], Any], complete: Any, situation: Any, session_of: Any
) -> None:
    alice, bob, dan = (session_of(name) for name in ("alice", "bob", "dan"))
    with bound_to(alice):
        actions.submit(complete, framework=FRAMEWORK, by=alice)
    with bound_to(bob):
        actions.clear(complete, by=bob)
    with bound_to(dan):
        actions.issue(actions.clear(complete, by=dan), by=dan)
    with bound_to(alice):
        following = actions.draft(situation, framework=FRAMEWORK, on=DAY, by=alice)
    browser, url = signed_in("alice"), f"/assessments/{following.id}/"
    assert _block(browser.get(f"{url}?factor=7"), "7").carried
    with fixed(datetime(2026, 11, 21, tzinfo=UTC)):
        browser.post(f"{url}judge/", _form("7"))
        assert not _block(browser.get(f"{url}?factor=7"), "7").carried
        assert [shift.number for shift in browser.get(url).context["reading"].shifts] == ["7"]


def test_words_and_scenarios_are_kept(signed_in: Callable[[str], Any], draft: Any, keeper: Any) -> None:
    browser, url = signed_in("alice"), f"/assessments/{draft.id}/"
    browser.post(f"{url}words/", {"summary": "Risk rises", "mitigation": "A table meets", "unknowns": "Who pays\n\nWho has lists"})
    browser.post(
        f"{url}scenarios/",
        {"title": "Attacks", "text": "Armed men", "likelihood": "likely", "until": "2027-02-20", "watch": "Lorries\nLists"},
    )
    kept = queries.assessment(draft.id)
    assert kept is not None and kept.unknowns == ["Who pays", "Who has lists"]
    (scenario,) = queries.scenarios(draft)
    assert scenario.likelihood == "likely" and scenario.watch == ["Lorries", "Lists"]
    assert "55–80" in _text(browser.get(url))


def test_a_likelihood_is_a_word_of_the_scale(signed_in: Callable[[str], Any], draft: Any, keeper: Any) -> None:
    url = f"/assessments/{draft.id}/"
    form = {"title": "A", "text": "B", "likelihood": "73 %", "until": "2027-02-20", "back": url}
    assert "Choose a likelihood word" in _text(signed_in("alice").post(f"{url}scenarios/", form, follow=True))
    assert queries.scenarios(draft) == []


def test_the_bar_says_what_blocks_the_author_from_sending_it(signed_in: Callable[[str], Any], draft: Any) -> None:
    verbs = signed_in("alice").get(f"/assessments/{draft.id}/").context["verbs"]
    assert [verb.name for verb in verbs] == ["submit"]
    assert "Write the summary first" in str(verbs[0].why_not)


def test_nobody_is_offered_the_clearance_of_their_own_draft(signed_in: Callable[[str], Any], complete: Any) -> None:
    url = f"/assessments/{complete.id}/"
    alice, bob = signed_in("alice"), signed_in("bob")
    alice.post(f"{url}move/", {"verb": "submit"})
    own = {verb.name: str(verb.why_not) for verb in alice.get(url).context["verbs"]}
    assert own["clear"] == "Nobody clears their own draft. Ask another to read it."
    assert all(verb.why_not is None for verb in bob.get(url).context["verbs"])
    refused = alice.post(f"{url}move/", {"verb": "clear", "back": url}, follow=True)
    assert "Nobody clears their own draft." in _text(refused)


def test_two_people_clear_and_the_director_issues(signed_in: Callable[[str], Any], complete: Any, keeper: Any) -> None:
    url = f"/assessments/{complete.id}/"
    signed_in("alice").post(f"{url}move/", {"verb": "submit"})
    signed_in("bob").post(f"{url}move/", {"verb": "clear"})
    again = signed_in("bob").post(f"{url}move/", {"verb": "clear", "back": url}, follow=True)
    assert "You took the step before." in _text(again)
    signed_in("dan").post(f"{url}move/", {"verb": "clear"})
    signed_in("dan").post(f"{url}move/", {"verb": "issue"})
    issued = queries.assessment(complete.id)
    assert issued is not None and issued.state == "issued"
    steps = signed_in("alice").get(url).context["steps"]
    assert [(str(step.note), step.state) for step in steps[:3]] == [("Alice", "done"), ("Bob", "done"), ("Dan", "done")]


def test_a_draft_returned_says_by_whom_and_why(signed_in: Callable[[str], Any], complete: Any) -> None:
    url = f"/assessments/{complete.id}/"
    signed_in("alice").post(f"{url}move/", {"verb": "submit"})
    wordless = signed_in("bob").post(f"{url}move/", {"verb": "return", "reason": "", "back": url}, follow=True)
    assert "Say why." in _text(wordless)
    signed_in("bob").post(f"{url}move/", {"verb": "return", "reason": "One origin only"})
    first = signed_in("alice").get(url).context["steps"][0]
    assert first.state == "refused" and str(first.note) == "returned by Bob: One origin only"


def test_a_remark_is_answered_by_the_author_and_a_dissent_stays(signed_in: Callable[[str], Any], draft: Any, keeper: Any) -> None:
    url = f"/assessments/{draft.id}/"
    alice, bob = signed_in("alice"), signed_in("bob")
    bob.post(f"{url}remarks/", {"text": "Is this one story?", "number": "7.12"})
    bob.post(f"{url}dissent/", {"text": "I would say emerging", "number": "7"})
    (remark,) = queries.reviews(draft)
    assert "Your answer" in _text(alice.get(f"{url}?factor=7")) and "Your answer" not in _text(bob.get(url))
    alice.post(f"{url}remarks/{remark.id}/", {"text": "No, two"})
    page = _text(bob.get(f"{url}?factor=7"))
    assert "No, two" in page and "I would say emerging" in page
    assert "I would say emerging" not in _text(bob.get(f"{url}?factor=8"))


def test_an_analyst_dissents_but_does_not_review(signed_in: Callable[[str], Any], draft: Any) -> None:
    url = f"/assessments/{draft.id}/"
    page = signed_in("alice").post(f"{url}remarks/", {"text": "x", "back": url}, follow=True)
    assert "Your roles do not let you review" in _text(page)


def test_two_frameworks_stand_side_by_side(signed_in: Callable[[str], Any], draft: Any, situation: Any, session_of: Any) -> None:
    alice = session_of("alice")
    with bound_to(alice):
        older = actions.draft(situation, framework=frameworks.load("osapg-2009"), on=DAY, by=alice)
    for one in (draft, older):
        response = signed_in("alice").get(f"/assessments/{one.id}/?view=crosswalk")
        rows = response.context["rows"]
        newer = {sign.number for row in rows for sign in row.newer}
        assert newer == {factor.number for factor in FRAMEWORK.factors}
        assert all(sign.url for row in rows for sign in (*row.older, *row.newer))


def test_numbers_with_letters_are_judged_and_shown_in_their_order(
    signed_in: Callable[[str], Any], situation: Any, session_of: Any, observe: Any
) -> None:
    from forestall.monitoring.actions import observation as observations

    older = frameworks.load("osapg-2009")
    factor = older.factors[0]
    first, last = factor.indicators[0].number, factor.indicators[-1].number
    seen, alice = observe("7.12"), session_of("alice")
    with bound_to(alice):
        one = actions.draft(situation, framework=older, on=DAY, by=alice)
        for number in (last, first):
            observations.link(seen, framework=older.id, number=number, direction="raises", by=alice)
    browser, url = signed_in("alice"), f"/assessments/{one.id}/"
    for number in (last, first, factor.number):
        browser.post(f"{url}judge/", _form(number))
    page = browser.get(f"{url}?factor={factor.number}")
    assert [line.row.summary for line in _block(page, last).matrix.lines] == [seen.summary]
    (row,) = browser.get(f"/situations/{situation.id}/").context["rows"].object_list
    assert [link.number for link in row.links] == [first, last]
    assert [number for number, _, _ in queries_of(alice, one)] == [factor.number, first, last]


def queries_of(session: Any, one: Any) -> list[Any]:
    """What moved, as the session sees it."""
    with bound_to(session):
        return queries.changes(one, None)


def test_judgements_leave_as_a_file(signed_in: Callable[[str], Any], complete: Any) -> None:
    text = signed_in("alice").get(f"/assessments/{complete.id}/?format=csv").content.decode("utf-8-sig")
    assert text.startswith("EXERCISE · Confidential")
    assert len(text.strip().splitlines()) == 2 + len(FRAMEWORK.factors) + len(FRAMEWORK.indicators)


def test_of_a_past_day_the_reading_is_shown_without_verbs(signed_in: Callable[[str], Any], draft: Any) -> None:
    with fixed(datetime(2026, 12, 20, 12, tzinfo=UTC)):
        alice, url = signed_in("alice"), f"/assessments/{draft.id}/"
        alice.post(f"{url}words/", {"summary": "Written in December"})
        past = alice.get(f"{url}?as_of=2026-11-30")
        assert past.context["verbs"] == [] and "Written in December" not in _text(past)
        assert "<form method=\"post\" action=\"/assessments/" not in _text(past)
        assert "as_of=2026-11-30" in past.context["lines"][0].url


def _support(origin: str, *, days: int, direction: str = "raises", party: bool = False) -> Support:
    on = date.fromordinal(DAY.toordinal() - days)
    return Support(f"of {origin}", origin, "B2", direction, on, party)


@pytest.mark.parametrize(
    ("support", "nature", "kinds"),
    [
        ([], "dynamic", []),
        ([_support("a", days=1)], "dynamic", ["single_origin"]),
        ([_support("a", days=1), _support("b", days=2)], "dynamic", []),
        ([_support("a", days=100), _support("b", days=120)], "dynamic", ["stale"]),
        ([_support("a", days=100), _support("b", days=120)], "structural", []),
        ([_support("a", days=1), _support("b", days=1, direction="lowers")], "dynamic", ["contradiction"]),
        ([_support("a", days=1), _support("b", days=1), _support("c", days=1, party=True)], "trigger", ["interested_party"]),
        ([_support("a", days=-1)], "dynamic", []),
    ],
)  # fmt: skip
def test_marks_on_evidence(support: list[Support], nature: str, kinds: list[str]) -> None:
    assert [one.kind for one in cautions(support, on=DAY, nature=nature)] == kinds


def test_its_author_withdraws_a_reading_with_a_reason_and_it_counts_nowhere(
    signed_in: Callable[[str], Any], complete: Any, session_of: Callable[..., Any]
) -> None:
    alice, url = signed_in("alice"), f"/assessments/{complete.id}/"
    assert "Withdraw this reading" in _text(alice.get(url))
    assert alice.post(f"{url}move/", {"verb": "withdraw", "reason": "Built on a forgery"}).status_code == 302
    page = _text(alice.get(url))
    assert "withdrawn by Alice" in page and "Built on a forgery" in page and "Withdraw this reading" not in page
    with bound_to(session_of("alice")):
        assert queries.assessments(complete.situation) == []


def test_a_reading_is_withdrawn_for_a_reason_and_by_its_author_alone(
    signed_in: Callable[[str], Any], complete: Any, people: Any, keeper: Any
) -> None:
    from forestall.access import actions as access

    access.give_role(people.dan, role="analyst", by=keeper)
    url = f"/assessments/{complete.id}/"
    assert "Withdraw this reading" not in _text(signed_in("dan").get(url))
    sent = signed_in("dan").post(f"{url}move/", {"verb": "withdraw", "reason": "Mine", "back": url}, follow=True)
    assert "Only its author changes a draft." in _text(sent)
    empty = signed_in("alice").post(f"{url}move/", {"verb": "withdraw", "reason": " ", "back": url}, follow=True)
    assert _text(empty).count("Withdraw this reading") == 1
    complete.refresh_from_db()
    assert complete.state == "draft"


def test_an_issued_reading_is_superseded_and_never_withdrawn(
    signed_in: Callable[[str], Any], complete: Any, keeper: Any
) -> None:
    from forestall.record.actions import write

    with bound_to(keeper):
        complete.state = "issued"
        write(complete, by=keeper.person_id, verb="assessment issued")
    page = _text(signed_in("alice").get(f"/assessments/{complete.id}/"))
    assert "Withdraw this reading" not in page
