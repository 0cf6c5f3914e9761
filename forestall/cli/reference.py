"""The generated part of the reference: `python -m forestall.cli.reference` writes it, a test holds it current."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Iterator
from pathlib import Path

from forestall.access import states as access
from forestall.access.roles import ROLES, VERBS
from forestall.advising import states as advising
from forestall.assessment import states as assessment
from forestall.base.terms import terms
from forestall.facts.vocabulary import SCHEMES, codes, event_types
from forestall.monitoring import states as monitoring
from forestall.retention import states as retention
from forestall.vault import states as vault

from .command import commands
from .words import catalogue

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
    wings = (access, vault, monitoring, assessment, advising, retention)
    for machine in (machine for wing in wings for machine in wing.MACHINES):
        parts += [f"## {machine.name}", "", "```mermaid", machine.diagram(), "```", ""]
    return "\n".join(parts)


def role_page() -> str:
    """Every role with what it lets a person do."""
    parts = ["# Roles", "", "A role grants verbs and never sight: what a person sees comes from clearance alone.", ""]
    for role in ROLES.values():
        verbs = ", ".join(sorted(VERBS[verb].text() for verb in role.verbs))
        parts += [f"## {role.name.text()}", "", role.description.text(), "", f"May: {verbs}.", ""]
    return "\n".join(parts)


NOUNS = (
    "assessment", "Ask", "Addressee", "Clearance", "Counterparts", "Custody", "Desk", "Dissent", "Driver",
    "Evidence", "Exercise", "Factor", "Forecasts", "Framework", "Grade", "Indicator", "Interested party", "Item",
    "Judgement", "Library", "Marking", "Note", "Observation", "Office", "Origin", "Populations at risk", "Quarantine",
    "Readings", "Recommendation", "Record", "Recusal", "Risk factor", "Risk model", "Scenarios", "Sensitivity",
    "Situation", "Source", "Track record", "Warning", "Witnesses", "Wording",
)  # fmt: skip
"""Message ids by which the nouns of GLOSSARY.md are read on the screen."""


def term_page() -> str:
    """The terms, and the nouns of the glossary, as French and Arabic say them."""
    parts = ["# Terms", "", "One word in each language, on the screen, on the sheet and in Word: `base/terms.toml` for the"]
    parts += ["scales, levels and steps, the catalogues for the nouns. Generated. Our own French and Arabic, after United Nations"]
    parts += ["usage; not read by a reviser of the organisation.", ""]
    for scale, steps in terms().items():
        rows = [(term["en"], term["fr"], term["ar"]) for term in steps.values()]
        parts += [f"## {scale.capitalize()}", "", *_table(rows), ""]
    told = [{entry.msgid: entry.msgstr for entry in catalogue(language) if not entry.msgctxt} for language in ("fr", "ar")]
    return "\n".join([*parts, "## Nouns", "", *_table([(noun, *(one[noun] for one in told)) for noun in NOUNS]), ""])


def event_page() -> str:
    """The vocabulary of events: every type, and the producers' codes that mean it."""
    parts = ["# Types of events", "", "One list for every producer; the producer's own code stays beside it. CAMEO codes are looked up from the"]
    parts += ["longest prefix to the shortest. Generated from `facts/vocabulary.toml`.", ""]
    by_type: dict[str, list[str]] = {}
    for scheme in SCHEMES:
        for code, event_type in codes(scheme).items():
            by_type.setdefault(event_type, []).append(f"{scheme} {code}")
    parts += ["| type | family | what it is | codes |", "|---|---|---|---|"]
    for one in event_types().values():
        parts.append(f"| {one.title} (`{one.id}`) | {one.family} | {one.about} | {'; '.join(by_type.get(one.id, []))} |")
    return "\n".join([*parts, ""])


def _table(rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    yield from ("| English | French | Arabic |", "|---|---|---|", *(f"| {' | '.join(row)} |" for row in rows))


PAGES = {"commands.md": command_page, "states.md": state_page, "roles.md": role_page, "terms.md": term_page, "events.md": event_page}


def main() -> None:
    """Write every generated page."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, page in PAGES.items():
        (FOLDER / name).write_text(page(), encoding="utf-8")



if __name__ == "__main__":
    main()
