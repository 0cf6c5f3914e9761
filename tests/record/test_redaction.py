"""Words taken out of the past by two: the record verifies inside and outside, and anything else done to it is named."""

from __future__ import annotations

import importlib.util
import json
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction

from forestall.base import clock
from forestall.base.canonical import canonical_json, sha256
from forestall.base.errors import Refused
from forestall.institutions.models import OfficeHolder
from forestall.labels.models import everything
from forestall.record import actions, bundle, keys, redaction
from forestall.record.models import Payload, Redaction
from forestall.record.statement import state
from forestall.record.verification import verify

_spec = importlib.util.spec_from_file_location("office_log", Path(__file__).with_name("office_log.py"))
assert _spec is not None and _spec.loader is not None
office = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(office)
NAME = "Varnholm"

pytestmark = pytest.mark.usefixtures("by_the_owner", "db")  # only the owner can take away what guards the tables


def without(text: str) -> str:
    return text.replace(NAME, "K-47R")


@pytest.fixture
def told(keeper: Any, witness: Path) -> Any:
    """A minister whose name stands in two of three states; Rita takes it out, Rolf agrees."""
    with clock.fixed(office.BEGAN):
        body = office.made("Ministry")
        thing = OfficeHolder(counterpart=body, title="Minister", name=f"Friends of {NAME}", since=date(2020, 1, 1))
        actions.write(thing.labelled(body.label), by="system:keeper", verb="added")
        thing.name = f"{NAME}'s friends"
        actions.write(thing, by="alice", verb="renamed")
        thing.name = without(thing.name)
        actions.write(thing, by="alice", verb="renamed")
    return thing


@pytest.fixture
def taken_out(told: Any) -> Any:
    with clock.fixed(office.BEGAN + timedelta(minutes=5)):
        assert redaction.redact(told, rewrite=without, by="rita", second="rolf") == 2
    return told


@pytest.fixture(autouse=True)
def later() -> Any:
    with clock.fixed(office.BEGAN + timedelta(hours=2)):
        yield


def unguarded() -> None:
    """Somebody with the owner's rights takes the triggers away first."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name LIKE 'record_%'")
            for (name,) in cursor.fetchall():
                cursor.execute(f"DROP TRIGGER {name}")
        else:
            for table in ("entry", "revision", "payload", "redaction"):
                cursor.execute(f"ALTER TABLE record_{table} DISABLE TRIGGER USER")


def both() -> tuple[list[str], list[str]]:
    """What is wrong by `record verify`, and by the file for outsiders over everything there is."""
    inside = [fault for fault in map(str, verify().faults) if "append-only" not in fault and "trigger" not in fault]
    return inside, [says for _, _, says in office.read(office.the_lines(bundle.CONTENT)).faults]


def test_L16_words_taken_out_by_two_are_gone_and_the_record_holds_inside_and_outside(taken_out: Any) -> None:
    assert verify().faults == []
    for holds in bundle.HELD:
        lines = office.the_lines(holds)
        assert office.read(lines).faults == []
        assert not [line for line in lines if NAME.encode() in line]
    assert len([line for line in office.the_lines(bundle.CONTENT) if b"K-47R" in line]) == 3
    assert NAME not in "".join(everything(Payload).values_list("body", flat=True))


def test_L16_one_person_takes_nothing_out(told: Any) -> None:
    with pytest.raises(Refused, match="two people"):
        redaction.redact(told, rewrite=without, by="rita", second="rita")
    assert not everything(Redaction).exists()


def test_L16_taken_out_twice_and_then_removed_it_still_holds(taken_out: Any) -> None:
    assert redaction.redact(taken_out, rewrite=lambda text: text.replace("Friends", "People"), by="rolf", second="rita") == 1
    assert both() == ([], [])
    actions.expunge(taken_out, by="rita", second="rolf", reason="asked")
    assert both() == ([], [])


PAYLOAD = "UPDATE record_payload SET body = replace(body, 'K-47R', '{0}')"
TAMPERED: dict[str, str] = {
    "L14 a content changed after": PAYLOAD.format("Bob"),
    "L14 the name put back": PAYLOAD.format(NAME),
    "L14 the redaction's salt": "UPDATE record_redaction SET salt = 'x'",
    "L14 the redaction's commitment": "UPDATE record_redaction SET commitment = 'x'",
    "L14 the redaction gone": "DELETE FROM record_redaction",
    "L14 the last redaction gone": "DELETE FROM record_redaction WHERE entry_seq = (SELECT max(entry_seq) FROM record_redaction)",
    "L14 the content gone": "DELETE FROM record_payload WHERE body LIKE '%K-47R%friends%'",
    "L14 of another thing": "UPDATE record_redaction SET object_id = (SELECT object_id FROM record_entry WHERE seq = 0)",
    "L16 by one alone": "UPDATE record_entry SET \"by\" = 'rita' WHERE verb = 'redaction agreed'",
    "L16 nobody agreed": "UPDATE record_entry SET verb = 'viewed' WHERE verb = 'redaction agreed'",
}


@pytest.mark.parametrize("statement", TAMPERED.values(), ids=TAMPERED)
def test_what_is_done_to_it_otherwise_is_named_by_both(taken_out: Any, statement: str) -> None:
    unguarded()
    assert both() == ([], []), "without its triggers it holds as well"
    with connection.cursor() as cursor, elevated_whole():
        cursor.execute(statement)
    inside, outside = both()
    assert inside and outside, (inside, outside)


def test_L14_a_payload_changed_without_a_redaction_is_named_by_both(told: Any) -> None:
    unguarded()
    with connection.cursor() as cursor, elevated_whole():
        cursor.execute(f"UPDATE record_payload SET body = replace(body, '{NAME}', 'K-47R')")
    inside, outside = both()
    assert inside and outside
    assert "The content written with entry 1 was changed." in outside


def elevated_whole() -> Any:
    from forestall.labels.telling import Elevation, elevated

    return elevated(Elevation.WHOLE)


def forged(taken_out: Any, *, second: str) -> None:
    """Two acts appended as the record appends them, with everything bound; only that one person did both."""
    from forestall.record.log import Said, append, take_head
    from forestall.record.models import Revision

    revision = everything(Revision).filter(object_id=taken_out.id).order_by("number")[0]
    with transaction.atomic():
        head, body = take_head(), canonical_json({"name": "Nobody"})
        made = Redaction(revision_id=revision.id, object_id=taken_out.id, entry_seq=head.size, salt="s",
                         commitment=sha256("s" + body), at=clock.now())  # fmt: skip
        everything(Redaction).bulk_create([made])
        append(head, [Said("redacted", taken_out.kind(), taken_out.id, sha256(made.binding()))], by="rita")
        everything(Payload).filter(revision_id=revision.id).delete()
        everything(Payload).bulk_create([Payload(revision_id=revision.id, object_id=taken_out.id, body=body)])
        if second:
            actions.note(by=second, verb="redaction agreed", kind=taken_out.kind(), object_id=taken_out.id)


@pytest.mark.parametrize("second", ["", "rita"], ids=["alone", "agreed-by-the-same"])
def test_L16_a_redaction_that_one_person_made_is_named_by_both(taken_out: Any, second: str) -> None:
    forged(taken_out, second=second)
    inside, outside = both()
    for found in (inside, outside):
        assert [fault for fault in found if "nobody else agreed" in fault], found


def test_L16_the_same_by_two_holds(taken_out: Any) -> None:
    forged(taken_out, second="rolf")
    assert [fault for fault in both()[0] if "nobody else" in fault] == []
    assert both()[1] == []


def test_a_bundle_that_shows_what_was_taken_out_is_named(told: Any) -> None:
    """Whoever hands over the old content beside the redaction of it is found out."""
    before = {json.loads(line[2:])["revision_id"]: line for line in office.the_lines() if line.startswith(b"P ")}
    redaction.redact(told, rewrite=without, by="rita", second="rolf")
    lines, shown = [], 0
    for line in office.the_lines():
        if line.startswith(b"P ") and b"K-47R" in line and lines[-1].startswith(b"D "):
            shown += 1
            continue
        lines.append(line)
        if line.startswith(b"R ") and NAME.encode() in before.get(json.loads(line[2:])["id"], b""):
            lines.append(before[json.loads(line[2:])["id"]])
    assert shown == 2
    assert [kind for kind, _, _ in office.read(lines).faults] == ["content", "content"]


def stated(thing: Any, tmp_path: Path) -> Any:
    (tmp_path / "told").write_bytes(state(thing, on=office.BEGAN.date(), by="rita", content=True))
    return office.verifier.examine(str(tmp_path / "told"))


def test_L18_a_statement_on_it_holds_outside_with_what_is_left(taken_out: Any, tmp_path: Path) -> None:
    office.seal()
    found = stated(taken_out, tmp_path)
    assert found.faults == []
    assert [json.loads(act["content"])["name"] for act in found.told["acts"]] == ["Friends of K-47R", *["K-47R's friends"] * 2]


def test_L18_until_it_is_sealed_a_statement_holds_no_content_of_it(told: Any, tmp_path: Path) -> None:
    office.seal()
    redaction.redact(told, rewrite=without, by="rita", second="rolf")
    found = stated(told, tmp_path)
    assert found.faults == []
    assert [act["content"] is None for act in found.told["acts"]] == [True, True, False]


@pytest.mark.parametrize(("second", "holds"), [("rita", False), ("rolf", True)], ids=["by-one", "by-two"])
def test_L18_a_statement_names_what_one_person_took_out(taken_out: Any, tmp_path: Path, second: str, holds: bool) -> None:
    forged(taken_out, second=second)
    office.seal()
    assert bool(stated(taken_out, tmp_path).faults) is not holds


CHANGED: dict[str, Callable[[dict[str, Any]], Any]] = {
    "content": lambda act: act.update(content=act["content"].replace("K-47R", "Bob")),
    "no redaction": lambda act: act.pop("redaction"),
    "binding": lambda act: act["redaction"].update(state=act["redaction"]["state"].replace('"salt":"', '"salt":"0')),
    "agreed by the same": lambda act: act["redaction"].update(agreed={one: act["redaction"][one] for one in ("leaf", "seal", "proof")}),
    "not in the log": lambda act: act["redaction"].update(proof=["00" * 32]),
}


@pytest.mark.parametrize("name", CHANGED)
def test_L18_a_statement_changed_and_signed_again_holds_nowhere(taken_out: Any, tmp_path: Path, name: str) -> None:
    office.seal()
    first, _ = state(taken_out, on=office.BEGAN.date(), by="rita", content=True).decode().splitlines()
    told = json.loads(first.split(" ", 1)[1])
    CHANGED[name](told["acts"][0])
    line = f"forestall-statement-1 {canonical_json(told)}"
    (tmp_path / "told").write_text(f"{line}\n{keys.signing_key().sign(line.encode()).hex()}\n")
    assert office.verifier.examine(str(tmp_path / "told")).faults
