-- Who looked at a client now stands in the chained access log.
insert into toegang (gemeente, client_id, wie, namens, handeling, gebeurd_at)
    select gemeente, client_id, wie, gemeente, handeling, gebeurd_at from toegangslog order by log_id;
drop table toegangslog;
drop function toegangslog_blijft();
