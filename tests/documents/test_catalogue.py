"""Document types are found by their definition, and each keeps to the contract."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from forestall.base.errors import Malformed, Refused
from forestall.documents import builder, document_type, document_types, read_type

TYPES = sorted(document_types())

DEFINITION = """
id = "morning-sheet"
title = "Morning sheet"
audience = "The desks"
channel = "By hand"
marking = 1
pages = 1
[[section]]
id = "first"
title = "First"
words = 50
[[sign_off]]
step = "Drafted"
role = "analyst"
"""


def definition(folder: Path, *, text: str) -> Path:
    path = folder / "document.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_the_advisory_note_is_there() -> None:
    assert "advisory-note" in TYPES


@pytest.mark.parametrize("key", TYPES)
def test_each_type_names_itself_and_says_who_signs(key: str) -> None:
    kind = document_type(key)
    assert kind.id == key
    assert 0 <= kind.marking <= 3
    assert kind.pages >= 1
    assert len({section.id for section in kind.sections}) == len(kind.sections) > 0
    assert all(section.words > 0 for section in kind.sections)
    assert len(kind.sign_offs) >= 2


@pytest.mark.parametrize("key", TYPES)
def test_each_type_lays_out_a_sheet_and_remarks_on_it(key: str) -> None:
    package = builder(key)
    assert callable(package.sheet)
    assert callable(package.remarks)


def test_a_definition_is_read_with_its_sections_and_steps(tmp_path: Path) -> None:
    kind = read_type(definition(tmp_path, text=DEFINITION))
    assert [(one.id, one.words, one.evidence) for one in kind.sections] == [("first", 50, False)]
    assert [(str(one.step), one.role) for one in kind.sign_offs] == [("Drafted", "analyst")]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (DEFINITION.replace("pages = 1", ""), "lacks pages"),
        (DEFINITION.replace("pages = 1", "pages = 1\ncolour = 'red'"), "colour"),
        (DEFINITION.replace("words = 50", "words = 50\nwordz = 50"), "wordz"),
        ("id = ", "not TOML"),
    ],
)
def test_a_definition_that_cannot_be_read_says_where(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(Malformed, match=told):
        read_type(definition(tmp_path, text=text))


def test_a_type_nobody_defined_is_refused() -> None:
    with pytest.raises(Refused, match="no document type love-letter"):
        builder("love-letter")


def test_documents_need_no_django() -> None:
    asked = "import sys, forestall.documents.advisory_note; sys.exit('django' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", asked], check=False).returncode == 0
