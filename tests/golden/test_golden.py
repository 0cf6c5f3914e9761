"""A home of every released schema comes to today's tables with all it held; stopped on the way, it goes on."""

from __future__ import annotations

import importlib.util
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from forestall.base.home import Kind, create

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
MANY = 500
GOLDEN = sorted(HERE.glob("*.sql.gz"))

MIGRATE = """
import json, sys
from pathlib import Path
from forestall.base.home import open_home
from forestall.cli.command import migrate, set_up
set_up(open_home(Path(sys.argv[1])))
migrate()
"""
LOOK = MIGRATE + """
from forestall.access.models import Person
from forestall.access.session import bound_to, system_reader
from forestall.monitoring.models import Item, Quarantine
from forestall.record import evidence
from forestall.record.actions import write
from forestall.record.models import Evidence
from forestall.record.verification import verify
from forestall.search.models import Document
from forestall.keeping import upgrade
with bound_to(system_reader("keeper", reason="a test")):
    again = write(Item.objects.order_by("title").first(), by="system:keeper", verb="edited")
    found = verify()
    print(json.dumps({"written": again.times_written,
        "faults": [str(fault) for fault in found.faults], "items": sorted(Item.objects.values_list("title", flat=True))[:3],
        "count": Item.objects.count(), "depth": [one.depth for one in Quarantine.objects.all()],
        "people": [[p.username, sorted(p.granted), p.grants.count(), p.subject] for p in Person.objects.all()],
        "files": {one.name: [evidence.content(one).decode(), one.address.startswith("sealed/")] for one in Evidence.objects.all()},
        "found": Document.objects.filter(words__contains=" roadblock").count(), "left": upgrade.unapplied(),
    }))
"""


def _make() -> object:
    spec = importlib.util.spec_from_file_location("golden_make", HERE / "make.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


make = _make()


def of_no_home() -> dict[str, str]:
    """The environment without the home and the database of the tests: what is made here is files, on every database."""
    return {name: value for name, value in os.environ.items() if not name.startswith("FORESTALL_")}


def run(text: str, home: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-c", text, str(home)], capture_output=True, text=True, check=False,
                          env=of_no_home(), timeout=240)  # fmt: skip


def looked_at(home: Path) -> dict[str, object]:
    done = run(LOOK, home)
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(done.stdout.splitlines()[-1])


@pytest.mark.parametrize("golden", GOLDEN, ids=lambda path: path.name)
def test_R15_a_released_schema_comes_to_todays_tables_whole(golden: Path, tmp_path: Path) -> None:
    home = create(tmp_path / "home", kind=Kind.REAL)
    make.load(golden, home.path)  # type: ignore[attr-defined]
    told = looked_at(home.path)

    assert (told["faults"], told["written"]) == ([], 1)
    assert told["items"] == [f"{make.TITLE} {number}" for number in range(3)]  # type: ignore[attr-defined]
    assert told["people"] == [["alice", ["desk:karvania"], 1, ""]]
    assert told["files"] == {"internal.txt": ["Roadblocks on the Ward 7 road.", False], "confidential.txt": ["Amina K. saw it.", True]}
    assert told["depth"] == [0] and told["found"] == 3 and told["left"] == 0
    (copy,) = home.backups.glob("before-*.sqlite3")
    assert copy.stat().st_mode & 0o077 == 0 and not (home.backups / "upgrading").exists()


NAMED = {
    ("record", "0002_nothing_is_unwritten"): "the oldest tables have it: other apps began after it",
    ("record", "0003_tombstones"): "makes a table that was not there",
    ("record", "0004_working_drafts"): "makes a table that was not there",
    ("record", "0005_keys_and_seals"): "makes tables that were not there; their keys are made on first use",
    ("record", "0006_redactions"): "makes a table that was not there, and lays its guards",
    ("access", "0002_decisions_of_two"): "makes a table that was not there",
    ("access", "0003_sign_ins_and_tallies"): "golden: the person gets an empty subject; tables that were not there",
    ("monitoring", "0002_deciding_on_the_quarantine"): "golden: the file in quarantine gets the new columns, and verifies",
    ("monitoring", "0003_leave_to_quote"): "makes a table that was not there",
    ("monitoring", "0004_evidence_packages"): "makes tables that were not there",
    ("monitoring", "0010_contributions"): "makes a table that was not there",
    ("monitoring", "0011_office_settings"): "gives a table that was not there in the golden database a column",
    ("search", "0002_words_are_indexed"): "golden: the items are found",
    ("search", "0003_the_index_has_labels"): "golden: the items are found, by whom they may be seen",
    ("access", "0004_times_written"): "golden: what was written before counts as never written, is written once more, and verifies",
    ("access", "0005_tables_taken_out"): "makes a table that was not there",
    ("advising", "0002_times_written"): "golden: what was written before counts as never written, is written once more, and verifies",
    ("assessment", "0002_times_written"): "golden: what was written before counts as never written, is written once more, and verifies",
    ("forecasting", "0002_times_written"): "golden: what was written before counts as never written, is written once more, and verifies",
    ("institutions", "0002_times_written"): "golden: what was written before counts as never written, is written once more, and verifies",
    ("institutions", "0003_presences_and_mandates"): "golden: the counterparts get an empty short name; tables that were not there",
    ("monitoring", "0008_requests_for_information"): "golden: the sources speak for no body; a table that was not there",
    ("monitoring", "0006_asking_producers"): "golden: the turn that brought the items gets counts of nought; tables that were not there",
    ("monitoring", "0007_silences"): "makes tables that were not there",
    ("monitoring", "0009_terms_of_single_items"): "golden: items get empty terms of their own, so that their source's hold",
    ("monitoring", "0005_times_written"): "golden: what was written before counts as never written, is written once more, and verifies",
    ("record", "0007_times_written"): "golden: what was written before counts as never written, is written once more, and verifies",
    ("retention", "0002_times_written"): "golden: what was written before counts as never written, is written once more, and verifies",
    ("vault", "0002_times_written"): "golden: what was written before counts as never written, is written once more, and verifies",
}
"""Every migration but each app's first (whose tables the oldest golden database has), and what holds it."""


def test_G8_every_migration_has_a_test_with_data_or_a_reason() -> None:
    found = {
        (path.parts[-3], path.stem)
        for path in (ROOT / "forestall").glob("*/migrations/[0-9]*.py")
        if not path.stem.startswith("0001")
    }

    assert GOLDEN
    assert found == set(NAMED), "Put rows into tests/golden for it, or say here why none are needed."


@pytest.fixture(scope="module")
def grown(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home of the first tables with many items."""
    place = tmp_path_factory.mktemp("grown") / "home"
    done = subprocess.run([sys.executable, str(HERE / "make.py"), str(place), "-", str(MANY)], capture_output=True, text=True, check=False,
                          env=of_no_home())  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    return place


def killed_once(grown: Path, home: Path, *, after: float) -> bool:
    """Migrate in a process that is killed after so many seconds; whether it was still at it."""
    shutil.copytree(grown, home)
    started = subprocess.Popen([sys.executable, "-c", MIGRATE, str(home)], stderr=subprocess.PIPE, text=True, env=of_no_home())
    assert started.stderr is not None
    line = started.stderr.readline()
    assert "The database from before is kept" in line
    time.sleep(after)
    alive = started.poll() is None
    started.send_signal(signal.SIGKILL)
    started.communicate()
    return alive


def _kill_and_go_on(grown: Path, tmp_path: Path, *, times: int) -> None:
    chance = random.Random(14)
    alive = 0
    for turn in range(times):
        home = tmp_path / f"home{turn}"
        alive += killed_once(grown, home, after=chance.uniform(0.0, 1.2))
        told = looked_at(home)
        assert told["faults"] == [] and told["count"] == told["found"] == MANY and told["left"] == 0
        assert len(list((home / "backups").glob("before-*.sqlite3"))) == 1, "the copy from before the first try stays"
        shutil.rmtree(home)
    assert alive, "every kill came too late to mean anything"


def test_R14_a_migration_killed_half_way_goes_on(grown: Path, tmp_path: Path) -> None:
    _kill_and_go_on(grown, tmp_path, times=1)


BETWEEN = """
import os
from django.db.migrations.executor import MigrationExecutor
mark = MigrationExecutor.record_migration
def stop_between(self, migration):
    if not self.connection.in_atomic_block:
        os._exit(9)
    return mark(self, migration)
MigrationExecutor.record_migration = stop_between
""" + MIGRATE


def test_R14_no_migration_is_done_and_not_marked_as_done(tmp_path: Path) -> None:
    """Killed in between, it would be done a second time and fail for ever."""
    home = create(tmp_path / "home", kind=Kind.REAL)
    make.load(GOLDEN[0], home.path)  # type: ignore[attr-defined]

    assert run(BETWEEN, home.path).returncode == 0


@pytest.mark.full
def test_R14_a_migration_killed_at_ten_moments_goes_on(grown: Path, tmp_path: Path) -> None:
    _kill_and_go_on(grown, tmp_path, times=10)
