"""Every marked string and where it stands: in Python, in templates, in the definitions of catalogues, in workflows.

Marked are `say("…")` with its `context`, `gettext("…")`, `_("…")`, `{% translate %}`, `{% blocktranslate %}`; the words
in which the log tells what was done; and the texts of a catalogue's entry that a person reads (`CATALOGUES`).
"""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator, Sequence
from io import BytesIO
from pathlib import Path
from typing import Any

from babel.messages.extract import extract as babel_extract

from forestall.base.catalogue import read_definition
from forestall.base.entrywords import brings, entry_words
from forestall.base.moves import Machine

PACKAGE = Path(__file__).resolve().parents[1]
KEYWORDS = {"gettext": None, "gettext_lazy": None, "_": None, "ngettext": (1, 2), "pgettext": ((1, "c"), 2),
            "pgettext_lazy": ((1, "c"), 2)}  # fmt: skip
CATALOGUES: dict[str, tuple[str, ...]] = {
    "documents/*/document.toml": ("title", "audience", "channel", "section.title", "sign_off.step"),
    "riskmodels/*/riskmodel.toml": (
        "title", "summary", "outcome", "population", "horizon", "features", "baseline", "owner", "intended",
        "forbidden", "weaknesses",
    ),
    "retention/schedule.toml": ("classes.name", "classes.covers", "classes.counted", "classes.source"),
    "sources/*/source.toml": ("title", "publisher", "licence", "attribution", "runbook"),
    "frameworks/*/framework.toml": ("sources.shows",),
    "frameworks/crimes.toml": ("crimes.law", "crimes.elements.citation"),
    "frameworks/scales.toml": ("scales.source",),
    "frameworks/speech.toml": ("tests.citation",),
}  # fmt: skip
"""Definitions to the keys that hold texts in English alone. What a framework or an exercise says in its own words stands
there in every language, beside the English; what an entry brings in its own folder (`base.entrywords`) is not looked for in
the word catalogues."""

Key = tuple[str | None, str, str | None]
"""Context, message id, plural."""
Found = dict[Key, list[str]]


def marked() -> Found:
    """Every marked string, to the places where it stands."""
    found: Found = defaultdict(list)
    for path in sorted(PACKAGE.rglob("*.py")):
        if "migrations" not in path.parts:
            _add_module(found, path)
    for path in sorted((PACKAGE / "workspace" / "templates").rglob("*.html")):
        _add(found, path, _as_python(path).encode())
    for pattern, keys in CATALOGUES.items():
        for path in sorted(PACKAGE.glob(pattern)):
            brought = _brought(path.parent)
            for message in texts(read_definition(path), keys=keys):
                if message not in brought:
                    found[None, message, None].append(str(path.relative_to(PACKAGE)))
    for machine in _machines():
        for move in machine.moves.values():
            found[None, move.records, None].append(f"states of {machine.name}")
    return found


def _brought(folder: Path) -> set[str]:
    """The texts of an entry that its own folder has words for."""
    if not brings(folder):
        return set()
    return {text for told in entry_words(folder).values() for text in told}


def texts(definition: dict[str, Any], *, keys: Sequence[str]) -> Iterator[str]:
    """What stands in a definition under `keys`: a text, a list of texts, or by `a.b` the texts `b` of a list of tables."""
    for key in keys:
        outer, _, inner = key.partition(".")
        value = definition.get(outer, [])
        if inner:
            yield from (text for one in value for text in texts(one, keys=[inner]))
        else:
            yield from ([value.strip()] if isinstance(value, str) else value)


def _machines() -> Iterator[Machine]:
    from forestall.advising import states as advising
    from forestall.assessment import states as assessment
    from forestall.monitoring import states as monitoring
    from forestall.retention import states as retention
    from forestall.vault import states as vault

    yield from (*advising.MACHINES, *assessment.MACHINES, *monitoring.MACHINES, *retention.MACHINES, *vault.MACHINES)


def _add_module(found: Found, path: Path) -> None:
    content = path.read_bytes()
    tree = ast.parse(content)
    if not path.name.startswith("test_"):
        _add(found, path, content)
        for line, context, message in _said(tree):
            found[context, message, None].append(f"{path.relative_to(PACKAGE)}:{line}")
    for line, verb in _log_verbs(tree):
        found[None, verb, None].append(f"{path.relative_to(PACKAGE)}:{line}")


def _said(tree: ast.AST) -> Iterator[tuple[int, str | None, str]]:
    """Every `say("…")` as line, context and message."""
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and node.func.id == "say"
            and node.args
        ):
            contexts = [_literal(word.value) for word in node.keywords if word.arg == "context"]
            message = _literal(node.args[0])
            if message:
                yield node.lineno, contexts[0] if contexts else None, message


def _literal(node: ast.AST) -> str:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def _log_verbs(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """What the log says was done, where the record is told it directly; what a move records stands in its machine."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            told = [word.value for word in node.keywords if word.arg == "verb"]
            if isinstance(node.func, ast.Name) and node.func.id == "_noted":
                told += node.args[1:2]
            yield from (
                (node.lineno, verb) for one in told for verb in _acts(one) if verb and "." not in verb
            )


def _acts(node: ast.AST) -> Iterator[str]:
    """A verb as written, both of a choice of two, and of `f"role given: {role}"` the act before what it is about."""
    if isinstance(node, ast.IfExp):
        yield from (*_acts(node.body), *_acts(node.orelse))
    elif isinstance(node, ast.JoinedStr):
        act, apart, _ = _literal(node.values[0]).partition(": ")
        yield act if apart else ""
    else:
        yield _literal(node)


def _as_python(path: Path) -> str:
    """A template as calls of gettext, as the template engine itself would make them."""
    import django
    from django.conf import settings
    from django.utils.translation.template import templatize

    if not settings.configured:
        settings.configure()
        django.setup()
    return f"({templatize(path.read_text(encoding='utf-8'))}\n)"  # in brackets, indentation says nothing


def _add(found: Found, path: Path, content: bytes) -> None:
    for line, message, _, context in babel_extract("python", BytesIO(content), keywords=KEYWORDS):
        plural = None
        if isinstance(message, tuple):
            message, plural = message[0], message[1] if len(message) > 1 else None
        if message:
            found[context, message, plural].append(f"{path.relative_to(PACKAGE)}:{line}")
