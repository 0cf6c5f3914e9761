"""What was done to protect a source, so that an older state put back does not tell who it is.

The ledger knows pseudonyms and labels, never a name. Where the vault's key ring is at hand, words are taken out again as
they were; where it is not, or the source was protected after the backup, the thing is kept to the source handlers of the
desk, and a person is asked to protect the source again.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import transaction

from forestall.access.session import Session, bound_to, system_reader
from forestall.base.errors import Refused
from forestall.base.words import say
from forestall.labels.label import join
from forestall.record import evidence, redaction, replaying, resting
from forestall.record.actions import note, write
from forestall.record.models import ELSEWHERE, Entry, Evidence, Recorded
from forestall.vault import checking, identities, keys, policies, queries
from forestall.vault.models import Original, Pseudonym
from forestall.vault.states import PseudonymState
from forestall.vault.verification import desk_of_move

REDACTED, SEALED = "redacted", "original sealed"
HIDDEN = (REDACTED, SEALED, "source protected", "name replaced")
ENDED = ("source erased", "source moved", "consent withdrawn")
VERBS = (*HIDDEN, *ENDED)
HERE = Pseudonym.kind()


def beside(act: dict[str, Any]) -> dict[str, Any]:
    """What the log leaves out of an act on a source: pseudonyms, the label of its desk, what it still agrees to, where to."""
    if act["verb"] not in VERBS:
        return {}
    with bound_to(system_reader("keeper", reason="the ledger")):
        if act["kind"] == HERE:
            return _of_pseudonym(UUID(act["id"]))
        found = queries.by_codes(_codes(act))
        label = {"label": replaying.spelled(join(queries.label_on(one.desk) for one in found))} if found else {}
        return {"codes": [one.code for one in found], "second": _second(act), **label}


def _of_pseudonym(entry: UUID) -> dict[str, Any]:
    one = queries.pseudonym(entry)
    return {"scopes": sorted(one.scopes), "desk": desk_of_move(one)} if one is not None else {}


def _codes(act: dict[str, Any]) -> set[str]:
    if act["verb"] == SEALED:
        entries = Original.objects.filter(pk=UUID(act["id"])).values_list("identity", flat=True)
        return {one.code for one in queries.by_entries(list(entries))}
    thing = replaying.thing(act["kind"], UUID(act["id"]))
    return checking.codes_in(thing) if thing is not None and not thing.expunged else set()


def _second(act: dict[str, Any]) -> str:
    agreed = Entry.objects.filter(object_id=UUID(act["id"]), verb="redaction agreed", seq__gt=act["seq"]).order_by("seq").first()
    return agreed.by if agreed is not None and act["verb"] == REDACTED else ""


@transaction.atomic
def _closed(thing: Recorded, act: dict[str, Any], *, by: Session) -> bool:
    if "label" not in act:
        return False
    label = replaying.unspelled(act["label"])
    held = join([thing.label, label]) == thing.label
    if not held:
        resting.raise_label(thing, label=label, by=by.person_id)
    return not held


def carry_out(act: dict[str, Any], *, by: Session) -> bool:
    """Protect again; False when there is nothing of it here, or it holds.

    Raises `Refused` when all that could be done was to keep the thing to the source handlers of the desk.
    """
    if act["kind"] == HERE:
        one = queries.pseudonym(UUID(act["id"]))
        return one is not None and act["verb"] in ENDED and _end(one, act, by=by)
    thing = replaying.thing(act["kind"], UUID(act["id"]))
    if thing is None or thing.expunged or not act.get("codes"):
        return False
    done = _seal(thing, act, by=by) if isinstance(thing, Evidence) and act["verb"] == SEALED else _take_out(thing, act)
    if done is None:
        _closed(thing, act, by=by)
        raise Refused(_what_to_do(act))
    return done


def _what_to_do(act: dict[str, Any]) -> Any:
    if len(queries.by_codes(act["codes"])) == len(act["codes"]) and keys.is_sealed():
        return say("Only source handlers of the desk see it now. Restore with --vault-key, and it is done as it was.")
    return say("Only source handlers of the desk see it now. Ask one of them to protect its source again.")


def _take_out(thing: Recorded, act: dict[str, Any]) -> bool | None:
    """Take the words out of every earlier state. None when the source was not protected yet, or its words are not at hand."""
    if not set(act["codes"]) <= checking.codes_in(thing):
        return None
    if act["verb"] != REDACTED:
        return False
    if keys.is_sealed():
        return None
    done = 0
    for one in queries.by_codes(act["codes"]):
        words = identities.read(one.id).telling
        done += redaction.redact(
            thing, rewrite=lambda text, code=one.code, words=words: policies.replaced(text, words=words, by=code),  # type: ignore[misc]
            by=act["by"], second=act["second"] or "system:keeper",
        )  # fmt: skip
    return done > 0


def _seal(kept: Evidence, act: dict[str, Any], *, by: Session) -> bool | None:
    """Move the bytes into the vault. None when the source they tell was not protected yet, or the key ring is not at hand."""
    if kept.address == ELSEWHERE:
        return False
    found = queries.by_codes(act["codes"])
    if len(found) != 1 or keys.is_sealed():
        return None
    identities.keep_original(evidence.content(kept), evidence=kept.id, entry=found[0].id)
    with transaction.atomic():
        evidence.move_out(kept, by=by.person_id)
    return True


def _end(one: Pseudonym, act: dict[str, Any], *, by: Session) -> bool:
    if act["verb"] == "consent withdrawn":
        return _withdraw(one, scopes=set(act.get("scopes", ())), by=by)
    to = PseudonymState.ERASED if act["verb"] == "source erased" else PseudonymState.MOVED
    if one.state in (to, PseudonymState.ERASED):
        return False
    if to is PseudonymState.MOVED and keys.is_sealed():
        raise Refused(say("Restore with --vault-key, and it is done as it was."))
    with transaction.atomic():
        one.scopes, one.state = [], to
        write(one, by=by.person_id, verb=act["verb"])
        if to is PseudonymState.ERASED:
            note(by="system:keeper", verb="erasure agreed", kind=one.kind(), object_id=one.id)
            for original in identities.originals(one.id):
                note(by=by.person_id, verb="original erased", kind=Evidence.kind(), object_id=original)
    if to is PseudonymState.MOVED:
        identities.move(one.id, desk=act["desk"])
    elif keys.is_sealed():
        identities.take_out(one.id)
    else:
        identities.erase(one.id)
    return True


def _withdraw(one: Pseudonym, *, scopes: set[str], by: Session) -> bool:
    left = sorted(scopes & set(one.scopes))
    if left == sorted(one.scopes):
        return False
    one.scopes = left
    with transaction.atomic():
        write(one, by=by.person_id, verb="consent withdrawn")
    return True
