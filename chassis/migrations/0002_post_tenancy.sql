-- After the code that names its tenant runs everywhere.
SELECT scherm_af('herhaalsleutel', 'gemeente');
