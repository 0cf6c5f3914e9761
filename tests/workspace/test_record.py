"""Rita proves what was done; nobody reads of acts on what they may not see; content goes by decision of two."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection

from forestall.access import queries
from forestall.base.clock import fixed
from forestall.record import keys
from forestall.record.models import Checkpoint, Entry
from forestall.record.seals import seal
from forestall.record.verification import verify
from forestall.record.witnesses import tell_all

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def plain_surroundings() -> Iterator[None]:
    """These pages are asked for whole, with everything that stands around them."""
    with fixed(NOON):
        yield


def text(response: Any) -> str:
    return str(response.content.decode())


def plain(page: str) -> str:
    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", page)


def test_acts_are_read_by_those_who_may_see_the_thing_alone(
    make_item: Callable[..., Any], signed_in: Callable[[str], Any]
) -> None:
    before = plain(text(signed_in("carol").get("/record/")))
    make_item("Lists of households", desk="karvania", source="")
    page = text(signed_in("alice").get("/record/"))
    assert "item received" in page
    assert "Lists of households" in page
    assert "Lists of households" not in text(signed_in("carol").get("/record/"))
    assert before.count("item received") == text(signed_in("carol").get("/record/")).count("item received")


def test_a_thing_raised_out_of_sight_takes_its_acts_along(
    make_item: Callable[..., Any], signed_in: Callable[[str], Any], keeper: Any
) -> None:
    from forestall.labels.label import Level
    from forestall.record.actions import write

    item = make_item("Lists of households", level=2)
    assert "Lists of households" in text(signed_in("ivo").get("/record/?kind=monitoring.item"))
    item.label = item.label.raised_to(Level.STRICTLY_CONFIDENTIAL)
    write(item, by="system:keeper", verb="label raised")
    page = text(signed_in("ivo").get("/record/?kind=monitoring.item"))
    assert str(item.id)[:8] not in page
    assert "label raised" not in page


def test_acts_on_people_are_for_auditors(signed_in: Callable[[str], Any]) -> None:
    assert "person added" in text(signed_in("rita").get("/record/"))
    assert "person added" not in text(signed_in("alice").get("/record/"))


def test_the_record_is_narrowed_by_who_what_and_when(
    make_item: Callable[..., Any], signed_in: Callable[[str], Any], people: SimpleNamespace
) -> None:
    make_item("Lists of households")
    alice = signed_in("alice")
    assert "Lists of households" in text(alice.get("/record/?kind=monitoring.item&since=2026-11-20"))
    assert "Lists of households" not in text(alice.get("/record/?until=2026-11-19"))
    assert "Lists of households" not in text(alice.get(f"/record/?by={people.bob.id}"))


def test_as_of_a_past_day_the_record_ends_there(
    make_item: Callable[..., Any], signed_in: Callable[[str], Any]
) -> None:
    make_item("Lists of households")
    with fixed(NOON + timedelta(days=4)):
        make_item("A later list")
        page = text(signed_in("alice").get("/record/?as_of=2026-11-21"))
    assert "Lists of households" in page
    assert "A later list" not in page


def test_the_file_names_who_took_it_and_counts_no_places_in_the_log(
    make_item: Callable[..., Any], signed_in: Callable[[str], Any]
) -> None:
    make_item("Lists of households")
    told = signed_in("alice").get("/record/?format=csv").content.decode("utf-8-sig").splitlines()
    assert "Alice" in told[0]
    assert any("Lists of households" in row for row in told)
    assert Entry.objects.filter(verb="exported: record").exists()


def test_verifying_is_for_auditors_and_says_in_words_that_the_record_holds(
    make_item: Callable[..., Any], signed_in: Callable[[str], Any]
) -> None:
    make_item("Lists of households")
    assert signed_in("alice").get("/record/verification/").status_code == 403
    assert signed_in("alice").post("/record/verification/verify/").status_code == 403
    rita = signed_in("rita")
    assert "Not verified since you signed in" in text(rita.get("/record/verification/"))
    rita.post("/record/verification/verify/")
    assert "The record holds" in text(rita.get("/record/verification/"))


def test_a_changed_entry_is_told_with_its_place(
    make_item: Callable[..., Any], signed_in: Callable[[str], Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    from forestall.base.words import say
    from forestall.record.verification import Verification
    from forestall.workspace.pages import record

    fault = say("Entry %(seq)s, or one before it, was changed after it was written.", seq=3)
    monkeypatch.setattr(record, "verify", lambda: Verification(entries=9, faults=[fault]))
    rita = signed_in("rita")
    rita.post("/record/verification/verify/")
    page = text(rita.get("/record/verification/"))
    assert "The record does not hold." in page
    assert "Entry 3, or one before it" in page


def test_signing_gives_a_line_to_print_and_tells_no_witness(
    make_item: Callable[..., Any], signed_in: Callable[[str], Any], witness: Any
) -> None:
    from forestall.record.seals import line

    make_item("Lists of households")
    rita = signed_in("rita")
    rita.post("/record/verification/sign/")
    assert line(Checkpoint.objects.get()) in text(rita.get("/record/verification/"))
    assert not list(witness.iterdir())


def test_the_page_tells_each_witness_its_last_seal_and_each_key_its_period(
    make_item: Callable[..., Any], signed_in: Callable[[str], Any], witness: Any, settings: Any
) -> None:
    settings.WITNESSES = [str(witness), "/nowhere/at/all"]
    make_item("Lists of households")
    rita = signed_in("rita")
    assert "It was never sealed." in text(rita.get("/record/verification/"))
    seal()
    tell_all()
    with fixed(NOON + timedelta(minutes=5)):
        keys.rotate(by="rita")
    page = text(rita.get("/record/verification/"))
    assert "The folder is not there." in page
    assert "The witness /nowhere/at/all cannot be told since 1 seals" in page
    assert "Fewer than two witnesses are outside this home" not in page
    assert "handed over by the key before it" in page and "the first" in page


def test_an_outsider_gets_the_file_and_a_bundle_without_content_from_an_auditor_alone(
    make_item: Callable[..., Any], signed_in: Callable[[str], Any], tmp_path: Path
) -> None:
    make_item("Lists of households", "a private name")
    seal()
    alice, rita = signed_in("alice"), signed_in("rita")
    assert alice.get("/record/verification/forestall-verify/").status_code == 403
    assert alice.post("/record/verification/bundle/").status_code == 403
    assert rita.get("/record/verification/bundle/").status_code == 405
    (tmp_path / "forestall-verify").write_bytes(rita.get("/record/verification/forestall-verify/").content)
    told = b"".join(rita.post("/record/verification/bundle/").streaming_content)
    assert b"a private name" not in told and b"Lists of households" not in told and b"salt\":\"" in told
    assert b"desk:karvania" not in told
    (tmp_path / "record.bundle").write_bytes(told)
    done = outside(tmp_path, "record.bundle")
    assert done.returncode == 0, done.stdout
    assert Entry.objects.filter(verb="exported: bundle of the record, entries").exists()


def test_L18_a_statement_from_the_page_holds_outside_and_hidden_things_are_as_none(
    make_item: Callable[..., Any], signed_in: Callable[[str], Any], people: SimpleNamespace, keeper: Any, tmp_path: Path
) -> None:
    from uuid import uuid4

    from forestall.access import actions

    item = make_item("Lists of households", "a private name")
    seal()
    asked = {"kind": "monitoring.item", "thing": str(item.id), "on": "2026-11-20"}
    address = "/record/verification/statement/"
    rita = signed_in("rita")
    made = rita.post(address, asked).content
    assert b"a private name" not in made
    (tmp_path / "forestall-verify").write_bytes(rita.get("/record/verification/forestall-verify/").content)
    (tmp_path / "told").write_bytes(made)
    done = outside(tmp_path, "told")
    assert done.returncode == 0 and "known to the record" in done.stdout, done.stdout
    actions.recuse(people.rita, compartment="desk:karvania", by=keeper)
    hidden = signed_in("rita").post(address, asked)
    never = signed_in("rita").post(address, {**asked, "thing": str(uuid4())})
    assert hidden.status_code == never.status_code == 404
    assert plain(text(hidden)) == plain(text(never))
    assert signed_in("alice").post(address, asked).status_code == 403


def outside(folder: Path, name: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-I", "-S", "forestall-verify", name]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def test_content_goes_when_a_second_officer_agrees_and_the_log_still_verifies(
    make_item: Callable[..., Any], signed_in: Callable[[str], Any], people: SimpleNamespace,
    django_capture_on_commit_callbacks: Callable[..., Any],
) -> None:
    item = make_item("Names of the missing", "a private name")
    rita, rolf = signed_in("rita"), signed_in("rolf")
    address = f"/record/remove/monitoring.item/{item.id}/"
    rita.post(address, {"reason": "a court ordered it", "again": "wrong", "back": address})
    assert queries.notices(str(people.rolf.id)) == []
    rita.post(address, {"reason": "a court ordered it", "again": str(item.id), "back": address})
    assert "Names of the missing" in text(signed_in("alice").get("/record/"))
    (notice,) = queries.notices(str(people.rolf.id))
    assert "a court ordered it" in text(rolf.get(f"/decisions/{notice.object_id}/"))
    with django_capture_on_commit_callbacks(execute=True):
        rolf.post(f"/decisions/{notice.object_id}/", {"act": "agree", "again": "agree"})
    assert "Names of the missing" not in text(signed_in("alice").get("/record/"))
    assert signed_in("alice").get(f"/items/{item.id}/").status_code == 404
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM record_payload WHERE body LIKE %s", ["%a private name%"])
        assert cursor.fetchone() == (0,)
    assert verify().holds


def test_one_officer_alone_removes_nothing(
    make_item: Callable[..., Any], signed_in: Callable[[str], Any], people: SimpleNamespace, keeper: Any
) -> None:
    from forestall.access import actions

    actions.set_active(people.rolf, active=False, by=keeper)
    item = make_item("Names of the missing")
    address = f"/record/remove/monitoring.item/{item.id}/"
    refused = signed_in("rita").post(
        address, {"reason": "a court ordered it", "again": str(item.id), "back": address}
    )
    assert "nobody else here could agree" in text(refused.client.get(refused.headers["Location"]))


def test_what_cannot_be_seen_cannot_be_proposed_and_is_as_what_never_was(
    make_item: Callable[..., Any], signed_in: Callable[[str], Any], people: SimpleNamespace, keeper: Any
) -> None:
    from uuid import uuid4

    from forestall.access import actions

    item = make_item("Names of the missing")
    actions.recuse(people.rita, compartment="desk:karvania", by=keeper)
    rita = signed_in("rita")
    hidden = rita.get(f"/record/remove/monitoring.item/{item.id}/")
    never = rita.get(f"/record/remove/monitoring.item/{uuid4()}/")
    assert hidden.status_code == never.status_code == 404
    assert plain(text(hidden)) == plain(text(never))
    assert rita.get(f"/record/remove/no.such/{item.id}/").status_code == 404
