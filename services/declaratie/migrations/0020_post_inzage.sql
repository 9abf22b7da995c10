-- Why lines were refused is asked per declaratie, of which most lines are not: only the refused ones are looked through.
CREATE INDEX prestatie_afgekeurd ON prestatie (bericht_id, deel, regel) WHERE retourcodes <> '{}';
