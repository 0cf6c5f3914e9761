"""The word catalogues: bring every marked string into each language's catalogue, compile, and check.

`python -m forestall.cli.words extract|compile|check`. What is marked, `forestall.cli.marked` says. The terms and the
fixed words of documents are not translated here: their French and Arabic come from base/terms.toml and
documents/translations.toml, so that the screen says what the sheet says. What an entry of a catalogue brings in its own
folder (`words.toml`) is checked here and needs no line in a word catalogue, nor to be compiled. Needs the development tools (Babel, polib);
nothing of the system.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

import polib

from forestall.base import entrywords
from forestall.base.errors import Malformed
from forestall.base.terms import terms
from forestall.cli.marked import PACKAGE, marked
from forestall.documents import translations

LOCALE = PACKAGE / "workspace" / "locale"
LANGUAGES = ("fr", "ar")
PLURALS = {"fr": "nplurals=2; plural=(n > 1);",
           "ar": "nplurals=6; plural=n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3 : n%100>=11 ? 4 : 5;"}  # fmt: skip

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
        entry.msgstr = fixed(message, context=context, language=language) or (known.msgstr if known else "")
    return entry


def fixed(message: str, *, context: str | None, language: str) -> str:
    """What a sheet says for `message` and the screen says too; empty when no sheet says it.

    Under a context a message means something else than on the sheet, unless the context is the term's own scale.
    """
    if context is not None and message not in {term["en"] for term in terms().get(context, {}).values()}:
        return ""
    return translations.messages().get(message, {}).get(language, "")


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
        faults += [f"{language}: not as on the sheet: {entry.msgid}" for entry in entries if _differs_from_sheet(entry, language)]
        compiled = LOCALE / language / "LC_MESSAGES" / "django.mo"
        if not compiled.exists() or _compiled(compiled) != _meant(entries):
            faults.append(f"{language}: run `python -m forestall.cli.words compile`")
    faults += _brought_faults()
    for fault in faults[:60]:
        print(fault)
    if len(faults) > 60:
        print(f"… and {len(faults) - 60} more")
    return 1 if faults else 0


def _brought_faults(package: Path = PACKAGE) -> list[str]:
    """What is wrong with the words that entries bring themselves: missing, two for one text, or not as on the sheet."""
    faults: list[str] = []
    known: dict[tuple[str, str], str] = {}
    for folder in entrywords.folders(package):
        try:
            words = entrywords.entry_words(folder)
        except Malformed as refused:
            faults.append(refused.words.text())
            continue
        for language, text, word in ((language, *pair) for language, told in words.items() for pair in told.items()):
            if known.setdefault((language, text), word) != word:
                faults.append(f"{language}: two translations: {text}")
            if fixed(text, context=None, language=language) not in ("", word):
                faults.append(f"{language}: not as on the sheet: {text}")
    return faults


def _differs_from_sheet(entry: polib.POEntry, language: str) -> bool:
    told = fixed(entry.msgid, context=entry.msgctxt, language=language)
    return bool(told) and not entry.msgid_plural and entry.msgstr != told


def _parameters_differ(entry: polib.POEntry) -> bool:
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
