-- a copy of the database sends nothing
UPDATE pakn_sms_account SET active = FALSE, username = NULL, password = NULL;
