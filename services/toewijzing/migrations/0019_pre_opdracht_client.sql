-- What was sent about a client is asked at every decision and at every verzoek.
CREATE INDEX opdracht_client ON opdracht (gemeente, client_id);
CREATE INDEX indicatie_client ON indicatie (gemeente, client_id);
