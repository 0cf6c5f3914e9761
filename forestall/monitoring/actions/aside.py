"""Setting a file or a part of it aside for reviewers, with its bytes and the reason."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from forestall.access.session import bound_to, system_reader
from forestall.base.canonical import sha256
from forestall.base.words import kept
from forestall.collecting.intake import Reading
from forestall.collecting.quarantined import Quarantined
from forestall.labels.label import Label, spell
from forestall.monitoring.models import Quarantine
from forestall.record import evidence
from forestall.record.actions import write
from forestall.record.models import Evidence

if TYPE_CHECKING:
    from forestall.monitoring.actions.intake import Turn


def set_aside_once(one: Quarantined, *, reading: Reading, label: Label, turn: Turn) -> None:
    """Set a file or a part of one aside, unless the very same waits already: however often the file comes."""
    made, content = _aside(one, reading=reading, label=label, turn=turn)
    if not _set_aside_before(made, content):
        _keep_aside(made, content, one=one, reading=reading, turn=turn)


def set_aside(one: Quarantined, *, reading: Reading, label: Label, turn: Turn) -> Evidence:
    """Keep the bytes and the reason, for reviewers alone. Returns the bytes as kept."""
    made, content = _aside(one, reading=reading, label=label, turn=turn)
    return _keep_aside(made, content, one=one, reading=reading, turn=turn)


def _aside(one: Quarantined, *, reading: Reading, label: Label, turn: Turn) -> tuple[Quarantine, bytes]:
    content = one.content or (reading.content if one.in_place else b"")
    reason = kept(one.reason)
    made = Quarantine(
        run=turn.run,
        name=one.name,
        collector=turn.run.collector if turn.run else "quarantine",
        message=reason["message"],
        parameters=reason["parameters"],
        within=one.parent,
        locator=one.locator,
        depth=one.depth,
        in_place=one.in_place,
        hostile=one.hostile,
    ).labelled(replace(label, quarantined=True))
    return made, content


def _keep_aside(made: Quarantine, content: bytes, *, one: Quarantined, reading: Reading, turn: Turn) -> Evidence:
    media_type = (reading.kind if content is reading.content else one.found) or "unknown"
    by = turn.by.person_id
    made.evidence = evidence.keep(content, name=one.name, media_type=media_type, label=made.label, by=by)
    write(made, by=by, verb="set aside")
    return made.evidence


def _set_aside_before(made: Quarantine, content: bytes) -> bool:
    """Asked as the collector: whoever hands a file in may not see that it came before, and is told nothing of it."""
    same: dict[str, object] = {
        "name": made.name,
        "locator": made.locator,
        "evidence__sha256": sha256(content),
    }
    if not content:
        same["parameters"] = made.parameters
    with bound_to(system_reader("collector", reason="whether it was set aside before")):
        found = Quarantine.objects.filter(
            level=made.level, compartments=spell(made.label.compartments), **same
        )
        return found.exists()
