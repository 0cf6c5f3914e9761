"""The worker makes backups by the clock, and one that fails or is late is told where the record is verified."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pyrage
import pytest

from forestall.base.clock import fixed, now
from forestall.base.errors import Malformed, Unavailable
from forestall.base.home import Kind, create
from forestall.config import office
from forestall.config.office import Backup
from forestall.keeping import backing
from forestall.record import lastbackup

RECIPIENT = str(pyrage.x25519.Identity.generate().to_public())
MONDAY = datetime(2026, 11, 2, 8, tzinfo=UTC)


@pytest.fixture
def asked(own_home: Any, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """An office that asks for a backup each day; what would be written is counted."""
    settings.BACKUP = Backup(str(tmp_path / "backups"), (RECIPIENT,), 24, 35)
    made: list[datetime] = []

    def create_one(folder: Path, **_: object) -> None:
        made.append(now())
        (folder / f"forestall-{now().strftime(backing.FORM)}.age").touch()
        lastbackup.remember()

    monkeypatch.setattr(backing, "create", create_one)
    return SimpleNamespace(folder=tmp_path / "backups", made=made)


def told() -> str:
    return " ".join(str(one) for one in lastbackup.worries())


def test_one_is_made_each_day_and_old_ones_go_but_never_the_newest(db: None, asked: SimpleNamespace) -> None:
    asked.folder.mkdir()
    for hour in range(0, 24 * 40, 6):
        with fixed(MONDAY + timedelta(hours=hour)):
            backing.make_if_due()
            assert told() == ""
    assert len(asked.made) == 40
    assert len(list(asked.folder.glob("forestall-*.age"))) == 36
    with fixed(MONDAY + timedelta(days=400)):
        assert backing.prune(asked.folder, days=35) == 35
        assert "too old" in told()


def test_a_folder_that_is_not_there_is_told_and_tried_again(db: None, asked: SimpleNamespace) -> None:
    with fixed(MONDAY), pytest.raises(Unavailable):
        backing.make_if_due()
    with fixed(MONDAY):
        assert "The last backup failed" in told()
    asked.folder.mkdir()
    with fixed(MONDAY + timedelta(hours=2)):
        backing.make_if_due()
        assert told() == "" and len(asked.made) == 1


def test_what_was_taken_away_is_in_both_ledgers_before_the_next_backup(people: SimpleNamespace, keeper: Any, asked: SimpleNamespace, own_home: Any) -> None:
    from forestall.access import actions

    asked.folder.mkdir()
    backing.make_if_due()
    before = [(folder / "ledger").stat().st_size for folder in (asked.folder, own_home.path)]
    actions.set_active(people.carol, active=False, by=keeper)
    backing.make_if_due()
    after = [(folder / "ledger").stat().st_size for folder in (asked.folder, own_home.path)]
    backing.make_if_due()

    assert len(asked.made) == 1 and all(new > old for new, old in zip(after, before, strict=True))
    assert after == [(folder / "ledger").stat().st_size for folder in (asked.folder, own_home.path)], "nothing new, nothing told"


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ('folder = "here"\nrecipients = ["age1x"]', "folder"),
        ('folder = "/b"', "recipients"),
        ('folder = "/b"\nrecipients = ["AGE-SECRET-KEY-1X"]', "recipients"),
        ('folder = "/b"\nrecipients = ["age1x"]\nevery_hours = 0', "every_hours"),
        ('folder = "/b"\nrecipients = ["age1x"]\nkeep_days = "all"', "keep_days"),
        ('folder = "/b"\nrecipients = ["age1x"]\nkeep = 3', "keep"),
    ],
)
def test_settings_are_read_strictly(text: str, named: str, tmp_path: Path) -> None:
    home = create(tmp_path / "home", kind=Kind.REAL)
    with (home.path / "home.toml").open("a") as file:
        file.write(f"[backup]\n{text}\n")

    with pytest.raises(Malformed, match=named):
        office.read(home)


def test_a_home_that_asks_for_none_is_told_that_it_has_none(tmp_path: Path, settings: Any) -> None:
    settings.HOME = create(tmp_path / "home", kind=Kind.REAL)

    assert "No backup was ever made" in told()


def test_a_backup_is_made_before_tables_change_where_one_is_asked_for(db: None, asked: SimpleNamespace, settings: Any, capsys: Any) -> None:
    from forestall.cli.command import _back_up_first

    asked.folder.mkdir()
    backing.make_before_upgrade()
    assert len(asked.made) == 1
    settings.BACKUP = Backup(str(asked.folder), ("no key",), 24, 35)
    _back_up_first()
    assert "No backup could be made first" in capsys.readouterr().err
    settings.BACKUP = Backup()
    assert backing.make_before_upgrade() is None


def test_a_restored_home_names_no_keys_elsewhere_and_keeps_its_other_settings(tmp_path: Path) -> None:
    from forestall.keeping import restoring

    told = 'kind = "real"\nkeys = "/token"\nvault_key = "/medium/key"\n[backup]\nfolder = "/b"\nvault_key = true\n'
    (tmp_path / "home.toml").write_text(told)
    restoring._alone(tmp_path / "home.toml")

    assert (tmp_path / "home.toml").read_text() == 'kind = "real"\n[backup]\nfolder = "/b"\nvault_key = true\n'
