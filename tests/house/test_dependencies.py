"""What is built on comes from where it should, byte for byte."""

from __future__ import annotations

import tomllib
from pathlib import Path

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
