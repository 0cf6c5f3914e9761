"""Every file the product gives away, held against the same rules: reproducible, without who and where, nothing left behind."""

from __future__ import annotations

import io
import logging
import re
import tempfile
import zipfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import get_resolver

from forestall import __version__
from forestall.base import clock
from forestall.base.clock import now

pytestmark = pytest.mark.django_db
LISTS = ("/inbox/", "/sources/", "/situations/", "/warnings/", "/states/", "/record/")
TELLING = re.compile(rb"(?:/home/|/tmp/|/srv/|root@|localhost|" + re.escape(__version__).encode() + rb"\b|openpyxl|python-docx|Typst \d)", re.I)


@pytest.fixture
def lists(signed_in: Callable[[str], Client], make_item: Callable[..., Any]) -> Callable[[str, str], Any]:
    """The file of a list page, as Rita (who may open the record too) takes it."""
    make_item("=HYPERLINK(\"http://x\")", "text", source="@SUM(A1)")

    def taken(address: str, kind: str) -> Any:
        return signed_in("rita").get(address, {"format": kind})

    return taken


def files_in(content: bytes) -> bytes:
    if content[:2] != b"PK":
        return content
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return b"\n".join(name.encode() + package.read(name) for name in package.namelist())


def offered(lists: Callable[[str, str], Any], kind: str) -> list[tuple[str, bytes]]:
    found = [(address, lists(address, kind)) for address in LISTS]
    return [(address, answer.content) for address, answer in found if "attachment" in answer.get("Content-Disposition", "")]


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_X01_X03_X05_no_list_leaves_with_a_formula_or_with_who_made_it(lists: Callable[[str, str], Any], kind: str) -> None:
    found = offered(lists, kind)
    assert len(found) >= 3
    for address, content in found:
        whole = files_in(content)
        assert not TELLING.search(whole), (address, TELLING.search(whole))
        assert set(re.findall(rb"T(\d\d:\d\d:\d\d)Z", whole)) <= {b"00:00:00"}, "the day, and not the hour"
        assert b"<f>" not in whole and b"hyperlink" not in whole.replace(b"HYPERLINK", b""), address
        assert not re.search(rb'(?:^|,|")=HYPERLINK', whole, re.M), address


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_X06_the_same_list_taken_twice_on_a_day_is_the_same_file(lists: Callable[[str, str], Any], kind: str) -> None:
    morning = now().replace(hour=8, minute=0)
    for address in ("/inbox/", "/sources/", "/situations/", "/warnings/"):
        with clock.fixed(morning):
            first = lists(address, kind)
        with clock.fixed(morning + timedelta(hours=3)):
            second = lists(address, kind)
        assert first.content == second.content, address


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_X07_taking_a_list_leaves_no_file_behind(
    lists: Callable[[str, str], Any], kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    assert offered(lists, kind)
    assert not list(tmp_path.iterdir())


def test_X05_X07_a_printed_sheet_tells_no_tool_and_leaves_no_file_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from forestall.documents import advisory_note, typst_pdf
    from forestall.documents.advisory_note.sample import english
    from forestall.documents.word import word

    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    sheet = advisory_note.sheet(english())
    for made in (typst_pdf.pdf(sheet), word(sheet)):
        whole = files_in(made)
        assert not TELLING.search(whole), TELLING.search(whole)
    assert not list(tmp_path.iterdir())


def test_X11_an_address_writes_no_line_of_its_own_into_the_log(
    signed_in: Callable[[str], Client], caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        signed_in("alice").get("/items/%0a2026-11-22 INFO admin signed in%1b[2J/")

    lines = [record.getMessage() for record in caplog.records]
    assert lines and any("admin signed in" in line for line in lines)
    assert not [line for line in lines if "\n" in line or "\x1b" in line]


def test_X12_no_address_tells_of_the_machine_what_a_page_would_not() -> None:
    names = " ".join(str(one.pattern) for one in get_resolver().url_patterns)
    assert not re.search(r"metrics|health|debug|trace|status/", names)
