-- Receipt order: the truth on which claims are granted.
create sequence ontvangstnummer;

-- Every message of the chain, in both directions. Seen from knooppunt: 'in' came from the provider,
-- 'uit' lies in the mailbox of the provider.
create table bericht (
    bericht_id      uuid primary key,
    richting        text not null check (richting in ('in', 'uit')),
    volgorde        bigint generated always as identity,
    ontvangstnummer bigint,
    soort           text not null,
    berichtcode     text not null,
    gemeente        text not null,
    aanbieder       text not null,
    afzender        text not null,
    identificatie   text not null,
    dagtekening     date not null,
    client_id       text,
    op_bericht      uuid references bericht,
    opdracht_id     text,
    status          text not null
        check (status in ('ontvangen', 'gecontroleerd', 'in_behandeling', 'beantwoord', 'afgekeurd')),
    geweigerd       boolean not null default false,
    sha256          bytea,
    gemaakt_at      timestamptz not null,
    uiterlijk       date,
    antwoord        uuid references bericht,
    beantwoord_at   timestamptz,
    te_laat_at      timestamptz,
    opgehaald_at    timestamptz,
    bevestigd_at    timestamptz,
    retourcodes     text[] not null default '{}',
    bevindingen     jsonb not null default '[]'
);
-- The same bytes of the same sender are one message.
create unique index bericht_bytes on bericht (aanbieder, sha256) where richting = 'in';
-- TR056; a message refused on content frees its Identificatie (OP286).
create unique index bericht_identificatie on bericht (afzender, berichtcode, identificatie)
    where richting = 'in' and not geweigerd;
create unique index bericht_eigen_identificatie on bericht (gemeente, soort, identificatie)
    where richting = 'uit';
-- One answer to a message, one 301 per order.
create unique index bericht_een_antwoord on bericht (op_bericht) where richting = 'uit' and op_bericht is not null;
create unique index bericht_een_opdracht on bericht (opdracht_id) where richting = 'uit' and opdracht_id is not null;
create index bericht_postbus on bericht (aanbieder, volgorde) where richting = 'uit';
create index bericht_postbus_nieuw on bericht (aanbieder, volgorde) where richting = 'uit' and bevestigd_at is null;
create index bericht_van_aanbieder on bericht (aanbieder, volgorde desc);
create index bericht_van_gemeente on bericht (gemeente, volgorde desc);
create index bericht_wacht on bericht (uiterlijk) where antwoord is null and te_laat_at is null and uiterlijk is not null;

-- The bytes of a message, sealed with its bericht_id.
create table inhoud (
    bericht_id uuid primary key references bericht,
    verzegeld  bytea not null
);
alter table inhoud alter column verzegeld set storage external;

-- The block that intake sealed for us; opened only to write a 301.
create table client (
    client_id  text primary key,
    gemeente   text not null,
    volgnummer bigint not null,
    verzegeld  bytea not null
);

-- What declaratie decided, until the 325 is made.
create table deel_oordeel (
    bericht_id      uuid not null,
    deel            integer not null,
    client_codes    text[] not null,
    prestaties      jsonb not null,
    primary key (bericht_id, deel)
);
create table declaratie_oordeel (
    bericht_id       uuid primary key,
    header_codes     text[] not null,
    declaratie_codes text[] not null,
    toegekend_cent   bigint not null,
    delen            integer not null
);

-- Who of a municipality looked into a message; rows are only added.
create table inzage (
    volgorde   bigint generated always as identity primary key,
    bericht_id uuid not null references bericht,
    sub        text not null,
    gezien_at  timestamptz not null
);
