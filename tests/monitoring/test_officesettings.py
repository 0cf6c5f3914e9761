"""An office asks a source its own way: what it sets is read strictly, reaches the planner, and never moves a credential alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from forestall.access.session import bound_to
from forestall.base.errors import Malformed, Refused
from forestall.cli import asking
from forestall.collecting.officesettings import adapted
from forestall.monitoring import holdings
from forestall.monitoring.actions import answers, collection
from forestall.monitoring.models import Collection
from forestall.record.models import Entry
from forestall.sources import CATALOGUE, all_sources
from forestall.sources.kobo import collector as kobo
from forestall.sources.odk import collector as odk

pytestmark = pytest.mark.django_db
KOBO, ODK = all_sources()["kobo"], all_sources()["odk"]
TODAY = date(2026, 11, 20)


def test_what_is_set_reaches_the_planner_and_the_list_of_hosts(keeper: Any) -> None:
    assert list(kobo.plan({}, source=KOBO, today=TODAY)) == []
    collection.set_for_office(KOBO, key="forms", text="aB3, xYz ,aB3", by=keeper)
    collection.set_for_office(KOBO, key="server", text="https://Forms.Office.example/", by=keeper)

    source = asking.as_set(KOBO)
    (first,) = kobo.plan({}, source=source, today=TODAY)
    assert first.url == "https://forms.office.example/api/v2/assets/aB3/?format=json"
    assert source.asks.hosts == (*KOBO.asks.hosts, "forms.office.example")
    assert (source.settings["forms"], KOBO.settings["forms"]) == (["aB3", "xYz"], [])
    assert Entry.objects.filter(verb="source set").count() == 2


def test_an_office_of_odk_names_its_own_server(keeper: Any) -> None:
    collection.set_for_office(ODK, key="server", text="https://central.office.example", by=keeper)
    collection.set_for_office(ODK, key="forms", text="7/field_report", by=keeper)
    (first, *_) = odk.plan({}, source=asking.as_set(ODK), today=TODAY)
    assert first.url.startswith("https://central.office.example/v1/projects/7/")


def test_an_empty_value_goes_back_to_the_definition(keeper: Any) -> None:
    collection.set_for_office(KOBO, key="forms", text="aB3", by=keeper)
    collection.set_for_office(KOBO, key="forms", text=" ", by=keeper)
    assert asking.as_set(KOBO) == KOBO


@pytest.mark.parametrize(
    ("key", "text", "told"),
    [
        ("page_size", "1", "no setting page_size"),
        ("token", "x", "no setting token"),
        ("token", "", "no setting token"),
        ("server", "http://forms.office.example", "https://"),
        ("server", "https://forms.office.example/api", "nothing behind it"),
        ("server", "https://me@forms.office.example", "nothing behind it"),
        ("server", "https://forms.office.example:8443", "nothing behind it"),
        ("server", "https://localhost", "nothing behind it"),
        ("server", "https://10.0.0.1", "nothing behind it"),
        ("forms", "a\nb", "one line"),
        ("forms", ",".join(map(str, range(101))), "at most 100"),
    ],
)
def test_what_cannot_be_meant_is_refused_with_what_can(keeper: Any, key: str, text: str, told: str) -> None:
    with pytest.raises(Refused, match=told):
        collection.set_for_office(KOBO, key=key, text=text, by=keeper)
    assert not Collection.objects.exists()


def test_another_server_is_read_from_the_beginning(keeper: Any) -> None:
    answers.move(KOBO, {"data:aB3": {"high": "2026-11-20"}}, by=keeper)
    collection.set_for_office(KOBO, key="desk", text="karvania", by=keeper)
    assert answers.cursor_of(KOBO)
    collection.set_for_office(KOBO, key="server", text="https://forms.office.example", by=keeper)
    assert answers.cursor_of(KOBO) == {}


@pytest.fixture
def cleared(people: Any) -> None:
    """Ivo is cleared for what forms bring."""
    people.ivo.clearance = 3
    people.ivo.save()


def test_nobody_sends_the_credentials_elsewhere_from_a_page(signed_in: Any, session_of: Any, keeper: Any, cleared: None) -> None:
    ivo = session_of("ivo")
    with bound_to(ivo), pytest.raises(Refused, match="command line"):
        collection.set_for_office(KOBO, key="server", text="https://evil.example", by=ivo)
    signed_in("ivo").post("/sources/ways/kobo/", {"setting": "server", "value": "https://evil.example"})
    assert holdings.collection("kobo") is None


def test_an_information_officer_names_the_forms_on_the_page(signed_in: Any, keeper: Any, cleared: None) -> None:
    signed_in("ivo").post("/sources/ways/kobo/", {"setting": "forms", "value": "aB3"})
    assert asking.as_set(KOBO).settings["forms"] == ["aB3"]
    page = signed_in("ivo").get("/sources/ways/kobo/").content.decode()
    assert 'value="aB3"' in page and "forestall sources set kobo server" in page


def test_whoever_is_not_cleared_for_what_it_brings_sets_nothing_beside_what_is_set(signed_in: Any, session_of: Any, keeper: Any) -> None:
    collection.set_for_office(KOBO, key="forms", text="quellarine", by=keeper)
    ivo = session_of("ivo")
    with bound_to(ivo):
        for act in (lambda: collection.set_for_office(KOBO, key="forms", text="x", by=ivo), lambda: collection.ask_for(KOBO, asked=True, by=ivo)):
            with pytest.raises(Refused, match="not cleared"):
                act()
    assert "quellarine" not in signed_in("ivo").get("/sources/ways/kobo/").content.decode()
    assert Collection.objects.count() == 1


@pytest.mark.parametrize("name", ["alice", "dora"])
def test_whoever_does_not_keep_sources_sets_and_reads_nothing(signed_in: Any, keeper: Any, name: str) -> None:
    collection.set_for_office(KOBO, key="forms", text="quellarine", by=keeper)
    assert "quellarine" not in signed_in(name).get("/sources/ways/kobo/").content.decode()
    signed_in(name).post("/sources/ways/kobo/", {"setting": "forms", "value": "other"})
    assert asking.as_set(KOBO).settings["forms"] == ["quellarine"]


def test_a_setting_that_the_definition_lost_is_left_out() -> None:
    assert adapted(replace(KOBO, office=("forms",)), {"forms": ["a"], "gone": 1}).settings.get("gone") is None


def test_a_definition_cannot_offer_a_setting_that_is_not_there(tmp_path: Any) -> None:
    from forestall.collecting.contract import read_source

    path = tmp_path / "source.toml"
    path.write_text((CATALOGUE / "kobo" / "source.toml").read_text().replace('"desk"]', '"never"]'))
    with pytest.raises(Malformed, match="not there"):
        read_source(path, module="x")
