"""How long questions to a large store of facts take, what memory, and beside whom: each engine in a process of its own."""

from __future__ import annotations

import argparse
import importlib.util
import json
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

from forestall.base.errors import Refused
from forestall.base.words import say
from forestall.panel.factengine import digest
from forestall.panel.manifest import Manifest, read_manifest

from . import panelrivals
from .madeupevents import furnished
from .measuring import Measure

ROUNDS = 3
IN_SQLITE = 1_000_000
"""SQLite is asked of so many at the most: it needs a load first, and minutes for more."""
ENGINES: dict[str, Callable[[Path, Manifest], AbstractContextManager[panelrivals.Questions]]] = {
    name: getattr(panelrivals, name) for name in ("ours", "bare", "polars", "sqlite", "spark")
}
Tell = Callable[[str], None]


def measure(*, rows: int, data: str, tell: Tell) -> dict[str, Any]:
    """Seconds of the four questions by our functions and by others, peak memory, and whether the answers are the same.

    The events are made up in a temporary folder that is removed, or in `data`, where they stay and are used again.
    """
    if rows < 1_000:
        raise Refused(say("There must be a thousand events at least, so that each question has an answer."))
    if data:
        return _measured(Path(data).absolute(), rows, tell)
    with tempfile.TemporaryDirectory(prefix="forestall-bench-") as folder:
        return _measured(Path(folder), rows, tell)


def _measured(root: Path, rows: int, tell: Tell) -> dict[str, Any]:
    manifest = furnished(root / str(rows), events=rows, tell=tell)
    root = root / str(rows)
    size = sum(one.size for one in manifest.files)
    told = {"rows": manifest.rows(), "files": len(manifest.files), "parquet_mb": round(size / 1e6), "synthetic": True}
    pairs = [{name: _asked(name, root, manifest, tell) for name in ("ours", "bare")} for _ in range(ROUNDS)]
    found = {name: _best([one[name] for one in pairs]) for name in ("ours", "bare")}
    digests = {name: _asked(name, root, manifest, tell, hashed=True)["digests"] for name in ("ours", "bare")}
    rivals = [name for name in ("polars", "spark") if _present(name)]
    for name in rivals:
        found[name] = _asked(name, root, manifest, tell, hashed=True)
        digests[name] = found[name].pop("digests")
    same = {name: one == digests["ours"] for name, one in digests.items() if name != "ours"}
    return told | {
        "ratio_to_bare": round(found["ours"]["sum"] / found["bare"]["sum"], 3), "cpu_ratio_to_bare": round(found["ours"]["cpu"] / found["bare"]["cpu"], 3), "peak_mb": found["ours"]["peak_mb"],
        "same_hash_on_spark": same.get("spark"), "same_hash": same, "engines": found,
        "absent": [name for name in ("polars", "spark") if name not in rivals],
        "sqlite": _beside_sqlite(root.parent, rows, tell), "digests": digests["ours"],
    }  # fmt: skip


def _best(rounds: list[dict[str, Any]]) -> dict[str, Any]:
    """The round with the smallest sum; of memory the most that any took."""
    best = min(rounds, key=lambda one: one["sum"])
    return best | {"sums": [one["sum"] for one in rounds], "peak_mb": max(one["peak_mb"] for one in rounds)}


def _beside_sqlite(root: Path, rows: int, tell: Tell) -> dict[str, Any]:
    """SQLite and ourselves on a store that SQLite can hold."""
    few = min(rows, IN_SQLITE)
    manifest = furnished(root / str(few), events=few, tell=tell)
    asked = {name: _asked(name, root / str(few), manifest, tell, hashed=True) for name in ("sqlite", "ours")}
    digests = [one.pop("digests") for one in asked.values()]
    return {"rows": few, "why": "a smaller store: SQLite is loaded first", "same_hash": digests[0] == digests[1], **asked}


def _present(name: str) -> bool:
    """Whether a rival is installed; Spark needs Java besides."""
    module = {"spark": "pyspark"}.get(name, name)
    return importlib.util.find_spec(module) is not None and (name != "spark" or shutil.which("java") is not None)


def _asked(name: str, root: Path, manifest: Manifest, tell: Tell, *, hashed: bool = False) -> dict[str, Any]:
    found = _in_a_process(name, root, manifest, *(["--digest"] if hashed else []))
    tell(f"{name}: {found['sum']} s, {found['peak_mb']} MB")
    return found


def _in_a_process(name: str, root: Path, manifest: Manifest, *more: str) -> dict[str, Any]:
    command = [sys.executable, "-m", "forestall.cli.panelbench", name, str(root), manifest.sha256, *more]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - our own words
    if done.returncode:
        raise Refused(say("%(engine)s did not answer: %(why)s", engine=name, why=done.stderr.strip()[-400:]))
    return json.loads(done.stdout.splitlines()[-1])  # type: ignore[no-any-return]


def main() -> int:
    """Put the questions to one engine, and print seconds and memory, with --digest the hashes of the answers too."""
    parser = argparse.ArgumentParser(prog="python -m forestall.cli.panelbench")
    parser.add_argument("engine", choices=tuple(ENGINES))
    parser.add_argument("root", type=Path)
    parser.add_argument("manifest")
    parser.add_argument("--digest", action="store_true")
    given = parser.parse_args()
    manifest = read_manifest(given.root, given.manifest)
    with ENGINES[given.engine](given.root, manifest) as questions:
        told = _put(questions, hashed=given.digest)
    sys.stdout.write(json.dumps(told) + "\n")
    return 0


def _put(questions: panelrivals.Questions, *, hashed: bool) -> dict[str, Any]:
    """Each question once. Hashing is neither timed nor, where memory is sampled, weighed."""
    seconds, rows, digests, peak, used = {}, {}, {}, 0.0, 0.0
    for name, ask in questions.items():
        with Measure() as watched:
            began, began_use = time.perf_counter(), time.process_time()
            found = ask()
            seconds[name] = round(time.perf_counter() - began, 3)
            used += time.process_time() - began_use
        peak, rows[name] = max(peak, watched.peak_mb), found.num_rows
        if hashed:
            digests[name] = digest(found)
        del found
    if not hashed:
        peak = max(peak, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6)
    told = {"seconds": seconds, "sum": round(sum(seconds.values()), 3), "cpu": round(used, 3)}
    told |= {"rows": rows, "peak_mb": round(peak)}
    return told | ({"digests": digests} if hashed else {})


if __name__ == "__main__":
    sys.exit(main())
