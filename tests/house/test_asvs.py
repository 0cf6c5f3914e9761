"""Every requirement of the standard is held with a proof, or the page says why not; what it names is there."""

from __future__ import annotations

import pytest

from forestall.collecting.limits import LIMITS, MEGABYTE
from tests.house import asvs


def test_every_requirement_has_its_line_and_no_line_is_of_another() -> None:
    ids = [f"{chapter['number']}." for chapter in asvs.read()["chapters"] for _ in chapter["lines"]]
    keys = [key for chapter in asvs.read()["chapters"] for key in chapter["lines"]]

    assert keys == list(asvs.levels()), "Each id once, in the order of the standard."
    assert all(key.startswith(chapter) for key, chapter in zip(keys, ids, strict=True))
    assert len(keys) == 345
    assert [list(asvs.levels().values()).count(level) for level in (1, 2, 3)] == [70, 183, 92]


def test_every_line_has_a_proof_or_a_reason_in_few_words_of_our_own() -> None:
    for key, line in asvs.lines().items():
        assert asvs.standing(line), key
        assert 4 <= len(line["says"].split()) <= 12, (key, line["says"])
        assert not {"|", "\n"} & set("".join(str(told) for told in line.values())), key
        assert set(line) <= {"says", "kept", "proven", "but", "apart", "missing"}, key
        assert all(path.startswith(("tests/", "forestall/")) and "test_" in path for path in line.get("proven", ())), key


def test_a_line_with_neither_or_both_is_refused() -> None:
    for wrong in ({"says": "x"}, {"says": "x", "kept": ["a"]}, {"says": "x", "missing": "y", "apart": "z"}, {"says": "x", "kept": ["a"], "missing": "y"}):
        with pytest.raises(ValueError, match="neither"):
            asvs.standing(wrong)


def test_what_it_names_is_there() -> None:
    assert not asvs.faults(), "Name the file or the test by what it is called now."


def test_the_pages_are_current() -> None:
    assert asvs.PAGE.read_text(encoding="utf-8") == asvs.page(), "Run: python -m tests.house.asvs"
    told = asvs.BETWEEN.search(asvs.THREATS.read_text(encoding="utf-8"))
    assert told is not None and told[0] == asvs.figures(), "Run: python -m tests.house.asvs"


def test_the_limits_of_files_are_those_that_the_page_tells() -> None:
    page = (asvs.ROOT / "docs" / "how-to" / "own-files.md").read_text(encoding="utf-8")
    told = (
        f"may have {LIMITS.file // MEGABYTE} MB and unpack to {LIMITS.inflated // MEGABYTE} MB, in {LIMITS.members} files and "
        f"{LIMITS.depth} depths at the most; a picture {LIMITS.pixels // 1_000_000} million points, a table {LIMITS.rows:,} rows of "
        f"{LIMITS.columns} columns, a PDF {LIMITS.pages:,} pages"
    )
    assert told in page and f"within {LIMITS.seconds} seconds" in page
