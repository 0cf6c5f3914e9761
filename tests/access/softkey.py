"""A security key in software: it makes credentials and answers questions as a browser would hand them on."""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from fido2.cose import ES256
from fido2.utils import websafe_encode
from fido2.webauthn import AttestationObject, AttestedCredentialData, AuthenticatorData

PRESENT, VERIFIED, ATTESTED = 0x01, 0x04, 0x40


@dataclass
class SoftKey:
    """One key for one host. `counter` counts its answers; `verifies`: it asks its holder."""

    host: str = "localhost"
    origin: str = "http://localhost"
    verifies: bool = True
    counter: int = 0
    secret: Any = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    id: bytes = field(default_factory=lambda: os.urandom(16))

    def _flags(self) -> int:
        return PRESENT | (VERIFIED if self.verifies else 0)

    def _client(self, kind: str, challenge: str) -> bytes:
        return json.dumps({"type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": False}).encode()

    def make(self, question: dict[str, Any]) -> dict[str, Any]:
        """A new credential, for the options of a registration."""
        credential = AttestedCredentialData.create(b"\0" * 16, self.id, ES256.from_cryptography_key(self.secret.public_key()))
        data = AuthenticatorData.create(
            hashlib.sha256(self.host.encode()).digest(), self._flags() | ATTESTED, self.counter, credential
        )
        client = self._client("webauthn.create", question["publicKey"]["challenge"])
        return self._told(clientDataJSON=client, attestationObject=bytes(AttestationObject.create("none", data, {})))

    def answer(self, question: dict[str, Any]) -> dict[str, Any]:
        """An assertion, for the options of an authentication. The key counts one up, unless it never counts."""
        self.counter += 1 if self.counter >= 0 else 0
        data = AuthenticatorData.create(hashlib.sha256(self.host.encode()).digest(), self._flags(), max(self.counter, 0))
        client = self._client("webauthn.get", question["publicKey"]["challenge"])
        signed = self.secret.sign(bytes(data) + hashlib.sha256(client).digest(), ec.ECDSA(hashes.SHA256()))
        return self._told(clientDataJSON=client, authenticatorData=bytes(data), signature=signed)

    def _told(self, **response: bytes) -> dict[str, Any]:
        return {
            "id": websafe_encode(self.id),
            "rawId": websafe_encode(self.id),
            "type": "public-key",
            "response": {name: websafe_encode(value) for name, value in response.items()},
            "clientExtensionResults": {},
        }
