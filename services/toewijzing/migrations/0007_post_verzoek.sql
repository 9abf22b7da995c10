SELECT scherm_af('verzoek', 'gemeente');
SELECT scherm_af('antwoord', 'gemeente');
