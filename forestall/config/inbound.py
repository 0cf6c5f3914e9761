"""Where the office receives by itself: its mailbox and its drop folder, as its `home.toml` names them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from forestall.base.catalogue import refuse_unknown
from forestall.base.errors import Malformed
from forestall.base.words import say
from forestall.outbound.imap import Box

_KEYS = ("host", "port", "user", "folder", "starttls", "inside", "certificates", "authenticated_by")
_CONTROL = {chr(number) for number in (*range(32), 127)}


@dataclass(frozen=True)
class Inbound:
    """The mailbox (None: there is none), who vouches for senders there (its authserv-id, RFC 8601), and the drop folder."""

    box: Box | None = None
    authenticated_by: str = ""
    folder: Path | None = None


def read_inbound(mailbox: object, folder: object) -> Inbound:
    """`[mailbox]` and `drop_folder` of a `home.toml`. Raises `Malformed` with the key that is wrong."""
    place = _folder(folder)
    if mailbox is None:
        return Inbound(folder=place)
    if not isinstance(mailbox, dict):
        raise Malformed(say("home.toml: %(key)s must be a table.", key="mailbox"))
    refuse_unknown(mailbox, known=_KEYS, where="home.toml [mailbox]")
    given = {key: _text(mailbox, key) for key in ("host", "user", "folder", "certificates", "authenticated_by")}
    if not given["host"] or not given["user"]:
        raise Malformed(say("home.toml: [mailbox] needs %(key)s.", key="host, user"))
    starttls = _flag(mailbox, "starttls")
    box = Box(
        host=given["host"], user=given["user"], port=_port(mailbox, 143 if starttls else 993),
        folder=given["folder"] or Box.folder, starttls=starttls, inside=_flag(mailbox, "inside"),
        certificates=given["certificates"],
    )  # fmt: skip
    return Inbound(box, given["authenticated_by"], place)


def _folder(value: object) -> Path | None:
    if value is None:
        return None
    if not isinstance(value, str) or not Path(value).is_absolute():
        raise Malformed(say("home.toml: drop_folder must be the full path of a folder, in quotes."))
    return Path(value)


def _text(table: dict[str, Any], key: str) -> str:
    value = table.get(key, "")
    if not isinstance(value, str) or _CONTROL & set(value):
        raise Malformed(say("home.toml: %(key)s must be a text in quotes.", key=f"mailbox.{key}"))
    return value


def _flag(table: dict[str, Any], key: str) -> bool:
    value = table.get(key, False)
    if not isinstance(value, bool):
        raise Malformed(say("home.toml: mailbox.%(key)s must be true or false.", key=key))
    return value


def _port(table: dict[str, Any], usual: int) -> int:
    port = table.get("port", usual)
    if type(port) is not int or not 0 < port < 65536:
        raise Malformed(say("home.toml: mailbox.port must be a port number."))
    return port
