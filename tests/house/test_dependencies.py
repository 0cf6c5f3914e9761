"""What is built on comes from where it should, byte for byte."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

PACKAGE = Path(__file__).parents[2] / "forestall"
RUNS = re.compile(r"\bimport (pickle|marshal|shelve|dill)\b|\byaml\.load|shell=True|os\.(system|popen)\(|(?<![.\w])(eval|exec)\(")
LOCK = Path(__file__).parents[2] / "uv.lock"


def test_every_dependency_comes_from_one_registry_with_its_hash() -> None:
    packages = tomllib.loads(LOCK.read_text(encoding="utf-8"))["package"]
    others = [one for one in packages if one["name"] != "forestall"]

    assert len(others) > 50
    for one in others:
        assert one["source"] == {"registry": "https://pypi.org/simple"}, one["name"]
        files = [*one.get("wheels", ()), *([one["sdist"]] if "sdist" in one else [])]
        assert files, one["name"]
        assert all(file["hash"].startswith("sha256:") and file["url"].startswith("https://files.pythonhosted.org/") for file in files), one["name"]


def test_nothing_reads_back_what_can_run_and_no_shell_is_asked() -> None:
    found = [path.relative_to(PACKAGE) for path in PACKAGE.rglob("*.py") if RUNS.search(path.read_text(encoding="utf-8"))]

    assert not found
    for wrong in ("import pickle", "subprocess.run(x, shell=True)", "os.system(x)", "y = eval(x)"):
        assert RUNS.search(wrong), wrong
