"""What the suggesters say of an item as a whole."""

from __future__ import annotations

import pytest

from forestall.monitoring import suggesting
from forestall.monitoring.suggesting import Readers


@pytest.fixture(scope="module")
def readers() -> Readers:
    return Readers()


def test_a_shared_name_is_told_by_another_sentence(readers: Readers) -> None:
    text = "Congolese traders met on Monday. The mayor of Brazzaville opened the meeting."

    assert suggesting.read("", text, readers=readers).countries == ["COG"]


def test_a_title_tells_what_a_name_in_the_text_means(readers: Readers) -> None:
    read = suggesting.read("Atlanta", "Georgia opened a new warehouse on Friday.", readers=readers)

    assert read.countries == ["USA"]


def test_places_are_found_where_they_stand_in_the_text(readers: Readers) -> None:
    text = "The road is open. Lorries reached Bamako."
    found = suggesting.read("Roads", text, readers=readers).found
    places = [(one, piece) for one, piece in found if one.suggester == "place"]

    assert [text[piece.start + one.start : piece.start + one.end] for one, piece in places] == ["Bamako"]


def test_where_the_sender_sits_is_not_what_the_message_is_about(readers: Readers) -> None:
    text = "The clinic in Vientiane has the vaccines.\n\n-- \nMarta Wieser\nVienna, Austria\n"

    assert suggesting.read("", text, readers=readers).countries == ["LAO"]
