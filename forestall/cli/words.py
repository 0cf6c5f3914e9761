"""The word catalogues: find every marked string, bring it into each language's catalogue, compile, and check.

`python -m forestall.cli.words extract|compile|check`. Marked are `say("…")`, `gettext("…")`, `_("…")` in Python and
`{% translate %}`, `{% blocktranslate %}` in templates. Needs the development tools (Babel, polib); nothing of the system.
"""

from __future__ import annotations

import ast
import sys
from collections import defaultdict
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import polib
from babel.messages.extract import extract as babel_extract

PACKAGE = Path(__file__).resolve().parents[1]
LOCALE = PACKAGE / "workspace" / "locale"
LANGUAGES = ("fr", "ar")
KEYWORDS = {"say": None, "gettext": None, "gettext_lazy": None, "_": None, "ngettext": (1, 2), "pgettext": ((1, "c"), 2),
            "pgettext_lazy": ((1, "c"), 2)}  # fmt: skip
PLURALS = {"fr": "nplurals=2; plural=(n > 1);",
           "ar": "nplurals=6; plural=n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3 : n%100>=11 ? 4 : 5;"}  # fmt: skip

Found = dict[tuple[str | None, str, str | None], list[str]]


def marked() -> Found:
    """Every marked string as (context, message, plural), to the places where it stands."""
    found: Found = defaultdict(list)
    for path in sorted(PACKAGE.rglob("*.py")):
        if "migrations" not in path.parts and not path.name.startswith("test_"):
            _add(found, path, path.read_bytes())
        if "migrations" not in path.parts:
            for line, verb in _log_verbs(path):
                found[None, verb, None].append(f"{path.relative_to(PACKAGE)}:{line}")
    for path in sorted((PACKAGE / "workspace" / "templates").rglob("*.html")):
        _add(found, path, _as_python(path).encode())
    for path in sorted((PACKAGE / "documents").rglob("document.toml")):
        for message in _titles(path):
            found[None, message, None].append(str(path.relative_to(PACKAGE)))
    return found


def _log_verbs(path: Path) -> Iterator[tuple[int, str]]:
    """What the log says was done: the words given as `verb=` to the record and as `records` to a move."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call):
            continue
        told = [word.value for word in node.keywords if word.arg in ("verb", "records")]
        if isinstance(node.func, ast.Name) and node.func.id == "Move":
            told += node.args[1:2]
        for value in told:
            if isinstance(value, ast.Constant) and isinstance(value.value, str) and "." not in value.value:
                yield node.lineno, value.value


def _as_python(path: Path) -> str:
    """A template as calls of gettext, as the template engine itself would make them."""
    import django
    from django.conf import settings
    from django.utils.translation.template import templatize

    if not settings.configured:
        settings.configure()
        django.setup()
    return f"({templatize(path.read_text(encoding='utf-8'))}\n)"  # in brackets, indentation says nothing


def _titles(path: Path) -> Iterator[str]:
    import tomllib

    definition = tomllib.loads(path.read_text(encoding="utf-8"))
    yield from (definition[key] for key in ("title", "audience", "channel"))
    yield from (section["title"] for section in definition["section"])
    yield from (step["step"] for step in definition["sign_off"])


def _add(found: Found, path: Path, content: bytes) -> None:
    for line, message, _, context in babel_extract("python", BytesIO(content), keywords=KEYWORDS):
        plural = None
        if isinstance(message, tuple):
            message, plural = message[0], message[1] if len(message) > 1 else None
        if message:
            found[context, message, plural].append(f"{path.relative_to(PACKAGE)}:{line}")


def catalogue(language: str) -> polib.POFile:
    """A language's catalogue as it stands, or an empty one."""
    path = LOCALE / language / "LC_MESSAGES" / "django.po"
    if path.exists():
        return polib.pofile(str(path), wrapwidth=110)
    made = polib.POFile(wrapwidth=110)
    made.metadata = {
        "Language": language,
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": PLURALS[language],
    }
    return made


def extract() -> int:
    """Bring every marked string into each catalogue; drop those that stand nowhere any more."""
    found = marked()
    for language in LANGUAGES:
        known = {(entry.msgctxt, entry.msgid): entry for entry in catalogue(language)}
        made = catalogue(language)
        made.clear()
        for context, message, plural in sorted(found, key=lambda key: (key[1], key[0] or "")):
            made.append(_entry(known.get((context, message)), context, message, plural, language))
        path = LOCALE / language / "LC_MESSAGES" / "django.po"
        path.parent.mkdir(parents=True, exist_ok=True)
        made.save(str(path))
        print(f"{language}: {len(made)} strings, {len(made.untranslated_entries())} to translate")
    return 0


def _entry(known: polib.POEntry | None, context: str | None, message: str, plural: str | None, language: str) -> polib.POEntry:
    forms = int(PLURALS[language].split("=")[1].split(";")[0])
    entry = polib.POEntry(msgid=message, msgctxt=context)
    if "%(" in message:
        entry.flags.append("python-format")
    if plural:
        entry.msgid_plural = plural
        entry.msgstr_plural = known.msgstr_plural if known and known.msgstr_plural else dict.fromkeys(range(forms), "")
    else:
        entry.msgstr = known.msgstr if known else ""
    return entry


def compile_all() -> int:
    """Write what the workspace reads (`django.mo`)."""
    for language in LANGUAGES:
        catalogue(language).save_as_mofile(str(LOCALE / language / "LC_MESSAGES" / "django.mo"))
    return 0


def check() -> int:
    """Fail when a marked string is missing, untranslated, has other parameters, or is not compiled."""
    faults = []
    found = set(marked())
    for language in LANGUAGES:
        entries = catalogue(language)
        known = {(entry.msgctxt, entry.msgid, entry.msgid_plural or None) for entry in entries}
        faults += [f"{language}: not in the catalogue: {message}" for _, message, _ in found - known]
        faults += [f"{language}: not translated: {entry.msgid}" for entry in entries.untranslated_entries()]
        faults += [f"{language}: other parameters: {entry.msgid}" for entry in entries if _parameters_differ(entry)]
        compiled = LOCALE / language / "LC_MESSAGES" / "django.mo"
        if not compiled.exists() or _compiled(compiled) != _meant(entries):
            faults.append(f"{language}: run `python -m forestall.cli.words compile`")
    for fault in faults[:60]:
        print(fault)
    if len(faults) > 60:
        print(f"… and {len(faults) - 60} more")
    return 1 if faults else 0


def _parameters_differ(entry: polib.POEntry) -> bool:
    import re

    wanted = set(re.findall(r"%\((\w+)\)", entry.msgid + (entry.msgid_plural or "")))
    told = [entry.msgstr] if entry.msgstr else list(entry.msgstr_plural.values())
    return any(set(re.findall(r"%\((\w+)\)", one)) - wanted for one in told) or bool(
        entry.msgstr and set(re.findall(r"%\((\w+)\)", entry.msgstr)) != wanted
    )


def _compiled(path: Path) -> dict[tuple[str | None, str], str]:
    return {(entry.msgctxt, entry.msgid): entry.msgstr for entry in polib.mofile(str(path)) if not entry.msgid_plural}


def _meant(entries: polib.POFile) -> dict[tuple[str | None, str], str]:
    told = (entry for entry in entries if entry.msgstr and not entry.msgid_plural)
    return {(entry.msgctxt, entry.msgid): entry.msgstr for entry in told}


if __name__ == "__main__":
    sys.exit({"extract": extract, "compile": compile_all, "check": check}[sys.argv[1]]())
