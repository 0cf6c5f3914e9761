"""News feeds: RSS, Atom, RDF and JSON Feed, asked for only when they changed."""

from __future__ import annotations

import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from forestall.base.canonical import canonical_json, sha256
from forestall.base.errors import Malformed
from forestall.base.words import say
from forestall.collecting.asking import Page, Request
from forestall.collecting.contract import Source
from forestall.collecting.dates import read_header_date
from forestall.collecting.encodings import decode
from forestall.collecting.flags import Flag, FlagCode
from forestall.collecting.formats import safexml, strictjson, webpage
from forestall.collecting.kinds import Kind
from forestall.collecting.received import Part, Received
from forestall.collecting.record import Record, RecordKind

_TRACKING = re.compile(r"utm_\w+|fbclid|gclid|mc_[ce]id")


def plan(cursor: Mapping[str, Any], *, source: Source, today: date) -> Iterable[Request]:
    """One conditional request per feed: what did not change is not sent again."""
    for feed in source.settings.get("feeds", ()):
        state = cursor.get(feed["id"], {})
        headers = {
            "Accept": "application/rss+xml, application/atom+xml, application/feed+json, application/xml"
        }
        if state.get("etag"):
            headers["If-None-Match"] = state["etag"]
        if state.get("modified"):
            headers["If-Modified-Since"] = state["modified"]
        yield Request(feed["id"], feed["url"], headers, name=feed["id"])


def advance(cursor: Mapping[str, Any], *, page: Page) -> dict[str, Any]:
    """The cursor with the feed's marks of version. Only an answer with a body that was kept moves it."""
    moved = {key: dict(value) for key, value in cursor.items()}
    if page.status == 200 and page.received is not None:
        given = {name.lower(): value for name, value in page.headers.items()}
        state = {"etag": given.get("etag", ""), "modified": given.get("last-modified", "")}
        moved[page.request.key] = {name: value for name, value in state.items() if value}
    return moved


def parse(received: Received, *, kind: Kind, source: Source) -> Iterator[Record | Part]:
    """One record per entry. An identifier used twice with different content keeps both, flagged."""
    entries = _json_entries(received, source) if kind is Kind.JSON_FEED else _xml_entries(received, source)
    records = list(entries)
    repeated = Counter(record.external_id for record in records)
    seen: set[str] = set()
    for record in records:
        if record.sha256 in seen:
            continue
        seen.add(record.sha256)
        if repeated[record.external_id] > 1:
            flag = Flag(FlagCode.IDENTIFIER_REUSED, record.external_id[:120])
            record = replace(record.flagged(flag), external_id=f"{record.external_id}#{record.sha256[:16]}")
        yield record


def canonical_link(link: str) -> str:
    """A link without fragment and tracking parameters, so that one article has one address."""
    try:
        parts = urlsplit(link.strip())
    except ValueError:
        return link.strip()
    query = [(name, value) for name, value in parse_qsl(parts.query) if not _TRACKING.fullmatch(name)]
    return urlunsplit((parts.scheme.lower(), parts.netloc.lower(), parts.path, urlencode(query), ""))


def _xml_entries(received: Received, source: Source) -> Iterator[Record]:
    import feedparser

    parsed = safexml.parse(received.content)
    headers = {"content-type": "application/xml; charset=utf-8"}
    found = feedparser.parse(io.BytesIO(parsed.text.encode()), response_headers=headers, sanitize_html=False)
    if not found.version:
        raise Malformed(say("This looks like a feed and is none that is known."))
    for entry in found.entries:
        contents = [part.value for part in entry.get("content", ())]
        yield _record(
            received,
            source,
            flags=parsed.flags,
            identity=entry.get("id", ""),
            title=entry.get("title", ""),
            link=entry.get("link", ""),
            markup=max([*contents, entry.get("summary", "")], key=len),
            date=entry.get("published") or entry.get("updated") or "",
            language=entry.get("language") or found.feed.get("language", ""),
            author=entry.get("author", "") or found.feed.get("title", ""),
            licence=entry.get("rights") or found.feed.get("rights", ""),
        )


def _json_entries(received: Received, source: Source) -> Iterator[Record]:
    decoded = decode(received.content, declared=received.declared_charset)
    feed = strictjson.load(decoded.text)
    entries = feed.get("items", [])
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise Malformed(say("The JSON feed has no list of items."))
    for entry in entries:
        given = {name: str(value) for name, value in entry.items() if isinstance(value, str | int | float)}
        yield _record(
            received,
            source,
            flags=decoded.flags,
            identity=given.get("id", ""),
            title=given.get("title", ""),
            link=given.get("url", ""),
            markup=given.get("content_html")
            or _escaped(given.get("content_text") or given.get("summary", "")),
            date=given.get("date_published") or given.get("date_modified", ""),
            language=given.get("language") or str(feed.get("language", "")),
            author=_author(entry) or _author(feed) or str(feed.get("title", "")),
            licence="",
        )


def _escaped(text: str) -> str:
    return "<pre>" + text.replace("&", "&amp;").replace("<", "&lt;") + "</pre>" if text else ""


def _author(holder: Mapping[str, Any]) -> str:
    authors = holder.get("authors") or [holder.get("author")]
    names = [str(author.get("name", "")) for author in authors if isinstance(author, dict)]
    return ", ".join(name for name in names if name)


def _record(received: Received, source: Source, *, flags: tuple[Flag, ...], **given: str) -> Record:
    page = webpage.read(given["markup"])
    title = webpage.read(given["title"]).text if "<" in given["title"] else " ".join(given["title"].split())
    link = canonical_link(given["link"])
    moment = read_header_date(given["date"]) if given["date"] else None
    unread = Flag(FlagCode.DATE_UNREADABLE, given["date"][:80]) if given["date"] else Flag(FlagCode.NO_DATE)
    return Record(
        source_id=source.id,
        external_id=given["identity"] or link or "sha256:" + sha256(canonical_json([title, given["date"]])),
        kind=RecordKind.NEWS,
        title=title,
        body=page.text or title,
        received_at=received.received_at,
        body_html=page.clean or None,
        hidden=page.hidden,
        language=_language(given["language"]),
        published=moment,
        reporter=given["author"],
        url=link,
        licence=given["licence"] or source.licence,
        flags=(*flags, *page.flags, *(() if moment else (unread,))),
        native={"id": given["identity"], "link": link, "date": given["date"]},
    )


def _language(declared: str) -> str:
    primary, _, region = declared.strip().replace("_", "-").partition("-")
    if not (primary.isascii() and primary.isalpha() and len(primary) in (2, 3)):
        return "und"
    return f"{primary.lower()}-{region.upper()}" if len(region) == 2 else primary.lower()
