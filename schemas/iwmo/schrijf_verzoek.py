"""Writes the verzoeken of a provider (315, 317) and the answer of the municipality to one (319).

Every function gives bytes that are valid according to our own XSD and raises NietLeesbaar when the input
cannot make a valid message. The blocks have the shape that `Bericht.inhoud()` gives.
"""

from collections.abc import Sequence

from schemas.iwmo.client import client_kort
from schemas.iwmo.schrijf import Blok, Datum, schrijf_bericht


def vot_315(
    *,
    afzender: str,
    ontvanger: str,
    identificatie: str,
    dagtekening: Datum,
    client: Blok,
    aangevraagde_producten: Sequence[Blok],
) -> bytes:
    """A WMO315 from aanbieder to gemeente."""
    inhoud = client_kort(client) | {"aangevraagde_producten": list(aangevraagde_producten)}
    return schrijf_bericht("WMO315", afzender, ontvanger, identificatie, dagtekening, inhoud)


def vow_317(*, afzender: str, ontvanger: str, identificatie: str, dagtekening: Datum, bsn: str, verzoek: Blok) -> bytes:
    """A WMO317 from aanbieder to gemeente: the whole package of a client that is wanted."""
    inhoud = {"bsn": bsn, "verzoek": verzoek}
    return schrijf_bericht("WMO317", afzender, ontvanger, identificatie, dagtekening, inhoud)


def antwoord_319(*, afzender: str, ontvanger: str, identificatie: str, dagtekening: Datum, antwoord: Blok) -> bytes:
    """A WMO319 from gemeente to aanbieder: one answer, on one ReferentieAanbieder."""
    return schrijf_bericht("WMO319", afzender, ontvanger, identificatie, dagtekening, antwoord)
