"""How long the inbox and Today take while very much waits, and whether one urgent report is seen among it."""

from __future__ import annotations

import re
import resource
import tempfile
import time
from pathlib import Path
from typing import Any

from forestall.base.home import Kind, create
from forestall.cli.command import migrate, set_up
from forestall.cli.searchbench import fill

URGENT = "A list is being made"


def measure(*, items: int) -> dict[str, Any]:
    """Seconds of the pages with so many items waiting, the place of an urgent one that came among them, and memory (MB)."""
    with tempfile.TemporaryDirectory(prefix="forestall-bench-") as folder:
        set_up(create(Path(folder) / "home", kind=Kind.EXERCISE))
        migrate()
        fill(items)
        _one_is_urgent()
        before, browser = _memory(), _reader()
        first = _asked(browser, "/inbox/")
        found = {"inbox_seconds": _asked(browser, "/inbox/")[0], "today_seconds": _asked(browser, "/")[0]}
        return {"items": items, "place": _place(first[1]), **found, "more_mb": round(_memory() - before)}


def _one_is_urgent() -> None:
    """The oldest of all, so that nothing but its urgency brings it up."""
    from forestall.access.session import bound_to, system_reader
    from forestall.monitoring.models import Item
    from forestall.record.actions import write

    with bound_to(system_reader("keeper", reason="a measurement")):
        one = Item.objects.order_by("received_at")[0]
        one.title, one.priority = URGENT, 2
        write(one, by="system:keeper", verb="raised")


def _reader() -> Any:
    from django.conf import settings
    from django.test import Client

    from forestall.access import actions
    from forestall.access.middleware import EXERCISE_LINK
    from forestall.access.session import bound_to, system_reader

    settings.ALLOWED_HOSTS = ["testserver"]
    with bound_to(system_reader("keeper", reason="a measurement")) as by:
        person = actions.add_person(username="ivo", name="Ivo", clearance=3, by=by)
        actions.give_role(person, role="information_officer", by=by)
    browser = Client()
    browser.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    session = browser.session
    session[EXERCISE_LINK] = True
    session.save()
    return browser


def _asked(browser: Any, address: str) -> tuple[float, Any]:
    began = time.monotonic()
    answer = browser.get(address)
    assert answer.status_code == 200, answer.status_code
    return round(time.monotonic() - began, 2), answer


def _place(answer: Any) -> int:
    """Where the urgent one stands on the page, from 1; 0 when it does not."""
    titles = re.findall(r'href="\?item=[^"]*"[^>]*>(.*?)</a>', answer.content.decode(), re.DOTALL)
    return next((place for place, title in enumerate(titles, 1) if URGENT in title), 0)


def _memory() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
