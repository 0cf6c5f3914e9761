"""What is told of as written is on the disk, and so is its name."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from forestall.base import durable


@pytest.fixture
def flushed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of what was flushed, in order."""
    names: list[str] = []
    flush = os.fsync

    def follow(descriptor: int) -> None:
        names.append(Path(f"/proc/self/fd/{descriptor}").readlink().name)
        flush(descriptor)

    monkeypatch.setattr(os, "fsync", follow)
    return names


def test_a_new_file_is_its_owners_alone_and_flushed_with_its_name(tmp_path: Path, flushed: list[str]) -> None:
    path = tmp_path / "key"
    durable.write_new(path, b"one")
    with pytest.raises(FileExistsError):
        durable.write_new(path, b"two")
    assert path.read_bytes() == b"one" and path.stat().st_mode & 0o777 == 0o600
    assert flushed == ["key", tmp_path.name]


def test_what_is_replaced_is_the_old_or_the_new(tmp_path: Path, flushed: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "key"
    durable.replace(path, b"one")
    assert flushed == ["key.new", tmp_path.name], "the content before it has its name"
    (tmp_path / "key.new").write_bytes(b"of a stop before")
    durable.replace(path, b"two")
    assert path.read_bytes() == b"two" and [one.name for one in tmp_path.iterdir()] == ["key"]

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        durable.replace(path, b"three")
    assert path.read_bytes() == b"two"


@pytest.mark.parametrize(("before", "after"), [(b"", b"new\n"), (b"one\n", b"one\nnew\n"), (b"one\nhal", b"one\nnew\n"), (b"hal", b"new\n")])
@pytest.mark.parametrize("mode", ["a+b", "r+b"])
def test_a_line_follows_the_last_whole_one(tmp_path: Path, flushed: list[str], before: bytes, after: bytes, mode: str) -> None:
    path = tmp_path / "lines"
    path.write_bytes(before)
    with path.open(mode) as file:
        durable.end_line(file, b"new\n", path=path)
    assert path.read_bytes() == after
    assert flushed == ["lines", tmp_path.name]
