"""Witnesses are told one line of one length at fixed times, and learn nothing; one that cannot be told is an alarm."""

from __future__ import annotations

import re
import smtplib
import stat
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.db import DatabaseError, connection, transaction

from forestall.base import clock
from forestall.base.errors import Refused, Unavailable
from forestall.cli.schedule import seal_log
from forestall.institutions.models import Counterpart
from forestall.labels.label import Label, Level
from forestall.record import actions, keys, witnesses
from forestall.record.models import Entry, Seal, SigningKey, Telling
from forestall.record.seals import checkpoint, seal
from forestall.record.verification import verify

pytestmark = pytest.mark.usefixtures("by_the_owner", "db")  # only the owner can take away what guards the tables
NINE = datetime(2026, 11, 20, 9, 0, 17, tzinfo=UTC)


def at(minutes: float) -> Any:
    return clock.fixed(NINE + timedelta(minutes=minutes))


def made(name: str) -> Counterpart:
    thing = Counterpart(kind_of_body="ministry", name=name, channel="letter").labelled(Label(Level.INTERNAL))
    return actions.write(thing, by="system:keeper", verb="added")


def lines(folder: Path) -> list[str]:
    return (folder / "seals.txt").read_text().splitlines()


def work(minutes: int, *, busy: bool) -> None:
    """The worker looks at the clock every minute; the Office writes meanwhile, or does not."""
    for minute in range(minutes):
        with at(minute):
            if busy and minute % 3 == 0:
                made(f"Ministry {minute}")
            if minute % 5 == 0:
                seal_log()


def test_a_quiet_day_looks_like_a_busy_one(keeper: Any, witness: Path, settings: Any, tmp_path: Path) -> None:
    told: dict[bool, list[str]] = {}
    for busy in (False, True):
        settings.WITNESSES = [str(tmp_path / f"witness-{busy}")]
        (tmp_path / f"witness-{busy}").mkdir()
        with transaction.atomic():
            work(200, busy=busy)
            told[busy] = lines(tmp_path / f"witness-{busy}")
            transaction.set_rollback(True)
    quiet, busy_lines = told[False], told[True]
    assert [line.split()[1] for line in quiet] == [line.split()[1] for line in busy_lines]
    assert [line.split()[1][11:16] for line in quiet] == ["09:00", "10:00", "11:00", "12:00"]
    assert {len(line) for line in quiet + busy_lines} == {len(quiet[0])}
    shape = r"forestall-seal-1 2026-11-20T\d\d:00:00Z( [0-9a-f]{64}){3} [0-9a-f]{128}"
    assert all(re.fullmatch(shape, line) for line in quiet + busy_lines)


def test_a_seal_over_an_unchanged_log_repeats_nothing_that_could_be_compared(keeper: Any, witness: Path) -> None:
    for hour in range(3):
        with at(60 * hour):
            seal_log()
    first, second, third = (line.split() for line in lines(witness))
    for column in (2, 3, 5):
        assert len({first[column], second[column], third[column]}) == 3
    seals = list(Seal.objects.order_by("at"))
    assert len({one.salt for one in seals}) == 3 and {len(one.salt) for one in seals} == {64}
    assert len({one.root for one in seals}) == 1 and all(one.root not in "".join(lines(witness)) for one in seals)


def test_a_seal_is_made_once_for_its_time_and_not_while_the_clock_stands_before_it(keeper: Any) -> None:
    with at(0):
        made("Ministry")
        first = seal()
    with at(20):
        made("Another")
        assert seal() == first
    with at(-90):
        assert seal() is None
    assert Seal.objects.count() == 1


def test_a_witness_out_of_reach_is_an_alarm_and_is_told_all_it_missed(
    keeper: Any, witness: Path, settings: Any, tmp_path: Path
) -> None:
    away = tmp_path / "away"
    settings.WITNESSES = [str(witness), str(away)]
    for hour in range(3):
        with at(60 * hour):
            seal_log()
            seal_log()
    assert len(lines(witness)) == 3 and not away.exists()
    assert Telling.objects.get(witness=str(away)).tried == 6
    with at(121):
        told = verify()
        assert any(f"The witness {away} cannot be told" in str(worry) for worry in told.worries)
        assert told.holds, "what a witness lacks breaks nothing here"
    away.mkdir()
    with at(122):
        seal_log()
        assert not [worry for worry in verify().worries if str(away) in str(worry)]
    assert lines(away) == lines(witness)


def test_a_witness_that_lost_what_it_was_told_is_an_alarm(keeper: Any, witness: Path) -> None:
    with at(0):
        seal_log()
        assert not [worry for worry in verify().worries if "no longer keeps" in str(worry)]
        (witness / "seals.txt").unlink()
        assert [worry for worry in verify().worries if "no longer keeps" in str(worry)]


def test_a_line_that_a_witness_keeps_and_the_log_has_not_is_a_fault(keeper: Any, witness: Path) -> None:
    with at(0):
        seal_log()
        assert verify().holds
        with (witness / "seals.txt").open("a") as file:
            file.write(lines(witness)[0].replace("T09:", "T10:") + "\n")
        assert not verify().holds


def test_a_stop_between_telling_and_noting_it_tells_no_line_twice(keeper: Any, witness: Path) -> None:
    with at(0):
        seal_log()
        Telling.objects.update(told_at=None)
        seal_log()
    assert len(lines(witness)) == 1


def test_no_seal_for_two_turns_is_an_alarm(keeper: Any) -> None:
    with at(0):
        assert any("never sealed" in str(worry) for worry in verify().worries)
        seal_log()
        assert not any("No seal was made" in str(worry) for worry in verify().worries)
    with at(150):
        assert any("No seal was made since 2026-11-20 09:00 UTC" in str(worry) for worry in verify().worries)
    with at(-30):
        assert any("dated after now" in str(worry) for worry in verify().worries)


def test_a_mail_to_a_witness_has_one_form_and_nothing_but_the_line(keeper: Any, settings: Any) -> None:
    settings.WITNESSES = ["mailto:records@auditor.example"]
    for hour in range(2):
        with at(60 * hour):
            made(f"Ministry {hour}")
            seal_log()
    first, second = mail.outbox
    assert first.to == ["records@auditor.example"]
    assert (first.subject, first.body.splitlines()[0]) == (second.subject, second.body.splitlines()[0])
    assert len(first.body) == len(second.body)
    assert first.body.splitlines()[1] == Seal.objects.order_by("at")[0].line()
    assert first.message().as_bytes().count(first.body.splitlines()[1].encode()) == 1, "no line is broken on the way"


def test_a_mail_server_that_refuses_is_an_alarm(keeper: Any, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.WITNESSES = ["mailto:records@auditor.example"]

    def refuse(*_: object) -> None:
        raise smtplib.SMTPServerDisconnected("gone")

    monkeypatch.setattr("django.core.mail.message.EmailMessage.send", refuse)
    with at(0):
        seal_log()
        assert any("cannot be told" in str(worry) and "gone" in str(worry) for worry in verify().worries)


def test_a_time_stamp_authority_is_told_a_hash_and_its_receipt_is_kept(
    keeper: Any, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = "https://stamps.example/tsr"
    (tmp_path / "roots.pem").write_bytes(b"roots")
    settings.WITNESSES = [url]
    settings.SEALS = replace(settings.SEALS, timestamp_certificates=str(tmp_path / "roots.pem"))
    asked: list[dict[str, Any]] = []

    def stamp(content: bytes, **given: Any) -> bytes:
        asked.append({"content": content, **given})
        if len(asked) == 1:
            raise Unavailable("stamps.example did not answer")
        return b"a receipt"

    monkeypatch.setattr(witnesses, "stamp", stamp)
    with at(0):
        seal_log()
        assert any("did not answer" in str(worry) for worry in verify().worries)
        seal_log()
    assert asked[1] == {
        "content": f"{Seal.objects.get().line()}\n".encode(), "url": url, "hosts": {"stamps.example"}, "certificates": b"roots",
    }  # fmt: skip
    assert Telling.objects.get().receipt == "YSByZWNlaXB0"


@pytest.mark.parametrize("statement", ["UPDATE record_seal SET size = 0", "DELETE FROM record_seal",
                                       "UPDATE record_signingkey SET why = 'x'", "DELETE FROM record_signingkey"])  # fmt: skip
def test_L08_seals_and_keys_are_never_unwritten(keeper: Any, statement: str) -> None:
    with at(0):
        seal()
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_L13_a_key_is_handed_over_by_an_entry_that_both_keys_sign(keeper: Any, settings: Any, witness: Path) -> None:
    with at(0):
        made("Ministry")
        seal_log()
        old = SigningKey.objects.get()
        checkpoint()
    with at(10):
        new = keys.rotate(by="rita")
    with at(60):
        made("Another")
        seal_log()
        assert verify().holds, [str(fault) for fault in verify().faults]
    assert keys.holds(key=old.public, signature=new.handed_over, over=new.statement())
    assert keys.holds(key=new.public, signature=new.signature, over=new.statement())
    assert Entry.objects.get(seq=new.entry_seq).verb == "key rotated"
    assert [one.key for one in Seal.objects.order_by("at")] == [old.public, new.public]
    assert keys.public_of(keys.signing_key()) == new.public
    kept = Path(settings.HOME.keys)
    assert not (kept / "log.key.next").exists()
    assert stat.S_IMODE((kept / "log.key").stat().st_mode) == 0o600


def _sign_with(private: Any, one: Seal) -> Seal:
    one.key = keys.public_of(private)
    one.signature = private.sign(one.signed().encode()).hex()
    return one


def test_L13_a_retired_key_that_signs_again_is_a_fault(keeper: Any) -> None:
    with at(0):
        made("Ministry")
        seal()
        retired = keys.signing_key()
        keys_before = SigningKey.objects.count()
    with at(10):
        keys.rotate(by="rita")
    with at(60):
        second = seal()
        assert second is not None and keys_before == 1
    with at(120):
        third = seal()
        assert third is not None and verify().holds
        with transaction.atomic():
            forged = _sign_with(retired, Seal.objects.get(pk=third.pk))
            with connection.cursor() as cursor:
                _drop_triggers(cursor)
                cursor.execute("UPDATE record_seal SET key = %s, signature = %s WHERE commitment = %s",
                               [forged.key, forged.signature, forged.commitment])  # fmt: skip
            assert any("a key that was not in force" in str(fault) for fault in verify().faults)
            transaction.set_rollback(True)


def _drop_triggers(cursor: Any) -> None:
    if connection.vendor == "sqlite":
        cursor.execute("DROP TRIGGER record_seal_no_update")
    else:
        cursor.execute("ALTER TABLE record_seal DISABLE TRIGGER USER")


def test_L13_a_lost_key_stops_signing_until_two_officers_state_it(keeper: Any, settings: Any) -> None:
    with at(0):
        made("Ministry")
        seal()
    kept = Path(settings.HOME.keys) / "log.key"
    kept.unlink()
    with at(60):
        with pytest.raises(Refused, match="two officers state its loss"):
            seal()
        assert any("not in this home" in str(worry) for worry in verify().worries)
        for second, reason in (("rita", "the disk burnt"), ("rolf", " ")):
            with pytest.raises(Refused):
                keys.state_lost(by="rita", second=second, reason=reason)
        new = keys.state_lost(by="rita", second="rolf", reason="the disk burnt")
        assert seal() is not None
        told = verify()
        assert told.holds, [str(fault) for fault in told.faults]
        assert any("two officers stated that the key was lost (the disk burnt)" in str(worry) for worry in told.worries)
    assert list(Entry.objects.filter(object_id=new.id).order_by("seq").values_list("by", "verb")) == [
        ("rita", "key stated lost"), ("rolf", "key loss agreed"),
    ]  # fmt: skip


def test_L13_a_stop_in_the_middle_of_a_rotation_loses_neither_key(
    keeper: Any, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    with at(0):
        seal()
    folder = Path(settings.HOME.keys)
    before = (folder / "log.key").read_text()
    with at(10), monkeypatch.context() as patched:
        patched.setattr(Path, "replace", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt()))
        with pytest.raises(KeyboardInterrupt):
            keys.rotate(by="rita")
    assert (folder / "log.key").read_text() == before
    with at(60):
        assert seal() is not None, "the new key is found where it was kept first"
        assert verify().holds
    assert (folder / "log.key").read_text() != before


def test_L13_a_rotation_that_is_undone_leaves_the_old_key_in_force(
    keeper: Any, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    with at(0):
        seal()
    with at(10), monkeypatch.context() as patched:
        patched.setattr(keys, "append", lambda *_, **__: (_ for _ in ()).throw(RuntimeError("stopped")))
        with pytest.raises(RuntimeError):
            keys.rotate(by="rita")
    with at(60):
        assert seal() is not None
        assert SigningKey.objects.count() == 1 and verify().holds


def test_L13_an_old_key_and_one_open_to_others_are_alarms(keeper: Any, settings: Any) -> None:
    with at(0):
        seal()
        assert not keys.worries()
        (Path(settings.HOME.keys) / "log.key").chmod(0o644)
        assert any("read by others" in str(worry) for worry in keys.worries())
    with at(60 * 24 * 731):
        assert any("older than 730 days" in str(worry) for worry in keys.worries())


def test_L15_a_clock_set_back_is_told_and_across_a_seal_it_is_a_fault(keeper: Any) -> None:
    with at(0):
        made("Ministry")
    with at(-3):
        made("a little earlier")
        told = verify()
        assert told.holds and any("The clock went back" in str(worry) for worry in told.worries)
    with at(0):
        seal()
    with at(-60):
        made("an hour earlier")
    with at(1):
        assert any("Entry 2 is dated before the seal that it came after" in str(fault) for fault in verify().faults)


def test_L15_an_entry_dated_after_now_is_a_fault(keeper: Any) -> None:
    with at(60):
        made("tomorrow's")
    with at(0):
        assert any("after now" in str(fault) for fault in verify().faults)


@pytest.fixture(autouse=True)
def own_key(settings: Any, tmp_path: Path) -> None:
    """Each history has keys of its own: the database is rolled back, a file is not."""
    (tmp_path / "keys").mkdir()
    home = settings.HOME

    class Elsewhere(type(home)):  # type: ignore[misc]
        @property
        def keys(self) -> Path:
            return tmp_path / "keys"

    settings.HOME = Elsewhere(path=home.path, kind=home.kind)


