"""What `./go check` and `./go test` run: each check once, by the tool that knows it."""

from __future__ import annotations

import argparse
import os
import secrets
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from forestall.base.home import Kind, create

ROOT = Path(__file__).resolve().parents[2]
BIN = Path(sys.executable).parent

CHECKS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("lint", (str(BIN / "ruff"), "check", ".")),
    ("format of templates", (str(BIN / "djlint"), "forestall/workspace/templates", "--lint", "--quiet")),
    ("types", (str(BIN / "mypy"),)),
    ("import contracts", (str(BIN / "lint-imports"), "--no-cache")),
    ("translations", (sys.executable, "-m", "forestall.cli.words", "check")),
    ("migrations", (sys.executable, "-m", "django", "makemigrations", "--check", "--dry-run", "--verbosity", "0")),
    ("house rules and docs", (sys.executable, "-m", "pytest", "-q", "tests/house", "tests/docs")),
)
"""Name and command of each check, in the order they are run."""


def check() -> int:
    """Run every check, also after one has failed, and name those that did."""
    failed = []
    for name, command in CHECKS:
        started = time.monotonic()
        code = _run(command)
        print(f"{'ok' if code == 0 else 'FAILED'}: {name} ({time.monotonic() - started:.0f} s)", flush=True)
        if code:
            failed.append(name)
    if failed:
        print(f"Failed: {', '.join(failed)}")
    return 1 if failed else 0


def test(given: Sequence[str], *, full: bool, cover: bool) -> int:
    """Run the tests on two cores in random order; `given` goes to pytest. With `cover`, hold the coverage floors.

    Coverage is measured on the embedded database, once: it makes the tests take half as long again.
    With a PostgreSQL server named in FORESTALL_TEST_POSTGRES by a superuser's address, everything that asks a database runs
    on it too, as a role that is neither superuser nor owner.
    """
    chosen = list(given) or ["-n", "2", "--dist", "worksteal", "-q"]
    if not full:
        chosen += ["-m", "not full"]
    pytest = [str(BIN / "coverage"), "run", "-m", "pytest"] if cover else [sys.executable, "-m", "pytest"]
    codes = [_run([*pytest, *chosen])]
    server = os.environ.get("FORESTALL_TEST_POSTGRES")
    if not given:
        if server:
            print("On PostgreSQL:", flush=True)
            again = [sys.executable, "-m", "pytest", *chosen, *(["tests"] if full else ON_A_SERVER)]
            codes.append(_run(again, **two_roles(server)))
        elif "postgres" in os.environ.get("FORESTALL_TEST_REQUIRE", ""):
            print("FAILED: the tests on PostgreSQL are required here, and FORESTALL_TEST_POSTGRES names no server.")
            codes.append(1)
        else:
            print("Skipped on PostgreSQL: set FORESTALL_TEST_POSTGRES=postgresql://user@host/database to run there too.")
    if cover:
        codes += _floors()
    return max(codes)


def _run(command: Sequence[str], **environment: str) -> int:
    return subprocess.run(command, cwd=ROOT, check=False, env={**os.environ, **environment}).returncode  # noqa: S603


def two_roles(server: str) -> dict[str, str]:
    """Two roles on a server whose superuser's address is given, as an office has them: so all runs above the second net."""
    import psycopg
    from psycopg import sql

    named, secret = urlsplit(server), secrets.token_hex(16)
    roles = {"FORESTALL_DATABASE_OWNER": "forestall_test_owner", "FORESTALL_DATABASE": "forestall_test_application"}
    with psycopg.connect(server, autocommit=True) as connection:
        known = {name for (name,) in connection.execute("SELECT rolname FROM pg_catalog.pg_roles").fetchall()}
        for role in roles.values():
            act = sql.SQL("ALTER ROLE" if role in known else "CREATE ROLE")
            rights = sql.SQL("LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEROLE") + sql.SQL(
                " CREATEDB" if role.endswith("owner") else " NOCREATEDB"
            )
            connection.execute(
                sql.SQL("{} {} {} PASSWORD {}").format(act, sql.Identifier(role), rights, sql.Literal(secret))
            )
    host = named.netloc.rpartition("@")[2]
    return {key: urlunsplit(named._replace(netloc=f"{role}:{secret}@{host}")) for key, role in roles.items()}


def _floors() -> list[int]:
    coverage = str(BIN / "coverage")
    _run([coverage, "combine", "--quiet"])
    return [
        _run([coverage, "report", f"--include={paths}", f"--fail-under={floor}", "--format=total"])
        for paths, floor in FLOORS
    ]


ON_A_SERVER = tuple(
    f"tests/{room}"
    for room in (
        "access", "vault", "record", "monitoring", "assessment", "advising", "retention", "search", "workspace", "keeping",
        "cli", "exercises", "leaks", "stories/test_one_mail.py", "stories/test_inbox_to_answer.py", "stories/test_stopping.py",
    )
)
"""What runs on PostgreSQL too. The other stories do with `--full`; the other rooms' tests ask no database."""
FLOORS: tuple[tuple[str, int], ...] = (
    ("forestall/*/policies.py,forestall/*/states.py", 90),
    ("forestall/*/actions.py,forestall/*/actions/*.py", 90),
    ("forestall/access/visibility.py,forestall/labels/label.py,forestall/record/merkle.py", 95),
    ("forestall/*", 90),
)
"""Paths and the least per cent of lines and branches that tests must reach there."""


def main() -> int:
    parser = argparse.ArgumentParser(prog="./go test | ./go check")
    parser.add_argument("act", choices=("check", "test"))
    parser.add_argument("--full", action="store_true", help="also the longer runs")
    parser.add_argument("--cover", action="store_true", help="measure coverage and hold its floors")
    known, rest = parser.parse_known_args()
    with tempfile.TemporaryDirectory(prefix="forestall-check-") as folder:
        home = create(Path(folder) / "home", kind=Kind.EXERCISE)
        os.environ["FORESTALL_HOME"] = str(home.path)
        os.environ["DJANGO_SETTINGS_MODULE"] = "forestall.config.settings"
        cover = known.cover or (not rest and bool(os.environ.get("FORESTALL_TEST_COVER")))
        return check() if known.act == "check" else test(rest, full=known.full, cover=cover)


if __name__ == "__main__":
    sys.exit(main())
