"""The sources and the quarantine: who spoke last, who is silent, who may look at what could not be read."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.utils import translation

from forestall.access.session import bound_to
from forestall.base.clock import now
from forestall.collecting import protections
from forestall.collecting.childprocess import InProcess
from forestall.collecting.received import Received
from forestall.collecting.worker import Hello
from forestall.monitoring import holdings, queries
from forestall.monitoring.actions import rereading
from forestall.monitoring.actions.intake import take_in
from forestall.monitoring.models import Source
from forestall.monitoring.suggesting import Readers
from forestall.record.models import Entry
from forestall.sources import CATALOGUE, all_sources
from forestall.workspace.pages.sources import silence

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def plain_surroundings() -> Iterator[None]:
    """These are whole pages, with the product's own surroundings."""
    with translation.override("en"):
        yield


@pytest.fixture
def set_aside(keeper: Any, people: Any, tmp_path: Path) -> Any:
    """A run that brought one readable file and one that could not be read."""
    (tmp_path / "note.txt").write_text("The district office asked for the lists of every household.")
    (tmp_path / "odd.rtf").write_bytes(b"{\\rtf1 hello}")
    with bound_to(keeper):
        list(take_in(tmp_path, by=keeper, readers=Readers()))
        return queries.quarantined()[0]


def kept(**changed: Any) -> dict[str, Any]:
    return {
        "name": "Field office", "nature": "un", "reliability": "B", "language": "en", "iso3": "ZZK", "licence": "",
        "cadence_days": "7", "state": "active", **changed,
    }  # fmt: skip


def shown(page: Any) -> dict[str, Any]:
    return {row.source.name: row for row in page.context["rows"]}


def test_items_and_ages_are_counted_over_what_the_reader_may_see(
    signed_in: Callable[[str], Any], make_item: Callable[..., Any]
) -> None:
    make_item("Open", level=2)
    make_item("Secret", level=3)
    assert shown(signed_in("alice").get("/sources/"))["Field office"].tally.items == 2
    assert shown(signed_in("ivo").get("/sources/"))["Field office"].tally.items == 1


def test_silence_is_told_against_what_is_expected() -> None:
    assert "silent for 9 days" in str(silence(9, cadence=7))
    assert str(silence(7, cadence=7)) == "as expected"
    assert "nobody has said" in str(silence(9, cadence=None))
    assert "nothing has come" in str(silence(None, cadence=7))


def test_a_silent_source_is_found_by_the_address(
    signed_in: Callable[[str], Any], make_item: Callable[..., Any], keeper: Any
) -> None:
    item = make_item("Old news")
    signed_in("ivo").post(f"/sources/{item.source_id}/", kept(cadence_days="1"))
    make_item("Other", source="Paper")
    assert set(shown(signed_in("alice").get("/sources/?silent=yes"))) == {"Field office"}


def test_an_information_officer_keeps_a_source_and_the_record_says_so(
    signed_in: Callable[[str], Any], make_item: Callable[..., Any], people: Any, keeper: Any
) -> None:
    item = make_item("Lists")
    signed_in("ivo").post(f"/sources/{item.source_id}/", kept(interested_party="on"))
    with bound_to(keeper):
        source = Source.objects.get()
    assert (source.nature, source.reliability, source.interested_party, source.cadence_days) == (
        "un",
        "B",
        True,
        7,
    )
    assert Entry.objects.get(object_id=source.id, verb="source kept").by == str(people.ivo.id)


def test_an_interested_party_stops_corroborating_at_once(
    signed_in: Callable[[str], Any], observe: Callable[..., Any], keeper: Any
) -> None:
    seen = observe("7.12", sources=("Field office", "Party"))
    with bound_to(keeper):
        party = Source.objects.get(name="Party")
        assert len(queries.origins_of(seen)) == 2
    signed_in("ivo").post(f"/sources/{party.id}/", kept(name="Party", interested_party="on"))
    with bound_to(keeper):
        assert len(queries.origins_of(seen)) == 1


def test_who_does_not_keep_sources_sees_no_form_and_changes_nothing(
    signed_in: Callable[[str], Any], make_item: Callable[..., Any], keeper: Any
) -> None:
    item = make_item("Lists")
    assert (
        "Correct what is known" not in signed_in("alice").get(f"/sources/{item.source_id}/").content.decode()
    )
    assert signed_in("alice").post(f"/sources/{item.source_id}/", kept(name="Mine")).status_code == 403
    with bound_to(keeper):
        assert Source.objects.get().name == "Field office"


def test_a_wrong_value_comes_back_with_the_form(
    signed_in: Callable[[str], Any], make_item: Callable[..., Any], keeper: Any
) -> None:
    item = make_item("Lists")
    page = signed_in("ivo").post(f"/sources/{item.source_id}/", kept(name="New name", cadence_days="0"))
    assert page.status_code == 200
    assert "New name" in page.content.decode()
    with bound_to(keeper):
        assert Source.objects.get().name == "Field office"


def test_a_source_that_may_not_be_seen_never_was(
    signed_in: Callable[[str], Any], make_item: Callable[..., Any]
) -> None:
    item = make_item("Lists")
    assert signed_in("dora").get(f"/sources/{item.source_id}/").status_code == 404
    assert signed_in("dora").get(f"/sources/{uuid4()}/").status_code == 404


def test_every_way_information_arrives_is_listed_and_its_page_tells_terms_and_what_to_do(
    signed_in: Callable[[str], Any], people: Any
) -> None:
    listed = signed_in("alice").get("/sources/")
    assert {one["row"].entry.id for one in listed.context["entries"]} >= {"mail", "feeds", "table", "ucdp-ged"}
    told = signed_in("alice").get("/sources/ways/mail/").content.decode()
    assert "held in confidence" in told
    assert "ask for it unlocked" in told
    assert signed_in("alice").get("/sources/ways/quixotry/").status_code == 404


class TestOneWay:
    @pytest.fixture
    def held(self, keeper: Any, people: Any) -> Any:
        """One release of UCDP, three rows of which one is bad."""
        content = (CATALOGUE / "ucdp_ged" / "sample" / "GEDEvent_v26_0_9.csv").read_bytes()
        received = Received("GEDEvent_v26_0_9.csv", content, now())
        with bound_to(keeper):
            return rereading.take_file(
                all_sources()["ucdp-ged"], received, by=keeper, reader=InProcess(), readers=Readers()
            )

    def test_it_tells_what_is_held_and_what_it_answered(self, signed_in: Callable[[str], Any], held: Any) -> None:
        page = signed_in("alice").get("/sources/ways/ucdp-ged/")

        assert page.context["row"].facts == 2
        assert [one.name for one in page.context["answers"]] == ["GEDEvent_v26_0_9.csv"]

    def test_that_rows_were_set_aside_is_told_to_reviewers_alone(self, signed_in: Callable[[str], Any], held: Any) -> None:
        reviewer, other = signed_in("bob").get("/sources/ways/ucdp-ged/"), signed_in("ivo").get("/sources/ways/ucdp-ged/")

        assert str(reviewer.context["row"].state) == "some files could not be read"
        assert str(other.context["row"].state) == "ended"
        assert "Set aside" in reviewer.content.decode()
        assert "Set aside" not in other.content.decode()

    def test_a_reviewer_sees_what_reading_again_would_change_and_others_do_not(self, signed_in: Callable[[str], Any], held: Any) -> None:
        assert "See what reading them again would change" in signed_in("bob").get("/sources/ways/ucdp-ged/").content.decode()
        page = signed_in("bob").get("/sources/ways/ucdp-ged/again/")
        assert page.status_code == 200 and "Would change" in page.content.decode()
        for name in ("alice", "ivo", "dora"):
            other = signed_in(name)
            assert other.get("/sources/ways/ucdp-ged/again/").status_code in (403, 404), name
            assert "reading them again" not in other.get("/sources/ways/ucdp-ged/").content.decode(), name

    def test_more_answers_than_a_page_can_wait_for_are_left_to_the_command_line(
        self, signed_in: Callable[[str], Any], held: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        from forestall.workspace.pages import collector

        monkeypatch.setattr(collector, "TRIED_ON_A_PAGE", 1)
        assert "forestall replay ucdp-ged --dry-run --diff" in signed_in("bob").get("/sources/ways/ucdp-ged/again/").content.decode()

    def test_whoever_keeps_the_sources_turns_it_on_and_off(self, signed_in: Callable[[str], Any], people: Any, keeper: Any) -> None:
        officer = signed_in("ivo")
        officer.post("/sources/ways/ucdp-ged/", {"asked": "yes"})
        with bound_to(keeper):
            assert holdings.collection("ucdp-ged").asked
        assert officer.get("/sources/ways/ucdp-ged/").context["row"].asked
        officer.post("/sources/ways/ucdp-ged/", {"asked": "no"})
        with bound_to(keeper):
            assert not holdings.collection("ucdp-ged").asked

    def test_who_does_not_keep_sources_turns_nothing_on(self, signed_in: Callable[[str], Any], people: Any, keeper: Any) -> None:
        assert signed_in("alice").post("/sources/ways/ucdp-ged/", {"asked": "yes"}).status_code in (403, 404)
        with bound_to(keeper):
            assert holdings.collection("ucdp-ged") is None

    def test_what_arrives_by_itself_is_never_turned_on(self, signed_in: Callable[[str], Any], people: Any) -> None:
        page = signed_in("ivo").post("/sources/ways/mail/", {"asked": "yes"})

        assert page.status_code in (302, 400, 403, 409)


def test_a_run_tells_its_whole_count_to_reviewers_alone(
    signed_in: Callable[[str], Any], set_aside: Any
) -> None:
    reviewer, other = signed_in("bob").get("/sources/"), signed_in("ivo").get("/sources/")
    assert str(reviewer.context["runs"][0]["state"]) == "some files could not be read"
    assert str(other.context["runs"][0]["state"]) == "ended"
    assert "Set aside" in reviewer.content.decode()
    assert "Set aside" not in other.content.decode()
    assert "uarantine/" not in other.content.decode()


def test_the_quarantine_is_open_to_reviewers_alone(signed_in: Callable[[str], Any], set_aside: Any) -> None:
    page = signed_in("bob").get("/sources/quarantine/").content.decode()
    assert "odd.rtf" in page
    assert "Rich Text can hold objects that run" in page
    for place in ("", f"{set_aside.id}/bytes/", f"{uuid4()}/bytes/"):
        refused = signed_in("ivo").get(f"/sources/quarantine/{place}")
        assert refused.status_code == 403
        assert "odd.rtf" not in refused.content.decode()


def test_bytes_set_aside_leave_as_octets_and_custody_says_who_took_them(
    signed_in: Callable[[str], Any], set_aside: Any, people: Any
) -> None:
    file = signed_in("bob").get(f"/sources/quarantine/{set_aside.id}/bytes/")
    assert (file.content, file["Content-Type"]) == (b"{\\rtf1 hello}", "application/octet-stream")
    taken = Entry.objects.get(object_id=set_aside.evidence_id, verb="exported")
    assert taken.by == str(people.bob.id)
    assert signed_in("bob").get(f"/sources/quarantine/{uuid4()}/bytes/").status_code == 404


def test_sources_and_quarantine_leave_as_files(signed_in: Callable[[str], Any], set_aside: Any) -> None:
    sources = signed_in("bob").get("/sources/?format=csv").content.decode("utf-8-sig")
    aside = signed_in("bob").get("/sources/quarantine/?format=csv").content.decode("utf-8-sig")
    assert len(list(csv.reader(io.StringIO(sources)))) == 3
    assert list(csv.reader(io.StringIO(aside)))[2][0] == "odd.rtf"


def test_of_a_past_day_sources_stand_as_they_stood(
    signed_in: Callable[[str], Any], make_item: Callable[..., Any]
) -> None:
    make_item("Lists")
    page = signed_in("alice").get("/sources/?as_of=2020-01-01")
    assert (page.status_code, shown(page)) == (200, {})


@pytest.mark.parametrize(("sockets", "told"), [(True, "seccomp"), (False, "closed before it reads")])
def test_the_page_says_how_what_arrives_is_confined(signed_in, monkeypatch, sockets, told):
    monkeypatch.setattr(protections, "found", lambda: Hello(memory=True, sockets=sockets))

    assert told in signed_in("ivo").get("/sources/").content.decode()
    assert told in signed_in("ivo").get("/sources/ways/mail/").content.decode()
