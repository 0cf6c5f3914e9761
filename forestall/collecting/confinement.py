"""What a process that reads hostile files gives up, before it reads any: memory, sockets, writing, the environment.

Each protection is tried and reported; on systems that lack one the worker says so instead of pretending.
"""

from __future__ import annotations

import ctypes
import os
import platform
import struct
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

# (architecture as the kernel names it, number of socket, of socketpair, of connect)
_CALLS = {"x86_64": (0xC000003E, (41, 53, 42, 59, 322)), "aarch64": (0xC00000B7, (198, 199, 203, 221, 281))}
_PR_SET_NO_NEW_PRIVS, _PR_SET_SECCOMP, _FILTER = 38, 22, 2
_ALLOW, _REFUSE = 0x7FFF0000, 0x00050000 | 1  # answered with EPERM


def limit_memory(size: int) -> bool:
    """Cap the address space at `size` bytes. Returns whether the system holds to it."""
    try:
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (size, size))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    except (ImportError, ValueError, OSError):
        return False
    return sys.platform.startswith("linux")  # elsewhere the call succeeds and binds nothing


def limit_time(seconds: int) -> bool:
    """Let this process use `seconds` more of the processor; the kernel ends it after that."""
    try:
        import resource

        used = resource.getrusage(resource.RUSAGE_SELF)
        allowed = int(used.ru_utime + used.ru_stime) + seconds + 1
        _, hard = resource.getrlimit(resource.RLIMIT_CPU)
        resource.setrlimit(resource.RLIMIT_CPU, (allowed, hard))
    except (ImportError, ValueError, OSError):
        return False
    return True


def refuse_sockets() -> bool:
    """Have the kernel refuse sockets and new programs (seccomp). Returns whether it does."""
    numbers = _CALLS.get(platform.machine())
    if not sys.platform.startswith("linux") or numbers is None:
        return False
    program = _filter(*numbers)
    library = ctypes.CDLL(None, use_errno=True)
    buffer = ctypes.create_string_buffer(program, len(program))
    rule = struct.pack("HxxxxxxP", len(program) // 8, ctypes.addressof(buffer))
    held = ctypes.create_string_buffer(rule, len(rule))
    if library.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0:
        return False
    return bool(library.prctl(_PR_SET_SECCOMP, _FILTER, held, 0, 0) == 0)


def _filter(architecture: int, calls: tuple[int, ...]) -> bytes:
    """Classic BPF: on our architecture the listed calls are refused, everything else goes on."""
    load, equal, give_back = 0x20, 0x15, 0x06
    count = len(calls)
    steps = [(load, 0, 0, 4), (equal, 0, count + 1, architecture), (load, 0, 0, 0)]
    steps += [(equal, count - at, 0, number) for at, number in enumerate(calls)]
    steps += [(give_back, 0, 0, _ALLOW), (give_back, 0, 0, _REFUSE)]
    return b"".join(struct.pack("HBBI", *step) for step in steps)


def _readable() -> tuple[str, ...]:
    """Where the interpreter and its libraries lie: nothing of the office's."""
    package = str(Path(__file__).parents[1])
    places = {
        sys.prefix,
        sys.base_prefix,
        sys.exec_prefix,
        package,
        "/usr/lib",
        "/usr/share",
        "/lib",
        "/dev/null",
    }
    return (
        *sorted(os.path.realpath(place) for place in places),
        *sorted(places),
        "/etc/mime.types",
        "/etc/localtime",
    )


def _refuses(event: str, given: tuple[Any, ...], readable: tuple[str, ...]) -> bool:
    if event.startswith(
        ("socket.", "subprocess.", "os.exec", "os.posix_spawn", "os.fork", "os.system", "os.remove")
    ):
        return event != "socket.gethostname"
    if event.startswith(
        ("os.rename", "os.mkdir", "os.rmdir", "os.symlink", "os.link", "os.truncate", "shutil.")
    ):
        return True
    if event == "open" and isinstance(given[0], str | bytes):
        mode, name = given[1], os.fsdecode(given[0])
        writes = isinstance(mode, str) and any(sign in mode for sign in "wax+")
        return writes or not os.path.realpath(name).startswith(readable)
    return False


def refuse_calls(*, libraries: Sequence[str] = ()) -> None:
    """Have the interpreter refuse sockets, programs, writing, and reading outside its own libraries. For good."""
    readable = (*_readable(), *map(os.path.realpath, libraries))

    def watch(event: str, given: tuple[Any, ...]) -> None:
        if _refuses(event, given, readable):
            raise PermissionError("refused in the limited process")

    sys.addaudithook(watch)
