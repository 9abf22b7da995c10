-- The bytes of a message in pieces, each sealed under the key of whose it is: that of a client, or of the gemeente
-- for what belongs to no single client. Put together by volgnummer they are the original, byte for byte.
-- Messages of before this table stand in `inhoud`, in one piece.
create table segment (
    bericht_id uuid not null references bericht,
    volgnummer integer not null,
    gemeente   text not null,
    aanbieder  text not null,
    houder     text not null,
    verzegeld  bytea not null,
    primary key (bericht_id, volgnummer)
);
alter table segment alter column verzegeld set storage external;
create index segment_houder on segment (houder);
select scherm_af('segment', 'gemeente', 'aanbieder');
