-- a copy asks nobody in the hotline's name
UPDATE pakn_lookup SET active = false, secret = NULL;
