"""`forestall record verify` and the outsider's file come to one verdict, and name the same first entry."""

from __future__ import annotations

import importlib.util
import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction

from forestall.base import clock
from forestall.record.verification import verify

_spec = importlib.util.spec_from_file_location("office_log", Path(__file__).with_name("office_log.py"))
assert _spec is not None and _spec.loader is not None
office = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(office)
SIZE = office.SIZE
SAMPLE = (0, 31, 80, 129)

pytestmark = pytest.mark.usefixtures("by_the_owner", "db")  # only the owner can take away what guards the tables


@pytest.fixture
def log(keeper: Any) -> Iterator[None]:
    office.write_log()
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name LIKE 'record_%'")
            for (name,) in cursor.fetchall():
                cursor.execute(f"DROP TRIGGER {name}")
        else:
            for table in ("entry", "revision", "payload", "checkpoint", "seal", "signingkey"):
                cursor.execute(f"ALTER TABLE record_{table} DISABLE TRIGGER USER")
    with clock.fixed(office.BEGAN + timedelta(minutes=SIZE + 61)):
        yield


def both(*statements: str) -> tuple[Any, Any]:
    """What each says after these statements; the statements are undone."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)
        inside, outside = verify(), office.read(office.the_lines())
        transaction.set_rollback(True)
    return inside, outside


def first_named(found: Any) -> int:
    """The lowest number in the first fault: `Entry 12 stands where entry 11 should be` names 11."""
    return min(int(number) for number in re.findall(r"entry (\d+)", str(found.faults[0]), re.IGNORECASE))


TEXTS = ("by", "on_behalf_of", "verb", "kind", "commitment", "root")
MUTATIONS: dict[str, Callable[[int], tuple[str, ...]]] = {
    **{
        f"L01-{column}": lambda seq, column=column: (  # type: ignore[misc]
            f"UPDATE record_entry SET \"{column}\" = 'x' || substr(\"{column}\", 2) WHERE seq = {seq}",
        )
        for column in TEXTS
    },
    "L01-object_id": lambda seq: (
        f"UPDATE record_entry SET object_id = '{'0' * 32 if connection.vendor == 'sqlite' else '00000000-0000-0000-0000-000000000000'}' WHERE seq = {seq}",
    ),
    "L01-seq": lambda seq: (f"UPDATE record_entry SET seq = {SIZE + 7} WHERE seq = {seq}",),
    "L02-delete": lambda seq: (f"DELETE FROM record_entry WHERE seq = {seq}",),
    "L04-swap": lambda seq: (
        f"UPDATE record_entry SET seq = -1 WHERE seq = {seq}",
        f"UPDATE record_entry SET seq = {seq} WHERE seq = {(seq + 9) % SIZE}",
        f"UPDATE record_entry SET seq = {(seq + 9) % SIZE} WHERE seq = -1",
    ),
    "L15-back": lambda seq: (f"UPDATE record_entry SET at = '2020-01-01 00:00:00+00:00' WHERE seq = {seq}",),
    "L15-ahead": lambda seq: (f"UPDATE record_entry SET at = '2031-01-01 00:00:00+00:00' WHERE seq = {seq}",),
    "L06-truncate": lambda seq: (f"DELETE FROM record_entry WHERE seq >= {seq}",),
}


def _compare(name: str, seq: int) -> None:
    inside, outside = both(*MUTATIONS[name](seq))
    assert inside.faults and outside.faults, (name, seq)
    expected = min(seq, (seq + 9) % SIZE) if name == "L04-swap" else seq
    assert outside.first_bad == expected, (name, seq, outside.faults)
    if name != "L06-truncate":
        cut = seq == SIZE - 1 and name in ("L02-delete",)
        assert cut or first_named(inside) == expected, (name, seq, [str(fault) for fault in inside.faults])


def test_an_untouched_log_holds_for_both(log: None) -> None:
    inside, outside = both()
    assert inside.holds and not outside.faults, ([str(fault) for fault in inside.faults], outside.faults)


def test_L01_to_L15_a_sample_of_entries_is_named_by_both(log: None) -> None:
    for name in MUTATIONS:
        for seq in SAMPLE:
            _compare(name, seq)


@pytest.mark.full
@pytest.mark.parametrize("name", MUTATIONS)
def test_L01_to_L15_every_entry_is_named_by_both(log: None, name: str) -> None:
    for seq in range(SIZE):
        _compare(name, seq)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE record_revision SET level = 0 WHERE entry_seq = 12",
        "UPDATE record_revision SET salt = 'x' WHERE entry_seq = 12",
        "DELETE FROM record_revision WHERE entry_seq = 12",
        "UPDATE record_payload SET body = replace(body, 'Ministry 12', 'Ministry 13')",
        "DELETE FROM record_payload WHERE body LIKE '%Ministry 12%'",
        "UPDATE record_seal SET size = size + 1 WHERE size = 64",
        "UPDATE record_seal SET root = (CASE substr(root, 1, 1) WHEN '0' THEN '1' ELSE '0' END) || substr(root, 2)",
        "UPDATE record_seal SET signature = (CASE substr(signature, 1, 1) WHEN '0' THEN '1' ELSE '0' END) || substr(signature, 2)",
        "UPDATE record_seal SET made_at = '2026-03-01 09:05:30+00:00' WHERE size = 64",
        "DELETE FROM record_seal WHERE size = 64",
        "DELETE FROM record_seal WHERE size > 100",
        "DELETE FROM record_seal",
        "UPDATE record_checkpoint SET root = (CASE substr(root, 1, 1) WHEN '0' THEN '1' ELSE '0' END) || substr(root, 2)",
        "UPDATE record_signingkey SET \"by\" = 'ada' WHERE number = 1",
        "UPDATE record_signingkey SET since = '2026-03-01 08:05:30+00:00' WHERE number = 1",
        "UPDATE record_signingkey SET handed_over = '' WHERE number = 1",
        "UPDATE record_signingkey SET why = 'lost', second = 'x', reason = 'y' WHERE number = 1",
        "DELETE FROM record_signingkey WHERE number = 1",
        "DELETE FROM record_signingkey",
    ],
)
def test_L13_L14_states_contents_seals_and_keys_get_one_verdict(log: None, statement: str) -> None:
    inside, outside = both(statement)

    assert not inside.holds and outside.faults, ([str(fault) for fault in inside.faults], outside.faults)


def test_a_seal_taken_away_is_missed_by_both_even_where_no_witness_is(log: None, settings: Any) -> None:
    settings.WITNESSES = []
    inside, outside = both("DELETE FROM record_seal WHERE size = 64")

    assert any("A seal before that of" in str(fault) for fault in inside.faults)
    assert any("A seal before that of" in says for _, _, says in outside.faults)
