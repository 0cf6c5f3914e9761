"""The library shows what is verified and held; wording is accepted by a named person beside the official text."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from forestall.frameworks import load
from forestall.record.models import Entry, Evidence
from tests.frameworks.conftest import written_pdf

pytestmark = pytest.mark.django_db

FRAMEWORK = "unfaac-2014"
HERE = f"/library/{FRAMEWORK}"


@pytest.fixture(autouse=True)
def plain_surroundings() -> Iterator[None]:
    """These pages are asked for whole, with everything that stands around them."""
    yield


@pytest.fixture
def acceptances(settings: Any) -> Iterator[Path]:
    """The file of this home's acceptances, taken away when the test is over."""
    path = Path(settings.HOME.path) / "acceptances.json"
    yield path
    for left in path.parent.glob("acceptances.json*"):
        left.unlink()


@pytest.fixture
def moreau(people: SimpleNamespace) -> Any:
    """Rita under her full name, as wording is accepted."""
    people.rita.name = "Rita Moreau"
    people.rita.save()
    return people.rita


def official() -> SimpleUploadedFile:
    """A copy of a list with the numbers of the framework and words of our own in place of the official ones."""
    pages = []
    for factor in load(FRAMEWORK).factors:
        lines = [f"Risk factor {factor.number}", factor.title["en"], "Indicators"]
        pages.append([*lines, *(f"{one.number} Official words of {one.number}." for one in factor.indicators)])
    return SimpleUploadedFile("official.pdf", written_pdf(pages), content_type="application/pdf")


def text(response: Any) -> str:
    return str(response.content.decode())


def said(response: Any) -> str:
    return text(response.client.get(response.headers["Location"]))


@pytest.mark.parametrize(
    "address", ["", "crimes/", "speech/", "scales/", "options/", "crosswalk/", f"{FRAMEWORK}/", "osapg-2009/"]
)
def test_every_book_opens_for_those_with_a_role_and_is_refused_to_others(
    address: str, signed_in: Callable[[str], Any]
) -> None:
    assert signed_in("carol").get(f"/library/{address}").status_code == 200
    assert signed_in("dora").get(f"/library/{address}").status_code == 403


def test_a_framework_nobody_wrote_is_not_found(signed_in: Callable[[str], Any]) -> None:
    assert signed_in("alice").get("/library/nobody-1999/").status_code == 404


def test_each_indicator_says_that_nobody_has_held_its_wording(
    signed_in: Callable[[str], Any], acceptances: Path
) -> None:
    page = text(signed_in("alice").get(f"{HERE}/"))
    assert page.count("nobody has yet held it against the official text") == len(load(FRAMEWORK).indicators)


def test_a_framework_is_narrowed_by_number_and_nature_and_leaves_as_a_file_with_its_notice(
    signed_in: Callable[[str], Any], acceptances: Path
) -> None:
    alice = signed_in("alice")
    page = text(alice.get(f"{HERE}/?q=7.1&nature=dynamic"))
    assert 'id="i-7.10"' in page
    assert 'id="i-8.1"' not in page
    rows = alice.get(f"{HERE}/?q=7.10&format=csv").content.decode("utf-8-sig").splitlines()
    assert len(rows) == 3
    assert "nobody has yet held it" in rows[2]


def test_the_words_are_in_the_readers_language(signed_in: Callable[[str], Any], people: SimpleNamespace) -> None:
    people.alice.language = "fr"
    people.alice.save()
    page = text(signed_in("alice").get(f"{HERE}/"))
    assert load(FRAMEWORK).indicator("7.10").text["fr"].split(",")[0] in page.replace("&#x27;", "'")


def test_ethnic_cleansing_is_a_reading_across_and_no_separate_crime(signed_in: Callable[[str], Any]) -> None:
    page = text(signed_in("alice").get("/library/crimes/"))
    across = page.split('id="ethnic-cleansing"')[1]
    assert "No separate crime in law" in across
    for number in ("4.4", "7.10", "10.8", "12.3", "13.7"):
        assert f"{HERE}/#i-{number}" in across


def test_the_speech_worksheet_asks_six_and_five_and_sends_nothing(signed_in: Callable[[str], Any]) -> None:
    page = text(signed_in("alice").get("/library/speech/"))
    assert page.count('<textarea id="rabat-') == 6
    assert page.count('<textarea id="dangerous-speech-') == 5
    assert "<form" not in page.split("<main", 1)[1].split("</main>", 1)[0]


def test_measures_are_narrowed_by_factor_and_each_says_how_it_can_fail(signed_in: Callable[[str], Any]) -> None:
    from forestall.frameworks.options import menu

    page = text(signed_in("alice").get("/library/options/?factor=13"))
    tied = menu().tied_to(["13"])
    assert f"{len(tied)} of {len(menu().options)} measures" in page
    for option in tied:
        assert f'id="{option.id}"' in page


def test_only_those_who_may_accept_wording_open_the_comparison(signed_in: Callable[[str], Any]) -> None:
    assert signed_in("alice").get(f"{HERE}/wording/").status_code == 403
    signed_in("alice").post(f"{HERE}/wording/", {"text": official()})
    assert not Evidence.objects.filter(media_type="official-text").exists()


def test_a_named_person_accepts_wording_indicator_by_indicator(
    signed_in: Callable[[str], Any], moreau: Any, acceptances: Path
) -> None:
    rita = signed_in("rita")
    beside = rita.post(f"{HERE}/wording/", {"text": official()}).headers["Location"]
    page = text(rita.get(f"{beside}?factor=7&language=en"))
    assert "Official words of 7.5." in page
    assert "same numbers in the same order" in page
    assert "Official words of 8.1." not in page
    told = rita.post(f"{beside}?factor=7", {"number": ["7.5", "7.6"], "language": "en"})
    assert "You accepted our wording of 7.5, 7.6." in said(told)
    shown = text(signed_in("alice").get(f"{HERE}/?q=7.5"))
    assert "Held against the official text." in shown
    assert "Rita Moreau" in shown
    assert Entry.objects.filter(verb="wording accepted: 7.5, 7.6", by=str(moreau.id)).exists()


def test_one_name_is_not_enough_and_choosing_nothing_neither(
    signed_in: Callable[[str], Any], acceptances: Path
) -> None:
    rita = signed_in("rita")
    beside = rita.post(f"{HERE}/wording/", {"text": official()}).headers["Location"]
    nothing = rita.post(beside, {"language": "en", "back": beside})
    assert "Choose the indicators" in said(nothing)
    unnamed = rita.post(beside, {"number": ["7.5"], "language": "en", "back": beside})
    assert "first and last name" in said(unnamed)
    assert not acceptances.exists()


def test_a_file_that_is_no_official_text_is_refused_in_a_sentence_and_not_kept(
    signed_in: Callable[[str], Any],
) -> None:
    wrong = SimpleUploadedFile("note.pdf", b"not a pdf", content_type="application/pdf")
    refused = signed_in("rita").post(f"{HERE}/wording/", {"text": wrong, "back": f"{HERE}/wording/"})
    assert 'role="alert"' in said(refused)
    assert not Evidence.objects.filter(media_type="official-text").exists()
