-- After the code that names its tenant runs everywhere (G15).
SELECT scherm_af('contract', 'gemeente');
SELECT scherm_af('instellingen', 'gemeente');
SELECT scherm_af('nummer_reeks', 'gemeente');
SELECT scherm_af('indicatie', 'gemeente');
SELECT scherm_af('toewijzing', 'gemeente');
SELECT scherm_af('toewijzing_versie', 'gemeente');
SELECT scherm_af('opdracht', 'gemeente');
SELECT scherm_af('opdracht_regel', 'gemeente');
SELECT scherm_af('levering_start', 'gemeente');
SELECT scherm_af('levering_stop', 'gemeente');
