-- Under-use and over-use, one row per closed month in which it goes on; the first of a run is told.
CREATE TABLE gebruik_signaal (
    gemeente text NOT NULL,
    nummer int NOT NULL,
    soort text NOT NULL CHECK (soort IN ('minder', 'meer')),
    t_m date NOT NULL,
    PRIMARY KEY (gemeente, nummer, soort, t_m)
);
