"""From where and with what somebody comes, told as coarsely as serves: a network, never an address; a family, no version.

`X-Forwarded-For` is read only when the request comes from a web server that `home.toml` names under `proxies`.
"""

from __future__ import annotations

from ipaddress import IPv4Address, ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest

PREFIX = {4: 24, 6: 48}
BROWSERS = (
    ("Edg", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("Chromium/", "Chromium"), ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)  # fmt: skip
SYSTEMS = (
    ("Android", "Android"), ("iPhone", "iOS"), ("iPad", "iOS"), ("Windows", "Windows"), ("Mac OS", "macOS"),
    ("Linux", "Linux"),
)  # fmt: skip


def address_of(request: HttpRequest) -> str:
    """The address a request comes from: the nearest that is no web server of the office's own."""
    nearest = str(request.META.get("REMOTE_ADDR", ""))
    if nearest not in settings.PROXIES:
        return nearest
    told = [one.strip() for one in str(request.META.get("HTTP_X_FORWARDED_FOR", "")).split(",") if one.strip()]
    return next((one for one in reversed(told) if one not in settings.PROXIES), nearest)


def network_of(request: HttpRequest) -> str:
    """The network a request comes from: /24 of IPv4, /48 of IPv6; empty when it cannot be told."""
    try:
        address = ip_address(address_of(request))
    except ValueError:
        return ""
    if not isinstance(address, IPv4Address) and address.ipv4_mapped is not None:
        address = address.ipv4_mapped
    return str(ip_network(f"{address}/{PREFIX[address.version]}", strict=False))


def browser_of(request: HttpRequest) -> str:
    """Family of browser and system, such as `Firefox · Linux`; empty when it does not say."""
    told = str(request.META.get("HTTP_USER_AGENT", ""))
    found = [next((name for sign, name in signs if sign in told), "") for signs in (BROWSERS, SYSTEMS)]
    return " · ".join(name for name in found if name)


def office_address(request: HttpRequest, path: str) -> str:
    """The whole address of a page, to hand to somebody: its host comes from the settings, not from what was sent.

    While `home.toml` names no host the home is served on this machine alone, and the host is what the reader typed.
    """
    if not settings.OFFICE_ADDRESS:
        return request.build_absolute_uri(path)
    return f"{settings.OFFICE_ADDRESS}{path}"
