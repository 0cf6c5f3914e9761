"""Which attack is tried by which test: read from the names of the tests, written to docs/reference/attacks.md.

A test carries an id in its name (`test_V29_…`, also several: `test_L01_L02_…`) or begins the id of a case with it
(`"V04 an item"`). Run `python -m tests.house.attacks` to write the page anew.
"""

from __future__ import annotations

import ast
import re
import tomllib
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "reference" / "attacks.md"
ID = re.compile(r"[VALKXUIRP]\d\d|G\d{1,2}")
RANGE = re.compile(r"^([VALKXUIR])(\d\d)_to_\1?(\d\d)_")


def families() -> dict[str, dict[str, str]]:
    """Families of attacks by letter: `title`, then ids with a line each. `without` holds reasons."""
    return tomllib.loads((ROOT / "docs" / "attacks.toml").read_text(encoding="utf-8"))


def carriers() -> dict[str, list[str]]:
    """Ids to the files whose tests carry them, in order."""
    found: dict[str, set[str]] = defaultdict(set)
    places = [*(ROOT / "tests").rglob("test_*.py"), *(ROOT / "forestall").rglob("test_*.py")]
    for path in sorted(places):
        for carried in _ids(ast.parse(path.read_text(encoding="utf-8"))):
            found[carried].add(str(path.relative_to(ROOT)))
    return {carried: sorted(files) for carried, files in found.items()}


def _ids(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
            yield from _named(node.name.removeprefix("test_"))
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield from _named(node.value.replace(" ", "_")) if re.match(rf"({ID.pattern})[ _-]", node.value) else ()


def _named(name: str) -> Iterator[str]:
    spread = RANGE.match(name)
    if spread:
        yield from (f"{spread[1]}{number:02}" for number in range(int(spread[2]), int(spread[3]) + 1))
        return
    for word in name.replace("-", "_").split("_"):
        if not ID.fullmatch(word):
            return
        yield word


def page() -> str:
    """The page: each attack, and the tests that try it, or why none does."""
    known, tried = families(), carriers()
    without = known.pop("without")
    parts = ["# What was tried against it", "", "Each line is an attack or a fault; beside it the files of the tests that carry its id in"]
    parts += ["their names, or why there is none. Generated from the names of the tests.", ""]
    for family in known.values():
        lines: dict[str, Any] = dict(family)
        parts += [f"## {lines.pop('title')}", "", "| id | what is tried | tried in |", "|---|---|---|"]
        parts += [f"| {key} | {words} | {_where(key, tried, without)} |" for key, words in lines.items()]
        parts.append("")
    return "\n".join(parts)


def _where(key: str, tried: dict[str, list[str]], without: dict[str, str]) -> str:
    files = "<br>".join(f"`{path}`" for path in tried.get(key, ()))
    reason = without.get(key, "")
    return f"{files}<br>{reason}" if files and reason else files or f"*{reason}*"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
