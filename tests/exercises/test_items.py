"""What the office received: enough of each form, language and kind, and a key that holds."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest

from forestall.base.errors import Malformed, Refused
from forestall.exercises import entries, load
from forestall.exercises.item import Form, Tie
from forestall.exercises.itemfile import ItemFiles
from tests.exercises.reality import INDICATORS

FLOORS = {"en": 60, "fr": 35, "ar": 25, "ru": 15, "es": 15, "zh": 12}
SHORTEST, LONGEST = 50, 220


def length(item) -> int:
    """Words; for Chinese half the characters, which read about alike."""
    return len(item.text) // 2 if item.language == "zh" else len(item.text.split())


def tied(karvania, *ties) -> list[str]:
    return [item.id for item in karvania.items if any(one.tie in ties for one in item.relations)]


def test_karvania_is_found_by_its_definition():
    assert "karvania" in entries()


def test_an_exercise_that_does_not_exist_is_refused_by_name():
    with pytest.raises(Refused, match="atlantis"):
        load("atlantis")


def test_there_are_items_enough_in_each_language(karvania):
    found = Counter(item.language for item in karvania.items)

    assert len(karvania.items) >= 160
    assert {language: found[language] >= floor for language, floor in FLOORS.items()} == dict.fromkeys(
        FLOORS, True
    )


def test_every_form_is_there_with_tables_feeds_archives_and_attachments(karvania):
    forms = Counter(item.form for item in karvania.items)
    bundles = Counter(bundle.form for bundle in karvania.bundles.values())
    carriers = Counter(item.carried_by for item in karvania.items if item.carried_by)

    assert set(forms) == set(Form)
    assert forms[Form.CSV] + forms[Form.SHEET] >= 4
    assert set(bundles) == {"rss", "atom", "jsonfeed", "zip"}
    assert max(carriers.values()) >= 2


def test_every_bundle_carries_several_items(karvania):
    carried = Counter(item.bundle for item in karvania.items if item.bundle)

    assert set(carried) == set(karvania.bundles)
    assert min(carried.values()) >= 2


def test_copies_corrections_contradictions_and_one_forgery_are_planted(karvania):
    assert len(tied(karvania, Tie.COPY, Tie.EXCERPT)) >= 20
    assert len(tied(karvania, Tie.CORRECTION)) >= 5
    assert len(tied(karvania, Tie.CONTRADICTION)) >= 4
    assert len(tied(karvania, Tie.FORGED)) == 1


def test_a_copy_differs_little_from_its_original_and_brings_no_observation_of_its_own(karvania):
    for identifier in tied(karvania, Tie.COPY):
        copy = karvania.item(identifier)
        original = set(karvania.item(copy.relations[0].to).text.split())
        assert len(original & set(copy.text.split())) / len(original) > 0.8, identifier
        assert copy.observations == (), identifier


def test_an_interested_party_speaks_often_and_is_never_graded_confirmed(karvania):
    said = [item for item in karvania.items if karvania.originators[item.originator].interested_party]
    confirmed = [item.id for item in said if item.credibility == 1]

    assert len(said) >= 6
    assert confirmed == ["k-158"]  # the Bureau's own date of publication


def test_much_lowers_the_risk_and_much_is_confidential(karvania):
    assert sum(item.lowers for item in karvania.items) >= 15
    assert sum(bool(item.marking) for item in karvania.items) >= 20
    assert {item.marking for item in karvania.items} == {"", "CONFIDENTIAL", "STRICTLY CONFIDENTIAL"}
    assert sum(item.noise for item in karvania.items) >= 8


def test_noise_says_nothing_about_risk(karvania):
    assert [item.id for item in karvania.items if item.noise and item.observations] == []


def test_every_text_has_the_length_of_its_kind(karvania):
    tables = {Form.CSV, Form.SHEET}
    odd = {
        item.id: length(item)
        for item in karvania.items
        if item.form not in tables and not SHORTEST <= length(item) <= LONGEST
    }

    assert odd == {}


def test_the_table_rows_all_have_the_cells_of_their_head(karvania):
    for item in karvania.items:
        if item.form in (Form.CSV, Form.SHEET):
            head, tags, *rows = item.text.splitlines()
            assert tags.startswith("#"), item.id
            assert {line.count(",") for line in (tags, *rows)} == {head.count(",")}, item.id


def test_every_quote_is_part_of_its_text(karvania):
    lost = [seen.id for item in karvania.items for seen in item.observations if seen.quote not in item.text]

    assert len(karvania.observations) >= 100
    assert lost == []


def test_every_indicator_number_exists_and_many_are_touched(karvania):
    numbers = {sign.number for seen in karvania.observations.values() for sign in seen.indicators}

    assert numbers <= INDICATORS
    assert {number.split(".")[0] for number in numbers} == {str(factor) for factor in range(1, 15)}


def test_everything_happens_within_the_exercise(karvania):
    start = karvania.opens - timedelta(days=150)  # what an early survey looks back on
    for item in karvania.items:
        assert karvania.opens <= item.received_at.date() <= karvania.today, item.id
        assert item.sent <= item.received_at, item.id
        for seen in item.observations:
            assert start <= seen.on.first <= seen.on.last, seen.id
            assert seen.on.precision == "month" or seen.on.last <= item.received_at.date(), seen.id


def test_harm_is_a_low_best_and_high_in_order(karvania):
    counted = [(seen.id, one) for seen in karvania.observations.values() for one in seen.harm.values()]

    assert len(counted) > 40
    assert [identifier for identifier, one in counted if not 0 <= one.low <= one.best <= one.high] == []


def test_the_forgery_touches_no_indicator_and_is_graded_so(karvania):
    [forged] = tied(karvania, Tie.FORGED)
    letter = karvania.item(forged)

    assert letter.grade == "F5"
    assert [seen.indicators for seen in letter.observations] == [()]


def test_a_quote_that_the_text_does_not_have_is_refused(karvania, tmp_path):
    (tmp_path / "x.md").write_text(
        '+++\nid = "k-1"\nform = "txt"\nfrom = "kna"\ntitle = "T"\nsent = 2026-01-01T00:00:00Z\ngrade = "D4"\n'
        'observations = [{kind = "statement", on = "2026-01-01", at = "ZZK", quote = "not there"}]\n+++\nText.\n',
        encoding="utf-8",
    )
    files = ItemFiles(karvania.country, originators=karvania.originators, bundles=karvania.bundles)

    with pytest.raises(Malformed, match="not there"):
        files.read(tmp_path)


@pytest.mark.parametrize(
    ("head", "says"),
    [
        ('from = "nobody"', "nobody"),
        ('from = "kna"\nmood = "bad"', "mood"),
        ('from = "kna"\ncopy_of = "k-999"', "k-999"),
    ],
)
def test_a_stray_reference_or_unknown_key_is_refused_by_name(karvania, tmp_path, head, says):
    (tmp_path / "x.md").write_text(
        f'+++\nid = "k-1"\nform = "txt"\n{head}\ntitle = "T"\nsent = 2026-01-01T00:00:00Z\ngrade = "D4"\n+++\nText.\n',
        encoding="utf-8",
    )
    files = ItemFiles(karvania.country, originators=karvania.originators, bundles=karvania.bundles)

    with pytest.raises(Malformed, match=says):
        files.read(tmp_path)
