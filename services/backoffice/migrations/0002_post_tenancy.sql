-- After the code that names its tenant runs everywhere (G15).
SELECT scherm_af('gebeurtenis', 'gemeente');
