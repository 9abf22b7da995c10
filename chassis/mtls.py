"""Who calls, by its client certificate: TLS ends at the ingress, which names the organisation in a header."""

import ipaddress
import os
from collections.abc import Mapping

_ROLLEN = {8: frozenset({"aanbieder"}), 4: frozenset({"keten"})}
"""By the length of the identity: an AGB is a provider, a gemeente a system of a chain partner."""


def organisatie(headers: Mapping[str, str], peer: str | None) -> str | None:
    """The AGB (8 digits) or gemeente (4) of the certificate; None without one that can be trusted.

    The header of `ZORGKETEN_MTLS_KOP` counts only from the addresses of `ZORGKETEN_MTLS_VAN` (networks,
    separated by commas). Without both settings there is no such identity: anybody can send a header.
    """
    kop, van = os.environ.get("ZORGKETEN_MTLS_KOP"), os.environ.get("ZORGKETEN_MTLS_VAN")
    if not kop or not van or peer is None:
        return None
    waarde = headers.get(kop, "").strip()
    if len(waarde) not in _ROLLEN or not (waarde.isascii() and waarde.isdigit()):
        return None
    try:
        adres = ipaddress.ip_address(peer)
        vertrouwd = any(adres in ipaddress.ip_network(net.strip(), strict=False) for net in van.split(","))
    except ValueError:
        return None
    return waarde if vertrouwd else None


def rollen(wie: str) -> frozenset[str]:
    """What a certificate alone gives a right to."""
    return _ROLLEN[len(wie)]
