-- Each process counts what is owed an answer, and what could not be delivered, every 15 s.
create index bericht_zonder_antwoord on bericht (soort, gemaakt_at)
    where richting = 'in' and antwoord is null and uiterlijk is not null;
create index bezorging_niet_bezorgd on bezorging (gestrand_at) where bezorgd_at is null;
