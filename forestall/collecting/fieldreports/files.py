"""Files that a submission names: a picture, a recording. Each is fetched by itself and read as any other file."""

from __future__ import annotations

import json
from pathlib import PurePosixPath

from forestall.base.errors import Malformed
from forestall.base.words import say

from ..received import Part, Received


def attached(received: Received) -> Part | None:
    """The file that was asked for, under the submission it belongs to; None when what came is no such file."""
    known = json.loads(received.carried) if received.carried else {}
    if "file" not in known:
        return None
    if not received.content:
        raise Malformed(say("The answer is empty."))
    return Part(
        name=received.name,
        content=received.content,
        locator=f"attachment:{known['file']}",
        parent=known["parent"],
        declared_type=received.declared_type,
        declared_charset=received.declared_charset,
    )


def base_name(path: str) -> str:
    """A file's own name, without the folders before it: servers put the name of the account there."""
    return PurePosixPath(path.replace("\\", "/")).name
