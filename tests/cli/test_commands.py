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
