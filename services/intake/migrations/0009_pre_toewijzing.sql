-- Which toewijzingen a client has, as toewijzing tells it: who gets a 301 when the person changes.
CREATE TABLE toewijzing (
    gemeente text NOT NULL,
    nummer int NOT NULL,
    versie int NOT NULL,
    client_id text NOT NULL,
    aanbieder text NOT NULL,
    einddatum date,
    verwijderd boolean NOT NULL,
    status text NOT NULL CHECK (status IN ('verzonden', 'goedgekeurd', 'afgekeurd')),
    PRIMARY KEY (gemeente, nummer, versie)
);
CREATE INDEX toewijzing_client ON toewijzing (gemeente, client_id);
