"""Nothing leaves by a way that nobody has thought of: each module that hands files out stands in the table of exits."""

from __future__ import annotations

import ast
import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "forestall"
TABLE = ROOT / "docs" / "explanation" / "what-may-leave.md"
HANDING_OUT = re.compile(
    r"\bas_file\(|\battachment\(|FileResponse|StreamingHttpResponse|content_type=|Content-Disposition"
    r"|\btaken_out\(|\bfactdump\b|\.exported\(|working_copy_taken"
)
DOORS = {
    "workspace/download.py": "how a response becomes a file; hands nothing out by itself",
    "access/actions.py": "notes that something was taken out",
    "record/evidence.py": "notes in a custody that bytes were exported",
}
ELSEWHERE = re.compile(r"^(collecting|exercises|outbound|sources|panel|cli/leaks|cli/collectbench)")
"""Files that come in or are made up: messages with attachments, requests with a content type."""


def handing_out() -> set[str]:
    names = {str(path.relative_to(PACKAGE)): path for path in PACKAGE.rglob("*.py") if not path.name.startswith("test_")}
    return {
        name for name, path in names.items()
        if name not in DOORS and not ELSEWHERE.match(name) and HANDING_OUT.search(path.read_text(encoding="utf-8"))
    }  # fmt: skip


def test_every_module_that_hands_files_out_stands_in_the_table_of_exits() -> None:
    told = TABLE.read_text(encoding="utf-8")
    unknown = {name for name in handing_out() if f"`{name}`" not in told}

    assert not unknown, "Say in docs/explanation/what-may-leave.md what may leave there, and why."


def test_the_table_of_exits_names_no_module_that_is_gone() -> None:
    named = set(re.findall(r"`([a-z/]+/[a-z_/]+\.py)`", TABLE.read_text(encoding="utf-8").split("## Every way out")[1]))

    assert named and not {name for name in named if not (PACKAGE / name).exists()}


def test_every_table_says_what_its_rows_rest_on() -> None:
    calls = [
        (str(path.relative_to(PACKAGE)), node)
        for path in (PACKAGE / "workspace").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] == "table_file"
    ]
    silent = [name for name, node in calls if "rests" not in {keyword.arg for keyword in node.keywords}]

    assert len(calls) > 15 and not silent
