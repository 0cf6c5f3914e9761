"""Every suggester in the catalogue keeps the same contract, whatever it suggests."""

from pathlib import Path

import pytest

from forestall import suggesters
from forestall.base.errors import Refused
from forestall.reading.passage import Passage
from forestall.reading.suggester import KINDS, Answer, Suggestion

NAMES = suggesters.entries()
TEXTS = [
    "The militia in Mali was given rifles, officials in Bamako said on Tuesday, and the mobile network was cut.",
    "The militia in Mali was given rifles, officials in Bamako said on Tuesday, and the mobile network was cut.",
    "Le couvre-feu a été levé lundi dans toute la province, selon les autorités du Niger.",
    "",
    "   \n",
    "\x00\u202e\u200b",
    "12345 67890",
    "مالي",
    "民兵",
    "🙂🙂🙂",
    "a" * 5000,
]


def _passages() -> list[Passage]:
    languages = ["en", "en", "fr", "und", "en", "en", "en", "ar", "zh", "en", "en"]
    return [Passage(f"k-{place}", text, languages[place]) for place, text in enumerate(TEXTS)]


def test_the_first_four_are_there() -> None:
    assert {"copy", "indicator", "language", "place"} <= set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_card_and_object_say_the_same_of_themselves(name: str) -> None:
    card, suggester = suggesters.card(name), suggesters.load(name)
    assert (card.name, card.version, card.kind) == (suggester.name, suggester.version, suggester.kind)
    assert card.name == name
    assert card.kind in KINDS
    assert card.purpose.endswith(".")
    assert frozenset(card.languages) == (suggester.languages or frozenset())
    assert card.limits, "every suggester has limits, and says them"
    assert len(suggester.digest) == 64


@pytest.mark.parametrize("name", NAMES)
def test_one_answer_per_passage_in_order_with_places_inside_it(name: str) -> None:
    passages = _passages()
    answers = suggesters.load(name).suggest(passages)
    assert len(answers) == len(passages)
    for passage, answer in zip(passages, answers, strict=True):
        assert isinstance(answer, Answer)
        for found in answer:
            _holds(found, passage=passage, name=name)
        if answer.abstained:
            assert not answer
            assert str(answer.abstained.reason).endswith(".")


def _holds(found: Suggestion, *, passage: Passage, name: str) -> None:
    assert 0.0 <= found.score <= 1.0
    assert 0.0 < found.share <= 1.0
    assert 0 <= found.start < found.end <= len(passage.text)
    assert str(found.reason)
    assert found.suggester == name
    assert found.digest == suggesters.load(name).digest


@pytest.mark.parametrize("name", NAMES)
def test_asking_twice_gives_the_same(name: str) -> None:
    suggester = suggesters.load(name)
    assert suggester.suggest(_passages()) == suggester.suggest(_passages())


@pytest.mark.parametrize("name", NAMES)
def test_nothing_to_read_gives_nothing(name: str) -> None:
    assert suggesters.load(name).suggest([]) == []


def test_an_unknown_suggester_is_refused_with_the_names_there_are() -> None:
    with pytest.raises(Refused, match="copy"):
        suggesters.load("weather")


@pytest.mark.parametrize("name", NAMES)
def test_an_entry_imports_no_other_entry(name: str) -> None:
    folder = Path(suggesters.__file__).parent / name
    for path in folder.glob("*.py"):
        text = path.read_text(encoding="utf-8")
        strangers = [other for other in NAMES if other != name and f"suggesters.{other}" in text]
        assert not strangers, f"{path.name} imports {strangers}"
