"""What a page shows of a file that was set aside: name, reason, what it was found to be, and its history."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from forestall.access import queries as people
from forestall.base.words import Words, say, told
from forestall.collecting.kinds import KIND_WORDS, Kind, claimed
from forestall.collecting.names import ending, shown
from forestall.monitoring import queries
from forestall.monitoring.states import QUARANTINE
from forestall.record import queries as record

if TYPE_CHECKING:
    from forestall.monitoring.models import Quarantine
    from forestall.record.models import Evidence


@dataclass(frozen=True)
class SetAside:
    """A file of the quarantine in words. `kept` is None when its bytes may not be seen; `size` is in bytes."""

    one: Quarantine
    name: str
    reason: Words
    state: Words
    expected: Words
    level: int
    found: Words
    kept: Evidence | None
    received: datetime | None
    size: int | None


@dataclass(frozen=True)
class Act:
    """One act on the file or on its bytes: when (UTC), by whom, what was done, and what the record kept with it.

    `words` is a sentence of ours, `typed` what a person wrote.
    """

    at: datetime
    by: str
    verb: str
    words: Words | None = None
    typed: str = ""


def rows_of(those: Iterable[Quarantine]) -> list[SetAside]:
    """Each file in words, in the order given."""
    listed = list(those)
    kept = queries.evidence(one.evidence_id for one in listed)
    return [_row(one, kept.get(one.evidence_id)) for one in listed]


def _row(one: Quarantine, kept: Evidence | None) -> SetAside:
    name_claims = claimed(ending(one.name))
    return SetAside(
        one=one,
        name=shown(one.name),
        reason=told(one.message, one.parameters),
        state=QUARANTINE.words[one.state],
        expected=KIND_WORDS[name_claims] if name_claims else say("nothing"),
        level=one.level,
        found=say("not looked at") if one.in_place else content_words(kept.media_type if kept else ""),
        kept=kept,
        received=kept.received_at if kept else None,
        size=kept.size if kept else None,
    )


def content_words(media_type: str) -> Words:
    """What was found, in words; a kind nobody names is nothing that can be recognised."""
    return KIND_WORDS[Kind(media_type)] if media_type in set(Kind) else KIND_WORDS[Kind.UNKNOWN]


def history(one: Quarantine) -> list[Act]:
    """Every act on the file and on its bytes, in the order of the log."""
    said = _said(one)
    entries = [*record.custody(one.evidence_id), *record.custody(one.id)]
    names = people.names({entry.by for entry in entries})
    return [
        Act(entry.at, names.get(entry.by, entry.by), entry.verb, *said.get(entry.seq, NOTHING))
        for entry in sorted(entries, key=lambda entry: entry.seq)
    ]


Said = tuple[Words | None, str]
NOTHING: Said = (None, "")


def _said(one: Quarantine) -> dict[int, Said]:
    """Places in the log to what the record kept with the act there; each act on the file itself wrote one state."""
    stood: dict[str, object] = {}
    found: dict[int, Said] = {}
    written = [entry for entry in record.custody(one.id) if entry.commitment]
    for step in record.history(one):
        stood |= {column: after for column, (_, after) in step.changed.items()}
        found[written[step.number - 1].seq] = _kept_with(stood, verb=step.verb)
    return found


def _kept_with(stood: dict[str, object], *, verb: str) -> Said:
    """What the record kept with one act: the reason it was set aside for, the name it was read under, why not."""
    name = shown(str(stood.get("read_as") or stood.get("name") or ""))
    if verb in ("set aside", "not readable again"):
        reason = told(str(stood.get("message")), dict(stood.get("parameters") or {}))  # type: ignore[call-overload]
        words = reason if verb == "set aside" else say("As %(name)s: %(reason)s", name=name, reason=reason)
        return words, ""
    if verb == "read again":
        return say("As %(name)s", name=name), ""
    return None, str(stood.get("why") or "") if verb == "file refused" else ""
