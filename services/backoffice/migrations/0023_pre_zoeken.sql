-- Years of events: a filter of the event flow finds its rows, and the newest of them, by an index of its own.
CREATE INDEX gebeurtenis_aanbieder ON gebeurtenis (gemeente, aanbieder, volgnr DESC) WHERE aanbieder IS NOT NULL;
CREATE INDEX gebeurtenis_type ON gebeurtenis (gemeente, type, volgnr DESC);
CREATE INDEX gebeurtenis_soort ON gebeurtenis (gemeente, soort, volgnr DESC) WHERE soort IS NOT NULL;
CREATE INDEX gebeurtenis_status ON gebeurtenis (gemeente, status, volgnr DESC);
-- The strip of counts is about the past days, and reads nothing but this.
CREATE INDEX gebeurtenis_week ON gebeurtenis (gemeente, ontvangen_at) INCLUDE (soort, bericht_id, status, telt)
    WHERE soort IS NOT NULL AND bericht_id IS NOT NULL AND (telt OR status = 'afgekeurd');
