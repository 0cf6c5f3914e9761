"""A drop folder from first file to last: what came before, what is refused, and that the batch goes on."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from forestall.base.errors import Refused
from forestall.collecting.flags import FlagCode
from forestall.collecting.intake import Outcome, Seen, read_all
from forestall.collecting.limits import LIMITS
from forestall.sources import all_sources
from tests.collecting import corpus
from tests.collecting.conftest import NOW


@pytest.fixture
def drop(tmp_path: Path, child):
    """Put files into a folder and take the folder in."""

    def go(*, seen: Seen | None = None, **files: bytes):
        for name, content in files.items():
            (tmp_path / name.replace("_dot_", ".")).write_bytes(content)
        readings = read_all(tmp_path, sources=all_sources(), now=NOW, seen=seen, child=child)
        return {reading.name: reading for reading in readings}

    return go


def outcomes(readings) -> list[str]:
    return [reading.outcome.value for reading in readings.values()]


def test_the_same_bytes_are_a_duplicate(drop):
    found = drop(a_dot_txt=b"The market reopened.", b_dot_txt=b"The market reopened.")

    assert outcomes(found) == ["accepted", "duplicate"]
    assert found["b.txt"].items == 0
    assert found["b.txt"].level == 2


def test_the_same_bytes_under_a_false_name_are_quarantined(drop):
    assert outcomes(drop(a_dot_txt=b"The market reopened.", b_dot_pdf=b"The market reopened.")) == [
        "accepted",
        "quarantined",
    ]


def test_the_same_message_by_another_way_is_a_duplicate(drop):
    other = b"Received: by relay.example.org\n" + corpus.eml()

    assert outcomes(drop(a_dot_eml=corpus.eml(), b_dot_eml=other)) == ["accepted", "duplicate"]


def test_another_text_under_the_same_message_id_is_kept_and_flagged(drop):
    found = drop(a_dot_eml=corpus.eml(), b_dot_eml=corpus.eml("The market burned."))

    assert outcomes(found) == ["accepted", "accepted"]
    assert found["b.eml"].records[0].has(FlagCode.MESSAGE_ID_REUSED)


def test_another_attachment_to_the_same_message_is_no_duplicate(drop):
    found = drop(a_dot_eml=corpus.eml(), b_dot_eml=corpus.eml(files=(("a.txt", b"New annex."),)))

    assert outcomes(found) == ["accepted", "accepted"]


def test_G3_R16_taking_the_folder_twice_brings_nothing_new(drop):
    seen = Seen()
    files = {
        "a_dot_eml": corpus.eml(),
        "b_dot_rss": corpus.rss(corpus.ENTRY),
        "c_dot_zip": corpus.zeros(64 << 20),
    }
    first = drop(seen=seen, **files)
    second = drop(seen=seen)

    assert outcomes(first) == ["accepted", "accepted", "quarantined"]
    assert outcomes(second) == ["duplicate", "duplicate", "quarantined"]


def test_the_batch_goes_on_after_every_hostile_file(drop):
    found = drop(
        a_dot_zip=corpus.zeros(64 << 20),
        b_dot_json=b"[" * 100_000,
        c_dot_pdf=corpus.circular_pdf(),
        d_dot_png=corpus.png(30_000, 30_000),
        e_dot_txt=b"The market reopened.",
    )

    assert outcomes(found) == ["quarantined"] * 4 + ["accepted"]
    assert all(reading.reason for reading in list(found.values())[:4])


def test_links_and_devices_are_named_and_never_followed(drop, tmp_path):
    (tmp_path / "link.txt").symlink_to("/etc/passwd")
    (tmp_path / "folder").symlink_to("/etc")
    os.mkfifo(tmp_path / "pipe")
    found = drop()

    assert sorted(found) == ["folder", "link.txt", "pipe"]
    assert all(reading.outcome is Outcome.QUARANTINED and not reading.content for reading in found.values())


def test_a_file_over_the_limit_stays_where_it_lies(drop, tmp_path):
    with (tmp_path / "huge.csv").open("wb") as file:
        file.truncate(LIMITS.file + 1)
    reading = drop()["huge.csv"]

    assert reading.outcome is Outcome.QUARANTINED
    assert reading.size == LIMITS.file + 1
    assert reading.quarantined[0].path == tmp_path / "huge.csv"
    assert len(reading.sha256) == 64


def test_folders_are_walked_in_one_order_and_the_system_s_own_files_left_out(drop, tmp_path):
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "z.txt").write_text("Deep.")
    found = drop(c_dot_txt=b"Third.", a_dot_txt=b"First.", _dot_DS_Store=b"\0")

    assert list(found) == ["a.txt", "b/z.txt", "c.txt"]


def test_a_mapping_belongs_to_its_table(drop, tmp_path):
    (tmp_path / "rows.csv.mapping.toml").write_text(
        'date_order = "day-month-year"\nlevel = 3\nkey = ["day"]\n'
    )
    found = drop(rows_dot_csv=b"day,killed\n03/04/2026,1\n04/04/2026,2\n")

    assert list(found) == ["rows.csv"]
    assert found["rows.csv"].level == 3
    assert not found["rows.csv"].records[0].has(FlagCode.DATE_AMBIGUOUS)


def test_a_key_that_is_declared_unique_and_is_not_refuses_the_table(drop, tmp_path):
    (tmp_path / "rows.csv.mapping.toml").write_text('key = ["place"]\n')

    assert "one key and differ" in str(
        drop(rows_dot_csv=b"place,killed\nNorth,1\nNorth,2\n")["rows.csv"].reason
    )


def test_a_name_that_is_no_text_is_spelled_out(drop, tmp_path):
    Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9.txt")).write_text("The market reopened.")

    assert list(drop()) == ["caf\\xe9.txt"]


def test_what_is_no_folder_is_refused(tmp_path):
    with pytest.raises(Refused, match="no folder"):
        list(read_all(tmp_path / "absent", sources=all_sources(), now=NOW))
