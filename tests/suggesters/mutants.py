"""Copies made on purpose: what agencies, forwarders and editors do to a story, done to a text by a seeded hand."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Sequence

from forestall.reading.passage import Document
from forestall.suggesters.copy.suggester import copy_edges, independent_origins

Mutation = Callable[[str, random.Random, str], str]


def _formatted(text: str, chance: random.Random, other: str) -> str:
    spaced = "".join("  " if letter == " " and chance.random() < 0.05 else letter for letter in text)
    return spaced.upper() if chance.random() < 0.2 else spaced


def _wrapped(text: str, chance: random.Random, other: str) -> str:
    head = chance.choice(
        ["BREAKING NEWS: ", "OLDAN (Reuters) - ", "[Translated] ", "By our correspondent | "]
    )
    return f"{head}{text} (c) 2026 All rights reserved. Sign up for alerts."


def _cut(text: str, chance: random.Random, other: str) -> str:
    return text[: int(len(text) * chance.uniform(0.45, 0.65))]


def _edited(text: str, chance: random.Random, other: str) -> str:
    # Where words are not parted by spaces a "word" is a whole sentence: such are left as they are.
    pool = [word for word in other.split() if len(word) < 20] or ["somewhat"]
    return " ".join(
        word if len(word) >= 20 or chance.random() > 0.05 else chance.choice(pool) for word in text.split()
    )


def _moved(text: str, chance: random.Random, other: str) -> str:
    first, *rest = text.split(". ")
    changed = [" ".join(word for word in piece.split() if chance.random() > 0.12) for piece in rest]
    return ". ".join([first, *chance.sample(changed, k=len(changed))])


MUTATIONS: tuple[Mutation, ...] = (_formatted, _wrapped, _cut, _edited, _moved)


def corpus(originals: Sequence[str], *, seed: int) -> tuple[list[Document], dict[str, int]]:
    """The originals and up to three mutants of each, shuffled; and for each id the original it goes back to."""
    chance = random.Random(seed)
    texts = list(enumerate(originals))
    for number, text in enumerate(originals):
        other = originals[chance.randrange(len(originals))]
        for mutation in chance.sample(MUTATIONS, k=chance.randint(1, 3)):
            texts.append((number, mutation(text, chance, other)))
    chance.shuffle(texts)
    documents = [Document(f"k-{place}", text) for place, (_, text) in enumerate(texts)]
    return documents, {f"k-{place}": number for place, (number, _) in enumerate(texts)}


def b_cubed(documents: Sequence[Document], *, origin: dict[str, int]) -> tuple[float, float]:
    """Precision and recall of the groups of independent origins, document by document (B-cubed)."""
    groups = independent_origins(documents, edges=copy_edges(documents))
    sizes = Counter(origin.values())
    precision = recall = 0.0
    for group in groups:
        together = Counter(origin[member] for member in group)
        precision += sum(count * count / len(group) for count in together.values())
        recall += sum(count * count / sizes[number] for number, count in together.items())
    return precision / len(documents), recall / len(documents)
