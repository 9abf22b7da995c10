select scherm_af('envelop', 'gemeente', 'aanbieder');
select scherm_af('route', 'gemeente', 'aanbieder');
select scherm_af('bezorging', 'gemeente', 'aanbieder');
select scherm_af('webhook', 'aanbieder');
