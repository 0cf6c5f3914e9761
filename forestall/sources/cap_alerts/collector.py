"""Alerts in the Common Alerting Protocol (OASIS CAP 1.2, with 1.1), alone or led to by an Atom or RSS feed.

An alert is known by its sender, its identifier and when it was sent, together. An update or a cancellation names the alerts
before it, which end; each alert is one finding with all its languages and areas, polygons included, word for word.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from forestall.base.errors import Malformed
from forestall.base.words import say
from forestall.collecting.asking import BadRow, Envelope, Ignored, Page, Request, Withdrawn
from forestall.collecting.contract import Source
from forestall.collecting.formats import safexml
from forestall.collecting.kinds import Kind
from forestall.collecting.published import Form, unpack
from forestall.collecting.received import Received
from forestall.facts import Finding

from .alerts import SIGNATURE, alert_of, alerts_in

REMEMBERED = 5_000
"""Alerts that a cursor remembers having asked for."""


def plan(cursor: Mapping[str, Any], *, source: Source, today: date) -> Iterable[Request]:
    """The alerts that a feed led to, then each feed."""
    for url in cursor.get("waiting", ()):
        yield Request(f"alert:{url}", url, {"Accept": "application/cap+xml, application/xml"}, name=f"{url.rpartition('/')[2][-80:] or 'alert'}")
    for feed in source.settings.get("feeds", ()):
        headers = {"Accept": "application/cap+xml, application/atom+xml, application/rss+xml, application/xml"}
        yield Request(f"feed:{feed['id']}", feed["url"], headers, name=f"{feed['id']}.xml")


def advance(cursor: Mapping[str, Any], *, page: Page) -> dict[str, Any]:
    """What waits to be asked for: what feeds lead to, without what was asked for before."""
    waiting, asked = list(cursor.get("waiting", ())), list(cursor.get("asked", ()))
    what, _, url = page.request.key.partition(":")
    if what == "alert":
        waiting, asked = [one for one in waiting if one != url], [*asked, url]
    led_to = json.loads(page.envelope.carried) if page.envelope.carried else []
    waiting += [one for one in dict.fromkeys(led_to) if one not in {*waiting, *asked}]
    return {"waiting": waiting, "asked": asked[-REMEMBERED:]}


def parse(received: Received, *, kind: Kind, source: Source) -> Iterator[Finding | Withdrawn | BadRow | Envelope | Ignored]:
    """One finding for each alert and what it ends; of a feed that only leads to alerts, where they are.

    Raises `Malformed` for what is neither.
    """
    found = unpack(received)
    if found.form is not Form.XML:
        raise Malformed(say("An alert in CAP or a feed of them was expected; what came is no XML."))
    root = safexml.parse(found.content).root
    alerts = list(alerts_in(root))
    if not alerts and safexml.local_name(root) not in ("feed", "rss", "rdf"):
        raise Malformed(say("An alert in CAP or a feed of them was expected; what came is <%(tag)s>.", tag=safexml.local_name(root)))
    for number, alert in enumerate(alerts, start=1):
        yield from alert_of(alert, row=number, source=source)
    links = [] if alerts else list(_links(root))
    notice = say("It is a feed that leads to alerts: %(count)s. They are asked for one by one.", count=len(links)) if links else None
    yield Envelope(total=len(alerts), notice=notice, carried=json.dumps(links) if links else "")
    if any(safexml.local_name(one) == SIGNATURE for alert in alerts for one in alert):
        yield Ignored((SIGNATURE,))


def _links(root: Any) -> Iterator[str]:
    """Where the entries of a feed lead: in Atom the link to CAP before any other, in RSS the link."""
    for entry in root.iter():
        if safexml.local_name(entry) in ("entry", "item"):
            links = [one for one in entry if safexml.local_name(one) == "link"]
            best = next((one for one in links if "cap" in one.get("type", "")), links[0] if links else None)
            address = (best.get("href") or best.text or "").strip() if best is not None else ""
            if address.startswith("https://"):
                yield address
