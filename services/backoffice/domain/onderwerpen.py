"""Which events the screens show, and how each is told."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from . import berichten, besluiten, geld, melding, termijnen
from .regel import Data, Regel

ONDERWERPEN: dict[str, dict[str, Callable[[Data], Regel]]] = {
    "intake.v1": {
        "intake.client_vastgelegd": besluiten.client_vastgelegd,
        "intake.client_gewijzigd": besluiten.client_gewijzigd,
        "intake.indicatie_vastgesteld": besluiten.indicatie_vastgesteld,
        **{
            f"intake.{naam}": partial(melding.stap, naam=naam, zin=zin)
            for naam, zin in (melding.ZINNEN | melding.SIGNALEN).items()
        },
        **{f"intake.{naam}": partial(melding.termijn, zin=zin) for naam, zin in melding.TERMIJNEN.items()},
    },
    "toewijzing.v1": {
        "toewijzing.indicatie_toegewezen": besluiten.indicatie_toegewezen,
        "toewijzing.indicatie_geweigerd": besluiten.indicatie_geweigerd,
        "toewijzing.toewijzing_vastgelegd": besluiten.toewijzing_vastgelegd,
        "toewijzing.bericht_opgesteld": berichten.bericht_opgesteld,
        "toewijzing.bericht_beoordeeld": berichten.bericht_beoordeeld,
        "toewijzing.levering_gewijzigd": berichten.levering_gewijzigd,
        "toewijzing.bericht_afgekeurd": berichten.bericht_afgekeurd,
        "toewijzing.verzoek_gewijzigd": besluiten.verzoek_gewijzigd,
        "toewijzing.termijn_nadert": termijnen.termijn_nadert,
        "toewijzing.termijn_verstreken": termijnen.termijn_verstreken,
        "toewijzing.termijn_hervat": termijnen.termijn_hervat,
        "toewijzing.termijn_beeindigd": termijnen.termijn_beeindigd,
        "toewijzing.einde_nadert": termijnen.einde_nadert,
        "toewijzing.contracten_vastgelegd": besluiten.contracten_vastgelegd,
        "toewijzing.instellingen_vastgelegd": besluiten.instellingen_vastgelegd,
    },
    "knooppunt-berichten.v1": {
        "knooppunt.bericht_ontvangen": berichten.bericht_ontvangen,
        "knooppunt.bericht_verzonden": berichten.bericht_verzonden,
        "knooppunt.bericht_geweigerd": berichten.bericht_geweigerd,
        "knooppunt.termijn_verstreken": termijnen.antwoord_te_laat,
    },
    "knooppunt-declaraties.v1": {
        "knooppunt.declaratie_ontvangen": geld.declaratie_ontvangen,
        "knooppunt.declaratiedeel_ontvangen": geld.declaratiedeel_ontvangen,
        "knooppunt.bericht_verzonden": berichten.bericht_verzonden,
        "knooppunt.bericht_geweigerd": berichten.bericht_geweigerd,
        "knooppunt.termijn_verstreken": termijnen.antwoord_te_laat,
    },
    "declaratie.v1": {
        "declaratie.declaratiedeel_beoordeeld": geld.declaratiedeel_beoordeeld,
        "declaratie.declaratie_afgehandeld": geld.declaratie_afgehandeld,
        "declaratie.budget_bereikt": geld.budget_bereikt,
        "declaratie.betaling_opgedragen": geld.betaling_opgedragen,
        "declaratie.gebruik_wijkt_af": geld.gebruik_wijkt_af,
        "declaratie.termijn_nadert": termijnen.termijn_nadert,
        "declaratie.termijn_verstreken": termijnen.termijn_verstreken,
    },
    "notifications.v1": {"notifications.notificatie_verzonden": termijnen.notificatie_verzonden},
}
"""Per topic the event types that the screens show, and how each is told."""

VERTELLERS = {type_: verteller for types in ONDERWERPEN.values() for type_, verteller in types.items()}


def vertel(type_: str, data: Data) -> Regel:
    """The row of one event. Raises KeyError, TypeError or ValueError when the data breaks its contract."""
    return VERTELLERS[type_](data)
