"""Sentences keep their parameters, and words within words are translated with them."""

from __future__ import annotations

from forestall.base.words import kept, say, told

FRENCH = {"Note %(reference)s: %(state)s.": "Note %(reference)s : %(state)s.", "transmitted": "transmise"}


def test_words_within_words_are_translated_together() -> None:
    words = say("Note %(reference)s: %(state)s.", reference="AN-1", state=say("transmitted"))

    assert str(words) == "Note AN-1: transmitted."
    assert words.text(lambda message: FRENCH[message]) == "Note AN-1 : transmise."


def test_words_come_back_from_a_column_as_they_went_in() -> None:
    words = say("Note %(reference)s: %(state)s.", reference="AN-1", state=say("transmitted"))
    plain = kept(words)

    assert told(**plain) == words
    assert told(**plain).text(lambda message: FRENCH[message]) == "Note AN-1 : transmise."


def test_a_per_cent_sign_in_a_parameter_is_no_parameter() -> None:
    assert str(say("Share: %(share)s", share="55 %s")) == "Share: 55 %s"
