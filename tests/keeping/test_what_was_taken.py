"""What was taken from people is taken again in an older database; and what the witnesses know of the time since."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.db import transaction

from forestall.access import actions, queries
from forestall.access.session import Session
from forestall.base.clock import fixed
from forestall.base.identifiers import new_id
from forestall.keeping import ledger, lockdown, revocation, shutting, witnessed
from forestall.labels.models import everything
from forestall.record import replaying
from forestall.record.actions import expunge, note
from forestall.record.models import Entry
from forestall.record.seals import seal
from forestall.record.witnesses import tell_all

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 2, 8, tzinfo=UTC)
RECOVERY = Authenticator.Type.RECOVERY_CODES


class _Back(Exception):
    """The database is as it was."""


def since(work: Callable[[], object]) -> list[dict[str, Any]]:
    """Do `work`, read what the ledger is told of it, and put the database back to before."""
    start, acts = Entry.objects.count(), []
    try:
        with transaction.atomic():
            work()
            acts = ledger.acts_from(start)
            raise _Back
    except _Back:
        return acts


def again(acts: list[dict[str, Any]], *, by: Session) -> int:
    return sum(revocation.carry_out(act, by=by) for act in acts)


def factor(person: Any, kind: str, *, minute: int = 0, **data: object) -> Authenticator:
    made = Authenticator.objects.create(user=person, type=kind, data=data)
    made.created_at = AT + timedelta(minutes=minute)
    made.save()
    return made


def told(person: Any, verb: str) -> None:
    note(by=str(person.id), verb=verb, kind="access.person", object_id=person.id)


def test_R12_a_security_key_given_up_since_opens_nothing(people: SimpleNamespace, keeper: Any) -> None:
    lost, kept = (factor(people.alice, Authenticator.Type.WEBAUTHN, minute=minute) for minute in (1, 2))

    def give_up() -> None:
        Authenticator.objects.get(pk=lost.pk).delete()
        told(people.alice, "second factor removed: key")

    assert again(since(give_up), by=keeper) == 1
    assert [one.pk for one in Authenticator.objects.filter(user=people.alice)] == [kept.pk]


def test_R12_recovery_codes_made_anew_or_used_since_open_nothing(people: SimpleNamespace, keeper: Any) -> None:
    factor(people.alice, RECOVERY, seed="x", used_mask=1)
    factor(people.bob, RECOVERY, seed="y", used_mask=1)

    def renew_and_use() -> None:
        Authenticator.objects.get(user=people.alice).delete()
        factor(people.alice, RECOVERY, minute=9, seed="z", used_mask=0)
        told(people.alice, "second factor renewed: recovery code")
        used = Authenticator.objects.get(user=people.bob)
        used.data["used_mask"] = 5
        used.save()
        told(people.bob, "signed in: recovery code")

    acts = since(renew_and_use)
    assert "seed" not in str(acts)
    assert again(acts, by=keeper) == 2
    assert not Authenticator.objects.filter(user=people.alice).exists()
    assert Authenticator.objects.get(user=people.bob).data["used_mask"] == 5


def test_R12_whoever_was_followed_in_an_office_holds_it_no_more(people: SimpleNamespace, keeper: Any) -> None:
    def keep(holder: Any) -> None:
        actions.keep_office(key="director", title="Director", holder=holder, alternate=None, by=keeper)

    keep(people.bob)
    assert again(since(lambda: keep(people.dan)), by=keeper) == 1
    office = queries.office("director")
    assert office is not None and str(office.holder_id) == str(people.dan.id)
    assert again(since(lambda: keep(people.dan)), by=keeper) == 0


def test_R12_cards_of_an_earlier_preparation_open_nothing(people: SimpleNamespace, keeper: Any, own_home: Any) -> None:
    shutting.prepare([people.alice, people.bob], by=keeper)
    before = (own_home.path / lockdown.FILE).read_bytes()
    acts = since(lambda: shutting.prepare([people.bob, people.carol], by=keeper))
    (own_home.path / lockdown.FILE).write_bytes(before)

    assert again(acts, by=keeper) == 1
    assert lockdown.prepared(own_home) is None


def test_a_role_given_since_is_not_given_by_a_restore(people: SimpleNamespace, keeper: Any) -> None:
    assert since(lambda: actions.give_role(people.dora, role="analyst", by=keeper)) == []


def test_R12_G6_an_item_removed_since_is_removed_again_with_all_it_rests_with(
    people: SimpleNamespace, keeper: Any, make_item: Callable[..., Any]
) -> None:
    """Its bytes were removed first, in the log as in the ledger."""
    item = make_item("Road report 7", "Families were turned back.")
    by, second = str(people.alice.id), str(people.bob.id)
    acts = since(lambda: expunge(type(item).objects.get(pk=item.id), by=by, second=second, reason="It may not stay"))
    assert [act["kind"] for act in acts] == ["record.evidence", "monitoring.item"]
    assert "turned back" not in str(acts)

    assert [replaying.do_again(act, by="system:keeper") for act in acts] == [True, True]
    assert everything(type(item)).get(pk=item.id).text == ""
    assert [replaying.do_again(act, by="system:keeper") for act in acts] == [False, False]


@pytest.fixture
def outside(tmp_path: Path, settings: Any) -> str:
    (tmp_path / "outside").mkdir()
    settings.WITNESSES = [str(tmp_path / "outside")]
    return str(tmp_path / "outside")


def sealed_at(hour: int, *, verb: str = "viewed") -> None:
    with fixed(AT + timedelta(hours=hour)):
        note(by="system:keeper", verb=verb, kind="record.head", object_id=new_id())
        seal()
        tell_all()


def said(outside: str) -> tuple[list[str], list[str]]:
    faults, lost = witnessed.held_against([outside])
    return [str(one) for one in faults], [str(one) for one in lost]


def test_R12_the_last_witness_tells_how_much_is_lost(db: None, outside: str) -> None:
    sealed_at(0)
    assert said(outside) == ([], [])
    since(lambda: (sealed_at(1), sealed_at(2)))

    faults, lost = said(outside)
    assert faults == []
    assert len(lost) == 1 and "2 seals from after this backup, the last of 2026-11-02 10:00" in lost[0]


@pytest.mark.parametrize("hour", [1, 3])
def test_R11_a_backup_of_another_history_is_told_by_the_witness(db: None, outside: str, hour: int, settings: Any) -> None:
    """Rewritten from the first seal on: the witness keeps what was there, and the next line names another one before."""
    sealed_at(0)
    since(lambda: sealed_at(hour))
    settings.WITNESSES = []
    sealed_at(2, verb="written by somebody else")
    kept = Path(outside) / "seals.txt"
    if hour == 3:
        from forestall.record.models import Seal

        kept.write_text(kept.read_text().splitlines()[0] + f"\n{Seal.objects.get(at=AT + timedelta(hours=2)).line()}\n" + kept.read_text().splitlines()[1] + "\n")

    faults, _ = said(outside)
    assert len(faults) == 1 and "another history" in faults[0]


def test_after_a_restore_what_witnesses_kept_before_it_is_no_fault_of_the_next(db: None, outside: str) -> None:
    sealed_at(0)
    since(lambda: sealed_at(1))
    sealed_at(2, verb=witnessed.RESTORED)

    assert said(outside) == ([], [])
