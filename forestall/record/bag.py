"""A BagIt bag (RFC 8493, version 1.0) as one archive: files under neutral names, their hashes twice, nothing else.

Written here and not by a library: the one there is writes folders on the disk and its own version into the bag. What is
written is read by it in the tests. Equal files give equal bytes: no file has a time, a right or an owner of its own.
"""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Mapping, Sequence

ALGORITHMS = ("sha256", "sha512")
DECLARATION = b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
FIRST_DAY = (1980, 1, 1, 0, 0, 0)
"""The only moment that the files in the archive tell: the first one the format has."""


def bag(payload: Mapping[str, bytes], *, tags: Mapping[str, bytes], info: Sequence[tuple[str, str]]) -> dict[str, bytes]:
    """Every file of the bag by its name. `payload` are the files under `data/`; `tags` those beside it; `info` the lines
    of bag-info.txt in order, to which the size of the payload is added. Names use letters, digits, `-`, `_`, `.` and `/`.
    """
    told = [*info, ("Payload-Oxum", f"{sum(map(len, payload.values()))}.{len(payload)}")]
    files = {f"data/{name}": content for name, content in payload.items()}
    beside = {
        **tags, "bagit.txt": DECLARATION, "bag-info.txt": b"".join(_info_line(name, value) for name, value in told),
        **{f"manifest-{one}.txt": _manifest(files, algorithm=one) for one in ALGORITHMS},
    }  # fmt: skip
    manifests = {f"tagmanifest-{one}.txt": _manifest(beside, algorithm=one) for one in ALGORITHMS}
    return dict(sorted({**files, **beside, **manifests}.items()))


def _manifest(files: Mapping[str, bytes], *, algorithm: str) -> bytes:
    lines = [f"{hashlib.new(algorithm, content).hexdigest()}  {name}\n" for name, content in sorted(files.items())]
    return "".join(lines).encode()


def _info_line(name: str, value: str) -> bytes:
    """One label and its value on one line: a value that breaks lines would be read as another label."""
    return f"{name}: {' '.join(value.split())}\n".encode()


def archive(files: Mapping[str, bytes], *, folder: str) -> bytes:
    """The files as one ZIP under one folder, not compressed, in order of their names."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_STORED) as packed:
        for name, content in sorted(files.items()):
            told = zipfile.ZipInfo(f"{folder}/{name}", FIRST_DAY)
            told.create_system, told.external_attr = 3, 0o100644 << 16
            packed.writestr(told, content)
    return made.getvalue()
