"""Things to hide, for the tests of search: one of each kind, under a label that few may see."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import Any

from django.test import Client

from forestall.assessment.models import Assessment, Situation
from forestall.institutions.models import Counterpart, OfficeHolder
from forestall.labels.label import Label, Level
from forestall.monitoring.actions import item as items
from forestall.monitoring.actions import observation as observations
from forestall.monitoring.models import CopyEdge, Gap, Group, Item, Quarantine
from forestall.record import evidence
from forestall.record.actions import expunge, write

NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
HIDDEN = Label(Level.STRICTLY_CONFIDENTIAL, frozenset({"SRC", "desk:karvania"}))
WORD = "zanziphore"  # stands in the hidden world alone
VARYING = re.compile(rb'name="csrfmiddlewaretoken" value="[^"]+"')


def seen(client: Client, address: str) -> tuple[int, bytes, tuple[tuple[str, str], ...]]:
    answer = client.get(address)
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    headers = tuple(sorted((name, value) for name, value in answer.headers.items() if name not in ("Expires", "Last-Modified")))
    return answer.status_code, VARYING.sub(b"", body), headers


def hide_item(keeper: Any) -> Any:
    kept = evidence.keep(WORD.encode(), name=f"{WORD}.txt", media_type="text", label=HIDDEN, by="system:collector")
    source = Item.objects.first().source
    item = Item(source=source, evidence=kept, collector="mail", external_id=WORD, content_hash=WORD, title=f"On {WORD}",
                text=f"{WORD} speaks.", countries=["ZZK", "ZZS"], languages=["sw"], received_at=NOW)  # fmt: skip
    return write(item.labelled(HIDDEN), by="system:collector", verb="item received")


def hide_observation(keeper: Any) -> Any:
    item = hide_item(keeper)
    items.grade(item, reliability="A", credibility="1", by=keeper)
    return observations.confirm(item=item, summary=f"{WORD} happened", on=date(2026, 11, 19), iso3="ZZK",
                                indicators=[("unfaac-2014", "10.1", "raises")], by=keeper)  # fmt: skip


def hide_copy(keeper: Any) -> Any:
    item, first = hide_item(keeper), Item.objects.order_by("title").first()
    edge = CopyEdge(newer=item, older=first, edge="near", score=0.9).labelled(HIDDEN)
    return write(edge, by="system:collector", verb="copy proposed")


def hide_situation(keeper: Any) -> Any:
    made = Situation(title=f"The {WORD} situation", places=["ZZK"], desk="south", state="alert", opened_on=NOW.date(),
                     reason=WORD, review_due=date(2026, 1, 1), lead="nobody")  # fmt: skip
    write(made.labelled(HIDDEN), by="x", verb="situation opened")
    reading = Assessment(situation=made, framework="unfaac-2014", edition="x", on=NOW.date(), author="x", state="peer_review")
    return write(reading.labelled(HIDDEN), by="x", verb="assessment drafted")


def hide_counterpart(keeper: Any) -> Any:
    body = write(Counterpart(kind_of_body="ministry", name=WORD, channel="letter").labelled(HIDDEN), by="x", verb="added")
    holder = OfficeHolder(counterpart=body, title=WORD, name=WORD, since=date(2020, 1, 1)).labelled(HIDDEN)
    return write(holder, by="x", verb="added")


def hide_group(keeper: Any) -> Any:
    write(Gap(iso3="ZZK", question=WORD).labelled(HIDDEN), by="x", verb="gap opened")
    return write(Group(iso3="ZZK", name=WORD).labelled(HIDDEN), by="x", verb="group added")


def hide_quarantine(keeper: Any) -> Any:
    shut = Label(Level.CONFIDENTIAL, quarantined=True)
    kept = evidence.keep(WORD.encode(), name=WORD, media_type="unknown", label=shut, by="system:collector")
    return write(Quarantine(evidence=kept, name=WORD, collector="mail", message=WORD).labelled(shut), by="x", verb="set aside")


def hide_expunged(keeper: Any) -> Any:
    return expunge(hide_item(keeper), by="rita", second="rolf", reason="asked")


HIDING = {
    "V04 an item": hide_item,
    "V16 an observation": hide_observation,
    "V13 a copy of something seen": hide_copy,
    "V10 a situation of another desk": hide_situation,
    "V33 a counterpart": hide_counterpart,
    "V05 a group and a gap": hide_group,
    "V24 a file in quarantine": hide_quarantine,
    "V08 something expunged": hide_expunged,
}
