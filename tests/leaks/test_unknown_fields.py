"""V11, V32, V36: no list can be ordered or narrowed by what it does not show; a column's name is answered like any other word."""

from __future__ import annotations

import re
from typing import Any

import pytest

from forestall.access.session import bound_to, system_reader
from forestall.cli.leaks import world
from forestall.cli.leaks.comparing import still
from forestall.cli.leaks.observing import PART, Answered, Asked, Observer, patterns
from forestall.record.models import Entry

from .hidden import HIDING
from .hidden import WORD as HIDDEN

pytestmark = pytest.mark.django_db(databases=["default", "vault"])
COLUMNS = ("evidence__sha256", "-source__reliability", "embargo_until", "compartments", "person__password")
WORD = "quixotry"
"""No column, and no key of any list."""
VARYING = re.compile(rb'name="csrfmiddlewaretoken" value="[^"]+"')
ECHOED = re.compile("|".join((*COLUMNS, WORD)).encode())


def lists() -> list[str]:
    """Every page that takes no id."""
    return ["/" + str(one.pattern) for one in patterns() if not PART.search(str(one.pattern))]


def asked(observer: Observer, chance: Any, address: str, name: str) -> Answered:
    """The answer to an address that says `name`, with every such word replaced by one and the same, for it may be echoed."""
    with world.set_apart():
        chance.again("asked")
        answer = observer.again().ask(Asked("get", f"{address}{name}"))
    return Answered(answer.status, (), tuple((part, ECHOED.sub(b"-", body)) for part, body in answer.body))


@pytest.mark.parametrize("question", ["?sort={}", "?{}=A", "?format=csv&sort={}"], ids=["sorted", "narrowed", "as a file"])
def test_V11_V32_a_column_that_is_not_shown_is_no_column(office: dict[str, Any], question: str) -> None:
    with still("columns") as chance, world.set_apart():
        here = world.furnish(office, seed=2)
        observer = Observer(here.people["alice"])
        told = []
        for address in lists():
            never = asked(observer, chance, address, question.format(WORD))
            for column in COLUMNS:
                differs = never.differs(asked(observer, chance, address, question.format(column)))
                told += [f"{address} {column}: {differs}"] if differs else []

    assert told == []


def test_V36_an_auditor_who_asks_the_log_for_a_word_of_content_is_told_nothing(
    keeper: Any, make_item: Any, signed_in: Any
) -> None:
    """Rita audits: asked by a word, the page is the same whatever holds it, for the log itself holds no word of content."""
    make_item("A notice on wells", "The wells are shared.", level=1, desk=None)
    with bound_to(system_reader("keeper", reason="hide")) as hider:
        for hide in HIDING.values():
            hide(hider)
    rita = signed_in("rita")
    for part in ("by", "kind", "q", "verb", "since"):
        hidden, never = (rita.get("/record/", {part: word}) for word in (HIDDEN, "quixotry"))
        assert hidden.status_code == never.status_code
        told = [VARYING.sub(b"", one.content.replace(HIDDEN.encode(), b"quixotry")) for one in (hidden, never)]
        assert told[0] == told[1], part
    assert not [entry for entry in Entry.objects.all() if HIDDEN in "".join(map(str, vars(entry).values()))]


def test_V11_a_list_is_ordered_by_what_it_shows(office: dict[str, Any]) -> None:
    with still("columns") as chance, world.set_apart():
        here = world.furnish(office, seed=2)
        observer = Observer(here.people["alice"])

        assert asked(observer, chance, "/inbox/", "?sort=title") != asked(observer, chance, "/inbox/", "?sort=-title")
