-- After the code that names its tenant runs everywhere (G15).
SELECT scherm_af('voorkeur', 'gemeente');
SELECT scherm_af('notificatie', 'gemeente');
