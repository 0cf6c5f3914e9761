"""One byte of the database is changed on the disk: it is told, or nothing that was recorded reads differently."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

FLIPS = """
import json, random, sys
from functools import partial
from pathlib import Path
from forestall.cli.faults.place import asked, made
from forestall.cli.faults.stock import prepare
place = made(Path(sys.argv[1]))
from forestall.monitoring.suggesting import Readers
readers = Readers()
asked(lambda: prepare(place, readers=readers))

def rest():
    from django.db import connection
    place.enter()
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")

def look(at):
    from forestall.base.canonical import sha256
    from forestall.labels.models import everything
    from forestall.record.verification import recorded_models, verify
    from forestall.search import index
    at.enter()
    faults = [str(one) for one in verify().faults]
    if faults or not index.compare().holds:
        return [True, ""]
    things = [one.payload() for model in recorded_models() for one in everything(model).order_by("pk")]
    return [False, sha256("".join(map(str, things)))]

asked(rest)
before = asked(partial(look, place))
whole, chance, told = place.home.database.read_bytes(), random.Random(int(sys.argv[3])), []
copy = place.copied("flipped")
for _ in range(int(sys.argv[2])):
    at = chance.randrange(len(whole))
    bad = bytearray(whole)
    bad[at] ^= 1 << chance.randrange(8)
    for ending in ("-wal", "-shm"):
        Path(f"{copy.home.database}{ending}").unlink(missing_ok=True)
    copy.home.database.write_bytes(bad)
    try:
        noticed, now = asked(partial(look, copy))
    except RuntimeError:
        noticed, now = True, ""
    told.append([at, "told" if noticed else "unharmed" if now == before[1] else "WRONG"])
print(json.dumps({"before": before, "size": len(whole), "told": told}))
place.gone()
copy.gone()
"""


def flipped(folder: Path, times: int, *, seed: int) -> Counter[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("FORESTALL_DATABASE")}
    done = subprocess.run([sys.executable, "-c", FLIPS, str(folder), str(times), str(seed)], capture_output=True, text=True,
                          check=False, env=environment, timeout=times * 20 + 200)  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    found = json.loads(done.stdout.splitlines()[-1])
    assert not found["before"][0] and found["before"][1], "before, it held"
    assert [one for one in found["told"] if one[1] == "WRONG"] == []
    return Counter(what for _, what in found["told"])


def test_R07_a_changed_byte_of_the_database_is_told_or_does_no_harm(tmp_path: Path) -> None:
    assert flipped(tmp_path, 30, seed=1)["told"] >= 3


@pytest.mark.full
@pytest.mark.timeout(3600)
def test_R07_a_thousand_changed_bytes(tmp_path: Path) -> None:
    assert flipped(tmp_path, 1_000, seed=2)["told"] >= 100
