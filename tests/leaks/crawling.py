"""Run by test_canaries.py in a process of its own: an office on the disk, strictly confidential things of every kind in it.

One who may see them asks every address in many ways, jobs run, letters are written, pages break. Prints the places where
the word that stands in all of them is found. `loud` says it aloud once in each, so that the finding is proven.
"""

from __future__ import annotations

import io
import json
import logging
import os
import sys
import tempfile
from contextlib import suppress
from itertools import islice
from pathlib import Path
from typing import Any

LOG = io.StringIO()
TIMES = 3
"""How often each address is asked, each time in another way."""


def main(folder: str, how: str) -> None:
    from forestall.base.home import Kind, create

    temporary = Path(folder) / "temporary"
    temporary.mkdir()
    tempfile.tempdir = str(temporary)
    home = create(Path(folder) / "home", kind=Kind.EXERCISE)
    os.environ.update(FORESTALL_HOME=str(home.path), DJANGO_SETTINGS_MODULE="forestall.config.settings")
    import django

    django.setup()
    from django.conf import settings

    from forestall.cli.command import migrate
    from forestall.config.quietlog import Formatter

    listening = logging.StreamHandler(LOG)
    listening.setFormatter(Formatter(settings.LOGGING["formatters"]["plain"]["format"]))
    logging.getLogger().addHandler(listening)
    settings.ALLOWED_HOSTS = [*settings.ALLOWED_HOSTS, "testserver"]
    settings.FILE_UPLOAD_TEMP_DIR = str(temporary)
    settings.EMAIL_HOST, settings.EMAIL_BACKEND = "localhost", "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = str(Path(folder) / "letters")
    migrate()
    asked, seen = _office()
    if how == "loud":
        from forestall.cli.leaks.hiding import WORD

        logging.getLogger("forestall").error("About %s", WORD)
        (temporary / "left").write_text(WORD, encoding="utf-8")
        (home.path / "left").write_text(WORD, encoding="utf-16")
    print(json.dumps({"asked": asked, "seen": seen, "places": _places(Path(folder), home.path)}))


def _office() -> tuple[int, int]:
    """How many requests were made, and how many answers held the word: she may see it."""
    from forestall.cli import schedule
    from forestall.cli.leaks import world as worlds
    from forestall.cli.leaks.comparing import replaced
    from forestall.cli.leaks.hiding import WORD
    from forestall.cli.leaks.observing import Asking, Observer, patterns
    from forestall.search import matching

    people = worlds.staff()
    world = worlds.furnish(people, seed=1)
    hidden = _hidden(world)
    words, things = (WORD, worlds.COMMON), {**world.things, "person": list(people.values())}
    asking = Asking(things, hidden, [worlds.KEEPER], world.chance.choice, words, hidden[:1])
    alice, seen = Observer(people["alice"]), 0
    wanted = TIMES * len(patterns())
    with replaced(matching, "STEP", 0.0):
        for request in islice(asking.requests(0), wanted):
            seen += any(WORD.encode() in body for _, body in alice.again().ask(request).body)
        _broken(alice.again(), hidden)
        for _, _, work in schedule.JOBS:
            work()
    return wanted, seen


def _hidden(world: Any) -> list[str]:
    """Something of each kind, and work on it, under a label that she is within. Their ids."""
    from forestall.access.session import bound_to
    from forestall.base.errors import Refused
    from forestall.cli.leaks import world as worlds
    from forestall.cli.leaks.hiding import HIDING
    from forestall.labels.label import Label, Level

    label, made = Label(Level.STRICTLY_CONFIDENTIAL, frozenset({"desk:karvania"})), []
    with bound_to(worlds.keeper()):
        for kind in HIDING.values():
            before = kind.before(world, label) if kind.before else []
            with suppress(Refused):  # what is of one desk is not the keeper's to hand over
                made += [*before, *kind.act(world, label, before)]
    return [str(one.pk) for one in made if one is not None]


def _broken(alice: Any, hidden: list[str]) -> None:
    """Pages that break while they hold what is hidden."""
    from forestall.cli.leaks.comparing import replaced
    from forestall.cli.leaks.hiding import WORD
    from forestall.cli.leaks.observing import Asked
    from forestall.monitoring import queries

    def broken(*_: Any, **__: Any) -> None:
        raise ValueError(f"{WORD} cannot be read")

    with replaced(queries, "grades", broken):
        for address in ("/inbox/", f"/items/{hidden[0]}/"):
            alice.ask(Asked("get", address))


def _places(folder: Path, home: Path) -> list[str]:
    """Where the word stands, in any spelling of its letters as bytes: files by what they are for, and the machine's log."""
    from forestall.cli.leaks.hiding import WORD

    found = set()
    for path in folder.rglob("*"):
        told = path.read_bytes().lower() if path.is_file() else b""
        if any(WORD[1:].encode(coding) in told for coding in ("utf-8", "utf-16-le", "utf-16-be")) or WORD in path.name:
            found.add(path.relative_to(home).parts[0] if home in path.parents else path.relative_to(folder).parts[0])
    return sorted(found | ({"machine log"} if WORD in LOG.getvalue() else set()))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
