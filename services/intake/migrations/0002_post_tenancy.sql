-- After the code that names its tenant runs everywhere (G15).
SELECT scherm_af('client', 'gemeente');
SELECT scherm_af('indicatie', 'gemeente');
SELECT scherm_af('toegangslog', 'gemeente');
