"""Mail messages (RFC 5322 and MIME): headers, the text a reader sees, and what is attached."""

from __future__ import annotations

import codecs
import email
import email.policy
import mimetypes
from collections.abc import Iterator
from dataclasses import dataclass
from email import errors
from email.headerregistry import HeaderRegistry
from email.message import EmailMessage
from functools import lru_cache
from typing import Any, cast

from forestall.base.errors import Malformed
from forestall.base.words import Words, say

from ..encodings import Decoded, decode
from ..flags import Flag, FlagCode
from ..hostile import Hostile
from ..limits import LIMITS, Limits

_CUT = (
    errors.CloseBoundaryNotFoundDefect,
    errors.StartBoundaryNotFoundDefect,
    errors.NoBoundaryInMultipartDefect,
)
_DAMAGED = (
    errors.InvalidBase64PaddingDefect,
    errors.InvalidBase64LengthDefect,
    errors.InvalidBase64CharactersDefect,
)
_SIGNATURES = frozenset(
    {"application/pkcs7-signature", "application/x-pkcs7-signature", "application/pgp-signature"}
)
_FOR_MACHINES = frozenset({"message/delivery-status", "message/disposition-notification"})
_LOCKED = frozenset({"application/pkcs7-mime", "application/x-pkcs7-mime", "application/pgp-encrypted"})
_MARKED = (
    "Sensitivity",
    "Classification",
    "X-Classification",
    "X-Marking",
    "X-Protective-Marking",
    "Keywords",
)
_VERDICT = "authentication-results"


_header = lru_cache(maxsize=256)(HeaderRegistry())
_POLICY = email.policy.default.clone(header_factory=_header)
"""The standard library parses a header each time that anybody asks for it; ours once in a message."""


@dataclass(frozen=True)
class Attachment:
    """A file in a message. `locator` counts parts as MIME does: `2`, `2.1`."""

    name: str
    content: bytes
    locator: str
    declared_type: str
    declared_charset: str
    problem: Words | None = None


@dataclass(frozen=True)
class Message:
    """A message's headers as text, its bodies as declared, and its attachments in order.

    `verdicts` are what its headers say of how its sender was checked, from top to bottom, whoever wrote them.
    """

    subject: str
    sender: str
    date: str
    message_id: str
    language: str
    marked: str
    plain: str
    markup: str
    attachments: tuple[Attachment, ...]
    flags: tuple[Flag, ...]
    verdicts: tuple[str, ...] = ()


def read(content: bytes, *, limits: Limits = LIMITS) -> Message:
    """The message in `content`. Raises `Malformed` when it is cut short, locked, or has too many parts."""
    _header.cache_clear()
    message = email.message_from_bytes(content.removeprefix(codecs.BOM_UTF8), policy=_POLICY)
    _refuse_tower(message, limits=limits)
    leaves = list(_leaves(message, ""))
    if len(leaves) > limits.members:
        raise Malformed(say("The message has more than %(limit)s parts.", limit=limits.members))
    _refuse_cut(message)
    bodies = {"text/plain": "", "text/html": ""}
    flags: list[Flag] = []
    attachments: list[Attachment] = []
    for locator, part in leaves:
        kind = part.get_content_type()
        if _is_body(part):
            decoded = _body(part)
            bodies[kind] += ("\n" if bodies[kind] else "") + decoded.text
            flags += decoded.flags
        elif kind not in _SIGNATURES | _FOR_MACHINES and not _is_ornament(part):
            attachments.append(_attachment(part, locator))
    return _message(message, bodies, attachments, flags)


def _refuse_tower(message: EmailMessage, *, limits: Limits) -> None:
    """Raise `Hostile` when messages lie within messages deeper than anybody forwards them."""
    waiting = [(message, 0)]
    while waiting:
        part, deep = waiting.pop()
        deep += part.get_content_type() == "message/rfc822"
        if deep > limits.forwards:
            raise Hostile(
                say(
                    "Messages lie within messages more than %(limit)s deep. Ask for the innermost by itself.",
                    limit=limits.forwards,
                )
            )
        if part.is_multipart():
            waiting += [(inner, deep) for inner in cast("list[EmailMessage]", part.get_payload())]


def _message(
    message: EmailMessage, bodies: dict[str, str], attachments: list[Attachment], flags: list[Flag]
) -> Message:
    return Message(
        subject=header(message, "Subject"),
        sender=header(message, "From"),
        date=header(message, "Date"),
        message_id=header(message, "Message-ID"),
        language=header(message, "Content-Language").split(",")[0].strip(),
        marked="\n".join(filter(None, (header(message, name) for name in _MARKED))),
        plain=bodies["text/plain"],
        markup=bodies["text/html"],
        attachments=tuple(attachments),
        flags=(*flags, *_defects(message)),
        verdicts=tuple(" ".join(str(value).split()) for key, value in message.raw_items() if key.lower() == _VERDICT),
    )


def header(message: EmailMessage, name: str) -> str:
    """A header as text on one line. Bytes that stand there unencoded are decoded like any text, or spelled out."""
    raw = next((str(value) for key, value in message.raw_items() if key.lower() == name.lower()), "")
    if any("\udc80" <= sign <= "\udcff" for sign in raw):
        return _unencoded(raw)
    try:
        found = str(message.get(name, ""))
    except (
        ValueError,
        IndexError,
        TypeError,
        AttributeError,
        LookupError,
    ):  # the parser gives up on hostile headers
        found = raw
    return " ".join(found.encode("utf-8", "replace").decode().split())


def _unencoded(raw: str) -> str:
    content = raw.encode("utf-8", "surrogateescape")
    try:
        return " ".join(decode(content).text.split())
    except Malformed:
        return content.decode("ascii", "backslashreplace")


def _leaves(message: EmailMessage, path: str) -> Iterator[tuple[str, EmailMessage]]:
    """Parts that hold something, with their place. A forwarded message is one part."""
    if message.is_multipart() and message.get_content_maintype() == "multipart":
        if message.get_content_type() == "multipart/encrypted":
            raise Malformed(say("The message is encrypted. Ask for it in the clear."))
        for number, part in enumerate(cast("list[EmailMessage]", message.get_payload()), start=1):
            yield from _leaves(part, f"{path}.{number}" if path else str(number))
    else:
        if message.get_content_type() in _LOCKED:
            raise Malformed(say("The message is encrypted. Ask for it in the clear."))
        yield path or "1", message


def _refuse_cut(message: EmailMessage) -> None:
    for part in message.walk():
        if any(isinstance(defect, _CUT) for defect in part.defects):
            raise Malformed(say("The message is cut short: a part has no end. Ask for it again."))


def _is_body(part: EmailMessage) -> bool:
    return (
        part.get_content_type() in {"text/plain", "text/html"}
        and part.get_content_disposition() != "attachment"
        and not part.get_filename()
    )


def _is_ornament(part: EmailMessage) -> bool:
    """A picture that the text shows, such as a letterhead: part of the message, no file of its own."""
    shown = part.get_content_maintype() == "image" and part.get_content_disposition() != "attachment"
    return shown and bool(part.get("Content-ID"))


def _payload(part: EmailMessage) -> bytes:
    found: Any = part.get_payload(decode=True)
    return found if isinstance(found, bytes) else b""


def _charset(part: EmailMessage) -> str:
    try:
        return str(part.get_param("charset", "") or "")
    except (ValueError, LookupError):
        return ""


def _body(part: EmailMessage) -> Decoded:
    content = _payload(part)
    if any(isinstance(defect, _DAMAGED) for defect in part.defects):
        raise Malformed(say("The message is cut short: its text is damaged. Ask for it again."))
    charset = _charset(part)
    return decode(
        content, declared="" if charset.lower() == "us-ascii" and not content.isascii() else charset
    )


def _attachment(part: EmailMessage, locator: str) -> Attachment:
    kind = part.get_content_type()
    problem = None
    if kind == "message/rfc822":
        content = _forwarded(part)
    else:
        content = _payload(part)
        if any(isinstance(defect, _DAMAGED) for defect in part.defects):
            problem = say("The attachment is cut short or damaged.")
    return Attachment(_file_name(part, kind, locator), content, locator, kind, _charset(part), problem)


def _forwarded(part: EmailMessage) -> bytes:
    inner: Any = part.get_payload()
    message = inner[0] if isinstance(inner, list) and inner else None
    return message.as_bytes(policy=email.policy.compat32) if message is not None else _payload(part)


def _file_name(part: EmailMessage, kind: str, locator: str) -> str:
    """The name given, else one made from the place and the type declared."""
    try:
        given = part.get_filename()
    except (ValueError, LookupError, TypeError):
        given = None
    if kind == "message/rfc822":
        return given if given and given.lower().endswith(".eml") else f"message-{locator}.eml"
    if given:
        return str(given).encode("utf-8", "backslashreplace").decode()
    guessed = mimetypes.guess_extension(kind) if kind != "application/octet-stream" else None
    return f"part-{locator}{guessed or ''}"


def _defects(message: EmailMessage) -> list[Flag]:
    names = {
        type(defect).__name__.removesuffix("Defect") for part in message.walk() for defect in part.defects
    }
    return [Flag(FlagCode.MAIL_DEFECTS, ", ".join(sorted(names))[:200])] if names else []
