"""Ada keeps accounts, desks and offices; she sees no content by it, and level 3 takes two."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest

from forestall.access import actions, queries
from forestall.access.models import Person
from forestall.access.session import bound_to
from forestall.base.clock import fixed
from forestall.base.errors import Refused
from forestall.record.models import Entry

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def plain_surroundings() -> Iterator[None]:
    """These pages are asked for whole, with everything that stands around them."""
    with fixed(NOON):
        yield


@pytest.fixture
def second(people: SimpleNamespace, keeper: Any) -> Person:
    """Ben, another administrator."""
    ben = actions.add_person(username="ben", name="Ben", clearance=1, by=keeper)
    actions.give_role(ben, role="administrator", by=keeper)
    people.ben = ben
    return ben


def text(response: Any) -> str:
    return str(response.content.decode())


def said(response: Any) -> str:
    """The page a form leads back to."""
    return text(response.client.get(response.headers["Location"]))


def test_only_who_keeps_people_opens_the_directory(signed_in: Callable[[str], Any]) -> None:
    assert signed_in("ada").get("/people/").status_code == 200
    refused = signed_in("alice").get("/people/")
    assert refused.status_code == 403
    assert "invite people, give roles and desks" in text(refused)


def test_desks_of_others_show_only_where_they_are_shared(
    signed_in: Callable[[str], Any], people: SimpleNamespace, keeper: Any
) -> None:
    def row(page: str, name: str) -> str:
        found = re.search(rf"<tr>\s*<th scope=\"row\"><a[^>]*>{name}</a>.*?</tr>", page, re.DOTALL)
        assert found
        return found[0]

    assert "Karvania" not in row(text(signed_in("ada").get("/people/")), "Alice")
    actions.grant_compartments(people.ada, compartments=frozenset({"desk:karvania"}), by=keeper)
    page = text(signed_in("ada").get("/people/"))
    assert "Karvania" in row(page, "Alice")
    assert "South" not in row(page, "Dan")


def test_somebody_is_added_with_a_role_and_invited_by_an_address_shown_once(
    signed_in: Callable[[str], Any],
) -> None:
    ada = signed_in("ada")
    made = ada.post("/people/add/", {"name": "Nia Moor", "username": "nia", "clearance": "2", "role": "analyst"})
    nia = Person.objects.get(username="nia")
    assert made.headers["Location"] == f"/people/{nia.id}/"
    assert [grant.role for grant in nia.grants.all()] == ["analyst"]
    ada.post(f"/people/{nia.id}/invite/")
    page = text(ada.get(f"/people/{nia.id}/"))
    (address,) = re.findall(r"http://testserver(/invited/[^<\s]+)", page)
    assert "/invited/" not in text(ada.get(f"/people/{nia.id}/"))
    answer = ada.post(address, {"password": "a long sentence of hers", "again": "a long sentence of hers"})
    assert answer.status_code == 302
    nia.refresh_from_db()
    assert nia.check_password("a long sentence of hers")
    assert {"person added", "role given: analyst", "invited", "password set"} <= {
        entry.verb for entry in Entry.objects.filter(object_id=nia.id)
    }


def test_level_3_is_proposed_by_one_and_agreed_by_another_who_types_it(
    signed_in: Callable[[str], Any], people: SimpleNamespace, second: Person
) -> None:
    ada, ivo = signed_in("ada"), people.ivo
    alone = ada.post(f"/people/{ivo.id}/clearance/", {"clearance": "3", "back": f"/people/{ivo.id}/"})
    assert "Level 3 is granted by two people" in said(alone)
    ada.post(f"/people/{ivo.id}/level-3/", {"reason": "joins the flash rota", "back": f"/people/{ivo.id}/"})
    (notice,) = queries.notices(str(second.id))
    address = f"/decisions/{notice.object_id}/"
    assert "To go on, type" not in text(signed_in("ada").get(address))
    assert signed_in("ivo").get(address).status_code == 404
    ben = signed_in("ben")
    assert "joins the flash rota" in text(ben.get(address))
    hasty = ben.post(address, {"act": "agree", "again": "yes", "back": address})
    assert "Nothing was done" in said(hasty)
    ivo.refresh_from_db()
    assert ivo.clearance == 2
    ben.post(address, {"act": "agree", "again": "agree", "back": address})
    ivo.refresh_from_db()
    assert ivo.clearance == 3
    assert queries.notices(str(second.id)) == []
    again = ben.post(address, {"act": "agree", "again": "agree", "back": address})
    assert "stays so" in said(again)


def test_nobody_proposes_level_3_for_themselves_and_one_administrator_alone_cannot(
    signed_in: Callable[[str], Any], people: SimpleNamespace, session_of: Callable[..., Any]
) -> None:
    from forestall.access import decisions, granting

    ada = session_of("ada")
    with bound_to(ada):
        with pytest.raises(Refused, match="Nobody decides about themselves"):
            decisions.propose(granting.LEVEL_3, about=people.ada, reason="I want to", by=ada)
        with pytest.raises(Refused, match="nobody else here could agree"):
            decisions.propose(granting.LEVEL_3, about=people.ivo, reason="he must", by=ada)


def test_a_proposal_not_agreed_changes_nothing(
    signed_in: Callable[[str], Any], people: SimpleNamespace, second: Person
) -> None:
    signed_in("ada").post(f"/people/{people.ivo.id}/level-3/", {"reason": "rota"})
    (notice,) = queries.notices(str(second.id))
    signed_in("ben").post(f"/decisions/{notice.object_id}/", {"act": "decline", "reason": "not this month"})
    people.ivo.refresh_from_db()
    assert people.ivo.clearance == 2
    assert Entry.objects.filter(verb="decision not agreed: level 3", by=str(second.id)).exists()


def test_a_recused_person_sees_nothing_of_the_desk_at_their_next_page(
    signed_in: Callable[[str], Any], people: SimpleNamespace, make_item: Callable[..., Any]
) -> None:
    item, alice = make_item("Lists of households"), signed_in("alice")
    assert alice.get(f"/items/{item.id}/").status_code == 200
    signed_in("ada").post(f"/people/{people.alice.id}/recuse/", {"desk": "karvania"})
    assert alice.get(f"/items/{item.id}/").status_code == 404


def test_an_account_ends_only_when_it_is_named_again_and_never_ones_own(
    signed_in: Callable[[str], Any], people: SimpleNamespace
) -> None:
    ada, address = signed_in("ada"), f"/people/{people.dora.id}/account/"
    ada.post(address, {"act": "end", "again": "Dora!", "back": "/people/"})
    people.dora.refresh_from_db()
    assert people.dora.is_active
    ada.post(address, {"act": "end", "again": "dora", "back": "/people/"})
    people.dora.refresh_from_db()
    assert not people.dora.is_active
    own = ada.post(f"/people/{people.ada.id}/account/", {"act": "end", "again": "ada", "back": "/people/"})
    assert "cannot end your own account" in said(own)


def test_an_officer_in_charge_acts_for_the_holder_on_those_days(
    signed_in: Callable[[str], Any], people: SimpleNamespace
) -> None:
    signed_in("ada").post(
        "/people/in-charge/",
        {"office": "director", "person": str(people.bob.id), "since": "2026-11-20", "until": "2026-11-27"},
    )
    acting = queries.acting_in("director", person_id=str(people.bob.id))
    assert acting is not None
    assert acting.on_behalf_of == str(people.dan.id)


def test_a_period_that_ends_before_it_begins_is_refused_in_a_sentence(
    signed_in: Callable[[str], Any], people: SimpleNamespace
) -> None:
    given = {"office": "director", "person": str(people.bob.id), "since": "2026-11-20", "until": "2026-11-01"}
    refused = signed_in("ada").post("/people/in-charge/", {**given, "back": "/people/"})
    assert "before the first" in said(refused)


def test_one_notes_ones_own_leave_and_the_other_reads_what_was_handed_over(
    signed_in: Callable[[str], Any], people: SimpleNamespace, session_of: Callable[..., Any], keeper: Any
) -> None:
    from forestall.assessment.actions import situation as situations

    # Who keeps the list of people and could see the work still reads no more of a handover than its days.
    actions.change_clearance(people.ada, level=2, by=keeper)
    actions.grant_compartments(people.ada, compartments=frozenset({"desk:karvania"}), by=keeper)
    alice = session_of("alice")
    with bound_to(alice):
        situations.open_situation(
            title="Hills of the north", places=["ZZK"], reason="Lists", desk="karvania", by=alice
        )
    made = signed_in("alice").post(
        "/people/leave/",
        {"since": "2026-12-01", "until": "2026-12-12", "handed_to": str(people.bob.id), "handover": "Call the mission"},
    )
    address = made.headers["Location"]
    sheet = text(signed_in("bob").get(address))
    assert "Call the mission" in sheet
    assert "Hills of the north" in sheet
    kept = text(signed_in("ada").get(address))
    assert "Call the mission" not in kept
    assert "Hills of the north" not in kept
    stranger = signed_in("carol")
    assert stranger.get(address).status_code == stranger.get(f"/people/leave/{uuid4()}/").status_code == 404


def test_a_leave_handed_to_another_desk_lists_none_of_the_work_that_desk_may_not_see(
    signed_in: Callable[[str], Any], people: SimpleNamespace, session_of: Callable[..., Any]
) -> None:
    from forestall.assessment.actions import situation as situations

    alice = session_of("alice")
    with bound_to(alice):
        situations.open_situation(
            title="Hills of the north", places=["ZZK"], reason="Lists", desk="karvania", by=alice
        )
    given = {"since": "2026-12-01", "until": "2026-12-12", "handed_to": str(people.carol.id), "handover": "Thank you"}
    address = signed_in("alice").post("/people/leave/", given).headers["Location"]
    assert "Hills of the north" not in text(signed_in("carol").get(address))


def test_the_directory_as_a_file_holds_no_desk_that_is_not_shared(signed_in: Callable[[str], Any]) -> None:
    told = signed_in("ada").get("/people/?format=csv").content.decode("utf-8-sig")
    assert "Alice" in told
    assert "arvania" not in told


def test_nobody_else_writes_to_people(signed_in: Callable[[str], Any], people: SimpleNamespace) -> None:
    signed_in("alice").post("/people/add/", {"name": "Eve Hale", "username": "eve", "clearance": "2"})
    assert not Person.objects.filter(username="eve").exists()
    signed_in("alice").post(f"/people/{people.alice.id}/role/", {"role": "director"})
    assert "director" not in {grant.role for grant in people.alice.grants.all()}
