"""What of the bytes goes out to a person: a working copy, or by a verb of its own the original."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from pathlib import PurePosixPath

from django.db import transaction

from forestall.access.session import Session
from forestall.base.errors import Malformed
from forestall.base.words import Words
from forestall.collecting.childprocess import Child, Reader
from forestall.collecting.dispatch import Task
from forestall.collecting.kinds import Kind
from forestall.collecting.names import ending
from forestall.collecting.received import Received
from forestall.collecting.terms import Extent, Use, check_leaves
from forestall.collecting.workingcopies import REMOVED
from forestall.record import evidence
from forestall.record.models import Evidence

from ..models import Item
from ..terms import terms_of_bytes, terms_of_item


@dataclass(frozen=True)
class TakenOut:
    """A file for a person. `name` tells nothing; `own_name` is what it was called and may tell who sent it."""

    content: bytes
    name: str
    own_name: str
    removed: Words | None = None
    warnings: tuple[Words, ...] = ()


def working_copy(item: Item, kept: Evidence, *, child: Reader | None = None) -> TakenOut:
    """The working copy of what `item` was read from, made in a limited process and kept nowhere.

    Whoever calls has found both through the bound session, so that it is seen under the stricter of both labels. Raises
    `Refused` when its source lets nothing leave, `Malformed` with a sentence when there can be none, `Unavailable` when the bytes are sealed and their keys not here.
    """
    terms = terms_of_item(item)
    check_leaves(terms)
    content = evidence.content(kept)
    task = Task(Received(kept.name, content, kept.received_at, locator=item.locator), (), copied=True)
    if child is None:
        with Child() as reader:
            found = reader.ask(task)
    else:
        found = child.ask(task)
    if found.copy is None:
        assert found.refusal is not None
        raise Malformed(found.refusal)
    made = found.copy
    inside = "" if terms.extent(use=Use.PASSING_ON) is Extent.WHOLE else "internal-"
    stem = PurePosixPath(made.name or kept.name).stem or "copy"
    return TakenOut(
        content=made.content,
        name=f"{inside}copy-{_mark(made.content)}.{made.ending}",
        own_name=f"{inside}{stem}.{made.ending}",
        removed=REMOVED.get(Kind(found.kind)),
        warnings=made.warnings,
    )


def _mark(content: bytes) -> str:
    """A few signs by which two copies are told apart."""
    return sha256(content).hexdigest()[:8]


@transaction.atomic
def take_copy(item: Item, kept: Evidence, *, by: Session, child: Reader | None = None) -> TakenOut:
    """The working copy for a person to keep; custody notes that it was taken."""
    made = working_copy(item, kept, child=child)
    evidence.working_copy_taken(kept.id, by=by.person_id)
    return made


@transaction.atomic
def take_original(kept: Evidence, *, by: Session) -> TakenOut:
    """The bytes as they were received, for a person to keep; custody notes the export.

    Raises `Refused` when the source of anything in them lets nothing leave, `Malformed` when they are gone. What is in
    quarantine a reviewer may take, to find out what is wrong with it: nothing has been read from it yet.
    """
    by.check_may("item.review" if kept.quarantined else "evidence.take")
    terms = terms_of_bytes(kept)
    for one in terms:
        check_leaves(one)
    content = evidence.content(kept)
    evidence.exported(kept.id, by=by.person_id)
    suffix = ending(kept.name)
    inside = "internal-" if any(one.extent(use=Use.PASSING_ON) is not Extent.WHOLE for one in terms) else ""
    return TakenOut(content, f"{inside}original-{kept.id.hex[:8]}{'.' + suffix if suffix else ''}", f"{inside}{kept.name}")
