-- Nobody counts over all years any more.
DROP INDEX gebeurtenis_telling;
