"""What arrived, before anybody has looked inside."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from forestall.base.words import Words


class Channel(StrEnum):
    """The way in."""

    FOLDER = "folder"
    UPLOAD = "upload"
    MAIL = "mail"
    FEED = "feed"


@dataclass(frozen=True)
class Received:
    """One file as it arrived. `received_at` is aware, in UTC.

    `mapping` is the TOML a person put beside a table; `declared_type` and `declared_charset` are what a mail part or
    an HTTP header claims. `parent` is the external id of the record this file came out of, `locator` where in it it
    lay, `depth` how many files lie around it, and `level` the lowest level it may have. `carried` is what the request for
    it carried.
    """

    name: str
    content: bytes
    received_at: datetime
    channel: Channel = Channel.FOLDER
    mapping: bytes | None = None
    declared_type: str = ""
    declared_charset: str = ""
    parent: str = ""
    locator: str = ""
    depth: int = 0
    level: int = 0
    carried: str = ""


@dataclass(frozen=True)
class Part:
    """A file inside a file: an attachment or an archive's member. `problem` says why it cannot be read at all."""

    name: str
    content: bytes
    locator: str
    parent: str = ""
    declared_type: str = ""
    declared_charset: str = ""
    problem: Words | None = None
