"""The generated part of the reference: `python -m forestall.cli.reference` writes it, a test holds it current."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path

from forestall.access.roles import ROLES, VERBS
from forestall.advising import states as advising
from forestall.assessment import states as assessment
from forestall.monitoring import states as monitoring

from .command import commands

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "reference"


def command_page() -> str:
    """Every command with its arguments."""
    parts = ["# Commands", "", "`./go X …` runs `forestall X …` for every X. Generated from the parsers.", ""]
    for command in commands():
        parser = argparse.ArgumentParser(prog=f"./go {command.name}", add_help=False, formatter_class=_Wide)
        command.arguments(parser)
        parts += [f"## {command.name}", "", f"{command.help.text().capitalize()}.", "", "```text"]
        parts += [*_told(parser), "```", ""]
    return "\n".join(parts)


class _Wide(argparse.HelpFormatter):
    """Help as wide everywhere, so that the page does not depend on a terminal."""

    def __init__(self, prog: str) -> None:
        super().__init__(prog, width=110, max_help_position=34)


def _told(parser: argparse.ArgumentParser) -> Iterator[str]:
    yield from (line.rstrip() for line in parser.format_help().splitlines())
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for name, below in action.choices.items():
                below.formatter_class = _Wide
                yield ""
                yield f"{parser.prog} {name}"
                yield from (line.rstrip() for line in below.format_help().splitlines())


def state_page() -> str:
    """Every workflow as a diagram."""
    parts = ["# States", "", "Generated from the wings' tables. An arrow is an allowed move and what it records.", ""]
    for machine in (*monitoring.MACHINES, *assessment.MACHINES, *advising.MACHINES):
        parts += [f"## {machine.name}", "", "```mermaid", machine.diagram(), "```", ""]
    return "\n".join(parts)


def role_page() -> str:
    """Every role with what it lets a person do."""
    parts = ["# Roles", "", "A role grants verbs and never sight: what a person sees comes from clearance alone.", ""]
    for role in ROLES.values():
        verbs = ", ".join(sorted(VERBS[verb].text() for verb in role.verbs))
        parts += [f"## {role.name.text()}", "", role.description.text(), "", f"May: {verbs}.", ""]
    return "\n".join(parts)


PAGES = {"commands.md": command_page, "states.md": state_page, "roles.md": role_page}


def main() -> None:
    """Write every generated page."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, page in PAGES.items():
        (FOLDER / name).write_text(page(), encoding="utf-8")



if __name__ == "__main__":
    main()
