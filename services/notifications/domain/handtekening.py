"""How a webhook is signed, and which address may be called.

A receiver computes HMAC-SHA-256, with its secret, over the timestamp, a dot and the body; compares it in constant
time; and refuses a timestamp that is more than GELDIG_S from its own clock, or a kenmerk that it already handled.
"""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
from urllib.parse import SplitResult, urlsplit

GELDIG_S = 300
"""The window in which a receiver accepts a call: an older one is a replay."""
TIJDSTIP, HANDTEKENING, KENMERK = "Zorgketen-Tijdstip", "Zorgketen-Handtekening", "Zorgketen-Kenmerk"
_VERTAALD = tuple(ipaddress.ip_network(net) for net in ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32"))
"""Ranges that carry an IPv4 address inside: behind a translator they reach a private one."""


def onderteken(geheim: bytes, tijdstip_s: int, inhoud: bytes) -> str:
    """The value of the header `Zorgketen-Handtekening`; it covers the moment, so an old call cannot be replayed."""
    bericht = str(tijdstip_s).encode() + b"." + inhoud
    return f"sha256={hmac.new(geheim, bericht, hashlib.sha256).hexdigest()}"


def lees_url(url: str, *, lokaal: bool) -> SplitResult | None:
    """The parts of an address that may be called; None when it may not.

    https with a host and without a user in it; on one machine (`lokaal`) http too.
    """
    try:
        delen = urlsplit(url)
        poort_is_goed = delen.port is None or delen.port > 0
    except ValueError:
        return None
    schemas = ("https", "http") if lokaal else ("https",)
    goed = delen.scheme in schemas and delen.hostname and delen.username is None and poort_is_goed
    return delen if goed and url.isascii() and url.isprintable() and " " not in url else None


def is_openbaar(adres: str) -> bool:
    """Whether an IP address is on the public internet, also when it is written as an IPv6 one."""
    ip = ipaddress.ip_address(adres)
    if isinstance(ip, ipaddress.IPv6Address):
        if ip.ipv4_mapped is not None:
            ip = ip.ipv4_mapped
        elif any(ip in net for net in _VERTAALD):
            return False
    return ip.is_global and not ip.is_multicast
