"""Traces: what an observer does, one act after the other, while others act on what is hidden and on what is not.

The same acts are done in both worlds. In one of them there is something hidden besides, and others go on working on it.
Rights and labels change on the way, in both: whatever the observer may no longer see then never was, by any address.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from http.cookies import SimpleCookie
from typing import Any

from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import URLPattern

from forestall.access import actions as access
from forestall.access import labelling
from forestall.access.models import Person, Recusal
from forestall.access.session import bound_to
from forestall.base import clock
from forestall.cli.faults.stock import Here
from forestall.labels.label import Label, Level
from forestall.labels.models import everything
from forestall.labels.telling import Elevation, elevated
from forestall.monitoring.actions import intake
from forestall.monitoring.suggesting import Readers
from forestall.record.actions import write

from . import world as worlds
from .comparing import Tally, replaced, run_jobs, still
from .hiding import HIDING, WORD
from .observing import PART, Answered, Asked, Observer, patterns, tested

ACTORS = ("alice", "ivo", "carol")
"""Observers who do something: each with another office."""
STEPS = 16
OTHERS = 3
"""Ids that must answer like one that never was, tried after each change of rights."""
NEVER = "77777777-7777-4777-8777-777777777777"
HIDDEN = Label(Level.STRICTLY_CONFIDENTIAL, frozenset({"SRC"}))
"""No right given on the way reaches so far."""


@dataclass
class Trace:
    """One observer's acts in one world."""

    world: worlds.World
    observer: Observer
    name: str
    chance: Any
    seed: int
    hides: bool
    told: list[tuple[str, Any]] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    hidden: list[Any] = field(default_factory=list)
    headers: dict[str, str] = field(default_factory=dict)

    def ask(self, what: str, asked: Asked, **sent: Any) -> Answered:
        """Ask, and note what was answered."""
        self.chance.again(f"{self.seed} asks {len(self.told)}")  # how much was drawn before may differ, and is nothing one sees
        answered = self.observer.ask(asked, **sent)
        self.told.append((f"{what}: {asked}", answered))
        return answered

    def person(self) -> Person:
        """The observer as they stand now."""
        return Person.objects.get(pk=self.world.people[self.name].pk)


def act_twice(people: dict[str, Any], *, seed: int) -> Tally:
    """One trial: the same trace in a world with nothing hidden, and in one with something hidden on which others act."""
    tally, name = Tally(), ACTORS[seed % len(ACTORS)]
    where = f"trace of seed {seed}, {name}"
    with still(seed) as chance, at_hand(), worlds.set_apart():
        world = worlds.furnish(people, seed=seed)
        state, known = world.chance.getstate(), {kind: list(those) for kind, those in world.things.items()}
        traces = []
        for hides in (False, True):
            world.chance.setstate(state)
            world.things = {kind: list(those) for kind, those in known.items()}
            with worlds.set_apart():
                chance.again(f"{seed} signs in")
                trace = Trace(world, Observer(people[name]), name, chance, seed, hides)
                play(trace)
                traces.append(trace)
    one, other = traces
    for (what, before), (_, after) in zip(one.told, other.told, strict=True):
        steps = Tally()
        steps.compare(what, before, after, where=where)
        tally.errors += steps.errors
        if steps.differences and not tally.differences:
            tally.differences = 1
        tally.told += steps.told if steps.errors or tally.differences == 1 else []
    tally.trials = 1
    for line in dict.fromkeys([*one.wrong, *other.wrong]):
        tally.differences += 1
        tally.told.append(f"{where}: {line}")
    return tally


@contextmanager
def at_hand() -> Iterator[None]:
    """Files are read in this very process, by suggesters that are loaded once: what is tested is what is told."""
    from forestall.collecting.intake import read_all


    def here(folder: Any, **how: Any) -> Any:
        return read_all(folder, **{**how, "child": Here()})

    with ExitStack() as stack:
        stack.enter_context(replaced(intake, "read_all", here))
        stack.enter_context(replaced(tested("pages.upload"), "readers", Readers))
        yield


def play(trace: Trace) -> None:
    """Every step: in one world something hidden happens first; then the same act in both."""
    draw = random.Random(f"trace {trace.seed}")  # noqa: S311 - the same in both worlds
    acts = [draw.choice(ACTS) for _ in range(STEPS)]
    changes = {draw.randrange(2, STEPS): change for change in draw.sample(CHANGES, k=3)}
    for number in range(STEPS):
        moment = worlds.NOW + timedelta(minutes=number)
        with clock.fixed(moment):
            if trace.hides:
                trace.chance.again(f"{trace.seed} hidden {number}")
                _happen(trace, number)
            trace.chance.again(f"{trace.seed} step {number}")
            turn = random.Random(f"{trace.seed} {number}")  # noqa: S311 - the same in both worlds
            if number in changes:
                changes[number](trace, turn)
                _gone(trace, turn)
            acts[number](trace, turn)


def _happen(trace: Trace, number: int) -> None:
    """Somebody else puts something hidden down, or works on what is hidden already."""
    draw = random.Random(f"{trace.seed} hidden {number}")  # noqa: S311 - to be had again
    kept = {kind: list(those) for kind, those in trace.world.things.items()}
    trace.world.chance.seed(f"{trace.seed} hidden {number}")
    with bound_to(worlds.keeper()):
        kind = HIDING["V04 an item"] if not trace.hidden else draw.choice(list(HIDING.values()))
        before = kind.before(trace.world, HIDDEN) if kind.before else []
        trace.hidden += [*before, *kind.act(trace.world, HIDDEN, before)]
    trace.world.things = kept


def _look(trace: Trace, draw: random.Random) -> None:
    things = [one for those in trace.world.things.values() for one in those]
    chosen = draw.choice([pattern for pattern in patterns() if pattern.name not in ("account_logout",)])
    address = "/" + PART.sub(lambda part: _filling(part["name"], draw, things), str(chosen.pattern))
    trace.ask("looks", Asked("get", address), **trace.headers)


def _filling(name: str, draw: random.Random, things: list[Any]) -> str:
    from .observing import WORDS

    return draw.choice(WORDS[name]) if name in WORDS else str(draw.choice(things).pk)


def _search(trace: Trace, draw: random.Random) -> None:
    word = draw.choice((WORD, worlds.COMMON, "wells"))
    trace.ask("searches", Asked("get", f"/search/?q={word}{draw.choice(('', '&sort=match', '&page=2', '&format=csv', '&format=xlsx'))}"))


def _inbox(trace: Trace, draw: random.Random) -> None:
    trace.ask("empties the inbox", Asked("get", f"/inbox/{draw.choice(('', '?sort=source', '?state=triaged', f'?q={WORD}', '?page=2'))}"))


def _upload(trace: Trace, draw: random.Random) -> None:
    """Hands in a file; it may be the very one that is hidden."""
    words = draw.choice((f"On {WORD}\n{WORD} speaks of the {worlds.COMMON} {worlds.COMMON} {worlds.COMMON}", f"Wells {draw.random()}"))
    file = SimpleUploadedFile(f"On {WORD}.txt", words.encode())
    answer: Any = trace.observer.client.post("/inbox/upload/", {"file": file, "level": "2"})
    there = answer.headers.get("Location", "")
    told = Answered(answer.status_code, tuple(sorted(answer.headers.items())), (("body", answer.content),))
    trace.told.append(("hands in a file", told))
    if there:
        trace.ask("is led on", Asked("get", there))


def _grade(trace: Trace, draw: random.Random) -> None:
    item = draw.choice(trace.world.things["item"])
    form = {"act": "grade", "reliability": "B", "credibility": "2", "back": f"/items/{item.pk}/"}
    trace.ask("grades", Asked("post", f"/items/{item.pk}/triage/", form | {"q": "", "form": ""}))
    answered = trace.ask("looks again", Asked("get", f"/items/{item.pk}/"))
    _keep_marks(trace, answered)


def _keep_marks(trace: Trace, answered: Answered) -> None:
    """What a browser would send along the next time to learn whether anything changed."""
    marks = dict(answered.headers)
    if "ETag" in marks:
        trace.headers["HTTP_IF_NONE_MATCH"] = marks["ETag"]
    if "Last-Modified" in marks:
        trace.headers["HTTP_IF_MODIFIED_SINCE"] = marks["Last-Modified"]


def _observe(trace: Trace, draw: random.Random) -> None:
    item = draw.choice(trace.world.things["item"])
    form = {"summary": f"A {worlds.COMMON} burned", "when": "2026-11-01", "iso3": "ZZK", "place_precision": "country",
            "indicator_0": "7.5", "direction_0": "raises", "q": "", "form": ""}  # fmt: skip
    trace.ask("observes", Asked("post", f"/items/{item.pk}/observation/", form))


def _save(trace: Trace, draw: random.Random) -> None:
    word = draw.choice((WORD, worlds.COMMON))
    trace.ask("saves a search", Asked("post", "/search/save/", {"name": word, "q": word, "notify": "1", "form": ""}))
    trace.ask("sees it", Asked("get", "/search/"))


def _draft(trace: Trace, draw: random.Random) -> None:
    trace.ask("types", Asked("post", "/drafts/", {"draft": "upload", "why": WORD, "q": "", "form": ""}))


def _situation(trace: Trace, draw: random.Random) -> None:
    title = f"The {WORD} situation"
    form = {"title": title, "places": "ZZK", "reason": "Lists", "desk": "karvania", "level": "2", "q": "", "form": ""}
    trace.ask("opens a situation", Asked("post", "/situations/open/", form))
    trace.ask("sees them", Asked("get", f"/situations/{draw.choice(('', '?format=csv'))}"))


def _wait(trace: Trace, draw: random.Random) -> None:
    """The jobs run; what is mailed to the observer, and what Today says then."""
    mail.outbox.clear()
    run_jobs(trace.chance, seed=f"{trace.seed} jobs {draw.random()}")
    email = trace.observer.person.email if trace.observer.person else ""
    told = [(one.subject, one.body) for one in mail.outbox if email in one.to]
    trace.told.append(("is mailed", told))
    trace.ask("looks at Today", Asked("get", "/"))


ACTS: tuple[Callable[[Trace, random.Random], None], ...] = (
    _look, _look, _search, _inbox, _upload, _grade, _observe, _save, _draft, _situation, _wait,
)  # fmt: skip


def _granted(trace: Trace, draw: random.Random) -> None:
    with bound_to(worlds.keeper()) as by:
        access.grant_compartments(trace.person(), compartments=frozenset({"desk:south", "desk:karvania"}), by=by)


def _taken(trace: Trace, draw: random.Random) -> None:
    with bound_to(worlds.keeper()) as by:
        for compartment in ("desk:south", "desk:karvania"):
            access.take_compartment(trace.person(), compartment=compartment, by=by)


def _recused(trace: Trace, draw: random.Random) -> None:
    with bound_to(worlds.keeper()) as by:
        access.recuse(trace.person(), compartment="desk:karvania", by=by)


def _ended_recusal(trace: Trace, draw: random.Random) -> None:
    with bound_to(worlds.keeper()) as by:
        for recusal in Recusal.objects.filter(person=trace.person(), until__isnull=True):
            access.end_recusal(recusal, by=by)


def _raised(trace: Trace, draw: random.Random) -> None:
    with bound_to(worlds.keeper()) as by:
        one = draw.choice(trace.world.standing("item"))
        labelling.hold_closer(one, label=one.label.raised_to(Level.STRICTLY_CONFIDENTIAL).within("SRC"), by=by)


def _lowered(trace: Trace, draw: random.Random) -> None:
    with bound_to(worlds.keeper()):
        one = draw.choice(trace.world.standing("item"))
        write(one.labelled(Label(Level.INTERNAL)), by=worlds.KEEPER, verb="label lowered")


def _embargoed(trace: Trace, draw: random.Random) -> None:
    """For three minutes, then it may be seen again."""
    with bound_to(worlds.keeper()):
        one = draw.choice(trace.world.standing("item"))
        write(one.labelled(replace(one.label, embargo_until=clock.now() + timedelta(minutes=3))), by=worlds.KEEPER, verb="label raised")


def _demoted(trace: Trace, draw: random.Random) -> None:
    with bound_to(worlds.keeper()) as by:
        access.change_clearance(trace.person(), level=1, by=by)


def _ended(trace: Trace, draw: random.Random) -> None:
    with bound_to(worlds.keeper()) as by:
        access.set_active(trace.person(), active=False, by=by)


CHANGES: tuple[Callable[[Trace, random.Random], None], ...] = (
    _granted, _taken, _recused, _ended_recusal, _raised, _lowered, _embargoed, _demoted, _ended,
)  # fmt: skip


def _gone(trace: Trace, draw: random.Random) -> None:
    """V25: what may no longer be seen is answered as what never was, to an old tab, link, mark or cursor alike."""
    session = trace.world.session(trace.name)
    labelled = [one for kind, those in sorted(trace.world.things.items()) for one in those if hasattr(one, "label")]
    with elevated(Elevation.WHOLE):
        now = [everything(type(one)).get(pk=one.pk) for one in labelled]
    unseen = [one for one in now if not session.may_see(one.label)]
    for one in draw.sample(unseen, k=min(OTHERS, len(unseen))):
        for pattern in _detail(one.kind() if hasattr(one, "kind") else ""):
            with worlds.set_apart():
                answers = [_without(trace, pattern, str(pk)) for pk in (one.pk, NEVER)]
            if answers[0] != answers[1]:
                trace.wrong.append(f"{pattern.pattern} tells of {one.kind()} {one.pk}: {answers[0].differs(answers[1])}")


def _detail(kind: str) -> list[URLPattern]:
    """The addresses of a kind of thing that take its id alone."""
    part = kind.rsplit(".", 1)[-1]
    wanted = {"advisorynote": "note"}.get(part, part)
    return [pattern for pattern in patterns() if [one["name"] for one in PART.finditer(str(pattern.pattern))] == [f"{wanted}_id"]]


def _without(trace: Trace, pattern: URLPattern, pk: str) -> Answered:
    cookies = SimpleCookie(trace.observer.client.cookies.output(header="", sep=";"))
    trace.chance.again(f"{trace.seed} gone {pattern.pattern}")
    with worlds.set_apart():
        answered = trace.observer.ask(Asked("get", "/" + PART.sub(pk, str(pattern.pattern))), **trace.headers)
    trace.observer.client.cookies = cookies
    hidden = pk.encode()
    body = tuple((name, part.replace(hidden, b"")) for name, part in answered.body)
    headers = tuple((name, value.replace(pk, "")) for name, value in answered.headers)
    return replace(answered, body=body, headers=headers)
