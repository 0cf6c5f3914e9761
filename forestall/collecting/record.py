"""The common record: what every source yields, whatever it reads."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from forestall.base.canonical import canonical_json, sha256

from .dates import Moment
from .flags import SUSPICIOUS, Flag, FlagCode
from .tables import Table

NAMESPACE = uuid.UUID("6f3e2f0a-6a0b-5d5c-9a53-0d3a6c1b7e11")


class RecordKind(StrEnum):
    """What a record is."""

    DOCUMENT = "document"
    MESSAGE = "message"
    NEWS = "news"
    EVENT_TABLE = "event-table"
    PICTURE = "picture"
    SUBMISSION = "submission"


@dataclass(frozen=True)
class Record:
    """One item as its source gives it.

    `external_id` is unique within the source and never a position. `body` is plain text, `body_html` a sanitised copy
    or None, `hidden` what a reader of the original would not see. `language` is the declared one (BCP-47, `und` when
    none is declared). `published` is claimed by the sender. `level` is 0 to 3. `native` holds the source's own fields,
    from which `sha256` is taken. `content_sha256` is that of the bytes this record was read from. `redistribution` is a rule of
    its own (`contract.Redistribution`), where it is stricter than its source's. `rank` orders versions of
    it as its source does, empty when the source says nothing. `identity` is who reported it, and from where: it goes to
    the vault, never into the item, and stands in no other field. `consent` are the scopes that whoever reported agreed to
    (`labels.label.CONSENT_WORDS`), empty when the source asks for none.
    """

    source_id: str
    external_id: str
    kind: RecordKind
    title: str
    body: str
    received_at: datetime
    body_html: str | None = None
    hidden: str = ""
    language: str = "und"
    published: Moment | None = None
    reporter: str = ""
    url: str = ""
    licence: str = ""
    redistribution: str = ""
    parent: str = ""
    locator: str = ""
    file_name: str = ""
    content_sha256: str = ""
    level: int = 0
    marking: str = ""
    headers: str = ""
    flags: tuple[Flag, ...] = ()
    tables: tuple[Table, ...] = ()
    native: Mapping[str, str] = field(default_factory=dict)
    rank: str = ""
    identity: Mapping[str, str] = field(default_factory=dict, repr=False)
    consent: tuple[str, ...] = ()

    @property
    def record_id(self) -> uuid.UUID:
        """Stable over runs and machines."""
        return uuid.uuid5(NAMESPACE, f"{self.source_id}\u001f{self.external_id}")

    @property
    def sha256(self) -> str:
        """Of the source's own fields, canonical and composed (NFC): a new one is a new version."""
        tables = [[table.name, table.header, [row.cells for row in table.rows]] for table in self.tables]
        own = {"title": self.title, "body": self.body, "native": dict(self.native), "tables": tables}
        return sha256(canonical_json(own, compose=True))

    @property
    def rows(self) -> int:
        """Rows of data in the tables a reader sees."""
        return sum(len(table.rows) for table in self.tables if not table.hidden)

    @property
    def suspicious(self) -> bool:
        """Whether a flag says that it hides, disguises or addresses a machine."""
        return any(flag.code in SUSPICIOUS for flag in self.flags)

    def has(self, code: FlagCode) -> bool:
        """Whether `code` is among the flags."""
        return any(flag.code is code for flag in self.flags)

    def flagged(self, *flags: Flag) -> Record:
        """The same record with `flags` added."""
        fresh = tuple(flag for flag in flags if flag not in self.flags)
        return replace(self, flags=self.flags + fresh) if fresh else self
