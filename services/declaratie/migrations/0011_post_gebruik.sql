SELECT scherm_af('gebruik_signaal', 'gemeente');
