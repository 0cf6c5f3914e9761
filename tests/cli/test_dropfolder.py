"""The drop folder: what is whole is taken once, what is under way waits, and nothing in it is moved, deleted or followed."""

from __future__ import annotations

import os
from argparse import Namespace
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from forestall.access.session import bound_to
from forestall.base.errors import Refused
from forestall.cli import receiving
from forestall.cli.schedule import JOBS
from forestall.collecting.folder import Looks
from forestall.collecting.limits import LIMITS
from forestall.config.inbound import Inbound
from forestall.monitoring.models import Item, Quarantine, Run
from tests.mailserver import mail

pytestmark = pytest.mark.django_db


@pytest.fixture
def folder(tmp_path: Path, settings: Any) -> Path:
    here = tmp_path / "drop"
    here.mkdir()
    settings.OFFICE = Namespace(inbound=Inbound(folder=here))
    return here


@pytest.fixture
def look(folder: Path, keeper: Any) -> Callable[[], list[str]]:
    looks = Looks()
    return lambda: [one.file for one in receiving.take_from_folder(looks=looks)]


def test_a_file_is_taken_once_it_stopped_changing(folder: Path, look: Any) -> None:
    (folder / "note.txt").write_text("Checkpoints in the")
    assert look() == []
    (folder / "note.txt").write_text("Checkpoints in the north.")
    assert look() == [], "it grew since the last look"
    assert look() == ["note.txt"]
    assert look() == []
    assert Item.objects.get().text == "Checkpoints in the north."
    assert (folder / "note.txt").exists(), "nothing is moved or deleted"
    assert Run.objects.count() == 1, "a look that finds nothing leaves no trace"


def test_what_stays_does_no_harm_after_a_new_start(folder: Path, look: Any) -> None:
    (folder / "note.txt").write_text("Checkpoints.")
    look(), look()
    again = Looks()
    receiving.take_from_folder(looks=again)
    taken = receiving.take_from_folder(looks=again)

    assert [one.outcome for one in taken] == ["duplicate"]
    assert Item.objects.count() == 1


def test_another_version_of_a_file_is_taken_as_well(folder: Path, look: Any) -> None:
    (folder / "note.txt").write_text("First.")
    look(), look()
    (folder / "note.txt").write_text("Second, and longer.")
    look()
    assert look() == ["note.txt"]
    assert sorted(Item.objects.values_list("text", flat=True)) == ["First.", "Second, and longer."]


@pytest.mark.parametrize("name", ["film.part", "x.TMP", ".note.txt.Gx3f", "note.txt~", "a.crdownload", "tmp/170.M1.host"])
def test_what_is_still_being_written_waits(folder: Path, look: Any, name: str) -> None:
    (folder / "new").mkdir()
    (folder / name).parent.mkdir(exist_ok=True)
    (folder / name).write_text("Half")
    assert [look(), look(), look()] == [[], [], []]


def test_a_table_waits_for_its_mapping(folder: Path, look: Any) -> None:
    (folder / "rows.csv").write_text("place,killed\nNorth,3\n")
    look()
    (folder / "rows.csv.mapping.toml").write_text("")
    assert look() == []
    assert look() == ["rows.csv"]


def test_a_maildir_is_a_folder_too(folder: Path, look: Any) -> None:
    for name in ("new", "cur", "tmp"):
        (folder / name).mkdir()
    (folder / "new" / "1700000001.M1P2.host").write_bytes(mail("Sitrep"))
    (folder / "cur" / "1700000002.M1P2.host:2,S").write_bytes(mail("Read already"))
    look(), look()
    assert sorted(Item.objects.values_list("title", flat=True)) == ["Read already", "Sitrep"]


def test_links_and_devices_are_named_and_never_followed(folder: Path, look: Any, tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("zanziphore")
    (folder / "link.txt").symlink_to(tmp_path / "secret.txt")
    (folder / "outside").symlink_to(tmp_path)
    os.mkfifo(folder / "pipe.txt")
    look(), look()

    assert Item.objects.count() == 0
    assert sorted(one.name for one in Quarantine.objects.all()) == ["link.txt", "outside", "pipe.txt"]
    assert all("not followed" in one.message for one in Quarantine.objects.all())


def test_a_huge_file_is_named_and_not_read(folder: Path, look: Any) -> None:
    with (folder / "film.txt").open("wb") as file:
        file.truncate(LIMITS.file + 1)
    look(), look(), look()
    assert "at most" in Quarantine.objects.get().message


def test_what_is_laid_there_is_confidential_and_seen_by_the_cleared_alone(folder: Path, look: Any, session_of: Any) -> None:
    (folder / "feed.txt").write_text("Said in public.")
    look(), look()
    for name, seen in (("alice", 1), ("dora", 0)):
        with bound_to(session_of(name)):
            assert Item.objects.count() == seen


def test_a_folder_that_is_not_there_is_told_and_none_named_is_nothing(folder: Path, look: Any, settings: Any) -> None:
    folder.rmdir()
    with pytest.raises(Refused, match="no folder"):
        look()
    settings.OFFICE = Namespace(inbound=Inbound())
    assert look() == []


def test_the_worker_looks_every_minute() -> None:
    assert {name: every for name, every, _ in JOBS}["take_from_folder"] == 60
