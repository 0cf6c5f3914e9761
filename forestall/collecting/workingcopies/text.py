"""Text as plain text: no markup, no signs that nobody sees, no order turned round, no commands to a terminal."""

from __future__ import annotations

import re
import unicodedata

from forestall.base.words import say

from ..encodings import decode
from ..formats import message, webpage
from .workingcopy import WorkingCopy

_UNSEEN = re.compile("[\u00ad\u180e\u2028\u2029\u202a-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]")


def copy(content: bytes, *, charset: str = "") -> WorkingCopy:
    """The text of `content`, whatever its lines mean to a spreadsheet or a browser."""
    return _copy(decode(content, declared=charset).text)


def page_copy(content: bytes) -> WorkingCopy:
    """The text that a reader of the web page sees."""
    return _copy(_seen(decode(content, declared=webpage.declared_charset(content)).text))


def mail_copy(content: bytes) -> WorkingCopy:
    """Subject, day and text of a message: not who sent it, to whom and by which machines."""
    found = message.read(content)
    body = found.plain.strip() or _seen(found.markup)
    told = [found.subject, found.date.split("(")[0].strip(), "", body]
    warnings = [say("The text may still name who wrote it: read it before you pass it on.")]
    if found.attachments:
        warnings.append(say("What was attached is not in the copy. Attachments: %(count)s", count=len(found.attachments)))
    return WorkingCopy(_copy("\n".join(told)).content, "txt", tuple(warnings))


def _seen(markup: str) -> str:
    page = webpage.read(markup)
    return "\n\n".join(part for part in (page.title, page.text) if part)


def _copy(text: str) -> WorkingCopy:
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    shown = "".join(sign for sign in _UNSEEN.sub("", lines) if sign in "\n\t" or unicodedata.category(sign) != "Cc")
    return WorkingCopy(shown.encode("utf-8", "replace"), "txt")
