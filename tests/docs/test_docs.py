"""The docs are true: their commands are understood, their links lead somewhere, their generated pages are current."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from forestall.cli import reference
from forestall.cli.command import commands
from forestall.cli.main import main, parser_of

ROOT = Path(__file__).parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
COMMAND = re.compile(r"^\./go (?!test|check)(.+?)(?:\s+#.*)?$|`\./go (?!test|check|X)([^`]+)`", re.MULTILINE)
LINK = re.compile(r"\]\((?!https?:|#|mailto:)([^)#]+)")


NEVER = "00000000-0000-4000-8000-000000000000"
"""Stands where the docs say ID."""


def told(page: Path) -> list[str]:
    return [one or other for one, other in COMMAND.findall(page.read_text(encoding="utf-8"))]


@pytest.mark.parametrize(("page", "command"), [(page.name, one) for page in PAGES if page.name not in reference.PAGES for one in told(page)])
def test_every_command_in_the_docs_is_understood(page: str, command: str) -> None:
    words = [NEVER if word == "ID" else word for word in shlex.split(command)]
    if words[0] == "help" or words[-1] == "--help" or words[0].isupper():
        return
    parser_of(commands()).parse_args(words)


def test_the_docs_tell_commands_at_all() -> None:
    assert sum(len(told(page)) for page in PAGES) > 20


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_leads_somewhere(page: Path) -> None:
    dead = [link for link in LINK.findall(page.read_text(encoding="utf-8")) if not (page.parent / link).exists()]

    assert not dead


@pytest.mark.parametrize("name", reference.PAGES)
def test_generated_pages_are_current(name: str) -> None:
    written = (reference.FOLDER / name).read_text(encoding="utf-8")

    assert written == reference.PAGES[name](), "Run `python -m forestall.cli.reference`."


def test_every_setting_is_documented() -> None:
    told_settings = (ROOT / "docs/reference/settings.md").read_text(encoding="utf-8")
    source = (ROOT / "forestall/config/office.py").read_text(encoding="utf-8")
    known = re.findall(r'"(\w+)"', " ".join(re.findall(r"known=\(([^)]*)\)", source)))

    assert known
    assert not [setting for setting in known if f"`{setting}`" not in told_settings and f"`[{setting}]`" not in told_settings]


@pytest.mark.parametrize("command", ["frameworks list", "frameworks show unfaac-2014 7", "frameworks validate unfaac-2014"])
def test_the_cheap_commands_of_the_docs_run(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(shlex.split(command)) == 0
    assert capsys.readouterr().out


@pytest.mark.parametrize("page", sorted((ROOT / "docs").rglob("*.md")), ids=lambda page: page.name)
def test_every_test_that_a_page_names_is_there(page: Path) -> None:
    named = set(re.findall(r"`(tests/[\w/.]+)`", page.read_text(encoding="utf-8")))

    assert not [name for name in named if not (ROOT / name).exists()]
