"""Mail and uploads: messages with their attachments, documents, web pages, text, archives, pictures.

Bytes already lie here: there is nothing to plan and nothing to advance.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from pathlib import PurePosixPath
from typing import Any

from forestall.base.canonical import canonical_json, sha256
from forestall.base.errors import Malformed
from forestall.base.words import say
from forestall.collecting.asking import Page, Request
from forestall.collecting.contract import Source
from forestall.collecting.dates import Moment, read_date, read_header_date
from forestall.collecting.encodings import decode
from forestall.collecting.flags import Flag, FlagCode
from forestall.collecting.formats import authentication, message, package, pdf, picture, webpage, word
from forestall.collecting.kinds import Kind
from forestall.collecting.limits import LIMITS
from forestall.collecting.received import Channel, Part, Received
from forestall.collecting.record import Record, RecordKind

_LONGEST_TITLE = 300


def plan(cursor: Mapping[str, Any], *, source: Source, today: date) -> Iterable[Request]:
    """Nothing: mail and uploads come by themselves."""
    return ()


def advance(cursor: Mapping[str, Any], *, page: Page) -> dict[str, Any]:
    """The same cursor: there is none to move."""
    return dict(cursor)


def parse(received: Received, *, kind: Kind, source: Source) -> Iterator[Record | Part]:
    """One record per message, document or picture; one part per attachment or member of an archive."""
    if kind is Kind.MAIL:
        yield from _mail(received, source)
    elif kind is Kind.ARCHIVE:
        yield from _archive(received)
    else:
        readers = {
            Kind.PDF: _pdf,
            Kind.WORD: _word,
            Kind.HTML: _page,
            Kind.TEXT: _text,
            Kind.PICTURE: _picture,
        }
        yield readers[kind](received, source)


def _identity(received: Received) -> str:
    """Parent and place for what lay in something else, the hash of the bytes for what came alone."""
    if received.parent and received.locator:
        return f"{received.parent}/{received.locator}"
    return f"sha256:{sha256(received.content)}"


def _settled(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).split())


def _language(declared: str) -> str:
    """A BCP-47 tag in its usual case, or `und`."""
    parts = declared.strip().replace("_", "-").split("-")
    if not parts[0].isascii() or not parts[0].isalpha() or len(parts[0]) not in (2, 3):
        return "und"
    rest = [
        part.upper() if len(part) == 2 else part.title() if len(part) == 4 else part for part in parts[1:]
    ]
    return "-".join([parts[0].lower(), *rest])


def _capped(text: str) -> str:
    if len(text) > LIMITS.text:
        raise Malformed(say("Its text has more than %(limit)s characters.", limit=LIMITS.text))
    return text


def _first_line(text: str) -> str:
    return next((line.strip() for line in text.split("\n") if line.strip()), "")


def _title(received: Received, *candidates: str) -> str:
    stem = PurePosixPath(received.name).stem
    return next((" ".join(text.split()) for text in candidates if text.strip()), stem)[:_LONGEST_TITLE]


def _mail(received: Received, source: Source) -> Iterator[Record | Part]:
    found = message.read(received.content)
    page = webpage.read(found.markup) if found.markup.strip() else None
    plain = found.plain.strip()
    seen = page.text if page else ""
    body = plain if len(plain) * 5 >= len(seen) and plain else seen
    identity, native = _message_identity(found, body)
    checked, doubt = _sender(found, received)
    moment = read_header_date(found.date) if found.date else None
    record = Record(
        source_id=source.id,
        external_id=identity,
        kind=RecordKind.MESSAGE,
        title=found.subject[:_LONGEST_TITLE],
        body=_capped(body),
        received_at=received.received_at,
        body_html=page.clean if page else None,
        hidden=page.hidden if page else "",
        language=_language(found.language or (page.language if page else "")),
        published=moment,
        reporter=found.sender,
        licence=source.licence,
        headers=found.marked,
        flags=(*found.flags, *(page.flags if page else ()), *_undated(found.date, moment), *_wordless(body), *doubt),
        native=native | checked,
    )
    yield record
    for file in found.attachments:
        yield Part(
            name=file.name,
            content=file.content,
            locator=file.locator,
            parent=identity,
            declared_type=file.declared_type,
            declared_charset=file.declared_charset,
            problem=file.problem,
        )


def _message_identity(found: message.Message, body: str) -> tuple[str, dict[str, str]]:
    """The identifier and the canonical hash: identifiers are forged and reused, so neither stands alone."""
    files = sorted(sha256(file.content) for file in found.attachments)
    whole = sha256(canonical_json([_settled(body), files]))
    named = found.message_id or "none:" + sha256(canonical_json([found.sender, found.date, found.subject]))
    native = {
        "message-id": named,
        "message": whole,
        "from": found.sender,
        "date": found.date,
        "subject": found.subject,
    }
    return f"{named}#{whole[:32]}", native


def _sender(found: message.Message, received: Received) -> tuple[dict[str, str], tuple[Flag, ...]]:
    """What the office's own server (`carried`) found out of who sent a message to its mailbox, and the doubt that is left.

    Of what came by another way, and of a message inside a message, it knows nothing.
    """
    if received.channel is not Channel.MAIL or received.depth:
        return {}, ()
    results = authentication.verdict(found.verdicts, by=received.carried)
    told = " ".join(f"{method}={result}" for method, result in results.items())
    doubt = () if authentication.is_verified(results) else (Flag(FlagCode.SENDER_NOT_VERIFIED, told or "–"),)
    return {"authentication": told}, doubt


def _undated(text: str, moment: Moment | None) -> tuple[Flag, ...]:
    if moment is not None:
        return ()
    return (Flag(FlagCode.DATE_UNREADABLE, text[:80]),) if text else (Flag(FlagCode.NO_DATE),)


def _wordless(body: str) -> tuple[Flag, ...]:
    return () if body.strip() else (Flag(FlagCode.NO_TEXT),)


def _archive(received: Received) -> Iterator[Part]:
    """Members in order. What systems add by themselves (`__MACOSX`) is left in the archive."""
    parent = received.parent or f"sha256:{sha256(received.content)}"
    for name, content in package.members(received.content):
        if not name.startswith("__MACOSX/") and PurePosixPath(name).name not in {".DS_Store", "Thumbs.db"}:
            yield Part(name=name, content=content, locator=name, parent=parent)


def _document(received: Received, source: Source, **fields: Any) -> Record:
    text = _capped(fields.pop("body"))
    flags = (*fields.pop("flags", ()), *_wordless(text))
    return Record(
        source_id=source.id,
        external_id=_identity(received),
        kind=fields.pop("kind", RecordKind.DOCUMENT),
        body=text,
        received_at=received.received_at,
        licence=source.licence,
        flags=flags,
        **fields,
    )


def _pdf(received: Received, source: Source) -> Record:
    found = pdf.read(received.content)
    body = webpage.tidy("\n\n".join(found.pages))
    generated = (
        found.title.lower().startswith(("microsoft word", "untitled", "untitled-")) or len(found.title) < 4
    )
    return _document(
        received,
        source,
        body=body,
        title=_title(received, "" if generated else found.title, _first_line(body)),
        language=_language(found.language),
        reporter=found.author,
        flags=found.flags,
        native={
            "created": found.created.isoformat() if found.created else "",
            "pages": str(len(found.pages)),
        },
    )


def _word(received: Received, source: Source) -> Record:
    found = word.read(received.content)
    about = found.properties
    generated = about.title.lower() in {"", "word document", "document", "untitled"}
    return _document(
        received,
        source,
        body=found.text,
        hidden=found.hidden,
        title=_title(received, "" if generated else about.title, _first_line(found.text)),
        language=_language(about.language),
        reporter="" if about.author == "python-docx" else about.author,
        flags=found.flags,
        native={"created": about.created, "modified": about.modified},
    )


def _page(received: Received, source: Source) -> Record:
    content = received.content
    decoded = decode(content, declared=received.declared_charset or webpage.declared_charset(content))
    found = webpage.read(decoded.text)
    body = webpage.main_text(found)
    moment = (read_header_date(found.date) or read_date(found.date)) if found.date else None
    return _document(
        received,
        source,
        body=body,
        body_html=found.clean,
        hidden=found.hidden,
        title=_title(received, found.title, _first_line(body)),
        language=_language(found.language),
        published=moment,
        reporter=found.author,
        url=found.canonical,
        flags=(*decoded.flags, *found.flags),
        native={"date": found.date},
    )


def _text(received: Received, source: Source) -> Record:
    decoded = decode(received.content, declared=received.declared_charset)
    return _document(
        received,
        source,
        body=decoded.text.strip(),
        title=_title(received, _first_line(decoded.text)),
        flags=decoded.flags,
        native={"encoding": decoded.encoding},
    )


def _picture(received: Received, source: Source) -> Record:
    found = picture.read(received.content)
    return _document(
        received,
        source,
        kind=RecordKind.PICTURE,
        body="",
        title=_title(received),
        native={"form": found.form, "width": str(found.width), "height": str(found.height)},
    )
