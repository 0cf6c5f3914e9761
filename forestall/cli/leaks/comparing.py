"""One world asked twice: as it is, and with something hidden in it. What differs is told with the seed that shows it again."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from django.conf import settings
from django.core import mail

from forestall.access.session import bound_to
from forestall.base import clock
from forestall.cli import schedule
from forestall.search import matching

from . import world as worlds
from .chance import Chance, drawn
from .hiding import HIDING, WORD, Hidden, unseen_by
from .observing import Answered, Asked, Asking, Observer

NOBODY = "nobody"
LOOKED = tuple(Asked("get", one) for one in ("/", "/morning/", "/inbox/", "/vault/", f"/search/?q={worlds.COMMON}"))
"""Looked at after the jobs have run."""
UNSEEN_JOBS = {"seal_log"}
"""Tells the witnesses outside how long the log is: that is what they are for, and the observer is none of them."""


@dataclass
class Tally:
    """What was compared and what differed. `errors`: answers that were a fault of the server's own, alike or not."""

    trials: int = 0
    differences: int = 0
    errors: int = 0
    told: list[str] = field(default_factory=list)
    asked: dict[str, int] = field(default_factory=dict)

    def compare(self, what: str, one: Any, other: Any, *, where: str) -> None:
        """Count a trial, and tell of the first difference in it."""
        self.trials += 1
        if isinstance(other, Answered) and other.status >= 500:
            self.errors += 1
            self.told.append(f"{where}: {what}: answered {other.status}")
        if worlds.CANARY in repr(other):
            self.differences += 1
            self.told.append(f"{where}: {what}: tells who a protected source is")
        differs = one.differs(other) if isinstance(one, Answered) else "" if one == other else f"{one!r} and {other!r}"
        if differs:
            self.differences += 1
            self.told.append(f"{where}: {what}: {differs}")

    def add(self, other: Tally) -> None:
        """Count what another process counted too."""
        self.trials += other.trials
        self.differences += other.differences
        self.errors += other.errors
        self.told += other.told


@contextmanager
def still(seed: object) -> Iterator[Chance]:
    """Inside the block time stands, chance can be had again, mail stays here and search does not wait for its step."""
    chance = Chance(str(seed))
    with ExitStack() as stack:
        stack.enter_context(clock.fixed(worlds.NOW))
        stack.enter_context(drawn(chance))
        stack.enter_context(replaced(time, "time", worlds.NOW.timestamp))
        stack.enter_context(replaced(matching, "STEP", 0.0))
        stack.enter_context(replaced(settings, "EMAIL_HOST", "localhost"))
        stack.enter_context(replaced(settings, "EMAIL_BACKEND", "django.core.mail.backends.locmem.EmailBackend"))
        stack.enter_context(replaced(mail, "outbox", []))
        yield chance


@contextmanager
def replaced(owner: Any, name: str, value: Any) -> Iterator[None]:
    """Inside the block `owner.name` is `value`."""
    missing = object()
    was = getattr(owner, name, missing)
    setattr(owner, name, value)
    try:
        yield
    finally:
        if was is missing:
            delattr(owner, name)
        else:
            setattr(owner, name, was)


def observers() -> tuple[str, ...]:
    """Those who ask, and somebody who is not signed in."""
    return (*worlds.OBSERVERS, NOBODY)


def read_twice(people: dict[str, Any], *, seed: int, trials: int) -> Tally:
    """Trials of reading: one world, one observer, one hidden thing, and as many requests of as many kinds as asked for."""
    tally = Tally()
    with still(seed) as chance, worlds.set_apart():
        world = worlds.furnish(people, seed=seed)
        name = observers()[seed % len(observers())]
        hidden = list(HIDING.values())[seed % len(HIDING)]
        where = f"seed {seed}, {name}, {hidden.name}"
        twice = Twice(world, chance, Observer(people.get(name)), hidden, seed=seed, name=name)
        requests = list(islice(twice.asking().requests(seed * trials), trials))
        before = twice.answers(requests)
        with worlds.set_apart():
            twice.hide()
            after = twice.answers(requests)
        for asked, one, other in zip(twice.told(requests), before, after, strict=True):
            tally.compare(str(asked), one, other, where=where)
    return tally


class Twice:
    """A world, who looks at it, and what can be hidden in it, the same each time."""

    def __init__(
        self, world: worlds.World, chance: Chance, observer: Observer, hidden: Hidden, *, seed: int, name: str
    ) -> None:
        self.world, self.chance, self.observer, self.hidden, self.seed = world, chance, observer, hidden, seed
        self.label = unseen_by(world, name if name != NOBODY else "dora")
        while hidden.before and not worlds.keeper().may_see(self.label):  # somebody acts on it, and must see it
            self.label = unseen_by(world, name if name != NOBODY else "dora")
        with bound_to(worlds.keeper()):
            self.before = hidden.before(world, self.label) if hidden.before else []
        self._state = world.chance.getstate()
        with worlds.set_apart():
            self.ids = [str(one.pk) for one in [*self.before, *self.hide()]]
        for one in self.before:
            self._forget(one)

    def _forget(self, hidden: Any) -> None:
        for those in self.world.things.values():
            those[:] = [one for one in those if one.pk != hidden.pk]

    def hide(self) -> list[Any]:
        """Put down what is hidden, or do what is done to it: the same ids and words each time."""
        self.world.chance.setstate(self._state)
        self.chance.again(f"hidden {self.seed}")
        known = {kind: list(those) for kind, those in self.world.things.items()}
        with bound_to(worlds.keeper()):
            for one in self.before:
                one.refresh_from_db()
            made = self.hidden.act(self.world, self.label, self.before)
        self.world.things = known
        return [one for one in made if one is not None]

    def asking(self) -> Asking:
        """Requests about this world."""
        self.world.chance.seed(self.seed)
        never = ["77777777-7777-4777-8777-777777777777", "12345678-1234-4234-8234-123456789012"]
        things = {**self.world.things, "person": list(self.world.people.values())}
        sources = [str(one.pk) for one in self.world.things["source"]] + never[:1]
        words = (worlds.COMMON, WORD, "wells", "report", "nothing")
        return Asking(things, self.ids, never, self.world.chance.choice, words, sources)

    def answers(self, requests: list[Asked]) -> list[Any]:
        """What each request is answered, each asked of the world as it stands; then what the jobs bring."""
        answers: list[Any] = []
        for number, asked in enumerate(requests):
            with worlds.set_apart():
                self.chance.again(f"{self.seed} {number}")
                answers.append(self.observer.again().ask(asked))
        with worlds.set_apart():
            answers += [self.mails(), *(self.observer.again().ask(asked) for asked in LOOKED)]
        return answers

    def told(self, requests: list[Asked]) -> list[Any]:
        """What each of the answers was to."""
        return [*requests, "mails after the jobs", *(f"{asked} after the jobs" for asked in LOOKED)]

    def mails(self) -> list[tuple[str, str, str]]:
        """What the jobs send to the observer."""
        mail.outbox.clear()
        run_jobs(self.chance, seed=f"{self.seed} jobs")
        person = self.observer.person
        return [(str(m.subject), str(m.body), str(m.to)) for m in mail.outbox if person is not None and person.email in m.to]


def run_jobs(chance: Chance, *, seed: str) -> None:
    """Every job of the worker, once."""
    for name, _, work in schedule.JOBS:
        if name not in UNSEEN_JOBS:
            chance.again(f"{seed} {name}")
            work()

