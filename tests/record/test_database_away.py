"""A database that is locked or lost: a page that says so, nothing half done, and the same form acts once it is back."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import InterfaceError, OperationalError, ProgrammingError

from forestall.workspace.failing import is_away

AWAY = """
import json, re, sqlite3, sys, threading, time
from pathlib import Path
from forestall.cli.faults.place import asked, made
from forestall.cli.faults.stock import Stock, prepare
place = made(Path(sys.argv[1]), server=sys.argv[2])
from forestall.monitoring.suggesting import Readers
readers = Readers()
asked(lambda: prepare(place, readers=readers))

def other():
    "A second connection, and the words by which it holds what every act needs."
    if place.server:
        import psycopg
        return psycopg.connect(place.server.rsplit("/", 1)[0] + "/" + place.database), "LOCK TABLE record_entry IN ACCESS EXCLUSIVE MODE"
    held = sqlite3.connect(place.home.database, isolation_level=None, check_same_thread=False)
    return held, "BEGIN IMMEDIATE"

def cut_once(holding):
    "Cut the connection as the act is about to write: once."
    cut = []

    def before(execute, sql, *given):
        if not cut and sql.startswith("INSERT"):
            cut.append(sql)
            holding.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()")
            holding.commit()
        return execute(sql, *given)

    return before

def work(patience):
    from django.conf import settings
    from django.db import close_old_connections, connection
    from django.test import Client
    from forestall.access.middleware import EXERCISE_LINK
    from forestall.access.queries import person
    from forestall.labels.models import everything
    from forestall.monitoring.models import Grading
    from forestall.workspace.once import TOKEN
    place.enter()
    settings.ALLOWED_HOSTS = ["testserver"]
    given = {"options": f"-c lock_timeout={int(patience * 1000)}"} if place.server else {"timeout": patience}
    connection.settings_dict["OPTIONS"].update(given)
    connection.close()
    stock = Stock.of(place)
    browser = Client(raise_request_exception=False)
    browser.force_login(person(stock.people["ivo"]), backend="allauth.account.auth_backends.AuthenticationBackend")
    session = browser.session
    session[EXERCISE_LINK] = True
    session.save()
    item, told = stock.to_grade[0], []
    page = browser.get(f"/items/{item}/").content.decode()
    form = {"act": "grade", "reliability": "B", "credibility": "2", TOKEN: re.search(f'name="{TOKEN}" value="([^"]+)"', page)[1]}

    def send(how):
        answer = browser.post(f"/items/{item}/triage/", form)
        close_old_connections()
        told.append([how, answer.status_code, answer.headers.get("Retry-After", ""), everything(Grading).count(), answer.content.decode()])

    holding, lock = other()
    holding.execute(lock)
    if patience > 1:
        threading.Timer(1, holding.rollback).start()
        send("held for a second")
    else:
        send("locked")
        holding.rollback()
        if place.server:
            with connection.execute_wrapper(cut_once(holding)):
                send("cut in the middle")
        send("free")
        send("again")
    holding.close()
    return told

print(json.dumps(asked(lambda: work(float(sys.argv[3])))))
place.gone()
"""


def told_of(folder: Path, *, patience: float) -> dict[str, tuple[int, str, int, str]]:
    """How each form was answered: its status, when to ask again, how many gradings there were then, and the page."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("FORESTALL_DATABASE")}
    server = os.environ.get("FORESTALL_TEST_POSTGRES", "") if "FORESTALL_DATABASE" in os.environ else ""
    done = subprocess.run([sys.executable, "-c", AWAY, str(folder), server, str(patience)], capture_output=True, text=True,
                          check=False, env=environment, timeout=200)  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    return {how: tuple(rest) for how, *rest in json.loads(done.stdout.splitlines()[-1])}


def test_R06_a_database_that_does_not_answer_is_told_and_the_form_acts_once_it_does(tmp_path: Path) -> None:
    told = told_of(tmp_path, patience=0.3)
    status, again_in, gradings, page = told["locked"]

    assert (status, again_in, gradings) == (503, "30", 0)
    assert "The database does not answer" in page and "Something broke" not in page
    cut = [told["cut in the middle"]] if "FORESTALL_DATABASE" in os.environ else []  # a file cannot be cut off
    assert [one[:3] for one in cut] == [(503, "30", 0)] * len(cut)
    assert [(told[how][0], told[how][2]) for how in ("free", "again")] == [(302, 1), (302, 1)]


def test_R06_who_holds_it_for_a_while_is_waited_for(tmp_path: Path) -> None:
    assert told_of(tmp_path, patience=15)["held for a second"][::2] == (302, 1)


def of_sqlite(code: int) -> OperationalError:
    cause = sqlite3.OperationalError("told by SQLite")
    cause.sqlite_errorcode = code
    return caused(OperationalError("told by SQLite"), cause)


def caused(error: Exception, cause: BaseException) -> Any:
    error.__cause__ = cause
    return error


def test_R06_a_mistake_in_a_statement_is_ours_and_not_the_databases() -> None:
    assert all(is_away(of_sqlite(code)) for code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR_READ))
    assert is_away(caused(OperationalError("cut"), psycopg.errors.AdminShutdown("cut"))) and is_away(InterfaceError("closed"))
    assert is_away(caused(KeyError("in between"), of_sqlite(sqlite3.SQLITE_BUSY)))
    assert not any(is_away(error) for error in (of_sqlite(sqlite3.SQLITE_ERROR), ProgrammingError("no such table"), KeyError("x"), None))


@pytest.mark.parametrize("error", [KeyError("ours"), ProgrammingError("no such column")])
def test_what_broke_in_the_program_stays_a_500(db: None, monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    from django.test import Client

    from forestall.workspace.outcomes import OutcomeMiddleware

    def broken(self: object, request: object) -> None:
        raise error

    monkeypatch.setattr(OutcomeMiddleware, "__call__", broken)
    answer = Client(raise_request_exception=False).get("/sign-in/")
    assert answer.status_code == 500 and "Something broke" in answer.content.decode()
