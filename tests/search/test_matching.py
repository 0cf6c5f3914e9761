"""The same question has the same answer in Python, in SQLite and in PostgreSQL, whatever the writing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from forestall.base.clock import now
from forestall.labels.models import everything
from forestall.search import matching
from forestall.search.index import spelled
from forestall.search.models import Document
from forestall.search.normaliser import words
from forestall.search.question import read

pytestmark = pytest.mark.django_db

VOCABULARY = [
    "village", "Villages", "élève", "ÉLÈVE", "Straße", "STRASSE", "İstanbul", "ISTANBUL", "ığdır",
    "القرية", "الْقَـرْيَة", "قريه", "مدنيون", "ﻻجئون", "لاجئون", "کابل", "كابل", "۱۲", "١٢", "12",
    "平民", "平民保护", "保护平民", "民", "軍隊", "деревня", "ДЕРЕВНЯ", "й", "и", "ёлка", "aldea", "año", "ano",
    "ሰላም", "ሠላም", "ကလေး", "ကလေးများ", "လေး", "แม่น้ำ", "kijiji", "vijiji", "l'eau", "co-operation", "NEAR", "AND", "OR", "a", "ab",
]  # fmt: skip
"""Words of the six languages of the United Nations, of the exercise, and of Amharic and Burmese; and some that look like commands."""
TEXT = st.lists(st.one_of(st.sampled_from(VOCABULARY), st.text(max_size=6)), max_size=8).map(" ".join)
ASKED = st.lists(
    st.builds(
        lambda minus, text, star: f"{minus}{text}{star}",
        st.sampled_from(["", "", "", "-"]),
        st.one_of(
            st.sampled_from(VOCABULARY),
            st.lists(st.sampled_from(VOCABULARY), min_size=2, max_size=3).map(lambda told: f'"{" ".join(told)}"'),
            st.text(max_size=4),
        ),
        st.sampled_from(["", "", "*"]),
    ),
    min_size=1,
    max_size=3,
).map(" ".join)


def _keep(texts: list[str]) -> None:
    everything(Document).all().delete()
    for number, text in enumerate(texts):
        told = spelled(words(text))
        row = Document(kind="x", object_id=UUID(int=number + 1), digest="", words=told, title_words=told, at=now())
        everything(Document).bulk_create([row])


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(texts=st.lists(TEXT, min_size=1, max_size=5), asked=ASKED)
@example(texts=["平民", "平 民", "平民保护", "军平 民"], asked="平民")
@example(texts=["民", "平民", "民平", "平民 "], asked="民")
@example(texts=["au军队b", "军队 au", "军队au"], asked="军队au")
@example(texts=["a b", "b a", "a x b", "ab"], asked='"a b"')
@example(texts=["a b", "b a", "a x b", "ab"], asked='-"a b"')
def test_I20_the_database_answers_as_the_words_say(texts: list[str], asked: str) -> None:
    question = read(asked)
    if not question:
        return
    _keep(texts)

    expected = {number for number, text in enumerate(texts, start=1) if question.answered_by(words(text))}
    there = everything(Document).filter(matching.condition(question)).values_list("object_id", flat=True)
    assert {one.int for one in there} == expected


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=TEXT, asked=ASKED)
def test_V13_the_order_by_match_is_counted_alike_in_the_database_and_here(text: str, asked: str) -> None:
    question = read(asked)
    if not question:
        return
    _keep([text])
    told = spelled(words(text))

    counted = everything(Document).annotate(score=matching.score(question)).values_list("score", flat=True)
    assert list(counted) == [sum(matching.counted(term, told, told) for term in question.wanted)]


@pytest.mark.parametrize(
    "asked",
    ["'", "%", "_", "*", '"', "NEAR(a b)", "words:a", "a AND NOT b", "a OR b", "(a", "a)", "^a", "{a}", "a:*", "a & b",
     "a | !b", "<->", "\\", "a\\'b", "'; DROP TABLE search_document; --", "\x00a", "a\x00", "-", "--", '""', '-""', "\ud800a"],
)  # fmt: skip
def test_I16_what_looks_like_a_command_is_words_or_nothing(asked: str) -> None:
    _keep(["a b", "near and not or"])
    question = read(asked)

    if question:
        list(everything(Document).filter(matching.condition(question)).annotate(score=matching.score(question)))
    assert everything(Document).count() == 2


def test_I20_a_whole_text_may_be_larger_than_the_database_likes(make_item: Callable[..., Any]) -> None:
    """PostgreSQL refuses more than a megabyte of lexemes: what is beyond is left out, and the item is kept."""
    many = " ".join(chr(0x4E00 + number % 20_000) + chr(0x4E00 + number * 7 % 20_000) for number in range(90_000))
    made = make_item("Long", many)

    assert everything(Document).filter(object_id=made.id).exists()


def test_a_search_that_takes_too_long_is_stopped_with_a_sentence() -> None:
    from forestall.base.errors import Unavailable

    slow = {
        "sqlite": "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n",
        "postgresql": "SELECT pg_sleep(20)",
    }[connection.vendor]
    with pytest.raises(Unavailable, match="too long"), matching.bounded(0.2), connection.cursor() as cursor:
        cursor.execute(slow)
