"""Composition root of backoffice."""

from chassis.app import App
from services.rechten import RECHTEN

from . import http, paginas, statisch, toegang
from .domain.onderwerpen import ONDERWERPEN
from .handlers import leesmodel, logboek

app = App("backoffice", RECHTEN["backoffice"], koekje=toegang.KOEKJE, weigering=logboek.log_eigen)
app.http(*http.ROUTERS, *paginas.ROUTERS, statisch.router)
TOEGANG = {"intake.v1": "intake.toegang_vastgelegd", "knooppunt-berichten.v1": "knooppunt.toegang_vastgelegd"}
for onderwerp, types in ONDERWERPEN.items():
    inzagen = {TOEGANG[onderwerp]: logboek.leg_toegang_vast} if onderwerp in TOEGANG else {}
    app.subscribe(onderwerp, inzagen, batches=dict.fromkeys(types, leesmodel.leg_vast), patient=True)

if __name__ == "__main__":
    app.run()
