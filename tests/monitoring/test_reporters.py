"""Who reports by a form stands in the vault and nowhere else; what they agreed to stands in the label of what they said."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings as office
from django.db import connections, transaction

from forestall.access import actions as access
from forestall.access.session import bound_to, system_reader
from forestall.base.clock import now
from forestall.base.errors import Refused, Unavailable
from forestall.collecting.childprocess import InProcess
from forestall.collecting.received import Received
from forestall.labels.models import Labelled, everything
from forestall.monitoring.actions import answers, rereading
from forestall.monitoring.models import Item, Quarantine, Source
from forestall.monitoring.suggesting import Readers
from forestall.record.models import Entry, Evidence, Payload
from forestall.retention import recall
from forestall.search.models import Document
from forestall.sources import all_sources
from forestall.vault import identities, keys, verification
from forestall.vault.models import Identity, Pseudonym

pytestmark = pytest.mark.django_db(databases=["default", "vault"], transaction=False)
KOBO = replace(all_sources()["kobo"], settings={**all_sources()["kobo"].settings, "desk": "karvania"})
TELLING = ("zanziphore", "quellarine", "+999 555 0101", "1.250031", "Lower Ford")


@pytest.fixture(autouse=True)
def key(tmp_path: Path, settings: Any) -> None:
    settings.VAULT_KEY = tmp_path / "vault"
    keys.make()


@pytest.fixture
def handlers(people: SimpleNamespace, keeper: Any) -> SimpleNamespace:
    for name, desk in (("hana", "karvania"), ("sid", "south")):
        person = access.add_person(username=name, name=name.capitalize(), clearance=3, by=keeper, compartments=frozenset({"SRC", f"desk:{desk}"}))
        access.give_role(person, role="source_handler", since=date(2025, 1, 1), by=keeper)
        setattr(people, name, person)
    return people


def submission(number: int, *, by: str = "zanziphore", consent: str = "yes", text: str = "Checkpoints.", **more: Any) -> dict[str, Any]:
    given = {
        "_id": number, "_uuid": f"u{number}", "meta/instanceID": f"uuid:u{number}", "_submission_time": "2026-11-20T08:00:00",
        "_submitted_by": by, "consent": consent, "incident/what": text, "incident/reporter_name": "Quellarine",
        "incident/phone": "+999 555 0101", "incident/gps": "1.250031 30.500022 410 5", "incident/village": "Lower Ford",
        "incident/admin2": "AA0102", **more,
    }  # fmt: skip
    return {name: value for name, value in given.items() if value is not None}


@pytest.fixture
def take(handlers: Any) -> Callable[..., Any]:
    def run(*given: dict[str, Any], source: Any = KOBO) -> Any:
        body = json.dumps({"count": len(given), "next": None, "results": list(given)}).encode()
        with bound_to(system_reader("collector", reason="a test")) as by:
            received = Received("data.json", body, now())
            return rereading.take_file(source, received, by=by, reader=InProcess(), readers=Readers())

    return run


def whole_office() -> str:
    """Every row of every table but the vault's, as text, with what the record holds of each."""
    rows: list[Any] = []
    for model in apps.get_models():
        if model._meta.app_label == "vault" and model.__name__ in ("Identity", "Original", "Guess"):
            continue
        found = everything(model).values_list() if issubclass(model, Labelled) else model._default_manager.values_list()
        rows += list(found)
    return "\n".join(map(str, rows))


def kept_files() -> set[Path]:
    return {path for path in Path(office.HOME.files).rglob("*") if path.is_file()}


def test_who_reports_stands_in_the_vault_and_nowhere_else(take: Any, keeper: Any) -> None:
    before = kept_files()
    take(submission(1))

    one, item = Pseudonym.objects.get(), Item.objects.get()
    assert item.reporter == one.code == item.source.name
    assert item.level == item.source.level == 3
    known = identities.read(one.id)
    told = f"{known.contact}\n{known.location}\n{known.notes}"
    assert all(word.lower() in told.lower() for word in TELLING)
    office_rows = whole_office().lower()
    assert not [word for word in TELLING if word.lower() in office_rows]
    assert "checkpoints" in office_rows, "what was said is there"
    assert Payload.objects.exists() and Document.objects.exists() and Entry.objects.exists()
    for name in ("name", "contact", "location", "notes", "words"):
        sealed = bytes(getattr(Identity.objects.get(), name)).lower()
        assert not [word for word in TELLING if word.lower().encode() in sealed]
    written = kept_files() - before
    assert written and not [path for path in written if b"zanziphore" in path.read_bytes().lower()]
    assert verification.verify().faults == []


def test_the_bytes_that_tell_it_are_for_the_handlers_of_the_desk_alone(take: Any, session_of: Any) -> None:
    take(submission(1))
    for name, seen in (("alice", 0), ("dan", 0), ("sid", 0), ("hana", 1)):
        with bound_to(session_of(name)):
            assert Evidence.objects.filter(name="data.json").count() == seen, name
    with bound_to(session_of("alice")):
        assert Item.objects.count() == 1


def test_somebody_who_reports_again_is_the_same_source(take: Any, keeper: Any) -> None:
    take(submission(1), submission(2, text="Second."))
    take(submission(3, text="Third."), submission(4, by="another", text="Fourth."))

    codes = {item.text.split("what: ")[-1].split("\n")[0]: item.reporter for item in Item.objects.all()}
    assert len(set(codes.values())) == 2 == Pseudonym.objects.count() == Source.objects.count()
    one = Pseudonym.objects.get(code=Item.objects.get(external_id="uuid:u3").reporter)
    assert [f"uuid:u{number} " in identities.read(one.id).notes for number in (1, 2, 3, 4)] == [True, True, True, False]


def test_a_report_that_comes_again_adds_nothing(take: Any, keeper: Any) -> None:
    take(submission(1))
    before = identities.read(Pseudonym.objects.get().id)
    take(submission(1))

    assert (Pseudonym.objects.count(), Item.objects.count()) == (1, 1)
    assert identities.read(Pseudonym.objects.get().id) == before


def test_an_edited_report_stays_with_its_pseudonym(take: Any, keeper: Any) -> None:
    take(submission(1))
    code = Item.objects.get().reporter
    take(submission(1, text="Edited."))

    assert (Item.objects.get().reporter, Pseudonym.objects.count()) == (code, 1)
    assert "Edited" in Item.objects.get().text


@pytest.mark.parametrize("answer", [{"consent": "no"}, {"consent": "yes", "consent_scopes": "none"}])
def test_a_report_edited_to_no_leaves_the_views_at_once(take: Any, keeper: Any, answer: dict[str, str]) -> None:
    take(submission(1), submission(2, text="Another."))
    given = Item.objects.get(external_id="uuid:u1")
    take(submission(1, text="Taken back.", **answer))

    assert [item.external_id for item in Item.objects.all()] == ["uuid:u2"]
    held = everything(Item).get(pk=given.pk)
    assert held.label.consent == {"none"} and "Taken back" not in held.text
    assert recall.Recall.objects.get(about_id=given.pk).reason == answers.TAKEN_BACK
    take(submission(1, text="Once more."))
    assert Item.objects.count() == 1, "what was taken back stays away"


def test_a_report_that_was_never_agreed_to_takes_nothing_back(take: Any, keeper: Any) -> None:
    take(submission(1, consent="no"))
    assert not everything(Item).exists() and not recall.Recall.objects.exists()


def test_a_report_without_an_account_has_a_source_of_its_own(take: Any, keeper: Any) -> None:
    take(submission(1, by=None), submission(2, by=None, text="Second."))
    assert Pseudonym.objects.count() == 2


def test_what_is_not_kept_leaves_nobody_in_the_vault(take: Any, keeper: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: Any, **__: Any) -> None:
        raise RuntimeError("the machine stops")

    monkeypatch.setattr(answers, "_set_aside_rows", fail)
    with pytest.raises(RuntimeError), transaction.atomic():
        take(submission(1), submission(2, by="another"))

    assert not Identity.objects.exists()
    assert not everything(Item).exists() and not everything(Evidence).exists()
    monkeypatch.undo()
    take(submission(1))
    assert Identity.objects.count() == Item.objects.count() == 1


def test_what_is_tried_again_stands_in_the_vault_once(take: Any, keeper: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    take(submission(1))

    def fail(*_: Any, **__: Any) -> None:
        raise RuntimeError("the machine stops")

    monkeypatch.setattr(answers, "_set_aside_rows", fail)
    with pytest.raises(RuntimeError), transaction.atomic():
        take(submission(2, text="Second."))
    monkeypatch.undo()
    take(submission(2, text="Second."))

    assert identities.read(Pseudonym.objects.get().id).notes.count("uuid:u2 _submitted_by") == 1


def test_while_the_vault_is_sealed_nothing_is_taken(take: Any, keeper: Any, settings: Any, tmp_path: Path) -> None:
    settings.VAULT_KEY = tmp_path / "away" / "vault"
    with pytest.raises(Unavailable):
        take(submission(1))
    assert not everything(Item).exists() and not everything(Evidence).exists()


def test_without_a_desk_that_cares_nothing_is_taken(take: Any, keeper: Any) -> None:
    with pytest.raises(Refused, match="sources set kobo desk KEY"):
        take(submission(1), source=all_sources()["kobo"])
    assert not everything(Item).exists()


def test_a_source_handler_of_the_desk_cares_for_them(take: Any, handlers: Any, keeper: Any) -> None:
    take(submission(1))
    assert Pseudonym.objects.get().keeper == str(handlers.hana.id)


@pytest.mark.parametrize(
    ("asked", "consent"),
    [
        ({}, {"collect", "store", "analyse"}),
        ({"consent_scopes": "analyse share_un"}, {"collect", "store", "analyse", "share-UN"}),
        ({"consent_scopes": "analyse publish_counts contact_again"}, {"collect", "store", "analyse"}),
        ({"report/consent_scopes": "analyse"}, {"collect", "store", "analyse"}),
        ({"consent_scopes/analyse": "1", "consent_scopes/share_un": "0"}, {"collect", "store", "analyse"}),
        ({"consent_scopes": "Read it and weigh it within the office"}, {"collect", "store", "analyse"}),
    ],
)
def test_what_they_agreed_to_stands_in_the_label(take: Any, keeper: Any, asked: dict[str, str], consent: set[str]) -> None:
    take(submission(1, **asked))
    assert Item.objects.get().label.consent == consent == set(Pseudonym.objects.get().scopes)


def test_what_may_not_be_read_is_not_read(take: Any, keeper: Any) -> None:
    take(submission(1, consent_scopes="share_un"))
    assert not everything(Item).exists()
    take(submission(1, consent_scopes="share_un"), submission(2, text="Second."))

    assert Item.objects.count() == 1
    aside = everything(Quarantine).get()
    assert "did not agree" in str(aside.parameters)
    assert "Checkpoints" not in whole_office()


def test_a_consent_that_was_taken_back_is_not_given_anew_by_the_next_turn(take: Any, keeper: Any) -> None:
    take(submission(1))
    with bound_to(system_reader("keeper", reason="a test")) as by:
        recall.withdraw_consent(Item.objects.get(), scopes=frozenset(), reason="They called.", by=by)
    take(submission(1), submission(2, text="Second."))
    take(submission(1, text="Edited."), submission(3, text="Third."))

    assert Item.objects.filter(external_id="uuid:u1").count() == 0
    assert everything(Item).filter(external_id="uuid:u1").count() == 1


def test_the_vault_is_another_database(take: Any) -> None:
    assert connections["vault"].settings_dict["NAME"] != connections["default"].settings_dict["NAME"]
