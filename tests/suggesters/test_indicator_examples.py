"""The project's own passages are found their indicators. They watch for a step back; no figure from them is a claim."""

import tomllib
from pathlib import Path

from forestall.reading.evaluation import Example, evaluate
from forestall.reading.passage import Passage
from forestall.suggesters.indicator.suggester import make

_FILE = Path(__file__).with_name("indicator_examples.toml")


def _examples() -> list[dict[str, object]]:
    found: list[dict[str, object]] = tomllib.loads(_FILE.read_text(encoding="utf-8"))["examples"]
    return found


def test_most_passages_have_their_indicator_among_the_first_three() -> None:
    examples = [
        Example(Passage(str(place), str(one["text"]), str(one["language"])), frozenset(one["labels"]))  # type: ignore[call-overload]
        for place, one in enumerate(_examples())
    ]
    table = {row.language: row for row in evaluate(make(), examples=examples)}
    assert table["all"].n >= 60
    assert set(table) == {"all", "en", "fr", "es", "ru", "ar", "zh"}
    assert (table["all"].top_1 or 0) >= 0.85
    assert all((row.top_3 or 0) >= 0.9 for row in table.values())


def test_the_direction_is_told() -> None:
    examples = _examples()
    answers = make().suggest([Passage("p", str(one["text"]), str(one["language"])) for one in examples])
    right = [
        next((found.qualifier for found in answer if found.label in set(one["labels"])), "")
        == one["direction"]  # type: ignore[call-overload]
        for one, answer in zip(examples, answers, strict=True)
    ]
    assert sum(right) / len(right) >= 0.9
