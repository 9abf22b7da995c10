SELECT scherm_af('toewijzing', 'gemeente');
