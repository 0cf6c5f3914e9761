"""Protecting the source of an item: at once by one, the past by two; afterwards the name is in no byte."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from forestall.access import decisions, queries
from forestall.access.actions import tell
from forestall.access.models import Notice
from forestall.access.session import bound_to, system_reader
from forestall.base.errors import Malformed, Overtaken, Refused, Unavailable
from forestall.base.identifiers import new_id
from forestall.base.words import say
from forestall.labels.label import Level
from forestall.labels.models import everything
from forestall.monitoring.actions import item as items
from forestall.monitoring.actions import observation as observations
from forestall.monitoring.actions import protecting, release, takingout
from forestall.monitoring.models import Item, Passage, Source, Suggestion
from forestall.record import drafts, evidence, keyring, leftover, resealing
from forestall.record.actions import expunge, write
from forestall.record.models import ELSEWHERE, Entry, Evidence, Payload, Redaction
from forestall.record.queries import custody, history
from forestall.record.verification import verify
from forestall.vault import actions, identities, policies
from forestall.vault import verification as vault
from forestall.vault.identities import Known
from forestall.vault.models import Original

from .conftest import ADDRESS, NAME, REPORTER

pytestmark = pytest.mark.django_db(databases=["default", "vault"])
TOLD = (NAME.encode(), b"Varnholm", b"VARNHOLM", ADDRESS.encode())


def protect(item: Item, known: Known, *, by: Any, **more: Any) -> Any:
    return protecting.protect(item, known=known, desk="karvania", by=by, **more)


@pytest.fixture
def quoted(mail: Item, session_of: Callable[..., Any]) -> Passage:
    """Alice grades it, quotes the name in an observation, and somebody is told of it and writes about it."""
    from datetime import date

    from forestall.access.session import bound_to

    alice = session_of("alice")
    with bound_to(alice):
        items.grade(mail, reliability="B", credibility="2", reason=f"{NAME} was right before", by=alice)
        start = mail.text.index("lists")
        made = observations.confirm(
            item=mail, summary="Lists are written", on=date(2026, 10, 20), iso3="ZZK", by=alice,
            indicators=[("unfaac-2014", "7.5", "raises")], quote=mail.text[start:],
        )  # fmt: skip
        Suggestion(item=mail, suggester="place", version="1", value="ZZK", score=0.5, start=start, end=start + 5,
                   quote=NAME, reason="near %(who)s", parameters={"who": NAME}).labelled(mail.label).save()  # fmt: skip
        drafts.keep(person=alice.person_id, form=f"question {mail.id}", fields={"question": [f"Is it {ADDRESS}?"]}, level=2)
    tell([alice.person_id], words=say("Look at %(title)s", title=mail.title), kind=mail.kind(), object_id=mail.id)
    return Passage.objects.get(observation=made)


def test_the_name_is_in_no_byte_of_the_main_database_afterwards(
    mail: Item, quoted: Passage, known: Known, as_: Any, agreed: Any, every_byte: Callable[[str], bytes],
    django_capture_on_commit_callbacks: Any, settings: Any,
) -> None:  # fmt: skip
    kept = Path(settings.HOME.files) / mail.evidence.address
    assert all(told in every_byte("default") for told in TOLD)
    with django_capture_on_commit_callbacks(execute=True), as_("hana") as hana:
        one = protect(mail, known, by=hana)
        item = Item.objects.get(pk=mail.id)
        assert (item.reporter, item.title, item.native["from"]) == (one.code, f"From {one.code}: the lists", one.code)
        assert protecting.still_told(known.telling) == []
        decision = protecting.propose_name_out(item, by=hana)
    assert not kept.exists()
    assert any(told in every_byte("default") for told in TOLD), "what was recorded before keeps it until two agree"
    before = everything(Payload).count()
    agreed("hugo", decision)
    found = every_byte("default")
    assert not [told for told in TOLD if told in found]
    assert everything(Redaction).count() >= 4
    assert everything(Payload).count() >= before, "no state is gone: each stands without the name"
    assert verify().faults == []
    with as_("hana"):
        assert vault.verify().holds
        assert identities.original(mail.evidence_id, entry=one.id).startswith(f"From {NAME}".encode())


def test_what_was_quoted_still_stands_where_it_stood(mail: Item, quoted: Passage, known: Known, as_: Any) -> None:
    with as_("hana") as hana:
        protect(mail, known, by=hana)
        item, passage = Item.objects.get(pk=mail.id), Passage.objects.get(pk=quoted.id)
        suggestion = Suggestion.objects.get(item=item)
    assert item.text[passage.start :] == passage.quote
    assert item.text[suggestion.start : suggestion.end] == "lists"


def test_the_history_shows_every_state_without_the_name(
    mail: Item, known: Known, as_: Any, agreed: Any
) -> None:
    with as_("hana") as hana:
        one = protect(mail, known, by=hana)
        decision = protecting.propose_name_out(mail, by=hana)
    agreed("hugo", decision)
    with as_("alice"):
        steps = history(Item.objects.get(pk=mail.id))
    assert [step.verb for step in steps][:3] == ["item received", "item received", "source protected"]
    assert steps[1].changed["reporter"] == ("", one.code)
    assert NAME not in str(steps)


def test_a_redaction_is_noticed_when_it_or_its_payload_is_changed(
    mail: Item, known: Known, as_: Any, agreed: Any, django_capture_on_commit_callbacks: Any
) -> None:
    from django.db import connection

    with django_capture_on_commit_callbacks(execute=True), as_("hana") as hana:
        protect(mail, known, by=hana)
        decision = protecting.propose_name_out(mail, by=hana)
    agreed("hugo", decision)
    redacted = everything(Redaction).order_by("entry_seq").first()
    assert verify().holds
    body = everything(Payload).get(revision_id=redacted.revision_id).body
    everything(Payload).filter(revision_id=redacted.revision_id).delete()
    everything(Payload).bulk_create([Payload(revision_id=redacted.revision_id, object_id=redacted.object_id, body=f"{body} ")])
    assert "was changed" in str(verify().faults[0])
    everything(Payload).filter(revision_id=redacted.revision_id).delete()
    everything(Payload).bulk_create([Payload(revision_id=redacted.revision_id, object_id=redacted.object_id, body=body)])
    assert verify().holds
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("DROP TRIGGER record_redaction_no_update")
            cursor.execute("UPDATE record_redaction SET salt = 'x' WHERE entry_seq = %s", [redacted.entry_seq])
        assert any("redaction written" in str(fault) for fault in verify().faults)


@pytest.mark.parametrize("name", ["alice", "bob", "rita", "ada", "carol", "sid", "dan"])
def test_only_a_source_handler_of_the_desk_protects(mail: Item, known: Known, as_: Any, name: str) -> None:
    with as_(name) as other, pytest.raises(Refused, match=r"do not let you|no source handler"):
        protect(mail, known, by=other)
    assert Item.objects.get(pk=mail.id).reporter == REPORTER
    assert identities.is_empty()


@pytest.mark.parametrize("name", ["bob", "rita", "sid", "alice"])
def test_the_second_person_is_a_handler_or_a_director_who_sees_sources(mail: Item, known: Known, as_: Any, name: str) -> None:
    with as_("hana") as hana:
        protect(mail, known, by=hana)
        decision = protecting.propose_name_out(mail, by=hana)
    with as_(name) as other, pytest.raises(Refused):
        decisions.agree(decision, by=other)
    assert not everything(Redaction).exists()


def test_a_source_is_protected_also_when_nobody_else_could_agree(mail: Item, known: Known, as_: Any, carers: Any) -> None:
    for name in ("hugo", "dan"):
        getattr(carers, name).is_active = False
        getattr(carers, name).save()
    with as_("hana") as hana:
        one = protect(mail, known, by=hana)
        with pytest.raises(Refused, match="nobody else"):
            protecting.propose_name_out(mail, by=hana)
    assert Item.objects.get(pk=mail.id).reporter == one.code


def test_what_cannot_be_done_leaves_everything_as_it_was(mail: Item, known: Known, as_: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr(protecting, "_rewrite_all", lambda *_, **__: 1 / 0)
    with as_("hana") as hana, pytest.raises(ZeroDivisionError):
        protect(mail, known, by=hana)
    assert Item.objects.get(pk=mail.id).reporter == REPORTER
    assert identities.is_empty()
    assert evidence.content(mail.evidence)


def test_K07_nobody_is_protected_while_the_vault_is_sealed(mail: Item, known: Known, as_: Any, key: Path) -> None:
    key.unlink()
    with as_("hana") as hana, pytest.raises(Unavailable, match="sealed"):
        protect(mail, known, by=hana)
    assert Item.objects.get(pk=mail.id).reporter == REPORTER


def test_the_same_person_has_another_pseudonym_on_another_desk_joined_in_the_vault_alone(
    mail: Item, make_item: Callable[..., Any], known: Known, as_: Any, every_byte: Callable[[str], bytes]
) -> None:
    there = make_item("Another letter", NAME, desk="south")
    with as_("hana") as hana:
        here = protect(mail, known, by=hana)
    with as_("sid") as sid:
        other = protecting.protect(there, known=known, desk="south", by=sid)
    assert here.code != other.code
    assert identities.same_person(here.id) == [other.id]
    assert identities.read(here.id).person.encode() not in every_byte("default") + every_byte("vault")


def test_a_further_item_of_the_same_person_gets_the_same_pseudonym_when_a_handler_says_so(
    mail: Item, make_item: Callable[..., Any], known: Known, as_: Any
) -> None:
    with as_("hana") as hana:
        one = protect(mail, known, by=hana)
        further = make_item("A letter", f"{NAME} again")
        again = protecting.protect(further, known=Known(words=(NAME, "The Cousin")), desk="karvania", by=hana, onto=one)
    assert again.code == one.code == further.reporter
    assert "The Cousin" in identities.read(one.id).words


def test_where_the_words_still_stand_is_said(mail: Item, make_item: Callable[..., Any], known: Known, as_: Any) -> None:
    other = make_item("A wire", f"{NAME} spoke.", source="Wire")
    with as_("hana") as hana:
        protect(mail, known, by=hana)
        assert [one.id for one in protecting.still_told(known.telling)] == [other.id]


@pytest.mark.parametrize(
    ("text", "words", "expected"),
    [
        ("Ilse Varnholm wrote", ("Ilse Varnholm",), "X wrote"),
        ("ILSE  VARNHOLM,", ("Ilse Varnholm",), "X,"),
        ("ilse.varnholm@post.example", ("Ilse Varnholm",), "X@post.example"),
        ("Annual, by Ann.", ("Ann",), "Annual, by X."),
        ("Zoe\u0308 and Zo\u00eb", ("Zo\u00eb",), "X and X"),
        ("Ва\u00adрнхольм сказала", ("Варнхольм",), "X сказала"),
        ("وقالت فارنهولم ذلك، وفارنهولم", ("فارنهولم",), "وقالت X ذلك، وX"),
        ("call +41 79 000 (11) 22 now", ("+41790001122",), "call X now"),
        ("Jos\u00e9 and Jose", ("Jos\u00e9",), "X and X"),
        ("nothing here", ("Ilse",), "nothing here"),
    ],
)
def test_words_are_replaced_in_any_case_spacing_and_form(text: str, words: tuple[str, ...], expected: str) -> None:
    assert policies.replaced(text, words=words, by="X") == expected


RELEASED = {"level": int(Level.INTERNAL), "compartments": [], "countries": ["ZZK"]}


def released(thing: Any, text: str, *, by: Any, title: str = "Lists") -> Any:
    terms = {**RELEASED, "title": title, "text": text}
    return decisions.propose(release.RELEASE, about=thing, reason="the desk needs it", by=by, terms=terms)


@pytest.fixture
def consenting(mail: Item, known: Known, as_: Any) -> Any:
    with as_("hana") as hana:
        return protect(mail, known, by=hana, scopes=["analyse", "share-UN"])


@pytest.mark.parametrize("written", ["as {} said", "as {}, said", "AS {} SAID"])
@pytest.mark.parametrize("spelled", [lambda c: c, lambda c: c.lower(), lambda c: c.replace("-", " "), lambda c: c.replace("-", "–"),
                                     lambda c: c.replace("-", "")], ids=["as it is", "small", "apart", "dash", "joined"])  # fmt: skip
def test_U18_a_text_with_a_pseudonym_is_not_released(
    mail: Item, consenting: Any, as_: Any, written: str, spelled: Callable[[str], str]
) -> None:
    with as_("dan") as dan, pytest.raises(Refused, match="pseudonym stands in these words"):
        released(mail, written.format(spelled(consenting.code)), by=dan)


def test_U18_also_in_the_title_in_other_digits_and_of_nobody(mail: Item, consenting: Any, as_: Any) -> None:
    with as_("dan") as dan:
        for title in ("On K-٤٧R", "On Z-99Z"):
            with pytest.raises(Refused, match="pseudonym stands"):
                released(mail, "Lists were written.", title=title, by=dan)
        assert released(mail, "Lists were written in room 12B on 3 May.", by=dan)


@pytest.mark.parametrize("text", [f"{NAME} wrote lists", "ilse varnholm wrote", "Ms VARNHOLM wrote", f"write to {ADDRESS}"])
def test_U18_a_text_that_names_the_source_is_not_released(mail: Item, consenting: Any, as_: Any, text: str) -> None:
    with as_("dan") as dan, pytest.raises(Refused, match="tell who a source is"):
        released(mail, text, by=dan)


def test_U18_nobody_learns_a_name_by_trying(mail: Item, consenting: Any, as_: Any) -> None:
    with as_("bob") as bob:
        for _ in range(3):
            with pytest.raises(Refused, match="These words tell"):
                released(mail, "Varnholm", by=bob)
        for text in ("Varnholm", "Somebody else"):
            with pytest.raises(Refused, match="Several of your texts"):
                released(mail, text, by=bob)
    assert identities.guesses_at(consenting.id) == 3


def test_U18_what_was_made_from_the_item_is_held_to_the_same(mail: Item, quoted: Passage, known: Known, as_: Any) -> None:
    with as_("hana") as hana:
        protect(mail, known, by=hana, scopes=["share-UN"])
    with as_("bob") as bob, pytest.raises(Refused, match="tell who a source is"):
        released(quoted.observation, "Varnholm says so", by=bob)


def test_what_the_source_did_not_agree_to_or_took_back_is_not_released(mail: Item, consenting: Any, as_: Any) -> None:
    from forestall.base.clock import today

    with as_("bob") as bob:
        decision = released(mail, "Lists were written.", by=bob)
    with as_("hana") as hana:
        actions.record_consent(consenting, scopes=["analyse"], on=today(), by=hana)
    with as_("dan") as dan:
        with pytest.raises(Refused, match="has not agreed"):
            decisions.agree(decision, by=dan)
        with pytest.raises(Refused, match="has not agreed"):
            released(mail, "Lists exist.", by=dan)
    assert [one.given for one in identities.read(consenting.id).consent] == [True, True, False]


def test_K07_what_cannot_be_checked_is_not_released(mail: Item, consenting: Any, as_: Any, key: Path) -> None:
    key.unlink()
    with as_("bob") as bob, pytest.raises(Unavailable, match="sealed"):
        released(mail, "Lists were written.", by=bob)


def test_an_item_of_no_protected_source_is_released_as_before_also_while_sealed(
    make_item: Callable[..., Any], as_: Any, key: Path
) -> None:
    item = make_item("A wire", "Lists were written.")
    key.unlink()
    with as_("dan") as dan:
        assert released(item, "Lists were written.", by=dan)


def test_the_original_is_taken_by_nobody_else(mail: Item, known: Known, as_: Any) -> None:
    with as_("hana") as hana:
        protect(mail, known, by=hana)
    with as_("bob") as bob, pytest.raises(Malformed, match="sealed in the vault"):
        takingout.take_original(Item.objects.get(pk=mail.id).evidence, by=bob)


def test_the_sealed_copy_and_its_key_are_destroyed_once_the_vault_has_it(
    mail: Item, known: Known, as_: Any, django_capture_on_commit_callbacks: Any
) -> None:
    kept = mail.evidence
    assert kept.address.startswith(evidence.SEALED)
    assert kept.id in set(keyring.owners())
    with django_capture_on_commit_callbacks(execute=True), as_("hana") as hana:
        protect(mail, known, by=hana)
    assert not evidence.path_of(kept.address).exists()
    assert kept.id not in set(keyring.owners())
    with as_("hana"):
        assert "original sealed" in [step.verb for step in custody(kept.id)]
    assert verify().faults == []
    assert leftover.sweep() == 0
    assert resealing.seal_all(by="system:keeper") == resealing.Resealed(0, 0, 0, ())
    assert resealing.standing().unsealed == 0


def test_a_key_that_outlived_the_moving_is_told_and_destroyed(mail: Item, known: Known, as_: Any) -> None:
    """A crash between the commit and what follows it."""
    kept = mail.evidence
    with as_("hana") as hana:
        protect(mail, known, by=hana)
    assert "its key is still there" in str(verify().faults[0])
    resealing.seal_all(by="system:keeper")
    assert kept.id not in set(keyring.owners())
    assert verify().faults == []


def test_what_lies_in_the_vault_is_not_looked_for_here_when_its_label_is_raised(
    mail: Item, known: Known, as_: Any, django_capture_on_commit_callbacks: Any
) -> None:
    stale = mail.evidence
    with django_capture_on_commit_callbacks(execute=True), as_("hana") as hana:
        protect(mail, known, by=hana)
    with as_("hana") as hana, pytest.raises(Overtaken):
        write(stale.labelled(stale.label.within("SRC")), by=hana.person_id, verb="label raised")
    with as_("hana") as hana:
        now = Evidence.objects.get(pk=stale.pk)
        raised = write(now.labelled(now.label.within("SURV")), by=hana.person_id, verb="label raised")
    assert raised.address == ELSEWHERE
    assert verify().faults == []


def test_nothing_is_moved_while_the_keys_of_the_files_are_away(mail: Item, known: Known, as_: Any, settings: Any) -> None:
    aside = settings.HOME.master_key.with_suffix(".aside")
    settings.HOME.master_key.rename(aside)
    try:
        with as_("hana") as hana, pytest.raises(Unavailable):
            protect(mail, known, by=hana)
    finally:
        aside.rename(settings.HOME.master_key)
    assert Item.objects.get(pk=mail.id).reporter == REPORTER
    assert identities.is_empty()


def test_the_source_is_no_longer_listed_by_name_and_fewer_see_it(mail: Item, known: Known, as_: Any) -> None:
    with as_("hana") as hana:
        one = protect(mail, known, by=hana)
    source = Source.objects.get(pk=mail.source_id)
    assert (source.name, source.key) == (one.code, one.code)
    assert source.label.compartments == mail.label.compartments


def test_an_unchanged_log_says_who_did_it_and_never_to_whom(mail: Item, known: Known, as_: Any) -> None:
    with as_("hana") as hana:
        one = protect(mail, known, by=hana)
    acts = {entry.verb for entry in Entry.objects.filter(by=hana.person_id)}
    assert acts == {"source protected", "original sealed", "name replaced", "label raised"}
    assert {entry.object_id for entry in Entry.objects.filter(verb="source protected")} == {one.id, mail.id}
    told = " ".join(f"{entry.verb} {entry.kind} {entry.on_behalf_of}" for entry in Entry.objects.all())
    assert NAME not in told
    assert one.code not in told
    assert queries.names([Entry.objects.order_by("-seq").first().by]) == {hana.person_id: "Hana"}


@pytest.mark.parametrize("broken_off", [False, True], ids=["at-once", "by-the-worker-after-a-crash"])
def test_K03_an_item_removed_by_two_takes_its_original_out_of_the_vault_and_of_every_copy_of_it(
    mail: Item, known: Known, as_: Any, django_capture_on_commit_callbacks: Any, broken_off: bool
) -> None:
    with django_capture_on_commit_callbacks(execute=True), as_("hana") as hana:
        one = protect(mail, known, by=hana)
    copy = Original.objects.get()
    with django_capture_on_commit_callbacks(execute=not broken_off):
        expunge(Item.objects.get(pk=mail.id), by="rita", second="rolf", reason="asked")
    with bound_to(system_reader("worker", reason="a test")):
        if broken_off:
            assert "was to be erased" in str(vault.verify().left_over)
            assert vault.mend() == 1
        assert vault.verify().holds
    assert not Original.objects.exists()
    assert identities.read(one.id).name == NAME, "who it is stays"
    copy.save(force_insert=True)  # an older copy of the vault, put back
    with pytest.raises(Unavailable, match="destroyed"):
        identities.original(copy.id, entry=one.id)


def test_K07_what_lies_in_a_sealed_vault_is_not_said_to_be_removed(mail: Item, known: Known, as_: Any, key: Path) -> None:
    with as_("hana") as hana:
        protect(mail, known, by=hana)
    key.unlink()
    with pytest.raises(Unavailable, match="sealed"):
        expunge(Item.objects.get(pk=mail.id), by="rita", second="rolf", reason="asked")
    assert Item.objects.get(pk=mail.id).title


def test_a_draft_of_somebody_who_never_saw_the_item_stays_and_tells_nothing(
    mail: Item, known: Known, as_: Any, carers: Any
) -> None:
    for name in ("carol", "alice"):
        person = getattr(carers, name)
        with as_(name):
            drafts.keep(person=str(person.id), form="upload", fields={"why": [f"Is it {NAME}?"]}, level=2)
        tell([str(person.id)], words=say("Look at %(title)s", title=NAME), kind="monitoring.item", object_id=new_id())
    with as_("hana") as hana:
        protect(mail, known, by=hana)
    with as_("carol"):
        assert drafts.of(str(carers.carol.id), level=2)
    with as_("alice"):
        assert not drafts.of(str(carers.alice.id), level=2)
    told = Notice.objects.filter(person_id__in=[carers.carol.id, carers.alice.id])
    assert {one.parameters["title"] for one in told} == {NAME}


@pytest.mark.parametrize(
    ("reporter", "name", "address"),
    [(REPORTER, NAME, ADDRESS), ("صحيفة المسار", "صحيفة المسار", ""), ("Ilse Varnholm, Senneth", "Ilse Varnholm, Senneth", ""), (ADDRESS, "", ADDRESS)],
)
def test_the_form_proposes_the_sender_whole_in_any_writing(mail: Item, reporter: str, name: str, address: str) -> None:
    mail.reporter = reporter
    assert protecting.sender(mail) == (name, address)
    assert {*name.split(), name, address} - {""} <= set(protecting.words_of(mail))
