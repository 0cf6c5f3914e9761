"""Whoever takes the disk, or a copy of the database, gets no file; a key destroyed erases for ever."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from forestall.base.errors import Malformed, Unavailable
from forestall.base.identifiers import new_id
from forestall.labels.label import Label, Level
from forestall.labels.models import everything
from forestall.record import actions, evidence, keyring, resting
from forestall.record.models import Evidence
from forestall.record.resealing import seal_all, standing
from forestall.record.sealing import CHUNK, MAGIC, TAG, chunks_of, new_key, opened, padded_size, seal
from forestall.record.verification import verify

CANARY = b"the witness Amina K. of Ward 7"
CLOSED = Label(Level.STRICTLY_CONFIDENTIAL, frozenset({"desk:karvania"}))
Captured = Callable[..., Any]


def kept(content: bytes = CANARY, *, label: Label = CLOSED, name: str = "a.txt") -> Evidence:
    return evidence.keep(content, name=name, media_type="text", label=label, by="system:collector")


def sealed_path(one: Evidence) -> Path:
    return evidence.path_of(one.address)


# -- the sealing itself


@given(st.binary(max_size=300) | st.integers(CHUNK - 20, 3 * CHUNK).map(bytes))
def test_K02_what_was_sealed_opens_as_it_was(content: bytes) -> None:
    key, owner = new_key(), new_id()
    sealed = b"".join(seal(content, key=key, owner=owner))

    assert b"".join(opened(chunks_of(sealed), key=key, owner=owner)) == content


def spoilt(sealed: bytes) -> dict[str, bytes]:
    """Everything somebody could do to a sealed file of three chunks without its key."""
    head, *chunks = chunks_of(sealed)
    return {
        "a bit": sealed[:-1] + bytes([sealed[-1] ^ 1]),
        "chunks exchanged": head + chunks[1] + chunks[0] + chunks[2],
        "a chunk twice": head + chunks[0] + chunks[0] + chunks[2],
        "a chunk left out": head + chunks[0] + chunks[2],
        "the last chunk cut off": head + chunks[0] + chunks[1],
        "all chunks cut off": head,
        "cut in a chunk": sealed[: -TAG - 1],
        "more at the end": sealed + b"x",
        "another key's name": MAGIC + bytes(16) + b"".join(chunks),
        "another form": b"FORESTALL SEALED 2\n" + sealed[len(MAGIC) :],
    }


@pytest.mark.parametrize("how", spoilt(b"".join(seal(bytes(2 * CHUNK + 9), key=new_key(), owner=new_id()))))
def test_K02_sealed_bytes_that_were_touched_do_not_open(how: str) -> None:
    key, owner = new_key(), new_id()
    touched = spoilt(b"".join(seal(bytes(2 * CHUNK + 9), key=key, owner=owner)))[how]

    with pytest.raises(Malformed):
        b"".join(opened(chunks_of(touched), key=key, owner=owner))


def test_K02_sealed_bytes_open_for_their_own_evidence_alone() -> None:
    key, owner = new_key(), new_id()
    sealed = b"".join(seal(CANARY, key=key, owner=owner))

    with pytest.raises(Malformed):
        b"".join(opened(chunks_of(sealed), key=key, owner=new_id()))


@given(st.integers(2, 40_000_000))
def test_the_size_of_a_file_is_told_only_roughly(size: int) -> None:
    assert size <= padded_size(size) <= size * 1.12 + 1
    assert padded_size(padded_size(size)) == padded_size(size)


# -- in the store


@pytest.mark.django_db
@pytest.mark.parametrize(
    "label",
    [Label(Level.CONFIDENTIAL), CLOSED, Label(Level.PUBLIC, quarantined=True), Label(Level.INTERNAL, quarantined=True)],
    ids=str,
)
def test_K01_no_sealed_byte_lies_on_the_disk_in_clear(own_home: Any, keeper: Any, label: Label) -> None:
    one = kept(label=label, name="Interview_Amina_K.txt")

    assert evidence.content(one) == CANARY
    on_disk = [path for path in own_home.path.rglob("*") if path.is_file()]
    assert sealed_path(one) in on_disk
    assert not [path for path in on_disk if b"Amina" in path.read_bytes() or "Amina" in path.name]


@pytest.mark.django_db
def test_K01_the_database_holds_no_key(own_home: Any, keeper: Any) -> None:
    one = kept()
    wrapped = (own_home.file_keys / "files" / one.id.hex[:2] / f"{one.id.hex}.json").read_text()
    named = wrapped.split('"')[1]
    with connection.cursor() as cursor:
        cursor.execute("SELECT body FROM record_payload")
        assert not [body for (body,) in cursor.fetchall() if named in body]


@pytest.mark.django_db
@pytest.mark.parametrize("exchanged", ["bytes", "keys"])
def test_K02_what_is_exchanged_between_evidences_is_a_fault(own_home: Any, keeper: Any, exchanged: str) -> None:
    one, other = kept(b"one" * 99), kept(b"two" * 99)
    first, second = (sealed_path(one), sealed_path(other)) if exchanged == "bytes" else (key_of(one), key_of(other))
    swap(first, second)

    for each in (one, other):
        with pytest.raises(Malformed):
            evidence.content(each)
    assert len([fault for fault in verify().faults if "Evidence" in str(fault)]) == 2
    swap(first, second)
    assert verify().holds


@pytest.mark.django_db
def test_K02_bytes_and_key_exchanged_together_are_a_fault(own_home: Any, keeper: Any) -> None:
    one, other = kept(b"one" * 99), kept(b"two" * 99)
    swap(sealed_path(one), sealed_path(other))
    swap(key_of(one), key_of(other))

    assert not verify().holds
    with pytest.raises(Malformed):
        evidence.content(one)


@pytest.mark.django_db
def test_K02_a_label_lowered_by_hand_opens_nothing(own_home: Any, keeper: Any) -> None:
    one = kept()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE record_evidence SET level = 0, compartments = ''")

    with pytest.raises(Malformed, match="label"):
        evidence.content(one)


def key_of(one: Evidence) -> Path:
    return Path(settings.HOME.file_keys) / "files" / one.id.hex[:2] / f"{one.id.hex}.json"


def swap(one: Path, other: Path) -> None:
    held = one.read_bytes()
    one.write_bytes(other.read_bytes())
    other.write_bytes(held)


# -- the label moves


@pytest.mark.django_db
def test_raising_a_label_seals_the_bytes_and_removes_them_in_clear(
    own_home: Any, keeper: Any, django_capture_on_commit_callbacks: Captured
) -> None:
    one = kept(label=Label(Level.INTERNAL))
    clear = sealed_path(one)
    assert clear.read_bytes() == CANARY

    with django_capture_on_commit_callbacks() as callbacks:
        resting.raise_label(one, label=Label(Level.CONFIDENTIAL, frozenset({"desk:karvania"})), by="alice")
    assert clear.exists(), "until the act is committed the bytes in clear stay"
    for callback in callbacks:
        callback()

    assert not clear.exists()
    assert one.address.startswith("sealed/")
    assert evidence.content(one) == CANARY
    assert verify().holds


@pytest.mark.django_db
def test_bytes_in_clear_stay_while_other_evidence_rests_on_them(
    own_home: Any, keeper: Any, django_capture_on_commit_callbacks: Captured
) -> None:
    one, other = kept(label=Label(Level.INTERNAL)), kept(label=Label(Level.INTERNAL))
    with django_capture_on_commit_callbacks(execute=True):
        resting.raise_label(one, label=Label(Level.CONFIDENTIAL, frozenset()), by="alice")
        actions.expunge(kept(label=Label(Level.INTERNAL)), by="rita", second="rolf", reason="asked")

    assert evidence.content(one) == evidence.content(other) == CANARY


@pytest.mark.django_db
def test_a_sealed_files_key_opens_under_its_present_label_alone(
    own_home: Any, keeper: Any, django_capture_on_commit_callbacks: Captured
) -> None:
    one = kept(label=Label(Level.CONFIDENTIAL))
    named = sealed_path(one).read_bytes()[len(MAGIC) : len(MAGIC) + 16]
    with django_capture_on_commit_callbacks() as callbacks:
        actions.write(one.labelled(CLOSED), by="alice", verb="label raised")
    assert evidence.content(one) == CANARY
    for label in (Label(Level.CONFIDENTIAL), CLOSED):
        assert keyring.take(named, owner=one.id, label=label), "a crash now leaves the bytes readable either way"
    for callback in callbacks:
        callback()

    assert evidence.content(one) == CANARY
    with pytest.raises(Malformed):
        keyring.take(named, owner=one.id, label=Label(Level.CONFIDENTIAL))
    with django_capture_on_commit_callbacks(execute=True):
        actions.write(one.labelled(Label(Level.INTERNAL)), by="alice", verb="label lowered")
    assert evidence.content(one) == CANARY
    assert one.address.startswith("sealed/"), "what was sealed once stays sealed"


@pytest.mark.django_db
def test_a_crash_before_the_commit_leaves_the_bytes_readable(own_home: Any, keeper: Any) -> None:
    from django.db import transaction

    one = kept(label=Label(Level.INTERNAL))
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        actions.write(one.labelled(CLOSED), by="alice", verb="label raised")
        raise ZeroDivisionError
    stands = everything(Evidence).get(pk=one.pk)

    assert evidence.content(stands) == CANARY
    assert standing().ownerless == 1
    assert verify().holds


# -- homes from before


@pytest.mark.django_db
def test_a_home_from_before_is_sealed_and_what_a_crash_left_in_clear_goes(
    own_home: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from forestall.access.session import bound_to, system_reader

    keeper = system_reader("keeper", reason="a test")
    closed_to_most = Label(Level.STRICTLY_CONFIDENTIAL, audience=frozenset({"alice"}), consent=frozenset({"refer"}))
    with monkeypatch.context() as before, bound_to(keeper):
        before.setattr(evidence, "must_be_sealed", lambda label: False)
        one, other = kept(), kept(b"for one person", label=closed_to_most)
        clear = sealed_path(one)
    assert (standing().unsealed, clear.read_bytes()) == (2, CANARY)

    done = seal_all(by="system:keeper")  # as the start of the server does, without anybody who reads
    assert (done.sealed, done.failed, clear.exists()) == (2, (), False)
    clear.write_bytes(CANARY)  # as after a crash between the commit and the removal
    done = seal_all(by="system:keeper")

    assert (done.sealed, done.dropped, done.failed) == (0, 1, ())
    assert not clear.exists()
    assert (evidence.content(one), evidence.content(other)) == (CANARY, b"for one person")
    assert standing().sealed == 2
    with bound_to(keeper):
        assert verify().holds


@pytest.mark.django_db
def test_bytes_that_were_changed_before_are_named_and_not_sealed(
    own_home: Any, keeper: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as before:
        before.setattr(evidence, "must_be_sealed", lambda label: False)
        one = kept()
    sealed_path(one).write_bytes(b"retouched")

    assert seal_all(by="system:keeper").failed == (one.pk,)
    assert sealed_path(one).read_bytes() == b"retouched"


# -- erasing


@pytest.mark.django_db
def test_K05_an_old_copy_of_everything_but_the_keys_gives_nothing_back(
    own_home: Any, keeper: Any, tmp_path: Path, django_capture_on_commit_callbacks: Captured
) -> None:
    one = kept()
    row = dict(everything(Evidence).filter(pk=one.pk).values()[0])
    shutil.copytree(own_home.files, tmp_path / "backup")
    key, address = key_of(one), sealed_path(one)
    wrapped = key.read_bytes()
    with key.open("rb") as still_open:
        with django_capture_on_commit_callbacks(execute=True):
            actions.expunge(one, by="rita", second="rolf", reason="the person asked")
        left = still_open.read()
    assert (len(left), left == wrapped, key.exists()) == (len(wrapped), False, False), "overwritten, then removed"
    assert not address.exists()

    shutil.copytree(tmp_path / "backup", own_home.files, dirs_exist_ok=True)
    everything(Evidence).filter(pk=one.pk).update(**row)
    with pytest.raises(keyring.KeyGone):
        evidence.content(one)


@pytest.mark.django_db
def test_K05_a_key_that_a_crash_left_is_a_fault_until_it_is_destroyed(own_home: Any, keeper: Any) -> None:
    one = kept()
    key = key_of(one)
    actions.expunge(one, by="rita", second="rolf", reason="the person asked")
    assert key.exists(), "the act is not committed in this test, as after a crash"

    assert any("key is still there" in str(fault) for fault in verify().faults)
    assert seal_all(by="system:keeper").destroyed == 1
    assert not key.exists()
    assert verify().holds


# -- sealed homes


@pytest.fixture
def token(own_home: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The keys moved to a token, as the how-to says, and the home opened again."""
    from forestall.base.home import open_home

    folder = tmp_path / "token"
    folder.mkdir()
    (own_home.path / "home.toml").write_text(f'kind = "exercise"\nkeys = "{folder}"\n')
    for part in ("files.key", "files"):
        if (own_home.keys / part).exists():
            shutil.move(own_home.keys / part, folder / part)
    monkeypatch.setattr(settings, "HOME", open_home(own_home.path))
    return folder


@pytest.mark.django_db
def test_K07_without_its_token_a_home_is_sealed_and_open_bytes_are_still_served(
    own_home: Any, keeper: Any, token: Path, django_capture_on_commit_callbacks: Captured
) -> None:
    open_one, closed = kept(b"open", label=Label(Level.INTERNAL)), kept()
    assert evidence.content(closed) == CANARY
    away = token.rename(token.with_name("drawer"))

    assert evidence.content(open_one) == b"open"
    for refused in (
        lambda: evidence.content(closed),
        lambda: kept(b"more"),
        lambda: actions.expunge(closed, by="rita", second="rolf", reason="asked"),
        lambda: resting.raise_label(open_one, label=Label(Level.CONFIDENTIAL, frozenset()), by="alice"),
        lambda: seal_all(by="system:keeper"),
    ):
        with pytest.raises(Unavailable, match="sealed"):
            refused()
    assert any("keys of the files are not here" in str(fault) for fault in verify().faults)
    away.rename(token)
    assert evidence.content(closed) == CANARY


@pytest.mark.django_db
def test_K07_the_token_of_another_home_opens_nothing_and_no_new_key_is_made(
    own_home: Any, keeper: Any, token: Path, tmp_path: Path
) -> None:
    from forestall.base.home import Kind, create, make_master_key

    closed = kept()
    other = create(tmp_path / "other", kind=Kind.EXERCISE)
    shutil.rmtree(token)
    assert not make_master_key(settings.HOME)
    with pytest.raises(Unavailable):
        evidence.content(closed)
    shutil.copytree(other.keys, token)

    with pytest.raises(Unavailable, match="another home"):
        evidence.content(closed)
