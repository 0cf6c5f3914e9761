"""Nothing that a person reads stays in English, and a term is the same word on the screen as on the sheet."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import polib
import pytest
from django.utils import translation

from forestall.base import entrywords
from forestall.base.catalogue import read_definition
from forestall.base.errors import Malformed
from forestall.base.terms import terms
from forestall.cli import marked
from forestall.cli import words as wordcheck
from forestall.cli.words import LANGUAGES, catalogue, fixed
from forestall.documents.translations import messages
from forestall.frameworks.scales import scale
from forestall.riskmodels import cards
from forestall.workspace.templatetags import vocabulary

Told = dict[tuple[str | None, str], str]


@pytest.fixture(params=LANGUAGES)
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def told(language: str) -> Told:
    brought = {(None, text): word for folder in entrywords.folders() for text, word in entrywords.entry_words(folder)[language].items()}
    return {(entry.msgctxt, entry.msgid): entry.msgstr for entry in catalogue(language)} | brought


def texts() -> Iterator[tuple[str, str]]:
    for pattern, keys in marked.CATALOGUES.items():
        for path in sorted(marked.PACKAGE.glob(pattern)):
            for text in marked.texts(read_definition(path), keys=keys):
                yield f"{path.parent.name}/{path.name}", text


@pytest.mark.parametrize("where", sorted({where for where, _ in texts()}))
def test_every_text_of_a_catalogue_entry_is_translated(where: str, told: Told) -> None:
    assert [text for place, text in texts() if place == where and not told.get((None, text))] == []


def test_a_risk_model_says_nothing_in_english_to_who_reads_another_language(told: Told) -> None:
    for card in cards().values():
        said = [
            card.title,
            card.summary,
            card.outcome,
            card.population,
            card.horizon,
            card.baseline,
            card.owner,
        ]
        for words in (*said, *card.features, *card.intended, *card.forbidden, *card.weaknesses):
            assert words.text(lambda key: told.get((None, key), key)) != words.message


def test_a_new_text_of_a_card_is_found(tmp_path: Path) -> None:
    definition = {
        "title": "A rule",
        "weaknesses": ["Sees little"],
        "section": [{"title": "Ask"}, {"title": "Why"}],
    }
    assert [*marked.texts(definition, keys=("title", "weaknesses", "section.title"))] == [
        "A rule",
        "Sees little",
        "Ask",
        "Why",
    ]


def test_what_a_move_records_is_read_in_the_readers_language(told: Told) -> None:
    assert [
        one.records
        for machine in marked._machines()
        for one in machine.moves.values()
        if not told.get((None, one.records))
    ] == []


def test_marked_words_are_found_with_their_context() -> None:
    tree = ast.parse(
        'say("open", context="account"); say("open"); note(by, verb="yes" if it else f"role given: {role}")'
    )
    assert [(context, message) for _, context, message in marked._said(tree)] == [
        ("account", "open"),
        (None, "open"),
    ]
    assert [verb for _, verb in marked._log_verbs(tree)] == ["yes", "role given"]


def test_the_screen_says_what_the_sheet_says(language: str) -> None:
    for entry in catalogue(language):
        on_the_sheet = fixed(entry.msgid, context=entry.msgctxt, language=language)
        assert not on_the_sheet or entry.msgid_plural or entry.msgstr == on_the_sheet, entry.msgid


def test_no_term_is_missing_from_the_screen(language: str, told: Told) -> None:
    for steps in terms().values():
        for term in steps.values():
            assert told[None, term["en"]] == term[language] == messages()[term["en"]][language]


def test_confidence_is_one_word_alone_and_beside_its_name(told: Told, language: str) -> None:
    for id_, mark in (
        ("low", "confidence low"),
        ("moderate", "confidence moderate"),
        ("high", "confidence high"),
    ):
        assert told["confidence", id_] == terms()["confidence"][id_][language]
        assert terms()["confidence"][id_][language] in told[None, mark]


@pytest.mark.parametrize(
    ("name", "words"), [("reliability", vocabulary.RELIABILITY), ("credibility", vocabulary.CREDIBILITY)]
)
def test_a_grade_is_one_word_in_the_library_and_beside_the_mark(
    name: str, words: dict[str, object], told: Told, language: str
) -> None:
    for step in scale(name).steps:
        if "cannot be judged" not in str(words[step.id]):
            assert told[None, str(words[step.id])].casefold() == step.label[language].casefold()


def test_arabic_has_six_forms_of_every_count_and_each_is_written() -> None:
    counted = [entry for entry in catalogue("ar") if entry.msgid_plural]
    assert counted
    assert [
        entry.msgid for entry in counted if len([form for form in entry.msgstr_plural.values() if form]) != 6
    ] == []


def test_french_holds_its_double_signs_and_arabic_has_its_own() -> None:
    french = [
        text
        for text in [*_texts(catalogue("fr")), *_brought("fr")]
        if " :" in text or " ;" in text or " ?" in text or "« " in text
    ]
    arabic = [text for text in [*_texts(catalogue("ar")), *_brought("ar")] if "?" in text or ";" in text]
    assert (french, arabic) == ([], [])


def _texts(entries: polib.POFile) -> Iterator[str]:
    for entry in entries:
        yield from [entry.msgstr] if not entry.msgid_plural else entry.msgstr_plural.values()


def _brought(language: str) -> list[str]:
    return [word for folder in entrywords.folders() for word in entrywords.entry_words(folder)[language].values()]


class TestWordsOfAnEntry:
    """An entry brings its French and its Arabic in its own folder."""

    @pytest.fixture
    def package(self, tmp_path: Path) -> Path:
        folder = tmp_path / "sources" / "river_watch"
        folder.mkdir(parents=True)
        (folder / "source.toml").write_text('id = "river-watch"\ntitle = "River watch"\nlevel = 1\nrunbook = """\nCall.\n"""\n')
        (folder / "words.toml").write_text(
            '[fr]\ntitle = "Veille du fleuve"\nrunbook = "Appelez."\n[ar]\ntitle = "رصد النهر"\nrunbook = "اتصل."\n'
        )
        return tmp_path

    def change(self, package: Path, old: str, new: str) -> None:
        path = package / "sources" / "river_watch" / "words.toml"
        assert old in path.read_text()
        path.write_text(path.read_text().replace(old, new))

    def test_it_is_found_by_its_folder_and_needs_no_line_elsewhere(self, package):
        [folder] = entrywords.folders(package)

        assert entrywords.entry_words(folder)["fr"] == {"River watch": "Veille du fleuve", "Call.": "Appelez."}
        assert marked._brought(folder) == {"River watch", "Call."}
        assert wordcheck._brought_faults(package) == []

    @pytest.mark.parametrize(
        ("old", "new", "fault"),
        [
            ('runbook = "اتصل."', "", "river_watch ar lacks runbook"),
            ('runbook = "اتصل."', 'runbook = " "', "river_watch ar lacks runbook"),
            ('[ar]\ntitle = "رصد النهر"\nrunbook = "اتصل."\n', "", "river_watch ar lacks runbook, title"),
            ("[ar]", "[es]", "river_watch words.toml has keys nobody reads: es"),
            ('runbook = "Appelez."', 'level = "deux"', "river_watch fr has keys nobody reads: level"),
        ],
    )
    def test_a_word_that_is_missing_or_of_no_text_is_a_fault(self, package, old, new, fault):
        self.change(package, old, new)

        assert wordcheck._brought_faults(package) == [fault]
        with pytest.raises(Malformed):
            entrywords.entry_words(package / "sources" / "river_watch")

    def test_one_text_has_one_translation(self, package):
        other = package / "sources" / "hill_watch"
        other.mkdir()
        (other / "source.toml").write_text('title = "River watch"\n')
        (other / "words.toml").write_text('[fr]\ntitle = "Autre"\n[ar]\ntitle = "رصد النهر"\n')

        assert wordcheck._brought_faults(package) == ["fr: two translations: River watch"]

    def test_a_reader_meets_them_on_the_page(self):
        title = read_definition(marked.PACKAGE / "sources" / "acled" / "source.toml")["title"]
        told = {}
        for language in ("en", "fr", "ar"):
            with translation.override(language):
                told[language] = vocabulary.catalogued(title)

        assert told == {"en": "ACLED events", "fr": "Événements ACLED", "ar": "أحداث ACLED"}

    def test_no_text_of_a_source_is_looked_for_in_the_word_catalogues(self):
        places = {place for found in marked.marked().values() for place in found}

        assert not [place for place in places if place.endswith("source.toml")]
