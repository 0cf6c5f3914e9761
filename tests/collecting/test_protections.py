"""What reads hostile files says truly what it gave up on this machine."""

from __future__ import annotations

import pytest

from forestall.base.errors import Unavailable
from forestall.base.words import say
from forestall.collecting import childprocess, confinement, protections
from forestall.collecting.worker import Hello


@pytest.fixture(autouse=True)
def forgotten() -> None:
    protections.found.cache_clear()


def test_what_is_told_is_what_a_process_found_out() -> None:
    found = protections.found()
    with childprocess.Child() as child:
        child.start()
        assert found == child.protections
    assert protections.found() is found, "it is tried once"


def test_each_machine_is_told_as_it_is() -> None:
    kernel, closed, bare, none = (
        " ".join(words.text() for words in protections.sentences(given))
        for given in (Hello(memory=True, sockets=True), Hello(memory=True, sockets=False), Hello(memory=False, sockets=False), None)
    )
    assert "seccomp" in kernel and "not bounded" not in kernel
    assert "closed before it reads" in closed and "seccomp" not in closed
    assert "not bounded" in bare
    assert "does not start" in none


def test_a_process_that_does_not_start_is_said_not_to(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(self: childprocess.Child) -> None:
        raise Unavailable(say("no"))

    monkeypatch.setattr(childprocess.Child, "start", fail)
    assert protections.found() is None


def test_an_unknown_kernel_is_not_said_to_refuse(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(confinement.platform, "machine", lambda: "riscv64")
    assert confinement.refuse_sockets() is False
