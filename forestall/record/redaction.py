"""Taking words out of every state a thing ever had, by decision of two, and saying so: the log still verifies.

What else was recorded stays. The state that held the words is replaced by the same state without them; a redaction
beside it carries a commitment of its own, bound to an entry of the log like the revision itself.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable
from typing import Any

from django.db import transaction

from forestall.base.canonical import canonical_json, sha256
from forestall.base.clock import now
from forestall.base.errors import Refused
from forestall.base.words import say
from forestall.labels.models import everything

from .actions import note
from .announcement import removed
from .log import Said, append, take_head
from .models import Payload, Recorded, Redaction, Revision

CONTENT = frozenset({"personal", "protected-source", "as recorded"})
"""Privacy classes of the fields that hold words somebody wrote; only these are redacted."""
Rewrite = Callable[[str], str]


def rewritten(value: Any, *, by: Rewrite) -> Any:
    """A value of a JSON column with every text in it rewritten, names of fields included."""
    if isinstance(value, str):
        return by(value)
    if isinstance(value, dict):
        return {by(str(key)): rewritten(one, by=by) for key, one in value.items()}
    if isinstance(value, list):
        return [rewritten(one, by=by) for one in value]
    return value


def content_fields(kind: type[Recorded]) -> list[str]:
    """The fields of a kind that hold words, as they are called in its payload."""
    declared: dict[str, str] = getattr(kind, "privacy", {})
    return [
        field.attname
        for field in kind._meta.concrete_fields
        if declared.get(field.name) in CONTENT and not field.is_relation
    ]


def rewrite_now(thing: Recorded, *, by: Rewrite) -> bool:
    """Rewrite the words of a thing as it stands (not saved). Whether anything changed."""
    before = thing.payload()
    for name in content_fields(type(thing)):
        setattr(thing, name, rewritten(getattr(thing, name), by=by))
    return thing.payload() != before


@transaction.atomic
def redact(thing: Recorded, *, rewrite: Rewrite, by: str, second: str) -> int:
    """Rewrite the words of every recorded state of `thing`. Returns how many states held them.

    The caller has shown that two people decided, `by` and `second`, and that the thing stands without the words now.
    Raises `Refused` when the two are one.
    """
    if by == second:
        raise Refused(say("This needs two people. Ask another one to agree."))
    names = content_fields(type(thing))
    revisions = everything(Revision).filter(object_id=thing.id).order_by("number")
    bodies = dict(everything(Payload).filter(object_id=thing.id).values_list("revision_id", "body"))
    count = 0
    for revision in revisions:
        before = json.loads(bodies.get(revision.id, "null"))
        if before is None:
            continue
        after = {key: rewritten(value, by=rewrite) if key in names else value for key, value in before.items()}
        if after != before:
            _replace(revision, canonical_json(after), by=by)
            count += 1
    if count:
        note(by=second, verb="redaction agreed", kind=thing.kind(), object_id=thing.id)
        removed.send(type(thing), thing=thing)
    return count


def _replace(revision: Revision, body: str, *, by: str) -> None:
    head, salt = take_head(), secrets.token_hex(16)
    made = Redaction(
        revision_id=revision.id, object_id=revision.object_id, entry_seq=head.size, salt=salt,
        commitment=sha256(salt + body), at=now(),
    )  # fmt: skip
    everything(Redaction).bulk_create([made])
    append(head, [Said("redacted", revision.kind, revision.object_id, sha256(made.binding()))], by=by)
    everything(Payload).filter(revision_id=revision.id).delete()
    everything(Payload).bulk_create([Payload(revision_id=revision.id, object_id=revision.object_id, body=body)])
