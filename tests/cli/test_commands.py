"""The command line: it teaches, refuses in a sentence, and makes homes that stay what they are."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from forestall.base.errors import Malformed, Refused
from forestall.base.home import Kind, create, open_home
from forestall.cli.main import main
from forestall.config import office


def run(*arguments: str, home: Path | None = None) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if name not in ("FORESTALL_HOME", "FORESTALL_DATABASE")}
    if home is not None:
        environment["FORESTALL_HOME"] = str(home)
    return subprocess.run([sys.executable, "-m", "forestall.cli.main", *arguments], capture_output=True, text=True,
                          check=False, env=environment, timeout=120)  # fmt: skip


def test_help_teaches_where_to_begin(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        main(["help"])

    told = capsys.readouterr().out
    assert end.value.code == 0
    assert all(word in told for word in ("./go demo", "./go init", "record", "frameworks", "bench"))


def test_a_command_without_a_home_says_how_to_make_one(tmp_path: Path) -> None:
    done = run("record", "verify", home=tmp_path / "none")

    assert done.returncode == 2
    assert "./go demo" in done.stderr and "Traceback" not in done.stderr


def test_a_real_home_is_made_once_and_never_becomes_an_exercise(tmp_path: Path) -> None:
    home = tmp_path / "office"
    made = run("init", "--home", str(home), "--name", "Ada Ring", "--username", "ada")
    assert made.returncode == 0, made.stderr
    assert "/invited/" in made.stdout
    listed = run("people", "list", "--home", str(home))
    assert "ada\tAda Ring\tadministrator" in listed.stdout
    verified = run("record", "verify", "--json", "--home", str(home))
    assert json.loads(verified.stdout)["verified"] is True

    refused = run("demo", "--home", str(home), "--no-serve")
    assert refused.returncode == 2 and "stays one" in refused.stderr


def test_an_exercise_home_never_becomes_real(tmp_path: Path) -> None:
    create(tmp_path / "home", kind=Kind.EXERCISE)

    with pytest.raises(Refused):
        create(tmp_path / "home", kind=Kind.REAL)


def test_a_home_is_not_made_over_somebodys_files(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("dear")

    with pytest.raises(Refused):
        create(tmp_path, kind=Kind.REAL)


@pytest.mark.parametrize(
    "wrong", ["colour = 1", "hosts = 1", "hosts = [1]", "[mail]\nport = 0", "[mail]\nport = 'x'", "[mail]\nserver = 'x'"]
)
def test_a_setting_that_is_wrong_is_refused_loudly(tmp_path: Path, wrong: str) -> None:
    home = create(tmp_path / "home", kind=Kind.REAL)
    (home.path / "home.toml").write_text(f'kind = "real"\n{wrong}\n')

    with pytest.raises(Malformed):
        office.read(home)


MAIL = "[mail]\nhost = 'mail.example'\nsender = 'office@office.example'\n"


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ("witnesses = ['witness']", "no whole path"),
        ("witnesses = ['']", "no whole path"),
        ("witnesses = ['HOME/witness']", "lies in the home"),
        ("witnesses = ['/a', '/a']", "twice"),
        ("witnesses = ['mailto:auditor']\n" + MAIL, "no mail address"),
        ("witnesses = ['mailto:a@b.example, c@d.example']\n" + MAIL, "no mail address"),
        ("witnesses = ['mailto:a@b.example']", "needs a mail server"),
        ("witnesses = ['http://stamps.example/']", "no whole path"),
        ("witnesses = ['https:///tsr']", "no address of a time-stamp authority"),
        ("witnesses = ['https://me:word@stamps.example/']", "no address of a time-stamp authority"),
        ("witnesses = ['https://stamps.example:444/']", "no address of a time-stamp authority"),
        ("witnesses = ['https://stamps.example:x/']", "no address of a time-stamp authority"),
        ("witnesses = ['https://stamps.example/']", "needs seals.timestamp_certificates"),
        ("[seals]\nevery_minutes = 7", "must divide a day"),
        ("[seals]\nevery_minutes = 5", "must divide a day"),
        ("[seals]\nevery_minutes = true", "must divide a day"),
        ("[seals]\nevery_minutes = '60'", "must divide a day"),
        ("[seals]\nkey_days = 0", "number of days"),
        ("[seals]\nevery_hours = 1", "every_hours"),
        ("[seals]\ntimestamp_certificates = '/nowhere.pem'", "cannot be read"),
        ("[seals]\ntimestamp_certificates = 'HOME/home.toml'", "holds no certificate"),
    ],
)
def test_a_witness_that_could_never_be_told_is_refused_with_the_reason(tmp_path: Path, wrong: str, says: str) -> None:
    home = create(tmp_path / "home", kind=Kind.REAL)
    (home.path / "home.toml").write_text(f'kind = "real"\n{wrong.replace("HOME", str(home.path))}\n')

    with pytest.raises(Malformed, match=says):
        office.read(home)


def test_witnesses_of_three_kinds_are_read(tmp_path: Path) -> None:
    home = create(tmp_path / "home", kind=Kind.REAL)
    roots = tmp_path / "roots.pem"
    roots.write_text("-----BEGIN CERTIFICATE-----\n")
    named = ["/srv/witness", "mailto:records@auditor.example", "https://stamps.example/tsr"]
    seals = f"[seals]\nevery_minutes = 120\nkey_days = 365\ntimestamp_certificates = '{roots}'\n"
    (home.path / "home.toml").write_text(f'kind = "real"\nwitnesses = {named}\n{seals}{MAIL}')

    found = office.read(home)
    assert found.witnesses == tuple(named)
    assert (found.seals.every_minutes, found.seals.key_days) == (120, 365)


@pytest.mark.parametrize("content", ["", "kind = 'both'", "kind = 1", "not toml ["])
def test_a_home_that_does_not_say_what_it_is_is_refused(tmp_path: Path, content: str) -> None:
    home = create(tmp_path / "home", kind=Kind.REAL)
    (home.path / "home.toml").write_text(content)

    with pytest.raises(Malformed):
        open_home(home.path)


def test_the_secret_of_a_home_is_readable_by_its_owner_alone(tmp_path: Path) -> None:
    home = create(tmp_path / "home", kind=Kind.REAL)

    assert (home.keys / "secret").stat().st_mode & 0o077 == 0
    assert home.path.stat().st_mode & 0o077 == 0


def test_frameworks_are_listed_shown_compared_and_validated(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["frameworks", "list"]) == 0
    assert main(["frameworks", "show", "unfaac-2014", "7"]) == 0
    assert main(["frameworks", "diff", "osapg-2009", "unfaac-2014"]) == 0
    assert main(["frameworks", "validate", "unfaac-2014"]) == 0

    told = capsys.readouterr().out
    assert "unfaac-2014" in told and "7.14" in told


def test_a_framework_that_is_not_there_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["frameworks", "show", "nowhere-1900"]) == 2
    assert "nowhere-1900" in capsys.readouterr().err


def test_an_official_text_that_is_no_pdf_is_told_in_a_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "text.pdf").write_bytes(b"not a pdf")

    assert main(["frameworks", "check", "unfaac-2014", "--text", str(tmp_path / "text.pdf")]) == 3
    assert main(["frameworks", "check", "unfaac-2014", "--text", str(tmp_path / "none.pdf")]) == 3
    assert "Traceback" not in capsys.readouterr().err
