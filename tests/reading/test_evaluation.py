"""A suggester is measured language by language, and an abstention is never counted as right."""

from collections.abc import Sequence

from forestall.base.words import say
from forestall.reading.evaluation import Example, evaluate
from forestall.reading.passage import Passage
from forestall.reading.suggester import Answer, Suggestion, outside


class Echo:
    """Proposes the words of a passage as labels, and abstains from Welsh."""

    name, version, kind, digest = "echo", "1", "event", "0"
    languages = frozenset({"en", "fr"})

    def suggest(self, passages: Sequence[Passage]) -> list[Answer]:
        return [self._one(passage) for passage in passages]

    def _one(self, passage: Passage) -> Answer:
        if passage.language == "cy":
            return Answer(abstained=outside("cy"))
        return Answer(
            Suggestion(word, 1.0, 0, len(word), say("It is there."), self.name, self.version, self.digest)
            for word in passage.text.split()
        )


def _example(text: str, language: str, *labels: str) -> Example:
    return Example(Passage(id=text, text=text, language=language), frozenset(labels))


def test_the_table_has_a_row_per_language_and_one_for_all() -> None:
    rows = evaluate(
        Echo(),
        examples=[
            _example("fire", "en", "fire"),
            _example("flood fire", "en", "fire"),
            _example("feu", "fr", "eau"),
            _example("tân", "cy", "tân"),
        ],
    )
    table = {row.language: row for row in rows}
    assert set(table) == {"en", "fr", "cy", "all"}
    assert (table["en"].precision, table["en"].recall) == (2 / 3, 1.0)
    assert (table["en"].top_1, table["en"].top_3) == (0.5, 1.0)
    assert (table["fr"].precision, table["fr"].recall) == (0.0, 0.0)
    assert (table["cy"].precision, table["cy"].recall, table["cy"].abstentions) == (None, 0.0, 1)
    assert table["all"].n == 4


def test_macro_f1_weighs_every_label_alike() -> None:
    rows = evaluate(
        Echo(), examples=[_example("a", "en", "a"), _example("a", "en", "a"), _example("c", "en", "b")]
    )
    assert rows[0].macro_f1 == 0.5
