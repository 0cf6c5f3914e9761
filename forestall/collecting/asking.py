"""How a producer is asked, and what its answer says of itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from forestall.base.words import Words

from .received import Received


@dataclass(frozen=True)
class TokenGrant:
    """How credentials are exchanged for a token (OAuth 2 password grant, RFC 6749 section 4.3): told here, done elsewhere.

    `form` is what is posted to `url`, with `{name}` for a credential. The `access_token` of the answer stands for
    `{access_token}` in requests, and holds for `seconds`.
    """

    url: str
    form: Mapping[str, str]
    seconds: int


@dataclass(frozen=True)
class Asks:
    """What a source needs to be asked, and how gently.

    `hosts` are all it may ask. `credentials` are names of secrets it cannot do without; `{name}` stands for one in a
    request's address, headers or body, and only the fetcher fills it in. `budget_per_day` counts requests, 0 for no
    bound. `seconds_between` two requests; `seconds` for one answer; `most_megabytes` of one answer, unpacked.
    `overlap_days` are read again each time, because producers date back. `snapshot`: an answer is everything that
    there is, so that what it lacks was withdrawn: of the source (`whole`), or of what the request was for (`key`), whose
    identifiers begin with its key and a colon. `steady`: its answers hold about as many rows each time, as
    those of a snapshot do. `token`: how the credentials become `{access_token}`.
    """

    hosts: tuple[str, ...]
    credentials: tuple[str, ...] = ()
    budget_per_day: int = 0
    seconds_between: float = 1.0
    seconds: float = 60.0
    most_megabytes: int = 32
    overlap_days: int = 3
    snapshot: str = ""
    steady: bool = False
    token: TokenGrant | None = None


@dataclass(frozen=True)
class Request:
    """A request for `outbound` to make. `key` names what it is for within the source; `sent` is a body to post.

    `name` is what the answer's file is called. `expects` is the digest (`md5:…`) that the producer announced for it; an
    answer with another one was cut or changed. `carried` goes to
    `Received.carried` of the answer: what the source knows from answers before (`Envelope.carried`) and reads this with.
    """

    key: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    sent: str = ""
    name: str = ""
    expects: str = ""
    carried: str = ""

    @property
    def identity(self) -> tuple[str, str, str]:
        """What is asked, whatever marks of a version go with it: one turn asks it once."""
        return self.key, self.url, self.sent


@dataclass(frozen=True)
class Envelope:
    """What an answer says of itself beside its rows.

    `total` is how many rows there are in all, None when it does not say; `more` whatever the source needs to ask for the
    next page, empty at the end; `version` the edition of the data; `high` the source's own mark of the newest change.
    `notice` is what a reader must know of the whole answer: that an
    account ends at a day, that a forecast is old. `carried` is for the source's own `advance`, in its own JSON:
    the labels of a form, the files to fetch.
    """

    total: int | None = None
    more: str = ""
    version: str = ""
    high: str = ""
    notice: Words | None = None
    carried: str = ""


@dataclass(frozen=True)
class Withdrawn:
    """A row that its source took back, by its identifier there, and when (UTC), where the source says so."""

    external_id: str
    at: datetime | None = None


@dataclass(frozen=True)
class BadRow:
    """One row that could not be read: where it stood, why, and the row itself.

    `by_rule`: it could be read, and a rule keeps it aside; that is no sign of a broken answer. `takes_back` is the
    identifier of a record that whoever gave it does not agree to: one kept under it, from before, leaves the views.
    """

    place: str
    reason: Words
    content: str = ""
    by_rule: bool = False
    takes_back: str = ""


@dataclass(frozen=True)
class Ignored:
    """Fields that a source gives and that are knowingly not kept."""

    fields: tuple[str, ...]


@dataclass(frozen=True)
class Page:
    """The answer to a request: its status, the headers kept, when it came (UTC), and what was found in it.

    `received` is None when there was no body (304). `count` are rows read; `envelope` what the body said of itself.
    """

    request: Request
    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    received: Received | None = None
    at: datetime | None = None
    count: int = 0
    envelope: Envelope = field(default_factory=Envelope)


Cursor = dict[str, Any]
"""How far a source has been read, by the key of its requests. Plain JSON."""
