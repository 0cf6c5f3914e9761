"""Archives that would fill the machine, escape their folder, or stay shut."""

from __future__ import annotations

import hashlib
import io
import time
import zipfile

import pytest

from forestall.collecting.formats import package
from forestall.collecting.hostile import Hostile
from forestall.collecting.intake import Outcome
from tests.collecting import corpus


def test_U01_a_zip_of_zeros_is_quarantined_within_a_second(take):
    bomb = corpus.zeros(256 << 20)
    started = time.monotonic()

    reading = take("report.zip", bomb)

    assert (reading.outcome, reading.items) == (Outcome.QUARANTINED, 0)
    assert "unpack" in str(reading.reason)
    assert reading.quarantined[0].content == bomb
    assert time.monotonic() - started < 1


def test_U01_a_file_that_unpacks_to_a_hundred_times_its_size_is_refused_by_name(take):
    assert "zeros.txt unpacks to more than a hundred times" in str(
        take("a.zip", corpus.zeros(8 << 20)).reason
    )


def test_U01_files_that_are_too_large_only_together_are_refused(take):
    sparse = b"".join(
        hashlib.sha256(bytes([at % 256, at // 256])).digest() * 8 + bytes(9_000) for at in range(700)
    )
    many = corpus.archive(*((f"{number}.txt", sparse) for number in range(9)))

    assert "The archive would unpack" in str(take("many.zip", many).reason)


def test_U02_a_zip_that_lies_about_its_size_is_quarantined(take):
    liar = corpus.lying(corpus.archive(("big.txt", bytes(8 << 20))), says=1024)

    assert take("big.zip", liar).outcome is Outcome.QUARANTINED


def test_U02_inflating_stops_at_the_cap_whatever_the_directory_says():
    bomb = corpus.archive(("big.txt", bytes(8 << 20)))
    with package.open_package(bomb) as opened, pytest.raises(Hostile, match="far more"):
        package.read_member(opened, opened.infolist()[0])


def test_U02_archives_nested_six_deep_are_quarantined(take):
    reading = take("deep.zip", corpus.nested(6))

    assert reading.outcome is Outcome.QUARANTINED
    assert "deeper" in str(reading.reason)


def test_U02_archives_nested_twice_are_read(take):
    reading = take("deep.zip", corpus.nested(2))

    assert (reading.outcome, reading.items) == (Outcome.ACCEPTED, 1)


def test_U02_an_archive_of_thousands_of_empty_files_is_quarantined(take):
    crowd = corpus.archive(*((f"{number}.txt", b"") for number in range(5_000)))

    assert "5000 files" in str(take("crowd.zip", crowd).reason)


def test_U02_files_that_overlap_are_refused():
    content = corpus.archive(("a.txt", b"one" * 50), ("b.txt", b"two" * 50), stored=True)
    with package.open_package(content) as opened:
        opened.infolist()[1].header_offset = opened.infolist()[0].header_offset + 1
        with pytest.raises(Hostile, match="overlap"):
            package.guard(opened, members=10)


@pytest.mark.parametrize(
    "name", ["../../etc/x", "/etc/x", "C:\\x.txt", "a\\..\\..\\x.txt", "\\\\server\\x.txt"]
)
def test_U03_a_member_that_points_outside_quarantines_the_archive(take, name):
    reading = take("slip.zip", corpus.archive(("fine.txt", b"Fine."), (name, b"Out.")))

    assert (reading.outcome, reading.items) == (Outcome.QUARANTINED, 0)
    assert "points outside" in str(reading.reason)


def test_U03_a_name_that_hides_its_ending_behind_nul_quarantines_the_archive(take):
    content = corpus.archive(("aXb.txt", b"x")).replace(b"aXb.txt", b"a\0b.txt")

    assert "points outside" in str(take("nul.zip", content).reason)


def test_U03_a_link_in_an_archive_quarantines_it(take):
    assert "link" in str(take("link.zip", corpus.with_link()).reason)


def test_U03_a_name_given_twice_quarantines_the_archive(take):
    with pytest.warns(UserWarning, match="Duplicate"):
        twice = corpus.archive(("a.txt", b"one"), ("a.txt", b"two"))

    assert "twice" in str(take("twice.zip", twice).reason)


def test_U23_a_locked_archive_is_quarantined_and_says_what_to_ask_for(take):
    reading = take("locked.zip", corpus.locked_archive())

    assert reading.outcome is Outcome.QUARANTINED
    assert "unlocked" in str(reading.reason)


def test_a_bomb_inside_an_archive_quarantines_the_whole(take):
    mixed = corpus.archive(("note.txt", b"Harmless."), ("bomb.zip", corpus.zeros(64 << 20)), stored=True)

    reading = take("mixed.zip", mixed)

    assert (reading.outcome, reading.items) == (Outcome.QUARANTINED, 0)
    assert reading.quarantined[0].content == mixed


def test_an_unreadable_member_does_not_take_the_others_along(take):
    mixed = corpus.archive(("note.txt", b"The market reopened."), ("cut.pdf", corpus.pdf("x")[:200]))

    reading = take("mixed.zip", mixed)

    assert (reading.outcome, reading.items) == (Outcome.ACCEPTED, 1)
    assert [kept.name for kept in reading.quarantined] == ["cut.pdf"]
    assert "cut short" in str(reading.reason)


def test_an_archive_cut_short_is_quarantined(take):
    assert "cut short" in str(take("cut.zip", corpus.archive(("a.txt", b"text" * 99))[:-30]).reason)


def test_a_damaged_member_is_told_by_its_checksum(take):
    content = bytearray(corpus.archive(("a.txt", b"The market reopened."), stored=True))
    content[content.find(b"market")] ^= 1
    assert zipfile.is_zipfile(io.BytesIO(bytes(content)))

    assert "damaged" in str(take("a.zip", bytes(content)).reason)
