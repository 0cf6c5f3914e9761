"""A mail with its attachments, as a mailbox keeps it. Boundaries and identifiers follow from the item's id."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from .page import page
from .plain import plain
from .sheet import Sheet

OFFICE = Address("Exercise office, intake", "intake", "office.exercise.example")
_WITH_PAGE = frozenset({"ngo", "regional"})
_ASCII = frozenset({"en", "fr", "es"})


@dataclass(frozen=True)
class Attachment:
    """A file that travels with a mail; `kind` is its media type."""

    name: str
    kind: str
    content: bytes


def write_mail(sheet: Sheet, *, attachments: Sequence[Attachment] = ()) -> bytes:
    """An RFC 5322 message: organisations send text and page, everyone else text alone; then the attachments."""
    message = EmailMessage(policy=SMTP)
    _head(message, sheet=sheet)
    encoding = "quoted-printable" if sheet.language in _ASCII else "base64"
    message.set_content(plain(sheet), charset=sheet.charset, cte=encoding)
    if sheet.kind in _WITH_PAGE:
        message.add_alternative(page(sheet), subtype="html", charset=sheet.charset, cte=encoding)
    for attachment in attachments:
        main, _, sub = attachment.kind.partition("/")
        message.add_attachment(attachment.content, maintype=main, subtype=sub, filename=attachment.name)
    for number, part in enumerate(message.walk()):
        if part.is_multipart():
            part.set_boundary(f"=_exercise_{sheet.id}_{number}")
    return message.as_bytes()


def _head(message: EmailMessage, *, sheet: Sheet) -> None:
    user, _, domain = sheet.address.partition("@")
    message["Received"] = (
        f"from {domain} by office.exercise.example with ESMTPS; {format_datetime(sheet.received_at)}"
    )
    message["Date"] = format_datetime(sheet.sent)
    message["Message-ID"] = f"<{sheet.id}@{domain}>"
    message["From"] = Address(sheet.by, user, domain)
    message["To"] = OFFICE
    message["Subject"] = " ".join(part for part in ("[EXERCISE]", sheet.marking, sheet.title) if part)
    message["X-Exercise"] = "yes"
