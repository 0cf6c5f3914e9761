"""How well a suggester does on passages whose answer a person gave: one table, language by language.

Abstentions are counted apart and never as right answers: recall falls by them, precision does not.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from .passage import Passage
from .suggester import Answer, Suggester


@dataclass(frozen=True)
class Example:
    """A passage with the labels a person gave it and who wrote it (`own` examples support no public claim)."""

    passage: Passage
    labels: frozenset[str]
    author: str = "own"


@dataclass(frozen=True)
class Row:
    """One line of the table. Rates are between 0 and 1, and None where nothing was there to count."""

    suggester: str
    version: str
    language: str
    n: int
    precision: float | None
    recall: float | None
    macro_f1: float | None
    top_1: float | None
    top_3: float | None
    abstentions: int


def evaluate(suggester: Suggester, *, examples: Sequence[Example], depth: int = 3) -> list[Row]:
    """The table of `suggester` on `examples`: a row per language and one, `all`, over everything.

    Precision, recall and macro-F1 count the best `depth` suggestions of each passage that carries a label;
    with `depth=1` they are those of the first choice. `top_1` and `top_3` are the share of examples with a label
    among the first one and three.
    """
    answers = suggester.suggest([example.passage for example in examples])
    groups: dict[str, list[tuple[Example, Answer]]] = defaultdict(list)
    for example, answer in zip(examples, answers, strict=True):
        groups[example.passage.language].append((example, answer))
        groups["all"].append((example, answer))
    return [_row(suggester, language=name, pairs=groups[name], depth=depth) for name in sorted(groups)]


def _row(suggester: Suggester, *, language: str, pairs: list[tuple[Example, Answer]], depth: int) -> Row:
    hits, proposed, wanted = _counts(pairs, depth=depth)
    labelled = [pair for pair in pairs if pair[0].labels]
    return Row(
        suggester=suggester.name,
        version=suggester.version,
        language=language,
        n=len(pairs),
        precision=_rate(sum(hits.values()), sum(proposed.values())),
        recall=_rate(sum(hits.values()), sum(wanted.values())),
        macro_f1=_macro_f1(hits, proposed=proposed, wanted=wanted),
        top_1=_rate(sum(_within(pair, depth=1) for pair in labelled), len(labelled)),
        top_3=_rate(sum(_within(pair, depth=3) for pair in labelled), len(labelled)),
        abstentions=sum(answer.abstained is not None for _, answer in pairs),
    )


def ranked_labels(answer: Answer) -> list[str]:
    """The labels of an answer in order, each once."""
    return list(dict.fromkeys(suggestion.label for suggestion in answer))


def _within(pair: tuple[Example, Answer], *, depth: int) -> bool:
    return bool(pair[0].labels & set(ranked_labels(pair[1])[:depth]))


def _counts(
    pairs: list[tuple[Example, Answer]], *, depth: int
) -> tuple[Counter[str], Counter[str], Counter[str]]:
    hits: Counter[str] = Counter()
    proposed: Counter[str] = Counter()
    wanted: Counter[str] = Counter()
    for example, answer in pairs:
        labels = set(ranked_labels(answer)[:depth])
        proposed.update(labels)
        wanted.update(example.labels)
        hits.update(labels & example.labels)
    return hits, proposed, wanted


def _rate(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def _macro_f1(hits: Counter[str], *, proposed: Counter[str], wanted: Counter[str]) -> float | None:
    if not wanted:
        return None
    return sum(2 * hits[label] / (proposed[label] + wanted[label]) for label in wanted) / len(wanted)
