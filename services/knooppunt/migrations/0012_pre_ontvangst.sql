-- The 323 that was received before one, of the same provider to the same municipality.
create index bericht_declaratie on bericht (gemeente, aanbieder, ontvangstnummer desc)
    where richting = 'in' and soort = 'WMO323' and not geweigerd;
