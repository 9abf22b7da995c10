SELECT scherm_af('melding', 'gemeente');
SELECT scherm_af('melding_stap', 'gemeente');
SELECT scherm_af('brief', 'gemeente');
SELECT scherm_af('signaal', 'gemeente');
SELECT scherm_af('termijn', 'gemeente');
SELECT scherm_af('document', 'gemeente');
