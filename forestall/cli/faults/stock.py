"""What a prepared home holds, for the acts to work on: people, items to weigh and to remove, readings to clear."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from forestall.base.clock import now, today
from forestall.collecting.dispatch import Answer, Task, answer

from .place import Place

EACH = 6
"""Things in stock for each act. Few, so that a home is small and quick to copy and to verify."""


@dataclass
class Stock:
    """Public ids of what lies ready, and what each had been through before."""

    people: dict[str, str] = field(default_factory=dict)
    to_grade: list[str] = field(default_factory=list)
    to_remove: list[str] = field(default_factory=list)
    to_clear: list[str] = field(default_factory=list)
    before: dict[str, int] = field(default_factory=dict)

    @classmethod
    def of(cls, place: Place) -> Stock:
        return cls(**json.loads(_book(place).read_text(encoding="utf-8")))

    def session(self, name: str) -> Any:
        """The session of one of the people."""
        from forestall.access.queries import person
        from forestall.access.session import Assurance, for_person

        found = person(self.people[name])
        assert found is not None
        return for_person(found, assurance=Assurance.WEBAUTHN)


class Here:
    """Reads files in this very process: what is tested is what is kept, not what is read."""

    def ask(self, task: Task) -> Answer:
        return answer(task)


def _book(place: Place) -> Path:
    return place.home.path / "stock.json"


def prepare(place: Place, *, readers: Any) -> None:
    """Fill the home, in a process of its own."""
    from forestall.access.session import bound_to, system_reader
    from forestall.cli.command import migrate
    from forestall.record.queries import custody

    place.enter()
    migrate()
    stock = Stock()
    with bound_to(system_reader("exercise", reason="a home to break")) as by:
        _people(stock, by=by)
        taken = list(brought(place, "prepared", [f"Report {n}" for n in range(2 * EACH)], readers=readers, by=by))
    items = [item for one in taken for item in one.items]
    stock.to_grade = [str(item.id) for item in items[:EACH]]
    stock.to_remove = [str(item.id) for item in items[EACH:]]
    stock.to_clear = _readings(stock)
    for known in (*stock.to_grade, *stock.to_clear):
        stock.before[known] = len(custody(known))  # type: ignore[arg-type]
    _book(place).write_text(json.dumps(asdict(stock)), encoding="utf-8")


def brought(place: Place, name: str, texts: list[str], *, readers: Any, by: Any) -> Iterator[Any]:
    """What became of each file of a folder with one for each text, as it is taken in."""
    from forestall.monitoring.actions.intake import take_in

    folder = place.inbox / name
    folder.mkdir(parents=True, exist_ok=True)
    for number, text in enumerate(texts):
        (folder / f"{name}-{number}.txt").write_text(f"{text} of {name}.\n\nThe wells are shared.\n", encoding="utf-8")
    yield from take_in(folder, by=by, readers=readers, received_at=now(), child=Here())


def _people(stock: Stock, *, by: Any) -> None:
    from forestall.access import actions

    roles = {"alice": "analyst", "bob": "senior_reviewer", "ivo": "information_officer", "rita": "records_officer", "rolf": "records_officer"}  # fmt: skip
    for name, role in roles.items():
        made = actions.add_person(username=name, name=name.capitalize(), clearance=3, by=by)
        actions.give_role(made, role=role, by=by)
        stock.people[name] = str(made.id)
        if name == "bob":
            actions.keep_office(key="second_reader", title="Second reader", holder=made, alternate=None, by=by)


def _readings(stock: Stock) -> list[str]:
    """Assessments that wait for the second reader."""
    from forestall import frameworks
    from forestall.access.session import bound_to
    from forestall.assessment.actions import assessment as reading
    from forestall.assessment.actions import situation as situations

    framework = frameworks.load("unfaac-2014")
    ready = []
    with bound_to(stock.session("alice")) as alice:
        about = situations.open_situation(title="Hills", places=["ZZK"], reason="Lists", by=alice)
        for _ in range(EACH):
            draft = reading.draft(about, framework=framework, on=today(), by=alice)
            for factor in framework.factors:
                reading.judge(draft, number=factor.number, presence="no_information", trend="unclear", confidence="low", by=alice)
            draft = reading.describe(draft, summary="Quiet.", mitigation="", unknowns=[], by=alice)
            ready.append(str(reading.submit(draft, framework=framework, by=alice).id))
    return ready
