"""A server that is told to stop answers what it was already asked, and is gone within ten seconds."""

from __future__ import annotations

import socket
import time
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from .serving import forestall, started


@pytest.mark.timeout(300)
def test_R22_a_request_that_is_on_its_way_is_answered_before_the_server_ends(tmp_path: Path) -> None:
    home = tmp_path / "office"
    forestall("init", "--name", "Ada Rowan", "--username", "ada", home=home)
    with started(home, log=tmp_path / "log") as (server, address, _):
        where = urlsplit(address)
        there, head = (str(where.hostname), int(where.port or 80)), f"GET /sign-in/ HTTP/1.1\r\nHost: {where.netloc}\r\n".encode()
        with socket.create_connection(there, timeout=60) as first:  # once it answers, it has come up whole
            first.sendall(head + b"\r\n")
            assert first.recv(200).startswith(b"HTTP/1.1 200")
        with socket.create_connection(there, timeout=30) as asking:
            asking.sendall(head)
            time.sleep(1)
            began = time.monotonic()
            server.terminate()
            time.sleep(1)
            asking.sendall(b"\r\n")
            answer = asking.recv(200)
        server.wait(timeout=30)

    assert answer.startswith(b"HTTP/1.1 200")
    assert time.monotonic() - began < 12, "it ended on its own, not killed"
