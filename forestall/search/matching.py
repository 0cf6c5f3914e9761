"""A question as a condition in the database: the same answer from FTS5 and from PostgreSQL.

What orders answers is made of the words of each document alone, never of how often a word stands elsewhere, so that
nothing hidden moves what is seen.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import reduce
from operator import add
from typing import Any

from django.db import DatabaseError, OperationalError, connection, models
from django.db.models import Case, F, IntegerField, Q, Value, When
from django.db.models.expressions import RawSQL
from django.db.models.functions import Least, Length, Replace

from forestall.base.errors import Unavailable
from forestall.base.words import say

from .question import Question, Term

SECONDS = 5.0
"""How long one question may keep the database."""
STEP = 0.1
"""Every answer comes a multiple of these seconds after it was asked for."""
MOST_COUNTED = 5
"""How often a word counts in one document, at the most."""
LOOKS = 20_000
"""Steps of SQLite between looks at the clock."""


def condition(question: Question) -> Q:
    """What a document must fulfil to answer the question."""
    build = _in_sqlite if connection.vendor == "sqlite" else _in_postgresql
    return Q(*build(question))


def _in_sqlite(question: Question) -> list[Q]:
    found = []
    if question.wanted:
        found.append(Q(_fts(" AND ".join(map(_fts_term, question.wanted)), "IN")))
    if question.unwanted:
        found.append(Q(_fts(" OR ".join(map(_fts_term, question.unwanted)), "NOT IN")))
    return found


def _fts(match: str, among: str) -> RawSQL:
    sql = f"id {among} (SELECT rowid FROM search_words WHERE search_words MATCH %s)"  # noqa: S608
    return RawSQL(sql, [match], output_field=models.BooleanField())  # noqa: S611 - our own words


def _fts_term(term: Term) -> str:
    """A phrase of FTS5. Words hold letters and digits alone, so nothing in them can be a command."""
    return f'"{" ".join(term.words)}"{"*" if term.begins else ""}'


def _in_postgresql(question: Question) -> list[Q]:
    found = []
    if question.wanted:
        found.append(Q(_matching(" & ".join(map(_tsquery, question.wanted)))))
        found += [_in_order(term) for term in question.wanted if len(term.words) > 1]
    for term in question.unwanted:
        there = Q(_matching(_tsquery(term)))
        found.append(~(there & _in_order(term) if len(term.words) > 1 else there))
    return found


def _matching(asked: str) -> RawSQL:
    sql = "id IN (SELECT forestall_matching(%s::tsquery))"
    return RawSQL(sql, [asked], output_field=models.BooleanField())  # noqa: S611 - our own words, and a parameter


def _tsquery(term: Term) -> str:
    *before, last = term.words
    parts = [*(f"'{word}'" for word in before), f"'{last}':*" if term.begins else f"'{last}'"]
    return f"({' & '.join(parts)})"


def _in_order(term: Term) -> Q:
    """Lexemes have no places here (PostgreSQL keeps 256 of a word at the most): the words themselves tell the order."""
    return Q(words__contains=_spelled(term))


def _spelled(term: Term) -> str:
    return f" {' '.join(term.words)}{'' if term.begins else ' '}"


def score(question: Question) -> Any:
    """How well a document answers: each term as often as it stands there, at most five times, and four more in the title."""
    parts = [part for term in question.wanted for part in (_often(term), _in_title(term))]
    return reduce(add, parts, Value(0, output_field=IntegerField()))


def _often(term: Term) -> Any:
    told = _spelled(term)
    taken = Length(F("words")) - Length(Replace(F("words"), Value(told), Value("")))
    return Least(taken / Value(len(told)), Value(MOST_COUNTED), output_field=IntegerField())


def _in_title(term: Term) -> Any:
    there = When(title_words__contains=_spelled(term), then=Value(4))
    return Case(there, default=Value(0), output_field=IntegerField())


def counted(term: Term, told: str, title: str) -> int:
    """What one term adds to `score`, counted here: for a past day, which has no index."""
    asked = _spelled(term)
    return min(told.count(asked), MOST_COUNTED) + (4 if asked in title else 0)


@contextmanager
def paced(step: float | None = None) -> Iterator[None]:
    """Answer on the next of fixed steps (seconds): what was looked at and is hidden takes time too, and shows no more."""
    began, every = time.monotonic(), STEP if step is None else step
    try:
        yield
    finally:
        time.sleep(-(time.monotonic() - began) % every if every else 0)


@contextmanager
def bounded(seconds: float = SECONDS) -> Iterator[None]:
    """No statement inside the block takes longer. Raises `Unavailable` when one would."""
    hold = _holding_sqlite if connection.vendor == "sqlite" else _holding_postgresql
    try:
        with hold(seconds):
            yield
    except OperationalError as error:
        if _was_stopped(error):
            raise Unavailable(say("This search takes too long. Add a word, or narrow it.")) from error
        raise


def _was_stopped(error: OperationalError) -> bool:
    return "interrupted" in str(error) or getattr(error.__cause__, "sqlstate", "") == "57014"


@contextmanager
def _holding_sqlite(seconds: float) -> Iterator[None]:
    connection.ensure_connection()
    raw, end = connection.connection, time.monotonic() + seconds
    raw.set_progress_handler(lambda: time.monotonic() > end, LOOKS)
    try:
        yield
    finally:
        raw.set_progress_handler(None, 0)


@contextmanager
def _holding_postgresql(seconds: float) -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('statement_timeout', %s, false)", [str(int(seconds * 1000))])
    try:
        yield
    finally:
        with suppress(DatabaseError), connection.cursor() as cursor:  # a transaction that was stopped ends it by itself
            cursor.execute("RESET statement_timeout")
