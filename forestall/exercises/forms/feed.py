"""Feeds of several entries: RSS 2.0, Atom (RFC 4287), JSON Feed 1.1."""

from __future__ import annotations

import json
from collections.abc import Sequence
from email.utils import format_datetime
from html import escape

from ..item import Bundle
from .sheet import Sheet


def _link(sheet: Sheet, *, bundle: Bundle) -> str:
    return f"{bundle.link}/{sheet.id}"


def write_rss(bundle: Bundle, *, sheets: Sequence[Sheet]) -> bytes:
    """An RSS 2.0 feed of the sheets, with the whole text as description."""
    entries = "".join(
        f"<item>\n<title>{escape(one.title)}</title>\n<link>{_link(one, bundle=bundle)}</link>\n"
        f'<guid isPermaLink="true">{_link(one, bundle=bundle)}</guid>\n<dc:creator>{escape(one.by)}</dc:creator>\n'
        f"<dc:language>{one.language}</dc:language>\n<pubDate>{format_datetime(one.sent)}</pubDate>\n"
        f"<description>{escape(''.join(f'<p>{escape(part)}</p>' for part in one.paragraphs))}</description>\n</item>\n"
        for one in sheets
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/">\n<channel>\n'
        f"<title>{escape(bundle.title)}</title>\n<link>{bundle.link}</link>\n"
        f"<description>{escape(sheets[0].line)}</description>\n<language>{sheets[0].language}</language>\n"
        f"<lastBuildDate>{format_datetime(bundle.received_at)}</lastBuildDate>\n{entries}</channel>\n</rss>\n"
    ).encode()


def write_atom(bundle: Bundle, *, sheets: Sequence[Sheet]) -> bytes:
    """An Atom feed of the sheets, with the whole text as content."""
    entries = "".join(
        f'<entry xml:lang="{one.language}">\n<title>{escape(one.title)}</title>\n<id>{_link(one, bundle=bundle)}</id>\n'
        f'<link href="{_link(one, bundle=bundle)}"/>\n<author><name>{escape(one.by)}</name></author>\n'
        f"<published>{one.sent.isoformat()}</published>\n<updated>{one.sent.isoformat()}</updated>\n"
        f'<content type="text">{escape(one.text)}</content>\n</entry>\n'
        for one in sheets
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="{sheets[0].language}">\n'
        f"<title>{escape(bundle.title)}</title>\n<subtitle>{escape(sheets[0].line)}</subtitle>\n"
        f'<id>{bundle.link}</id>\n<link href="{bundle.link}"/>\n'
        f"<updated>{bundle.received_at.isoformat()}</updated>\n{entries}</feed>\n"
    ).encode()


def write_jsonfeed(bundle: Bundle, *, sheets: Sequence[Sheet]) -> bytes:
    """A JSON Feed of the sheets, with the whole text as content."""
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": bundle.title,
        "description": sheets[0].line,
        "home_page_url": bundle.link,
        "language": sheets[0].language,
        "items": [
            {
                "id": _link(one, bundle=bundle),
                "url": _link(one, bundle=bundle),
                "title": one.title,
                "language": one.language,
                "authors": [{"name": one.by}],
                "date_published": one.sent.isoformat(),
                "content_text": one.text,
            }
            for one in sheets
        ],
    }
    return (json.dumps(feed, ensure_ascii=False, indent=1) + "\n").encode()


FEEDS = {"rss": write_rss, "atom": write_atom, "jsonfeed": write_jsonfeed}
