"""Whatever is changed by hand in the history is found."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import DatabaseError, connection, transaction

from forestall.base.errors import Refused
from forestall.institutions.models import Counterpart
from forestall.labels.label import Label, Level
from forestall.record import actions, evidence
from forestall.record.models import Entry, Payload, Revision, Tombstone
from forestall.record.seals import checkpoint, seal
from forestall.record.verification import verify
from forestall.record.witnesses import tell_all

pytestmark = pytest.mark.usefixtures("by_the_owner", "db")  # only the owner can take away what guards the tables


def made(name: str) -> Counterpart:
    thing = Counterpart(kind_of_body="ministry", name=name, channel="letter").labelled(Label(Level.INTERNAL))
    return actions.write(thing, by="system:keeper", verb="added")


@pytest.fixture
def history(keeper: Any) -> Iterator[list[Counterpart]]:
    things = [made(f"Ministry {number}") for number in range(5)]
    things[0].name = "Ministry of Rivers"
    actions.write(things[0], by="system:keeper", verb="renamed")
    yield things


@contextmanager
def by_hand() -> Iterator[Callable[..., None]]:
    """The database's own triggers taken away, as somebody with the file could."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name LIKE 'record_%'")
            for (name,) in cursor.fetchall():
                cursor.execute(f"DROP TRIGGER {name}")
        else:
            for table in ("record_entry", "record_revision", "record_payload", "record_checkpoint", "record_seal", "record_signingkey"):
                cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        yield cursor.execute


def test_an_untouched_history_holds(history: list[Counterpart]) -> None:
    found = verify()

    assert found.holds, [str(fault) for fault in found.faults]
    assert found.entries == 6


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE record_entry SET verb = 'praised' WHERE seq = 2",
        "UPDATE record_entry SET by = 'system:worker' WHERE seq = 0",
        "UPDATE record_entry SET root = '00' WHERE seq = 5",
        "UPDATE record_entry SET commitment = '' WHERE seq = 5",
        "UPDATE record_entry SET at = '2020-01-01 00:00:00+00:00' WHERE seq = 3",
        "DELETE FROM record_entry WHERE seq = 3",
        "DELETE FROM record_entry WHERE seq = 5",
        "UPDATE record_entry SET seq = 99 WHERE seq = 5",
        "UPDATE record_revision SET level = 0 WHERE entry_seq = 1",
        "UPDATE record_revision SET recorded_at = '2020-01-01 00:00:00+00:00' WHERE entry_seq = 1",
        "UPDATE record_revision SET salt = 'x' WHERE entry_seq = 1",
        "UPDATE record_revision SET number = 7 WHERE entry_seq = 1",
        "DELETE FROM record_revision WHERE entry_seq = 1",
        "UPDATE record_payload SET body = replace(body, 'Ministry 1', 'Ministry 9')",
        "DELETE FROM record_payload WHERE body LIKE '%Ministry 1%'",
        "UPDATE record_head SET size = 5",
        "UPDATE record_head SET frontier = ''",
        "DELETE FROM record_head",
        "UPDATE institutions_counterpart SET name = 'Ministry of Lies' WHERE name = 'Ministry 3'",
        "UPDATE institutions_counterpart SET level = 0 WHERE name = 'Ministry 3'",
        "DELETE FROM institutions_counterpart WHERE name = 'Ministry 3'",
    ],
)
def test_L01_to_L07_a_change_by_hand_is_found(history: list[Counterpart], statement: str) -> None:
    with by_hand() as execute:
        execute(statement)

    assert not verify().holds


def test_L04_two_entries_that_change_places_are_found(history: list[Counterpart]) -> None:
    with by_hand() as execute:
        execute("UPDATE record_entry SET seq = -1 WHERE seq = 1")
        execute("UPDATE record_entry SET seq = 1 WHERE seq = 2")
        execute("UPDATE record_entry SET seq = 2 WHERE seq = -1")

    assert not verify().holds


def test_L07_a_thing_that_the_record_never_saw_is_found(history: list[Counterpart]) -> None:
    Counterpart(kind_of_body="ministry", name="Smuggled", channel="letter").save()

    assert [str(fault) for fault in verify().faults if "never" in str(fault) or "not as it was" in str(fault)]


def test_L06_a_log_cut_short_disagrees_with_its_witness(history: list[Counterpart]) -> None:
    seal()
    tell_all()
    with by_hand() as execute:
        execute("DELETE FROM record_seal")
        _rewrite_without_last(execute)

    assert any("does not have" in str(fault) for fault in verify().faults)


def _rewrite_without_last(execute: Callable[..., None]) -> None:
    """Everything about the last entry removed, and the head put back, as a careful forger would."""
    from forestall.record import merkle

    execute("DELETE FROM record_payload WHERE revision_id IN (SELECT id FROM record_revision WHERE entry_seq = 5)")
    execute("DELETE FROM record_revision WHERE entry_seq = 5")
    execute("DELETE FROM record_entry WHERE seq = 5")
    execute("UPDATE institutions_counterpart SET name = 'Ministry 0' WHERE name = 'Ministry of Rivers'")
    frontier: list[bytes] = []
    for place, entry in enumerate(Entry.objects.order_by("seq")):
        frontier = merkle.append(frontier, size=place, leaf=merkle.leaf_hash(entry.leaf()))
    joined = "".join(node.hex() for node in frontier)
    execute(f"UPDATE record_head SET size = 5, frontier = '{joined}'")


def test_L06_without_a_witness_the_same_forgery_would_pass(history: list[Counterpart]) -> None:
    with by_hand() as execute:
        _rewrite_without_last(execute)

    assert verify().holds


def test_L13_a_checkpoint_signed_by_another_key_is_found(history: list[Counterpart]) -> None:
    checkpoint()
    with by_hand() as execute:
        execute("UPDATE record_checkpoint SET signature = replace(signature, substr(signature, 1, 4), '0000')")

    assert not verify().holds


def test_L08_the_database_itself_refuses_to_unwrite_history(history: list[Counterpart]) -> None:
    for statement in (
        "UPDATE record_entry SET verb = 'x'",
        "DELETE FROM record_entry",
        "UPDATE record_revision SET level = 0",
        "DELETE FROM record_revision",
        "UPDATE record_payload SET body = ''",
        "DELETE FROM record_payload",
    ):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


@pytest.mark.parametrize("level", [Level.INTERNAL, Level.CONFIDENTIAL])
def test_L14_bytes_of_evidence_changed_in_the_store_are_found(history: list[Counterpart], level: Level) -> None:
    kept = evidence.keep(b"as received", name="a.txt", media_type="text", label=Label(level), by="system:collector")
    path = Path(settings.HOME.files) / kept.address
    before = path.read_bytes()
    path.write_bytes(before[:-2] + b"as retouched")

    assert any("Evidence" in str(fault) for fault in verify().faults)
    path.write_bytes(before)
    assert verify().holds


def test_L16_expunged_content_is_gone_and_the_log_still_verifies(history: list[Counterpart]) -> None:
    thing = history[0]
    actions.expunge(thing, by="rita", second="rolf", reason="the person asked")

    assert not Payload.objects.filter(body__contains="Rivers").exists()
    assert not Payload.objects.filter(body__contains="Ministry 0").exists()
    assert not Counterpart.objects.filter(pk=thing.pk).exists()
    assert Tombstone.objects.get(object_id=thing.pk).reason == "the person asked"
    assert verify().holds


@pytest.mark.parametrize(
    ("second", "reason", "hold"), [("rita", "asked", False), ("rolf", " ", False), ("rolf", "asked", True)]
)
def test_expunging_needs_two_people_a_reason_and_no_hold(
    history: list[Counterpart], second: str, reason: str, hold: bool
) -> None:
    thing = history[1]
    thing.hold = hold
    with pytest.raises(Refused):
        actions.expunge(thing, by="rita", second=second, reason=reason)

    assert Revision.objects.filter(object_id=thing.id).count() == Payload.objects.filter(object_id=thing.id).count()


def test_a_write_that_fails_leaves_neither_row_nor_entry(history: list[Counterpart]) -> None:
    before = Entry.objects.count()
    with pytest.raises(DatabaseError), transaction.atomic():
        actions.write(
            Counterpart(kind_of_body="ministry", name="x", channel="letter", level=9), by="system:keeper", verb="added"
        )

    assert Entry.objects.count() == before
    assert not Counterpart.objects.filter(name="x").exists()
    assert verify().holds


def test_U15_the_same_bytes_under_two_labels_are_two_objects(keeper: Any) -> None:
    labels = [Label(Level(level), desks) for level in Level for desks in (frozenset[str](), frozenset({"SRC"}))]
    kept = [evidence.keep(b"photo", name="a", media_type="picture", label=label, by="system:collector") for label in labels]
    closed = [one for one in kept if one.level >= Level.CONFIDENTIAL]

    assert len({one.address for one in closed}) == len(closed) == 4
    stored = {(Path(settings.HOME.files) / one.address).read_bytes() for one in closed}
    assert len(stored) == 4 and not any(b"photo" in one for one in stored)
    assert not {one.address for one in closed} & {one.address for one in kept if one not in closed}


@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="SQLite alone keeps what no column could hold")
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE record_entry SET object_id = 'not an id' WHERE seq = 2",
        "UPDATE record_entry SET at = 'yesterday' WHERE seq = 2",
        "UPDATE record_revision SET recorded_at = 'yesterday' WHERE entry_seq = 2",
        "UPDATE record_head SET frontier = 'zz'",
    ],
)
def test_L01_what_cannot_even_be_read_is_a_fault_and_no_crash(history: list[Counterpart], statement: str) -> None:
    with by_hand() as execute:
        execute(statement)

    assert not verify().holds
