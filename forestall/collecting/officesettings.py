"""What an office sets for itself in a source of the catalogue: read strictly, laid over what the definition says."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

from forestall.base.errors import Refused
from forestall.base.words import say

from .contract import Source

SCHEME = "https://"
_HOST = re.compile(r"(?=.{4,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}")
_LONGEST, _MOST = 200, 100


def is_address(source: Source, key: str) -> bool:
    """Whether a setting says whom the source asks, and so who is given its credentials."""
    return str(source.settings.get(key, "")).startswith(SCHEME)


def checked(source: Source, *, key: str, text: str) -> Any:
    """The value that `text` gives a setting, of the kind that the definition has; a list is written with commas.

    Raises `Refused` for a setting that an office does not make, and for a text that is none of its kind.
    """
    if key not in source.office:
        names = ", ".join(source.office) or "–"
        raise Refused(say("%(source)s has no setting %(key)s. It has: %(names)s.", source=source.title, key=key, names=names))
    if len(text) > _LONGEST * _MOST or any(ord(letter) < 32 for letter in text):
        raise Refused(say("This is no value for %(key)s: write it on one line.", key=key))
    declared = source.settings[key]
    if isinstance(declared, list):
        return _list(text, key=key)
    if is_address(source, key):
        return _address(text, key=key)
    return text.strip()


def _list(text: str, *, key: str) -> list[str]:
    found = list(dict.fromkeys(part.strip() for part in text.split(",") if part.strip()))
    if len(found) > _MOST or any(len(part) > _LONGEST for part in found):
        raise Refused(say("%(key)s takes at most %(most)s names, separated by commas.", key=key, most=_MOST))
    return found


def _address(text: str, *, key: str) -> str:
    address = text.strip().rstrip("/").lower()
    parts = urlsplit(address)
    if not address.startswith(SCHEME) or not _HOST.fullmatch(address.removeprefix(SCHEME)) or parts.netloc != parts.hostname:
        raise Refused(say("%(key)s is https:// and the name of a host, and nothing behind it: https://forms.office.example", key=key))
    return address


def adapted(source: Source, own: Mapping[str, Any]) -> Source:
    """The source as this office asks it. What an office set before the definition lost that setting is left out.

    A host that the office names may be asked beside those of the definition; the fetcher holds it to every other rule.
    """
    found = {key: value for key, value in own.items() if key in source.office}
    if not found:
        return source
    addresses = [str(value) for key, value in found.items() if is_address(source, key)]
    hosts = [urlsplit(one).hostname or "" for one in addresses]
    asks = source.asks and replace(source.asks, hosts=tuple(dict.fromkeys((*source.asks.hosts, *filter(None, hosts)))))
    return replace(source, settings={**source.settings, **found}, asks=asks)
