"""Time stamps of an outside authority (RFC 3161): it learns a hash and the time, and signs both."""

from __future__ import annotations

from collections.abc import Collection

from cryptography.x509 import load_pem_x509_certificates
from rfc3161_client import (
    HashAlgorithm,
    TimestampRequestBuilder,
    VerificationError,
    VerifierBuilder,
    decode_timestamp_response,
)

from forestall.base.errors import Malformed, Unavailable
from forestall.base.words import say

from .fetching import checked, fetch

MOST, SECONDS = 64 * 1024, 20.0


def stamp(content: bytes, *, url: str, hosts: Collection[str], certificates: bytes) -> bytes:
    """The authority's answer (DER) over the SHA-256 of `content`, checked against its root `certificates` (PEM).

    Raises `Refused` for an address outside `hosts`, `Unavailable` when nothing answers, `Malformed` for an answer
    that is not its signature over this content and this request.
    """
    request = TimestampRequestBuilder().data(content).hash_algorithm(HashAlgorithm.SHA256).build()
    headers = {"Content-Type": "application/timestamp-query", "Accept": "application/timestamp-reply"}
    answer = fetch(url, hosts=hosts, most=MOST, seconds=SECONDS, headers=headers, sent=request.as_bytes())
    host = checked(url, hosts=hosts)[0]
    if answer.status != 200:
        raise Unavailable(say("%(host)s did not answer as it should: %(why)s", host=host, why=answer.status))
    _check(answer.body, content=content, nonce=request.nonce, roots=certificates, host=host)
    return answer.body


def _check(answer: bytes, *, content: bytes, nonce: int | None, roots: bytes, host: str) -> None:
    try:
        verifier = VerifierBuilder(roots=load_pem_x509_certificates(roots), nonce=nonce).build()
        verifier.verify_message(decode_timestamp_response(answer), content)
    except (VerificationError, ValueError) as error:
        raise Malformed(say("%(host)s sent no time stamp that holds: %(why)s", host=host, why=str(error))) from error
