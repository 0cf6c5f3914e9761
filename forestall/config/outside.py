"""The witnesses that an office names in its `home.toml`: each is read strictly, for one that is never reached is none."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from forestall.base.errors import Malformed
from forestall.base.home import Home
from forestall.base.words import say

if TYPE_CHECKING:
    from .office import Mail, Seals

MAIL, WEB = "mailto:", "https:"
_ADDRESS = re.compile(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")


def checked_witnesses(named: Sequence[str], *, home: Home, mail: Mail, seals: Seals) -> tuple[str, ...]:
    """The witnesses as named: a folder elsewhere, `mailto:` an address, or `https:` a time-stamp authority (RFC 3161).

    Raises `Malformed` for one that could never be told.
    """
    if len(set(named)) != len(named):
        raise Malformed(say("home.toml: a witness is named twice. Two witnesses must be two."))
    for one in named:
        if one.startswith(MAIL):
            _check_mail(one, mail=mail)
        elif one.startswith(WEB):
            _check_authority(one, seals=seals)
        else:
            _check_folder(one, home=home)
    return tuple(named)


def _check_mail(witness: str, *, mail: Mail) -> None:
    if not _ADDRESS.fullmatch(witness[len(MAIL) :]):
        raise Malformed(say("home.toml: the witness %(one)s is no mail address. Write mailto:name@host.", one=witness))
    if not mail.host or not mail.sender:
        raise Malformed(
            say("home.toml: the witness %(one)s needs a mail server: set host and sender in [mail].", one=witness)
        )


def _check_authority(witness: str, *, seals: Seals) -> None:
    try:
        parts = urlsplit(witness)
        plain = parts.hostname and parts.username is None and parts.port in (None, 443) and not parts.fragment
    except ValueError:
        plain = False
    if not plain or re.search(r"[\s\\]", witness):
        raise Malformed(say("home.toml: the witness %(one)s is no address of a time-stamp authority.", one=witness))
    if not seals.timestamp_certificates:
        raise Malformed(
            say("home.toml: the witness %(one)s needs seals.timestamp_certificates, to check what it signs.", one=witness)
        )


def _check_folder(witness: str, *, home: Home) -> None:
    path = Path(witness)
    if not path.is_absolute():
        raise Malformed(
            say("home.toml: the witness %(one)s is no whole path, mailto: or https: address.", one=witness)
        )
    if path.resolve().is_relative_to(home.path.resolve()):
        raise Malformed(
            say("home.toml: the witness %(one)s lies in the home and witnesses nothing. Name one outside.", one=witness)
        )


def checked_certificates(named: str) -> str:
    """The path of the authority's root certificates (PEM). Raises `Malformed` when they cannot be read."""
    if not named:
        return ""
    try:
        text = Path(named).read_text(encoding="ascii")
    except (OSError, UnicodeDecodeError) as error:
        raise Malformed(say("home.toml: seals.timestamp_certificates: %(path)s cannot be read.", path=named)) from error
    if "-----BEGIN CERTIFICATE-----" not in text:
        raise Malformed(say("home.toml: seals.timestamp_certificates: %(path)s holds no certificate.", path=named))
    return named
