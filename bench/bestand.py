"""What a region has after years: 200,000 toewijzingen with their messages, starts and terms, in every service.

Put in the tables by SQL: thousands of 301s an hour are not what a start is measured on. Everything here is past:
nothing of it is waited for, no term of it is due, and in the mailbox it lies before what a reader has seen.
"""

from __future__ import annotations

import asyncpg

from bench.vulling import A1, GOES

_EERSTE = 200_000_000

_VULLING = {
    "toewijzing": """
insert into toewijzing (gemeente, nummer, client_id, aanbieder, met_termijnen)
    select '{gemeente}', {eerste} + n, 'bestand-' || n, '{aanbieder}', true from generate_series(1, {aantal}) n;
insert into toewijzing_versie (gemeente, nummer, versie, product_categorie, product_code, volume, eenheid, frequentie,
    ingangsdatum, einddatum, besluit_at, toewijzingsdatum, toewijzingstijd, variant, status)
    select gemeente, nummer, 1, '02', '02A05', 3, '04', '2', '2024-01-01', '2027-12-31', '2024-01-01', '2024-01-01',
    '10:00', 'inspanning', 'goedgekeurd' from toewijzing where nummer > {eerste};
insert into opdracht (opdracht_id, gemeente, aanbieder, client_id, status, bericht_id, gemaakt_at)
    select 'bestand-' || nummer, gemeente, aanbieder, client_id, 'goedgekeurd', 'bestand-' || nummer, '2024-01-01'
    from toewijzing where nummer > {eerste};
insert into opdracht_regel (opdracht_id, gemeente, nummer, versie)
    select 'bestand-' || nummer, gemeente, nummer, 1 from toewijzing where nummer > {eerste};
insert into levering_start (gemeente, aanbieder, client_id, nummer, begindatum, bericht_id)
    select gemeente, aanbieder, client_id, nummer, '2024-01-08', 'bestand' from toewijzing where nummer > {eerste};
insert into termijn (gemeente, aanbieder, client_id, soort, onderwerp, toewijzing_nummer, wie, uiterlijk, nadert_at,
    verloopt_at, status)
    select gemeente, aanbieder, client_id, soort, nummer::text, nummer, 'aanbieder', '2024-01-15', '2024-01-12',
    '2024-01-16', 'gehaald' from toewijzing, unnest(array['antwoord_301', 'start']) soort
    where nummer > {eerste};
""",
    "knooppunt": """
insert into bericht (volgorde, bericht_id, richting, soort, berichtcode, gemeente, aanbieder, afzender, identificatie,
    dagtekening, client_id, opdracht_id, status, gemaakt_at, beantwoord_at, opgehaald_at, bevestigd_at)
    overriding system value
    select -n, md5('301-' || n)::uuid, 'uit', 'WMO301', '414', '{gemeente}', '{aanbieder}', '{gemeente}',
    'BESTAND' || n, '2024-01-01', 'bestand-' || n, 'bestand-' || {eerste} + n, 'beantwoord', '2024-01-01', '2024-01-01',
    '2024-01-01', '2024-01-01' from generate_series(1, {aantal}) n;
insert into bericht (volgorde, bericht_id, richting, ontvangstnummer, soort, berichtcode, gemeente, aanbieder, afzender,
    identificatie, dagtekening, client_id, status, sha256, gemaakt_at, beantwoord_at)
    overriding system value
    select -n, md5('305-' || n)::uuid, 'in', n, 'WMO305', '418', '{gemeente}', '{aanbieder}', '{aanbieder}',
    'BESTAND' || n, '2024-01-09', 'bestand-' || n, 'beantwoord', sha256(n::text::bytea), '2024-01-09', '2024-01-09'
    from generate_series(1, {aantal}) n;
insert into bericht (volgorde, bericht_id, richting, soort, berichtcode, gemeente, aanbieder, afzender, identificatie,
    dagtekening, client_id, op_bericht, status, gemaakt_at, beantwoord_at, opgehaald_at, bevestigd_at)
    overriding system value
    select -n, md5('306-' || n)::uuid, 'uit', 'WMO306', '419', '{gemeente}', '{aanbieder}', '{gemeente}',
    'BESTAND' || n, '2024-01-09', 'bestand-' || n, md5('305-' || n)::uuid, 'beantwoord', '2024-01-09', '2024-01-09',
    '2024-01-09', '2024-01-09' from generate_series(1, {aantal}) n;
""",
    "declaratie": """
insert into toewijzing_versie (gemeente, nummer, versie, client_id, aanbieder, categorie, code, volume, eenheid,
    frequentie, ingangsdatum, einddatum, variant, status, vastgelegd_at)
    select '{gemeente}', {eerste} + n, 1, 'bestand-' || n, '{aanbieder}', '02', '02A05', 3, '04', '2', '2024-01-01',
    '2027-12-31', 'inspanning', 'goedgekeurd', '2024-01-01' from generate_series(1, {aantal}) n;
insert into levering (gemeente, nummer, begindatum, volgnummer)
    select '{gemeente}', {eerste} + n, '2024-01-08', 1 from generate_series(1, {aantal}) n;
""",
    "backoffice": """
insert into gebeurtenis (event_id, type, gemeente, aanbieder, client_id, gebeurd_at, soort, status, bericht_id, telt,
    samenvatting, details)
    select soort || n, 'knooppunt.bericht_verzonden', '{gemeente}', '{aanbieder}', 'bestand-' || n, '2024-01-09',
    soort, 'goed', md5(soort || n), true, 'Bericht verzonden', '{{}}'
    from generate_series(1, {aantal}) n, unnest(array['WMO301', 'WMO305', 'WMO306']) soort;
""",
}


async def leg_bestand(dsn: str, aantal: int) -> None:
    """So many toewijzingen of A1 in Goes, one client each, all started long ago."""
    for service, sql in _VULLING.items():
        db = await asyncpg.connect(dsn, server_settings={"search_path": service})
        try:
            await db.execute(sql.format(gemeente=GOES, aanbieder=A1, eerste=_EERSTE, aantal=aantal))
            await db.execute("vacuum analyze")
        finally:
            await db.close()
