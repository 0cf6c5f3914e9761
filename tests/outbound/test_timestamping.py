"""A time-stamp authority is asked through the one door, and believed only when its answer holds."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from forestall.base.errors import Malformed, Refused, Unavailable
from forestall.outbound import timestamping

URL, HOSTS = "https://stamps.example/tsr", {"stamps.example"}
CONFIG = """
[req]
distinguished_name = name
prompt = no
[name]
CN = A fictional authority
[authority]
basicConstraints = critical, CA:TRUE
[stamps]
extendedKeyUsage = critical, timeStamping
[tsa]
default_tsa = here
[here]
serial = serial
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
ordering = no
tsa_name = no
"""
needs_openssl = pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl plays the authority")


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> SimpleNamespace:
    """An authority with roots of its own; `reply(query)` is what it answers."""
    folder = tmp_path_factory.mktemp("authority")
    (folder / "tsa.cnf").write_text(CONFIG)
    (folder / "serial").write_text("01\n")

    def run(*words: str) -> None:
        subprocess.run(["openssl", *words], cwd=folder, check=True, capture_output=True)

    make = ("-newkey", "rsa:2048", "-nodes", "-config", "tsa.cnf", "-days", "3650")
    run("req", "-x509", *make, "-keyout", "root.key", "-out", "root.pem", "-extensions", "authority")
    run("req", "-new", *make[:-2], "-keyout", "tsa.key", "-out", "tsa.csr", "-subj", "/CN=Stamps")
    run("x509", "-req", "-in", "tsa.csr", "-CA", "root.pem", "-CAkey", "root.key", "-CAcreateserial", "-days", "3650",
        "-extfile", "tsa.cnf", "-extensions", "stamps", "-out", "tsa.pem")  # fmt: skip

    def reply(query: bytes) -> bytes:
        (folder / "query").write_bytes(query)
        run("ts", "-reply", "-config", "tsa.cnf", "-queryfile", "query", "-signer", "tsa.pem", "-inkey", "tsa.key",
            "-out", "reply")  # fmt: skip
        return (folder / "reply").read_bytes()

    return SimpleNamespace(reply=reply, roots=(folder / "root.pem").read_bytes(), folder=folder)


def answering(monkeypatch: pytest.MonkeyPatch, answer: Callable[[bytes], bytes], status: int = 200) -> list[dict[str, Any]]:
    asked: list[dict[str, Any]] = []

    def fetch(url: str, **given: Any) -> Any:
        asked.append({"url": url, **given})
        return SimpleNamespace(status=status, body=answer(given["sent"]))

    monkeypatch.setattr(timestamping, "fetch", fetch)
    return asked


@needs_openssl
def test_a_stamp_that_holds_is_kept_and_the_content_never_leaves(
    authority: SimpleNamespace, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    asked = answering(monkeypatch, authority.reply)
    answer = timestamping.stamp(b"a seal's line\n", url=URL, hosts=HOSTS, certificates=authority.roots)
    assert asked[0]["hosts"] == HOSTS and b"seal's line" not in asked[0]["sent"]
    (tmp_path / "line").write_bytes(b"a seal's line\n")
    (tmp_path / "tsr").write_bytes(answer)
    command = ["openssl", "ts", "-verify", "-data", str(tmp_path / "line"), "-in", str(tmp_path / "tsr"),
               "-CAfile", str(authority.folder / "root.pem")]  # fmt: skip
    assert subprocess.run(command, capture_output=True, check=False).returncode == 0


@needs_openssl
def test_an_answer_over_something_else_by_another_or_of_another_day_is_none(
    authority: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = answering(monkeypatch, authority.reply)
    old = timestamping.stamp(b"a line", url=URL, hosts=HOSTS, certificates=authority.roots)
    answering(monkeypatch, lambda _: old)
    with pytest.raises(Malformed):
        timestamping.stamp(b"a line", url=URL, hosts=HOSTS, certificates=authority.roots)
    with pytest.raises(Malformed):
        timestamping.stamp(b"another line", url=URL, hosts=HOSTS, certificates=authority.roots)
    answering(monkeypatch, authority.reply)
    with pytest.raises(Malformed):
        timestamping.stamp(b"a line", url=URL, hosts=HOSTS, certificates=(authority.folder / "tsa.pem").read_bytes())
    answering(monkeypatch, lambda _: asked[0]["sent"])
    with pytest.raises(Malformed):
        timestamping.stamp(b"a line", url=URL, hosts=HOSTS, certificates=authority.roots)


@needs_openssl
def test_an_authority_that_is_down_is_unavailable(authority: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> None:
    answering(monkeypatch, authority.reply, status=503)
    with pytest.raises(Unavailable):
        timestamping.stamp(b"a line", url=URL, hosts=HOSTS, certificates=authority.roots)


def test_only_the_authority_that_the_settings_name_is_asked() -> None:
    with pytest.raises(Refused):
        timestamping.stamp(b"a line", url="https://elsewhere.example/tsr", hosts=HOSTS, certificates=b"")
