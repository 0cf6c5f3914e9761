"""What an office may set, in its home's `home.toml`: read strictly, refused loudly."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import urlparse, urlsplit

from forestall.base.catalogue import refuse_unknown
from forestall.base.errors import Malformed
from forestall.base.home import Home
from forestall.base.words import say

from .inbound import Inbound, read_inbound
from .outside import checked_certificates, checked_witnesses


@dataclass(frozen=True)
class Mail:
    """How content-free notices leave. Nothing leaves while `host` is empty."""

    host: str = ""
    port: int = 587
    user: str = ""
    password: str = field(default="", repr=False)
    sender: str = ""


MOST_AT_ONCE = 16


@dataclass(frozen=True)
class Seals:
    """How often the log is sealed (minutes, a divisor of a day) and how old its key may grow (days)."""

    every_minutes: int = 60
    key_days: int = 730
    timestamp_certificates: str = ""


@dataclass(frozen=True)
class Backup:
    """Where the worker puts backups, for whom (public age keys), how often (hours), how long they stay (days).

    None is made while `folder` is empty. With `vault_key` the source vault's key ring goes along.
    """

    folder: str = ""
    recipients: tuple[str, ...] = ()
    every_hours: int = 24
    keep_days: int = 35
    vault_key: bool = False


@dataclass(frozen=True)
class IdentityProvider:
    """The office's own sign-in (OpenID Connect). None while `issuer` is empty.

    `claim` holds the sign-in name. `amr` and `acr` say which of its values count as which level, up to `bound`.
    """

    issuer: str = ""
    client_id: str = ""
    secret: str = field(default="", repr=False)
    claim: str = "preferred_username"
    bound: int = 1
    amr: Mapping[str, int] = field(default_factory=dict)
    acr: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class OfficeSettings:
    """`home.toml`, read. `database` is a PostgreSQL address or empty for the file in the home.

    With `database_owner`, the address of the role that owns the tables and migrates them, `database` is that of another
    role that may neither change tables nor see more than the database itself allows.

    `vault_key` is the file of the source vault's key, when it lies on another medium than the home; `asked_at_once` is how
    many sources the worker asks at the same time.
    """

    hosts: tuple[str, ...] = ("127.0.0.1", "localhost", "[::1]")
    database: str = ""
    database_owner: str = ""
    time_zone: str = "UTC"
    language: str = "en"
    witnesses: tuple[str, ...] = ()
    boundaries: str = ""
    proxies: tuple[str, ...] = ()
    vault_key: str = ""
    asked_at_once: int = 1
    mail: Mail = Mail()
    seals: Seals = Seals()
    backup: Backup = Backup()
    oidc: IdentityProvider = IdentityProvider()
    inbound: Inbound = field(default_factory=Inbound)


def read(home: Home) -> OfficeSettings:
    """The settings of a home. Raises `Malformed` with the key that is wrong."""
    found = tomllib.loads((home.path / "home.toml").read_text(encoding="utf-8"))
    refuse_unknown(
        found,
        known=("kind", "keys", "hosts", "database", "database_owner", "time_zone", "language", "witnesses", "boundaries", "vault_key", "proxies", "asked_at_once", "mail", "seals", "backup", "oidc", "mailbox", "drop_folder"),
        where="home.toml",
    )
    mail, seals = _mail(found.get("mail", {})), _seals(found.get("seals", {}))
    return OfficeSettings(
        hosts=tuple(_texts(found, "hosts")) or OfficeSettings.hosts,
        database=os.environ.get("FORESTALL_DATABASE") or _text(found, "database"),
        database_owner=_owner(found),
        time_zone=_text(found, "time_zone") or "UTC",
        language=_text(found, "language") or "en",
        witnesses=checked_witnesses(_texts(found, "witnesses"), home=home, mail=mail, seals=seals),
        boundaries=_text(found, "boundaries"),
        proxies=tuple(_addresses(found, "proxies")),
        vault_key=_text(found, "vault_key"),
        asked_at_once=_few(found, "asked_at_once"),
        mail=mail,
        seals=seals,
        backup=_backup(found.get("backup")),
        oidc=_provider(found.get("oidc")),
        inbound=read_inbound(found.get("mailbox"), found.get("drop_folder")),
    )


def _owner(found: dict[str, Any]) -> str:
    """The owner's address. Raises `Malformed` when it names another database than the application's."""
    if "FORESTALL_DATABASE" in os.environ:  # one named there comes with its owner, or with none
        database, owner = os.environ["FORESTALL_DATABASE"], os.environ.get("FORESTALL_DATABASE_OWNER", "")
    else:
        database, owner = _text(found, "database"), _text(found, "database_owner")
    if owner and urlparse(owner).path != urlparse(database).path:
        raise Malformed(say("home.toml: database and database_owner must name the same database, by two roles."))
    return owner


def _text(table: dict[str, Any], key: str) -> str:
    value = table.get(key, "")
    if not isinstance(value, str):
        raise Malformed(say("home.toml: %(key)s must be a text in quotes.", key=key))
    return value


def _few(table: dict[str, Any], key: str) -> int:
    value = table.get(key, 1)
    if type(value) is not int or not 1 <= value <= MOST_AT_ONCE:
        raise Malformed(say("home.toml: %(key)s must be a number from 1 to %(most)s.", key=key, most=MOST_AT_ONCE))
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


def _backup(table: object) -> Backup:
    """`[backup]`, whole or not at all: a backup that nobody can open is none."""
    if table is None:
        return Backup()
    if not isinstance(table, dict):
        raise Malformed(say("home.toml: %(key)s must be a table.", key="backup"))
    refuse_unknown(table, known=("folder", "recipients", "every_hours", "keep_days", "vault_key"), where="home.toml [backup]")
    folder, recipients = _text(table, "folder"), tuple(_texts(table, "recipients"))
    if not Path(folder).is_absolute():
        raise Malformed(say("home.toml: backup.folder must be the full path of a folder, in quotes."))
    if not recipients or not all(key.startswith("age1") for key in recipients):
        raise Malformed(say("home.toml: backup.recipients must be a list of public age keys. They begin with age1."))
    every, keep = table.get("every_hours", Backup.every_hours), table.get("keep_days", Backup.keep_days)
    for key, value, most in (("every_hours", every, 720), ("keep_days", keep, 3650)):
        if type(value) is not int or not 1 <= value <= most:
            raise Malformed(say("home.toml: backup.%(key)s must be a number from 1 to %(most)s.", key=key, most=most))
    ring = table.get("vault_key", Backup.vault_key)
    if type(ring) is not bool:
        raise Malformed(say("home.toml: backup.%(key)s must be true or false.", key="vault_key"))
    return Backup(folder, recipients, every, keep, ring)


def _addresses(table: dict[str, Any], key: str) -> list[str]:
    found = _texts(table, key)
    for text in found:
        try:
            ip_address(text)
        except ValueError as error:
            raise Malformed(say("home.toml: %(key)s must be a list of addresses, such as 127.0.0.1.", key=key)) from error
    return found


def _provider(table: object) -> IdentityProvider:
    """`[oidc]`, whole or not at all: what is missing would let nobody in, or everybody."""
    if table is None:
        return IdentityProvider()
    if not isinstance(table, dict):
        raise Malformed(say("home.toml: oidc must be a table, [oidc]."))
    refuse_unknown(
        table,
        known=("issuer", "client_id", "client_secret_file", "claim", "bound", "amr", "acr"),
        where="home.toml [oidc]",
    )
    missing = [key for key in ("issuer", "client_id", "client_secret_file") if not _text(table, key)]
    if missing:
        raise Malformed(say("home.toml: [oidc] needs %(key)s.", key=", ".join(missing)))
    bound = table.get("bound", 1)
    if bound not in (1, 2, 3) or isinstance(bound, bool):
        raise Malformed(say("home.toml: oidc.bound must be 1, 2 or 3: the highest level that the provider can open."))
    return IdentityProvider(
        issuer=_issuer(_text(table, "issuer")),
        client_id=_text(table, "client_id"),
        secret=_secret(_text(table, "client_secret_file")),
        claim=_text(table, "claim") or IdentityProvider.claim,
        bound=bound,
        amr=_levels(table, "amr"),
        acr=_levels(table, "acr"),
    )


def _issuer(address: str) -> str:
    told = urlsplit(address)
    if told.scheme != "https" and told.hostname not in ("127.0.0.1", "localhost", "::1"):
        raise Malformed(say("home.toml: oidc.issuer must begin with https://."))
    return address


def _secret(path: str) -> str:
    try:
        return Path(path).read_text(encoding="utf-8").strip()
    except OSError as error:
        raise Malformed(say("home.toml: the file %(path)s cannot be read.", path=path)) from error


def _levels(table: dict[str, Any], key: str) -> dict[str, int]:
    found = table.get(key, {})
    if not isinstance(found, dict) or not all(type(level) is int and level in (1, 2, 3) for level in found.values()):
        raise Malformed(say("home.toml: oidc.%(key)s must name values and levels, such as { otp = 2 }.", key=key))
    return found
