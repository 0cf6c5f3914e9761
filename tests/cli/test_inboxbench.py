"""One urgent report among many stands first, and the measurement of it is of real pages."""

from __future__ import annotations

import json
import os
import subprocess
import sys

SCRIPT = "import json, sys; from forestall.cli.inboxbench import measure; print(json.dumps(measure(items=int(sys.argv[1]))))"


def test_R20_the_oldest_of_three_thousand_that_wait_stands_first_when_it_is_urgent() -> None:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("FORESTALL_DATABASE")}
    done = subprocess.run([sys.executable, "-c", SCRIPT, "3000"], capture_output=True, text=True, check=False, env=environment, timeout=200)
    assert done.returncode == 0, done.stderr[-2000:]
    found = json.loads(done.stdout.splitlines()[-1])

    assert (found["items"], found["place"]) == (3_000, 1)
    assert found["inbox_seconds"] < 60 and found["today_seconds"] < 60
