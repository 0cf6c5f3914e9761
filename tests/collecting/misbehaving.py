"""A collector that tries, inside the limited process, what a subverted parser would try."""

from __future__ import annotations

import os
import socket
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

from forestall.collecting.contract import Source
from forestall.collecting.kinds import Kind
from forestall.collecting.received import Received
from forestall.collecting.record import Record, RecordKind


def _connect() -> str:
    with socket.create_connection(("127.0.0.1", 9), timeout=1):
        return "connected"


def _kernel_socket() -> str:
    """Past the interpreter: the C library's own call, as subverted native code would make it."""
    import ctypes

    library = ctypes.CDLL(None, use_errno=True)
    descriptor = library.socket(2, 1, 0)
    return f"socket {descriptor} errno {ctypes.get_errno()}"


def _endless() -> str:
    while True:
        pass


def _greedy() -> str:
    return str(len(bytearray(1 << 30)))


_TRIES: dict[str, Callable[[], str]] = {
    "connect": _connect,
    "kernel socket": _kernel_socket,
    "write": lambda: str(Path("/tmp/forestall-was-here").write_text("x")),
    "read": lambda: Path("/etc/passwd").read_text()[:4],
    "run": lambda: str(subprocess.run(["/bin/true"], check=False).returncode),
    "environment": lambda: ",".join(sorted(os.environ)),
    "print": lambda: str(print("noise on the channel", flush=True)),
    "die": lambda: os._exit(9),
    "endless": _endless,
    "greedy": _greedy,
}


def parse(received: Received, *, kind: Kind, source: Source) -> Iterator[Record]:
    """One record that tells what came of the try named in the file."""
    text = received.content.decode()
    try:
        told = _TRIES[text]() if text in _TRIES else "calm"
    except OSError as error:
        told = f"refused: {type(error).__name__}"
    yield Record("misbehaving", "1", RecordKind.DOCUMENT, "told", told, received.received_at)
