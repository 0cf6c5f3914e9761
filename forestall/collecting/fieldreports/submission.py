"""A submission as a record: readable lines of question and answer, every field beside them, the reporter apart."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from forestall.base.canonical import canonical_json
from forestall.base.words import Words, say

from ..asking import BadRow
from ..cells import instant_of
from ..contract import Source
from ..dates import Moment, Precision
from ..flags import Flag, FlagCode
from ..record import Record, RecordKind
from . import form
from .apart import sorted_apart
from .consent import has_consent, scopes
from .definition import Definition
from .flattening import last, unnumbered

NOT_TO_BE_READ = say("Whoever reported did not agree that it is read and weighed. It is not read.")
NO_CONSENT = say("Consent is missing: without a yes to it, a submission is not read.")
_ENVELOPE = frozenset({"start", "end", "today", "deviceid", "username", "instanceid", "instancename"})


@dataclass(frozen=True)
class Submission:
    """One filled form as a server gives it, flattened. `root` stays the same over edits; `rank` orders them.

    `own` are fields of the server itself, by path: kept, and no answers. `files` are names of what lies beside it.
    """

    root: str
    place: str
    answers: Mapping[str, Any]
    submitted: str = ""
    rank: str = ""
    own: Collection[str] = ()
    files: tuple[str, ...] = ()


@dataclass(frozen=True)
class Reading:
    """How submissions of one answer are read: for which source, received when, and by which form's labels."""

    source: Source
    received_at: datetime
    definition: Definition = field(default_factory=Definition)

    @property
    def released(self) -> tuple[str, ...]:
        """Questions of place that may stay with a report."""
        return tuple(self.source.settings.get("released", ()))


def taken(submission: Submission, *, reading: Reading) -> Record | BadRow:
    """The record of a submission, or the submission set aside: for want of consent, or of anything to know it by."""
    if not has_consent(submission.answers):
        return _taken_back(submission, NO_CONSENT)
    if not submission.root:
        return aside(submission, say("It has no identifier of its own (instanceID)."), by_rule=False)
    agreed = scopes(submission.answers)
    if "analyse" not in agreed:
        return _taken_back(submission, NOT_TO_BE_READ)
    definition = reading.definition
    kept, apart = sorted_apart(submission.answers, released=reading.released, types=definition.types)
    published = _moment(submission.submitted)
    ours = not definition.labels and form.recognised(kept)
    labels = form.definition() if ours else definition
    return Record(
        source_id=reading.source.id,
        external_id=submission.root,
        kind=RecordKind.SUBMISSION,
        title=_title(kept, labels, published),
        body="\n".join(_lines(kept, submission, labels)),
        received_at=reading.received_at,
        published=published,
        licence=reading.source.licence,
        locator=submission.place,
        level=reading.source.default_level,
        flags=_date_flags(submission.submitted, published),
        native=kept,
        rank=submission.rank,
        identity=apart,
        consent=agreed,
    )


def _taken_back(submission: Submission, reason: Words) -> BadRow:
    return replace(aside(submission, reason), takes_back=submission.root)


def aside(submission: Submission, reason: Words, *, by_rule: bool = True) -> BadRow:
    """A submission that is not read: its place and its identifier, and the names of its fields without their content."""
    told = say("%(place)s: %(reason)s", place=submission.place, reason=reason)
    fields = sorted({unnumbered(path) for path in submission.answers})
    content = {"instanceID": submission.root, "submitted": submission.submitted, "fields": fields}
    return BadRow(submission.place, told, canonical_json(content), by_rule=by_rule)


def once(found: Iterable[Record | BadRow]) -> Iterator[Record | BadRow]:
    """What was found, without what a server gives twice word for word: pages shift while reports come in."""
    seen: set[tuple[str, str]] = set()
    for one in found:
        if isinstance(one, Record):
            if (one.external_id, one.sha256) in seen:
                continue
            seen.add((one.external_id, one.sha256))
        yield one


def _lines(kept: Mapping[str, str], submission: Submission, definition: Definition) -> Iterator[str]:
    for path, text in kept.items():
        server = path in submission.own or last(path).casefold() in _ENVELOPE
        if text.strip() and not server and not _is_parted(path, text, kept):
            yield f"{_question(path, definition)}: {definition.answer(path, text.strip())}"
    if submission.files:
        yield f"Attachments: {', '.join(submission.files)}"


def _is_parted(path: str, text: str, kept: Mapping[str, str]) -> bool:
    """Exports give what was chosen of many a second time, as a column of noughts and ones for each choice."""
    return text.strip() in {"0", "1"} and path.rpartition("/")[0] in kept


def _question(path: str, definition: Definition) -> str:
    """What a question is called, with the number of the repeat that it stands in."""
    numbers = [part[part.index("[") + 1 : -1] for part in path.split("/") if part.endswith("]")]
    label = definition.label(path)
    return f"{label} ({'.'.join(numbers)})" if numbers else label


def _title(kept: Mapping[str, str], definition: Definition, published: Moment | None) -> str:
    named = {last(path): path for path in reversed(list(kept))}
    type_path = next((named[name] for name in ("event_type", "type", "incident_type") if name in named), "")
    parts = [
        definition.title or "Field report",
        definition.answer(type_path, kept[type_path]) if type_path else "",
        next((kept[named[name]] for name in ("admin2", "admin1") if name in named), ""),
        published.readings[0][:10] if published else "",
    ]
    return " · ".join(part for part in parts if part)[:300]


def _moment(text: str) -> Moment | None:
    """The moment a server stamped, in UTC: servers write it without saying so."""
    found = instant_of(text) if text else None
    return Moment(text, found, found, Precision.SECOND, (found.isoformat(),)) if found else None


def _date_flags(text: str, published: Moment | None) -> tuple[Flag, ...]:
    if published:
        return ()
    return (Flag(FlagCode.DATE_UNREADABLE, text[:60]),) if text else (Flag(FlagCode.NO_DATE),)


def ranked(*moments: str, edits: int = 0) -> str:
    """A rank of the latest of these moments and the number of edits: later sorts after earlier."""
    found = [moment for moment in map(instant_of, filter(None, moments)) if moment]
    return (
        f"{max(found).isoformat(timespec='milliseconds')} {edits:05}"
        if found
        else f"{edits:05}"
        if edits
        else ""
    )
