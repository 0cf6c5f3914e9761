"""Sentences keep their parameters, and words within words are translated with them."""

from __future__ import annotations

from forestall.base.words import kept, say, series, told

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


def test_a_message_with_two_meanings_is_translated_by_its_context() -> None:
    known = {"account\x04open": "ouvert", "key\x04open": "ouvrir"}

    assert say("open", context="account").text(lambda key: known.get(key, key)) == "ouvert"
    assert say("open", context="key").text(lambda key: known.get(key, key)) == "ouvrir"
    assert say("open", context="door").text(lambda key: known.get(key, key)) == "open"
    assert say("open", context="account") != say("open", context="key")


def test_words_keep_their_context_in_a_column() -> None:
    words = say("Account: %(state)s.", state=say("open", context="account"))

    assert told(**kept(words)) == words
    assert "context" not in kept(say("open"))


def test_words_in_a_row_are_one_list() -> None:
    assert str(series([say("power"), say("rights"), say("services")])) == "power, rights, services"
