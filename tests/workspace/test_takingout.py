"""What leaves by a page: a working copy for everybody who sees the item, the original by a verb, neither to be shown."""

from __future__ import annotations

import io
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from forestall.base.canonical import sha256
from forestall.labels.label import Label, Level
from forestall.record import evidence
from forestall.record.actions import write
from forestall.record.models import Entry
from forestall.workspace.download import safe
from tests.collecting import markedfiles
from tests.collecting.markedfiles import MARK

pytestmark = pytest.mark.django_db
Browser = Callable[[str], Client]


@pytest.fixture
def item_of(make_item: Callable[..., Any]) -> Callable[..., Any]:
    """An item whose bytes are these."""

    def made(content: bytes, *, name: str, kind: str, level: int = 3) -> Any:
        label = Label(level=Level(level)).within("desk:karvania")
        one = make_item("What came", "text", level=level)
        one.evidence = evidence.keep(content, name=name, media_type=kind, label=label, by="system:collector")
        return write(one, by="system:collector", verb="item received")

    return made


@pytest.fixture
def photo(own_home: Any, item_of: Callable[..., Any]) -> Any:
    return item_of(markedfiles.photograph(), name="Interview_Amina_K.jpg", kind="picture")


def custody(item: Any) -> list[str]:
    return [entry.verb for entry in Entry.objects.filter(object_id=item.evidence_id).order_by("seq")]


def test_U10_alice_takes_a_photograph_without_what_its_camera_wrote(signed_in: Browser, photo: Any) -> None:
    alice = signed_in("alice")
    told = alice.get(f"/items/{photo.id}/copy/").content.decode()
    assert "Removed: place, time, device" in told
    assert custody(photo) == ["received"], "looking at what a copy would lack is not taking it"
    taken = alice.get(f"/items/{photo.id}/copy/take/")

    assert MARK.encode() not in taken.content
    with Image.open(io.BytesIO(taken.content)) as image:
        assert image.size == (64, 48)
    assert custody(photo)[-1] == "working copy taken"
    assert sha256(evidence.content(photo.evidence)) == photo.evidence.sha256, "the original is as it came"


def test_of_what_has_no_copy_the_page_says_why_and_leads_back(
    own_home: Any, signed_in: Browser, item_of: Callable[..., Any]
) -> None:
    item = item_of(b"MZ" + bytes(99), name="a.exe", kind="program")
    alice = signed_in("alice")
    page = alice.get(f"/items/{item.id}/copy/").content.decode()

    assert "There is no working copy of a program or script." in page
    assert f"/items/{item.id}/#original" in page and "Take the working copy" not in page
    assert alice.get(f"/items/{item.id}/copy/take/").status_code == 400
    assert "working copy taken" not in custody(item)


def test_the_original_is_for_those_with_the_verb_and_custody_names_them(
    signed_in: Browser, photo: Any, people: Any
) -> None:
    refused = signed_in("alice").get(f"/items/{photo.id}/original/")
    assert refused.status_code == 403
    assert "take an original out" in refused.content.decode()
    assert custody(photo) == ["received"]
    assert "Original (recorded" not in signed_in("alice").get(f"/items/{photo.id}/").content.decode()
    assert "Original (recorded" in signed_in("bob").get(f"/items/{photo.id}/").content.decode()

    assert signed_in("bob").get(f"/items/{photo.id}/original/").content == markedfiles.photograph()
    assert Entry.objects.get(object_id=photo.evidence_id, verb="exported").by == str(people.bob.id)


@pytest.mark.parametrize("place", ["copy/take/", "original/"])
def test_U14_a_file_has_a_name_that_tells_nothing_unless_its_own_was_asked_for(
    signed_in: Browser, photo: Any, place: str
) -> None:
    bob = signed_in("bob")

    assert "Amina" not in bob.get(f"/items/{photo.id}/{place}")["Content-Disposition"]
    assert "Interview_Amina_K.jpg" in bob.get(f"/items/{photo.id}/{place}?name=own")["Content-Disposition"]


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("Interview.docx", "Interview.docx"),
        ("a" * 300 + ".docx", "a" * 115 + ".docx"),
        ("photo\u202egpj.exe", "photo_u{202e}gpj.exe"),
        ("a\r\nSet-Cookie: x=1.txt", "a_u{d}_u{a}Set-Cookie_ x=1.txt"),
        ('a"b;c.txt', "a_b_c.txt"),
        ("CON.txt", "_CON.txt"),
        ("lpt1", "_lpt1"),
        ("-rf.txt", "rf.txt"),
        ("../../etc/passwd", "_.._etc_passwd"),
        ("..", "file"),
        ("e\u0301t\u00e9.txt", "\u00e9t\u00e9.txt"),
        ("تقرير.pdf", "تقرير.pdf"),
        ("note.txt. . ", "note.txt"),
    ],
)
def test_U14_a_name_is_safe_on_any_system(name: str, kept: str) -> None:
    assert safe(name) == kept


HOSTILE = {
    "U20 SVG": ("a.svg", b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'),
    "U20 page called a picture": ("a.jpg", b"<html><script>alert(1)</script></html>"),
    "U21 GIF and script": ("a.gif", b"GIF89a/*" + bytes(40) + b"*/=alert(1)"),
    "U24 page called a table": ("a.csv", b"<html><script>alert(1)</script></html>"),
}


@pytest.mark.parametrize("which", HOSTILE)
def test_what_would_act_in_a_browser_leaves_as_octets_that_cannot(
    own_home: Any, signed_in: Browser, item_of: Callable[..., Any], which: str
) -> None:
    name, content = HOSTILE[which]
    answer = signed_in("bob").get(f"/items/{item_of(content, name=name, kind='unknown').id}/original/?name=own")

    assert answer.content == content
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'; base-uri 'none'; frame-ancestors 'none'"
    assert answer["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.parametrize("place", ["copy/", "copy/take/", "original/", "original/..%2f..%2fhome.toml", "original/?name=own"])
def test_U27_V01_who_may_not_see_it_gets_what_never_was(signed_in: Browser, photo: Any, place: str) -> None:
    carol = signed_in("carol")
    never = str(photo.id).replace(str(photo.id)[:8], "0" * 8)
    for asked in ({}, {"HTTP_RANGE": "bytes=0-99"}):
        hidden, absent = (carol.get(f"/items/{one}/{place}", **asked) for one in (photo.id, never))
        assert hidden.status_code == absent.status_code == 404
        assert hidden.content.replace(str(photo.id).encode(), b"") == absent.content.replace(never.encode(), b"")


def test_U27_a_part_of_a_file_is_never_served(signed_in: Browser, photo: Any) -> None:
    answer = signed_in("bob").get(f"/items/{photo.id}/original/", HTTP_RANGE="bytes=0-9")

    assert answer.status_code == 200
    assert answer.content == markedfiles.photograph()
    assert answer["Accept-Ranges"] == "none"
    assert custody(photo)[-1] == "exported"


def test_U27_bytes_are_not_found_by_their_place_in_the_store(signed_in: Browser, photo: Any) -> None:
    for prefix in ("/files/", "/static/", "/static/../files/", "/media/"):
        assert signed_in("bob").get(prefix + photo.evidence.address).status_code == 404


@pytest.mark.parametrize("place", ["copy/", "copy/take/", "original/"])
def test_K07_in_a_sealed_home_pages_open_and_sealed_bytes_say_why_they_do_not(
    own_home: Any, signed_in: Browser, photo: Any, place: str
) -> None:
    (own_home.keys / "files.key").unlink()
    bob = signed_in("bob")
    assert bob.get("/inbox/").status_code == 200

    answer = bob.get(f"/items/{photo.id}/{place}")
    assert answer.status_code == 503
    assert "This home is sealed" in answer.content.decode()
    assert "exported" not in custody(photo) and "working copy taken" not in custody(photo)


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Temporary files of this test go to a folder of its own."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    yield folder
    shutil.rmtree(folder)


@pytest.mark.parametrize("level", ["2", "3"])
def test_K01_X07_after_a_file_was_handed_in_and_taken_nothing_lies_on_the_disk_in_clear(
    own_home: Any, temporary: Path, signed_in: Browser, session_of: Callable[..., Any], level: str
) -> None:
    from forestall.access.session import bound_to
    from forestall.monitoring.models import Item

    canary = f"{MARK} saw the convoy on the north road. " * 80_000
    file = SimpleUploadedFile(f"Interview_{MARK}.txt", canary.encode())
    alice = signed_in("alice")
    assert alice.post("/inbox/upload/", {"file": file, "level": level}).status_code == 302
    with bound_to(session_of("bob")):
        made = Item.objects.get()
    bob = signed_in("bob")
    assert bob.get(f"/items/{made.id}/original/").content == canary.encode()
    assert bob.get(f"/items/{made.id}/copy/take/").status_code == 200

    spilt = [Path("/dev/shm")] if Path("/dev/shm").is_dir() else []
    places = [own_home.path, temporary, *(one for shm in spilt for one in shm.glob("forestall-*"))]
    on_disk = [path for place in places for path in place.rglob("*") if path.is_file()]
    assert [path for path in on_disk if path.parts[-3:-2] == ("sealed",)]
    assert not [path for path in on_disk if MARK.encode() in path.read_bytes() or MARK in path.name]
    assert not list(temporary.iterdir())
