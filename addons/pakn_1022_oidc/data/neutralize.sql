-- a copy signs in nobody in the hotline's name
UPDATE auth_oauth_provider SET enabled = false, pakn_secret = NULL;
