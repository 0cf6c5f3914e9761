"""How values travel between the office's process and the limited child: plain JSON, bytes beside it, types checked.

What comes back from the child is not trusted: it is built anew field by field from the types declared here, and
anything else raises `Malformed`.
"""

from __future__ import annotations

import json
import struct
import types
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import datetime
from enum import Enum
from functools import cache
from typing import IO, Any, TypeVar, Union, get_args, get_origin, get_type_hints

from forestall.base.errors import Malformed
from forestall.base.words import Words, say

T = TypeVar("T")
_HEAD = struct.Struct("<Q")


def pack(value: object, blobs: list[bytes]) -> Any:
    """`value` as plain JSON; bytes are moved into `blobs` and replaced by their place there."""
    if isinstance(value, Words):
        return {
            "message": value.message,
            "parameters": {k: _parameter(v, blobs) for k, v in value.parameters.items()},
        }
    if is_dataclass(value) and not isinstance(value, type):
        return {part.name: pack(getattr(value, part.name), blobs) for part in fields(value)}
    if isinstance(value, bytes):
        blobs.append(value)
        return len(blobs) - 1
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, tuple | list):
        return [pack(item, blobs) for item in value]
    if isinstance(value, Mapping):
        return {str(key): pack(item, blobs) for key, item in value.items()}
    return value


def _parameter(value: object, blobs: list[bytes]) -> object:
    return (
        {"words": pack(value, blobs)}
        if isinstance(value, Words)
        else value
        if isinstance(value, int)
        else str(value)
    )


def unpack(wanted: type[T], plain: Any, blobs: list[bytes]) -> T:
    """The value of type `wanted` that `plain` spells. Raises `Malformed` when it spells anything else."""
    try:
        built: T = _build(wanted, plain, blobs)
    except (TypeError, ValueError, KeyError, IndexError, AttributeError) as error:
        raise Malformed(say("The limited process answered with something unexpected.")) from error
    return built


@cache
def _hints(wanted: type) -> dict[str, Any]:
    return get_type_hints(wanted)


def _build(wanted: Any, plain: Any, blobs: list[bytes]) -> Any:
    origin = get_origin(wanted)
    if origin in (Union, types.UnionType):
        choices = [choice for choice in get_args(wanted) if choice is not type(None)]
        return None if plain is None else _build(choices[0], plain, blobs)
    if origin is tuple:
        inner = get_args(wanted)[0]
        if inner is str and all(type(item) is str for item in plain):
            return tuple(plain)
        return tuple(_build(inner, item, blobs) for item in plain)
    if origin is not None and issubclass(origin, Mapping):
        return {str(key): item for key, item in dict(plain).items()}
    return _build_plain(wanted, plain, blobs)


def _build_plain(wanted: Any, plain: Any, blobs: list[bytes]) -> Any:
    if wanted is Words:
        return _words(plain)
    if wanted is bytes:
        return blobs[plain]
    if wanted is datetime:
        return datetime.fromisoformat(plain)
    if is_dataclass(wanted):
        hints = _hints(wanted)  # type: ignore[arg-type]
        return wanted(**{name: _build(hints[name], value, blobs) for name, value in dict(plain).items()})  # type: ignore[operator]
    if issubclass(wanted, Enum):
        return wanted(plain)
    if type(plain) is not wanted and not (wanted is float and type(plain) is int):
        raise TypeError(f"{wanted.__name__} expected")
    return plain


def _words(plain: Any) -> Words:
    parameters = {
        str(key): _words(value["words"]) if isinstance(value, dict) else value
        for key, value in plain["parameters"].items()
    }
    words = Words(str(plain["message"]), parameters)
    str(words)  # a sentence whose places are not filled is none
    return words


def send(stream: IO[bytes], value: object) -> None:
    """Write one message: the length of the JSON, the JSON, the bytes."""
    blobs: list[bytes] = []
    plain = pack(value, blobs)
    head = json.dumps({"value": plain, "sizes": [len(blob) for blob in blobs]}, ensure_ascii=False).encode()
    stream.write(_HEAD.pack(len(head)))
    stream.write(head)
    for blob in blobs:
        stream.write(blob)
    stream.flush()


def receive(stream: IO[bytes], wanted: type[T], *, most: int) -> T:
    """Read one message of type `wanted`, of at most `most` bytes. Raises `EOFError` when the other side is gone."""
    (length,) = _HEAD.unpack(_exactly(stream, _HEAD.size))
    if length > most:
        raise Malformed(say("The limited process answered with too much."))
    head = json.loads(_exactly(stream, length))
    sizes = head.get("sizes", []) if isinstance(head, dict) else []
    if not all(type(size) is int and size >= 0 for size in sizes) or sum(sizes) > most:
        raise Malformed(say("The limited process answered with too much."))
    return unpack(wanted, head["value"], [_exactly(stream, size) for size in sizes])


def _exactly(stream: IO[bytes], size: int) -> bytes:
    found = stream.read(size)
    if len(found) != size:
        raise EOFError
    return found
