"""A relay that is down for a day, a disk that fills up, a clock that leaps: somebody is told, and nothing is lost by it."""

from __future__ import annotations

from collections import Counter, namedtuple
from collections.abc import Iterator
from datetime import datetime, timedelta
from smtplib import SMTPRecipientsRefused
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.mail.backends.base import BaseEmailBackend

from forestall.access import actions
from forestall.access.models import Notice
from forestall.base import clock
from forestall.base.identifiers import new_id
from forestall.base.words import say
from forestall.cli import schedule, watching

pytestmark = pytest.mark.django_db(databases=["default", "vault"])
TURN = timedelta(minutes=15)
Disk = namedtuple("Disk", "total used free")


class Relay(BaseEmailBackend):
    """A relay that can be down, and knows some addresses not."""

    down, unknown, took = False, "", Counter[str]()

    def send_messages(self, messages: Any) -> int:
        if self.down:
            raise ConnectionRefusedError
        for message in messages:
            if message.to == [self.unknown]:
                raise SMTPRecipientsRefused({self.unknown: (550, b"unknown")})
            Relay.took[message.to[0]] += 1
        return len(messages)


@pytest.fixture
def relay(settings: Any, people: SimpleNamespace) -> Iterator[type[Relay]]:
    settings.EMAIL_HOST, settings.EMAIL_BACKEND = "relay", f"{__name__}.Relay"
    Relay.down, Relay.unknown, Relay.took = False, "", Counter()
    for name in ("alice", "bob", "carol"):
        person = getattr(people, name)
        person.email = f"{name}@office.example"
        person.save()
        actions.tell([str(person.id)], words=say("Something."), kind="x", object_id=new_id())
    yield Relay


def turns(count: int, *, begin: datetime) -> datetime:
    for number in range(count):
        with clock.fixed(begin + number * TURN):
            schedule.mail_notices()
    return begin + count * TURN


def told(person: Any) -> list[str]:
    return list(Notice.objects.filter(person=person, kind=watching.KIND).values_list("message", flat=True))


def test_R19_after_a_day_without_a_relay_each_has_one_mail_and_the_administrators_were_told(
    relay: type[Relay], people: SimpleNamespace
) -> None:
    relay.down = True
    begin = clock.now()
    after = turns(95, begin=begin)
    assert told(people.ada) == [], "within a day a relay may be mended"
    after = turns(5, begin=after)
    assert [one.startswith("Mails have not left for a day") for one in told(people.ada)] == [True]
    assert told(people.alice) == [], "who keeps the machine is told, and nobody else"
    assert not Notice.objects.filter(mailed_at__isnull=False).exists()

    relay.down = False
    turns(3, begin=after)
    assert relay.took == {f"{name}@office.example": 1 for name in ("alice", "bob", "carol")}


def test_R19_an_address_that_is_refused_keeps_nobody_elses_mail(relay: type[Relay], people: SimpleNamespace) -> None:
    relay.unknown = "alice@office.example"
    turns(2, begin=clock.now())
    assert relay.took == {"bob@office.example": 1, "carol@office.example": 1}
    assert Notice.objects.get(person=people.alice).mailed_at is None

    turns(1, begin=clock.now() + timedelta(days=1, hours=1))
    assert len(told(people.ada)) == 1


def test_R18_a_disk_that_fills_up_is_told_once_a_day(people: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> None:
    begin = clock.now()
    for hours, free, expected in ((0, watching.ROOM, 0), (0, watching.ROOM - 1, 1), (1, 7, 1), (26, 7, 1)):
        monkeypatch.setattr("shutil.disk_usage", lambda path, free=free: Disk(1 << 40, 0, free))
        with clock.fixed(begin + timedelta(hours=hours)):
            watching.watch_machine()
            assert len(told(people.ada)) == expected, (hours, free)
    with clock.fixed(begin + timedelta(hours=27)):
        Notice.objects.filter(person=people.ada).update(read_at=clock.now())
        watching.watch_machine()
    assert len(told(people.ada)) == 2, "put away, and it goes on"


def test_R25_a_clock_that_leaps_ahead_is_told(people: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> None:
    watching.watch_machine()
    assert told(people.ada) == []
    right = clock._said
    monkeypatch.setattr(clock, "_said", lambda: right() + timedelta(days=365))
    watching.watch_machine()
    assert [one.startswith("The clock of the machine was put ahead") for one in told(people.ada)] == [True]
