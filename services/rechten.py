"""Roles x operations, in one table: who may do what in the whole system. A route that is not here does not start.

Only the composition roots read it (`App("knooppunt", RECHTEN["knooppunt"])`); `chassis.rechten` enforces it.
"""

from collections.abc import Mapping

from chassis import parkeerplaats
from chassis.rechten import Recht, Rechten

ROLLEN_GEMEENTE = frozenset({"consulent", "wijkteam", "kwaliteit", "financien", "beheerder", "toezichthouder"})
"""`wijkteam` counts only in a token with a `team`; `toezichthouder` reads the access log and nothing else."""

_MEDEWERKER = ROLLEN_GEMEENTE - {"toezichthouder"}
_CONSULENT = frozenset({"consulent", "wijkteam"})
_BEHEER = frozenset({"beheerder"})
_TOEZICHT = frozenset({"toezichthouder", "beheerder"})
_CONTRACTEN = frozenset({"beheerder", "kwaliteit"})
_GELD = frozenset({"financien", "consulent", "kwaliteit", "beheerder"})
_BETALEN = frozenset({"financien", "beheerder"})
_MELDINGEN_ZIEN = frozenset({"consulent", "financien", "beheerder"})
_MELDINGEN_STUREN = frozenset({"consulent", "beheerder"})
_AANBIEDER = frozenset({"aanbieder"})
_KETEN = frozenset({"keten"})

_OPEN = Recht(openbaar=True)
_PAGINA = Recht(gemeente=_MEDEWERKER, pagina=True)
_GELDPAGINA = Recht(gemeente=_GELD, pagina=True)
_AANBIEDERPAGINA = Recht(aanbieder=_AANBIEDER, pagina=True)

_GEPARKEERD = parkeerplaats.rechten(zien=_MEDEWERKER, doen=_BEHEER)

RECHTEN: Mapping[str, Rechten] = {
    "knooppunt": {
        **_GEPARKEERD,
        "POST /v1/berichten": Recht(aanbieder=_AANBIEDER),
        "GET /v1/berichten": Recht(gemeente=_MEDEWERKER, aanbieder=_AANBIEDER),
        "GET /v1/berichten/{bericht_id}": Recht(gemeente=_MEDEWERKER, aanbieder=_AANBIEDER),
        "GET /v1/berichten/{bericht_id}/xml": Recht(gemeente=_MEDEWERKER),
        "GET /v1/postbus": Recht(aanbieder=_AANBIEDER),
        "GET /v1/postbus/{bericht_id}": Recht(aanbieder=_AANBIEDER),
        "POST /v1/postbus/{bericht_id}/bevestiging": Recht(aanbieder=_AANBIEDER),
        "POST /v1/controle": Recht(gemeente=_MEDEWERKER, aanbieder=_AANBIEDER, keten=_KETEN),
        "POST /stuf": Recht(aanbieder=_AANBIEDER),
        "PUT /v1/routes/{agb}": Recht(gemeente=_BEHEER),
        "GET /v1/routes/{agb}": Recht(gemeente=_MEDEWERKER),
        "GET /v1/mandaten": Recht(aanbieder=_AANBIEDER),
        "PUT /v1/mandaten/{sub}": Recht(aanbieder=_AANBIEDER),
        "DELETE /v1/mandaten/{sub}": Recht(aanbieder=_AANBIEDER),
        "GET /v1/bevoegdheid": Recht(aanbieder=_AANBIEDER),
        "GET /v1/blokkades": Recht(gemeente=_BEHEER, keten=_BEHEER),
        "PUT /v1/blokkades/{agb}": Recht(gemeente=_BEHEER, keten=_BEHEER),
        "DELETE /v1/blokkades/{agb}": Recht(gemeente=_BEHEER, keten=_BEHEER),
    },
    "intake": {
        **_GEPARKEERD,
        "POST /v1/indicaties": Recht(gemeente=_CONSULENT),
        "GET /v1/indicaties/{indicatie_id}": Recht(gemeente=_MEDEWERKER),
        "POST /v1/clienten/zoek": Recht(gemeente=_CONSULENT),
        "GET /v1/clienten/{client_id}": Recht(gemeente=_CONSULENT),
        "POST /v1/clienten/{client_id}/gebeurtenissen": Recht(gemeente=_CONSULENT),
        "POST /v1/meldingen": Recht(gemeente=_CONSULENT),
        "GET /v1/meldingen": Recht(gemeente=_CONSULENT),
        "GET /v1/meldingen/{melding_id}": Recht(gemeente=_CONSULENT),
        "GET /v1/meldingen/{melding_id}/brief": Recht(gemeente=_CONSULENT),
        "POST /v1/meldingen/{melding_id}/overdracht": Recht(gemeente=_CONSULENT),
        "PUT /v1/meldingen/{melding_id}/plan": Recht(gemeente=_CONSULENT),
        "POST /v1/meldingen/{melding_id}/spoedvoorziening": Recht(gemeente=_CONSULENT),
        "PUT /v1/meldingen/{melding_id}/onderzoek": Recht(gemeente=_CONSULENT),
        "POST /v1/meldingen/{melding_id}/onderzoek/afronding": Recht(gemeente=_CONSULENT),
        "PUT /v1/meldingen/{melding_id}/afweging": Recht(gemeente=_CONSULENT),
        "POST /v1/meldingen/{melding_id}/verwijzingen": Recht(gemeente=_CONSULENT),
        "POST /v1/meldingen/{melding_id}/verwijzingen/opvolging": Recht(gemeente=_CONSULENT),
        "POST /v1/meldingen/{melding_id}/aanvraag": Recht(gemeente=_CONSULENT),
        "POST /v1/meldingen/{melding_id}/beschikking": Recht(gemeente=_CONSULENT),
        "POST /v1/meldingen/{melding_id}/beschikking/herziening": Recht(gemeente=_CONSULENT),
        "POST /v1/meldingen/{melding_id}/bezwaar": Recht(gemeente=_CONSULENT),
        "POST /v1/meldingen/{melding_id}/bezwaar/besluit": Recht(gemeente=_CONSULENT),
        "POST /v1/meldingen/{melding_id}/risicos": Recht(gemeente=_CONSULENT),
        "POST /v1/meldingen/{melding_id}/risicos/afhandeling": Recht(gemeente=_CONSULENT),
        "POST /v1/meldingen/{melding_id}/risicos/akkoord": Recht(gemeente=_CONSULENT),
        "POST /v1/meldingen/{melding_id}/contacten": Recht(gemeente=_CONSULENT),
        "POST /v1/meldingen/{melding_id}/intrekking": Recht(gemeente=_CONSULENT),
        "POST /v1/meldingen/{melding_id}/afsluiting": Recht(gemeente=_CONSULENT),
        "POST /v1/signalen": Recht(gemeente=_CONSULENT),
        "GET /v1/signalen": Recht(gemeente=_CONSULENT),
        "GET /v1/signalen/{signaal_id}": Recht(gemeente=_CONSULENT),
        "POST /v1/signalen/{signaal_id}/melding": Recht(gemeente=_CONSULENT),
        "POST /v1/signalen/{signaal_id}/afsluiting": Recht(gemeente=_CONSULENT),
        "GET /v1/termijnen": Recht(gemeente=_CONSULENT),
        "GET /v1/teams": Recht(gemeente=_MEDEWERKER),
        "PUT /v1/instellingen": Recht(gemeente=_CONTRACTEN),
        "GET /v1/instellingen": Recht(gemeente=_MEDEWERKER),
        "PUT /v1/sociale-kaart": Recht(gemeente=_CONTRACTEN),
        "GET /v1/sociale-kaart": Recht(gemeente=_MEDEWERKER),
    },
    "toewijzing": {
        **_GEPARKEERD,
        "PUT /v1/contracten": Recht(gemeente=_CONTRACTEN),
        "GET /v1/contracten": Recht(gemeente=_MEDEWERKER),
        "GET /v1/contracten/geschiedenis": Recht(gemeente=_MEDEWERKER),
        "POST /v1/contracten/wijzigingen": Recht(gemeente=_CONTRACTEN),
        "PUT /v1/instellingen": Recht(gemeente=_CONTRACTEN),
        "GET /v1/instellingen": Recht(gemeente=_MEDEWERKER),
        "GET /v1/instellingen/geschiedenis": Recht(gemeente=_MEDEWERKER),
        "GET /v1/toewijzingen": Recht(gemeente=_MEDEWERKER),
        "POST /v1/toewijzingen/{nummer}/wijziging": Recht(gemeente=_CONSULENT),
        "POST /v1/toewijzingen/{nummer}/intrekking": Recht(gemeente=_CONSULENT),
        "POST /v1/toewijzingen/{nummer}/verwijdering": Recht(gemeente=_CONSULENT),
        "POST /v1/toewijzingen/{nummer}/herindicatie": Recht(gemeente=_CONSULENT),
        "POST /v1/toewijzingen/{nummer}/correctie": Recht(gemeente=_CONSULENT),
        "POST /v1/toewijzingen/{nummer}/herzending": Recht(gemeente=_CONSULENT),
        "POST /v1/clienten/{client_id}/gebeurtenissen": Recht(gemeente=_CONSULENT),
        "GET /v1/verzoeken": Recht(gemeente=_MEDEWERKER),
        "POST /v1/verzoeken/{verzoek_id}/toekenning": Recht(gemeente=_CONSULENT),
        "POST /v1/verzoeken/{verzoek_id}/onderzoek": Recht(gemeente=_CONSULENT),
        "POST /v1/verzoeken/{verzoek_id}/afwijzing": Recht(gemeente=_CONSULENT),
        "GET /v1/termijnen": Recht(gemeente=_MEDEWERKER, aanbieder=_AANBIEDER),
        "POST /v1/controle/oordeel": Recht(gemeente=_MEDEWERKER, aanbieder=_AANBIEDER),
    },
    "declaratie": {
        **_GEPARKEERD,
        "GET /v1/declaraties": Recht(gemeente=_GELD),
        "GET /v1/declaraties/{declaratie_id}": Recht(gemeente=_GELD),
        "GET /v1/declaraties/{declaratie_id}/overzicht": Recht(gemeente=_GELD),
        "GET /v1/declaraties/{declaratie_id}/prestaties": Recht(gemeente=_GELD),
        "GET /v1/prestaties": Recht(gemeente=_GELD),
        "PUT /v1/budgetten/{jaar}": Recht(gemeente=_BETALEN),
        "GET /v1/budgetten/{jaar}": Recht(gemeente=_GELD),
        "GET /v1/budgetten/{jaar}/toewijzingen": Recht(gemeente=_GELD),
        "GET /v1/budgetten/{jaar}/geschiedenis": Recht(gemeente=_GELD),
        "PUT /v1/betaalgegevens": Recht(gemeente=_BETALEN),
        "GET /v1/betaalgegevens": Recht(gemeente=_BETALEN),
        "POST /v1/betaalbestanden": Recht(gemeente=_BETALEN),
        "GET /v1/betaalbestanden/{betaalbestand_id}": Recht(gemeente=_BETALEN),
        "GET /v1/betalingen": Recht(gemeente=_GELD, aanbieder=_AANBIEDER),
        "GET /v1/termijnen": Recht(gemeente=_GELD, aanbieder=_AANBIEDER),
        "GET /v1/jaaropgaven/{jaar}": Recht(gemeente=_BETALEN),
        "GET /v1/open-cijfers/{jaar}": Recht(gemeente=_GELD),
        "POST /v1/controle/oordeel": Recht(gemeente=_MEDEWERKER, aanbieder=_AANBIEDER),
    },
    "notifications": {
        **_GEPARKEERD,
        "GET /v1/notificaties": Recht(gemeente=_MELDINGEN_ZIEN, aanbieder=_AANBIEDER),
        "POST /v1/notificaties/{notificatie_id}/opnieuw": Recht(gemeente=_MELDINGEN_STUREN, aanbieder=_AANBIEDER),
        "POST /v1/brieven": Recht(gemeente=_MELDINGEN_STUREN),
        "GET /v1/brieven/{batch_id}": Recht(gemeente=_MELDINGEN_ZIEN),
        "PUT /v1/voorkeuren": Recht(gemeente=_BEHEER, aanbieder=_AANBIEDER),
        "GET /v1/voorkeuren": Recht(gemeente=_MELDINGEN_ZIEN, aanbieder=_AANBIEDER),
        "PUT /v1/webhooks/{webhook_id}": Recht(gemeente=_BEHEER, aanbieder=_AANBIEDER),
        "GET /v1/webhooks": Recht(gemeente=_BEHEER, aanbieder=_AANBIEDER),
        "GET /v1/webhooks/{webhook_id}": Recht(gemeente=_BEHEER, aanbieder=_AANBIEDER),
        "DELETE /v1/webhooks/{webhook_id}": Recht(gemeente=_BEHEER, aanbieder=_AANBIEDER),
    },
    "backoffice": {
        **_GEPARKEERD,
        "GET /v1/zaken/{client_id}": Recht(gemeente=_MEDEWERKER),
        "GET /v1/stroom": Recht(gemeente=_MEDEWERKER),
        "GET /v1/logboek": Recht(gemeente=_TOEZICHT),
        "GET /v1/werkvoorraad": Recht(gemeente=_MEDEWERKER),
        "GET /v1/werkvoorraad/{taak_id}": Recht(gemeente=_MEDEWERKER),
        "PUT /v1/werkvoorraad/{taak_id}/toedeling": Recht(gemeente=_MEDEWERKER),
        "POST /v1/werkvoorraad/{taak_id}/notities": Recht(gemeente=_MEDEWERKER),
        "POST /v1/werkvoorraad/{taak_id}/afhandeling": Recht(gemeente=_MEDEWERKER),
        "GET /v1/parkeerplaats": Recht(gemeente=_MEDEWERKER),
        "GET /v1/vervangingen": Recht(gemeente=_MEDEWERKER),
        "PUT /v1/vervangingen": Recht(gemeente=_MEDEWERKER),
        # Signing in and out, and the assets of the sign-in page.
        "GET /": _OPEN,
        "POST /": _OPEN,
        "POST /uit": _OPEN,
        "GET /static/{naam}": _OPEN,
        "GET /stroom": _PAGINA,
        "GET /logboek": Recht(gemeente=_TOEZICHT, pagina=True),
        "GET /parkeerplaats": _PAGINA,
        "POST /parkeerplaats": _PAGINA,
        "GET /werkvoorraad": _PAGINA,
        "POST /werkvoorraad/vervanging": _PAGINA,
        "GET /werkvoorraad/{taak_id}": _PAGINA,
        "POST /werkvoorraad/{taak_id}": _PAGINA,
        "GET /declaraties": _GELDPAGINA,
        "GET /declaraties/{declaratie_id}": _GELDPAGINA,
        "GET /declaraties/{declaratie_id}/325": _GELDPAGINA,
        "GET /grip": _GELDPAGINA,
        "GET /grip/toewijzingen": _GELDPAGINA,
        "GET /grip/meldingen": _GELDPAGINA,
        "GET /grip/gebruik": _GELDPAGINA,
        "GET /grip/budgetten.csv": _GELDPAGINA,
        "GET /grip/open-cijfers.csv": _GELDPAGINA,
        "GET /grip/grafiek.svg": _GELDPAGINA,
        "GET /beheer": _PAGINA,
        "POST /beheer": Recht(gemeente=_CONTRACTEN, pagina=True),
        "GET /beheer/producten": _PAGINA,
        "GET /beheer/budgetten": _GELDPAGINA,
        "POST /beheer/budgetten": Recht(gemeente=_BETALEN, pagina=True),
        "GET /beheer/instellingen": _PAGINA,
        "POST /beheer/instellingen": Recht(gemeente=_CONTRACTEN, pagina=True),
        "GET /aanbieder": _AANBIEDERPAGINA,
        "GET /aanbieder/berichten": _AANBIEDERPAGINA,
        "GET /aanbieder/berichten/{bericht_id}": _AANBIEDERPAGINA,
        "GET /aanbieder/postbus/{bericht_id}": _AANBIEDERPAGINA,
        "POST /aanbieder/postbus/{bericht_id}": _AANBIEDERPAGINA,
        "GET /aanbieder/controle": _AANBIEDERPAGINA,
        "POST /aanbieder/controle": _AANBIEDERPAGINA,
        "GET /zaken": _PAGINA,
        "POST /zaken": _PAGINA,
        "GET /zaken/{client_id}": _PAGINA,
    },
}
