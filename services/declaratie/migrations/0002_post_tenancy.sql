-- After the code that names its tenant runs everywhere (G15).
SELECT scherm_af('toewijzing_versie', 'gemeente');
SELECT scherm_af('toewijzing_totaal', 'gemeente');
SELECT scherm_af('levering', 'gemeente');
SELECT scherm_af('contract', 'gemeente');
SELECT scherm_af('gemeente_stand', 'gemeente');
SELECT scherm_af('declaratie', 'gemeente');
SELECT scherm_af('declaratiedeel', 'gemeente');
SELECT scherm_af('prestatie', 'gemeente');
SELECT scherm_af('referentie', 'gemeente');
SELECT scherm_af('grootboek', 'gemeente');
