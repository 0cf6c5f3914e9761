"""Which addresses may be connected to: public ones alone, whatever they are wrapped in."""

from __future__ import annotations

import ipaddress
import socket

from forestall.base.errors import Refused, Unavailable
from forestall.base.words import say

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_NAT64_LOCAL = ipaddress.ip_network("64:ff9b:1::/48")


def embedded(address: Address) -> list[ipaddress.IPv4Address]:
    """IPv4 addresses carried inside an IPv6 address: mapped, 6to4, Teredo, NAT64, or in its last four bytes."""
    if isinstance(address, ipaddress.IPv4Address):
        return []
    found = [one for one in (address.ipv4_mapped, address.sixtofour) if one is not None]
    if address.teredo is not None:
        found += list(address.teredo)
    if address in _NAT64 or address in _NAT64_LOCAL or int(address) >> 32 == 0:
        found.append(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF))
    return found


def is_public(address: Address) -> bool:
    """Whether an address, and every address inside it, is reachable from the whole Internet."""
    return address.is_global and not address.is_multicast and all(one.is_global for one in embedded(address))


def public_addresses(host: str, port: int) -> list[str]:
    """Every address of `host`. Raises `Refused` when any is not public, `Unavailable` when there is none."""
    try:
        answers = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except OSError as error:
        raise Unavailable(say("%(host)s cannot be found in the network.", host=host)) from error
    found = list(dict.fromkeys(str(answer[4][0]) for answer in answers))
    for text in found:
        if not is_public(ipaddress.ip_address(text.split("%")[0])):
            raise Refused(say("%(host)s points into a private network. Nothing was fetched.", host=host))
    return found
