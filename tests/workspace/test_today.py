"""Today shows each person what needs them, never their own clearance and never what another desk alone may know."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import docx
import pytest

from forestall.access import actions as access
from forestall.access.session import bound_to
from forestall.base.clock import fixed

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def plain_surroundings() -> Iterator[None]:
    """These pages are asked for whole, with everything that stands around them."""
    with fixed(NOON):
        yield


@pytest.fixture
def opened(session_of: Callable[..., Any]) -> Callable[..., Any]:
    """`opened("Hills", by="alice", desk="karvania")`: a situation somebody opened for a desk."""
    from forestall.assessment.actions import situation as actions

    def make(title: str = "Hills of the north", *, by: str = "alice", desk: str = "karvania") -> Any:
        session = session_of(by)
        with bound_to(session):
            return actions.open_situation(
                title=title, places=["ZZK"], reason="Lists are asked for", desk=desk, by=session
            )

    return make


@pytest.fixture
def drafted(opened: Callable[..., Any], session_of: Callable[..., Any]) -> Callable[[], Any]:
    """A reading that Alice drafted and submitted."""
    from forestall import frameworks
    from forestall.assessment.actions import assessment as actions

    def make() -> Any:
        framework, alice = frameworks.load("unfaac-2014"), session_of("alice")
        situation = opened()
        with bound_to(alice):
            one = actions.draft(situation, framework=framework, on=date(2026, 11, 18), by=alice)
            for factor in framework.factors:
                actions.judge(
                    one, number=factor.number, presence="no_information", trend="unclear", confidence="low", by=alice
                )
            actions.describe(one, summary="Risk rises", mitigation="", unknowns=["Who pays"], by=alice)
            return actions.submit(one, framework=framework, by=alice)

    return make


def page_of(browser: Any, path: str = "/") -> str:
    response = browser.get(path)
    assert response.status_code == 200
    return str(response.content.decode())


def section(page: str, name: str) -> str:
    found = re.search(rf'<section[^>]*id="{name}".*?</section>', page, re.DOTALL)
    return found[0] if found else ""


def test_a_submitted_reading_waits_for_the_second_reader_and_never_for_its_author(
    drafted: Callable[[], Any], signed_in: Callable[[str], Any]
) -> None:
    drafted()
    assert "Hills of the north" in section(page_of(signed_in("bob")), "waiting")
    assert "you clear as Second reader" in section(page_of(signed_in("bob")), "waiting")
    assert "Hills of the north" not in section(page_of(signed_in("alice")), "waiting")


def test_an_author_who_also_holds_the_office_is_not_offered_their_own_draft(
    drafted: Callable[[], Any], signed_in: Callable[[str], Any], people: SimpleNamespace, keeper: Any
) -> None:
    access.keep_office(
        key="second_reader", title="Second reader", holder=people.alice, alternate=people.bob, by=keeper
    )
    drafted()
    assert "Hills of the north" not in section(page_of(signed_in("alice")), "waiting")
    assert "you act as Second reader for Alice" in section(page_of(signed_in("bob")), "waiting")


def test_another_desk_sees_nothing_of_it_and_the_same_page_as_if_it_never_was(
    drafted: Callable[[], Any], signed_in: Callable[[str], Any]
) -> None:
    def plain(page: str) -> str:
        return re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", page)

    before = plain(page_of(signed_in("carol")))
    drafted()
    assert plain(page_of(signed_in("carol"))) == before


def test_the_one_who_leads_a_situation_sees_it_among_theirs_and_others_when_it_is_past_its_review(
    opened: Callable[..., Any], signed_in: Callable[[str], Any]
) -> None:
    opened()
    assert "Hills of the north" in section(page_of(signed_in("alice")), "situations")
    assert "Hills of the north" not in section(page_of(signed_in("dan")), "situations")
    with fixed(NOON + timedelta(days=400)):
        page = page_of(signed_in("alice"))
        assert "One of your situations is past its review." in page
        assert 'class="late"' not in page
        assert "Hills of the north" in section(page_of(signed_in("dan")), "situations")


def test_own_situations_come_as_a_file_that_names_who_took_it(
    opened: Callable[..., Any], signed_in: Callable[[str], Any], people: SimpleNamespace
) -> None:
    from forestall.record.models import Entry

    opened()
    response = signed_in("alice").get("/?format=csv")
    first, *rows = response.content.decode("utf-8-sig").splitlines()
    assert "EXERCISE" in first
    assert "Confidential" in first
    assert "Alice" in first
    assert any("Hills of the north" in row for row in rows)
    assert Entry.objects.filter(verb="exported: own-situations", by=str(people.alice.id)).exists()


def test_a_notice_is_put_away_by_the_one_it_is_for(
    drafted: Callable[[], Any], signed_in: Callable[[str], Any], people: SimpleNamespace
) -> None:
    from forestall.access import queries

    drafted()
    (notice,) = queries.notices(str(people.bob.id))
    assert "Assessment of Hills of the north" in section(page_of(signed_in("bob")), "notices")
    assert signed_in("alice").post(f"/notices/{notice.id}/away/").status_code == 404
    assert queries.notices(str(people.bob.id))
    signed_in("bob").post(f"/notices/{notice.id}/away/")
    assert queries.notices(str(people.bob.id)) == []
    assert section(page_of(signed_in("bob")), "notices") == ""


def test_putting_all_away_leaves_what_was_not_on_the_page(
    drafted: Callable[[], Any], signed_in: Callable[[str], Any], people: SimpleNamespace
) -> None:
    from forestall.access import queries

    drafted(), drafted()
    shown, later = queries.notices(str(people.bob.id))
    signed_in("bob").post("/notices/away/", {"notice": [str(shown.id)]})
    assert [one.id for one in queries.notices(str(people.bob.id))] == [later.id]


def test_a_notice_of_what_one_may_no_longer_see_is_not_shown(
    drafted: Callable[[], Any], signed_in: Callable[[str], Any], people: SimpleNamespace, keeper: Any
) -> None:
    drafted()
    access.recuse(people.bob, compartment="desk:karvania", by=keeper)
    page = page_of(signed_in("bob"))
    assert "Hills of the north" not in page
    assert section(page, "notices") == ""


def test_a_source_past_its_rhythm_is_called_silent_and_one_in_its_rhythm_is_not(
    make_item: Callable[..., Any], session_of: Callable[..., Any], signed_in: Callable[[str], Any]
) -> None:
    from forestall.monitoring.actions import source as sources

    ivo = session_of("ivo")
    for name, day in (("Hill radio", 1), ("Plain radio", 19)):
        item = make_item(f"News of {name}", source=name, published=datetime(2026, 11, day, tzinfo=UTC))
        with bound_to(ivo):
            sources.keep(
                item.source, name=name, nature="media", interested_party=False, reliability="C", state="active",
                cadence_days=7, by=ivo,
            )  # fmt: skip
    silent = section(page_of(signed_in("alice")), "silent")
    assert "Hill radio" in silent
    assert "19 days" in silent
    assert "Plain radio" not in silent


def test_the_band_is_the_highest_label_on_the_page(
    drafted: Callable[[], Any], signed_in: Callable[[str], Any]
) -> None:
    drafted()
    assert 'data-level="2"' in page_of(signed_in("bob"))
    assert 'data-level="1"' in page_of(signed_in("carol"))


def test_the_first_steps_stand_for_those_who_can_take_them_until_they_are_done(
    opened: Callable[..., Any], make_item: Callable[..., Any], signed_in: Callable[[str], Any]
) -> None:
    steps = section(page_of(signed_in("ivo")), "first-steps")
    assert "Hand in a first file" in steps
    assert section(page_of(signed_in("ada")), "first-steps") == ""
    make_item("First news")
    opened()
    assert section(page_of(signed_in("ivo")), "first-steps") == ""


def test_somebody_without_roles_gets_a_page_that_says_what_to_do(signed_in: Callable[[str], Any]) -> None:
    page = page_of(signed_in("dora"))
    assert "Nothing waits for you." in page
    assert "You lead no situation." in page


def test_the_morning_sheet_tells_what_was_recorded_since_the_last_meeting(
    opened: Callable[..., Any], observe: Callable[..., Any], signed_in: Callable[[str], Any]
) -> None:
    opened()
    observe("7.5", summary="Lists of households were asked for", sources=("Mission", "Radio"))
    sheet = page_of(signed_in("alice"), "/morning/?since=2026-11-19")
    assert "Lists of households were asked for" in sheet
    assert "independent origins: 2" in sheet
    later = page_of(signed_in("alice"), "/morning/?since=2026-11-20")
    assert "Lists of households were asked for" in later
    with fixed(NOON + timedelta(days=2)):
        assert "That is not to say that nothing happened" in page_of(signed_in("alice"), "/morning/?since=2026-11-21")


def test_the_morning_sheet_tells_that_a_situation_was_opened_and_what_arrived(
    opened: Callable[..., Any], make_item: Callable[..., Any], signed_in: Callable[[str], Any]
) -> None:
    opened()
    make_item("First news", published=NOON)
    sheet = page_of(signed_in("alice"), "/morning/?since=2026-11-19")
    assert "Opened: " in sheet
    assert "Items that arrived: 1; unread among them: 1." in sheet
    assert "Nothing was recorded" not in sheet
    other = page_of(signed_in("carol"), "/morning/?since=2026-11-19")
    assert "Opened: " not in other and "Items that arrived" not in other


def test_the_morning_sheet_of_another_desk_is_silent_about_it(
    opened: Callable[..., Any], observe: Callable[..., Any], signed_in: Callable[[str], Any]
) -> None:
    opened()
    observe("7.5", summary="Lists of households were asked for")
    assert "Lists of households" not in page_of(signed_in("carol"), "/morning/?since=2026-11-01")


def test_the_sheet_in_word_is_noted_and_the_next_one_begins_there(
    opened: Callable[..., Any], signed_in: Callable[[str], Any]
) -> None:
    opened()
    alice = signed_in("alice")
    response = alice.get("/morning/?format=docx&since=2026-11-10")
    assert 'filename="EXERCISE-morning-sheet-2026-11-20.docx"' in response.headers["Content-Disposition"]
    assert docx.Document(io.BytesIO(response.content)).paragraphs
    with fixed(NOON + timedelta(days=3)):
        assert 'name="since" value="2026-11-20"' in page_of(alice, "/morning/")


def test_a_day_that_is_none_is_refused_in_a_sentence(signed_in: Callable[[str], Any]) -> None:
    response = signed_in("alice").get("/morning/?since=yesterday")
    assert response.status_code == 403
    assert "is no day" in response.content.decode()


def test_the_sheet_as_of_a_past_day_knows_nothing_later(
    opened: Callable[..., Any], observe: Callable[..., Any], signed_in: Callable[[str], Any]
) -> None:
    opened()
    with fixed(NOON + timedelta(days=3)):
        observe("7.5", summary="A second list was asked for")
        assert "second list" in page_of(signed_in("alice"), "/morning/?since=2026-11-19")
        assert "second list" not in page_of(signed_in("alice"), "/morning/?since=2026-11-19&as_of=2026-11-21")
