"""Acts that were interrupted leave nothing half done, and a disk that failed is not asked again."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection, transaction

from forestall.base.errors import Unavailable
from forestall.labels.label import Label, Level
from forestall.record import actions, evidence, keys, leftover, seals, suspicion, witnesses
from forestall.record.models import Evidence, Telling
from forestall.record.verification import verify

OPEN = Label(Level.INTERNAL)


@pytest.fixture
def store(tmp_path: Path, settings: Any) -> Path:
    from dataclasses import replace

    settings.HOME = replace(settings.HOME, path=tmp_path / "home")
    settings.HOME.files.mkdir(parents=True)
    settings.HOME.keys.mkdir()
    return Path(settings.HOME.files)


@pytest.fixture
def told_to_end(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[int]]:
    signals: list[int] = []
    monkeypatch.setattr(os, "kill", lambda process, number: signals.append(number))
    yield signals
    suspicion._suspected = False


def kept(text: str, *, label: Label = OPEN) -> Evidence:
    return evidence.keep(text.encode(), name="a.txt", media_type="text", label=label, by="system:collector")


def test_bytes_whose_act_was_undone_are_swept_and_kept_ones_stay(keeper: Any, store: Path) -> None:
    whole = kept("kept")
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        kept("undone")
        raise ZeroDivisionError
    (store / "1" / "half.1.partial").write_bytes(b"ha")

    assert leftover.sweep() == 0, "what is young may still be written"
    assert leftover.sweep(at_once=True) == 2
    assert evidence.content(whole) == b"kept"
    assert verify().holds


def test_a_removal_interrupted_before_its_bytes_went_is_finished(keeper: Any, store: Path) -> None:
    gone = kept("to be removed")
    place = store / gone.address
    actions.expunge(gone, by="rita", second="rolf", reason="asked")  # the test's transaction never commits

    assert place.exists()
    assert leftover.sweep(at_once=True) == 1
    assert not place.exists()


def test_removing_one_evidence_leaves_the_same_bytes_kept_as_another(
    keeper: Any, store: Path, django_capture_on_commit_callbacks: Any
) -> None:
    one, other = kept("the same"), kept("the same")
    with django_capture_on_commit_callbacks(execute=True):
        actions.expunge(one, by="rita", second="rolf", reason="asked")

    assert evidence.content(other) == b"the same"
    with django_capture_on_commit_callbacks(execute=True):
        actions.expunge(other, by="rita", second="rolf", reason="asked")
    assert leftover.sweep(at_once=True) == 0
    assert not [path for path in store.rglob("*") if path.is_file()]


def test_R03_after_a_failed_flush_the_process_writes_no_more_and_ends(
    keeper: Any, store: Path, told_to_end: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    kept("before")
    flush = os.fsync

    def failing(handle: int) -> None:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(os, "fsync", failing)
    with pytest.raises(Unavailable, match="did not keep"), transaction.atomic():
        kept("fails")
    monkeypatch.setattr(os, "fsync", flush)
    with pytest.raises(Unavailable), transaction.atomic():
        kept("after")

    assert told_to_end == [signal.SIGTERM]
    assert verify().holds


@pytest.mark.skipif(connection.vendor != "sqlite", reason="SQLite alone flushes in this process")
def test_R03_a_commit_that_the_disk_refused_is_the_last(db: None, told_to_end: list[int], tmp_path: Path) -> None:
    import sqlite3

    from django.db import OperationalError

    from forestall.record.sqlite.base import DatabaseWrapper

    database = DatabaseWrapper({**connection.settings_dict, "NAME": tmp_path / "one.sqlite3", "OPTIONS": {}}, "one")
    try:
        database.ensure_connection()

        class Refusing:
            def commit(self) -> None:
                error = sqlite3.OperationalError("disk I/O error")
                error.sqlite_errorcode = sqlite3.SQLITE_IOERR_FSYNC
                raise error

        whole, database.connection = database.connection, Refusing()
        with pytest.raises(Unavailable) as refused:
            database._commit()
        database.connection = whole
        assert isinstance(refused.value.__cause__, OperationalError)
        with pytest.raises(Unavailable):
            database._start_transaction_under_autocommit()
    finally:
        database.close()
    assert told_to_end == [signal.SIGTERM]


def test_the_signing_key_is_whole_or_not_there(
    db: None, store: Path, monkeypatch: pytest.MonkeyPatch, told_to_end: list[int]
) -> None:
    def failing(handle: int) -> None:
        raise OSError(5, "Input/output error")

    flush = os.fsync
    monkeypatch.setattr(os, "fsync", failing)
    with pytest.raises(Unavailable, match="did not keep"):
        keys.signing_key()
    monkeypatch.setattr(os, "fsync", flush)
    assert not (settings.HOME.keys / "log.key").exists()
    suspicion._suspected = False  # as in the process that is started next

    key = keys.signing_key().private_bytes_raw()
    assert keys.signing_key().private_bytes_raw() == key
    assert [path.name for path in settings.HOME.keys.iterdir() if path.name == "log.key"]


def test_a_seal_interrupted_before_the_witness_knew_is_told_once(keeper: Any, store: Path, witness: Path) -> None:
    kept("something")
    seals.seal()
    witnesses.tell_all()
    whole = (witness / "seals.txt").read_bytes()
    for interrupted in (b"", whole[:-20], whole):
        (witness / "seals.txt").write_bytes(interrupted)
        Telling.objects.all().delete()
        witnesses.tell_all()
        assert (witness / "seals.txt").read_bytes() == whole
    assert verify().holds
