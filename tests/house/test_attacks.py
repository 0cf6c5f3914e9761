"""Every attack of the catalogue is tried by a test that carries its id, or the page says why not."""

from __future__ import annotations

from tests.house.attacks import PAGE, carriers, families, page


def test_every_attack_is_tried_or_the_page_says_why_not() -> None:
    known = families()
    without = known.pop("without")
    ids = [key for family in known.values() for key in family if key != "title"]
    tried = carriers()

    assert len(ids) == len(set(ids))
    assert not [key for key in ids if key not in tried and key not in without], "Write a test, or why there is none."
    assert not set(without) - set(ids)


def test_no_test_carries_an_id_that_the_catalogue_lacks() -> None:
    ids = {key for family in families().values() for key in family}

    assert not {key: files for key, files in carriers().items() if key not in ids and key[0] not in "CDM"}


def test_the_page_is_current() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "Run: python -m tests.house.attacks"
