"""House rules that no library checks. Each failure says what to do."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "forestall"
MODULES = sorted(path for path in PACKAGE.rglob("*.py") if "migrations" not in path.parts)
OWN = [path for path in MODULES if not path.name.startswith("test_")]
LAWFUL = [path for path in OWN if (PACKAGE / "cli" / "leaks") not in path.parents]
"""All but the bench that hides things and plants leaks, to see whether they are noticed."""
LONGEST_FUNCTION = 60
LONGEST_MODULE = 400
LONG_FUNCTIONS = {"forestall/documents/advisory_note/sample.py": "two whole notes, as values"}


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


def functions(path: Path) -> Iterator[ast.FunctionDef]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef):
            yield node


def test_modules_are_short_enough_to_hold_one_noun() -> None:
    long = {name_of(path): lines for path in OWN if (lines := len(path.read_text().splitlines())) > LONGEST_MODULE}

    assert not long, "Is there a second noun hiding in it? Give it a module."


def test_functions_are_small() -> None:
    lengths = [
        (name_of(path), node.name, (node.end_lineno or 0) - node.lineno + 1) for path in OWN for node in functions(path)
    ]
    long = [one for one in lengths if one[2] > LONGEST_FUNCTION and one[0] not in LONG_FUNCTIONS]
    ordered = sorted(length for _, _, length in lengths)

    assert not long, "Cut it where the comments would stand."
    assert ordered[len(ordered) // 2] <= 10, "Half of all functions have ten lines at the most."
    assert ordered[int(len(ordered) * 0.9)] <= 35, "Nine in ten have 35 lines at the most."


@pytest.mark.parametrize("word", ["utils", "helpers", "common", "manager", "service", "handler", "misc"])
def test_no_module_is_named_for_nothing(word: str) -> None:
    assert not [name_of(path) for path in MODULES if re.search(rf"(^|_){word}s?(_|\.py$|$)", path.name)]


def test_only_the_clock_asks_what_time_it_is() -> None:
    asking = [
        name_of(path)
        for path in OWN
        if name_of(path) != "forestall/base/clock.py"
        and re.search(r"datetime\.now\(|datetime\.utcnow\(|date\.today\(|timezone\.now\(", path.read_text())
    ]

    assert not asking, "Use forestall.base.clock."


WRITERS = re.compile(r"\.objects\.(create|bulk_create|update_or_create|get_or_create|update)\(|\.(save|delete)\(")
MAY_WRITE = re.compile(r"/(actions|record|labels|access)(/|\.py)|/cli/schedule\.py|/monitoring/(suggesting|models/item)\.py")


def test_only_actions_write_to_tables() -> None:
    rooms = [path for path in LAWFUL if path.relative_to(PACKAGE).parts[0] in WINGS | {"workspace", "cli"}]
    writing = [
        f"{name_of(path)}:{number}"
        for path in rooms
        if not MAY_WRITE.search(f"/{name_of(path)}")
        for number, line in enumerate(path.read_text().splitlines(), start=1)
        if WRITERS.search(line) and "Path" not in line and "session." not in line and "book" not in line
    ]
    known = [line for line in writing if not _writes_a_file(line)]

    assert not known, "Writing to a table is an action's work: move it to actions, where the record sees it."


def _writes_a_file(place: str) -> bool:
    name, number = place.rsplit(":", 1)
    line = (ROOT / name).read_text().splitlines()[int(number) - 1]
    return bool(re.search(r"(document|made|picture|image|file|workbook|entries)\.save\(", line)) and "models" not in line


WINGS = {"institutions", "monitoring", "forecasting", "assessment", "advising"}


def test_nothing_joins_past_the_reader() -> None:
    """`select_related` and counts over relations read rows without asking whether they may be seen."""
    found = [
        f"{name_of(path)}:{number}"
        for path in OWN
        for number, line in enumerate(path.read_text().splitlines(), start=1)
        if re.search(r"\.select_related\(|\.annotate\(.*Count\(|\.raw\(|\.extra\(", line)
    ]

    assert not found, "Ask the related things through their own manager."


def test_everything_unfiltered_is_read_by_the_record_and_written_by_its_index_alone() -> None:
    found = [
        name_of(path)
        for path in LAWFUL
        if re.search(r"\beverything\(", path.read_text())
        and path.relative_to(PACKAGE).parts[0] not in ("record", "labels")
    ]

    assert found == ["forestall/search/index.py"], "Only the record may read past the bound session."


def test_nobody_is_seen_as_a_superuser() -> None:
    found = [name_of(path) for path in OWN if re.search(r"is_superuser|is_staff", path.read_text())]

    assert not found, "Sight comes from clearance alone."


def test_own_javascript_stays_small() -> None:
    lines = sum(len(path.read_text().splitlines()) for path in PACKAGE.rglob("*.js") if "vendor" not in path.parts)

    assert lines < 3_000


PRIVATE = re.compile(
    r"farm-|before-stop|sub-?agent|\bTODO\b(?! lo)|\bFIXME\b|\bXXX\b|raise NotImplementedError|/work/|\bsprint\b|\bticket #|\bphase \d|\bissue #\d"
)
EXEMPT = {"tests/house/test_rules.py", "uv.lock"}


def test_the_product_speaks_of_itself_alone() -> None:
    suffixes = {".py", ".md", ".toml", ".html", ".css", ".js", ".sh", ".po"}
    texts = [
        path
        for folder in ("forestall", "tests", "docs", ".ci")
        for path in (ROOT / folder).rglob("*")
        if path.suffix in suffixes and path.is_file() and name_of(path) not in EXEMPT
    ] + [path for path in ROOT.glob("*") if path.suffix in suffixes]
    found = [
        f"{name_of(path)}:{number}: {line.strip()[:100]}"
        for path in texts
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if PRIVATE.search(line)
    ]

    assert not found


def test_every_folder_of_the_package_is_a_room_of_the_house() -> None:
    told = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    rooms = [path.name for path in PACKAGE.iterdir() if path.is_dir() and not path.name.startswith("__")]

    assert not [room for room in rooms if f"{room}/" not in told], "Draw it in ARCHITECTURE.md."


def test_every_room_says_what_it_is_for() -> None:
    silent = [
        name_of(path)
        for path in PACKAGE.rglob("__init__.py")
        if "migrations" not in path.parts and len(ast.get_docstring(ast.parse(path.read_text())) or "") < 20
        and path.parent.parent == PACKAGE
    ]  # fmt: skip

    assert not silent


MAY_ELEVATE = {
    "forestall/labels/telling.py", "forestall/labels/rowsecurity.py", "forestall/labels/models.py",
    "forestall/record/actions.py", "forestall/record/resting.py", "forestall/record/resealing.py", "forestall/record/replaying.py",
    "forestall/cli/command.py", "forestall/keeping/pouring.py",
}  # fmt: skip


def test_only_the_record_a_migration_and_a_backup_pass_the_second_net() -> None:
    found = {name_of(path) for path in LAWFUL if re.search(r"\belevated\(", path.read_text())}

    assert found == MAY_ELEVATE, "Read through the bound session."
