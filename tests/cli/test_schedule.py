"""What the worker tells, and what its mail does not."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from django.core import mail

from forestall.access import actions, queries
from forestall.access.models import Notice
from forestall.access.session import bound_to
from forestall.assessment.actions import situation as situations
from forestall.base import clock
from forestall.base.identifiers import new_id
from forestall.base.words import say
from forestall.cli import schedule
from forestall.labels.models import everything
from forestall.monitoring.models import Item
from forestall.record.actions import write
from forestall.record.models import Seal
from forestall.search import index
from forestall.search.models import Document

pytestmark = pytest.mark.django_db(databases=["default", "vault"])


@pytest.fixture
def told(people: SimpleNamespace) -> Any:
    people.alice.email = "alice@office.example"
    people.alice.save()
    actions.tell([str(people.alice.id)], words=say("Karvania: %(what)s", what="zanziphore"), kind="x", object_id=new_id())
    return people.alice


def test_V23_a_mail_says_that_there_is_something_and_nothing_else(told: Any, settings: Any) -> None:
    settings.EMAIL_HOST = "localhost"
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    schedule.mail_notices()
    schedule.mail_notices()

    assert [message.to for message in mail.outbox] == [["alice@office.example"]], "once, to her alone"
    message = mail.outbox[0].message().as_string()
    assert "zanziphore" not in message and "Karvania" not in message and "Alice" not in message
    assert mail.outbox[0].subject == "EXERCISE: Forestall"


def test_without_a_mail_server_nothing_leaves_and_today_still_tells(told: Any, settings: Any) -> None:
    settings.EMAIL_HOST = ""
    schedule.mail_notices()

    assert mail.outbox == []
    assert len(queries.notices(str(told.id))) == 1


def test_an_overdue_review_is_told_to_its_lead_once(people: SimpleNamespace, session_of: Callable[..., Any]) -> None:
    alice = session_of("alice")
    with bound_to(alice):
        made = situations.open_situation(title="The northern road", places=["ZZK"], desk="karvania", reason="Checkpoints.", by=alice)
        made.review_due = date(2020, 1, 1)
        write(made, by=alice.person_id, verb="review due")
    schedule.remind_of_due_days()
    schedule.remind_of_due_days()

    assert Notice.objects.filter(object_id=made.id, person=people.alice).count() == 1


def test_the_log_is_sealed_and_sealing_again_changes_nothing(people: SimpleNamespace) -> None:
    schedule.seal_log()
    schedule.seal_log()

    assert Seal.objects.count() == 1


def test_a_history_that_does_not_hold_is_told_to_the_records_officers_within_a_day(
    make_item: Callable[..., Any], people: SimpleNamespace, signed_in: Callable[[str], Any]
) -> None:
    made = make_item("Wells", "The wells are shared.")
    schedule.read_history()
    assert not Notice.objects.exists()

    everything(Item).filter(pk=made.pk).update(text="The wells are poisoned.")
    schedule.read_history()
    schedule.read_history()

    assert [one.person.username for one in Notice.objects.order_by("person__username")] == ["rita", "rolf"], "once each, to those who can look"
    told = signed_in("rita").get("/").content.decode()
    assert "The record does not hold. Places: 1." in told and "/record/verification/" in told


def test_an_index_that_says_something_else_is_made_anew(make_item: Callable[..., Any]) -> None:
    made = make_item("Wells", "The wells are shared.")
    everything(Document).filter(object_id=made.id).update(level=0)
    assert not index.compare().holds
    schedule.read_history()

    assert index.compare().holds and not Notice.objects.exists()


def test_a_job_that_fails_does_not_stop_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    ran = []

    def fail() -> None:
        raise RuntimeError

    monkeypatch.setattr(schedule, "JOBS", (("bad", 1.0, fail), ("good", 1.0, lambda: ran.append(1))))
    monkeypatch.setattr(schedule, "_next", {})
    for job in schedule.due_jobs():
        job()

    assert ran == [1]
    assert schedule.due_jobs() == [], "not again before its time"


def test_a_notice_is_put_away_by_its_own_reader_alone(told: Any, session_of: Callable[..., Any]) -> None:
    notice = queries.notices(str(told.id))[0]
    with pytest.raises(Exception, match="not yours"):
        actions.put_away(notice, by=session_of("bob"))
    with clock.fixed(clock.now()):
        actions.put_away(notice, by=session_of("alice"))

    assert queries.notices(str(told.id)) == []
