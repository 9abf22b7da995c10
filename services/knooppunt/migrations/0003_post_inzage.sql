-- Who looked into a message now stands in the chained access log.
insert into toegang (gemeente, client_id, wie, namens, handeling, onderwerp, gebeurd_at)
    select b.gemeente, b.client_id, i.sub, b.gemeente, 'bericht_ingezien', i.bericht_id::text, i.gezien_at
    from inzage i join bericht b using (bericht_id) order by i.volgorde;
drop table inzage;
