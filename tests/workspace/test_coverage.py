"""The page of coverage: every country with who speaks of it, who stopped, and where nobody does."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.utils import translation

from forestall.access.session import bound_to, system_reader
from forestall.base import clock
from forestall.monitoring.actions import silence
from forestall.monitoring.models import Source
from forestall.record.actions import write

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 20)
WEEKLY = (70, 63, 56, 49, 42, 35, 28)
Browser = Callable[[str], Any]


@pytest.fixture(autouse=True)
def plain_surroundings() -> Iterator[None]:
    """These are whole pages, with the product's own surroundings."""
    with translation.override("en"), clock.fixed(at(0)):
        yield


def at(ago: int) -> datetime:
    return datetime.combine(TODAY - timedelta(days=ago), time(12), tzinfo=UTC)


@pytest.fixture
def bring(make_item: Callable[..., Any]) -> Callable[..., None]:
    """`bring("Ledger", 14, 7, 0)`: items of a source, received so many days ago."""

    def brought(source: str, *ago: int, level: int = 1, desk: str | None = None, **more: Any) -> None:
        for one in ago:
            make_item(f"{source} {one} {level} {more}", level=level, desk=desk, source=source, published=at(one), **more)

    return brought


def watch() -> silence.Noticed:
    with bound_to(system_reader("worker", reason="a test")) as worker:
        return silence.watch(by=worker)


def rows(page: Any) -> dict[str, Any]:
    assert page.status_code == 200
    return {row.iso3: row for row in page.context["rows"]}


def test_every_state_stands_there_and_one_of_which_nobody_reports_says_so(signed_in: Browser, bring: Callable[..., None]) -> None:
    bring("Ledger", *WEEKLY, 21, 14, 7, 0, countries=("KEN",))
    found = rows(signed_in("alice").get("/sources/coverage/"))

    assert len(found) > 190
    assert (found["KEN"].state, found["KEN"].others, found["KEN"].days, found["KEN"].expected) == ("reporting", 1, 0, 7)
    assert (found["MLI"].state, found["MLI"].last) == ("nobody", None)
    assert "nobody reports" in signed_in("alice").get("/sources/coverage/?q=Mali").content.decode()


def test_countries_with_a_situation_come_first_and_of_these_the_least_heard(
    signed_in: Browser, bring: Callable[..., None], session_of: Any
) -> None:
    from forestall.assessment.actions import situation

    alice = session_of("alice")
    with bound_to(alice):
        for title, place in (("South", "ZZS"), ("North", "ZZK")):
            situation.open_situation(title=title, places=[place], reason="Watched.", by=alice)
    bring("Ledger", *WEEKLY, 21, 14, 7, 0, countries=("ZZK", "KEN"))
    found = list(rows(signed_in("alice").get("/sources/coverage/")))

    assert found[:3] == ["ZZS", "ZZK", "KEN"]


def test_sources_of_the_united_nations_are_told_apart_and_languages_named(
    signed_in: Browser, bring: Callable[..., None]
) -> None:
    bring("Mission", *WEEKLY, 21, 14, 7, 0, languages=("fr",))
    bring("Ledger", *WEEKLY, 21, 14, 7, 0)
    mission = Source.objects.get(name="Mission")
    mission.nature = "un"
    write(mission, by="x", verb="kept")
    row = rows(signed_in("alice").get("/sources/coverage/"))["ZZK"]

    assert (row.un, row.others, row.languages) == (1, 1, ("en", "fr"))


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("?state=silent", {"ZZK"}),
        ("?q=kenya", {"KEN"}),
        ("?source=wire", {"KEN"}),
        ("?language=ar", {"ZZK"}),
        ("?region=014&state=reporting", {"KEN"}),
    ],
)
def test_it_is_narrowed_by_country_region_source_language_and_state(
    signed_in: Browser, bring: Callable[..., None], asked: str, expected: set[str]
) -> None:
    bring("Radio", *WEEKLY, languages=("ar",))
    bring("Wire", *WEEKLY, 21, 14, 7, 0, countries=("KEN",))

    assert set(rows(signed_in("alice").get(f"/sources/coverage/{asked}"))) == expected


def test_it_is_taken_out_as_a_table(signed_in: Browser, bring: Callable[..., None]) -> None:
    bring("Ledger", *WEEKLY)
    answer = signed_in("alice").get("/sources/coverage/?format=csv&state=silent")
    lines = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))

    assert lines[1][:3] == ["Code", "Country or area", "State"]
    assert [line[0] for line in lines[2:]] == ["ZZK"]
    assert lines[2][2] == "silent" and "2026-10-23" in lines[2]
    one = signed_in("alice").get("/sources/coverage/ZZK/?format=xlsx")
    assert one["Content-Type"].endswith("sheet")


def test_a_country_is_told_source_by_source_with_its_rhythm_and_silence(signed_in: Browser, bring: Callable[..., None]) -> None:
    bring("Ledger", *WEEKLY)
    bring("Courier", 3)
    watch()
    page = signed_in("alice").get("/sources/coverage/ZZK/")
    told = {one.name: one for one in page.context["lines"]}

    assert [str(told[name].state) for name in ("Ledger", "Courier")] == ["silent", "too few to tell"]
    assert "silent after 14 days" in str(told["Ledger"].sentence)
    text = page.content.decode()
    assert f'/sources/silences/{told["Ledger"].silence.id}/' in text
    assert "h-none" in told["Ledger"].strip and "h-none" not in told["Courier"].strip


def test_where_there_is_no_country_there_is_no_page(signed_in: Browser, people: Any) -> None:
    assert signed_in("alice").get("/sources/coverage/QQQ/").status_code == 404
    assert signed_in("alice").get(f"/sources/silences/{uuid4()}/").status_code == 404


def test_a_silence_is_explained_on_its_page_and_leaves_today(signed_in: Browser, bring: Callable[..., None]) -> None:
    bring("Ledger", *WEEKLY)
    (one,) = watch().began
    alice = signed_in("alice")
    today = alice.get("/")
    assert [row.source for row in today.context["stopped"]] == ["Ledger"]
    assert "A source has gone silent: nothing for 28 days." in today.content.decode()
    refused = alice.post(f"/sources/silences/{one.id}/", {"reason": " "}, follow=True)
    assert "Say why it is silent" in refused.content.decode()
    alice.post(f"/sources/silences/{one.id}/", {"reason": "Ceasefire holiday."})

    after = alice.get("/")
    assert (after.context["stopped"], after.context["notices"]) == ([], [])
    assert "Ceasefire holiday." in alice.get("/sources/coverage/ZZK/").content.decode()
    assert "Ceasefire holiday." in alice.get(f"/sources/silences/{one.id}/").content.decode()


def test_today_shows_the_silences_of_ones_desk_and_all_to_who_keeps_the_sources(
    signed_in: Browser, bring: Callable[..., None]
) -> None:
    bring("Ledger", *WEEKLY)
    bring("Herald", *WEEKLY, countries=("KEN",))
    watch()
    told = {name: [row.source for row in signed_in(name).get("/").context["stopped"]] for name in ("alice", "carol", "ivo")}

    assert (told["alice"], told["carol"], sorted(told["ivo"])) == (["Ledger"], [], ["Herald", "Ledger"])


def test_who_may_not_see_it_finds_neither_the_silence_nor_its_country(
    signed_in: Browser, bring: Callable[..., None]
) -> None:
    bring("Cable", *WEEKLY, level=3, desk="karvania")
    (one,) = watch().began

    assert signed_in("carol").get(f"/sources/silences/{one.id}/").status_code == 404
    assert signed_in("carol").post(f"/sources/silences/{one.id}/", {"reason": "x"}).status_code == 404
    assert rows(signed_in("carol").get("/sources/coverage/"))["ZZK"].state == "nobody"
    assert "Cable" not in signed_in("carol").get("/sources/coverage/ZZK/").content.decode()
    assert rows(signed_in("alice").get("/sources/coverage/"))["ZZK"].state == "silent"


ADDRESSES = ("/sources/coverage/", "/sources/coverage/ZZK/", "/sources/coverage/?format=csv", "/states/ZZK/", "/", "/sources/coverage/?source=ledger")


def test_the_same_pages_come_with_and_without_a_hidden_item(
    signed_in: Browser, bring: Callable[..., None], settings: Any
) -> None:
    """Carol, of another desk, reads byte for byte the same, whatever came that she may not see."""
    bring("Ledger", *WEEKLY)
    bring("Wire", *WEEKLY, 21, 14, 7, 0, countries=("KEN", "ZZK"))
    watch()
    before = [_bare(signed_in("carol").get(one)) for one in ADDRESSES]
    bring("Ledger", 1, 0, level=3, desk="karvania")
    bring("Ledger", 5, level=3, desk="karvania", countries=("MLI",), languages=("ru",))
    watch()

    assert [_bare(signed_in("carol").get(one)) for one in ADDRESSES] == before
    assert [_bare(signed_in("alice").get(one)) for one in ADDRESSES] != before


def _bare(answer: Any) -> str:
    """A page without what differs each time it is asked for."""
    import re

    text = answer.content.decode()
    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"|nonce="[^"]*"|name="once" value="[^"]*"', "", text)


def test_a_past_day_is_told_without_facts_and_says_so(signed_in: Browser, bring: Callable[..., None]) -> None:
    bring("Ledger", *WEEKLY)
    page = signed_in("alice").get("/sources/coverage/?as_of=2026-11-20")

    assert page.status_code == 200
    assert "of a past day, items alone" in page.content.decode()


def test_the_page_of_a_state_says_how_each_source_stands(signed_in: Browser, bring: Callable[..., None]) -> None:
    bring("Ledger", *WEEKLY)
    page = signed_in("alice").get("/states/ZZK/")

    assert [(one["source"].name, str(one["state"]), one["unheard"]) for one in page.context["feeders"]] == [("Ledger", "silent", True)]
    assert "/sources/coverage/ZZK/" in page.content.decode()


def test_the_page_of_sources_leads_to_it(signed_in: Browser, people: Any) -> None:
    assert 'href="/sources/coverage/"' in signed_in("alice").get("/sources/").content.decode()


def test_it_is_read_in_arabic(signed_in: Browser, bring: Callable[..., None], people: Any) -> None:
    bring("Ledger", *WEEKLY)
    people.alice.language = "ar"
    people.alice.save()
    with translation.override("ar"):
        page = signed_in("alice").get("/sources/coverage/ZZK/")

    assert 'dir="rtl"' in page.content.decode()
