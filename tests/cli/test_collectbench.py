"""What the measurement of collecting counts has come, all of it, through two processes that write to one home."""

from __future__ import annotations

import json
import os
import subprocess
import sys

SCRIPT = "import json; from forestall.cli.collectbench import measure; print(json.dumps(measure(items=100, rows=2_000)))"


def test_two_processes_of_an_office_keep_all_that_comes_beside_each_other() -> None:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("FORESTALL_DATABASE")}
    done = subprocess.run([sys.executable, "-c", SCRIPT], capture_output=True, text=True, check=False, env=environment, timeout=200)
    assert done.returncode == 0, done.stderr[-2000:]
    found = json.loads(done.stdout.splitlines()[-1])

    assert (found["items"], found["kept"], found["gdelt_rows"]) == (100, 130, 2_000), "a mail brings its paper as well"
    assert found["items_per_second"] > 0 and found["gdelt_ratio_to_bare"] > 0
