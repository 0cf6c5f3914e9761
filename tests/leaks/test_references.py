"""A hidden id in one's own form is answered as an id that never was, and leads nowhere from a text."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest

from forestall.access.session import bound_to
from forestall.cli.leaks import world as worlds
from forestall.cli.leaks.comparing import still
from forestall.cli.leaks.hiding import HIDING
from forestall.cli.leaks.observing import Observer
from forestall.labels.label import Label, Level
from forestall.monitoring.models import Item, Observation
from forestall.record.actions import write

pytestmark = pytest.mark.django_db(databases=["default", "vault"])
SECRET = Label(Level.STRICTLY_CONFIDENTIAL, frozenset({"SRC", "LEG"}))
HIDDEN = {
    "item": ("V04 an item", 0), "observation": ("V16 an observation", 2), "situation": ("V10 a situation with its note", 0),
    "group": ("V05 a group and a gap", 0),
}  # fmt: skip
Form = tuple[str, str, Callable[[SimpleNamespace], str], Callable[[str], dict[str, Any]]]
FORMS: tuple[Form, ...] = (
    ("situation", "file an item to it", lambda w: f"/items/{w.item}/triage/", lambda pk: {"act": "file", "file": pk}),
    ("observation", "rest it on an item", lambda w: f"/items/{w.item}/observation/known/", lambda pk: {"observation": pk}),
    ("observation", "judge by it", lambda w: f"/assessments/{w.assessment}/judge/",
     lambda pk: {"number": "7.5", "presence": "present", "trend": "stable", "confidence": "low", "note": "N", "observations": [pk]}),
    ("observation", "cite it in a note", lambda w: f"/notes/{w.note}/sentence/",
     lambda pk: {"section": "changed", "place": "new", "act": "keep", "text": "It changed.", "was": "", "observation": [pk]}),
    ("group", "name it as at risk", lambda w: f"/situations/{w.situation}/populations/", lambda pk: {"group": [pk]}),
    ("item", "ask for its file", lambda w: "/record/packages/new/",
     lambda pk: {"requester": "A", "authority": "B", "purpose": "C", "received_on": "2026-11-02", "items": f"see /items/{pk}/"}),
)  # fmt: skip


def about(thing: Any) -> tuple[str, ...]:
    """The States that a thing is about."""
    return (*getattr(thing, "countries", ()), *getattr(thing, "places", ()), getattr(thing, "iso3", ""))


@pytest.fixture
def scene(office: dict[str, Any]) -> Iterator[SimpleNamespace]:
    """Alice at her desk: things of hers to name others in, one that she sees of each kind, and one that is hidden."""
    with still("references") as chance, worlds.set_apart():
        world = worlds.furnish(office, seed=3)
        alice = world.session("alice")
        with bound_to(worlds.keeper()):
            hidden = {kind: HIDING[name].act(world, SECRET, [])[place] for kind, (name, place) in HIDDEN.items()}
        with bound_to(alice):
            theirs = {
                kind: [one for one in world.things[kind] if type(one).objects.filter(pk=one.pk).exists()]
                for kind in ("item", "situation", "group", "assessment", "note")
            }
        seen = {kind: str(next((one for one in those if "ZZK" in about(one)), those[0]).pk) for kind, those in theirs.items()}
        with bound_to(worlds.keeper()):
            item = Item.objects.get(pk=seen["item"])
            known = Observation(summary="Seen", on=date(2026, 11, 1), iso3=item.countries[0]).labelled(item.label)
            seen["observation"] = str(write(known, by=worlds.KEEPER, verb="confirmed").pk)
        observer = Observer(office["alice"])

        def answered(address: str, form: dict[str, Any], pk: str) -> tuple[int, list[Any], str]:
            with worlds.set_apart():
                chance.again("asked")
                back = {"back": f"/items/{seen['item']}/", **form}
                answer = observer.again().client.post(address, back, follow=True)
                return answer.status_code, [(to.replace(pk, "ID"), code) for to, code in answer.redirect_chain], answer.content.decode().replace(pk, "ID")

        yield SimpleNamespace(**seen, seen=seen, hidden={kind: str(one.pk) for kind, one in hidden.items()}, answered=answered)


@pytest.mark.parametrize(("kind", "what", "where", "form"), FORMS, ids=[f"{kind}: {what}" for kind, what, _, _ in FORMS])
def test_V03_a_form_that_names_something_hidden_is_answered_as_for_what_never_was(
    scene: SimpleNamespace, kind: str, what: str, where: Callable[[SimpleNamespace], str], form: Callable[[str], dict[str, Any]]
) -> None:
    never, hidden, seen = str(uuid.UUID(int=7)), scene.hidden[kind], scene.seen[kind]
    asked = {pk: scene.answered(where(scene), form(pk), pk) for pk in (never, hidden, seen)}

    assert asked[hidden] == asked[never]
    assert asked[seen] != asked[never], f"to {what} works with one that is seen, so this would tell"


@pytest.mark.parametrize("spelled", ["%s", "/items/%s/", "[[%s]]", "[see](/items/%s/)", "@%s", "https://127.0.0.1/items/%s/"])
def test_V03_an_id_in_a_text_stays_text(scene: SimpleNamespace, spelled: str) -> None:
    never, hidden = str(uuid.UUID(int=7)), scene.hidden["item"]
    pages = []
    for pk in (never, hidden):
        form = {"act": "grade", "reliability": "B", "credibility": "2", "why": spelled % pk}
        pages.append(scene.answered(f"/items/{scene.item}/triage/", form, pk))

    assert pages[0] == pages[1]
    assert f'href="/items/{hidden}' not in pages[1][2] and 'href="/items/ID' not in pages[1][2]
