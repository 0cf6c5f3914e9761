"""One encrypted file that holds many: a tar in the age format, streamed, with a manifest as its last member.

The recipients are public; whoever opens it needs an identity that is kept elsewhere. age (age-encryption.org/v1)
authenticates every piece and the end, so that a flipped bit or a missing tail never opens; who made it is told by the
manifest, which carries a code under the home's own secret.
"""

from __future__ import annotations

import hashlib
import hmac
import io
import os
import tarfile
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path, PurePosixPath
from typing import IO, Any, NamedTuple

import pyrage

from forestall.base.errors import Malformed
from forestall.base.words import say
from forestall.record.store import put_in_place

MANIFEST = "manifest.json"
KEYS, LEDGER = "keys.age", "ledger"
"""What stands beside the data in a folder of backups."""
Recipient = Any
Identity = Any


class Member(NamedTuple):
    """One file in an archive: its name, its bytes in number, and their SHA-256 in hexadecimal."""

    name: str
    size: int
    sha256: str


def code(secret: str, said: str) -> str:
    """What only the home with this secret can write under a text. Hexadecimal."""
    return hmac.new(secret.encode(), f"forestall backup|{said}".encode(), hashlib.sha256).hexdigest()


def recipients_of(keys: Iterable[str]) -> list[Recipient]:
    """Public age keys, read. Raises `Malformed` for one that is none, or when there is none at all."""
    found = []
    for key in keys:
        try:
            found.append(pyrage.x25519.Recipient.from_str(key))
        except (pyrage.RecipientError, ValueError) as error:
            raise Malformed(say("%(key)s is no public age key. It begins with age1.", key=key[:12])) from error
    if not found:
        raise Malformed(say("A backup needs a recipient: the public age key of whoever may open it."))
    return found


def identities_of(path: Path) -> list[Identity]:
    """The identities in a file as `backup keygen` prints it. Raises `Malformed` when there is none."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
        found = [pyrage.x25519.Identity.from_str(line.strip()) for line in lines if line.strip() and not line.startswith("#")]
    except (OSError, ValueError, pyrage.IdentityError) as error:
        raise Malformed(say("%(path)s cannot be read as an age identity.", path=str(path))) from error
    if not found:
        raise Malformed(say("%(path)s cannot be read as an age identity.", path=str(path)))
    return found


def write(
    path: Path, sources: Iterable[tuple[str, Path | bytes]], *, recipients: list[Recipient],
    manifest: Callable[[list[Member]], bytes],
) -> None:  # fmt: skip
    """Write an archive to `path`, durably: it is there whole or not at all. An archive that was there is replaced.

    `manifest` makes the last member from what went before. A source that is gone by the time it is read is left out.
    """
    partial = path.with_name(f".{path.name}.partial")
    partial.unlink(missing_ok=True)
    try:
        with _private(partial) as sealed, _beside(lambda pipe: _pack(pipe, sources, manifest), reading=True) as plain:
            pyrage.encrypt_io(plain, sealed, recipients)
        put_in_place(partial, path)
    except BaseException:
        partial.unlink(missing_ok=True)
        raise


def _private(path: Path) -> IO[bytes]:
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")


def _pack(pipe: IO[bytes], sources: Iterable[tuple[str, Path | bytes]], manifest: Callable[[list[Member]], bytes]) -> None:
    members: list[Member] = []
    with tarfile.open(mode="w|", fileobj=pipe, format=tarfile.PAX_FORMAT) as tar:
        for name, source in sources:
            try:
                content = io.BytesIO(source) if isinstance(source, bytes) else source.open("rb")
            except FileNotFoundError:
                continue
            with content:
                members.append(_add(tar, name, content))
        _add(tar, MANIFEST, io.BytesIO(manifest(members)))


def _add(tar: tarfile.TarFile, name: str, content: IO[bytes]) -> Member:
    about = tarfile.TarInfo(name)
    about.size, about.mode = content.seek(0, os.SEEK_END), 0o600
    content.seek(0)
    hashing = _Hashing(content)
    tar.addfile(about, hashing)
    return Member(name, about.size, hashing.digest.hexdigest())


class _Hashing:
    """Reads from a file, or writes to one, and hashes what passes."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file, self.digest, self.size = file, hashlib.sha256(), 0

    def read(self, size: int = -1) -> bytes:
        piece = self._file.read(size)
        self.digest.update(piece)
        return piece

    def write(self, piece: bytes) -> None:
        self._file.write(piece)
        self.digest.update(piece)
        self.size += len(piece)


@contextmanager
def _beside(work: Callable[[IO[bytes]], None], *, reading: bool) -> Iterator[IO[bytes]]:
    """Run `work` on one end of a pipe in a thread, and give the other end; what fails there is raised here.

    With `reading`, the block reads what `work` writes.
    """
    failed: list[BaseException] = []
    read_end, write_end = os.pipe()
    theirs = os.fdopen(write_end if reading else read_end, "wb" if reading else "rb")
    ours = os.fdopen(read_end if reading else write_end, "rb" if reading else "wb")

    def run() -> None:
        try:
            with theirs:
                work(theirs)
        except BaseException as error:  # told to whoever waits at the other end
            failed.append(error)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    try:
        with ours:
            yield ours
    finally:
        thread.join()
        if failed and not isinstance(failed[0], BrokenPipeError):
            raise failed[0]


def read(path: Path, *, identities: list[Identity], into: Path) -> tuple[list[Member], bytes]:
    """Open an archive into a folder that is empty. Returns what was in it, and its manifest, neither yet compared.

    Raises `Malformed`, with a sentence for each, when the key is another, or a bit was changed, or its end is missing.
    """
    found: list[Member] = []
    manifest = b""
    try:
        with path.open("rb") as sealed, _beside(lambda pipe: pyrage.decrypt_io(sealed, pipe, identities), reading=True) as plain:
            with tarfile.open(mode="r|", fileobj=plain) as tar:
                for about in tar:
                    if about.name == MANIFEST:
                        manifest = _file_in(tar, about).read()
                    else:
                        found.append(_unpack(tar, about, into))
            while plain.read(1 << 16):
                pass
    except (OSError, pyrage.DecryptError, tarfile.TarError) as error:
        raise _why(path, error) from error
    if not manifest:
        raise Malformed(say("%(path)s has no manifest: it is no backup of ours, or not whole.", path=path.name))
    return found, manifest


def _why(path: Path, error: Exception) -> Malformed:
    if isinstance(error, OSError) and error.errno is not None:
        return Malformed(say("%(path)s cannot be read: %(why)s", path=str(path), why=os.strerror(error.errno)))
    if "matching keys" in str(error).lower():
        return Malformed(say("%(path)s does not open with this identity. Use the one it was made for.", path=path.name))
    return Malformed(say("%(path)s is damaged: it was changed, or its end is missing. Use another backup.", path=path.name))


def _file_in(tar: tarfile.TarFile, about: tarfile.TarInfo) -> IO[bytes]:
    found = tar.extractfile(about) if about.isreg() else None
    if found is None:
        raise Malformed(say("The backup holds something that is no plain file: %(name)s", name=about.name))
    return found


def _unpack(tar: tarfile.TarFile, about: tarfile.TarInfo, into: Path) -> Member:
    """Only plain files, only below the folder, none twice: whoever wrote the archive decides nothing else here."""
    place = PurePosixPath(about.name)
    content = _file_in(tar, about)
    if place.is_absolute() or ".." in place.parts:
        raise Malformed(say("The backup holds something that is no plain file: %(name)s", name=about.name))
    target = into / place
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        with _private(target) as file:
            hashing = _Hashing(file)
            while piece := content.read(1 << 16):
                hashing.write(piece)
            file.flush()
            os.fsync(file.fileno())
    except FileExistsError as error:
        raise Malformed(say("The backup holds something that is no plain file: %(name)s", name=about.name)) from error
    return Member(about.name, hashing.size, hashing.digest.hexdigest())


def overwrite(path: Path) -> Callable[[], None]:
    """What destroys the bytes that stand at `path` now, once something else was put there by its name."""
    with suppress(FileNotFoundError):
        before = path.open("r+b")
        return lambda: _overwritten(before)
    return lambda: None


def _overwritten(file: IO[bytes]) -> None:
    with file:
        left = os.fstat(file.fileno()).st_size
        while left > 0:
            left -= file.write(os.urandom(min(left, 1 << 20)))
        file.flush()
        os.fsync(file.fileno())
