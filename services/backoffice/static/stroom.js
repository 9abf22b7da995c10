// Prepends what happens to the list of /stroom. Without this file the page is a plain list.
"use strict";
(() => {
  const lijst = document.querySelector("[data-stroom]");
  const sjabloon = document.querySelector("#sjabloon-regel");
  const knop = document.querySelector("[data-pauze]");
  const stand = document.querySelector("[data-stand]");
  if (!lijst || !sjabloon || !window.EventSource) return;

  const REGELS_MAX = 200;
  const wachtend = [];
  let pauze = false;

  const zet = (regel, naam, tekst) => { regel.querySelector(`[data-veld="${naam}"]`).textContent = tekst || ""; };

  const toon = (gebeurtenis) => {
    if (lijst.querySelector(`[data-volgnr="${Number(gebeurtenis.volgnr)}"]`)) return;
    const regel = sjabloon.content.cloneNode(true).querySelector("tr");
    regel.dataset.volgnr = String(gebeurtenis.volgnr);
    for (const naam of ["tijd", "dag", "soort", "zin", "stand", "aanbieder"]) zet(regel, naam, gebeurtenis[naam]);
    regel.querySelector('[data-veld="stand"]').classList.add(`stand--${gebeurtenis.status}`);
    const codes = regel.querySelector('[data-veld="codes"]');
    for (const code of gebeurtenis.codes) {
      const punt = document.createElement("li");
      punt.textContent = `${code.code}: ${code.betekenis}`;
      codes.append(punt);
    }
    codes.hidden = gebeurtenis.codes.length === 0;
    const zaak = regel.querySelector('[data-veld="zaak"]');
    if (gebeurtenis.client_id) zaak.href = `/zaken/${encodeURIComponent(gebeurtenis.client_id)}`;
    else zaak.remove();
    lijst.prepend(regel);
    while (lijst.children.length > REGELS_MAX) lijst.lastElementChild.remove();
    document.querySelector("[data-leeg]")?.remove();
    document.querySelector("[data-tabel]").hidden = false;
  };

  const zegStand = () => {
    stand.textContent = pauze ? `Gepauzeerd. ${wachtend.length} nieuw.` : "De lijst loopt mee.";
    knop.textContent = pauze ? "Verder" : "Pauzeer";
  };

  knop.hidden = false;
  knop.addEventListener("click", () => {
    pauze = !pauze;
    if (!pauze) wachtend.splice(0).forEach(toon);
    zegStand();
  });

  const bron = new EventSource(`/v1/stroom${window.location.search}`);
  bron.addEventListener("open", zegStand);
  bron.addEventListener("gebeurtenis", (bericht) => {
    const gebeurtenis = JSON.parse(bericht.data);
    if (pauze) { wachtend.push(gebeurtenis); if (wachtend.length > REGELS_MAX) wachtend.shift(); zegStand(); } else toon(gebeurtenis);
  });
  bron.addEventListener("telling", (bericht) => {
    for (const regel of JSON.parse(bericht.data)) {
      const tegel = document.querySelector(`[data-soort="${CSS.escape(regel.soort)}"]`);
      if (!tegel) continue;
      zet(tegel, "aantal", String(regel.aantal));
      zet(tegel, "afgekeurd", `${regel.afgekeurd} afgekeurd`);
      tegel.classList.toggle("telling__tegel--fout", regel.afgekeurd > 0);
    }
  });
  bron.addEventListener("error", () => { stand.textContent = "Geen verbinding. We proberen het opnieuw."; });
})();
