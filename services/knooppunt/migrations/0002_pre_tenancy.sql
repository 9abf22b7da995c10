-- The tenant stands on every row; the code that is still running does not fill these yet.
alter table inhoud add column gemeente text, add column aanbieder text;
alter table deel_oordeel add column gemeente text;
alter table declaratie_oordeel add column gemeente text;
alter table inzage add column gemeente text;

-- The mandate on record: until when a vendor (the `sub` of its token) may act for a provider.
create table mandaat (
    aanbieder    text not null,
    sub          text not null,
    geldig_vanaf date not null,
    geldig_tot   date,
    gegeven_door text not null,
    gegeven_at   timestamptz not null,
    primary key (aanbieder, sub)
);
select scherm_af('mandaat', 'aanbieder');

-- Who is shut out, by one municipality for its own messages, or by the operator ('*') for all.
create table blokkade (
    gemeente    text not null,
    aanbieder   text not null,
    reden       text not null,
    gezet_door  text not null,
    gezet_at    timestamptz not null,
    primary key (gemeente, aanbieder)
);
create index blokkade_aanbieder on blokkade (aanbieder);
select scherm_af('blokkade', 'gemeente', 'aanbieder');
