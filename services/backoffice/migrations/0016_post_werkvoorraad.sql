-- Signals of before they had a status of their own: the rows of every gemeente.
SELECT set_config('zorgketen.overal', 'ja', true);
UPDATE gebeurtenis SET status = 'signaal'
WHERE status = 'wacht'
  AND type IN ('toewijzing.einde_nadert', 'declaratie.gebruik_wijkt_af', 'declaratie.budget_bereikt');
SELECT scherm_af('taak', 'gemeente');
SELECT scherm_af('toedeling', 'gemeente');
SELECT scherm_af('taak_stap', 'gemeente');
SELECT scherm_af('vervanging', 'gemeente');
