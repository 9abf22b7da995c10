-- StUF envelopes in both directions: the referentienummer is the transport key.
create table envelop (
    referentienummer text primary key,
    richting         text not null check (richting in ('in', 'uit')),
    gemeente         text not null,
    aanbieder        text not null,
    sha256           bytea,
    bericht_id       uuid references bericht,
    antwoord         bytea,
    gemaakt_at       timestamptz not null
);
create index envelop_bericht on envelop (bericht_id) where richting = 'uit';

-- How messages of a municipality reach a provider; without a row they lie in the mailbox.
create table route (
    gemeente    text not null,
    aanbieder   text not null,
    soort       text not null check (soort in ('postbus', 'stuf')),
    url         text,
    certificaat text,
    gewijzigd_at timestamptz not null,
    primary key (gemeente, aanbieder),
    check ((soort = 'stuf') = (url is not null))
);

-- A message on its way over a route. SENT until it is DELIVERED or FAULTED; what follows is in bericht.
create table bezorging (
    bericht_id       uuid primary key references bericht,
    referentienummer text not null references envelop,
    gemeente         text not null,
    aanbieder        text not null,
    pogingen         integer not null default 0,
    volgende_at      timestamptz not null,
    bezorgd_at       timestamptz,
    gestrand_at      timestamptz,
    foutcode         text
);
create index bezorging_open on bezorging (volgende_at) where bezorgd_at is null and gestrand_at is null;

-- Where a provider wants to hear that there is something; never what.
create table webhook (
    aanbieder    text primary key,
    url          text not null,
    geheim       bytea not null,
    gemeld_tot   bigint not null default 0,
    pogingen     integer not null default 0,
    volgende_at  timestamptz not null
);
