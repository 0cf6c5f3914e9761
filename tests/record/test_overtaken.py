"""Nothing is written over what the writer has not read: the later of two is told to look again, and a raised label stands."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from forestall.access import labelling
from forestall.access.session import bound_to
from forestall.base.errors import Overtaken
from forestall.labels.label import Level
from forestall.labels.models import everything
from forestall.monitoring import policies
from forestall.monitoring.models import Grading, Item
from forestall.record.actions import write
from forestall.record.models import Entry
from forestall.record.verification import verify

Make = Callable[..., Any]


@pytest.mark.django_db
def test_G14_a_state_that_was_read_before_another_wrote_is_not_written(make_item: Make, keeper: Any) -> None:
    made = make_item("Wells", "The wells are shared.")
    one, other = Item.objects.get(pk=made.pk), Item.objects.get(pk=made.pk)
    one.title = "Wells of the north"
    write(one, by="system:keeper", verb="edited")
    before = Entry.objects.count()
    other.title = "Wells of the south"
    with pytest.raises(Overtaken):
        write(other, by="system:keeper", verb="edited")

    assert (Item.objects.get(pk=made.pk).title, Entry.objects.count()) == ("Wells of the north", before)
    one.title = "Wells"
    assert write(one, by="system:keeper", verb="edited").times_written == made.times_written + 2, "who wrote last goes on"
    assert verify().faults == []


@pytest.mark.django_db
def test_G14_V30_a_grading_that_a_raised_label_overtook_is_refused_for_it_would_lower_the_label(
    make_item: Make, signed_in: Callable[[str], Client], session_of: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    made = make_item("Wells", "The wells are shared.", desk="karvania")
    browser, was = signed_in("ivo"), policies.check_grade

    def meanwhile(**given: str) -> None:
        """Between reading and writing, somebody of the same desk raises the label."""
        was(**given)
        bob = session_of("bob")
        with bound_to(bob):
            now = Item.objects.get(pk=made.pk)
            labelling.hold_closer(now, label=now.label.raised_to(Level.STRICTLY_CONFIDENTIAL), by=bob)

    monkeypatch.setattr(policies, "check_grade", meanwhile)
    form = {"act": "grade", "reliability": "B", "credibility": "2"}
    answer = browser.post(f"/items/{made.pk}/triage/", form)

    assert answer.status_code == 409 and "Look at it as it stands now" in answer.content.decode()
    assert everything(Item).get(pk=made.pk).state == made.state
    assert not everything(Grading).filter(item_id=made.pk).exists()


MANY = """
import json, os, sys, time
from pathlib import Path
from forestall.cli.faults.place import asked, forked, made
from forestall.cli.faults.stock import Stock, prepare
place = made(Path(sys.argv[1]), server=sys.argv[2])
from forestall.monitoring.suggesting import Readers
readers = Readers()
asked(lambda: prepare(place, readers=readers))

def grades(who):
    from django.db import connection
    from forestall.access.session import bound_to
    from forestall.base.errors import Overtaken
    from forestall.monitoring.actions import item as items
    from forestall.monitoring.models import Grading, Item
    place.enter()
    stock, told = Stock.of(place), []
    with bound_to(stock.session("ivo")) as ivo:
        for _ in range(EACH):
            began = time.monotonic()
            try:
                items.grade(Item.objects.get(pk=stock.to_grade[0]), reliability="B", credibility="2", by=ivo)
                told.append("graded")
            except Overtaken:
                told.append("overtaken")
            except Exception as error:
                told.append(repr(error))
            told[-1] += " late" if time.monotonic() - began > 20 else ""
    return told

EACH, WRITERS = 5, 10
pipes = []
for who in range(WRITERS):
    reading, writing = os.pipe()
    forked(lambda: os.write(writing, json.dumps(grades(who)).encode()))
    os.close(writing)
    pipes.append(reading)
told = [one for pipe in pipes for one in json.loads(os.fdopen(pipe).read())]

def after():
    from forestall.access.session import bound_to
    from forestall.monitoring.models import Grading
    from forestall.record.verification import verify
    place.enter()
    stock = Stock.of(place)
    with bound_to(stock.session("ivo")):
        numbers = sorted(Grading.objects.filter(item_id=stock.to_grade[0]).values_list("number", flat=True))
    return {"numbers": numbers, "faults": [str(one) for one in verify().faults]}

print(json.dumps({"told": told, **asked(after)}))
place.gone()
"""


def test_G14_fifty_gradings_of_one_item_by_ten_processes_are_fifty_or_told_to_look_again(tmp_path: Path) -> None:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("FORESTALL_DATABASE")}
    server = os.environ.get("FORESTALL_TEST_POSTGRES", "") if "FORESTALL_DATABASE" in os.environ else ""
    done = subprocess.run([sys.executable, "-c", MANY, str(tmp_path), server], capture_output=True, text=True, check=False,
                          env=environment, timeout=300)  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    found = json.loads(done.stdout.splitlines()[-1])

    assert set(found["told"]) <= {"graded", "overtaken"} and len(found["told"]) == 50
    assert found["numbers"] == list(range(1, found["told"].count("graded") + 1)) and found["told"].count("graded") >= 10
    assert found["faults"] == []
