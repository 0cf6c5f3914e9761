"""What the Application Security Verification Standard 5.0.0 of OWASP asks for, and where it is kept and proven here.

`docs/asvs.toml` holds the ids with their levels and a line for each, in our own words. Run `python -m tests.house.asvs`
to write docs/reference/asvs.md and the figures in the threat model anew.
"""

from __future__ import annotations

import ast
import re
import tomllib
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "reference" / "asvs.md"
THREATS = ROOT / "docs" / "explanation" / "threat-model.md"
HELD, APART, MISSING = "held", "does not apply", "not held"
BETWEEN = re.compile(r"(?<=<!-- asvs -->\n).*?(?=\n<!-- /asvs -->)", re.DOTALL)
"""Where the threat model holds the figures."""


@cache
def read() -> dict[str, Any]:
    """`levels`: ids to 1, 2 or 3. `chapters`: a title, and lines by id with `says` and a proof or a reason."""
    found: dict[str, Any] = tomllib.loads((ROOT / "docs" / "asvs.toml").read_text(encoding="utf-8"))
    return found


def levels() -> dict[str, int]:
    found: dict[str, int] = read()["levels"]
    return found


def lines() -> dict[str, dict[str, Any]]:
    """Every line by its id."""
    return {key: line for chapter in read()["chapters"] for key, line in chapter["lines"].items()}


def standing(line: dict[str, Any]) -> str:
    """Whether it is held, does not apply, or is not held. Raises `ValueError` for a line that says none or two of them."""
    told = [HELD] if line.get("kept") and line.get("proven") else []
    told += [word for word, key in ((APART, "apart"), (MISSING, "missing")) if line.get(key)]
    if len(told) != 1 or (told != [HELD] and (line.get("kept") or line.get("proven"))):
        raise ValueError(f"{line} has neither a proof nor a reason, or both")
    return told[0]


def faults() -> list[str]:
    """What a line names and is not there: a file, or a test in it."""
    found = []
    for key, line in lines().items():
        for place in (*line.get("kept", ()), *line.get("proven", ())):
            path, _, name = place.partition("::")
            if not (ROOT / path).exists() or (name and name not in _tests(path)):
                found.append(f"{key}: {place}")
    return found


@cache
def _tests(path: str) -> frozenset[str]:
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    return frozenset(node.name for node in tree.body if isinstance(node, ast.FunctionDef))


def counts() -> dict[int, Counter[str]]:
    """How many lines stand how, by level."""
    found: dict[int, Counter[str]] = {level: Counter() for level in (1, 2, 3)}
    for key, line in lines().items():
        found[levels()[key]][standing(line)] += 1
    return found


def figures() -> str:
    """The counts as a table."""
    rows = ["| level | held | does not apply | not held | in all |", "|---|---|---|---|---|"]
    told = counts()
    for level, one in told.items():
        rows.append(f"| {level} | {one[HELD]} | {one[APART]} | {one[MISSING]} | {one.total()} |")
    whole = sum(told.values(), Counter[str]())
    rows.append(f"| all | {whole[HELD]} | {whole[APART]} | {whole[MISSING]} | {whole.total()} |")
    return "\n".join(rows)


def page() -> str:
    """The page: each requirement, and what keeps and proves it, or why nothing does."""
    parts = ["# Held against a standard", "", "Every requirement of the OWASP Application Security Verification Standard 5.0.0, by its id and level, in our own words:"]
    parts += ["what keeps it and which test proves it, or why it does not apply or is not held. Nobody outside has looked at it."]
    parts += ["A house test fails when a file or a test named here is not there.", "", figures(), ""]
    for chapter in read()["chapters"]:
        parts += [f"## V{chapter['number']} {chapter['title']}", "", "| id | level | what is asked | kept by | proven by, or why not |", "|---|---|---|---|---|"]
        parts += [_row(key, line) for key, line in chapter["lines"].items()]
        parts.append("")
    return "\n".join(parts)


def _row(key: str, line: dict[str, Any]) -> str:
    how = standing(line)
    kept = "<br>".join(f"`{path}`" for path in line.get("kept", ()))
    proven = "<br>".join(f"`{path}`" for path in line.get("proven", ())) + (f"<br>{line['but']}" if line.get("but") else "")
    reason = f"*{how}*: {line.get('apart') or line.get('missing')}"
    return f"| {key} | {levels()[key]} | {line['says']} | {kept} | {proven if how == HELD else reason} |"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
    THREATS.write_text(BETWEEN.sub(lambda _: figures(), THREATS.read_text(encoding="utf-8")), encoding="utf-8")
