"""A partner gives information: told what will happen to it, asked for each consent, given a receipt, and shown nothing else."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from hashlib import sha256
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from forestall.access import actions as access
from forestall.access.middleware import EXERCISE_LINK
from forestall.access.session import Assurance, Session, bound_to, for_person, system_reader
from forestall.base.clock import today
from forestall.cli.leaks.observing import PARTS, WORDS, patterns
from forestall.labels.models import everything
from forestall.monitoring import queries
from forestall.monitoring.models import Contribution, Item, Quarantine, Source
from forestall.record.models import Entry, Evidence
from forestall.retention.models import Recall
from forestall.vault import identities, keys
from forestall.vault.models import Pseudonym

pytestmark = pytest.mark.django_db(databases=["default", "vault"])
ALL = ["collect", "store", "analyse", "share-UN", "judicial", "public"]
READ = ["collect", "store", "analyse"]
GRANTED = frozenset({"desk:karvania", "3P:wells"})
MINE = re.compile(r"C-[0-9A-F]{8}")


@pytest.fixture(autouse=True)
def plain_surroundings() -> None:
    """Pages stand in their true surroundings here: who reads them, with which menu."""


@pytest.fixture
def partners(people: SimpleNamespace, keeper: Any) -> SimpleNamespace:
    """Pia and Piet of two organisations. Alice is let into what Pia's gives in confidence; Ivo is not."""
    if keys.is_sealed():
        keys.make()
    made = {}
    for name, granted in (("pia", GRANTED), ("piet", frozenset({"3P:roads"}))):
        made[name] = access.add_person(username=name, name=f"{name.capitalize()} Zanziphore", clearance=2, compartments=granted,
                                       email=f"{name}@wells.example", by=keeper)  # fmt: skip
        access.give_role(made[name], role="partner", since=date(2025, 1, 1), by=keeper)
    access.grant_compartments(people.alice, compartments=frozenset({"3P:wells"}), by=keeper)
    return SimpleNamespace(**made)


@pytest.fixture
def browser(partners: SimpleNamespace) -> Callable[..., Client]:
    def open_(name: str = "pia") -> Client:
        client = Client()
        client.force_login(getattr(partners, name), backend="allauth.account.auth_backends.AuthenticationBackend")
        session = client.session
        session[EXERCISE_LINK] = True
        session.save()
        return client

    return open_


def session_of(person: Any) -> Session:
    person.refresh_from_db()
    return for_person(type(person).objects.get(pk=person.pk), assurance=Assurance.WEBAUTHN)


def give(client: Client, *, scopes: list[str] = READ, danger: str = "no", file: Any = None, follow: bool = True, **more: str) -> Any:
    sent: dict[str, Any] = {"scopes": scopes, "danger": danger, **more}
    if file is not None:
        sent["file"] = SimpleUploadedFile(*file)
    return client.post("/give/", sent, follow=follow)


NOTE = ("wells.txt", b"The wells of the village are poisoned.")


def number_on(page: Any) -> str:
    return MINE.search(page.content.decode())[0]  # type: ignore[index]


def test_a_partner_is_told_before_they_give_and_nothing_is_chosen_for_them(browser: Any) -> None:
    page = browser().get("/give/").content.decode()

    for told in ("Only officers cleared", "desk Karvania", "given in confidence by wells", "5 years", "release by two people", "take your consent back"):
        assert told in page
    assert page.count('name="scopes"') == len(ALL) and "checked" not in page


def test_what_is_given_becomes_an_item_under_its_consent_and_a_receipt_with_its_hash(browser: Any, people: Any) -> None:
    page = give(browser(), file=NOTE, scopes=[*READ, "share-UN"])

    assert sha256(NOTE[1]).hexdigest() in page.content.decode()
    assert "Received and taken in." in page.content.decode()
    with bound_to(session_of(people.alice)):
        item = Item.objects.get()
        assert (item.text, item.reporter, item.level) == (NOTE[1].decode(), "Pia Zanziphore", 2)
        assert item.label.compartments >= GRANTED
        assert item.label.consent == item.evidence.label.consent == {"collect", "store", "analyse", "share-UN"}
        assert number_on(page) in str(item.flags)
    for name in ("ivo", "carol", "dora"):
        with bound_to(session_of(getattr(people, name))):
            assert not Item.objects.exists() and not Contribution.objects.exists()
            assert not Source.objects.filter(name__contains="Zanziphore").exists()


def test_words_alone_are_enough_and_stand_under_their_questions(browser: Any, people: Any) -> None:
    give(browser(), what="Checkpoints ask for identity cards.", where="Northern District", when="")

    with bound_to(session_of(people.alice)):
        text = Item.objects.get().text
    assert "What is it?\nCheckpoints ask for identity cards." in text
    assert "Northern District" in text and "When did" not in text


def test_what_was_typed_comes_back_with_a_refusal(browser: Any) -> None:
    page = give(browser(), scopes=["analyse"], what="Checkpoints ask for cards.").content.decode()
    assert "Checkpoints ask for cards." in page


@pytest.mark.parametrize(("danger", "level"), [("no", 2), ("yes", 3), ("unknown", 3)])
def test_danger_holds_it_closer(browser: Any, people: Any, danger: str, level: int) -> None:
    give(browser(), file=NOTE, danger=danger)
    with bound_to(session_of(people.alice)):
        assert (Item.objects.get().level, Contribution.objects.get().level) == (level, level)


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        ({"scopes": []}, "may not have it"),
        ({"scopes": ["collect", "analyse"]}, "may not have it"),
        ({"scopes": [*READ, "sell"]}, "Choose from the list"),
        ({"danger": ""}, "in danger"),
        ({"danger": "perhaps"}, "in danger"),
        ({"file": None, "what": "  "}, "Choose a file, or write"),
    ],
)
def test_what_nobody_agreed_to_is_not_taken(browser: Any, sent: dict[str, Any], told: str) -> None:
    page = give(browser(), **{"file": NOTE, **sent})

    assert told in page.content.decode()
    assert not everything(Evidence).exists() and not everything(Contribution).exists()


def test_without_consent_that_it_is_analysed_nobody_reads_it(browser: Any, people: Any) -> None:
    page = give(browser(), file=NOTE, scopes=["collect", "store", "judicial"])

    assert everything(Item).count() == 1
    with bound_to(session_of(people.alice)):
        assert not Item.objects.exists()
    assert "Received." in page.content.decode()


def test_a_consent_that_is_taken_back_takes_effect_at_once(browser: Any, people: Any, keeper: Any) -> None:
    pia = browser()
    number = number_on(give(pia, file=NOTE, scopes=ALL))
    page = pia.post(f"/give/{number}/", {"scopes": ["public", "share-UN"]}, follow=True).content.decode()
    assert "to publish it" not in page and "to hand it to a court" in page
    with bound_to(session_of(people.alice)):
        assert Item.objects.get().label.consent == {"collect", "store", "analyse", "judicial"}

    page = pia.post(f"/give/{number}/", {"scopes": ["analyse"]}, follow=True).content.decode()
    assert "to nothing any more" in page and "Nobody reads it any more" in page
    with bound_to(session_of(people.alice)):
        assert not Item.objects.exists()
        assert not Evidence.objects.filter(name="wells.txt").exists()
    assert Recall.objects.count() == 2, "whoever had it is called back"
    assert "Take back everything" not in page


def test_what_was_taken_back_cannot_be_taken_back_again_or_given_anew(browser: Any) -> None:
    pia = browser()
    number = number_on(give(pia, file=NOTE))
    pia.post(f"/give/{number}/", {"all": "yes"})
    pia.post(f"/give/{number}/", {"scopes": ["public"]})

    assert everything(Contribution).get().agreed == []
    assert everything(Item).get().label.consent == {"none"}


def test_a_file_that_cannot_be_read_is_kept_and_said_to_be(browser: Any, people: Any) -> None:
    page = give(browser(), file=("tool.exe", b"MZ\x90\x00 a program"))

    assert "could not be read yet" in page.content.decode()
    with bound_to(system_reader("collector", reason="a test")):
        aside = Quarantine.objects.get()
        assert aside.label.compartments == GRANTED and aside.label.consent == set(READ)
        assert aside.evidence.sha256 == sha256(b"MZ\x90\x00 a program").hexdigest()


def test_the_bytes_of_something_that_is_here_are_answered_as_new(browser: Any, make_item: Any) -> None:
    pia, piet = browser(), browser("piet")
    pages = [give(one, file=NOTE).content.decode() for one in (pia, piet, pia)]

    plain = [re.sub(r"C-[0-9A-F]{8}|P\w+ Zanziphore|\d\d:\d\d|csrf[^>]+", "", one) for one in pages]
    assert plain[0] == plain[1] == plain[2]
    assert everything(Item).count() == 3


def test_a_name_that_is_kept_apart_stands_in_the_vault_and_nowhere_else(browser: Any, people: Any, partners: Any) -> None:
    page = give(browser(), file=NOTE, apart="yes")

    with bound_to(system_reader("collector", reason="a test")):
        item, one, made = Item.objects.get(), Pseudonym.objects.get(), Contribution.objects.get()
        assert item.reporter == one.code == made.name == item.source.name
        assert identities.read(one.id).name == "Pia Zanziphore"
        assert sorted(one.scopes) == sorted(READ)
        told = [thing.payload() for thing in (item, item.source, item.evidence, made, one)]
    assert not any("Zanziphore" in one or str(partners.pia.id) in one for one in told)
    assert not Entry.objects.filter(by=str(partners.pia.id), kind__startswith="monitoring").exists()
    assert number_on(page) in browser().get("/give/").content.decode(), "whoever gave it finds it again"


def test_a_name_cannot_be_kept_apart_where_no_desk_cares_for_it(browser: Any) -> None:
    assert "Keep my name apart" not in browser("piet").get("/give/").content.decode()
    page = give(browser("piet"), file=NOTE, apart="yes")
    assert "No desk cares" in page.content.decode() and not everything(Item).exists()


def test_a_partner_sees_only_what_is_theirs(browser: Any) -> None:
    number = number_on(give(browser(), file=NOTE))

    assert number not in browser("piet").get("/give/").content.decode()
    theirs, never = browser("piet").get(f"/give/{number}/"), browser("piet").get("/give/C-00000000/")
    assert theirs.status_code == never.status_code == 404
    assert re.sub(r"C-\w{8}|csrf[^>]+", "", theirs.content.decode()) == re.sub(r"C-\w{8}|csrf[^>]+", "", never.content.decode())
    browser("piet").post(f"/give/{number}/", {"all": "yes"})
    assert everything(Contribution).get().agreed == sorted(READ)


THEIRS = ("give/", "account/", "language/", "sign-", "enter/", "seats/", "invited/")


def test_every_other_page_is_as_if_it_never_was(browser: Any, make_item: Any) -> None:
    item = make_item("Quarantined wells", "zanziphore")
    pia = browser()
    never = pia.get("/never/was/")
    for pattern in patterns():
        address = str(pattern.pattern)
        if not address or address.startswith(THEIRS):
            continue
        for part in re.findall(r"<(?:\w+:)?(\w+)>", address):
            filled = str(item.id) if part in PARTS else WORDS[part][0]
            address = re.sub(rf"<(?:\w+:)?{part}>", filled, address, count=1)
        for answer in (pia.get(f"/{address}"), pia.post(f"/{address}", {"q": "wells"})):
            assert answer.status_code in (never.status_code, 405), address
            assert b"Quarantined" not in answer.content


def test_the_beginning_leads_to_giving_and_no_menu_leads_elsewhere(browser: Any) -> None:
    pia = browser()
    assert pia.get("/").headers["Location"] == reverse("giving")
    for address in ("/give/", "/account/", "/never/"):
        page = pia.get(address).content.decode()
        for name in ("inbox", "states", "situations", "search", "sources", "library", "today"):
            assert f'href="{reverse(name)}"' not in page or name == "today"


def test_clearance_and_other_roles_open_nothing_to_a_partner(partners: Any, keeper: Any, make_item: Any) -> None:
    make_item("Sitrep", "x", level=1, desk=None)
    access.give_role(partners.pia, role="analyst", since=date(2025, 1, 1), by=keeper)
    session = session_of(partners.pia)

    assert (session.verbs, session.level, session.sight.compartments) == ({"contribution.give"}, 0, frozenset())
    with bound_to(session):
        assert not Item.objects.exists() and queries.runs() == []


def test_whoever_is_a_partner_no_more_gives_nothing_and_still_sees_nothing(partners: Any, browser: Any, keeper: Any) -> None:
    access.end_role(partners.pia.grants.get(), by=keeper)
    assert session_of(partners.pia).verbs == frozenset()
    assert browser().get("/inbox/").status_code == 404
    give(browser(), file=NOTE)
    assert not everything(Item).exists()


def test_an_officer_gives_nothing_here(signed_in: Any, people: Any) -> None:
    assert give(signed_in("alice"), file=NOTE).status_code in (200, 403)
    assert not everything(Contribution).exists()


def test_a_file_too_large_is_refused_before_it_is_taken_into_memory(browser: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from dataclasses import replace

    from forestall.monitoring import policies
    from forestall.workspace.pages import giving

    small = replace(policies.LIMITS, file=10)
    monkeypatch.setattr(policies, "LIMITS", small)
    monkeypatch.setattr(giving, "LIMITS", small)
    assert "at most" in give(browser(), file=NOTE).content.decode()
    assert not everything(Evidence).exists()


def test_the_page_is_light_and_needs_no_script(browser: Any) -> None:
    from pathlib import Path

    import forestall.workspace

    sheet = Path(forestall.workspace.__file__).parent / "static/forestall/giving.css"
    page = browser().get("/give/").content
    assert b"<script" not in page and b"url(" not in sheet.read_bytes()
    assert len(page) + sheet.stat().st_size < 30_000
    assert page.count(b"<link") == 2


def test_the_page_reads_from_right_to_left_in_arabic(browser: Any) -> None:
    pia = browser()
    pia.post("/language/", {"language": "ar", "next": "/give/"})
    page = pia.get("/give/").content.decode()
    assert 'dir="rtl"' in page and 'lang="ar"' in page
    assert "سري" in page, "the words that other pages have are there; who gives reads them from the right"


def test_the_receipt_tells_the_day_and_prints_without_the_form(browser: Any) -> None:
    page = give(browser(), file=NOTE).content.decode()
    assert str(today().year) in page and "noprint" in page and "Print this page" in page
