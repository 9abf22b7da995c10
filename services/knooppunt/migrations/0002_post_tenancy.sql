-- After the code that names its tenant runs everywhere (G15): what the old code left empty is filled first.
update inhoud i set gemeente = b.gemeente, aanbieder = b.aanbieder
    from bericht b where b.bericht_id = i.bericht_id and i.gemeente is null;
update deel_oordeel o set gemeente = b.gemeente
    from bericht b where b.bericht_id = o.bericht_id and o.gemeente is null;
update declaratie_oordeel o set gemeente = b.gemeente
    from bericht b where b.bericht_id = o.bericht_id and o.gemeente is null;
update inzage i set gemeente = b.gemeente
    from bericht b where b.bericht_id = i.bericht_id and i.gemeente is null;
alter table inhoud alter column gemeente set not null, alter column aanbieder set not null;
alter table deel_oordeel alter column gemeente set not null;
alter table declaratie_oordeel alter column gemeente set not null;
alter table inzage alter column gemeente set not null;

select scherm_af('bericht', 'gemeente', 'aanbieder');
select scherm_af('inhoud', 'gemeente', 'aanbieder');
select scherm_af('client', 'gemeente');
select scherm_af('deel_oordeel', 'gemeente');
select scherm_af('declaratie_oordeel', 'gemeente');
select scherm_af('inzage', 'gemeente');
