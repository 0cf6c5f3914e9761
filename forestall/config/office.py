"""What an office may set, in its home's `home.toml`: read strictly, refused loudly."""

from __future__ import annotations

import os
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from forestall.base.catalogue import refuse_unknown
from forestall.base.errors import Malformed
from forestall.base.home import Home
from forestall.base.words import say

from .outside import checked_certificates, checked_witnesses


@dataclass(frozen=True)
class Mail:
    """How content-free notices leave. Nothing leaves while `host` is empty."""

    host: str = ""
    port: int = 587
    user: str = ""
    password: str = field(default="", repr=False)
    sender: str = ""


@dataclass(frozen=True)
class Seals:
    """How often the log is sealed (minutes, a divisor of a day) and how old its key may grow (days)."""

    every_minutes: int = 60
    key_days: int = 730
    timestamp_certificates: str = ""


@dataclass(frozen=True)
class OfficeSettings:
    """`home.toml`, read. `database` is a PostgreSQL address or empty for the file in the home."""

    hosts: tuple[str, ...] = ("127.0.0.1", "localhost", "[::1]")
    database: str = ""
    time_zone: str = "UTC"
    language: str = "en"
    witnesses: tuple[str, ...] = ()
    boundaries: str = ""
    mail: Mail = Mail()
    seals: Seals = Seals()


def read(home: Home) -> OfficeSettings:
    """The settings of a home. Raises `Malformed` with the key that is wrong."""
    found = tomllib.loads((home.path / "home.toml").read_text(encoding="utf-8"))
    refuse_unknown(
        found,
        known=("kind", "keys", "hosts", "database", "time_zone", "language", "witnesses", "boundaries", "mail", "seals"),
        where="home.toml",
    )
    mail, seals = _mail(found.get("mail", {})), _seals(found.get("seals", {}))
    return OfficeSettings(
        hosts=tuple(_texts(found, "hosts")) or OfficeSettings.hosts,
        database=os.environ.get("FORESTALL_DATABASE") or _text(found, "database"),
        time_zone=_text(found, "time_zone") or "UTC",
        language=_text(found, "language") or "en",
        witnesses=checked_witnesses(_texts(found, "witnesses"), home=home, mail=mail, seals=seals),
        boundaries=_text(found, "boundaries"),
        mail=mail,
        seals=seals,
    )


def _text(table: dict[str, Any], key: str) -> str:
    value = table.get(key, "")
    if not isinstance(value, str):
        raise Malformed(say("home.toml: %(key)s must be a text in quotes.", key=key))
    return value


def _texts(table: dict[str, Any], key: str) -> list[str]:
    value = table.get(key, [])
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise Malformed(say("home.toml: %(key)s must be a list of texts.", key=key))
    return value


def _mail(table: dict[str, Any]) -> Mail:
    refuse_unknown(table, known=("host", "port", "user", "password_file", "sender"), where="home.toml [mail]")
    port = table.get("port", 587)
    if not isinstance(port, int) or not 0 < port < 65536:
        raise Malformed(say("home.toml: mail.port must be a port number."))
    secret = _text(table, "password_file")
    return Mail(
        host=_text(table, "host"),
        port=port,
        user=_text(table, "user"),
        password=Path(secret).read_text(encoding="utf-8").strip() if secret else "",
        sender=_text(table, "sender"),
    )


def _seals(table: dict[str, Any]) -> Seals:
    refuse_unknown(
        table, known=("every_minutes", "key_days", "timestamp_certificates"), where="home.toml [seals]"
    )
    every, days = table.get("every_minutes", Seals.every_minutes), table.get("key_days", Seals.key_days)
    if type(every) is not int or not 10 <= every <= 1440 or 1440 % every:
        raise Malformed(
            say("home.toml: seals.every_minutes must divide a day, from 10 to 1440: 10, 15, 20, 30, 60, 120 …")
        )
    if type(days) is not int or not 1 <= days <= 3650:
        raise Malformed(say("home.toml: seals.key_days must be a number of days, from 1 to 3650."))
    return Seals(every, days, checked_certificates(_text(table, "timestamp_certificates")))
