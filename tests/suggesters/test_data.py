"""The measured floors, on public text that the repository does not carry. Give its folder in FORESTALL_DATA."""

import csv
import html
import os
import random
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from defusedxml import ElementTree

from forestall.reading.passage import Passage
from forestall.suggesters.language.suggester import identify
from forestall.suggesters.place.gazetteer import world
from forestall.suggesters.place.suggester import make
from tests.suggesters.mutants import b_cubed, corpus

_GIVEN = os.environ.get("FORESTALL_DATA", "")
TEXT = Path(_GIVEN or "absent") / "text"
pytestmark = pytest.mark.skipif(
    not TEXT.is_dir(),
    reason="FORESTALL_DATA names no folder with the public text sets (text/udhr, text/geo, …)",
)

DECLARATIONS = {
    "amh": "am", "arb": "ar", "cmn_hans": "zh", "eng": "en", "fra": "fr",
    "kin": "rw", "rus": "ru", "spa": "es", "swh": "sw", "mya": "my",
}  # fmt: skip
CASES = {"arabic": "ar", "french": "fr", "mandarin": "zh", "spanish": "es"}


def _snippets(file: str, *, size: int, count: int) -> Iterator[str]:
    page = re.sub(r"<title>.*?</title>", "", (TEXT / "udhr" / f"{file}.html").read_text(encoding="utf-8"))
    text = re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", page)))
    chance = random.Random(11)
    for _ in range(count):
        start = chance.randrange(len(text) - size)
        yield text[start : start + size]


def test_ten_languages_are_known_from_sixty_letters_on() -> None:
    right = {
        language: sum(identify(text).language == language for text in _snippets(file, size=70, count=60)) / 60
        for file, language in DECLARATIONS.items()
    }
    assert sum(right.values()) / len(right) >= 0.99, right


def test_posts_of_sixty_letters_and_more_are_known() -> None:
    for file, language in CASES.items():
        with (TEXT / "mhc" / f"{file}.csv").open(encoding="utf-8", newline="") as rows:
            texts = [row["test_case"] for row in csv.DictReader(rows)]
        long_enough = [text for text in texts if len(text) >= (20 if language == "zh" else 60)][:300]
        right = sum(identify(text).language == language for text in long_enough) / len(long_enough)
        assert right >= 0.98, (language, right)


def _articles() -> list[str]:
    root = ElementTree.parse(TEXT / "geo" / "lgl.xml").getroot()
    found = {re.sub(r"\s+", " ", article.findtext("text") or "").strip() for article in root.iter("article")}
    return sorted(text for text in found if len(text) > 400)


def test_mutants_of_newspaper_articles_are_grouped() -> None:
    documents, origin = corpus(_articles()[:150], seed=4)
    precision, recall = b_cubed(documents, origin=origin)
    assert precision >= 0.95
    assert 2 * precision * recall / (precision + recall) >= 0.95


def _golden() -> list[tuple[str, list[tuple[int, int, str]]]]:
    """Each article with its toponyms as (start, end, ISO3), where the gold says the country."""
    codes = {name.text: name.code for name in world().names if name.kind == "country"}
    codes |= {"Palestinian Territory": "PSE"}
    found = []
    for article in ElementTree.parse(TEXT / "geo" / "lgl.xml").getroot().iter("article"):
        tops = [top for top in article.iter("toponym") if top.find("gaztag") is not None]
        marks = [
            (
                int(top.findtext("start")),
                int(top.findtext("end")),
                codes[top.find("gaztag").findtext("country")],
            )
            for top in tops
            if top.find("gaztag").findtext("country") in codes
        ]
        found.append((article.findtext("text") or "", marks))
    return found


def test_the_country_is_right_for_nine_names_in_ten_even_of_local_news() -> None:
    golden = _golden()
    answers = make().suggest([Passage(str(place), text) for place, (text, _) in enumerate(golden)])
    judged = [
        found.label in {code for start, end, code in marks if start <= found.start < end}
        for (_, marks), answer in zip(golden, answers, strict=True)
        for found in answer
        if any(start <= found.start < end for start, end, _ in marks)
    ]
    assert len(judged) > 1000
    assert sum(judged) / len(judged) >= 0.9
